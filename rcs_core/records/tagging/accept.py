"""Writes what a person accepted: rules of their own, rules that waited, suggestions. Each with who, when and why.

In: the folder's rules and a decision. Out: `ledger_rules.csv`, written in one step. The map that people make by hand
(`ledger_map`) is never written.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from rcs_core.contracts.files import listing
from rcs_core.contracts.ledger_rules import COLUMNS, FILE, STEM, TagRule, read_rules, rows_of
from rcs_core.controller.sheet import write_whole
from rcs_core.errors import ContractError
from rcs_core.records.tagging.suggest import Suggestion

OPTIONAL = ("key_id", "fund")


def add_rule(rules: Sequence[TagRule], told: Sequence[Mapping[str, Any]]) -> tuple[TagRule, ...]:
    """The rules with one more that waits; told: its rows, one a service. Raises ContractError when it is no rule."""
    number = _next(rules)
    rows = [{**dict.fromkeys(COLUMNS, ""), **row, "rule_id": number, "accepted_by": "", "accepted_on": ""} for row in told]
    (rule,) = read_rules(pd.DataFrame(rows))
    _check(rule)
    return (*rules, rule)


def _check(rule: TagRule) -> None:
    whole = sum(float(part[2] or 0) for part in rule.parts)
    if abs(whole - 100) > 1e-6:
        raise ContractError("the shares of a rule are not the whole of a line", rule.said(), f"{whole:g}%", "100%")
    if any(bool(part[0]) == bool(part[3]) for part in rule.parts):
        raise ContractError("a rule needs a service or a reason to leave out", rule.said(), expected="one of the two in each row")
    if any(part[0] and not part[1] for part in rule.parts):
        raise ContractError("a rule names no payer", rule.said(), expected="the agency that pays", remedy="choose the agency")


def accept_rules(rules: Sequence[TagRule], chosen: Collection[str], who: str, reason: str) -> tuple[TagRule, ...]:
    """The rules with those chosen accepted today; raises ContractError without who and why, or where there is no such rule."""
    _need(who, reason)
    if lost := sorted(set(chosen) - {r.id for r in rules}):
        raise ContractError("there is no such rule", FILE, ", ".join(lost), ", ".join(r.id for r in rules) or "none")
    day = dt.date.today().isoformat()
    return tuple(
        replace(r, accepted=True, accepted_by=who.strip(), accepted_on=day, reason=reason.strip())
        if r.id in chosen and not r.accepted
        else r
        for r in rules
    )


def remove_rules(rules: Sequence[TagRule], chosen: Collection[str]) -> tuple[TagRule, ...]:
    """The rules without those chosen."""
    return tuple(r for r in rules if r.id not in chosen)


def accept_suggestions(
    rules: Sequence[TagRule], ledger: str, offered: Sequence[Suggestion], chosen: Collection[str], who: str, reason: str
) -> tuple[TagRule, ...]:
    """A rule for each suggested cost centre that was chosen: its code, word for word, goes where the suggestion says."""
    _need(who, reason)
    found = {s.cost_centre: s for s in offered if s.cost_centre in chosen}
    if lost := sorted(set(chosen) - set(found)):
        raise ContractError("nothing is suggested for these cost centres any more", ledger, ", ".join(lost), remedy="look again")
    day, made = dt.date.today().isoformat(), list(rules)
    for centre, one in sorted(found.items()):
        why = f"{reason.strip()} (suggested: {one.reason})"
        look = (ledger, "cost_centre", "is", centre)
        made.append(TagRule(_next(made), *look, one.parts, True, who.strip(), day, why))
    return tuple(made)


def write_rules(folder: Path, rules: Sequence[TagRule]) -> Path:
    """Write every rule into `ledger_rules.csv` of the folder in one step; a workbook of rules is left to people."""
    book = next((p for p in listing(folder) if p.stem.casefold() == STEM and p.suffix.casefold() == ".xlsx"), None)
    if book is not None:
        raise ContractError("rules in a workbook are not written by the desk", book.name, remedy=f"save it as {FILE}")
    there = next((p for p in listing(folder) if p.name.casefold() == FILE), folder / FILE)
    rows = [{k: _harmless(v) for k, v in row.items()} for row in rows_of(rules)]
    idle = {name for name in OPTIONAL if not any(row[name] for row in rows)}
    text = io.StringIO()
    writer = csv.DictWriter(text, [c for c in COLUMNS if c not in idle], extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_whole(there, text.getvalue())
    return there


def _harmless(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula, behind the apostrophe that the check takes off again."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value


def _next(rules: Sequence[TagRule]) -> str:
    """The next number: R001, R002."""
    taken = [int(m[1]) for r in rules if (m := re.fullmatch(r"R(\d{1,6})", r.id))]
    return f"R{max(taken, default=0) + 1:03d}"


def _need(who: str, reason: str) -> None:
    for what, value in (("who accepts it", who), ("a reason", reason)):
        if not value.strip():
            raise ContractError(f"nothing is accepted without {what}", FILE, "a blank", what)
