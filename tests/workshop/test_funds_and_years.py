"""Claims about funds, years ahead and sums: every view of the money adds up to the same pennies, and none is counted twice."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from rcs_core.release import Release, load
from rcs_core.workshop import flows, funders, services, spend_map, years
from rcs_core.workshop.spend_map import Choice
from rcs_core.workshop.spend_map.funds import known_funds
from tests.tiny_release import tiny_release
from tests.workshop.money_releases import YEARS, budget, changed, spend_of, spends

CSW, CED = "council_social_work", "council_education"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return load(tiny_release(tmp_path_factory.mktemp("release")))


def pence(values: pd.Series) -> int:
    return round(float(values.fillna(0).sum()) * 100)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
@given(spend=spends())
def test_payer_provider_service_fund_and_flow_are_views_of_one_sum(release: Release, spend: pd.DataFrame) -> None:
    made = changed(release, spend=spend)
    whole = pence(spend["amount_gbp"])
    payers = spend_map.by_agency(made, Choice()).numbers
    assert pence(payers.loc[payers["Payer"] != "Not mapped to a service", "Spend (£)"]) == whole
    runs = funders.by_provider(made).numbers
    assert pence(runs[funders.ALL]) == whole
    own = runs.drop(columns=["Who runs the services", funders.ALL])
    assert pence(own.sum(axis=1)) == whole, "each pound stands once, under one payer and one provider"
    assert pence(services.services(made).numbers["Spend (£)"]) == whole
    funds = spend_map.by_fund(made)
    assert funds is not None
    assert pence(funds.numbers["Spend (£)"]) == whole
    drawn = flows.flows(made).view.numbers
    money = drawn[next(c for c in drawn.columns if "£" in c)]
    unmapped = pence(release.frame("ledger_totals")["unmapped"])
    assert pence(money) == whole + unmapped


def test_a_fund_has_its_name_its_conditions_and_where_they_stand(release: Release) -> None:
    spend = spend_of([(3, "sg_ring_fenced", "primary", "PEF", 40_000_00), (5, "sg_ring_fenced", "other", "", 10_000_00),
                      (0, CSW, "responsive", "", 50_000_00)])  # fmt: skip
    view = spend_map.by_fund(changed(release, spend=spend))
    assert view is not None
    assert (
        view.headline.sentence == "£40,000 of £100,000 in 2025-26 is of one ring-fenced fund; the largest is "
        "Pupil Equity Funding, £40,000."
    )
    assert "£10,000.00 more is paid by a ring-fenced fund that the map does not name" in view.headline.basis
    row = view.numbers.iloc[0]
    assert (row["Fund"], row["Share of mapped spend (%)"], row["Prevention as tagged (%)"]) == (
        "Pupil Equity Funding",
        40.0,
        100.0,
    )
    assert row["Where that stands"] == known_funds()["PEF"].source


def test_a_fund_of_one_bought_service_has_no_amount_on_the_big_screen(release: Release) -> None:
    spend = spend_of([(2, "sg_ring_fenced", "tertiary", "WFWF", 486_250_25), (0, CSW, "responsive", "", 50_000_00)])
    view = spend_map.by_fund(changed(release, spend=spend), None, True)
    assert view is not None
    said = f"{view.headline}{view.words}{view.points.to_csv()}{view.numbers.iloc[:1].to_csv()}"
    assert "486" not in said
    assert "Whole Family Wellbeing Funding" in said


def test_without_funds_and_budgets_there_is_nothing_to_say(release: Release) -> None:
    assert spend_map.by_fund(release) is None
    assert not spend_map.names_funds(release)
    assert years.years_ahead(release) is None
    assert years.budgets(release) == {}


def test_years_ahead_say_what_is_approved_what_is_planned_and_what_has_no_budget(release: Release) -> None:
    """By hand: £100,000 and £50,000 now; the first has £103,000 approved, then £104,000 planned; the second has nothing."""
    spend = spend_of([(3, CED, "primary", "", 100_000_00), (0, CSW, "responsive", "", 50_000_00)])
    given_ = pd.DataFrame([budget("S004", CED, 103_000), budget("S004", CED, 104_000, YEARS[1], "indicative")])
    found = years.years_ahead(changed(release, spend=spend, budgets=given_))
    assert found is not None
    assert found.view.headline.sentence == (
        "For 2026-27, £103,000 is approved; services with 67% of the £150,000 spent in 2025-26 have a budget."
    )
    assert "£103,000.00, 3.0% above the £100,000.00 of 2025-26" in found.view.headline.basis
    bars = {(r["label"], r["state"]): r["pounds"] for r in found.view.points.to_dict("records")}
    assert bars == {
        ("2025-26 · £150,000", years.SPENT): 150_000.0,
        ("2026-27 · £153,000", years.State.APPROVED.label): 103_000.0,
        ("2026-27 · £153,000", years.State.NONE.label): 50_000.0,
        ("2027-28 · £154,000", years.State.INDICATIVE.label): 104_000.0,
        ("2027-28 · £154,000", years.State.NONE.label): 50_000.0,
    }
    first = found.services.iloc[0]
    assert (first["2026-27 (£)"], first["2026-27 is"], first["2027-28 is"]) == (103_000.0, "Approved", "Indicative")
    assert any("not restated" in note for note in found.notes)


def test_years_ahead_keep_the_price_of_a_bought_service_off_the_big_screen(release: Release) -> None:
    given_ = pd.DataFrame(
        [budget("S003", CSW, 501_111.5), budget("S001", CSW, 3_400_000.0), budget("S011", "third_sector", 62_222.5)]
    )
    made = changed(release, budgets=given_)
    for big, there in ((True, False), (False, True)):
        found = years.years_ahead(made, None, big)
        assert found is not None
        said = f"{found.view.numbers.to_csv()}{found.services.to_csv()}"
        assert ("501111.5" in said) is there
        assert ("62222.5" in said) is there, "the only service that the third sector pays for is bought"
