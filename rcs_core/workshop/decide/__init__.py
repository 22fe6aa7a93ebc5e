"""What a room decides about a kept scenario: go, explore or stop, whose it is, on which conditions, and who disagrees."""

from rcs_core.workshop.decide.decision import Decision, Decisions, Dissent, Draft, Money, Standing, Verdict
from rcs_core.workshop.decide.safety import Assessment, AssessmentKind, SafetySheet, ServiceFacts

__all__ = [
    "Assessment", "AssessmentKind", "Decision", "Decisions", "Dissent", "Draft", "Money", "SafetySheet", "ServiceFacts",
    "Standing", "Verdict",
]  # fmt: skip
