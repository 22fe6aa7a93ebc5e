"""The standing stress tests of a plan: carried out as it is and worked out anew; what breaks first, and switching values."""

from rcs_core.sheets.write import COUNT, MONEY, SHARE, Column, Row, Sheet, Value
from rcs_core.workshop.explore.knobs import Kind, Knob
from rcs_core.workshop.explore.stress import Stressed, Tested
from rcs_core.workshop.explore.switching import Switch
from rcs_core.workshop.export.extras_found import Extras, Switches
from rcs_core.workshop.export.scenario_facts import Facts
from rcs_core.workshop.export.scenario_prices import shown
from rcs_core.workshop.inputs.depths import two_figures
from rcs_core.workshop.sentence import Unit
from rcs_core.workshop.why import stress as words
from rcs_core.workshop.why.strained import label
from rcs_core.workshop.why.switching import effect_said, per_hundred, stays

TESTS, SURVIVING, SWITCHING = "Stress tests", "Moves under each test", "Switching values"
_TESTS = (
    Column("Test", 30, wrap=True),
    Column("Every promise can hold", 12, align="center"),
    Column("Moves that remain", 10, "0"),
    Column("Moves in the plan", 10, "0"),
    Column("Has to be found", 15, MONEY),
    Column("Plan as it is lacks", 15, MONEY),
    Column("Nothing moved lacks", 15, MONEY),
    Column("First short in", 12, align="center"),
    Column("Need unmet, worst year", 12, COUNT),
    Column("Released over the plan", 15, MONEY),
    Column("A purse is short from this part of the test", 16, SHARE),
    Column("Breaks first", 10, align="center"),
    Column("In words", 80, wrap=True),
)
_SWITCHES = (
    Column("Input", 14),
    Column("Service", 36, wrap=True),
    Column("Unit", 34, wrap=True),
    Column("Now", 16),
    Column("Turns below", 12, "#,##0.00##"),
    Column("Turns above", 12, "#,##0.00##"),
    Column("Low", 12, "#,##0.00##"),
    Column("Likely", 12, "#,##0.00##"),
    Column("High", 12, "#,##0.00##"),
    Column("Share of the range in which it turns", 17, SHARE),
    Column("State", 24, wrap=True),
    Column("In words", 76, wrap=True),
)


def tests_sheet(facts: Facts, extras: Extras, found: Stressed) -> Sheet:
    """One row a test, the plan carried out as it is beside the plan worked out anew."""
    said = words.lines(extras.shift, found)
    rows: list[Row] = [_test(extras, found, test, one.text) for test, one in zip(found.tests.values(), said, strict=True)]
    more = [words.breaks_first(extras.shift, found)]
    if extras.discussed:
        more.append(words.untested())
    elif found.moves:
        more.append(words.survives(extras.shift, found))
    note = " ".join(one.text for one in more)
    return Sheet(TESTS, f"Standing stress tests (money in {facts.words.money})", shown(_TESTS, extras), rows, note)


def _test(extras: Extras, found: Stressed, test: Tested, said: str) -> list[Value]:
    ran, again, first = test.carried, test.anew, found.first_to_break
    kept = sum(again.moves.get(s) == way for s, way in found.moves.items()) if again else None
    holds = "not worked out" if again is None else "Yes" if again.holds else "No"
    missing: Value = (
        None if again is None else "no money is enough" if again.missing is None else _said(again.missing.total, extras)
    )
    year = extras.shift.found.years[ran.first_short - 1] if ran.first_short else ""
    return [
        label(test.strain), holds, kept, len(found.moves), missing, _said(ran.lacking, extras), _said(test.still.lacking, extras),
        year, _said(max(ran.unmet, default=0.0), extras), _said(sum(ran.released), extras) if again else None,
        test.breaks, "Yes" if test is first else "", said,
    ]  # fmt: skip


