"""Who is missing when need is set against contact, and what that does to the answer.

In: children on the roll by contact, and those of them who answered. Out: how many of each group answered, and the reach there
would be if those who did not answer were like those of the same contact who did.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from rcs_core.release import Cell, Release
from rcs_core.settings import disclosure
from rcs_core.vocab import CellState, Contact
from rcs_core.workshop import evidence, reach_counts, supplied
from rcs_core.workshop.evidence import Indicator
from rcs_core.workshop.reach_counts import OTHER_SIDE, TwoByTwo
from rcs_core.workshop.reach_rates import Rate

NAMES = {
    Contact.SOCIAL_WORK: ("Social work", "No social work"),
    Contact.ADDITIONAL_SUPPORT: ("Additional support for learning", "No additional support for learning"),
    Contact.EITHER: ("Either service", "Neither service"),
}
WHO = (
    "Pupils who were absent, opted out or left this question out, and forms that matched nobody on the roll, are in no figure "
    "above."
)
NO_ROLL = (
    "This release does not tell how many on the roll have this contact, and how many have not, so it cannot be said whether they "
    "answered as often as the others."
)


@dataclass(frozen=True, slots=True)
class Missing:
    """How many of each group answered, and what their silence could do."""

    rows: tuple[tuple[str, Rate], ...]
    headline: str
    notes: tuple[str, ...]

    def frame(self) -> pd.DataFrame:
        """The groups as a reader sees them."""
        columns = ("On the roll, by contact", "Answered this question", "On the roll", "%")
        rows = [(name, r.part.text(), r.whole.text(), r.pct.text()) for name, r in self.rows]
        return pd.DataFrame(rows, columns=list(columns))


def missing(release: Release, survey: str, need: Indicator, contact: Contact) -> Missing:
    """Who answered of those in contact and of the others, the reach weighted by the roll, and what was linked at all."""
    table = reach_counts.two_by_two(release, survey, need, contact)
    if table is None or supplied.source(release, survey, need.code):
        return Missing((), _unlinked(release, survey, table, need), ())
    roll = [reach_counts.roll_of(release, survey, c) for c in (contact, OTHER_SIDE[contact], Contact.ALL)]
    if any(cell.state is CellState.NOT_COLLECTED for cell in roll):
        return Missing((), NO_ROLL, (WHO,))
    answered = (table.with_contact, table.without, table.total)
    names = (*NAMES[contact], "All")
    rows = tuple(zip(names, _rates(answered, roll), strict=True))
    told = all(rate.pct.value is not None for _, rate in rows)
    return Missing(rows, _headline(rows), (*(_mended(table, roll) if told else ()), WHO))


def _rates(answered: Sequence[Cell], roll: Sequence[Cell]) -> list[Rate]:
    """Answers over the roll; all hidden where those who did not answer are so few, in any group, that they could be told."""
    least = disclosure().min_cell
    silent = [w.value - p.value for p, w in zip(answered, roll, strict=True) if p.value is not None and w.value is not None]
    few = any(0 <= n < least for n in silent)
    return [Rate(Cell(None, CellState.SUPPRESSED) if few else p, w) for p, w in zip(answered, roll, strict=True)]


def _headline(rows: tuple[tuple[str, Rate], ...]) -> str:
    (first, with_), (second, without), _ = rows
    if with_.pct.value is None or without.pct.value is None:
        return f"How many in contact answered is {evidence.why(CellState.SUPPRESSED)}."
    gap = with_.pct.value - without.pct.value
    side = "less often than" if gap <= -1 else "more often than" if gap >= 1 else "as often as"
    return (
        f"Pupils with {_lower(first)} answered {side} the others: {with_.pct.text()}% ({with_.exact()} on the roll) against "
        f"{without.pct.text()}% ({without.exact()}) with {_lower(second)}."
    )


def _mended(table: TwoByTwo, roll: list[Cell]) -> list[str]:
    """The reach with each group counted as large as it is on the roll."""
    values = [table.need_with.value, table.need_without.value, table.with_contact.value, table.without.value, table.need.value]
    with_, without = roll[0].value, roll[1].value
    if None in values or with_ is None or without is None or not values[2] or not values[3] or not values[4]:
        return []
    number = [v or 0.0 for v in values]
    in_contact, others = with_ * number[0] / number[2], without * number[1] / number[3]
    now, then = 100 * number[0] / number[4], 100 * in_contact / (in_contact + others)
    return [
        f"What that does: were those who did not answer like those of the same contact who did, {then:.1f}% of pupils "
        f"with this need would be in contact, not {now:.1f}%. Whether they are like them is not known."
    ]


def _unlinked(release: Release, survey: str, table: TwoByTwo | None, need: Indicator) -> str:
    if table is not None:
        counted = supplied.source(release, survey, need.code)
        return f"The council linked these counts itself ({counted}): how many did not link is not known here."
    return (
        "Nothing is linked child by child, so nobody's need is set against their own contact: only totals limit one another, "
        "and the truth lies anywhere between the limits."
    )


def _lower(label: str) -> str:
    return f"{label[:1].lower()}{label[1:]}"
