"""The numbers that would turn the plan, asked of the room of a session: put and closed by the facilitator, answered by role."""

from functools import partial

import streamlit as st

from app import elicit, meeting_said, session, shifting, show, store_away
from app.meeting import Here
from rcs_core.release import Release
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.inputs.elicit import Question, asked
from rcs_core.workshop.meeting import elicited
from rcs_core.workshop.meeting.elicited import Elicited
from rcs_core.workshop.shift import lacking

_RANKED = "elicitation_ranked"
ROUNDS = {1: "First round, in silence", 2: "Second round, after talking it over"}


def facilitator(here: Here, release: Release) -> None:
    """Find the numbers that matter, put them, type in paper, close each round, and see who would turn the plan."""
    st.subheader("What do we not know?", anchor=False)
    meeting_said.told("elicitation")
    now = here.meeting.made(elicited.elicited)
    meeting_said.watch(partial(_state, here), _state(here))
    if now and now.asked.closed:
        with st.expander("Who said what, by role", expanded=not now.asked.round):
            elicit.spreads(release, now.levers, now.asked)
    if now and now.asked.round:
        _count(here)
        with st.popover("Type in paper", icon=":material/edit_note:"):
            _form(here, release, now, private="")
        if st.button("Close the round and show the spread", key="elicitation_close", type="primary"):
            meeting_said.send(partial(elicited.close, here.meeting, release.id, now.asked), "elicitation", told="Closed.")
    else:
        _find(here, release)


def _state(here: Here) -> tuple[int, int]:
    now = here.meeting.made(elicited.elicited)
    return (now.asked.id, now.asked.closed) if now else (0, 0)


@st.fragment(run_every=meeting_said.EVERY)
@store_away.told
def _count(here: Here) -> None:
    """How many roles have answered, and nothing else."""
    if (now := here.meeting.made(elicited.elicited)) and now.asked.round:
        given = now.asked.count(now.asked.round)
        show.line(f"**{ROUNDS[now.asked.round]}: {given} answered.** No number is shown until the round is closed.")


def _find(here: Here, release: Release) -> None:
    """Choose the plan, rank its guesses, put the few that matter."""
    if missing := session.once(release, lacking, Depth.ESTIMATE):
        show.note(missing)
        return
    by = {preset.label: preset for preset in shifting.presets(release, Depth.ESTIMATE)}
    chosen = st.selectbox("Which plan might they turn?", list(by), key="elicitation_preset")
    levers = Levers.of(by[chosen if chosen in by else next(iter(by))])
    if st.button("Find the numbers that matter", key="elicitation_find", icon=":material/search:"):
        bar = st.progress(0.0, "Trying every guess at its low and its high end")
        st.session_state[_RANKED] = {repr(levers): elicited.ranked(release, levers, bar.progress)}
        bar.empty()
    found: list[Question] | None = st.session_state.get(_RANKED, {}).get(repr(levers))
    if found is None:
        show.note("Every guess is tried at its low and high end; those that would make other services gain or lose come first.")
        return
    few = asked(found)
    show.line(f"**{sum(bool(q.turns) for q in found)} of {len(found)} guesses would turn the plan.**")
    if found:
        show.table(elicit.ranked(found, few), "Guesses, by what they would turn")
    if few and st.button(f"Put these {len(few)} to the room", key="elicitation_put", type="primary"):
        act = partial(elicited.put, here.meeting, release.id, few, levers)
        meeting_said.send(act, "elicitation", told="The room can answer now.")


def participant(here: Here, release: Release) -> None:
    """One's own three numbers for each question, given in a role."""
    meeting_said.watch(partial(_state, here), _state(here))
    meeting_said.told("elicitation")
    now = here.meeting.made(elicited.elicited)
    if now and now.asked.round:
        show.line(f"**{ROUNDS[now.asked.round]}.** Nobody sees a number until the round is closed.")
        if private := meeting_said.private():
            _form(here, release, now, private)
    elif now:
        st.markdown("Both rounds are closed. The spread is on the big screen.")


def _form(here: Here, release: Release, now: Elicited, private: str) -> None:
    """The role, and low, likely and high of every question; what was given before stands in the fields."""
    role = now.role(private, here.meeting.id)
    name = f"elicitation_{now.asked.id}_{now.asked.round}{'' if private else '_paper'}"
    with st.form(f"{name}_form"):
        said = st.text_input(
            "Your role, not your name", role, key=meeting_said.key(f"{name}_role"), max_chars=80, disabled=bool(role),
            help="Two of one role: add a number, such as Social work 2.",
        )  # fmt: skip
        given = now.given(role) if role else {}
        values = {k: elicit.three(now.asked, k, given.get(k), meeting_said.key(name)) for k in range(len(now.asked.texts))}
        sent = st.form_submit_button("Change my answer" if given else "Give my answer", type="primary")
    if not sent:
        return
    if (whole := elicit.whole(values)) is None:
        st.warning("A question needs all three numbers, or none of them.", icon=":material/edit:")
        return
    act = partial(elicited.answer, here.meeting, release.id, now.asked, role or said, whole, private)
    # a phone keeps its numbers in the fields, for its owner to look at again; paper makes room for the next sheet
    fields = ("elicitation",) if private else ("elicitation", name, f"{name}_role")
    meeting_said.send(act, *fields, told=f"Kept, as {' '.join((role or said).split())}.")


def screen(here: Here, release: Release) -> None:
    """How many answered; once a round is closed, who said what by role, and whose answer alone would turn the plan."""
    meeting_said.watch(partial(_state, here), _state(here))
    now = here.meeting.made(elicited.elicited)
    if now is None:
        return
    st.header("What do we not know?", anchor=False)
    _count(here)
    for k, text in enumerate(now.asked.texts, start=1):
        if not now.asked.closed:
            st.markdown(f"{k}. {text}")
    if now.asked.closed:
        elicit.spreads(release, now.levers, now.asked)
