"""How the actions of a plan go: who reported what when, what is late, and which checks that were promised are still open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from rcs_core.workshop.evidence import listed
from rcs_core.workshop.plan.book import Check, Progress
from rcs_core.workshop.plan.chain import Action, Plan
from rcs_core.workshop.spend_map.money import agency_label

NOT_REPORTED = "Nobody has reported yet"


@dataclass(frozen=True, slots=True)
class Promised:
    """Something that was to be checked, a condition or what a safety sheet says is watched; and what came of it."""

    decision: str
    title: str
    kind: str
    words: str
    done: Check | None

    @property
    def open(self) -> bool:
        """Whether nobody has said what came of it."""
        return self.done is None


def headline(plan: Plan, today: date) -> str:
    """How many actions are on track or done, how many are behind and on how many nobody has reported."""
    if not plan.actions:
        return "0 actions to review: nothing is agreed yet."
    states = [a.report.state if a.report else None for a in plan.actions]
    good = sum(s in (Progress.ON_TRACK, Progress.DONE) for s in states)
    parts = [
        (states.count(Progress.BEHIND), "behind"),
        (states.count(Progress.NOT_STARTED), "not started"),
        (states.count(Progress.STOPPED), "stopped"),
        (states.count(None), "without a report"),
        (sum(a.late(today) for a in plan.actions), "past the date"),
    ]
    rest = listed(f"{many} {words}" for many, words in parts if many)
    many = len(plan.actions)
    verb = "is" if many == 1 else "are"
    return f"{good} of {many} action{'' if many == 1 else 's'} {verb} on track or done{f'; {rest}' if rest else ''}."


def frame(plan: Plan, today: date) -> pd.DataFrame:
    """One row an action: its state, by whom and when, and in what words."""
    return pd.DataFrame([_row(action, today) for action in plan.actions])


def _row(action: Action, today: date) -> dict[str, object]:
    decision, report = action.decision, action.report
    return {
        "Action": decision.title,
        "Owner": owner(action),
        "By": by(action, today),
        "State": report.state.label if report else NOT_REPORTED,
        "Said": report.words if report else "",
        "Reported by": f"{report.author}, {report.at[:10]}" if report else "",
    }


def owner(action: Action) -> str:
    """Who owns an action, and for whom."""
    decision = action.decision
    agency = agency_label(decision.owner_agency) if decision.owner_agency.strip() else ""
    return ", ".join(filter(None, (decision.owner.strip(), agency))) or "No owner"


def by(action: Action, today: date) -> str:
    """The day of an action, and that it has passed where it has."""
    day = action.decision.by
    return "No date" if day is None else f"{day.isoformat()}{' (passed)' if action.late(today) else ''}"


def history(plan: Plan) -> pd.DataFrame:
    """Every report, the newest first; nothing that was said is taken back."""
    titles = {a.decision.id: a.decision.title for a in plan.every}
    rows = [
        (r.at[:16].replace("T", " "), titles[id], r.state.label, r.words, r.author, r.release_id)
        for id, reports in plan.book.reports.items()
        if id in titles
        for r in reports
    ]
    columns = ["At (UTC)", "Action", "State", "Said", "By", "Release"]
    return pd.DataFrame(sorted(rows, reverse=True), columns=columns)


def promised(plan: Plan) -> list[Promised]:
    """Everything that decisions said would be checked, the open ones first."""
    found = []
    for action in (*plan.actions, *plan.proposals, *plan.questions):
        decision, checks = action.decision, plan.book.checks
        wanted = [("Condition", words) for words in decision.conditions if words.strip()]
        if decision.safety is not None:
            wanted += [
                ("Safety sheet: condition", decision.safety.conditions),
                ("Safety sheet: watched", decision.safety.monitored),
            ]
            wanted += [("Impact assessment due", a.text) for a in decision.safety.assessments if a.due and not a.done]
        for kind, words in wanted:
            if words.strip():
                found.append(Promised(decision.id, decision.title, kind, words, checks.get((decision.id, words))))
    return sorted(found, key=lambda p: not p.open)


def promised_frame(found: Sequence[Promised]) -> pd.DataFrame:
    """What was to be checked, and what came of it."""
    rows = [(p.title, p.kind, p.words, p.done.words if p.done else "Open", _by(p.done)) for p in found]
    return pd.DataFrame(rows, columns=["Decision", "What", "We said we would check", "What came of it", "By"])


def _by(check: Check | None) -> str:
    return f"{check.author}, {check.at[:10]}" if check else ""


def promised_line(found: Sequence[Promised]) -> str:
    """How many checks are open."""
    left = sum(p.open for p in found)
    if not found:
        return "0 checks were promised: no decision has a condition."
    return f"{left} of {len(found)} checks that were promised {'is' if left == 1 else 'are'} open."
