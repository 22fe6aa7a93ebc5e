"""Meet every need of one part by flows, hiding as little as possible besides, and show again what can be shown.

Needs are met in ascending order; a cell already hidden is nearly free to use again; one flow often meets several
needs. A clean-up then tries to show each extra cell again, dearest first, re-routing only the flows that used it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from rcs_core.errors import DisclosureError
from rcs_core.records.protect.effort import Effort
from rcs_core.records.protect.flow import Bools, FlowModel, lifted, support
from rcs_core.records.protect.part import Floats, Ints, Part


@dataclass(slots=True)
class Pattern:
    """Which cells of a part are hidden, and for each sensitive cell the flow that proves it safe."""

    hidden: Bools
    witnesses: dict[int, Floats] = field(default_factory=dict)

    def extra(self, part: Part) -> Ints:
        """The cells hidden for the sake of others."""
        return np.flatnonzero(self.hidden & (part.need == 0) & ~part.free).astype(np.int64)

    def cost(self, part: Part, *, plain: bool = False) -> float:
        """What the extra hidden cells cost; `plain` without the surcharge on margins."""
        return float((part.weights if plain else part.guide)[self.extra(part)].sum())


def needs_of(part: Part) -> list[int]:
    """The sensitive cells, the smallest need first."""
    return sorted(np.flatnonzero(part.need > 0).tolist(), key=lambda c: (int(part.need[c]), c))


def search(part: Part, guide: Floats, effort: Effort) -> Pattern:
    """Meet every need, in ascending order, by the flow that is cheapest by the costs of `guide`."""
    pattern = Pattern((part.need > 0) | part.free)
    model = FlowModel(part, np.where(pattern.hidden, effort.hidden_factor * guide, guide))
    meet(part, pattern, model, effort.hidden_factor * guide)
    return pattern


def meet(part: Part, pattern: Pattern, model: FlowModel, kept: Floats) -> list[int]:
    """Give a flow to every need that has none, hiding what it moves (which then costs `kept`); returns what was hidden anew."""
    needs, hidden = needs_of(part), []
    for cell in needs:
        if cell in pattern.witnesses:
            continue
        flow = model.push(cell, float(part.need[cell]))
        if flow is None:
            raise _hopeless(part, cell)
        fresh = support(flow)[~pattern.hidden[support(flow)]]
        pattern.hidden[fresh] = True
        model.price(fresh, kept[fresh])
        credit(part, pattern, flow, needs)
        hidden += fresh.tolist()
    return hidden


def credit(part: Part, pattern: Pattern, flow: Floats, needs: Sequence[int]) -> None:
    """Let a flow prove every need without a proof that it meets."""
    for cell in lifted(flow, (c for c in needs if c not in pattern.witnesses), part.need):
        pattern.witnesses[cell] = flow


def hidden_model(part: Part, pattern: Pattern, effort: Effort) -> FlowModel:
    """The model in which nothing but the hidden cells of a pattern may move."""
    model = FlowModel(part, np.where(part.need > 0, effort.hidden_factor * part.guide, part.guide))
    model.freeze(np.flatnonzero(~pattern.hidden))
    return model


def clean(part: Part, pattern: Pattern, model: FlowModel, cells: Iterable[int]) -> int:
    """Show again which of `cells` can be shown, dearest first; returns how many were freed. `model` is `hidden_model`'s."""
    freed = 0
    for cell in sorted(cells, key=lambda c: (-float(part.guide[c]), c)):
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


def prove(part: Part, effort: Effort, hidden: Bools) -> Pattern | None:
    """The flows of a pattern found without them; None when a rounding made it unsafe."""
    pattern = Pattern(hidden | (part.need > 0) | part.free)
    model = FlowModel(part, effort.hidden_factor * part.guide)
    model.freeze(np.flatnonzero(~pattern.hidden))
    needs = needs_of(part)
    for cell in needs:
        if cell not in pattern.witnesses:
            flow = model.push(cell, float(part.need[cell]))
            if flow is None:
                return None
            credit(part, pattern, flow, needs)
    return pattern


def _hopeless(part: Part, cell: int) -> DisclosureError:
    return DisclosureError(
        "no pattern of hidden cells protects a count",
        f"cell {int(part.cells[cell])}",
        "a count that the sums fix whatever is hidden",
        "a count that could be larger",
        "leave the group out, or join it to another",
    )
