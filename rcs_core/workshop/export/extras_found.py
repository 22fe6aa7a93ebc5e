"""What the workbook of a scenario says beside its plan: levers, what pays for what, prices of promises, tests, assumptions.

In: a solved scenario, with the levers that it came from where it came from a release. Out: findings of the same functions as
the screen's, and the sheets made of them. What was not worked out is absent with a reason in words; nothing is cut silently.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from rcs_core.errors import ScenarioError
from rcs_core.release import Release
from rcs_core.settings import CONTRACTS, fill, read_yaml
from rcs_core.workshop.couple import Levers, compare
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.couple.parts import Inputs
from rcs_core.workshop.explore.changes import grounded
from rcs_core.workshop.explore.draws_run import Stopped
from rcs_core.workshop.explore.knobs import Kind, Knob, effect_knobs, knobs
from rcs_core.workshop.explore.moves import moves
from rcs_core.workshop.explore.stress import Stressed, stress
from rcs_core.workshop.explore.switching import Switch, switch
from rcs_core.workshop.inputs.assumed import Assumed
from rcs_core.workshop.inputs.unsaid import assumptions
from rcs_core.workshop.scenario import Result, Scenario
from rcs_core.workshop.scenario.explain.anew import Anew
from rcs_core.workshop.scenario.explain.funding import Funding, fund
from rcs_core.workshop.scenario.explain.promise_price import Bundle, Price, Together, bundles, priced, together
from rcs_core.workshop.scenario.hot import HotSession
from rcs_core.workshop.scenario.simulate import inputs_of
from rcs_core.workshop.shift import Shift
from rcs_core.workshop.why.stress import STATED

NO_PLAN = "There is no plan, so there is nothing to work it out from."
DISCUSSED = "Not worked out: where a shift is only discussed no effect is used, so nothing is optimised and nothing has a price."


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is worked out anew for one workbook: promises at most, and seconds for each part."""

    promises: int
    prices: float
    stress: float
    switching: float


@cache
def usual_limits() -> Limits:
    """The limits of `data_contracts/scenario_book.yaml`."""
    path = CONTRACTS / "scenario_book.yaml"
    entries: dict[str, Any] = read_yaml(path)
    values = {name: float(fill(Assumed, entry, f"{path.name}, {name}").value) for name, entry in entries.items()}
    return Limits(int(values["prices_promises"]), *(values[f"{part}_seconds"] for part in ("prices", "stress", "switching")))


@dataclass(frozen=True, slots=True)
class Prices:
    """Promises with what each costs, the dearest first. rest: those that nobody priced, and why. solves: plans solved for it."""

    found: tuple[Price, ...]
    together: Together
    rest: tuple[Bundle, ...] = ()
    why_rest: str = ""
    solves: int = 0


@dataclass(frozen=True, slots=True)
class Switches:
    """Effects and unit costs with the values at which the plan turns. rest: inputs that were not tried, and why."""

    found: tuple[Switch, ...]
    rest: tuple[Knob, ...] = ()
    why_rest: str = ""


@dataclass(frozen=True, slots=True)
class Extras:
    """What a workbook says beside the plan. absent: by part (levers, funding, prices, tests, switches), why it is not there.

    levers: None for a scenario from a file alone. rough: whether it is for discussion only, so that results are in two
    figures. release: where the levers came from one. assumed: rows of what the tool assumes.
    """

    shift: Shift
    rough: bool
    levers: Levers | None = None
    release: Release | None = None
    funding: Funding | None = None
    prices: Prices | None = None
    tests: Stressed | None = None
    switches: Switches | None = None
    assumed: Sequence[Mapping[str, Any]] = ()
    absent: Mapping[str, str] = field(default_factory=dict)

    @property
    def discussed(self) -> bool:
        """Whether the shift is stated and no effect is used."""
        return self.shift.scenario.depth == Depth.DISCUSS.value


