"""Checks of the register that look at other tables: whether the areas of a service are areas, and its ages a range."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from rcs_core.contracts.across import group
from rcs_core.contracts.clean import Mended, nearest
from rcs_core.contracts.findings import Breaches
from rcs_core.contracts.model import Rule
from rcs_core.contracts.submissions import STEM
from rcs_core.vocab import Severity

SEPARATOR = ";"


def parts(cell: object) -> list[str]:
    """What a cell lists."""
    return [part.strip() for part in str(cell).split(SEPARATOR) if part.strip()]


def check_register(tables: Mapping[str, Mended], sent: Mapping[str, Mended], about: Mapping[str, Any]) -> list[Breaches]:
    """Areas that are no cluster and not the council, and ages that run backwards, in each file of the register."""
    own = {STEM: tables[STEM]} if STEM in tables and not sent else {}
    schools = tables.get("schools")
    known = sorted({str(c) for c in schools.frame["cluster_code"]} - {""}) if _has(schools, "cluster_code") and schools else []
    council = str(about.get("area_code", ""))
    found: list[Breaches] = []
    for table in (sent or own).values():
        if schools is not None and _has(table, "areas"):
            found += _areas(table, known, council)
        if _has(table, "ages"):
            found += _ages(table)
    return found


def _has(table: Mended | None, column: str) -> bool:
    return table is not None and column in table.frame.columns


def _areas(table: Mended, known: list[str], council: str) -> list[Breaches]:
    cells = table.frame["areas"]
    allowed = {*known, council}
    wrong = {cell: [p for p in parts(cell) if p not in allowed] for cell in dict.fromkeys(cells)}
    breaches: list[Breaches] = []
    for cell, lost in wrong.items():
        if lost:
            like = nearest(lost[0], known)
            rule = f"cluster codes of schools.csv, separated by semicolons, or {council or 'the council'} for the whole area"
            remedy = f"did you mean `{like}`?" if like else "write the code as schools.csv has it, or leave the cell blank"
            hit = np.asarray(cells == cell, dtype=bool)
            breaches += group(table, hit, Rule("area", rule, Severity.ERROR, remedy), "areas", [", ".join(lost)] * int(hit.sum()))
    return breaches


def _ages(table: Mended) -> list[Breaches]:
    cells = table.frame["ages"]
    hit = np.array([any(_backwards(part) for part in parts(cell)) for cell in cells], dtype=bool)
    rule = Rule("ages", "a range from the younger age to the older", Severity.ERROR, "write the younger age first, such as 5-11")
    return group(table, hit, rule, "ages", [str(cell) for cell in cells[hit]])


def _backwards(part: str) -> bool:
    first, dash, last = part.partition("-")
    return bool(dash) and first.isdigit() and last.isdigit() and int(first) > int(last)
