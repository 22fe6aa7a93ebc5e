"""Counts that a council supplies instead of records: of one population, adding up, and of no more children than the roll.

In: `need_contact_counts` and the tables it is held against. Out: breaches. Nothing is mended: a count that does not add up
could mean a rounded one, and what is hidden later rests on true counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from rcs_core.contact import wrong_sums
from rcs_core.contracts.across import group
from rcs_core.contracts.clean import Mended
from rcs_core.contracts.files import error, note
from rcs_core.contracts.findings import Breaches
from rcs_core.contracts.model import Contract, Rule
from rcs_core.settings import CONTRACTS, read_yaml
from rcs_core.vocab import Contact, Severity

STEM = "need_contact_counts"
AGGREGATE = "aggregate"
"""The word of `linkage` by which the council links and sends counts."""
_COLUMNS = ("survey", "indicator", "area", "contact", "need", "children", "ages", "year")
_SUM = "count each group of contacts in full, and do not round: small counts are hidden here"


def relaxed(
    known: Mapping[str, Contract], about: Mapping[str, Any], found: set[str], surveys: tuple[str, ...]
) -> dict[str, Contract]:
    """The contracts of a folder: where only counts are sent and no survey's answers, no pupil census is needed."""
    if about.get("linkage") != AGGREGATE or found & set(surveys):
        return dict(known)
    return {**known, "pupil_census": replace(known["pupil_census"], presence="apart")}


def check_supplied(tables: Mapping[str, Mended], about: Mapping[str, Any], unreadable: set[str]) -> list[Breaches]:
    """Everything wrong with the counts as a whole."""
    table, wanted = tables.get(STEM), about.get("linkage") == AGGREGATE
    if table is None:
        if not wanted or STEM in unreadable:
            return []
        remedy = f"put {STEM}.csv in the folder, or write linkage: none"
        return [error(f"{STEM}.csv", "missing_file", "the counts, since linkage is aggregate", remedy, "no such file")]
    if not wanted:
        remedy = "write linkage: aggregate in partnership.yaml if the council sends counts"
        return [note(table.file, "not_read", "linkage: aggregate in partnership.yaml; without it this was not read", remedy)]
    if not set(_COLUMNS) <= set(table.frame.columns) or table.frame.empty:
        return []
    wave = str(about.get("survey_wave", ""))
    frame = table.frame.assign(wave=table.frame.get("wave", pd.Series("", index=table.frame.index)).replace("", wave))
    frame = frame.assign(n=pd.to_numeric(frame["children"], errors="coerce"))
    filled = replace(table, frame=frame)
    places = {str(about.get("area_code", "")), *_codes(tables, "schools", "cluster_code")}
    return [*_check_places(filled, places), *_check_asked(filled), *_check_population(filled), *_check_sums(filled, tables)]


def _codes(tables: Mapping[str, Mended], stem: str, column: str) -> set[str]:
    table = tables.get(stem)
    return set(table.frame[column]) if table is not None and column in table.frame.columns else set()


def _check_places(table: Mended, places: set[str]) -> list[Breaches]:
    hit = ~table.frame["area"].isin([*places, ""]).to_numpy()
    rule = Rule("area", "the council's code or a cluster of schools.csv", Severity.ERROR, "correct the code")
    return group(table, hit, rule, "area", table.frame["area"][hit].tolist())


def _check_asked(table: Mended) -> list[Breaches]:
    """Questions that are not set against contact in the survey, and blanks where a need is counted."""
    told: dict[str, Any] = read_yaml(CONTRACTS / "indicators.yaml")["indicators"]
    asked = {(s, code) for code, one in told.items() if one["contact"] for s in one["asked_of"]}
    frame, words = table.frame, sorted({code for _, code in asked})
    pairs = pd.Series(list(zip(frame["survey"], frame["indicator"], strict=True)), index=frame.index)
    total = (frame["indicator"] == "") & (frame["need"] == "ALL")
    hit = (~pairs.isin(list(asked)) & ~total).to_numpy()
    text = f"a question of the survey that is set against contact: {', '.join(words)}"
    rule = Rule("indicator", text, Severity.ERROR, "leave it blank only in the total of a contact (need ALL)")
    return group(table, hit, rule, "indicator", [v or "(blank)" for v in frame["indicator"][hit]])


