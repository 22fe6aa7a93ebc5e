"""Which cells of the scenario workbook are there to be changed, each with its range: numbers of *Inputs*, and the sign-off.

A cell is found by its heading, a row by its place in the scenario file, so that the sheet may gain columns. What shapes the
book (years, lists of services, kinds) stays locked: another shape is another scenario, made in the workbench.
"""

from collections.abc import Mapping
from dataclasses import replace

from rcs_core.sheets.write import Entry, Sheet, Value

VALUE, UNIT, PLACE = "Value", "Unit", "Place in the scenario file"
_SHAPE = ("/horizon", "/terminal_credit_years", "/depth")
_WORDS = ("none", "no limit", "not modelled", "unmet need not allowed")
"""What stands where there is no number, and may be put in the place of one."""
_SAID = {
    "Owner": "Whose the change is.",
    "Source": "Where the number comes from, or why it was changed.",
    "Reason": "Why it was changed.",
}
_SHARE = Entry("number", "A share from 0 to 1: 0.25 is a quarter.", 0.0, 1.0)
_PACE = Entry("number", "A share of the year before, 0 or more: 0.1 is a tenth.", 0.0)
_RATE = Entry("number", "A rate from 0 to 1 a year: 0.035 is 3.5 per cent.", 0.0, 1.0)
_YEARS = Entry("whole", "A whole number of years, 0 or more.", 0.0, 50.0)
_YES_NO = Entry("list", "TRUE or FALSE.", choices=("TRUE", "FALSE"))
_PLAIN = Entry("number", "A number. Its unit stands beside it.")


def with_entries(inputs: Sheet) -> Sheet:
    """The sheet *Inputs* with the cells that may be changed."""
    value, unit, place = (inputs.column(title) - 1 for title in (VALUE, UNIT, PLACE))
    found = {
        (k, value): entry
        for k, row in enumerate(inputs.rows)
        if (entry := _entry(row[value], str(row[unit] or ""), str(row[place] or ""))) is not None
    }
    beside = [(k, Entry("text", _SAID[c.title])) for k, c in enumerate(inputs.columns) if c.title in _SAID]
    said = {(row, k): entry for row, _ in found for k, entry in beside}
    return replace(inputs, kind="input", entries=found | said)


def _entry(value: Value, unit: str, place: str) -> Entry | None:
    if place.startswith(_SHAPE):
        return None
    if isinstance(value, bool):
        return _YES_NO
    if isinstance(value, str):
        return _amount("") if value in _WORDS else None
    return _by_unit(unit) if isinstance(value, int | float) else None


def _by_unit(unit: str) -> Entry:
    known: Mapping[str, Entry] = {
        "share (0 to 1)": _SHARE,
        "share of the year before": _PACE,
        "share a year": _RATE,
        "years": _YEARS,
    }
    if unit in known:
        return known[unit]
    return _PLAIN if unit in ("weight", "outcome units") or "effect" in unit else _amount(unit)


def _amount(unit: str) -> Entry:
    return Entry("number", f"An amount of 0 or more{f', in {unit}' if unit else ''}; or: none.", 0.0, words=_WORDS)
