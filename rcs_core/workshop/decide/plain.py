"""A decision as plain content of an event, and back."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from rcs_core.workshop.decide import safety
from rcs_core.workshop.decide.parts import Decision, Dissent, Draft, Money, Verdict
from rcs_core.workshop.store import Event

_ELSEWHERE = {"id", "release_id"}
"""What has a column of its own in the store, or is given there."""
_FIELDS = tuple(f.name for f in fields(Draft) if f.name not in _ELSEWHERE)


def content(draft: Draft) -> dict[str, Any]:
    """A draft as JSON content."""
    found = {name: getattr(draft, name) for name in _FIELDS}
    return found | {
        "verdict": draft.verdict.value,
        "service_ids": list(draft.service_ids),
        "money": [[m.service_id, m.year, m.agency, m.change_gbp] for m in draft.money],
        "names": dict(draft.names),
        "indicator": list(draft.indicator) if draft.indicator else None,
        "by": draft.by.isoformat() if draft.by else "",
        "conditions": list(draft.conditions),
        "dissent": [[one.agency, one.who, one.words] for one in draft.dissent],
        "safety": draft.safety.plain() if draft.safety else None,
    }


def decision(event: Event) -> Decision:
    """A decision as an event keeps it; what an earlier program did not keep stands at its default."""
    body: Mapping[str, Any] = event.body
    found: dict[str, Any] = {name: body[name] for name in _FIELDS if name in body}
    found |= {
        "verdict": Verdict(body["verdict"]),
        "service_ids": tuple(body["service_ids"]),
        "money": tuple(Money(*one) for one in body["money"]),
        "indicator": (body["indicator"][0], body["indicator"][1]) if body["indicator"] else None,
        "by": safety.day(body["by"]),
        "conditions": tuple(body["conditions"]),
        "dissent": tuple(Dissent(*one) for one in body["dissent"]),
        "safety": safety.read(body["safety"]) if body["safety"] else None,
    }
    return Decision(
        **found, id=body["id"], release_id=event.release_id, version=body["version"], author=event.author, agency=event.agency,
        at=event.at, session_id=event.session_id,
    )  # fmt: skip
