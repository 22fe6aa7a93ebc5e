"""What leaves the screen is safe to open, and marks are explained in words."""

from pathlib import Path

import pandas as pd
import pytest

from app import charts, charts_needs, leaving, show, why_hidden
from rcs_core import release as waist
from rcs_core.stamp import slug
from rcs_core.vocab import CellState
from rcs_core.workshop import evidence
from tests.tiny_release import tiny_release


def test_only_the_marks_that_occur_are_explained() -> None:
    assert show.legend(pd.DataFrame({"a": ["1", "[c]"], "b": [1, 2]})) == [f"[c] {show.LEGEND['[c]']}."]


def test_a_chart_template_is_copied_so_one_drawing_never_changes_the_next() -> None:
    first = charts.dots("A", "B")
    second = charts.dots("C")
    assert first["layer"][0]["encoding"]["color"]["scale"]["domain"] == ["A", "B"]
    assert second["layer"][0]["encoding"]["color"]["scale"]["domain"] == ["C"]
    assert "data" not in second
    assert not any("data" in layer for layer in second["layer"])


def test_long_labels_break_into_lines_and_none_is_cut() -> None:
    frame = charts.wrapped(pd.DataFrame({"label": ["Additional support for learning in secondary"]}))
    lines = frame["label"].iloc[0].split("|")
    assert max(map(len, lines)) <= charts.LABEL_WIDTH
    assert " ".join(lines) == "Additional support for learning in secondary"


def test_a_file_that_leaves_is_named_by_area_subject_day_and_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = waist.load(tiny_release(tmp_path))
    monkeypatch.setenv("RCS_TODAY", "2026-03-09")
    stamp, area = leaving.stamp(found), slug(found.manifest.partnership)
    assert stamp.file_name("Spend by payer, NHS board", "csv") == f"{area}_spend-by-payer-nhs-board_2026-03-09_{found.id}.csv"
    discussed = stamp.discussed(True).file_name("Shift", "xlsx")
    assert discussed == f"{area}_shift_2026-03-09_{found.id}_discussion-only.xlsx"


def test_what_pops_up_on_a_picture_says_its_marks_in_words() -> None:
    tips = show._with_tips(pd.DataFrame({"label": ["Bullied in the last|year (hidden [c])"], "says": ["down, size [c]"]}))
    assert tips["row"].tolist() == ["Bullied in the last year (hidden so that no child can be singled out)"]
    assert tips["says"].tolist() == ["down, size hidden"]
    assert tips["label"].tolist() == ["Bullied in the last|year (hidden [c])"]


@pytest.mark.parametrize("state", [state for state in CellState if state.mark])
def test_no_mark_is_left_bare_once_it_is_spelled(state: CellState) -> None:
    told = show.spelled(f"It is {evidence.why(state)}; it is {state.said}; it is {state.mark}.")
    assert "[" not in told
    assert told.startswith(f"It is {state.label[:1].lower()}{state.label[1:]};")


def test_a_csv_with_a_mark_says_in_the_row_what_the_mark_means() -> None:
    frame = pd.DataFrame({"group": ["a", "b"], "n": ["12", "[c]"]})
    assert show.explained(frame)[show.MEANS].tolist() == ["", f"[c] {show.LEGEND['[c]']}."]
    whole = frame.head(1)
    assert show.explained(whole) is whole


def test_every_tip_of_a_picture_is_a_column_that_the_page_gives() -> None:
    given = {"row", "series", "pct", "low", "high", "part", "text", "says", "place", "year", "value", "answers", "label"}
    specs = [charts.dots("A"), charts.bars(["A"], "n"), charts.lines("n"), charts_needs.grid(["A", "B", "C"])]
    tips = [tip["field"] for spec in specs for layer in spec["layer"] for tip in layer["encoding"].get("tooltip", [])]
    assert set(tips) <= given
    assert "label" not in tips, "a label has its lines parted and its marks bare"


def test_the_explanation_for_parents_is_the_document_without_its_headings() -> None:
    question, answer = why_hidden.explanation()
    assert question == "Why are some numbers hidden?"
    assert "#" not in answer
    assert "**What does [c] mean?**" in answer
    for mark in show.LEGEND:
        assert mark in answer


def test_the_example_for_parents_gives_nothing_away_and_its_first_half_does() -> None:
    """By hand: every whole table that fits the second half, and the one that fits the first."""
    girls, boys, yes = 35, 45, 58
    fits = [no for no in range(girls + 1) if 0 <= yes - (girls - no) <= boys]
    assert (min(fits), max(fits)) == (0, 22)
    assert {4, 15, 22} <= set(fits)
    assert [girls - 31] == [4]
