"""Without linkage the extracts limit a need of their own year only, and otherwise the reason is said."""

from dataclasses import replace

import pytest

from rcs_core.records.estimate import estimate
from rcs_core.records.link import Linked
from tests.records.estimate_case import case


def unlinked(year: str) -> Linked:
    """A small partnership whose extracts share no pseudonyms and are of a year."""
    made = case(stage_roll=60).linked
    surveys = {s: f.drop(columns="contact", errors="ignore") for s, f in made.surveys.items()}
    counts = made.roll[made.roll["contact"].isin(["social_work_only", "both"])].groupby("stage", as_index=False).size()
    totals = counts.rename(columns={"size": "n"}).assign(extract="social_work")
    about = {**made.partnership, "linkage": "none", **({"extracts_year": year} if year else {})}
    roll = made.roll.drop(columns="contact")
    return replace(
        made, partnership=about, surveys=surveys, roll=roll, extract_totals=totals, linked=False, extracts=("social_work",)
    )


@pytest.mark.parametrize(("year", "told"), [("", True), ("2025", True), ("2025-26", True), ("2023", False)])
def test_limits_are_given_for_the_same_year_only(year: str, told: bool) -> None:
    found = estimate(unlinked(year))
    assert any(t.name.endswith("_contact_roll") for t in found.tables) is told
    said = " ".join(found.coverage["text"].astype(str))
    assert ("not the same year" in said) is not told
