"""Find which cells of one part to hide: a flow for every sensitive cell, hiding as little as possible besides.

Needs are met in ascending order; a cell already hidden is nearly free to use again; one flow often meets several
needs. A clean-up then tries to show each extra cell again, dearest first, re-routing only the flows that used it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from rcs_core.errors import DisclosureError
from rcs_core.records.protect.effort import Effort
from rcs_core.records.protect.exact import exact_hidden
from rcs_core.records.protect.flow import Bools, FlowModel, lifted, support
from rcs_core.records.protect.part import Floats, Part


@dataclass(slots=True)
class Pattern:
    """Which cells of a part are hidden, and for each sensitive cell the flow that proves it safe."""

    hidden: Bools
    witnesses: dict[int, Floats] = field(default_factory=dict)

    def cost(self, part: Part, *, plain: bool = False) -> float:
        """What the extra hidden cells cost; `plain` without the surcharge on margins."""
        extra = self.hidden & (part.need == 0) & ~part.free
        return float((part.weights if plain else part.guide)[extra].sum())


def find_pattern(part: Part, effort: Effort) -> Pattern:
    """A safe pattern for one part; raises DisclosureError when a cell cannot be protected even with all hidden.

    Small parts are searched from several starts (costs shaken, always in the same way) and then tried exactly.
    """
    starts = effort.starts if part.size <= effort.start_cells else 1
    found = [_improve(part, effort, _search(part, _shaken(part, start), effort)) for start in range(starts)]
    best = min(found, key=lambda pattern: pattern.cost(part))
    if part.size <= effort.exact_cells and best.cost(part) > 0:
        hidden = exact_hidden(part, effort, best.cost(part))
        return best if hidden is None else _prove(part, effort, hidden) or best
    return best


def _shaken(part: Part, start: int) -> Floats:
    """The costs that guide one start: the true ones first, then each changed by up to half, from a fixed seed."""
    if start == 0:
        return part.guide
    shaken: Floats = part.guide * np.random.default_rng(start).uniform(0.5, 1.5, part.size)
    return shaken


def _improve(part: Part, effort: Effort, pattern: Pattern) -> Pattern:
    """Clean up until nothing more can be shown again; once only in a large part, and not at all in a very large one."""
    passes = effort.clean_passes if part.size <= effort.start_cells else 1
    for _ in range(passes if part.size <= effort.clean_cells else 0):
        if not _clean(part, effort, pattern):
            break
    return pattern


def _prove(part: Part, effort: Effort, hidden: Bools) -> Pattern | None:
    """The flows of a pattern found without them; None when a rounding made it unsafe."""
    pattern = Pattern(hidden | (part.need > 0) | part.free)
    model = FlowModel(part, effort.hidden_factor * part.guide)
    model.freeze(np.flatnonzero(~pattern.hidden))
    needs = _needs(part)
    for cell in needs:
        if cell not in pattern.witnesses:
            flow = model.push(cell, float(part.need[cell]))
            if flow is None:
                return None
            _credit(part, pattern, flow, needs)
    return pattern


def _needs(part: Part) -> list[int]:
    return sorted(np.flatnonzero(part.need > 0).tolist(), key=lambda c: (int(part.need[c]), c))


def _search(part: Part, guide: Floats, effort: Effort) -> Pattern:
    """Meet every need, in ascending order, by the flow that is cheapest by the costs of `guide`."""
    pattern = Pattern((part.need > 0) | part.free)
    needs = _needs(part)
    model = FlowModel(part, np.where(pattern.hidden, effort.hidden_factor * guide, guide))
    for cell in needs:
        if cell in pattern.witnesses:
            continue
        flow = model.push(cell, float(part.need[cell]))
        if flow is None:
            raise _hopeless(part, cell)
        fresh = support(flow)[~pattern.hidden[support(flow)]]
        pattern.hidden[fresh] = True
        model.price(fresh, effort.hidden_factor * guide[fresh])
        _credit(part, pattern, flow, needs)
    return pattern


def _credit(part: Part, pattern: Pattern, flow: Floats, needs: Sequence[int]) -> None:
    for cell in lifted(flow, (c for c in needs if c not in pattern.witnesses), part.need):
        pattern.witnesses[cell] = flow


def _clean(part: Part, effort: Effort, pattern: Pattern) -> int:
    """Show again what can be shown, dearest first; returns how many cells were freed."""
    extra = np.flatnonzero(pattern.hidden & (part.need == 0) & ~part.free)
    if not len(extra):
        return 0
    model = FlowModel(part, np.where(part.need > 0, effort.hidden_factor * part.guide, part.guide))
    model.freeze(np.flatnonzero(~pattern.hidden))
    freed = 0
    for cell in sorted(extra.tolist(), key=lambda c: (-float(part.guide[c]), c)):
        alone = np.array([cell], dtype=np.int64)
        model.freeze(alone)
        moved = _reroute(part, model, pattern, cell)
        if moved is None:
            model.release(alone)
            continue
        pattern.witnesses.update(moved)
        pattern.hidden[cell] = False
        freed += 1
    return freed


def _reroute(part: Part, model: FlowModel, pattern: Pattern, cell: int) -> dict[int, Floats] | None:
    """New flows for the needs whose flow moved `cell`, or None when one of them cannot do without it."""
    users = [need for need, flow in sorted(pattern.witnesses.items()) if flow[cell] != 0]
    moved: dict[int, Floats] = {}
    for need in sorted(users, key=lambda c: (-int(part.need[c]), c)):
        if need in moved:
            continue
        flow = model.push(need, float(part.need[need]))
        if flow is None:
            return None
        for other in lifted(flow, users, part.need):
            moved.setdefault(other, flow)
    return moved


def _hopeless(part: Part, cell: int) -> DisclosureError:
    return DisclosureError(
        "no pattern of hidden cells protects a count",
        f"cell {int(part.cells[cell])}",
        "a count that the sums fix whatever is hidden",
        "a count that could be larger",
        "leave the group out, or join it to another",
    )