def extras_of(
    scenario: Scenario, result: Result, names: Mapping[str, str], *, shift: Shift | None = None, release: Release | None = None,
    limits: Limits | None = None, assumed: Sequence[Mapping[str, Any]] | None = None,
) -> Extras:  # fmt: skip
    """Work out what the workbook says beside the plan.

    shift, release: of a scenario that came from levers; without them it is taken as a file alone. limits: the usual ones.
    """
    about, within = shift or of_file(scenario, result, names), limits or usual_limits()
    absent: dict[str, str] = {} if shift else {"levers": FROM_FILE}
    found: dict[str, Any] = {}
    for part, make in _MAKERS.items():
        answer = make(about, within)
        if isinstance(answer, str):
            absent[part] = answer
        else:
            found[part] = answer
    rough = about.scenario.depth == Depth.DISCUSS.value if about.found.guess_share is None else about.found.discussion_only
    told = assumptions() if assumed is None else assumed
    return Extras(about, rough, shift.levers if shift else None, release, **found, assumed=told, absent=absent)


FROM_FILE = "This scenario is from a file, which holds no levers: every number that it rests on is on Inputs."


def of_file(scenario: Scenario, result: Result, names: Mapping[str, str]) -> Shift:
    """A scenario from a file as the words about a shift take it: of its release nothing is known."""
    depth = Depth(scenario.depth) if scenario.depth in set(Depth) else Depth.EVIDENCE
    unknown = Inputs(dict(names), tuple(a.id for a in scenario.agencies), (), (), {}, "", scenario.price_year or "", 0)
    return Shift(scenario, result, compare(scenario, result, names), names, Levers(depth=depth), unknown)


def _fund(shift: Shift, _: Limits) -> Funding | str:
    if not shift.possible:
        return NO_PLAN
    try:
        return fund(shift.scenario, shift.result)
    except ScenarioError as error:
        return f"Not worked out: {error.what} ({error.got})."


def _prices(shift: Shift, limits: Limits) -> Prices | str:
    if not shift.possible:
        return NO_PLAN
    if shift.scenario.depth == Depth.DISCUSS.value:
        return DISCUSSED
    over, tried = _clock(limits.prices), [0]
    anew = Anew(shift.scenario)
    every = bundles(anew)

    def stop() -> bool:
        tried[0] += 1
        return tried[0] > limits.promises or over()

    found = priced(anew, stop=stop)
    known = {price.bundle.rows for price in found}
    rest = tuple(bundle for bundle in every if bundle.rows not in known)
    late = f"the limit of {limits.promises} promises or {limits.prices:g} seconds for one workbook was reached"
    none = not rest and not any(price.costs for price in found)
    return Prices(tuple(found), together(anew, found) if none else Together(), rest, late if rest else "", anew.solves)


def _tests(shift: Shift, limits: Limits) -> Stressed | str:
    if not shift.possible:
        return NO_PLAN
    over, discussed = _clock(limits.stress), shift.scenario.depth == Depth.DISCUSS.value
    try:
        if discussed:
            return stress(shift.scenario, shift.result, STATED, anew=False)
        return stress(shift.scenario, shift.result, told=_until(over), names=shift.names)
    except Stopped:
        return f"Not worked out: the standing tests take longer than the {limits.stress:g} seconds given to one workbook."


def _switches(shift: Shift, limits: Limits) -> Switches | str:
    if not shift.possible:
        return NO_PLAN
    if shift.scenario.depth == Depth.DISCUSS.value:
        return DISCUSSED
    base, over = grounded(shift.scenario), _clock(limits.switching)
    asked = [*effect_knobs(base), *_costs(base)]
    session, moved = HotSession(base), moves(base, shift.result)
    found: list[Switch] = []
    while len(found) < len(asked) and not over():
        found.append(switch(session, base, asked[len(found)], moved))
    late = f"the limit of {limits.switching:g} seconds for one workbook was reached"
    rest = tuple(asked[len(found) :])
    return Switches(tuple(found), rest, late if rest else "")


def _costs(base: Scenario) -> list[Knob]:
    return [k for k in knobs(base, inputs_of(base), apart=True) if k.kind in (Kind.UNIT_COST, Kind.CASHABLE)]


def _clock(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def _until(over: Callable[[], bool]) -> Callable[[float], object]:
    def hear(done: float) -> None:
        if done < 1 and over():
            raise Stopped

    return hear


_MAKERS: dict[str, Callable[[Shift, Limits], object]] = {
    "funding": _fund,
    "prices": _prices,
    "tests": _tests,
    "switches": _switches,
}
