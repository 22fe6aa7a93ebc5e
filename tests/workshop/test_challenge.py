"""Claims about the challenge panel: each rule raises its question on a made case and is quiet on another, with its rows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
import pytest

from rcs_core.errors import SettingsError
from rcs_core.release import Release, load
from rcs_core.workshop import challenge, contracting
from rcs_core.workshop.challenge import Panel, Raised, challenges
from rcs_core.workshop.challenge.contract import PATH, RULES
from tests.tiny_money import SERVICES
from tests.tiny_release import tiny_release

DAY = date(2026, 4, 1)
"""The day on which contracts are looked at."""
type Change = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return load(tiny_release(tmp_path_factory.mktemp("release")))


def changed(release: Release, **changes: Change) -> Release:
    tables = {name: replace(release.tables[name], frame=change(release.frame(name))) for name, change in changes.items()}
    return replace(release, tables=MappingProxyType({**release.tables, **tables}))


def setting(column: str, value: object, *services: str) -> Change:
    """The register with one column of some services (of all, where none is named) set to a value."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame[column] = frame[column].astype(object).where(~frame["service_id"].isin(services or frame["service_id"]), value)
        return frame

    return change


def both(*changes: Change) -> Change:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        for one in changes:
            frame = one(frame)
        return frame

    return change


def panel(release: Release, day: date = DAY, **more: Any) -> Panel:
    return challenge.panel(release, day, **more)


def asked(found: Panel, name: str) -> Raised:
    return next(r for r in found.raised if r.id == name)


def raised(release: Release) -> set[str]:
    return {r.id for r in panel(release).raised}


def test_every_rule_has_a_question_and_every_threshold_a_unit_a_source_and_a_date() -> None:
    found = challenges()
    assert {c.rule for c in found} == set(RULES)
    assert all(c.threshold.unit and c.threshold.source and c.threshold.date for c in found)
    assert not any("saving" in f"{c.question} {c.in_words}".lower() for c in found)


def test_spend_without_an_outcome_is_asked_about_with_its_share_and_its_services(release: Release) -> None:
    big = (
        "S001",
        "S005",
        "S008",
    )  # 3,312,000.00 + 4,918,700.10 + 1,604,000.00 of 14,770,051.00 (two hundredths of a pound apart)
    none = both(setting("domain", "", *big), setting("shanarri", "", *big))
    found = asked(panel(changed(release, services=none)), "no_outcome")
    whole = sum(s[-1] for s in SERVICES)
    pct = round(100 * (3_312_000 + 4_918_700.10 + 1_604_000) / whole, 1)
    assert found.question == f"{pct:g}% of this spend (£9.8 million) has no outcome in the register: what is it meant to change?"
    assert found.rows["Service"].tolist() == [
        "Additional support for learning",
        "Children's houses",
        "Child and adolescent mental health",
    ]
    assert (
        found.threshold == "Asked where there is any (assumption of this workbench; the partnership is to agree it, 2026-11-22)."
    )


def test_an_outcome_on_either_list_is_an_outcome_and_a_merged_group_is_not_judged(release: Release) -> None:
    assert "no_outcome" not in raised(changed(release, services=setting("domain", "")))
    none = both(setting("domain", "", "S001"), setting("shanarri", "", "S001"))
    merged = both(none, lambda frame: frame.assign(services_merged=[3, *[1] * (len(frame) - 1)]))
    assert "no_outcome" in raised(changed(release, services=none))
    assert "no_outcome" not in raised(changed(release, services=merged))


def test_unmapped_money_is_asked_about_by_ledger(release: Release) -> None:
    found = asked(panel(release), "unmapped_money")
    assert found.question == "£570,630, 3.7% of the money that should be on the map, is on no service: what is it for?"
    assert found.rows["Not mapped (£)"].tolist() == [412_380.20, 150_000.00, 8_250.00]
    assert "unmapped_money" not in raised(changed(release, ledger_totals=lambda f: f.assign(unmapped=0.0)))


def test_money_left_out_is_asked_about_with_its_reasons(release: Release) -> None:
    found = asked(panel(release), "money_left_out")
    assert "£1.5 million" in found.question
    assert found.rows["Reason"].tolist() == ["Not for children: adult services", "Capital charges"]
    assert "money_left_out" not in raised(changed(release, ledger_excluded=lambda f: f.assign(amount=0.0)))


def test_tags_of_low_confidence_are_asked_about(release: Release) -> None:
    found = asked(panel(release), "low_confidence")
    assert found.figure.startswith("11.9%: £1.8 million of £14.8 million mapped")  # S008, S010 and S011
    assert found.rows["Service"].tolist() == ["Child and adolescent mental health", "Youth justice early help", "Befriending"]
    assert "low_confidence" not in raised(changed(release, spend=lambda f: f.assign(confidence="high")))


