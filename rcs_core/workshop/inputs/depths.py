"""What a result may be called: how much of it rests on guesses, whether it is for discussion only, whether it is a best plan.

The share of the pounds moved that rest on guesses is worked out with the comparison (`couple.compare`). At half or more
a result and what leaves with it are for discussion only: said in two figures, and never kept as a decision.
"""

from dataclasses import dataclass
from math import floor, log10

import pandas as pd

from rcs_core.errors import ScenarioError
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.inputs.assumed import assumed, rule

ONLY = "Discussion only"
ABOUT = {
    Depth.DISCUSS: "What a shift would take: money, children, when money is free, where it breaks even. No effect is used.",
    Depth.ESTIMATE: "What a shift might do, with likely effects and their ranges: published, the group's own, or assumed.",
    Depth.EVIDENCE: "What a shift would do, counting only what was measured here or published elsewhere.",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a result stands. guess_share: of the pounds moved (None where nothing moves).

    holds: the share of draws in which the same services gain (None where none was tried).
    """

    depth: Depth
    guess_share: float | None
    discussion_only: bool
    holds: float | None = None

    @property
    def best(self) -> bool:
        """Whether it may be called a best plan: from evidence, or from estimates where it holds in nearly every draw."""
        if self.guess_share is None or self.depth is Depth.DISCUSS:
            return False
        if self.depth is Depth.EVIDENCE:
            return not self.discussion_only
        return self.holds is not None and self.holds >= rule("best_share")

    @property
    def decision(self) -> bool:
        """Whether it may be kept as the basis of a decision."""
        return self.guess_share is not None and not self.discussion_only

    @property
    def sentence(self) -> str:
        """Whether this is a best plan, in words."""
        if self.depth is Depth.DISCUSS:
            return "No plan is called best where a shift is only discussed: this is the shift that was stated."
        if self.depth is Depth.EVIDENCE:
            plan = "the best plan that keeps every promise" if self.best else "a plan that keeps every promise"
            return f"Of the services with measured or published effects, this is {plan}. Services without are held, not tested."
        asked = f"{rule('best_share'):.0%}"
        if self.holds is None:
            return f"Not called a best plan: from estimates that takes the same services to gain in {asked} of the draws."
        held = f"The same services gain in {self.holds:.0%} of the draws"
        return f"{held}: the best plan under these estimates." if self.best else f"{held}; {asked} are asked for to call it best."


def decide(standing: Standing) -> None:
    """Let a result be kept as the basis of a decision; raises ScenarioError where it is for discussion only, or moves nothing."""
    if standing.decision:
        return
    share = "nothing moves" if standing.guess_share is None else f"{standing.guess_share:.0%} of the pounds moved rest on guesses"
    raise ScenarioError(
        "this result is no basis for a decision", "Try a shift", share,
        f"less than {assumed('guess_limit'):.0%} resting on guesses",
        "keep it for discussion, or replace the guesses that matter: What we do not know lists them",
    )  # fmt: skip


def two_figures(value: float) -> float:
    """A number to the significant figures of a result that is for discussion only: 51,712.50 is 52,000."""
    return value if not value or pd.isna(value) else float(round(value, _place(value)))


def _place(value: float) -> int:
    """The decimal place of a number's last figure that is said: -3 (thousands) for 51,712.50."""
    return int(rule("figures")) - 1 - floor(log10(abs(value)))


def rounded(frame: pd.DataFrame, rough: bool) -> pd.DataFrame:
    """A table's results in two figures where they are for discussion only.

    What is spent before is measured and keeps its pence, and so does a row in which nothing changes. What is spent after is
    as rough as its change: 44,386,408 and 200,000 more are 44,590,000, not 45,000,000.
    """
    if not rough:
        return frame
    still = frame[_CHANGE] == 0 if _CHANGE in frame else pd.Series(False, index=frame.index)
    columns = [c for c in frame.columns if pd.api.types.is_float_dtype(frame[c]) and c != _BEFORE]
    found = frame.assign(**{c: frame[c].where(still, frame[c].map(two_figures)) for c in columns})
    if {_AFTER, _CHANGE} <= set(frame.columns):
        pairs = zip(frame[_AFTER], frame[_CHANGE], strict=True)
        found[_AFTER] = [float(round(after, _place(change))) if change else after for after, change in pairs]
    return found


_BEFORE, _AFTER, _CHANGE = "Before (£)", "After (£)", "Change (£)"
