"""Releases whose money is drawn or changed, for claims about sums: nothing but the tables of money is looked at."""

from dataclasses import replace
from types import MappingProxyType

import pandas as pd
from hypothesis import strategies as st

from rcs_core.release import Release, Table
from tests.tiny_money import SERVICES

AGENCIES = ("council_education", "council_social_work", "nhs_board", "sg_ring_fenced", "third_sector")
LEVELS = ("primary", "secondary", "tertiary", "responsive", "other")
FUNDS = ("", "PEF", "WFWF")
YEARS = ("2026-27", "2027-28")


def changed(release: Release, **frames: pd.DataFrame) -> Release:
    """The release with some tables changed, or added."""
    tables = {name: replace(release.tables[name], frame=frame) for name, frame in frames.items() if name in release.tables}
    new = {name: Table(name, name, frame) for name, frame in frames.items() if name not in release.tables}
    return replace(release, tables=MappingProxyType({**release.tables, **tables, **new}))


def spend_of(rows: list[tuple[int, str, str, str, int]]) -> pd.DataFrame:
    """Rows of (service, payer, level, fund, pence) as the table of spend."""
    names = {s[0]: (s[1], s[2]) for s in SERVICES}
    ids = list(names)
    return pd.DataFrame(
        [
            {
                "service_id": ids[k], "service_name": names[ids[k]][0], "parent_group": names[ids[k]][1], "agency": payer,
                "financial_year": "2025-26", "price_year": "2025-26", "level": level, "amount_gbp": pence / 100,
                "money_kind": "existing", "confidence": "medium", "fund": fund,
            }
            for k, payer, level, fund, pence in rows
        ]
    )  # fmt: skip


def spends() -> st.SearchStrategy[pd.DataFrame]:
    """Spend of any payers, levels and funds on the services of the small release; income too."""
    row = st.tuples(
        st.integers(0, len(SERVICES) - 1), st.sampled_from(AGENCIES), st.sampled_from(LEVELS), st.sampled_from(FUNDS),
        st.integers(-5_000_00, 9_000_000_00),
    )  # fmt: skip
    return st.lists(row, min_size=1, max_size=25).map(spend_of)


def budget(sid: str, agency: str, amount: float, year: str = YEARS[0], state: str = "approved") -> dict[str, object]:
    """One row of the table of budgets."""
    about = {"service_id": sid, "service_name": sid, "parent_group": "", "agency": agency, "financial_year": year}
    return {**about, "amount_gbp": amount, "state": state, "source": "budget paper, February 2026"}
