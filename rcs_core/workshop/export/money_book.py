"""Services and spend as one workbook: the register, every line of mapped money, its sums, and what to ask of them.

In: a release, a stamp and a day. Out: a workbook whose sums and shares are live formulas and whose checks tie them to the
ledgers to the penny. From a shared screen it leaves as the screen is: without providers' names and prices of what is bought.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd

from rcs_core.release import Release
from rcs_core.sheets.write import FIRST_ROW, Column, Formula, Row, Sheet, Value, here, span
from rcs_core.stamp import Stamp
from rcs_core.workshop import big_screen, challenge, contracting, coordinate, evidence_rated, spend_map, unit_prices, years
from rcs_core.workshop.evidence import text
from rcs_core.workshop.export.book_parts import POUNDS, Line, Subject, figures, named_apart, table, write_tables
from rcs_core.workshop.export.book_proofs import Check, checks_sheet, in_words
from rcs_core.workshop.export.money_sheets import (
    ALL_SUMS,
    BY_SERVICE,
    Money,
    register_sheet,
    spend_sheet,
    sums_sheet,
    terms_sheet,
    whole,
)
from rcs_core.workshop.need_money import Outcome
from rcs_core.workshop.spend_map.money import ledger_label
from rcs_core.workshop.spend_map.screen import screen

SUBJECT = "Services and spend"
LEDGERS, LEFT_OUT = "Ledgers", "Left out"
ALL_LEDGERS = "all ledgers together"
_PENNY = 0.005
_LEDGER = {
    "control_total": "Control total (£)", "mapped": "Mapped (£)", "other_areas": "Other areas (£)", "excluded": "Left out (£)",
    "unmapped": "Not mapped (£)",
}  # fmt: skip


def write_money_book(release: Release, stamp: Stamp, path: Path, today: date | None = None) -> None:
    """Write services and spend; what is kept back from a shared screen is so where the stamp says that it left from one.

    Raises SheetError when the place cannot be written.
    """
    sheets, proofs = tables(release, stamp.prices_hidden, today or stamp.taken)
    write_tables(path, _subject(release, stamp, proofs), [*sheets, proofs])


def tables(release: Release, on_screen: bool, today: date) -> tuple[list[Sheet], Sheet]:
    """Every sheet, and the checks."""
    money = Money(release, on_screen)
    lines = spend_sheet(money)
    sums = [sums_sheet(money, lines, of) for of in ALL_SUMS]
    ledgers, out = _ledgers(release, on_screen), _left_out(release)
    register = register_sheet(money, next(s for s in sums if s.name == BY_SERVICE.name))
    told = [*_told(release, on_screen, today)]
    proofs = checks_sheet(_checks(lines, sums, ledgers, out), "To the penny, between the sheets and with the ledgers.")
    return named_apart([register, terms_sheet(money), *sums, ledgers, out, *told, lines]), proofs


def _ledgers(release: Release, on_screen: bool) -> Sheet:
    """Each ledger's control total, and what became of it; the difference is live.

    on_screen: all ledgers together, as one that maps a single bought service would tell its price.
    """
    frame = release.frame("ledger_totals")
    if on_screen:
        years = sorted({text(year) for year in frame["financial_year"]})
        sums = frame[[c for c in _LEDGER if c in frame]].sum()
        frame = pd.DataFrame([{"ledger": ALL_LEDGERS, "financial_year": ", ".join(years), **sums.to_dict()}])
    amounts = [c for c in _LEDGER if c in frame]
    columns = [Column("Ledger", 22), Column("Financial year", 12), *(Column(_LEDGER[c], 18, POUNDS) for c in amounts)]
    rows: list[Row] = []
    for number, row in enumerate(frame.to_dict("records")):
        name = ledger_label(text(row["ledger"]))
        cells: list[Value] = [f"{name[:1].upper()}{name[1:]}", text(row["financial_year"])]
        cells += [round(float(row[c]) * 100) / 100 for c in amounts]
        rows.append([*cells, _difference(len(amounts), FIRST_ROW + number)])
    total: list[Value] = ["Total", None, *(_sum(3 + k, len(rows)) for k in range(len(amounts) + 1))]
    note = "Control total = mapped + other areas' share + left out + not mapped; the difference is live."
    title = "Ledgers against their control totals"
    return Sheet(LEDGERS, title, [*columns, Column("Difference (£)", 16, POUNDS)], [*rows, total], note, totals=1)


def _difference(amounts: int, row: int) -> Formula:
    return Formula(f"ROUND({here(3, row)}-SUM({here(4, row)}:{here(2 + amounts, row)}),2)")


def _sum(column: int, count: int) -> Formula:
    return Formula(f"SUM({here(column, FIRST_ROW)}:{here(column, FIRST_ROW + count - 1)})" if count else "0")


def _left_out(release: Release) -> Sheet:
    found = table(LEFT_OUT, "Money that is in no figure, and why", spend_map.left_out(release), "Of each ledger.")
    total: Row = ["Total", *[None] * (len(found.columns) - 2), _sum(len(found.columns), len(found.rows))]
    return Sheet(found.name, found.title, found.columns, [*found.rows, total], found.note, totals=1)


def _told(release: Release, on_screen: bool, today: date) -> Iterator[Sheet]:
    """The tables of the page, as the page has them."""
    dash = ["A blank stands for what the big screen does not show."] if on_screen else []
    if view := spend_map.by_fund(release, None, on_screen):
        yield _page("Funds", "Ring-fenced funds and what they pay for", view.numbers, [view.headline.basis, *dash])
    rated = evidence_rated.evidence_rated(release, None, on_screen)
    yield _page("Evidence", "Services by evidence rating", rated.services, [rated.view.headline.sentence, *dash])
    costs = unit_prices.unit_prices(release, None, on_screen)
    yield _page("Unit prices", "What a participant costs, here and elsewhere", costs.view.numbers, [*costs.notes[:2], *dash])
    if later := years.years_ahead(release, None, on_screen):
        yield _page("Later years", "Budgets of later years, by who pays", later.view.numbers, [years.CASH, *dash])
        yield _page("Later years, services", "Budgets of later years, by service", later.services, [years.CASH, *dash])
    agreed = contracting.contracting(release, today, on_screen)
    if len(agreed.view.numbers):
        day = contracting.said_day(today)
        yield _page("Contracts", f"Bought services and their contracts, as at {day}", agreed.view.numbers, dash)
        yield _page("Contracts, reasons", "Reasons to look at a contract again", agreed.counts, [agreed.view.headline.sentence])
    both = coordinate.coordinate(release, Outcome.DOMAIN, on_screen)
    if len(both.view.numbers):
        yield _page("Together", "Where agencies could coordinate", both.view.numbers, [both.view.headline.sentence, *dash])
    asked = challenge.panel(release, today, on_screen)
    rows = big_screen.without_sums(asked.frame(), release, on_screen)
    yield _page("Questions to ask", "Questions to ask of services and money", rows, asked.notes())


def _page(name: str, title: str, frame: pd.DataFrame, notes: list[str]) -> Sheet:
    return table(name, title, figures(frame), " ".join(note for note in notes if note))


def _checks(lines: Sheet, sums: list[Sheet], ledgers: Sheet, out: Sheet) -> list[Check]:
    """That every sum is that of the lines, the lines are what the ledgers mapped, and every ledger is accounted for."""
    spent = f"SUM({span(lines.name, len(lines.columns), FIRST_ROW, lines.last_row)})"
    found = [Check("Adds up to the lines of spend", sheet.name, whole(sheet), spent, _PENNY) for sheet in sums]
    found.append(Check("The lines are what the ledgers mapped", "All ledgers", spent, _run(ledgers, "Mapped (£)"), _PENNY))
    rest = [c.title for c in ledgers.columns if c.title in ("Left out (£)", "Not mapped (£)", "Other areas (£)")]
    reasons = f"SUM({span(out.name, len(out.columns), FIRST_ROW, out.last_row)})"
    found.append(Check("What is left out has a reason", "All ledgers", "+".join(_run(ledgers, c) for c in rest), reasons, _PENNY))
    parts = "+".join(_run(ledgers, c.title) for c in ledgers.columns[3:-1])
    found.append(Check("Every ledger is accounted for", "All ledgers", _run(ledgers, "Control total (£)"), parts, _PENNY))
    return found


def _run(sheet: Sheet, title: str) -> str:
    return f"SUM({span(sheet.name, sheet.column(title), FIRST_ROW, sheet.last_row)})"


def _subject(release: Release, stamp: Stamp, proofs: Sheet) -> Subject:
    may = screen(release, stamp.prices_hidden).may
    total = spend_map.total(release, None, may)
    about: list[Line] = [("The money", total.sentence), ("It rests on", total.basis), ("Checks", in_words(proofs))]
    first = [_OFF_SCREEN] if stamp.prices_hidden else []
    reading = [
        *_READING,
        *(
            ("Caveat", line)
            for line in spend_map.caveats(release, spend_map.Choice(), spend_map.prevention(release, None, stamp.prices_hidden))
        ),
    ]
    return Subject(SUBJECT, "The register of services, what is spent on them, by whom, and how much of it prevents.", stamp,
                   first, about, reading)  # fmt: skip


_OFF_SCREEN = "It left from the shared screen: without providers' names, prices of bought services, and sums that would tell one."
_READING: tuple[Line, ...] = (
    (
        "Spend",
        "Money of the ledgers that a service was found for, in pounds and pence. Every sum is a live formula of that sheet.",
    ),
    ("Levels", "Primary, secondary and tertiary prevention, responsive, and other; as tagged in the register."),
    ("Children served", "As each service counts them. A child helped by two services is counted by both: never add them."),
    ("Spend per child served", "An average of all payers' money. It is not what one more child would cost."),
    ("Not in the figures", "What no service was found for, and what was left out with a reason: the sheet Left out."),
    ("Contracts", "A reason to look is raised by a rule that anybody can check. It says nothing of a contract or a provider."),
)
