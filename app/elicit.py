"""*What we do not know*: the numbers that would turn the plan, asked of the room in two rounds, by role."""

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from app import meeting, session, show
from app.meeting import Seat
from rcs_core.errors import RcsError
from rcs_core.release import Release
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.couple.levers import Answered, Depth
from rcs_core.workshop.inputs import elicit, rounds
from rcs_core.workshop.inputs.assumed import rule
from rcs_core.workshop.inputs.elicit import Question
from rcs_core.workshop.inputs.rounds import Asked
from rcs_core.workshop.meeting import elicited

_RANKED = "elicit_ranked"

type Blanks = tuple[float | None, float | None, float | None]
"""Low, likely and high as somebody fills them in."""


def section(release: Release, levers: Levers) -> None:
    """Find what matters, put it to the group, close each round, and see the spread."""
    st.header("What do we not know?", anchor=False)
    asked = rounds.latest(session.store(), release.id)
    with st.expander("The numbers that would turn the plan, asked of this group"):
        if asked and asked.closed:
            spreads(release, levers, asked)
        if asked and asked.round:
            _round(release, asked)
        if not asked or not asked.round:
            _find(release, levers)


def _find(release: Release, levers: Levers) -> None:
    """Rank the gaps, and put the few that matter."""
    if levers.depth is Depth.EVIDENCE:
        show.note("A group's own numbers are no evidence: they count where a shift is estimated.")
    if levers.depth is Depth.DISCUSS:
        show.note("No number can turn a shift that is stated, so guesses are tried on the plan of the depth *Estimate*.")
    if st.button("Find the numbers that matter", key="elicit_find", icon=":material/search:"):
        bar = st.progress(0.0, "Trying every guess at its low and its high end")
        st.session_state[_RANKED] = {repr(levers): elicit.ranked(release, levers, bar.progress)}
        bar.empty()
    found: list[Question] | None = st.session_state.get(_RANKED, {}).get(repr(levers))
    if found is not None and not found:
        show.line("There is no guess to try: no service has an effect in this release that a plan could rest on.")
    if not found:
        show.note("Every guess is tried at its low and high end; those that would make other services gain or lose come first.")
        return
    few = elicit.asked(found)
    turn = sum(bool(q.turns) for q in found)
    few_said = (
        f"At most {rule('questions'):.0f} are put to the group." if turn else "So none need be asked before trying this plan."
    )
    show.line(f"**{turn} of {len(found)} guesses would turn the plan.** {few_said}")
    show.table(ranked(found, few), "Guesses, by what they would turn")
    if few and st.button(f"Put these {len(few)} to the group", key="elicit_put", type="primary"):
        _done(lambda: _put(release, levers, few))


def _put(release: Release, levers: Levers, few: list[Question]) -> None:
    """Put them to the group; to the room of the session that the facilitator is in, where this browser is in one."""
    here = meeting.here()
    if here and here.seat is Seat.FACILITATOR:
        elicited.put(here.meeting, release.id, few, levers)
    else:
        rounds.put(session.store(), release.id, few)


def ranked(found: list[Question], few: list[Question]) -> pd.DataFrame:
    """Every guess with whether it is asked, why, and by how much it moves the plan."""
    rows = [
        (q.text, "Yes" if q in few else "No", q.why, q.number.low, q.number.likely, q.number.high, q.unit, q.state.label,
         round(q.apart, -2))
        for q in found
    ]  # fmt: skip
    columns = ["Question", "Asked", "Why", "Low", "Likely", "High", "Unit", "What it is now", "Moves, last year (£)"]
    return pd.DataFrame(rows, columns=columns)


def _round(release: Release, asked: Asked) -> None:
    """The open round: how many have answered and nothing else, the form, and the way to close it."""
    given = asked.count(asked.round)
    which = "First round, in silence" if asked.round == 1 else "Second round, after talking it over"
    show.line(f"**{which}: {given} answered.** No number is shown until the round is closed.")
    with st.form(f"elicit_{asked.id}_{asked.round}", clear_on_submit=True):
        role = st.text_input("Your role, not your name", help="Two of one role: add a number, such as Social work 2.")
        values = {k: three(asked, k, None, f"elicit_{asked.id}_{asked.round}") for k in range(len(asked.texts))}
        sent = st.form_submit_button("Give my answer", type="primary")
    if sent:
        _answer(release, asked, role, values)
    if st.button("Close the round and show the spread", key=f"elicit_close_{asked.id}_{asked.round}"):
        _done(lambda: rounds.close(session.store(), release.id, asked))


def three(asked: Asked, k: int, given: rounds.Three | None, key: str) -> Blanks:
    """Low, likely and high of one question, with what was given before where something was."""
    st.markdown(f"**{k + 1}. {asked.texts[k]}** ({asked.units[k]})")
    found = []
    for column, end, before in zip(st.columns(3), ("Low", "Likely", "High"), given or (None,) * 3, strict=True):
        found.append(column.number_input(f"{end}, question {k + 1}", value=before, step=0.5, key=f"{key}_{k}_{end}"))
    return found[0], found[1], found[2]


def whole(values: Mapping[int, Blanks]) -> dict[int, rounds.Three] | None:
    """The questions that were filled in; one with all three blank is passed over, and one with some of them is None for all."""
    some = {k: v for k, v in values.items() if any(n is not None for n in v)}
    if any(n is None for v in some.values() for n in v):
        return None
    return {k: (float(v[0] or 0), float(v[1] or 0), float(v[2] or 0)) for k, v in some.items()}


def _answer(release: Release, asked: Asked, role: str, values: Mapping[int, Blanks]) -> None:
    """Keep what was filled in."""
    given = whole(values)
    if given is None:
        st.warning("A question needs all three numbers, or none of them.", icon=":material/edit:")
        return
    _done(lambda: rounds.answer(session.store(), release.id, asked, role, given))


def _done(act: Callable[[], None]) -> None:
    """Do it and show the page anew, or say why it cannot be done."""
    try:
        act()
    except RcsError as error:
        show.error(error)
        return
    st.rerun()


def spreads(release: Release, levers: Levers, asked: Asked) -> None:
    """Every question with who said what, from the lowest up, the median, and whose answer alone would turn the plan."""
    show.line(f"**After round {asked.closed}**, asked on {asked.on}. The median of low, likely and high goes into the plan.")
    for k, answer in zip(_answered(asked), rounds.agreed(asked), strict=True):
        turned = session.once(release, _turned, levers, answer, tuple(sorted(asked.settled(k).items())))
        show.line(f"{k + 1}. {asked.texts[k]} **{answer.likely:g}** ({answer.low:g} to {answer.high:g}) {asked.units[k]}")
        show.table(rounds.spread(asked, k, turned), f"Answers to question {k + 1}")


def _answered(asked: Asked) -> list[int]:
    return [k for k in range(len(asked.texts)) if asked.settled(k)]


def _turned(release: Release, levers: Levers, answer: Answered, given: tuple[tuple[str, rounds.Three], ...]) -> dict[str, bool]:
    return elicit.turned_by(release, levers, answer, {role: three[1] for role, three in given})
