"""Claims about the register with its money."""

import pandas as pd
import pytest

from rcs_core.release import Release, load
from rcs_core.workshop.services import services
from rcs_core.workshop.spend_map import Choice
from tests.tiny_money import SERVICES
from tests.tiny_release import tiny_release
from tests.workshop.test_spend_map import changed


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return load(tiny_release(tmp_path_factory.mktemp("release")))


def test_every_service_is_in_the_table_the_largest_first_with_what_a_child_costs(release: Release) -> None:
    numbers = services(release).numbers
    by_size = sorted(SERVICES, key=lambda s: -s[-1])
    assert numbers["Service"].tolist() == [s[1] for s in by_size]
    assert numbers["Spend (£)"].tolist() == [s[-1] for s in by_size]
    assert numbers["Spend per child served (£)"].tolist() == [round(s[-1] / s[9], 2) for s in by_size]
    assert numbers["Prevention as tagged (%)"].tolist() == [sum(s[7][:3]) for s in by_size]


def test_the_headline_names_the_largest_service_with_its_share_and_base(release: Release) -> None:
    said = services(release).headline
    assert said.sentence == (
        "The largest of 11 services is Additional support for learning, with £4.9 million in 2025-26: 33% of what is mapped."
    )
    assert said.basis.startswith("The 10 largest take 99.6%. Base: £14,770,052.00, what is mapped. Prices of 2025-26.")


def test_the_picture_shows_the_ten_largest_in_order(release: Release) -> None:
    points = services(release).points
    assert points["order"].nunique() == 10
    assert points["label"].iloc[0] == "Additional support for learning · £4.9 million"
    assert "Befriending" not in " ".join(points["label"])


def test_a_service_whose_children_are_not_known_has_no_cost_per_child(release: Release) -> None:
    frame = release.frame("services")
    frame["children_served"] = frame["children_served"].astype("Int64")
    frame.loc[frame["service_id"] == "S009", "children_served"] = pd.NA
    row = services(changed(release, services=frame)).numbers.set_index("Service").loc["Health visiting"]
    assert row["Children served"] is pd.NA
    assert pd.isna(row["Spend per child served (£)"])


def test_two_payers_of_one_service_are_both_named_and_each_can_be_looked_at(release: Release) -> None:
    frame = release.frame("spend")
    frame.loc[(frame["service_id"] == "S008") & (frame["level"] == "responsive"), "agency"] = "council_social_work"
    shared = changed(release, spend=frame)
    both = services(shared).numbers.set_index("Service").loc["Child and adolescent mental health"]
    one = services(shared, Choice("nhs_board")).numbers.set_index("Service").loc["Child and adolescent mental health"]
    assert both["Payer"] == "Council: social work and NHS board"
    assert (both["Spend (£)"], one["Spend (£)"]) == (1_604_000.00, 641_600.00)


def test_a_part_of_a_services_money_is_not_divided_by_all_of_its_children(release: Release) -> None:
    assert "Spend per child served (£)" not in services(release, Choice(sided=True)).numbers
    assert "Children served" in services(release, Choice(sided=True)).numbers


def test_providers_and_contract_terms_are_not_on_the_page(release: Release) -> None:
    table = services(release).numbers.to_csv()
    assert "Aberlea" not in table
    assert "contract" not in table.lower()


def test_no_money_is_a_sentence_and_an_empty_table(release: Release) -> None:
    view = services(release, Choice("", "related"))
    assert view.headline.sentence == "No money is mapped to these services."
    assert view.numbers.empty
    assert view.points.empty
