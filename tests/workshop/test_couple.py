"""A release becomes a scenario that adds up to the map, and a plan is set beside it honestly."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from rcs_core import release as waist
from rcs_core.errors import ScenarioError
from rcs_core.release import Manifest, Release, Table
from rcs_core.workshop.couple import Levers, Preset, compare, names_of, starting_scenario
from rcs_core.workshop.couple.build import GROUP, PACE, PLACE
from rcs_core.workshop.couple.compare import Part
from rcs_core.workshop.couple.inputs import read
from rcs_core.workshop.scenario import parse_scenario, solve
from tests.tiny_money import money_tables

YEAR = "2025-26"


def a_release(**changed: pd.DataFrame | None) -> Release:
    """The small release's money, with whole tables replaced or left out."""
    tables = {t.name: t for t in money_tables(YEAR)}
    for name, frame in changed.items():
        tables = {k: t for k, t in tables.items() if k != name}
        if frame is not None:
            tables[name] = Table(name, name, frame)
    return Release(Manifest("Strathmere", "999", True, YEAR, "0.1.0", 10), tables, Path("tiny"))


def with_cell(table: str, service: str, column: str, value: object) -> Release:
    frame = a_release().frame(table)
    frame[column] = frame[column].astype(object)
    frame.loc[frame["service_id"] == service, column] = value
    return a_release(**{table: frame})


def effect_of(scenario: Any, service: str) -> Any:
    return next(s for s in scenario.prevention if s.id == service)


def test_the_scenario_reconciles_to_the_map_to_the_pound() -> None:
    release = a_release()
    scenario = starting_scenario(release, Levers.of("shift_2"))
    by_agency = release.frame("spend").groupby("agency")["amount_gbp"].sum()
    assert {a.id: a.budget[0] * 1000 for a in scenario.agencies} == pytest.approx(by_agency.to_dict(), abs=0.005)
    for agency in scenario.agencies:
        prevention = sum(sum(s.agencies.get(agency.id, {}).values()) for s in scenario.prevention)
        responsive = sum(d.unit_cost * d.need(GROUP, PLACE, 1) * d.payer.get(agency.id, 0.0) for d in scenario.acute)
        assert prevention + responsive + scenario.held_by(agency.id, 1) == pytest.approx(agency.budget[0], abs=1e-6)


def test_as_it_is_the_plan_is_what_is_spent_today() -> None:
    scenario = starting_scenario(a_release(), Levers.of("as_is"))
    result = solve(scenario)
    found = compare(scenario, result)
    assert result.status == "optimal"
    assert found.by_service["change"].abs().max() == 0
    assert found.underspend["amount"].abs().max() < 1e-6
    assert found.guess_share is None
    assert "No change: preventative spend stays as it is in every year." in found.notes


def test_the_response_is_read_from_the_evidence() -> None:
    scenario = starting_scenario(a_release(), Levers.of("shift_2"))
    support = effect_of(scenario, "S003")
    (width, slope), (further, less) = support.segments[GROUP][PLACE]
    assert width == pytest.approx(486.25025)
    # 6 + 5 children kept from care for each 100 of the 64 served, over GBP 486.25 thousand
    assert slope == pytest.approx(0.11 * 64 / 486.25025)
    assert (further, less) == pytest.approx((0.5 * 486.25025, 0.5 * slope))
    assert support.base_reach[GROUP][PLACE] == pytest.approx(width)
    assert support.acts_on == pytest.approx({"S001": 6 / 11, "S002": 5 / 11})
    assert (support.lag, support.retention) == (1, 0.5)
    # unlike effects are added by what the care costs: 276 and 38 thousand
    assert support.outcome == pytest.approx(6 / 11 * 276 + 5 / 11 * 38)


