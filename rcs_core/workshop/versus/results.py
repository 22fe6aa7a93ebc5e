"""What comes out of scenarios, side by side: one row a question that a board asks, one column a scenario."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from rcs_core.workshop.couple.compare import Part
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.inputs.depths import ONLY, two_figures
from rcs_core.workshop.scenario.explain.impossible.achievable import extra_money
from rcs_core.workshop.scenario.explain.impossible.repairs import enough, up
from rcs_core.workshop.sentence import THOUSAND, Figure, Unit, children, count, money, other, per_cent, points
from rcs_core.workshop.versus.sides import Side

_NOTHING = 0.0005
"""Half a pound, in GBP thousand."""
NO_PLAN = "–"


@dataclass(frozen=True, slots=True)
class Cell:
    """What a scenario answers: as it is read, and as a number (None: it is no number)."""

    said: str
    value: float | None = None


type Answering = Callable[[Side], Cell]


def results(sides: Sequence[Side]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The answers as a table (Question and one column a scenario), and as numbers (question, unit, scenario, value, said)."""
    cells = {question: [answer(side) for side in sides] for question, (_, answer) in _QUESTIONS.items()}
    asked = {q: row for q, row in cells.items() if not all(cell.said in _LEFT_OUT.get(q, (NO_PLAN,)) for cell in row)}
    table = pd.DataFrame(
        [(q, *(cell.said for cell in row)) for q, row in asked.items()], columns=["Question", *(s.title for s in sides)]
    )
    rows = [
        (q, _QUESTIONS[q][0].label, side.title, cell.value, cell.said)
        for q, row in asked.items()
        for side, cell in zip(sides, row, strict=True)
    ]
    return table, pd.DataFrame(rows, columns=["question", "unit", "scenario", "value", "said"])


def holds(side: Side) -> Cell:
    """Whether every promise holds; where they cannot, how many clash and the least money that makes all hold."""
    if side.scored:
        missed = side.broken
        return Cell(f"No: it breaks {count(missed, 'promise').said}" if missed else "Yes", float(missed))
    if side.possible:
        return Cell("Yes", 0.0)
    clash, least = len(side.result.conflict or ()), least_money(side)
    if least is None:
        return Cell(f"No: {count(clash, 'promise').said} clash", float(clash))
    told = "settles it" if least.alone else "more over the plan settles all"
    return Cell(f"No: {count(clash, 'promise').said} clash; {least.figure.said} {told}", float(clash))


@dataclass(frozen=True, slots=True)
class Least:
    """The least money with which every promise can hold. alone: by one change; else of all purses and years together."""

    figure: Figure
    alone: bool


def least_money(side: Side) -> Least | None:
    """The smallest change in money with which every promise can hold, rounded up; None where no money is enough.

    Where promises clash besides those that were found, no change that settles these alone is told: only all that is missing.
    """
    scenario, rough = side.scenario, side.scenario.depth == Depth.ESTIMATE.value
    repairs = [r for r in side.result.repairs if r.unit == scenario.money] if side.result.settled else []
    if repairs:
        least = min(abs(enough(scenario, repair, rough).change) for repair in repairs)
    else:
        extra = extra_money(scenario, rough)
        if extra is None:
            return None
        least = up(extra.total, scenario.money, rough)
    return Least(_in_money(side, least, rough), bool(repairs))


def _in_money(side: Side, value: float, rough: bool) -> Figure:
    """An amount of a scenario's money: in pounds where it counts thousands of them."""
    if side.scenario.money == "GBP thousand":
        return money(value, rough)
    return other(abs(value), side.scenario.money, "{:,.2f}".format)


def unmet(side: Side) -> Cell:
    """Whether every need is met; the most that go without in a year."""
    if not side.possible or not side.scenario.acute:
        return Cell(NO_PLAN if not side.possible else "Not known")
    worst = float(side.found.unmet.groupby("year", sort=False)["unmet"].sum().max())
    if side.found.all_met:
        return Cell("Yes", 0.0)
    return Cell(f"No: {children(worst, side.rough).said} a year go without", worst)


def bridging(side: Side) -> float:
    """Money from outside the purses, over the plan (GBP thousand)."""
    frame = side.found.bridging
    if frame.empty:
        return 0.0
    net = frame.groupby("year", sort=False)[["contribution", "draw"]].sum()
    return float((net["draw"] - net["contribution"]).clip(lower=0).sum())


def released(side: Side) -> float:
    """What responsive services no longer cost in the last year (GBP thousand)."""
    frame = side.found.released
    return float(frame.loc[frame["year"] == side.last, "amount"].sum())


def first_released(side: Side) -> str:
    """The first year in which capacity is released; blank where none is."""
    yearly = side.found.released.groupby("year", sort=False)["amount"].sum()
    return next((str(year) for year, amount in yearly.items() if amount > _NOTHING), "")


def unspent(side: Side, way: int = 1) -> float:
    """What purses leave unspent over the plan, or (way -1) are short of (GBP thousand)."""
    return float((way * side.found.underspend["amount"]).clip(lower=0).sum())


def _amount(of: Callable[[Side], float], below: str = "") -> Answering:
    """An amount of a scenario that has a plan; below: what it is called when it is less than nothing."""

    def cell(side: Side) -> Cell:
        if not side.possible:
            return Cell(NO_PLAN)
        value = of(side)
        return Cell(_pounds(side, value) + (f" {below}" if value <= -_NOTHING else ""), value * THOUSAND)

    return cell


