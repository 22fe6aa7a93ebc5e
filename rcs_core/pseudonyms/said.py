"""What kept a run from writing, said so that every row can be found: by file and column, the rows in ranges, values masked."""

from collections.abc import Iterable, Sequence

from rcs_core.contracts.findings import Breaches, quote


def told(breaches: Iterable[Breaches]) -> str:
    """Every breach, one line each, with all its rows."""
    return "\n".join(_line(breach) for breach in breaches)


def _line(breach: Breaches) -> str:
    where = [breach.file]
    if breach.column:
        where.append(f"column `{breach.column}`")
    if len(breach.rows):
        where.append(f"{'row' if len(breach.rows) == 1 else f'{len(breach.rows):,} rows:'} {ranges(breach.rows)}")
    got = f"got {quote(breach.values[0])}. Expected" if breach.values and breach.values[0] else "expected"
    return f"error: {', '.join(where)}: {got} {breach.rule.rstrip('.')}. To fix: {breach.remedy.rstrip('.')}."


def ranges(rows: Sequence[int]) -> str:
    """Row numbers in order, runs of them as first-last: 2, 5-9, 14."""
    parts: list[list[int]] = []
    for row in sorted({int(row) for row in rows}):
        if parts and row == parts[-1][1] + 1:
            parts[-1][1] = row
        else:
            parts.append([row, row])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)
