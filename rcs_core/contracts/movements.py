"""Movements into, between and out of placements: every child is accounted for, in every year.

In: the table `movements`. Out: breaches. Children on the first day of a year must be those of the year before and who came
less who went; a number that does not follow means that a movement is missing, and a stock that loses children carries nothing on.
"""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from rcs_core.contracts.across import Mask, group
from rcs_core.contracts.clean import Mended
from rcs_core.contracts.findings import Breaches
from rcs_core.contracts.model import Rule
from rcs_core.vocab import Severity

STEM = "movements"
BANDS = ("under_1", "1_to_4", "5_to_11", "12_to_15", "16_and_over")
ALL_AGES = "all_ages"
AT_START, START, END, MOVE, BIRTHDAY = "at_start", "start", "end", "move", "birthday"
FIRST_MONTH, MONTHS = 4, 12
"""A financial year starts in April."""
WANTED = ("financial_year", "month", "service_id", "age_band", "movement", "moved_to", "children")
type Place = tuple[str, str]
"""A service and an age band."""
type Counts = dict[tuple[str, Place, str], int]
"""Children by year, place and what they did: at_start, entry or exit."""


def check_movements(tables: Mapping[str, Mended]) -> list[Breaches]:
    """Everything wrong with the movements beside what one row can tell."""
    table = tables.get(STEM)
    if table is None or not set(WANTED) <= set(table.frame.columns) or table.frame.empty:
        return []
    months, part = _months(table)
    plain = [*_moved_to(table), *_birthdays(table), *_ages(table), *months]
    # A cell that broke a rule of its own is blank by now: nobody can be followed past it.
    blank = (table.frame[["financial_year", "service_id", "age_band", "movement", "children"]] == "").to_numpy().any()
    wrong = bool(blank) or any(b.severity is Severity.ERROR for b in plain)
    return plain if wrong else [*plain, *_balance(table, table.frame[~part])]


def counted(frame: pd.DataFrame, home: Callable[[str], str] = str, by_age: bool = True) -> Counts:
    """Children on the first day, who came and who went, by year and place.

    home: where a service is counted; a move within one home is none. A birthday is a way out of one band and into the next.
    """
    found: Counts = {}

    def add(year: str, place: Place, what: str, children: int) -> None:
        found[year, place, what] = found.get((year, place, what), 0) + children

    for year, month, service, band, movement, to, children in frame[list(WANTED)].itertuples(index=False, name=None):
        if pd.isna(children) or children == "":
            continue
        age, number = (str(band) if by_age else ALL_AGES), int(children)
        here = (home(str(service)), age)
        if movement == AT_START:
            if pd.isna(month) or month == "" or int(month) == FIRST_MONTH:
                add(str(year), here, AT_START, number)
        elif movement == BIRTHDAY:
            if by_age:
                add(str(year), here, "exit", number)
                add(str(year), (here[0], BANDS[BANDS.index(str(band)) + 1]), "entry", number)
        elif movement == MOVE:
            there = (home(str(to)), age)
            if there != here:
                add(str(year), here, "exit", number)
                add(str(year), there, "entry", number)
        else:
            add(str(year), here, "entry" if movement == START else "exit", number)
    return found


def aged(frame: pd.DataFrame) -> bool:
    """Whether children can be followed by age band: bands are told, and who grew out of them."""
    return bool((frame["age_band"] != ALL_AGES).all() and (frame["movement"] == BIRTHDAY).any())


def lost(counts: Counts) -> list[tuple[str, Place, int, int]]:
    """Years and places whose children on the first day are not those that the year before leaves: said, and followed."""
    found = []
    for year, place, what in sorted(counts):
        before = _before(year)
        if what == AT_START and (before, place, AT_START) in counts:
            followed = closing(counts, before, place)
            if followed != counts[year, place, AT_START]:
                found.append((year, place, counts[year, place, AT_START], followed))
    return found


def closing(counts: Counts, year: str, place: Place) -> int:
    """Children on the last day of a year."""
    came, went = (counts.get((year, place, what), 0) for what in ("entry", "exit"))
    return counts.get((year, place, AT_START), 0) + came - went


