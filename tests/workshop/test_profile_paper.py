"""A profile on paper holds all of the profile and nothing else; its pictures are read on paper, and say what they show."""

import base64
import datetime as dt
import html
import io
import itertools
import re
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rcs_core import gate
from rcs_core import release as waist
from rcs_core.cli import profiles as cli
from rcs_core.documents.parts import Document, Grid, Heading, PageBreak, Picture, Points, Text
from rcs_core.documents.pdf import to_pdf
from rcs_core.documents.write import docx_bytes, write_docx
from rcs_core.errors import ReleaseError
from rcs_core.release import Release
from rcs_core.stamp import Stamp
from rcs_core.vocab import AreaLevel
from rcs_core.workshop.papers import pictures, pictures_needs
from rcs_core.workshop.papers.method_annex import method_annex
from rcs_core.workshop.papers.profile_paper import LARGER, profile_paper, subject, together, wanted
from rcs_core.workshop.profile import Look, Profile, places, profile
from tests.office import have_office
from tests.paper_cases import pages
from tests.tiny_release import SURVEYS, tiny_release

PRIMARY, SECONDARY = SURVEYS
NAMES = ("Strathmere", "Carrickmuir cluster", "Burnside Primary", "Glenmuir Primary")
SENSITIVE = "Drank alcohol"
DAY = dt.date(2026, 11, 22)
CLUSTER = NAMES[1]
DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return waist.load(tiny_release(tmp_path_factory.mktemp("two"), waves=True))


@pytest.fixture(scope="module")
def papers(two: Release) -> dict[str, tuple[Profile, Document]]:
    """The whole area, a cluster, a school, and a school that its cluster stands for."""
    named = {area.name: area for area in places(two, PRIMARY)}
    found = {name: profile(two, PRIMARY, named[name]) for name in NAMES}
    with undrawn():
        return {name: (one, profile_paper(one, Stamp.of(two, DAY))) for name, one in found.items()}


@pytest.fixture(scope="module")
def drawn(two: Release, papers: dict[str, tuple[Profile, Document]]) -> Document:
    """The profile of the cluster with its pictures."""
    return profile_paper(papers[CLUSTER][0], Stamp.of(two, DAY))


