"""How a number is known that the room changed in the scenario itself: an estimate of the group, with its owner and reason."""

from collections.abc import Sequence
from dataclasses import replace

from rcs_core.vocab import InputState
from rcs_core.workshop.scenario.checks import resolve
from rcs_core.workshop.scenario.edits import Edit, place_of, value_of
from rcs_core.workshop.scenario.format import Provenance, Scenario
from rcs_core.workshop.scenario.reading import plain


def said_by_the_room(scenario: Scenario, edits: Sequence[Edit]) -> Scenario:
    """The edited scenario in which each changed place says whose wish it is and why; its range stays while the value is in it.

    What was known of a place, or of parts of it, is of the number that stood there before, so it goes.
    """
    known = {one.path: one for one in scenario.provenance}
    for place, edit in _placed(scenario, edits):
        for path in [p for p in known if p.startswith(f"{place}/")]:
            del known[path]
        known[place] = _known(scenario, place, edit, known.get(place))
    return replace(scenario, provenance=tuple(known.values()))


def _placed(scenario: Scenario, edits: Sequence[Edit]) -> list[tuple[str, Edit]]:
    """Each edit with its place as it is now; what was added to a list stands at its end, in the order of the edits."""
    content, found = plain(scenario, whole=True), list[tuple[str, Edit]]()
    for k, edit in enumerate(edits):
        path = edit.path
        if path.endswith("/-"):
            after = sum(later.path == path for later in edits[k + 1 :])
            path = f"{path[:-2]}/{len(value_of(content, path[:-2])) - 1 - after}"
        found.append((place_of(scenario, path), edit))
    return found


def _known(scenario: Scenario, place: str, edit: Edit, before: Provenance | None) -> Provenance:
    why = edit.reason.strip() or "no reason given"
    made = Provenance(
        place, InputState.GROUP_ESTIMATE.value, owner=edit.owner.strip() or None, source=f"Changed in the room: {why}"
    )
    value = resolve(plain(scenario, whole=True), place)
    numbers = value if isinstance(value, list) else [value]
    if before is None or before.low is None or before.high is None or not all(isinstance(n, int | float) for n in numbers):
        return made
    inside = all(before.low <= n <= before.high for n in numbers)
    return replace(made, low=before.low, high=before.high) if inside else made
