"""A whole session in a real browser: facilitator, big screen and five phones to the exported pack; and one on paper alone."""

import json

from playwright.sync_api import Page, expect

from rcs_core.workshop.meeting import pack
from tests.browser.meeting_drive import (
    ROOM,
    Room,
    Served,
    closed,
    joined,
    onward,
    opened,
    prepared,
    press,
    room,
    served,
    shown,
    the_record,
    voted,
)  # fmt: skip

__all__ = ["room", "served"]
PAPERS = 12
KEYS = 200
"""Keys that somebody who is used to a keyboard presses in the minute in which twelve papers are typed in."""


def guessed(lead: Page, phones: list[Page], big: Page) -> None:
    """A guess on three phones, then the figure."""
    press(lead, "Ask it")
    for k, phone in enumerate(phones[:3]):
        phone.get_by_label("Your guess").first.fill(str(10 * k + 5))
        press(phone, "Give my guess")
    press(lead, "Reveal the figure")
    expect(big.get_by_text("3 guesses").first).to_be_visible()


def remarked(phone: Page) -> None:
    """A surprise from a phone, and something for the parking lot."""
    phone.get_by_label("Your words").first.fill("So many without contact")
    press(phone, "Send it")
    phone.get_by_label("For the parking lot").first.fill("Transport to the centre")
    press(phone, "Park it")


def test_a_session_with_five_phones_and_a_big_screen_goes_from_its_agenda_to_its_pack(room: Room, served: Served) -> None:
    lead, id, code = prepared(room, served, "Five phones", "Rehearsal")
    big = room.enter(f"{served.url}/screen?session={id}")
    phones = joined(room, served, id, code)
    onward(lead, "Guess first")
    guessed(lead, phones, big)
    onward(lead, "Reveal")
    remarked(phones[0])
    onward(lead, "One place")
    onward(lead, "Where the money goes")
    onward(lead, "Break")
    onward(lead, "Priorities")
    opened(lead, "Dots", "Which first?", ["Trusted adults", "Bullying"], names=False)
    for phone in phones:
        phone.get_by_label("A: Trusted adults").first.fill("2")
        phone.get_by_label("A: Trusted adults").first.press("Enter")
        voted(phone)
    shown(lead, big, "5 votes")
    press(lead, "Take these as priorities")
    path = closed(lead, served)
    told, files = the_record(path)
    assert pack.check(path) == []
    for said in (
        "5 people of 5 agencies took part", *(name for name, _ in ROOM), "So many without contact", "Which first?",
        "Transport to the centre", "rehearsal",
    ):  # fmt: skip
        assert said in told, said
    votes = [json.loads(line) for line in files["events.jsonl"].splitlines()]
    assert next(one["votes"] for one in votes if one["kind"] == "vote_cast") == len(ROOM)


def attended(lead: Page) -> None:
    """Who is in the room, typed in by the facilitator."""
    lead.get_by_text("Type in who is here", exact=True).first.click()
    field = lead.get_by_label("Who is here", exact=True)
    field.fill("\n".join(f"{'ED' if k < 6 else 'SW'} Person {k}" for k in range(PAPERS)))
    field.press("Control+Enter")
    expect(lead.get_by_text(f"Put down: {PAPERS}.").first).to_be_visible()


def test_without_a_network_twelve_paper_votes_are_typed_in_and_the_session_ends_in_its_pack(room: Room, served: Served) -> None:
    room.offline = True
    lead, id, _ = prepared(room, served, "On paper", "Rehearsal")
    big = room.enter(f"{served.url}/screen?session={id}")
    attended(lead)
    for title in ("Guess first", "Reveal", "One place", "Where the money goes", "Break", "Priorities"):
        onward(lead, title)
    opened(lead, "Steps of agreement", "Do we go along?", ["Move money to family support"], names=False)
    lead.get_by_text("Votes on paper").first.click()
    typed = "\n".join(f"{'ED' if k < 6 else 'SW'} {1 + k % 8}" for k in range(PAPERS))
    assert len(typed) + 2 < KEYS, "with the two keys that keep them"
    lead.get_by_label("Papers", exact=True).press_sequentially(typed, delay=20)
    lead.get_by_label("Papers", exact=True).press("Control+Enter")
    expect(lead.get_by_text(f"Kept: {PAPERS} papers").first).to_be_visible()
    shown(lead, big, f"{PAPERS} votes")
    path = closed(lead, served)
    told, _ = the_record(path)
    assert f"{PAPERS} voted, {PAPERS} on paper" in told
    for said in ("12 people of 2 agencies took part", "Council: education"):
        assert said in told, said
    assert room.refused == []
