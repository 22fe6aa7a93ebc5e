"""The counts behind *Who gets help*: need by named contact as the release shows it, and what two totals allow.

A cell is read from its own row. What is hidden stays hidden: no figure here is worked out from margins.
"""

from dataclasses import dataclass, replace
from math import sqrt

from rcs_core.release import Cell, Release
from rcs_core.vocab import CellState, Contact
from rcs_core.workshop import evidence, supplied
from rcs_core.workshop.evidence import Indicator, SurveyInfo

OTHER_SIDE = {
    Contact.SOCIAL_WORK: Contact.NO_SOCIAL_WORK,
    Contact.ADDITIONAL_SUPPORT: Contact.NO_ADDITIONAL_SUPPORT,
    Contact.EITHER: Contact.NONE,
}
"""Each named contact and the group without it."""
BROADEST = ("sdq_raised", "multiple_risks")
"""The needs that cover most of a child's life: the first of them that there is leads."""
Z95 = 1.959964
"""The normal quantile of a 95% interval."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The fewest and most children with need and without the contact that two unlinked totals allow."""

    need: int
    contact: int
    total: int
    at_least: int
    at_most: int
    spread: tuple[int, int] | None = None
    """The fewest at the low and the high end of the interval of the need, where the need is an estimate."""

    @property
    def at_least_pct(self) -> float:
        """The fewest, as a per cent of children with need."""
        return 100 * self.at_least / self.need

    @property
    def at_most_pct(self) -> float:
        """The most, as a per cent of children with need."""
        return 100 * self.at_most / self.need


def bounds(need: int, contact: int, total: int) -> Bounds:
    """Bounds on children with need and no contact: if every contact went to need, and if as few as possible did.

    need, contact: how many of the same `total` children have the need, and have the contact.
    """
    return Bounds(need, contact, total, at_least=max(0, need - contact), at_most=min(need, total - contact))


def share_interval(part: int, whole: int, sampled: float = 0.0) -> tuple[float, float]:
    """Wilson's 95% interval (per cent) for part of whole.

    sampled: the share of the roll that answered. The interval is then for these pupils this year, with the finite
    population correction n / (1 - sampled); 0 leaves it out.
    """
    n, p = whole / (1 - min(sampled, 0.999)), part / whole
    middle = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 * sqrt(p * (1 - p) / n + Z95**2 / (4 * n * n)) / (1 + Z95**2 / n)
    return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class TwoByTwo:
    """Children by need and named contact, each cell and margin as the release shows it."""

    need_without: Cell
    need_with: Cell
    need: Cell
    other_without: Cell
    other_with: Cell
    other: Cell
    without: Cell
    with_contact: Cell
    total: Cell

    @property
    def pct_without(self) -> float | None:
        """The share (per cent) of children with need who lack the contact; None when either figure is hidden."""
        if self.need_without.value is None or not self.need.value:
            return None
        return 100 * self.need_without.value / self.need.value


def needs(release: Release, survey: str) -> list[Indicator]:
    """The needs that can be set against contact, the broadest first: those linked, or, unlinked, every open question."""
    asked = sorted(evidence.indicators(release, survey), key=_broadest_first)
    if f"{survey}_contact" in release:
        return [i for i in asked if i.code in _asked_in(release, f"{survey}_contact")]
    if f"{survey}_contact_roll" not in release:
        return []
    counted = _asked_in(release, f"{survey}_need") | _asked_in(release, f"{survey}_area")
    return [i for i in asked if i.code in counted and not i.sensitive]


def _asked_in(release: Release, table: str) -> set[str]:
    return set(evidence.current(release, table)["indicator"].astype(str)) if table in release else set()


def _broadest_first(asked: Indicator) -> tuple[bool, int]:
    """What was verified before what was not, and the broadest needs before single questions."""
    return not asked.verified, BROADEST.index(asked.code) if asked.code in BROADEST else len(BROADEST)


def surveys(release: Release) -> list[SurveyInfo]:
    """The surveys with anything to say about contact."""
    return [s for s in evidence.surveys(release, ("area", "contact", "contact_roll")) if needs(release, s.code)]


def linked(release: Release, survey: str) -> bool:
    """Whether the survey's answers were linked to contact child by child, here or by the council."""
    return f"{survey}_contact" in release


