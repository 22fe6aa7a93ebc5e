"""The browsers of one session: facilitator, big screen and phones, and what each of them presses."""

import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from rcs_core import release
from rcs_core.settings import read_json
from rcs_core.workshop.meeting import Meeting, people
from rcs_core.workshop.meeting.agenda import sessions
from rcs_core.workshop.meeting.joining import agencies
from rcs_core.workshop.store import Store
from tests.browser.conftest import serve, tell
from tests.browser.drive import TROUBLE, choose, settled
from tests.tiny_release import tiny_release

ROOM = (
    ("Ann Baird", "Council: social work"), ("Bob Cairns", "Council: education"), ("Cath Dunn", "NHS board"),
    ("Dev Ewing", "Police Scotland"), ("Eve Fyfe", "Third sector"),
)  # fmt: skip
PHONE = {"width": 390, "height": 844}
LOOPBACK = ("127.0.0.1", "localhost")


@dataclass(frozen=True)
class Served:
    """A workbench on the small release, with its workspace."""

    url: str
    home: Path

    def packs(self) -> list[Path]:
        """The packs in the workspace's folder."""
        return sorted((self.home / "packs").glob("*.zip"))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of its own, as its sessions must not meet those of other tests."""
    home = tmp_path_factory.mktemp("session")
    file = tiny_release(home / "releases")
    with Store.open(home / "store.sqlite") as store:
        store.sign_off(read_json(file.parent / release.POINTER)["content_hash"], "rcs build", "build", "fictional", True)
    for url in serve({**os.environ, "RCS_HOME": str(home)}, "serve", "--release", file):
        yield Served(url, home)


@dataclass
class Room:
    """The browsers of one session; offline: whatever is not this computer is refused, and counted."""

    browser: Browser
    offline: bool = False
    refused: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def enter(self, address: str, size: dict[str, int] | None = None) -> Page:
        """Another browser in the room, at an address."""
        wide = size or {"width": 1280, "height": 900}
        context = self.browser.new_context(viewport={"width": wide["width"], "height": wide["height"]}, accept_downloads=True)
        self.contexts.append(context)
        if self.offline:
            context.route("**/*", self._only_here)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(address)
        settled(page)
        return page

    def _only_here(self, route: Route) -> None:
        host = route.request.url.split("/")[2].partition(":")[0] if "://" in route.request.url else LOOPBACK[0]
        if host in LOOPBACK:
            route.continue_()
        else:
            self.refused.append(route.request.url)
            route.abort()


@pytest.fixture
def room(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Room]:
    """A room whose browsers are closed at its end; no page of it may have broken."""
    made = Room(browser)
    yield made
    tell(request, made.contexts)
    for context in made.contexts:
        context.close()
    assert made.errors == []


def press(page: Page, name: str, exact: bool = False) -> None:
    """Press a button, and wait for what becomes of it; it may be no error."""
    page.get_by_role("button", name=name, exact=exact).first.click()
    page.wait_for_timeout(120)
    settled(page)
    assert page.locator(TROUBLE).count() == 0, page.locator(TROUBLE).first.inner_text()


def prepared(room: Room, served: Served, title: str, agenda: str) -> tuple[Page, str, str]:
    """A session that somebody prepared and started: the facilitator's page, the session's id and its code."""
    with Store.open(served.home / "store.sqlite") as store:
        earlier = sessions(store)
    page = room.enter(f"{served.url}/session")
    if earlier:  # the form for another one stands behind a door then
        page.get_by_text("Prepare a session", exact=True).first.click()
    page.get_by_label("Title").first.fill(title)
    page.get_by_label("Facilitator").first.fill("Morag Ross")
    choose(page, "Agenda", agenda)
    press(page, "Prepare it")
    expect(page.get_by_text("The session is ready to start.").first).to_be_visible()
    with Store.open(served.home / "store.sqlite") as store:
        found = next(one for one in sessions(store) if one.about.title == title)
    page.get_by_role("radio", name="Run").click()
    press(page, "Start the session")
    expect(page.get_by_text("Step 1 of").first).to_be_visible()
    return page, found.id, found.about.code


def joined(room: Room, served: Served, id: str, code: str) -> list[Page]:
    """Five people on their phones: one by the code and the form, the others by the address that joining gave them."""
    first = room.enter(f"{served.url}/join?code={code}", PHONE)
    name, agency = ROOM[0]
    first.get_by_label("Your name").fill(name)
    choose(first, "Whom you are here for", agency)
    press(first, "Join", exact=True)
    codes = {label: agency for agency, label in agencies().items()}
    with Store.open(served.home / "store.sqlite") as store:
        there = [people.join(Meeting.of(store, id), name, codes[agency]) for name, agency in ROOM[1:]]
    return [first, *(room.enter(f"{served.url}/join?session={id}&seat=participant&me={one.word}", PHONE) for one in there)]


def onward(page: Page, title: str) -> None:
    """On to the next step, whose title is named."""
    press(page, f"Next: {title}")
    expect(page.get_by_text(f": {title}").first).to_be_visible()


def the_record(path: Path) -> tuple[str, dict[str, bytes]]:
    """All that the record of a pack says, and the files of the pack."""
    with zipfile.ZipFile(path) as whole:
        files = {name: whole.read(name) for name in whole.namelist()}
    paper = docx.Document(io.BytesIO(next(raw for name, raw in files.items() if "session-record" in name)))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in paper.paragraphs] + cells), files


def opened(lead: Page, how: str, question: str, texts: list[str], names: bool) -> None:
    """A vote that the facilitator opens, on a question and options that are typed; on what the page offers where none are."""
    lead.get_by_role("radio", name=how, exact=True).click()
    settled(lead)
    if texts:
        choose(lead, "What about?", "Typed")
        lead.get_by_label("Question").first.fill(question)
        lead.get_by_label("Options, one a line").fill("\n".join(texts))
        lead.get_by_label("Options, one a line").press("Control+Enter")
        settled(lead)
    press(lead, "Open this vote")
    lead.get_by_text("With names" if names else "Without names", exact=True).last.click()
    settled(lead)
    press(lead, "Open it now")


def voted(phone: Page) -> None:
    """Cast the vote, and be told that it is kept."""
    press(phone, "Cast my vote")
    expect(phone.get_by_text("Kept. You may change it").first).to_be_visible()


def shown(lead: Page, big: Page, said: str) -> None:
    """The vote is closed and shown, and the big screen has it."""
    press(lead, "Close the vote")
    press(lead, "Show the result")
    expect(big.get_by_text(said).first).to_be_visible()


def _downloaded(page: Page, button: Locator) -> bytes:
    """What a button gives; one that was broken off is asked for again, as anybody would."""
    for last in (False, True):
        with page.expect_download() as download:
            button.click()
        if last or download.value.failure() is None:
            break
    return Path(download.value.path()).read_bytes()


def closed(lead: Page, served: Served) -> Path:
    """The session is closed; its pack lies in the folder of packs, and is the one that is downloaded."""
    before = served.packs()
    lead.get_by_role("radio", name="Close", exact=True).first.click()
    settled(lead)
    press(lead, "Close the session")
    button = lead.get_by_role("button", name="Download the pack")
    expect(button).to_be_visible(timeout=60_000)
    (path,) = set(served.packs()) - set(before)
    assert _downloaded(lead, button) == path.read_bytes()
    return path
