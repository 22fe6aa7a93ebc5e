"""A hot session gives the cold solve's answer to every edit, and says when it had to start anew."""

import copy
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.errors import ScenarioError
from rcs_core.workshop.scenario import Result, parse_scenario, solve
from rcs_core.workshop.scenario.accuracy import accuracy
from rcs_core.workshop.scenario.hot import HotSession
from rcs_core.workshop.scenario.model import build, write
from rcs_core.workshop.scenario.session import Matrix, Session
from rcs_core.workshop.scenario.stages import Run, in_stages
from tests.workshop.scenario_cases import random_scenario
from tests.workshop.test_scenario_format import SMALL

few = settings(max_examples=12, deadline=None, derandomize=True)
SEEDS = st.integers(0, 100_000)


def times(value: Any, k: float, most: float = float("inf")) -> Any:
    """A number, or a list of one a year, made larger or smaller; absent stays absent."""
    if isinstance(value, list):
        return [times(v, k, most) for v in value]
    return value if value is None else min(value * k, most)


def edited(content: dict[str, Any], seed: int) -> dict[str, Any]:
    """The scenario with one to three kinds of its numbers changed; one time in five a rule or a limit comes or goes."""
    rnd, changed = random.Random(seed), copy.deepcopy(content)
    for edit in rnd.sample(EDITS, rnd.randint(1, 3)):
        edit(changed, rnd)
    if rnd.random() < 0.2:
        rnd.choice(REBUILDS)(changed, rnd)
    return changed


def _budget(c: dict[str, Any], rnd: random.Random) -> None:
    agency = rnd.choice(c["agencies"])
    agency["budget"] = times(agency["budget"], rnd.uniform(0.9, 1.2))


def _care(c: dict[str, Any], rnd: random.Random) -> None:
    care = rnd.choice(c["acute"])
    care["unit_cost"] = times(care["unit_cost"], rnd.uniform(0.9, 1.1))
    care["cashable"] = rnd.choice([0.0, 0.5, 1.0])
    care["preventable"] = rnd.choice([0.2, 0.6, 1.0])


def _demand(c: dict[str, Any], rnd: random.Random) -> None:
    k = rnd.uniform(0.9, 1.1)
    for care in c["acute"]:
        care["demand"] = {p: {g: times(n, k) for g, n in by.items()} for p, by in care["demand"].items()}


def _response(c: dict[str, Any], rnd: random.Random) -> None:
    service, k = rnd.choice(c["prevention"]), rnd.uniform(0.5, 1.5)
    for by in service["segments"].values():
        for segments in by.values():
            segments[:] = [[width, slope * k] for width, slope in segments]
    service["retention"] = rnd.choice([0.0, 0.3, 0.8])


def _promises(c: dict[str, Any], rnd: random.Random) -> None:
    k = rnd.uniform(0.8, 1.2)
    for service in c["prevention"]:
        for key in ("floor", "capacity", "ramp_up", "ramp_abs", "ramp_down", "setup_cost"):
            if key in service:
                service[key] = times(service[key], k, 1.0 if key == "ramp_down" else float("inf"))


def _target(c: dict[str, Any], rnd: random.Random) -> None:
    if "share_target" in c:
        c["share_target"] = times(c["share_target"], rnd.uniform(0.5, 1.3), 1.0)
    c["discount_rate"] = rnd.choice([0.0, 0.02, 0.05])


def _base(c: dict[str, Any], rnd: random.Random) -> None:
    service = rnd.choice(c["prevention"])
    service["agencies"] = {a: {p: v * rnd.uniform(0.8, 1.2) for p, v in by.items()} for a, by in service["agencies"].items()}


def _limit(c: dict[str, Any], rnd: random.Random) -> None:
    rnd.choice(c["prevention"])["capacity"] = rnd.uniform(20.0, 80.0)


def _no_rules(c: dict[str, Any], _: random.Random) -> None:
    c["equity"], c["pools"] = [], []


def _scale(c: dict[str, Any], _: random.Random) -> None:
    c["prevention"][0]["min_scale"] = 4.0


EDITS = [_budget, _care, _demand, _response, _promises, _target, _base]
REBUILDS = [_limit, _no_rules, _scale]


