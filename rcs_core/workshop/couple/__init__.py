"""Need and money meet: a release becomes a scenario, and a plan is set beside what is spent today."""

from rcs_core.workshop.couple.build import names_of, starting_scenario
from rcs_core.workshop.couple.compare import Comparison, compare
from rcs_core.workshop.couple.levers import Levers, Preset

__all__ = ["Comparison", "Levers", "Preset", "compare", "names_of", "starting_scenario"]
