"""The release specification: which tables a release holds, by contract and before anything is counted.

In: `data_contracts/release.yaml`, or a partnership's own list in the same form. Out: frozen plans, which the estimate builds
exactly. The size of a release decides how much of it must be hidden, so it is chosen first and with its reasons.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from rcs_core.errors import SettingsError
from rcs_core.release import ALL
from rcs_core.settings import CONTRACTS, disclosure, read_yaml
from rcs_core.vocab import AreaLevel, Sex, SimdQuintile, Stage

KEY = "release_tables"
"""The key of partnership.yaml that names a specification, and the stem of a partnership's own list."""
FORM = "write what stands under one size in data_contracts/release.yaml: title, why, tables, parents"
"""How a partnership's own list is laid out, for whoever took the whole contract as a pattern."""
OWN = "own"
"""The name of a specification that a partnership made for itself."""
GROUPS = {
    "sex": "sex",
    "stage": "stage",
    "simd_quintile": "simd_quintile",
    "contact": "contact",
    "any_contact": "contact",
    "care": "contact",
}
"""What a table may be split by, and the dimension that this becomes."""
EVERY, CONTACT, ROLL, PARENTS = "every", "contact", "roll", "parents"
"""Whose answers to what a table counts."""
_LEVELS = tuple(level.value for level in AreaLevel)
CODES: dict[str, tuple[str, ...]] = {
    "sex": tuple(c.value for c in Sex),
    "stage": tuple(c.value for c in Stage),
    "simd_quintile": tuple(c.value for c in SimdQuintile),
}
"""The dimensions whose codes may be collapsed."""
_READ: dict[str, tuple[str, ...]] = {
    "area": (),
    "area_sex": ("sex",),
    "stage": ("stage",),
    "simd": ("simd_quintile",),
    "care": ("care",),
    "contact": ("contact",),
    "contact_cluster": ("any_contact",),
    "contact_roll": ("contact",),
}
"""Tables that the workbench reads by name, with the groups that it expects in them."""
_TAKEN = frozenset({"need"})
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PLAN = {"title", "levels", "by", "questions", "collapse", "why"}

Collapse = Mapping[str, Mapping[str, list[str]]]
"""Dimension -> group -> the codes that the group stands for."""


@dataclass(frozen=True, slots=True)
class TablePlan:
    """One table to publish; `name` is without the survey before it.

    levels: of area, from the council down. by: its groups (keys of GROUPS). questions: every, contact, roll or parents.
    collapse: codes that it shows as one group only.
    """

    name: str
    title: str
    levels: tuple[str, ...]
    by: tuple[str, ...]
    questions: str
    collapse: Collapse = field(default_factory=dict)
    why: str = ""

    @property
    def dims(self) -> tuple[str, ...]:
        """The dimensions of the table, but `band`."""
        return ("area", *(GROUPS[group] for group in self.by))

    def names(self, surveys: Mapping[str, bool]) -> list[str]:
        """The names of the release's tables that this one becomes; surveys: code -> whether pupils answered it."""
        return [f"{code}_{self.name}" for code, pupils in surveys.items() if pupils == (self.questions != PARENTS)]


@dataclass(frozen=True, slots=True)
class Specification:
    """Which tables a release holds. small_school: pupils on the roll under which a school is never shown alone."""

    name: str
    title: str
    tables: tuple[TablePlan, ...]
    small_school: int
    why: str

    @property
    def pupils(self) -> tuple[TablePlan, ...]:
        """The tables that count the answers of a pupil survey."""
        return tuple(plan for plan in self.tables if plan.questions in (EVERY, CONTACT))

    @property
    def parents(self) -> tuple[TablePlan, ...]:
        """The tables of the parent survey."""
        return tuple(plan for plan in self.tables if plan.questions == PARENTS)

    @property
    def roll(self) -> bool:
        """Whether the pupils on the roll are counted by named contact."""
        return any(plan.questions == ROLL for plan in self.tables)

    @property
    def collapsed(self) -> dict[str, dict[str, list[str]]]:
        """Every group of collapsed codes, by dimension; one dimension is collapsed in one way."""
        found: dict[str, dict[str, list[str]]] = {}
        for plan in self.tables:
            found |= {dim: {g: list(codes) for g, codes in groups.items()} for dim, groups in plan.collapse.items()}
        return found


