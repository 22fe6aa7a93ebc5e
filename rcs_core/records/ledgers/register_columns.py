"""What the register may say besides: where a service is, for which ages and outcomes, and how many take it up.

In: the members of a published service. Out: their cells of the table `services`; a column stands there only where the
register fills it for some service. Take-up is a number of children, so it passes only where no small one follows from it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from rcs_core.records.ledgers.parts import number, text

SAID = ("areas", "ages", "outcomes")
TAKE_UP = "take_up"


def filled(register: pd.DataFrame) -> list[str]:
    """Which of these columns the register fills for some service."""
    return [c for c in (*SAID, TAKE_UP) if c in register.columns and any(text(cell) for cell in register[c].tolist())]


def cells(
    columns: Sequence[str], members: Sequence[Mapping[str, Any]], served: int | None, min_cell: int
) -> dict[str, str | int | None]:
    """The cells of one published service; of a merged one what all its members share, and no take-up.

    served: its children as they are published, None where they are not.
    """
    told: dict[str, str | int | None] = {}
    for column in columns:
        if column == TAKE_UP:
            told[column] = _take_up(members, served, min_cell)
        else:
            values = {_tidy(text(m.get(column))) for m in members}
            told[column] = values.pop() if len(values) == 1 else ""
    return told


def _tidy(cell: str) -> str:
    return "; ".join(part.strip() for part in cell.split(";") if part.strip())


def _take_up(members: Sequence[Mapping[str, Any]], served: int | None, min_cell: int) -> int | None:
    """Take-up of a service by itself whose children are published; never where it, or those without it, are few."""
    if len(members) != 1 or served is None:
        return None
    took = number(members[0].get(TAKE_UP), "services.xlsx", TAKE_UP)
    if took is None or took < min_cell or 0 < abs(served - took) < min_cell:
        return None
    return round(took)
