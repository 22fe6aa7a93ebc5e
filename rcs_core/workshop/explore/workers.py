"""Who does the work of many draws: processes of this machine, threads, this very process, or a Dask cluster.

All are `concurrent.futures` executors. What they are given can be pickled, and no answer hangs on who gave it.
"""

import os
import sys
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import version
from multiprocessing import parent_process
from multiprocessing.connection import wait
from multiprocessing.context import SpawnContext, SpawnProcess
from threading import Lock, Thread
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from rcs_core.errors import RcsError

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTING = "RCS_DASK"
"""The setting that names a Dask scheduler, such as tcp://10.0.0.5:8786."""
MOST = 8
"""Processes that are started where nobody said how many: enough for a workshop, and not all of a large machine."""
PATIENCE = 5
"""Seconds in which a scheduler must answer."""


class WorkersError(RcsError):
    """Nobody can be found to do the work."""


def executor(address: str | None = None, processes: int | None = None, kind: str = "processes") -> Executor:
    """Who does the work: a Dask cluster where an address is given, else `processes`, `threads` or `serial` here.

    address: of a Dask scheduler (tcp://host:port). processes: how many (default: as many as there are cores, up to eight).
    To be used in a `with`, or shut down. Raises WorkersError where the cluster or the word cannot be had.
    """
    if address:
        return cluster(address)
    makers: dict[str, Callable[[int], Executor]] = {
        "processes": lambda many: ProcessPoolExecutor(many, mp_context=_Apart(), initializer=_no_orphan),
        "threads": ThreadPoolExecutor,
        "serial": lambda _: Serial(),
    }
    if kind not in makers:
        raise WorkersError("no such kind of workers", "workers", kind, f"one of: {', '.join(makers)}")
    if processes is not None and processes < 1:
        raise WorkersError("nobody is left to do the work", "workers", str(processes), "one process or more")
    return makers[kind](processes or cores())


@contextmanager
def lent(address: str | None = None, kind: str = "processes") -> "Iterator[Executor]":
    """Who does the work of one run: processes stay for the next, so that their start is paid for once; leave is taken of others.

    They end with the process that started them. Where one of them died, the next run has new ones.
    """
    if address or kind != "processes":
        with executor(address, kind=kind) as who:
            yield who
        return
    who = _standing()
    try:
        yield who
    except (WorkersError, BrokenExecutor):
        who.shutdown(wait=False, cancel_futures=True)
        raise


_kept: list[Executor] = []
_KEEPING = Lock()


def _standing() -> Executor:
    """The processes that are there, or new ones where none are or one of them has ended."""
    with _KEEPING:
        try:
            for who in _kept:
                who.submit(int)
        except (BrokenExecutor, RuntimeError):
            _kept.clear()
        if not _kept:
            _kept.append(executor())
        return _kept[0]


def _no_orphan() -> None:
    """In a process that is started: it ends when whoever started it does, however that came to its end."""
    parent = parent_process()
    if parent is not None:
        Thread(target=lambda: (wait([parent.sentinel]), os._exit(1)), daemon=True).start()


def cores() -> int:
    """How many processes are started where nobody said how many."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST, usable)


def address() -> str | None:
    """The Dask scheduler of the setting RCS_DASK, if any."""
    return os.environ.get(SETTING, "").strip() or None


class Serial(Executor):
    """Work that is done here and now, by whoever asks for it: for what is done before a process would have started."""

    at_once = 1

    def submit[**P, T](self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do it; the future is done when it is handed out."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # as every executor: whoever asks for the result is told
            future.set_exception(error)
        return future


class _Process(SpawnProcess):
    """A process that starts with nothing but what it is sent: it does not run its parent's script again, be that a page."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:
        with _without_script():
            return SpawnProcess._Popen(process_obj)


class _Apart(SpawnContext):
    """Processes started from nothing (`spawn`), so that neither threads nor a solver are copied half-way."""

    Process = _Process


_STARTING = Lock()


@contextmanager
def _without_script() -> "Iterator[None]":
    """While a process is started, the script that is running says that it need not be run there."""
    script: Any = sys.modules["__main__"]
    with _STARTING:
        before = script.__spec__
        script.__spec__ = SimpleNamespace(name="rcs_core.__main__")
        try:
            yield
        finally:
            script.__spec__ = before


class Cluster(Executor):
    """The workers of a Dask cluster; shutting it down takes leave of the cluster, which goes on."""

    def __init__(self, client: Any) -> None:
        self._client, self._inner = client, client.get_executor(pure=False)
        self.at_once = 2 * max(1, sum(client.nthreads().values()))

    def submit[**P, T](self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Send the work to the cluster."""
        future: Future[T] = self._inner.submit(fn, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take leave of the cluster."""
        self._inner.shutdown(wait=wait and not cancel_futures)
        self._client.close()


def cluster(address: str) -> Cluster:
    """The workers of the Dask cluster at an address, each with this code's own solver.

    Raises WorkersError where Dask is not installed here, the scheduler does not answer, it has no workers, or its
    workers have another solver (the same seed would not be the same answer).
    """
    try:
        dask = import_module("distributed")
    except ImportError as error:
        raise WorkersError(
            "Dask is not installed here", SETTING, address, "the package distributed",
            "pip install distributed, or leave the address out: processes of this machine then do the work",
        ) from error  # fmt: skip
    try:
        client = dask.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        got = str(error).splitlines()[0] if str(error) else "no answer"
        raise WorkersError(
            "the Dask scheduler cannot be reached", address, got, "tcp://host:port of a scheduler that runs",
            "start the scheduler, or correct the address",
        ) from error  # fmt: skip
    try:
        _same_solver(client, address)
        return Cluster(client)
    except WorkersError:
        client.close()
        raise


def _same_solver(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
        theirs = client.run(solver)
    except TimeoutError as error:
        raise WorkersError("the Dask cluster has no workers", address, "", "one worker or more", "start its workers") from error
    except ImportError as error:
        raise WorkersError(
            "the workers of the cluster lack this workbench", address, str(error), "the same code on every worker",
            "install this workbench and its requirements on every worker",
        ) from error  # fmt: skip
    others = sorted({other for other in theirs.values() if other != solver()})
    if others:
        remedy = "install the packages of constraints.txt on every worker"
        raise WorkersError("workers of the cluster have another solver", address, ", ".join(others), solver(), remedy)


def solver() -> str:
    """What the answers of this process hang on beside the scenario: the versions of the solver and of the arrays."""
    return ", ".join(f"{name} {version(name)}" for name in ("highspy", "numpy", "scipy"))
