"""Make a found pattern cheaper bit by bit: give up the extra cells of a neighbourhood, meet its needs anew, keep what is cheaper.

What is given up lies close together in the sums, so most flows stay as they are and a round costs little. Rounds draw
from a fixed seed and their number is limited in steps (needs met and cells tried), so the same part gives the same pattern.
"""

import numpy as np
from scipy.sparse import csr_array

from rcs_core.records.protect.effort import Effort
from rcs_core.records.protect.flow import FlowModel
from rcs_core.records.protect.part import Floats, Ints, Part
from rcs_core.records.protect.search import Pattern, clean, hidden_model, meet

SHARES = (0.1, 0.2, 0.35)
"""Shares of the extra cells that a round gives up, in turn."""
SHAKE = 0.5
"""By what share a round changes costs, up or down."""
HOPE = 1.04
"""A round that costs this many times the best before it is cleaned up is given up."""
STEPS_OUT = 3
"""How many sums away a neighbourhood reaches."""
CHEAPER = 1e-9


def rework(part: Part, effort: Effort, best: Pattern, steps: int) -> Pattern:
    """A pattern as cheap as `best` or cheaper, within about so many steps."""
    rounds = _Rounds(part, effort, best)
    while rounds.steps < steps and len(rounds.best.extra(part)):
        rounds.go()
    return rounds.best


class _Rounds:
    """The best pattern so far, and the models that stay warm from round to round."""

    def __init__(self, part: Part, effort: Effort, best: Pattern) -> None:
        self.best, self.steps = best, 0
        self._part, self._effort = part, effort
        self._all = np.arange(part.size, dtype=np.int64)
        self._rng = np.random.default_rng(part.size)
        self._seek, self._tidy = FlowModel(part, part.guide), hidden_model(part, best, effort)
        self._sums = csr_array((np.ones(len(part.rows)), (part.rows, part.columns)), shape=(part.sums, part.size))
        self._rounds = 0

    def go(self) -> None:
        """One round; the best pattern changes only for a cheaper one."""
        part, cost = self._part, self.best.cost(self._part)
        region = self._region(SHARES[self._rounds % len(SHARES)])
        self._rounds += 1
        hidden = self.best.hidden.copy()
        hidden[region] = False
        kept = {need: flow for need, flow in self.best.witnesses.items() if not flow[region].any()}
        pattern = Pattern(hidden, kept)
        guide = part.guide * self._rng.uniform(1 - SHAKE, 1 + SHAKE, part.size)
        self._seek.price(self._all, np.where(hidden, self._effort.hidden_factor * guide, guide))
        self.steps += 1 + len(self.best.witnesses) - len(kept)
        fresh = meet(part, pattern, self._seek, self._effort.hidden_factor * guide)
        if pattern.cost(part) > HOPE * cost:
            return
        self._clean(pattern, fresh)
        if pattern.cost(part) < cost - CHEAPER:
            self.best = pattern

    def _clean(self, pattern: Pattern, fresh: list[int]) -> None:
        self._tidy.freeze(np.flatnonzero(~pattern.hidden))
        self._tidy.release(np.flatnonzero(pattern.hidden))
        self.steps += len(fresh)
        clean(self._part, pattern, self._tidy, fresh)

    def _region(self, share: float) -> Ints:
        """Extra cells close to one of them, drawn at random."""
        extra = self.best.extra(self._part)
        heat: Floats = np.zeros(self._part.size)
        heat[self._rng.choice(extra)] = 1.0
        for _ in range(STEPS_OUT):
            heat = heat + self._sums.T @ (self._sums @ heat)
        heat = heat[extra] * self._rng.uniform(0.2, 1.0, len(extra))
        near: Ints = extra[np.argsort(-heat, kind="stable")[: max(4, round(share * len(extra)))]]
        return near
