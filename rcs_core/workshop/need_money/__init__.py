"""Need beside money: what children said on each outcome, and what is spent on it. Set side by side, never as cause and effect.

In: a release. Out: frozen views. See `docs/methods/money.md`.
"""

from rcs_core.workshop.need_money.beside import Beside, Side, beside, surveys
from rcs_core.workshop.need_money.outcomes import Outcome, OutcomeSpend, Range, outcomes, spend_by_outcome
from rcs_core.workshop.need_money.places import by_age, by_cluster

__all__ = [
    "Beside",
    "Outcome",
    "OutcomeSpend",
    "Range",
    "Side",
    "beside",
    "by_age",
    "by_cluster",
    "outcomes",
    "spend_by_outcome",
    "surveys",
]
