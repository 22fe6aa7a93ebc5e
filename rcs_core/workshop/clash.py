"""Promises that cannot all hold, as a room can read them: what clashes, the smallest changes, the best that can be had.

What comes in is a shift with no plan; what goes out are sentences and frames in pounds, and the changes as edits that a
button can put in. A change that would leave need unmet is never put to a room as a way out; the workbook has it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil

import pandas as pd

from rcs_core.release import Release
from rcs_core.workshop.couple.build import scenario_of
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.scenario.edits import Edit
from rcs_core.workshop.scenario.explain.impossible.achievable import ExtraMoney, MostOfTarget, extra_money, most_of_targets
from rcs_core.workshop.scenario.explain.impossible.holding import holds
from rcs_core.workshop.scenario.explain.impossible.repairs import WayOut, enough
from rcs_core.workshop.scenario.explain.impossible.repairs import ways_out as ways_of
from rcs_core.workshop.scenario.explain.impossible.shortfall import Shortfall, arithmetic
from rcs_core.workshop.scenario.model import Model, write
from rcs_core.workshop.scenario.result import Repair
from rcs_core.workshop.scenario.wording import SHARE, promise_text, said, year_label
from rcs_core.workshop.sentence import Figure, Sentence, Unit, say
from rcs_core.workshop.shift import THOUSAND, Answer, Shift, pounds

TENTH = 0.1
"""Of a percentage point: how finely a shift is tried."""
FEW = 4
"""Changes that a room is told at once; the rest are in the list."""
_WAYS = {
    "budget": "Raise the budget of {what}",
    "floor": "Lower the least spend on {what}",
    "rampup": "Let {payer} raise its spend on {what} faster",
    "rampdn": "Let {payer} cut its spend on {what} faster",
    "capacity": "Raise the limit of {what}",
    "ring": "Lower the ring-fence {what}",
    "share": "Lower the preventative share asked for",
    "equity": "Ease the fairness rule {what}",
    "outcome_target": "Lower the outcome asked for",
    "pool": "Put more into {what}",
}
"""Ways to give way; need left unmet is not among them."""


@dataclass(frozen=True, slots=True)
class Way:
    """One change that a room can make with one button: what is said of it, and the edits with whose wish they are.

    whole: whether every promise holds then. clash: whether it settles the clash that was found, or only a sum.
    """

    sentence: Sentence
    edits: tuple[Edit, ...]
    whole: bool
    clash: bool = True


@dataclass(frozen=True, slots=True)
class Worked:
    """What is worked out of a clash: sums that do not come out, the smallest changes, and the best that can be had.

    rough: amounts rest on estimated effects, so they are said (and put in) in two figures, rounded up.
    """

    sums: tuple[Shortfall, ...]
    ways: tuple[Way, ...]
    extra: ExtraMoney | None
    targets: tuple[MostOfTarget, ...]
    rough: bool = False


def worked(shift: Shift) -> Worked:
    """Work out what a room needs about a clash: a second or so for the whole map."""
    scenario, rough, sums = shift.scenario, is_rough(shift), arithmetic(shift.scenario)
    ways = few_ways(shift, sums[0].repair if sums else None)
    return Worked(sums, ways, extra_money(scenario, rough), most_of_targets(scenario), rough)


def most_shift(release: Release, shift: Shift) -> float | None:
    """The most points of a stated shift that can move with every other promise kept; None where not even none can.

    To a tenth of a point. The room's own changes are kept as they are.
    """

    def possible(points: float) -> bool:
        return holds(scenario_of(shift.inputs, replace(shift.levers, shift_pct=points), release))

    if not possible(0.0):
        return None
    low, high = 0, ceil(shift.levers.shift_pct / TENTH)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if possible(middle * TENTH) else (low, middle)
    return round(low * TENTH, 1)


def is_rough(shift: Shift) -> bool:
    """Whether what is short rests on estimated effects; a shift that is discussed rests on budgets and spend alone."""
    return shift.levers.depth is Depth.ESTIMATE


def few_ways(shift: Shift, first: Repair | None = None) -> tuple[Way, ...]:
    """The smallest changes, each way once in the year in which it takes least, as a button can make them.

    first: the change that the foremost sum asks for; it comes before those of the clash.
    """
    model, told = write(shift.scenario), dict[str, Repair]()
    found = _sorted(shift, model)
    of_clash = {repair.promise for repair in found}
    if first and first.promise in model.promises:
        same = [repair for repair in found if repair.promise == first.promise]
        found = [max([first, *same], key=lambda r: abs(r.change)), *found]
    for repair in found:
        if (way := _way(model, repair, shift.names)) not in told:
            told[way] = repair
    few = ways_of(shift.scenario, shift.result, is_rough(shift), list(told.values())[:FEW])
    return tuple(_as_way(shift, model, way, way.repair.promise in of_clash) for way in few)


def _as_way(shift: Shift, model: Model, found: WayOut, of_clash: bool) -> Way:
    year, money = _when(shift, model, found.repair.promise), shift.scenario.money
    way, much = _way(model, found.repair, shift.names), _much(found.repair, money)
    sentence = (
        say("{way} by {much} in {year}.", way=way, much=much, year=year) if year else say("{way} by {much}.", way=way, much=much)
    )
    owner = _owner(model, found.repair.promise, shift.names)
    return Way(sentence, tuple(replace(edit, owner=owner, reason=sentence.text) for edit in found.edits), found.whole, of_clash)


def _owner(model: Model, promise: str, names: Mapping[str, str]) -> str:
    """Whose change it is: the agency that a promise names, and else the room."""
    parts, agencies = model.promises[promise].parts, {a.id for a in model.scenario.agencies}
    return next((said(part, names) for part in parts if part in agencies), "The room")


def clash(shift: Shift) -> Answer:
    """How many promises clash, when, and whose budget is among them."""
    count = len(shift.result.conflict or ())
    if not count:
        return Answer("No promise is to blame: what cannot be changed leaves no plan.", " ".join(shift.result.messages))
    model = write(shift.scenario)
    years = sorted({year for p in shift.result.conflict or () if (year := _year(model, p))})
    when = [year_label(shift.scenario, y) for y in years]
    over = f" over {when[0]} to {when[-1]}" if len(when) > 1 else f" in {when[0]}" if when else ""
    purses = dict.fromkeys(_what(model, p, shift.names) for p in shift.result.conflict or () if _family(model, p) == "budget")
    small = f": the budget of {' and of '.join(purses)} is too small for what is promised from it" if purses else ""
    head = f"{count} promises clash{over}" if count > 1 else f"One promise cannot hold{over}"
    return Answer(
        f"{head}{small}.", "Giving way on any one of them settles this clash. Change one, look again, and see what it meets next."
    )


def _sorted(shift: Shift, model: Model) -> list[Repair]:
    found = [r for r in shift.result.repairs if _family(model, r.promise) in _WAYS]
    money = shift.scenario.money
    return sorted(found, key=lambda r: (r.unit != money, round(abs(r.change), 2), _family(model, r.promise) != "budget"))


def ways_out(shift: Shift) -> pd.DataFrame:
    """The changes that settle the clash, each alone, money first and the smallest first (What, Year, By)."""
    model, money = write(shift.scenario), shift.scenario.money
    found = [enough(shift.scenario, r, is_rough(shift)) for r in _sorted(shift, model)]
    rows = [(_way(model, r, shift.names), _when(shift, model, r.promise), _by(r, money)) for r in found]
    return pd.DataFrame(rows, columns=["What to change", "Year", "By"])


def in_words(ways: pd.DataFrame) -> list[str]:
    """The smallest changes as sentences, each way once, in the year in which it takes least."""
    short = ways.drop_duplicates("What to change").head(FEW)
    return [f"{what} by {much}{f' in {year}' if year else ''}." for what, year, much in short.itertuples(index=False)]


def promises(shift: Shift) -> pd.DataFrame:
    """Every promise of the clash, with its year."""
    model = write(shift.scenario)
    texts = [(promise_text(model, p, shift.names, brief=True), _when(shift, model, p)) for p in shift.result.conflict or ()]
    rows = [(f"{text[:1].upper()}{text[1:]}", year) for text, year in texts]
    return pd.DataFrame(rows, columns=["Promise (money in £ thousand)", "Year"])


def _family(model: Model, promise: str) -> str:
    return model.promises[promise].family


def _year(model: Model, promise: str) -> int:
    parts = model.promises[promise].parts
    return int(parts[-1]) if parts else 0


def _when(shift: Shift, model: Model, promise: str) -> str:
    year = _year(model, promise)
    return year_label(shift.scenario, year) if year else ""


def _what(model: Model, promise: str, names: Mapping[str, str]) -> str:
    parts = model.promises[promise].parts
    return said(parts[0], names) if parts else ""


def _way(model: Model, repair: Repair, names: Mapping[str, str]) -> str:
    family, parts = model.promises[repair.promise].family, model.promises[repair.promise].parts
    payer = said(parts[1], names) if family.startswith("ramp") else ""
    return _WAYS[family].format(what=_what(model, repair.promise, names), payer=payer)


def _by(repair: Repair, money: str) -> str:
    if repair.unit == money:
        return pounds(repair.change)
    return f"{100 * abs(repair.change):.1f} percentage points" if repair.unit == SHARE else f"{abs(repair.change):,.2f}"


def _much(repair: Repair, money: str) -> Figure:
    if repair.unit == money:
        return Figure(THOUSAND * repair.change, Unit.POUNDS, pounds(repair.change))
    if repair.unit == SHARE:
        return Figure(100 * repair.change, Unit.POINTS, _by(repair, money))
    return Figure(repair.change, Unit.OTHER, _by(repair, money))
