"""What the ledger map says: which share of a cost centre goes to which service, or is left out, and why."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import pandas as pd

from rcs_core.errors import ContractError
from rcs_core.records.ledgers.keys import OTHER_AREAS, Key, key_of, read_keys
from rcs_core.records.ledgers.parts import MARK, NOISE, WHOLE, MoneyRecords, number, rows, text
from rcs_core.settings import CONTRACTS, read_yaml

MAP_FILE, RULES_FILE = "ledger_map.csv", "ledger_rules.csv"
MAPPED, EXCLUDED, UNMAPPED = "mapped", "excluded", "unmapped"
KEY = ["ledger", "fate", "service_id", "agency", "money_kind", "recurring", "revenue_or_capital", "reason", "key_id", "fund"]
WITHHELD = "Reason kept at the desk"
type Target = tuple[str, ...]
"""Where a part of a line goes: all of `KEY` but the ledger."""
NOWHERE: Target = (UNMAPPED, *[""] * 8)
type Line = tuple[str, str, str]
"""Ledger, cost centre and wording."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One row of the ledger map: the share of a cost centre that it sends somewhere, and how much of that is of our area."""

    row: int
    ledger: str
    cost_centre: str
    target: Target
    share: Fraction
    own: Fraction = Fraction(1)

    def parts(self) -> Iterator[tuple[Target, Fraction]]:
        """Where the share goes: our part to its target, and what the key leaves to other areas."""
        yield self.target, self.share * self.own
        if self.own < 1:
            yield (OTHER_AREAS, *[""] * 6, self.target[7], ""), self.share * (1 - self.own)

    @property
    def file(self) -> str:
        """The file that says so: the map, or the rules where a rule has the lines."""
        return RULES_FILE if MARK in self.cost_centre else MAP_FILE

    def __str__(self) -> str:
        _, ruled, rule = self.cost_centre.partition(MARK)
        return f"{f'rule {rule}' if ruled else f'row {self.row}'} ({self.target[1] or self.target[0]} {float(self.share):g}%)"


def read_claims(records: MoneyRecords) -> dict[tuple[str, str], list[Claim]]:
    """The ledger map by ledger and cost centre; raises ContractError for the first kind of contradiction, all rows named."""
    known = {text(s) for s in records.services["service_id"]}
    claims: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in _rows(records.ledger_map, read_keys(records)):
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
        [c for c in every if c.target[6] and c.target[7]],
        "a row leaves a line out and divides it by a key",
        "a key only where money is mapped, or not mapped yet: what is left out is left out whole",
        "blank key_id or excluded_because",
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


def _rows(ledger_map: pd.DataFrame, keys: Mapping[str, Key]) -> Iterator[Claim]:
    for at, row in rows(ledger_map):
        share = number(row["pct"], f"{MAP_FILE}, row {at}", "pct")
        service, reason = text(row["service_id"]), text(row["excluded_because"])
        fate = MAPPED if service else EXCLUDED if reason else UNMAPPED
        kind = [text(row[c]) for c in ("agency", "money_kind", "recurring", "revenue_or_capital")] if fate == MAPPED else [""] * 4
        key = key_of(row, at, keys, MAP_FILE)
        fund = text(row.get("fund")) if fate == MAPPED else ""
        target: Target = (fate, service, *kind, reason, key.id if key else "", fund)
        where, own = (text(row["ledger"]), text(row["cost_centre"])), key.own if key else Fraction(1)
        yield Claim(at, *where, target, WHOLE if share is None else share, own)


def _refuse(wrong: list[Claim], what: str, expected: str, remedy: str) -> None:
    if wrong:
        where = " and ".join(sorted({c.file for c in wrong}))
        raise ContractError(what, where, "; ".join(dict.fromkeys(str(c) for c in wrong)), expected, remedy)


def withhold_reasons(
    claims: Mapping[tuple[str, str], list[Claim]], ledgers: Mapping[str, pd.DataFrame]
) -> tuple[dict[tuple[str, str], list[Claim]], list[str]]:
    """Only reasons of the contract's list are published: free text can tell of one child, as ledger text can.

    A listed reason that may be about one child's placement is published only where two lines or more rest on it.
    """
    policy = read_yaml(CONTRACTS / "exclusions.yaml")
    listed = {_plain(reason): reason for reason in policy["reasons"]} | {"": ""}
    alone = _alone(claims, ledgers, {listed[_plain(reason)] for reason in policy["may_be_one_child"]}, listed)
    kept: dict[tuple[str, str], list[Claim]] = {}
    notes = []
    for (ledger, centre), group in claims.items():
        kept[ledger, centre] = []
        for claim in group:
            reason = listed.get(_plain(claim.target[6]), WITHHELD)
            if reason == WITHHELD:
                notes.append(f"{claim.file} {claim}: excluded_because is not a listed reason and is not published; {_REMEDY}")
            elif (ledger, reason) in alone:
                reason = WITHHELD
                notes.append(f"{claim.file} {claim}: one line may be one child's placement, so its reason is not published")
            kept[ledger, centre].append(replace(claim, target=(*claim.target[:6], reason, *claim.target[7:])))
    return kept, list(dict.fromkeys(notes))


_REMEDY = "choose one of data_contracts/exclusions.yaml"


def _alone(
    claims: Mapping[tuple[str, str], list[Claim]],
    ledgers: Mapping[str, pd.DataFrame],
    careful: set[str],
    listed: Mapping[str, str],
) -> set[tuple[str, str]]:
    """Ledger and reason, of the reasons to be careful with, that rest on one line only."""
    lines: dict[tuple[str, str], set[Line]] = defaultdict(set)
    wanted = {key for key, group in claims.items() if any(listed.get(_plain(c.target[6])) in careful for c in group)}
    for line in lines_of(ledgers, wanted):
        for claim in claims[line[0], line[1]]:
            if claim.share and (reason := listed.get(_plain(claim.target[6]), "")) in careful:
                lines[line[0], reason].add(line)
    return {key for key, found in lines.items() if len(found) == 1}


def lines_of(ledgers: Mapping[str, pd.DataFrame], wanted: Collection[tuple[str, str]]) -> list[Line]:
    """The different lines of the cost centres asked for; lines of one wording are one, and one that nets to nothing is none."""
    pence: dict[Line, int] = defaultdict(int)
    for stem, frame in ledgers.items():
        centres = [text(centre) for centre in frame["cost_centre"]]
        for centre, words, amount in zip(centres, frame["description"], frame["amount_pence"], strict=True):
            if (stem, centre) in wanted:
                pence[stem, centre, _plain(words)] += int(amount)
    return sorted(line for line, amount in pence.items() if amount)


def _plain(value: object) -> str:
    return " ".join(text(value).casefold().split())
