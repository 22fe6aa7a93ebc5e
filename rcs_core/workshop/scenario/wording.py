"""What is said of a scenario in plain words: promises, clashes, repairs, and what a plan leaves open."""

from collections.abc import Mapping, Sequence

from rcs_core.vocab import Agency
from rcs_core.workshop.scenario.format import Gap, Scenario, at
from rcs_core.workshop.scenario.model import Model, RowAbout
from rcs_core.workshop.scenario.plan import Plan
from rcs_core.workshop.scenario.result import Repair

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
SHARE = "share (0 to 1)"


def year_label(scenario: Scenario, year: int) -> str:
    """A year of the plan as people say it: 2027, 2027-28, or year 1 where no first year is given."""
    start, _, rest = scenario.first_year.partition("-")
    if len(start) != 4 or not start.isdecimal():
        return f"year {year}"
    now = int(start) + year - 1
    return f"{now}-{(now + 1) % 100:02d}" if rest else str(now)


def figure(value: float) -> str:
    """A number with thousands separators and no more decimals than it needs."""
    return f"{value:,.2f}".rstrip("0").rstrip(".") if abs(value) >= 0.005 or value == 0 else f"{value:.2g}"


def said(identity: str, names: Mapping[str, str]) -> str:
    """The name of an id, or the id itself."""
    if identity in names:
        return names[identity]
    return Agency(identity).label if identity in set(Agency) else identity


def unit_of(model: Model, promise: str, family: str) -> str:
    """The unit of a repair: the unit of the number that the promise is made of."""
    scenario = model.scenario
    if family == "share":
        return SHARE
    if family == "equity":
        gaps = {e.id for e in scenario.equity if isinstance(e, Gap)}
        return "units of effect" if model.promises[promise].parts[0] in gaps else SHARE
    if family == "outcome_target":
        return "units of outcome"
    if family == "need" or (family == "capacity" and model.promises[promise].parts[0] in model.responsive):
        return "units of need"
    return scenario.money


def promise_text(model: Model, promise: str, names: Mapping[str, str], brief: bool = False) -> str:
    """A promise in plain words, with its number and without its year; `brief` says need without its group and place."""
    family, inner = model.promises[promise].family, model.promises[promise].parts
    if family == "outcome_target":
        return f"the outcome is at least {figure(model.scenario.objective.outcome_target or 0.0)}"
    what = said(inner[0], names) if len(inner) > 1 else ""
    if family == "need" and brief:
        return f"all the need for {what} is met"
    return _TEXTS[family](model, inner, int(inner[-1]), what, names)


def _budget(model: Model, inner: Sequence[str], year: int, what: str, _: Mapping[str, str]) -> str:
    budget = next(a.budget for a in model.scenario.agencies if a.id == inner[0])
    return f"{what} has a budget of {figure(at(budget or 0.0, year))}"


def _floor(model: Model, inner: Sequence[str], year: int, what: str, _: Mapping[str, str]) -> str:
    floor = model.preventative[inner[0]].floor if inner[0] in model.preventative else model.responsive[inner[0]].floor
    return f"at least {figure(at(floor or 0.0, year))} is spent on {what}"


def _need(model: Model, inner: Sequence[str], _year: int, what: str, names: Mapping[str, str]) -> str:
    _, group, locality, _ = inner[0], *inner[1:]
    return f"all the need{_whose(model, group, locality, names)} for {what} is met"


def _whose(model: Model, group: str, locality: str, names: Mapping[str, str]) -> str:
    several = len(model.scenario.groups) > 1 or len(model.scenario.localities) > 1
    return f" of {said(group, names)} in {said(locality, names)}" if several else ""


def _rampup(model: Model, inner: Sequence[str], year: int, what: str, names: Mapping[str, str]) -> str:
    service = model.preventative[inner[0]]
    rate = figure(100 * at(service.ramp_up or 0.0, year))
    extra = at(service.ramp_abs or 0.0, year)
    more = f" and {figure(extra)}" if extra else ""
    return f"{said(inner[1], names)} raises its spend on {what} by at most {rate}%{more}"


