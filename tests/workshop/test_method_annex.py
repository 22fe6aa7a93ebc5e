"""The method annex is made of the release and of the workbench's own texts: this release's numbers, each method, each word."""

import datetime as dt

import pytest

from rcs_core import gate
from rcs_core import release as waist
from rcs_core.documents.parts import Document, Grid, Heading, Points, Text
from rcs_core.documents.write import docx_bytes
from rcs_core.release import Release
from rcs_core.stamp import Stamp
from rcs_core.workshop import glossary, method
from rcs_core.workshop.papers.method_annex import PARTS, SUBJECT, method_annex
from rcs_core.workshop.papers.prose import prose
from tests.tiny_release import tiny_release

DAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return waist.load(tiny_release(tmp_path_factory.mktemp("one")))


@pytest.fixture(scope="module")
def annex(two: Release) -> Document:
    return method_annex(two, Stamp.of(two, DAY))


def cells(paper: Document) -> set[str]:
    return {cell for b in paper.blocks if isinstance(b, Grid) for row in b.rows for cell in row}


def test_it_tells_this_release_and_every_file_it_was_built_from(two: Release, annex: Document) -> None:
    told = cells(annex)
    assert {two.id, two.manifest.built_at[:10], f"{two.manifest.min_cell}"} <= told
    assert set(two.manifest.inputs) <= told
    assert {str(note) for note in two.frame("surveys")["note"]} <= told


def test_every_method_of_what_the_release_holds_is_told_and_the_rest_is_said_to_be_absent(two: Release, annex: Document) -> None:
    told, said = cells(annex), [b.text for b in annex.blocks if isinstance(b, Text)]
    for name, one in method.methods().items():
        needed, what = next(PARTS[start][1:] for start in PARTS if name.startswith(f"{start}_"))
        there = not needed or needed in two
        assert (one.formula.strip() in told) is there
        assert there or any(what in text for text in said)


def test_every_word_of_the_glossary_is_in_it(annex: Document) -> None:
    last = annex.blocks[-1]
    assert isinstance(last, Points)
    assert list(last.items) == [word.means for word in glossary.words()]
    assert list(last.strong) == [f"{word.term}." for word in glossary.words()]


def test_no_heading_skips_a_level_and_none_stands_empty(annex: Document) -> None:
    level = 0
    for block, after in zip(annex.blocks, [*annex.blocks[1:], None], strict=True):
        if isinstance(block, Heading):
            assert block.level <= level + 1
            assert after is not None
            assert not isinstance(after, Heading) or after.level > block.level
            level = block.level


def test_prose_is_the_page_s_own_without_its_signs() -> None:
    found = prose("docs/methods/disclosure.md", "For parents and carers")
    said = [text for b in found for text in ([b.text] if isinstance(b, Text) else b.items if isinstance(b, Points) else [])]
    page = " ".join(
        method.section("docs/methods/disclosure.md", "For parents and carers").replace("*", "").replace("`", "").split()
    )
    assert said
    assert all(text in page for text in said)
    assert not any(sign in text for text in said for sign in ("**", "`", "]("))


def test_it_is_the_same_file_twice_and_may_leave(two: Release, annex: Document) -> None:
    raw = docx_bytes(annex)
    assert raw == docx_bytes(method_annex(two, Stamp.of(two, DAY)))
    assert gate.let_out(raw, "docx", SUBJECT, two) == raw
