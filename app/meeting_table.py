"""The scenario on the table of a session: what it is, solved for every seat alike, followed by *Try a shift*, put there anew."""

from dataclasses import replace
from functools import partial

import streamlit as st

from app import meeting, meeting_edits, meeting_said, room, session, shift_controls, shift_edits, shift_open, shifting, show
from app.meeting import Here, Seat
from app.typed_words import typed
from rcs_core.release import Release
from rcs_core.workshop.big_screen import SUM, veiled
from rcs_core.workshop.couple import Levers, levers_kept
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.kept import Kept, Shelf
from rcs_core.workshop.meeting import on_the_table, promises
from rcs_core.workshop.meeting.on_the_table import Laid, Tabled
from rcs_core.workshop.meeting.promises import Stated
from rcs_core.workshop.sentence import count
from rcs_core.workshop.shift import Shift, lacking, movable


def on(here: Here, release: Release) -> Tabled:
    """What the room looks at; where nobody put anything there, what a session starts with."""
    return here.meeting.made(on_the_table.tabled) or session.once(release, on_the_table.start)


def laid(here: Here, release: Release, found: tuple[Stated, ...] | None = None) -> Laid:
    """The scenario on the table with the promises that are in it, or with others in their place."""
    now = on(here, release)
    own = here.meeting.made(promises.put_in) if found is None else found
    base = replace(now.levers, edits=(), because=())
    return session.once(release, meeting_edits.laid, base, own, now.levers.edits, now.event)


def solved(here: Here, release: Release, found: tuple[Stated, ...] | None = None) -> Shift:
    """The same, solved; once for every seat."""
    return shifting.solved(release, laid(here, release, found).levers, hot=False)


def told(here: Here, release: Release) -> str:
    """What is on the table, in a line; its title may have been typed."""
    now, many = on(here, release), len(here.meeting.made(promises.put_in))
    with_them = f", with {count(many, 'promise').said} of the room" if many else ""
    return f"**On the table: {typed(now.title)}** ({now.levers.depth.label.lower()}){with_them}."


def state(here: Here) -> tuple[int, ...]:
    """What a seat that shows the scenario on the table depends on: it, and every promise with its answer."""
    now = here.meeting.made(on_the_table.tabled)
    found = here.meeting.made(promises.stated)
    return (now.event if now else 0, *(p.answer.event if p.answer else -p.id for p in found))


def choose(here: Here, release: Release) -> None:
    """Put another scenario on the table: one that is kept, or a preset."""
    with st.popover("Put another scenario on the table", icon=":material/table_restaurant:"):
        deep = [d for d in Depth if not session.once(release, lacking, d)]
        kept = [k for k in Shelf(session.store()).latest() if k.draft.levers is not None]
        offered: dict[str, Levers | Kept] = {f"Kept: {k.title}": k for k in kept}
        for depth in reversed(deep):
            for preset in shifting.presets(release, depth):
                offered[f"{depth.label}: {preset.label}"] = Levers.of(preset, depth=depth)
        name = st.selectbox("Which one", list(offered), key="table_choice")
        if st.button("Put it on the table", key="table_put") and name in offered:
            meeting_said.send(partial(_put, here, release, offered[name]), "table", told="On the table, for every seat.")
    meeting_said.told("table")


def _put(here: Here, release: Release, chosen: Levers | Kept) -> None:
    if isinstance(chosen, Levers):
        on_the_table.put(here.meeting, chosen, chosen.preset.label, here.by, release_id=release.id)
        return
    levers = levers_kept.read(chosen.draft.levers or {})
    on_the_table.put(here.meeting, levers, chosen.title, here.by, chosen.link, release.id)


def follow(release: Release) -> None:
    """On *Try a shift* in a seat: the levers as they are on the table, taken over once each time another is put there."""
    here = meeting.here()
    if here is None:
        return
    now = on(here, release)
    if st.session_state.get(meeting_edits.FOLLOWED) == now.event:
        return
    st.session_state[meeting_edits.FOLLOWED] = now.event
    if not st.query_params.get(shift_open.LINK):  # a link to another scenario is what somebody wants to see
        back(release, now.levers)


def back(release: Release, levers: Levers) -> None:
    """Set the levers of the page as they are on the table."""
    shift_open.shut()
    for key, value in shift_controls.controls_of(levers, movable(release, levers.depth)).items():
        st.session_state[key] = value
    shift_edits.clear(release)
    st.session_state[shift_edits.KEY] = levers.edits
    shift_edits.because(levers.because)


def bar(release: Release, levers: Levers) -> None:
    """On *Try a shift* in a seat: what the room looks at, its promises, and putting what is tried here on the table.

    levers: those of this browser, with all that was put into them.
    """
    here = meeting.here()
    if here is None:
        return
    meeting_said.watch(partial(state, here), state(here))
    now, mine = on(here, release), replace(levers, edits=shift_edits.current(release))
    with st.container(border=True, key="shift-table"):
        show.line(told(here, release))
        _promised(here, release, levers)
        if repr(mine) != repr(now.levers):
            show.note("What you try here differs from it; the room sees the one on the table.")
            left, right = st.columns(2)
            left.button("Back to the table", key="table_back", on_click=back, args=(release, now.levers), width="stretch")
            if here.seat is Seat.FACILITATOR and right.button("Put this on the table", key="table_this", width="stretch"):
                put = partial(on_the_table.put, here.meeting, mine, mine.preset.label, here.by, release_id=release.id)
                meeting_said.send(put, "table_this", told="On the table, for every seat.")
        meeting_said.told("table_this")


def _promised(here: Here, release: Release, levers: Levers) -> None:
    found = here.meeting.made(promises.put_in)
    if not found:
        return
    own = shift_edits.laid(release, levers)
    with st.expander(f"Promises of the session in it ({sum(not p.why_not for p in own.places)} of {len(found)})"):
        for place in own.places:
            show.line(one(place.promise, place.promise.wish.subject in veiled(release, room.on())))
            if place.why_not:
                show.note(f"Not in this scenario: {place.why_not}.")


def one(found: Stated, hushed: bool = False) -> str:
    """A promise in a line: what, whose, why. hushed: without its sums, nor those that somebody typed beside them."""
    words = [found.what, found.wish.owner, found.wish.reason.rstrip(".")]
    what, owner, reason = (SUM.sub("–", text) for text in words) if hushed else words
    return f"**{what}** ({typed(owner)}), because {typed(reason)}."
