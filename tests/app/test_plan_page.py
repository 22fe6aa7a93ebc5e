"""*Plan and review* on a screen: made of decisions, few controls, what people typed as typed, prices off the big screen."""

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rcs_core import release as waist
from rcs_core.workshop.decide.decision import Decisions
from rcs_core.workshop.decide.parts import Draft, Money, Verdict
from rcs_core.workshop.plan.book import Draft as Put
from rcs_core.workshop.plan.book import PlanBook
from rcs_core.workshop.store import Store, store_place
from tests.app.test_room import counted
from tests.test_pages import words
from tests.tiny_release import open_page, serve

PAGE = "plan_and_review.py"
TYPED = "<b>Grow</b> *it* :red[now] :material/home: $x$ [a](http://e.example) for £1,234.56"


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> waist.Release:
    """A signed-off release, with one action about a bought service, a question and a move that is not made."""
    release = waist.load(serve(tmp_path, monkeypatch))
    store = Store.open(store_place())
    about = {"release_id": release.id, "release_hash": release.manifest.content_hash}
    decisions, money = Decisions(store), (Money("S003", "2026-27", "council_social_work", 4321.0),)
    decisions.record(
        Draft(title=TYPED, verdict=Verdict.GO, service_ids=("S003",), money=money, price_year="2025-26", outcome="nurtured",
              indicator=("pupil_s1_s4", "trusted_adult"), owner="Morag <i>Reid</i>", owner_agency="council_social_work",
              body="Council", by=date(2020, 6, 30), conditions=("It pays by 2030",), **about),
        "Ada",
    )  # fmt: skip
    explore = Draft(
        title="A joint pool", verdict=Verdict.EXPLORE, owner="Ewan", owner_agency="nhs_board", by=date(2027, 1, 1), **about
    )
    decisions.record(explore, "Ewan")
    decisions.record(Draft(title="Close the clubs", verdict=Verdict.STOP, service_ids=("S006",), **about), "Ewan")
    book = PlanBook(store)
    book.set_priority(
        Put("Trust *first*", ("nurtured",), (("pupil_s1_s4", "trusted_adult"),)), "Ada", "", "", about["release_hash"]
    )
    book.place("D1", "priority-1", "Ada")
    return release


def look(page: AppTest, view: str) -> AppTest:
    """The page at one of its views."""
    page.segmented_control(key="plan_view").set_value(view).run()
    assert not page.exception, page.exception[0].message
    assert not page.error
    return page


def test_a_plan_without_decisions_says_where_they_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(tmp_path, monkeypatch)
    page = open_page(PAGE)
    assert not page.exception
    assert "Nothing has been decided yet" in page.info[0].value
    assert "*Decide*" in page.info[0].value


def test_the_plan_is_made_of_decisions_and_can_be_followed_through_its_four_views(served: waist.Release) -> None:
    page = open_page(PAGE)
    assert not page.exception, page.exception[0].message
    assert page.subheader[0].value == "The 1 action has an owner, a date and an indicator."
    for sign in ("<b>", "<i>", "*it*", "*first*", ":red[", ":material/", "](http", "$x$"):
        assert sign not in words(page)
    assert "not on the big screen" in seen(page)
    assert "1,234.56" not in f"{seen(page)} {page.dataframe}"
    assert page.dataframe[0].value["Action"].iloc[0] == TYPED.replace("£1,234.56", "–")
    assert f"of {_base(served)} answers, 2025, release {served.id}" in seen(page)
    assert len(counted(page)) == 1
    assert "1 past the date" in words(look(page, "Review"))
    assert "1 of 1 checks that were promised is open." in words(page)
    assert "0 of 1 indicator changed in a way that can be told." in words(look(page, "Outcomes"))
    assert "both are of 2025" in str(page.dataframe[0].value["Movement"].iloc[0])
    assert "not on the big screen" in words(look(page, "Resources"))
    assert "saving" not in words(page).lower()
    page.toggle(key="big_screen").set_value(False).run()
    assert "£4,321 more a year goes to prevention by 2026-27" in words(page)
    assert "£4,321 more a year from 2026-27" in seen(look(page, "The plan"))
    assert page.dataframe[0].value["Action"].iloc[0] == TYPED


def seen(page: AppTest) -> str:
    """What a reader sees of what was typed: without the strokes and the signs that keep it from being markup."""
    return words(page).replace("\\", "").replace("\u2060", "").replace("&#36;", "$")


def _base(release: waist.Release) -> str:
    frame = release.frame("pupil_s1_s4_area")
    row = frame[(frame["indicator"] == "trusted_adult") & (frame["area"] == "999") & (frame["band"] == "ALL")]
    return f"{row['n'].iloc[0]:,}"


def test_a_priority_and_a_report_are_kept_from_the_page_and_a_blank_one_is_refused(served: waist.Release) -> None:
    page = open_page(PAGE)
    page.radio(key="plan_way").set_value("Report how an action goes").run()
    _press(page, "Keep the report")
    assert "needs to say whose it is" in seen(page)
    page.text_area[0].set_value("Two workers are appointed")
    page.text_input(key="plan_report_name").set_value("Morag")
    _press(page, "Keep the report")
    assert not page.error
    assert "The report is kept." in page.success[0].value
    assert "0 of 1 action is on track or done; 1 not started" in words(look(page, "Review"))
    [report] = PlanBook(Store.open(store_place())).read().reports["D1"]
    assert (report.words, report.author, report.release_id) == ("Two workers are appointed", "Morag", served.id)


def _press(page: AppTest, label: str) -> None:
    next(b for b in page.button if b.label == label).click().run()