def the_same(hot: Result, cold: Result) -> None:
    """One answer: status, figure, every stage, every line; or the clash and its repairs."""
    assert hot.status == cold.status
    assert (hot.objective is None) == (cold.objective is None)
    if cold.objective is not None:
        assert hot.objective == pytest.approx(cold.objective, rel=1e-7, abs=1e-7)
        assert hot.stages == pytest.approx(cold.stages, rel=1e-6, abs=1e-6)
        assert [line.amount for line in hot.spend] == pytest.approx([line.amount for line in cold.spend], abs=1e-5)
        assert [p.underspend for p in hot.purses] == pytest.approx([p.underspend for p in cold.purses], abs=1e-5)
        assert hot.messages == cold.messages
        assert hot.certificate is not None
        assert hot.certificate.worst_figure <= accuracy().certificate
    assert hot.conflict == cold.conflict
    assert [r.change for r in hot.repairs] == pytest.approx([r.change for r in cold.repairs], rel=1e-5, abs=1e-5)


def walk(seed: int, steps: int) -> list[bool]:
    """A session under edit beside a cold solve of each step; says which steps were hot."""
    content = random_scenario(seed)
    session = HotSession(parse_scenario(content))
    the_same(session.solve(), solve(parse_scenario(content)))
    hot = []
    for step in range(steps):
        content = edited(content, 1000 * seed + step)
        the_same(session.edit(parse_scenario(content)), solve(parse_scenario(content)))
        hot.append(session.turn.hot)
    return hot


@few
@given(SEEDS)
def test_an_edit_in_a_hot_session_has_the_answer_of_a_cold_solve(seed: int) -> None:
    walk(seed, 2)


def changed_budget(k: float) -> dict[str, Any]:
    content = copy.deepcopy(SMALL)
    content["agencies"][0]["budget"] = times(content["agencies"][0]["budget"], k)
    return content


def test_an_edit_of_numbers_goes_on_from_the_last_plan_and_counts_what_changed() -> None:
    session = HotSession(parse_scenario(SMALL))
    session.solve()
    assert (session.turn.hot, session.turn.why) == (False, "first solve")
    session.edit(parse_scenario(changed_budget(1.01)))
    # the budget of each year is one row, an equality: its low and its high end
    assert session.turn.hot
    assert session.turn.changed == 2 * SMALL["horizon"]
    session.edit(parse_scenario(changed_budget(1.01)))
    assert (session.turn.hot, session.turn.changed) == (True, 0)


def test_an_edit_that_brings_a_row_or_a_column_starts_anew_and_says_so() -> None:
    session = HotSession(parse_scenario(SMALL))
    session.solve()
    capped = copy.deepcopy(SMALL)
    capped["prevention"][0]["capacity"] = 40.0
    session.edit(parse_scenario(capped))
    assert (session.turn.hot, session.turn.why) == (False, "other rows: a promise or a limit came or went")
    dearer = copy.deepcopy(capped)
    dearer["prevention"][0]["setup_cost"] = 0.1
    session.edit(parse_scenario(dearer))
    assert session.turn.why.startswith("other columns")
    dearer["prevention"][0]["setup_cost"] = 0.2
    session.edit(parse_scenario(dearer))
    assert session.turn.hot


def test_yes_or_no_choices_start_anew() -> None:
    content = copy.deepcopy(SMALL)
    content["prevention"][0] |= {"min_scale": 4.0, "capacity": 40.0}
    session = HotSession(parse_scenario(content))
    session.solve()
    content["prevention"][0]["min_scale"] = 5.0
    the_same(session.edit(parse_scenario(content)), solve(parse_scenario(content)))
    assert session.turn.why == "it has yes-or-no choices"


def test_a_session_comes_back_from_an_impossible_edit_and_from_one_that_is_refused() -> None:
    session, start = HotSession(parse_scenario(SMALL)), solve(parse_scenario(SMALL))
    session.solve()
    poor, unlimited = changed_budget(0.3), copy.deepcopy(SMALL)
    the_same(session.edit(parse_scenario(poor)), solve(parse_scenario(poor)))
    the_same(session.edit(parse_scenario(SMALL)), start)
    assert session.turn.hot
    unlimited["agencies"][0]["budget"] = None
    unlimited["prevention"][0] |= {"min_scale": 4.0, "capacity": None}
    for by in unlimited["prevention"][0]["segments"].values():
        for segments in by.values():
            segments[:] = [[None, segments[0][1]]]
    with pytest.raises(ScenarioError, match="nothing limits what may be spent"):
        session.edit(parse_scenario(unlimited))
    the_same(session.edit(parse_scenario(SMALL)), start)


