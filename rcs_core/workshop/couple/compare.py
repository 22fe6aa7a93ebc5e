"""A plan set beside what is spent today: by agency, by level, by service, what is released and when, and what it rests on.

Money is in the scenario's unit; a year is said as the plan says it. What comes out are plain frames for a screen or a
workbook, and sentences. Released capacity stays with the agency that pays for the responsive service.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import fsum, nan

import pandas as pd

from rcs_core.vocab import InputState, Label
from rcs_core.workshop.couple.levers import assumed
from rcs_core.workshop.scenario.format import Scenario, at
from rcs_core.workshop.scenario.result import Result
from rcs_core.workshop.scenario.session import Status
from rcs_core.workshop.scenario.wording import figure, said, year_label

_NOTHING = 0.0005
"""Half a pound, in GBP thousand: less than that is not movement."""
_ROUNDING = 1e-6
"""A change smaller than this is the solver's rounding, not a change."""


class Part(Label):
    """The parts of the money of a scenario."""

    PREVENTION = "prevention", "Prevention"
    RESPONSIVE = "responsive", "Responsive (acute)"
    HELD = "held", "Held constant"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Before and after, as frames.

    by_level: part, label, year, before, after, change, share_before, share_after.
    by_agency: agency, label, part, year, before, after, change. by_service: service, name, part, year, before, after, change.
    underspend: agency, label, year, amount. unmet: service, name, year, need, met, unmet.
    released: service, name, payer, label, year, amount, cashable_from (blank where nothing is released).
    demand: service, name, year, before, after, change. bridging: pool, agency, label, year, contribution, draw.
    moved: pounds of prevention added or taken away in the last year. guess_share: the share of all pounds moved that
    rests on guesses (None where nothing moves).
    """

    status: Status
    years: tuple[str, ...]
    by_level: pd.DataFrame
    by_agency: pd.DataFrame
    by_service: pd.DataFrame
    underspend: pd.DataFrame
    unmet: pd.DataFrame
    released: pd.DataFrame
    demand: pd.DataFrame
    bridging: pd.DataFrame
    moved: float
    shift_points: float
    guess_share: float | None
    discussion_only: bool
    all_met: bool
    notes: tuple[str, ...]


def compare(scenario: Scenario, result: Result, names: Mapping[str, str] | None = None) -> Comparison:
    """Set a plan beside the spend it starts from; of an impossible scenario only the notes say anything."""
    told = names or {}
    services = _by_service(scenario, result, told)
    released = _released(scenario, result, told)
    unmet = _unmet(scenario, result, told)
    share = _guess_share(scenario, services)
    moved, points = _moved(scenario, services)
    found = Comparison(
        status=result.status,
        years=tuple(year_label(scenario, t) for t in scenario.years),
        by_level=_by_level(services),
        by_agency=_by_agency(scenario, result, told),
        by_service=services,
        underspend=_underspend(scenario, result, told),
        unmet=unmet,
        released=released,
        demand=_demand(scenario, result, told),
        bridging=_bridging(scenario, result, told),
        moved=moved,
        shift_points=points,
        guess_share=share,
        discussion_only=share is not None and share >= assumed("guess_limit"),
        all_met=result.status is Status.OPTIMAL and not (unmet["unmet"] > 1e-6).any(),
        notes=(),
    )
    return _with_notes(found, scenario, result)


def base_cost(scenario: Scenario, service: str) -> float:
    """What a responsive service costs before the plan: the places it starts from at its first year's unit cost."""
    acute = next(d for d in scenario.acute if d.id == service)
    return at(acute.unit_cost, 1) * sum(acute.capacity_before(locality) for locality in acute.demand)


def _by_service(scenario: Scenario, result: Result, names: Mapping[str, str]) -> pd.DataFrame:
    after: dict[tuple[str, int], float] = {}
    for line in result.spend:
        after[line.service, line.year] = after.get((line.service, line.year), 0.0) + line.amount
    for acute in result.responsive:
        after[acute.service, acute.year] = after.get((acute.service, acute.year), 0.0) + acute.cost
    before = {s.id: (Part.PREVENTION, sum(sum(by.values()) for by in s.agencies.values())) for s in scenario.prevention}
    before |= {d.id: (Part.RESPONSIVE, base_cost(scenario, d.id)) for d in scenario.acute}
    rows = []
    held = {h: [x.amount for x in scenario.held if x.id == h] for h in dict.fromkeys(x.id for x in scenario.held)}
    for year in scenario.years:
        label = year_label(scenario, year)
        for service, (part, start) in before.items():
            now = after.get((service, year), start)
            rows.append((service, said(service, names), part.value, label, start, now, _change(start, now)))
        for service, amounts in held.items():
            start, now = sum(at(v, 1) for v in amounts), sum(at(v, year) for v in amounts)
            rows.append((service, said(service, names), Part.HELD.value, label, start, now, _change(start, now)))
    return pd.DataFrame(rows, columns=["service", "name", "part", "year", "before", "after", "change"])


