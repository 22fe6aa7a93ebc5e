"""Guess and reveal: the facilitator asks and reveals, people guess, the big screen shows the count, then the figure."""

from functools import partial

import streamlit as st

from app import charts_meeting, meeting_said, navigation, session, show, store_away
from app.meeting import Here
from app.typed_words import typed
from rcs_core.release import Release
from rcs_core.workshop.meeting import guess_questions, guesses
from rcs_core.workshop.meeting.guess_questions import GuessQuestion, Truth, Unit, rule
from rcs_core.workshop.meeting.guesses import Asked

PAPER = "Guesses on paper: a table and its number on each line, such as 3, 40"


def facilitator(here: Here, release: Release) -> None:
    """Ask, type in paper, reveal, hide again."""
    st.subheader("Guess and reveal", anchor=False)
    asked = here.meeting.made(guesses.asked)
    for one in asked:
        with st.expander(_title(one), expanded=one is asked[-1]):
            _lead(here, release, one)
    _ask(here, release, asked)
    meeting_said.watch(partial(_state, here), _state(here))


def _title(one: Asked) -> str:
    return f"{typed(one.title)}: {'shown' if one.truth else 'hidden again' if one.closed else 'being guessed'}"


def _guessed(one: Asked) -> str:
    return f"{one.count} guess{'' if one.count == 1 else 'es'}"


def _lead(here: Here, release: Release, one: Asked) -> None:
    show.line(typed(one.text))
    meeting_said.told(f"guess_{one.id}")
    if one.truth:
        _revealed(one, one.truth)
        if st.button("Hide it again", key=f"guess_hide_{one.id}"):
            meeting_said.send(
                partial(guesses.hide, here.meeting, one.id, here.by),
                f"guess_{one.id}",
                told="Hidden. No guesses are taken any more.",
            )
        return
    _count(here, one.id)
    if not one.closed:
        with st.popover("Type in paper", icon=":material/edit_note:"):
            text = meeting_said.words(PAPER, f"guess_{one.id}")
            if st.button("Keep these guesses", key=f"guess_paper_{one.id}"):
                meeting_said.send(partial(guesses.from_paper, here.meeting, one.id, text, here.by), f"guess_{one.id}")
    if st.button("Reveal the figure", key=f"guess_reveal_{one.id}", type="primary", icon=":material/visibility:"):
        question = next((q for q in _questions(release) if q.id == one.question), None)
        if question is None:
            show.line("This release has no figure for it.")
            return
        act = partial(guesses.reveal, here.meeting, one.id, question, here.by, release.id)
        meeting_said.send(act, f"guess_{one.id}", told="Shown. Now ask: what surprises you?")


@st.fragment(run_every=meeting_said.EVERY)
@store_away.told
def _count(here: Here, id: int) -> None:
    """How many have guessed, as it is now."""
    show.line(next((f"**{_guessed(a)}.** Nobody sees a number yet." for a in here.meeting.made(guesses.asked) if a.id == id), ""))


def _questions(release: Release) -> tuple[GuessQuestion, ...]:
    return session.once(release, guess_questions.questions)


def _ask(here: Here, release: Release, asked: tuple[Asked, ...]) -> None:
    """The questions that can still be asked, and those that cannot with the reason."""
    before = {one.question for one in asked}
    left = {q.title: q for q in _questions(release) if q.truth and q.id not in before}
    if left:
        title = st.selectbox("Ask the room to guess", list(left), key="guess_choice")
        question = left[title if title in left else next(iter(left))]
        show.note(question.text)
        if st.button("Ask it", key="guess_ask", type="secondary" if asked else "primary"):
            meeting_said.send(
                partial(guesses.ask, here.meeting, question, here.by), "guess_asked", told="The room can guess now."
            )
    meeting_said.told("guess_asked")
    if missing := [q for q in _questions(release) if not q.truth]:
        with st.expander(f"{len(missing)} questions cannot be asked of this release"):
            show.points(f"**{q.title}:** {q.why_not}" for q in missing)


