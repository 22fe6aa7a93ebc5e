"""Checks that only this field knows: forms against the census, SIMD editions, what a folder must hold, unmapped money."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from rcs_core.contracts.across import group
from rcs_core.contracts.clean import Mended, standing_in
from rcs_core.contracts.files import error, note
from rcs_core.contracts.findings import Breaches
from rcs_core.contracts.ledger_tags import taken
from rcs_core.contracts.ledgers import pounds
from rcs_core.contracts.model import Contract, Rule
from rcs_core.vocab import Severity, Survey

PUPIL_SURVEYS = tuple(dict.fromkeys(survey.file for survey in Survey if survey.of_pupils))
"""The files that pupils' answers come in."""
MONEY = ("services", "ledger_columns", "ledger_map")
KNOWN_FILES = ("demo_truth.json", "pseudonyms_receipt")
"""What files begin with that lie in an input folder and are no input."""


def check_presence(contracts: Mapping[str, Contract], found: set[str], unreadable: set[str], money: bool) -> list[Breaches]:
    """Which tables the folder ought to hold and does not; what cannot be read has been told already."""
    breaches: list[Breaches] = []
    for stem, contract in contracts.items():
        if stem in found or stem in unreadable or contract.presence in ("described", "apart"):
            continue
        file = f"{stem}.yaml" if contract.form == "yaml" else f"{stem}.csv"
        if contract.presence == "required" or (contract.presence == "with_money" and money):
            breaches.append(error(file, "missing_file", f"a file {stem}", f"put {file} in the folder", "no such file"))
        else:
            breaches.append(note(file, "absent", f"that {contract.title[0].lower()}{contract.title[1:]} is not in the folder"))
    if not (set(PUPIL_SURVEYS) & (found | unreadable)):
        files = " or ".join(f"{stem}.csv" for stem in PUPIL_SURVEYS)
        said = "that no pupil survey is in the folder: a release without children's needs, of services and money only"
        breaches.append(note(files, "no_survey", said))
    return breaches


OWN_EDITION = (
    "the edition of partnership.yaml, {}",
    "take the quintiles of one edition for all pupils, or correct partnership.yaml",
)


def check_simd_edition(tables: Mapping[str, Mended], edition: str, told: tuple[str, str] = OWN_EDITION) -> list[Breaches]:
    """Quintiles of another edition of the index than the one wanted; told: the rule and the remedy in words."""
    census = tables.get("pupil_census")
    if census is None or not edition or "simd_edition" not in census.frame.columns:
        return []
    cells = census.frame["simd_edition"]
    hit = ((cells != "") & (cells != edition)).to_numpy()
    rule = Rule("simd_edition", told[0].format(edition), Severity.ERROR, told[1])
    return group(census, hit, rule, "simd_edition", cells[hit].tolist())


def check_forms(tables: Mapping[str, Mended]) -> list[Breaches]:
    """Forms whose stage or school is another than the pupil census has: said, not mended."""
    census = tables.get("pupil_census")
    breaches: list[Breaches] = []
    for stem in PUPIL_SURVEYS:
        survey = tables.get(stem)
        for column in ("stage", "school_code"):
            if survey is not None and census is not None and {"pupil_id", column} <= set(survey.frame) & set(census.frame):
                breaches += _check_form(survey, census, column)
    return breaches


def _check_form(survey: Mended, census: Mended, column: str) -> list[Breaches]:
    known = dict(zip(census.frame["pupil_id"].tolist(), census.frame[column].tolist(), strict=True))
    said = np.asarray(survey.frame[column], dtype=object)
    there = np.array([known.get(pupil, "") for pupil in survey.frame["pupil_id"].tolist()], dtype=object)
    hit = np.asarray((there != "") & (said != "") & (there != said), dtype=bool)
    rule = Rule(f"census_{column}", f"the {column} of the pupil census; the form's own is used", Severity.NOTE)
    values = [f"{own}, census {other}" for own, other in zip(said[hit], there[hit], strict=True)]
    return group(survey, hit, rule, column, values)


