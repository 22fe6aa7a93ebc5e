"""Families of councils: those that are like ours in a published figure that fits what is compared.

A family is formed from figures of the release itself, by rules of `data_contracts/family_groups.yaml` that are said on
screen: the councils in order of the criterion, cut into equal families. No list of members is taken from memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import pandas as pd

from rcs_core.councils import councils, counts_people
from rcs_core.errors import SettingsError
from rcs_core.settings import CONTRACTS, fill, read_yaml

FILE = "family_groups.yaml"


@dataclass(frozen=True, slots=True)
class Part:
    """A criterion that is one group's part of a whole, in per cent; parts that are told must add up to the total."""

    indicator: str
    of: str
    parts: list[str]
    total: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A published figure that councils are put in order by (figures added, or a part of a whole); `like` says it of others."""

    title: str
    like: str
    unit: str
    not_for: list[str]
    source: str
    date: str
    sum: tuple[tuple[str, str], ...] = ()
    part: Part | None = None

    @property
    def indicators(self) -> set[str]:
        """The indicators that it is read from."""
        return {self.part.indicator} if self.part else {indicator for indicator, _ in self.sum}

    def fits(self, indicator: str) -> bool:
        """Whether it may form families for an indicator: never its own, and none of its kin."""
        folded = indicator.casefold()
        return indicator not in self.indicators and not any(word in folded for word in self.not_for)


@dataclass(frozen=True, slots=True)
class Rule:
    """For which indicators a family is formed by which criteria, and why these fit; no words fit every indicator."""

    words: list[str]
    why: str
    criteria: list[str]


@dataclass(frozen=True, slots=True)
class Policy:
    """How councils are compared: sizes (councils), units that are not compared, criteria, and which fits what."""

    size: int
    least: int
    least_in_family: int
    not_compared: frozenset[str]
    not_compared_why: str
    criteria: dict[str, Criterion]
    families: tuple[Rule, ...]


def compared(unit: str) -> bool:
    """Whether figures of a unit say how a council stands: amounts and numbers of people only say how large it is."""
    return unit.casefold() not in policy().not_compared and not counts_people(unit)


@dataclass(frozen=True, slots=True)
class Family:
    """The councils like ours in one figure: who, by what (`values` in the criterion's unit and year), and why it fits."""

    criterion: Criterion
    why: str
    year: str
    own: str
    values: dict[str, float]
    of: int
    families: int

    @property
    def others(self) -> list[str]:
        """The members without our own council, in order of the criterion."""
        return [name for name in self.values if name != self.own]


@cache
def policy() -> Policy:
    """The rules of `family_groups.yaml`, read once; raises SettingsError for an unknown key or criterion."""
    told = read_yaml(CONTRACTS / FILE)
    criteria = {name: _criterion(dict(entry), f"{FILE}, {name}") for name, entry in told["criteria"].items()}
    families = tuple(fill(Rule, dict(entry), f"{FILE}, families") for entry in told["families"])
    known = {"version", "size", "least", "least_in_family", "numbers_of_people", "not_compared", "criteria", "families"}
    strange = sorted(set(told) - known - {"source", "date"}) + [c for f in families for c in f.criteria if c not in criteria]
    if strange:
        raise SettingsError("unknown key or criterion", FILE, ", ".join(strange), ", ".join([*sorted(known), *criteria]))
    left_out = told["not_compared"]
    return Policy(
        size=int(told["size"]["value"]),
        least=int(told["least"]["value"]),
        least_in_family=int(told["least_in_family"]["value"]),
        not_compared=frozenset(str(u).casefold() for u in left_out["units"]),
        not_compared_why=str(left_out["why"]),
        criteria=criteria,
        families=families,
    )


def _criterion(entry: dict[str, Any], where: str) -> Criterion:
    added = tuple((str(one["indicator"]), str(one["group"])) for one in entry.pop("sum", ()))
    part = fill(Part, dict(entry.pop("part")), where) if "part" in entry else None
    if bool(added) == bool(part):
        raise SettingsError("a criterion is a sum or a part", where, expected="one of: sum, part")
    return fill(Criterion, {**entry, "sum": added, "part": part}, where)


def family(frame: pd.DataFrame, own: str, indicator: str, year: str) -> Family | None:
    """The family of our council for one indicator in one year; None where the figures that would form it are not here.

    frame: the rows of `comparators`. The criterion's year is the one nearest to the year compared, the earlier of two.
    """
    rules, folded = policy(), indicator.casefold()
    rule = next((r for r in rules.families if not r.words or any(word in folded for word in r.words)), None)
    for name in rule.criteria if rule else ():
        criterion = rules.criteria[name]
        found = _nearest(frame, criterion, own, year) if criterion.fits(indicator) else None
        if rule and found:
            when, values = found
            names = sorted(values, key=lambda council: (values[council], council))
            groups = max(1, round(len(names) / rules.size))
            mine = next(part for part in _cut(names, groups) if own in part)
            return Family(criterion, rule.why, when, own, {n: values[n] for n in mine}, len(names), groups)
    return None


def _cut(names: Sequence[str], groups: int) -> list[list[str]]:
    """The councils in order, in groups that differ by one council at most."""
    ends = [len(names) * k // groups for k in range(groups + 1)]
    return [list(names[a:b]) for a, b in pairwise(ends)]


def _nearest(frame: pd.DataFrame, criterion: Criterion, own: str, year: str) -> tuple[str, dict[str, float]] | None:
    """The criterion's year nearest to a year in which our council has it, and every council's value then."""
    of = frame[frame["indicator"].isin(list(criterion.indicators))]
    years = [str(y) for y in of["year"].unique()]
    for when in sorted(years, key=lambda y: (abs(order_of(y)[0] - order_of(year)[0]), order_of(y))):
        values = _values(of[of["year"] == when], criterion, own)
        if own in values and len(values) > policy().least:
            return when, values
    return None


def _values(frame: pd.DataFrame, criterion: Criterion, own: str) -> dict[str, float]:
    places = {*councils().names, own}
    found: dict[str, float] = {}
    for place, rows in frame.groupby("geography"):
        told = {(str(i), str(g)): float(v) for i, g, v in zip(rows["indicator"], rows["group"], rows["value"], strict=True)}
        value = _part(told, criterion.part) if criterion.part else _sum(told, criterion.sum)
        if value is not None and str(place) in places:
            found[str(place)] = value
    return found


def _sum(told: dict[tuple[str, str], float], wanted: tuple[tuple[str, str], ...]) -> float | None:
    return sum(told[key] for key in wanted) if all(key in told for key in wanted) else None


def _part(told: dict[tuple[str, str], float], part: Part) -> float | None:
    """The part in per cent; a part that is not told is nil only where the others are the whole."""
    total = told.get((part.indicator, part.total))
    parts = {group: told[part.indicator, group] for group in part.parts if (part.indicator, group) in told}
    if not total or sum(parts.values()) != total:
        return None
    return 100 * parts.get(part.of, 0.0) / total


def order_of(year: str) -> tuple[int, str]:
    """Years in order of time, however they are written: by the first four digits that are a year, then as written."""
    digits = next((int(year[k : k + 4]) for k in range(len(year) - 3) if year[k : k + 4].isdigit()), 0)
    return digits, year
