"""Levers as plain content and back, so that a kept scenario can be opened again as it was set."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from rcs_core.errors import ScenarioError
from rcs_core.workshop.couple.levers import Answered, Because, Course, Depth, Levers, Preset
from rcs_core.workshop.scenario.edits import Edit

_WORDS = {"preset": Preset, "depth": Depth, "course": Course}
_PARTS = {"answers": Answered, "because": Because, "edits": Edit}


def plain(levers: Levers) -> dict[str, Any]:
    """The levers as JSON content."""
    content = dataclasses.asdict(levers)
    words = {key: str(content[key]) for key in _WORDS}
    lists = {key: list(content[key]) for key in ("protect", "grow", *_PARTS)}
    return {**content, **words, **lists}


def read(content: Mapping[str, Any]) -> Levers:
    """Levers that were kept; what an earlier program did not know stands at its default.

    Raises ScenarioError for levers, or parts of them, that this program does not know.
    """
    known = {f.name for f in dataclasses.fields(Levers)}
    if unknown := sorted(set(content) - known):
        raise ScenarioError(
            "a kept scenario has levers that are not known here", "levers", ", ".join(unknown), ", ".join(sorted(known)),
            "open it with the program that kept it, or a later one",
        )  # fmt: skip
    found: dict[str, Any] = dict(content)
    try:
        found |= {key: kind(content[key]) for key, kind in _WORDS.items() if key in content}
        found |= {key: tuple(kind(**part) for part in content[key]) for key, kind in _PARTS.items() if key in content}
    except (TypeError, ValueError) as error:
        raise ScenarioError(
            "a kept scenario has levers that cannot be read", "levers", str(error), "levers as they were kept"
        ) from error
    found |= {key: tuple(content[key]) for key in ("protect", "grow") if key in content}
    return Levers(**found)
