"""Invest and release: which services have more or less, whose money it is and what it acts on; and what pays for what.

Amounts stand on *Allocation* and are pointed to; what pays for what is in whole pennies, and adds up to the same changes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import fsum

from rcs_core.sheets.write import FIRST_ROW, MONEY, SHARE, Column, Formula, Row, Sheet, Value, cell, here
from rcs_core.vocab import Label
from rcs_core.workshop.export.extras_found import Extras
from rcs_core.workshop.export.scenario_checks import Check
from rcs_core.workshop.export.scenario_facts import Facts, quoted, sum_column, sum_where
from rcs_core.workshop.export.scenario_sheets import PREVENTATIVE, RESPONSIVE, change_cells, with_totals
from rcs_core.workshop.scenario.explain.funding import Book, Pair, Source, Use, before_plan
from rcs_core.workshop.scenario.format import Prevention, Responsive
from rcs_core.workshop.scenario.wording import said
from rcs_core.workshop.why.funding import RULE

MOVES, PAIRS = "Invest and release", "What pays for what"


class Way(Label):
    """What happens to the money of a service."""

    INVEST = "invest", "More for prevention"
    LESS = "less", "Less for prevention"
    RELEASED = "released", "Released capacity"
    DEARER = "dearer", "More for responding"


_MOVES = (
    Column("Service", 36, wrap=True),
    Column("What happens", 22),
    Column("Who pays", 28, wrap=True),
    Column("Year", 7, "0", align="center"),
    Column("Financial year", 12, align="center"),
    Column("Before", 15, MONEY),
    Column("After", 15, MONEY),
    Column("Change", 15, MONEY),
    Column("Change %", 10, SHARE),
    Column("Acts on", 36, wrap=True),
    Column("Shows from", 14, align="center"),
    Column("Cashable from", 16, align="center"),
)
_PAIRS = (
    Column("Year", 7, "0", align="center"),
    Column("Financial year", 12, align="center"),
    Column("Whose purse", 26, wrap=True),
    Column("What is paid for", 28, wrap=True),
    Column("Of which service", 34, wrap=True),
    Column("Paid by", 30, wrap=True),
    Column("From", 38, wrap=True),
    Column("It can have caused the release", 14, align="center"),
    Column("Amount", 16, MONEY),
)


def moves_sheet(facts: Facts, extras: Extras, allocation: Sheet) -> Sheet:
    """Every service whose money changes, by who pays and year; the largest increase of the last year first."""
    at = _places(allocation)
    lines = sorted(_lines(facts, extras), key=lambda line: line[0])
    rows: list[Row] = []
    for _, way, service, agency, year in lines:
        place = at.get((facts.words.of(service), facts.words.of(agency), year))
        if place is not None:
            rows.append(_move(facts, extras, allocation, way, (service, agency, year, place), FIRST_ROW + len(rows)))
    table = Sheet(MOVES, f"Invest and release ({facts.words.money})", _MOVES, rows)
    note = (
        "Services that change; those held as they are, and those that stay, are on Allocation. Released capacity is not cash: "
        "it is cash from the year named, as far as Inputs says."
    )
    if not rows:
        return replace(table, rows=[["Nothing moves.", *[None] * (len(_MOVES) - 1)]], note=note)
    whole = with_totals(facts, table, year=4, sums=(6, 7), before=6, note=note)
    ways = _by_way(table, [way for way in Way if any(row[1] == way.label for row in rows)], len(whole.rows))
    return replace(whole, rows=[*whole.rows, *ways], totals=whole.totals + len(ways))


def _by_way(table: Sheet, ways: Sequence[Way], above: int) -> list[Row]:
    """What comes to more and what to less over all years, each by itself, under the totals by year."""
    found: list[Row] = []
    for way in ways:
        row = FIRST_ROW + above + len(found)
        amounts = [Formula(sum_where(table, column, {2: quoted(way.label)})) for column in (6, 7)]
        found.append(
            [f"All years: {way.label[:1].lower()}{way.label[1:]}", *[None] * 4, *amounts, *change_cells(6, row), *[None] * 3]
        )
    return found


type _Line = tuple[tuple[object, ...], Way, str, str, int]


def _lines(facts: Facts, extras: Extras) -> Iterator[_Line]:
    """What changes by a penny or more: how it is sorted, what happens, service, agency and year."""
    scenario, order = extras.shift.scenario, list(Way)
    found: list[tuple[Way, str, str, int, float]] = []
    for service in scenario.prevention:
        for agency, year, change in _spent(extras, service):
            found.append((Way.INVEST if change > 0 else Way.LESS, service.id, agency, year, change))
    for acute in scenario.acute:
        for agency, year, change in _cost(extras, acute):
            found.append((Way.DEARER if change > 0 else Way.RELEASED, acute.id, agency, year, change))
    found = [one for one in found if abs(one[-1]) >= facts.penny / 2]
    largest: dict[tuple[Way, str], float] = {}
    for way, name, _, _, change in found:
        largest[way, name] = max(largest.get((way, name), 0.0), abs(change))
    for way, name, agency, year, _ in found:
        yield (order.index(way), -largest[way, name], name, agency, year), way, name, agency, year


def _spent(extras: Extras, service: Prevention) -> Iterator[tuple[str, int, float]]:
    """By agency and year, what a preventative service has more than before."""
    spent = {(r.agency, r.locality, r.year): r.amount for r in extras.shift.result.spend if r.service == service.id}
    for agency, places in service.agencies.items():
        for year in extras.shift.scenario.years:
            yield agency, year, fsum(spent.get((agency, place, year), 0.0) - was for place, was in places.items())


def _cost(extras: Extras, acute: Responsive) -> Iterator[tuple[str, int, float]]:
    """By payer and year, what a responsive service costs more than before."""
    cost: dict[int, float] = {}
    for line in extras.shift.result.responsive:
        if line.service == acute.id:
            cost[line.year] = cost.get(line.year, 0.0) + line.cost
    for agency, share in acute.payer.items():
        for year, now in cost.items():
            yield agency, year, share * (now - before_plan(acute))


def _places(allocation: Sheet) -> dict[tuple[str, str, int], int]:
    """The row of *Allocation* for each service, agency and year."""
    columns = [allocation.column(title) - 1 for title in ("Service", "Agency", "Year")]
    found: dict[tuple[str, str, int], int] = {}
    for row in range(FIRST_ROW, allocation.last_row + 1):
        service, agency, year = (allocation.rows[row - FIRST_ROW][c] for c in columns)
        if isinstance(year, int):
            found[str(service), str(agency), year] = row
    return found


def _move(
    facts: Facts, extras: Extras, allocation: Sheet, way: Way, about: tuple[str, str, int, int], row: int
) -> list[Value]:  # fmt: skip
    service, agency, year, place = about
    amounts = [Formula(cell(allocation.name, allocation.column(title), place)) for title in ("Before", "After")]
    acts, shows = _acts(facts, extras, service, year)
    return [
        facts.words.of(service), way.label, facts.words.of(agency), *facts.year_cells(year), *amounts, *change_cells(6, row),
        acts, shows, _cashable(extras, service, agency, year) if way is Way.RELEASED else "",
    ]  # fmt: skip


def _acts(facts: Facts, extras: Extras, service: str, year: int) -> tuple[str, str]:
    """On which responsive services money for a service acts, and from when what is spent in a year shows."""
    one = next((s for s in extras.shift.scenario.prevention if s.id == service), None)
    if one is None:
        return "", ""
    acts = [facts.words.of(d) for d, share in one.acts_on.items() if share > 0]
    if not acts:
        return "no responsive service named", ""
    if extras.discussed:
        return ", ".join(acts), "no effect is used"
    then = year + one.lag
    return ", ".join(acts), facts.words.years[then - 1] if then <= facts.horizon else "after the plan"


def _cashable(extras: Extras, service: str, agency: str, year: int) -> str:
    """From which year released capacity is cash; that it is not known within the plan where nothing says."""
    frame, when = extras.shift.found.released, extras.shift.found.years[year - 1]
    rows = frame[(frame["service"] == service) & (frame["payer"] == agency) & (frame["year"] == when)]
    found = str(rows["cashable_from"].iloc[0]) if len(rows) else ""
    return found or "not within the plan"


def pairs_sheet(facts: Facts, extras: Extras) -> Sheet:
    """Every pair of every year: so much of what is paid for is paid by so much of what is released, cut, pooled or unused."""
    rows: list[Row] = []
    if extras.funding:
        one = extras.funding.one
        rows = [_pair(facts, extras, book, pair, one) for book, pair in extras.funding.pairs()]
    totals: list[Row] = []
    for year in facts.years if rows else ():
        row = FIRST_ROW + len(rows) + len(totals)
        totals.append([*facts.year_cells(year), *[None] * 6, Formula(_where(rows, here(1, row)))])
    whole = sum_column(len(rows), len(_PAIRS)) if rows else Formula("0")
    totals.append([None, "All years", *[None] * 6, whole])
    return Sheet(PAIRS, f"What pays for what ({facts.words.money})", _PAIRS, [*rows, *totals], RULE, totals=len(totals))


def _where(rows: Sequence[Row], year: str) -> str:
    end = FIRST_ROW + len(rows) - 1
    years, amounts = f"A${FIRST_ROW}:A${end}", f"I${FIRST_ROW}:I${end}"
    return f"SUMPRODUCT(({years}={year})*1,{amounts})"


def _pair(facts: Facts, extras: Extras, book: Book, pair: Pair, one: float) -> list[Value]:
    def name(identity: str) -> str:
        known = facts.words.of(identity)
        return "" if not identity else known if known != identity else said(identity, extras.shift.names)

    caused = "Yes" if pair.caused else "No" if pair.source.kind is Source.RELEASED else ""
    source = ", paid in by ".join(filter(None, [name(pair.source.about), name(pair.source.by)]))
    return [
        *facts.year_cells(book.year), name(book.agency), Use(pair.use.kind).label, name(pair.use.about),
        Source(pair.source.kind).label, source, caused, round(pair.pence * one, 8),
    ]  # fmt: skip


def money_checks(facts: Facts, extras: Extras, allocation: Sheet, sheets: Mapping[str, Sheet]) -> Iterator[Check]:
    """That what moves, and what pays for what, are the changes of *Allocation*, in every year."""
    moves, pairs = sheets.get(MOVES), sheets.get(PAIRS)
    change = allocation.column("Change")
    for year in facts.years:
        when, label = str(year), facts.words.years[year - 1]
        for level, ways in ((PREVENTATIVE, (Way.INVEST, Way.LESS)), (RESPONSIVE, (Way.RELEASED, Way.DEARER))):
            whole = sum_where(allocation, change, {2: quoted(level), 4: when})
            if moves and moves.totals:
                listed = "+".join(sum_where(moves, 8, {2: quoted(way.label), 4: when}) for way in ways)
                yield Check(
                    f"Invest and release holds every change: {level}", label, listed, "equal to", whole, _spare(facts, extras)
                )
            if pairs and extras.funding:
                kinds = (Use.INVEST, Source.CUT) if level == PREVENTATIVE else (Use.DEARER, Source.RELEASED)
                paid = _sum(pairs, 4, kinds[0].label, when), _sum(pairs, 6, kinds[1].label, when)
                text = f"What pays for what adds up to the change: {level}"
                yield Check(text, label, f"{paid[0]}-{paid[1]}", "equal to", whole, _rounding(facts, extras, year))


def _sum(pairs: Sheet, column: int, kind: str, when: str) -> str:
    return sum_where(pairs, len(_PAIRS), {column: quoted(kind), 1: when})


def _spare(facts: Facts, extras: Extras) -> float:
    """Changes under half a penny are not listed."""
    scenario = extras.shift.scenario
    lines = sum(len(s.agencies) for s in scenario.prevention) + sum(len(d.payer) for d in scenario.acute)
    return facts.penny * max(1.0, lines / 2)


def _rounding(facts: Facts, extras: Extras, year: int) -> float:
    """Each line of a purse is in whole pennies: half a penny a line, and what was put on one so that its purse adds up."""
    books: Iterable[Book] = (book for book in extras.funding.books if book.year == year) if extras.funding else ()
    return facts.penny * (1 + _spare(facts, extras) / facts.penny + sum(abs(book.rounding) for book in books))