@cache
def specifications() -> dict[str, Specification]:
    """The sizes of `data_contracts/release.yaml`, from the smallest."""
    path = CONTRACTS / "release.yaml"
    content = read_yaml(path)
    _keys(content, {"version", "default", "small_school", "specifications"}, path.name)
    least = int(content["small_school"]["value"])
    return {
        name: read_specification(str(name), {"small_school": least, **about}, path.name)
        for name, about in content["specifications"].items()
    }


def default() -> str:
    """The name of the specification that is taken where a partnership chose none."""
    return str(read_yaml(CONTRACTS / "release.yaml")["default"])


def chosen(partnership: Mapping[str, Any]) -> Specification:
    """The specification of a partnership: the one it names, its own list where it came with one, else the default.

    Raises SettingsError where the name is unknown or the list breaks a rule.
    """
    named = partnership.get(KEY) or default()
    if isinstance(named, Mapping):
        own = {"title": "Own list", "why": "The partnership's own list of tables.", **named}
        return read_specification(OWN, {"small_school": specifications()[default()].small_school, **own}, f"{KEY}.yaml")
    known = specifications()
    if str(named) not in known:
        raise SettingsError(
            "no such set of tables", f"partnership.yaml, {KEY}", str(named), ", ".join(known), "name one of these"
        )
    return known[str(named)]


def read_specification(name: str, content: Mapping[str, Any], where: str) -> Specification:
    """One specification from its mapping; raises SettingsError naming the table and the rule at fault."""
    place = f"{where}, {name}" if name != OWN else where
    _keys(content, {"title", "why", "small_school", "tables", "parents"}, place)
    plans = [_plan(*one) for one in _entries(content, place)]
    small, least = content["small_school"], disclosure().min_cell
    if isinstance(small, bool) or not isinstance(small, int) or small < least:
        raise SettingsError("a number of pupils is wanted", f"{place}, small_school", repr(small), f"{least} or more, whole")
    found = Specification(name, str(content["title"]), tuple(plans), small, str(content["why"]))
    _check_whole(found, place)
    return found


def faults(content: Mapping[str, Any]) -> list[SettingsError]:
    """What is wrong with a partnership's own list: of each table its first fault, or else what is wrong with the whole."""
    found = []
    try:
        for entry in _entries(content, f"{KEY}.yaml"):
            try:
                _plan(*entry)
            except SettingsError as fault:
                found.append(fault)
        if not found:
            chosen({KEY: content})
    except SettingsError as fault:
        found.append(fault)
    return found


def _entries(content: Mapping[str, Any], where: str) -> Iterator[tuple[str, Any, str]]:
    """Every table of a list: its name, what is said of it, and where that stands."""
    for name, about in _mapping(content.get("tables"), f"{where}, tables").items():
        yield str(name), about, f"{where}, {name}"
    for name, about in _mapping(content.get("parents") or {}, where).items():
        place = f"{where}, parents, {name}"
        yield str(name), {**_mapping(about, place), "questions": PARENTS}, place


def _plan(name: str, about: Any, where: str) -> TablePlan:
    given = _mapping(about, where)
    _keys(given, _PLAN, where)
    if missing := sorted({"title", "levels"} - set(given)):
        raise SettingsError("a table lacks what it needs", where, f"no {', '.join(missing)}", "title, levels, questions")
    collapse = {str(dim): {str(g): [str(c) for c in codes] for g, codes in _mapping(groups, where).items()}
                for dim, groups in _mapping(given.get("collapse") or {}, where).items()}  # fmt: skip
    levels, by = (_words(given.get(key) or [], f"{where}, {key}") for key in ("levels", "by"))
    plan = TablePlan(
        name, str(given["title"]), levels, by, str(given.get("questions", EVERY)), collapse, str(given.get("why", ""))
    )
    _check_plan(plan, where)
    return plan


