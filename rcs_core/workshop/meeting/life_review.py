"""A session looked at again after six weeks: what was decided and how it goes, what was promised, and who owes what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from rcs_core.workshop.evidence import listed
from rcs_core.workshop.meeting import parking
from rcs_core.workshop.meeting.agenda import running
from rcs_core.workshop.meeting.inputs_promised import called, promised
from rcs_core.workshop.meeting.life_open import decided
from rcs_core.workshop.meeting.meeting import Meeting, standing
from rcs_core.workshop.plan import review
from rcs_core.workshop.plan.chain import Action, Plan
from rcs_core.workshop.plan.review import Promised
from rcs_core.workshop.store import Event, EventKind

NOBODY = "Nobody yet"


@dataclass(frozen=True, slots=True)
class Owed:
    """Something that somebody owes. day: ISO or blank; over: whether it is settled."""

    owner: str
    what: str
    title: str
    day: str
    state: str
    over: bool = False

    def late(self, today: date) -> bool:
        """Whether its day has passed and it is not settled."""
        return not self.over and bool(self.day) and self.day < today.isoformat()


@dataclass(frozen=True, slots=True)
class Reviewed:
    """That a session was looked at again: in what words, by whom, when, and which release had come since."""

    words: str
    author: str
    at: str
    release_since: str


def of_session(meeting: Meeting, plan: Plan) -> list[Action]:
    """The actions, proposals and questions of a plan that were decided in a session."""
    ids = {one.id for one in decided(meeting)}
    return [action for action in plan.every if action.decision.id in ids]


def checks(meeting: Meeting, plan: Plan) -> list[Promised]:
    """What the decisions of a session said would be checked, the open ones first."""
    ids = {one.id for one in decided(meeting)}
    return [one for one in review.promised(plan) if one.decision in ids]


def owed(meeting: Meeting, plan: Plan) -> list[Owed]:
    """Who owes what after a session, the earliest day first; what has no day comes last."""
    found = [_action(one) for one in of_session(meeting, plan)]
    found += [
        Owed(p.owner, "Input", f"{called(p.agency)}: {p.input.label}", p.day, "Promised")
        for p in meeting.made(promised).values()
    ]  # fmt: skip
    found += [
        Owed(i.who or NOBODY, "Parking lot", i.text, i.day, "Open" if i.is_open else "Taken") for i in meeting.made(parking.items)
    ]
    whose = {action.decision.id: review.owner(action) for action in plan.every}
    for one in (check for check in checks(meeting, plan) if check.open):
        found.append(Owed(whose[one.decision], one.kind, f"{one.title}: {one.words}", "", "Not checked yet"))
    return sorted(found, key=lambda one: (one.over, one.day or "9999", one.owner))


def _action(action: Action) -> Owed:
    decision, report = action.decision, action.report
    day = decision.by.isoformat() if decision.by else ""
    state = report.state.label if report else decision.standing.label
    return Owed(review.owner(action), decision.verdict.label.partition(":")[0], f"{decision.id}, {decision.title}", day, state,
                bool(report and report.state.over))  # fmt: skip


def frame(found: Sequence[Owed], today: date) -> pd.DataFrame:
    """Who owes what by when, as a table."""
    rows = [(o.owner, o.what, o.title, f"{o.day}{' (passed)' if o.late(today) else ''}" or "No day", o.state) for o in found]
    return pd.DataFrame(rows, columns=["Who", "Kind", "What", "By", "State"])


def headline(found: Sequence[Owed], today: date) -> str:
    """How much is owed, how much of it is past its day, and how much has no owner."""
    left = [one for one in found if not one.over]
    if not left:
        return "Nothing is owed from this session."
    late, nobody = sum(one.late(today) for one in left), sum(one.owner in (NOBODY, "No owner") for one in left)
    rest = [f"{late} past the day"] if late else []
    rest += [f"{nobody} without an owner"] if nobody else []
    return f"{len(left)} thing{' is' if len(left) == 1 else 's are'} owed from this session{f': {listed(rest)}' if rest else ''}."


def reviews(events: Sequence[Event]) -> tuple[Reviewed, ...]:
    """Every review of a closed session, the first one first."""
    kept = [e for e in standing(events) if e.kind is EventKind.SESSION_REVIEWED] if running(events).state.over else []
    return tuple(Reviewed(e.body["words"], e.author, e.at, e.body.get("release_since", "")) for e in kept)
