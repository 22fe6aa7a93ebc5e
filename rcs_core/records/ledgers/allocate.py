"""Ledger lines to services by the ledger map, joined by code and never by order; each ledger reconciled to the penny."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from rcs_core.errors import ContractError
from rcs_core.records.ledgers.claims import (
    EXCLUDED,
    KEY,
    MAP_FILE,
    MAPPED,
    NOWHERE,
    UNMAPPED,
    Claim,
    Target,
    read_claims,
    withhold_reasons,
)
from rcs_core.records.ledgers.keys import OTHER_AREAS
from rcs_core.records.ledgers.parts import NOISE, WHOLE, MoneyRecords, pence_of, split, text


@dataclass(frozen=True, slots=True)
class LedgerTotal:
    """One ledger against its control total, in pence."""

    ledger: str
    financial_year: str
    control: int
    mapped: int
    excluded: int
    unmapped: int
    other_areas: int = 0

    @property
    def difference(self) -> int:
        """Control total less everything that the ledger's lines became."""
        return self.control - self.mapped - self.other_areas - self.excluded - self.unmapped


@dataclass(frozen=True, slots=True)
class Allocation:
    """Pence by ledger, fate, service, payer and kind (`KEY` and pence); the totals; notes for the desk."""

    lines: pd.DataFrame
    totals: tuple[LedgerTotal, ...]
    notes: tuple[str, ...]


def allocate(records: MoneyRecords) -> Allocation:
    """Send every penny of every ledger to a service, to other areas by a key, to a named exclusion, or to `unmapped`.

    Raises ContractError when a ledger does not add up to its control total, when rows claim more than the whole of a
    line, when a claim contradicts itself or names no known service, or when ledgers are in different price years.
    """
    claims, withheld = withhold_reasons(read_claims(records), records.ledgers)
    columns = {stem: _about(records, stem) for stem in sorted(records.ledgers)}
    _check_price_year(columns, text(records.partnership.get("price_year")))
    lines, used = _share_out(records.ledgers, claims)
    totals = tuple(_total(stem, columns[stem], lines) for stem in columns)
    _check_totals(totals)
    return Allocation(lines, totals, (*withheld, *_unused(claims, used)))


def _about(records: MoneyRecords, stem: str) -> Mapping[str, Any]:
    if stem not in records.ledger_columns:
        raise ContractError(
            "a ledger is not described",
            "ledger_columns.yaml",
            stem,
            "an entry for each ledger",
            "add its columns and control total",
        )
    about: Mapping[str, Any] = records.ledger_columns[stem]
    return about


def _check_price_year(columns: Mapping[str, Mapping[str, Any]], price_year: str) -> None:
    """Refuse to add pounds of different years: nothing here restates prices."""
    wrong = {stem: text(about.get("financial_year")) for stem, about in columns.items()}
    wrong = {stem: year for stem, year in wrong.items() if year != price_year}
    if wrong:
        raise ContractError(
            "a ledger is not in the prices of the partnership's price_year",
            "ledger_columns.yaml",
            "; ".join(f"{stem} {year}" for stem, year in wrong.items()),
            f"{price_year or 'a price_year'} in partnership.yaml and for every ledger",
            "use ledgers of one year, or restate one in the prices of the others before it is sent",
        )


def _share_out(
    ledgers: Mapping[str, pd.DataFrame], claims: Mapping[tuple[str, str], list[Claim]]
) -> tuple[pd.DataFrame, set[tuple[str, str]]]:
    pence: dict[tuple[str, ...], int] = defaultdict(int)
    used: set[tuple[str, str]] = set()
    for stem in sorted(ledgers):
        for cost_centre, amount in _by_cost_centre(ledgers[stem]).items():
            used.add((stem, cost_centre))
            for target, part in split(amount, _weights(claims.get((stem, cost_centre), []))).items():
                pence[(stem, *target)] += part
    found = [(*key, part) for key, part in sorted(pence.items())]
    return pd.DataFrame(found, columns=[*KEY, "pence"]).astype({"pence": "int64"}), used


def _by_cost_centre(ledger: pd.DataFrame) -> dict[str, int]:
    """A cost centre that has several lines is one amount: the map is by cost centre."""
    pence: dict[str, int] = defaultdict(int)
    for cost_centre, amount in zip(ledger["cost_centre"], ledger["amount_pence"], strict=True):
        pence[text(cost_centre)] += int(amount)
    return dict(pence)


def _weights(group: list[Claim]) -> dict[Target, Fraction]:
    weights: dict[Target, Fraction] = defaultdict(Fraction)
    for claim in group:
        for target, share in claim.parts():
            weights[target] += share
    left = WHOLE - sum(weights.values(), Fraction(0))
    if left > NOISE:
        weights[NOWHERE] += left
    return dict(weights)


def _total(stem: str, about: Mapping[str, Any], lines: pd.DataFrame) -> LedgerTotal:
    control = pence_of(about.get("control_total_gbp"), f"ledger_columns.yaml, {stem}", "control_total_gbp")
    own = lines[lines["ledger"] == stem].groupby("fate")["pence"].sum()
    found = (int(own.get(fate, 0)) for fate in (MAPPED, EXCLUDED, UNMAPPED, OTHER_AREAS))
    return LedgerTotal(stem, text(about.get("financial_year")), control, *found)


def _check_totals(totals: tuple[LedgerTotal, ...]) -> None:
    wrong = [t for t in totals if t.difference]
    if not wrong:
        return
    found = [
        f"{t.ledger} lines come to GBP {(t.control - t.difference) / 100:,.2f}, GBP {abs(t.difference) / 100:,.2f} "
        f"{'less' if t.difference > 0 else 'more'} than its control total of GBP {t.control / 100:,.2f}"
        for t in wrong
    ]
    raise ContractError(
        "a ledger does not add up to its control total",
        ", ".join(t.ledger for t in wrong),
        "; ".join(found),
        "mapped + other areas + excluded + unmapped = control total, to the penny",
        "look for missing or repeated lines, sub-totals not in subtotal_words, or a wrong amount_unit in ledger_columns.yaml",
    )


def _unused(claims: Mapping[tuple[str, str], list[Claim]], used: set[tuple[str, str]]) -> Iterator[str]:
    for ledger, cost_centre in sorted(set(claims) - used):
        which = ", ".join(str(c) for c in claims[ledger, cost_centre])
        yield f"{MAP_FILE} {which}: {ledger} has no cost centre {cost_centre}, so the row maps nothing"
