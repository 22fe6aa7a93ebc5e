"""Whole pence: shared out so that nothing is lost, and by the levels of prevention as the register tags a service."""

from collections.abc import Mapping

from rcs_core.release import Release
from rcs_core.vocab import PreventionLevel
from rcs_core.workshop.spend_map.money import PREVENTATIVE, spend

UNTAGGED = "not_tagged"
"""The level of money whose service has no tags in the release."""
PER_THOUSAND = 100_000
"""Pence in GBP thousand."""

type Tags = Mapping[tuple[str, str], Mapping[str, int]]
"""Pence by level of each service and payer; the payer blank: of all who pay for the service."""


def shared(pence: int, weights: Mapping[str, float]) -> dict[str, int]:
    """Pence shared out by weights; every penny goes somewhere, the last ones to the largest remainders.

    Weights below nothing count as nothing; where all are nothing it goes to none, and the result is empty.
    """
    own = {key: max(0.0, float(w)) for key, w in weights.items()}
    whole = sum(own.values())
    if whole <= 0:
        return {}
    exact = {key: abs(pence) * w / whole for key, w in own.items()}
    found = {key: int(value) for key, value in exact.items()}
    left = abs(pence) - sum(found.values())
    order = sorted(own, key=lambda key: (found[key] - exact[key], key))
    for key in order[:left]:
        found[key] += 1
    return {key: value if pence >= 0 else -value for key, value in found.items()}


def tags(release: Release, year: str = "") -> dict[tuple[str, str], dict[str, int]]:
    """What every service and payer spends at each level (in one year), and every service over all who pay (payer blank)."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    if "spend" not in release:
        return found
    rows = spend(release)
    rows = rows[rows["financial_year"] == year] if year else rows
    for row in rows[["service_id", "agency", "level", "pence"]].itertuples(index=False, name=None):
        service, agency, level, pence = str(row[0]), str(row[1]), str(row[2]), int(row[3])
        for key in ((service, agency), (service, "")):
            own = found.setdefault(key, {})
            own[level] = own.get(level, 0) + pence
    return found


def by_level(pence: int, service: str, agency: str, known: Tags) -> dict[str, int]:
    """Pence of a service and payer by level: as that payer's money is tagged, else as the service's is, else not tagged."""
    for key in ((service, agency), (service, "")):
        if found := shared(pence, known.get(key, {})):
            return found
    return {UNTAGGED: pence} if pence else {}


def level_label(code: str) -> str:
    """A level without its explanation."""
    return "Not tagged" if code == UNTAGGED else PreventionLevel(code).label.split(" (")[0]


def prevents(levels: Mapping[str, int]) -> int:
    """The pence of the levels that prevent."""
    return sum(pence for level, pence in levels.items() if level in PREVENTATIVE)


def pounds_and_pence(pence: int) -> str:
    """A change said exactly, with its sign in words left to the sentence: £1,234.56."""
    return f"£{abs(pence) / 100:,.2f}"


def said(pence: int) -> str:
    """An amount in whole pounds, without its sign."""
    return f"£{(abs(pence) + 50) // 100:,}"
