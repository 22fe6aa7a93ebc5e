"""*Decide*, the safety sheet of a reduction: what the register knows is there already, what nobody knows is asked for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from app import show
from app.typed_words import typed
from rcs_core.workshop.decide import Assessment, AssessmentKind, Draft, SafetySheet, ServiceFacts
from rcs_core.workshop.decide.rules import limits

MOST = 6
"""Services whose facts are asked one by one; of more, what the register knows is taken as it is."""
KEEP: Any = {"persist_state": "session"}
_FACTS = {
    "statutory_basis": "Statutory basis", "act_and_section": "Act and section", "caseload": "Caseload now",
    "notice": "Notice: contract end, months",
}  # fmt: skip
_STATES = ("Not said", "Done on", "Due by", "Not needed")
_WORDS = {
    "who_loses": "Who loses",
    "conditions": "Under which conditions it is safe",
    "monitored": "What is monitored, so that harm would be seen",
}

type Key = Callable[[str], str]


def fields(draft: Draft, key: Key) -> Draft:
    """The sheet's fields where something is taken away; the draft as it is where nothing is."""
    if not draft.needs_sheet:
        return draft
    sheet = draft.safety or SafetySheet()
    st.subheader("Is it safe to take this away?", anchor=False)
    show.line("A reduction stays a proposal until this sheet is whole.")
    services = _services(sheet, key)
    words = {name: _text(label, getattr(sheet, name), key(f"sheet_{name}")) for name, label in _WORDS.items()}
    done = tuple(_assessment(_of(sheet, kind), key) for kind in AssessmentKind)
    return replace(draft, safety=replace(sheet, services=services, assessments=done, **words))


def _services(sheet: SafetySheet, key: Key) -> tuple[ServiceFacts, ...]:
    if len(sheet.services) > MOST:
        show.note(
            f"{len(sheet.services)} services lose. What the register knows of each is taken as it is; to fill in the rest, "
            f"record decisions on up to {MOST} of them at a time."
        )
        return sheet.services
    found = []
    for one in sheet.services:
        show.line(f"**{typed(one.name)}**")
        columns = st.columns(2)
        facts = {}
        for k, (name, label) in enumerate(_FACTS.items()):
            with columns[k % 2]:
                facts[name] = st.text_input(
                    label, getattr(one, name), key=key(f"{name}_{one.service_id}"), max_chars=limits()["words"], **KEEP
                )
        found.append(replace(one, **facts))
    return tuple(found)


def _text(label: str, value: str, key: str) -> str:
    return st.text_area(label, value, key=key, height=68, max_chars=limits()["words"], **KEEP) or ""


def _of(sheet: SafetySheet, kind: AssessmentKind) -> Assessment:
    return next((one for one in sheet.assessments if one.kind is kind), Assessment(kind))


def _assessment(one: Assessment, key: Key) -> Assessment:
    """One impact assessment: done or due on a day, or not needed and why."""
    now = 1 if one.done else 2 if one.due else 3 if one.not_needed else 0
    left, right = st.columns(2, vertical_alignment="bottom")
    state = left.selectbox(f"{one.kind.label} impact assessment", _STATES, now, key=key(f"state_{one.kind}"), **KEEP)
    if state in _STATES[1:3]:
        said = f"{one.kind.label}: {state.lower()}"
        day: date | None = right.date_input(said, one.done or one.due, key=key(f"day_{one.kind}"), format="DD/MM/YYYY", **KEEP)
        return Assessment(one.kind, done=day if state == _STATES[1] else None, due=day if state == _STATES[2] else None)
    if state == _STATES[3]:
        label = f"{one.kind.label}: why it is not needed"
        why = right.text_input(label, one.not_needed, key=key(f"why_{one.kind}"), max_chars=limits()["title"], **KEEP)
        return Assessment(one.kind, not_needed=why)
    return Assessment(one.kind)
