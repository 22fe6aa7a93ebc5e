"""Purses of later years, and money that a fund binds, as a scenario holds them.

In: the sorted inputs, the levers, and of the release its budgets and funds. Out: each service's money year by year (what was
approved or planned where the release says so, else carried on by the change of purses), ring-fences, and how well each purse
is known. Money in GBP thousand. Budgets are cash of their own year and are used as they stand.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rcs_core.release import Release
from rcs_core.vocab import Agency, InputState
from rcs_core.workshop.couple.levers import Levers
from rcs_core.workshop.couple.parts import Inputs
from rcs_core.workshop.evidence import listed, text
from rcs_core.workshop.spend_map.funds import COLUMN, known_funds, names_funds
from rcs_core.workshop.spend_map.money import spend
from rcs_core.workshop.years import Budget, State, budgets

NEW = ":new"
"""What follows the id of a service that an agency has a budget for and does not pay for yet: new money, held for it."""
KNOWN = {
    State.APPROVED: InputState.MEASURED,
    State.INDICATIVE: InputState.GROUP_ESTIMATE,
    State.ASSUMED: InputState.GROUP_ESTIMATE,
    State.NONE: InputState.PRODUCT_DEFAULT,
}
_LEEWAY = 1e-9
"""As a share: room for rounding under what a budget gives."""
type Pair = tuple[str, str]
"""A service and who pays for it."""


@dataclass(frozen=True, slots=True)
class Purses:
    """What is known of the plan's years: budgets by service and payer, funds by fund and payer, and the change of the rest."""

    labels: tuple[str, ...]
    change: float
    now: Mapping[Pair, int]
    given: Mapping[Pair, Mapping[str, Budget]]
    funds: Mapping[tuple[str, str], Mapping[str, int]]

    def path(self, pair: Pair) -> list[tuple[float, State]]:
        """A service's money from one payer in each year of the plan, and how firm it is.

        The first year has what the ledgers have unless a budget says otherwise; a year without one carries on the year before.
        """
        amount, found = self.now.get(pair, 0) / 1e5, []
        told = self.given.get(pair, {})
        for k, label in enumerate(self.labels):
            if label in told:
                amount, state = told[label].pence / 1e5, told[label].state
            else:
                amount, state = amount * (1 + self.change if k else 1), State.NONE
            found.append((amount, state))
        return found

    def amounts(self, pair: Pair) -> list[float]:
        """The amounts of a path."""
        return [amount for amount, _ in self.path(pair)]

    def scale(self, pair: Pair) -> list[float]:
        """Each year against what the ledgers have."""
        now = self.now[pair] / 1e5
        return [amount / now for amount in self.amounts(pair)]

    @property
    def flat(self) -> bool:
        """Whether every year has what the ledgers have."""
        return not self.change and not self.given

    def pairs(self, agency: str) -> list[Pair]:
        """What an agency pays for, now or later."""
        return [pair for pair in sorted({*self.now, *self.given}) if pair[1] == agency]

    def purse(self, agency: str) -> list[float]:
        """All of an agency's money, year by year."""
        return [sum(column) for column in zip(*(self.amounts(pair) for pair in self.pairs(agency)), strict=True)]


def read_purses(inputs: Inputs, levers: Levers, release: Release, first: str) -> Purses:
    """What the release knows of the plan's years; `first` is the first of them."""
    start = int(first[:4]) if first[:4].isdecimal() else 0
    labels = tuple(f"{start + t}-{(start + t + 1) % 100:02d}" for t in range(levers.horizon)) if start else ("",) * levers.horizon
    now: dict[Pair, int] = {pair: pence for pair, pence in inputs.held.items() if pence}
    moving = [*((s.id, s.pence) for s in inputs.preventative), *((d.id, d.pence) for d in inputs.demanded)]
    for sid, paid in moving:
        now |= {(sid, agency): pence for agency, pence in paid.items()}
    given = {pair: by for pair, by in budgets(release).items() if set(by) & set(labels) and pair[1] in inputs.agencies}
    return Purses(labels, levers.budget_change_pct / 100, now, given, _funds(inputs, release))


def _funds(inputs: Inputs, release: Release) -> dict[tuple[str, str], dict[str, int]]:
    """By fund and payer the pence of each service that a plan may move."""
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    if not names_funds(release):
        return {}
    moved = {service.id for service in inputs.preventative}
    sums = spend(release).groupby([COLUMN, "agency", "service_id"])["pence"].sum().reset_index()
    for fund, agency, service, pence in sums.itertuples(index=False, name=None):
        if text(fund) and service in moved and pence > 0:
            found[text(fund), str(agency)][str(service)] = int(pence)
    return dict(found)


def held_of(purses: Purses, inputs: Inputs, rest: str) -> list[dict[str, Any]]:
    """Held services on their paths; with what does not follow demand, and new money for what an agency does not pay for yet.

    rest: what follows the id of a responsive service for the part of its spend that does not follow demand.
    """
    rows: list[tuple[str, str, list[float]]] = [(s, a, purses.amounts((s, a))) for s, a in inputs.held if inputs.held[s, a]]
    for d in inputs.demanded:
        if d.rest > 1e-9 * d.thousand:
            part = d.rest / sum(d.pence.values())
            rows += [(f"{d.id}{rest}", a, [part * v * k for k in purses.scale((d.id, a))]) for a, v in d.pence.items()]
    rows += [(f"{s}{NEW}", a, purses.amounts((s, a))) for s, a in purses.given if (s, a) not in purses.now]
    still = {(s, a): purses.flat for s, a, _ in rows}
    return [{"id": s, "agency": a, "amount": v[0] if still[s, a] else v} for s, a, v in sorted(rows)]


