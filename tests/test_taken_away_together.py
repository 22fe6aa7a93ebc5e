"""All that the pages offer, taken away together and laid beside the release, gives the auditor nothing that the release hides."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app import picture
from app.navigation import NEEDS, REACH
from rcs_core.audit import AuditReport
from rcs_core.gate.contents import Contents
from rcs_core.gate.counted import COUNT, SHARE, Fact
from rcs_core.gate.hidden import published
from rcs_core.gate.words import At
from rcs_core.release import Release, load
from rcs_core.stamp import slug
from tests.everything_offered import Offer, Walk, audited, conflicts, read, recovered, told, walk
from tests.tiny_release import serve

KINDS = ("zip", "svg")
"""A png is of the rows of the svg beside it; workbooks and documents hold the figures of the pages and take long to make."""


@pytest.fixture(name="taken", scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Release, list[tuple[Offer, Contents]]]]:
    """The files of two pages of a release with hidden cells; pictures by the rows that they are of, so that none is drawn."""
    with pytest.MonkeyPatch.context() as patch:
        file = serve(tmp_path_factory.mktemp("served"), patch, waves=True)
        patch.setattr(picture, "draw", lambda *_: b"")
        met: Walk = walk(patch, (NEEDS, REACH), 2, (True,), every=False)
        offers = {(offer.subject, offer.kind): offer for offer in met.offers.values() if offer.kind in KINDS}
        yield load(file), [(offer, read(offer)) for offer in offers.values()]


@pytest.fixture(name="release", scope="module")
def opened(taken: tuple[Release, list[tuple[Offer, Contents]]]) -> Release:
    return taken[0]


@pytest.fixture(name="files", scope="module")
def read_files(taken: tuple[Release, list[tuple[Offer, Contents]]]) -> list[tuple[Offer, Contents]]:
    return taken[1]


@pytest.fixture(name="figures", scope="module")
def every_figure(files: list[tuple[Offer, Contents]], release: Release) -> list[Fact]:
    return told(files, release)


@pytest.fixture(name="alone", scope="module")
def by_itself(release: Release) -> AuditReport:
    return audited(release, intervals=True)


def test_every_figure_that_leaves_is_the_published_one_of_its_cell(figures: list[Fact], release: Release) -> None:
    assert sum(fact.what == COUNT for fact in figures) > 500
    assert sum(fact.what == SHARE for fact in figures) > 500
    assert not list(conflicts(figures, release))


def test_the_union_of_all_files_gives_the_auditor_nothing(figures: list[Fact], release: Release, alone: AuditReport) -> None:
    assert alone.hidden > 100
    assert recovered(release, figures, alone) == (0, set(), set())


def hidden_pair(release: Release, alone: AuditReport) -> tuple[Fact, Fact]:
    """Two hidden answers of a place, whose base is shown, as they may be: the first of them small."""
    groups = published(release).groups
    for cell in alone.intervals:
        where = cell.where
        if where.get("band") != "yes" or set(where) != {"survey", "wave", "indicator", "area", "band"}:
            continue
        labels = frozenset((k, where[k]) for k in ("survey", "wave", "indicator"))
        base = groups[labels, frozenset({("area", where["area"])})].get("ALL")
        if base and cell.low <= 6 < 10 <= cell.high < base:
            at = At(where["survey"], where["wave"], where["indicator"], "yes", where["area"])
            one = Fact(COUNT, at, "yes", 6.0, 0, "planted")
            return one, replace(one, band="no", value=float(base - 6))
    raise AssertionError("the release hides no answer of a place that may be small")


def test_a_hidden_number_among_all_files_is_found(figures: list[Fact], release: Release, alone: AuditReport) -> None:
    number, _ = hidden_pair(release, alone)
    given, _, leaks = recovered(release, [*figures, number], alone)
    assert given == 1
    assert any("small count" in line and number.at.area in line for line in leaks)


def test_a_complement_and_a_share_with_three_decimals_are_found(
    figures: list[Fact], release: Release, alone: AuditReport
) -> None:
    number, complement = hidden_pair(release, alone)
    share = replace(number, what=SHARE, value=100 * number.value / (number.value + complement.value), digits=3)
    given, opened, leaks = recovered(release, [*figures, complement, share], alone)
    assert given == 1
    assert any(number.at.area in cell and number.at.indicator in cell for cell in opened), "what is left is the small number"
    assert any("figure of a hidden count" in line and number.at.area in line for line in leaks)


def test_every_file_is_named_by_area_subject_day_and_release(files: list[tuple[Offer, Contents]], release: Release) -> None:
    area = slug(release.manifest.partnership)
    for offer, _ in files:
        first, subject, day, rest = offer.name.split("_")[:4]
        assert first == area
        assert subject == slug(offer.subject)[:80].strip("-")
        assert len(day) == len("2026-03-09")
        assert rest.partition(".")[0] == release.id
        assert offer.name.endswith(f".{offer.kind}")
