"""What a session decides on the three screens: the list with what each lacks, a vote on one, dissent from votes, interests."""

from functools import partial

import streamlit as st

from app import meeting_ballot, meeting_decided, meeting_said, navigation, room, show
from app.meeting import Here, Seat
from app.typed_words import typed
from rcs_core.release import Release
from rcs_core.workshop import big_screen
from rcs_core.workshop.decide import Decision
from rcs_core.workshop.decide.lists import said_against
from rcs_core.workshop.decide.parts import Standing
from rcs_core.workshop.decide.told import summary
from rcs_core.workshop.meeting import ballots, decided
from rcs_core.workshop.meeting.agenda import about, running
from rcs_core.workshop.spend_map.money import agency_label
from rcs_core.workshop.store import EventKind

EMPTY = "Nothing is decided here yet. A decision stands here as soon as it is recorded, with whose it is and by when."
_KINDS = (EventKind.DECISION_RECORDED, EventKind.DECISION_UNDONE, EventKind.INTEREST_DECLARED, EventKind.TAKEN_BACK)


def facilitator(here: Here, release: Release) -> None:
    """The list of what was decided here; one of them to vote on, with the dissent that votes brought and who has an interest."""
    st.subheader("What is decided here?", anchor=False)
    meeting_said.watch(partial(_state, here), _state(here))
    meeting_said.told("decision")
    veil = big_screen.veiled(release, room.on())
    if found := decided.here(here.meeting):
        _list(found, veil)
        names = {f"{d.id}: {decided.hushed(d.title, d, veil)}": d for d in reversed(found)}
        chosen = st.selectbox("Look at one", list(names), key="meeting_decision")
        _one(here, names.get(chosen) or found[-1], veil)
    else:
        show.line(EMPTY)
    _vote(here, release, Seat.FACILITATOR)
    if navigation.DECIDE in navigation.present():
        navigation.link(navigation.DECIDE)


def participant(here: Here, release: Release) -> None:
    """What was decided here, in plain sentences, and one's vote where a decision is voted on."""
    _vote(here, release, Seat.PARTICIPANT)
    _spoken_all(here, release)


def screen(here: Here, release: Release) -> None:
    """What is agreed, then what stays a proposal; without prices of bought services; and the vote on one."""
    _vote(here, release, Seat.SCREEN)
    _spoken_all(here, release)


def _spoken_all(here: Here, release: Release) -> None:
    meeting_said.watch(partial(_state, here), _state(here))
    found, veil = decided.here(here.meeting), big_screen.veiled(release, True)
    if not found:
        return
    st.header("What is decided here?", anchor=False)
    show.line(f"**{summary(found).text}**")
    for standing in reversed(Standing):
        show.points(_spoken(d, veil) for d in found if d.standing is standing)


def _state(here: Here) -> tuple[object, ...]:
    events = here.meeting.events(*_KINDS)
    return (events[-1].id if events else 0), here.meeting.made(ballots.ballots)


def _spoken(found: Decision, veil: frozenset[str]) -> str:
    lead, words = decided.spoken(found, veil)
    return f"**{lead}:** {typed(words)}."


def _list(found: list[Decision], veil: frozenset[str]) -> None:
    told = summary(found)
    show.headline(told.text, told.under)
    show.table(decided.table(found, veil), "Decisions of this session")


def _one(here: Here, found: Decision, veil: frozenset[str]) -> None:
    """One decision: what it lacks, who has an interest in it, a vote on it, and dissent to keep with it."""
    show.line(_spoken(found, veil))
    meeting_decided.touching(here, found.service_ids, {found.owner_agency, *(m.agency for m in found.money)} - {""})
    for words in said_against(found):
        show.note(f"Dissent kept with it: {typed(decided.hushed(words, found, veil))}")
    is_open = any(b.open for b in here.meeting.made(ballots.ballots))
    left, right = st.columns(2)
    named = here.meeting.made(about).named
    with left.popover("Vote on it: steps of agreement", width="stretch", disabled=is_open):
        votes_named = st.toggle("Votes carry names", named, key=f"decision_named_{found.id}")
        if st.button("Open the vote", key=f"decision_vote_{found.id}", type="primary"):
            act = partial(ballots.open_ballot, here.meeting, decided.proposal(found, votes_named, veil), here.by)
            meeting_said.send(act, "decision", told="The vote is open on every phone.")
    if new := decided.voices(here.meeting, found):
        with right.popover(f"Dissent in votes ({len(new)})", width="stretch"):
            for one in new:
                whose = agency_label(one.agency) if one.agency else one.who
                show.line(f"**{typed(whose)}:** {typed(decided.hushed(one.words, found, veil))}")
            if st.button("Keep it with the decision", key=f"decision_voices_{found.id}_{found.version}"):
                who = here.by.name or here.meeting.made(about).facilitator
                keep = partial(decided.keep_voices, here.meeting, found, who, here.by.agency)
                meeting_said.send(keep, "decision", told=f"The dissent is kept with {found.id}, and with every later version.")


def _vote(here: Here, release: Release, seat: Seat) -> None:
    """The vote on a decision, where this step of the agenda does not draw votes by itself."""
    now, latest = here.meeting.made(running), here.meeting.made(ballots.latest)
    about_one = latest is not None and any(o.refers[:1] == (decided.DECISION,) for o in latest.options)
    if about_one and not (now.has("ballot") or now.has("priorities")):
        draws = {Seat.FACILITATOR: meeting_ballot.facilitator, Seat.SCREEN: meeting_ballot.screen}
        draws.get(seat, meeting_ballot.participant)(here, release)
