"""A vote in the room: opened, counted in silence, closed, shown; for the facilitator, the phones and the big screen."""

from collections.abc import Callable

import streamlit as st

from app import charts_ballots, meeting_ballot_form, meeting_paper, room, session, show, store_away, typed_words
from app.meeting import Here
from app.typed_words import typed
from rcs_core.errors import RcsError
from rcs_core.release import Release
from rcs_core.workshop.meeting import ballot_words, ballots
from rcs_core.workshop.meeting.agenda import about
from rcs_core.workshop.meeting.ballot_contract import rule
from rcs_core.workshop.meeting.ballot_options import ASKED, USUAL, Offered, Source, offered
from rcs_core.workshop.meeting.ballot_results import ROOM, Results, results
from rcs_core.workshop.meeting.ballots import Ballot, Draft, Kind

EVERY = 2
"""Seconds between two looks at a vote that is under way."""
_SAID, _NEXT = "ballot_said", "ballot_next"


def facilitator(here: Here, release: Release) -> None:
    """The vote that is on with what can be done with it, and below it the next one."""
    st.subheader("Vote", anchor=False)
    place = st.empty()
    if said := st.session_state.pop(_SAID, ""):
        place.success(said, icon=":material/check:")
    now = ballots.current(here.meeting)
    if now is not None and now.open:
        _open(here, release, now)
        return
    if now is not None:
        _closed(here, now)
    _prepare(here, release, fresh=now is None)
    _earlier(here)


def participant(here: Here, release: Release) -> None:
    """The vote on a phone: one's own vote while it is open, its result once it is shown."""
    del release
    now = ballots.current(here.meeting)
    _follow(here, _mark(now))
    if now is None:
        return
    if now.open:
        meeting_ballot_form.draw(here, now)
        return
    if now.shown:
        result(results(here.meeting, now.id))
        return
    show.line(f"**{typed(now.question)}**")
    show.line("The vote is closed. The facilitator shows the result to the room.")


def screen(here: Here, release: Release) -> None:
    """The vote on the big screen: the question and how many voted, and the result once it is shown."""
    del release
    now = ballots.current(here.meeting)
    if now is None:
        _follow(here, _mark(now))
        return
    if now.shown:
        result(results(here.meeting, now.id))
    else:
        st.header(typed(now.question), anchor=False)
        show.points(f"{o.key.upper()}: {typed(o.text)}" for o in now.options)
        show.line("" if now.open else "The vote is closed.")
    _follow(here, _mark(now))


@st.fragment(run_every=EVERY)
@store_away.told
def _follow(here: Here, drawn_for: str) -> None:
    """Look whether the vote is another one or in another state, and draw the page anew if so; else how many voted."""
    now = ballots.current(here.meeting)
    if _mark(now) != drawn_for:
        st.rerun()
    if now is not None and now.open:
        show.line(f"{ballot_words.cast_so_far(now, sum(ballots.there(here.meeting).values())).text}")


def _mark(now: Ballot | None) -> str:
    return f"{now.id} {now.event} {now.state.value} {now.shown}" if now else ""


def _open(here: Here, release: Release, now: Ballot) -> None:
    """An open vote: how many voted and nothing else, papers, and closing it."""
    show.line(f"**{typed(now.question)}** ({now.kind.label.lower()}, {'with names' if now.named else 'without names'})")
    _follow(here, _mark(now))
    left, right = st.columns(2)
    if left.button("Close the vote", key=f"ballot_close_{now.id}", type="primary", icon=":material/how_to_vote:"):
        do(lambda: ballots.close(here.meeting, now.id, here.by), "The vote is closed. The room sees the result when you show it.")
    with right.popover("Opened by mistake?"):
        why = st.text_input("Why it is taken back", key=f"ballot_why_{now.id}")
        if st.button("Take this vote back", key=f"ballot_drop_{now.id}", disabled=not why.strip()):
            do(lambda: ballots.drop(here.meeting, now.id, here.by, why), "The vote is taken back; it counts nowhere.")
    meeting_paper.facilitator(here, release, now)


def _closed(here: Here, now: Ballot) -> None:
    """A closed vote: shown or hidden by the facilitator, and opened again as long as the room has not seen it."""
    found = results(here.meeting, now.id)
    left, right = st.columns(2)
    word, icon = ("Hide", "visibility_off") if now.shown else ("Show", "visibility")
    said = f"The result is {'hidden' if now.shown else 'shown to the room'}."
    if left.button(f"{word} the result", key=f"ballot_show_{now.id}_{now.shown}", type="primary", icon=f":material/{icon}:"):
        do(lambda: ballots.show(here.meeting, now.id, not now.shown, here.by), said)
    with right.popover("A vote is missing?", disabled=now.shown):
        why = st.text_input("Why it is opened again", key=f"ballot_again_why_{now.id}")
        if st.button("Open it again", key=f"ballot_again_{now.id}", disabled=not why.strip()):
            do(lambda: ballots.reopen(here.meeting, now.id, here.by, why), "The vote is open again.")
    if now.shown:
        result(found)
        return
    with st.expander("Look at it before the room does"):
        result(found)


