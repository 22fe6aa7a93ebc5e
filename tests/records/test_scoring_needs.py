"""Counts of needs worked by hand, and the states of answers, which always add up to the forms."""

from dataclasses import replace
from random import Random

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcs_core.errors import SettingsError
from rcs_core.records.scoring import NeedsRules, answer_states, count_needs, count_states, only_asked
from rcs_core.records.scoring.needs import Need, not_collected
from rcs_core.vocab import AnswerState

RULES = NeedsRules(
    sensitive=False,
    left_out=[],
    multiple_from=2,
    least_answered={"pupil_p5_p7": 3},
    verified=True,
    source="this test",
    date="2026",
)
NEEDS = [Need("bullied", "yes", "peers"), Need("adult", "no", "family"), Need("fair", "no", "learning"),
         Need("choice", "no", "learning")]  # fmt: skip
PNTS = "prefer_not_to_say"


def forms(*rows: str) -> pd.DataFrame:
    """Forms as words: y, n, - (left out) and p (preferred not to say), a letter a question."""
    said = {"y": "yes", "n": "no", "-": "", "p": PNTS}
    return pd.DataFrame([[said[c] for c in row] for row in rows], columns=[n.indicator for n in NEEDS], dtype="str")


def counted(*rows: str) -> list[list[object]]:
    found = count_needs(forms(*rows), "pupil_p5_p7", NEEDS, RULES)
    return [[None if pd.isna(v) else v for v in row] for row in found.to_numpy(dtype=object)]


def test_a_need_is_the_answer_that_means_need() -> None:
    # Columns: in all, peers, family, learning, many. Bullied means need at yes, the other three at no.
    assert counted("yyyy", "nnnn", "nyyy", "ynnn") == [
        [1, 1, 0, 0, "no"],
        [3, 0, 1, 2, "yes"],
        [0, 0, 0, 0, "no"],
        [4, 1, 1, 2, "yes"],
    ]


def test_two_needs_are_many_and_one_is_not() -> None:
    assert [row[-1] for row in counted("ynyy", "yyyy")] == ["yes", "no"]


def test_a_form_with_too_few_answers_has_no_count() -> None:
    # Three of four answers are needed: one gap counts as no need, two leave the form out even where needs are many already.
    assert counted("yn-y", "yn--", "yp-n", "ynpy") == [
        [2, 1, 1, None, "yes"],
        [None, 1, 1, None, ""],
        [None, 1, None, None, ""],
        [2, 1, 1, None, "yes"],
    ]


def test_a_question_that_was_not_collected_is_not_counted() -> None:
    frame = forms("ynn-", "ynny").drop(columns="choice")
    found = count_needs(frame, "pupil_p5_p7", NEEDS, RULES)
    assert list(found["needs_total"]) == [3, 3]
    assert list(found["needs_learning"]) == [1, 1]
    assert not_collected(frame, NEEDS) == ["choice"]


def test_no_count_is_made_of_fewer_questions_than_a_form_must_answer() -> None:
    assert count_needs(forms("ynny").drop(columns=["choice", "fair"]), "pupil_p5_p7", NEEDS, RULES).columns.empty
    assert count_needs(forms("ynny"), "parent_0_8", NEEDS, RULES).columns.empty


def test_more_needs_than_answers_is_refused() -> None:
    with pytest.raises(SettingsError, match="too few answers could ever be many needs"):
        replace(RULES, multiple_from=4)
    with pytest.raises(SettingsError, match="too few answers"):
        replace(RULES, multiple_from=0)


ROWS = st.lists(st.text("yn-p", min_size=4, max_size=4), min_size=1, max_size=12)


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_forms_and_of_questions_does_not_matter(rows: list[str], random: Random) -> None:
    order, other = list(range(len(rows))), [*NEEDS]
    random.shuffle(order)
    random.shuffle(other)
    frame = forms(*rows)
    one = count_needs(frame, "pupil_p5_p7", NEEDS, RULES).iloc[order]
    pd.testing.assert_frame_equal(one, count_needs(frame.iloc[order], "pupil_p5_p7", other, RULES)[one.columns])


@given(ROWS)
def test_the_domains_add_up_to_the_whole_where_every_question_was_answered(rows: list[str]) -> None:
    found = count_needs(forms(*rows), "pupil_p5_p7", NEEDS, RULES)
    full = pd.Series([set(row) <= {"y", "n"} for row in rows])
    domains = found[["needs_peers", "needs_family", "needs_learning"]]
    assert domains.notna().all(axis=1).tolist() == full.tolist()
    assert (domains.sum(axis=1) == found["needs_total"])[full].all()


def test_forms_without_any_answer_have_no_count() -> None:
    assert counted("----", "pppp") == [[None] * 4 + [""]] * 2


def test_the_five_states_of_an_answer_are_kept_apart() -> None:
    frame = pd.DataFrame({"stage": ["S1", "S2", "S3", "S4", "S4"], "a": ["yes", "", PNTS, "no", None]}, dtype="str")
    value, missing, declined, not_asked, gone = (state.value for state in AnswerState)
    assert list(answer_states(frame, "a")) == [value, missing, declined, value, missing]
    assert list(answer_states(frame, "a", ["S2", "S3", "S4"])) == [not_asked, missing, declined, value, missing]
    assert list(answer_states(frame, "b", ["S2"])) == [not_asked, gone, not_asked, not_asked, not_asked]


@given(st.lists(st.tuples(st.sampled_from(["S1", "S2"]), st.sampled_from(["yes", "no", "", PNTS])), max_size=20))
def test_the_states_of_a_column_add_up_to_the_forms(rows: list[tuple[str, str]]) -> None:
    frame = pd.DataFrame(rows, columns=["stage", "a"], dtype="str")
    found = count_states(frame, {"a": ["S1"], "b": ["S1"], "c": []})
    assert found.groupby("column")["n"].sum().eq(len(rows)).all()
    assert len(found) == 3 * len(AnswerState)


def test_answers_to_what_a_stage_was_not_asked_are_left_out_with_a_receipt() -> None:
    frame = pd.DataFrame({"stage": ["S1", "S2", "S3"], "a": ["yes", "", "no"], "b": ["yes", "yes", "yes"]}, dtype="str")
    kept, receipts = only_asked(frame, "pupil_s1_s4", {"a": ["S2", "S3"], "b": [], "c": ["S1"]})
    assert list(kept["a"]) == ["", "", "no"]
    assert list(kept["b"]) == ["yes", "yes", "yes"]
    assert [(r.table, r.rule, r.rows) for r in receipts] == [("survey_pupil_s1_s4", "not_asked_a", 1)]
    again, none = only_asked(kept, "pupil_s1_s4", {"a": ["S2", "S3"]})
    assert again is kept
    assert none == []
