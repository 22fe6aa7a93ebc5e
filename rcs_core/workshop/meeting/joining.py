"""What `data_contracts/joining.yaml` says of joining, and what a server remembers of phones while it runs: nothing on disk."""

import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from rcs_core.errors import SettingsError
from rcs_core.settings import CONTRACTS, ENTRY, read_yaml
from rcs_core.vocab import Agency

PATH = CONTRACTS / "joining.yaml"
_RULES = frozenset({"name", "digits", "tries", "pause", "away"})


@cache
def _content(path: Path) -> dict[str, Any]:
    content = read_yaml(path)
    if set(content) != {"rules", "beyond"} or set(content["rules"]) != _RULES:
        raise SettingsError("the contract has another form", path.name, "", f"beyond, and rules: {', '.join(sorted(_RULES))}")
    entries = {**content["rules"], "beyond": content["beyond"]}
    if bare := sorted(name for name, about in entries.items() if set(about) != ENTRY):
        raise SettingsError("an entry has another form", path.name, ", ".join(bare), f"all of: {', '.join(sorted(ENTRY))}")
    return content


def rule(name: str, path: Path = PATH) -> int:
    """A number of the contract by its name."""
    return int(_content(path)["rules"][name]["value"])


def agencies(path: Path = PATH) -> dict[str, str]:
    """For whom somebody may come: the agencies' labels by code, then those beyond the list, whose words are their code."""
    return {a.value: a.label for a in Agency} | {str(words): str(words) for words in _content(path)["beyond"]["value"]}


class Presence:
    """Who was heard of lately, kept while the server runs: a look of a phone is no event."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[tuple[str, str], float] = {}

    def seen(self, session: str, key: str) -> None:
        """A phone of this person asked for something."""
        self._seen[session, key] = self._clock()

    def away(self, session: str, key: str) -> bool:
        """Whether nothing was heard for a while of a phone that was heard of; who has none is not away."""
        last = self._seen.get((session, key))
        return last is not None and self._clock() - last > rule("away")


class Tries:
    """Wrong personal numbers of late, so that nobody goes through all of them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: dict[tuple[str, str], list[float]] = {}

    def left(self, session: str, key: str) -> int:
        """How many more numbers may be tried for a person now."""
        since = self._clock() - 60 * rule("pause")
        with self._lock:
            late = [at for at in self._wrong.get((session, key), []) if at > since]
            return max(0, rule("tries") - len(late))

    def wrong(self, session: str, key: str) -> None:
        """Keep that a wrong number was tried."""
        with self._lock:
            self._wrong.setdefault((session, key), []).append(self._clock())
