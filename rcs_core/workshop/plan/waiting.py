"""What waits for somebody: proposals to agree, questions to answer, actions past their day; each a sentence with its number."""

from collections.abc import Sequence
from datetime import date

from rcs_core.workshop.plan.chain import Action, Plan


def to_decide(plan: Plan, today: date) -> list[str]:
    """What waits to be decided; empty where nothing does."""
    found = [
        _said(plan.proposals, "proposal waits", "proposals wait", "to be agreed", today),
        _said(plan.questions, "question waits", "questions wait", "for an answer before anything is agreed", today),
    ]
    return [sentence for sentence in found if sentence]


def to_follow(plan: Plan, today: date) -> list[str]:
    """What was agreed and is late, or cannot be followed at all; empty where all is well."""
    late = [a for a in plan.actions if a.late(today)]
    lost = [a for a in plan.actions if not a.followed]
    found = [
        f"{len(late)} of {_actions(plan)} {_is(late)} past {_its(late)} day, and nobody has said that it is over."
        if late
        else "",
        f"{len(lost)} of {_actions(plan)} {'lacks' if len(lost) == 1 else 'lack'} an owner, a date or an indicator."
        if lost
        else "",
    ]
    return [sentence for sentence in found if sentence]


def _said(waiting: Sequence[Action], one: str, several: str, for_what: str, today: date) -> str:
    if not waiting:
        return ""
    past = sum(a.decision.by is not None and a.decision.by < today for a in waiting)
    after = f"; of {past} the day has passed" if past else ""
    return f"{len(waiting)} {one if len(waiting) == 1 else several} {for_what}{after}."


def _actions(plan: Plan) -> str:
    return f"{len(plan.actions)} agreed {'action' if len(plan.actions) == 1 else 'actions'}"


def _is(some: Sequence[Action]) -> str:
    return "is" if len(some) == 1 else "are"


def _its(some: Sequence[Action]) -> str:
    return "its" if len(some) == 1 else "their"