def test_a_duty_is_not_cut_and_a_free_service_may_be() -> None:
    scenario = starting_scenario(a_release(), Levers.of("shift_2"))
    assert effect_of(scenario, "S003").floor == pytest.approx(486.25025)
    free = effect_of(scenario, "S004")
    # run by the council itself: 70% of it is staff, who are redeployed in the first year
    assert free.floor == pytest.approx((0.7 * 172.4, 0, 0, 0, 0))
    assert free.ramp_down == pytest.approx(0.1)
    protected = starting_scenario(a_release(), Levers.of("shift_2", protect=("S004", "S001")))
    assert effect_of(protected, "S004").floor == pytest.approx(172.4)
    assert next(d for d in protected.acute if d.id == "S001").floor == pytest.approx(3312.0)
    missing = starting_scenario(with_cell("services", "S004", "statutory_basis", None), Levers.of("shift_2"))
    assert effect_of(missing, "S004").floor == pytest.approx(172.4)


@pytest.mark.parametrize(
    ("table", "service", "column", "value", "said"),
    [
        ("effects", "S003", "children_averted_per_100", None, "(S003) is held: its effect is missing, so it is not tested"),
        ("effects", "S004", "children_averted_per_100", -1.0, "(S004) is held: the likely effect is none or harm"),
        ("effects", "S004", "acts_on", "S005", "(S004) is held: what it acts on is not modelled"),
        ("services", "S004", "children_served", None, "(S004) is held: the children it serves are not known"),
        ("demand", "S001", "children", None, ""),
        ("unit_costs", "S001", "unit_cost_gbp", None, "(S001) is held: its demand is counted, but a unit cost is missing"),
    ],
)
def test_what_is_missing_is_held_and_never_taken_for_nothing(
    table: str, service: str, column: str, value: object, said: str
) -> None:
    release = with_cell(table, service, column, value)
    scenario = starting_scenario(release, Levers.of("shift_2"))
    assert service in {h.id for h in scenario.held}
    assert said in scenario.description
    paid = release.frame("spend")["amount_gbp"].sum()
    assert sum(a.budget[0] for a in scenario.agencies) * 1000 == pytest.approx(paid, abs=0.005)


def test_a_service_of_a_confidential_price_is_held_and_the_scenario_says_why() -> None:
    release = with_cell("unit_costs", "S001", "unit_cost_gbp", None)
    demand = release.frame("demand")
    release = a_release(unit_costs=release.frame("unit_costs"), demand=demand[demand["service_id"] != "S001"])
    scenario = starting_scenario(release, Levers.of("shift_2"))
    assert "S001" in {h.id for h in scenario.held}
    assert (
        "(S001) is held: its price is confidential, so the release has neither its price nor its demand" in scenario.description
    )


def test_missing_cashability_means_that_nothing_cashes_and_its_range_is_shown() -> None:
    scenario = starting_scenario(with_cell("unit_costs", "S001", "cashable_pct", None), Levers.of("shift_2"))
    houses = next(i for i, d in enumerate(scenario.acute) if d.id == "S001")
    assert (scenario.acute[houses].cashable, scenario.acute[houses].decommission_max) == (0.0, 0.0)
    known = next(p for p in scenario.provenance if p.path == f"/acute/{houses}/cashable")
    assert (known.state, known.low, known.high) == ("missing", 0.0, 1.0)


def test_missing_lag_and_retention_are_the_tools_assumption() -> None:
    effects = a_release().frame("effects").assign(lag_years=None, retention=None)
    scenario = starting_scenario(a_release(effects=effects), Levers.of("shift_2"))
    assert (scenario.prevention[0].lag, scenario.prevention[0].retention) == (2, 0.0)
    known = next(p for p in scenario.provenance if p.path == "/prevention/0/lag")
    assert (known.state, known.low, known.high) == ("product_default", 1.0, 3.0)


