"""What a method page of `docs/` says in plain English, as parts of a document: sentences and lists, without a page's signs."""

import re
from functools import cache

from rcs_core.documents.parts import Block, Grid, Points, Text
from rcs_core.settings import ROOT
from rcs_core.workshop import method

_STATISTICIAN = "**For a statistician"
"""Where a page leaves plain English."""
_SIGNS = re.compile(r"\*\*|`|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)")
_ITEM = re.compile(r"^- ", re.MULTILINE)


@cache
def prose(doc: str, heading: str = "") -> tuple[Block, ...]:
    """The paragraphs and lists of a section, or of a whole page as far as it is written for everybody."""
    found: list[Block] = []
    for part in method.section(doc, heading).partition(_STATISTICIAN)[0].split("\n\n"):
        if _ITEM.match(part):
            found.append(Points([_plain(item) for item in _ITEM.split(part) if item.strip()]))
        elif part.startswith("|"):
            found.append(_table(part, heading or title(doc)))
        elif part.strip():
            found.append(_paragraph(part))
    return tuple(found)


@cache
def title(doc: str) -> str:
    """What a page is called, without the word that says it is a method."""
    first = (ROOT / doc).read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ").removeprefix("Method: ")
    return first[:1].upper() + first[1:]


def _table(part: str, caption: str) -> Grid:
    rows = [[_plain(cell) for cell in line.strip("| ").split("|")] for line in part.splitlines()]
    return Grid(caption, rows[0], rows[2:])


def _paragraph(part: str) -> Text:
    """A paragraph; words in bold that begin it stay bold."""
    strong, mark, rest = part[2:].partition("**") if part.startswith("**") else ("", "", part)
    return Text(_plain(rest), strong=_plain(strong)) if mark else Text(_plain(part))


def _plain(text: str) -> str:
    return " ".join(_SIGNS.sub("", text).replace("\\$", "$").split())