def _change(start: float, now: float) -> float:
    """By how much an amount changes; nothing where it is the solver's rounding."""
    return now - start if abs(now - start) > _ROUNDING else 0.0


def _by_level(services: pd.DataFrame) -> pd.DataFrame:
    columns = (services[c].tolist() for c in ("part", "year", "before", "after", "change"))
    sums: dict[tuple[str, str], list[list[float]]] = {}
    for part, year, *amounts in zip(*columns, strict=True):
        for found, amount in zip(sums.setdefault((part, year), [[], [], []]), amounts, strict=True):
            found.append(amount)
    told = [(part, Part(part).label, year, *map(fsum, found)) for (part, year), found in sums.items()]
    frame = pd.DataFrame(told, columns=["part", "label", "year", "before", "after", "change"])
    for k in ("before", "after"):
        totals: dict[str, float] = {}
        for year, amount in zip(frame["year"].tolist(), frame[k].tolist(), strict=True):
            totals[year] = totals.get(year, 0.0) + amount
        whole = [totals[year] for year in frame["year"].tolist()]
        frame[f"share_{k}"] = [v / t if t > 0 else nan for v, t in zip(frame[k].tolist(), whole, strict=True)]
    return frame


def _by_agency(scenario: Scenario, result: Result, names: Mapping[str, str]) -> pd.DataFrame:
    spent: dict[tuple[str, int], float] = {}
    for line in result.spend:
        spent[line.agency, line.year] = spent.get((line.agency, line.year), 0.0) + line.amount
    costs: dict[tuple[str, int], float] = {}
    for cost in result.responsive:
        costs[cost.service, cost.year] = costs.get((cost.service, cost.year), 0.0) + cost.cost
    rows = []
    base = {d.id: base_cost(scenario, d.id) for d in scenario.acute}
    for agency in scenario.agencies:
        start = sum(sum(s.agencies.get(agency.id, {}).values()) for s in scenario.prevention)
        shares = {d.id: d.payer.get(agency.id, 0.0) for d in scenario.acute}
        before = sum(share * base[d] for d, share in shares.items())
        for t in scenario.years:
            after = sum(share * costs.get((d, t), base[d]) for d, share in shares.items())
            parts = {
                Part.PREVENTION: (start, spent.get((agency.id, t), start)),
                Part.RESPONSIVE: (before, after),
                Part.HELD: (scenario.held_by(agency.id, 1), scenario.held_by(agency.id, t)),
            }
            label = year_label(scenario, t)
            rows += [(agency.id, said(agency.id, names), p.value, label, b, a, _change(b, a)) for p, (b, a) in parts.items()]
    return pd.DataFrame(rows, columns=["agency", "label", "part", "year", "before", "after", "change"])


def _underspend(scenario: Scenario, result: Result, names: Mapping[str, str]) -> pd.DataFrame:
    rows = [(p.agency, said(p.agency, names), year_label(scenario, p.year), p.underspend) for p in result.purses]
    return pd.DataFrame(rows, columns=["agency", "label", "year", "amount"])


def _unmet(scenario: Scenario, result: Result, names: Mapping[str, str]) -> pd.DataFrame:
    rows = [
        (r.service, said(r.service, names), year_label(scenario, r.year), r.met + r.unmet, r.met, r.unmet)
        for r in result.responsive
    ]
    return pd.DataFrame(rows, columns=["service", "name", "year", "need", "met", "unmet"])


def _demand(scenario: Scenario, result: Result, names: Mapping[str, str]) -> pd.DataFrame:
    """Need before and after, by responsive service; after is what is left once prevention has acted."""
    by_id = {d.id: d for d in scenario.acute}
    rows: dict[tuple[str, int], list[float]] = {}
    for r in result.responsive:
        before = by_id[r.service].need_in(r.locality, r.year)
        found = rows.setdefault((r.service, r.year), [0.0, 0.0])
        found[0] += before
        found[1] += before - r.reduction
    lines = [(s, said(s, names), year_label(scenario, t), b, a, a - b) for (s, t), (b, a) in rows.items()]
    return pd.DataFrame(lines, columns=["service", "name", "year", "before", "after", "change"])


def _released(scenario: Scenario, result: Result, names: Mapping[str, str]) -> pd.DataFrame:
    """What responsive services no longer cost, with each payer, and the first year from which it can be cashed."""
    costs: dict[tuple[str, int], float] = {}
    for r in result.responsive:
        costs[r.service, r.year] = costs.get((r.service, r.year), 0.0) + r.cost
    rows = []
    for d in scenario.acute if result.responsive else ():
        start = base_cost(scenario, d.id)
        freed = {t: start - costs[d.id, t] for t in scenario.years}
        first = next((t for t in scenario.years if freed[t] > _NOTHING), None)
        for payer, share in d.payer.items():
            for t in scenario.years:
                from_year = "" if first is None else year_label(scenario, first)
                label = (d.id, said(d.id, names), payer, said(payer, names), year_label(scenario, t))
                rows.append((*label, share * freed[t], from_year))
    return pd.DataFrame(rows, columns=["service", "name", "payer", "label", "year", "amount", "cashable_from"])