@contextmanager
def undrawn() -> Iterator[None]:
    """Pictures of one dot, where only what stands around them is looked at."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("spine", "groups"):
            patch.setattr(pictures_needs, name, lambda _: DOT)
        yield


def words(paper: Document) -> Iterator[str]:
    """Every text of a document but the words of its pictures."""
    yield from (paper.title, paper.subtitle)
    for block in paper.blocks:
        match block:
            case Heading() | Text():
                yield block.text
            case Points():
                yield from block.items
            case Grid():
                yield from (block.caption, *block.header, *itertools.chain(*block.rows), *block.notes)
            case Picture():
                yield block.caption
            case PageBreak():
                pass


@pytest.mark.parametrize("name", NAMES)
def test_every_sentence_and_every_cell_of_the_profile_is_in_the_document(
    name: str, papers: dict[str, tuple[Profile, Document]]
) -> None:
    found, paper = papers[name]
    said = "\n".join(words(paper))
    for section in found.sections:
        for text in (section.heading, *section.sentences, *section.points, *section.notes):
            assert text in said
    assert all(text in said for text in (found.title, found.beside, found.instead, found.source))
    grids = [(g.caption, tuple(g.header), tuple(map(tuple, g.rows))) for g in paper.blocks if isinstance(g, Grid)]
    assert grids == [(t.name, t.header, t.rows) for s in found.sections if (t := s.table)]
    pictured = [p for s in found.sections for p in s.pictures]
    alts = " ".join(b.alt for b in paper.blocks if isinstance(b, Picture))
    assert alts == " ".join(p.words for p in pictured)
    assert all(p.key in said for p in pictured if p.key)


@pytest.mark.parametrize("name", NAMES)
def test_the_document_says_nothing_that_the_profile_does_not(name: str, papers: dict[str, tuple[Profile, Document]]) -> None:
    found, paper = papers[name]
    known = " ".join([found.title, found.beside, found.instead, found.source, "By sex and stage."])
    for s in found.sections:
        parts = [*s.texts(), *(s.table.header if s.table else ()), *([s.table.name] if s.table else [])]
        known += " " + " ".join([*parts, *(f"{p.title}. {p.key}" for p in s.pictures)])
    assert [
        text for text in words(paper) for word in text.split() if word not in known.split() and f"{word[:-1]}" not in known
    ] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_two_pages_are_those_of_the_profile_and_its_headings_one_level(
    name: str, papers: dict[str, tuple[Profile, Document]]
) -> None:
    found, paper = papers[name]
    where = next(k for k, block in enumerate(paper.blocks) if isinstance(block, PageBreak))
    halves = [paper.blocks[:where], paper.blocks[where + 1 :]]
    for number, half in enumerate(halves, start=1):
        assert [b.text for b in half if isinstance(b, Heading)] == [s.heading for s in found.page(number)]
    assert {b.level for b in paper.blocks if isinstance(b, Heading)} == {1}
    assert sum(isinstance(b, PageBreak) for b in paper.blocks) == 1


def test_hidden_cells_keep_their_mark_and_their_meaning(papers: dict[str, tuple[Profile, Document]]) -> None:
    marked = 0
    for found, paper in papers.values():
        cells = [cell for t in found.sections for g in t.tables() for row in g.rows for cell in row]
        if any("[c]" in cell for cell in cells):
            marked += 1
            assert "[c] hidden" in "\n".join(words(paper))
    assert marked


def test_sensitive_topics_are_on_no_paper_below_the_whole_area(two: Release, papers: dict[str, tuple[Profile, Document]]) -> None:
    for found, paper in papers.values():
        told = [cell for b in paper.blocks if isinstance(b, Grid) for cell in itertools.chain(*b.rows)]
        told += [b.alt for b in paper.blocks if isinstance(b, Picture)]
        assert found.level is AreaLevel.COUNCIL or not any(SENSITIVE in text for text in told)
    cluster = next(a for a in places(two, SECONDARY) if a.level is AreaLevel.CLUSTER)
    with undrawn():
        paper = profile_paper(profile(two, SECONDARY, cluster), Stamp.of(two, DAY))
    assert not any(SENSITIVE in b.alt for b in paper.blocks if isinstance(b, Picture))
    assert not any(SENSITIVE in row[0] for b in paper.blocks if isinstance(b, Grid) for row in b.rows)


def test_the_same_profile_is_the_same_file_and_may_leave(
    two: Release, papers: dict[str, tuple[Profile, Document]], drawn: Document
) -> None:
    found, _ = papers[CLUSTER]
    first = docx_bytes(drawn)
    assert first == docx_bytes(profile_paper(found, Stamp.of(two, DAY)))
    assert gate.let_out(first, "docx", subject(found), two) == first
    with zipfile.ZipFile(io.BytesIO(first)) as pack:
        said = pack.read("word/document.xml").decode()
    described = re.findall(r'<wp:docPr[^>]* descr="([^"]*)"', said)
    assert [html.unescape(one) for one in described] == [b.alt for b in drawn.blocks if isinstance(b, Picture)]


def test_many_profiles_in_one_file_have_names_of_their_own_and_may_leave(two: Release) -> None:
    areas, stamp = wanted(two, PRIMARY, LARGER)[:2], Stamp.of(two, DAY)
    with undrawn():
        packed = together(two, PRIMARY, areas, stamp)
        assert gate.let_out(packed, "zip", "profiles", two) == packed
    with zipfile.ZipFile(io.BytesIO(packed)) as pack:
        names = pack.namelist()
    assert len(set(names)) == len(areas)
    assert all("2026-11-22" in name and two.id in name and name.endswith(".docx") for name in names)


def test_a_place_is_asked_for_by_its_name_its_code_or_its_level(two: Release) -> None:
    cluster = next(a for a in places(two, PRIMARY) if a.name == CLUSTER)
    for asked in (CLUSTER, CLUSTER.upper(), cluster.code):
        assert cli._wanted(two, PRIMARY, asked) == (PRIMARY, [cluster])
    assert cli._wanted(two, PRIMARY, "all") == (PRIMARY, places(two, PRIMARY))
    assert {a.level for a in cli._wanted(two, "", "cluster")[1]} == {AreaLevel.CLUSTER}
    with pytest.raises(ReleaseError, match="no such place has a profile"):
        cli._wanted(two, PRIMARY, "Nowhere")


def test_pictures_are_as_wide_as_the_page_sharp_and_small(drawn: Document) -> None:
    found = [block.png for block in drawn.blocks if isinstance(block, Picture)]
    assert len(found) == 2
    for png in found:
        wide, _ = struct.unpack(">II", png[16:24])
        assert abs(wide / pictures.SHARP * 2.54 - pictures.LINE) < 0.35, wide
        assert len(png) < 150_000


@pytest.mark.office
def test_on_paper_a_profile_is_two_pages_and_the_annex_four_to_eight(two: Release, drawn: Document, tmp_path: Path) -> None:
    if not have_office():
        return
    papers = [tmp_path / "profile.docx", tmp_path / "annex.docx"]
    for path, paper in zip(papers, (drawn, method_annex(two, Stamp.of(two, DAY))), strict=True):
        write_docx(paper, path)
    profile_, annex = (pages(path.read_bytes()) for path in to_pdf(papers, tmp_path))
    assert profile_ == 2
    assert 4 <= annex <= 8


def test_a_row_that_is_not_shown_keeps_its_label_and_a_long_one_breaks(papers: dict[str, tuple[Profile, Document]]) -> None:
    found, _ = papers[NAMES[1]]
    one = next(p for s in found.sections for p in s.pictures if p.look is Look.SPINE)
    assert pictures.lines_of(["a b", "x" * 3 + " " + "y" * 4], 5) == [["a b"], ["xxx", "yyyy"]]
    short = struct.unpack(">II", pictures_needs.spine(one)[16:24])
    longer = one.points.assign(label=[f"{label} and {'more words ' * 6}" for label in one.points["label"]])
    tall = struct.unpack(
        ">II", pictures_needs.spine(type(one)(one.look, one.title, one.words, one.numbers, longer, one.names))[16:24]
    )
    assert tall[1] > short[1]
    assert tall[0] == short[0]


def test_the_same_rows_are_the_same_picture_packed_once() -> None:
    spec: pictures.Spec = {"mark": "bar", "height": 20, "encoding": {"x": {"field": "a", "type": "quantitative"}}}
    png = pictures.draw_png(spec, [{"a": 1}, {"a": 2}], 4)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert png == pictures.draw_png(spec, [{"a": 1}, {"a": 2}], 4)
    assert pictures._smaller(png) == png
