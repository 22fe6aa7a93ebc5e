"""Published figures of other places, looked at as a stranger would: none of a place or a question of ours, none of few people."""

from collections.abc import Iterator, Sequence

from rcs_core.audit.report import Leak
from rcs_core.audit.seen import Row, figure, rows
from rcs_core.councils import councils, counts_people
from rcs_core.release import Table

NAMES = ("comparators", "published_effects")
OF_OURS = "figure of ours among published ones"


def comparator_leaks(tables: Sequence[Table], min_cell: int) -> Iterator[Leak]:
    """Every published figure that speaks of our schools, clusters or survey answers, or of fewer people than may be told."""
    inner, council = _places(tables)
    asked = _asked(tables)
    for table in (t for t in tables if not t.is_count and t.name.rpartition("/")[2] in NAMES):
        for row in rows(table.frame):
            place, what = row.get("geography", "").casefold(), row.get("indicator", "").casefold()
            number = figure(row.get("value", ""))
            if place in inner:
                yield Leak(table.name, _where(row), OF_OURS, f"{row['geography']} is a school or a cluster of this partnership")
            elif place in council and what in asked:
                yield Leak(
                    table.name, _where(row), OF_OURS, f"“{row['indicator']}” was asked here; its figures pass by the survey"
                )
            if number is not None and abs(number) < min_cell and counts_people(row.get("unit", "")):
                yield Leak(table.name, _where(row), "small base", f"value is {number:g} {row['unit']}, under {min_cell}")


def _where(row: Row) -> dict[str, str]:
    return {c: row[c] for c in ("indicator", "group", "year", "geography") if row.get(c)}


def _places(tables: Sequence[Table]) -> tuple[set[str], set[str]]:
    """Codes and names below the council, and those of the council itself; a cluster may bear a council's name."""
    known, inner, council = councils(), set[str](), set[str]()
    for table in (t for t in tables if t.name.rpartition("/")[2] == "areas"):
        for row in rows(table.frame):
            names = {row.get("area", "").casefold(), row.get("name", "").casefold()} - {""}
            if row.get("level") == "council":
                own = known.own(row.get("name", ""), row.get("area", ""))
                council |= {*names, *({own.casefold()} if own else ())}
            else:
                inner |= names
    return inner - council - {name.casefold() for name in known.names}, council


def _asked(tables: Sequence[Table]) -> set[str]:
    """The codes, titles and wordings of the questions that the surveys asked."""
    return {
        row[column].casefold()
        for table in tables
        if table.name.rpartition("/")[2] == "indicators"
        for row in rows(table.frame)
        for column in ("indicator", "title", "question")
        if row.get(column)
    }