def result(found: Results) -> None:
    """A closed vote as picture, sentences and table, with dissent in its own words; the same for every seat."""
    names = [option.text for option in found.ballot.options]
    st.header(typed(found.ballot.question), anchor=False)
    votes = f"{found.votes} votes, {found.papers} of them on paper" if found.papers else f"{found.votes} votes"
    words, picture = room.beside()
    with words:
        show.headline(typed_words.inside(ballot_words.headline(found).text, *names), f"{found.ballot.kind.label}, {votes}.")
        show.points(typed_words.inside(one.text, *names) for one in ballot_words.sentences(found))
    if not found.votes:
        return
    with picture:
        _picture(found)
    if said := ballot_words.words(found):
        st.subheader("In the words of who voted", anchor=False)
        show.points(typed(one) for one in said)
    if len(found.groups) > 1:
        with st.expander("By agency"):
            _picture(found, agencies=True)
    elif not found.ballot.named:
        show.note(f"Agencies are not told apart: fewer than {rule('least_together')} people of each, or of all others, voted.")


def _picture(found: Results, agencies: bool = False) -> None:
    groups = (ROOM, *found.groups) if agencies else (ROOM,)
    points, frame = ballot_words.points(found, groups), ballot_words.frame(found, agencies)
    name = f"vote {found.ballot.id}{' by agency' if agencies else ''}"
    if found.ballot.kind is Kind.GRADIENT:
        spec, rows = charts_ballots.agreement(points)
    else:
        spec, rows = charts_ballots.given(points, found.ballot.kind.label.split()[-1].lower())
    show.chart(spec, rows, ballot_words.alt(found), frame, name)


def _prepare(here: Here, release: Release, fresh: bool) -> None:
    """The next vote: how, about what, and whether with names, which is asked each time."""
    with st.container(border=True) if fresh else st.expander("Open another vote"):
        turn = st.session_state.setdefault(_NEXT, 0)
        kinds = {kind.label: kind for kind in Kind}
        kind = kinds[st.segmented_control("How do we vote?", list(kinds), default=Kind.DOTS.label, required=True,
                                          key=f"ballot_kind_{turn}") or Kind.DOTS.label]  # fmt: skip
        sources = {source.label: source for source in USUAL[kind]}
        source = sources[st.selectbox("What about?", list(sources), key=f"ballot_source_{turn}_{kind}")]
        found = session.once(release, _offered, source, here.meeting.events()[-1].id) if source is not Source.TYPED else None
        question = st.text_input("Question", ASKED[kind], max_chars=rule("question"), key=f"ballot_question_{turn}_{kind}")
        texts = st.text_area("Options, one a line", "\n".join(found.texts) if found else "", height=170,
                             key=f"ballot_options_{turn}_{kind}_{source}")  # fmt: skip
        if found and found.note:
            show.note(found.note)
        lines = [line for line in texts.splitlines() if line.strip()]
        offered_as = ballots.options(lines, [found.refer(line) if found else () for line in lines])
        with st.popover("Open this vote", icon=":material/how_to_vote:"):
            _ask(here, Draft(kind, question, offered_as, named=True), turn)


def _offered(release: Release, source: Source, event: int) -> Offered:
    del event  # what is kept may have changed since
    return offered(release, session.store(), source)


def _ask(here: Here, draft: Draft, turn: int) -> None:
    """What is asked each time a vote is opened: names, and how many dots."""
    usual = here.meeting.made(about).named
    named = st.radio(
        "Do votes carry names?", ("With names", "Without names"), index=0 if usual else 1, key=f"ballot_named_{turn}"
    )
    dots, several = rule("dots"), True
    if draft.kind is Kind.DOTS:
        dots = st.number_input("Dots of each person", 1, rule("most_dots"), dots, key=f"ballot_dots_{turn}")
        several = st.toggle("Several dots on one option", True, key=f"ballot_several_{turn}")
    if st.button("Open it now", type="primary", key=f"ballot_open_{turn}"):
        whole = Draft(draft.kind, draft.question, draft.options, named == "With names", int(dots), several)
        do(lambda: ballots.open_ballot(here.meeting, whole, here.by), "The vote is open.", lambda: _turn(turn))


def _turn(turn: int) -> None:
    st.session_state[_NEXT] = turn + 1


def _earlier(here: Here) -> None:
    """The results of votes before the last one."""
    before = [b for b in here.meeting.made(ballots.ballots) if not b.open][:-1]
    if before:
        with st.expander(f"Earlier votes ({len(before)})"):
            for one in reversed(before):
                result(results(here.meeting, one.id))


def do(deed: Callable[[], object], said: str, then: Callable[[], None] | None = None) -> None:
    """Do what was asked and say so on the page as it is then; what is wrong is said in place, and nothing typed is lost."""
    try:
        deed()
    except RcsError as error:
        typed_words.error(error)
        return
    if then:
        then()
    st.session_state[_SAID] = said
    st.rerun()
