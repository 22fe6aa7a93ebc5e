"""Which services that are not bought keep back their spend beside those that are, so that a payer's total can stand.

Where a payer, or the payers of one ledger, have one bought service only, everything else they pay for would give its price away:
total less the rest. So one more of their services keeps its amount, and the total stays on the big screen.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations

import pandas as pd

from rcs_core.release import Release

MOST_PAYERS = 16
"""Payers up to which it is looked for whose money a ledger holds: the subsets of more would take too long."""


def beside(release: Release, bought: frozenset[str]) -> frozenset[str]:
    """The services that keep their spend back beside the bought ones; none where the release holds no spend."""
    if "spend" not in release or not bought:
        return frozenset()
    paid = _paid(release)
    found: frozenset[str] = frozenset()
    for group in [*((agency,) for agency in sorted(paid)), *ledgers(release)]:
        own: dict[str, int] = {}
        for agency in group:
            for sid, pence in paid[agency].items():
                own[sid] = own.get(sid, 0) + pence
        found |= _one_more(own, bought, found)
    return found


def _paid(release: Release) -> dict[str, dict[str, int]]:
    """Pence by payer and service."""
    frame, found = release.frame("spend"), dict[str, dict[str, int]]()
    for agency, sid, pounds in zip(frame["agency"], frame["service_id"], frame["amount_gbp"], strict=True):
        own = found.setdefault(str(agency), {})
        own[str(sid)] = own.get(str(sid), 0) + round(float(pounds) * 100)
    return found


def _one_more(own: dict[str, int], bought: frozenset[str], found: frozenset[str]) -> frozenset[str]:
    """One more service of a group that has a single bought one: the least that is no smaller, else the largest."""
    single, free = set(own) & bought, sorted((amount, sid) for sid, amount in own.items() if sid not in bought)
    if len(single) != 1 or set(own) & found or not free:
        return frozenset()
    least = own[next(iter(single))]
    return frozenset({next((sid for amount, sid in free if amount >= least), free[-1][1])})


def ledgers(release: Release) -> list[tuple[str, ...]]:
    """The payers whose money is what a ledger has mapped, to the penny: who reads the accounts can put them together so."""
    sums = {agency: sum(own.values()) for agency, own in _paid(release).items()}
    if "ledger_totals" not in release or len(sums) > MOST_PAYERS:
        return []
    mapped = [round(float(value) * 100) for value in release.frame("ledger_totals")["mapped"] if not pd.isna(value)]
    subsets = dict(_subsets(sums))
    return [subsets[total] for total in mapped if total in subsets]


def _subsets(sums: Mapping[str, int]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Every set of payers with what it comes to, the smaller sets last."""
    for size in range(len(sums), 0, -1):
        for group in combinations(sorted(sums), size):
            yield sum(sums[agency] for agency in group), group
