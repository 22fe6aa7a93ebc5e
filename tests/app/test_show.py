"""What leaves the screen is safe to open, and marks are explained in words."""

from pathlib import Path

import pandas as pd
import pytest

from app import charts, show
from rcs_core import release as waist
from tests.tiny_release import tiny_release


@pytest.mark.parametrize("text", ["=1+1", "+44", "-2", "@SUM(A1)", "\tx", '=HYPERLINK("http://x")'])
def test_text_that_would_start_a_formula_is_made_harmless(text: str) -> None:
    csv = show.to_csv(pd.DataFrame({"name": [text], "n": [-5]})).decode("utf-8-sig")
    assert csv.splitlines()[1].lstrip('"').startswith("'")
    assert csv.rstrip().endswith(",-5")


def test_a_figure_leaves_without_its_thousands_separators_and_a_mark_as_it_is() -> None:
    csv = show.to_csv(pd.DataFrame({"group": ["A, B"], "n": ["1,234,567"], "pct": ["[c]"]})).decode("utf-8-sig")
    assert csv == 'group,n,pct\n"A, B",1234567,[c]\n'


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


def test_a_csv_that_leaves_is_named_by_area_subject_year_and_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = waist.load(tiny_release(tmp_path))
    monkeypatch.setattr(show.st, "session_state", {})
    assert show.file_name("Spend by payer, NHS board") == "spend-by-payer-nhs-board.csv"
    show.stamp(found)
    assert show.file_name("Spend by payer") == f"{show.slug(found.manifest.partnership)}_spend-by-payer_2025-26_{found.id}.csv"
