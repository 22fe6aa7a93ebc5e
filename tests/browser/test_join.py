"""Phones and the big screen in a real Chromium: they follow the facilitator, and nothing typed is lost."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from rcs_core import release as waist
from rcs_core.workshop.meeting import By, Meeting, ballots, life, people
from rcs_core.workshop.meeting.agenda import About, agendas
from rcs_core.workshop.meeting.ballot_parts import Draft, Kind, options
from rcs_core.workshop.meeting.life_rules import notice
from rcs_core.workshop.store import Store
from tests.browser.drive import settled, sideways_overflow, without_barriers
from tests.conftest import Home

LEAD = By("Fiona")
TYPED = "Half a thought"
PRESS_WHILE_TELLING = """([typed, name]) => {
  const set = Storage.prototype.setItem, button = [...document.querySelectorAll('button')].find(b => b.innerText.trim() === name);
  Storage.prototype.setItem = function (key, text) {
    set.call(this, key, text);
    if (!text.includes(typed)) return;
    Storage.prototype.setItem = set;
    queueMicrotask(() => button.click());
  };
}"""
"""The phone keeps what is typed, then tells the server that somebody types: before that is sent, a button is pressed."""


def prepared(home: Home) -> Meeting:
    """A session that has started, on the release that is served."""
    release = waist.load(waist.current_file(home.release))
    agenda = next(iter(agendas().values()))
    wanted = About(
        title="Joining", day="2026-11-23", facilitator="Fiona", agenda=agenda.id, steps=agenda.steps,
        release_id=release.id, release_hash=release.manifest.content_hash, notice=notice(),
    )  # fmt: skip
    meeting = life.prepare(Store.open(home.path / "store.sqlite"), wanted, LEAD)
    life.start(meeting, LEAD, release)
    return meeting


type Opener = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opener]:
    """A browser of its own at an address; all are closed at the end, as these pages ask the server for news for ever."""
    contexts: list[BrowserContext] = []

    def open_one(address: str, width: int = 390, height: int = 844) -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": height}))
        page = contexts[-1].new_page()
        page.goto(address)
        settled(page)
        return page

    yield open_one
    for context in contexts:
        context.close()


def test_phones_and_screen_follow_and_what_is_typed_survives_a_step_and_a_reload(
    workbench: str, opened: Opener, home: Home
) -> None:
    meeting = prepared(home)
    seats = [people.join(meeting, name, "nhs_board").word for name in ("Ann", "Bob")]
    links = [f"{workbench}/join?session={meeting.id}&seat=participant&me={word}" for word in seats]
    ann, bob = (opened(link) for link in links)
    screen = opened(f"{workbench}/screen?session={meeting.id}", 1920, 1080)
    life.enter(meeting, "drill", LEAD)
    field = ann.locator("textarea").first
    field.click()
    field.press_sequentially(TYPED)
    expect(screen).to_have_url(re.compile(r"/needs\?.*room=true"))
    ann.wait_for_timeout(1_000)
    life.enter(meeting, "break", LEAD)
    expect(ann.get_by_text("The room has moved on")).to_be_visible()
    expect(field).to_have_value(TYPED)
    expect(bob.get_by_text("Step 6 of")).to_be_visible()
    expect(screen).to_have_url(re.compile(r"/screen\?"))
    ann.get_by_role("button", name="Go along").click()
    expect(ann.locator("textarea")).to_have_count(0)
    life.enter(meeting, "scenarios", LEAD)
    expect(bob.get_by_label("Whose promise")).to_have_value("Bob, NHS board")
    bob.wait_for_timeout(1_000)
    life.enter(meeting, "drill", LEAD)
    expect(bob.get_by_label("Whose promise")).to_have_count(0)
    expect(bob.get_by_text("The room has moved on")).to_have_count(0)
    expect(field).to_have_value(TYPED)
    ann.reload()
    expect(field).to_have_value(TYPED)
    assert sideways_overflow(ann) == 0
    for page in (ann, screen):
        without_barriers(page)


def test_what_was_sent_stays_sent_while_somebody_types_on(workbench: str, opened: Opener, home: Home) -> None:
    meeting = prepared(home)
    life.enter(meeting, "drill", LEAD)
    seat = people.join(meeting, "Ann", "nhs_board")
    ann = opened(f"{workbench}/join?session={meeting.id}&seat=participant&me={seat.word}")
    ann.wait_for_timeout(1_000)
    said, parked = ann.get_by_label("Your words"), ann.get_by_label("For the parking lot")
    said.fill(TYPED)
    ann.wait_for_timeout(1_000)
    ann.get_by_role("button", name="Send it").click()
    parked.fill("Transport")
    expect(ann.get_by_text("What you said (1)")).to_be_visible()
    ann.wait_for_timeout(1_500)
    expect(said).to_have_value("")
    expect(parked).to_have_value("Transport")
    ann.get_by_role("button", name="Park it").click()
    expect(parked).to_have_value("")
    life.enter(meeting, "break", LEAD)
    expect(ann.get_by_text("Step 6 of")).to_be_visible()
    expect(ann.get_by_text("The room has moved on")).to_have_count(0)


def test_a_press_in_the_moment_in_which_the_phone_tells_that_somebody_types_is_not_lost(
    workbench: str, opened: Opener, home: Home
) -> None:
    meeting = prepared(home)
    life.enter(meeting, "priorities", LEAD)
    ballots.open_ballot(meeting, Draft(Kind.DOTS, "Which first?", options(["Trusted adults", "Bullying"]), named=True), LEAD)
    seat = people.join(meeting, "Ann", "nhs_board")
    ann = opened(f"{workbench}/join?session={meeting.id}&seat=participant&me={seat.word}")
    ann.get_by_role("button", name="Increment").first.click()
    expect(ann.get_by_text("4 dots left.")).to_be_visible()
    ann.wait_for_timeout(1_000)
    ann.evaluate(PRESS_WHILE_TELLING, [TYPED, "Cast my vote"])
    ann.get_by_label("Your words").fill(TYPED)
    expect(ann.get_by_text("Kept. You may change it").first).to_be_visible()
