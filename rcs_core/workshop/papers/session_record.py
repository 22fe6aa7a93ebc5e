"""The record of a session as a document: what happened, in the order of the room, for those who were there and for others."""

from collections.abc import Iterator

import pandas as pd

from rcs_core.documents.parts import Block, Document, Grid, Heading, Points, Text
from rcs_core.workshop.meeting.record import Record, Section, Sheet

_NOTHING = "–"
_LONG = 10
"""Columns that a page holds; a table with more stands in the pack as csv alone."""


def session_record(record: Record) -> Document:
    """The record as a document; its foot names the release and the day on every page."""
    stamp = record.stamp
    blocks: list[Block] = [Text(record.lead, "lead"), *(Text(text, "warning") for text in record.warnings)]
    for section in record.sections:
        blocks += [*_section(section)]
    blocks.append(Text(f"To cite: {stamp.citation(f'Session record, {record.title}')}", "note"))
    subtitle = f"Session record · {stamp.area} · release {stamp.release_id} of {stamp.built}, program {stamp.code_version}"
    return Document(record.title, stamp, blocks, subtitle)


def _section(section: Section) -> Iterator[Block]:
    yield Heading(section.heading)
    for said in section.said:
        yield Text(said)
    if section.points:
        yield Points([text for _, text in section.points], [strong for strong, _ in section.points])
    for sheet in section.sheets:
        if len(sheet.rows.columns) > _LONG:
            yield Text(f"{sheet.caption}: in the pack, as {sheet.file}.", "note")
        else:
            yield _grid(sheet)


def _grid(sheet: Sheet) -> Grid:
    rows = sheet.rows
    figures = frozenset(k for k, column in enumerate(rows.columns) if pd.api.types.is_numeric_dtype(rows[column]))
    texts = [[_cell(value) for value in row] for row in rows.itertuples(index=False)]
    return Grid(sheet.caption, list(map(str, rows.columns)), texts, figures, sheet.notes, sheet.widths)


def _cell(value: object) -> str:
    if value is None or value == "" or value is pd.NA or (isinstance(value, float) and value != value):
        return _NOTHING
    if isinstance(value, float):
        return f"{value:,g}"
    return f"{value:,}" if isinstance(value, int) else str(value)
