"""The release's own list of its tables: what each shows, why it is there, and how much of it is hidden.

In: the specification, and the tables once protected. Out: the plain table `specification`, made of published states only.
"""

from collections.abc import Iterable

import pandas as pd

from rcs_core.records.specification import PARENTS, Specification, TablePlan
from rcs_core.release import Table
from rcs_core.vocab import CellState, Survey

NAME = "specification"
COLUMNS = ["table", "title", "dims", "levels", "why", "cells", "hidden", "hidden_pct"]
_SUPPLIED = "Counted by the council, which linked the records itself"


def specified(spec: Specification, tables: Iterable[Table]) -> Table:
    """The plain table `specification`: one row a count table; hidden_pct in whole per cent."""
    rows = [_row(table, _plan_of(table.name, spec)) for table in tables if table.is_count]
    return Table(NAME, f"{spec.title}: the tables of this release", pd.DataFrame(rows, columns=COLUMNS))


def _plan_of(table: str, spec: Specification) -> TablePlan | None:
    """The plan that a table was made by; None for what the council supplied beside it."""
    survey = next((s for s in Survey if table.startswith(f"{s.value}_")), None)
    if survey is None:
        return None
    name = table.removeprefix(f"{survey.value}_")
    return next((plan for plan in spec.tables if plan.name == name and (plan.questions == PARENTS) != survey.of_pupils), None)


def _row(table: Table, plan: TablePlan | None) -> tuple[object, ...]:
    hidden, cells = int(table.frame["state"].ne(CellState.SHOWN.value).sum()), len(table.frame)
    levels, why = (" ".join(plan.levels), plan.why) if plan else ("", _SUPPLIED)
    return (
        table.name,
        table.title,
        " ".join(table.dims),
        levels,
        why,
        cells,
        hidden,
        round(100 * hidden / cells) if cells else 0,
    )