def eased(purses: Purses, made: dict[str, Any]) -> dict[str, Any]:
    """A preventative service that may fall as far as a budget that was given for it already does: that much was decided."""
    pairs = [(str(made["id"]), agency) for agency in made["agencies"]]
    if not any(pair in purses.given for pair in pairs):
        return made
    years = range(len(purses.labels))
    paths = [[purses.now[pair] / 1e5, *purses.amounts(pair)] for pair in pairs]
    grows = any(_by_year(made.get("ramp_up", 0.0), years))
    lows = [[min(path[0], path[t + 1] if grows else min(path[1 : t + 2])) for t in years] for path in paths]
    least = [sum(low) * (1 - _LEEWAY) for low in zip(*lows, strict=True)]
    falls = [max(1 - path[t + 1] / path[t] if path[t] else 0.0 for path in paths) + _LEEWAY for t in years]
    found = dict(made)
    if "floor" in made:
        found["floor"] = [min(floor, low) for floor, low in zip(_by_year(made["floor"], years), least, strict=True)]
    if "ramp_down" in made:
        found["ramp_down"] = [min(1.0, max(r, fall)) for r, fall in zip(_by_year(made["ramp_down"], years), falls, strict=True)]
    return found


def _by_year(value: float | list[float], years: range) -> list[float]:
    return value if isinstance(value, list) else [value for _ in years]


def ringfences(purses: Purses) -> list[dict[str, Any]]:
    """Each fund's money as a promise: at least so much on the services that it pays for, never more than they are given."""
    found = []
    for (fund, agency), by in sorted(purses.funds.items()):
        years = [0.0] * len(purses.labels)
        for service, pence in by.items():
            years = [have + pence / 1e5 * min(1.0, k) for have, k in zip(years, purses.scale((service, agency)), strict=True)]
        amount: float | list[float] = years[0] if len(set(years)) == 1 else years
        found.append({"id": ring_id(purses, fund, agency), "agency": agency, "services": sorted(by), "amount": amount})
    return found


def ring_id(purses: Purses, fund: str, agency: str) -> str:
    """The fund's code; with who pays it where several do."""
    return fund if sum(code == fund for code, _ in purses.funds) == 1 else f"{fund}:{agency}"


def ring_names() -> dict[str, str]:
    """What ring-fences are called: the fund by its name, and who pays where several do."""
    funds = {code: fund.name for code, fund in known_funds().items()}
    return funds | {f"{code}:{a.value}": f"{name} ({a.label})" for code, name in funds.items() for a in Agency}


def known_purses(purses: Purses, agencies: tuple[str, ...]) -> list[dict[str, Any]]:
    """How well most of each purse is known in each year, where the release has budgets; nothing where it has none."""
    rows = []
    for i, agency in enumerate(agencies):
        pairs = purses.pairs(agency)
        if not any(pair in purses.given for pair in pairs):
            continue
        for t, label in enumerate(purses.labels):
            by: dict[State, float] = defaultdict(float)
            for pair in pairs:
                amount, firm = purses.path(pair)[t]
                by[firm] += amount
            told = {b.source for pair in pairs for year, b in purses.given.get(pair, {}).items() if year == label and b.source}
            most = max(by, key=lambda firm: by[firm])
            rows.append(
                {"path": f"/agencies/{i}/budget/{t}", "state": KNOWN[most].value, "source": _source(by, told, purses.change)}
            )
    return rows


def _source(by: Mapping[State, float], told: set[str], change: float) -> str:
    whole = sum(by.values())
    parts = [f"{_share(by[s], whole)} {s.value}" for s in State if s is not State.NONE and by.get(s)]
    how = f"carried on with {100 * change:+g}% a year" if change else "carried on unchanged"
    rest = f"{_share(by[State.NONE], whole)} {how}" if by.get(State.NONE) else ""
    return "; ".join(filter(None, [listed(parts), listed(sorted(told)), rest, "cash of the year" if parts else ""]))


def _share(part: float, whole: float) -> str:
    return "under 1%" if 100 * part < whole else f"{100 * part / whole:.0f}%"


def said(release: Release, first: str, horizon: int) -> str:
    """How the plan's budgets are known, in one sentence for a reader of the plan."""
    given, start = budgets(release), int(first[:4]) if first[:4].isdecimal() else 0
    labels = [f"{start + t}-{(start + t + 1) % 100:02d}" for t in range(horizon)]
    found: dict[str, set[str]] = defaultdict(set)
    for by in given.values():
        for year, budget in by.items():
            if year in labels:
                found[year].add(budget.state.value)
    if not found:
        return "Every future year's budget is assumed: none of them is approved."
    told = listed(f"{year} {' and '.join(sorted(found[year]))}" for year in sorted(found))
    return f"Budgets are used where they were given ({told}), in the cash of each year; every other budget is assumed."
