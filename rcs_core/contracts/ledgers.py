"""Reads each agency's ledger as `ledger_columns.yaml` lays it out and adds it up against its control total.

In: a ledger file and its description. Out: its lines with amounts in whole pence, and every breach: an amount that is no
number, a sub-total left out (with a receipt, and what it adds up), a sum that is not the control total to the penny. No float
is ever used.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import pandas as pd

from rcs_core.contracts.clean import Mended
from rcs_core.contracts.findings import MASK, Breaches
from rcs_core.contracts.identifiers import value_finder
from rcs_core.contracts.ledger_rows import HEADING, LINE, REPEATED, SUBTOTAL, Sum, kinds_of, sums, suspects
from rcs_core.contracts.ledger_years import years_in
from rcs_core.contracts.model import fold
from rcs_core.vocab import Severity

PENCE = {"gbp": 100, "gbp_thousand": 100_000, "pence": 1}
AMOUNT = re.compile(r"^(\d{1,3}(?:,\d{3})+|\d+)?(\.\d*)?$")
LARGEST = 10**12
"""Pence of one line: ten thousand million pounds, more than any council spends; a million such lines still add up exactly."""
NOISE = Decimal("0.0001")
FORM = "an amount such as 1,234.56, (1,234.56) or 1,234.56-"
PARTED = re.compile(r"\d\s+[\d.,]|[.,]\s+\d")
SPACED = re.compile(r"^\D*\d{1,3}(?:\s\d{3})+(?:\.\d+)?\D*$")
NO_VALUE = re.compile(r"^#(ERROR!|N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)$")
OTHER_UNITS = {1_000: "a thousand times", 100: "a hundred times", 100_000: "a hundred thousand times"}
type Rows = np.ndarray


def parse_amount(text: str, unit: str = "gbp") -> tuple[int | None, bool]:
    """An amount in whole pence, and whether it was whole to the penny; None when the text is no amount or beyond all bounds.

    Brackets, a leading or trailing minus and CR make it negative; a pound sign, GBP, DR and thousands separators
    are read over, a space only between thousands; a single dash is nothing. A binary fraction's noise (a ten-thousandth of a
    penny) counts as whole.
    """
    if PARTED.search(text) and not SPACED.match(text.strip()):
        return None, True
    plain = re.sub(r"\s", "", text.replace("\u2212", "-").replace("\u2013", "-")).upper().replace("£", "").replace("GBP", "")
    if plain == "-":
        return 0, True
    negative = False
    if plain.startswith("(") and plain.endswith(")"):
        plain, negative = plain[1:-1], True
    for mark in ("CR", "DR", "-", "+") if not negative else ():
        if plain.endswith(mark) or (mark in "-+" and plain.startswith(mark)):
            plain = plain.removesuffix(mark) if plain.endswith(mark) else plain.removeprefix(mark)
            negative = negative != (mark in ("CR", "-"))
            break
    number = _decimal(plain)
    if number is None:
        return None, True
    if abs(number) * PENCE[unit] > LARGEST:
        return None, True
    exact = number * PENCE[unit]
    whole = exact.to_integral_value()
    pence = int(whole)
    return (-pence if negative else pence), abs(exact - whole) <= NOISE


def _decimal(plain: str) -> Decimal | None:
    if re.fullmatch(r"\d+(\.\d+)?E[+-]?\d{1,2}", plain):
        return Decimal(plain)
    if not AMOUNT.match(plain) or not any(sign.isdigit() for sign in plain):
        return None
    try:
        return Decimal(plain.replace(",", ""))
    except InvalidOperation:
        return None


def pounds(pence: int) -> str:
    """Pence as pounds and pence in words that add up to the penny."""
    return f"{'-' if pence < 0 else ''}GBP {abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def subtotal_words(described: Mapping[str, Any]) -> list[str]:
    """The words that mark a sub-total row, folded; told as a list or as text with semicolons."""
    told = described.get("subtotal_words") or []
    parts = told if isinstance(told, list) else str(told).split(";")
    return [word for word in (fold(str(part)) for part in parts) if word]


def check_ledger(table: Mended, described: Mapping[str, Any], mapped: Collection[str]) -> tuple[Mended, list[Breaches]]:
    """Tell sub-totals and headings from lines, read the amounts, and compare their sum with the control total.

    mapped: the cost centres that ledger_map.csv gives for this ledger; a mapped line is never a sub-total.
    """
    told, unit = described.get("columns"), str(described.get("amount_unit", "gbp"))
    headers = {str(k): str(v) for k, v in told.items()} if isinstance(told, dict) else {}
    frame = table.frame
    kinds = kinds_of(frame, subtotal_words(described), mapped, headers)
    parsed = [parse_amount(cell, unit if unit in PENCE else "gbp") if cell else (None, True) for cell in frame["amount"]]
    pence = np.array([amount or 0 for amount, _ in parsed], dtype=np.int64)
    table = replace(table, frame=frame.assign(amount_pence=pence))
    bad = (kinds == LINE) & np.array([amount is None for amount, _ in parsed], dtype=bool)
    fine = (kinds == LINE) & np.array([not whole for _, whole in parsed], dtype=bool)
    rows, amounts = [int(row) for row in frame["_row"]], [int(amount) for amount in pence]
    totals = sums(rows, amounts, kinds)
    breaches = [*_rows_left_out(table, kinds, totals), *_bad_amounts(table, bad), *_alike(table, kinds == LINE)]
    breaches += _some(table, fine, Severity.NOTE, "part_penny", "whole pence; it was rounded to the nearest penny", "", "amount")
    breaches += _other_year(table, described, headers.get("amount", ""))
    if not bad.any() and unit in PENCE:
        total = int(pence[kinds == LINE].sum())
        breaches += _check_total(table, described, total, totals, suspects(rows, amounts, kinds))
    return table, breaches


def _rows_left_out(table: Mended, kinds: Rows, totals: list[Sum]) -> list[Breaches]:
    """Rows that are no lines, each with a receipt; a sub-total with its amount and the rows that it adds up."""
    said = [
        f"{pounds(s.pence)}, {f'the sum of rows {s.first} to {s.last}' if s.adds_up else 'the sum of no rows'}" for s in totals
    ]
    drop, where = Severity.DROP, [s.row for s in totals]
    rule = "lines only; this row adds other rows up"
    found = [Breaches(drop, table.file, SUBTOTAL, rule, "", table.sheet, "", where, said)] if totals else []
    odd = [(s.row, pounds(s.pence)) for s in totals if not s.adds_up and s.pence]
    if odd:
        rule = "a sub-total that is the sum of the rows above or below it; by its words it is one, by its amount it is not"
        remedy = "look whether it is a line (name its cost centre in ledger_map.csv), or whether a line is missing or doubled"
        found.append(_group(table, Severity.NOTE, "subtotal_sum", rule, remedy, odd))
    found += _some(table, kinds == HEADING, drop, HEADING, "lines only; this row is a heading without an amount", "")
    return [*found, *_some(table, kinds == REPEATED, drop, REPEATED, "lines only; this row says the headers again", "")]


def _bad_amounts(table: Mended, bad: Rows) -> list[Breaches]:
    cells = table.frame["amount"]
    blank, broken = (cells == "").to_numpy(), cells.str.match(NO_VALUE).to_numpy(dtype=bool)
    rule, worked_out = (
        "an amount, not a formula's error or a formula that was never worked out",
        "open it, mend it and save again",
    )
    remedy = "write digits with a point for pence, and nothing else in the cell"
    error = Severity.ERROR
    return [
        *_some(table, bad & ~blank & ~broken, error, "amount", FORM, remedy, "amount"),
        *_some(table, bad & broken, error, "formula", rule, worked_out, "amount"),
        *_some(table, bad & blank, error, "required", "a filled cell", "fill the cell, or remove the row", "amount"),
    ]


def _alike(table: Mended, lines: Rows) -> list[Breaches]:
    """Lines that stand twice, word for word and to the penny: pasted twice, perhaps."""
    columns = [c for c in ("cost_centre", "description", "amount_pence") if c in table.frame.columns]
    again = (
        lines & table.frame.where(pd.Series(lines)).duplicated(columns).to_numpy() & (table.frame["amount_pence"] != 0).to_numpy()
    )
    rule = "each line once; this one stands before it too, word for word, and both are counted"
    return _some(table, again, Severity.NOTE, "same_line", rule, "look whether it was pasted twice")


def _other_year(table: Mended, described: Mapping[str, Any], header: str) -> list[Breaches]:
    """The amounts' own header names another year than the description does."""
    told, year = years_in(header), str(described.get("financial_year", ""))
    if not told or not year or year in {y.year for y in told}:
        return []
    severity = Severity.ERROR if all(y.sure for y in told) else Severity.NOTE
    rule = f"amounts of {year}; their header says {', '.join(y.said for y in told)}"
    remedy = "name the column of that year in ledger_columns.yaml, or correct financial_year"
    return [Breaches(severity, table.file, "year_column", rule, remedy, table.sheet, "amount", (), (header,))]


