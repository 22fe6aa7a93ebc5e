"""Scenarios side by side: what differs in what was put in, and in what comes out, as frames and as sentences."""

from rcs_core.workshop.versus.inputs import Inputs, inputs
from rcs_core.workshop.versus.results import agencies, levels, results, services, years
from rcs_core.workshop.versus.sides import MOST, Side, of_kept, of_scenario, of_shift, told_apart
from rcs_core.workshop.versus.words import apart, headlines, marks

__all__ = [
    "MOST", "Inputs", "Side", "agencies", "apart", "headlines", "inputs", "levels", "marks", "of_kept", "of_scenario", "of_shift",
    "results", "services", "told_apart", "years",
]  # fmt: skip
