"""The questions that a release raises, and which rules raised none or could not be judged."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from rcs_core.release import Release
from rcs_core.workshop.challenge.contract import LIMIT, PATH, RULES, Challenge, challenges
from rcs_core.workshop.challenge.found import Case, Found, in_order
from rcs_core.workshop.contracting import said_day
from rcs_core.workshop.evidence import listed
from rcs_core.workshop.spend_map import has_money
from rcs_core.workshop.spend_map.money import Headline, source, spend


@dataclass(frozen=True, slots=True)
class Raised:
    """One question with its figure, its rule in words, its threshold with source and date, and its rows."""

    id: str
    name: str
    question: str
    figure: str
    rule: str
    threshold: str
    rows: pd.DataFrame

    @property
    def said(self) -> str:
        """The figure and the rule, as one paragraph under the question."""
        return f"{self.figure}. Rule: {self.rule} {self.threshold}"


@dataclass(frozen=True, slots=True)
class Panel:
    """The questions raised; the rules that raised none; those that the release cannot answer; those kept off the big screen."""

    headline: Headline
    raised: tuple[Raised, ...]
    quiet: tuple[str, ...]
    unjudged: tuple[str, ...]
    kept: tuple[str, ...] = ()

    def frame(self) -> pd.DataFrame:
        """Every question raised as a row, to take away."""
        rows = [(r.question, r.figure, r.rule, r.threshold, len(r.rows)) for r in self.raised]
        return pd.DataFrame(rows, columns=["Question", "Figure", "Rule", "Asked when", "Rows"])

    def notes(self) -> list[str]:
        """What was asked and found in order, and what could not be asked."""
        lines = [f"Looked for and not found: {listed(self.quiet)}."] if self.quiet else []
        lines += [f"Not asked, as the release does not hold what it takes: {listed(self.unjudged)}."] if self.unjudged else []
        lines += [f"Not on the big screen, as it rests on one bought service's price: {listed(self.kept)}."] if self.kept else []
        return [*lines, "A question is no finding: there may be a good answer. The thresholds are for the partnership to agree."]


def panel(release: Release, today: date, big_screen: bool = False, path: Path = PATH) -> Panel:
    """The questions raised by the rules of the contract, as at a day; none where the release holds no money."""
    asked = challenges(path) if has_money(release) else ()
    case = Case(release, today, big_screen)
    found = [(c, RULES[c.rule].find(case, c.threshold.value)) for c in asked]
    over = [(c, f) for c, f in found if f and f.measure > c.threshold.value]
    raised = tuple(_raised(c, in_order(f)) for c, f in over if not f.veiled)
    kept = tuple(c.name for c, f in over if f.veiled)
    quiet = tuple(c.name for c, f in found if f and f.measure <= c.threshold.value)
    unjudged = tuple(c.name for c, f in found if f is None)
    return Panel(_headline(release, today, len(raised), len(asked)), raised, quiet, unjudged, kept)


def line(release: Release, today: date, on_screen: bool = False) -> str:
    """How many questions there are to ask, in one line; blank where there is none."""
    found = len(panel(release, today, on_screen).raised)
    return f"{_questions(found)} to ask of the services and the money." if found else ""


def _questions(number: int) -> str:
    return f"{number} question" if number == 1 else f"{number} questions"


def _raised(asked: Challenge, found: Found) -> Raised:
    limit = {LIMIT: f"{asked.threshold.value:g}"}
    question, rule = asked.question.format(**found.words, **limit), asked.in_words.format(**limit)
    return Raised(
        asked.id, asked.name, f"{question[:1].upper()}{question[1:]}", found.figure, rule, _threshold(asked), found.rows
    )


def _threshold(asked: Challenge) -> str:
    about = asked.threshold
    when = f"above {about.value:g} {about.unit}" if about.value else "where there is any"
    return f"Asked {when} ({about.source[:1].lower()}{about.source[1:]}, {about.date})."


def _headline(release: Release, today: date, raised: int, asked: int) -> Headline:
    if not asked:
        return Headline("Nothing can be asked of the money: this release holds none.", "")
    said = f"{_questions(raised)} to ask of these services and this money" if raised else "No rule raised a question"
    looked = f"{asked} rules were looked at, each with its figure and its rows; contracts as at {said_day(today)}."
    basis = f"{looked} {source(release, spend(release))}"
    return Headline(f"{said}.", basis)
