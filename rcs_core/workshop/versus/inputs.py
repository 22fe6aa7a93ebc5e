"""What differs in what was put into scenarios: their levers, and every number of their files that is not the same in all.

Numbers are called by what they are, grouped, in one unit a row; what is the same in all is counted and left out. Where a
service (or a purse, a rule, a pool) is in some only, that is one difference; its numbers are told where they differ among these.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isclose
from typing import TypeGuard

import pandas as pd

from rcs_core.workshop.couple import Levers
from rcs_core.workshop.scenario import Scenario
from rcs_core.workshop.scenario.wording import said, year_label
from rcs_core.workshop.sentence import THOUSAND
from rcs_core.workshop.versus.numbers import GROUPS, Kind, Place, Value, about, called, flat, words
from rcs_core.workshop.versus.sides import Side

NOT_THERE, NONE = "Not in it", "None set"
_ROUNDING = 1e-9
_LISTED = 3
"""Years up to which the numbers of all are said; of a longer span the first and the last."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What differs. differing: Group, What, Unit, and one column of text a scenario. same: numbers that are the same in all.

    numbers: the same differences as numbers for a workbook (place, group, what, unit, scenario, year, value). places: where each
    row of `differing` stands in the files, by ids (blank: a lever).
    """

    differing: pd.DataFrame
    same: int
    numbers: pd.DataFrame
    places: tuple[str, ...] = ()

    @property
    def different(self) -> int:
        """How many differ."""
        return len(self.differing)


def inputs(sides: Sequence[Side], veil: frozenset[str] = frozenset()) -> Inputs:
    """The levers and numbers in which scenarios differ; those of the things in `veil` are not said, only that they differ."""
    names = {k: v for side in reversed(sides) for k, v in side.names.items()}
    numbers = [flat(side.scenario) for side in sides]
    places = _in_all(numbers)
    apart = [p for p in places if not _same([_at(found, p) for found in numbers])]
    rows = _lever_rows(sides, names)
    kept_apart = [row for row in rows if len(set(row[3:])) > 1]
    shown = [_row(sides, numbers, p, names, veil) for p in apart]
    placed = [*(("", row) for row in kept_apart), *(("/".join(p), row) for p, row in zip(apart, shown, strict=True))]
    every = sorted(placed, key=lambda pair: GROUPS.index(pair[1][0]))
    columns = ["Group", "What", "Unit", *(side.title for side in sides)]
    same = len(places) - len(apart) + len(rows) - len(kept_apart)
    differing = pd.DataFrame([row for _, row in every], columns=columns)
    return Inputs(differing, same, _long(sides, numbers, apart, names), tuple(place for place, _ in every))


def _in_all(numbers: Sequence[Mapping[Place, Value]]) -> list[Place]:
    """Every place of any scenario."""
    return list(dict.fromkeys(p for found in numbers for p in found))


def _at(numbers: Mapping[Place, Value], place: Place) -> Value:
    """The number at a place; False where what it is about is not there at all."""
    if place in numbers:
        return numbers[place]
    thing = place[1:3] if place[0] == "provenance" else place[:2]
    there = thing in numbers or len(thing) < 2 or thing[0] == "objective"
    return None if there and len(place) != 2 else False


def _same(values: Sequence[Value]) -> bool:
    """Whether a number is the same in all that have what it is about; that it is there or not is a difference of its own."""
    here = values if any(v is True for v in values) else [v for v in values if v is not False] or values
    return all(_alike(here[0], one) for one in here[1:])


def _alike(one: Value, other: Value) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(_alike(a, b) for a, b in zip(one, other, strict=True))
    if _is_number(one) and _is_number(other):
        return isclose(float(one), float(other), rel_tol=_ROUNDING, abs_tol=_ROUNDING)
    return type(one) is type(other) and one == other


def _is_number(value: Value) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _row(
    sides: Sequence[Side], numbers: Sequence[Mapping[Place, Value]], place: Place, names: Mapping[str, str], veil: frozenset[str]
) -> tuple[str, ...]:
    what, told = called(place), _plainly(sides, words(place, names), names)
    if about(place) in veil and what.kind in (Kind.MONEY, Kind.EACH):
        return what.group, told, _unit(sides[0].scenario, what.kind), *("–" for _ in sides)
    values = [_at(found, place) for found in numbers]
    cells = [_cell(side.scenario, v, what.kind, names) for side, v in zip(sides, values, strict=True)]
    if len(set(cells)) < len(set(map(str, values))):  # first and last years are the same, those between are not
        cells = [_cell(side.scenario, v, what.kind, names, every=True) for side, v in zip(sides, values, strict=True)]
    return what.group, told, _unit(sides[0].scenario, what.kind), *cells


def _plainly(sides: Sequence[Side], text: str, names: Mapping[str, str]) -> str:
    """Words without the place and the group where all scenarios have one of each."""
    for ids, joints in (
        ({loc for s in sides for loc in s.scenario.localities}, ("in",)),
        ({g.id for s in sides for g in s.scenario.groups}, ("of", "on")),
    ):
        if len(ids) == 1:
            for joint in joints:
                text = text.replace(f" {joint} {said(next(iter(ids)), names)}", "")
    return text


def _unit(scenario: Scenario, kind: Kind) -> str:
    if kind in (Kind.MONEY, Kind.EACH, Kind.EFFECT) and scenario.money != "GBP thousand":
        return {Kind.EFFECT: f"Effect for one {scenario.money}"}.get(kind, scenario.money)
    return "" if kind in (Kind.WORDS, Kind.PLAIN) else kind.label


def _cell(scenario: Scenario, value: Value, kind: Kind, names: Mapping[str, str], every: bool = False) -> str:
    """One value as it is read."""
    if isinstance(value, bool):
        return "Yes" if value else NOT_THERE
    if value is None or value == ():
        return NONE
    if isinstance(value, str):
        return said(value, names).replace("_", " ")
    if not isinstance(value, tuple):
        return _figure(scenario, float(value), kind)
    if value and isinstance(value[0], str):
        return ", ".join(said(str(one), names) for one in value)
    years = [(year_label(scenario, k + 1), v) for k, v in enumerate(value)]
    shown = years if every or len(years) <= _LISTED else [years[0], years[-1]]
    joint = "; " if shown is years else " … "
    return joint.join(f"{NONE if v is None else _figure(scenario, float(v), kind)} in {year}" for year, v in shown)


def _figure(scenario: Scenario, value: float, kind: Kind) -> str:
    if kind in (Kind.MONEY, Kind.EACH) and scenario.money == "GBP thousand":
        return f"£{value * THOUSAND:,.0f}"
    if kind is Kind.SHARE:
        return f"{100 * value:,.4g}%"
    return f"{value:,.6g}"


def _long(
    sides: Sequence[Side], numbers: Sequence[Mapping[Place, Value]], apart: Sequence[Place], names: Mapping[str, str]
) -> pd.DataFrame:
    """Differences as numbers, a year a row where they vary by year (blank: every year)."""
    rows = []
    for place in apart:
        what, told = called(place), _plainly(sides, words(place, names), names)
        for side, found in zip(sides, numbers, strict=True):
            value = _at(found, place)
            parts = value if isinstance(value, tuple) else (value,)
            if not all(_is_number(one) or one is None for one in parts):
                continue
            labels = [year_label(side.scenario, k + 1) for k in range(len(parts))] if isinstance(value, tuple) else [""]
            unit = _unit(side.scenario, what.kind) if what.kind is not Kind.SHARE else "share (0 to 1)"
            unit = side.scenario.money if what.kind in (Kind.MONEY, Kind.EACH) else unit
            rows += [("/".join(place), what.group, told, unit, side.title, y, v) for y, v in zip(labels, parts, strict=True)]
    columns = ["place", "group", "what", "unit", "scenario", "year", "value"]
    return pd.DataFrame(rows, columns=columns).astype({"value": float})


def _lever_rows(sides: Sequence[Side], names: Mapping[str, str]) -> list[tuple[str, ...]]:
    """The levers of scenarios that all come from levers, in the words of the screen."""
    levers = [side.levers for side in sides]
    if any(one is None for one in levers):
        return []
    told = [_levers(one, names) for one in levers if one is not None]
    return [("Levers", what, "", *(one[what] for one in told)) for what in told[0]]


def _levers(levers: Levers, names: Mapping[str, str]) -> dict[str, str]:
    named = {key: ", ".join(said(s, names) for s in getattr(levers, key)) for key in ("protect", "grow")}
    cash = levers.cashable_override_pct
    return {
        "Start from": levers.preset.label,
        "How deep": levers.depth.label,
        "Points moved to prevention": f"{levers.shift_pct:g}",
        "Budgets change a year": f"{levers.budget_change_pct:g}%",
        "Years in the plan": str(levers.horizon),
        "Fastest growth of a service a year": f"{levers.ramp_up_pct:g}%",
        "Do not cut": named["protect"] or "No service named",
        "Where it goes": named["grow"] or "All prevention alike",
        "Share of every cost that cashes at once": "As each service has it" if cash is None else f"{cash:g}%",
        "Effects": "As likely" if levers.effect_scale == 1 else f"{levers.effect_scale:g} times the likely",
        "A joint pool between agencies": "Yes" if levers.allow_pool else "No",
        "Money from outside for double running": "Yes" if levers.bridging else "No",
        "Need if nothing changes": levers.course.label,
        "Numbers of the group": str(len(levers.answers)),
        "Changes of the room": str(len(levers.edits)),
    }
