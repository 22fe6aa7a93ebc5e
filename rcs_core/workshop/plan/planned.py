"""What a kept scenario plans to spend: pence by service, payer and year, and what it starts from.

The scenario is worked out anew from the file that was kept, so the same version gives the same pence. The parts that a
scenario keeps apart for one service (what follows demand and what does not, new money) are put together again.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rcs_core.workshop.couple.build import REST
from rcs_core.workshop.couple.compare import base_cost
from rcs_core.workshop.couple.purses import NEW
from rcs_core.workshop.kept import Kept
from rcs_core.workshop.plan.contract import PlanError
from rcs_core.workshop.plan.pence import PER_THOUSAND, shared
from rcs_core.workshop.scenario import Result, Scenario
from rcs_core.workshop.scenario.format import at
from rcs_core.workshop.scenario.wording import year_label
from rcs_core.workshop.versus import Side, of_kept

type Pair = tuple[str, str]
"""A service and who pays for it."""


@dataclass(frozen=True, slots=True)
class Planned:
    """The spend of one kept version. before: pence by service and payer. spend: pence by service and payer, by year.

    guess_share: the share of what moves that rests on guesses (None: nothing moves). possible: whether it has a plan.
    in_cash: whether budgets of later years, in the cash of their year, are in its purses.
    """

    link: str
    title: str
    price_year: str
    years: tuple[str, ...]
    before: Mapping[Pair, int]
    spend: Mapping[str, Mapping[Pair, int]]
    names: Mapping[str, str]
    release_id: str
    release_hash: str
    depth: str
    guess_share: float | None
    discussion_only: bool
    possible: bool
    own_plan: bool = False
    in_cash: bool = False

    @property
    def services(self) -> frozenset[str]:
        """Every service that it pays for, before or in any year."""
        return frozenset(service for pairs in (self.before, *self.spend.values()) for service, _ in pairs)

    def change(self, year: str, pair: Pair) -> int:
        """How much more a payer spends on a service in a year than before the plan."""
        return self.spend[year].get(pair, 0) - self.before.get(pair, 0)


def planned(kept: Kept, worked_out: Side | None = None) -> Planned:
    """Work a kept version out again, unless it is `worked_out`. Raises PlanError where its money is not in GBP thousand."""
    side = worked_out or of_kept(kept)
    scenario, result = side.scenario, side.result
    if scenario.money != "GBP thousand":
        raise PlanError("the scenario is in another unit of money", kept.title, scenario.money, "GBP thousand")
    before = _before(scenario)
    years = {year_label(scenario, t): _spend(scenario, result, t) for t in scenario.years} if side.possible else {}
    return Planned(
        link=kept.link,
        title=kept.title,
        price_year=scenario.price_year,
        years=tuple(years),
        before=before,
        spend=years,
        names=side.names,
        release_id=kept.draft.release_id,
        release_hash=kept.draft.release_hash,
        depth=str(scenario.depth),
        guess_share=side.found.guess_share,
        discussion_only=side.found.discussion_only,
        possible=side.possible,
        own_plan=bool(kept.draft.plan),
        in_cash=any(known.path.endswith("/budget/0") for known in scenario.provenance),
    )


def service_of(id: str) -> str:
    """The service that a part of a scenario belongs to."""
    return id.removesuffix(REST).removesuffix(NEW)


def _before(scenario: Scenario) -> dict[Pair, int]:
    found: dict[Pair, int] = {}
    for one in scenario.prevention:
        for agency, places in one.agencies.items():
            _add(found, one.id, agency, _pence(sum(places.values())))
    for acute in scenario.acute:
        for agency, pence in shared(_pence(base_cost(scenario, acute.id)), acute.payer).items():
            _add(found, acute.id, agency, pence)
    for held in scenario.held:
        _add(found, held.id, held.agency, _pence(0.0 if held.id.endswith(NEW) else at(held.amount, 1)))
    return found


def _spend(scenario: Scenario, result: Result, year: int) -> dict[Pair, int]:
    found: dict[Pair, int] = {}
    sums: dict[Pair, float] = {}
    for line in result.spend:
        if line.year == year:
            sums[line.service, line.agency] = sums.get((line.service, line.agency), 0.0) + line.amount
    for (service, agency), amount in sums.items():
        _add(found, service, agency, _pence(amount))
    for acute in scenario.acute:
        cost = sum(line.cost for line in result.responsive if line.service == acute.id and line.year == year)
        for agency, pence in shared(_pence(cost), acute.payer).items():
            _add(found, acute.id, agency, pence)
    for held in scenario.held:
        _add(found, held.id, held.agency, _pence(at(held.amount, year)))
    return found


def _add(found: dict[Pair, int], id: str, agency: str, pence: int) -> None:
    key = (service_of(id), agency)
    found[key] = found.get(key, 0) + pence


def _pence(thousand: float) -> int:
    return round(thousand * PER_THOUSAND)