def _rampdn(model: Model, inner: Sequence[str], year: int, what: str, names: Mapping[str, str]) -> str:
    rate = figure(100 * at(model.preventative[inner[0]].ramp_down or 0.0, year))
    return f"{said(inner[1], names)} cuts its spend on {what} by at most {rate}%"


def _capacity(model: Model, inner: Sequence[str], year: int, what: str, _: Mapping[str, str]) -> str:
    if inner[0] in model.responsive:
        most = sum(at(c, year) for c in (model.responsive[inner[0]].cap_max or {}).values())
        return f"{what} has at most {figure(most)} places"
    return f"at most {figure(at(model.preventative[inner[0]].capacity or 0.0, year))} is spent on {what}"


def _ring(model: Model, inner: Sequence[str], year: int, what: str, names: Mapping[str, str]) -> str:
    ring = next(r for r in model.scenario.ringfences if r.id == inner[0])
    return f"{said(ring.agency, names)} keeps {figure(at(ring.amount, year))} for the ring-fence {what}"


def _share(model: Model, _inner: Sequence[str], year: int, _what: str, _: Mapping[str, str]) -> str:
    return (
        f"at least {figure(100 * (model.scenario.share_of(year) or 0.0))}% of preventative and responsive spend is preventative"
    )


def _equity(_model: Model, _inner: Sequence[str], _year: int, what: str, _: Mapping[str, str]) -> str:
    return f"the fairness rule {what} holds"


def _pool(_model: Model, _inner: Sequence[str], _year: int, what: str, _: Mapping[str, str]) -> str:
    return f"the pool {what} pays out no more than it holds"


_TEXTS = {
    "budget": _budget, "floor": _floor, "need": _need, "rampup": _rampup, "rampdn": _rampdn, "capacity": _capacity,
    "ring": _ring, "share": _share, "equity": _equity, "pool": _pool,
}  # fmt: skip


def repair_text(model: Model, repair: Repair, names: Mapping[str, str]) -> str:
    """A repair in plain words: what to change, in which year, and by how much."""
    family, inner = model.promises[repair.promise].family, model.promises[repair.promise].parts
    amount = abs(repair.change)
    much = f"{figure(100 * amount)} percentage points" if repair.unit == SHARE else f"{figure(amount)} ({repair.unit})"
    if family == "outcome_target":
        return f"ask for {much} less"
    what, when = said(inner[0], names) if len(inner) > 1 else "", year_label(model.scenario, int(inner[-1]))
    payer = said(inner[1], names) if family.startswith("ramp") else ""
    whose = _whose(model, inner[1], inner[2], names) if family == "need" else ""
    text = {
        "budget": f"raise the budget of {what} by {much}",
        "floor": f"lower the floor of {what} by {much}",
        "need": f"leave need{whose} for {what} of {much} unmet",
        "rampup": f"let {payer} raise its spend on {what} by {much} more",
        "rampdn": f"let {payer} cut its spend on {what} by {much} more",
        "capacity": f"raise the limit of {what} by {much}",
        "ring": f"lower the ring-fence {what} by {much}",
        "share": f"lower the preventative share asked for by {much}",
        "equity": f"ease the fairness rule {what} by {much}",
        "pool": f"put {much} more into the pool {what}",
    }[family]
    return f"{text} in {when}"


def of_conflict(
    model: Model, clash: Sequence[str], repairs: Sequence[Repair], settled: bool, names: Mapping[str, str]
) -> list[str]:
    """The clash, its arithmetic where that is enough to see it, and the repairs (`settled`: of the whole scenario)."""
    years = sorted({int(inner[-1]) for inner in (model.promises[p].parts for p in clash) if inner})
    when = _when(model.scenario, years)
    count = _NUMBERS[len(clash)] if len(clash) < len(_NUMBERS) else str(len(clash))
    head = f"This promise cannot hold{when}" if len(clash) == 1 else f"These {count} promises cannot all hold{when}"
    messages = [f"{head}: {_joined(_statements(model, clash, names, len(years) > 1), 'and')}."]
    if sums := _arithmetic(model, clash, names):
        messages.append(sums)
    told = list(repairs)
    if len(told) > _MOST_TOLD:
        told = sorted(told, key=lambda r: _TOLD_FIRST.index(model.promises[r.promise].family))[:_MOST_TOLD]
    fixes = [repair_text(model, r, names) for r in told]
    start = "Any one of these repairs it" if len(fixes) > 1 else "This repairs it"
    kept = " (every other promise kept)"
    if not settled:
        start, kept = start.replace("repairs it", "settles this clash"), ", though others remain"
    more = f" There are {len(repairs) - len(told)} more repairs." if len(repairs) > len(told) else ""
    return [*messages, f"{start}{kept}: {_joined(fixes, 'or')}.{more}"]


