"""How much one person may send: how large one thing may be, and how many in which time."""

import threading
import time
from collections.abc import Callable

from rcs_core.access.person import AccessError
from rcs_core.access.roles import limit

_MOST = 10_000
"""People who are remembered at a time: whoever was heard of least lately is forgotten, who by then has a full allowance again."""


class Allowance:
    """A bucket of tokens for everybody: each thing that is sent takes one, and they come back with time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, who: str) -> None:
        """Count one thing that somebody sends; raises AccessError where it is one too many."""
        most, per_second = limit("at_once"), limit("a_minute") / 60
        now = self._clock()
        with self._lock:
            left, since = self._left.pop(who, (float(most), now))
            left = min(float(most), left + (now - since) * per_second)
            enough = left >= 1
            self._left[who] = (left - 1 if enough else left, now)
            while len(self._left) > _MOST:
                self._left.pop(next(iter(self._left)))
        if not enough:
            expected = f"{most} at once, and {limit('a_minute')} a minute after those"
            raise AccessError("too much was sent in a short time", "sending", "", expected, "wait a moment, and send it again")


def fits(size: int, large: bool = False) -> None:
    """Raises AccessError where what is to be kept is too large. size: bytes; large: a whole scenario or a session's agenda."""
    most = limit("large_body" if large else "body")
    if size > most:
        raise AccessError(
            "this is too large to be kept", "sending", f"{size:,} bytes", f"{most:,} at most", "send less: shorten the text"
        )
