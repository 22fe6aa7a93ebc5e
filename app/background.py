"""Long work that a session starts, watches and can stop, while the page goes on: nothing typed is lost, and reruns keep it.

A finished answer is kept by its key for every session of this server, so that nobody waits for it twice.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import streamlit as st

from app import show
from rcs_core.errors import RcsError

type Told = Callable[[float], object]
type Stop = Callable[[], bool]
type Work = Callable[[Told, Stop], Any]

EVERY = 0.5
"""Seconds between two looks at work that is under way."""
_RUNS = "background_runs"
_KEPT = 32


@dataclass
class Run:
    """Work under way or done: how far it is, and what it came to."""

    key: str
    share: float = 0.0
    answer: Any = None
    problem: BaseException | None = None
    done: bool = False
    halt: threading.Event = field(default_factory=threading.Event)

    def tell(self, share: float) -> None:
        """How far it is."""
        self.share = share

    def go(self, work: Work, kept: dict[str, Any]) -> None:
        """Do the work; whatever it comes to is kept here, and an answer for everybody."""
        try:
            self.answer = work(self.tell, self.halt.is_set)
            while len(kept) >= _KEPT:
                kept.pop(next(iter(kept)))
            kept[self.key] = self.answer
        except BaseException as problem:  # a thread has nobody above it: the page says what went wrong
            self.problem = problem
        self.done = True


@st.cache_resource(show_spinner=False)
def _answers() -> dict[str, Any]:
    return {}


def answer(key: str) -> Any:
    """What the work of this key came to, whoever had it done; None where it is not done."""
    return _answers().get(key)


def start(key: str, work: Work) -> None:
    """Start work beside the page; nothing while the same is under way in this session, or was done."""
    runs: dict[str, Run] = st.session_state.setdefault(_RUNS, {})
    if answer(key) is not None or busy(key):
        return
    run = runs[key] = Run(key)
    threading.Thread(target=run.go, args=(work, _answers()), daemon=True, name="background").start()


def under_way(key: str) -> Run | None:
    """The work of this key that this session started, under way or done."""
    found: Run | None = st.session_state.get(_RUNS, {}).get(key)
    return found


def busy(key: str) -> bool:
    """Whether this session has the work of this key under way."""
    run = under_way(key)
    return run is not None and not run.done


def watch(key: str, words: str) -> None:
    """How far the work is, with a way to stop it; the page is drawn anew when it ends. What went wrong is said."""
    run = under_way(key)
    if run is None:
        return
    if not run.done:
        _looking(key, words)
    elif run.problem is not None:
        _told(run.problem)


@st.fragment(run_every=EVERY)
def _looking(key: str, words: str) -> None:
    run = under_way(key)
    if run is None or run.done:
        st.rerun()
        return
    left, right = st.columns([4, 1], vertical_alignment="center")
    left.progress(run.share, f"{words}: {run.share:.0%}")
    if right.button("Stop", key=f"stop-{crc32(key.encode())}", icon=":material/stop:", disabled=run.halt.is_set()):
        run.halt.set()


def _told(problem: BaseException) -> None:
    if isinstance(problem, RcsError):
        show.error(problem)
    elif type(problem).__name__ == "Stopped":
        show.note("Stopped: nothing of it is kept.")
    else:
        raise problem
