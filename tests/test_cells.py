"""Few cells and many are looked at in two ways that give the same answer."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcs_core.contracts import cells

WORDS = st.lists(st.sampled_from(["", " ", "a", "A", "é", "S001", "0"]) | st.text(max_size=3), min_size=1, max_size=12)


@given(WORDS, WORDS)
def test_few_cells_and_many_are_looked_at_in_two_ways_that_agree(one: list[str], other: list[str]) -> None:
    size = min(len(one), len(other))
    frame = pd.DataFrame({"one": one[:size], "other": other[:size]}, dtype="str")
    answers = []
    for few in (cells.FEW, -1):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cells, "FEW", few)
            codes, values = cells.distinct(frame["one"])
            answers.append((codes.tolist(), values, cells.longest(frame), cells.filled(frame).tolist()))
    assert answers[0] == answers[1]


def test_a_cell_that_is_none_is_no_value_in_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    column = pd.Series(["a", None, "b", "a"], dtype="str")
    few = cells.distinct(column)
    monkeypatch.setattr(cells, "FEW", -1)
    assert (
        [few[0].tolist(), few[1]]
        == [cells.distinct(column)[0].tolist(), cells.distinct(column)[1]]
        == [[0, -1, 1, 0], ["a", "b"]]
    )
