"""What a scenario workbook says beside its figures: promises that clash, what is assumed, caveats and notes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rcs_core.sheets.write import Column, Row, Sheet, Value
from rcs_core.workshop.export.extras_words import caveats
from rcs_core.workshop.export.scenario_about import About
from rcs_core.workshop.export.scenario_contents import NOTES
from rcs_core.workshop.export.scenario_cover import no_plan
from rcs_core.workshop.export.scenario_facts import Facts
from rcs_core.workshop.export.scenario_inputs import NOT_GIVEN, guessed

_PENCE = 5
"""The decimals of a penny in GBP thousand: what is finer is the solver's rounding."""
_PROMISES = {
    "budget": "The budget of",
    "floor": "The floor of",
    "need": "All need is met for",
    "rampup": "The fastest growth of",
    "rampdn": "The fastest reduction of",
    "capacity": "The most that can be spent on",
    "ring": "The ring-fence",
    "share": "The preventative share",
    "equity": "The fairness rule",
    "pool": "The pooled budget",
    "outcome_target": "The least outcome asked for",
}


def promise_in_words(facts: Facts, promise: str) -> str:
    """A promise id such as floor[health_visiting,1] as a person would say it."""
    found = re.match(r"(\w+)(?:\[(.*)\])?$", promise)
    if not found:
        return promise
    parts = [p.strip() for p in (found[2] or "").split(",") if p.strip()]
    year = f", {facts.words.years[int(parts.pop()) - 1]}" if parts and parts[-1].isdecimal() else ""
    said = _PROMISES.get(found[1], found[1])
    return f"{said} {', '.join(facts.words.of(p) for p in parts)}".strip() + year


def clash_sheet(facts: Facts) -> Sheet:
    """The promises that cannot hold together, with the change to each that would do."""
    promises = [str(p) for p in facts.result.get("conflict") or []]
    repairs: dict[str, Mapping[str, Any]] = {str(r["promise"]): r for r in facts.result.get("repairs") or []}
    rows: list[Row] = []
    for promise in promises or ["no promise"]:
        change = repairs.get(promise, {})
        amount = change.get("change")
        shown = round(float(amount), _PENCE) if isinstance(amount, int | float) else str(amount or "")
        rows.append((promise_in_words(facts, promise), shown, str(change.get("unit") or ""), promise))
    columns = (
        Column("Promise", 60, wrap=True),
        Column("Smallest change that would do", 22, "#,##0.00##"),
        Column("Unit", 24),
        Column("Id", 40),
    )
    note = (
        "These promises cannot all hold. Give way on any one of them, by the change beside it where one was found; "
        "Notes say whether that is enough for the whole scenario."
        if promises
        else f"There is no plan: {no_plan(facts)}. No promise is to blame; Notes say what is."
    )
    return Sheet("Promises that clash", "Promises that clash", columns, rows, note)


def assumptions_sheet(facts: Facts, about: About) -> Sheet:
    """What is guessed, left to the usual value, or assumed by the release."""
    usual = [r for r in facts.inputs.rows if r[6] == NOT_GIVEN]
    rows: list[Row] = [_assumption(r) for r in [*guessed(facts.inputs), *usual]]
    rows += [(str(a.get("text", "")), _value(a.get("value")), *_texts(a, ("unit", "state", "source"))) for a in about.assumptions]
    columns = (
        Column("Assumption", 70, wrap=True),
        Column("Value", 16, "#,##0.######"),
        Column("Unit", 26, wrap=True),
        Column("State", 24),
        Column("Source", 60, wrap=True),
    )
    note = "Guesses, usual values where the scenario gives none, and the assumptions of the release."
    return Sheet("Assumptions", "Assumptions", columns, rows, note)


def _assumption(row: Sequence[Value]) -> Row:
    _, subject, what, where, value, unit, state, _, _, source, *_ = row
    return (": ".join(str(part) for part in (subject, what, where) if part), value, unit, state, source)


def _texts(content: Mapping[str, Any], keys: Iterable[str]) -> list[str]:
    return [str(content.get(key) or "") for key in keys]


def _value(value: object) -> Value:
    return value if isinstance(value, int | float) else str(value or "")


def notes_sheet(facts: Facts, about: About) -> Sheet:
    """Caveats first, then what people and the solver say."""
    certificate = facts.result.get("certificate") or {}
    said: list[Row] = [("Caveat", text) for text in _caveats(about)]
    said += [("Scenario", note) for note in about.notes]
    said += [("Solver", str(message)) for message in facts.result.get("messages") or []]
    said += [
        ("Certificate", f"{key.replace('_', ' ')}: {value:.3g}") for key, value in certificate.items() if isinstance(value, float)
    ]
    columns = (Column("From", 16), Column("Note", 120, wrap=True))
    return Sheet(NOTES, "Caveats and notes", columns, said, "Read the caveats before any figure is used.", kind="front")


def _caveats(about: About) -> list[str]:
    """What holds for every scenario, and what holds for this one."""
    found = ["A plan is no better than its inputs: read the sheets Inputs and Assumptions beside it."]
    found += ["It is a plan for money and need of a whole area. It says nothing about any one child or family."]
    found += ["Released capacity is not cash until it is cashable: Inputs says how much of it, and from when."]
    found += caveats(about.extras) if about.extras else []
    if about.discussion_only:
        found += ["It rests on guesses: it is for discussion only, is read in two figures, and cannot be kept as a decision."]
    return found + (["It is fictional: invented data about nobody, to show how the workbench works."] if about.fictional else [])
