"""Both kinds of store for the tests, and processes that write to one at once, forked from one that has read the program."""

import multiprocessing
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

from rcs_core.workshop.store import Event, EventKind, Store
from tests import postgres

KINDS = ["sqlite", "postgresql"] if postgres.programs() else ["sqlite"]
_FORKED = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(["tests.workshop.store_places", "rcs_core.workshop.kept"])


def new_place(kind: str, folder: Path) -> str:
    """A place for a store that is not there yet."""
    found = postgres.cluster() if kind == "postgresql" else None
    return found.url() if found else str(folder / "store.sqlite")


def forked(work: Callable[..., object], *arguments: Any) -> Any:
    """A process of its own that does one thing."""
    process = _FORKED.Process(target=work, args=arguments)
    # A page that was opened in a test before leaves its script as the main module, which a new process would run.
    with patch.dict(sys.modules, {"__main__": ModuleType("__main__")}):
        process.start()
    return process


def append(place: str, who: str, times: int, said: Path | None = None) -> None:
    """Open the store and add events, each written to a file with its number once it is acknowledged."""
    out = os.open(said or os.devnull, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    with Store.open(place) as store:
        for k in range(times):
            identity = store.append(Event(EventKind.EDIT_MADE, who, {"k": k, "text": "x" * 200}))
            os.write(out, f"{identity} {who} {k}\n".encode())
