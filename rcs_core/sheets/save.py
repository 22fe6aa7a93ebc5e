"""How a workbook comes to stand on the disk: a draft beside the place, then moved there, or an error and the old file."""

import os
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook

from rcs_core.errors import RcsError

LONGEST_TEXT = 32_767
"""The most characters that a spreadsheet cell can hold."""


class SheetError(RcsError):
    """A workbook cannot be written as asked."""


def empty_book() -> Workbook:
    """A workbook without the sheet that the library puts in every new one."""
    book = Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    return book


def save(book: Workbook, path: Path) -> None:
    """Save a workbook in one step; raises SheetError, and the old file stays."""
    in_one_step(path, book.save)


def in_one_step(path: Path, write: Callable[[Path], object]) -> None:
    """Write a draft beside the place and then move it there; raises SheetError, and the old file stays."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(draft)
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise SheetError(
            "the workbook cannot be written",
            str(path),
            error.strerror or str(error),
            "a file that can be written, in a folder that can",
            "close the file if it is open in a spreadsheet program, or choose another place",
        ) from error
