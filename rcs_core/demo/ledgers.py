"""Four ledgers as four finance teams would send them, the map that says which service each line pays for, and their totals.

Amounts are whole pence throughout (whole pounds in the NHS ledger, which is in thousands); every service's money is
laid out over cost centres and subjective headings, some money has no service, some is left out with a reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
import pandas as pd

from rcs_core.demo.parameters import Book, Parameters
from rcs_core.demo.register import latest_demand, payers, spend_pence

LEDGERS = ("council", "nhs", "police", "third_sector")
HEADINGS = {
    "staff": "employee costs", "premises": "premises", "supplies": "supplies and services",
    "third_parties": "payments to third parties", "income": "income",
}  # fmt: skip
SHORT = {"police": ("staff", "supplies", "third_parties"), "third_sector": ("staff", "premises", "supplies", "third_parties")}
PREFIX = {
    "council_education": "E", "council_cld_youth": "Y", "council_social_work": "W", "council_housing": "H",
    "council_other": "R", "sg_ring_fenced": "G", "nhs_board": "N", "hscp": "K", "police_scotland": "TD-", "fire": "FR-",
    "scra_chs": "CR-", "third_sector": "TS-",
}  # fmt: skip
NEW_MONEY = {"S029"}
NOT_RECURRING = {"S045", "S054", "S062", "S071"}
BY_PLACEMENT = {"S041"}
SCHOOLING = "S001"
SHARED = (("S015", "S017"), ("S056", "S057"))
REASONS = {
    "council": {
        "Adult placements block": "Not for children: adult social care",
        "Central support 40%": "Recharge counted where the service is provided",
        "Loans fund": "Debt charges on buildings",
    },
    "nhs": {"Ward share A3": "Not for children: adult patients", "Depreciation": "Capital charges"},
    "police": {"Custody suite Tarve": "Not for children: adult custody"},
    "third_sector": {"Core grant projects": "Paid for by a council grant that the council ledger already holds"},
}
"""Why money is left out, by the narrative of its line (which is never published)."""
REST_AGENCY = {"council": "council_other", "nhs": "nhs_board", "police": "police_scotland", "third_sector": "third_sector"}
MAP_COLUMNS = [
    "ledger", "cost_centre", "service_id", "agency", "pct", "excluded_because", "money_kind", "recurring", "revenue_or_capital",
]  # fmt: skip
UNPLACED = ("Programme board contingency", "Locality fund", "Transformation projects", "Suspense", "Joint training")


type Claim = tuple[object, ...]
"""One row of the ledger map, in the order of `MAP_COLUMNS`."""
type Posted = tuple[list["Line"], list[Claim]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a ledger: cost centre, narrative, heading, pence; its agency and what becomes of it."""

    ledger: str
    cost_centre: str
    text: str
    heading: str
    pence: int
    agency: str
    fate: str = "mapped"


@dataclass(frozen=True, slots=True)
class Ledgers:
    """The lines of each ledger, and the ledger map."""

    lines: Mapping[str, tuple[Line, ...]]
    ledger_map: pd.DataFrame

    def total(self, ledger: str, fate: str | None = None) -> int:
        """Pence of a ledger, or of those lines of it that are mapped, excluded or unmapped."""
        return sum(line.pence for line in self.lines[ledger] if fate in (None, line.fate))


def make_ledgers(numbers: Parameters, schools: pd.DataFrame, pupils: int, rng: np.random.Generator) -> Ledgers:
    """Lay all money of the register out over ledger lines and map them."""
    office = _Office(numbers, schools["roll"].to_numpy(dtype=float), pupils, rng, _codes())
    partner = dict(SHARED)
    rows = {row["id"]: row for row in numbers["services"].rows}
    leads = [service for service in rows if service not in partner.values()]
    posted = [office.service([rows[i] for i in (lead, partner.get(lead)) if i]) for lead in leads]
    posted.append(office.capital())
    mapped = [line for lines, _ in posted for line in lines]
    posted += [office.rest(name, sum(line.pence for line in mapped if line.ledger == name)) for name in LEDGERS]
    every = [line for lines, _ in posted for line in lines]
    claims = [claim for _, found in posted for claim in found]
    by_ledger = {name: tuple(line for line in every if line.ledger == name) for name in LEDGERS}
    return Ledgers(by_ledger, pd.DataFrame(claims, columns=MAP_COLUMNS))


