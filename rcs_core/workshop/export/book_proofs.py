"""A sheet of checks for a workbook: two figures that must be the same, each a live formula, and whether they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from rcs_core.sheets.write import FIRST_ROW, Column, Formula, Row, Sheet, span

CHECKS = "Checks"
_HOLDS = 7
_COLUMNS = (
    Column("Check", 52, wrap=True),
    Column("Of what", 40, wrap=True),
    Column("This", 18, "#,##0.00####"),
    Column("That", 18, "#,##0.00####"),
    Column("Difference", 14, "0.00E+00"),
    Column("Tolerance", 12, "0.00E+00"),
    Column("Holds", 10, flag=True, align="center"),
    Column("In words", 18),
)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be true: two formulas come to the same within a tolerance."""

    text: str
    about: str
    this: str
    that: str
    tolerance: float


def checks_sheet(checks: Sequence[Check], note: str) -> Sheet:
    """The checks, each live."""
    rows = [_row(check, FIRST_ROW + k) for k, check in enumerate(checks)]
    return Sheet(CHECKS, "Checks: does everything add up?", _COLUMNS, rows, note, kind="proof")


def _row(check: Check, row: int) -> Row:
    live = [Formula(check.this), Formula(check.that), Formula(f"ABS(C{row}-D{row})")]
    words = Formula(f'IF(G{row},"holds","DOES NOT HOLD")')
    return [check.text, check.about, *live, check.tolerance, Formula(f"E{row}<=F{row}"), words]


def in_words(checks: Sheet) -> Formula:
    """How many checks hold, as a sentence for the cover."""
    if not checks.rows:
        return Formula('"There is nothing to check"')
    run, count = span(CHECKS, _HOLDS, FIRST_ROW, checks.last_row), len(checks.rows)
    broken = f"SUMPRODUCT(({run}=FALSE)*1)"
    return Formula(f'IF({broken}=0,"All {count} checks hold",{broken}&" of {count} checks do not hold: see Checks")')
