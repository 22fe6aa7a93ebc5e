"""The levers of a shift by the promise that they move: value with unit, how well it is known, whose it is, and why.

What comes in are levers and what a release says; what goes out are words and frames. A lever that would do nothing on a
release, or at a depth, is not offered. What a room changed is told against the preset that it started from, with its owner
and reason; where they were not given, that is said.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import Agency, Label
from rcs_core.workshop.big_screen import register
from rcs_core.workshop.couple.build import has_trend
from rcs_core.workshop.couple.inputs import read
from rcs_core.workshop.couple.levers import Because, Course, Depth, Levers
from rcs_core.workshop.couple.parts import Inputs
from rcs_core.workshop.evidence import text
from rcs_core.workshop.inputs.assumed import defaults, missing, presets
from rcs_core.workshop.inputs.release_dates import DISCRETIONARY, kept
from rcs_core.workshop.scenario.format import Scenario, at
from rcs_core.workshop.scenario.wording import said, year_label

NOT_GIVEN = "not given"
_TOOL = "assumption of this tool"
THOUSAND = 1000
_PARTS = re.compile(r"(under 1|\d+)% (approved|indicative|assumed|carried on)")


class Promise(Label):
    """What a lever is a promise about, in the order in which a board sets them."""

    ASKED = "asked", "What the shift asks for"
    FLOORS = "floors", "Statutory floors, and what may not be cut"
    PARTNERS = "partners", "What each partner pays in"
    PACE = "pace", "How fast things can change"
    FAIR = "fair", "What is fair between areas and groups"
    EVIDENCE = "evidence", "What evidence we believe"
    NEED = "need", "How need goes on"


@dataclass(frozen=True, slots=True)
class Lever:
    """One lever: its name among the levers, the promise it moves, and what a reader calls it."""

    name: str
    promise: Promise
    label: str


LEVERS = {
    lever.name: lever
    for lever in (
        Lever("shift_pct", Promise.ASKED, "Points moved to prevention"),
        Lever("grow", Promise.ASKED, "Where it goes"),
        Lever("protect", Promise.FLOORS, "Do not cut"),
        Lever("budget_change_pct", Promise.PARTNERS, "Budgets change a year (%)"),
        Lever("bridging", Promise.PARTNERS, "Money from outside for double running"),
        Lever("allow_pool", Promise.PARTNERS, "A joint pool between agencies"),
        Lever("horizon", Promise.PACE, "Years in the plan"),
        Lever("ramp_up_pct", Promise.PACE, "Fastest growth of a service a year (%)"),
        Lever("effect_scale", Promise.EVIDENCE, "Half the effects"),
        Lever("cashable_override_pct", Promise.EVIDENCE, "Nothing cashes"),
        Lever("course", Promise.NEED, "Need if nothing changes"),
    )
}


@dataclass(frozen=True, slots=True)
class Moved:
    """A lever that is not as its preset has it: from, to, whose wish and why."""

    lever: Lever
    before: str
    after: str
    owner: str = ""
    reason: str = ""

    @property
    def sentence(self) -> str:
        """What was changed, whose it is and why, in one line."""
        return f"{self.what} {whose(self.owner, self.reason)}"

    @property
    def what(self) -> str:
        """What was changed, from and to."""
        return f"{self.lever.label.removesuffix(' (%)')}: from {self.before} to {self.after}."


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be moved to some end on a release at a depth. levers: by name. courses: of need that differ."""

    levers: frozenset[str]
    courses: tuple[Course, ...]
    notes: Mapping[Promise, str]


def whose(owner: str, reason: str) -> str:
    """Whose a lever is, and why; what was not given is said."""
    return f"Owner: {owner or NOT_GIVEN}. Reason: {(reason or NOT_GIVEN).rstrip('.')}."


