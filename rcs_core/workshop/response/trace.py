"""Where each number of a scenario comes from: rows of the release, assumptions of this tool, and levers that the room chose.

A coefficient is named by its place in the scenario file (a JSON pointer). Rows are told by table and place, so that a person
can look each up in the release's own tables (`rcs tables`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rcs_core.errors import ScenarioError
from rcs_core.release import Release
from rcs_core.workshop.evidence import text
from rcs_core.workshop.inputs.assumed import defaults
from rcs_core.workshop.response.averted import Averted, SourceRow, evidence_of
from rcs_core.workshop.scenario.format import Scenario

REST = ":rest"
WEIGHT = "unlike effects are added by what the care that they make needless costs"
_SAYS = {
    "services": "{service_name}: {children_served} children served; {statutory_basis}; contract to {contract_end}",
    "spend": "GBP {amount_gbp} paid by {agency} for {level} in {financial_year}",
    "demand": "{children} {unit} in {year}",
    "unit_costs": "GBP {unit_cost_gbp}, {source}; {cashable_pct}% of it cashable ({cashable_state})",
}


type Sources = tuple[list[SourceRow], list[str]]
"""Rows of the release, and names of assumptions and levers."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something that this tool assumes, or that the room chose, by name."""

    name: str
    value: str
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class Trace:
    """Where one coefficient comes from. says: what the scenario's own provenance says of it."""

    path: str
    value: object
    rows: tuple[SourceRow, ...]
    assumptions: tuple[Assumption, ...]
    says: str

    @property
    def found(self) -> bool:
        """Whether it comes from anywhere that can be named."""
        return bool(self.rows or self.assumptions)


def coefficients(scenario: Scenario) -> Iterator[tuple[str, float]]:
    """Every number of a scenario with its path; what is said about the numbers is none of them."""
    content = {key: value for key, value in scenario.to_dict().items() if key != "provenance"}
    yield from _leaves("", content)


def trace(release: Release, scenario: Scenario, path: str) -> Trace:
    """Where a coefficient of a starting scenario comes from; raises ScenarioError for a path that is not in it."""
    return _traced(_desk(release), scenario.to_dict(), path)


def traces(release: Release, scenario: Scenario) -> dict[str, Trace]:
    """Where every coefficient of a starting scenario comes from, by path."""
    desk, content = _desk(release), scenario.to_dict()
    return {path: _traced(desk, content, path) for path, _ in coefficients(scenario)}


@dataclass(frozen=True, slots=True)
class _Desk:
    """The rows of a release: all those of spend by agency, and of each table by service; the evidence by service."""

    spend: tuple[tuple[str, SourceRow], ...]
    by_service: Mapping[tuple[str, str], tuple[SourceRow, ...]]
    evidence: Mapping[str, tuple[Averted, ...]]

    def of(self, table: str, service: str) -> list[SourceRow]:
        return list(self.by_service.get((table, service), ()))

    def effects(self, service: str) -> list[SourceRow]:
        return [row for one in self.evidence.get(service, ()) for row in one.rows]

    def paid_by(self, agency: str = "") -> list[SourceRow]:
        return [row for payer, row in self.spend if not agency or payer == agency]


def _desk(release: Release) -> _Desk:
    spend, by_service = list[tuple[str, SourceRow]](), dict[tuple[str, str], tuple[SourceRow, ...]]()
    for table in _SAYS:
        frame = release.tables[table].frame if table in release else None
        for place, raw in enumerate([] if frame is None else frame.to_dict("records"), start=1):
            row = {str(k): text(v) or "not known" for k, v in raw.items()}
            made = _row(table, place, row)
            key = (table, row.get("service_id", ""))
            by_service[key] = (*by_service.get(key, ()), made)
            spend += [(row.get("agency", ""), made)] if table == "spend" else []
    return _Desk(tuple(spend), by_service, evidence_of(release))


def _row(table: str, place: int, row: Mapping[str, str]) -> SourceRow:
    key = ", ".join(row[c] for c in ("service_id", "agency", "year", "level") if c in row)
    return SourceRow(table, place, key, _SAYS[table].format_map(_Blank(row)))


class _Blank(dict[str, str]):
    """A column that the release does not hold is not known."""

    def __missing__(self, key: str) -> str:
        return "not known"


def _traced(desk: _Desk, content: Mapping[str, Any], path: str) -> Trace:
    value, said = _at(content, path), _provenance(content, path)
    rows, names = _sources(desk, content, path.strip("/").split("/"))
    assumptions = [_assumption(name) for name in names]
    if said and not rows and not assumptions:
        assumptions = [Assumption("said in the scenario", str(value), "", text(said.get("source")))]
    return Trace(path, value, tuple(rows), tuple(assumptions), text(said.get("source")) if said else "")