def of_limits(model: Model, limits: Sequence[RowAbout], names: Mapping[str, str]) -> str:
    """The limits behind a clash that no promise states."""
    texts = [_limit_text(model, limit, names) for limit in limits]
    return f"What stands behind this is no promise: {_joined(texts, 'and')}."


def of_limits_alone(model: Model, limits: Sequence[RowAbout], names: Mapping[str, str]) -> list[str]:
    """What is said when no plan is possible whatever promise is let go."""
    texts = [_limit_text(model, limit, names) for limit in limits]
    which = " or ".join(dict.fromkeys(said(limit.parts[0], names) for limit in limits))
    return [
        f"No plan is possible whatever promise is let go: {_joined(texts, 'and')}.",
        f"To fix: raise the limit on {which}, or let the services that need it close faster.",
    ]


def _limit_text(model: Model, limit: RowAbout, names: Mapping[str, str]) -> str:
    one, year = limit.parts[0], int(limit.parts[1])
    when = year_label(model.scenario, year)
    if limit.family == "scale":
        least = figure(at(model.preventative[one].min_scale or 0.0, year))
        return f"{said(one, names)} runs at {least} or more, or not at all, in {when}"
    staff = next(w for w in model.scenario.workforce if w.id == one)
    return f"the limit on {said(one, names)} is {figure(at(staff.available, year))} in {when}"


_MOST_TOLD = 6
_TOLD_FIRST = ("budget", "pool", "share", "ring", "equity", "outcome_target", "floor", "capacity", "rampdn", "rampup", "need")


def _when(scenario: Scenario, years: Sequence[int]) -> str:
    if not years:
        return ""
    labels = [year_label(scenario, y) for y in years]
    if len(years) == 1:
        return f" in {labels[0]}"
    return f" over {labels[0]} to {labels[-1]}"


def _statements(model: Model, clash: Sequence[str], names: Mapping[str, str], dated: bool) -> list[str]:
    """Each promise once, with the years in which it is part of the clash; needs of many services in one breath."""
    brief = len(clash) > _MOST_TOLD
    found: dict[str, list[int]] = {}
    needs: dict[str, list[int]] = {}
    for promise in clash:
        family, inner = model.promises[promise].family, model.promises[promise].parts
        text = promise_text(model, promise, names, brief)
        holder = needs if brief and family == "need" else found
        years = holder.setdefault(said(inner[0], names) if holder is needs else text, [])
        if inner and int(inner[-1]) not in years:
            years.append(int(inner[-1]))
    by_years: dict[tuple[int, ...], list[str]] = {}
    for service, years in needs.items():
        by_years.setdefault(tuple(sorted(years)), []).append(service)
    told = [(f"all the need for {_joined(services, 'and', ', ')} is met", years) for years, services in by_years.items()]
    told += [(text, tuple(sorted(years))) for text, years in found.items()]
    return [text + (_when(model.scenario, years) if dated else "") for text, years in told]


def _joined(texts: Sequence[str], word: str, mark: str = "; ") -> str:
    if len(texts) == 1:
        return texts[0]
    return f"{mark.join(texts[:-1])}{mark if mark == '; ' else ' '}{word} {texts[-1]}"


