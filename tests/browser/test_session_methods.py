"""The later half of a session in a real browser: weights, promises, tests, decisions and ratings, to the pack."""

from playwright.sync_api import Page, expect

from tests.browser.drive import choose, settled
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
IN = "[class*=st-key-promise-]"
"""A promise with its price."""
BECAUSE = "the waiting list is full"


def gone_to(lead: Page, title: str) -> None:
    """On to a step further down, by the door beside *Next*."""
    lead.get_by_text("Another step", exact=True).first.click()
    choose(lead, "Step", title)
    press(lead, "Go there")
    expect(lead.get_by_text(f": {title}").first).to_be_visible()


def weighed(lead: Page, big: Page, phones: list[Page]) -> None:
    """A hundred points of each person, taken as the weights of the scenario."""
    opened(lead, "100 points", "", [], names=True)
    for k, phone in enumerate(phones):
        fields = phone.get_by_role("spinbutton")
        expect(fields.first).to_be_visible()
        fields.nth(0).fill(str(40 + 10 * k))
        fields.nth(1).fill(str(60 - 10 * k))
        fields.nth(1).press("Enter")
        voted(phone)
    shown(lead, big, "5 votes")
    press(lead, "Take these weights")
    expect(lead.get_by_text("Take these weights back")).to_be_visible()


def promised(lead: Page, phone: Page) -> None:
    """A promise from a phone, put in by the facilitator: it stands with its price on both."""
    choose(phone, "For which service or purse", "")
    phone.get_by_label("Pounds a year").fill("250000")
    phone.get_by_label("Because").fill(BECAUSE)
    press(phone, "State it")
    expect(phone.get_by_text("It waits for the facilitator").first).to_be_visible()
    expect(lead.get_by_text(BECAUSE).first).to_be_visible()
    press(lead, "Put it in")
    expect(lead.get_by_text("Take it out").first).to_be_visible()
    for page in (lead, phone):
        expect(page.locator(IN).first).to_contain_text(BECAUSE)


def stressed(lead: Page) -> None:
    """What would break it, and the first condition taken."""
    expect(lead.get_by_role("button", name="Make it a condition").first).to_be_visible(timeout=60_000)
    press(lead, "Make it a condition")
    expect(lead.get_by_text("Taken.").first).to_be_visible()


def decided(lead: Page, phone: Page) -> None:
    """A stop in words, recorded on *Decide*; a phone reads it."""
    lead.get_by_test_id("stMain").get_by_role("link", name="Decide").first.click()
    expect(lead.locator("h1").first).to_contain_text("What do we agree to do")
    settled(lead)
    lead.get_by_text("Record a decision", exact=True).first.click()
    lead.get_by_role("radio", name="Stop").first.click()
    settled(lead)
    lead.get_by_label("What is decided, in words").fill("No second centre")
    lead.get_by_label("Your name").fill("Morag Ross")
    lead.get_by_label("Your name").press("Enter")
    settled(lead)
    press(lead, "Record it")
    expect(lead.get_by_text("Recorded as").first).to_be_visible()
    lead.get_by_role("link", name="Session", exact=True).first.click()
    expect(phone.get_by_text("No second centre").first).to_be_visible()


def rated(lead: Page, phones: list[Page]) -> None:
    """Five ratings of each phone, then the spread."""
    for phone in phones:
        expect(phone.get_by_role("radiogroup")).to_have_count(5)
        for group in phone.get_by_role("radiogroup").all():
            group.get_by_text("Mostly", exact=True).click()
        press(phone, "Give my answers")
        expect(phone.get_by_text("Kept, without your name").first).to_be_visible()
    press(lead, "Close the answers and show the spread")
    expect(lead.get_by_text("5 answered").first).to_be_visible()


def test_what_a_room_weighs_promises_tests_decides_and_rates_reaches_its_pack(room: Room, served: Served) -> None:
    lead, id, code = prepared(room, served, "The later half", "Rehearsal")
    phones = joined(room, served, id, code)
    big = room.enter(f"{served.url}/screen?session={id}")
    gone_to(lead, "Priorities")
    weighed(lead, big, phones)
    onward(lead, "Try shifts")
    promised(lead, phones[0])
    onward(lead, "What would break it")
    stressed(lead)
    onward(lead, "Decide")
    decided(lead, phones[0])
    onward(lead, "Close")
    rated(lead, phones)
    told, _ = the_record(closed(lead, served))
    for said in (BECAUSE, "No second centre", "How much should each of these count?", "5 answered", *(name for name, _ in ROOM)):
        assert said in told, said
