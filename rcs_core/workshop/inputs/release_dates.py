"""When a service's money is free at the earliest: after its contract and notice, staff later, and never where there is a duty.

Only whole years of the plan count: money that is free in October is free in the plan from the next April. What the
register does not say is assumed, and said to be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from rcs_core.workshop.big_screen import ContractType
from rcs_core.workshop.contracting import earlier
from rcs_core.workshop.evidence import number, text
from rcs_core.workshop.inputs.assumed import missing

DISCRETIONARY = "discretionary"
_DUTIES = {
    "demand_led": "A duty to whoever needs it: its cost falls only as need falls",
    "level_discretionary": "A duty whose level is open: held at what is spent today",
    "": "The register does not say whether there is a duty: taken that there is",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What binds the money of one service, as the register has it; None where it does not say."""

    basis: str
    contract_type: str = ""
    contract_end: str = ""
    notice_months: float | None = None
    staff_pct: float | None = None

    @classmethod
    def of(cls, row: Mapping[str, object]) -> "Terms":
        """The terms of a row of the register."""
        return cls(
            text(row.get("statutory_basis")), text(row.get("contract_type")), text(row.get("contract_end"))[:10],
            number(row.get("notice_months")), number(row.get("staff_share_pct")),
        )  # fmt: skip

    @property
    def own_staff(self) -> float:
        """The share of spend on staff of the funder itself, which is free later; none where a provider runs it."""
        if self.contract_type != ContractType.IN_HOUSE.value:
            return 0.0
        return float(missing()["staff_share"].value) if self.staff_pct is None else self.staff_pct / 100


@dataclass(frozen=True, slots=True)
class Freed:
    """From when money is free: `first` for what is not own staff, `last` for all of it (None: not before need falls).

    staff: the share of spend on own staff. reasons: why not sooner. assumed: which of the reasons are this tool's own.
    """

    first: date | None
    last: date | None
    staff: float
    reasons: tuple[str, ...]
    assumed: tuple[str, ...] = ()

    def kept(self, year_starts: date) -> float:
        """The share of today's spend that must still be spent in a year that starts on a day."""
        if self.first is None or self.last is None or year_starts < self.first:
            return 1.0
        return self.staff if year_starts < self.last else 0.0


def opens(base_year: str, year: int = 1) -> date | None:
    """The first day of a year of the plan, whose first year follows the ledgers' (2025-26); None for no financial year."""
    start = base_year[:4]
    return date(int(start) + year, 4, 1) if start.isdecimal() else None


def freed(terms: Terms, start: date) -> Freed:
    """From when the money of a service is free, for a plan that starts on a day; notice runs from the contract's end."""
    if terms.basis != DISCRETIONARY:
        return Freed(None, None, terms.own_staff, (_DUTIES.get(terms.basis, _DUTIES[""]),))
    reasons, assumed = [], []
    end = date.fromisoformat(terms.contract_end) + timedelta(days=1) if terms.contract_end else start
    if end > start:
        reasons.append(f"Its contract ends on {said(end - timedelta(days=1))}")
    months = terms.notice_months
    if months is None:
        months = float(missing()["notice_months"].value)
        assumed.append(f"notice of {months:g} months, as the register gives none")
    elif months:
        reasons.append(f"{months:g} months' notice")
    first = earlier(max(end, start), -int(-(-months // 1)))
    if not terms.own_staff:
        return Freed(first, first, 0.0, tuple(reasons), tuple(assumed))
    wait = int(missing()["redeployment_months"].value)
    assumed.append(f"{wait} months more for own staff ({terms.own_staff:.0%} of spend), who are redeployed")
    return Freed(first, earlier(first, -wait), terms.own_staff, tuple(reasons), tuple(assumed))


def kept(terms: Terms, base_year: str, years: int) -> list[float]:
    """The share of today's spend that must still be spent in each year of a plan; all of it where no date can be worked out."""
    starts = [opens(base_year, t) for t in range(1, years + 1)]
    first = starts[0]
    found = freed(terms, first) if first else None
    return [found.kept(day) if found and day else 1.0 for day in starts]


def dates_table(register: Sequence[Mapping[str, object]], base_year: str) -> pd.DataFrame:
    """One row for each service whose money can be free, the earliest first: from when, for how much of it, and why."""
    start = opens(base_year)
    rows = []
    for about in register if start else ():
        found = freed(Terms.of(about), start or date.max)
        if found.first and found.last:
            part = "" if found.first == found.last else f"{1 - found.staff:.0%}"
            why, guess = "; ".join(found.reasons) or "Nothing in the register binds it", "; ".join(found.assumed)
            rows.append((text(about.get("service_name")), found.first, part or "All", found.last, why, guess))
    rows.sort(key=lambda row: (row[1], row[3], row[0]))
    columns = ["Service", "Earliest release", "Of its spend", "All of it from", "Why not sooner", "Assumed by this tool"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(**{c: frame[c].map(lambda d: d.isoformat()) for c in ("Earliest release", "All of it from")})


def duties(register: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """How many services are never free by themselves, by reason."""
    bound = [_DUTIES.get(t.basis, _DUTIES[""]) for t in map(Terms.of, register) if t.basis != DISCRETIONARY]
    counts = pd.Series(bound, dtype=str).value_counts()
    return pd.DataFrame({"Why its money is not free": counts.index, "Services": counts.to_numpy()})


def said(day: date) -> str:
    """A day as people say it."""
    return f"{day.day} {day:%B %Y}"
