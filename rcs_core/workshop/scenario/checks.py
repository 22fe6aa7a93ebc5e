"""What must be true across the keys of a scenario: ids that exist, shares that add up, responses that bend one way."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from rcs_core.workshop.scenario.format import Gap, GroupShare, LocalityBand, Prevention, Responsive, Scenario, Segment
from rcs_core.workshop.scenario.reading import Desk, plain

_CLOSE = 1e-6


def check(scenario: Scenario, content: Mapping[str, Any], desk: Desk) -> None:
    """Lay down every problem between keys; entries that could not be read are passed over."""
    if not scenario.localities:
        desk.note("localities", "empty", "[]", "at least one locality")
    _ids(scenario, desk)
    for index, service in _read(scenario.prevention):
        _prevention(scenario, service, f"prevention[{index}]", desk)
    for index, acute in _read(scenario.acute):
        _responsive(scenario, acute, f"acute[{index}]", desk)
    _shared_money(scenario, desk)
    _fairness(scenario, desk)
    _goal(scenario, desk)
    _provenance(scenario, content, desk)


def _read(items: Sequence[Any]) -> list[tuple[int, Any]]:
    return [(i, item) for i, item in enumerate(items) if item is not None]


def _listed(items: Sequence[Any]) -> list[str] | None:
    """The ids of a list, or None when some entry could not be read (its id may be the one looked for)."""
    return None if any(item is None for item in items) else [item.id for item in items]


def _known(found: Iterable[str], known: Sequence[str] | None, where: str, kind: str, desk: Desk) -> None:
    for one in found if known is not None else ():
        if known is not None and one not in known:
            desk.note(where, f"no such {kind}", one, f"one of: {', '.join(known) or 'none is listed'}")


def _ids(scenario: Scenario, desk: Desk) -> None:
    services = [("prevention", i, s.id) for i, s in _read(scenario.prevention)]
    services += [("acute", i, s.id) for i, s in _read(scenario.acute)]
    _unique([(f"{part}[{i}].id", one) for part, i, one in services], "service", desk)
    _unique([(f"localities[{i}]", one) for i, one in enumerate(scenario.localities)], "locality", desk)
    for part in ("groups", "agencies", "pools", "ringfences", "equity", "workforce"):
        _unique([(f"{part}[{i}].id", x.id) for i, x in _read(getattr(scenario, part))], f"id in {part}", desk)
    held = [(f"held[{i}]", f"{h.id} of {h.agency}") for i, h in _read(scenario.held)]
    _unique(held, "held service and agency", desk)
    moved = {one for _, _, one in services}
    for index, held_service in _read(scenario.held):
        if held_service.id in moved:
            desk.note(f"held[{index}].id", "a service is both held and in the shift", held_service.id, "one or the other")


def _unique(found: list[tuple[str, str]], kind: str, desk: Desk) -> None:
    seen: set[str] = set()
    for where, one in found:
        if one in seen:
            desk.note(where, f"the same {kind} twice", one, "each once")
        seen.add(one)


def _prevention(scenario: Scenario, service: Prevention, where: str, desk: Desk) -> None:
    groups = _listed(scenario.groups)
    _known(service.agencies, _listed(scenario.agencies), f"{where}.agencies", "agency", desk)
    _known(service.acts_on, _listed(scenario.acute), f"{where}.acts_on", "responsive service", desk)
    for key in ("segments", "base_reach"):
        _known(getattr(service, key), groups, f"{where}.{key}", "group", desk)
        for inner in getattr(service, key).values():
            _known(inner, scenario.localities, f"{where}.{key}", "locality", desk)
    for inner in service.agencies.values():
        _known(inner, scenario.localities, f"{where}.agencies", "locality", desk)
    reached = {loc for _, loc in service.reach()}
    for locality in sorted({loc for _, loc in service.places()} - reached):
        desk.note(f"{where}.segments", "spend in a locality where no group can be reached", locality, "a response segment there")
    for group, by_place in service.base_reach.items():
        for locality in by_place:
            if locality not in service.segments.get(group, {}):
                desk.note(f"{where}.base_reach.{group}", "reach without a response", locality, "response segments for that pair")
    for group, locality in service.reach():
        _response(service.segments[group][locality], f"{where}.segments.{group}.{locality}", desk)


def _response(segments: Sequence[Segment], where: str, desk: Desk) -> None:
    if not segments:
        desk.note(where, "no response segment", "[]", "at least one [width or null, slope]")
    for k, (before, after) in enumerate(pairwise(segments)):
        if after.slope > before.slope:
            desk.note(f"{where}[{k + 1}]", "the slope rises", after.slope, f"at most {before.slope:g}: each pound does no more")
        if before.width is None:
            desk.note(f"{where}[{k}]", "a segment without a limit is not the last", "null", "a width")


def _responsive(scenario: Scenario, service: Responsive, where: str, desk: Desk) -> None:
    groups = _listed(scenario.groups)
    _known(service.payer, _listed(scenario.agencies), f"{where}.payer", "agency", desk)
    total = sum(service.payer.values())
    if abs(total - 1) > _CLOSE:
        desk.note(f"{where}.payer", "the payers' shares do not add up", f"{total:g}", "1")
    for key in ("demand", "cap0", "cap_max"):
        _known(getattr(service, key) or {}, scenario.localities, f"{where}.{key}", "locality", desk)
    for key in ("cap0", "cap_max"):
        _known(getattr(service, key) or {}, list(service.demand), f"{where}.{key}", "locality with demand", desk)
    for locality, by_group in service.demand.items():
        _known(by_group, groups, f"{where}.demand.{locality}", "group", desk)


def _shared_money(scenario: Scenario, desk: Desk) -> None:
    agencies = _listed(scenario.agencies)
    services = _listed([*scenario.prevention, *scenario.acute])
    for index, pool in _read(scenario.pools):
        _known(pool.contrib_max, agencies, f"pools[{index}].contrib_max", "agency", desk)
        _known(pool.draw, agencies, f"pools[{index}].draw", "agency", desk)
        for funded in pool.draw.values():
            _known(funded, services, f"pools[{index}].draw", "service", desk)
    for index, ring in _read(scenario.ringfences):
        _known([ring.agency], agencies, f"ringfences[{index}].agency", "agency", desk)
        _known(ring.services, services, f"ringfences[{index}].services", "service", desk)
    for index, held in _read(scenario.held):
        _known([held.agency], agencies, f"held[{index}].agency", "agency", desk)
    for index, staff in _read(scenario.workforce):
        _known(staff.per_pound, services, f"workforce[{index}].per_pound", "service", desk)


def _fairness(scenario: Scenario, desk: Desk) -> None:
    groups = _listed(scenario.groups)
    for index, rule in _read(scenario.equity):
        where = f"equity[{index}]"
        if isinstance(rule, GroupShare):
            _known(rule.groups, groups, f"{where}.groups", "group", desk)
        elif isinstance(rule, Gap):
            _known(rule.per_child, groups, f"{where}.per_child", "group", desk)
        elif isinstance(rule, LocalityBand):
            _known(rule.need_share, scenario.localities, f"{where}.need_share", "locality", desk)
            if (total := sum(rule.need_share.values())) > 1 + _CLOSE:
                desk.note(f"{where}.need_share", "the shares of need add up to more than all", f"{total:g}", "1 or less")


def _goal(scenario: Scenario, desk: Desk) -> None:
    goal = scenario.objective
    if goal is not None and goal.outcome_target is not None and goal.kind != "cost":
        desk.note("objective.outcome_target", "a target for another objective", goal.kind, "kind cost")
    if scenario.share_penalty is not None and scenario.share_target is None:
        desk.note("share_penalty", "a price without a share target", scenario.share_penalty, "share_target beside it")


def resolve(content: Any, pointer: str) -> Any:
    """The value at a JSON pointer; raises LookupError when there is none."""
    if pointer and not pointer.startswith("/"):
        raise LookupError(pointer)
    found = content
    for step in [s.replace("~1", "/").replace("~0", "~") for s in pointer.split("/")[1:]]:
        if isinstance(found, Mapping):
            found = found[step]
        elif isinstance(found, Sequence) and not isinstance(found, str) and step.isdecimal():
            found = found[int(step)]
        else:
            raise LookupError(pointer)
    return found


def points(content: Any, pointer: str) -> bool:
    """Whether a JSON pointer finds something."""
    try:
        resolve(content, pointer)
    except LookupError:
        return False
    return True


def _provenance(scenario: Scenario, content: Mapping[str, Any], desk: Desk) -> None:
    for index, known in _read(scenario.provenance):
        where = f"provenance[{index}]"
        if not (points(content, known.path) or points(plain(scenario, whole=True), known.path)):
            desk.note(f"{where}.path", "points at nothing in the file", known.path, "a JSON pointer such as /acute/0/unit_cost")
        if known.low is not None and known.high is not None and known.low > known.high:
            desk.note(where, "the low end is over the high end", f"{known.low:g} to {known.high:g}", "low, then high")
