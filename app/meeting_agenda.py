"""The agenda of a session while it is prepared: its steps with their minutes, and what can be done with one of them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from app import meeting_deed, show
from app.meeting import Here
from app.typed_words import passage, typed
from rcs_core.workshop.meeting import life
from rcs_core.workshop.meeting.agenda import About, Running, Step, agendas, dropped, lasting, moved, running
from rcs_core.workshop.meeting.life_words import agenda
from rcs_core.workshop.meeting.steps import LONGEST


def door(here: Here, found: About) -> None:
    """The steps, and the controls that change one."""
    with st.expander(f"Agenda: {len(found.steps)} steps, {found.minutes} minutes", icon=":material/list_alt:"):
        show.table(agenda(found, here.meeting.made(running)), "Agenda")
        known = {s.id: s for s in found.steps}
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        id = left.selectbox("Step", list(known), format_func=lambda one: known[one].title, key="agenda_step")
        step = known.get(id, found.steps[0])
        minutes = right.number_input("Minutes", 1, LONGEST, step.minutes, key=f"agenda_minutes_{step.id}_{step.minutes}")
        _buttons(here, found, step, int(minutes))
        of_step(step)
        _template(here, found)


def _buttons(here: Here, found: About, step: Step, minutes: int) -> None:
    """Change the minutes, move, leave out: each is kept at once."""
    deeds: list[tuple[str, str, Callable[[], tuple[Step, ...]]]] = [
        ("Set the minutes", ":material/timer:", partial(lasting, found.steps, {step.id: minutes})),
        ("Earlier", ":material/arrow_upward:", partial(moved, found.steps, step.id, -1)),
        ("Later", ":material/arrow_downward:", partial(moved, found.steps, step.id, 1)),
        ("Leave out", ":material/remove:", partial(dropped, found.steps, step.id)),
    ]
    with st.container(horizontal=True):
        for label, icon, make in deeds:
            st.button(label, icon=icon, key=f"agenda_{label}", on_click=_change, args=(here, found, make))


def _change(here: Here, seen: About, make: Callable[[], tuple[Step, ...]]) -> None:
    meeting_deed.run(lambda: life.change(here.meeting, seen, replace(seen, steps=make()), here.by))


def _template(here: Here, found: About) -> None:
    """Start again from one of the agendas that are offered."""
    offered = {a.title: a for a in agendas().values()}
    with st.popover("Start again from a template", type="tertiary"):
        chosen = offered[st.selectbox("Agenda", list(offered), key="agenda_template") or next(iter(offered))]
        wanted = replace(found, agenda=chosen.id, steps=chosen.steps, rehearsal=chosen.rehearsal)
        deed = partial(life.change, here.meeting, found, wanted, here.by)
        st.button(f"Use it: {chosen.total} minutes", key="agenda_use", on_click=meeting_deed.run, args=(deed,))


def of_step(step: Step) -> None:
    """What a step is: what happens, what to say, what is kept, what goes wrong."""
    lines = {"What happens": step.what_happens, "Say": step.say, "Kept": step.captured, "What goes wrong": step.goes_wrong}
    st.markdown("\n\n".join(f"**{name}.** {passage(text)}" for name, text in lines.items() if text))


def told(found: About, now: Running) -> None:
    """The agenda as it was run so far."""
    with st.expander(f"Agenda: {len(found.steps)} steps, {found.minutes} minutes", icon=":material/list_alt:"):
        show.table(agenda(found, now), "Agenda")


def titles(steps: tuple[Step, ...]) -> dict[str, str]:
    """What each step is called, as it may stand on a page."""
    return {s.id: typed(s.title) for s in steps}
