"""Find which cells of one part to hide: search from a few starts, rework the best, and solve a small part exactly."""

import numpy as np

from rcs_core.records.protect.effort import Effort
from rcs_core.records.protect.exact import exact_hidden
from rcs_core.records.protect.part import Floats, Part
from rcs_core.records.protect.rework import rework
from rcs_core.records.protect.search import Pattern, clean, hidden_model, needs_of, prove, search

__all__ = ["Pattern", "find_pattern"]


def find_pattern(part: Part, effort: Effort) -> Pattern:
    """A safe pattern for one part; raises DisclosureError when a cell cannot be protected even with all hidden.

    Parts that are not large are searched from several starts (costs shaken, always in the same way) and the cheapest pattern
    is reworked neighbourhood by neighbourhood; the smallest are then tried exactly.
    """
    starts = effort.starts if _is_quick(part, effort) else 1
    found = [_improve(part, effort, search(part, _shaken(part, start), effort)) for start in range(starts)]
    best = min(found, key=lambda pattern: pattern.cost(part))
    if part.size <= effort.start_cells:
        steps = min(effort.rework_steps * len(needs_of(part)), effort.rework_cells // part.size)
        best = rework(part, effort, best, steps)
    if part.size <= effort.exact_cells and best.cost(part) > 0:
        hidden = exact_hidden(part, effort, best.cost(part))
        return best if hidden is None else prove(part, effort, hidden) or best
    return best


def _is_quick(part: Part, effort: Effort) -> bool:
    """Whether a part is small enough, and has few enough sensitive counts, to be searched more than once."""
    return part.size <= effort.start_cells and part.size * len(needs_of(part)) <= effort.start_work


def _shaken(part: Part, start: int) -> Floats:
    """The costs that guide one start: the true ones first, then each changed by up to half, from a fixed seed."""
    if start == 0:
        return part.guide
    shaken: Floats = part.guide * np.random.default_rng(start).uniform(0.5, 1.5, part.size)
    return shaken


def _improve(part: Part, effort: Effort, pattern: Pattern) -> Pattern:
    """Clean up until nothing more can be shown again; once only in a large part, and not at all in a very large one."""
    passes = effort.clean_passes if _is_quick(part, effort) else 1
    if part.size > effort.clean_cells or not len(pattern.extra(part)):
        return pattern
    model = hidden_model(part, pattern, effort)
    for _ in range(passes):
        if not clean(part, pattern, model, pattern.extra(part).tolist()):
            break
    return pattern
