"""Puts accepted rules to work before the ledgers are mapped: the lines that a rule has become a cost centre of their own.

In: the desk's records. Out: the same records, every line and penny kept, where a rule's lines stand under a code of their own and
the map has that code's rows. So everything that holds for a mapped cost centre holds for a rule's lines too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from rcs_core.contracts.ledger_rules import (
    CLASH,
    FILE,
    OUTCOME,
    Matches,
    Places,
    TagRule,
    accepted,
    hand_made,
    match,
    read_rules,
)
from rcs_core.errors import ContractError
from rcs_core.records.ingest import Records
from rcs_core.records.ledgers.parts import MARK, pounds


@dataclass(frozen=True, slots=True)
class Tagged:
    """The records as money is mapped from them, and notes for the desk."""

    records: Records
    notes: tuple[str, ...] = ()


def tagged(records: Records) -> Tagged:
    """The records with the lines of every accepted rule mapped as it says.

    Raises ContractError when a rule contradicts itself or names a service that the register does not have.
    """
    rules = read_rules(records.ledger_rules)
    if not rules:
        return Tagged(records)
    _check_services(rules, records)
    ledgers, made, notes = dict[str, pd.DataFrame](), list[dict[str, Any]](), list[str]()
    for stem, lines in records.ledgers.items():
        found = match(lines, stem, rules, hand_made(records.ledger_map, stem))
        won = found.winners(rules, accepted(rules))
        ledgers[stem], rows = _parted(stem, lines, rules, won)
        made += rows
        notes += _clashes(stem, lines, rules, found, won)
    notes += [f"{FILE}: rule {r.id} is not accepted and takes nothing" for r in rules if not r.accepted]
    return Tagged(replace(records, ledgers=ledgers, ledger_map=_with(records.ledger_map, made)), tuple(notes))


def _parted(stem: str, lines: pd.DataFrame, rules: Sequence[TagRule], won: Places) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """The lines with those of a rule under a code of their own, and the rows of the map for those codes."""
    centres = [
        f"{centre}{MARK}{rules[place].id}" if place >= 0 else centre
        for centre, place in zip(lines["cost_centre"].tolist(), won.tolist(), strict=True)
    ]
    codes = dict.fromkeys((c, p) for c, p in zip(centres, won.tolist(), strict=True) if p >= 0)
    rows = [
        {"ledger": stem, "cost_centre": code, **dict(zip(OUTCOME, part, strict=True))}
        for code, place in codes
        for part in rules[place].parts
    ]
    return lines.assign(cost_centre=centres), rows


def _with(mapping: pd.DataFrame, made: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The map with the rules' rows below its own; a column that only one of them has is blank in the other."""
    if not made:
        return mapping
    frame = pd.DataFrame(made)
    frame["pct"] = pd.to_numeric(frame["pct"]).astype("float64")
    idle = [c for c in ("key_id", "fund") if c not in mapping.columns and not (frame[c] != "").any()]
    whole = pd.concat([mapping, frame.drop(columns=idle)], ignore_index=True)
    # A row without a number is counted by its place.
    numbers = {"_row": whole["_row"].fillna(0).astype("int64")} if "_row" in whole else {}
    blank = {c: whole[c].fillna("") for c in whole.columns if c not in ("pct", "_row")}
    return whole.assign(**numbers, **blank)


def _check_services(rules: Sequence[TagRule], records: Records) -> None:
    known = set(records.services["service_id"].astype(str))
    lost = [f"{r.id} ({part[0]})" for r in rules for part in r.parts if part[0] and part[0] not in known]
    if lost:
        raise ContractError(
            "a rule names a service that the register does not have", FILE, ", ".join(lost), "a service_id of services.xlsx"
        )


def _clashes(stem: str, lines: pd.DataFrame, rules: Sequence[TagRule], found: Matches, won: Places) -> Iterator[str]:
    """For the desk: lines over which accepted rules clash; they stay unmapped."""
    pence = lines["amount_pence"].to_numpy()
    ready = accepted(rules)
    groups: dict[str, list[int]] = {}
    for place in (won == CLASH).nonzero()[0].tolist():
        names = " and ".join(rules[p].id for p in found.found[place] if p in ready)
        groups.setdefault(names, []).append(int(pence[place]))
    for names, amounts in sorted(groups.items()):
        yield (
            f"{FILE}: rules {names} send {len(amounts)} line(s) of {stem} to different places, GBP {pounds(sum(amounts)):,.2f} "
            "in all; these stay unmapped until one rule gives way"
        )
