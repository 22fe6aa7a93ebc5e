"""What would break it, on the three screens: the tests of the scenario on the table, and the conditions that the room takes."""

from functools import partial

import streamlit as st

from app import background, meeting_said, meeting_table, room, show
from app.meeting import Here
from app.shift_why import said
from rcs_core.release import Release
from rcs_core.workshop import versus
from rcs_core.workshop.decide import conditions
from rcs_core.workshop.explore.draws_run import Stopped
from rcs_core.workshop.explore.strains import SINGLE
from rcs_core.workshop.explore.stress import Stressed, stress
from rcs_core.workshop.inputs import told
from rcs_core.workshop.meeting import on_the_table
from rcs_core.workshop.shift import Shift, discussed
from rcs_core.workshop.why import stress as why

type Answer = tuple[Stressed, list[str]]
QUESTION = "What would break it?"


def facilitator(here: Here, release: Release) -> None:
    """The tests of what is on the table, worked out without being asked for; each condition that they offer can be taken."""
    st.subheader(QUESTION, anchor=False)
    meeting_said.watch(partial(_state, here), _state(here))
    show.line(meeting_table.told(here, release))
    meeting_table.choose(here, release)
    found = _tested(here, release, start=True)
    if found is not None:
        _told(here, release, found, room.on())
        _choose(here, found[1])


def participant(here: Here, release: Release) -> None:
    """What breaks it first, and the conditions that the room took."""
    screen(here, release)


def screen(here: Here, release: Release) -> None:
    """What breaks it first, each test in a sentence, and the conditions for going ahead that the room took."""
    st.header(QUESTION, anchor=False)
    meeting_said.watch(partial(_state, here), _state(here))
    show.line(meeting_table.told(here, release))
    if (found := _tested(here, release, start=False)) is not None:
        _told(here, release, found, True)
    if chosen := here.meeting.made(on_the_table.conditions):
        st.subheader("Conditions for going ahead", anchor=False)
        show.points(chosen)


def _state(here: Here) -> tuple[object, ...]:
    return meeting_table.state(here), here.meeting.made(on_the_table.conditions)


def _tested(here: Here, release: Release, start: bool) -> Answer | None:
    """The tests, worked out once for every seat; None until they are there, or where there is no plan to test."""
    shift = meeting_table.solved(here, release)
    if not shift.possible:
        show.line("There is no plan to test: the promises on the table cannot all hold.")
        return None
    key = f"room stress {release.manifest.content_hash} {shift.levers!r}"
    answer: Answer | None = background.answer(key)
    if answer is not None:
        return answer
    if not start:
        show.note("The tests are being worked out.")
        meeting_said.watch(partial(_done, key), False)
        return None
    if background.under_way(key) is None:
        background.start(key, lambda tell, stop: _work(shift, release.id, tell, stop))
    background.watch(key, "Testing the plan")
    if background.answer(key) is not None:
        st.rerun()
    return None


def _done(key: str) -> bool:
    return background.answer(key) is not None


def _work(shift: Shift, release_id: str, tell: background.Told, stop: background.Stop) -> Answer:
    def hear(done: float) -> None:
        if stop():
            raise Stopped
        tell(0.8 * done)

    strains, anew = (why.STATED, False) if discussed(shift) else (SINGLE, True)
    found = stress(shift.scenario, shift.result, strains, anew, told=hear, names=shift.names)
    return found, [one.text for one in conditions.offered(versus.of_shift("On the table", shift, release_id))]


def _told(here: Here, release: Release, answer: Answer, on_screen: bool) -> None:
    """What breaks it first, and each test in a sentence."""
    shift, found = meeting_table.solved(here, release), answer[0]
    first = why.breaks_first(shift, found)
    show.headline(said(release, [first], on_screen)[0], first.under)
    more = [why.later(shift), why.untested()] if discussed(shift) else [why.survives(shift, found)]
    show.points(said(release, [*why.lines(shift, found), *more], on_screen))
    with st.expander("The tests as a table"):
        show.table(told.shown(why.tests_table(shift, found), shift), "Tests of what is on the table")


def _choose(here: Here, offered: list[str]) -> None:
    """Each condition that the tests offer, taken by the room or not; the form of a decision offers those taken first."""
    chosen = here.meeting.made(on_the_table.conditions)
    st.subheader("Conditions for going ahead", anchor=False)
    meeting_said.told("condition")
    if not offered and not chosen:
        show.line("None of the tests leaves a purse short, so they offer no condition.")
    for k, text in enumerate(dict.fromkeys([*chosen, *offered])):
        left, right = st.columns([5, 2], vertical_alignment="center")
        with left:
            show.line(f"**Taken.** {text}" if text in chosen else text)
        word = "Let it go" if text in chosen else "Make it a condition"
        if right.button(word, key=f"condition_{k}_{text in chosen}", width="stretch"):
            act = partial(on_the_table.choose, here.meeting, text, text not in chosen, here.by)
            meeting_said.send(act, "condition", told="Kept. The form of a decision offers what is taken first.")
