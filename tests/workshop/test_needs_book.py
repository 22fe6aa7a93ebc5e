"""The needs workbook says what the release says, cell by cell, and nothing of what it hides."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from rcs_core import release as waist
from rcs_core.release import Release
from rcs_core.workshop import compare, evidence
from rcs_core.workshop.export.book_parts import marks
from rcs_core.workshop.export.needs_book import SHORT
from rcs_core.workshop.export.needs_tables import DIMENSIONS
from tests.conftest import rcs_here
from tests.tiny_release import INDICATORS, tiny_release

MARK = re.compile(r"^\[[cuzx]\]$")
FIGURES = ("Answered", "With need", "Without need", "% with need")
_STATES = {"suppressed": "[c]", "unreliable": "[u]", "not_asked": "[z]", "cannot_occur": "[z]", "not_collected": "[x]"}


@cache
def small() -> Release:
    return waist.load(tiny_release(Path(mkdtemp()), waves=True))


@cache
def folder() -> Path:
    """Where `rcs` wrote the book, once for all tests."""
    made = Path(mkdtemp())
    done = rcs_here("needs-tables", small().path, made)
    assert done.returncode == 0, done.stderr
    return made


@cache
def book() -> dict[str, Worksheet]:
    (path,) = folder().glob("*.xlsx")
    return {sheet.title: sheet for sheet in openpyxl.load_workbook(path)}


def records(sheet: Worksheet) -> list[dict[str, Any]]:
    head, *found = sheet.iter_rows(min_row=4, values_only=True)
    return [{str(k): "" if v is None else v for k, v in zip(head, row, strict=True)} for row in found]


def recounted(survey: str, table: str) -> "Counter[tuple[Any, ...]]":
    """Every group of a count table of the release, read here from its rows alone: words, then counts and share of need."""
    release = small()
    found = release.tables[f"{survey}_{table}"]
    names = dict(zip(release.frame("areas")["area"], release.frame("areas")["name"], strict=True))
    asked = {i.code: i for i in evidence.indicators(release, survey)}
    dims = [d for d in found.dims if d != "band"]
    groups: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in found.frame.to_dict("records"):
        groups.setdefault((row["wave"], row["indicator"], *(row[d] for d in dims)), {})[row["band"]] = row
    told: Counter[tuple[Any, ...]] = Counter()
    for (wave, code, *at), bands in groups.items():
        words = [names[v] if d == "area" else _word(d, v) for d, v in zip(dims, at, strict=True)]
        need, other = ("yes", "no") if asked[code].need_is_yes else ("no", "yes")
        counts = [_count(bands.get(band)) for band in ("ALL", need, other)]
        yes = bands["yes"]
        pct = yes["pct"] if need == "yes" or yes["pct"] is None else 100 - yes["pct"]
        share = pct if yes["pct_state"] == "shown" else _STATES[yes["pct_state"]]
        told[wave, asked[code].title, *words, *counts, share] += 1
    return told


def _word(dim: str, code: str) -> str:
    return "All" if code == "ALL" and dim != "contact" else DIMENSIONS[dim][1](code).label


def _count(row: dict[str, Any] | None) -> Any:
    return "[z]" if row is None else row["n"] if row["state"] == "shown" else _STATES[row["state"]]


def told(*names: str) -> "Counter[tuple[Any, ...]]":
    """The same of sheets of the book."""
    found: Counter[tuple[Any, ...]] = Counter()
    for name in names:
        for row in records(book()[name]):
            words = [
                v for k, v in row.items() if k in ("Wave", "Question", "Area", "Contact", *(h for h, _ in DIMENSIONS.values()))
            ]
            found[*words, *(row[k] for k in FIGURES)] += 1
    return found


def test_every_cell_is_what_the_release_says_and_no_row_is_missing() -> None:
    for survey in ("pupil_p5_p7", "pupil_s1_s4"):
        short = SHORT[survey]
        levels = [f"{short}, {level}" for level in ("whole area", "clusters", "schools") if f"{short}, {level}" in book()]
        assert told(*levels) == recounted(survey, "area")
        for sheet, table in {"contact": "contact", "contact, clusters": "contact_cluster", "deprivation": "simd",
                             "stage": "stage", "sex": "area_sex"}.items():  # fmt: skip
            if f"{survey}_{table}" in small():
                assert told(f"{short}, {sheet}") == recounted(survey, table), (survey, table)


def test_a_hidden_cell_is_a_mark_as_text_whose_meaning_stands_on_its_sheet() -> None:
    hidden = 0
    for name, sheet in book().items():
        if name in ("How to read this", "What the headings mean"):
            continue
        cells = [c for row in sheet.iter_rows(min_row=5) for c in row if isinstance(c.value, str) and MARK.match(c.value)]
        hidden += len(cells)
        assert all(c.data_type == "s" for c in cells)
        note = str(sheet["A2"].value)
        assert all(f"{mark} {marks()[mark]}" in note for mark in {str(c.value) for c in cells}), name
    assert hidden > 100


def test_where_a_count_is_hidden_so_are_its_share_and_its_interval() -> None:
    for sheet in book().values():
        for row in records(sheet):
            if "% with need" in row and "95% interval, low" in row and MARK.match(str(row["% with need"])):
                assert MARK.match(str(row["95% interval, low"]))
                assert MARK.match(str(row["95% interval, high"]))


def test_a_sensitive_topic_stands_at_the_whole_area_only() -> None:
    touchy = {title for *_, title, _, _, _, sensitive in INDICATORS.values() if sensitive}
    assert touchy
    council = evidence.council(small()).name
    for name, sheet in book().items():
        if name in ("Questions", "How to read this"):
            continue
        for row in records(sheet):
            named = [v for v in row.values() if any(str(v).startswith(title) for title in touchy)]
            assert (
                not named
                or {row.get("Area", council), row.get("School cluster", council)} == {council}
                or name == "Asked of whom"
            )


def test_what_is_told_of_a_cluster_is_what_the_page_says() -> None:
    survey = "pupil_s1_s4"
    said = {row["Against the rest of the area"] for row in records(book()[f"{SHORT[survey]}, clusters"]) if row["Wave"] == "2025"}
    assert said <= {*compare.NAMES} | {s for s in said if "[" in s or s in ("", "not shown")}
    frame = compare.every(small(), survey).frame()
    assert len(records(book()[f"{SHORT[survey]}, cluster or rest"])) == len(frame)


def test_every_question_is_defined_and_every_wave_says_whether_it_compares() -> None:
    questions = records(book()["Questions"])
    assert {row["Question"] for row in questions} == {i.title for i in evidence.indicators(small())}
    assert all(row["Compares with"] and row["Asked"] for row in questions)
    assert {row["Wave"] for row in records(book()["Surveys"])} == {"2025", "2023"}


def test_rcs_needs_tables_names_the_book_after_its_release() -> None:
    (path,) = folder().glob("*.xlsx")
    assert small().id in path.name
    assert list(book())[:3] == ["Cover", "Contents", "How to read this"]
