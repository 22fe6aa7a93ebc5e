"""All that *Services and money* tells with the big screen on, and the twin of a release: every bought service costs otherwise."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import gcd, lcm

import numpy as np
import pandas as pd

from app.money import _parts_told, _payers_told, _total_told
from rcs_core.release import Release
from rcs_core.workshop import (
    big_screen,
    contracting,
    coordinate,
    evidence_rated,
    flows,
    funders,
    gap_grid,
    method,
    need_money,
    spend_map,
    unit_prices,
)
from rcs_core.workshop.challenge.panel import panel
from rcs_core.workshop.need_money import Outcome
from rcs_core.workshop.services import services
from rcs_core.workshop.spend_map import Choice, asked
from rcs_core.workshop.spend_map.money import spend
from rcs_core.workshop.spend_map.screen import _ATOM, screen

TODAY = date(2026, 11, 22)
POUNDS = 1000
"""Pence by which an amount moves at the least: more than a pound."""


def everything(release: Release, small: bool = False) -> dict[str, str]:
    """Every sentence, table and picture of the page in words, for every choice that it offers. small: of all the money only."""
    found: dict[str, object] = {}
    for payer in [""] if small else _payers_told(release, True).values():
        for part in ["All spend"] if small else _parts_told(release, payer, True):
            choice = Choice(payer, sided=part != "All spend")
            found |= {f"{name} {choice}": told for name, told in _of_choice(release, choice).items()}
    for by in Outcome:
        found[f"outcome {by}"] = need_money.spend_by_outcome(release, by, True)
        found[f"together {by}"] = coordinate.coordinate(release, by, True).view
    found |= {"accounts": spend_map.reconciliation(release), "contracts": contracting.contracting(release, TODAY, True)}
    found |= {"places": need_money.by_cluster(release, True), "ages": need_money.by_age(release, True)}
    found["money"] = method.rows(release, method.Rows.of("spend"), True)
    return {name: _said(told) for name, told in (found if small else found | _of_need(release)).items()}


def _of_need(release: Release) -> dict[str, object]:
    found: dict[str, object] = {f"grid {by}": gap_grid.gap_grid(release, by, "", True).view for by in Outcome}
    for survey in need_money.surveys(release):
        beside = need_money.beside(release, Outcome.DOMAIN, survey.code, True)
        found[f"need {survey.code}"] = (beside.headline, beside.standing_out, beside.notes, beside.numbers(), beside.points())
    return found | {"questions": panel(release, TODAY, True)}


def _of_choice(release: Release, choice: Choice) -> dict[str, object]:
    flat = replace(choice, sided=False)
    return {
        "total": _total_told(release, choice, True),
        "payers": spend_map.by_agency(release, choice, True),
        "providers": funders.by_provider(release, choice, True),
        "services": services(release, choice, True),
        "flows": flows.flows(release, flat, Outcome.DOMAIN, True),
        "prevention": spend_map.prevention(release, choice, True).view,
        "evidence": evidence_rated.evidence_rated(release, choice, True),
        "costs": unit_prices.unit_prices(release, flat, True),
        "funds": spend_map.by_fund(release, choice, True),
    }


def _said(told: object) -> str:
    if isinstance(told, pd.DataFrame):
        return told.to_csv(float_format="%.2f")
    if isinstance(told, tuple | list):
        return "\n".join(map(_said, told))
    if hasattr(told, "__dataclass_fields__"):
        return "\n".join(_said(getattr(told, name)) for name in told.__dataclass_fields__)
    return str(told)


def twin(release: Release) -> tuple[dict[str, int], Release]:
    """By how many pence each bought service that has money costs more, and the release in which they all do so.

    The money of the other services that are kept back makes up for it in every sum that the page tells. Found by elimination
    in fractions, not in the way that the page decides what it tells.
    """
    frame, veil = spend(release), big_screen.kept_back(release)
    kept = frame[frame["service_id"].isin(veil)].reset_index(drop=True)
    told = asked.told(release, kept)
    columns = [c for c in _ATOM if c in kept]
    place = kept[columns].fillna("").astype(str).agg("|".join, axis=1)
    atoms = {key: k for k, key in enumerate(sorted(set(place)))}
    shown = screen(release, True)
    rows = [
        [int(key in own) for key in atoms]
        for group in asked.sums(release, told)
        if shown.may(kept.iloc[group])
        for own in [set(place.iloc[group])]
    ]
    free = _null_space(rows, len(atoms))
    drawn = np.random.default_rng(0).integers(1, 9, len(free))
    moved = [POUNDS * sum(int(w) * d[k] for w, d in zip(drawn, free, strict=True)) for k in range(len(atoms))]
    change = {key: moved[k] for key, k in atoms.items()}
    whose = dict(zip(place, kept["service_id"], strict=True))
    more = {sid: sum(change[key] for key in atoms if whose[key] == sid) for sid in sorted(set(whose.values()))}
    bought = big_screen.bought(release)
    return {sid: pence for sid, pence in more.items() if sid in bought}, _with(release, frame, change, columns)


def _with(release: Release, frame: pd.DataFrame, change: dict[str, int], columns: list[str]) -> Release:
    """The release with pence more or less at these places, each at its first row."""
    made = release.frame("spend")
    key = frame[columns].fillna("").astype(str).agg("|".join, axis=1)
    first = ~key.duplicated()
    more = key.map(change).fillna(0).where(first, 0)
    made["amount_gbp"] = (made["amount_gbp"].astype(float) * 100).round().add(more).div(100).round(2)
    tables = {**release.tables, "spend": replace(release.tables["spend"], frame=made)}
    return replace(release, tables=tables)


def _null_space(rows: list[list[int]], columns: int) -> list[list[int]]:
    """Whole-number vectors that every row is nought of."""
    matrix, pivots = [[Fraction(v) for v in row] for row in {tuple(row): row for row in rows}.values()], list[int]()
    done: list[list[Fraction]] = []
    for row in matrix:
        for pivot, held in zip(pivots, done, strict=True):
            if row[pivot]:
                row = [a - row[pivot] * b for a, b in zip(row, held, strict=True)]
        at = next((k for k, v in enumerate(row) if v), None)
        if at is None:
            continue
        row = [v / row[at] for v in row]
        done = [[a - held[at] * b for a, b in zip(held, row, strict=True)] for held in done] + [row]
        pivots.append(at)
    found = []
    for free in (k for k in range(columns) if k not in pivots):
        vector = [Fraction(int(k == free)) for k in range(columns)]
        for pivot, held in zip(pivots, done, strict=True):
            vector[pivot] = -held[free]
        scale = lcm(*(v.denominator for v in vector))
        whole = [int(v * scale) for v in vector]
        found.append([v // gcd(*whole) for v in whole])
    return found


def mixed(release: Release, seed: int) -> Release:
    """The release with other services bought, other payers, and some services that two agencies pay."""
    drawn = np.random.default_rng(seed)
    register, money = release.frame("services"), release.frame("spend")
    bought = drawn.random(len(register)) < drawn.uniform(0.15, 0.6)
    register["contract_type"] = ["contract" if own else "in_house" for own in bought]
    register["provider_agency"] = drawn.choice(
        ["third_sector", "nhs_board", "council_education", "police_scotland"], len(register)
    )
    payers = dict(zip(register["service_id"], drawn.choice(PAYERS, len(register)), strict=True))
    money["agency"] = [payers[sid] for sid in money["service_id"]]
    both = money["service_id"].isin(register["service_id"][drawn.random(len(register)) < 0.2])
    second = money[both].assign(agency=drawn.choice(PAYERS), amount_gbp=(money.loc[both, "amount_gbp"] * 0.7).round(2))
    money = pd.concat([money, second], ignore_index=True)
    tables = {
        **release.tables,
        "services": replace(release.tables["services"], frame=register),
        "spend": replace(release.tables["spend"], frame=money),
    }
    return replace(release, tables=tables)


PAYERS = ["council_social_work", "council_education", "nhs_board", "third_sector", "hscp"]
