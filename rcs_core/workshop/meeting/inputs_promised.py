"""Who brings what is missing, and by when: promises for the coverage board.

Body of INPUT_PROMISED: agency (blank for the partnership together), input, owner, day (ISO), words. The latest one of an agency
and an input stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rcs_core.vocab import Label
from rcs_core.workshop.meeting.life_rules import limit
from rcs_core.workshop.meeting.meeting import By, Meeting, MeetingError, standing
from rcs_core.workshop.spend_map.money import agency_label
from rcs_core.workshop.store import Event, EventKind

TOGETHER = ""
"""The partnership as a whole, for what no single agency holds."""


class Input(Label):
    """What a partnership can bring."""

    SURVEY = "survey", "Wellbeing survey"
    CENSUS = "census", "Pupil census"
    RECORDS = "records", "Records of contact"
    REGISTER = "register", "Register of services"
    LEDGER = "ledger", "Spend"
    BUDGETS = "budgets", "Budgets of later years"
    DEMAND = "demand", "Demand history"
    EFFECTS = "effects", "Evidence of effect"


@dataclass(frozen=True, slots=True)
class Promised:
    """Who brings what, and by when."""

    agency: str
    input: Input
    owner: str
    day: str
    words: str = ""
    event: int = 0

    def overdue(self, today: date) -> bool:
        """Whether its day has passed."""
        return date.fromisoformat(self.day) < today


def promised(events: Sequence[Event]) -> dict[tuple[str, Input], Promised]:
    """Who brings what by when, the latest word for each agency and input."""
    found = {}
    for event in standing(events):
        if event.kind is EventKind.INPUT_PROMISED:
            body = event.body
            one = Promised(body["agency"], Input(body["input"]), body["owner"], body["day"], body.get("words", ""), event.id)
            found[one.agency, one.input] = one
    return found


def promise(meeting: Meeting, agency: str, input: Input, owner: str, day: date | None, by: By, words: str = "") -> int:
    """Keep who brings an input, and by when. Raises MeetingError with everything that is missing or too long."""
    who, said, most = " ".join(owner.split()), words.strip(), limit("title")
    wrong = [] if who else ["nobody is named who brings it"]
    wrong += [] if day else ["no day is named"]
    wrong += [f"the name has {len(who)} letters"] if len(who) > most else []
    wrong += [f"the words have {len(said)} letters"] if len(said) > limit("words") else []
    if wrong or day is None:
        raise MeetingError("an input is promised by a person and a day", "coverage board", "; ".join(wrong), "", "fill them in")
    body = {"agency": agency, "input": Input(input).value, "owner": who, "day": day.isoformat(), "words": said}
    return meeting.add(EventKind.INPUT_PROMISED, body, by)


def called(agency: str) -> str:
    """An agency, or the partnership as a whole."""
    return agency_label(agency) if agency else "The partnership together"
