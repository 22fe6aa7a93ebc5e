"""*Who gets help*: headline, picture, reach and targeting, fairness and who is missing, with three choices in sight."""

from pathlib import Path

import pytest

from app import charts_reach
from app.navigation import REACH
from rcs_core.workshop import reach_hundred, reach_rates
from tests.test_pages import words
from tests.tiny_release import open_page, serve

ORDER = [
    "Does it reach those who need it?",
    "How does it differ between needs?",
    "Is it fair?",
    "Who is missing from the linkage?",
]


def test_the_page_asks_its_questions_in_order_with_three_choices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(tmp_path, monkeypatch)
    page = open_page(REACH.file)
    assert not page.exception, page.exception[0].message
    heads = [str(h.value) for h in page.subheader]
    assert [h for h in heads if h in ORDER] == ORDER
    assert len(page.selectbox) == 3
    said = words(page)
    for phrase in (
        "Each icon is one of a hundred",
        "A pale band is what two totals alone",
        "Not by sex, school stage or deprivation fifth",
    ):
        assert phrase in said, phrase
    assert "saving" not in said.lower()


def test_without_linkage_the_page_draws_limits_and_says_that_nobody_is_linked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(tmp_path, monkeypatch, linked=False, money=False, surveys=("pupil_s1_s4",))
    said = words(open_page(REACH.file))
    assert "Without linkage only limits are known" in said
    assert "Nothing is linked child by child" in said
    assert "Each icon" not in said


def test_need_has_colours_of_its_own_and_contact_a_shape_of_its_own() -> None:
    with_, without = charts_reach.LOOKS["need_with"], charts_reach.LOOKS["need_without"]
    assert with_[1] != without[1]
    assert charts_reach.LOOKS["other_with"][1] == with_[1]
    assert len({colour for colour, _ in (charts_reach.LOOKS[k] for k in reach_hundred.KINDS if "hidden" not in k)}) == 4
    spec = charts_reach.icons([("A", "need_without"), ("B", "need_with")])
    assert spec["encoding"]["color"]["scale"]["domain"] == ["A", "B"]


def test_no_drawing_touches_the_template() -> None:
    before = str(charts_reach._ranges()) + str(charts_reach._icons())
    charts_reach.ranges(reach_rates.SERIES)
    charts_reach.icons([("A", "other_with")], 2)
    assert str(charts_reach._ranges()) + str(charts_reach._icons()) == before
