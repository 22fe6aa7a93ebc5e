"""Decisions to test with: a move that grows, a move that takes money away, and a whole safety sheet."""

from dataclasses import replace
from datetime import date

from rcs_core.workshop.decide import Assessment, AssessmentKind, Dissent, Draft, Money, SafetySheet, ServiceFacts, Verdict

GROWTH = Draft(
    title="Family support grows",
    verdict=Verdict.GO,
    service_ids=("S003",),
    scenario="our-plan-1a2b3c.2",
    scenario_title="Our plan (version 2)",
    money=(Money("S003", "2026-27", "council_education", 1200.25), Money("S003", "2027-28", "nhs_board", 300.1)),
    price_year="2025-26",
    names={"S003": "Family support"},
    outcome="nurtured",
    indicator=("pupil_p5_p7", "trusted_adult"),
    indicator_words="Has a trusted adult: 81% of 1,234",
    owner="Head of children's services",
    owner_agency="council_social_work",
    body="Council or its committee",
    by=date(2027, 3, 31),
    conditions=("Goes ahead only if need rises by less than a tenth.",),
    dissent=(Dissent("nhs_board", "", "Too soon for us."),),
    release_id="608f4ae021f4",
    release_hash="608f4ae021f4706f",
)
CUT = replace(
    GROWTH,
    title="Residential places close",
    service_ids=("S001", "S002"),
    money=(Money("S001", "2026-27", "nhs_board", -500.0), Money("S002", "2026-27", "nhs_board", 20.0)),
    names={"S001": "Residential care", "S002": "Kinship care"},
)
SHEET = SafetySheet(
    services=(ServiceFacts("S001", "Residential care", "Demand-led duty", "s25", "24 children a year", "6 months"),),
    who_loses="Children who would have come into care",
    conditions="Only as places fall empty",
    assessments=tuple(Assessment(kind, due=date(2027, 1, 31)) for kind in AssessmentKind),
    monitored="Placements a month",
)
