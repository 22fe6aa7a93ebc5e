"""The challenge panel: questions raised by rules, each with its figure, its rule in words and the rows it rests on.

In: a release and `data_contracts/challenges.yaml`. Out: the questions raised, in the order of the contract.
"""

from rcs_core.workshop.challenge.contract import Challenge, Threshold, challenges
from rcs_core.workshop.challenge.panel import Panel, Raised, line, panel

__all__ = ["Challenge", "Panel", "Raised", "Threshold", "challenges", "line", "panel"]