def test_spend_beyond_unit_cost_times_need_is_held() -> None:
    scenario = starting_scenario(with_cell("unit_costs", "S001", "unit_cost_gbp", 200_000.0), Levers.of("shift_2"))
    assert next(h for h in scenario.held if h.id == "S001:rest").amount == pytest.approx(3312 - 12 * 200)
    dear = starting_scenario(with_cell("unit_costs", "S001", "unit_cost_gbp", 400_000.0), Levers.of("shift_2"))
    assert next(d for d in dear.acute if d.id == "S001").unit_cost == pytest.approx(276.0)


def test_every_coefficient_that_moves_money_has_its_state_and_range() -> None:
    scenario = starting_scenario(a_release(), Levers.of("shift_2"))
    known = {p.path: p for p in scenario.provenance}
    for i in range(len(scenario.prevention)):
        first = known[f"/prevention/{i}/segments/{GROUP}/{PLACE}/0/1"]
        assert first.low is not None
        assert first.high is not None
        assert first.source
    support = known[f"/prevention/0/segments/{GROUP}/{PLACE}/0/1"]
    assert support.state == "group_estimate"  # the weaker of its two effects
    assert parse_scenario(scenario.to_dict()) == scenario


def test_a_two_point_shift_moves_two_points_and_every_childs_need_is_met() -> None:
    release = a_release()
    scenario = starting_scenario(release, Levers.of("shift_2"))
    result = solve(scenario)
    found = compare(scenario, result, names_of(release))
    pace = next(w for w in scenario.workforce if w.id == PACE)
    assert result.status == "optimal"
    assert found.all_met
    assert 0 < found.shift_points <= 2.0 + 1e-6
    for t in scenario.years:
        assert sum(line.amount for line in result.spend if line.year == t) <= pace.available[t - 1] + 1e-6
    last = found.years[-1]
    held = found.by_level[(found.by_level["part"] == Part.HELD.value) & (found.by_level["year"] == last)]
    assert held["change"].abs().max() == 0
    assert found.guess_share is not None
    assert any("rest on guesses" in n for n in found.notes)
    assert "saving" not in " ".join([*found.notes, scenario.description]).lower()


def test_frames_agree_with_each_other_and_with_the_purses() -> None:
    release = a_release()
    scenario = starting_scenario(release, Levers.of("shift_5", allow_pool=True))
    result = solve(scenario)
    found = compare(scenario, result, names_of(release))
    by_level = found.by_level.set_index(["part", "year"])
    by_agency = found.by_agency.groupby(["part", "year"])[["before", "after"]].sum()
    by_service = found.by_service.groupby(["part", "year"])[["before", "after"]].sum()
    for column in ("before", "after"):
        pd.testing.assert_series_equal(by_level[column].sort_index(), by_agency[column].sort_index(), rtol=1e-9)
        pd.testing.assert_series_equal(by_level[column].sort_index(), by_service[column].sort_index(), rtol=1e-9)
    assert by_level.groupby("year")["share_after"].sum().tolist() == pytest.approx([1.0] * scenario.horizon)
    spent = found.by_agency.groupby(["agency", "year"])["after"].sum()
    left = found.underspend.set_index(["agency", "year"])["amount"]
    pooled = found.bridging.groupby(["agency", "year"])[["contribution", "draw"]].sum()
    for agency in scenario.agencies:
        for year in found.years:
            extra = pooled.loc[(agency.id, year)] if (agency.id, year) in pooled.index else {"contribution": 0.0, "draw": 0.0}
            out = spent[agency.id, year] + left[agency.id, year] + extra["contribution"]
            assert out == pytest.approx(agency.budget[0] + extra["draw"], abs=1e-6)
    responsive = by_level.loc[Part.RESPONSIVE.value]
    freed = found.released.groupby("year")["amount"].sum()
    assert (responsive["before"] - responsive["after"])[freed.index].to_list() == pytest.approx(freed.to_list(), abs=1e-6)


