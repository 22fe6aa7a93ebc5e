"""Published movements, looked at as a stranger would: what follows from children on the first day, who came and who went."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from rcs_core.audit.report import Leak
from rcs_core.audit.seen import figure, rows
from rcs_core.release import Table

NAME, ALL_AGES = "movements", "all_ages"
COLUMNS = frozenset({"service_id", "age_band", "year", "movement", "children"})
AT_START, ENTRY, EXIT = "at_start", "entry", "exit"
UNKNOWN = "figure of no known kind"
FOLLOWS = "count that follows from movements"
type Year = Mapping[str, float]


def movement_leaks(tables: Sequence[Table], min_cell: int) -> Iterator[Leak]:
    """Small numbers of children that the movements tell together: those of the last day, those not told of, an age by itself."""
    for table in (t for t in tables if not t.is_count and t.name.rpartition("/")[2] == NAME):
        columns = {str(c) for c in table.frame.columns}
        if columns != COLUMNS:
            off = ", ".join(sorted(columns ^ COLUMNS))
            yield Leak(table.name, {}, UNKNOWN, f"the rule knows no such columns, or misses some: {off}")
            continue
        told: dict[tuple[str, str], dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
        for row in rows(table.frame):
            if row["movement"] not in (AT_START, ENTRY, EXIT):
                yield Leak(table.name, _where(row["service_id"], row["year"]), UNKNOWN, f"{row['movement']} is no known movement")
            elif (number := figure(row["children"])) is not None:
                told[row["service_id"], row["age_band"]][row["year"]][row["movement"]] = number
        for (service, band), years in told.items():
            yield from _of_one(table.name, service, years, min_cell)
            if band == ALL_AGES and any(s == service and b != ALL_AGES for s, b in told):
                yield Leak(table.name, {"service_id": service}, FOLLOWS, "told in all and by age band: the rest is one band")


def _of_one(table: str, service: str, years: Mapping[str, Year], min_cell: int) -> Iterator[Leak]:
    for year, now in sorted(years.items()):
        if not {AT_START, ENTRY, EXIT} <= set(now):
            yield Leak(table, _where(service, year), FOLLOWS, "a number is left out between others: it is small")
            continue
        left = now[AT_START] + now[ENTRY] - now[EXIT]
        if left < min_cell:
            yield Leak(table, _where(service, year), FOLLOWS, f"{left:g} children are left on the last day, under {min_cell}")
        following = years.get(_after(year), {}).get(AT_START)
        if following is not None and 0 < abs(following - left) < min_cell:
            text = f"{abs(following - left):g} children are told by no movement, under {min_cell}"
            yield Leak(table, _where(service, year), FOLLOWS, text)


def _after(year: str) -> str:
    start = int(year[:4]) + 1 if year[:4].isdecimal() else 0
    return f"{start}-{(start + 1) % 100:02d}"


def _where(service: str, year: str) -> dict[str, str]:
    return {"service_id": service, "year": year}
