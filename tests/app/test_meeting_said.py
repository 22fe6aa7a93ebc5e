"""What a room guesses, says, rates and answers, as the three screens of a session show it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.meeting import Seat
from rcs_core.release import load
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.inputs import elicit
from rcs_core.workshop.meeting import By, Meeting, elicited, guesses, parking, ratings, remarks
from rcs_core.workshop.meeting.guess_questions import question
from rcs_core.workshop.store import Store
from tests.tiny_release import serve

PERSON = By("Ann <b>Other</b>", "council_education", "p1")


def seat(session_id: str, part: str, which: str, key: str) -> None:
    """A page that is one part of a session, for one seat."""
    from importlib import import_module

    from app import meeting, session, show
    from app.meeting import Here, Seat
    from rcs_core.workshop.meeting import By

    by = By("Ann <b>Other</b>", "council_education", key) if key else By("Facilitator")
    release = session.release()
    show.stamp(release)
    getattr(import_module(f"app.meeting_{part}"), which)(Here(meeting.of(session_id), Seat(which), by), release)


def drawn(room: Meeting, part: str, which: Seat, word: str = "word of p1") -> AppTest:
    """The part as it is drawn for a seat."""
    key = PERSON.key if which is Seat.PARTICIPANT else ""
    page = AppTest.from_function(seat, args=(room.id, part, which.value, key), default_timeout=60)
    page.query_params["me"] = word
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def texts(page: AppTest) -> str:
    """Everything that is written on it."""
    found = [*page.markdown, *page.header, *page.subheader, *page.caption, *page.success, *page.error]
    return "\n".join(str(e.value) for e in found)


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Meeting:
    """A session of the small release."""
    serve(tmp_path, monkeypatch)
    return Meeting.of(Store.open(tmp_path / "home" / "store.sqlite"), tmp_path.name)


def button(page: AppTest, label: str) -> AppTest:
    """The page after a press."""
    next(b for b in page.button if b.label == label).click().run()
    assert not page.exception, page.exception[0].message
    return page


def test_a_figure_is_guessed_and_revealed_by_the_room(room: Meeting) -> None:
    lead = button(drawn(room, "guesses", Seat.FACILITATOR), "Ask it")
    (asked,) = guesses.asked(room.events())
    assert asked.question == "contact:pupil_s1_s4"
    phone = drawn(room, "guesses", Seat.PARTICIPANT)
    phone.number_input[0].set_value(70)
    button(phone, "Give my guess")
    assert "Kept: 70" in texts(phone)
    before = texts(drawn(room, "guesses", Seat.SCREEN))
    assert "1 guess" in before
    assert "70" not in before
    assert "55" not in before
    lead.run()
    next(a for a in lead.text_area if a.key.startswith("guess_")).set_value("Table 1, 50\n2: 60\nx")
    button(lead, "Keep these guesses")
    assert r"line 3\: x" in "".join(str(e.value) for e in lead.error)
    lead.text_area[0].set_value("Table 1, 50\n2: 60")
    button(lead, "Keep these guesses")
    assert guesses.asked(room.events())[0].count == 3
    button(lead, "Reveal the figure")
    shown = texts(drawn(room, "guesses", Seat.SCREEN))
    assert "2 of 3 guesses" in shown
    assert "Ann" not in shown


def page_part(survey: str, need: str, service: str) -> None:
    """The answer of *Who gets help* for the choices of its address, as the page draws it."""
    from app import reach, session, show
    from rcs_core.workshop import reach as told

    release = session.release()
    show.stamp(release)
    one = next(s for s in told.surveys(release) if s.title == survey)
    asked = next(i for i in told.needs(release, one.code) if i.label == need)
    reach.answer(
        reach.Choice(release, one, asked, next(c for c in told.contacts(release, one.code) if told.service(c) == service))
    )


def test_the_page_shows_the_very_sentence_that_is_revealed(room: Meeting, tmp_path: Path) -> None:
    found = question(load(next((tmp_path / "releases").glob("*.duckdb"))), "contact:pupil_s1_s4")
    assert room
    assert found
    assert found.truth
    page = AppTest.from_function(page_part, args=tuple(found.choices.values()), default_timeout=60).run()
    assert found.truth.sentence in [e.value for e in [*page.header, *page.subheader]]
    assert found.truth.basis in [e.value for e in page.markdown]


def test_what_is_said_reaches_the_facilitator_at_once_and_the_big_screen_only_when_shown(room: Meeting) -> None:
    phone = drawn(room, "remarks", Seat.PARTICIPANT)
    assert "Do not name a child or a family" in texts(phone)
    phone.text_area[0].set_value("<b>FK10 1AB</b> is missing")
    button(phone, "Send it")
    assert phone.text_area[0].value == "<b>FK10 1AB</b> is missing"  # refused, and still there to be changed
    phone.text_area[0].set_value("<b>Half</b> have none")
    button(phone, "Send it")
    assert "Kept." in texts(phone)
    assert phone.text_area[0].value == ""
    (one,) = remarks.remarks(room.events())
    assert "Half" not in texts(drawn(room, "remarks", Seat.SCREEN))
    lead = drawn(room, "remarks", Seat.FACILITATOR)
    assert r"\<b\>Half\<\/b\> have none" in texts(lead)
    button(lead, "Show it on the big screen")
    shown = texts(drawn(room, "remarks", Seat.SCREEN))
    assert r"\<b\>Half" in shown
    assert "Education (council)" in shown or "ducation" in shown
    assert "Ann" not in shown
    assert one.by == PERSON


def test_the_parking_lot_shows_the_room_what_somebody_takes(room: Meeting) -> None:
    parking.park(room, "Opening hours", PERSON, 2026)
    assert "Opening hours" not in texts(drawn(room, "parking", Seat.SCREEN))
    lead = drawn(room, "parking", Seat.FACILITATOR)
    lead.text_input[0].set_value("Ben")
    button(lead, "Keep")
    assert "Opening hours" in texts(drawn(room, "parking", Seat.SCREEN))
    assert [i.who for i in parking.open(room.events())] == ["Ben"]


def test_ratings_are_given_without_a_name_and_told_once_closed(room: Meeting) -> None:
    phone = drawn(room, "ratings", Seat.PARTICIPANT)
    phone.radio[0].set_value("Mostly")
    button(phone, "Give my answers")
    assert "Kept, without your name" in texts(phone)
    ratings.from_paper(room, "4 4 4 4 4\n5 1 1 1 1", By("Facilitator"))
    assert "Mostly" not in texts(drawn(room, "ratings", Seat.SCREEN))
    lead = button(drawn(room, "ratings", Seat.FACILITATOR), "Close the answers and show the spread")
    assert "3 answered" in texts(lead)
    table = next(f.value for f in lead.dataframe)
    assert list(table["What"]) == ["Working across agencies"]
    assert (table["Mostly"][0], table["Fully"][0], table["No answer"][0]) == (2, 1, 0)
    assert "The answers are closed" in texts(drawn(room, "ratings", Seat.PARTICIPANT))


def test_the_numbers_that_would_turn_the_plan_are_asked_on_the_session_page(room: Meeting, tmp_path: Path) -> None:
    lead = button(drawn(room, "elicitation", Seat.FACILITATOR), "Find the numbers that matter")
    assert "0 of 3 guesses would turn the plan" in texts(lead)
    release = load(next((tmp_path / "releases").glob("*.duckdb")))
    levers = Levers.of("shift_2")
    elicited.put(room, release.id, elicit.gaps(release, levers)[:2], levers)
    phone = drawn(room, "elicitation", Seat.PARTICIPANT)
    phone.text_input[0].set_value("Head teacher")
    for field, value in zip(phone.number_input[:3], (0.0, 1.0, 2.0), strict=True):
        field.set_value(value)
    button(phone, "Give my answer")
    assert "Kept, as Head teacher" in texts(phone)
    assert "Head teacher" not in texts(drawn(room, "elicitation", Seat.SCREEN))
    lead = button(drawn(room, "elicitation", Seat.FACILITATOR), "Close the round and show the spread")
    told = drawn(room, "elicitation", Seat.SCREEN)
    assert any("Head teacher" in str(f.value) for f in told.dataframe)
    assert any("Alone would turn the plan" in f.value.columns for f in told.dataframe)
    assert "Second round" in texts(told)
