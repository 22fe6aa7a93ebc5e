"""Ledger lines to services by the ledger map, joined by code and never by order; each ledger reconciled to the penny."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pandas as pd

from rcs_core.errors import ContractError
from rcs_core.records.ledgers.parts import NOISE, WHOLE, MoneyRecords, number, pence_of, rows, split, text
from rcs_core.settings import CONTRACTS, read_yaml

MAP_FILE = "ledger_map.csv"
MAPPED, EXCLUDED, UNMAPPED = "mapped", "excluded", "unmapped"
KEY = ["ledger", "fate", "service_id", "agency", "money_kind", "recurring", "revenue_or_capital", "reason"]
WITHHELD = "Reason kept at the desk"
type Target = tuple[str, ...]
"""Where a part of a line goes: all of `KEY` but the ledger."""
NOWHERE: Target = (UNMAPPED, "", "", "", "", "", "")


@dataclass(frozen=True, slots=True)
class Claim:
    """One row of the ledger map: the share of a cost centre that it sends somewhere."""

    row: int
    ledger: str
    cost_centre: str
    target: Target
    share: Fraction

    def __str__(self) -> str:
        return f"row {self.row} ({self.target[1] or self.target[0]} {float(self.share):g}%)"


@dataclass(frozen=True, slots=True)
class LedgerTotal:
    """One ledger against its control total, in pence."""

    ledger: str
    financial_year: str
    control: int
    mapped: int
    excluded: int
    unmapped: int

    @property
    def difference(self) -> int:
        """Control total less everything that the ledger's lines became."""
        return self.control - self.mapped - self.excluded - self.unmapped


@dataclass(frozen=True, slots=True)
class Allocation:
    """Pence by ledger, fate, service, payer and kind (`KEY` and pence); the totals; notes for the desk."""

    lines: pd.DataFrame
    totals: tuple[LedgerTotal, ...]
    notes: tuple[str, ...]


def allocate(records: MoneyRecords) -> Allocation:
    """Send every penny of every ledger to a service, to a named exclusion, or to `unmapped`.

    Raises ContractError when a ledger does not add up to its control total, when rows claim more than the whole of a
    line, when a claim contradicts itself or names no known service, or when ledgers are in different price years.
    """
    claims, withheld = _withhold_reasons(read_claims(records))
    columns = {stem: _about(records, stem) for stem in sorted(records.ledgers)}
    _check_price_year(columns, text(records.partnership.get("price_year")))
    lines, used = _share_out(records.ledgers, claims)
    totals = tuple(_total(stem, columns[stem], lines) for stem in columns)
    _check_totals(totals)
    return Allocation(lines, totals, (*withheld, *_unused(claims, used)))


def read_claims(records: MoneyRecords) -> dict[tuple[str, str], list[Claim]]:
    """The ledger map by ledger and cost centre; raises ContractError for the first kind of contradiction, all rows named."""
    known = {text(s) for s in records.services["service_id"]}
    claims: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in _rows(records.ledger_map):
        claims[claim.ledger, claim.cost_centre].append(claim)
    every = [claim for group in claims.values() for claim in group]
    _refuse(
        [c for c in every if c.share < 0 or c.share > WHOLE],
        "a share of a line is out of range",
        "0 to 100 per cent",
        "change pct, or remove the row",
    )
    _refuse(
        [c for c in every if c.target[1] and c.target[6]],
        "a row both maps a line and excludes it",
        "a service or a reason, not both",
        "blank service_id or excluded_because",
    )
    _refuse(
        [c for c in every if c.target[1] and c.target[1] not in known],
        "a line is mapped to a service that the register does not have",
        "a service_id of services.xlsx",
        "add the service to the register, or change the row",
    )
    _refuse(
        [c for c in every if c.target[0] == MAPPED and not c.target[2]],
        "a mapped line has no payer",
        "an agency code",
        "fill in agency",
    )
    for (ledger, cost_centre), group in claims.items():
        if sum(c.share for c in group) > WHOLE + NOISE:
            whole = float(sum(c.share for c in group))
            _refuse(
                group,
                f"rows claim {whole:g}% of {ledger} {cost_centre}",
                "shares of a line that add up to 100 or less",
                "change pct so that each pound is claimed once",
            )
    return dict(claims)


def _rows(ledger_map: pd.DataFrame) -> Iterator[Claim]:
    for at, row in rows(ledger_map):
        share = number(row["pct"], f"{MAP_FILE}, row {at}", "pct")
        service, reason = text(row["service_id"]), text(row["excluded_because"])
        fate = MAPPED if service else EXCLUDED if reason else UNMAPPED
        kind = [text(row[c]) for c in ("agency", "money_kind", "recurring", "revenue_or_capital")]
        target: Target = (fate, service, *kind, reason) if fate == MAPPED else (fate, service, "", "", "", "", reason)
        yield Claim(at, text(row["ledger"]), text(row["cost_centre"]), target, WHOLE if share is None else share)


def _refuse(wrong: list[Claim], what: str, expected: str, remedy: str) -> None:
    if wrong:
        raise ContractError(what, MAP_FILE, "; ".join(str(c) for c in wrong), expected, remedy)


def _withhold_reasons(
    claims: Mapping[tuple[str, str], list[Claim]],
) -> tuple[dict[tuple[str, str], list[Claim]], list[str]]:
    """Only reasons of the contract's list are published: free text can tell of one child, as ledger text can."""
    listed = {_plain(reason): reason for reason in read_yaml(CONTRACTS / "exclusions.yaml")["reasons"]}
    listed[""] = ""
    kept = {
        key: [replace(c, target=(*c.target[:6], listed.get(_plain(c.target[6]), WITHHELD))) for c in group]
        for key, group in claims.items()
    }
    found = [c for key, group in kept.items() for c, new in zip(claims[key], group, strict=True) if new.target[6] == WITHHELD]
    remedy = "choose one of data_contracts/exclusions.yaml"
    return kept, [f"{MAP_FILE} {c}: excluded_because is not a listed reason and is not published; {remedy}" for c in found]


def _plain(value: object) -> str:
    return " ".join(text(value).casefold().split())


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
        weights[claim.target] += claim.share
    left = WHOLE - sum(weights.values(), Fraction(0))
    if left > NOISE:
        weights[NOWHERE] += left
    return dict(weights)


def _total(stem: str, about: Mapping[str, Any], lines: pd.DataFrame) -> LedgerTotal:
    control = pence_of(about.get("control_total_gbp"), f"ledger_columns.yaml, {stem}", "control_total_gbp")
    own = lines[lines["ledger"] == stem].groupby("fate")["pence"].sum()
    mapped, excluded, unmapped = (int(own.get(fate, 0)) for fate in (MAPPED, EXCLUDED, UNMAPPED))
    return LedgerTotal(stem, text(about.get("financial_year")), control, mapped, excluded, unmapped)


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
        "mapped + excluded + unmapped = control total, to the penny",
        "look for missing or repeated lines, sub-totals not in subtotal_words, or a wrong amount_unit in ledger_columns.yaml",
    )


def _unused(claims: Mapping[tuple[str, str], list[Claim]], used: set[tuple[str, str]]) -> Iterator[str]:
    for ledger, cost_centre in sorted(set(claims) - used):
        which = ", ".join(str(c) for c in claims[ledger, cost_centre])
        yield f"{MAP_FILE} {which}: {ledger} has no cost centre {cost_centre}, so the row maps nothing"
