"""Reads each agency's ledger as `ledger_columns.yaml` lays it out and adds it up against its control total.

In: a ledger file and its description. Out: its lines with amounts in whole pence, and every breach: an amount that is no
number, a sub-total left out (with a receipt), a sum that is not the control total to the penny. No float is ever used.
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
from rcs_core.contracts.model import fold
from rcs_core.vocab import Severity

PENCE = {"gbp": 100, "gbp_thousand": 100_000, "pence": 1}
AMOUNT = re.compile(r"^(\d{1,3}(?:,\d{3})+|\d+)?(\.\d*)?$")
LARGEST = 10**12
"""Pence of one line: ten thousand million pounds, more than any council spends; a million such lines still add up exactly."""
NOISE = Decimal("0.0001")
FORM = "an amount such as 1,234.56, (1,234.56) or 1,234.56-"


def parse_amount(text: str, unit: str = "gbp") -> tuple[int | None, bool]:
    """An amount in whole pence, and whether it was whole to the penny; None when the text is no amount or beyond all bounds.

    Brackets, a leading or trailing minus and CR make it negative; a pound sign, GBP, DR and thousands separators
    are read over; a single dash is nothing. A binary fraction's noise (a ten-thousandth of a penny) counts as whole.
    """
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
    """Mark sub-totals and headings, read the amounts, and compare their sum with the control total.

    mapped: the cost centres that ledger_map.csv gives for this ledger; a mapped line is never a sub-total.
    """
    frame = table.frame
    left_out = _left_out(frame, subtotal_words(described), mapped)
    unit = str(described.get("amount_unit", "gbp"))
    parsed = [parse_amount(cell, unit if unit in PENCE else "gbp") if cell else (None, True) for cell in frame["amount"]]
    pence = np.array([amount or 0 for amount, _ in parsed], dtype=np.int64)
    table = replace(table, frame=frame.assign(amount_pence=pence))
    real = left_out == ""
    bad = real & np.array([amount is None for amount, _ in parsed], dtype=bool)
    blank = (frame["amount"] == "").to_numpy()
    fine = np.array([not whole for _, whole in parsed], dtype=bool)
    remedy = "write digits with a point for pence, and nothing else in the cell"
    breaches = [
        *_some(table, left_out == "subtotal", Severity.DROP, "subtotal", "lines only; this row adds other rows up", ""),
        *_some(table, left_out == "heading", Severity.DROP, "heading", "lines only; this row is a heading without an amount", ""),
        *_some(table, bad & ~blank, Severity.ERROR, "amount", FORM, remedy, "amount"),
        *_some(table, bad & blank, Severity.ERROR, "required", "a filled cell", "fill the cell, or remove the row", "amount"),
        *_some(table, real & fine, Severity.NOTE, "part_penny", "whole pence; it was rounded to the nearest penny", "", "amount"),
    ]
    if not bad.any() and unit in PENCE:
        breaches += _check_total(table, described, int(pence[real].sum()), pence[left_out == "subtotal"])
    return table, breaches


def _left_out(frame: pd.DataFrame, words: list[str], mapped: Collection[str]) -> np.ndarray:
    """For each row: subtotal, heading or, for a line, nothing."""
    said = []
    for centre, text, amount in zip(frame["cost_centre"], frame["description"], frame["amount"], strict=True):
        folded = fold(text)
        if centre in mapped and amount:
            said.append("")
        elif any(_has(fold(centre), word) or (_has(folded, word) and (not centre or folded.startswith(word))) for word in words):
            said.append("subtotal")
        else:
            said.append("heading" if not amount and (not centre or not text) else "")
    return np.array(said, dtype=object)


def _has(folded: str, word: str) -> bool:
    return f"_{word}_" in f"_{folded}_"


def _some(
    table: Mended, hit: np.ndarray, severity: Severity, code: str, rule: str, remedy: str, column: str = ""
) -> list[Breaches]:
    if not hit.any():
        return []
    rows = table.frame["_row"].to_numpy()[hit].tolist()
    cells = table.frame.loc[hit, column].tolist() if column else []
    find = value_finder(None, about_children=False, year=0)
    values = [MASK if find(cell) else cell or "(blank)" for cell in cells] or [""] * len(rows)
    return [Breaches(severity, table.file, code, rule, remedy, table.sheet, column, rows, values)]


def _check_total(table: Mended, described: Mapping[str, Any], total: int, subtotals: np.ndarray) -> list[Breaches]:
    wanted, _ = parse_amount(str(described.get("control_total_gbp", "")))
    if wanted is None or wanted == total:
        return []
    gap = total - wanted
    source = str(described.get("control_total_source", "")).strip()
    rule = f"the control total of {pounds(wanted)}{f' ({source})' if source else ''}; the difference is {pounds(gap)}"
    remedy = "look for a line that is missing, doubled or in another unit"
    if gap and (abs(subtotals) == abs(gap)).any():
        remedy = "one sub-total is as large as the difference: look whether it is a line, or whether another one is counted"
    value = f"a sum of lines of {pounds(total)}"
    return [Breaches(Severity.ERROR, table.file, "control_total", rule, remedy, table.sheet, "amount", (), (value,))]
