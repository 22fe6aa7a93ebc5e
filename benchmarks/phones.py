"""A phone in a session without a browser: Streamlit's own messages over a real websocket.

It opens a page, asks for its polled parts as often as the page says, chooses a step of agreement, presses the button, and waits
until the form says that its vote is kept.
"""

import asyncio
import random
import time
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

CAST, TOLD = "Cast my vote", "Kept."
LONGEST = 120.0
"""Seconds after which an answer that has not come counts as lost."""


class PhoneError(Exception):
    """A page that broke."""


@dataclass
class Phone:
    """One phone: a websocket on one page, its polled parts asked for in the background."""

    host: str
    page: str
    query: str
    seed: int = 0
    radio: tuple[Element, str] | None = None
    button: tuple[Element, str] | None = None
    looks: int = 0
    step: int = 0
    _states: dict[str, WidgetState] = field(default_factory=dict)
    _hash: str = ""
    _line: ClientConnection | None = None
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _polled: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _told: asyncio.Event = field(default_factory=asyncio.Event)
    _asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self) -> None:
        """Connect, load the page, and go on reading."""
        self._line = await connect(
            f"ws://{self.host}/_stcore/stream", subprotocols=[Subprotocol("streamlit"), Subprotocol("none")], max_size=None,
            compression=None, ping_interval=None, open_timeout=LONGEST,
        )  # fmt: skip
        self._tasks.append(asyncio.create_task(self._read(self._line)))
        await self.send()

    async def close(self) -> None:
        """Leave."""
        for task in (*self._tasks, *self._polled.values()):
            task.cancel()
        if self._line:
            await self._line.close()

    async def send(self, fragment: str = "", polled: bool = False, press: str = "") -> None:
        """Ask for the page or one part of it; press: a button."""
        back = BackMsg()
        asked = back.rerun_script
        asked.query_string, asked.page_name, asked.page_script_hash = self.query, self.page, self._hash
        asked.fragment_id, asked.is_auto_rerun = fragment, polled
        asked.context_info.url = f"http://{self.host}/{self.page}?{self.query}"
        asked.widget_states.widgets.extend(self._states.values())
        if press:
            asked.widget_states.widgets.append(WidgetState(id=press, trigger_value=True))
        assert self._line is not None
        await self._line.send(back.SerializeToString())

    async def choose(self, step: int) -> None:
        """Take a step of agreement; once the form of this round is there."""
        async with asyncio.timeout(LONGEST):
            await self._asked.wait()
        assert self.radio is not None
        element, fragment = self.radio
        self.step = step
        self._states[element.radio.id] = WidgetState(id=element.radio.id, string_value=element.radio.options[step - 1])
        await self.send(fragment)

    async def cast(self) -> float:
        """Press the button; seconds until the phone is told that it is kept."""
        assert self.button is not None
        element, fragment = self.button
        self._told.clear()
        began = time.perf_counter()
        await self.send(fragment, press=element.button.id)
        async with asyncio.timeout(LONGEST):
            await self._told.wait()
        return time.perf_counter() - began

    def forget(self) -> None:
        """Another round begins: the form of the last one is not this one's."""
        self.radio = self.button = None
        self._states.clear()
        self._asked.clear()

    async def _read(self, line: ClientConnection) -> None:
        async for raw in line:
            assert isinstance(raw, bytes)
            told = ForwardMsg.FromString(raw)
            kind = told.WhichOneof("type")
            if kind == "navigation":
                self._hash = told.navigation.page_script_hash
            elif kind == "page_info_changed":
                self.query = told.page_info_changed.query_string
            elif kind == "auto_rerun":
                self._poll(told.auto_rerun.fragment_id, told.auto_rerun.interval)
            elif kind == "delta" and told.delta.WhichOneof("type") == "new_element":
                self._look(told.delta.new_element, told.delta.fragment_id)

    def _look(self, element: Element, fragment: str) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise PhoneError(f"{self.page}: {element.exception.message}")
        if kind == "radio":
            self.radio = element, fragment
        elif kind == "button" and element.button.label == CAST:
            self.button = element, fragment
        elif kind == "alert" and element.alert.body.startswith(TOLD) and f"step {self.step}." in element.alert.body:
            self._told.set()
        if self.radio and self.button:
            self._asked.set()

    def _poll(self, fragment: str, interval: float) -> None:
        if fragment not in self._polled:
            self._polled[fragment] = asyncio.create_task(self._again(fragment, interval))

    async def _again(self, fragment: str, interval: float) -> None:
        await asyncio.sleep(random.Random(self.seed).uniform(0, interval))
        while True:
            self.looks += 1
            await self.send(fragment, polled=True)
            await asyncio.sleep(interval)