def test_a_joint_pool_never_needs_more_bridging_money() -> None:
    def seeded(pool: bool) -> float:
        scenario = starting_scenario(a_release(), Levers.of("shift_5", allow_pool=pool))
        result = solve(scenario)
        return sum(p.draw - p.contribution for p in result.pools)

    assert seeded(True) <= seeded(False) + 1e-6


def test_when_nothing_cashes_nothing_is_released() -> None:
    scenario = starting_scenario(a_release(), Levers.of("nothing_cashes"))
    found = compare(scenario, solve(scenario))
    assert found.status == "optimal"
    assert found.released["amount"].max() < 1e-6


def test_half_effects_are_half_of_every_slope() -> None:
    whole, half = (starting_scenario(a_release(), Levers.of("shift_2", effect_scale=k)) for k in (1.0, 0.5))
    for a, b in zip(whole.prevention, half.prevention, strict=True):
        for (_, s), (_, h) in zip(a.segments[GROUP][PLACE], b.segments[GROUP][PLACE], strict=True):
            assert h == pytest.approx(s / 2)


def test_a_falling_budget_falls_from_the_second_year_and_takes_held_services_with_it() -> None:
    scenario = starting_scenario(a_release(), Levers.of("falling_budget", budget_change_pct=-3.0))
    flat = starting_scenario(a_release(), Levers.of("shift_2"))
    for agency, before in zip(scenario.agencies, flat.agencies, strict=True):
        assert agency.budget[0] == pytest.approx(before.budget[0])
        assert agency.budget[-1] == pytest.approx(before.budget[0] * 0.97**4)
        assert scenario.held_by(agency.id, 5) == pytest.approx(flat.held_by(agency.id, 1) * 0.97**4)


def test_an_impossible_falling_budget_says_why_and_what_repairs_it() -> None:
    release = a_release()
    scenario = starting_scenario(release, Levers.of("falling_budget", budget_change_pct=-10.0))
    result = solve(scenario, names_of(release))
    assert result.status == "infeasible"
    assert result.conflict
    text = " ".join(compare(scenario, result).notes)
    assert "cannot" in text
    assert "2027-28" in text
    assert "Children's houses" in text
    assert "infeasible" not in text


def test_without_money_demand_or_evidence_it_says_what_is_missing() -> None:
    with pytest.raises(ScenarioError, match="holds no services and money"):
        starting_scenario(a_release(spend=None), Levers())
    with pytest.raises(ScenarioError, match="no responsive service with demand"):
        starting_scenario(a_release(demand=None), Levers())
    with pytest.raises(ScenarioError, match="no preventative service with evidence of effect"):
        starting_scenario(a_release(effects=None), Levers())
    with pytest.raises(ScenarioError, match="no such service to protect"):
        starting_scenario(a_release(), Levers(protect=("S999",)))


def test_levers_refuse_what_is_out_of_range_and_unknown_presets() -> None:
    with pytest.raises(ScenarioError, match="horizon"):
        Levers(horizon=11)
    with pytest.raises(ScenarioError, match="effect_scale"):
        Levers(effect_scale=float("nan"))
    with pytest.raises(ScenarioError, match="no such preset"):
        Levers.of("shift_3")
    assert {Levers.of(p).preset for p in Preset} == set(Preset)


def test_unmapped_money_is_no_part_of_the_scenario_and_is_said() -> None:
    release = a_release()
    unmapped = release.frame("ledger_totals")["unmapped"].sum()
    assert f"GBP {unmapped:,.2f} of the ledgers is not mapped" in starting_scenario(release, Levers()).description
    assert read(release).unmapped_pence == round(unmapped * 100)


def test_it_works_on_a_saved_and_reopened_release(tmp_path: Path) -> None:
    waist.save(money_tables(YEAR), Manifest("Strathmere", "999", True, YEAR, "0.1.0", 10), tmp_path)
    scenario = starting_scenario(waist.load(tmp_path), Levers())
    assert scenario == starting_scenario(a_release(), Levers())
