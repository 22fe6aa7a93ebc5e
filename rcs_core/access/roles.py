"""Roles and rights, as `data_contracts/access.yaml` puts the one to the other, and the limits that stand beside them."""

from functools import cache
from pathlib import Path
from typing import Any

from rcs_core.errors import SettingsError
from rcs_core.settings import CONTRACTS, ENTRY, read_yaml
from rcs_core.vocab import Label

PATH = CONTRACTS / "access.yaml"
_LIMITS = frozenset({"signed_in", "at_once", "a_minute", "body", "large_body", "mail"})


class Role(Label):
    """What somebody is in a partnership's work."""

    FACILITATOR = "facilitator", "Facilitator"
    COMMISSIONER = "commissioner", "Commissioner"
    ANALYST = "analyst", "Analyst"
    FINANCE = "finance", "Finance"
    PARTICIPANT = "participant", "Participant"
    VIEWER = "viewer", "Viewer"


class Right(Label):
    """One thing that somebody may do."""

    READ = "read", "read the pages"
    PRICES = "prices", "see names and prices of bought services"
    TAKE_AWAY = "take_away", "take files away"
    KEEP = "keep", "keep scenarios"
    DECIDE = "decide", "record decisions"
    PLAN = "plan", "review the plan"
    LEAD = "lead", "run a session"
    TAKE_PART = "take_part", "take part in a session and vote"
    FOR_OTHERS = "for_others", "write down what others said"
    TRAIL = "trail", "see the audit trail"
    SIGN_OFF = "sign_off", "sign a release off"


def rights_of(*roles: Role) -> frozenset[Right]:
    """What somebody with these roles may do."""
    table = _content(PATH)["roles"]
    return frozenset(right for role in roles for right in table[role])


def limit(name: str) -> int:
    """A number of the contract by its name."""
    return int(_content(PATH)["limits"][name])


@cache
def _content(path: Path) -> dict[str, dict[str, Any]]:
    """The table and the limits, every breach of their form at once."""
    content = read_yaml(path)
    if set(content) != {"roles", "limits"}:
        raise SettingsError("the contract has another form", path.name, ", ".join(content), "roles, limits")
    entries = {"roles": content["roles"], **content["limits"]}
    wrong = [f"{name}: {', '.join(sorted(set(entry) ^ ENTRY))}" for name, entry in entries.items() if set(entry) != ENTRY]
    wrong += [f"limits: {name}" for name in sorted(set(content["limits"]) ^ _LIMITS)]
    table = content["roles"].get("value", {})
    wrong += [f"roles: {name}" for name in sorted(set(table) ^ set(Role))]
    wrong += [f"{role}: {right}" for role, rights in table.items() for right in rights if right not in set(Right)]
    if wrong:
        raise SettingsError("the contract has another form", path.name, "; ".join(wrong), "every role, and rights that there are")
    roles = {role: frozenset(map(Right, rights)) for role, rights in table.items()}
    return {"roles": roles, "limits": {name: entry["value"] for name, entry in content["limits"].items()}}