def test_threads_that_share_a_session_each_get_the_answer_to_what_they_sent() -> None:
    session, factors = HotSession(parse_scenario(SMALL)), [1.0, 1.02, 1.05, 1.1] * 3
    cold = {k: solve(parse_scenario(changed_budget(k))) for k in set(factors)}
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda k: session.edit(parse_scenario(changed_budget(k))), factors)
        for k, answer in zip(factors, answers, strict=True):
            the_same(answer, cold[k])


@pytest.mark.parametrize("seed", range(8))
def test_stages_fixed_by_prices_reach_what_stages_fixed_by_rows_reach(seed: int) -> None:
    model, exact = build(parse_scenario(random_scenario(seed))), accuracy()
    runs = [
        in_stages(Run(model, Session(Matrix.of(model), exact.certificate, exact.solver), exact, capped))
        for capped in (False, True)
    ]
    assert runs[0].status == runs[1].status
    if runs[0].status == "optimal":
        runs[0].stages.pop("one plan")
        assert runs[0].stages == pytest.approx(runs[1].stages, rel=1e-6, abs=1e-6)


def pulp_name(name: str) -> str:
    return name.translate(pulp.LpVariable.trans)


@pytest.mark.parametrize("seed", range(6))
def test_the_arrays_hold_what_pulp_holds(seed: int) -> None:
    scenario = parse_scenario(random_scenario(seed))
    model, numbers = build(scenario), Matrix.of(write(scenario))
    rows, variables = model.problem.constraints(), model.problem.variables()
    held = np.zeros(numbers.a.shape)
    for index, row in enumerate(rows):
        for variable, weight in row.items():
            held[index, variable.id] = weight
    assert (held == numbers.a.toarray()).all()
    # PuLP writes its own sign where its file formats know no bracket
    assert [row.name for row in rows] == [pulp_name(about.name) for about in model.rows]
    for got, said in ((numbers.row_low, "getLb"), (numbers.row_high, "getUb")):
        told = [getattr(row, said)() for row in rows]
        assert [None if np.isinf(v) else v for v in got] == told
    assert [v.lowBound for v in variables] == list(numbers.low)
    assert [v.upBound for v in variables] == list(numbers.high)


def leaves(content: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where every number of a scenario file stands."""
    if isinstance(content, dict | list):
        inner = content.items() if isinstance(content, dict) else enumerate(content)
        return [found for key, value in inner for found in leaves(value, (*path, key))]
    return [path] if isinstance(content, int | float) and not isinstance(content, bool) else []


def nudged(content: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    """The scenario with one number a little smaller, or larger where it is nothing."""
    changed = copy.deepcopy(content)
    holder: Any = changed
    for step in path[:-1]:
        holder = holder[step]
    value = holder[path[-1]]
    holder[path[-1]] = value - 1 if isinstance(value, int) and value > 1 else value * 0.9 if value else 0.05
    return changed


def unlike_anew(content: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Numbers whose change gives another programme when parts are taken over than when all is written anew."""
    before, found = write(parse_scenario(content)), []
    for path in leaves(content):
        try:
            scenario = parse_scenario(nudged(content, path))
        except ScenarioError:
            continue
        anew, over = write(scenario), write(scenario, before)
        same = anew.keys == over.keys and anew.rows == over.rows and anew.numbers == over.numbers
        if not (same and {k: v for k, v in anew.vars.items() if v} == {k: v for k, v in over.vars.items() if v}):
            found.append(path)
    return found


@pytest.mark.parametrize("seed", [1, 12, 20])
def test_whatever_number_changes_what_is_taken_over_is_what_would_be_written(seed: int) -> None:
    content = random_scenario(seed)
    content["prevention"][0] |= {"min_scale": 2.0, "capacity": None}
    content["equity"].append({"id": "near", "kind": "gap", "per_child": {"G0": 0.1}, "max": 5.0})
    assert unlike_anew(content) == []
