"""Votes on paper: papers to print, and one field in which somebody types them in, a line a paper."""

import secrets
from functools import partial

import streamlit as st

from app import leaving, show, take_papers, typed_words
from app.meeting import Here
from app.typed_words import typed
from rcs_core.errors import RcsError
from rcs_core.release import Release
from rcs_core.workshop.meeting import paper_votes
from rcs_core.workshop.meeting.ballots import Ballot
from rcs_core.workshop.papers.ballot_paper import ballot_paper

_BATCH, _TYPED = "paper_batch", "paper_typed"


def facilitator(here: Here, release: Release, now: Ballot) -> None:
    """Papers of an open vote: typing them in, those that are kept, and more of them to print."""
    with st.expander("Votes on paper", icon=":material/keyboard:", key=f"paper_door_{now.id}"):
        _type(here, now)
        _kept(here, now)
        stamp = leaving.stamp(release, here.by.name)
        make = partial(ballot_paper, now, stamp)
        about = "A page of papers to cut, with the letters and numbers that are typed in here."
        take_papers.offer("ballot papers", f"ballot papers {now.id}", make, stamp, f"papers-{now.id}", about)


def _type(here: Here, now: Ballot) -> None:
    """One field, a line a paper; lines that were kept are gone from it, and those that were not stay to be put right."""
    batch: str = st.session_state.setdefault(_BATCH, secrets.token_hex(8))
    show.line(f"A line a paper: the agency, then the vote, such as `{paper_votes.example(now)}`. Ctrl and Enter keeps them.")
    with st.form(f"paper_form_{now.id}", border=False):
        key = f"paper_text_{now.id}_{batch}"
        st.text_area("Papers", st.session_state.get(f"paper_rest_{now.id}", ""), height=330, key=key)
        st.form_submit_button("Keep these papers", type="primary", on_click=_keep, args=(here, now, batch, key))
    _told(now)
    show.note("Letters or numbers: " + "; ".join(typed(line) for line in paper_votes.legend(now)) + ".")


def _keep(here: Here, now: Ballot, batch: str, key: str) -> None:
    """Keep what was typed. A second press of the same field finds the same batch, and nothing is counted twice."""
    text = str(st.session_state.get(key, ""))
    try:
        found = paper_votes.keep(here.meeting, now.id, text, here.by, batch)
    except RcsError as error:
        st.session_state[_TYPED] = now.id, error
        return
    st.session_state[_TYPED] = now.id, found
    st.session_state[f"paper_rest_{now.id}"] = found.rest
    st.session_state[_BATCH] = secrets.token_hex(8)


def _told(now: Ballot) -> None:
    """What became of the lines that were sent last."""
    id, found = st.session_state.get(_TYPED, ("", None))
    if id != now.id or found is None:
        return
    if isinstance(found, RcsError):
        typed_words.error(found)
        return
    if found.kept:
        many = f"{len(found.kept)} paper{'' if len(found.kept) == 1 else 's'}"
        st.success(f"Kept: {many}, the last is paper {found.kept[-1]}.", icon=":material/check:")
    if found.bad:
        st.warning(f"{len(found.bad)} not kept; they stay in the field.", icon=":material/edit:")
        show.points(typed(bad.told()) for bad in found.bad)


def _kept(here: Here, now: Ballot) -> None:
    """The papers that count, as they could be typed again, and how one is put right."""
    found = paper_votes.papers(here.meeting, now.id)
    if not found:
        return
    with st.popover(f"Check the {len(found)} papers that are kept"):
        show.line("To put one right type its number, a full stop and the vote (`7. ED 3`); `7. -` takes it back.")
        st.code("\n".join(f"{number}. {line}" for number, line in found.items()), language=None)
