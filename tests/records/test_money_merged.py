"""Claims about merging: a service too small to show is published with others, and nothing of its own is left."""

import pandas as pd
import pytest

from rcs_core.errors import DisclosureError
from rcs_core.records.ledgers import map_spend
from tests.records.money_case import LEVELS, YEAR, claim, cost, ledger, published, records, service, small_world, spend_of


def test_small_services_are_merged_within_their_parent_group() -> None:
    found = small_world(service("S001", served=40), service("S002", served=4), service("S003", served=7))
    assert published(found) == {"S001": 40, "M_family_support": 11}
    assert spend_of(found) == {("S001", "primary"): 100_000_00, ("M_family_support", "primary"): 200_000_00}


def test_a_group_that_stays_small_goes_to_the_other_services_of_its_agency() -> None:
    found = small_world(
        service("S001", served=40),
        service("S002", served=4, parent_group="Respite"),
        service("S003", served=7, parent_group="Secure care"),
    )
    assert published(found) == {"S001": 40, "M_other_council_social_work": 11}
    names = found.table("services").frame.set_index("service_id")["service_name"]
    assert names["M_other_council_social_work"] == "Other services: Council: social work (2)"


def test_what_fits_nowhere_takes_the_smallest_service_along() -> None:
    found = small_world(service("S001", served=40), service("S002", served=4), service("S003", served=12))
    assert published(found) == {"S001": 40, "M_other": 16}


def test_what_fits_nowhere_joins_a_merged_group_before_it_takes_a_service_along() -> None:
    found = small_world(
        service("S001", served=40),
        service("S002", served=5),
        service("S003", served=6),
        service("S004", served=2, parent_group="Respite", funder_agency="nhs_board"),
    )
    assert published(found) == {"S001": 40, "M_other": 13}


def test_a_register_too_small_to_show_is_refused() -> None:
    with pytest.raises(DisclosureError, match="too few children"):
        small_world(service("S001", served=3), service("S002", served=2))


def test_not_known_is_not_enough_unless_the_service_is_for_every_child() -> None:
    found = small_world(
        service("S001", served=40),
        service("S002", served=None),
        service("S003", served=11),
        service("S004", served=None, reach="universal"),
    )
    frame = found.table("services").frame.set_index("service_id")["children_served"]
    assert frame["M_other"] is pd.NA
    assert frame["S004"] is pd.NA
    assert frame["S001"] == 40
    assert "S003" not in frame.index


def test_a_caseload_that_spend_over_unit_cost_gives_away_is_merged() -> None:
    demand = [cost("S001", YEAR, 40, 2_500.0), cost("S002", YEAR, 30, 12_500.0)]
    found = small_world(service("S001"), service("S002"), service("S003", served=2), demand=demand)
    # S002: 100,000 over 12,500 is 8 children, although its register says 50; with the 2 of S003 it makes 10.
    assert set(published(found)) == {"S001", "M_family_support"}
    assert found.table("unit_costs").frame["service_id"].tolist() == ["S001"]
    assert "S002" not in set(found.table("demand").frame["service_id"])


def test_a_small_year_of_demand_merges_the_service_and_takes_its_history_along() -> None:
    """A gap in 2024-25, beside a year of 19, would say that there were fewer than ten."""
    demand = [cost("S001", "2024-25", 6, 3_000.0), cost("S001", YEAR, 14, 3_000.0), cost("S002", YEAR, 5, None)]
    found = small_world(service("S001", served=14), service("S002", served=5), service("S003"), demand=demand)
    assert published(found) == {"M_family_support": 19, "S003": 50}
    assert found.table("demand").frame.empty
    assert found.table("unit_costs").frame.empty
    assert found.notes[-1] == "M_family_support: demand in child_years is left out, as a year of it is too small to show"


def test_the_demand_of_a_merged_group_is_shown_where_every_year_of_it_is_large_enough() -> None:
    demand = [cost(sid, year, 6, None) for sid in ("S001", "S002") for year in ("2024-25", YEAR)]
    found = small_world(service("S001"), service("S002"), service("S003"), demand=demand)
    rows = found.table("demand").frame[["service_id", "year", "children"]].to_numpy().tolist()
    assert rows == [["M_family_support", "2024-25", 12.0], ["M_family_support", YEAR, 12.0]]


def test_the_latest_unit_cost_is_kept_with_its_main_payer() -> None:
    demand = [cost("S001", YEAR, 40, None), cost("S001", "2024-25", 41, 2_400.0), cost("S001", "2023-24", 41, 2_300.0)]
    found = map_spend(
        records(
            [service("S001")],
            {"ledger_council": ledger(("1", 100_000_00))},
            [claim("1", "S001", 40), claim("1", "S001", 60, agency="nhs_board")],
            demand,
        )
    )
    assert found.table("unit_costs").frame.iloc[0].tolist() == [
        "S001", 2_400.0, "spend over child-years", 40.0, "group_estimate", "nhs_board",
    ]  # fmt: skip


def test_effects_of_and_on_merged_services_are_left_out_with_a_note() -> None:
    def effect(one: str, other: str) -> tuple:
        return one, other, 5.0, 2.0, 8.0, "child_years", 1, 0.5, "published_elsewhere", "a study", ""

    found = small_world(
        service("S001"),
        service("S002"),
        service("S003", served=5),
        service("S004", served=5),
        effects=[effect("S002", "S001"), effect("S002", "S003"), effect("S004", "S001")],
    )
    assert found.table("effects").frame[["service_id", "acts_on"]].to_numpy().tolist() == [["S002", "S001"]]
    assert sum("evidence_of_effect.csv" in note for note in found.notes) == 2


def test_a_merged_service_keeps_only_what_its_members_share_and_the_lowest_confidence() -> None:
    found = small_world(
        service("S001"),
        service("S002", (100, 0, 0, 0, 0), 5, provider="Aberlea Trust", tag_confidence="low"),
        service("S003", (0, 0, 0, 100, 0), 6, contract_end="2027-03-31", notice_months=6),
    )
    merged = found.table("services").frame.set_index("service_id").loc["M_family_support"]
    assert [merged[c] for c in ("provider", "contract_end", "statutory_basis", "tag_confidence")] == [
        "",
        "",
        "discretionary",
        "low",
    ]
    assert merged["notice_months"] is pd.NA
    assert [merged[f"pct_{level}"] for level in LEVELS] == [50, 0, 0, 50, 0]
    assert set(found.table("spend").frame.query("service_id == 'M_family_support'")["confidence"]) == {"low"}


def test_a_seven_place_unit_is_never_shown_by_itself() -> None:
    found = small_world(service("S001", served=30, capacity=7), service("S002", capacity=10), service("S003", capacity=90))
    frame = found.table("services").frame.set_index("service_id")
    assert frame["capacity"].to_dict() == {"M_other": 17, "S003": 90}
    twelve = small_world(service("S001", served=30, capacity=12), service("S002", capacity=10)).table("services").frame
    assert twelve["capacity"].tolist() == [12, 10]


def test_the_desk_is_told_what_was_merged_and_why_without_a_number_of_children() -> None:
    found = small_world(
        service("S001"),
        service("S002", served=4),
        service("S003", served=30, capacity=7),
        demand=[cost("S003", "2024-25", 30, 3_000.0)],
    )
    (note,) = found.notes
    assert note == (
        "Smaller services: Family support stands for 2 services that cannot be shown by themselves: "
        "S002 Service S002 (it serves too few children); S003 Service S003 (it has too few places)"
    )
    for table in found.tables:
        assert "too few" not in table.frame.to_csv()
