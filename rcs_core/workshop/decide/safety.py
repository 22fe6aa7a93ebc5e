"""The safety sheet of a reduction: what a service owes, who loses, with which notice, what was assessed, what is watched.

What the register knows is filled in beforehand (`decide.prefill`); what nobody knows stays blank and is named as a gap.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rcs_core.vocab import Label


class AssessmentKind(Label):
    """The impact assessments that a reduction may need."""

    FAIRER_SCOTLAND = "fairer_scotland", "Fairer Scotland Duty"
    CHILDRENS_RIGHTS = "childrens_rights", "Children's rights and wellbeing"
    EQUALITY = "equality", "Equality"


@dataclass(frozen=True, slots=True)
class Assessment:
    """One impact assessment: done on a day, due by a day, or not needed for a reason."""

    kind: AssessmentKind
    done: date | None = None
    due: date | None = None
    not_needed: str = ""

    @property
    def said(self) -> bool:
        """Whether it is said where it stands."""
        return bool(self.done or self.due or self.not_needed.strip())

    @property
    def text(self) -> str:
        """Where it stands, in words."""
        if self.done:
            return f"{self.kind.label}: done on {self.done.isoformat()}"
        if self.due:
            return f"{self.kind.label}: due by {self.due.isoformat()}"
        return f"{self.kind.label}: " + (f"not needed ({self.not_needed})" if self.not_needed.strip() else "not said")


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What a service that loses money owes, serves and is bound to, in words."""

    service_id: str
    name: str
    statutory_basis: str = ""
    act_and_section: str = ""
    caseload: str = ""
    notice: str = ""


FACTS = {"statutory_basis": "statutory basis", "caseload": "caseload now", "notice": "notice"}
"""The facts of a service without which a sheet is not complete; the Act and section stand where there is a duty."""
WORDS = {"who_loses": "who loses", "conditions": "conditions under which it is safe", "monitored": "what is monitored"}


@dataclass(frozen=True, slots=True)
class SafetySheet:
    """What must be known before money is taken from a service; a line of facts for each service that loses."""

    services: tuple[ServiceFacts, ...] = ()
    who_loses: str = ""
    conditions: str = ""
    assessments: tuple[Assessment, ...] = field(default=())
    monitored: str = ""

    def missing(self, reduced: Iterable[str] = (), names: Mapping[str, str] | None = None) -> list[str]:
        """What is not filled in yet, all at once; `reduced` are the services that lose, each of which needs its facts."""
        called, known = names or {}, {one.service_id: one for one in self.services}
        wanted = dict.fromkeys([*reduced, *known])
        gaps = []
        for service in wanted:
            facts = known.get(service) or ServiceFacts(service, called.get(service, service))
            gaps += [f"{words} of {facts.name or service}" for key, words in FACTS.items() if not getattr(facts, key).strip()]
        gaps += [words for key, words in WORDS.items() if not getattr(self, key).strip()]
        said = {one.kind for one in self.assessments if one.said}
        return gaps + [
            f"{kind.label} impact assessment: done or due, with its date" for kind in AssessmentKind if kind not in said
        ]

    def complete(self, reduced: Iterable[str] = ()) -> bool:
        """Whether nothing is missing."""
        return not self.missing(reduced)

    def texts(self) -> dict[str, str]:
        """Everything that was typed, by what it is, so that its length can be looked at."""
        found = {words: getattr(self, key) for key, words in WORDS.items()}
        for one in self.services:
            found |= {f"{words} of {one.name}": getattr(one, key) for key, words in FACTS.items()}
            found[f"Act and section of {one.name}"] = one.act_and_section
        return found | {f"{one.kind.label}, why not needed": one.not_needed for one in self.assessments}

    def plain(self) -> dict[str, Any]:
        """The sheet as JSON content."""
        return {
            "services": [{key: getattr(one, key) for key in ServiceFacts.__dataclass_fields__} for one in self.services],
            "assessments": [
                {"kind": one.kind.value, "done": _day(one.done), "due": _day(one.due), "not_needed": one.not_needed}
                for one in self.assessments
            ],
            **{key: getattr(self, key) for key in WORDS},
        }


def read(content: Mapping[str, Any]) -> SafetySheet:
    """A sheet that was kept."""
    return SafetySheet(
        services=tuple(ServiceFacts(**one) for one in content["services"]),
        assessments=tuple(
            Assessment(AssessmentKind(one["kind"]), day(one["done"]), day(one["due"]), one["not_needed"])
            for one in content["assessments"]
        ),
        **{key: content[key] for key in WORDS},
    )


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def day(text: str) -> date | None:
    """A day that was kept; None where none was."""
    return date.fromisoformat(text) if text else None
