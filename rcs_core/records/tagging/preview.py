"""What each rule would take of a ledger, in lines and pounds; what rules clash over; and the ledger against its control total.

In: a folder's money and one ledger's lines. Out: plain values for the desk. No description is among them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from rcs_core.contracts.ledger_rules import BY_HAND, OUTCOME, Matches, TagRule, accepted, hand_made, match, read_rules
from rcs_core.records.ingest import Records
from rcs_core.records.ledgers.allocate import LedgerTotal, allocate
from rcs_core.records.tagging.apply import tagged


@dataclass(frozen=True, slots=True)
class Take:
    """One rule over one ledger: the lines and pence that it has or would have, and those it cannot have, and why."""

    rule: str
    said: str
    goes_to: str
    accepted: bool
    accepted_by: str
    accepted_on: str
    reason: str
    lines: int
    pence: int
    by_hand_lines: int
    by_hand_pence: int
    clash_lines: int
    clash_pence: int


@dataclass(frozen=True, slots=True)
class Clash:
    """Lines that rules would send to different places: which rules, how many lines, what money, the first rows."""

    rules: tuple[str, ...]
    lines: int
    pence: int
    rows: tuple[int, ...]
    accepted: bool


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A ledger's control total and what became of it, in pence; rules_pence: of the lines that rules have."""

    control: int
    mapped: int
    other_areas: int
    excluded: int
    unmapped: int
    rules_pence: int
    difference: int
    reasons: tuple[tuple[str, int], ...]
    services: tuple[tuple[str, int], ...]
    unmapped_centres: tuple[tuple[str, int, int], ...]

    def to_dict(self) -> dict[str, Any]:
        """As `rcs ledgers --json` prints it."""
        return asdict(self)


def goes_to(rule: TagRule) -> str:
    """Where a rule sends its lines, in words: *S001 60%, S002 40%*."""
    place = {name: k for k, name in enumerate(OUTCOME)}
    said = []
    for part in rule.parts:
        reason = part[place["excluded_because"]]
        where = part[place["service_id"]] or (f"left out: {reason}" if reason else "unmapped")
        key = f" by key {part[place['key_id']]}" if part[place["key_id"]] else ""
        said.append(where + key + ("" if float(part[place["pct"]]) == 100 else f" {float(part[place['pct']]):g}%"))
    return ", ".join(said)


def take(records: Records, ledger: str) -> tuple[list[Take], list[Clash]]:
    """What every rule, accepted or not, would take of a ledger, and where rules clash."""
    rules, lines = read_rules(records.ledger_rules), records.ledgers[ledger]
    found = match(lines, ledger, rules, hand_made(records.ledger_map, ledger))
    pence = lines["amount_pence"].to_numpy(dtype=np.int64)
    ready = accepted(rules)
    # A rule that waits is shown as if it were the next to be accepted.
    takes = [
        _take(place, rule, found, found.winners(rules, ready | {place}), pence)
        for place, rule in enumerate(rules)
        if rule.ledger in ("", ledger)
    ]
    return takes, _clashes(rules, found, lines)


def _take(place: int, rule: TagRule, found: Matches, won: np.ndarray, pence: np.ndarray) -> Take:
    mine = np.array([place in places for places in found.found], dtype=bool)
    hand, has = mine & (won == BY_HAND), mine & (won >= 0)
    clash = mine & ~hand & ~has
    counts = [value for part in (has, hand, clash) for value in (int(part.sum()), int(pence[part].sum()))]
    told = (rule.id, rule.said(), goes_to(rule), rule.accepted, rule.accepted_by, rule.accepted_on, rule.reason)
    return Take(*told, *counts)


def _clashes(rules: Sequence[TagRule], found: Matches, lines: pd.DataFrame) -> list[Clash]:
    groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for place, places in enumerate(found.found):
        if not found.by_hand[place] and len({rules[p].outcome for p in places}) > 1:
            groups[places].append(place)
    pence, rows = lines["amount_pence"].tolist(), lines["_row"].tolist()
    ready = accepted(rules)
    return [
        Clash(
            tuple(rules[p].id for p in places),
            len(mine),
            sum(int(pence[k]) for k in mine),
            tuple(int(rows[k]) for k in mine[:5]),
            len({rules[p].outcome for p in places if p in ready}) > 1,
        )
        for places, mine in sorted(groups.items())
    ]


def reconcile(records: Records, ledger: str) -> Reconciled:
    """A ledger mapped as a build would map it; raises ContractError where it does not add up or the map contradicts itself."""
    done = tagged(records).records
    allocation = allocate(done)
    (total,) = allocation.totals
    lines = allocation.lines
    by_reason = lines[lines["fate"] == "excluded"].groupby("reason")["pence"].sum()
    by_service = lines[lines["fate"] == "mapped"].groupby("service_id")["pence"].sum().sort_values(ascending=False)
    return Reconciled(
        *_sides(total),
        rules_pence=_by_rules(records, done, ledger),
        difference=total.difference,
        reasons=tuple((str(k), int(v)) for k, v in by_reason.items()),
        services=tuple((str(k), int(v)) for k, v in by_service.items()),
        unmapped_centres=_unmapped(done, ledger),
    )


def _sides(total: LedgerTotal) -> tuple[int, int, int, int, int]:
    return total.control, total.mapped, total.other_areas, total.excluded, total.unmapped


def _by_rules(before: Records, done: Records, ledger: str) -> int:
    moved = (before.ledgers[ledger]["cost_centre"].astype(str) != done.ledgers[ledger]["cost_centre"].astype(str)).to_numpy()
    return int(before.ledgers[ledger]["amount_pence"].to_numpy()[moved].sum())


def _unmapped(done: Records, ledger: str) -> tuple[tuple[str, int, int], ...]:
    """Cost centres that nothing maps, with their lines and pence, the largest first."""
    lines = done.ledgers[ledger]
    lost = lines[~lines["cost_centre"].isin(list(hand_made(done.ledger_map, ledger)))]
    groups = [(str(c), len(g), int(g["amount_pence"].sum())) for c, g in lost.groupby("cost_centre")]
    return tuple(sorted(groups, key=lambda one: (-abs(one[2]), one[0])))
