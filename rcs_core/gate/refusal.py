"""Why something may not leave: the house error that a gate raises, with all that it found at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from rcs_core.errors import DisclosureError

MOST_SAID = 5


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that may not leave: what it is, where it stands, what would be in order. Never the value itself."""

    what: str
    where: str
    expected: str


class LeavingError(DisclosureError):
    """Something that would leave holds what must not; nothing leaves."""


def refused(found: Sequence[Refusal], subject: str) -> LeavingError:
    """The error of these breaches, the first few of them in words."""
    told = list(dict.fromkeys(f"{one.what} ({one.where})" for one in found))
    more = f"; and {len(told) - MOST_SAID} more" if len(told) > MOST_SAID else ""
    return LeavingError(
        "this may not leave the workbench",
        subject,
        "; ".join(told[:MOST_SAID]) + more,
        "; ".join(dict.fromkeys(one.expected for one in found)),
        "nothing was written: tell whoever looks after this program which page and which file it was",
    )
