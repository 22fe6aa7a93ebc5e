"""Who a child is: pseudonyms, candidate and health numbers, postcodes, dates of birth, and columns that hold them.

In: what a file says. Out: what in it may not leave, told by its place and never by its value. Names and addresses of grown-ups
who own a decision may leave, as they wrote them to be found. A child's name cannot be told from theirs: no input may hold one.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from rcs_core.contracts.identifiers import column_kinds, header_kind, policy, value_finder
from rcs_core.contracts.model import Column, fold
from rcs_core.gate.contents import Contents, Grid
from rcs_core.gate.refusal import Refusal
from rcs_core.release import ROW_LEVEL
from rcs_core.settings import CONTRACTS, read_yaml

OF_GROWN_UPS = frozenset({"name", "contact_detail"})
ONE_CHILD = ROW_LEVEL - {"name", "description"}
"""Headings of rows about one child. A name may be a service's, a description a scenario's."""
ONE_LINE = frozenset({"cost_centre", "account_code", "ledger_line"})
"""Headings of rows about one ledger line."""
_SHORTEST = 6
"""Signs of the shortest text that can be an identifier."""
_OURS = Column("", "", "string", False, False, False, names_allowed=True)
"""What leaves: names may stand in it."""


@cache
def _pseudonym() -> re.Pattern[str]:
    about = read_yaml(CONTRACTS / "pseudonyms.yaml")
    return re.compile(rf"(?<![0-9A-Za-z]){about['prefix']}[0-9a-f]{{{about['digits']}}}(?![0-9A-Za-z])")


def identifiers(found: Contents, year: int) -> list[Refusal]:
    """Every place where an identifier of a child stands, or a heading that announces one."""
    said = [*_of_grids(found.grids, year)]
    words = {text for text in found.said() if len(text) >= _SHORTEST}
    if any(_pseudonym().search(text) for text in words):
        said.append(Refusal("a pupil's pseudonym", "in its text", "no row about one child"))
    return [*said, *_inside(found.texts, year)]


def _of_grids(grids: Iterable[Grid], year: int) -> Iterator[Refusal]:
    for grid in grids:
        for heading in {cell for row in grid.rows[:1] for cell in row if cell}:
            yield from _announced(grid.name, heading)
        for k, column in enumerate(_columns(grid)):
            values = sorted({v for v in column[1:] if len(v) >= _SHORTEST})
            of_money = bool(column) and column[0].endswith(("(£)", "_gbp"))
            kinds = set(column_kinds(values, _OURS, False, year)) - OF_GROWN_UPS - {""} if values and not of_money else ()
            for kind in kinds:
                where = f"{grid.name}, column {column[0] or k + 1}"
                yield Refusal(policy().kinds[kind].label, where, "no number, address or date that a child is known by")


def _columns(grid: Grid) -> Iterator[tuple[str, ...]]:
    width = max(map(len, grid.rows), default=0)
    for k in range(width):
        yield tuple(row[k] if k < len(row) else "" for row in grid.rows)


def _announced(name: str, heading: str) -> Iterator[Refusal]:
    """What a heading alone says of the rows below it."""
    plain = fold(heading)
    if plain in ONE_CHILD or header_kind(heading) not in ("", *OF_GROWN_UPS):
        yield Refusal("a column that names a child", f"{name}, {heading}", "no row about one child")
    if plain in ONE_LINE:
        yield Refusal("a column of single ledger lines", f"{name}, {heading}", "money by service, never by line")


def _inside(texts: Iterable[str], year: int) -> Iterator[Refusal]:
    """Identifiers within sentences."""
    find = value_finder(_OURS, False, year)
    kinds = {find(text) for text in set(texts) if len(text) >= _SHORTEST and not _figure(text)}
    for kind in sorted(kinds - OF_GROWN_UPS - {""}):
        yield Refusal(policy().kinds[kind].label, "in its text", "no number, address or date that a child is known by")


def _figure(text: str) -> bool:
    return text.replace(".", "").replace(",", "").replace("-", "").isdecimal()
