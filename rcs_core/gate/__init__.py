"""The one gate that everything passes on its way out: files of the workbench and of the command line, and links to its views.

In: the content, its kind, the subject it is about, the release it is of. Out: the same content, or a `LeavingError` that says all
that may not leave, and nothing leaves. What the gate cannot see (a figure in a form it does not know) is kept back by how files
are made, and a test reads every export of every page and hands the union to the auditor.
"""

import datetime as dt
from pathlib import Path

from rcs_core.gate.bought import on_shared_screen
from rcs_core.gate.contents import Contents, Made, contents
from rcs_core.gate.counted import facts
from rcs_core.gate.hidden import hidden, words
from rcs_core.gate.identity import identifiers
from rcs_core.gate.refusal import LeavingError, Refusal, refused
from rcs_core.gate.spreadsheet_safe import csv_bytes, formulas, harmless
from rcs_core.release import Release

__all__ = ["LeavingError", "Made", "breaches", "csv_bytes", "harmless", "let_out", "let_out_file", "let_out_text"]

type Content = bytes | str | Made


def let_out(content: Content, kind: str, subject: str, release: Release | None, prices_hidden: bool = False) -> bytes:
    """The bytes of a file that may leave. release: whose figures it holds (None: of no release, such as a blank form).

    prices_hidden: whether it leaves a screen that keeps names and prices of bought services back.
    Raises LeavingError with everything in it that may not leave.
    """
    if found := breaches(contents(kind, content, subject), subject, release, prices_hidden):
        raise refused(found, subject)
    raw = content.content if isinstance(content, Made) else content
    return raw.encode("utf-8") if isinstance(raw, str) else raw


def let_out_text(text: str, subject: str, release: Release | None, prices_hidden: bool = False) -> str:
    """A line that may leave: a link, a citation. Raises LeavingError."""
    if found := breaches(Contents(texts=[text]), subject, release, prices_hidden):
        raise refused(found, subject)
    return text


def let_out_file(path: Path, release: Release | None, subject: str = "", prices_hidden: bool = False) -> Path:
    """A file that was written and may stay; one that may not is removed. Raises LeavingError."""
    try:
        let_out(path.read_bytes(), path.suffix.removeprefix(".").lower(), subject or path.stem, release, prices_hidden)
    except LeavingError:
        path.unlink()
        raise
    return path


def breaches(found: Contents, subject: str, release: Release | None, prices_hidden: bool) -> list[Refusal]:
    """All that may not leave, at once."""
    year = int(release.manifest.year[:4]) if release else dt.date.today().year
    said = [*identifiers(found, year), *formulas(found)]
    if release is not None:
        said += hidden(facts(found.grids, subject, words(release)), release)
    if release is not None and prices_hidden:
        said += on_shared_screen(found, release)
    return said
