"""Browser sessions without a browser: Streamlit's own messages over real websockets, and the server's processor time and memory.

A session opens a page as a browser does, keeps what the server lets it keep, and changes a control when told to. Every run of a
page is looked at: an error, a missing title or a page that stayed as it was is a failure, never a fast answer.
"""

import asyncio
import contextlib
import os
import random
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from common import ROOT
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

CONTROLS = ("selectbox", "button_group", "number_input")
LONGEST = 120.0
"""Seconds after which a page that has not finished counts as failed."""
_TICKS = os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    """A page that did not become what was asked for."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of a page: seconds from the press to the script's end, bytes and messages received."""

    seconds: float
    sent: int
    messages: int


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: its address, and the process that runs the pages."""

    host: str
    pid: int

    @property
    def cpu(self) -> float:
        """Seconds of the processor used so far."""
        words = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / _TICKS

    @property
    def rss_mb(self) -> float:
        """Resident memory now."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


@contextlib.contextmanager
def server(words: list[object], home: Path, extra: Mapping[str, str] | None = None) -> Iterator[Served]:
    """One Streamlit server on a free port with the project's own settings, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*map(str, words), "--server.port" if "streamlit" in map(str, words) else "--port", str(port)]
    env = {**os.environ, "RCS_HOME": str(home), **(extra or {})}
    child = subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    host = f"127.0.0.1:{port}"
    for _ in range(600):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://{host}/_stcore/health", timeout=1):
            break
        time.sleep(0.1)
    pid = _last_child(child.pid)
    try:
        yield Served(host, pid)
    finally:
        for one in dict.fromkeys((pid, child.pid)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, 15)
        child.wait(10)


def _last_child(pid: int) -> int:
    """The process that a command started in its turn, or itself."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return _last_child(int(children[0])) if children else pid


@dataclass
class Session:
    """One reader of one page. title: words that the page's title must hold, or the page that came was another one."""

    host: str
    page: str
    title: str
    seed: int = 0
    controls: dict[str, tuple[str, Element]] = field(default_factory=dict)
    choices: dict[str, object] = field(default_factory=dict)
    _states: dict[str, WidgetState] = field(default_factory=dict)
    _kept: dict[str, tuple[str, Element]] = field(default_factory=dict)
    _seen: frozenset[str] = frozenset()
    _query: str = ""
    _hash: str = ""
    _line: ClientConnection | None = None

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    async def open(self) -> Ran:
        """Connect and load the page."""
        self._line = await connect(
            f"ws://{self.host}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit"), Subprotocol("none")],
            max_size=None,
            compression=None,
            ping_interval=None,
            open_timeout=LONGEST,
        )
        return await self._run()

    async def close(self) -> None:
        """Leave, as by closing the tab."""
        if self._line:
            await self._line.close()

    async def edit(self, label: str, value: object) -> Ran:
        """Change one control and wait until its page has been drawn; the page must differ from the one before."""
        kind, control = self._control(label)
        state = WidgetState(id=control.id)
        if kind == "selectbox":
            state.string_value = str(value)
        elif kind == "number_input":
            state.double_value = float(str(value))
        else:
            state.string_array_value.data.append(str(value))
        self._states[control.id], self.choices[label] = state, value
        before = self._seen
        ran = await self._run()
        if self._seen == before:
            raise Failed(f"{self.page}: {label} = {value} changed nothing")
        return ran

    def options(self, label: str) -> list[str]:
        """What a control offers."""
        _, control = self._control(label)
        return [o if isinstance(o, str) else o.content for o in control.options]

    def _control(self, label: str) -> tuple[str, Any]:
        if label not in self.controls:
            raise Failed(f"{self.page}: there is no {label}")
        kind, element = self.controls[label]
        return kind, getattr(element, kind)

    async def _run(self) -> Ran:
        line = self._line
        assert line is not None
        back = BackMsg()
        back.rerun_script.query_string, back.rerun_script.page_name = self._query, self.page
        back.rerun_script.page_script_hash = self._hash
        back.rerun_script.cached_message_hashes.extend(self._kept)
        back.rerun_script.widget_states.widgets.extend(self._states.values())
        began = time.perf_counter()
        try:
            async with asyncio.timeout(LONGEST):
                await line.send(back.SerializeToString())
                return await self._drawn(line, began)
        except ConnectionClosed as error:
            raise Failed(f"{self.page}: the server hung up ({error})") from error

    async def _drawn(self, line: ClientConnection, began: float) -> Ran:
        """Take in messages until the script has finished."""
        sent, messages, titled = 0, 0, False
        seen: set[str] = set()
        kept: dict[str, tuple[str, Element]] = {}
        self.controls = {}
        while True:
            raw = await line.recv()
            assert isinstance(raw, bytes)
            sent, messages = sent + len(raw), messages + 1
            told = ForwardMsg.FromString(raw)
            kind = told.WhichOneof("type")
            if kind == "navigation":
                self._hash = told.navigation.page_script_hash
            elif kind == "page_info_changed":
                self._query = told.page_info_changed.query_string
            elif kind in ("delta", "ref_hash"):
                known = told.ref_hash if kind == "ref_hash" else told.hash
                seen.add(known)
                part = self._kept.get(known) if kind == "ref_hash" else _part(told)
                if part:
                    titled = self._look(*part) or titled
                    if kind == "ref_hash" or told.metadata.cacheable:
                        kept[known] = part
            elif kind == "page_not_found":
                raise Failed(f"no page {self.page}")
            elif kind == "script_finished":
                break
        took = time.perf_counter() - began
        if told.script_finished not in (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY):
            raise Failed(f"{self.page} ended with {told.script_finished}")
        if not titled:
            raise Failed(f"{self.page} came without its title")
        self._kept, self._seen = kept, frozenset(seen)
        return Ran(took, sent, messages)

    def _look(self, kind: str, element: Element) -> bool:
        """Take note of a control, refuse an error; whether this is the title that the page must have."""
        if kind == "exception" or (kind == "alert" and element.alert.format == element.alert.ERROR):
            raise Failed(f"{self.page}: {element.exception.message or element.alert.body}")
        if kind in CONTROLS:
            self.controls[getattr(element, kind).label] = (kind, element)
        return kind == "heading" and element.heading.tag == "h1" and self.title in element.heading.body


def _part(told: ForwardMsg) -> tuple[str, Element] | None:
    """The element that a message brings, with its kind."""
    if told.delta.WhichOneof("type") != "new_element":
        return None
    element = told.delta.new_element
    return str(element.WhichOneof("type")), element