def offered(release: Release, depth: Depth) -> Offered:
    """The levers that do something on a release at a depth, whatever preset they start from."""
    inputs = read(release, Levers(depth=depth))
    found = {"shift_pct", "budget_change_pct", "bridging", "horizon"}
    courses = tuple(_courses(inputs))
    notes = {Promise.FAIR: "The money of this release is not split by area or group, so there is no such promise to set."}
    found |= {"course"} if len(courses) > 1 else set()
    if depth is Depth.DISCUSS:
        found |= {"grow"} if len(inputs.preventative) > 1 else set()
        notes[Promise.EVIDENCE] = "No effect is used where a shift is only discussed, so there is no evidence to weigh."
        return Offered(frozenset(found), courses, notes)
    free = [s for s in inputs.preventative if not _whole(inputs, s.id)]
    found |= {"ramp_up_pct", "effect_scale"} | ({"protect"} if free else set())
    found |= {"allow_pool"} if len(inputs.agencies) > 1 else set()
    found |= {"cashable_override_pct"} if any(d.cashable for d in inputs.demanded) else set()
    if "cashable_override_pct" not in found:
        notes[Promise.EVIDENCE] = "No cost of this release is known to be cash once it is not needed, so nothing cashes as it is."
    return Offered(frozenset(found), courses, notes)


def _courses(inputs: Inputs) -> list[Course]:
    if not inputs.demanded:
        return [Course.FLAT]
    return [c for c in Course if c is not Course.TREND or any(has_trend(d) for d in inputs.demanded)]


def _whole(inputs: Inputs, service: str) -> bool:
    """Whether a service keeps all of today's spend in every year already, so that to protect it changes nothing."""
    terms = next(s.terms for s in inputs.preventative if s.id == service)
    return all(share == 1 for share in kept(terms, inputs.year, 1 + int(defaults()["horizon"].value)))


def moved(levers: Levers, names: Mapping[str, str] | None = None) -> list[Moved]:
    """The levers that are not as their preset has them, with whose wish that is and why."""
    start, known = Levers.of(levers.preset, depth=levers.depth), {b.lever: b for b in levers.because}
    found = []
    for name, lever in LEVERS.items():
        before, after = getattr(start, name), getattr(levers, name)
        if before != after:
            because = known.get(name, Because(name))
            shown = [value_said(name, v, names) for v in (before, after)]
            found.append(Moved(lever, shown[0], shown[1], because.owner, because.reason))
    return found


def value_said(name: str, value: Any, names: Mapping[str, str] | None = None) -> str:
    """A lever's value with its unit, as people say it."""
    match name:
        case "grow" | "protect":
            none = "all prevention alike" if name == "grow" else "no service named"
            return ", ".join(said(s, names or {}) for s in value) or none
        case "bridging" | "allow_pool":
            return "yes" if value else "no"
        case "cashable_override_pct":
            return "as each cost says" if value is None else f"{value:g}% of every cost"
        case "course":
            text_of: str = value.label
            return text_of[:1].lower() + text_of[1:]
        case "effect_scale":
            return "as likely" if value == 1 else f"{value:g} times the likely"
    return f"{value:g}{_UNITS[name]}".replace("-", "−")


_UNITS = {"shift_pct": " points", "budget_change_pct": "% a year", "horizon": " years", "ramp_up_pct": "% a year"}


def known(name: str, levers: Levers) -> str:
    """How well a lever's value is known, and from where; one that the room changed is the room's."""
    changed = next((m for m in moved(levers) if m.lever.name == name), None)
    if changed:
        after = f"{changed.after[:1].upper()}{changed.after[1:]}"
        return f"{after}. Set in this room, from {changed.before}. {whose(changed.owner, changed.reason)}"
    if name in _NAMED:
        return f"Nobody has named a service. {whose('', '')}"
    source, date = from_where(name, levers)
    state = "Assumed" if assumed_here(source) else "Sourced"
    value = value_said(name, getattr(levers, name))
    return f"{value[:1].upper()}{value[1:]}. {state}. {whose('', source + (f' ({date})' if date else ''))}"


_NAMED = ("grow", "protect")


