"""What a rule finds: a figure to set against its threshold, the words for the question, and the rows it rests on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import pandas as pd

from rcs_core.release import Release
from rcs_core.workshop.big_screen import ContractType, pounds, withheld
from rcs_core.workshop.contracting import Contract, contracts
from rcs_core.workshop.evidence import text
from rcs_core.workshop.need_money import Beside, Outcome, beside, surveys
from rcs_core.workshop.spend_map.money import PREVENTATIVE, agency_label, gbp, percent, spend
from rcs_core.workshop.spend_map.screen import screen

CODES = {**{kind.value: kind.label for kind in ContractType}, "none": "None", "": "Not in the register"}
"""What codes of the register are called in a table of rows; a code that is a plain word stays as it is."""


@dataclass(frozen=True, slots=True)
class Found:
    """The figure, itself in words, the words that its question may use, and its rows."""

    measure: float
    figure: str
    words: Mapping[str, str]
    rows: pd.DataFrame
    veiled: bool = False
    """Whether its amount is the price of a single bought service, which is kept off the big screen."""


@dataclass(frozen=True)
class Case:
    """A release as the rules look at it on a day; what several rules need is made once."""

    release: Release
    today: date
    big_screen: bool = False

    @cached_property
    def veil(self) -> frozenset[str]:
        """The services whose price is not shown now."""
        return withheld(self.release, self.big_screen)

    @cached_property
    def money(self) -> pd.DataFrame:
        """Every row of mapped money, with whole pence."""
        return spend(self.release)

    @cached_property
    def services(self) -> pd.DataFrame:
        """The register with each service's pence, and its preventative pence; the most money first."""
        prevents = self.money[self.money["level"].isin(PREVENTATIVE)]
        frame = self.release.frame("services")
        for column, rows in (("pence", self.money), ("prevents", prevents)):
            frame[column] = frame["service_id"].map(rows.groupby("service_id")["pence"].sum()).fillna(0).astype("int64")
        return frame.sort_values(["pence", "service_id"], ascending=[False, True], ignore_index=True)

    @cached_property
    def alone(self) -> pd.DataFrame:
        """The services that are no merged group: of a group, what is blank may only be what its members do not share."""
        found = self.services
        return found[found["services_merged"].fillna(1) <= 1] if "services_merged" in found else found

    @cached_property
    def contracts(self) -> tuple[Contract, ...]:
        """The bought services as *6 Contracts* looks at them, on the same day."""
        return tuple(contracts(self.release, self.today))

    @cached_property
    def needs(self) -> tuple[Beside, ...]:
        """Need beside money by part of life, for every survey."""
        asked = surveys(self.release) if "indicators" in self.release else []
        return tuple(beside(self.release, Outcome.DOMAIN, survey.code, self.big_screen) for survey in asked)


@dataclass(frozen=True, slots=True)
class Rule:
    """How a question is found, given the case and its threshold; None where the release cannot tell."""

    find: Callable[[Case, float], Found | None]
    words: frozenset[str]


def share(part: int, whole: int, of: str, rows: pd.DataFrame, veiled: bool = False) -> Found:
    """An amount over another, with the words `share`, `amount` and `whole`."""
    pct = percent(part, whole)
    words = {"share": f"{pct:g}", "amount": gbp(part), "whole": gbp(whole)}
    return Found(pct, f"{pct:g}%: {gbp(part)} of {gbp(whole)} {of}", words, rows, veiled)


def count(rows: pd.DataFrame, of: int, what: str, measure: float | None = None) -> Found:
    """How many of how many, with the words `count` and `of`; the figure is the count unless another is given."""
    found = len(rows)
    words = {"count": f"{found:,}", "of": f"{of:,}"}
    return Found(found if measure is None else measure, f"{found:,} of {of:,} {what}", words, rows)


def told(case: Case, services: pd.DataFrame, **columns: str) -> pd.DataFrame:
    """Services as the panel lists them, with further columns named `title=column`; never a provider's name."""
    found = pd.DataFrame(
        {
            "Service": services["service_name"].map(text),
            "Group": services["parent_group"].map(text),
            "Funder": services["funder_agency"].map(text).map(lambda code: agency_label(code) if code else ""),
            "Spend (£)": amounts(case, services, services["pence"]),
        }
    )
    for title, column in columns.items():
        found[title] = services[column].map(text).map(lambda code: CODES.get(code, code))
    return found.reset_index(drop=True)


def amounts(case: Case, services: pd.DataFrame, pence: pd.Series) -> list[float | None]:
    """Pounds of each service; blank where its price is not shown now."""
    return [pounds(int(amount), [sid], case.veil) for sid, amount in zip(services["service_id"], pence, strict=True)]


def in_order(found: Found) -> Found:
    """The rows with those last, by name, whose price is not shown: where one stands among the others would tell about it."""
    rows = found.rows
    if not {"Service", "Spend (£)"} <= set(rows.columns) or not rows["Spend (£)"].isna().any():
        return found
    hidden = rows["Spend (£)"].isna()
    return replace(found, rows=pd.concat([rows[~hidden], rows[hidden].sort_values("Service")], ignore_index=True))


def one_price(case: Case, services: pd.DataFrame) -> bool:
    """Whether what these services cost would tell the price of a single one that is not shown now."""
    return not may(case, case.money[case.money["service_id"].isin(services["service_id"])])


def may(case: Case, money: pd.DataFrame) -> bool:
    """Whether the sum of these rows of money may be shown now."""
    return screen(case.release, case.big_screen).may(money)
