"""The time that is left of a step, counted down by the page's style alone: no look at the server for each second."""

import math

import streamlit as st

from rcs_core.workshop.meeting.agenda import Running

# A style with a tag in it is taken out on its way to the page, so the signs around "integer" are written by their numbers.
STYLE = r"""<style>
@property --left { syntax: '\3cinteger\3e'; inherits: false; initial-value: 0; }
@keyframes rcs-left { from { --left: var(--from); } to { --left: var(--to); } }
.time-left { --left: var(--from); --min: round(down, var(--left) / 60, 1); --sec: mod(var(--left), 60);
  counter-reset: min calc(var(--min)) sec calc(var(--sec)); font-variant-numeric: tabular-nums; white-space: nowrap; }
.time-left.goes { animation: rcs-left calc(var(--for) * 1s) linear forwards; }
.time-left::before { content: counter(min) ":" counter(sec, decimal-leading-zero); }
.time-left.large { font-size: 4.5rem; font-weight: 650; line-height: 1.1; }
.time-left small { font-size: 1.5rem; font-weight: 400; }
.st-key-session-bar { border-left: 6px solid #005f73; padding: 0.1rem 0 0.1rem 0.7rem; margin-bottom: -0.4rem; }
.st-key-session-bar p { max-width: none; margin: 0; }
@media print { .st-key-session-bar { display: none; } }
</style>"""
AGREES = 3
"""Seconds by which a clock on a page may be off before it is set again."""
_CLOCKS = "meeting_clocks"


def style() -> None:
    """What the page needs so that a clock runs on it; a page that is drawn anew sets its clocks anew."""
    st.session_state[_CLOCKS] = {}
    st.html(STYLE)


def clock(now: Running, name: str, large: bool = False) -> str:
    """The time left of the step as a running clock: `12:34`, `over by 1:05`, standing still in a pause.

    name: which clock of the page; the same words are given as long as it is right, so that the page leaves it alone.
    """
    left = math.ceil(now.left()) if now.step else 0
    stands = bool(now.paused_at)
    what = (now.step.id if now.step else "", stands, left < 0, large)
    kept: dict[str, tuple[object, float, str]] = st.session_state.setdefault(_CLOCKS, {})
    age = now.all_seconds()
    if name in kept and kept[name][0] == what and abs(kept[name][1] - (age + left)) < AGREES:
        return kept[name][2]
    said = _written(left, stands, large)
    kept[name] = (what, age + left, said)
    return said


def _written(left: int, stands: bool, large: bool) -> str:
    """The clock as markup. In words for who does not see it: whole minutes, as it was when it was set."""
    over, kind = left < 0, "time-left large" if large else "time-left"
    tail = f"{'over time' if over else 'left'}{', paused' if stands else ''}"
    ends = f"; --to: {3600 - left if over else 0}; --for: {3600 if over else left}"
    style = f"--from: {abs(left)}{'' if stands else ends}"
    words = f"<small>{tail}</small>" if large else tail
    label = f"{math.ceil(abs(left) / 60)} minutes {tail}"
    return f'<span class="{kind}{"" if stands else " goes"}" role="timer" aria-label="{label}" style="{style}"> {words}</span>'