def _arithmetic(model: Model, clash: Sequence[str], names: Mapping[str, str]) -> str:
    """Floors against one budget, added up: the clash that needs no solver."""
    families = [model.promises[p].family for p in clash]
    if families == ["floor"]:
        return _response_ends(model, model.promises[clash[0]].parts[0], names)
    if families.count("budget") != 1 or set(families) != {"budget", "floor"}:
        return ""
    agency, year = model.promises[clash[families.index("budget")]].parts
    floors = [model.promises[p].parts for p in clash if model.promises[p].family == "floor"]
    payers = [model.preventative[s].agencies if s in model.preventative else model.responsive[s].payer for s, _ in floors]
    if {y for _, y in floors} != {year} or any(set(p) != {agency} for p in payers):
        return ""
    least = [at((model.preventative.get(s) or model.responsive[s]).floor or 0.0, int(year)) for s, _ in floors]
    held = model.scenario.held_by(agency, int(year))
    budget = at(next(a.budget for a in model.scenario.agencies if a.id == agency) or 0.0, int(year))
    parts = [*(figure(v) for v in least), *([f"{figure(held)} held"] if held else [])]
    total = f" = {figure(sum(least) + held)}" if len(parts) > 1 else ""
    return f"The least spend of {said(agency, names)} comes to {' + '.join(parts)}{total}; its budget is {figure(budget)}."


def _response_ends(model: Model, service: str, names: Mapping[str, str]) -> str:
    """A floor beyond what a service can use: its response ends before it."""
    if service not in model.preventative:
        return ""
    responses = model.preventative[service].segments.values()
    widths = [segment.width for by in responses for segments in by.values() for segment in segments]
    if any(w is None for w in widths):
        return ""
    return f"The response of {said(service, names)} ends at {figure(sum(w or 0.0 for w in widths))}."


def without_limit(scenario: Scenario) -> list[str]:
    """Why a plan could grow for ever, and what stops it."""
    free = {a.id for a in scenario.agencies if a.budget is None}
    services = [s.id for s in scenario.prevention if free & set(s.agencies)]
    payers = sorted(free & {a for s in scenario.prevention for a in s.agencies})
    return [
        f"Nothing limits what may be spent on {', '.join(services) or 'some service'}, so no plan is the best.",
        f"To fix: give {', '.join(payers) or 'every agency'} a budget, or give the services a capacity.",
    ]


def of_plan(scenario: Scenario, plan: Plan, names: Mapping[str, str] | None = None) -> list[str]:
    """What a reader must know of a plan beyond its lines."""
    told = names or {}
    messages = [*_unmet(scenario, plan, told), *_no_change(scenario, plan), *_short(scenario, plan)]
    if years := scenario.objective.terminal_credit_years:
        messages.append(f"The outcome counts what the plan's last years still bring in the {figure(years)} years after it.")
    messages += [
        f"{said(s.id, told)}: reach before the plan lies beyond its response; the rest of it has no effect here."
        for s in scenario.prevention
        if any(_beyond(s.base(g, loc), [seg.width for seg in s.segments[g][loc]]) for g, loc in s.reach())
    ]
    return messages


def _beyond(base: float, widths: Sequence[float | None]) -> bool:
    return all(w is not None for w in widths) and base > sum(w or 0.0 for w in widths) * (1 + 1e-9)


def _unmet(scenario: Scenario, plan: Plan, names: Mapping[str, str]) -> list[str]:
    found: dict[tuple[str, int], float] = {}
    for (d, _, _, t), v in plan.values.get("u", {}).items():
        found[str(d), int(t)] = found.get((str(d), int(t)), 0.0) + v
    return [
        f"Need for {said(d, names)} of {figure(v)} is not met in {year_label(scenario, t)}."
        for (d, t), v in found.items()
        if v > 0
    ]


def _no_change(scenario: Scenario, plan: Plan) -> list[str]:
    for service in scenario.prevention:
        for agency, locality in service.places():
            before = service.agencies[agency][locality]
            for year in scenario.years:
                if abs(plan.of("x", service.id, agency, locality, year) - before) > 1e-6 * (1 + before):
                    return []
    return ["No change: preventative spend stays as it is in every year."] if scenario.prevention else []


def _short(scenario: Scenario, plan: Plan) -> list[str]:
    return [
        f"The preventative share asked for in {year_label(scenario, int(t))} is missed by {figure(v)} ({scenario.money})."
        for (t,), v in plan.values.get("short", {}).items()
        if v > 1e-6
    ]
