"""The scenario against the whole map: every purse, service by service, adds up to the mapped money to the penny."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import Agency
from rcs_core.workshop.couple.inputs import rows_of
from rcs_core.workshop.couple.parts import Inputs
from rcs_core.workshop.evidence import number
from rcs_core.workshop.scenario.format import Scenario, at

PENCE = 1e5
"""Pence in a GBP thousand."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Pence by agency: in the scenario's services today, and mapped in the release; and what no purse holds."""

    scenario: Mapping[str, int]
    mapped: Mapping[str, int]
    unmapped: int
    excluded: int
    budgeted: str = ""
    """The first year of the plan, where the release has budgets of it: purses then have those, and not the ledgers' money."""
    budget: float = 0.0

    @property
    def exact(self) -> bool:
        """Whether every purse agrees to the penny."""
        return {k: v for k, v in self.scenario.items() if v} == {k: v for k, v in self.mapped.items() if v}

    @property
    def sentence(self) -> str:
        """The line of the page."""
        held, there = sum(self.scenario.values()), sum(self.mapped.values())
        left = f"£{self.unmapped / 100:,.2f} of the ledgers is mapped to no service and is in no purse"
        out = f"; £{self.excluded / 100:,.2f} was left out of the map, with its reasons" if self.excluded else ""
        new = f" Its first year has the budgets of {self.budgeted}: £{self.budget * 1000:,.0f}." if self.budgeted else ""
        if self.exact:
            whole = f"The purses of this scenario add up to £{held / 100:,.2f} today"
            return f"{whole}: all the mapped money, to the penny.{new} {left}{out}."
        apart = [_said(a) for a in {**self.mapped, **self.scenario} if self.mapped.get(a, 0) != self.scenario.get(a, 0)]
        return (
            f"The purses of this scenario add up to £{held / 100:,.2f} and the mapped money to £{there / 100:,.2f}: "
            f"they differ in {', '.join(apart)}.{new} {left}{out}."
        )

    def table(self) -> pd.DataFrame:
        """Each purse beside the mapped money of its agency, in pounds."""
        rows = [(_said(a), self.scenario.get(a, 0) / 100, pence / 100) for a, pence in self.mapped.items()]
        frame = pd.DataFrame(rows, columns=["Agency", "In the scenario (£)", "Mapped (£)"])
        return frame.assign(**{"Difference (£)": (frame["In the scenario (£)"] - frame["Mapped (£)"]).round(2)})


def reconcile(release: Release, scenario: Scenario, inputs: Inputs) -> Reconciled:
    """Add up what the services of a scenario, made of these inputs, cost today, by payer, beside the mapped money."""
    mapped: dict[str, int] = {}
    for row in rows_of(release, "spend"):
        agency = str(row["agency"])
        mapped[agency] = mapped.get(agency, 0) + round((number(row["amount_gbp"]) or 0.0) * 100)
    totals = rows_of(release, "ledger_totals")
    unmapped, excluded = (sum(round((number(r.get(c)) or 0.0) * 100) for r in totals) for c in ("unmapped", "excluded"))
    given = any(str(row["financial_year"]) == scenario.first_year for row in rows_of(release, "budgets"))
    first = sum(at(a.budget, 1) for a in scenario.agencies if a.budget is not None)
    now = today(scenario, inputs if given else None)
    return Reconciled(now, mapped, unmapped, excluded, scenario.first_year if given else "", first)


def today(scenario: Scenario, inputs: Inputs | None = None) -> dict[str, int]:
    """What each agency pays for the scenario's services before anything moves, in pence.

    What is held is today's in the plan's first year, unless budgets of that year were given: then it is as `inputs` have it.
    """
    found = {}
    for agency in scenario.agencies:
        start = sum(sum(s.agencies.get(agency.id, {}).values()) for s in scenario.prevention)
        for d in scenario.acute:
            need = sum(d.capacity_before(locality) for locality in d.demand)
            start += d.payer.get(agency.id, 0.0) * at(d.unit_cost, 1) * need
        held = _held(inputs, agency.id) if inputs else scenario.held_by(agency.id, 1)
        found[agency.id] = round((start + held) * PENCE)
    return found


def _held(inputs: Inputs, agency: str) -> float:
    rest = sum(d.rest * d.pence.get(agency, 0) / sum(d.pence.values()) for d in inputs.demanded)
    return rest + sum(pence for (_, payer), pence in inputs.held.items() if payer == agency) / PENCE


def _said(agency: str) -> str:
    return Agency(agency).label if agency in set(Agency) else agency
