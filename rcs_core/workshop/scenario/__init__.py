"""The scenario engine: a reallocation as a linear programme, solved in stages and explained in plain words."""

from rcs_core.workshop.scenario.engine import solve
from rcs_core.workshop.scenario.format import Scenario, load_scenario, parse_scenario
from rcs_core.workshop.scenario.result import Result

__all__ = ["Result", "Scenario", "load_scenario", "parse_scenario", "solve"]
