"""Claims about the six official questions of *Services and money*, each checked by hand on the small release."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from rcs_core.errors import SettingsError
from rcs_core.release import Release, load
from rcs_core.vocab import Agency
from rcs_core.workshop import big_screen, contracting, coordinate, evidence_rated, flows, funders, gap_grid, unit_prices
from rcs_core.workshop.contracting import Why
from rcs_core.workshop.gap_grid import Found
from rcs_core.workshop.need_money import Outcome
from rcs_core.workshop.services import services
from rcs_core.workshop.spend_map import Choice
from tests.shared import shared_file
from tests.tiny_money import SERVICES, UNMAPPED
from tests.tiny_release import tiny_release
from tests.workshop.test_spend_map import changed

MAPPED, LEFT = 1_477_005_200, 57_063_020
"""Pence of the small release: on services, and not mapped."""
TODAY = date(2026, 11, 22)
BOUGHT = {"S003", "S007", "S010", "S011"}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return load(tiny_release(tmp_path_factory.mktemp("release")))


def registered(release: Release, service: str, **cells: object) -> Release:
    """The release with other words in the register for one service."""
    frame = release.frame("services")
    for column, value in cells.items():
        if column not in frame:
            frame[column] = ""
        frame[column] = frame[column].astype(object)
        frame.loc[frame["service_id"] == service, column] = value
    return changed(release, services=frame)


def test_the_pence_of_the_small_release_are_those_of_its_list() -> None:
    assert sum(round(s[-1] * 100) for s in SERVICES) == MAPPED
    assert sum(round(v * 100) for v in UNMAPPED.values()) == LEFT


def test_payer_and_provider_are_two_views_of_the_same_money(release: Release) -> None:
    frame = release.frame("services")
    frame.loc[frame["service_id"] == "S007", "provider_agency"] = "third_sector"
    found = funders.by_provider(changed(release, services=frame))
    numbers = found.numbers.set_index("Who runs the services")
    assert round(numbers[funders.ALL].sum() * 100) == MAPPED
    assert numbers.loc["Third sector", "Council: education (£)"] == 231_900.00
    assert numbers.drop(columns=funders.ALL).sum(axis=1).round(2).tolist() == numbers[funders.ALL].tolist()
    assert found.headline.sentence.startswith(
        "£231,900 of £14.8 million in 2025-26 pays for services that another agency runs, 2%"
    )


def test_the_evidence_rated_share_goes_from_what_is_sourced_to_what_is_not_known(release: Release) -> None:
    good = sum(round(s[-1] * 100) for s in SERVICES if s[15] in ("promising", "effective", "well_evidenced"))
    found = evidence_rated.evidence_rated(release)
    base = MAPPED + LEFT
    assert (found.low, found.rated) == (round(100 * good / base, 1),) * 2
    assert found.high == round(100 * (good + LEFT) / base, 1)
    blank = registered(registered(release, "S008", evidence_source=""), "S002", evidence_rating="")
    wider = evidence_rated.evidence_rated(blank)
    assert wider.low == round(100 * (good - 160_400_000) / base, 1)
    assert wider.rated == found.rated
    assert wider.high == round(100 * (good + LEFT + 220_400_050) / base, 1)


def test_every_pound_has_one_rating(release: Release) -> None:
    found = evidence_rated.evidence_rated(release)
    assert round(found.view.numbers["Spend (£)"].sum() * 100) == MAPPED + LEFT
    assert round(found.services["Spend (£)"].sum() * 100) == MAPPED
    assert found.services["Evidence rating"].iloc[0] == "Well evidenced"


def test_a_participant_costs_what_all_payers_spend_over_the_children_served(release: Release) -> None:
    numbers = unit_prices.unit_prices(release).view.numbers.set_index("Service")
    assert numbers.loc["Foster care", "Spend per child served (£)"] == round(2_204_000.50 / 58, 2)
    assert numbers.loc["Foster care", "Cost of a place as stated (£)"] == "38,000"
    assert numbers.loc["Foster care", "Published elsewhere"] == "£646 (GBP per child per week; over a year £33,592)"
    assert numbers.loc["Foster care", "Its year and place"] == "2017, England"
    one = unit_prices.unit_prices(release, Choice("nhs_board")).view.numbers
    assert set(one["Service"]) == {"Child and adolescent mental health", "Health visiting"}


def test_a_cost_says_whether_it_is_within_the_published_one_and_of_which_year(release: Release) -> None:
    said = {line.split("**")[1]: line for line in unit_prices.unit_prices(release).comparisons}
    assert set(said) == {"Foster care", "Children's houses", "Additional support for learning"}
    assert "£38,000 for each child served in 2025-26, above the £646" in said["Foster care"]
    assert "above the £3,000 (GBP per resident week; over a year £156,000)" in said["Children's houses"]
    assert "£7,129 for each child served in 2025-26, above the £3,764" in said["Additional support for learning"]
    assert any("not restated" in note for note in unit_prices.unit_prices(release).notes)


def test_children_that_are_not_known_give_no_cost(release: Release) -> None:
    frame = release.frame("services").astype({"children_served": "Int64"})
    frame.loc[frame["service_id"] == "S002", "children_served"] = pd.NA
    row = unit_prices.unit_prices(changed(release, services=frame)).view.numbers.set_index("Service").loc["Foster care"]
    assert pd.isna(row["Spend per child served (£)"])
    assert row["Why no cost"] == "Children served are not known"


def test_the_published_costs_are_those_of_the_facts() -> None:
    path = shared_file("facts/C_spend_unit_costs.csv")
    if path is None:
        return
    facts = pd.read_csv(path, dtype=str)
    wanted = {str(v) for v in facts["value"]} | {tuple(v.split("-")) for v in facts["value"] if "-" in v.strip("-")}
    for cost in unit_prices.published():
        low, high = f"{cost.low:g}", f"{cost.high:g}"
        assert {low, high} <= wanted or (low, high) in wanted, cost.id
        places = set(facts.loc[facts["value"].isin([low, high, f"{low}-{high}"]), "geography"])
        assert cost.place in places, cost.id


def test_a_published_cost_that_is_not_whole_is_refused() -> None:
    row = dict.fromkeys(("id", "title", "unit", "year", "place", "source", "note", "date"), "x")
    with pytest.raises(SettingsError, match="not whole"):
        unit_prices._published({**row, "words": ["x"], "low": 2, "high": 1, "per_year": 1}, "row 1")
    with pytest.raises(SettingsError, match="unknown setting"):
        unit_prices._published({**row, "wrods": [], "words": ["x"], "low": 1, "high": 1, "per_year": 1}, "row 1")


def test_a_chance_to_coordinate_is_two_services_alike_that_different_agencies_decide_on(release: Release) -> None:
    alike = registered(release, "S004", domain="mental_wellbeing")
    assert not coordinate.coordinate(release).chances
    assert not coordinate.coordinate(alike).chances
    frame = alike.frame("spend")
    frame.loc[frame["service_id"] == "S004", "agency"] = "nhs_board"
    found = coordinate.coordinate(changed(alike, spend=frame))
    assert [c.services for c in found.chances] == [("S004", "S007")]
    assert found.chances[0].agencies == ("council_education", "nhs_board")
    assert found.chances[0].pence == 17_240_000 + 23_190_000
    assert found.view.points["services"].sum() == 2
    assert "are a chance to coordinate" in found.view.headline.sentence
    assert "not a finding" in found.view.headline.basis


def test_a_ring_fenced_fund_is_decided_on_by_who_commissions(release: Release) -> None:
    frame = release.frame("spend")
    frame.loc[frame["service_id"] == "S007", "agency"] = "sg_ring_fenced"
    decided = coordinate.deciders(changed(release, spend=frame))
    assert set(decided.loc[decided["service_id"] == "S007", "decides"]) == {"council_education"}
    assert set(decided.loc[decided["service_id"] == "S001", "decides"]) == {"council_social_work"}


@pytest.mark.parametrize(
    ("service", "cells", "why"),
    [
        ("S003", {}, (Why.ENDS, Why.NOTICE)),
        ("S007", {}, (Why.ENDED,)),
        ("S010", {}, (Why.ENDS,)),
        ("S011", {}, (Why.ENDS, Why.NOTICE)),
        ("S003", {"contract_end": "2027-11-23"}, ()),
        ("S003", {"contract_end": "2027-11-22"}, (Why.ENDS,)),
        ("S003", {"contract_end": "2026-11-22"}, (Why.ENDS, Why.NOTICE)),
        ("S003", {"contract_end": "2026-11-21"}, (Why.ENDED,)),
        ("S003", {"contract_end": "2027-05-22"}, (Why.ENDS,)),
        ("S003", {"contract_end": "2027-05-21"}, (Why.ENDS, Why.NOTICE)),
        ("S003", {"contract_end": ""}, (Why.NO_END,)),
        ("S003", {"contract_type": "spot_purchase"}, (Why.ENDS, Why.NOTICE, Why.SPOT)),
        ("S003", {"provider": "Leven Counselling"}, (Why.ENDS, Why.NOTICE, Why.SEVERAL)),
    ],
)
def test_a_contract_is_worth_a_second_look_for_these_reasons(
    release: Release, service: str, cells: dict[str, object], why: tuple[Why, ...]
) -> None:
    found = {c.service: c for c in contracting.contracts(registered(release, service, **cells), TODAY)}
    assert set(found) == BOUGHT
    assert found[service].why == why


def test_months_before_a_day_end_with_a_shorter_month() -> None:
    assert contracting.earlier(date(2027, 3, 31), 1) == date(2027, 2, 28)
    assert contracting.earlier(date(2027, 1, 15), 3) == date(2026, 10, 15)
    assert contracting.earlier(date(2026, 11, 30), -3) == date(2027, 2, 28)


def test_every_pound_flows_once_through_each_column(release: Release) -> None:
    found = flows.flows(release)
    assert round(found.view.numbers["Spend (£)"].sum() * 100) == MAPPED + LEFT
    drawn = found.view.points
    ends = drawn[drawn["x"].isin([0, 1, 2])].assign(thick=drawn["y2"] - drawn["y"])
    for column in ("0", "1"):
        own = ends[ends["link"].str.startswith(column) & (ends["x"] == int(column))]
        assert own["thick"].sum() == pytest.approx(flows.BODY, abs=0.5)
    assert (drawn["y"] >= 0).all()
    assert drawn["y2"].max() <= found.height + 1


@pytest.mark.parametrize("column", [0, 1, 2])
def test_labels_of_a_column_never_stand_on_each_other(release: Release, column: int) -> None:
    own = flows.flows(release).nodes.groupby("column").get_group(column).sort_values("middle")
    half = own["text"].str.count(r"\|").add(1) * flows.LINE / 2
    bottoms, tops = (own["middle"] + half).tolist(), (own["middle"] - half).tolist()
    assert all(below >= above for above, below in zip(bottoms, tops[1:], strict=False))


def test_the_grid_counts_each_pound_once_and_names_gaps_and_overlaps(release: Release) -> None:
    other = release.frame("spend").query("level == 'other'")["amount_gbp"].sum()
    found = gap_grid.gap_grid(release)
    assert sum(s.pence for s in found.squares) == MAPPED - round(other * 100)
    at = {(s.outcome, s.level.value): s for s in found.squares}
    assert at["peers", "responsive"].found is Found.GAP
    assert at["mental_wellbeing", "secondary"].found is Found.OVERLAP
    assert at["physical_health", "primary"].found is Found.ONE
    assert at["physical_health", "primary"].pence == 96_525_000
    numbers = found.view.numbers.set_index(["Part of life", "Level"])
    assert "Raised difficulties (SDQ)" in numbers.loc[("Mental wellbeing", "Responsive"), "Need"]
    assert any("does not say" in note for note in found.notes)


def test_where_the_register_says_areas_the_grid_is_of_one(release: Release) -> None:
    assert [a.name for a in gap_grid.areas(release)] == ["The whole area"]
    told = registered(release, "S006", areas="C01")
    assert [a.name for a in gap_grid.areas(told)] == ["The whole area", "Carrickmuir cluster"]
    told = registered(told, "S011", areas="C02")
    here = {(s.outcome, s.level.value): s for s in gap_grid.squares(told, Outcome.DOMAIN, "C01")}
    assert here["peers", "secondary"].services == ("S006",)
    everywhere = {(s.outcome, s.level.value): s for s in gap_grid.squares(told, Outcome.DOMAIN)}
    assert everywhere["peers", "secondary"].services == ("S006", "S011")


def frames(release: Release) -> list[pd.DataFrame]:
    """Everything that the big screen shows: tables and pictures of the six questions."""
    makers: list[Callable[[], list[pd.DataFrame]]] = [
        lambda: [v := services(release, None, True)] and [v.numbers, v.points],
        lambda: [e := evidence_rated.evidence_rated(release, None, True)] and [e.view.numbers, e.view.points, e.services],
        lambda: [u := unit_prices.unit_prices(release, None, True)] and [u.view.numbers, u.view.points],
        lambda: [c := coordinate.coordinate(release, Outcome.DOMAIN, True)] and [c.view.numbers, c.view.points],
        lambda: [g := gap_grid.gap_grid(release, Outcome.DOMAIN, "", True)] and [g.view.numbers, g.view.points],
        lambda: [k := contracting.contracting(release, TODAY, True)] and [k.view.numbers, k.view.points, k.counts, k.providers],
    ]
    return [frame for make in makers for frame in make()]


def test_the_big_screen_names_no_provider_and_shows_no_price_of_a_bought_service(release: Release) -> None:
    assert big_screen.bought(release) == BOUGHT
    shown = "\n".join(frame.to_csv() for frame in frames(release))
    for service in (s for s in SERVICES if s[0] in BOUGHT):
        provider, pounds, each = service[4], service[-1], round(service[-1] / service[9], 2)
        assert provider not in shown or provider in {agency.label for agency in Agency}
        for written in (f"{pounds:.2f}", f"{pounds:,.0f}", f"{pounds:.1f},", f"{each:.2f}"):
            assert written not in shown, (service[1], written)


def test_off_the_big_screen_prices_and_providers_are_there(release: Release) -> None:
    found = contracting.contracting(release, TODAY)
    row = found.view.numbers.set_index("Service").loc["School counselling"]
    assert (row["Provider"], row["Spend (£)"]) == ("Leven Counselling", 231_900.00)
    assert unit_prices.unit_prices(release).view.numbers["Why no cost"].eq("").all()


def test_a_merged_group_is_no_contract(release: Release) -> None:
    frame = release.frame("services").assign(services_merged=1)
    frame.loc[frame["service_id"] == "S003", ["services_merged", "contract_type"]] = [3, ""]
    found = changed(release, services=frame)
    assert big_screen.bought(found) == BOUGHT - {"S003"}


def test_without_a_contract_type_who_runs_it_decides(release: Release) -> None:
    blank = registered(release, "S009", contract_type="")
    assert "S009" not in big_screen.bought(blank)
    assert "S009" in big_screen.bought(registered(blank, "S009", provider_agency="third_sector"))


def test_rows_of_questions_lose_the_price_of_a_bought_service_only(release: Release) -> None:
    rows = pd.DataFrame({"Service": ["Foster care", "School counselling"], "Spend (£)": [1.0, 2.0]})
    assert big_screen.without_prices(rows, release, True)["Spend (£)"].isna().tolist() == [False, True]
    assert big_screen.without_prices(rows, release, False).equals(rows)


def test_a_release_of_another_shape_is_read_too(tmp_path: Path) -> None:
    bare = load(tiny_release(tmp_path, surveys=(), linked=False))
    assert gap_grid.gap_grid(bare).view.numbers["Need"].eq("Not measured").all()
    assert coordinate.coordinate(bare, Outcome.SHANARRI).view.headline.sentence
