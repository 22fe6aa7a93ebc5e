"""The rules that look at the money: what is not mapped, left out, tagged unsurely, follows demand, ends, or is one agency's."""

import pandas as pd

from rcs_core.workshop.challenge.found import Case, Found, Rule, amounts, may, one_price, share, told
from rcs_core.workshop.evidence import listed, text
from rcs_core.workshop.need_money.outcomes import Outcome, named
from rcs_core.workshop.spend_map import prevention
from rcs_core.workshop.spend_map.money import (
    PREVENTATIVE,
    Choice,
    Confidence,
    agency_label,
    ledger_label,
    pence_of,
    percent,
    spend,
    unmapped,
)

SHARE = frozenset({"share", "amount", "whole"})
DEMAND_LED = "demand_led"


def _ledger(stem: object) -> str:
    name = ledger_label(text(stem))
    return f"{name[:1].upper()}{name[1:]}"


def _unmapped(case: Case, _: float) -> Found | None:
    totals = case.release.frame("ledger_totals")
    mapped = int(pence_of(totals["mapped"]).sum())
    own = totals[totals["unmapped"] != 0]
    rows = pd.DataFrame(
        {
            "Ledger": own["ledger"].map(_ledger),
            "Not mapped (£)": own["unmapped"].astype(float),
            "Control total (£)": own["control_total"].astype(float),
        }
    ).reset_index(drop=True)
    return share(unmapped(case.release), mapped + unmapped(case.release), "mapped and unmapped money", rows)


def _left_out(case: Case, _: float) -> Found | None:
    frame = case.release.frame("ledger_excluded")
    rows = pd.DataFrame(
        {
            "Ledger": frame["ledger"].map(_ledger),
            "Reason": frame["reason"].map(text),
            "Left out (£)": frame["amount"].astype(float),
        }
    ).sort_values("Left out (£)", ascending=False, ignore_index=True)
    whole = int(pence_of(case.release.frame("ledger_totals")["control_total"]).sum())
    return share(int(pence_of(frame["amount"]).sum()), whole, "in the control totals", rows)


def _no_outcome(case: Case, _: float) -> Found | None:
    services = case.alone
    none = pd.Series(True, index=services.index)
    for by in Outcome:
        none &= services["service_id"].map(named(case.release, by)).map(len) == 0
    rows = services[none & (services["pence"] != 0)]
    return share(int(rows["pence"].sum()), int(case.services["pence"].sum()), "mapped", told(case, rows), one_price(case, rows))


def _low_confidence(case: Case, _: float) -> Found | None:
    money, services = case.money, case.services
    low = money["confidence"] == Confidence.LOW.value
    rows = services[services["service_id"].isin(money.loc[low, "service_id"])]
    return share(int(money.loc[low, "pence"].sum()), int(money["pence"].sum()), "mapped", told(case, rows), one_price(case, rows))


def _wide_range(case: Case, _: float) -> Found | None:
    found, services = prevention(case.release), case.services
    if found.base <= 0:
        return None
    unsure = services[(services["prevents"] > 0) & (services["tag_confidence"].map(text) != Confidence.HIGH.value)]
    unsure = unsure.sort_values(["prevents", "service_id"], ascending=[False, True])
    rows = told(case, unsure, **{"Tag confidence": "tag_confidence"})
    rows["Prevention as tagged (£)"] = amounts(case, unsure, unsure["prevents"])
    words = {"low": f"{found.low:.0f}", "high": f"{found.high:.0f}"}
    return Found(found.high - found.low, f"{found.low:.0f}% to {found.high:.0f}%; as tagged {found.tagged:.0f}%", words, rows)


def _demand_led(case: Case, _: float) -> Found | None:
    services, money = case.services, spend(case.release, Choice(sided=True))
    own = services[services["statutory_basis"].map(text) == DEMAND_LED]
    led = money["service_id"].isin(own["service_id"])
    own = own[own["service_id"].isin(money["service_id"])]
    part, whole = int(money.loc[led, "pence"].sum()), int(money["pence"].sum())
    return share(part, whole, "tagged prevention or responsive", told(case, own), one_price(case, own)) if whole > 0 else None


def _not_recurring(case: Case, _: float) -> Found | None:
    money = case.money
    if "recurring" not in money:
        return None
    prevents = money[money["level"].isin(PREVENTATIVE)]
    once = prevents[prevents["recurring"].map(text) == "no"]
    ends = once.groupby("service_id")["pence"].sum()
    services = case.services
    own = services[services["service_id"].isin(ends.index)]
    rows = told(case, own)
    rows["Prevention that does not recur (£)"] = amounts(case, own, own["service_id"].map(ends).astype("float64"))
    whole = int(prevents["pence"].sum())
    return share(int(once["pence"].sum()), whole, "preventative spend", rows, one_price(case, own)) if whole > 0 else None


def _one_agency(case: Case, limit: float) -> Found | None:
    """The outcomes of which the largest payer has more than the limit; its highest share is the figure."""
    money = spend(case.release, Choice(sided=True))
    names = named(case.release, Outcome.DOMAIN)
    main = money["service_id"].map(lambda sid: next(iter(names.get(str(sid), ())), ""))
    rows = []
    for code, label in Outcome.DOMAIN.codes.items():
        paid_by = money[main == code].groupby("agency")["pence"].sum().sort_values(ascending=False, kind="stable")
        whole, own = int(paid_by.sum()), money[main == code]
        if whole > 0:
            first, pounds = str(paid_by.index[0]), whole / 100 if may(case, own) else None
            rows.append((label, agency_label(first), percent(int(paid_by.iloc[0]), whole), pounds))
    columns = ["Part of life", "Largest payer", "Its share (%)", "Prevention and response (£)"]
    frame = pd.DataFrame(rows, columns=columns).sort_values("Its share (%)", ascending=False, ignore_index=True)
    over = frame[frame["Its share (%)"] > limit].reset_index(drop=True)
    if frame.empty:
        return None
    figure = f"{len(over)} of {len(frame)} parts of life; the highest share is {frame['Its share (%)'].iloc[0]:g}%"
    return Found(float(frame["Its share (%)"].iloc[0]), figure, {"names": listed(over["Part of life"])}, over)


MONEY_RULES = {
    "unmapped": Rule(_unmapped, SHARE),
    "left_out": Rule(_left_out, SHARE),
    "no_outcome": Rule(_no_outcome, SHARE),
    "low_confidence": Rule(_low_confidence, SHARE),
    "wide_range": Rule(_wide_range, frozenset({"low", "high"})),
    "demand_led": Rule(_demand_led, SHARE),
    "not_recurring": Rule(_not_recurring, SHARE),
    "one_agency": Rule(_one_agency, frozenset({"names"})),
}
