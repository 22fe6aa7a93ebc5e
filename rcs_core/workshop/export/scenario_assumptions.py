"""What is assumed rather than measured, each with a rating of how well it is known, and whether it would turn the plan."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rcs_core.sheets.write import FIRST_ROW, Column, Row, Sheet, Value
from rcs_core.vocab import InputState
from rcs_core.workshop.big_screen import register
from rcs_core.workshop.evidence import text
from rcs_core.workshop.evidence_rated import Rating
from rcs_core.workshop.explore.knobs import Kind
from rcs_core.workshop.explore.switching import Switch
from rcs_core.workshop.export.extras_found import Extras
from rcs_core.workshop.export.scenario_facts import Facts
from rcs_core.workshop.export.scenario_inputs import COLUMNS, NOT_GIVEN, NOT_STATED
from rcs_core.workshop.export.scenario_stress import at, unit_of

ASSUMPTIONS = "Assumptions"
_FORMAT = "#,##0.######"
_COLUMNS = (
    Column("Assumption", 60, wrap=True),
    Column("Value", 16, _FORMAT),
    Column("Unit", 26, wrap=True),
    Column("Low", 11, _FORMAT),
    Column("High", 11, _FORMAT),
    Column("State", 24, wrap=True),
    Column("Rating", 30, wrap=True),
    Column("Would it turn the plan", 32, wrap=True),
    Column("Source", 44, wrap=True),
    Column("Owner", 18, wrap=True),
    Column("Date", 12),
    Column("From", 16, wrap=True),
)
RATINGS = {
    InputState.MEASURED: "Known: measured here",
    InputState.PUBLISHED_ELSEWHERE: "Known of another place",
    InputState.GROUP_ESTIMATE: "A guess: the group's",
    InputState.PRODUCT_DEFAULT: "A guess: this tool's",
    InputState.MISSING: "A guess: nobody has said",
}
_FEW, _TURNS = 4, 7
_EFFECT = re.compile(r"/prevention/(\d+)/segments/.+/1$")
NOT_RATED = "Not rated: nobody said how well it is known"
USUAL = "A guess: the usual value, as none is given"


def assumptions_sheet(facts: Facts, extras: Extras) -> Sheet:
    """The plan's own assumptions first, those of the tool after them."""
    rows: list[Row] = [*_inputs(facts, extras), *_unsaid(facts), *(_told(one) for one in extras.assumed)]
    rows = rows or [["Nothing is assumed: every number is measured.", *[None] * (len(_COLUMNS) - 1)]]
    why = extras.absent.get("switches")
    tried = f" Whether any would turn the plan: {why[:1].lower()}{why[1:]}" if why else ""
    note = f"What is not measured here. A guess is called one; the result is no better than these.{tried}"
    return Sheet(ASSUMPTIONS, "Assumptions, each with how well it is known", _COLUMNS, rows, note)


def rating(state: str) -> str:
    """How well a number is known, from its state (its code or its label)."""
    found = next((s for s in InputState if state in (s.value, s.label)), None)
    return RATINGS[found] if found else USUAL if state == NOT_GIVEN else NOT_RATED


def _inputs(facts: Facts, extras: Extras) -> list[Row]:
    """Every input that was not measured here; what is said alike of several services or agencies is one row."""
    turns = {place.path: one for one in (extras.switches.found if extras.switches else ()) for place in one.knob.places}
    tried = {p.path for k in (extras.switches.rest if extras.switches else ()) for p in k.places}
    alike: dict[tuple[Value, ...], list[str]] = {}
    for path, number in facts.inputs.at.items():
        about = dict(zip((c.title for c in COLUMNS), facts.inputs.rows[number - FIRST_ROW], strict=True))
        state = str(about["State"])
        if state in (InputState.MEASURED.label, NOT_STATED):
            continue
        what = ": ".join(str(part) for part in (about["Input"], about["Where and when"]) if part)
        key = (
            what, about["Value"], about["Unit"], about["Low"], about["High"], state, _rated(extras, path, state),
            _turn(facts, extras, path, turns, tried), about["Source"], about["Owner"], about["Date"], "The scenario, on Inputs",
        )  # fmt: skip
        subjects = alike.setdefault(key, [])
        subjects += [] if str(about["Of what"]) in subjects else [str(about["Of what"])]
    found = [[f"{_together(subjects)}: {what}", *rest] for (what, *rest), subjects in alike.items()]
    return sorted(found, key=lambda row: not str(row[_TURNS]).startswith("Yes"))


def _rated(extras: Extras, path: str, state: str) -> str:
    """How well a number is known; of an effect also how the programme is rated where it was studied, as the register has it."""
    found = _EFFECT.match(path)
    if found is None or extras.release is None:
        return rating(state)
    about = register(extras.release).get(extras.shift.scenario.prevention[int(found[1])].id, {})
    code = text(about.get("evidence_rating"))
    return f"{rating(state)}; the programme: {Rating(code).label.lower()}" if code in set(Rating) and code else rating(state)


def _unsaid(facts: Facts) -> list[Row]:
    """How many numbers there are of which nobody said how well they are known."""
    state = [c.title for c in COLUMNS].index("State")
    count = sum(row[state] == NOT_STATED for row in facts.inputs.rows)
    what = "Numbers on Inputs of which the scenario does not say how well they are known"
    blank: list[Value] = [None] * 2
    said = "The scenario, on Inputs"
    return [[what, count, "numbers", *blank, NOT_STATED, NOT_RATED, "", "", "", "", said]] if count else []


def _together(subjects: Sequence[str]) -> str:
    """Of what an assumption is made: up to a few by name, else how many."""
    if len(subjects) <= _FEW:
        return ", ".join(subjects)
    return f"{', '.join(subjects[: _FEW - 1])} and {len(subjects) - _FEW + 1} more"


def _turn(facts: Facts, extras: Extras, path: str, turns: Mapping[str, Switch], rest: set[str]) -> str:
    one = turns.get(path)
    if one is None:
        return "Not tried: no time was left" if path in rest else "Not tried by itself" if extras.switches else "Not tried"
    what = "its service gains or loses" if one.knob.kind is Kind.EFFECT else "what gains and loses"
    where = [f"{side} {at(extras, one.knob, edge.at):g}" for side, edge in (("below", one.below), ("above", one.above)) if edge]
    if not where:
        return f"No: {what} as now over all that was tried"
    return f"Yes: {' and '.join(where)} ({unit_of(facts, extras, one.knob)})"


def _told(one: Mapping[str, Any]) -> Row:
    value, state = one.get("value"), str(one.get("state") or "")
    shown: Value = value if isinstance(value, int | float) else str(value or "")
    unit, low, high = str(one.get("unit") or "").partition(", from ")[0], one.get("low"), one.get("high")
    ends: list[Value] = [v if isinstance(v, int | float) else None for v in (low, high)]
    return [
        str(one.get("text") or ""), shown, unit, *ends, state, rating(state), "", str(one.get("source") or ""),
        str(one.get("owner") or ""), str(one.get("date") or ""), str(one.get("from") or "This tool"),
    ]  # fmt: skip
