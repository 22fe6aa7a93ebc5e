"""Pictures, tables and what is made of an answer: made once for every session of this server, however many look at them.

A chart or table goes to a browser as bytes that depend on its rows and its template alone. Making them again for each reader
takes most of the time of a page, so they are kept by what they hold. What is kept is bounded; the oldest goes first.
"""

import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import Any

import pandas as pd
import streamlit as st

MOST_KEPT = 2048
"""Things kept of each kind: what a hundred readers look at, each at something else."""
MOST_ROWS = 500
"""Rows of the longest table that is kept as it was sent; longer ones are rare and large."""


class _Kept:
    """What was made of things that do not change, by which things they were; holds on to them, so that none is mistaken."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._found: OrderedDict[tuple[Any, ...], tuple[Any, tuple[Any, ...]]] = OrderedDict()
        self._prints: dict[int, str] = {}

    def of(self, make: Callable[..., Any], parts: tuple[Any, ...]) -> Any:
        """What `make` gives of the parts, made at their first asking."""
        held = (getattr(make, "__self__", None), *parts)
        key = (getattr(make, "__func__", make), *map(_which, held))
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key][0]
        made = make(*parts)
        with self._lock:
            if key in self._found:  # another reader was quicker; the same thing for both
                return self._found[key][0]
            self._found[key] = made, held
            self._prints[id(made)] = ""
            while len(self._found) > self._most:
                _, (gone, _) = self._found.popitem(last=False)
                self._prints.pop(id(gone), None)
        return made

    def print_of(self, thing: Any) -> str:
        """The fingerprint of something, taken once if it is kept here."""
        if found := self._prints.get(id(thing)):
            return found
        taken = blake2b(pickle.dumps(thing, protocol=5), digest_size=16).hexdigest()
        with self._lock:
            if id(thing) in self._prints:
                self._prints[id(thing)] = taken
        return taken


def _which(thing: Any) -> tuple[type, object]:
    """Words and numbers by what they are, everything else by being itself."""
    return type(thing), thing if isinstance(thing, str | int | float | None) else id(thing)


_made = _Kept(MOST_KEPT)


def kept[T](make: Callable[..., T], *parts: Any) -> T:
    """What an answer says of itself (`kept(found.frame)`) or what is made of it (`kept(charts.wrapped, points)`), made once.

    For answers that are made once themselves and never changed, such as those of `session.once`: they are told apart by
    being the same thing, words and numbers by what they are. Nobody may change what comes back.
    """
    made: T = _made.of(make, parts)
    return made


def fingerprint(thing: Any) -> str:
    """What tells the content of a table or a template from every other."""
    return _made.print_of(thing)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Something to draw, known by `key`: all that it depends on."""

    key: str
    draw: Callable[[], None]


@st.cache_resource(max_entries=MOST_KEPT, show_spinner=False, hash_funcs={_Drawing: lambda drawing: drawing.key})
def _drawn(drawing: _Drawing) -> None:
    drawing.draw()


def chart(spec: Any, data: pd.DataFrame, alt: str, ready: Callable[..., tuple[Any, pd.DataFrame]], how: str) -> None:
    """A Vega-Lite chart. ready: gives template and rows their last touches; how: what these depend on besides."""

    def draw() -> None:
        drawn, rows = ready(spec, data)
        st.vega_lite_chart(rows, drawn, width="stretch", alt=alt)

    _drawn(_Drawing(f"chart {fingerprint(spec)} {fingerprint(data)} {how} {alt}", draw))


def table(frame: pd.DataFrame, about: str, draw: Callable[[pd.DataFrame, str], None]) -> None:
    """A table with what stands under it, drawn by `draw`, which may use nothing but the rows and what it is about."""
    if len(frame) > MOST_ROWS:
        draw(frame, about)
    else:
        _drawn(_Drawing(f"table {fingerprint(frame)} {about}", partial(draw, frame, about)))
