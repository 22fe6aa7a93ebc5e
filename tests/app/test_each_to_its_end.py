"""What a page drew reaches its browser: Streamlit as it is loses some of it, and with what is kept here nothing is lost."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.runtime import Runtime
from streamlit.runtime.script_data import ScriptData
from streamlit.runtime.scriptrunner.script_cache import ScriptCache

from app import each_to_its_end

SCRIPT = """import streamlit as st

@st.fragment(run_every=2)
def news():
    st.text("news")

st.text("first")
news()
st.text("last")
"""
PLAIN = (AppSession._create_scriptrunner, ForwardMsgQueue.clear)
"""Streamlit as it came, or as another test of this process left it."""
LONG = 10.0
"""Seconds in which a page of three lines is drawn, however busy the machine is."""


@pytest.fixture(params=["plain", "kept"])
def kept(request: pytest.FixtureRequest) -> Iterator[bool]:
    """Streamlit as it is (false), then with what is kept here (true)."""
    AppSession._create_scriptrunner, ForwardMsgQueue.clear = each_to_its_end._start, each_to_its_end._clear  # type: ignore[method-assign]
    if request.param == "kept":
        each_to_its_end.keep()
    yield request.param == "kept"
    AppSession._create_scriptrunner, ForwardMsgQueue.clear = PLAIN  # type: ignore[method-assign]


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page with a part that looks for news, and what Streamlit wants beside a session to run one."""
    monkeypatch.setattr(Runtime, "_instance", MagicMock())
    page = tmp_path / "page.py"
    page.write_text(SCRIPT, encoding="utf-8")
    return page


def opened(script: Path) -> AppSession:
    """A session of Streamlit's own on a script, without a browser."""
    return AppSession(
        ScriptData(str(script), is_hello=False), MemoryUploadedFileManager("/upload"), ScriptCache(), lambda: None, {}
    )  # fmt: skip


def lines(told: list[ForwardMsg]) -> list[str]:
    """The lines of text that a browser was sent, in order, and how each drawing ended."""
    ends = {ForwardMsg.FINISHED_SUCCESSFULLY: "page done", ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY: "part done"}
    return [
        one.delta.new_element.text.body if one.HasField("delta") else ends[one.script_finished]
        for one in told
        if one.HasField("script_finished") or one.delta.new_element.HasField("text")
    ]


async def drawn(script: Path) -> AppSession:
    """A page that is drawn while the server has no time to send any of it, and a look for news that comes before it has."""
    session = opened(script)
    session.request_rerun(ClientState())
    assert session._scriptrunner is not None
    assert session._scriptrunner._script_thread is not None
    session._scriptrunner._script_thread.join(LONG)
    session.request_rerun(ClientState(fragment_id=next(iter(session._fragment_storage._fragments)), is_auto_rerun=True))
    return session


async def sent(script: Path) -> list[str]:
    """What the browser gets of that page and of the look, until the look is done."""
    session = await drawn(script)
    told: list[ForwardMsg] = []
    async with asyncio.timeout(LONG):
        while lines(told)[-1:] != ["part done"]:
            await asyncio.sleep(0.01)
            told += session.flush_browser_queue()
    session.shutdown()
    return lines(told)


async def left(script: Path) -> list[str]:
    """What is drawn of that page where it is closed before the look has its turn."""
    session = await drawn(script)
    session.shutdown()
    async with asyncio.timeout(LONG):
        while session._scriptrunner:
            await asyncio.sleep(0.01)
    await asyncio.sleep(20 * each_to_its_end.PAUSE)
    return lines(session.flush_browser_queue())


def by_itself(one: Coroutine[None, None, list[str]]) -> list[str]:
    """Run it in a thread of its own: a browser of another test may have a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, one).result()


def test_a_page_that_was_drawn_is_sent_to_its_end_before_the_next_look(kept: bool, script: Path) -> None:
    found = by_itself(sent(script))
    assert found == (["first", "news", "last", "page done", "news", "part done"] if kept else ["news", "part done"])


def message(place: int, fragment: str = "") -> ForwardMsg:
    """A line of text in a place of the page."""
    made = ForwardMsg()
    made.metadata.delta_path[:] = [0, place]
    made.delta.new_element.text.body = f"{place} {fragment}"
    made.delta.fragment_id = fragment
    return made


def places(queue: ForwardMsgQueue) -> list[int]:
    """The places of the page that wait for the browser, in order."""
    return [one.metadata.delta_path[1] for one in queue.flush()]


def test_nothing_that_is_on_its_way_is_taken_out_for_a_fragment(kept: bool) -> None:
    queue = ForwardMsgQueue()
    for place, fragment in enumerate(("", "news", "")):
        queue.enqueue(message(place, fragment))
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["news"])
    queue.enqueue(message(1, "news"))
    assert places(queue) == ([0, 1, 2, 1] if kept else [0, 2, 1])


def test_what_waits_is_thrown_away_where_the_whole_page_is_drawn_anew_or_was_sent(kept: bool) -> None:
    del kept
    for retain in (True, False):
        queue = ForwardMsgQueue()
        queue.enqueue(message(0))
        queue.clear(retain_lifecycle_msgs=retain)
        assert places(queue) == []


@pytest.mark.parametrize("kept", ["kept"], indirect=True)
def test_a_page_that_was_closed_is_not_drawn_for_a_look_that_waited(kept: bool, script: Path) -> None:
    assert kept
    assert by_itself(left(script)) == ["first", "news", "last", "page done"]
