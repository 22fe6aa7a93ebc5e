"""Invented decisions, kept plans and releases for the tests of the plan."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from rcs_core.release import Manifest, Release, Table
from rcs_core.workshop.decide.parts import Decision, Money, Verdict
from rcs_core.workshop.plan.planned import Pair, Planned

AGENCIES = ("council_social_work", "nhs_board", "third_sector")
LEVELS = ("primary", "secondary", "tertiary", "responsive", "other")
YEARS = ("2026-27", "2027-28", "2028-29")
WHOLE = Decision(
    id="D1", title="Grow family support", verdict=Verdict.GO, service_ids=("S003",),
    money=(Money("S003", "2026-27", AGENCIES[0], 1000.10), Money("S003", "2027-28", AGENCIES[0], 2000.20)),
    price_year="2025-26", outcome="nurtured", indicator=("pupil_s1_s4", "trusted_adult"), owner="Morag",
    owner_agency=AGENCIES[0], body="Council", by=date(2027, 6, 30), version=1, author="Ada", agency="", at="2026-11-01T10:00:00",
)  # fmt: skip


def some_decisions(rng: random.Random, many: int) -> list[Decision]:
    """Decisions with any link of the chain there or not."""
    found = []
    for k in range(many):
        services = tuple(rng.sample(["S001", "S002", "S003", "S004"], rng.randint(0, 3)))
        money = tuple(
            Money(s, year, rng.choice(AGENCIES), rng.choice([0.0, 0.004, round(rng.uniform(-5e4, 5e4), 2)]))
            for s in services
            for year in rng.sample(YEARS, rng.randint(0, 3))
        )
        found.append(
            replace(
                WHOLE, id=f"D{k}", at=f"2026-11-{rng.randint(1, 28):02d}T10:00:{k % 60:02d}", service_ids=services, money=money,
                verdict=rng.choice(list(Verdict)), outcome=rng.choice(["", "safe"]), owner=rng.choice(["", "Morag", " "]),
                owner_agency=rng.choice(["", AGENCIES[0]]), by=rng.choice([None, date(2027, 1, 1)]),
                indicator=rng.choice([None, ("pupil_s1_s4", "trusted_adult"), ("pupil_s1_s4", "never_asked")]),
                indicator_words=rng.choice(["", "Help in time"]), price_year=rng.choice(["", "2025-26"]),
            )
        )  # fmt: skip
    return found


def a_plan(before: Mapping[Pair, int], spend: Mapping[str, Mapping[Pair, int]], price_year: str = "2025-26") -> Planned:
    """A kept plan with these pence."""
    return Planned(
        "plan-1.1", "Our plan", price_year, tuple(spend), before, spend, {}, "r", "r" * 64, "estimate", 0.2, False, True
    )


def a_release(rows: Sequence[tuple[str, str, str, str, str, float]], register: Sequence[str]) -> Release:
    """A release with these rows of spend (service, agency, year, price year, level, pounds) and these services."""
    columns = ["service_id", "agency", "financial_year", "price_year", "level", "amount_gbp"]
    spend = pd.DataFrame(rows, columns=columns)
    services = pd.DataFrame(
        {
            "service_id": list(register), "service_name": [f"Service {s}" for s in register], "provider_agency": "third_sector",
            "funder_agency": AGENCIES[0], "contract_type": ["contract" if s == "S1" else "in_house" for s in register],
        }
    )  # fmt: skip
    tables = {"spend": Table("spend", "", spend), "services": Table("services", "", services)}
    return Release(Manifest("Strathmere", "999", True, "2026-27", "0.1.0", 10, content_hash="f" * 64), tables, Path("nowhere"))


def of_the_wave(release: Release, wave: str) -> Release:
    """A release as it would have been made at an earlier wave, from one that holds both."""
    tables = {}
    for name, table in release.tables.items():
        frame = table.frame
        if name in ("changes", "comparisons", "comparison_pages", "inequality", "funnel"):
            continue
        if "wave" in frame.columns:
            frame = frame[frame["wave"] == wave].reset_index(drop=True)
            frame = frame.assign(current=True) if name == "surveys" else frame
        tables[name] = Table(name, table.title, frame, table.dims, table.labels)
    return Release(replace(release.manifest, content_hash="e" * 64), tables, release.path)
