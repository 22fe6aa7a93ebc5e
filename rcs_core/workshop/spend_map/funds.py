"""Money that a ring-fenced fund binds: by fund, with what binds it and where that stands.

In: a release whose spend names funds (column `fund`), and `data_contracts/funds.yaml`. Out: a view, or None where none is named.
"""

from dataclasses import dataclass
from functools import cache

import pandas as pd

from rcs_core.errors import SettingsError
from rcs_core.release import Release
from rcs_core.settings import CONTRACTS, fill, read_yaml
from rcs_core.vocab import Agency
from rcs_core.workshop.evidence import listed
from rcs_core.workshop.spend_map.money import (
    PREVENTATIVE,
    Choice,
    Headline,
    View,
    agency_label,
    exact,
    gbp,
    percent,
    points_frame,
    source,
    spend,
    years,
)
from rcs_core.workshop.spend_map.screen import Screen, screen

COLUMN = "fund"
NONE = "Of no ring-fenced fund"


@dataclass(frozen=True, slots=True)
class Fund:
    """A ring-fenced fund: its code, its name, what binds it, and where that stands."""

    code: str
    name: str
    conditions: str
    source: str
    date: str


@cache
def known_funds() -> dict[str, Fund]:
    """The funds that a ledger map may name, by code; raises SettingsError when one of them is incomplete."""
    content = read_yaml(CONTRACTS / "funds.yaml")
    found = [fill(Fund, entry, f"funds.yaml, entry {k}") for k, entry in enumerate(content.get("funds") or [], 1)]
    if blank := [fund.code for fund in found if not all((fund.code, fund.name, fund.conditions, fund.source, fund.date))]:
        raise SettingsError("a fund is incomplete", "funds.yaml", ", ".join(blank), "a code, name, conditions, source and date")
    return {fund.code: fund for fund in found}


def fund_name(code: str) -> str:
    """A fund's name; its code where the list does not have it."""
    return known_funds()[code].name if code in known_funds() else code


def names_funds(release: Release) -> bool:
    """Whether any money of the release is of a named fund."""
    return "spend" in release and COLUMN in release.frame("spend").columns


def by_fund(release: Release, choice: Choice | None = None, on_screen: bool = False) -> View | None:
    """What ring-fenced funds pay for, by fund and level; None where no fund is named.

    on_screen: a fund whose amount would tell what one bought service costs is without it.
    """
    if not names_funds(release):
        return None
    frame = spend(release, choice)
    frame = frame.assign(fund=frame[COLUMN].fillna("").astype(str))
    bound = frame[frame["fund"] != ""]
    screened = screen(release, on_screen)
    paid = bound.groupby("fund")["pence"].sum().sort_values(ascending=False, kind="stable")
    own = {str(code): bound[bound["fund"] == code] for code in paid.index}
    shown = {code: rows for code, rows in own.items() if screened.may(rows)}
    bars = [
        (f"{fund_name(code)} · {gbp(int(paid[code]))}", level, pence / 100)
        for code, rows in shown.items()
        for level, pence in screened.levels(rows)
    ]
    words = "; ".join(f"{fund_name(code)} {gbp(int(paid[code]))}" for code in shown)
    numbers = _numbers(frame, own, screened)
    return View(
        _headline(release, frame, paid, shown, screened), points_frame(bars, "level"), numbers, f"Spend by fund: {words}."
    )


def _numbers(frame: pd.DataFrame, own: dict[str, pd.DataFrame], screened: Screen) -> pd.DataFrame:
    whole = int(frame["pence"].sum())
    rows = []
    for code, money in [*own.items(), ("", frame[frame["fund"] == ""])]:
        pence = int(money["pence"].sum())
        prevents = money[money["level"].isin(PREVENTATIVE)]
        fund = known_funds().get(code)
        pounds = screened.pounds(money)
        rows.append(
            {
                "Fund": fund_name(code) if code else NONE,
                "What binds it": fund.conditions if fund else "",
                "Spend (£)": pounds,
                "Share of mapped spend (%)": None if pounds is None else percent(pence, whole),
                "Prevention as tagged (%)": None if pounds is None else screened.percent_of(prevents, pence),
                "Services": money["service_id"].nunique(),
                "Who pays": listed(sorted({agency_label(str(a)) for a in money["agency"]})),
                "Where that stands": fund.source if fund else "",
            }
        )
    return pd.DataFrame(rows)


def _headline(
    release: Release, frame: pd.DataFrame, paid: pd.Series, shown: dict[str, pd.DataFrame], screened: Screen
) -> Headline:
    bound, whole = int(paid.sum()), int(frame["pence"].sum())
    if not len(paid):
        return Headline("No ring-fenced fund is named in this part of the money.", source(release, frame))
    worth = screened.pounds(frame[frame["fund"] != ""])
    what = f"{gbp(bound)} of {gbp(whole)} in {years(frame)} is" if worth is not None else f"Some money in {years(frame)} is"
    many = f"{len(paid)} ring-fenced funds" if len(paid) > 1 else "one ring-fenced fund"
    largest = next(iter(shown), "")
    tail = f"; the largest is {fund_name(largest)}, {gbp(int(paid[largest]))}" if largest == str(paid.index[0]) else ""
    kept = len(paid) - len(shown)
    which = (
        f"{kept} that would tell what one bought service costs stand"
        if kept > 1
        else "one that would tell what one bought service costs stands"
    )
    off = f" On the big screen {which} without an amount." if kept else ""
    more = f"{_unnamed(frame, screened)}{off}"
    basis = f"Base: {exact(whole)}, what is mapped. The money of a fund may go only to what it is for.{more}"
    return Headline(f"{what} of {many}{tail}.", f"{basis} {source(release, frame)}")


def _unnamed(frame: pd.DataFrame, screened: Screen) -> str:
    """Money of ring-fenced payers of which the map names no fund."""
    rows = frame[(frame["agency"] == Agency.SG_RING_FENCED.value) & (frame["fund"] == "")]
    pence = int(rows["pence"].sum())
    return (
        f" {exact(pence)} more is paid by a ring-fenced fund that the map does not name." if pence and screened.may(rows) else ""
    )
