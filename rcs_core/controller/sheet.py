"""A document of titled tables, as a workbook or as plain text (Markdown), so that an officer can go on editing either."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rcs_core.errors import SettingsError, UnreadableError
from rcs_core.sheets.write import Column, Sheet, write_book

_WIDEST, _NARROWEST = 60, 12


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the document: a short name (a sheet's), a title, a note, headings and rows."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    note: str = ""


def write_sheet(sections: Sequence[Section], path: Path, title: str) -> None:
    """Write the document as .xlsx or .md by the path's ending; raises SettingsError for another."""
    if path.suffix.casefold() == ".xlsx":
        write_book(path, [_sheet(s) for s in sections], {}, title)
    elif path.suffix.casefold() == ".md":
        write_whole(path, to_markdown(sections, title))
    else:
        raise SettingsError("the sheet is written as .xlsx or .md", path.name, path.suffix or "no ending")


def to_markdown(sections: Sequence[Section], title: str) -> str:
    """The document as Markdown."""
    parts = [f"# {title}"]
    for section in sections:
        head = [f"| {' | '.join(section.columns)} |", f"|{' --- |' * len(section.columns)}"]
        rows = [f"| {' | '.join(_cell(value) for value in row)} |" for row in section.rows]
        parts += [f"## {section.title}", *([section.note] if section.note else []), "\n".join([*head, *rows])]
    return "\n\n".join(parts) + "\n"


def write_whole(path: Path, text: str) -> None:
    """Write a text file in one step: a reader sees the old one or the new one, never half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        remedy = "look at the right to write there and at the room on the disk"
        raise UnreadableError("the file cannot be written", str(path), error.strerror or str(error), remedy=remedy) from error


def _cell(value: str | int) -> str:
    text = f"{value:,}" if isinstance(value, int) else value
    return text.replace("|", "\\|").replace("\n", " ")


def _sheet(section: Section) -> Sheet:
    columns = [
        Column(name, _width([name, *(row[place] for row in section.rows)]), wrap=True, align="left")
        for place, name in enumerate(section.columns)
    ]
    return Sheet(section.name, section.title, columns, section.rows, note=section.note)


def _width(cells: Sequence[str | int]) -> int:
    return min(_WIDEST, max(_NARROWEST, *(len(str(cell)) + 2 for cell in cells)))
