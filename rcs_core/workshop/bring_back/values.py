"""What somebody typed in a cell as a value of the scenario file: a number in the cell's own unit, none, a word, true or false.

A number that differs only by a spreadsheet's rounding is the number that was there. What could be read in two ways is refused.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isclose

from rcs_core.sheets.read import FORMULA_ERROR, cell_text
from rcs_core.vocab import Agency
from rcs_core.workshop.export.scenario_words import BLANKS

type Plain = float | str | bool | None
ROUNDING = 1e-12
"""The relative difference that a spreadsheet's 15 digits can make."""
_DASHES = frozenset({"-", "–", "n/a"})
NONE = frozenset({"none", *_DASHES, *(word.casefold() for word in BLANKS.values())})
_SPACES = str.maketrans({"\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2212": "-"})
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+|(?=\.))(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")
_POUNDS = re.compile(r"^([+-]?)\s*(?:£|GBP\s?)\s*", re.IGNORECASE)
_IN_POUNDS = re.compile(r"(?:GBP|£|pounds)(?!\s*(?:thousand|million|k\b|m\b))", re.IGNORECASE)
_TRUE, _FALSE = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})


@dataclass(frozen=True, slots=True)
class NotTakenError(Exception):
    """A cell that holds what cannot be taken: what it holds, what could be, and what to do."""

    got: str
    expected: str
    remedy: str


def read_value(cell: object, was: Plain, unit: str, names: Mapping[str, str], shown: object = None) -> Plain:
    """The value that a cell now asks for; `was` itself where nothing was changed. shown: how `was` stood in the cell.

    Raises NotTakenError where it holds what cannot be read as such a value.
    """
    if cell == FORMULA_ERROR:
        remedy = "type the number in its place, or save the workbook in a spreadsheet program so that the formula is worked out"
        raise NotTakenError("a formula without a value, or with an error", "a number", remedy)
    if isinstance(was, bool):
        return _flag(cell)
    if isinstance(was, str):
        return _word(cell, was, names, shown)
    return _number(cell, was, unit, shown)


def same(one: Plain, other: Plain) -> bool:
    """Whether two values are the same but for a spreadsheet's rounding."""
    if is_number(one) and is_number(other):
        return isclose(float(one or 0), float(other or 0), rel_tol=ROUNDING, abs_tol=0.0)
    return type(one) is type(other) and one == other


def is_number(value: object) -> bool:
    """Whether a value is a number (true and false are none)."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(cell: object, was: float | None, unit: str, shown: object) -> float | None:
    wanted = f"a number ({unit})" if unit else "a number"
    if isinstance(cell, dt.date | dt.time | dt.timedelta):
        remedy = "format the cell as a number and type the number again"
        raise NotTakenError(f"{cell_text(cell)}, a date or a time", wanted, remedy)
    if isinstance(cell, bool):
        raise NotTakenError(str(cell).upper(), wanted, "type the number")
    if isinstance(cell, int | float):
        found = float(cell)
    else:
        text = "" if cell is None else str(cell).translate(_SPACES).strip()
        if not text and was is not None:
            remedy = "type the number; where there is to be none (no limit, not modelled), type the word none"
            raise NotTakenError("nothing", wanted, remedy)
        if was is not None and text.casefold() in _DASHES:
            raise NotTakenError(
                text, wanted, "type 0 for nothing; where there is to be no limit, or no such value, type the word none"
            )
        if not text or text.casefold() in NONE or text == shown:
            return None
        found = _number_in(text, unit, wanted)
    if was is not None and same(found, was):
        return was
    return int(found) if isinstance(was, int) and found.is_integer() else found


def _number_in(text: str, unit: str, wanted: str) -> float:
    """A number that was typed as text."""
    plain = text
    if _POUNDS.match(text):
        if not _IN_POUNDS.match(unit):
            example = ": £1,200 is 1.2 in GBP thousand" if "thousand" in unit else ""
            remedy = f"type the number alone, counted as {unit or 'the column Unit says'}{example}"
            raise NotTakenError(text, wanted, remedy)
        plain = _POUNDS.sub(r"\1", text)
    share = plain.endswith("%")
    if share and "share" not in unit.casefold():
        raise NotTakenError(text, wanted, f"type the number itself{f', in {unit}' if unit else ''}, not a percentage")
    plain = plain.removesuffix("%").strip()
    if not _NUMBER.fullmatch(plain):
        raise NotTakenError(text, wanted, "type the number alone, such as 1,200 or 1200.5")
    found = float(plain.replace(",", ""))
    return found / 100 if share else found


def _flag(cell: object) -> bool:
    said = cell_text(cell).strip().casefold()
    if said in _TRUE or said in _FALSE:
        return said in _TRUE
    raise NotTakenError(cell_text(cell) or "nothing", "TRUE or FALSE", "type TRUE or FALSE")


def _word(cell: object, was: str, names: Mapping[str, str], shown: object) -> str:
    """An id or a word: by its name in the book, or as the scenario file has it."""
    text = cell_text(cell).strip()
    if not text:
        raise NotTakenError("nothing", f"a name or word, such as {shown or was}", f"type it again (it was {shown or was})")
    if text in (was, str(shown).strip(), names.get(was, was).strip()):
        return was
    known = {**{agency.value: agency.label for agency in Agency}, **names}
    meant = [identity for identity, name in known.items() if name.strip().casefold() == text.casefold()]
    if len(meant) > 1 and text not in meant:
        raise NotTakenError(text, f"one of the ids {', '.join(meant)}", "several things have this name: type the id")
    return meant[0] if meant else text
