"""Priorities taken from a dot vote: at most as many as are advised, one more with a reason, and ties left to the room."""

from collections.abc import Sequence

import streamlit as st

from app import meeting_ballot, plan_read, show
from app.meeting import Here
from app.typed_words import typed
from rcs_core.release import Release
from rcs_core.workshop.evidence import listed
from rcs_core.workshop.meeting import priorities
from rcs_core.workshop.meeting.ballot_results import Results, closed
from rcs_core.workshop.meeting.ballots import Kind, Option
from rcs_core.workshop.meeting.priorities import Proposed
from rcs_core.workshop.plan.book import Priority
from rcs_core.workshop.plan.contract import most_priorities


def facilitator(here: Here, release: Release) -> None:
    """Take priorities from the dot vote that was closed last, and see those of the plan."""
    votes = [one for one in closed(here.meeting) if one.ballot.kind is Kind.DOTS and one.votes]
    if not votes:
        return
    st.subheader("Priorities", anchor=False)
    standing, taken = plan_read.book().read().priorities, here.meeting.made(priorities.taken)
    _standing(standing)
    _choose(here, release, votes[-1], priorities.proposed(votes[-1], standing), standing)
    if taken and st.button("Undo: the last were taken by mistake", key=f"priorities_back_{taken[-1].event}"):
        meeting_ballot.do(
            lambda: here.meeting.take_back(taken[-1].event, here.by, "taken by mistake"),
            "It is out of the record. A priority that is to go is dropped on Plan and review.",
        )


def screen(here: Here, release: Release) -> None:
    """The priorities that the room took, once it has taken some."""
    del release
    if here.meeting.made(priorities.taken):
        st.subheader("Priorities", anchor=False)
        _standing(plan_read.book().read().priorities)


participant = screen


def _standing(standing: Sequence[Priority]) -> None:
    most = most_priorities().value
    show.line(f"**{len(standing)} of {most} priorities stand in the plan.**" if standing else "The plan has no priority yet.")
    show.points(typed(one.name) + (f" (one more, because: {typed(one.why)})" if one.why else "") for one in standing)


def _choose(here: Here, release: Release, found: Results, first: Proposed, standing: Sequence[Priority]) -> None:
    """What the vote puts forward, ticked; ties at the last place stand unticked and are the room's to settle."""
    names = {one.name.casefold() for one in standing}
    offered = [o for o in found.order if found.of(o).total and o.text.casefold() not in names]
    if not offered:
        show.line("Everything that got a dot stands in the plan already.")
        return
    if first.tied:
        show.line(_tie(found, first))
    chosen = st.multiselect(
        f"From the vote “{typed(found.ballot.question)}”", offered, list(first.sure), lambda o: _label(found, o),
        key=f"priorities_{found.ballot.id}_{len(standing)}",
    )  # fmt: skip
    over = len(standing) + len(chosen) - most_priorities().value
    why = ""
    if over > 0:
        why = st.text_input(f"Why {over} more than are advised", key=f"priorities_why_{found.ballot.id}", max_chars=500)
    if st.button("Take these as priorities", key=f"priorities_take_{found.ballot.id}", type="primary", disabled=not chosen):
        keys = [option.key for option in chosen]
        hash = release.manifest.content_hash
        meeting_ballot.do(
            lambda: priorities.take(here.meeting, found.ballot.id, keys, here.by, why, hash), "The priorities stand in the plan."
        )


def _tie(found: Results, first: Proposed) -> str:
    names = listed(typed(option.text) for option in first.tied)
    dots = found.of(first.tied[0]).total
    places = f"{first.places} place{' is' if first.places == 1 else 's are'} left"
    many = f"{len(first.tied)} options tie with {dots} dot{'' if dots == 1 else 's'}"
    return f"**{many}, and {places}: {names}.** The room says which."


def _label(found: Results, option: Option) -> str:
    dots = found.of(option).total
    return f"{option.text} ({dots} dot{'' if dots == 1 else 's'})"
