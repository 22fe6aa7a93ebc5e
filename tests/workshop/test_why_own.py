"""What is said of a plan of one's own is what the simulator found, and nothing is called best where nothing was optimised."""

from dataclasses import replace
from functools import cache

import pytest

from rcs_core.workshop.couple import Levers, compare
from rcs_core.workshop.couple.levers import Depth, Preset
from rcs_core.workshop.scenario import parse_scenario, solve
from rcs_core.workshop.scenario.own_plan import Scored, Scorer
from rcs_core.workshop.scenario.own_spend import plan_from, table_of
from rcs_core.workshop.scenario.promises_kept import Broken, counted
from rcs_core.workshop.shift import Shift, try_shift
from rcs_core.workshop.why import own
from tests.workshop.scenario_cases import random_scenario
from tests.workshop.test_couple import a_release


@cache
def tried(depth: Depth) -> tuple[Shift, Scorer]:
    shift = try_shift(a_release(), Levers.of(Preset.SHIFT_2, depth=depth))
    return shift, Scorer(shift.scenario, shift.result)


def scored(depth: Depth, times: float) -> tuple[Shift, Scored]:
    shift, scorer = tried(depth)
    table = {s: tuple(v * times for v in line) for s, line in table_of(shift.scenario, scorer.best).items()}
    return shift, scorer.score(plan_from(shift.scenario, table, scorer.best))


def test_the_plan_itself_gains_as_much_and_keeps_every_promise() -> None:
    shift, found = scored(Depth.ESTIMATE, 1.0)
    assert own.distance(shift, found, best=False).text == "This plan gains as much as the plan shown. It keeps every promise."
    assert own.broken(shift, found) == []
    assert own.without_use(shift, found) is None
    assert own.short(found) == pytest.approx(0, abs=1e-6)


def test_a_plan_that_cuts_what_may_not_be_cut_says_so_with_the_pounds_and_the_years() -> None:
    shift, found = scored(Depth.ESTIMATE, 0.5)
    sentence = own.distance(shift, found, best=True)
    assert "the best plan" in sentence.text
    assert sentence.value("0.loss" if found.share < 0 else "0.share") == found.share
    assert sentence.value("1.missed") == len(own.broken(shift, found)) > 0
    told = dict(own.broken(shift, found))
    things = (*shift.scenario.prevention, *shift.scenario.acute, *shift.scenario.agencies)
    assert set(told) <= {thing.id for thing in things}
    worst = max((b for b in found.broken if b.family == "floor"), key=lambda b: b.by)
    named = [s for about, s in own.broken(shift, found) if about == worst.about[0] and "less than it must have" in s.text]
    assert named[0].value("by") == pytest.approx(1000 * worst.by)
    assert shift.names[worst.about[0]] in named[0].text
    assert "£" not in own.veiled(named[0])
    assert shift.names[worst.about[0]] in own.veiled(named[0])


def test_a_plan_that_takes_money_that_is_not_there_says_whose_purse_is_short() -> None:
    shift, found = scored(Depth.ESTIMATE, 3.0)
    lines = [s for _, s in own.broken(shift, found) if " is short of " in s.text]
    assert lines
    table = own.purses(shift, found)
    assert (table.iloc[:, 1:] < 0).any().any()
    worst = max(b.by for b in found.broken if b.family == "budget")
    assert max(s.value("by") for s in lines) == pytest.approx(1000 * worst)
    assert own.short(found) == pytest.approx(sum(b.by for b in found.broken if b.family == "budget"))
    useless = own.without_use(shift, found)
    assert useless is not None
    assert useless.value("amount") == pytest.approx(1000 * max(found.beyond.values()))


def test_where_a_shift_is_only_discussed_no_plan_is_near_or_far_and_its_stated_path_is_no_promise() -> None:
    shift, found = scored(Depth.DISCUSS, 1.0)
    assert "no plan is nearer to the best than another" in own.distance(shift, found, best=False).text
    today = {
        s.id: tuple(sum(sum(by.values()) for by in s.agencies.values()) for _ in shift.scenario.years)
        for s in shift.scenario.prevention
    }
    still = tried(Depth.DISCUSS)[1].score(plan_from(shift.scenario, today))
    assert any(b.family == "floor" for b in still.broken)
    assert counted(shift.scenario, still.broken) == ()
    half = tried(Depth.DISCUSS)[1].score(plan_from(shift.scenario, {s: tuple(v / 2 for v in line) for s, line in today.items()}))
    short = {b.about[0]: b.by for b in counted(shift.scenario, half.broken) if b.family == "floor"}
    assert short == pytest.approx({s: line[0] / 2 for s, line in today.items()})


def test_every_kind_of_promise_has_its_sentence() -> None:
    for seed in (3, 8):
        scenario = parse_scenario(random_scenario(seed))
        result = solve(scenario)
        if result.status != "optimal":
            continue
        base = tried(Depth.ESTIMATE)[0]
        shift = replace(base, scenario=scenario, result=result, found=compare(scenario, result), names={})
        scorer = Scorer(scenario, result)
        found = scorer.score(plan_from(scenario, {s.id: (0.0,) * scenario.horizon for s in scenario.prevention}))
        for _, sentence in own.broken(shift, found):
            assert sentence.text.endswith(".")
    shift = tried(Depth.ESTIMATE)[0]
    for family in own._TEXTS:
        about = (
            () if family == "outcome_target" else ("S003", "council_social_work", "L", "1") if "ramp" in family else ("S003", "1")
        )
        found = replace(scored(Depth.ESTIMATE, 1.0)[1], broken=(Broken(family, family, about, 0.25),))
        ((_, sentence),) = own.broken(shift, found)
        assert sentence.figures["by"].value != 0
