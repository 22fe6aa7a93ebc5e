"""The five answers of a shift in the order a board asks for them: need, what moves, who pays, when it pays back, how sure.

Each is one sentence with its number. What the answers rest on, and how they were worked out, stands behind one door below
them. In room mode the number of each sentence is the largest thing on the screen.
"""

import re
from dataclasses import dataclass

import streamlit as st

from app import method_door, room, shift_draws, shift_plan, show
from app.drawn import kept
from rcs_core.release import Release
from rcs_core.workshop import behind
from rcs_core.workshop import shift as view
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.couple.veil import Veil
from rcs_core.workshop.inputs import told
from rcs_core.workshop.inputs.depths import ONLY, Standing
from rcs_core.workshop.shift import Answer, Shift

DOOR = "What these answers rest on, and how they were worked out"
FEW = 3
"""Agencies named in one answer; the table of agencies has them all."""
_FOREMOST = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(?:Yes|No: (?:about )?[\d,]+|No\b|Nothing|It is not known)", r"£[\d,]+", r"[\d.,]+%", r"\b\d{4}-\d\d\b"
    )
)  # fmt: skip
"""What of a sentence is read first from the back of a room: the word that answers it, an amount, a share, a year."""


@dataclass(frozen=True, slots=True)
class Row:
    """One question with its answer, and the name of the method that it was worked out by."""

    question: str
    answer: Answer
    method: str


def standing(release: Release, levers: Levers, shift: Shift) -> Standing:
    """How the result stands: how much of it rests on guesses, and in how many of the draws that were made it holds."""
    return told.standing(shift, shift_draws.held(release, levers))


def rows(shift: Shift, stands: Standing, off: Veil = view.NOT_VEILED) -> list[Row]:
    """The questions in order; of promises that cannot all hold only the first has an answer. off: kept off the big screen."""
    first = Row("Is every child's need met?", kept(view.need_met, shift), "shift_met")
    if not shift.possible:
        return [first]
    return [
        first,
        Row("What moves?", kept(view.what_moves, shift, off), "shift_moves"),
        Row("Who pays, and who gains?", kept(view.who_gains, shift, FEW, off), "shift_payers"),
        Row("When does it pay back?", kept(view.when_back, shift, off), "shift_back"),
        Row("How sure are we?", _sure(shift, stands), "shift_known"),
    ]


def _sure(shift: Shift, stands: Standing) -> Answer:
    sure = kept(view.how_sure, shift)
    only = f" {ONLY}." if stands.discussion_only else ""
    said = f"{sure.basis} {stands.sentence}" if stands.guess_share is not None else ""
    return Answer(f"{sure.sentence}{only}", said.replace(f"**{ONLY}.** ", ""))


def draw(release: Release, shift: Shift, stands: Standing, whole: bool = True) -> None:
    """The answers, one line each, and the door to what they rest on. whole: all of them, or only how sure they are."""
    found = rows(shift, stands, shift_plan.veil_of(release, shift, room.on()))
    with st.container(border=True, key="headline-board"):
        for row in found if whole else found[-1:]:
            left, right = st.columns([3, 7], gap="small")
            left.header(row.question, anchor=False)
            right.subheader(_safe(enlarged(row.answer.sentence) if room.large() else row.answer.sentence), anchor=False)
    if whole:
        with st.expander(DOOR):
            for row in found:
                show.line(f"**{row.question}** {row.answer.basis}")
                method_door.offer(behind.shift(row.method, shift), f"board {row.question}", release, show.table)


def enlarged(sentence: str) -> str:
    """A sentence with its foremost figure marked: the word it begins with where that is the answer, else its first amount."""
    found = next((m for pattern in _FOREMOST if (m := pattern.search(sentence))), None)
    return f"{sentence[: found.start()]}**{found[0]}**{sentence[found.end() :]}" if found else sentence


def _safe(text: str) -> str:
    """A sentence with the dollar signs that would start a formula made harmless."""
    return text.replace("$", "\\$")