def _before(year: str) -> str:
    start = int(year[:4]) - 1
    return f"{start}-{(start + 1) % 100:02d}"


def _balance(table: Mended, whole: pd.DataFrame) -> list[Breaches]:
    """Rows of children on the first day that do not follow from the year before."""
    by_age = aged(whole)
    off = {(year, *place): (said, after) for year, place, said, after in lost(counted(whole, by_age=by_age))}
    frame = table.frame
    ages = frame["age_band"] if by_age else pd.Series(ALL_AGES, index=frame.index)
    keys = list(zip(frame["financial_year"], frame["service_id"], ages, strict=True))
    first = (frame["movement"] == AT_START) & ~pd.Series(keys, index=frame.index).where(
        frame["movement"] == AT_START
    ).duplicated()
    hit = np.array([bool(is_first) and key in off for key, is_first in zip(keys, first, strict=True)], dtype=bool)
    rule = Rule(
        "balance",
        "as many children as the year before leaves: those on its first day, and who came less who went",
        Severity.ERROR,
        "add the movement that is missing (a start, an end, a move or a birthday), or mend the number",
    )
    values = [
        f"{off[key][0]}, where the year before leaves {off[key][1]}" for key, is_hit in zip(keys, hit, strict=True) if is_hit
    ]
    return group(table, hit, rule, "children", values)


def _moved_to(table: Mended) -> list[Breaches]:
    frame = table.frame
    moved = frame["movement"] == MOVE
    wrong = (moved & ((frame["moved_to"] == "") | (frame["moved_to"] == frame["service_id"]))) | (
        ~moved & (frame["moved_to"] != "")
    )
    remedy = "name the other placement in a move, and in no other row"
    rule = Rule("moved_to", "another service of a move, and a blank cell of any other movement", Severity.ERROR, remedy)
    return group(table, wrong.to_numpy(), rule, "moved_to", [v or "(blank)" for v in frame["moved_to"][wrong]])


def _birthdays(table: Mended) -> list[Breaches]:
    frame = table.frame
    wrong = (frame["movement"] == BIRTHDAY) & frame["age_band"].isin([BANDS[-1], ALL_AGES])
    rule = Rule("birthday", "an age band that a child can grow out of", Severity.ERROR, "remove the row")
    return group(table, wrong.to_numpy(), rule, "age_band", frame["age_band"][wrong].tolist())


def _ages(table: Mended) -> list[Breaches]:
    """All ages and age bands side by side would count children twice."""
    frame = table.frame
    if not (frame["age_band"] == ALL_AGES).any() or (frame["age_band"] == ALL_AGES).all():
        return []
    wrong = (frame["age_band"] == ALL_AGES).to_numpy()
    rule = Rule("two_ages", "age bands in every row, or all_ages in every row", Severity.ERROR, "remove one of the two")
    return group(table, wrong, rule, "age_band", [ALL_AGES] * int(wrong.sum()))


def _months(table: Mended) -> tuple[list[Breaches], Mask]:
    """Years told in months and as a whole at once, and months of a year that is not whole; gives the rows left out as well."""
    frame, found = table.frame, list[Breaches]()
    monthly = frame["month"] != ""
    by_year = {str(year): set(rows["month"]) for year, rows in frame.groupby("financial_year")}
    mixed = (
        frame["financial_year"].isin(_years(by_year, lambda told: "" in told and len(told) > 1)).to_numpy() & monthly.to_numpy()
    )
    rule = Rule("months", "months or the whole year, not both", Severity.ERROR, "remove one of the two")
    found += group(table, mixed, rule, "month", frame["month"][mixed].tolist())
    short = _years(by_year, lambda told: "" not in told and len(told) < MONTHS)
    part = frame["financial_year"].isin(short).to_numpy()
    rule = Rule("part_year", "twelve months of a year", Severity.DROP, "a year that is not whole is left out")
    return [*found, *group(table, part, rule, "financial_year", frame["financial_year"][part].tolist())], part


def _years(by_year: Mapping[str, set[str]], wrong: Callable[[set[str]], bool]) -> Iterable[str]:
    return [year for year, told in by_year.items() if wrong(told)]
