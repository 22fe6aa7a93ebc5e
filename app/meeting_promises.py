"""Promises from the table on the three screens: stated with owner and reason, put in or left, each with its price at once."""

from dataclasses import replace
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import meeting, meeting_said, meeting_table, navigation, room, show
from app.drawn import kept
from app.meeting import Here, Seat
from app.meeting_table import one
from app.shift_why import said
from app.typed_words import typed
from rcs_core.release import Release
from rcs_core.workshop import promised
from rcs_core.workshop.big_screen import SUM, veiled
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.meeting import promise_cost, promises
from rcs_core.workshop.meeting.promises import Stated
from rcs_core.workshop.promised import Side, Wish
from rcs_core.workshop.scenario.wording import year_label
from rcs_core.workshop.sentence import Sentence
from rcs_core.workshop.shift import Shift
from rcs_core.workshop.spend_map.money import agency_label

FEW = 4
"""Promises whose price is in sight on a big screen; the others stand under them in a line."""
_FIELDS = ("promise_of", "promise_pounds", "promise_because", "promise_whose")


def facilitator(here: Here, release: Release) -> None:
    """What is on the table, promises that wait with what each would cost, those that are in, and one for somebody."""
    st.subheader("Promises from the table", anchor=False)
    meeting_said.watch(partial(meeting_table.state, here), meeting_table.state(here))
    show.line(meeting_table.told(here, release))
    meeting_table.choose(here, release)
    meeting_said.told("promise")
    on_screen = room.on()
    for found in here.meeting.made(promises.waiting):
        with st.container(border=True, key=f"promise-{found.id}"):
            _line(release, found, on_screen)
            if price := _price(here, release, found, on_screen):
                show.headline(price.text, price.basis)
            _answer(here, found, price)
    _in(here, release, on_screen, take_out=True)
    _left(here)
    with st.expander("State a promise for somebody"):
        _form(here, release)


def participant(here: Here, release: Release) -> None:
    """A promise of one's own, what became of it, and what the promises of the room cost."""
    st.header("What may not be cut, or not grow?", anchor=False)
    meeting_said.watch(partial(meeting_table.state, here), meeting_table.state(here))
    show.line(meeting_table.told(here, release))
    meeting_said.told("promise")
    _form(here, release)
    for found in here.meeting.made(promises.stated):
        if found.by.key == here.by.key and not found.put_in:
            _own(here, found)
    _in(here, release, True)


def screen(here: Here, release: Release) -> None:
    """What is on the table and what each promise costs, the newest first; nothing where nobody has promised anything."""
    meeting_said.watch(partial(meeting_table.state, here), meeting_table.state(here))
    if not here.meeting.made(promises.stated):
        return
    st.header("What does each promise cost?", anchor=False)
    show.line(meeting_table.told(here, release))
    _in(here, release, True)
    if many := len(here.meeting.made(promises.waiting)):
        show.line(f"{many} {'promise waits' if many == 1 else 'promises wait'} to be put in.")


def on_shift(release: Release, levers: Levers) -> None:
    """On *Try a shift* in a seat: what is on the table, and what the newest promise in it costs."""
    meeting_table.bar(release, levers)
    here = meeting.here()
    if here and (found := here.meeting.made(promises.put_in)):
        price = _price(here, release, found[-1], here.seat is not Seat.FACILITATOR or room.on())
        if price:
            show.headline(price.text, price.under)


def _line(release: Release, found: Stated, on_screen: bool) -> None:
    """A promise as it was stated: what, whose, why."""
    show.line(one(found, found.wish.subject in veiled(release, on_screen)))


def _price(here: Here, release: Release, found: Stated, on_screen: bool) -> Sentence | None:
    """What a promise costs, as the scenario on the table is solved with it and without it; None where it does not fit."""
    others = tuple(p for p in here.meeting.made(promises.put_in) if p.id != found.id)
    held = here.meeting.made(promises.put_in) if found.put_in else (*others, found)
    place = next(p for p in meeting_table.laid(here, release, held).places if p.promise.id == found.id)
    if place.why_not:
        show.line(f"It is not in the scenario on the table: {place.why_not}.")
        return None
    free, with_it = meeting_table.solved(here, release, others), meeting_table.solved(here, release, held)
    return kept(_sentence, release, _what(release, found, on_screen), with_it, free, on_screen)


def _sentence(release: Release, what: str, held: Shift, free: Shift, on_screen: bool) -> Sentence:
    """The cost in a sentence; a sum that clashes is told without the amounts of a bought service."""
    cost = promise_cost.cost(held, free)
    told = promise_cost.sentence(what, cost, held, veiled(release, on_screen))
    clashes = cost.verdict is promise_cost.Verdict.CLASHES
    return replace(told, text=said(release, [told], on_screen)[0]) if clashes else told


def _what(release: Release, found: Stated, on_screen: bool) -> str:
    """What is promised; without its amount where it is for a bought service and partners look together."""
    return SUM.sub("–", found.what) if found.wish.subject in veiled(release, on_screen) else found.what


def _none(here: Here, release: Release, on_screen: bool) -> None:
    """That the promises on the table cannot all hold: the sum that does not come out, and the smallest change that settles it."""
    shift = meeting_table.solved(here, release)
    if shift.possible:
        return
    reason, repair = kept(promise_cost.why_none, shift)
    text = said(release, [Sentence(f"There is no plan on the table. {reason}{repair}")], on_screen)[0]
    st.warning(text.replace("$", "&#36;"), icon=":material/block:")
    if here.seat is Seat.FACILITATOR:
        navigation.link(navigation.SHIFT)


