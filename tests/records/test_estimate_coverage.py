"""Who is not in the picture: nothing published there gives a small group away."""

from dataclasses import replace

import pandas as pd

from rcs_core.records.catalogue import catalogue
from rcs_core.records.estimate import estimate
from rcs_core.records.estimate.coverage import largest_implied, response_pct, tellable
from rcs_core.records.estimate.domains import contact_groups
from rcs_core.records.estimate.pupils import prepare
from rcs_core.records.estimate.rules import rules
from rcs_core.vocab import Contact
from tests.records.estimate_case import case, linked_from, population, respond

GROUPS = contact_groups(("social_work", "additional_support"))
COUNTS = {
    Contact.ALL: 1000, Contact.NONE: 700, Contact.EITHER: 300, Contact.SOCIAL_WORK: 110, Contact.NO_SOCIAL_WORK: 890,
    Contact.ADDITIONAL_SUPPORT: 240, Contact.NO_ADDITIONAL_SUPPORT: 760, Contact.SOCIAL_WORK_ONLY: 60,
    Contact.ADDITIONAL_SUPPORT_ONLY: 190, Contact.BOTH: 50,
}  # fmt: skip


def test_the_largest_count_that_a_rounded_share_allows() -> None:
    assert largest_implied(75, 200) == 150
    assert largest_implied(75, 1000) == 754
    assert [round(100 * n / 1000) for n in (754, 756)] == [75, 76]


def test_a_response_rate_is_told_unless_it_shows_how_few_left_a_question_out() -> None:
    people = population(1, stage_roll=20, clusters=1)
    linked = linked_from(people, respond(people, 1, item_missing=0.0))
    few = prepare(linked, "pupil_s1_s4", catalogue(), rules())
    assert few is not None
    assert response_pct(few, 10) is None
    large = prepare(case(1, stage_roll=200).linked, "pupil_s1_s4", catalogue(), rules())
    assert large is not None
    pct = response_pct(large, 10)
    assert pct == round(100 * large.cube.respondents / len(large.roll))


def test_where_almost_all_answered_not_even_the_roll_is_told() -> None:
    people = population(1, stage_roll=20, clusters=1)
    made = estimate(linked_from(people, respond(people, 1, rate=2.0, item_missing=0.0)))
    assert made.surveys[["roll", "response_pct"]].isna().all(axis=None)
    assert not [table.name for table in made.tables if table.name.endswith("contact_roll")]


def test_a_roll_with_room_in_every_group_is_told_whole() -> None:
    bases = {code: [count * 7 // 10] for code, count in COUNTS.items()}
    assert tellable(COUNTS, bases, GROUPS, 10) == set(COUNTS)


def test_a_group_whose_silent_members_are_few_is_withheld_with_all_it_follows_from() -> None:
    bases = {code: [count * 7 // 10] for code, count in COUNTS.items()} | {Contact.BOTH: [45]}
    kept = tellable(COUNTS, bases, GROUPS, 10)
    assert Contact.BOTH not in kept
    assert not {Contact.SOCIAL_WORK, Contact.SOCIAL_WORK_ONLY} <= kept
    assert not {Contact.EITHER, Contact.SOCIAL_WORK_ONLY, Contact.ADDITIONAL_SUPPORT_ONLY} <= kept
    assert not {Contact.ADDITIONAL_SUPPORT, Contact.ADDITIONAL_SUPPORT_ONLY} <= kept


def test_nothing_is_told_of_a_roll_that_almost_all_answered() -> None:
    bases = {code: [count * 7 // 10] for code, count in COUNTS.items()} | {Contact.ALL: [995]}
    assert tellable(COUNTS, bases, GROUPS, 10) == set()


def test_every_told_row_leaves_at_least_ten_between_roll_and_base() -> None:
    made = estimate(case(5, stage_roll=25).linked)
    by_name = {table.name: table.frame for table in made.tables}
    for survey in ("pupil_p5_p7", "pupil_s1_s4"):
        roll = by_name[f"{survey}_contact_roll"].set_index("contact")["n"]
        base = by_name[f"{survey}_contact"].query("band == 'ALL'").groupby("contact")["n"].max()
        assert (roll - base.reindex(roll.index)).min() >= 10


def test_coverage_says_in_words_who_is_missing_and_counts_nobody() -> None:
    linked = case(1).linked
    special = pd.concat([linked.schools, pd.DataFrame([("9909999", "C01", "special")], columns=linked.schools.columns)])
    rows = estimate(replace(linked, schools=special)).coverage
    topics = set(rows.query("survey == 'pupil_s1_s4'")["topic"])
    assert topics == {"response", "linkage", "weights", "contact", "item_missing", "special_schools"}
    said = rows["text"].str.replace(r"^\d+% of pupils", "", regex=True)
    assert not said.str.contains(r"\d", regex=True).any()


def test_a_linkage_rate_that_would_show_a_handful_of_lost_forms_is_not_told() -> None:
    linked = case(1, stage_roll=20).linked
    exact = linked.coverage.assign(pct=99.9)
    rows = estimate(replace(linked, coverage=exact)).coverage
    assert rows.query("topic == 'linkage'")["pct"].isna().all()
