"""Spend by outcome: the parts of a child's life, or GIRFEC's wellbeing indicators, that the register says a service is for.

A service may name several outcomes, and nobody knows how its money parts between them. So each pound is counted once,
under the outcome that the register names first, and a range says how far that may be wrong: from the services that are
for this outcome alone to all that name it. The ends of the ranges overlap between outcomes and are never added.
"""

from dataclasses import dataclass, field, replace

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import Domain, Label, Shanarri
from rcs_core.workshop.evidence import text
from rcs_core.workshop.spend_map.money import (
    PREVENTATIVE,
    Confidence,
    Headline,
    View,
    agency_label,
    exact,
    gbp,
    percent,
    points_frame,
    source,
    spend,
    unmapped,
    years,
)
from rcs_core.workshop.spend_map.screen import Screen, screen

NO_OUTCOME = "No outcome in the register"
SEPARATOR = ";"


class Outcome(Label):
    """The two lists of outcomes that questions and services share."""

    DOMAIN = "domain", "Parts of a child's life"
    SHANARRI = "shanarri", "Wellbeing indicators (SHANARRI)"

    @property
    def codes(self) -> dict[str, str]:
        """The outcomes of the list, label by code, in their own order."""
        kind: type[Label] = Domain if self is Outcome.DOMAIN else Shanarri
        return {code.value: code.label for code in kind}

    @property
    def one(self) -> str:
        """One of them, as a word in a sentence or at the head of a column."""
        return "part of life" if self is Outcome.DOMAIN else "wellbeing indicator"

    @property
    def many(self) -> str:
        """Several of them, in a sentence."""
        return "parts of life" if self is Outcome.DOMAIN else "wellbeing indicators"


@dataclass(frozen=True, slots=True)
class Range:
    """Pence a year: as the register has it (`main`), and how low and high it may be."""

    low: int
    main: int
    high: int

    def said(self) -> str:
        """The amount and its range in words."""
        return gbp(self.main) if self.low == self.high else f"{gbp(self.main)} ({gbp(self.low)} to {gbp(self.high)})"


@dataclass(frozen=True, slots=True)
class OutcomeSpend:
    """The money of one outcome.

    whole: low, services for this outcome alone; main, services that name it first; high, all services that name it.
    preventative: the same of the preventative levels; the low end has only tags of high confidence.
    behind: the services of each of the three. kept: its amounts that are kept off the big screen, as they would tell the price
    of a single bought service.
    """

    code: str
    label: str
    whole: Range
    preventative: Range
    payers: tuple[str, ...]
    behind: tuple[frozenset[str], frozenset[str], frozenset[str]]
    kept: frozenset[str] = frozenset()

    @property
    def services(self) -> int:
        """How many services name it first."""
        return len(self.behind[1])

    @property
    def veiled(self) -> bool:
        """Whether one of its amounts is kept off the screen."""
        return bool(self.kept)

    def pounds(self, amount: str, pence: int) -> float | None:
        """An amount of it in pounds; None where it is kept off the screen."""
        return None if amount in self.kept else pence / 100


def named(release: Release, by: Outcome) -> dict[str, tuple[str, ...]]:
    """The outcomes of each service, the main one first; none where the register has none."""
    rows = release.frame("services").to_dict("records")
    return {str(row["service_id"]): parts(row.get(by.value)) for row in rows}


def parts(value: object) -> tuple[str, ...]:
    """The codes of a cell that may hold several, in their order, each once."""
    return tuple(dict.fromkeys(code.strip() for code in text(value).split(SEPARATOR) if code.strip()))


def outcomes(release: Release, by: Outcome, big_screen: bool = False) -> tuple[OutcomeSpend, ...]:
    """Every outcome of the list, without money too, and last the money of services that name none."""
    found = _outcomes(release, by)
    if not big_screen:
        return found
    return tuple(replace(o, kept=kept) for o, kept in zip(found, _kept(release, found), strict=True))


def _kept(release: Release, found: tuple[OutcomeSpend, ...]) -> list[frozenset[str]]:
    """The amounts of each outcome that may not be shown, by name."""
    shown, money = screen(release, True), spend(release)
    prevents = money["level"].isin(PREVENTATIVE)
    sure = prevents & (money["confidence"] == Confidence.HIGH.value)
    kept = []
    for o in found:
        low, main, high = (money["service_id"].isin(own) for own in o.behind)
        rows = {"main": main, "low": low, "high": high, "prevents": main & prevents, "prevents low": low & sure}
        rows["prevents high"] = high & prevents
        kept.append(frozenset(name for name, own in rows.items() if not shown.may(money[own])))
    return kept


def _outcomes(release: Release, by: Outcome) -> tuple[OutcomeSpend, ...]:
    names, found = named(release, by), {code: _Tally() for code in (*by.codes, "")}
    for row in spend(release).to_dict("records"):
        own = names.get(str(row["service_id"]), ()) or ("",)
        for place, code in enumerate(own):
            found.setdefault(code, _Tally()).add({str(k): v for k, v in row.items()}, place == 0, len(own) == 1)
    labels = {**{code: code for code in found}, **by.codes, "": NO_OUTCOME}
    return tuple(tally.of(code, labels[code]) for code, tally in sorted(found.items(), key=lambda item: not item[0]))


