"""Words that somebody types in a session: not blank, not endless, with no number, address or date that a child is known by.

A name cannot be told from a colleague's, so the screens ask beside the field that no child or family is named.
"""

import re
from collections.abc import Mapping

from rcs_core.contracts.identifiers import is_chi, policy, value_finder
from rcs_core.contracts.model import Column
from rcs_core.workshop.meeting.agenda import running
from rcs_core.workshop.meeting.guess_questions import rule
from rcs_core.workshop.meeting.meeting import Meeting, MeetingError

WARNING = "Do not name a child or a family, nor anything they could be known by."
"""What stands beside every field for words."""
_OURS = Column("", "", "string", False, False, False, names_allowed=True)
_TEN = re.compile(r"(?<![\d.,£-])\d{6}[ -]?\d{4}(?![\d.,]\d|\d)")
_SCHOOL = re.compile(r"(?<![\d.,£-])\d{7}(?![\d.,]\d|\d|%)")
_PHONE = re.compile(r"(?<![\d.,£])0[12]\d{1,3}[ -]?\d{3}[ -]?\d{3,4}(?!\d)")


def at_work(meeting: Meeting, where: str) -> None:
    """Raises MeetingError where the session is closed, so that what is added can no longer stand in its pack."""
    state = meeting.made(running).state
    if state.over:
        raise MeetingError("the session is closed", where, state.label, "a session that is not closed", "ask the facilitator")


def kind_of(text: str, year: int) -> str:
    """What in a text a child could be known by, in words; nothing where nothing is found. year: of the session."""
    for part in (text, *text.splitlines()):
        if kind := value_finder(_OURS, True, year)(part):
            return policy().kinds[kind].label
    # a slip of the hand is a health number all the same, so its check digit is not asked for
    if any(is_chi(re.sub(r"[ -]", "", ten), strict=False) for ten in _TEN.findall(text)):
        return policy().kinds["chi_number"].label
    if _PHONE.search(text):
        return policy().kinds["contact_detail"].label
    return "a number of seven digits, as a school has (write an amount with its £)" if _SCHOOL.search(text) else ""


def checked(fields: Mapping[str, str], year: int, where: str, needed: tuple[str, ...] = ()) -> dict[str, str]:
    """The texts as they are kept; raises MeetingError with all that is wrong. needed: those that may not be blank."""
    found = {name: _tidy(text) for name, text in fields.items()}
    most = int(rule("most_letters"))
    wrong = [f"{name} is blank" for name in needed if not found[name]]
    wrong += [f"{name} has {len(text):,} letters, not at most {most:,}" for name, text in found.items() if len(text) > most]
    wrong += [f"{name} holds {kind}" for name, text in found.items() if (kind := kind_of(text, year))]
    if wrong:
        raise MeetingError(
            "this was not kept", where, "; ".join(wrong), "words that name no child or family", "change it and send it again"
        )
    return found


def _tidy(text: str) -> str:
    """The lines without stray spaces and without blank lines at either end."""
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
