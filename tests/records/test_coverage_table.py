"""The coverage page says what a small part of it, done again, says too."""

import re

import pytest

from tests.coverage_draws import METHODS, SIZES, other_schools, these_pupils
from tests.coverage_table import PAGE, markdown, words

LEAST = 0.93
"""What the page claims of the published intervals, in every size."""


def columns(text: str, head: str) -> dict[str, dict[str, str]]:
    """The first table of the page whose head begins so: rows by their first cell, cells by column."""
    lines = text.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith(f"| {head} | intervals |"))
    names = [cell.strip() for cell in lines[at].strip("|").split("|")]
    rows = {}
    for line in lines[at + 2 :]:
        if not line.startswith("|"):
            break
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        rows[cells[0]] = dict(zip(names, cells, strict=True))
    return rows


def test_the_page_claims_that_published_intervals_hold_the_truth_at_every_size() -> None:
    rows = columns(PAGE.read_text(encoding="utf-8"), "answers")
    assert list(rows) == [name for _, name in SIZES]
    for size, row in rows.items():
        assert int(row["intervals"].replace(",", "")) > 5000, size
        assert float(row["as published"].rstrip("%")) >= 100 * LEAST, size
        assert float(row["ours"].rstrip("%")) >= 92, size


def test_the_page_names_its_seed_its_command_and_its_day() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert re.search(r"`python -m tests\.coverage_table` on 20\d\d-\d\d-\d\d, seed \d+, 20,000 pupils", text)
    assert "coverage.md" in (PAGE.parent / "estimates.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def small() -> tuple:
    return these_pupils(7, 2, 2, 5000), other_schools(7, 3, 5000, 0.02)


def test_a_small_part_done_again_agrees_with_the_page(small: tuple) -> None:
    """Two populations of 5,000: about as many hold the truth, give or take what chance does to some hundred answers."""
    table = small[0].table("method", "size")
    for size in ("under 30", "30 to 59", "60 to 149"):
        told, ours = table.loc["as published", size], table.loc["ours", size]
        assert told["intervals"] > 400
        assert told["held"] >= LEAST
        assert 0.91 < ours["held"] < 0.985
    assert table.loc["Korn-Graubard", "under 30"]["held"] > table.loc["Wald", "under 30"]["held"]


def test_every_method_is_counted_and_the_words_find_their_figures(small: tuple) -> None:
    a, b = small
    assert set(a.table("method").index) == set(b.table("method").index) == set(METHODS)
    assert all(figure.endswith(("%", ".")) for figure in words(a, b).values())
    assert markdown(a.table("kind").round(2), ["domain", "n", "held", "width"]).count("\n") == len(a.kinds) + 1