def participant(here: Here, _release: Release) -> None:
    """One's own guess at each open question, and the figures that were revealed."""
    asked = here.meeting.made(guesses.asked)
    for one in asked:
        if not one.closed:
            _guess(here, one)
        elif one.truth:
            mine = one.of(_mine(here, one))
            st.markdown(f"**{typed(one.truth.sentence)}**" + ("" if mine is None else f" You guessed {_said(mine, one.unit)}."))
            st.caption(typed(one.truth.basis))
    meeting_said.watch(partial(_state, here), _state(here))


def _state(here: Here) -> tuple[tuple[int, bool, bool], ...]:
    """What a participant's screen depends on: not how many have guessed."""
    return tuple((a.id, a.closed, a.truth is not None) for a in here.meeting.made(guesses.asked))


def _guess(here: Here, one: Asked) -> None:
    mine, name = one.of(_mine(here, one)), f"guess_{one.id}"
    with st.form(f"{name}_form"):
        st.markdown(f"**{typed(one.text)}**")
        value = st.number_input(
            f"Your guess, {one.unit.label}", 0, guesses.most_of(one.unit), value=mine, step=1, key=f"{name}_value"
        )
        sent = st.form_submit_button("Give my guess" if mine is None else "Change my guess", type="primary")
    if sent and value is None:
        st.warning("Type a whole number first.", icon=":material/edit:")
    elif sent and value is not None:
        meeting_said.send(
            partial(guesses.guess, here.meeting, one.id, int(value), here.by, meeting_said.private()), name, told=""
        )
    if mine is not None:
        kept = f"**Kept: {_said(mine, one.unit)}.** You can change it until the figure is shown. It is kept without your name."
        st.success(kept, icon=":material/check:")


def _mine(here: Here, one: Asked) -> str:
    """What stands for who sits here among the guesses."""
    return guesses.token(meeting_said.private(), here.meeting.id, one.id)


def _said(value: int, unit: Unit) -> str:
    return f"£{value:,}" if unit is Unit.POUNDS else f"{value}"


def screen(here: Here, _release: Release) -> None:
    """The question with how many have guessed; once revealed, the figure beside the spread."""
    _live(here)
    meeting_said.watch(partial(_state, here), _state(here))
    for one in reversed(here.meeting.made(guesses.asked)):
        if one.truth:
            _revealed(one, one.truth)
            st.subheader("What surprises you?", anchor=False)


@st.fragment(run_every=meeting_said.EVERY)
@store_away.told
def _live(here: Here) -> None:
    for one in here.meeting.made(guesses.asked):
        if not one.closed:
            st.header(typed(one.text), anchor=False)
            st.markdown(f"## {_guessed(one)}")


def _revealed(one: Asked, truth: Truth) -> None:
    """The figure, what it rests on, where it stands, and how the guesses lie about it; no names."""
    show.headline(truth.sentence, f"{truth.basis} {_range(one, truth)}".strip())
    found = guesses.spread(one)
    st.markdown(f"**{found.near} of {_guessed(one)}** {_near(one.unit)}" if found.count else "Nobody guessed.")
    if found.count:
        spec, points = charts_meeting.strip(found, one.unit), charts_meeting.strip_points(found, truth)
        show.chart(spec, points, f"{found.words} {truth.sentence}", found.frame(), f"Guesses, {one.title}")
    if len(found.agencies):
        show.table(found.agencies, f"Guesses by agency, {one.title}")
    screens = {s.address: s for s in navigation.SCREENS}
    if one.address in screens:
        navigation.link(screens[one.address], **one.choices)


def _range(one: Asked, truth: Truth) -> str:
    if truth.low is None or truth.high is None:
        return ""
    return f"Grey: from {_said(truth.low, one.unit)} to {_said(truth.high, one.unit)} ({truth.kind})."


def _near(unit: Unit) -> str:
    if unit is Unit.PER_CENT:
        return f"lay within {rule('near_points'):.0f} points of it."
    return f"lay within {100 * rule('near_share'):.0f}% of it."
