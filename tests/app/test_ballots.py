"""A vote on the screen: opened, cast from a phone, typed in from paper, closed, shown, and taken as priorities of the plan."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import meeting_ballot_form
from rcs_core.settings import ROOT
from rcs_core.workshop.meeting import By, Meeting, ballots
from rcs_core.workshop.meeting.ballot_results import results
from rcs_core.workshop.meeting.ballots import Draft, Kind, options
from rcs_core.workshop.meeting.people import Joined, join
from rcs_core.workshop.plan.book import PlanBook
from rcs_core.workshop.store import Store
from tests.test_pages import words
from tests.tiny_release import serve

LEAD = By("Facilitator")
NASTY = "**Bold** <script>alert(1)</script> :red[y]"


@pytest.fixture
def meeting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Meeting:
    """A session beside the small release."""
    serve(tmp_path, monkeypatch)
    return Meeting.of(Store.open(tmp_path / "home" / "store.sqlite"), tmp_path.name)


def seen(meeting: Meeting, seat: str = "facilitator", who: Joined | None = None) -> AppTest:
    """The vote as a seat sees it."""
    page = AppTest.from_file(str(ROOT / "tests" / "vote_page.py"), default_timeout=30)
    for name, value in {"seat": seat, "me": who.person.key if who else "", "in": meeting.id}.items():
        page.session_state[f"vote_{name}"] = value
    if who:
        page.query_params["me"] = who.word
    return run(page)


def run(page: AppTest) -> AppTest:
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def button(page: AppTest, label: str) -> AppTest:
    next(b for b in page.button if b.label == label).click()
    return run(page)


def test_a_vote_goes_from_opening_over_phone_and_paper_to_priorities(meeting: Meeting) -> None:
    phone = join(meeting, "Ada", "council_education")
    lead = seen(meeting)
    next(a for a in lead.text_area if a.label.startswith("Options")).set_value(f"{NASTY}\nHousing\nYouth work")
    next(r for r in lead.radio if r.label == "Do votes carry names?").set_value("Without names")
    run(lead)
    button(lead, "Open it now")
    assert "The vote is open." in lead.success[0].value
    mine = seen(meeting, "participant", phone)
    assert "5 dots left" in words(mine)
    assert "without your name" in words(mine)
    mine.number_input[0].set_value(4)
    mine.number_input[1].set_value(2)
    run(mine)
    assert "1 dot too many" in words(mine)
    button(mine, "Cast my vote")
    assert not mine.success
    assert "6 dots" in mine.error[0].value
    mine.number_input[0].set_value(3)
    run(mine)
    button(mine, "Cast my vote")
    assert meeting_ballot_form.KEPT in mine.success[0].value
    reloaded = seen(meeting, "participant", phone)
    assert [n.value for n in reloaded.number_input] == [3, 2, 0]
    big = seen(meeting, "screen")
    assert "1 of 1 have voted" in words(big)
    assert "dots" not in words(big)

    lead = seen(meeting)
    next(a for a in lead.text_area if a.label == "Papers").set_value("ED b b c\nQQ a\nPO aab\nED zz")
    button(lead, "Keep these papers")
    said = words(lead)
    assert "Kept: 2 papers, the last is paper 2" in lead.success[0].value
    assert {"Line 2", "Line 4"} <= set(re.findall(r"Line \d", said))
    assert next(a for a in lead.text_area if a.label == "Papers").value == "QQ a\nED zz"
    button(lead, "Close the vote")
    assert results(meeting, "b1").votes == 3
    assert "The vote is closed" in words(seen(meeting, "participant", phone))
    assert "has the most" not in words(seen(meeting, "screen"))
    lead = button(seen(meeting), "Show the result")
    shown = words(seen(meeting, "screen"))
    assert "have the most, 5 dots each" in shown or "has the most: 5 dots" in shown
    assert not re.search(r"(?<!\\)\*\*Bold\*\*", shown)
    assert "<script>" not in shown.replace("\\<script\\>", "")
    button(lead, "Take these as priorities")
    assert {p.name for p in PlanBook(meeting.store).read().priorities} == {NASTY, "Housing", "Youth work"}


def test_a_vote_that_was_closed_meanwhile_says_so_and_steps_show_who_is_against(
    meeting: Meeting,
) -> None:
    people = [join(meeting, f"P{k}", "council_education") for k in range(4)]
    ballots.open_ballot(meeting, Draft(Kind.GRADIENT, "How far?", options(["Youth work grows"]), True), LEAD)
    mine = seen(meeting, "participant", people[0])
    mine.radio[0].set_value(mine.radio[0].options[6])
    run(mine)
    mine.text_area[0].set_value("Too *soon*")
    run(mine)
    button(mine, "Cast my vote")
    assert meeting_ballot_form.KEPT in mine.success[0].value
    for who in people[1:]:
        ballots.cast(meeting, "b1", {"a": 2}, who.person.by, who.word)
    ballots.close(meeting, "b1", LEAD)
    button(mine, "Cast my vote")
    assert "The vote is closed" in words(mine)
    lead = seen(meeting)
    assert "three for it, none in between and one against" in words(lead)
    assert "Too \\*soon\\*" in words(lead)