def test_a_wide_range_of_prevention_is_asked_about_with_the_tags_that_would_settle_it(release: Release) -> None:
    found = asked(panel(release), "wide_range")
    assert found.question == "The share that prevents could be 6% or 53%: which tags would settle it?"
    assert found.rows["Service"].iloc[0] == "Additional support for learning"
    assert "High" not in set(found.rows["Tag confidence"])
    sure = changed(release, spend=lambda f: f.assign(confidence="high"), ledger_totals=lambda f: f.assign(unmapped=0.0))
    assert "wide_range" not in raised(sure)


def test_spend_that_follows_demand_is_over_prevention_and_response_only(release: Release) -> None:
    found = asked(panel(release), "demand_led")
    pct = round(100 * (3_312_000 + 2_204_000.50) / sum(s[-1] for s in SERVICES), 1)
    assert found.figure == f"{pct:g}%: £5.5 million of £14.8 million tagged prevention or responsive"
    other = changed(release, spend=lambda f: f.assign(level=f["level"].where(f["service_id"] != "S005", "other")))
    assert "of £9.9 million" in asked(panel(other), "demand_led").figure
    assert "demand_led" not in raised(changed(release, services=setting("statutory_basis", "discretionary")))


def test_prevention_that_does_not_recur_is_asked_about_where_the_release_says(release: Release) -> None:
    assert "prevention that does not recur" in panel(release).unjudged
    ends = changed(release, spend=lambda f: f.assign(recurring=f["service_id"].eq("S009").map({True: "no", False: "yes"})))
    found = asked(panel(ends), "not_recurring")
    assert found.rows["Service"].tolist() == ["Health visiting"]
    assert found.rows["Prevention that does not recur (£)"].tolist() == [1_287_000.0]
    assert "not_recurring" not in raised(changed(release, spend=lambda f: f.assign(recurring="yes")))


def test_outcomes_that_one_agency_pays_for_are_named(release: Release) -> None:
    found = asked(panel(release), "one_agency")
    assert "School and learning" in found.question
    assert "Mental wellbeing" not in found.question  # 87% of it is of the NHS board
    assert found.rows["Its share (%)"].min() > 90
    shared = changed(release, spend=lambda f: pd.concat([f.assign(agency=a) for a in ("nhs_board", "third_sector")]))
    assert "one_agency" not in raised(shared)


def test_capacity_is_asked_of_services_for_some_children_that_could_have_one(release: Release) -> None:
    gone = setting("capacity", None)
    found = asked(panel(changed(release, services=gone)), "no_capacity")
    assert found.figure == "8 of 8 services judged"  # of eleven, two are universal and one prevents nothing
    kept = both(gone, lambda frame: frame.assign(price_confidential=frame["service_id"].map({"S003": "yes"}).fillna("no")))
    assert asked(panel(changed(release, services=kept)), "no_capacity").figure == "7 of 7 services judged"
    assert "no_capacity" not in raised(release)


def test_the_largest_preventative_services_are_asked_for_their_evidence(release: Release) -> None:
    assert "unevidenced_prevention" not in raised(release)  # children's houses have none, and prevent nothing
    bare = both(setting("evidence_rating", "none", "S005"), setting("evidence_rating", "", "S009"))
    found = asked(panel(changed(release, services=bare)), "unevidenced_prevention")
    assert found.question == "No evidence of effect for 2 of the 10 largest preventative services: why do we expect one?"
    assert found.rows["Evidence"].tolist() == ["None", "Not in the register"]


def test_a_rating_needs_a_source(release: Release) -> None:
    found = asked(panel(changed(release, services=setting("evidence_source", "", "S002", "S001"))), "rated_without_source")
    assert found.rows["Service"].tolist() == ["Foster care"]  # children's houses are rated none
    assert "rated_without_source" not in raised(release)


def test_agreements_without_an_end_and_agreements_that_are_over_are_asked_about(release: Release) -> None:
    assert {"no_contract_end", "contract_over"}.isdisjoint(raised(release))
    ends = both(setting("contract_end", None, "S003"), setting("contract_end", "2026-03-31", "S007"))
    found = panel(changed(release, services=ends))
    assert asked(found, "no_contract_end").rows["Service"].tolist() == ["Intensive family support"]
    assert asked(found, "contract_over").question.startswith("As at 1 April 2026, 1 of 4 bought services are past the end")
    assert asked(found, "contract_over").rows["Ends on"].tolist() == ["2026-03-31"]
    later = changed(release, services=setting("contract_end", "2026-04-01", "S007"))
    assert "contract_over" not in raised(later)
    assert "contract_over" in {r.id for r in panel(later, date(2026, 4, 2)).raised}


def test_contracts_and_questions_are_of_one_day_and_agree(release: Release) -> None:
    """On 1 October 2026 school counselling is over, by both views: one of four bought services."""
    day = date(2026, 10, 1)
    over = asked(panel(release, day), "contract_over")
    own = contracting.contracting(release, day)
    assert over.rows["Service"].tolist() == ["School counselling"]
    assert "1 are past their end date" in own.view.headline.sentence
    for said in (over.question, own.view.headline.sentence):
        assert said.startswith("As at 1 October 2026")


