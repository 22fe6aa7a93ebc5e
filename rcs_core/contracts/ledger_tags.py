"""Checks the rules that tag ledger lines as one table, and says which lines of a ledger accepted rules have.

In: the mended table `ledger_rules`. Out: breaches, and a mark for each line of a ledger. A rule that contradicts itself stops a
build; one that nobody accepted is a remark, and takes nothing.
"""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from rcs_core.contracts.clean import Mended
from rcs_core.contracts.files import error, note
from rcs_core.contracts.findings import Breaches
from rcs_core.contracts.ledger_rules import LOOKS, OUTCOME, TagRule, accepted, match, read_rules
from rcs_core.errors import ContractError


def check_rules(table: Mended | None, layout: Mapping[str, Any]) -> list[Breaches]:
    """Rules that contradict themselves, look for nothing, name no ledger of the folder, or are not accepted yet."""
    if table is None or not _whole(table):
        return []
    found: list[Breaches] = []
    for rule, rows in table.frame.groupby("rule_id", sort=True):
        try:
            (one,) = read_rules(rows)
        except ContractError as problem:
            found.append(error(table.file, "rule", problem.expected or problem.what, problem.remedy, problem.what, "rule_id"))
            continue
        if one.ledger and one.ledger not in layout:
            text = "a ledger of ledger_columns.yaml, or a blank for every ledger"
            found.append(error(table.file, "rule_ledger", text, "correct the name", one.ledger, "ledger"))
        if not one.accepted:
            text = "a rule that somebody accepted; this one takes nothing until then"
            found.append(
                note(table.file, "rule_waits", text, "look at what it would take, in *Ledgers*", str(rule), "accepted_by")
            )
    return found


def _whole(table: Mended) -> bool:
    return {"rule_id", *LOOKS, *OUTCOME[:4]} <= set(table.frame.columns)


def sound_rules(table: Mended | None) -> tuple[TagRule, ...]:
    """The rules of a table; none where one contradicts itself, since the check says so."""
    if table is None or not _whole(table):
        return ()
    try:
        return read_rules(table.frame)
    except ContractError:
        return ()


def taken(frame: pd.DataFrame, stem: str, table: Mended | None, by_hand: Collection[str]) -> npt.NDArray[np.bool_]:
    """For each line of a ledger whether an accepted rule has it."""
    rules = sound_rules(table)
    if not rules:
        return np.zeros(len(frame), dtype=bool)
    return match(frame, stem, rules, by_hand).winners(rules, accepted(rules)) >= 0