def _bridging(scenario: Scenario, result: Result, names: Mapping[str, str]) -> pd.DataFrame:
    rows = [(p.pool, p.agency, said(p.agency, names), year_label(scenario, p.year), p.contribution, p.draw) for p in result.pools]
    return pd.DataFrame(rows, columns=["pool", "agency", "label", "year", "contribution", "draw"])


def _moved(scenario: Scenario, services: pd.DataFrame) -> tuple[float, float]:
    """What prevention has gained in the last year, and the same in points of the modelled spend."""
    last = year_label(scenario, scenario.horizon)
    columns = (services[c].tolist() for c in ("part", "year", "before", "change"))
    rows = [(part, before, change) for part, year, before, change in zip(*columns, strict=True) if year == last]
    gained = fsum(change for part, _, change in rows if part == Part.PREVENTION.value)
    modelled = fsum(before for part, before, _ in rows if part != Part.HELD.value)
    return gained, 100 * gained / modelled if modelled else 0.0


def _guess_share(scenario: Scenario, services: pd.DataFrame) -> float | None:
    """The share of the pounds moved, either way and over all years, whose effect or cost is a guess."""
    guessed = _guessed(scenario)
    columns = (services[c].tolist() for c in ("service", "part", "change"))
    moving = [(service, abs(change)) for service, part, change in zip(*columns, strict=True) if part != Part.HELD.value]
    pounds = fsum(change for _, change in moving)
    if pounds <= _NOTHING:
        return None
    return fsum(change for service, change in moving if service in guessed) / pounds


def _guessed(scenario: Scenario) -> set[str]:
    """Services whose first response, or whose unit cost or cashable share, is a guess or is not said to be known."""
    states = {p.path: InputState(p.state) for p in scenario.provenance}
    found = set()
    for i, s in enumerate(scenario.prevention):
        paths = [f"/prevention/{i}/segments/{g}/{loc}/0/1" for g, loc in s.reach()]
        if any(states.get(p, InputState.MISSING).guess for p in paths):
            found.add(s.id)
    for i, d in enumerate(scenario.acute):
        if any(states.get(f"/acute/{i}/{key}", InputState.MISSING).guess for key in ("unit_cost", "cashable")):
            found.add(d.id)
    return found


def _with_notes(found: Comparison, scenario: Scenario, result: Result) -> Comparison:
    if result.status is not Status.OPTIMAL:
        return replace(found, notes=tuple(result.messages))
    return replace(found, notes=(*_shift_notes(found, scenario), *result.messages))


def _shift_notes(found: Comparison, scenario: Scenario) -> list[str]:
    last, money = found.years[-1], scenario.money
    notes = []
    if abs(found.moved) > _NOTHING:
        way = "more" if found.moved > 0 else "less"
        points = f"{found.shift_points:+.1f} points of the modelled spend"
        notes.append(f"By {last}, {figure(abs(found.moved))} ({money}) {way} a year is spent on prevention: {points}.")
    columns = (found.released[c].tolist() for c in ("label", "year", "amount", "cashable_from"))
    freed: dict[str, list[tuple[float, str]]] = {}
    for label, year, amount, start in zip(*columns, strict=True):
        if year == last and abs(amount) > _NOTHING:
            freed.setdefault(str(label), []).append((amount, start))
    for label, own in freed.items():
        amount, first = fsum(a for a, _ in own), min((y for _, y in own if y), default="")
        what = "of released capacity" if amount > 0 else "more to pay for responsive services"
        since = f", cashable from {first}" if amount > 0 and first else ""
        notes.append(f"{label}: {figure(abs(amount))} ({money}) {what} in {last}{since}.")
    seeds = _seeded(found)
    if seeds:
        said_by_year = ", ".join(f"{figure(v)} in {y}" for y, v in seeds.items())
        notes.append(f"Double running needs bridging money from elsewhere ({money}): {said_by_year}.")
    if found.all_met:
        notes.append("All the need that is left is met in every year.")
    if found.guess_share is not None:
        notes.append(f"{100 * found.guess_share:.0f}% of the pounds moved rest on guesses.")
    if found.discussion_only:
        notes.append("Discussion only: at least half of the pounds moved rest on guesses.")
    return notes


def _seeded(found: Comparison) -> dict[str, float]:
    """What pools pay out each year beyond what agencies put in."""
    if found.bridging.empty:
        return {}
    by_year = found.bridging.groupby("year", sort=False)[["contribution", "draw"]].sum()
    return {
        str(y): float(r["draw"] - r["contribution"]) for y, r in by_year.iterrows() if r["draw"] - r["contribution"] > _NOTHING
    }
