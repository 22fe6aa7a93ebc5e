"""A file that is no input but lies in the input folder: it is not read into anything, and yet must name nobody.

In: the file. Out: a breach when its name, a header or a cell of its first rows is a direct identifier; nothing is shown.
"""

from dataclasses import replace
from pathlib import Path

from rcs_core.contracts.files import READABLE, error, read_raw
from rcs_core.contracts.findings import MASK, Breaches
from rcs_core.contracts.identifiers import column_kinds, header_kind, names_itself, policy

LOOKED_AT = 500
"""Rows of such a file that are looked at: enough to know a list of children by."""
REMEDY = "take the file out of this folder: files that name children belong to the pseudonym role (rcs pseudonymise)"


def check_stranger(path: Path, year: int) -> list[Breaches]:
    """The first breach of each column that names children, and of the file's name; nothing for any other file."""
    words = path.stem.replace("_", " ").replace("-", " ")
    kind = names_itself(path.stem, True, year) or names_itself(words, True, year)
    file = MASK if kind else path.name
    said = [_breach(file, "a file name", kind)] if kind else []
    if path.suffix.casefold() not in READABLE:
        return said
    raw, more = read_raw(path)
    said += [replace(b, file=file) for b in more if b.code == "identifier"]
    if raw is None:
        return said
    for place, header in enumerate(raw.header):
        cells = raw.frame[place].iloc[:LOOKED_AT].unique().tolist()
        itself = names_itself(header, True, year)
        # Whether the file is about children nobody knows, so nine digits alone are not taken for a candidate number.
        found = itself or header_kind(header) or next(filter(None, column_kinds(cells, None, False, year, header)), "")
        if found:
            said.append(_breach(file, "a stray file", found, f"column {place + 1}" if itself else header.strip()))
    return said


def _breach(file: str, where: str, kind: str, column: str = "") -> Breaches:
    return error(
        file, "identifier", f"no direct identifier in {where}; this looks like {policy().kinds[kind].label}", REMEDY, MASK, column
    )
