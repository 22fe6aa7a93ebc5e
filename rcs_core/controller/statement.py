"""The partnership's own words on data protection, as `data_protection.yaml` in the input folder has them.

Absent, every answer is *not filled in*: this software knows which questions are asked, never the partnership's answers.
"""

from collections.abc import Mapping
from typing import Any

from rcs_core.contracts import contracts

FILE = "data_protection.yaml"
NOT_FILLED = "not filled in"
NONE_TOLD = "none told"
_WORDS = {
    "controller": "Controller",
    "joint_controllers": "Joint controllers",
    "processors": "Processors",
    "purposes": "Purposes",
    "lawful_basis": "Lawful basis (UK GDPR, Article 6(1))",
    "lawful_basis_law": "Law it rests on",
    "special_category_condition": "Condition for answers about health (Article 9(2))",
    "opt_out_route": "How a family opts out",
    "retention_months": "Working files are kept for (months)",
    "assessment": "Impact assessment",
    "reviewed_on": "Last looked through",
    "contacts.data_protection_officer": "Data protection officer (role)",
    "contacts.opt_out": "Opt-outs go to (role)",
}
_BASES = {
    "public_task": "(e) public task, with a right to opt out; not consent",
    "legal_obligation": "(c) legal obligation; not consent",
    "substantial_public_interest": "(g) substantial public interest",
    "health_or_social_care": "(h) health or social care",
    "public_health": "(i) public health",
    "research_and_statistics": "(j) archiving, research and statistics",
}


def statement(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each question with the partnership's answer, in the contract's order; what must be said and is not is *not filled in*."""
    flat = _flat(told)
    asked = [c for c in contracts()["data_protection"].columns if c.name in _WORDS]
    return [(_WORDS[c.name], _answer(flat.get(c.name), NOT_FILLED if c.filled else NONE_TOLD)) for c in asked]


def holder(told: Mapping[str, Any], verb: str) -> str:
    """Which post of the partnership holds a role."""
    return _answer(_flat(told).get(f"holders.{verb}"))


def months(told: Mapping[str, Any]) -> int | None:
    """For how many months working files are kept, None where it is not filled in or no whole number above nought."""
    value = told.get("retention_months")
    sound = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return value if sound else None


def _flat(told: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in told.items():
        flat |= _flat(value, f"{before}{key}.") if isinstance(value, Mapping) else {f"{before}{key}": value}
    return flat


def _answer(value: object, blank: str = NOT_FILLED) -> str:
    if isinstance(value, list):
        return "; ".join(str(v) for v in value) or blank
    text = "" if value is None else str(value).strip()
    return _BASES.get(text, text) or blank
