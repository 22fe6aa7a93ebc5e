"""What a decision is made of: its verdict, its money, its dissent, and whether it is agreed or still a proposal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from rcs_core.vocab import Label
from rcs_core.workshop.decide.safety import SafetySheet

PENNY = 0.005
"""Half a penny in pounds: a service that changes by less does not change."""


class Verdict(Label):
    """What becomes of a move."""

    GO = "go", "Go: to be done"
    EXPLORE = "explore", "Explore: find out more first"
    STOP = "stop", "Stop: not to be done"


class Standing(Label):
    """Whether a decision stands, or waits for what is missing."""

    PROPOSAL = "proposal", "Proposal"
    AGREED = "agreed", "Agreed"


UNNAMED = "in a vote without names"
"""Who a dissent is of that was voiced in a vote which told neither names nor, for a small agency, whose it was."""


@dataclass(frozen=True, slots=True)
class Dissent:
    """Who did not agree, in their own words; `who` may be blank, and the agency of a vote without names too."""

    agency: str
    who: str
    words: str


@dataclass(frozen=True, slots=True)
class Money:
    """What a service gains (or loses, below nought) in a year of the plan, in whose purse: pounds against spend before it."""

    service_id: str
    year: str
    agency: str
    change_gbp: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A decision as it is put to the store.

    service_ids: the moves that it is about. scenario: the link of the kept version that they are of, blank where there is
    none. names: what services and agencies were called then. rough: its figures rest on guesses to half or more, so they
    are for discussion only. outcome: a wellbeing indicator of GIRFEC. indicator: survey and question of the release;
    indicator_words: the same in words, with its value and base of that day. body: which body decides the purse. by: the day
    by which it is done. id: the decision that this is a further version of (blank: a new one). based_on: the version that
    was on the screen.
    """

    title: str
    verdict: Verdict
    service_ids: tuple[str, ...] = ()
    scenario: str = ""
    scenario_title: str = ""
    money: tuple[Money, ...] = ()
    price_year: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    rough: bool = False
    outcome: str = ""
    indicator: tuple[str, str] | None = None
    indicator_words: str = ""
    owner: str = ""
    owner_agency: str = ""
    body: str = ""
    by: date | None = None
    conditions: tuple[str, ...] = ()
    dissent: tuple[Dissent, ...] = ()
    safety: SafetySheet | None = None
    release_id: str = ""
    release_hash: str = ""
    id: str = ""
    based_on: int = 0

    @property
    def reduced(self) -> tuple[str, ...]:
        """The services that lose money in any year of the plan, whoever pays; none where the move is not made."""
        if self.verdict is Verdict.STOP:
            return ()
        by_year: dict[tuple[str, str], float] = {}
        for line in self.money:
            by_year[line.service_id, line.year] = by_year.get((line.service_id, line.year), 0.0) + line.change_gbp
        return tuple(dict.fromkeys(service for (service, _), change in by_year.items() if change <= -PENNY))

    @property
    def needs_sheet(self) -> bool:
        """Whether it takes something away: by its money, or because the room said so by starting a safety sheet."""
        return self.verdict is not Verdict.STOP and bool(self.reduced or self.safety is not None)

    @property
    def gaps(self) -> list[str]:
        """What is missing until it is agreed, all at once; empty where it is."""
        found = (self.safety or SafetySheet()).missing(self.reduced, self.names) if self.needs_sheet else []
        if self.rough and self.verdict is Verdict.GO and not any(one.strip() for one in self.conditions):
            found.append("a condition for going ahead, as its figures are for discussion only")
        return found

    @property
    def standing(self) -> Standing:
        """A decision with a gap stays a proposal."""
        return Standing.PROPOSAL if self.gaps else Standing.AGREED

    @property
    def years(self) -> tuple[str, ...]:
        """The years of its money, in order."""
        return tuple(sorted({line.year for line in self.money}))

    def change(self, year: str = "", service: str = "") -> float:
        """Its money in pounds, of a year or a service where one is named."""
        return sum(m.change_gbp for m in self.money if (not year or m.year == year) and (not service or m.service_id == service))

    def called(self, code: str) -> str:
        """What a service or an agency was called when it was decided."""
        return self.names.get(code, code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Draft):
    """A version of a decision as the store keeps it: who recorded it, for which agency, when (UTC).

    version: from 1, never given twice. undone: who took it back, when and why; blank for one that stands. session_id: the
    facilitated session in which it was recorded.
    """

    version: int
    author: str
    agency: str
    at: str
    undone: str = ""
    session_id: str = ""

    @property
    def beside(self) -> bool:
        """Whether somebody else had recorded another version before this one, which its author had not seen."""
        return 0 < self.based_on < self.version - 1
