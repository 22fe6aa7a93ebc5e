"""What can happen that is worth remembering, and what an event is made of."""

from dataclasses import dataclass, field
from typing import Any

from rcs_core.errors import RcsError
from rcs_core.vocab import Label


class StoreError(RcsError):
    """The store cannot be opened, or was asked to keep what it cannot."""


class StoreAwayError(StoreError):
    """The store does not answer just now; it may, a moment later."""


class EventKind(Label):
    """What can happen in a workshop that is worth remembering."""

    SCENARIO_SAVED = "scenario_saved", "Scenario saved"
    SCENARIO_RENAMED = "scenario_renamed", "Scenario renamed"
    SCENARIO_RETIRED = "scenario_retired", "Scenario retired"
    RELEASE_SIGNED_OFF = "release_signed_off", "Release signed off"
    EDIT_MADE = "edit_made", "Edit made"
    RELEASE_WITHDRAWN = "release_withdrawn", "Release withdrawn"
    QUESTIONS_PUT = "questions_put", "Questions put to the group"
    ANSWER_GIVEN = "answer_given", "Answer given"
    ROUND_CLOSED = "round_closed", "Round of answers closed"
    DECISION_RECORDED = "decision_recorded", "Decision recorded"
    DECISION_UNDONE = "decision_undone", "Decision taken back"
    PRIORITY_SET = "priority_set", "Priority of the plan set"
    PRIORITY_DROPPED = "priority_dropped", "Priority of the plan dropped"
    ACTION_PLACED = "action_placed", "Action placed under a priority"
    ACTION_REVIEWED = "action_reviewed", "Action reviewed"
    CONDITION_CHECKED = "condition_checked", "Condition of a decision checked"
    SESSION_PREPARED = "session_prepared", "Session prepared"
    SESSION_CHANGED = "session_changed", "Preparation of a session changed"
    SESSION_STARTED = "session_started", "Session started"
    SESSION_CLOSED = "session_closed", "Session closed"
    SESSION_REVIEWED = "session_reviewed", "Session reviewed"
    STEP_ENTERED = "step_entered", "Step of the agenda entered"
    TIMER_CHANGED = "timer_changed", "Timer changed"
    SCREEN_SHOWN = "screen_shown", "Shown on the big screen"
    INPUT_PROMISED = "input_promised", "Input promised by an owner and a day"
    PERSON_JOINED = "person_joined", "Person joined"
    PERSON_LEFT = "person_left", "Person left"
    INTEREST_DECLARED = "interest_declared", "Interest declared"
    GUESS_ASKED = "guess_asked", "Guess asked"
    GUESS_GIVEN = "guess_given", "Guess given"
    GUESS_REVEALED = "guess_revealed", "Guesses revealed"
    BALLOT_OPENED = "ballot_opened", "Vote opened"
    VOTE_CAST = "vote_cast", "Vote cast"
    BALLOT_CLOSED = "ballot_closed", "Vote closed"
    BALLOT_SHOWN = "ballot_shown", "Result of a vote shown or hidden"
    PRIORITIES_TAKEN = "priorities_taken", "Priorities taken from a vote"
    REMARK_MADE = "remark_made", "Remark made"
    PARKED = "parked", "Put in the parking lot"
    PROMISE_STATED = "promise_stated", "Promise stated at the table"
    PROMISE_ACCEPTED = "promise_accepted", "Promise put into the scenario"
    TABLED = "tabled", "Put on the table"
    WEIGHTS_TAKEN = "weights_taken", "Weights of outcomes taken from a vote"
    RATING_GIVEN = "rating_given", "Session rated"
    PACK_EXPORTED = "pack_exported", "Pack of a session exported"
    TAKEN_BACK = "taken_back", "Taken back"
    SIGNED_IN = "signed_in", "Signed in"
    REFUSED = "refused", "Refused"
    TAKEN_AWAY = "taken_away", "Taken away as a file"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `id` and `at` (UTC) are given by the store when it is appended.

    session_id: the facilitated session in which it happened. partnership: whose it is, where one store serves several.
    """

    kind: EventKind
    author: str
    body: dict[str, Any] = field(default_factory=dict)
    agency: str = ""
    release_id: str = ""
    scenario_id: str = ""
    at: str = ""
    id: int = 0
    session_id: str = ""
    partnership: str = ""


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who took responsibility for serving a release of which specification, in what role and words.

    specification: the name of its set of tables; blank for what was signed before it was kept.
    """

    release_hash: str
    by: str
    role: str
    note: str
    fictional: bool
    at: str
    specification: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Who took a release out of use, and why."""

    release_hash: str
    by: str
    why: str
    at: str
