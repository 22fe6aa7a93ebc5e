"""Two ids for one service, joined where somebody decided so: `same_services` says which id is read as which.

In: what was read of a folder. Out: the same with the second id's row out of the register and its id replaced wherever
another table names a service, each with a receipt. Without a decision nothing is joined, however alike two services look.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from rcs_core.contracts.across import group
from rcs_core.contracts.clean import Mended, Told, standing_in
from rcs_core.contracts.findings import Breaches
from rcs_core.contracts.model import Contract, Rule
from rcs_core.contracts.reading import Reading
from rcs_core.contracts.submissions import KEY
from rcs_core.contracts.submissions import STEM as REGISTER
from rcs_core.vocab import Severity

STEM = "same_services"
SAME, DIFFERENT = "same", "different"
COLUMNS = ("service_id", "same_as", "decision")


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision: the two ids, what was decided, and its row in the file."""

    service_id: str
    same_as: str
    decision: str
    row: int

    @property
    def pair(self) -> frozenset[str]:
        """The two ids in no order."""
        return frozenset((self.service_id, self.same_as))


def decided(table: Mended | None) -> list[Decided]:
    """The decisions of the file; a row with a blank or wrong cell decides nothing, and is told elsewhere."""
    if table is None or not set(COLUMNS) <= set(table.frame.columns):
        return []
    cells = table.frame[[*COLUMNS, "_row"]].itertuples(index=False, name=None)
    return [Decided(str(a), str(b), str(c), int(row)) for a, b, c, row in cells if a and b and c]


def join_same(reading: Reading, known: Mapping[str, Contract]) -> tuple[Reading, list[Breaches]]:
    """The reading with every id that was decided to be another's read as that other, and what is wrong with the decisions."""
    table, register = reading.tables.get(STEM), reading.tables.get(REGISTER)
    rows = decided(table)
    if table is None or register is None or not rows or KEY not in register.frame.columns:
        return reading, []
    ids = set(register.frame[KEY])
    wrong = list(_wrong(table, rows, ids))
    if any(b.severity is Severity.ERROR for b in wrong):
        return reading, wrong
    meant = meant_ids(rows, ids)
    tables = dict(reading.tables)
    tables[REGISTER] = _without(register, meant)
    for stem in reading.tables:
        for column in known[stem].columns if stem in known else ():
            if column.reference is not None and column.reference.table == REGISTER:
                tables[stem] = _read_as(tables[stem], column.name, meant)
    return replace(reading, tables=tables), [*wrong, *_joined(table, rows, meant)]


def meant_ids(rows: list[Decided], ids: set[str]) -> dict[str, str]:
    """Each id that is read as another's, by what is meant in the end: a is b and b is c, so a is c."""
    step = {one.service_id: one.same_as for one in rows if one.decision == SAME and one.service_id in ids}
    found = {}
    for service in step:
        last = service
        while last in step:
            last = step[last]
        found[service] = last
    return found


def _wrong(table: Mended, rows: list[Decided], ids: set[str]) -> Iterator[Breaches]:
    """Decisions that contradict one another, go round in a ring, or name a service that is not there."""
    same = [one for one in rows if one.decision == SAME]
    by_id: dict[str, list[Decided]] = {}
    for one in same:
        by_id.setdefault(one.service_id, []).append(one)
    several = {one.row for found in by_id.values() for one in found[1:]}
    yield from _told(table, several, "two_ids", "one id that a service is read as", "keep one of the rows", Severity.ERROR)
    unlike = {one.pair for one in rows if one.decision == DIFFERENT}
    both = {one.row for one in same if one.pair in unlike}
    rule = "one decision a pair: it is decided both ways"
    yield from _told(table, both, "both_ways", rule, "keep the row that holds", Severity.ERROR)
    step = {one.service_id: one.same_as for one in same}
    ring = {one.row for one in same if _returns(one.service_id, step)}
    rule = "ids that lead to one service: these lead back to themselves"
    yield from _told(table, ring, "ring", rule, "name the id that is kept", Severity.ERROR)
    lost = {one.row for one in same if one.service_id in ids and one.same_as not in ids}
    yield from _told(
        table, lost, "not_in_register", "an id of the register in `same_as`", "correct the id", Severity.ERROR, "same_as"
    )
    idle = {one.row for one in rows if one.service_id not in ids and one.row not in lost}
    said = "an id of the register; it has none such, so the row does nothing"
    yield from _told(table, idle, "idle_decision", said, "take the row out if the service has ended", Severity.NOTE)


def _returns(start: str, step: Mapping[str, str]) -> bool:
    seen, last = {start}, step.get(start, "")
    while last:
        if last in seen:
            return True
        seen.add(last)
        last = step.get(last, "")
    return False


def _told(
    table: Mended, rows: set[int], code: str, rule: str, remedy: str, severity: Severity, column: str = KEY
) -> list[Breaches]:
    hit = table.frame["_row"].isin(list(rows)).to_numpy()
    values = [f"{a} and {b}" for a, b in zip(table.frame["service_id"][hit], table.frame["same_as"][hit], strict=True)]
    return group(table, hit, Rule(code, rule, severity, remedy), column, values)


def _joined(table: Mended, rows: list[Decided], meant: Mapping[str, str]) -> Iterator[Breaches]:
    """A remark on each decision that joins two services."""
    for one in rows:
        if one.decision == SAME and one.service_id in meant:
            rule = (
                f"the row of {meant[one.service_id]} in the register; that of {one.service_id} is left out, and its id is read so"
            )
            hit = (table.frame["_row"] == one.row).to_numpy()
            yield from group(table, hit, Rule("joined", rule, Severity.NOTE), KEY, [one.service_id])


def _without(register: Mended, meant: Mapping[str, str]) -> Mended:
    gone = standing_in(register.frame[KEY], set(meant))
    if not gone.any():
        return register
    said = ", ".join(f"{a} is {b}" for a, b in sorted(meant.items()))
    told = Told("same_service", int(gone.sum()), f"{int(gone.sum()):,} rows of services under a second id ({said})")
    return replace(register, frame=register.frame[~gone].reset_index(drop=True), told=[*register.told, told])


def _read_as(table: Mended, column: str, meant: Mapping[str, str]) -> Mended:
    if column not in table.frame.columns:
        return table
    hit = standing_in(table.frame[column], set(meant))
    if not hit.any():
        return table
    cells = np.asarray(table.frame[column], dtype=object)
    cells[hit] = [meant[str(cell)] for cell in cells[hit]]
    frame = table.frame.assign(**{column: cells}).astype({column: "str"})
    told = Told(
        f"same_service:{column}", int(hit.sum()), f"{int(hit.sum()):,} cells of `{column}` read as the id that was decided"
    )
    return replace(table, frame=frame, told=[*table.told, told])
