"""Demand if nothing changes: histories carried on, each with a range and a back-test (docs/methods/demand.md)."""

from rcs_core.workshop.demand.forecast import Backtest, Forecast, backtest, best, forecast, other
from rcs_core.workshop.demand.history import History, histories, history_of, later
from rcs_core.workshop.demand.lines import Method
from rcs_core.workshop.demand.units import Demand, DemandError, DemandUnit, in_care_at_once, over_a_year

__all__ = [
    "Backtest", "Demand", "DemandError", "DemandUnit", "Forecast", "History", "Method", "backtest", "best", "forecast",
    "histories", "history_of", "in_care_at_once", "later", "other", "over_a_year",
]  # fmt: skip
