"""Tables without counts that speak of groups all the same: a share, a mean, a weighted count of a group that is hidden."""

from collections.abc import Iterator, Sequence

import pandas as pd

from rcs_core.audit.derived import COLUMNS
from rcs_core.audit.joined import Place
from rcs_core.audit.report import Leak
from rcs_core.audit.seen import Row, Seen, decimals, figure, rows, split_band, text
from rcs_core.audit.shares import from_share, is_share
from rcs_core.release import ALL, Table

SMALL = frozenset({
    "base", "answers", "answered", "respondents", "responses", "forms", "children", "pupils", "young_people", "roll", "count",
    "counts", "number", "n_children", "n_pupils", "cases", "denominator", "numerator", "weighted_n", "n_weighted",
    "weighted_count", "weighted_base", "unweighted_n", "unweighted_count", "unweighted_base", "effective_n", "n_effective",
    "n_eff", "eff_n", "effective_base", "effective_sample_size", "sample_size", "sample", "children_served", "caseload",
    "places", "capacity", "take_up",
})  # fmt: skip
"""Columns that hold a number of children, whatever table they stand in."""
MONEY = frozenset({"services", "demand"})
"""Tables whose numbers of children `money` looks at."""
NEUTRAL = frozenset({"year", "q", "tests", "flagged", "order", "rank", "threshold", "min_cell", "row", "no", "current"})
"""Columns whose numbers are of no group of children."""
FINEST = {
    "comparisons": {"difference": 0, "low": 0, "high": 0},
    "changes": {"change": 0, "low": 0, "high": 0},
    "inequality": {"value": 2, "low": 2, "high": 2},
    "funnel": {"answers": 0, "pct": 0, "low_95": 1, "high_95": 1, "low_998": 1, "high_998": 1, "overdispersion": 1},
    "scores": {"mean": 1, "low": 1, "high": 1},
    "surveys": {"roll": 0, "response_pct": 0},
    "coverage": {"pct": 0},
}
"""To how many decimals the tables of a release may tell a figure."""
TEXTS = frozenset(
    {"reason", "verdict", "title", "unit", "state", "note", "text", "unadjusted_by_chance", "overdispersion", *NEUTRAL}
)
"""Columns that tables of comparisons may have beside those by which they are known."""
UNKNOWN = "figure of no known kind"


def plain_leaks(tables: Sequence[Table], known: Seen, min_cell: int) -> Iterator[Leak]:
    """Every figure of a table without counts that shows a small number, or speaks of a group of which a count is hidden."""
    names = {
        row["name"]: row["area"]
        for t in tables
        if t.name == "areas" and {"area", "name"} <= set(t.frame)
        for row in rows(t.frame)
    }
    for table in sorted((t for t in tables if not t.is_count), key=lambda t: t.name):
        name = table.name.rpartition("/")[2]
        derived = name in COLUMNS and COLUMNS[name] <= {str(c) for c in table.frame.columns}
        finest = _finest(table.frame, COLUMNS[name] | TEXTS if derived else frozenset())
        for raw in rows(table.frame):
            row = {_plain(column): value for column, value in raw.items()}
            if row.get("area", "") in names:
                row["area"] = names[row["area"]]
            yield from _too_fine(table.name, name, row, known)
            if name not in MONEY and not derived:
                yield from _small(table.name, row, known, min_cell)
            yield from _of_hidden(table.name, row, known, min_cell, finest)
            yield from _unknown(table.name, row, known) if derived else ()
        if name == "surveys":
            yield from _few_answered(table, min_cell)


def _plain(column: str) -> str:
    return column.strip().lower().replace(" ", "_")


def _where(row: Row, known: Seen) -> dict[str, str]:
    return {c: v for c, v in row.items() if c in known.labels | known.dims | {"survey", "wave", "indicator", "area", "measure"}}


