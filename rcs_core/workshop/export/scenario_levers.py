"""Every lever that the room could set, as one row: value, range, how well it is known, whose wish it is and why.

Below the levers stand the numbers of the group and the changes that the room made in the scenario itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from rcs_core.errors import ScenarioError
from rcs_core.sheets.write import Column, Row, Sheet, Value
from rcs_core.vocab import InputState
from rcs_core.workshop.changes import fitted
from rcs_core.workshop.couple.build import scenario_of
from rcs_core.workshop.couple.inputs import read
from rcs_core.workshop.couple.levers import RANGES, Answered, Levers
from rcs_core.workshop.export.extras_found import Extras
from rcs_core.workshop.inputs import promises
from rcs_core.workshop.scenario.wording import said

LEVERS = "Levers"
NOT_GIVEN = promises.NOT_GIVEN
_FORMAT = "#,##0.######"
_ROOM = InputState.GROUP_ESTIMATE.label
_COLUMNS = (
    Column("What it is about", 26, wrap=True),
    Column("Lever", 34, wrap=True),
    Column("Value", 20, _FORMAT, wrap=True),
    Column("Unit", 24, wrap=True),
    Column("Usual value", 20, _FORMAT, wrap=True),
    Column("Low", 10, _FORMAT),
    Column("High", 10, _FORMAT),
    Column("State", 24, wrap=True),
    Column("Moved by the room", 11, align="center"),
    Column("Owner", 20, wrap=True),
    Column("Reason", 30, wrap=True),
    Column("Source", 40, wrap=True),
    Column("Date", 12),
    Column("In use", 16, wrap=True),
)
_UNITS = {
    "shift_pct": "points of the modelled spend, by the last year", "budget_change_pct": "% a year, every purse",
    "horizon": "years", "ramp_up_pct": "% a year", "cashable_override_pct": "% of every cost",
    "effect_scale": "times the likely effect",
}  # fmt: skip
_ANSWER_UNITS = {
    "effect": "children for each 100 served", "lag": "years", "cashable": "% of the cost", "unit_cost": "GBP",
}  # fmt: skip
_ANSWERED = {"effect": "Effect of {a} on {b}", "lag": "After how long {a} shows", "cashable": "How much of {a} is cash",
             "unit_cost": "Cost of a place or case of {a}"}  # fmt: skip


def levers_sheet(extras: Extras) -> Sheet:
    """The levers with their usual values; of a scenario from a file, in one line, that it holds none."""
    note = "Low and high: what a lever may be set to; of a number of the group, its range. Nothing here is a formula."
    if extras.levers is None:
        rows: list[Row] = [["None", extras.absent.get("levers", ""), *[None] * (len(_COLUMNS) - 2)]]
        return Sheet(LEVERS, LEVERS, _COLUMNS, rows, "What the room could set.")
    rows = [*_start(extras.levers), *_levers(extras, extras.levers)]
    rows += [_answer(extras, one) for one in extras.levers.answers]
    rows += _edits(extras, extras.levers)
    return Sheet(LEVERS, "Levers: what the room could set", _COLUMNS, rows, note)


def _start(levers: Levers) -> Iterator[Row]:
    blank = [None] * 2
    told = promises.told(levers.preset)
    source = told.partition(" Source: ")[2].rstrip(".")
    chosen = "Chosen by the room"
    yield ["Where it starts", "Starting point", levers.preset.label, "", "", *blank, chosen, "", "", "", source, "", "Yes"]
    yield ["Where it starts", "How deep", levers.depth.label, "", "", *blank, chosen, "", "", "", "", "", "Yes"]


def _levers(extras: Extras, levers: Levers) -> Iterator[Row]:
    usual = Levers.of(levers.preset, depth=levers.depth)
    moved = {one.lever.name: one for one in promises.moved(levers, extras.shift.names)}
    used = promises.offered(extras.release, levers.depth).levers if extras.release else None
    for name, lever in promises.LEVERS.items():
        one = moved.get(name)
        source, date = ("set in this room", "") if one else promises.from_where(name, levers)
        low, high = RANGES.get(name, (None, None))
        value, was = (_value(extras, name, getattr(of, name)) for of in (levers, usual))
        number = isinstance(value, int | float) and not isinstance(value, bool)
        yield [
            lever.promise.label, _LABELS.get(name, lever.label.removesuffix(" (%)")), value,
            _UNITS.get(name, "") if number else "", was, low, high, _state(one is not None, source), "Yes" if one else "No",
            (one.owner or NOT_GIVEN) if one else "", (one.reason or NOT_GIVEN) if one else "", source, date,
            "" if used is None else "Yes" if name in used else "No: it does nothing here",
        ]  # fmt: skip


_LABELS = {"effect_scale": "Size of the effects", "cashable_override_pct": "How much of every cost is cash"}


def _value(extras: Extras, name: str, value: Any) -> Value:
    """A lever's value as a number where it is one, else in words."""
    if name in _UNITS and isinstance(value, int | float):
        return value
    return promises.value_said(name, value, extras.shift.names)


def _state(moved: bool, source: str) -> str:
    if moved:
        return _ROOM
    state = InputState.PRODUCT_DEFAULT if promises.assumed_here(source) else InputState.PUBLISHED_ELSEWHERE
    return state.label


def _answer(extras: Extras, one: Answered) -> Row:
    names = extras.shift.names
    what = _ANSWERED[one.kind].format(a=said(one.service, names), b=said(one.on, names))
    return [
        "A number of the group", what, one.likely, _ANSWER_UNITS[one.kind], "", one.low, one.high, _ROOM,
        "Yes", "", "", one.source, one.date, "Yes",
    ]  # fmt: skip


def _edits(extras: Extras, levers: Levers) -> Iterator[Row]:
    """What the room changed in the scenario itself, one row a change, with what stood there before."""
    if not levers.edits:
        return
    before = _before(extras, levers)
    for edit, what, was, now, when in before:
        yield [
            "A change of the room", f"{what}{f', {when}' if when else ''}", now, "", was, None, None, _ROOM,
            "Yes", edit.owner or NOT_GIVEN, edit.reason or NOT_GIVEN, "set in this room", "", "Yes",
        ]  # fmt: skip


def _before(extras: Extras, levers: Levers) -> Sequence[tuple[Any, str, str, str, str]]:
    """Each change with what it changed, from and to; from is not known where the release is not at hand."""
    if extras.release is None:
        return [(e, e.path, "not known", str(e.value), "") for e in levers.edits]
    bare = replace(levers, edits=())
    try:
        found = fitted(scenario_of(read(extras.release, bare), bare, extras.release), levers.edits, extras.shift.names)
    except ScenarioError:
        return [(e, e.path, "not known", str(e.value), "") for e in levers.edits]
    told = [(c.edit, c.what, c.before, c.after, c.year) for c in found.changes]
    return [*told, *((edit, edit.path, "not made", why, "") for edit, why in found.unused)]