def _answer(here: Here, found: Stated, price: Sentence | None) -> None:
    """Put it in, or leave it with words that its owner reads."""
    left, right = st.columns(2)
    cost = price.text if price else ""
    if left.button("Put it in", key=f"promise_in_{found.id}", type="primary", width="stretch"):
        act = partial(promises.accept, here.meeting, found.id, here.by, cost)
        meeting_said.send(act, "promise", told="It is in the scenario of every seat.")
    with right.popover("Leave it", width="stretch"):
        words = meeting_said.words("Why it is left", f"promise_left_{found.id}", long=False)
        if st.button("Leave it with these words", key=f"promise_leave_{found.id}"):
            act = partial(promises.leave, here.meeting, found.id, here.by, words, meeting_said.year())
            meeting_said.send(act, "promise", f"promise_left_{found.id}", told="Left, with your words.")


def _in(here: Here, release: Release, on_screen: bool, take_out: bool = False) -> None:
    """The promises that are in, the newest first, each with its price; those that do not fit say why."""
    found = list(reversed(here.meeting.made(promises.put_in)))
    if not found:
        return
    _none(here, release, on_screen)
    basis = [_of_one(here, release, promise, on_screen, take_out) for promise in found[:FEW]]
    if rest := found[FEW:]:
        with st.expander(f"{len(rest)} more"):
            basis += [_of_one(here, release, promise, on_screen, take_out) for promise in rest]
    if told := next(filter(None, basis), ""):
        show.note(told)


def _of_one(here: Here, release: Release, found: Stated, on_screen: bool, take_out: bool) -> str:
    """One promise with its price; returns what the price rests on."""
    with st.container(border=True, key=f"promise-{found.id}"):
        _line(release, found, on_screen)
        if price := _price(here, release, found, on_screen):
            show.headline(price.text)
        if take_out and st.button("Take it out", key=f"promise_out_{found.id}", type="tertiary", icon=":material/undo:"):
            meeting_said.send(partial(promises.reopen, here.meeting, found.id, here.by), "promise", told="It waits again.")
        if here.by.key and found.by.key == here.by.key:
            _take_back(here, found)
    return price.under if price else ""


def _left(here: Here) -> None:
    """What was left, with the words, behind a door; the answer can be taken back."""
    left = [p for p in here.meeting.made(promises.stated) if p.answer is not None and not p.answer.put_in]
    if not left:
        return
    with st.expander(f"Left out ({len(left)})"):
        for found in left:
            show.line(f"{one(found)} {_words(found)}")
            if st.button("Look at it again", key=f"promise_again_{found.id}", type="tertiary"):
                meeting_said.send(partial(promises.reopen, here.meeting, found.id, here.by), "promise", told="It waits again.")


def _words(found: Stated) -> str:
    return f"Left: {typed(found.answer.words)}" if found.answer else ""


def _own(here: Here, found: Stated) -> None:
    """One's own promise that is not in, with what became of it."""
    show.line(f"{one(found)} {_words(found) if found.answer else 'It waits for the facilitator.'}")
    _take_back(here, found)


def _take_back(here: Here, found: Stated) -> None:
    if st.button("Take it back", key=f"promise_back_{found.id}", type="tertiary", icon=":material/undo:"):
        meeting_said.send(partial(promises.withdraw, here.meeting, found.id, here.by), "promise", told="Taken back.")


def _form(here: Here, release: Release) -> None:
    """Do not cut X below Y, because Z: whose promise, and why; kept as an event of the session."""
    shift = meeting_table.solved(here, release)
    scenario, about = shift.scenario, kept(promised.subjects, shift.scenario, shift.names)
    with st.form("promise_form", border=False):
        meeting_said.warn()
        side = st.selectbox("It holds", list(Side), format_func=lambda s: s.label, key="promise_holds")
        subject = st.selectbox("For which service or purse", list(about), None, format_func=about.__getitem__,
                               key=meeting_said.key("promise_of"), placeholder="Choose")  # fmt: skip
        left, right = st.columns(2)
        pounds = _pounds(left)
        year = right.selectbox("From", list(scenario.years), format_func=lambda t: year_label(scenario, t), key="promise_from")
        reason = meeting_said.words("Because", "promise_because", long=False)
        whose = st.text_input("Whose promise", ", ".join(filter(None, (here.by.name if here.by.key else "", _agency(here)))),
                              key=meeting_said.key("promise_whose"))  # fmt: skip
        sent = st.form_submit_button("State it", type="primary")
    if not sent:
        return
    if subject is None or pounds is None:
        st.warning("Choose a service or purse, and type pounds a year.", icon=":material/edit:")
        return
    wish = Wish(side or Side.LEAST, subject, float(pounds), year or 1, whose or "", reason)
    act = partial(promises.state, here.meeting, scenario, shift.names, wish, here.by, meeting_said.year())
    meeting_said.send(act, "promise", *_FIELDS, told="Kept. The facilitator sees it.")


def _pounds(place: DeltaGenerator) -> int | None:
    return place.number_input("Pounds a year", 0, 10**9, None, step=1000, key=meeting_said.key("promise_pounds"))


def _agency(here: Here) -> str:
    return agency_label(here.by.agency) if here.by.agency else ""