def from_where(name: str, levers: Levers) -> tuple[str, str]:
    """Where a value that nobody changed comes from, and of when: its preset, a default of this tool, or its silence."""
    preset = presets()[str(levers.preset)]
    if name in preset["value"]:
        return str(preset["source"]), str(preset["date"])
    by = {"horizon": defaults()["horizon"], "ramp_up_pct": defaults()["ramp_up"], "course": missing()["demand"]}
    return (by[name].source, by[name].date) if name in by else (_TOOL, "")


def assumed_here(source: str) -> bool:
    """Whether a source is this tool's own assumption."""
    return _TOOL in source


def told(preset: str) -> str:
    """A preset in one sentence with its number, and where the number comes from."""
    entry = presets()[str(preset)]
    note, source = str(entry["note"]), str(entry["source"])
    return f"{note[:1].upper()}{note[1:]}. Source: {source}, {entry['date']}."


def floors(release: Release, levers: Levers, scenario: Scenario) -> pd.DataFrame:
    """The least that each preventative service keeps: in the first and the last year, whose it is, and by which duty."""
    about, last = register(release), scenario.horizon
    rows = []
    for service in scenario.prevention:
        row = about.get(service.id, {})
        low, end = (0.0 if service.floor is None else round(THOUSAND * at(service.floor, t)) for t in (1, last))
        if end or low:
            rows.append((text(row.get("service_name")) or service.id, low, end, _owner(row), _duty(row, levers, service.id)))
    columns = ["Service", f"Least in {year_label(scenario, 1)} (£)", f"Least in {year_label(scenario, last)} (£)",
               "Owner", "Reason"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _owner(row: Mapping[str, object]) -> str:
    code = text(row.get("commissioner_agency")) or text(row.get("funder_agency"))
    return Agency(code).label if code in set(Agency) else code or NOT_GIVEN


def _duty(row: Mapping[str, object], levers: Levers, service: str) -> str:
    """Why a service keeps what it keeps: the room, a duty with its act, the stated path, or money that is not free yet."""
    if service in levers.protect:
        return "Not to be cut, as the room says"
    basis = text(row.get("statutory_basis"))
    if not basis:
        return "The register does not say whether there is a duty: taken that there is"
    if basis != DISCRETIONARY:
        return f"Duty: {text(row.get('act_and_section')) or 'act not named in the register'}"
    discussed = levers.depth is Depth.DISCUSS
    return "No service is cut where a shift is only discussed" if discussed else "Not free before its contract and notice end"


def purses(scenario: Scenario, levers: Levers, names: Mapping[str, str]) -> pd.DataFrame:
    """What each partner pays in: the first and the last year's purse, how firm it is, and from where that is known."""
    known_by, change = {k.path: k for k in scenario.provenance}, value_said("budget_change_pct", levers.budget_change_pct)
    rows = []
    for i, agency in enumerate(scenario.agencies):
        if agency.budget is None:
            continue
        pays = [THOUSAND * at(agency.budget, t) for t in (1, scenario.horizon)]
        told_of = known_by.get(f"/agencies/{i}/budget/{scenario.horizon - 1}")
        source = (told_of and told_of.source) or f"Mapped spend of the release, carried on with {change}"
        rows.append((said(agency.id, names), *(round(p) for p in pays), _firm(source), source))
    columns = ["Partner", f"Pays in {year_label(scenario, 1)} (£)", f"Pays in {year_label(scenario, scenario.horizon)} (£)",
               "How firm is the last", "From where"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _firm(source: str) -> str:
    """How firm most of a purse is, from what its source says of its parts; what is only carried on is assumed."""
    parts: dict[str, float] = defaultdict(float)
    for share, state in _PARTS.findall(source):
        parts["assumed" if state == "carried on" else state] += 0.5 if share == "under 1" else float(share)
    if not parts:
        return "Assumed"
    most = max(parts, key=lambda state: parts[state])
    return most.capitalize() if len(parts) == 1 else f"Mostly {most}"