def surviving_sheet(facts: Facts, found: Stressed) -> Sheet:
    """Each move of the plan, and what becomes of it in the plan worked out anew under each test."""
    tests = [test for test in found.tests.values() if test.anew]
    columns = [Column("Service", 36, wrap=True), Column("In the plan", 14)]
    columns += [Column(label(test.strain), 18) for test in tests]
    rows: list[Row] = []
    for service, way in found.moves.items():
        moves = [test.anew.moves.get(service, 0) for test in tests if test.anew]
        rows.append([facts.words.of(service), _way(way), *(_way(move) for move in moves)])
    rows = rows or [["Nothing moves.", *[""] * (len(columns) - 1)]]
    note = "A move that gains or loses as in the plan survives. Where promises cannot hold, the least money is found."
    return Sheet(SURVIVING, "Which moves survive each test", columns, rows, note)


def _way(move: int) -> str:
    return {1: "Gains", -1: "Loses"}.get(move, "Stays as today")


def switching_sheet(facts: Facts, extras: Extras, found: Switches) -> Sheet:
    """Each effect, unit cost and cashable share with the values at which the plan turns."""
    rows: list[Row] = [_switch(facts, extras, one) for one in found.found]
    for knob in found.rest:
        rows.append([*_about(facts, extras, knob), f"Not tried: {found.why_rest}", *[None] * 7, ""])
    rows = rows or [["", "No input with a range.", *[""] * (len(_SWITCHES) - 2)]]
    left = f" {len(found.rest)} of {len(found.rest) + len(found.found)} were not tried: {found.why_rest}." if found.rest else ""
    note = (
        "The plan worked out anew on both sides of each value, all else likely. An effect turns the plan where its own service "
        f"gains, loses or stays otherwise; a cost where any does. [z]: it does not turn within the range.{left}"
    )
    return Sheet(SWITCHING, "Values at which the plan turns", _SWITCHES, rows, note)


def _about(facts: Facts, extras: Extras, knob: Knob) -> list[Value]:
    return [knob.kind.label, facts.words.of(knob.of), unit_of(facts, extras, knob)]


def unit_of(facts: Facts, extras: Extras, knob: Knob) -> str:
    """The unit in which a switching value is said."""
    if knob.kind is Kind.EFFECT:
        known = per_hundred(extras.shift, knob.of) is not None
        return "children kept from responding, for each hundred served" if known else "times the likely effect"
    return f"{facts.words.money} for each place or case" if knob.kind is Kind.UNIT_COST else "share of the cost that is cash"


def _switch(facts: Facts, extras: Extras, one: Switch) -> list[Value]:
    knob = one.knob
    turns = [at(extras, knob, edge.at) if edge else None for edge in (one.below, one.above)]
    ends = [at(extras, knob, end) if knob.given or end == 0 else None for end in (-1.0, 0.0, 1.0)]
    now = _way(one.now if isinstance(one.now, int) else 0) if knob.kind is Kind.EFFECT else "As the plan"
    return [
        *_about(facts, extras, knob), now, *turns, *ends, round(one.chance, 3) if knob.given else None,
        knob.state.label if knob.given else "No range given",
        stays(extras.shift, one).text if knob.kind is Kind.EFFECT else _turned(one),
    ]  # fmt: skip


def _turned(one: Switch) -> str:
    """What happens beyond the values at which a cost turns the plan."""
    if not one.edges:
        return "The plan is the same over all that was tried."
    none = any(edge.answer is None for edge in one.edges)
    return "Beyond it no plan keeps every promise." if none else "Beyond it other services gain or lose."


def at(extras: Extras, knob: Knob, position: float) -> float:
    """A value of an input at a position of its range, as the screen says it."""
    if knob.kind is not Kind.EFFECT:
        return round(knob.value(position), 5)
    figure = effect_said(extras.shift, knob, position)
    return float(figure.said) if figure.unit is Unit.CHILDREN else two_figures(figure.value)


def _said(value: float, extras: Extras) -> float:
    return (two_figures(value) if extras.rough else round(value, 5)) + 0.0
