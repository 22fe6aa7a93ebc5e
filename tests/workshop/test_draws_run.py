"""Claims about plans worked out anew in draws: each is the cold solve's, and no answer hangs on order, parts or workers."""

import copy
import importlib
import os
import pickle
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import highspy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.errors import ScenarioError
from rcs_core.workshop.explore import workers
from rcs_core.workshop.explore.draws_run import Stopped, anew
from rcs_core.workshop.explore.ranges import to_work_out, with_need
from rcs_core.workshop.explore.redrawn import Redrawn, redrawn
from rcs_core.workshop.explore.workers import Serial, WorkersError, executor
from rcs_core.workshop.scenario import Scenario, parse_scenario, solve
from rcs_core.workshop.scenario.drawn_scenario import at_draw, usable, with_values
from rcs_core.workshop.scenario.draws import Draws, from_ranges
from rcs_core.workshop.scenario.edits import Edit, edited
from rcs_core.workshop.scenario.redraw import Redrawing
from rcs_core.workshop.scenario.session import Session
from tests.workshop.scenario_cases import random_scenario
from tests.workshop.test_scenario_format import SMALL

few = settings(max_examples=8, deadline=None, derandomize=True)


def ranged(content: dict[str, Any], **changes: Any) -> Scenario:
    """A scenario whose slopes, unit costs, cashable and preventable shares and need have ranges."""
    known = []
    for i, service in enumerate(content["prevention"]):
        for group, by in service["segments"].items():
            for place, segments in by.items():
                for k, (_, slope) in enumerate(segments):
                    path = f"/prevention/{i}/segments/{group}/{place}/{k}/1"
                    known.append({"path": path, "state": "measured", "low": -0.1 * slope, "high": 1.5 * slope})
    for i, acute in enumerate(content["acute"]):
        if not isinstance(acute["unit_cost"], list):
            low, high = 0.8 * acute["unit_cost"], 1.1 * acute["unit_cost"]
            known.append({"path": f"/acute/{i}/unit_cost", "state": "measured", "low": low, "high": high})
        known.append({"path": f"/acute/{i}/preventable", "state": "measured", "low": 0.1, "high": 1.0})
    return with_need(parse_scenario({**content, "provenance": known, **changes}))


def small() -> Scenario:
    """The small scenario, in which what the service does, what care costs and need are drawn."""
    return ranged(copy.deepcopy(SMALL))


@few
@given(st.integers(0, 100_000))
def test_a_draw_worked_out_anew_is_the_cold_solve_of_the_edited_scenario(seed: int) -> None:
    scenario = ranged(random_scenario(seed), cautious=False)
    draws, ready = to_work_out(scenario, 2, seed), Redrawing(scenario)
    for draw in range(2):
        values = at_draw(draws, draw)
        alone = edited(scenario, [Edit(path, value) for path, value in values.items()])
        assert with_values(scenario, values) == alone
        found, cold = ready.solve(alone), solve(alone)
        assert found.status == cold.status
        if cold.objective is None:
            assert np.isnan(found.spend).all()
            continue
        assert found.objective == pytest.approx(cold.objective, rel=1e-7, abs=1e-7)
        assert found.outcome == pytest.approx(cold.outcome, rel=1e-7, abs=1e-7)
        spent = np.zeros_like(found.spend)
        for line in cold.spend:
            spent[[s.id for s in scenario.prevention].index(line.service), line.year - 1] += line.amount
        assert found.spend == pytest.approx(spent, rel=1e-6, abs=1e-6)


def test_the_order_of_draws_and_where_they_are_worked_out_change_nothing_to_the_last_bit() -> None:
    scenario = ranged({**random_scenario(17), "cautious": False})
    draws, ready = to_work_out(scenario, 12, 1), Redrawing(scenario)
    forward = [ready.solve(with_values(scenario, at_draw(draws, k))) for k in range(12)]
    elsewhere = Redrawing(scenario, ready.mark)
    backward = [elsewhere.solve(with_values(scenario, at_draw(draws, k))) for k in reversed(range(12))]
    assert sum(one.status == "optimal" for one in forward) > 6
    assert [pickle.dumps(one) for one in forward] == [pickle.dumps(one) for one in reversed(backward)]


def bits(found: Redrawn) -> list[bytes]:
    """Everything that a run came to, bit by bit."""
    arrays = (found.possible, found.spend, found.objective, found.outcome, found.own, found.short)
    return [array.tobytes() for array in arrays]


def test_one_worker_many_and_a_cluster_give_the_same_answer_to_the_last_bit() -> None:
    scenario = small()
    here = bits(redrawn(scenario, 40, seed=5))

    def by(who: Executor) -> list[bytes]:
        with who:
            return bits(redrawn(scenario, 40, seed=5, workers=who))

    assert by(executor(processes=2)) == here
    assert by(executor(processes=3, kind="threads")) == here
    dask = importlib.import_module("distributed")
    about = {"processes": False, "dashboard_address": None, "protocol": "tcp", "host": "127.0.0.1"}
    with dask.LocalCluster(n_workers=2, threads_per_worker=1, **about) as cluster:
        assert by(executor(cluster.scheduler_address)) == here
    assert bits(redrawn(scenario, 40, seed=6)) != here