def _pounds(side: Side, value: float) -> str:
    if abs(value) < _NOTHING:
        return "Nothing"
    if side.scenario.money != "GBP thousand":
        return f"{abs(value):,.2f} {side.scenario.money}"
    return money(value, side.rough).said


def _shifted(side: Side) -> Cell:
    if not side.possible:
        return Cell(NO_PLAN)
    value = side.found.shift_points
    return Cell(f"{'−' if round(value, 1) < 0 else ''}{points(value).said}", value)


def _need(side: Side) -> Cell:
    frame = side.found.demand
    if not side.possible or frame.empty:
        return Cell(NO_PLAN)
    value = float(frame.loc[frame["year"] == side.last, "after"].sum())
    return Cell(children(value, side.rough).said, value)


def _from(side: Side) -> Cell:
    return Cell(first_released(side) or "Not within the plan") if side.possible else Cell(NO_PLAN)


def _guesses(side: Side) -> Cell:
    share = side.found.guess_share
    if not side.possible or share is None:
        return Cell("Nothing moves" if side.possible else NO_PLAN)
    return Cell(per_cent(share).said, 100 * share)


def _standing(side: Side) -> Cell:
    if not side.possible:
        return Cell(NO_PLAN)
    return Cell(
        ONLY if side.rough else "May be the basis of a decision" if side.found.guess_share is not None else "Nothing moves"
    )


def _gained(side: Side) -> Cell:
    """Of the solved plan's gain over doing nothing, what a plan of one's own gains; nothing is solved for in a discussion."""
    if side.scored is None or side.scored.share is None or side.scenario.depth == "discuss":
        return Cell(NO_PLAN)
    return Cell(f"{100 * side.scored.share:.0f}%", 100 * side.scored.share)


_QUESTIONS: dict[str, tuple[Unit, Answering]] = {
    "Can every promise hold?": (Unit.COUNT, holds),
    "Is every need met?": (Unit.CHILDREN, unmet),
    "Last year of the plan": (Unit.OTHER, lambda side: Cell(side.last)),
    "More for prevention, last year": (Unit.POUNDS, _amount(lambda side: side.found.moved, "less")),
    "In points of what can move": (Unit.POINTS, _shifted),
    "Responsive need, last year": (Unit.CHILDREN, _need),
    "Released, last year": (Unit.POUNDS, _amount(released, "more to pay")),
    "First released in": (Unit.OTHER, _from),
    "Money from outside, over the plan": (Unit.POUNDS, _amount(bridging)),
    "Left unspent, over the plan": (Unit.POUNDS, _amount(unspent)),
    "Purses short, over the plan": (Unit.POUNDS, _amount(lambda side: unspent(side, -1))),
    "Of the solved plan's gain": (Unit.PER_CENT, _gained),
    "Rests on guesses": (Unit.PER_CENT, _guesses),
    "What it may be used for": (Unit.OTHER, _standing),
}


_LEFT_OUT = {"Purses short, over the plan": (NO_PLAN, "Nothing")}
"""Answers that are not worth a row where all scenarios give them; of other questions, that there is no plan."""


def levels(sides: Sequence[Side]) -> pd.DataFrame:
    """Change of a year's spend in the last year against today, by part of the money (GBP)."""
    return _beside(sides, "by_level", "label", "Part")


def agencies(sides: Sequence[Side]) -> pd.DataFrame:
    """Change of a year's spend in the last year against today, by who pays (GBP)."""
    return _beside(sides, "by_agency", "label", "Agency")


def services(sides: Sequence[Side]) -> pd.DataFrame:
    """Change of a year's spend in the last year against today, by service that changes in any of them (GBP)."""
    return _beside(sides, "by_service", "name", "Service")


def _beside(sides: Sequence[Side], frame: str, key: str, title: str) -> pd.DataFrame:
    """One column of changes a scenario, in two figures where it is for discussion only; what changes in none is left out."""
    columns = {}
    for side in sides:
        rows: pd.DataFrame = getattr(side.found, frame)
        changes = rows[rows["year"] == side.last].groupby(key, sort=False)["change"].sum() * THOUSAND
        told = changes.map(two_figures) if side.rough else changes.round(2)
        columns[f"{side.title} (£)"] = told + 0.0 if side.possible else told * float("nan")
    table = pd.DataFrame(columns).rename_axis(title).reset_index()
    moving = (table.iloc[:, 1:].abs() > THOUSAND * _NOTHING).any(axis=1)
    most = table.iloc[:, 1:].abs().max(axis=1)
    chosen = table[moving] if title != "Part" else table
    return chosen.loc[most[chosen.index].sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def years(sides: Sequence[Side]) -> pd.DataFrame:
    """Spend on prevention against today's, a row a year and scenario that has a plan (GBP)."""
    rows = []
    for side in sides:
        if side.possible:
            levels = side.found.by_level
            spent = levels[levels["part"] == Part.PREVENTION.value]
            told = (spent["change"] * THOUSAND).map(two_figures) if side.rough else (spent["change"] * THOUSAND).round(2)
            rows += [(year, side.title, change) for year, change in zip(spent["year"], told + 0.0, strict=True)]
    return pd.DataFrame(rows, columns=["Year", "Scenario", "Change (£)"])


def amount(side: Side, base: Side, value: float) -> Figure:
    """A difference between two scenarios in money, as rough as the rougher of them."""
    return _in_money(side, value, side.rough or base.rough)
