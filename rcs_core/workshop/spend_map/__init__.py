"""What is spent, by whom and how much of it prevents: the release's money as sentences, pictures and tables.

In: a release (and a `Choice` of payer and kind of service). Out: frozen views. See `docs/methods/money.md`.
"""

from rcs_core.workshop.spend_map.accounts import Reconciliation, apportioned, caveats, left_out, left_out_headline, reconciliation
from rcs_core.workshop.spend_map.funds import by_fund, names_funds
from rcs_core.workshop.spend_map.money import Choice, Headline, Relation, View, has_money, payers, relations, spend, total
from rcs_core.workshop.spend_map.screen import screen
from rcs_core.workshop.spend_map.views import Prevention, by_agency, prevention

__all__ = [
    "Choice",
    "Headline",
    "Prevention",
    "Reconciliation",
    "Relation",
    "View",
    "apportioned",
    "by_agency",
    "by_fund",
    "caveats",
    "has_money",
    "left_out",
    "left_out_headline",
    "names_funds",
    "payers",
    "prevention",
    "reconciliation",
    "relations",
    "screen",
    "spend",
    "total",
]
