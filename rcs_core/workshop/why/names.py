"""How promises, payers, reasons and years are named when it is said why."""

from collections.abc import Mapping, Sequence

from rcs_core.workshop.couple.build import PACE
from rcs_core.workshop.demand.units import DemandUnit
from rcs_core.workshop.inputs.release_dates import DISCRETIONARY, freed, opens, said
from rcs_core.workshop.scenario.explain.promise_price import Bundle
from rcs_core.workshop.scenario.format import at
from rcs_core.workshop.scenario.wording import said as named
from rcs_core.workshop.scenario.wording import year_label
from rcs_core.workshop.sentence import Figure, Sentence, per_cent, say
from rcs_core.workshop.shift import Shift

type Parts = dict[str, Figure | str]
_NAMES = {
    "floor": "No cut to {what}",
    "capacity": "The limit of {what}",
    "budget": "The purse of {what}",
    "ring": "The ring-fence {what}",
    "pool": "The limit of {what}",
    "equity": "The fairness rule {what}",
    "workforce": "The limit on {what}",
    "scale": "The least workable scale of {what}",
    "share": "The preventative share asked for",
    "outcome_target": "The outcome asked for",
    "rampup": "No service grows faster than {rate} a year",
    "rampdn": "No service falls faster than {rate} a year",
}
_NO_RATE = {"rampup": "How fast services may grow", "rampdn": "How fast services may fall"}
_UNITS = {DemandUnit.CHILDREN: "places", DemandUnit.CHILD_YEARS: "places"}
_DUTIES = {
    "demand_led": "it is a duty to whoever needs it",
    "level_discretionary": "it is a duty, whose level is held at what is spent today",
    "": "the register does not say whether there is a duty, so it is taken that there is",
}


def promise_name(shift: Shift, bundle: Bundle) -> tuple[str, Parts]:
    """What a room calls a promise: a template and its parts."""
    if bundle.kind in _NO_RATE:
        return (_NO_RATE[bundle.kind], {}) if bundle.rate is None else (_NAMES[bundle.kind], {"rate": per_cent(bundle.rate)})
    if not bundle.subject:
        return _NAMES[bundle.kind], {}
    what = named(bundle.subject, shift.names)
    if bundle.subject == PACE:
        return "The pace of the shift", {}
    if bundle.kind != "floor":
        return _NAMES[bundle.kind], {"what": what}
    if any(d.id == bundle.subject for d in shift.scenario.acute):
        return "The least cost of {what}", {"what": what}
    if bundle.subject in shift.levers.protect:
        return "Protect {what}", {"what": what}
    until = _until(shift, bundle.subject)
    return (_NAMES["floor"], {"what": what}) if not until else ("No cut to {what} before {until}", {"what": what, "until": until})


def _until(shift: Shift, service: str) -> str:
    """The first year in which nothing must be spent any more, where there is one."""
    floor = next(s.floor for s in shift.scenario.prevention if s.id == service)
    free = [t for t in shift.scenario.years if at(floor or 0.0, t) <= 0]
    return year_label(shift.scenario, free[0]) if free else ""


def owner(shift: Shift, bundle: Bundle) -> str:
    """Whose promise it is: who pays for the service, or the purse's own agency; blank where it is everybody's."""
    if bundle.kind in ("floor", "capacity", "scale"):
        return payers(shift, bundle.subject)
    if bundle.kind == "budget":
        return named(bundle.subject, shift.names)
    if bundle.kind == "ring":
        return named(next(r.agency for r in shift.scenario.ringfences if r.id == bundle.subject), shift.names)
    return ""


def payers(shift: Shift, service: str) -> str:
    """Who pays for a service today, the largest first."""
    shares: Mapping[str, float] = {}
    for s in shift.scenario.prevention:
        if s.id == service:
            shares = {a: sum(by.values()) for a, by in s.agencies.items()}
    for d in shift.scenario.acute:
        if d.id == service:
            shares = d.payer
    return listed([named(a, shift.names) for a in sorted(shares, key=lambda a: -shares[a]) if shares[a] > 0])


def floor_reason(shift: Shift, service: str) -> str:
    """Why no less may be spent on a preventative service: the room, a duty, or its contract, notice and staff."""
    for edit in reversed(shift.levers.edits):
        if _is_floor_of(shift, edit.path, service):
            return edit.reason or (f"so decided by {edit.owner}" if edit.owner else "so decided by the room")
    if service in shift.levers.protect:
        return "the room protects it"
    terms = next((s.terms for s in shift.inputs.preventative if s.id == service), None)
    if terms is None:
        return "the scenario says so"
    if terms.basis != DISCRETIONARY:
        return _DUTIES.get(terms.basis, _DUTIES[""])
    start = opens(shift.inputs.year)
    found = freed(terms, start) if start else None
    if found is None or found.last is None:
        return "it is not known when its money is free"
    why = "; ".join([reason[:1].lower() + reason[1:] for reason in found.reasons] + list(found.assumed))
    return f"its money is not free before {said(found.last)}{f' ({why})' if why else ''}"


def _is_floor_of(shift: Shift, path: str, service: str) -> bool:
    steps = path.split("/")
    if len(steps) < 4 or steps[1] != "prevention" or steps[3] != "floor":
        return False
    place = [s.id for s in shift.scenario.prevention]
    return steps[2] == service or (steps[2].isdecimal() and int(steps[2]) < len(place) and place[int(steps[2])] == service)


def unit_word(shift: Shift, service: str) -> str:
    """What the need for a responsive service is counted in, as a room says it: places, or cases."""
    unit = next((d.unit for d in shift.inputs.demanded if d.id == service), "")
    return _UNITS.get(DemandUnit(unit), "cases") if unit in set(DemandUnit) else "places or cases"


def counted(unit: str, figure: Figure) -> str:
    """The unit of a count as it is said: one place, two places."""
    return unit[:-1] if unit in ("places", "cases") and figure.said in ("1", "about 1") else unit


def span(shift: Shift, years: Sequence[int]) -> str:
    """Some years of the plan as people say them: in 2026-27; in every year; from 2026-27 to 2028-29."""
    scenario = shift.scenario
    if len(years) == scenario.horizon:
        return "in every year"
    label = [year_label(scenario, t) for t in years]
    if len(years) > 2 and list(years) == list(range(years[0], years[-1] + 1)):
        return f"from {label[0]} to {label[-1]}"
    return f"in {listed(label)}"


def listed(words: Sequence[str]) -> str:
    """Words in one breath: a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def told(template: str, parts: Parts, basis: str = "", confidence: str = "") -> Sentence:
    """A sentence from a template and its parts."""
    return say(template, basis=basis, confidence=confidence, **parts)
