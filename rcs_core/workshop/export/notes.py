"""The notes that travel with a table: whose it is, what was chosen, what columns and marks mean, who is not in it.

In: the rows, what they are called, whose they are, and what the page said beside them. Out: a text file that a reader without
the program understands, and the pack of the table with its notes.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from rcs_core.gate import csv_bytes
from rcs_core.release import Release
from rcs_core.stamp import Stamp
from rcs_core.workshop import definitions, evidence, spend_map

_FIXED = (1980, 1, 1, 0, 0, 0)
"""The clock inside a pack, so that the same rows give the same bytes."""
_MONEY = ("(£)", "_gbp")
_OF_SERVICES = frozenset({"Service", "Provider", "service_name", "provider"})


@dataclass(frozen=True, slots=True)
class Beside:
    """What a page said beside a table: its choices by name, remarks under it, what its marks mean."""

    choices: Mapping[str, Sequence[str]]
    remarks: Sequence[str] = ()
    marks: Sequence[str] = ()


def pack(frame: pd.DataFrame, subject: str, stamp: Stamp, release: Release | None, beside: Beside) -> bytes:
    """The table as csv with its notes in one zip: a csv has no room for notes, and two downloads part company."""
    name = stamp.file_name(subject, "csv")
    files = {name: csv_bytes(frame), f"{name.removesuffix('.csv')}_notes.txt": notes(frame, subject, stamp, release, beside)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        for inner, content in files.items():
            entry = zipfile.ZipInfo(inner, _FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            whole.writestr(entry, content)
    return out.getvalue()


def notes(frame: pd.DataFrame, subject: str, stamp: Stamp, release: Release | None, beside: Beside) -> bytes:
    """The notes as text (UTF-8 with a mark, lines as every editor reads them)."""
    lines = [subject, "=" * min(len(subject), 80), "", stamp.citation(subject), ""]
    for title, said in _sections(frame, subject, stamp, release, beside):
        if said:
            lines += [title, "-" * len(title), *said, ""]
    return "\r\n".join(lines).encode("utf-8-sig")


def _sections(
    frame: pd.DataFrame, subject: str, stamp: Stamp, release: Release | None, beside: Beside
) -> Iterator[tuple[str, list[str]]]:
    bought = any(str(c).endswith(_MONEY) or str(c) in _OF_SERVICES for c in frame.columns)
    yield "Whose figures", [f"{label}: {text}" for label, text in stamp.lines() if bought or label != "Left out"]
    yield "What was chosen on the page", [f"{key}: {', '.join(values)}" for key, values in sorted(beside.choices.items())]
    yield "Columns", [_column(str(heading)) for heading in frame.columns]
    yield "Marks", list(beside.marks)
    yield "What to know", list(beside.remarks)
    yield from _of_release(frame, subject, release)


def _column(heading: str) -> str:
    known = definitions.column(heading)
    return f"{heading}: {known.said}" if known else heading


def _of_release(frame: pd.DataFrame, subject: str, release: Release | None) -> Iterator[tuple[str, list[str]]]:
    """What the release says of the questions of a table, and of whom or what it leaves out."""
    if release is None:
        return
    asked = _surveys(frame, subject, release)
    facts = [q for survey in asked for q in definitions.questions(release, survey) if _named(q.title, subject)]
    yield "The question", [f"{name}: {text}" for q in facts for name, text in q.facts]
    yield "Who is not in it", [line for survey in asked for line in evidence.not_in_picture(release, survey)]
    if any(str(c).endswith(_MONEY) for c in frame.columns) and spend_map.has_money(release):
        outside = spend_map.left_out_headline(release)
        yield "What money is not in it", [outside.sentence, outside.basis]


def _named(title: str, subject: str) -> bool:
    return f", {title}," in f"{subject},"


def _surveys(frame: pd.DataFrame, subject: str, release: Release) -> list[str]:
    """The surveys that a table is of: by their names in what it is called, or by a column of its own."""
    known = evidence.surveys(release) if "surveys" in release else []
    own = {str(v) for v in frame["survey"].unique()} if "survey" in frame.columns else set()
    return [s.code for s in known if s.title in subject or s.children in subject or s.code in own]
