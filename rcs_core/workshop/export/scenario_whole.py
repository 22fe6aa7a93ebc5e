"""The scenario file itself as the last sheet of its workbook, so that the whole of it can come back.

What comes in is a scenario as a mapping and whose it is; what goes out is a sheet of plain text: the layout of the book, the
program, the release, a hash, and the file in as many cells as it needs. Nothing on it is a number or a formula, so that no
spreadsheet program rounds or works out any of it.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rcs_core import __version__
from rcs_core.sheets.write import Column, Row, Sheet
from rcs_core.workshop.export.scenario_prints import prints_of

SHEET = "Scenario file"
LAYOUT = 2
"""The layout of the books that this program writes; those of layout 1 had no such sheet."""
LONGEST = 30_000
"""Letters in one cell: fewer than any spreadsheet program can hold."""
ITEM, TEXT = "Item", "Text"
LAYOUT_ROW, PROGRAM, AREA, RELEASE, NEED, HASH, NAMES, PART, PRINTS = (
    "Layout", "Program", "Area", "Release", "Need", "SHA-256 of the scenario", "Names of ids", "Scenario", "Sheets as written",
)  # fmt: skip
_SPELLED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose a scenario is: area, release, program, what ids are called in the book, and in what need is counted."""

    area: str = ""
    release_id: str = ""
    units: str = ""
    code_version: str = __version__
    names: Mapping[str, str] = field(default_factory=dict)


def as_text(content: Any) -> str:
    """Plain content as JSON, in signs that every program keeps as they are.

    Its keys stay in their order: where two plans are equally good, that order decides which of them is told.
    """
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    # A spreadsheet reads _x0041_ as the letter A, so its first sign is spelled as JSON can.
    return _SPELLED.sub(r"\\u005f", text)


def content_hash(content: Any) -> str:
    """The SHA-256 of plain content: of a scenario, what says that it is the same scenario."""
    return hashlib.sha256(as_text(content).encode("ascii")).hexdigest()


def whole_sheet(
    scenario: Mapping[str, Any], layout_version: int = LAYOUT, origin: Origin | None = None, sheets: Sequence[Sheet] = ()
) -> Sheet:
    """The sheet *Scenario file*, to stand last in the book; sheets: those before it, so that what is typed over can be told."""
    origin = origin or Origin()
    rows: list[Row] = [
        (LAYOUT_ROW, str(layout_version)),
        (PROGRAM, f"RCS workbench {origin.code_version}"),
        (AREA, origin.area),
        (RELEASE, origin.release_id),
        (NEED, origin.units),
        (HASH, content_hash(scenario)),
        *_parts(NAMES, as_text(dict(origin.names))),
        *_parts(PART, as_text(scenario)),
        *_parts(PRINTS, as_text(prints_of(sheets))),
    ]
    note = "With this sheet the workbench reads the book back. Change numbers on the sheet Inputs; leave this one as it is."
    return Sheet(SHEET, "The scenario file, for the way back", (Column(ITEM, 28), Column(TEXT, 110)), rows, note)


def _parts(label: str, text: str) -> Iterator[Row]:
    """A long text in as many rows as it needs; each says which part of how many it is."""
    pieces = list(_pieces(text))
    for k, piece in enumerate(pieces, start=1):
        yield f"{label}, part {k} of {len(pieces)}", piece


def _pieces(text: str) -> Iterator[str]:
    """The text cut where no blank stands, since a blank at the end of a cell is easily lost."""
    while len(text) > LONGEST:
        cut = LONGEST
        while cut > 1 and " " in text[cut - 1 : cut + 1]:
            cut -= 1
        yield text[:cut]
        text = text[cut:]
    yield text
