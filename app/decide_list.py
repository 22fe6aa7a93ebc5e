"""*Decide*, what was decided: the list, what proposals lack, one decision with its history, and taking it back."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from app import controls, decide_form, meeting_decided, session, show, signed, typed_words
from app.typed_words import typed
from rcs_core.access import Right
from rcs_core.errors import RcsError
from rcs_core.release import Release
from rcs_core.workshop import big_screen
from rcs_core.workshop.decide import Decision, Decisions, Dissent, lists, start
from rcs_core.workshop.decide.rules import limits
from rcs_core.workshop.decide.told import summary

_SAID = "decide_list_said"


def section(release: Release, on_screen: bool) -> None:
    """Every decision that stands, the list of what is missing, and one of them to look at."""
    st.header("What have we decided?", anchor=False)
    place = st.empty()
    if said := st.session_state.pop(_SAID, ""):
        place.success(said, icon=":material/check:")
    kept = Decisions(session.store(), meeting_decided.session_id())
    found = kept.current()
    if not found:
        show.line("Nothing yet. A decision stands here as soon as it is recorded, with whose it is and by when.")
        return
    headline = summary(found)
    show.headline(headline.text, headline.under)
    veil = big_screen.veiled(release, on_screen)
    rows = lists.decided(found, veil)
    for k, one in enumerate(found):
        rows.iloc[k] = rows.iloc[k].map(lambda cell, one=one: _hushed(cell, one, veil) if isinstance(cell, str) else cell)
    frame = big_screen.without_row_sums(rows, release, on_screen)
    show.table(frame, "Decisions", NOTES)
    _missing(found, veil)
    if newest := st.session_state.pop(decide_form.NEWEST, ""):
        st.session_state["decide_one"] = newest
    one = controls.one_of("Look at one", list(reversed(found)), "decide_one", lambda d: d.id)
    _one(release, kept, one, veil)


NOTES = (
    "Each cites its own figures, by release and version. Change: a year's spend in its scenario's last year, against before.",
)


def _missing(found: Sequence[Decision], veil: frozenset[str]) -> None:
    """What every proposal lacks until it can be agreed, in one list."""
    if lacking := lists.missing(found):
        st.subheader("What is missing until proposals are agreed?", anchor=False)
        show.points(f"**{d.id}** {_title(d, veil)}: {typed('; '.join(gaps))}." for d, gaps in lacking)


def _title(one: Decision, veil: frozenset[str]) -> str:
    """The title as it was typed; without sums where a service is bought and partners look together."""
    return typed(_hushed(one.title, one, veil))


def _hushed(words: str, one: Decision, veil: frozenset[str]) -> str:
    """What somebody typed about a decision; without sums where a service of it is bought and partners look together."""
    return big_screen.SUM.sub("–", words) if veil & set(one.service_ids) else words


def _one(release: Release, kept: Decisions, one: Decision, veil: frozenset[str]) -> None:
    """One decision in full, with its own figures."""
    with st.container(border=True, key="decide-one"):
        st.subheader(f"{one.id}: {_title(one, veil)}", anchor=False)
        show.line(
            f"**{one.verdict.label}. {one.standing.label}**, version {one.version}, by {typed(one.author)} on {one.at[:10]}."
        )
        show.points(_facts(one, veil))
        if other := lists.of_other_release(one, release):
            show.line(other)
        for condition in one.conditions:
            typed_words.said(_hushed(condition, one, veil), "Condition:")
        for words in lists.said_against(one):
            typed_words.said(_hushed(words, one, veil), "Dissent:")
        with st.expander("Its money, its safety sheet and its history"):
            tables = [(lists.sheet(one), "Safety sheet"), (lists.history(kept, one.id), "History")]
            hushed = [(found.map(lambda cell: _hushed(cell, one, veil)), name) for found, name in tables]
            for frame, name in ((lists.money(one, veil), "Money"), *hushed):
                if not frame.empty:
                    show.line(f"**{name}**")
                    show.table(frame, f"{name} of {one.id}")
        if signed.may(Right.DECIDE):
            with st.expander("Change it, add dissent, or take it back"):
                st.button("Change it", key=f"decide_change_{one.id}", on_click=decide_form.begin, args=(one.id, one.version),
                          icon=":material/edit:")  # fmt: skip
                _add_dissent(kept, one)
                _take_back(kept, one)


def _facts(one: Decision, veil: frozenset[str]) -> list[str]:
    owner = ", ".join(filter(None, (one.owner, lists.agencies().get(one.owner_agency, ""))))
    facts = {
        "Owner": owner, "By": one.by.isoformat() if one.by else "", "Body that decides": one.body,
        "Outcome": lists.outcome_label(one.outcome), "Indicator": _indicator(one, veil), "Scenario": one.scenario_title,
        "Figures of release": one.release_id,
    }  # fmt: skip
    return [f"{what}: {typed(said)}" for what, said in facts.items() if said]


def _indicator(one: Decision, veil: frozenset[str]) -> str:
    """The indicator; one of a release is no typed word, and its share is no price."""
    return one.indicator_words if one.indicator else _hushed(one.indicator_words, one, veil)


def _add_dissent(kept: Decisions, one: Decision) -> None:
    """One voice more; it stays with every later version."""
    agencies = lists.agencies()
    with st.form(f"decide_against_{one.id}_{one.version}", border=False):
        left, middle = st.columns(2, vertical_alignment="bottom")
        agency = left.selectbox(
            "Who disagrees: agency", list(agencies), None, format_func=agencies.__getitem__, placeholder="Choose"
        )
        who = middle.text_input("Name (may be left out)", max_chars=limits()["title"])
        words = st.text_area("In their own words", height=68, max_chars=limits()["words"])
        left, right = st.columns([3, 2], vertical_alignment="bottom")
        author = left.text_input("Your name", st.session_state.get("decide_author", ""), max_chars=limits()["title"])
        pressed = right.form_submit_button("Add this dissent", width="stretch")
    if pressed:
        voices = (*one.dissent, Dissent(agency or "", who or "", words or ""))
        _do(lambda: kept.record(replace(start.again(one), dissent=voices), author), f"The dissent is kept with {one.id}.")


def _take_back(kept: Decisions, one: Decision) -> None:
    """Undo: the version before stands again, and what was taken back stays in the history."""
    with st.form(f"decide_back_{one.id}_{one.version}", border=False):
        why = st.text_input("Why it is taken back", max_chars=limits()["words"])
        left, right = st.columns([3, 2], vertical_alignment="bottom")
        author = left.text_input("Your name", st.session_state.get("decide_author", ""), max_chars=limits()["title"],
                                 key=f"decide_back_who_{one.id}_{one.version}")  # fmt: skip
        pressed = right.form_submit_button(f"Take version {one.version} back", width="stretch")
    if pressed:
        _do(lambda: kept.undo(one.id, author, one.version, why), f"Version {one.version} of {one.id} was taken back.")


def _do(deed: Callable[[], object], said: str) -> None:
    """Do what was asked and say so on the page as it is then; what is wrong is said in place, and nothing typed is lost."""
    try:
        deed()
    except RcsError as error:
        typed_words.error(error)
        return
    st.session_state[_SAID] = said
    st.rerun()