def _sources(desk: _Desk, content: Mapping[str, Any], words: Sequence[str]) -> Sources:
    """The rows and the named assumptions behind a path; a name that starts with `lever` was chosen in the room."""
    head, rest = words[0], list(words[1:])
    if head in ("prevention", "acute", "held") and rest:
        service = str(content[head][int(rest[0])]["id"])
        where = rest[1] if len(rest) > 1 else ""
        if head == "prevention":
            return _segments(desk, service, rest) if where == "segments" else _prevention(desk, service, where)
        return _acute(desk, service, where) if head == "acute" else _held(desk, service)
    if head == "agencies":
        return desk.paid_by(str(content[head][int(rest[0])]["id"]) if rest else ""), ["lever budget_change_pct"]
    if head in ("pools", "workforce"):
        return desk.paid_by(), ["lever shift_pct", *(["contribution_max"] if head == "pools" else [])]
    named = {"discount_rate": "discount_rate", "horizon": "lever horizon", "objective": "terminal_credit_years"}
    return [], [named[head]] if head in named else []


def _segments(desk: _Desk, service: str, rest: Sequence[str]) -> Sources:
    spend, further = desk.of("spend", service), int(rest[4]) > 0
    if rest[5] == "0":
        return spend, ["expansion_max"] if further else []
    names = [*(["diminishing"] if further else []), "lever effect_scale"]
    return [*desk.effects(service), *desk.of("services", service), *spend], names


def _prevention(desk: _Desk, service: str, where: str) -> Sources:
    spend, about, effects = desk.of("spend", service), desk.of("services", service), desk.effects(service)
    others = dict.fromkeys(one.acts_on for one in desk.evidence.get(service, ()))
    found: dict[str, Sources] = {
        "agencies": (spend, []),
        "base_reach": (spend, []),
        "lag": (effects, [] if effects else ["lag"]),
        "retention": (effects, [] if effects else ["retention"]),
        "acts_on": (effects, []),
        "outcome": ([*effects, *(row for other in others for row in desk.of("unit_costs", other))], [WEIGHT]),
        "ramp_up": ([], ["ramp_up", "lever ramp_up_pct"]),
        "ramp_abs": (spend, ["ramp_up", "lever shift_pct"]),
        "ramp_down": ([], ["ramp_down"]),
        "floor": ([*about, *spend], ["lever protect"]),
        "capacity": ([*about, *spend], ["lever shift_pct"]),
        "q": (about, []),
    }
    return found.get(where, ([], []))


def _acute(desk: _Desk, service: str, where: str) -> Sources:
    spend, need, cost = (desk.of(table, service) for table in ("spend", "demand", "unit_costs"))
    found: dict[str, Sources] = {
        "unit_cost": ([*cost, *spend, *need], []),
        "payer": (spend, []),
        "demand": (need, ["lever course of demand"]),
        "cap0": (need, []),
        "cap_max": ([*desk.of("services", service), *need], []),
        "cashable": (cost, ["lever cashable_override_pct"]),
        "floor": ([*cost, *need], ["lever protect"]),
        "preventable": ([], ["preventable"]),
        "decommission_max": ([], ["decommission_max"]),
    }
    return found.get(where, ([], []))


def _held(desk: _Desk, service: str) -> Sources:
    """A held service; of the part that does not follow demand, what it is what is left of."""
    whole = service.removesuffix(REST)
    rest = [] if whole == service else [*desk.of("unit_costs", whole), *desk.of("demand", whole)]
    return [*desk.of("spend", whole), *rest], ["lever budget_change_pct"]


def _assumption(name: str) -> Assumption:
    if one := defaults().get(name):
        return Assumption(name, str(one.value), one.unit, one.source)
    if name == WEIGHT:
        return Assumption(name, "", "GBP", f"assumption of this tool: {WEIGHT}")
    return Assumption(name, "", "", "chosen in the room, or the preset's own")


def _provenance(content: Mapping[str, Any], path: str) -> Mapping[str, Any] | None:
    """The nearest thing that the scenario itself says of a path: of it, or of what it is in."""
    near = [one for one in content.get("provenance", ()) if path == one["path"] or path.startswith(one["path"] + "/")]
    return max(near, key=lambda one: len(one["path"]), default=None)


def _at(content: Any, path: str) -> object:
    value = content
    try:
        for word in path.strip("/").split("/"):
            value = value[int(word)] if isinstance(value, list | tuple) else value[word]
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise ScenarioError("the scenario has no such coefficient", "trace", path, "a path such as /acute/0/unit_cost") from error
    return value


def _leaves(path: str, value: Any) -> Iterator[tuple[str, float]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(f"{path}/{key}", inner)
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _leaves(f"{path}/{place}", inner)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, float(value)
