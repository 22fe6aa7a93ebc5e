"""A document is real headings, tables and captions; text stays text; the same document is the same file; pdf waits its turn."""

import io
import stat
import threading
import time
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm

from rcs_core.documents import grid, pdf, styles
from rcs_core.documents.parts import Grid
from rcs_core.documents.write import docx_bytes, write_docx
from tests import paper_cases as cases


@pytest.fixture(scope="module")
def paper() -> Paper:
    """The awkward document as it is read back."""
    return cases.read(cases.awkward())


@cache
def _raw(compact: bool = False) -> bytes:
    return docx_bytes(cases.awkward(compact))


def _part(name: str, compact: bool = False) -> str:
    with zipfile.ZipFile(io.BytesIO(_raw(compact))) as pack:
        return pack.read(name).decode()


def test_every_text_stands_as_it_was_typed_and_no_text_is_a_field_or_mark_up(paper: Paper) -> None:
    said = cases.texts(paper)
    for text in ("=1+1", "+cmd|' /C calc'!A0", "<b>bold</b> & co", "]]>", "{ PAGE }", "emoji 😀👩‍👧", "W" * 300, "שלום לכולם 12"):
        assert said.count(text) == 3, text  # in the list, and in two columns of the table
    assert "fldChar" not in _part("word/document.xml")
    assert "instrText" not in _part("word/document.xml")


def test_what_no_paper_can_hold_is_left_out_and_line_ends_are_spaces(paper: Paper) -> None:
    said = cases.texts(paper)
    assert {"noughtbellhalf", "turned back", "two lines and a tab"} <= set(said)


def test_what_is_written_from_the_right_stands_to_the_right(paper: Paper) -> None:
    turned = [p.text for p in paper.paragraphs if p._p.pPr is not None and p._p.pPr.find(qn("w:bidi")) is not None]
    assert turned == ["שלום לכולם 12", "مرحبا"]


def test_headings_are_real_and_none_is_skipped(paper: Paper) -> None:
    assert cases.levels(paper) == [1, 2, 3, 1]
    assert cases.in_order(cases.levels(paper))
    assert not cases.in_order([1, 3])
    assert paper.paragraphs[0].style.name == "Title"
    assert paper.paragraphs[0].text == "=A title <b>"


def test_every_table_repeats_its_header_and_no_row_breaks(paper: Paper) -> None:
    assert cases.header_rows(paper) == [True, True]
    assert [t.style.name for t in paper.tables] == [styles.TABLE] * 2


def test_figures_stand_to_the_right_and_a_sum_is_bold(paper: Paper) -> None:
    long, summed = paper.tables
    right = [cell.paragraphs[0].style.paragraph_format.alignment for cell in long.rows[1].cells]
    assert right == [None, None, WD_ALIGN_PARAGRAPH.RIGHT]
    assert all(run.style.name == "Strong" for cell in summed.rows[-1].cells for run in cell.paragraphs[0].runs if run.text)


def test_columns_fill_the_line_whatever_they_say() -> None:
    for rows in ([("a", "b")], [("W" * 300, "x")], [("long words " * 30, "1,234,567")], []):
        found = grid.widths(Grid("", ("First", "Second"), rows, frozenset({1})))
        assert sum(found) == pytest.approx(styles.LINE)
        assert min(found) > 1
    asked = grid.widths(Grid("", ("a", "b"), [], widths=(3, 1)))
    assert asked[0] == pytest.approx(3 * asked[1])


def test_every_picture_has_words_and_fits_its_page(paper: Paper) -> None:
    assert cases.alts(paper) == ["What <it> shows & says", "Tall"]
    for shape in paper.inline_shapes:
        assert shape.width <= Cm(styles.LINE)
        assert shape.height <= Cm(20)


def test_space_is_never_an_empty_paragraph_and_a_page_begins_without_one(paper: Paper) -> None:
    bare = [p for p in paper.paragraphs if not p.text and p.style.name != styles.PICTURE]
    assert not bare
    assert [p.text for p in paper.paragraphs if p.paragraph_format.page_break_before] == ["Second"]