def _check_plan(plan: TablePlan, where: str) -> None:
    """One table breaks no rule by itself."""
    if not _NAME.fullmatch(plan.name) or plan.name in _TAKEN:
        raise SettingsError("a table cannot have this name", where, plan.name, "small letters, digits and _, and no name in use")
    if not plan.levels or plan.levels != _LEVELS[: len(plan.levels)]:
        raise SettingsError("levels go from the council down", where, ", ".join(plan.levels) or "none", ", ".join(_LEVELS))
    if plan.questions not in (EVERY, CONTACT, ROLL, PARENTS):
        raise SettingsError("no such questions", where, plan.questions, f"{EVERY}, {CONTACT} or {ROLL}")
    if unknown := [group for group in plan.by if group not in GROUPS]:
        raise SettingsError("no such group", where, ", ".join(unknown), ", ".join(GROUPS))
    if len(plan.by) > 2 or len(set(plan.dims)) < len(plan.dims):
        raise SettingsError("a table is split by two different groups at most", where, ", ".join(plan.by), "none, one or two")
    if plan.questions != PARENTS and plan.name in _READ and plan.by != _READ[plan.name]:
        wanted = ", ".join(_READ[plan.name]) or "no group"
        raise SettingsError("the workbench reads this table by its name", where, ", ".join(plan.by) or "no group", wanted)
    if plan.name == "simd" and plan.levels != ("council",):
        remedy = "give the table of clusters a name of its own, such as simd_cluster"
        raise SettingsError("fairness is told of the council's fifths", where, ", ".join(plan.levels), "council", remedy)
    _check_contact(plan, where)
    _check_collapse(plan, where)


def _check_contact(plan: TablePlan, where: str) -> None:
    named = [group for group in plan.by if GROUPS[group] == "contact"]
    if plan.questions == PARENTS and (named or "stage" in plan.by or plan.levels != ("council",)):
        raise SettingsError(
            "the parent survey is of the council, and linked to no record", where, ", ".join(plan.by), "sex, simd"
        )
    if named and len(plan.by) > 1:
        raise SettingsError("named contact stands alone in a table", where, ", ".join(plan.by), named[0])
    if {"care", "contact"} & set(named) and plan.levels != ("council",):
        remedy = "take any_contact for clusters"
        raise SettingsError("below the council this singles children out", where, ", ".join(plan.levels), "council", remedy)
    if "any_contact" in named and "school" in plan.levels:
        raise SettingsError("contact with services is never told of a school", where, ", ".join(plan.levels), "council, cluster")
    if plan.questions in (CONTACT, ROLL) and not named:
        raise SettingsError("questions set against contact need a table by contact", where, ", ".join(plan.by), "contact")


def _check_collapse(plan: TablePlan, where: str) -> None:
    for dim, groups in plan.collapse.items():
        place, codes = f"{where}, collapse, {dim}", [c for group in groups.values() for c in group]
        if dim not in CODES or dim not in plan.dims:
            raise SettingsError("this cannot be collapsed here", place, dim, ", ".join(d for d in plan.dims if d in CODES))
        if bad := [c for c in codes if c not in CODES[dim]]:
            raise SettingsError("no such code", place, ", ".join(bad), ", ".join(CODES[dim]))
        if len(set(codes)) < len(codes) or any(len(group) < 2 for group in groups.values()):
            raise SettingsError(
                "groups do not overlap, and each is of two codes or more", place, ", ".join(codes), "each code once"
            )
        if clash := [g for g in groups if g in {ALL, *CODES[dim]} or not g.strip()]:
            raise SettingsError("a group needs a name of its own", place, ", ".join(clash), "a name that is no code")
        if len(CODES[dim]) - len(codes) + len(groups) < 2:
            raise SettingsError("nothing is left to compare", place, ", ".join(groups), "two groups or more")


def _check_whole(found: Specification, where: str) -> None:
    """The tables go together: the first is there, none stands twice, and a dimension is collapsed in one way."""
    if not any(plan.name == "area" and plan.questions == EVERY for plan in found.tables):
        raise SettingsError("the table that everything rests on is missing", where, "no area", "area, by council at least")
    for plan in found.tables:
        for dim, groups in plan.collapse.items():
            if found.collapsed[dim] != {g: list(codes) for g, codes in groups.items()}:
                remedy = "use the same groups in every table that collapses it"
                raise SettingsError("one dimension is collapsed in two ways", f"{where}, {plan.name}", dim, "one way", remedy)


def _mapping(given: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        got = "nothing" if given is None else type(given).__name__
        raise SettingsError("a mapping is wanted", where, got, "name: value lines", FORM)
    return given


def _words(given: Any, where: str) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(word, str) for word in given):
        raise SettingsError("a list of words is wanted", where, repr(given), "[word, word]")
    return tuple(given)


def _keys(given: Mapping[str, Any], allowed: set[str], where: str) -> None:
    if unknown := sorted(set(map(str, given)) - allowed):
        raise SettingsError("unknown key", where, ", ".join(unknown), ", ".join(sorted(allowed)), "remove or rename the key")
