"""Draws worked out anew by whoever does the work: in small parts, with word of how far it is, and an end on demand.

The same draws give the same answers to the last bit, however they are parted, whoever works, and in whatever order.
"""

import pickle
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass
from hashlib import sha256

from rcs_core.workshop.explore.workers import Serial, WorkersError
from rcs_core.workshop.scenario.drawn_scenario import Value, at_draw, with_values
from rcs_core.workshop.scenario.draws import Draws
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.redraw import Anew, Mark, Redrawing, free_to_draw

IN_FLIGHT = 16
"""Parts that wait at once where workers do not say how many they take: what is not sent can still be called off."""
PARTS = 40
"""About how many parts a run has, so that it can be seen to go on and be stopped; a part has 25 draws at most."""
MOST_DRAWS = 25

type Told = Callable[[float], object]
type Stop = Callable[[], bool]


class Stopped(Exception):
    """Somebody asked for the run to end before its time; there is no answer."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker is sent: the scenario (pickled, known by its key), where its plan ended, and the numbers of some draws."""

    key: str
    scenario: bytes
    mark: Mark | None
    draws: tuple[dict[str, Value], ...]


_here = threading.local()
"""What this thread of a worker had ready for the last part: a solver belongs to one thread."""


def worked_out(task: Task) -> list[Anew]:
    """The answers to the draws of a part; the scenario is made ready once for a run."""
    if getattr(_here, "key", None) != task.key:
        scenario: Scenario = pickle.loads(task.scenario)
        _here.key, _here.scenario, _here.ready = task.key, free_to_draw(scenario), Redrawing(scenario, task.mark)
    return [_here.ready.solve(with_values(_here.scenario, values)) for values in task.draws]


def anew(
    scenario: Scenario,
    mark: Mark | None,
    draws: Draws,
    workers: Executor | None = None,
    told: Told | None = None,
    stop: Stop | None = None,
) -> list[Anew]:
    """Every draw of a scenario worked out anew, in the order of the draws.

    mark: where the scenario's own plan ended. workers: nobody given, here and now. told: hears the share that is done.
    stop: asked between parts. Raises Stopped when it says so, WorkersError where a worker dies.
    """
    whole, found = pickle.dumps(scenario), dict[int, list[Anew]]()
    key = sha256(whole + (b"" if mark is None else mark.columns + mark.rows)).hexdigest()
    size = max(1, min(MOST_DRAWS, draws.n // PARTS))
    starts = iter(range(0, draws.n, size))

    def task(start: int) -> Task:
        return Task(key, whole, mark, tuple(at_draw(draws, k) for k in range(start, min(start + size, draws.n))))

    for start, answers in _done(workers or Serial(), task, starts, stop or (lambda: False)):
        found[start] = answers
        if told:
            told(min(1.0, sum(map(len, found.values())) / draws.n))
    return [answer for start in sorted(found) for answer in found[start]]


def _done(workers: Executor, task: Callable[[int], Task], starts: Iterator[int], stop: Stop) -> Iterator[tuple[int, list[Anew]]]:
    """The answers of each part as they come, no more parts being sent than the workers take at once."""
    pending: dict[Future[list[Anew]], int] = {}
    try:
        while True:
            for start in starts:
                pending[workers.submit(worked_out, task(start))] = start
                if stop() or len(pending) >= getattr(workers, "at_once", IN_FLIGHT):
                    break
            if stop():
                raise Stopped
            if not pending:
                return
            done, _ = wait(pending, timeout=_LOOK, return_when=FIRST_COMPLETED)
            for future in done:
                yield pending.pop(future), future.result()
    except BrokenExecutor as error:
        remedy = "start it again, with fewer processes where memory is short"
        raise WorkersError("a worker ended before its work was done", "workers", str(error), "all its draws", remedy) from error
    finally:
        for future in pending:
            future.cancel()


_LOOK = 0.2
"""Seconds between two looks at whether somebody asked for the end."""