def check_contact(tables: Mapping[str, Mended]) -> list[Breaches]:
    """Rows of the social work extract of children who are in no contact."""
    table = tables.get("social_work")
    wanted = {"social_work_status", "child_protection_register"}
    if table is None or not wanted <= set(table.frame.columns):
        return []
    frame = table.frame
    hit = ((frame["social_work_status"] == "none") & (frame["child_protection_register"] != "yes")).to_numpy()
    remedy = "a child without a case who is not on the register is left out"
    rule = Rule("not_in_contact", "children in contact with social work", Severity.DROP, remedy)
    return group(table, hit, rule, "social_work_status", ["none"] * int(hit.sum()))


def check_clusters(tables: Mapping[str, Mended]) -> list[Breaches]:
    """A cluster code that goes by two names."""
    table = tables.get("schools")
    if table is None or not {"cluster_code", "cluster_name"} <= set(table.frame.columns):
        return []
    frame = table.frame
    first = frame.groupby("cluster_code")["cluster_name"].transform("first")
    hit = (frame["cluster_name"] != first).to_numpy()
    rule = Rule("cluster_name", "one name a cluster", Severity.ERROR, "give every school of the cluster the same cluster name")
    values = [f"{name}, above {other}" for name, other in zip(frame["cluster_name"][hit], first[hit], strict=True)]
    return group(table, hit, rule, "cluster_name", values)


def check_price_year(layout: Mapping[str, Mapping[str, Any]], about: Mapping[str, Any]) -> list[Breaches]:
    """Ledgers of another financial year than the partnership's price year: nothing here restates prices."""
    wanted = str(about.get("price_year", ""))
    told = {stem: str(entry.get("financial_year", "")) for stem, entry in layout.items()}
    rule = f"the price_year of partnership.yaml, {wanted}"
    remedy = "use ledgers of one year, or restate this one in the prices of the others before it is sent"
    return [
        replace(error("ledger_columns.yaml", "price_year", rule, remedy, year, "financial_year"), sheet=stem)
        for stem, year in told.items()
        if wanted and year and year != wanted
    ]


def check_mapping(
    ledgers: Mapping[str, Mended], left_out: Mapping[str, set[int]], mapping: Mended | None, rules: Mended | None = None
) -> list[Breaches]:
    """Ledger lines that no row and no accepted rule maps (shown as unmapped money), and map rows that no ledger line needs."""
    if mapping is None or not {"ledger", "cost_centre"} <= set(mapping.frame.columns):
        return []
    pairs = pd.MultiIndex.from_frame(mapping.frame[["ledger", "cost_centre"]])
    used = np.zeros(len(pairs), dtype=bool)
    breaches: list[Breaches] = []
    for stem, ledger in ledgers.items():
        frame = ledger.frame
        lines = ~frame["_row"].isin(list(left_out.get(stem, set()))).to_numpy()
        mine = pairs.get_level_values(0) == stem
        centres = set(pairs.get_level_values(1)[mine])
        lost = lines & ~standing_in(frame["cost_centre"], centres) & ~taken(frame, stem, rules, centres)
        money = pounds(int(frame["amount_pence"][lost].sum()))
        text = f"a cost centre in {mapping.file}; {money} in all is shown as unmapped"
        rule = Rule("unmapped", text, Severity.NOTE, f"add rows to {mapping.file}, or leave it unmapped")
        breaches += group(ledger, lost, rule, "cost_centre", frame["cost_centre"][lost].tolist())
        used |= mine & pairs.get_level_values(1).isin(frame["cost_centre"])
    idle = ~used & mapping.frame["ledger"].isin(list(ledgers)).to_numpy()
    rule = Rule("idle_map", "a cost centre that the ledger holds", Severity.NOTE, "look whether the code is right")
    return [*breaches, *group(mapping, idle, rule, "cost_centre", mapping.frame["cost_centre"][idle].tolist())]
