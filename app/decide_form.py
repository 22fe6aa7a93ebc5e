"""*Decide*, recording: the moves, the verdict, whose it is, what it hangs on, who disagrees, and the safety sheet.

It is a fragment of its own without a form, so that each field is kept as soon as it is left: nothing typed is lost when a
record is refused, when other moves are chosen, or when the page is left and come back to.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from app import decide_sheet, left_out, meeting_decided, session, show, signed, typed_words
from app.decide_table import offered_conditions
from rcs_core.access import Right
from rcs_core.errors import RcsError
from rcs_core.release import Release
from rcs_core.vocab import Shanarri
from rcs_core.workshop import big_screen
from rcs_core.workshop.decide import Decisions, Dissent, Draft, Verdict, lists, prefill, start
from rcs_core.workshop.decide.moves import OnTable
from rcs_core.workshop.decide.rules import limits

_TIMES, _EDITED, _SAID, _SUGGESTED = "decide_times", "decide_edited", "decide_said", "decide_suggested"
NEWEST = "decide_newest"
"""Where the id of what was recorded last waits to be looked at."""
IN_WORDS = "In words, below"
_NEEDS = (
    "A go needs your name, an owner with agency, a day, the body that decides, an outcome and an indicator. What you type stays "
    "while you look at other pages; a reload in the browser empties it."
)
KEEP: Any = {"persist_state": "session"}


def key(name: str) -> str:
    """The key of a field: new after each record, so that the next one starts blank."""
    return f"decide_{name}_{st.session_state.get(_TIMES, 0)}"


def begin(id: str = "", version: int = 0) -> None:
    """Start a record anew: of a further version of a decision, made from one of its versions, or of a new one."""
    st.session_state[_TIMES] = st.session_state.get(_TIMES, 0) + 1
    st.session_state[_EDITED] = (id, version)
    st.session_state.pop(_SUGGESTED, None)


def section(release: Release, found: OnTable | None, on_screen: bool) -> None:
    """The door behind which a decision is recorded, and what was recorded last."""
    place = st.empty()
    if said := st.session_state.pop(_SAID, ""):
        place.success(said, icon=":material/check:")
    if not left_out.unless(Right.DECIDE):
        return
    edited, _ = st.session_state.get(_EDITED, ("", 0))
    title = f"Record a further version of {edited}" if edited else "Record a decision"
    with st.expander(title, expanded=bool(edited), icon=":material/edit_note:", key=f"decide_door_{edited}"):
        _record(release, found, on_screen)


@st.fragment
def _record(release: Release, found: OnTable | None, on_screen: bool) -> None:
    kept = Decisions(session.store(), meeting_decided.session_id())
    begun = _begun(release, found, kept, on_screen)
    if begun is None:
        show.line("Choose the moves that this decision is about.")
        return
    show.note(_NEEDS)
    meeting_decided.interests(begun)
    draft = _whose(kept, _what(begun))
    draft = _outcome(release, draft)
    draft = _conditions(found if begun.scenario else None, draft, begun)
    draft = _dissent(draft, begun)
    draft = decide_sheet.fields(draft, key)
    _finish(kept, draft)


def _begun(release: Release, found: OnTable | None, kept: Decisions, on_screen: bool) -> Draft | None:
    """What it is about: a decision that stands, some moves of the table, or words alone."""
    edited, version = st.session_state.get(_EDITED, ("", 0))
    if edited:
        return _further(kept, edited, version)
    if found is None or not found.moves:
        takes = st.toggle("It takes money, places or support away from somebody", key=key("takes"), **KEEP)
        return start.in_words(release, takes)
    names = {code: words for code, (words, _) in start.groups(found).items()} | {m.service_id: m.name for m in found.moves}
    picked = st.multiselect(
        "Moves that it is about", list(names), format_func=names.__getitem__, key=key(f"moves_{found.kept.link}"),
        placeholder="One move, or several that stand or fall together", **KEEP,
    )  # fmt: skip
    moves = start.widened(found, picked)
    return start.of_moves(found, moves, release, big_screen.veiled(release, on_screen)) if moves else None


def _further(kept: Decisions, id: str, version: int) -> Draft:
    """A further version, from the one that was looked at, whatever others record meanwhile; that they did is said."""
    versions = kept.history(id)
    show.line(f"**{id}**, from version {version}. Its moves and figures stay as they were recorded.")
    last = versions[-1]
    with st.container(horizontal=True):
        st.button("Record a new decision instead", key=key("instead"), on_click=begin, type="tertiary")
        if last.version != version:
            again = f"Start from version {last.version} instead"
            st.button(again, key=key("again"), on_click=begin, args=(id, last.version), type="tertiary")
    if last.version != version:
        who = typed_words.typed(last.author)
        show.line(f"Meanwhile {who} recorded version {last.version}. If you record yours, both are kept and yours stands.")
    return start.again(next(d for d in versions if d.version == version))


def _what(begun: Draft) -> Draft:
    """The verdict, and a title suggested from the figures until somebody types another."""
    names = {one.label: one for one in Verdict}
    said = st.segmented_control("Verdict", list(names), default=begun.verdict.label, required=True, key=key("verdict"), **KEEP)
    field, last = key("title"), st.session_state.get(_SUGGESTED, "")
    if begun.title != last and st.session_state.get(field, "") in ("", last):
        st.session_state[field] = begun.title
    st.session_state[_SUGGESTED] = begun.title
    title = st.text_input("What is decided, in words", key=field, max_chars=limits()["title"], **KEEP)
    return replace(begun, verdict=names.get(str(said), Verdict.GO), title=title)


def _whose(kept: Decisions, draft: Draft) -> Draft:
    """Owner, agency, day, and the body that decides the purse."""
    agencies, most = lists.agencies(), limits()["title"]
    left, middle, right = st.columns([4, 4, 2], vertical_alignment="bottom")
    owner = left.text_input("Owner", draft.owner, key=key("owner"), max_chars=most, placeholder="A person or a post", **KEEP)
    agency = middle.selectbox(
        "Owner's agency", list(agencies), _index(list(agencies), draft.owner_agency), format_func=agencies.__getitem__,
        key=key("agency"), placeholder="Choose", **KEEP,
    )  # fmt: skip
    by: date | None = right.date_input("By when", draft.by, key=key("by"), format="DD/MM/YYYY", **KEEP)
    before = kept.current()
    payers = dict.fromkeys([*([agency] if agency else []), *(m.agency for m in draft.money)])
    of_session = meeting_decided.bodies(payers)
    offered = list(dict.fromkeys([*([draft.body] if draft.body else []), *of_session, *prefill.bodies(before, payers)]))
    known = draft.body or meeting_decided.body(agency) or (prefill.body_for(before, agency) if agency else "")
    body = st.selectbox(
        "Which body decides this purse", offered, _index(offered, known), key=key("body"), accept_new_options=True,
        placeholder="Choose one, or type another: it differs by area", **KEEP,
    )  # fmt: skip
    return replace(draft, owner=owner, owner_agency=agency or "", by=by, body=body or "")


def _outcome(release: Release, draft: Draft) -> Draft:
    """The wellbeing outcome, and what it is followed by: an indicator of the release with its value today, or words."""
    outcomes = {one.value: one.label for one in Shanarri}
    left, right = st.columns([2, 4], vertical_alignment="bottom")
    outcome = left.selectbox(
        "Wellbeing outcome", list(outcomes), _index(list(outcomes), draft.outcome), format_func=outcomes.__getitem__,
        key=key("outcome"), placeholder="Choose", **KEEP,
    )  # fmt: skip
    known = {"|".join(code): (code, name) for code, name in session.once(release, prefill.indicators).items()}
    names = {"": IN_WORDS} | {joined: name for joined, (_, name) in known.items()}
    now = "|".join(draft.indicator) if draft.indicator else ("" if draft.indicator_words else None)
    chosen = right.selectbox(
        "Indicator", list(names), None if now is None else _index(list(names), now), format_func=names.__getitem__,
        key=key("indicator"), placeholder="Choose what will show whether it works", **KEEP,
    )  # fmt: skip
    if chosen:
        words = draft.indicator_words if chosen == now else session.once(release, prefill.indicator_words, known[chosen][0])
        show.note(f"Kept with it: {typed_words.typed(words)}")
        return replace(draft, outcome=outcome or "", indicator=known[chosen][0], indicator_words=words)
    typed = "" if draft.indicator else draft.indicator_words
    words = (
        st.text_input("Indicator in words", typed, key=key("words"), max_chars=limits()["words"], **KEEP) if chosen == "" else ""
    )
    return replace(draft, outcome=outcome or "", indicator=None, indicator_words=words)


def _conditions(found: OnTable | None, draft: Draft, begun: Draft) -> Draft:
    """What must hold for it to go ahead: offered by the stress tests, and in words."""
    fits = found is not None and found.kept.link == begun.scenario
    tested = offered_conditions(found) if fits and found else []
    offered = list(dict.fromkeys([*begun.conditions, *meeting_decided.conditions(), *tested]))
    chosen: list[str] = []
    if offered:
        chosen = st.multiselect(
            "Conditions for going ahead, from the stress tests" if fits else "Conditions for going ahead", offered,
            list(begun.conditions), key=key("offered"), placeholder="Goes ahead only if …", **KEEP,
        )  # fmt: skip
    typed = st.text_area("Other conditions, one a line", key=key("conditions"), height=68, **KEEP)
    return replace(draft, conditions=(*chosen, *typed.split("\n")))


def _dissent(draft: Draft, begun: Draft) -> Draft:
    """Who disagrees, in their own words; what was voiced before stays."""
    for told in lists.said_against(begun):
        typed_words.said(told, "Voiced already:")
    agencies = lists.agencies()
    left, right = st.columns(2, vertical_alignment="bottom")
    agency = left.selectbox(
        "Dissent, if there is any: of which agency", list(agencies), None, format_func=agencies.__getitem__, key=key("against"),
        placeholder="Nobody disagrees", **KEEP,
    )  # fmt: skip
    who = right.text_input("Who (may be left out)", key=key("against_who"), max_chars=limits()["title"], **KEEP)
    words = st.text_area("In their own words", key=key("against_words"), height=68, max_chars=limits()["words"], **KEEP)
    new = (Dissent(agency or "", who, words),) if agency or who.strip() or words.strip() else ()
    return replace(draft, dissent=(*begun.dissent, *new))


def _finish(kept: Decisions, draft: Draft) -> None:
    """Whose record it is, what it would be, and the button."""
    agencies = {"": "No agency"} | lists.agencies()
    left, middle, right = st.columns([3, 3, 2], vertical_alignment="bottom")
    author = left.text_input("Your name", signed.name(), key="decide_author", max_chars=limits()["title"], **KEEP)
    agency = middle.selectbox("For which agency you record it", list(agencies), format_func=agencies.__getitem__,
                              key="decide_author_agency", **KEEP)  # fmt: skip
    pressed = right.button("Record it", type="primary", key=key("record"), width="stretch")
    if draft.gaps:
        show.line(f"It would stay a **proposal**. Missing: {typed_words.typed('; '.join(draft.gaps))}.")
    if not pressed:
        return
    try:
        found = kept.record(draft, author, agency)
    except RcsError as error:
        typed_words.error(error)
        return
    also = " Somebody else recorded a version meanwhile: both are kept, see its history." if found.beside else ""
    st.session_state[_SAID] = f"Recorded as {found.id}, version {found.version}: {found.standing.label.lower()}.{also}"
    st.session_state[NEWEST] = found.id
    begin()
    st.rerun()


def _index(options: list[str], value: str) -> int | None:
    return options.index(value) if value and value in options else (0 if value == "" and "" in options else None)
