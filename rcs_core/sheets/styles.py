"""How cells look: each style is made once in a workbook and then known by its number, since styles are what is slow."""

from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.worksheet import Worksheet

FACE = "Calibri"
DARK, PALE, ENTRY, FAULT = "1F3A5F", "E8EDF3", "FFF4C8", "F4B6B0"
"""Headings and rules; totals; cells to fill; a check that does not hold."""
TABS = {"front": "1F3A5F", "input": "E69F00", "result": "0072B2", "chart": "56B4E9", "proof": "009E73", "source": "8B9698"}
"""The colour of a sheet's tab by what the sheet is for; no two that are told apart by hue alone say different things."""
type Look = Literal["plain", "total", "entry", "link", "head", "title", "note"]

_LINE = Side(style="thin", color=DARK)
_EDGE = Side(style="thin", color="C8B560")
_GAP = Side(style="thin", color="FFFFFF")
_LOOKS: dict[Look, dict[str, Any]] = {
    "plain": {"font": Font(name=FACE, size=11)},
    "total": {
        "font": Font(name=FACE, size=11, bold=True),
        "fill": PatternFill("solid", fgColor=PALE),
        "border": Border(top=_LINE),
    },
    "entry": {
        "font": Font(name=FACE, size=11),
        "fill": PatternFill("solid", fgColor=ENTRY),
        "border": Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE),
        "protection": Protection(locked=False),
    },
    "link": {"font": Font(name=FACE, size=11, underline="single", color="0B4F8A")},
    "head": {
        "font": Font(name=FACE, size=11, bold=True, color="FFFFFF"),
        "fill": PatternFill("solid", fgColor=DARK),
        "border": Border(left=_GAP),
    },
    "title": {"font": Font(name=FACE, bold=True, size=14)},
    "note": {"font": Font(name=FACE, size=11, italic=True, color="444444")},
}


class Styles:
    """The numbers of the styles of one workbook."""

    def __init__(self, book: Workbook) -> None:
        self._scratch, self._known = Worksheet(book, "scratch"), dict[tuple[object, ...], int]()

    def number(
        self, look: Look, form: str = "General", wrap: bool = False, side: str | None = None, quote: bool = False,
        middle: bool = False,
    ) -> int:  # fmt: skip
        """The number of a style; form: its number format; quote: kept from becoming a formula when it is edited."""
        key = (look, form, wrap, side, quote, middle)
        if key not in self._known:
            cell: Any = self._scratch.cell(1, len(self._known) + 1)
            for name, value in _LOOKS[look].items():
                setattr(cell, name, value)
            aside = 1 if side == "right" else 0
            cell.alignment = Alignment(side, "center" if middle else "top", wrap_text=wrap, indent=aside)
            cell.number_format, cell.quotePrefix = form, quote
            self._known[key] = cell.style_id
        return self._known[key]