def split_pence(pence: int, weights: Sequence[float] | np.ndarray, ledger: str = "council") -> list[int]:
    """Divide a whole amount in proportion, to the penny (pound in the NHS ledger): the parts add up to it."""
    unit = 100 if ledger == "nhs" else 1
    shares = np.cumsum(weights) / np.sum(weights)
    edges = np.round(shares * (pence // unit)).astype(np.int64)
    edges[-1] = pence // unit
    return [int(part) for part in np.diff(edges, prepend=0) * unit]


def _whole(ledger: str, pence: float) -> int:
    """Pence, or whole pounds where the ledger is in thousands of pounds with three decimals."""
    return round(pence / 100) * 100 if ledger == "nhs" else round(pence)


def _codes() -> dict[str, Iterator[str]]:
    """For each agency, its own run of cost-centre codes."""

    def run(prefix: str) -> Iterator[str]:
        return (f"{prefix}{number}" for number in count(1007, 7))

    return {agency: run(prefix) for agency, prefix in PREFIX.items()}


@dataclass(frozen=True, slots=True)
class _Office:
    """What every posting needs: the numbers, the schools' rolls, the size, chance, and the next free codes."""

    numbers: Parameters
    rolls: np.ndarray
    pupils: int
    rng: np.random.Generator
    codes: Mapping[str, Iterator[str]]

    @property
    def book(self) -> Book:
        return self.numbers["ledgers"]

    def service(self, rows: Sequence[Mapping[str, Any]]) -> Posted:
        """All lines and map rows of a service, or of two that share their cost centre."""
        lines: list[Line] = []
        claims: list[Claim] = []
        for ledger, agency, share in payers(rows[0]):
            each = [_whole(ledger, spend_pence(self.numbers, row, self.pupils) * share / 100) for row in rows]
            schools = rows[0]["id"] == SCHOOLING
            for part in split_pence(sum(each), self.rolls) if schools else [sum(each)]:
                centre = next(self.codes[agency])
                lines += [
                    Line(ledger, centre, text, heading, pence, agency)
                    for text, heading, pence in self.lay_out(rows[0], ledger, part)
                    if pence
                ]
                claims += _claims(ledger, centre, agency, [row["id"] for row in rows], each)
        return lines, claims

    def lay_out(self, row: Mapping[str, Any], ledger: str, pence: int) -> list[tuple[str, str, int]]:
        """Narrative, heading and pence of the lines of one cost centre; placements are booked one by one."""
        if row["id"] == SCHOOLING:
            return [("Devolved school budget", "school", pence)]
        if row["id"] in BY_PLACEMENT:
            places = next(latest_demand(d, self.pupils) for d in self.numbers["demand"].rows if d["service"] == row["id"])
            parts = split_pence(pence, self.rng.uniform(0.5, 1.5, places), ledger)
            return [(f"Placement {k:03d}", "placement", part) for k, part in enumerate(parts, start=1)]
        shares = self.shares(row, ledger)
        jitter = 1 + self.rng.uniform(-1, 1, len(shares)) * self.book.share("line_jitter")
        parts = split_pence(pence, np.array(list(shares.values())) * jitter, ledger)
        return [(f"{row['name']}: {HEADINGS[h]}", h, part) for h, part in zip(shares, parts, strict=True)]

    def shares(self, row: Mapping[str, Any], ledger: str) -> dict[str, float]:
        """Each heading's share of a cost centre, the staff share being the register's."""
        used = SHORT.get(ledger, HEADINGS)
        shares = {heading: float(share) for heading, share in self.book["line_shares"].items() if heading in used}
        rest = sum(share for heading, share in shares.items() if heading not in ("staff", "income"))
        left = 100 - row["staff"] - shares.get("income", 0)
        scaled = {h: s if h == "income" else row["staff"] if h == "staff" else s / rest * left for h, s in shares.items()}
        return {heading: share for heading, share in scaled.items() if share}

    def capital(self) -> Posted:
        """Capital works of some services, new and not recurring."""
        lines: list[Line] = []
        claims: list[Claim] = []
        for service, rate in self.book["capital"].items():
            agency = next(row["funder"] for row in self.numbers["services"].rows if row["id"] == service)
            centre = next(self.codes[agency])
            lines.append(Line("council", centre, "Building works", "capital", round(rate * self.pupils * 100), agency))
            claims.append(("ledger_council", centre, service, agency, 100, "", "new", "no", "capital"))
        return lines, claims

    def rest(self, ledger: str, mapped: int) -> Posted:
        """Money that is in no service: left out with a reason, or in nobody's map at all."""
        out, lost = (float(self.book[name][ledger]) / 100 for name in ("excluded_share", "unmapped_share"))
        whole, agency = mapped / (1 - out - lost), REST_AGENCY[ledger]
        lines: list[Line] = []
        claims: list[Claim] = []
        reasons = REASONS[ledger]
        parts = split_pence(_whole(ledger, whole * out), range(len(reasons) + 2, 2, -1), ledger)
        for (text, reason), pence in zip(reasons.items(), parts, strict=True):
            centre = next(self.codes[agency])
            lines.append(Line(ledger, centre, text, "other", pence, agency, "excluded"))
            claims.append((f"ledger_{ledger}", centre, "", "", 100, reason, "", "", ""))
        weights = self.rng.uniform(0.4, 1.6, int(self.book["unmapped_lines"][ledger]))
        for k, pence in enumerate(split_pence(_whole(ledger, whole * lost), weights, ledger)):
            text = UNPLACED[k % len(UNPLACED)]
            lines.append(Line(ledger, next(self.codes[agency]), text, "other", pence, agency, "unmapped"))
        return lines, claims


def _claims(ledger: str, centre: str, agency: str, ids: list[str], each: list[int]) -> list[Claim]:
    """Map rows of one cost centre; two services that share it split it in whole per cent."""
    first = 100 if len(ids) == 1 else round(100 * each[0] / sum(each))
    kind = "match" if agency == "third_sector" else "new" if ids[0] in NEW_MONEY else "existing"
    recurring = "no" if ids[0] in NOT_RECURRING else "yes"
    rows = zip(ids, [first, 100 - first][: len(ids)], strict=True)
    return [(f"ledger_{ledger}", centre, service, agency, pct, "", kind, recurring, "revenue") for service, pct in rows]
