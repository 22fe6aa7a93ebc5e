"""What was put into scenarios differently, on two sheets: every difference in words, and those that are numbers as numbers."""

from collections.abc import Mapping

from rcs_core.sheets.write import FIRST_ROW, Column, Formula, Row, Sheet, Value, here
from rcs_core.vocab import InputState
from rcs_core.workshop.big_screen import HIDDEN
from rcs_core.workshop.evidence import number
from rcs_core.workshop.export.comparison_facts import Beside
from rcs_core.workshop.versus import Inputs, Side
from rcs_core.workshop.versus.numbers import Kind, about, called, flat

_PLACE = Column("Place in the scenario files, by ids", 46, wrap=True)
_NUMBER = "#,##0.######"


def differing_sheet(beside: Beside, found: Inputs) -> Sheet:
    """Every lever and number that is not the same in all, in words, and how well each is known."""
    titles = [side.title for side in beside.sides]
    columns = (
        Column("Group", 22), Column("What", 52, wrap=True), Column("Unit", 16, wrap=True),
        *(Column(title, 26, wrap=True) for title in titles),
        *(Column(f"{title}: how it is known", 22, wrap=True) for title in titles), _PLACE,
    )  # fmt: skip
    known = [flat(side.scenario) for side in beside.sides]
    rows: list[Row] = [
        (*(str(v) for v in row), *(_state(numbers, place) for numbers in known), f"/{place}" if place else "a lever")
        for row, place in zip(found.differing.itertuples(index=False, name=None), found.places, strict=True)
    ]
    told = f"{found.different:,} differ; {found.same:,} levers and numbers are the same in all and are left out."
    return Sheet("Inputs that differ", "What was put in differently", columns, rows, told, kind="input")


def _state(numbers: Mapping[tuple[str, ...], object], place: str) -> str:
    """How well an input is known, by what is recorded of it or of the nearest thing that holds it."""
    steps = tuple(place.split("/"))
    for length in range(len(steps), 1, -1):
        state = numbers.get(("provenance", *steps[:length], "state"))
        if state is not None:
            return InputState(str(state)).label if str(state) in set(InputState) else str(state)
    return ""


def numbers_sheet(beside: Beside, found: Inputs) -> Sheet:
    """The differences that are numbers, a row a place and year, with how far the others are from the first, live."""
    titles = [side.title for side in beside.sides]
    values: _Values = {}
    words: dict[str, tuple[str, str]] = {}
    for row in found.numbers.itertuples(index=False):
        key = (str(row.place), str(row.year))
        values.setdefault(key, {})[str(row.scenario)] = number(row.value)
        words.setdefault(key[0], (str(row.what), str(row.unit)))
    values = _by_year(beside, values)
    rows = [
        _row(beside, key, words[key[0]], [by.get(t, "") for t in titles], FIRST_ROW + k)
        for k, (key, by) in enumerate(values.items())
    ]
    columns = (
        Column("What", 52, wrap=True), Column("Unit", 18, wrap=True), Column("Year", 12),
        *(Column(title, 18, _NUMBER, align="right") for title in titles),
        *(Column(f"{s.title}, less {beside.base.title}", 18, _NUMBER, wrap=True, align="right") for s in beside.others), _PLACE,
    )  # fmt: skip
    note = "A blank: that scenario has no such number. Without a year: the same in every year."
    return Sheet("Numbers that differ", "The differences that are numbers", columns, rows, note, kind="input")


type _Values = dict[tuple[str, str], dict[str, float | None]]
"""Values by scenario, of a place and a year (blank: every year)."""


def _by_year(beside: Beside, values: _Values) -> _Values:
    """The same with a number that holds in every year set out by year where another scenario has one for each."""
    dated = {place for place, year in values if year}
    found: _Values = {}
    for (place, year), by in values.items():
        if year or place not in dated:
            found.setdefault((place, year), {}).update(by)
            continue
        for side in beside.sides:
            for label in side.found.years if side.title in by else ():
                found.setdefault((place, label), {})[side.title] = by[side.title]
    places = {place: k for k, place in enumerate(dict.fromkeys(place for place, _ in values))}
    return dict(sorted(found.items(), key=lambda item: (places[item[0][0]], item[0][1])))


def _row(beside: Beside, key: tuple[str, str], words: tuple[str, str], values: list[float | str | None], row: int) -> list[Value]:
    place, year = key
    steps = tuple(place.split("/"))
    if about(steps) in beside.veil and called(steps).kind in (Kind.MONEY, Kind.EACH):
        return [*words, year, *[HIDDEN] * (len(values) + len(beside.others)), f"/{place}"]
    at = {side.title: here(4 + k, row) for k, side in enumerate(beside.sides)}
    return [*words, year, *values, *(_less(beside, side, at) for side in beside.others), f"/{place}"]


def _less(beside: Beside, side: Side, at: Mapping[str, str]) -> Value:
    """One number less the first one's; nothing where one of them has none, or they are in another unit of money."""
    if side.scenario.money != beside.base.scenario.money:
        return "Not compared: another unit of money"
    mine, base = at[side.title], at[beside.base.title]
    return Formula(f'IF(AND(ISNUMBER({mine}),ISNUMBER({base})),{mine}-{base},"")')
