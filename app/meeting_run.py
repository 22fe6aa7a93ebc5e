"""Running a session: starting it, the step that is on with what to say, the way on, what the room does in it, and notes."""

from functools import partial

import streamlit as st

from app import meeting_agenda, meeting_deed, meeting_parts, navigation, show, store_away
from app.meeting import Here
from app.typed_words import passage, typed
from rcs_core.release import Release
from rcs_core.workshop.meeting import life, life_open
from rcs_core.workshop.meeting.agenda import Running, State, Step, about, running
from rcs_core.workshop.meeting.life_rules import limit
from rcs_core.workshop.meeting.life_words import step_time, whole_time

EVERY = 2
"""Seconds between two looks at the time, and at whether another facilitator has moved on."""
_NOTES = "run_notes"


def draw(here: Here, release: Release) -> None:
    """Where the room is, and what can be done now."""
    now = here.meeting.made(running)
    if now.state is State.PREPARED:
        _start(here, release)
    elif now.step is not None:
        _step(here, now, now.step, release)
    else:
        show.line("The session is closed: it takes no more votes or remarks. What was left open stands under *Close*.")
    found = here.meeting.made(about)
    _people(here, release, now)
    meeting_agenda.told(found, now)
    _notes(here, found.steps)


def _start(here: Here, release: Release) -> None:
    """The button, and every reason why it would be refused."""
    why = life.refusals(here.meeting.made(about), here.meeting.store, release)
    if why:
        show.line("The session cannot start yet:")
        show.points(f"{typed(one[:1].upper() + one[1:])}." for one in why)
    deed = partial(life.start, here.meeting, here.by, release)
    args = (deed, "The session has started.")
    st.button(
        "Start the session", type="primary", key="run_start", icon=":material/play_arrow:", on_click=meeting_deed.run, args=args
    )


def _people(here: Here, release: Release, now: Running) -> None:
    """The way in and who is here, open as long as people arrive."""
    part = meeting_parts.module("people")
    if part is not None and not now.state.over:
        with st.expander("Who is here, and the way in", icon=":material/groups:", expanded=now.number <= 0):
            part.facilitator(here, release)


def _step(here: Here, now: Running, step: Step, release: Release) -> None:
    """The step that is on: time, ways on, what to say, and what the room does."""
    st.subheader(f"Step {now.number + 1} of {len(now.steps)}: {typed(step.title)}", anchor=False)
    _time(here, step.id)
    _ways(here, now, step)
    with st.container(border=True):
        meeting_agenda.of_step(step)
        _page(step)
    meeting_parts.draw(here, release)


@st.fragment(run_every=EVERY)
@store_away.told
def _time(here: Here, drawn: str) -> None:
    """What is left, in words; the page is drawn anew when another facilitator has moved on."""
    now = here.meeting.made(running)
    if now.step is None or now.step.id != drawn:
        st.rerun()
    st.markdown(f"**{step_time(now)}** {whole_time(now)}")


def _ways(here: Here, now: Running, step: Step) -> None:
    """On, pause, more time; back and the rest behind one door. Each knows the step that was on the screen."""
    paused, minutes = bool(now.paused_at), limit("add")
    onward = partial(life.onward, here.meeting, here.by, step)
    halt = partial(life.timer, here.meeting, here.by, "resume" if paused else "pause")
    more = partial(life.timer, here.meeting, here.by, "add", minutes)
    with st.container(horizontal=True):
        if now.next:
            _button(f"Next: {now.next.title}", ":material/skip_next:", onward, f"{now.next.title} is on.", primary=True)
        label, icon = ("Go on", ":material/play_arrow:") if paused else ("Pause", ":material/pause:")
        _button(label, icon, halt, "The timer goes on." if paused else "The timer stands still.")
        _button(f"{minutes} more minutes", ":material/more_time:", more, f"{minutes} minutes were added.")
        with st.popover("Another step", type="tertiary"):
            _another(here, now, step)


def _button(label: str, icon: str, deed: partial[object], said: str, primary: bool = False) -> None:
    kind = "primary" if primary else "secondary"
    key = f"run_{icon.strip(':').rpartition('/')[2]}"
    st.button(label, icon=icon, key=key, type=kind, on_click=meeting_deed.run, args=(deed, typed(said)))


def _another(here: Here, now: Running, step: Step) -> None:
    """Back, leave out the next step, or go to any other."""
    if now.before:
        back = partial(life.back, here.meeting, here.by, step)
        _button(f"Back to {now.before.title}", ":material/undo:", back, f"{now.before.title} is on again.")
    after = now.steps[now.number + 1 :]
    if len(after) > 1:
        _button(f"Leave out {after[0].title}", ":material/fast_forward:",
                partial(life.onward, here.meeting, here.by, step, True), f"{after[1].title} is on.")  # fmt: skip
    known = {s.id: s.title for s in now.steps if s.id != step.id}
    if not known:
        return
    id = st.selectbox("Step", list(known), format_func=known.__getitem__, key="run_step") or next(iter(known))
    _button(
        "Go there", ":material/arrow_forward:", partial(life.enter, here.meeting, id, here.by, step.id), f"{known[id]} is on."
    )


def _page(step: Step) -> None:
    """The page that the room looks at."""
    screen = next((s for s in navigation.present() if s.address == step.screen), None)
    if screen is not None and screen is not navigation.SESSION:
        navigation.link(screen, **step.choices)


def _notes(here: Here, steps: tuple[Step, ...]) -> None:
    """What the facilitator wrote down, and the field for more."""
    kept, titles = here.meeting.made(life_open.notes), meeting_agenda.titles(steps)
    key = f"{_NOTES}_{len(kept)}"
    with st.expander(f"Notes ({len(kept)})", icon=":material/sticky_note_2:"):
        for one in kept:
            where = titles.get(one.step, "")
            st.markdown(f"{f'*{where}.* ' if where else ''}{passage(one.words)}")
        with st.form(key, border=False):
            show.note("Notes stand in the record. Do not name a child or a family.")
            words = st.text_area("A note", max_chars=limit("words"), key=f"{key}_words", height=68)
            pressed = st.form_submit_button("Keep it")
    if pressed:
        meeting_deed.run(partial(life_open.note, here.meeting, here.by, words))
        st.rerun()
