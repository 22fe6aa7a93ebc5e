"""The cautious reading of a scenario: each effect at the low end that its provenance gives."""

import re
from typing import Any

from rcs_core.workshop.scenario.format import Scenario, parse_scenario

EFFECT = re.compile(r"/prevention/(\d+)/(?:acts_on/[^/]+|segments/[^/]+/[^/]+/\d+/1)")
"""Where the effects of a preventative service stand in the file."""


def cautious(scenario: Scenario) -> tuple[Scenario, list[str]]:
    """The scenario with the low end of each effect, and a note on every service whose effects have none.

    An effect is a response slope or a number of `acts_on`. Raises ScenarioError when the low ends do not make a
    scenario (a later slope over an earlier one).
    """
    content = scenario.to_dict()
    lowered: set[int] = set()
    for known in scenario.provenance:
        found = EFFECT.fullmatch(known.path)
        if found and known.low is not None:
            _put(content, known.path, max(known.low, 0.0))
            lowered.add(int(found[1]))
    left = [s.id for i, s in enumerate(scenario.prevention) if i not in lowered]
    notes = ["Cautious: each effect is taken at its low end."] if lowered else []
    if left:
        notes.append(f"Cautious, but no low end is given for: {', '.join(left)}. Their likely effect was used.")
    return parse_scenario(content, "the scenario at the low end of its effects"), notes


def _put(content: Any, pointer: str, value: float) -> None:
    *steps, last = [s.replace("~1", "/").replace("~0", "~") for s in pointer.split("/")[1:]]
    for step in steps:
        content = content[int(step)] if isinstance(content, list) else content[step]
    content[int(last) if isinstance(content, list) else last] = value