@dataclass(slots=True)
class _Tally:
    """Pence of one outcome as it is added up: alone, main and any; the same of prevention, alone by high confidence."""

    whole: list[int] = field(default_factory=lambda: [0, 0, 0])
    prevents: list[int] = field(default_factory=lambda: [0, 0, 0])
    services: tuple[set[str], set[str], set[str]] = field(default_factory=lambda: (set(), set(), set()))
    payers: set[str] = field(default_factory=set)

    def add(self, row: dict[str, object], main: bool, alone: bool) -> None:
        """One row of spend of a service that names the outcome."""
        pence, preventative = int(str(row["pence"])), row["level"] in PREVENTATIVE
        sure = alone and row["confidence"] == Confidence.HIGH.value
        for k, (counts, prevents) in enumerate(((alone, sure), (main, main), (True, True))):
            self.whole[k] += pence if counts else 0
            self.prevents[k] += pence if prevents and preventative else 0
            self.services[k].update({str(row["service_id"])} if counts else set())
        if main:
            self.payers.add(agency_label(str(row["agency"])))

    def of(self, code: str, label: str) -> OutcomeSpend:
        """The outcome with what was added."""
        alone, main, every = (frozenset(found) for found in self.services)
        return OutcomeSpend(
            code, label, _range(*self.whole), _range(*self.prevents), tuple(sorted(self.payers)), (alone, main, every)
        )


def _range(low: int, main: int, high: int) -> Range:
    """The three in order; income can make a wider group the smaller one."""
    return Range(min(low, main, high), main, max(low, main, high))


def spend_by_outcome(release: Release, by: Outcome, big_screen: bool = False) -> View:
    """What is spent on each outcome and at which level of prevention, each pound once; the most money first."""
    found = sorted(outcomes(release, by, big_screen), key=lambda o: (not o.code, -o.whole.main))
    paid = [o for o in found if o.code or o.whole.main]
    seen, shown = [o for o in paid if "main" not in o.kept], screen(release, big_screen)
    return View(_headline(release, by, paid, shown), _points(release, by, seen, shown), _numbers(by, paid), _words(by, seen))


def _points(release: Release, by: Outcome, found: list[OutcomeSpend], shown: Screen) -> pd.DataFrame:
    names = named(release, by)
    money = spend(release)
    main = money["service_id"].map(lambda sid: next(iter(names.get(str(sid), ())), ""))
    rows = [
        (f"{o.label} · {gbp(o.whole.main)}", level, pence / 100)
        for o in found
        for level, pence in shown.levels(money[main == o.code])
    ]
    return points_frame(rows, "level")


def _numbers(by: Outcome, found: list[OutcomeSpend]) -> pd.DataFrame:
    rows = [
        {
            by.one.capitalize(): o.label,
            "Spend (£)": o.pounds("main", o.whole.main),
            "For this alone (£)": o.pounds("low", o.whole.low),
            "All that names it (£)": o.pounds("high", o.whole.high),
            "Prevention as tagged (£)": o.pounds("prevents", o.preventative.main),
            "Prevention, low (£)": o.pounds("prevents low", o.preventative.low),
            "Prevention, high (£)": o.pounds("prevents high", o.preventative.high),
            "Services": o.services,
            "Payers": "; ".join(o.payers),
        }
        for o in found
    ]
    return pd.DataFrame(rows)


def _words(by: Outcome, found: list[OutcomeSpend]) -> str:
    return f"Spend by {by.one}, each pound once: {'; '.join(f'{o.label} {gbp(o.whole.main)}' for o in found)}."


def _headline(release: Release, by: Outcome, found: list[OutcomeSpend], shown: Screen) -> Headline:
    frame = spend(release)
    whole = sum(o.whole.main for o in found)
    if whole <= 0:
        return Headline("No money is mapped to a service yet.", source(release, frame))
    first = next((o for o in found if "main" not in o.kept), None)
    if first is None:
        return Headline(
            f"{gbp(whole)} is spent in {years(frame)}; by {by.one} it is not on the big screen.", source(release, frame)
        )
    sentence = (
        f"Of {gbp(whole)} in {years(frame)}, the most goes to *{first.label}*: {gbp(first.whole.main)}, "
        f"{percent(first.whole.main, whole):.0f}%."
    )
    told = "".join(f" {line}." for line in _apart(release, by, shown))
    basis = f"Each pound is counted once, under the {by.one} that the register names first.{told} {source(release, frame)}"
    return Headline(sentence, basis)


def _apart(release: Release, by: Outcome, shown: Screen) -> list[str]:
    """The money whose outcome is not one, each as a sentence: of several, of none, and not mapped."""
    names, frame = named(release, by), spend(release)
    count = frame["service_id"].map(lambda sid: len(names.get(str(sid), ())))
    several, none = (int(frame.loc[rows, "pence"].sum()) if shown.may(frame[rows]) else 0 for rows in (count > 1, count == 0))
    amounts = [
        (several, f"is of services that name more than one {by.one}"),
        (none, f"is of services with no {by.one} in the register"),
        (unmapped(release), "is not mapped to a service, and so to none"),
    ]
    return [f"{exact(pence)} {says}" for pence, says in amounts if pence]