def test_a_draw_is_the_same_however_many_are_drawn_and_in_whatever_order_the_file_lists_its_services() -> None:
    content = {**random_scenario(31), "cautious": False}
    scenario = ranged(content)
    few_draws, many = from_ranges(scenario, 3, 9), from_ranges(scenario, 50, 9)
    assert all(np.array_equal(drawn, many.values[path][:3]) for path, drawn in few_draws.values.items())
    turned = ranged({**content, "acute": content["acute"][::-1]})
    last = len(content["acute"]) - 1
    assert np.array_equal(
        from_ranges(turned, 3, 9).values[f"/acute/{last}/preventable"], few_draws.values["/acute/0/preventable"]
    )


def test_what_is_said_of_the_draws_adds_up_and_a_plan_that_is_paid_for_never_beats_the_best() -> None:
    found = redrawn(small(), 80, result=solve(small()))
    for service in found.services:
        assert sum(found.counted(service)) + found.impossible == 80
        assert (np.diff(found.spread(service), axis=0) >= 0).all()
    assert 0 <= found.held <= 80 - found.impossible
    paid = found.short <= 1e-9
    assert paid.any()
    assert (found.regret[paid] >= -1e-6 * (1 + found.objective[paid])).all()
    sure = redrawn(parse_scenario(SMALL), 5)
    assert (sure.held, sure.impossible) == (5, 0)
    assert sure.regret == pytest.approx(np.zeros(5), abs=1e-9)


def test_a_run_says_how_far_it_is_and_ends_when_it_is_told_to() -> None:
    heard: list[float] = []
    redrawn(small(), 90, told=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert len(heard) > 20
    heard.clear()
    with pytest.raises(Stopped):
        redrawn(small(), 90, told=heard.append, stop=lambda: len(heard) == 3)
    assert len(heard) == 3
    with pytest.raises(ScenarioError, match="too few or too many draws"):
        redrawn(small(), 0)


def test_harm_is_drawn_as_none_no_response_rises_and_what_no_file_may_hold_is_refused() -> None:
    scenario = parse_scenario(SMALL)
    slopes = {f"/prevention/0/segments/G1/L1/{k}/1": np.array(v) for k, v in enumerate(([-1.0, 1.0], [3.0, 0.5]))}
    found = usable(scenario, Draws(2, slopes))
    assert [drawn.tolist() for drawn in found.values.values()] == [[0.0, 1.0], [0.0, 0.5]]
    with pytest.raises(ScenarioError, match="out of range"):
        usable(scenario, Draws(2, {"/acute/0/cashable": np.array([0.5, 1.5])}))


def test_where_nobody_can_be_found_to_work_it_is_said_why_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WorkersError, match="no such kind of workers: got ghosts"):
        executor(kind="ghosts")
    with pytest.raises(WorkersError, match="nobody is left"):
        executor(processes=0)
    monkeypatch.setattr(workers, "PATIENCE", 0.2)
    with pytest.raises(WorkersError, match="the Dask scheduler cannot be reached"):
        executor("tcp://127.0.0.1:9")
    monkeypatch.setattr(workers, "import_module", lambda name: (_ for _ in ()).throw(ImportError(name)))
    with pytest.raises(WorkersError, match="Dask is not installed here") as caught:
        executor("tcp://127.0.0.1:9")
    assert "pip install distributed" in caught.value.remedy
    monkeypatch.setenv("RCS_DASK", " tcp://10.0.0.1:8786 ")
    assert workers.address() == "tcp://10.0.0.1:8786"


def test_where_the_dual_simplex_stays_undecided_the_primal_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario, ran, seen = small(), Session._ran, []

    def undecided(self: Session) -> Any:
        _, strategy = self.highs.getOptionValue("simplex_strategy")
        seen.append(strategy)
        found = ran(self)
        return found if strategy == 4 else highspy.HighsModelStatus.kUnknown

    known = Redrawing(scenario).base
    monkeypatch.setattr(Session, "_ran", undecided)
    assert known is not None
    found = Redrawing(scenario).base
    assert found is not None
    assert found.objective == pytest.approx(known.objective)
    assert seen[:3] == [0, 0, 4]


class Dying(Serial):
    """Workers of which one ends before its time."""

    def submit(self, *_: Any, **__: Any) -> Any:
        """Nobody is there to do it."""
        raise BrokenProcessPool("a process was ended abruptly")


def test_processes_stay_for_the_next_run_until_one_of_them_dies() -> None:
    with workers.lent(kind="serial") as who:
        assert isinstance(who, Serial)
    with workers.lent() as first:
        process = first.submit(os.getpid).result()
    with workers.lent() as again:
        assert again is first
        assert process != os.getpid()
        assert isinstance(again, ProcessPoolExecutor)
        assert process in again._processes
    with pytest.raises(WorkersError), workers.lent():
        raise WorkersError("a worker ended before its work was done")
    with workers.lent() as other:
        assert other is not first
    other.shutdown(cancel_futures=True)


def test_a_worker_that_dies_is_told_and_nothing_is_kept() -> None:
    scenario = small()
    with pytest.raises(WorkersError, match="ended before its work was done"):
        anew(scenario, None, to_work_out(scenario, 4), Dying())
