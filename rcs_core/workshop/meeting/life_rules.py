"""What `data_contracts/sessions.yaml` says of sessions: limits, the code to join by, the notice, who holds an input."""

from functools import cache
from pathlib import Path
from typing import Any

from rcs_core.errors import SettingsError
from rcs_core.settings import CONTRACTS, ENTRY, read_yaml

PATH = CONTRACTS / "sessions.yaml"
_LIMITS = frozenset({"title", "words", "people", "code", "add", "late", "review", "retention"})


@cache
def _content(path: Path) -> dict[str, Any]:
    content = read_yaml(path)
    entries = {**content.get("limits", {}), **{key: about for key, about in content.items() if key != "limits"}}
    bare = sorted(name for name, about in entries.items() if set(about) != ENTRY)
    wanted = {"limits", "letters", "notice", "assumed", "holders"}
    if bare or set(content) != wanted or set(content["limits"]) != _LIMITS:
        got = ", ".join(bare or sorted(set(content) ^ wanted) or sorted(set(content["limits"]) ^ _LIMITS))
        raise SettingsError("the contract has another form", path.name, got, f"entries with {', '.join(sorted(ENTRY))}")
    return content


def limit(name: str, path: Path = PATH) -> int:
    """A limit by its name."""
    return int(_content(path)["limits"][name]["value"])


def letters(path: Path = PATH) -> str:
    """The letters that a code to join by is made of."""
    return str(_content(path)["letters"]["value"])


def notice(path: Path = PATH) -> str:
    """What people are told of what is kept, unless a facilitator words it otherwise."""
    content = _content(path)
    return str(content["notice"]["value"]).format(months=limit("retention", path), assumed=content["assumed"]["value"])


def holders(path: Path = PATH) -> dict[str, str]:
    """The agency that usually holds an input of which a release does not say who sent it."""
    return {str(name): str(agency) for name, agency in _content(path)["holders"]["value"].items()}
