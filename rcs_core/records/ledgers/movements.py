"""Movements of children as they may be published: by year, placement and (where every number is large) age band.

A placement is told whole or not at all. Told are the children on the first day, who came in and who went out: a move between
placements is a way out of one and into the other, so nothing follows from what is not told. A number under the threshold,
also that of the last day, leaves out the age bands, and if it is so in all, the placement: a gap would say that it is small.
"""

from itertools import pairwise

import pandas as pd

from rcs_core.contracts.movements import ALL_AGES, AT_START, BANDS, Counts, aged, closing, counted, lost
from rcs_core.records.ledgers.tables import Context
from rcs_core.release import Table

MOVEMENTS_FILE = "movements.csv"
COLUMNS = ("service_id", "age_band", "year", "movement", "children")
TOLD = (AT_START, "entry", "exit")
_ELSEWHERE = "(elsewhere)"


def movements_table(context: Context) -> tuple[list[Table], list[str]]:
    """The movements that may be published, no table where none may; and for the desk what was left out, and why."""
    frame = context.records.movements
    if frame is None or frame.empty:
        return [], []
    homes = {m: h.id for m, h in context.homes.home_of().items() if not context.uncounted(h)}

    def home(service: str) -> str:
        return homes.get(service, _ELSEWHERE)

    by_age = counted(frame, home) if aged(frame) else {}
    in_all = counted(frame, home, by_age=False)
    found, notes = [], []
    for service in sorted({place[0] for _, place, _ in in_all} - {_ELSEWHERE}):
        rows = _rows(by_age, service, context.min_cell) or _rows(in_all, service, context.min_cell)
        found += rows
        if not rows:
            notes.append(f"{MOVEMENTS_FILE}: {service} is left out, as a number of it is too small to show or a year is missing")
        elif rows[0][1] == ALL_AGES and by_age:
            notes.append(f"{MOVEMENTS_FILE}: {service} is told without age bands, as a number of one is too small to show")
    title = "Children on the first day of each year, who came and who went, by placement"
    return [Table("movements", title, pd.DataFrame(found, columns=list(COLUMNS)))] if found else [], notes


def _rows(counts: Counts, service: str, least: int) -> list[tuple[str, str, str, str, int]]:
    """The rows of one placement, or none where a number of it is under the threshold, missing or does not follow."""
    mine = {key: n for key, n in counts.items() if key[1][0] == service}
    years = sorted({year for year, _, _ in mine})
    places = sorted({place for _, place, _ in mine}, key=lambda place: (*BANDS, ALL_AGES).index(place[1]))
    if any(int(after[:4]) - int(before[:4]) != 1 for before, after in pairwise(years)) or lost(mine):
        return []
    keys = [(year, place, what) for place in places for year in years for what in TOLD]
    small = any(mine.get(key, 0) < least for key in keys)
    if small or any(closing(mine, year, place) < least for place in places for year in years):
        return []
    return [(service, place[1], year, what, mine[year, place, what]) for year, place, what in keys]