def test_need_with_no_service_in_its_part_of_life_is_named_with_its_questions(release: Release) -> None:
    assert "need_without_service" not in raised(release)
    gone = changed(release, services=lambda f: f.assign(domain=f["domain"].replace("peers", "family")))
    found = asked(panel(gone), "need_without_service")
    asked_of = "Friends and peers (pupils in P5 to P7, pupils in S1 to S4)"
    assert found.question.startswith(f"{asked_of}: children told of a need here, and no service is for it.")
    assert set(found.rows["Question"]) == {"Bullied in the last year"}
    assert len(found.rows) == 2  # in each of the two surveys by itself
    assert found.rows["95% interval"].str.contains(" to ").all()


def test_more_need_and_less_prevention_is_asked_about_with_both_ranges(release: Release) -> None:
    found = asked(panel(release), "need_little_prevention")
    assert "need is above the middle and preventative spend below it" in found.question
    assert {f"{who[:1].lower()}{who[1:]}" in found.question for who in found.rows["Children"]} == {True}
    assert {"95% interval", "Low (£)", "High (£)", "Do the ranges settle it?"} <= set(found.rows)


def test_no_row_names_a_provider(release: Release) -> None:
    providers = {s[4] for s in SERVICES} - {"Council", "Police Scotland"}
    found = panel(changed(release, services=both(setting("contract_end", None), setting("capacity", None))))
    said = "\n".join(r.rows.to_csv() + r.question for r in found.raised)
    assert not [name for name in providers if name in said]


def test_on_the_big_screen_no_price_of_a_bought_service_is_in_a_question_or_a_row(release: Release) -> None:
    ends = changed(release, services=setting("contract_end", None, "S003", "S011"))
    rows = {screen: asked(panel(ends, big_screen=screen), "no_contract_end").rows for screen in (False, True)}
    assert rows[False]["Spend (£)"].tolist() == [486_250.25, 61_500.40]
    assert rows[True]["Spend (£)"].isna().all()
    none = changed(release, services=both(setting("domain", "", "S003"), setting("shanarri", "", "S003")))
    kept = panel(none, big_screen=True)
    assert "no_outcome" in raised(none)
    assert "spend without an outcome" in kept.kept
    assert "486,250" not in "".join(r.question + r.figure + r.rows.to_csv() for r in kept.raised)


def test_each_question_has_its_figure_its_rule_and_its_threshold_in_the_download(release: Release) -> None:
    found = panel(release)
    frame = found.frame()
    assert len(frame) == len(found.raised) > 0
    assert not frame.astype(str).eq("").to_numpy().any()
    assert not frame.astype(str).apply(lambda column: column.str.contains("[{}]")).to_numpy().any()
    assert challenge.line(release, DAY) == f"{len(found.raised)} questions to ask of the services and the money."


def test_a_higher_threshold_never_raises_more(release: Release, tmp_path: Path) -> None:
    calm = tmp_path / "challenges.yaml"
    text = PATH.read_text(encoding="utf-8")
    calm.write_text(text.replace("value: 1,", "value: 60,").replace("value: 5,", "value: 60,"), encoding="utf-8")
    fewer = {r.id for r in panel(release, path=calm).raised}
    assert fewer < raised(release)
    assert "unmapped_money" not in fewer


def test_a_release_without_money_raises_nothing_and_without_surveys_the_money_is_still_asked_about(tmp_path: Path) -> None:
    assert challenge.line(load(tiny_release(tmp_path / "a", money=False)), DAY) == ""
    found = panel(load(tiny_release(tmp_path / "b", surveys=())))
    assert {"need without a service", "more need and less prevention"} <= set(found.unjudged)
    assert asked(found, "unmapped_money")


GOOD = """
challenges:
  - id: a
    name: money on no service
    rule: unmapped
    question: "{share}%: what for?"
    in_words: "More than {limit}."
    threshold: {value: 1, unit: per cent, source: a test, date: "2026-01-01"}
"""


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("rule: unmapped", "rule: moon", "there is no such rule"),
        ("{share}%", "{sum}%", "the rule does not give such a word"),
        ("{share}%", "{share%", "the braces do not match"),
        ('"More than {limit}."', '"More than {share}."', "the rule does not give such a word"),
        ("source: a test, ", "", "a setting is missing"),
        ("source: a test", "source: ''", "the threshold is not sourced"),
        ("value: 1", "value: some", "the threshold is no number"),
        ("    name: money", "    why: x\n    name: money", "unknown setting"),
        ("challenges:", "questions:", "the contract has another form"),
    ],
)
def test_a_slip_in_the_contract_is_named(was: str, becomes: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "challenges.yaml"
    path.write_text(GOOD.replace(was, becomes), encoding="utf-8")
    with pytest.raises(SettingsError, match=says):
        challenges(path)


def test_a_question_stands_once(tmp_path: Path) -> None:
    path = tmp_path / "challenges.yaml"
    path.write_text(GOOD + GOOD.split("challenges:")[1], encoding="utf-8")
    with pytest.raises(SettingsError, match="a question stands twice"):
        challenges(path)