def _some(table: Mended, hit: Rows, severity: Severity, code: str, rule: str, remedy: str, column: str = "") -> list[Breaches]:
    if not hit.any():
        return []
    rows = table.frame["_row"].to_numpy()[hit].tolist()
    cells = table.frame.loc[hit, column].tolist() if column else []
    find = value_finder(None, about_children=False, year=0)
    values = [MASK if find(cell) else cell or "(blank)" for cell in cells] or [""] * len(rows)
    return [Breaches(severity, table.file, code, rule, remedy, table.sheet, column, rows, values)]


def _group(table: Mended, severity: Severity, code: str, rule: str, remedy: str, found: list[tuple[int, str]]) -> Breaches:
    rows, values = [row for row, _ in found], [value for _, value in found]
    return Breaches(severity, table.file, code, rule, remedy, table.sheet, "amount", rows, values)


def _check_total(
    table: Mended, described: Mapping[str, Any], total: int, totals: list[Sum], doubtful: list[Sum]
) -> list[Breaches]:
    wanted, _ = parse_amount(str(described.get("control_total_gbp", "")))
    if wanted is None or wanted == total:
        return []
    gap = total - wanted
    source = str(described.get("control_total_source", "")).strip()
    rule = f"the control total of {pounds(wanted)}{f' ({source})' if source else ''}; the difference is {pounds(gap)}"
    value = f"a sum of lines of {pounds(total)}"
    remedy = _why_off(total, wanted, totals, doubtful)
    return [Breaches(Severity.ERROR, table.file, "control_total", rule, remedy, table.sheet, "amount", (), (value,))]


def _why_off(total: int, wanted: int, totals: list[Sum], doubtful: list[Sum]) -> str:
    """What the difference looks like: another unit, sub-totals that were counted, a line that was taken for one."""
    for times, words in OTHER_UNITS.items():
        if (total and abs(wanted) == abs(total) * times) or (wanted and abs(total) == abs(wanted) * times):
            side = "the control total is" if abs(wanted) > abs(total) else "the lines are"
            return f"{side} {words} the other: look at amount_unit"
    gap = total - wanted
    if gap and gap in (sum(s.pence for s in doubtful), *(s.pence for s in doubtful)):
        rows = ", ".join(f"{s.row} (the sum of rows {s.first} to {s.last})" for s in doubtful if gap == s.pence) or ", ".join(
            str(s.row) for s in doubtful
        )
        return f"a sub-total seems to be counted: row {rows}; add its word to subtotal_words"
    if gap and any(abs(s.pence) == abs(gap) for s in totals):
        return "one sub-total is as large as the difference: look whether it is a line, or whether another one is counted"
    return "look for a line that is missing, doubled or in another unit"