def contacts(release: Release, survey: str) -> list[Contact]:
    """The contacts that can be named: without linkage, 'either' is unknown because the overlap is."""
    table = f"{survey}_contact" if linked(release, survey) else f"{survey}_contact_roll"
    present = set(evidence.current(release, table)["contact"].astype(str)) if table in release else set()
    return [c for c in OTHER_SIDE if c.value in present]


def two_by_two(release: Release, survey: str, indicator: Indicator, contact: Contact) -> TwoByTwo | None:
    """The linked counts of pupils who answered, from the council's own cells; None where records are not linked."""
    found = evidence.shares(release, f"{survey}_contact", indicator=indicator.code, area=evidence.council(release).code)
    groups = [found[(code.value,)] for code in (OTHER_SIDE[contact], contact, Contact.ALL) if (code.value,) in found]
    if len(groups) < 3:
        return None
    shares = [g.of_need(indicator) for g in groups]
    return TwoByTwo(*(s.yes for s in shares), *(s.no for s in shares), *(g.base for g in groups))


def interval_of(release: Release, survey: str, table: TwoByTwo | None) -> tuple[float, float] | None:
    """The interval of the share without contact among pupils with need; None where a figure is hidden."""
    if table is None or table.need_without.value is None or not table.need.value:
        return None
    return share_interval(round(table.need_without.value), round(table.need.value), answered(release, survey, table.total))


def answered(release: Release, survey: str, total: Cell) -> float:
    """The share of the roll that answered, 0 where the roll or the answers are hidden or not in the release."""
    roll = roll_of(release, survey, Contact.ALL).value
    return total.value / roll if roll and total.value else 0.0


def roll_of(release: Release, survey: str, contact: Contact) -> Cell:
    """How many pupils on the roll of the survey's stages have a contact (all of them, not only who answered)."""
    if f"{survey}_contact_roll" not in release:
        return Cell(None, CellState.NOT_COLLECTED)
    frame, area = evidence.current(release, f"{survey}_contact_roll"), evidence.council(release).code
    rows = frame[(frame["area"] == area) & (frame["contact"] == contact.value)].to_dict("records")
    return evidence.cell({str(k): v for k, v in rows[0].items()}) if rows else Cell(None, CellState.NOT_COLLECTED)


def bounds_of(release: Release, survey: str, indicator: Indicator, contact: Contact, table: TwoByTwo | None) -> Bounds | None:
    """Bounds from the totals of those who answered, when linked; else from the roll and the weighted share with need."""
    if table is None:
        refused = supplied.not_the_same(release, survey, indicator, contact)
        return None if refused else _bounds_of_roll(release, survey, indicator, contact)
    values = [table.need.value, table.with_contact.value, table.total.value]
    need, with_, total = (round(v) if v is not None else 0 for v in values)
    return bounds(need, with_, total) if None not in values and need else None


def _bounds_of_roll(release: Release, survey: str, indicator: Indicator, contact: Contact) -> Bounds | None:
    if counted := supplied.need_total(release, survey, indicator):
        return _bounds_of_counts(release, survey, indicator, contact, counted)
    found = evidence.shares(release, f"{survey}_area", indicator=indicator.code, area=evidence.council(release).code)
    share = found[()].of_need(indicator) if found else None
    roll, with_ = (roll_of(release, survey, c).value for c in (Contact.ALL, contact))
    if share is None or not share.shown or not share.pct.value or not roll or with_ is None:
        return None
    limits = bounds(round(share.pct.value / 100 * roll), round(with_), round(roll))
    if share.low is None or share.high is None:
        return limits
    low, high = (max(0, round(end / 100 * roll) - round(with_)) for end in (share.low, share.high))
    return replace(limits, spread=(low, high))


def _bounds_of_counts(release: Release, survey: str, indicator: Indicator, contact: Contact, total: int) -> Bounds | None:
    """Bounds from two totals that the council counted of the same children."""
    found = evidence.shares(release, f"{survey}_need", indicator=indicator.code, area=evidence.council(release).code)
    need, with_ = found[()].of_need(indicator).yes.value, roll_of(release, survey, contact).value
    return bounds(round(need), round(with_), total) if need and with_ is not None else None
