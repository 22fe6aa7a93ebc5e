"""What is published and what is lost by hiding: for each table its cells, and the children who stand in hidden cells.

A release comes in. The children are told where they follow from what is published: a total that is shown, less the shown
cells of its finest groups. Nothing is said of any single cell.
"""

from dataclasses import dataclass

import pandas as pd

from rcs_core.release import ALL, Release, Table
from rcs_core.vocab import CellState

CONTACT = "contact"
_SUMS = ["dimension", "child", "parent", "partition"]


@dataclass(frozen=True, slots=True)
class Lost:
    """One table: its cells, those hidden, answers counted in it, and of these how many stand in hidden cells.

    counted and in_hidden are summed over questions and waves of which the total is shown; None where none is.
    """

    name: str
    title: str
    cells: int
    hidden: int
    counted: int | None
    in_hidden: int | None

    @property
    def hidden_pct(self) -> float:
        """Cells that are hidden, per cent."""
        return 100 * self.hidden / self.cells if self.cells else 0.0

    @property
    def lost_pct(self) -> float | None:
        """Answers that stand in hidden cells, per cent of those counted; None where that does not follow."""
        return None if not self.counted or self.in_hidden is None else 100 * self.in_hidden / self.counted


def lost(release: Release) -> list[Lost]:
    """Every count table of a release, the one that lost most first; tables alike by name."""
    sums = release.frame("hierarchies") if "hierarchies" in release else pd.DataFrame(columns=_SUMS)
    found = [_of_table(table, sums) for table in release.count_tables()]
    return sorted(found, key=lambda one: (-one.hidden_pct, one.name))


def frame(found: list[Lost]) -> pd.DataFrame:
    """The tables as a reader sees them."""
    lines = [
        (one.title, one.cells, one.hidden, f"{one.hidden_pct:.1f}", "–" if one.lost_pct is None else f"{one.lost_pct:.1f}")
        for one in found
    ]
    return pd.DataFrame(lines, columns=["Table", "Cells", "Hidden", "Hidden (%)", "Answers in hidden cells (%)"])


def _of_table(table: Table, sums: pd.DataFrame) -> Lost:
    counts = table.frame
    hidden = int((counts["state"] == CellState.SUPPRESSED.value).sum())
    # A topic that is told of the council only has other finest groups than its neighbours in the same table.
    groups = [rows for _, rows in counts.groupby(list(table.labels), sort=False)] if table.labels else [counts]
    found = [pair for rows in groups if (pair := _of_question(table, rows, sums)) is not None]
    counted, in_hidden = (sum(pair[k] for pair in found) if found else None for k in (0, 1))
    return Lost(table.name, table.title, len(counts), hidden, counted, in_hidden)


def _of_question(table: Table, rows: pd.DataFrame, sums: pd.DataFrame) -> tuple[int, int] | None:
    """Answers to one question, and those in hidden cells of its finest groups; None where the total is not shown."""
    tops, finest = pd.Series(True, index=rows.index), pd.Series(True, index=rows.index)
    for dimension in table.dims:
        codes = rows[dimension].astype(str)
        top, leaves = _ends(codes, sums[sums["dimension"] == dimension])
        tops, finest = tops & codes.eq(top), finest & codes.isin(leaves)
    whole = rows.loc[tops, "n"]
    if len(whole) != 1 or bool(whole.isna().any()):
        return None
    return int(whole.iloc[0]), int(whole.iloc[0] - rows.loc[finest, "n"].sum())


def _ends(found: pd.Series, sums: pd.DataFrame) -> tuple[str, set[str]]:
    """The whole of a dimension, and the finest of the codes found that make it up, along the way with most codes."""
    codes, children = set(found), _children(set(found), sums)
    below = set(sums.loc[sums["parent"].isin(codes), "child"])
    top = ALL if ALL in codes else next(iter(sorted(codes - below)), ALL)
    if top not in children:
        # A dimension that adds up in no stated way is its codes; a stated way that is not whole here leads nowhere.
        return top, {top} if codes & below else codes - {top} or {top}
    leaves: set[str] = set()
    todo = [top]
    while todo:
        code = todo.pop()
        todo += sorted(children.get(code, ()))
        leaves |= set() if code in children else {code}
    return top, leaves


def _children(codes: set[str], sums: pd.DataFrame) -> dict[str, set[str]]:
    """The parts of each code, the way with most parts where there are several.

    A contact without children in it is still listed, so a way that lacks one is no way; an area or group without is left out.
    """
    children: dict[str, set[str]] = {}
    for (dimension, _, parent), rows in sums.groupby(["dimension", "partition", "parent"], sort=True):
        parts, here = set(rows["child"]), set(rows["child"]) & codes
        whole = parent in codes and here and (here == parts or dimension != CONTACT)
        if whole and len(here) > len(children.get(str(parent), ())):
            children[str(parent)] = here
    return children
