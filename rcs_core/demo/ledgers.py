"""Four ledgers as four finance teams would send them, the map that says which service each line pays for, and their totals.

Amounts are whole pence throughout (whole pounds in the NHS ledger, which is in thousands); every service's money is
laid out over cost centres and subjective headings, some money has no service, some is left out with a reason.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
NOT_RECURRING = {"S045", "S054", "S062"}
BY_PLACEMENT = {"S041"}
SHARED = (("S015", "S017"), ("S056", "S057"))
REASONS = {
    "council": [
        "Not for children: adult services",
        "Recharge counted where the service is provided",
        "Debt charges on buildings",
    ],
    "nhs": ["Not for children: adult patients", "Capital charges"],
    "police": ["Not for children: adult custody"],
    "third_sector": ["Paid for by a council grant that the council ledger already holds"],
}
MAP_COLUMNS = [
    "ledger", "cost_centre", "service_id", "agency", "pct", "excluded_because", "money_kind", "recurring", "revenue_or_capital",
]  # fmt: skip
UNPLACED = ("Programme board contingency", "Locality fund", "Transformation projects", "Suspense", "Joint training")


@dataclass(frozen=True, slots=True)
class Line:
    """One ledger line: cost centre, narrative, heading, pence; its agency and what becomes of it."""

    cost_centre: str
    text: str
    heading: str
    pence: int
    agency: str
    fate: str


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
    book = numbers["ledgers"]
    lines: dict[str, list[Line]] = {name: [] for name in LEDGERS}
    claims: list[tuple[object, ...]] = []
    codes = _codes()
    partner = dict(SHARED)
    money = {row["id"]: spend_pence(numbers, row, pupils) for row in numbers["services"].rows}
    seconds = set(partner.values())
    for row in numbers["services"].rows:
        if row["id"] in seconds:
            continue
        for ledger, agency, share in payers(row):
            ids = [row["id"], partner[row["id"]]] if row["id"] in partner else [row["id"]]
            each = [_whole(ledger, money[i] * share / 100) for i in ids]
            for centre, pence in _centres(row, ledger, agency, sum(each), schools, codes):
                lines[ledger] += _spread(book, numbers, row, ledger, agency, centre, pence, pupils, rng)
                claims += _claims(ledger, centre, agency, ids, each)
    for service, rate in book["capital"].items():
        centre = codes["council_education"].__next__()
        lines["council"].append(
            Line(centre, "Capital works", "capital", round(rate * pupils * 100), "council_education", "mapped")
        )
        claims.append(("ledger_council", centre, service, "council_education", 100, "", "new", "no", "capital"))
    for ledger in LEDGERS:
        _add_rest(book, ledger, lines[ledger], claims, codes, rng)
    return Ledgers({name: tuple(found) for name, found in lines.items()}, pd.DataFrame(claims, columns=MAP_COLUMNS))


def _codes() -> dict[str, Iterator[str]]:
    """For each agency, its own run of cost-centre codes."""

    def run(prefix: str) -> Iterator[str]:
        number = 1000
        while True:
            number += 7
            yield f"{prefix}{number}"

    return {agency: run(prefix) for agency, prefix in PREFIX.items()}


def _whole(ledger: str, pence: float) -> int:
    """Pence, or whole pounds where the ledger is in thousands of pounds with three decimals."""
    return round(pence / 100) * 100 if ledger == "nhs" else round(pence)


def _centres(
    row: Mapping[str, Any], ledger: str, agency: str, pence: int, schools: pd.DataFrame, codes: Mapping[str, Iterator[str]]
) -> list[tuple[str, int]]:
    """The cost centres of a service: one a school for schooling, else one."""
    if row["id"] != "S001":
        return [(next(codes[agency]), pence)]
    return [(next(codes[agency]), part) for part in split_pence(pence, schools["roll"].to_numpy(dtype=float), ledger)]


def split_pence(pence: int, weights: np.ndarray, ledger: str = "council") -> list[int]:
    """Divide a whole amount in proportion, to the penny (pound in the NHS ledger): the parts add up to it."""
    unit = 100 if ledger == "nhs" else 1
    edges = np.round(np.cumsum(weights) / weights.sum() * (pence // unit)).astype(np.int64)
    edges[-1] = pence // unit
    parts = np.diff(edges, prepend=0) * unit
    return [int(part) for part in parts]


def _spread(
    book: Book, numbers: Parameters, row: Mapping[str, Any], ledger: str, agency: str, centre: str, pence: int, pupils: int,
    rng: np.random.Generator,
) -> list[Line]:  # fmt: skip
    """The lines of one cost centre: subjective headings, or one line a placement where an agency books them so."""
    if row["id"] == "S001":
        return [Line(centre, "Devolved school budget", "school", pence, agency, "mapped")]
    if row["id"] in BY_PLACEMENT:
        places = next(latest_demand(d, pupils) for d in numbers["demand"].rows if d["service"] == row["id"])
        parts = split_pence(pence, rng.uniform(0.5, 1.5, places), ledger)
        return [Line(centre, f"Placement {k:03d}", "placement", part, agency, "mapped") for k, part in enumerate(parts, start=1)]
    shares = _shares(book, row, ledger)
    jitter = 1 + rng.uniform(-1, 1, len(shares)) * book.share("line_jitter")
    parts = split_pence(pence, np.array(list(shares.values())) * jitter, ledger)
    named = zip(shares, parts, strict=True)
    return [
        Line(centre, f"{row['name']}: {HEADINGS[heading]}", heading, part, agency, "mapped") for heading, part in named if part
    ]


def _shares(book: Book, row: Mapping[str, Any], ledger: str) -> dict[str, float]:
    """Each heading's share of a cost centre, the staff share being the register's."""
    shares = {heading: float(share) for heading, share in book["line_shares"].items() if heading in SHORT.get(ledger, HEADINGS)}
    rest = sum(share for heading, share in shares.items() if heading not in ("staff", "income"))
    left = 100 - row["staff"] - shares.get("income", 0)
    scaled = {h: s if h == "income" else row["staff"] if h == "staff" else s / rest * left for h, s in shares.items()}
    return {heading: share for heading, share in scaled.items() if share}


def _claims(ledger: str, centre: str, agency: str, ids: list[str], each: list[int]) -> list[tuple[object, ...]]:
    """Map rows of one cost centre; two services that share it split it in whole per cent."""
    first = 100 if len(ids) == 1 else round(100 * each[0] / sum(each))
    kind = "match" if agency == "third_sector" else "new" if ids[0] in NEW_MONEY else "existing"
    recurring = "no" if ids[0] in NOT_RECURRING else "yes"
    shares = [first, 100 - first][: len(ids)]
    rows = zip(ids, shares, strict=True)
    return [(f"ledger_{ledger}", centre, service, agency, pct, "", kind, recurring, "revenue") for service, pct in rows]


def _add_rest(
    book: Book, ledger: str, lines: list[Line], claims: list[tuple[object, ...]], codes: Mapping[str, Iterator[str]],
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """Add the money that is in no service: left out with a reason, or in nobody's map at all."""
    mapped = sum(line.pence for line in lines)
    out, lost = (float(book[name][ledger]) / 100 for name in ("excluded_share", "unmapped_share"))
    whole = mapped / (1 - out - lost)
    agency = {"council": "council_other", "nhs": "nhs_board", "police": "police_scotland", "third_sector": "third_sector"}[ledger]
    reasons = REASONS[ledger]
    for reason, pence in zip(
        reasons, split_pence(_whole(ledger, whole * out), np.arange(3.0, 3 + len(reasons)), ledger), strict=True
    ):
        centre = next(codes[agency])
        lines.append(Line(centre, reason.split(":")[-1].strip().capitalize(), "other", pence, agency, "excluded"))
        claims.append((f"ledger_{ledger}", centre, "", "", 100, reason, "", "", ""))
    count = int(book["unmapped_lines"][ledger])
    for k, pence in enumerate(split_pence(_whole(ledger, whole * lost), rng.uniform(0.4, 1.6, count), ledger)):
        lines.append(Line(next(codes[agency]), UNPLACED[k % len(UNPLACED)], "other", pence, agency, "unmapped"))