def _check_population(table: Mended) -> list[Breaches]:
    """One question's counts are of one set of children; those with a need are of the survey's own year."""
    frame, breaches = table.frame, list[Breaches]()
    for column in ("ages", "year"):
        first = frame.groupby(["survey", "wave", "indicator"])[column].transform("first")
        hit = ((frame[column] != first) & (frame["indicator"] != "") & (frame[column] != "")).to_numpy()
        rule = Rule("population", f"the same {column} in all counts of one question", Severity.ERROR, "count the same children")
        breaches += group(
            table, hit, rule, column, [f"{a}, above {b}" for a, b in zip(frame[column][hit], first[hit], strict=True)]
        )
    hit = ((frame["indicator"] != "") & (frame["year"].str[:4] != frame["wave"].str[:4]) & (frame["year"] != "")).to_numpy()
    rule = Rule("year", "the year of the survey wave", Severity.ERROR, "send the counts of the wave, or correct the year")
    return [*breaches, *group(table, hit, rule, "year", frame["year"][hit].tolist())]


def _check_sums(table: Mended, tables: Mapping[str, Mended]) -> list[Breaches]:
    sound = table.frame[table.frame["n"].notna() & table.frame["contact"].isin([c.value for c in Contact])]
    rows = [*_contact_sums(sound), *_need_sums(sound), *_place_sums(sound), *_over_roll(sound, tables)]
    found: list[Breaches] = []
    for row, said in rows:
        hit = np.asarray(table.frame["_row"] == row)
        found += group(table, hit, Rule("adds_up", said, Severity.ERROR, _SUM), "children", [""])
    return found


type Said = Iterator[tuple[int, str]]
"""A row of the file, and what ought to hold there."""


def _contact_sums(frame: pd.DataFrame) -> Said:
    for _, rows in frame.groupby(["survey", "wave", "indicator", "area", "need"]):
        counts = {Contact(c): int(n) for c, n in zip(rows["contact"], rows["n"], strict=True)}
        yield from ((int(rows["_row"].iloc[0]), f"contacts that add up; {text}") for text in wrong_sums(counts)[:1])


def _need_sums(frame: pd.DataFrame) -> Said:
    for _, rows in frame[frame["indicator"] != ""].groupby(["survey", "wave", "indicator", "area", "contact"]):
        counts = dict(zip(rows["need"], rows["n"], strict=True))
        first = int(rows["_row"].iloc[0])
        if ("yes" in counts) != ("no" in counts):
            yield first, "children with the need and without it, both"
        elif {"yes", "no", "ALL"} <= set(counts) and counts["yes"] + counts["no"] != counts["ALL"]:
            yield first, "need ALL as the sum of yes and no"


def _place_sums(frame: pd.DataFrame) -> Said:
    """No group of all clusters together is larger than the same group of the council."""
    for _, rows in frame.groupby(["survey", "wave", "indicator", "contact", "need"]):
        top = rows["area"].str.fullmatch(r"\d{3}")
        if top.any() and float(rows.loc[~top, "n"].sum()) > float(rows.loc[top, "n"].iloc[0]):
            yield int(rows.loc[top, "_row"].iloc[0]), "as many children in the council as in its clusters together, or more"


def _over_roll(frame: pd.DataFrame, tables: Mapping[str, Mended]) -> Said:
    """Totals of more children than are on the roll of the survey's stages, in the council or the cluster."""
    census, schools = tables.get("pupil_census"), tables.get("schools")
    if census is None or schools is None or not {"school_code", "stage"} <= set(census.frame):
        return
    cluster = schools.frame.drop_duplicates("school_code").set_index("school_code")["cluster_code"]
    told: dict[str, Any] = read_yaml(CONTRACTS / "indicators.yaml")["surveys"]
    here = census.frame["school_code"].map(cluster)
    for (survey, area), rows in frame[frame["contact"] == "ALL"].groupby(["survey", "area"]):
        mine = census.frame["stage"].isin(told[str(survey)]["stages"])
        roll = int((mine & ((here == area) if area in set(cluster) else True)).sum())
        for _, one in rows.groupby(["wave", "indicator"]):
            if roll and int(one.loc[one["need"] != "ALL", "n"].sum()) > roll:
                yield int(one["_row"].iloc[0]), f"no more children than the {roll:,} on the roll of the survey's stages"
