"""One survey scored from end to end: which scores come of which columns, and the receipts that say so."""

from dataclasses import replace

import pandas as pd

from rcs_core.contracts import Receipt
from rcs_core.records.scoring import Need, score_survey, scoring

RULES = scoring()
NEEDS = [Need(f"q{n}", "no", "learning" if n < 4 else "peers") for n in range(1, 11)]
QUESTIONS = {need.indicator: ["yes", "no"] for need in NEEDS}


def survey(**columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"pupil_id": ["p1", "p2"], **columns}, dtype="str")


def rows(receipts: list[Receipt]) -> dict[str, int]:
    return {r.rule: r.rows for r in receipts}


def test_a_survey_with_every_column_has_every_score() -> None:
    items = {f"sdq_{n:02d}": ["1", "0"] for n in range(1, 26)}
    items |= {f"wemwbs_{n:02d}": ["4", "3"] for n in range(1, 15)} | {f"swemwbs_{n:02d}": ["4", ""] for n in range(1, 8)}
    scored, receipts = score_survey(
        survey(**QUESTIONS, **items, smoking_status=["regular", "never"]), "pupil_s1_s4", RULES, NEEDS
    )
    first, second = scored.iloc[0], scored.iloc[1]
    # By hand: 25 ones are a total of 20, 14 fours are 56, 7 fours are 28 and so 25.03; all noughts are 10, 14 threes 42.
    assert (first["sdq_total"], first["wemwbs_score"], first["swemwbs_score"]) == (20, 56, 25.03)
    assert (second["sdq_total"], second["wemwbs_score"], second["regular_smoker"]) == (10, 42, "no")
    assert (first["needs_total"], first["multiple_risks"]) == (0, "no")
    assert (second["needs_total"], second["needs_learning"], second["multiple_risks"]) == (10, 3, "yes")
    assert rows(receipts) == {
        "made_current_smoker": 2, "made_regular_smoker": 2, "sdq_scored": 2, "sdq_not_scored": 0, "wemwbs_scored": 2,
        "wemwbs_not_scored": 0, "swemwbs_scored": 1, "swemwbs_not_scored": 1, "needs_counted": 2, "needs_not_counted": 0,
    }  # fmt: skip


def test_what_is_scored_and_what_is_not_make_all_the_forms() -> None:
    items = {f"wemwbs_{n:02d}": ["4", "" if n == 3 else "5"] for n in range(1, 15)}
    _, receipts = score_survey(survey(**items), "pupil_s1_s4", RULES, [])
    told = rows(receipts)
    assert told["wemwbs_scored"] + told["wemwbs_not_scored"] == 2


def test_too_few_questions_make_no_count_and_a_receipt_names_what_is_not_there() -> None:
    few = {name: QUESTIONS[name] for name in ("q1", "q2", "q3")}
    scored, receipts = score_survey(survey(**few), "pupil_s1_s4", RULES, NEEDS)
    assert "multiple_risks" not in scored
    assert rows(receipts) == {"not_made_multiple_risks": 0}
    assert "it needs 9 questions, and these are not there: q4, q5" in receipts[0].text


def test_one_question_that_was_not_collected_is_named_beside_the_count() -> None:
    nine = {name: answers for name, answers in QUESTIONS.items() if name != "q7"}
    scored, receipts = score_survey(survey(**nine), "pupil_s1_s4", RULES, NEEDS)
    assert list(scored["needs_total"]) == [0, 9]
    assert receipts[0].text == "2 forms answered 9 or more of 9 questions (not collected: q7)"


def test_parents_and_surveys_without_items_are_left_as_they_are() -> None:
    frame = survey(general_health_good=["yes", "no"])
    scored, receipts = score_survey(frame, "parent_0_8", RULES, NEEDS)
    assert scored.equals(frame)
    assert receipts == []


def test_an_answer_made_from_its_parts_counts_among_the_needs() -> None:
    made = replace(NEEDS[0], indicator="fruit_and_veg_daily")
    parts = {"fruit_daily": ["yes", "no"], "vegetables_daily": ["yes", "yes"]}
    rest = {name: answers for name, answers in QUESTIONS.items() if name not in ("q1", "q10")}
    scored, _ = score_survey(survey(**parts, **rest), "pupil_p5_p7", RULES, [made, *NEEDS[1:9]])
    assert list(scored["needs_learning"]) == [0, 3]


def test_sensitive_topics_what_is_left_out_and_the_count_itself_never_count() -> None:
    needs = [Need("a", "yes", "peers"), Need("b", "yes", "peers", sensitive=True), Need("enjoys_school", "no", "learning"),
             Need("multiple_risks", "yes", "peers")]  # fmt: skip
    assert [need.indicator for need in RULES.needs.counted(needs)] == ["a"]
    with_them = replace(RULES.needs, sensitive=True, left_out=[])
    assert [need.indicator for need in with_them.counted(needs)] == ["a", "b", "enjoys_school"]
