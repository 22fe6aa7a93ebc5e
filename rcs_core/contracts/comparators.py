"""Published figures of council areas as a whole: of no place of ours, of no few people, and with our own council among them.

In: the table `comparators` and those it is held against. Out: breaches; a number of people under the threshold is left out.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from rcs_core.contracts.across import group
from rcs_core.contracts.cells import distinct
from rcs_core.contracts.clean import Mended
from rcs_core.contracts.files import note
from rcs_core.contracts.findings import Breaches
from rcs_core.contracts.model import Rule
from rcs_core.councils import councils, counts_people
from rcs_core.settings import disclosure
from rcs_core.vocab import Severity

STEM = "comparators"
KEY = ["topic", "indicator", "group", "unit", "year"]


def check_comparators(tables: Mapping[str, Mended], about: Mapping[str, Any]) -> list[Breaches]:
    """Everything wrong with the published figures beside what one row can tell."""
    table = tables.get(STEM)
    if table is None or not {*KEY, "value", "geography"} <= set(table.frame.columns) or table.frame.empty:
        return []
    named = _named(table)
    return [*check_places(table, tables), *_check_twice(table, named), *check_few(table), *_check_own(table, named, about)]


def _named(table: Mended) -> pd.Series:
    codes, written = distinct(table.frame["geography"])
    names = [councils().name(name) for name in written]
    return pd.Series([names[code] for code in codes], index=table.frame.index, dtype="str")


def check_places(table: Mended, tables: Mapping[str, Mended]) -> list[Breaches]:
    """Figures of a school or a cluster of ours: what is known of them passes through the surveys, where it is protected."""
    schools = tables.get("schools")
    if schools is None:
        return []
    columns = [c for c in ("school_code", "school_name", "cluster_code", "cluster_name") if c in schools.frame.columns]
    inner = {str(v).casefold() for c in columns for v in schools.frame[c]} - {"", *(n.casefold() for n in councils().names)}
    hit = table.frame["geography"].str.casefold().isin(list(inner)).to_numpy()
    remedy = "remove the row: figures of schools and clusters are estimated and protected here"
    rule = Rule("place", "a whole council area, or Scotland", Severity.ERROR, remedy)
    return group(table, hit, rule, "geography", table.frame["geography"][hit].tolist())


def _check_twice(table: Mended, named: pd.Series) -> list[Breaches]:
    """One council's figure under two spellings of its name; the same spelling twice is told by the contract."""
    frame = table.frame.assign(_named=named)
    hit = (frame.duplicated([*KEY, "_named"]) & ~frame.duplicated([*KEY, "geography"])).to_numpy()
    rule = Rule("two_spellings", "one row for each figure of a council", Severity.ERROR, "keep the row that is right")
    written = zip(frame["geography"][hit], frame["_named"][hit], strict=True)
    return group(table, hit, rule, "geography", [f"{a}, which is {b}" for a, b in written])


def check_few(table: Mended) -> list[Breaches]:
    """Numbers of people under the threshold: published elsewhere or not, they do not enter a release."""
    least = disclosure().min_cell
    few = pd.to_numeric(table.frame["value"], errors="coerce").abs() < least
    codes, units = distinct(table.frame["unit"])
    counted = np.fromiter((counts_people(unit) for unit in units), dtype=bool, count=len(units))[codes]
    hit = few.to_numpy() & counted
    text = f"a number of people of {least} or more"
    rule = Rule("few_people", text, Severity.DROP, "nothing need be done: no number under the threshold enters a release")
    return group(table, hit, rule, "value", [""] * int(hit.sum()))


def _check_own(table: Mended, named: pd.Series, about: Mapping[str, Any]) -> list[Breaches]:
    """Whether our own council is among them, and which geographies are set beside nothing."""
    known, partnership = councils(), str(about.get("name", ""))
    places = set(named)
    own = known.own(partnership, str(about.get("area_code", "")), places)
    said: list[Breaches] = []
    if own not in places:
        remedy = "add the council's own published figures, under its name in partnership.yaml or data_contracts/councils.yaml"
        got = own or partnership
        said.append(note(table.file, "own_area", "figures of this partnership's own council area", remedy, got, "geography"))
    others = sorted(places - {*known.names, known.whole, own})
    if others:
        rule = "council areas and Scotland; a row of any other place is kept and set beside nothing"
        said.append(note(table.file, "other_place", rule, "", "; ".join(others), "geography"))
    return said