def _figures(row: Row, known: Seen) -> Iterator[tuple[str, str, float]]:
    for column, written in row.items():
        told = column not in known.labels | known.dims | NEUTRAL
        if told and (number := figure(written)) is not None:
            yield column, written, number


def _too_fine(table: str, name: str, row: Row, known: Seen) -> Iterator[Leak]:
    whole = name == "inequality" and row.get("measure") in ("gap", "slope_index")
    for column, most in FINEST.get(name, {}).items():
        written = row.get(column, "")
        if figure(written) is not None and decimals(written) > (0 if whole else most):
            why = f"{column} is {written}: it is told to more decimals than a release may"
            yield Leak(table, _where(row, known), "figure too fine", why)


def _unknown(table: str, row: Row, known: Seen) -> Iterator[Leak]:
    """A figure in a table of comparisons in a column that such a table does not have."""
    for column, written, _ in _figures(row, known):
        if column not in COLUMNS[table.rpartition("/")[2]] | TEXTS:
            yield Leak(table, _where(row, known), UNKNOWN, f"{column} is {written}: the rule knows no such column")


def _small(table: str, row: Row, known: Seen, min_cell: int) -> Iterator[Leak]:
    for column, _, number in _figures(row, known):
        if column in SMALL and 0 <= number < min_cell:
            yield Leak(table, _where(row, known), "small base", f"{column} is {number:g}, under {min_cell}")


def _few_answered(table: Table, min_cell: int) -> Iterator[Leak]:
    """Fewer than the threshold who answered a survey: its roll and its response give them."""
    for row in rows(table.frame):
        roll, share = figure(row.get("roll", "")), figure(row.get("response_pct", ""))
        if roll is not None and share is not None and roll >= min_cell:
            most = roll * (share + 0.5 * 10.0 ** -decimals(row["response_pct"])) / 100
            if most < min_cell:
                where = {c: v for c, v in row.items() if c in ("survey", "wave")}
                yield Leak(table.name, where, "small base", f"{row['response_pct']}% of {row['roll']} are fewer than {min_cell}")


def _finest(frame: pd.DataFrame, derived: frozenset[str]) -> dict[str, int]:
    """The columns to be looked at, and to how many decimals each is told."""
    columns = [str(c) for c in frame.columns if _plain(str(c)) not in derived]
    return {_plain(c): max(map(decimals, map(text, frame[c])), default=0) for c in columns}


def _of_hidden(table: str, row: Row, known: Seen, min_cell: int, finest: dict[str, int]) -> Iterator[Leak]:
    """Figures about a group that is hidden wherever it is listed, and shares that give a count back."""
    groups = _groups(row, known)
    if not groups:
        return
    band = next((row[c] for c in ("band", "answer", "response") if c in row and c in known.dims), ALL)
    for column, written, number in _figures(row, known):
        if column not in finest:
            continue
        if all(group in known.veiled for group in groups):
            why = f"{column} is {written}, and a count of that group is hidden"
            yield Leak(table, _where(row, known), "figure of a hidden count", why)
        elif is_share(column) and len(groups) == 1:
            told = from_share(number, finest[column], known.groups[groups[0]], band, None, min_cell)
            if told:
                yield Leak(table, _where(row, known), "count from a share", f"{column} is {written}: {told}")


def _groups(row: Row, known: Seen) -> list[tuple[Place, Place]]:
    """The listed groups that a row speaks of: one for each question that its labels leave open."""
    labels = {c: v for c, v in row.items() if c in known.labels and v}
    dims = {c: v for c, v in row.items() if c in known.dims}
    place, _ = split_band(known.place(dims))
    exact = frozenset(labels.items())
    if exact in known.questions:
        return [(exact, place)] if (exact, place) in known.groups else []
    if not labels or (not dims and "indicator" not in labels):
        return []
    fit = [q for q in known.questions if (exact <= q and "indicator" in labels) or (exact < q and dims)]
    return [(q, place) for q in sorted(fit, key=sorted) if (q, place) in known.groups]
