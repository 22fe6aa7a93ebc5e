"""How much of a need a service reaches, and how much of a service meets the need: two shares of one table, and their limits.

*Reach*: of those with need, how many are in contact. *Targeting*: of those in contact, how many have the need. Both are
counts over counts as the release shows them; where either is hidden, so is the share. What two unlinked totals would allow
stands beside each, and alone where nothing is linked.
"""

from dataclasses import dataclass

import pandas as pd

from rcs_core.release import Cell, Release
from rcs_core.settings import CONTRACTS, read_yaml
from rcs_core.vocab import CellState, Contact, Domain
from rcs_core.workshop import evidence, reach_counts, supplied
from rcs_core.workshop.evidence import Indicator
from rcs_core.workshop.reach_counts import Bounds, TwoByTwo

type Span = tuple[float, float]
"""The two ends of an interval or of limits, in per cent."""

REACHED, TARGETED = "Reach (of those with need)", "Targeting (of those in contact)"
SERIES = (REACHED, TARGETED)
DASH = " – "
"""Between the domain and the need in a row's label."""
NOTE = (
    "Reach: of those with the need, how many are in contact. Targeting: of those in contact, how many have the need. A service "
    "for few children can have a low reach and a high targeting. Neither has a right value of 100%: much need is met by family, "
    "class teachers, health and the third sector, and services are there for other needs too."
)
LINKED_NOTE = (
    "A pale band is what two totals alone would allow, had nothing been linked; the narrow line is the 95% interval, for these "
    "pupils this year."
)
UNLINKED_NOTE = (
    "A band is all that two totals allow: the truth may lie anywhere in it, and its middle is no better a guess than its ends."
)
NAMES = {
    Contact.SOCIAL_WORK: "Social work",
    Contact.ADDITIONAL_SUPPORT: "Additional support for learning",
    Contact.EITHER: "Either of the two",
}


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of children, from two counts of the release; `limits` is what two unlinked totals allow."""

    part: Cell
    whole: Cell
    interval: Span | None = None
    limits: Span | None = None
    unsteady: bool = False

    @property
    def pct(self) -> Cell:
        """The share in per cent; hidden where either count is, and not told where the answers are too few."""
        if self.part.value is None or not self.whole.value:
            return Cell(None, self.part.state if self.part.value is None else self.whole.state)
        if self.unsteady:
            return Cell(None, CellState.UNRELIABLE)
        return Cell(100 * self.part.value / self.whole.value, CellState.SHOWN)

    @property
    def said(self) -> str:
        """The share as the end of a bar says it."""
        if self.pct.value is not None:
            return f"{self.pct.text()}%"
        return "" if self.part.state is CellState.NOT_COLLECTED else self.pct.text()

    def exact(self) -> str:
        """The two counts in words, each with its mark where it is hidden."""
        return "" if self.part.state is CellState.NOT_COLLECTED else f"{self.part.text()} of {self.whole.text()}"

    def ends(self) -> str:
        """The 95% interval in words, or the mark of the share."""
        return span(self.interval) if self.interval and self.pct.value is not None else self.pct.state.mark


@dataclass(frozen=True, slots=True)
class Pair:
    """Reach and targeting of one need by one service, under the label of its row."""

    label: str
    reached: Rate
    targeted: Rate

    @property
    def told(self) -> bool:
        """Whether anything can be drawn of it."""
        both = (self.reached, self.targeted)
        return any(r.pct.value is not None or r.limits for r in both)


@dataclass(frozen=True, slots=True)
class Rates:
    """Reach and targeting of several services, or of several needs."""

    rows: tuple[Pair, ...]
    row_title: str
    headline: str
    basis: str
    notes: tuple[str, ...] = ()

    @property
    def drawn(self) -> bool:
        """Whether there is a row with a share or with limits."""
        return any(row.told for row in self.rows)

    def points(self) -> pd.DataFrame:
        """Every share as a chart draws it: two to a row, with interval and limits."""
        columns = ["label", "order", "series", "pct", "low", "high", "least", "most", "said", "says"]
        lines = []
        for order, row in enumerate(self.rows):
            for series, rate in zip(SERIES, (row.reached, row.targeted), strict=True):
                ends, limits = rate.interval or (None, None), rate.limits or (None, None)
                ends = ends if rate.pct.value is not None else (None, None)
                said = rate.said or (f"{span(rate.limits)}%" if rate.limits else "")
                lines.append((row.label, order, series, rate.pct.value, *ends, *limits, said, _tip(rate)))
        frame = pd.DataFrame(lines, columns=columns)
        numbers = ["pct", "low", "high", "least", "most"]
        return frame.astype(dict.fromkeys(numbers, "float64"))

    def frame(self) -> pd.DataFrame:
        """The shares with the children behind them, as a reader sees them."""
        lines = []
        for row in self.rows:
            line = {self.row_title: row.label}
            for name, rate in (("Reach", row.reached), ("Targeting", row.targeted)):
                told = rate.part.state is not CellState.NOT_COLLECTED
                line |= {f"{name} (%)": rate.pct.text() if told else "", f"{name}: 95% interval": rate.ends() if told else ""}
                line |= {f"{name}: pupils": rate.exact(), f"{name}: limits without linkage (%)": span(rate.limits)}
            lines.append(line)
        frame = pd.DataFrame(lines)
        return frame[[c for c in frame.columns if frame[c].astype(str).str.strip().ne("").any()]]

    def words(self) -> str:
        """The picture in words, for those who cannot see it."""
        return f"{self.headline} {'; '.join(f'{row.label}: {_row(row)}' for row in self.rows)}."


def span(ends: Span | None) -> str:
    """Two ends in words, blank where there are none."""
    return f"{ends[0]:.0f} to {ends[1]:.0f}" if ends else ""


def _and(ends: Span) -> str:
    return f"{ends[0]:.0f} and {ends[1]:.0f}"


def pair(release: Release, survey: str, need: Indicator, contact: Contact, label: str) -> Pair:
    """Reach and targeting of one need by one contact, from the linked table or from the limits that two totals allow."""
    table = reach_counts.two_by_two(release, survey, need, contact)
    found = reach_counts.bounds_of(release, survey, need, contact, table)
    reached, targeted = limits(found)
    if table is None:
        none = Cell(None, CellState.NOT_COLLECTED)
        return Pair(label, Rate(none, none, limits=reached), Rate(none, none, limits=targeted))
    counted = bool(supplied.source(release, survey, need.code))
    sampled = reach_counts.answered(release, survey, table.total)

    def rate(whole: Cell, between: Span | None) -> Rate:
        return Rate(table.need_with, whole, _interval(table, whole, sampled, counted), between, _unsteady(whole, counted))

    return Pair(label, rate(table.need, reached), rate(table.with_contact, targeted))


def limits(found: Bounds | None) -> tuple[Span | None, Span | None]:
    """Reach and targeting at the fewest and the most children of both that two totals allow."""
    if found is None or not found.need:
        return None, None
    fewest, most = found.need - found.at_most, found.need - found.at_least
    targeted = (100 * fewest / found.contact, 100 * most / found.contact) if found.contact else None
    return (100 * fewest / found.need, 100 * most / found.need), targeted


def by_service(release: Release, survey: str, need: Indicator) -> Rates:
    """One need by each service that can be named."""
    rows = [pair(release, survey, need, c, NAMES[c]) for c in reach_counts.contacts(release, survey)]
    notes = (NOTE, LINKED_NOTE if any(r.reached.part.state is not CellState.NOT_COLLECTED for r in rows) else UNLINKED_NOTE)
    return Rates(tuple(rows), "Service", _service_headline(rows), _basis(release, survey, need), notes)


def by_need(release: Release, survey: str, contact: Contact) -> Rates:
    """Every need by one service: the needs of a domain together, the domains in the order of the survey."""
    domains = domains_of(release, survey)
    order = list(dict.fromkeys(domains.values()))
    needs = sorted(reach_counts.needs(release, survey), key=lambda i: order.index(domains.get(i.code, "")))
    rows = [pair(release, survey, need, contact, _with_domain(need, domains)) for need in needs]
    return Rates(tuple(rows), "Need", _need_headline(rows, contact), _basis(release, survey, *needs[:1]))


def domains_of(release: Release, survey: str) -> dict[str, str]:
    """The domain of each question of a survey, in words."""
    frame = release.frame("indicators")
    rows = frame[frame["survey"] == survey]
    known = {d.value: d.label for d in Domain}
    return {str(code): known.get(str(domain), "") for code, domain in zip(rows["indicator"], rows["domain"], strict=True)}


def _with_domain(need: Indicator, domains: dict[str, str]) -> str:
    return f"{domains[need.code]}{DASH}{need.label}" if domains.get(need.code) else need.label


def _interval(table: TwoByTwo, whole: Cell, sampled: float, counted: bool) -> Span | None:
    if counted or table.need_with.value is None or not whole.value:
        return None
    return reach_counts.share_interval(round(table.need_with.value), round(whole.value), sampled)


def _unsteady(whole: Cell, counted: bool) -> bool:
    """Whether a share rests on too few answers; counts of all children are no sample."""
    return not counted and whole.value is not None and whole.value < policy("min_effective_n")


def policy(name: str) -> float:
    """One number of the rules for shares."""
    return float(read_yaml(CONTRACTS / "reliability.yaml")[name]["value"])


def _tip(rate: Rate) -> str:
    if rate.part.state is CellState.NOT_COLLECTED:
        return f"between {_and(rate.limits)}%" if rate.limits else "not known without linkage"
    share = f"{rate.pct.text()}%, " if rate.pct.value is not None else f"{rate.pct.state.said}: "
    return f"{share}{rate.exact()}"


def _row(row: Pair) -> str:
    said = {"reach": row.reached, "targeting": row.targeted}
    return ", ".join(f"{name} {_tip(rate)}" for name, rate in said.items())


def _service_headline(rows: list[Pair]) -> str:
    """The service with the widest reach and the one whose contact meets the need most, or the limits."""
    linked = [r for r in rows if r.reached.pct.value is not None]
    if linked:
        first, *more = (f"{_share(r.reached)} are in contact with {_lower(r.label)}" for r in linked)
        said = evidence.listed([first, *(one.replace("are in contact with", "with") for one in more)])
        meets = [f"{_share(r.targeted)} for {_lower(r.label)}" for r in linked if r.targeted.pct.value is not None]
        second = f" Of those in contact, with the need: {evidence.listed(meets)}." if meets else ""
        return f"Of pupils with this need, {said}.{second}"
    between = [f"{_lower(r.label)} between {_and(r.reached.limits)}%" for r in rows if r.reached.limits]
    if between:
        return f"Without linkage only limits are known. Of pupils with this need, in contact: {evidence.listed(between)}."
    return "How many pupils with this need are in contact cannot be told: the figures are hidden [c] or were not linked."


def _share(rate: Rate) -> str:
    return f"{rate.pct.text()}% ({rate.exact()})"


def _need_headline(rows: list[Pair], contact: Contact) -> str:
    linked = [r for r in rows if r.reached.pct.value is not None]
    told = linked or [r for r in rows if r.reached.limits]
    if not told:
        return "For no need can it be told how many are in contact."
    if not linked:
        return f"Without linkage only limits are known for {_many(len(told))}: the bands below."
    ends = sorted(linked, key=lambda r: r.reached.pct.value or 0.0)
    if len(ends) == 1:
        return f"One need is set against contact: “{_need(ends[0])}”, {_share(ends[0].reached)}."
    least, most = ends[0], ends[-1]
    return (
        f"Reach by {_lower(NAMES[contact])} runs from {_share(least.reached)} for “{_need(least)}” to "
        f"{_share(most.reached)} for “{_need(most)}”."
    )


def _need(row: Pair) -> str:
    """The need of a row without its domain."""
    return row.label.split(DASH)[-1]


def _many(count: int) -> str:
    return f"{count} need{'' if count == 1 else 's'}"


def _lower(label: str) -> str:
    return f"{label[:1].lower()}{label[1:]}"


def _basis(release: Release, survey: str, need: Indicator | None = None) -> str:
    """Whose children, and from which source; without linkage, that the need is itself an estimate."""
    info = evidence.survey(release, survey)
    if need and (counted := supplied.source(release, survey, need.code)):
        return f"Source: {counted}."
    if reach_counts.linked(release, survey):
        return f"Pupils who answered, unweighted. Source: {info.source}, linked to the services' records."
    return (
        f"All {info.children} on the roll; the need is the weighted share of those who answered, and the bands leave out its own "
        f"interval. Source: {info.source}, and the services' own totals."
    )
