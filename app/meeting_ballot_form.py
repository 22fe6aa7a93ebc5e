"""One's own vote on a phone: dots, points or steps by thumb; kept only once the store has it."""

from collections.abc import Mapping

import streamlit as st

from app import meeting_said, show, typed_words
from app.meeting import ME, Here
from app.typed_words import typed
from rcs_core.errors import RcsError
from rcs_core.workshop.meeting import ballot_words, ballots
from rcs_core.workshop.meeting.ballot_contract import rule, steps
from rcs_core.workshop.meeting.ballots import Ballot, Kind, Option, Vote

KEPT = "Kept. You may change it until the vote is closed."


def private() -> str:
    """The private word of this phone, as its address has it."""
    return str(st.query_params.get(ME, ""))


def draw(here: Here, now: Ballot) -> None:
    """The question, the form as one voted last, and what is kept."""
    st.header(typed(now.question), anchor=False)
    show.note(ballot_words.privacy(now))
    _form(here, now)


@st.fragment
def _form(here: Here, now: Ballot) -> None:
    """The form is a fragment of its own: what is typed stays while the page around it looks for news."""
    mine = ballots.own(here.meeting, now.id, here.by, private())
    given, words = FORMS[now.kind](now, mine)
    left, right = st.columns([2, 1])
    if left.button("Cast my vote", type="primary", key=f"vote_cast_{now.id}", width="stretch"):
        _cast(here, now, given, words)
    mine = ballots.own(here.meeting, now.id, here.by, private())
    if mine and right.button("Take it back", key=f"vote_back_{now.id}", width="stretch"):
        _cast(here, now, {}, {})
        mine = None
    if mine:
        st.success(f"{KEPT} Your vote: {_told(now, mine)}.", icon=":material/check:")


def _cast(here: Here, now: Ballot, given: Mapping[str, int], words: Mapping[str, str]) -> None:
    """Cast it; whatever is wrong (the vote was closed, too many dots) is said in place."""
    if not given and ballots.own(here.meeting, now.id, here.by, private()) is None:
        st.warning(f"Nothing is given yet: {ballots.expected(now)}.", icon=":material/edit:")
        return
    try:
        ballots.cast(here.meeting, now.id, given, here.by, private(), words)
    except RcsError as error:
        typed_words.error(error)
        return
    if not given:
        st.info("Your vote is taken back. You can cast another until the vote is closed.", icon=":material/undo:")


def _told(now: Ballot, mine: Vote) -> str:
    unit = {Kind.DOTS: "dot", Kind.POINTS: "point"}.get(now.kind, "")
    said = [
        f"{typed(o.text)}: step {mine.given[o.key]}" if not unit else
        f"{typed(o.text)}: {mine.given[o.key]} {unit}{'' if mine.given[o.key] == 1 else 's'}"
        for o in now.options if o.key in mine.given
    ]  # fmt: skip
    return "; ".join(said)


def _label(option: Option) -> str:
    return f"{option.key.upper()}: {typed(option.text)}"


def _dots(now: Ballot, mine: Vote | None) -> tuple[dict[str, int], dict[str, str]]:
    """A number for each option, or a tick where an option takes one dot; what is left is said as one goes."""
    found: dict[str, int] = {}
    for option in now.options:
        was, key = mine.given.get(option.key, 0) if mine else 0, f"vote_{now.id}_{option.key}"
        if now.several and now.dots > 1:
            found[option.key] = int(st.number_input(_label(option), 0, now.dots, was, key=key))
        else:
            found[option.key] = int(st.checkbox(_label(option), bool(was), key=key))
    _left(now.dots - sum(found.values()), "dot")
    return found, {}


def _points(now: Ballot, mine: Vote | None) -> tuple[dict[str, int], dict[str, str]]:
    """Whole numbers; the rest to spread is said as one goes."""
    whole = rule("points")
    found = {
        o.key: int(st.number_input(_label(o), 0, whole, mine.given.get(o.key, 0) if mine else 0, key=f"vote_{now.id}_{o.key}"))
        for o in now.options
    }  # fmt: skip
    _left(whole - sum(found.values()), "point")
    return found, {}


def _left(left: int, unit: str) -> None:
    """What is left to give, or how many are too many."""
    many = f"{abs(left)} {unit}{'' if abs(left) == 1 else 's'}"
    show.line(f"**{many} too many.**" if left < 0 else f"**{many} left.**" if left else f"**All {unit}s given.**")


def _steps(now: Ballot, mine: Vote | None) -> tuple[dict[str, int], dict[str, str]]:
    """One of eight steps for each proposal, each with its sentence, and room for a reason once a step is taken."""
    found: dict[str, int] = {}
    words: dict[str, str] = {}
    names = [f"{step.step} {step.name}" for step in steps()]
    for option in now.options:
        was = mine.given.get(option.key) if mine else None
        key = f"vote_{now.id}_{option.key}"
        chosen = st.radio(_label(option), names, index=was - 1 if was else None, captions=[s.says for s in steps()], key=key)
        if chosen is None:
            continue
        found[option.key] = names.index(chosen) + 1
        against = found[option.key] >= rule("dissent_from")
        asked = "What would have to change? (if you like)" if against else "Your reason (if you like)"
        before = mine.words.get(option.key, "") if mine else ""
        words[option.key] = st.text_area(asked, before, max_chars=rule("words"), height=90, key=f"{key}_words")
    if found:
        meeting_said.warn()
    return found, words


FORMS = {Kind.DOTS: _dots, Kind.POINTS: _points, Kind.GRADIENT: _steps}