def test_every_page_says_whose_it_is_and_what_it_is_not(paper: Paper) -> None:
    head, foot = paper.sections[0].header.paragraphs[0].text, paper.sections[0].footer.paragraphs[0].text
    assert "Strathmere" in head
    assert "Discussion only" in head
    assert "Fictional" in head
    assert all(said in foot for said in ("2025-26", "abc123", "2026-05-04", "Page 1 of 1"))
    assert [code.text for code in paper.sections[0].footer._element.iter(qn("w:instrText"))] == [
        " PAGE ",
        " NUMPAGES ",
    ]  # the two numbers a reader's program works out, and nothing else


def test_properties_and_language_are_ours_and_not_the_template_s(paper: Paper) -> None:
    about = paper.core_properties
    assert (about.title, about.author, about.language) == ("=A title <b>", "A. Officer", "en-GB")
    assert "abc123" in about.keywords
    assert "Strathmere" in about.subject
    assert about.created.date() == cases.STAMP.taken
    assert (paper.sections[0].page_width, paper.sections[0].page_height) == pytest.approx((Cm(21.0), Cm(29.7)), abs=700)
    assert 'w:lang w:val="en-GB"' in _part("word/styles.xml")
    with zipfile.ZipFile(io.BytesIO(_raw())) as pack:
        assert not [name for name in pack.namelist() if "thumbnail" in name or "customXml" in name or "WithEffects" in name]


def test_one_family_of_letters_is_used_throughout() -> None:
    assert "Theme=" not in _part("word/styles.xml")
    assert "Cambria" not in _part("word/styles.xml")


def test_the_same_document_is_the_same_bytes_and_another_day_is_not(tmp_path: Path) -> None:
    first = docx_bytes(cases.awkward())
    assert first == _raw()
    write_docx(cases.awkward(), tmp_path / "new folder" / "one.docx")
    assert (tmp_path / "new folder" / "one.docx").read_bytes() == first
    later = replace(cases.awkward(), stamp=replace(cases.STAMP, taken=cases.STAMP.taken.replace(day=5)))
    assert docx_bytes(later) != first


def test_a_compact_page_has_smaller_letters() -> None:
    assert '<w:sz w:val="21"/>' in _part("word/styles.xml")
    assert '<w:sz w:val="19"/>' in _part("word/styles.xml", compact=True)


def _office(folder: Path, does: str) -> None:
    """A stand-in for LibreOffice in a folder of programs."""
    folder.mkdir()
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(program.stat().st_mode | stat.S_IEXEC)


_COPIES = (
    'while [ "$1" != "--outdir" ]; do shift; done; out="$2"; shift 2; '
    'for f in "$@"; do sleep 0.05; touch "$out/$(basename "$f" .docx).pdf"; done'
)


def test_without_an_office_there_is_no_pdf_and_the_way_out_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not pdf.have_office()
    with pytest.raises(pdf.PdfError, match=r"there is no LibreOffice(.|\n)*To fix: take the document"):
        pdf.to_pdf([tmp_path / "a.docx"], tmp_path)


def test_an_office_that_hangs_is_ended_in_its_time_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _office(tmp_path / "bin", "sleep 60")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    began = time.monotonic()
    with pytest.raises(pdf.PdfError, match="took longer than"):
        pdf.to_pdf([tmp_path / "a.docx"], tmp_path / "out", seconds=0.2)
    assert time.monotonic() - began < 10
    _only(tmp_path, monkeypatch)


def _only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After one that hung, the next is made."""
    _office(tmp_path / "well", _COPIES)
    monkeypatch.setenv("PATH", f"{tmp_path / 'well'}:/usr/bin:/bin")
    assert pdf.to_pdf([tmp_path / "a.docx"], tmp_path / "out") == [tmp_path / "out" / "a.pdf"]


def test_an_office_that_makes_nothing_is_no_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _office(tmp_path / "bin", "echo 'source file could not be loaded'")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    with pytest.raises(pdf.PdfError, match="made no pdf: got source file could not be loaded"):
        pdf.to_pdf([tmp_path / "a.docx"], tmp_path / "out")


def test_several_at_once_are_made_one_after_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _office(tmp_path / "bin", f"[ -e {tmp_path}/busy ] && exit 1; touch {tmp_path}/busy; {_COPIES}; rm {tmp_path}/busy")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    made: list[Path] = []
    asked = [
        threading.Thread(target=lambda k=k: made.extend(pdf.to_pdf([tmp_path / f"{k}.docx"], tmp_path / "o"))) for k in range(5)
    ]
    for one in asked:
        one.start()
    for one in asked:
        one.join()
    assert sorted(path.name for path in made) == [f"{k}.pdf" for k in range(5)]
