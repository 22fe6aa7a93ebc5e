"""What a result may be called: how much of it rests on guesses, whether it is for discussion only, whether it is a best plan.

The share of the pounds moved that rest on guesses is worked out with the comparison (`couple.compare`). At half or more
a result and what leaves with it are for discussion only: said in two figures, and never kept as a decision.
"""

from collections.abc import Callable
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
    """A table's results in two figures, and no pence, where they are for discussion only.

    A change is said in two figures, what is spent before to the same last place, and what is spent after is their sum, so that
    a row adds up as it is read: 44,390,000 and 200,000 more are 44,590,000. Where nothing changes both are in whole pounds.
    """
    if not rough:
        return frame
    found = frame.assign(**{str(c): frame[c].map(_said(str(c))) for c in frame.columns if pd.api.types.is_float_dtype(frame[c])})
    if {_BEFORE, _AFTER, _CHANGE} <= set(frame.columns):
        pairs = zip(frame[_BEFORE], found[_CHANGE], strict=True)
        found[_BEFORE] = [float(round(before, min(_place(change), 0) if change else 0)) for before, change in pairs]
        found[_AFTER] = found[_BEFORE] + found[_CHANGE]
    return found


def in_whole_pounds(frame: pd.DataFrame) -> pd.DataFrame:
    """Amounts in whole pounds; what is spent after is the sum of what was spent before and the change, as they are said."""
    money = [str(c) for c in frame.columns if "(£)" in str(c)]
    found = frame.assign(**{c: frame[c].round() + 0.0 for c in money})
    return found.assign(**{_AFTER: found[_BEFORE] + found[_CHANGE]}) if {_BEFORE, _AFTER, _CHANGE} <= set(money) else found


def _said(column: str) -> Callable[[float], float]:
    """How a figure of this column is said: an amount in whole pounds at the finest."""
    return _whole_pounds if "(£)" in column else two_figures


def _whole_pounds(value: float) -> float:
    """Two figures of an amount; of one under ten pounds, the pound."""
    return value if pd.isna(value) else float(round(two_figures(value)))


_BEFORE, _AFTER, _CHANGE = "Before (£)", "After (£)", "Change (£)"
