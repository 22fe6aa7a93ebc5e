"""The criteria of the national review, and which of them this plan evidences from here: a short check of oneself.

A criterion counts as evidenced only by what figures and decisions show. Where the workbench cannot know, it says so.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import Label
from rcs_core.workshop import evidence
from rcs_core.workshop.evidence import listed, text
from rcs_core.workshop.plan.chain import Gap, Plan
from rcs_core.workshop.plan.contract import criteria, most_priorities
from rcs_core.workshop.plan.figures import figure
from rcs_core.workshop.plan.resources import ResourcesStatement
from rcs_core.workshop.spend_map.money import Relation


class Shown(Label):
    """How far the plan evidences a criterion from here."""

    YES = "yes", "Evidenced from here"
    PART = "part", "In part"
    NO = "no", "Not from here"


@dataclass(frozen=True, slots=True)
class Checked:
    """One criterion with how far it is evidenced, by what, and what it takes beyond that."""

    number: str
    title: str
    shown: Shown
    says: str
    beyond: str


@dataclass(frozen=True, slots=True)
class _Case:
    release: Release
    plan: Plan
    resources: ResourcesStatement | None

    @property
    def surveys(self) -> int:
        return len(evidence.surveys(self.release))

    def lacking(self, *gaps: Gap) -> int:
        """How many actions lack any of these."""
        return sum(bool(set(gaps) & set(a.gaps)) for a in self.plan.actions)


type Found = tuple[Shown, str]
_NOT = (Shown.NO, "Nothing here speaks to it.")


def check(release: Release, plan: Plan, resources: ResourcesStatement | None) -> list[Checked]:
    """Every criterion in its order."""
    case = _Case(release, plan, resources)
    found = []
    for one in criteria():
        shown, says = _RULES[one.number](case) if one.number in _RULES else _NOT
        found.append(Checked(one.number, one.title, shown, says, one.beyond))
    return found


def headline(found: list[Checked]) -> str:
    """How many criteria the plan evidences, in a sentence with its number first."""
    many = {shown: sum(c.shown is shown for c in found) for shown in Shown}
    return (
        f"{many[Shown.YES]} of {len(found)} criteria (the sixth is two) are evidenced from here, {many[Shown.PART]} in part; "
        f"to {many[Shown.NO]} nothing here speaks."
    )


def frame(found: list[Checked]) -> pd.DataFrame:
    """The check as a table."""
    rows = [(c.number, c.title, c.shown.label, c.says, c.beyond) for c in found]
    return pd.DataFrame(rows, columns=["No.", "Criterion", "From here", "What shows it", "What it takes beyond"])


def _assessment(case: _Case) -> Found:
    return (Shown.PART, f"{case.surveys} surveys, by place and group.") if case.surveys else _NOT


def _data(case: _Case) -> Found:
    parts = [f"{case.surveys} surveys" if case.surveys else "", "mapped spend" if case.resources else ""]
    have = listed(p for p in parts if p)
    return (Shown.PART, f"Figures from {have}, each with its base and source.") if have else _NOT


def _priorities(case: _Case) -> Found:
    standing, most = case.plan.priorities, most_priorities().value
    if not standing:
        return Shown.NO, "No priority is set."
    tied = sum(any(figure(case.release, key) for key in p.needs) for p in standing)
    led = sum(bool(p.outcomes) for p in standing)
    says = f"{len(standing)} priorities; {tied} tied to figures of need, {led} to an outcome."
    whole = len(standing) <= most and tied == led == len(standing) and not case.lacking(Gap.PRIORITY)
    return (Shown.YES if whole else Shown.PART), says


def _of_relation(relation: Relation) -> Callable[[_Case], Found]:
    def found(case: _Case) -> Found:
        if "services" not in case.release:
            return _NOT
        kinds = [text(v) for v in case.release.frame("services")["childrens_or_related"]]
        many = kinds.count(relation.value)
        return (Shown.PART, f"{many} {relation.label.lower()} in the register, with their spend.") if many else _NOT

    return found


def _prevention(case: _Case) -> Found:
    if not case.resources:
        return _NOT
    says = case.resources.parts[0].sentences[1]
    return Shown.PART, f"{says} {'Agreed decisions move money.' if case.resources.moves else 'No agreed decision moves money.'}"


def _girfec(case: _Case) -> Found:
    tied = sum(Gap.OUTCOME not in a.gaps for a in case.plan.actions)
    return (Shown.PART, f"{tied} of {len(case.plan.actions)} actions name a wellbeing outcome.") if tied else _NOT


def _rights(case: _Case) -> Found:
    sheets = [a.decision.safety for a in (*case.plan.actions, *case.plan.proposals) if a.decision.safety]
    said = sum(any(one.kind == "childrens_rights" and one.said for one in sheet.assessments) for sheet in sheets)
    return (
        (Shown.PART, f"{said} of {len(sheets)} safety sheets say where the children's rights assessment stands.")
        if said
        else _NOT
    )


def _resources(case: _Case) -> Found:
    found = case.resources
    if found is None:
        return _NOT
    if not found.moves:
        return Shown.PART, "How money is spent by level and payer; no agreed decision says how it shifts."
    less = any(part.heading == "What is reduced" and part.table is not None for part in found.parts)
    bare = case.lacking(Gap.MONEY, Gap.PRICES)
    says = f"Spend by level and payer, what moves, when and who pays{', what is reduced' if less else '; nothing is reduced'}."
    return (Shown.YES if less and not bare else Shown.PART), says


def _indicators(case: _Case) -> Found:
    many, without = len(case.plan.actions), case.lacking(Gap.INDICATOR, Gap.FIGURE)
    if not many or without == many:
        return Shown.NO, "No action has an indicator with a figure."
    return (Shown.PART if without else Shown.YES), f"{many - without} of {many} actions have an indicator with today's figure."


def _smart(case: _Case) -> Found:
    many = len(case.plan.actions)
    if not many:
        return Shown.NO, "No action is agreed."
    whole = many - case.lacking(Gap.INDICATOR, Gap.ACTIVITY, Gap.MONEY, Gap.OWNER, Gap.DATE)
    says = f"{whole} of {many} actions have a service, money, an indicator, an owner and a date."
    return (Shown.YES if whole == many else Shown.PART if whole else Shown.NO), says


_RULES: dict[str, Callable[[_Case], Found]] = {
    "3": _assessment,
    "4": _data,
    "5": _priorities,
    "6a": _of_relation(Relation.CHILDRENS),
    "6b": _of_relation(Relation.RELATED),
    "7": _prevention,
    "8": _girfec,
    "9": _rights,
    "12": _resources,
    "13": _indicators,
    "14": _smart,
}
"""What shows each criterion; one that is not here is one that no figure or decision speaks to."""
