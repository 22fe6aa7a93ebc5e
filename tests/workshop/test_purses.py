"""Claims about later years in a scenario: budgets are the purses where they are given, funds are promises by their names."""

import pandas as pd
import pytest

from rcs_core.release import Release, load
from rcs_core.vocab import InputState
from rcs_core.workshop.couple import Levers, Preset, names_of, starting_scenario
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.scenario import Scenario, parse_scenario, solve
from rcs_core.workshop.scenario.format import at
from tests.tiny_release import tiny_release
from tests.workshop.money_releases import YEARS, budget, changed

CSW, CED = "council_social_work", "council_education"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return load(tiny_release(tmp_path_factory.mktemp("release")))


def with_budgets(release: Release, *rows: dict[str, object]) -> Release:
    return changed(release, budgets=pd.DataFrame(rows))


def made(release: Release, preset: Preset = Preset.SHIFT_2, depth: Depth = Depth.ESTIMATE, **levers: object) -> Scenario:
    return starting_scenario(release, Levers.of(preset, depth=depth, horizon=4, **levers))


def purse(scenario: Scenario, agency: str) -> list[float]:
    own = next(a for a in scenario.agencies if a.id == agency)
    assert own.budget is not None
    return [at(own.budget, t) for t in scenario.years]


def test_without_budgets_every_purse_is_the_mapped_money_and_drifts_with_the_lever(release: Release) -> None:
    scenario = made(release, budget_change_pct=-2.0)
    assert purse(scenario, CED) == pytest.approx([5323.0001 * 0.98**t for t in range(4)])  # £4,918,700.10 + 172,400 + 231,900
    assert not scenario.ringfences
    assert "none of them is approved" in scenario.description


def test_a_purse_has_what_was_given_and_carries_on_from_it(release: Release) -> None:
    """By hand: parenting programmes, £172,400 now, have £180,000 approved and £170,000 planned; the rest drifts by 1% a year."""
    given = (budget("S004", CED, 180_000), budget("S004", CED, 170_000, YEARS[1], "indicative"))
    scenario = made(with_budgets(release, *given), budget_change_pct=1.0)
    rest = 5323.0001 - 172.4
    assert purse(scenario, CED) == pytest.approx(
        [rest + 180.0, rest * 1.01 + 170.0, rest * 1.01**2 + 170 * 1.01, rest * 1.01**3 + 170 * 1.01**2]
    )
    assert purse(scenario, "nhs_board") == pytest.approx([2891.0 * 1.01**t for t in range(4)])


def test_what_is_known_of_a_purse_is_said_year_by_year(release: Release) -> None:
    rows = [budget(s, CED, amount) for s, amount in (("S004", 172_400), ("S005", 4_918_700.1), ("S007", 231_900))]
    scenario = made(with_budgets(release, *rows))
    place = [a.id for a in scenario.agencies].index(CED)
    known = {p.path: p for p in scenario.provenance}
    first, second = (known[f"/agencies/{place}/budget/{t}"] for t in (0, 1))
    assert (first.state, first.source) == (InputState.MEASURED, "100% approved; budget paper, February 2026; cash of the year")
    assert (second.state, second.source) == (InputState.PRODUCT_DEFAULT, "100% carried on unchanged")
    assert "2026-27 approved" in scenario.description
    assert f"/agencies/{place + 1}/budget/0" not in known


def test_a_held_service_takes_its_budget_and_new_money_is_held_for_what_it_is_for(release: Release) -> None:
    given = (budget("S009", "nhs_board", 1_300_000), budget("S004", "nhs_board", 50_000, YEARS[1], "assumed"))
    scenario = made(with_budgets(release, *given))
    held = {(h.id, h.agency): [at(h.amount, t) for t in scenario.years] for h in scenario.held}
    assert held["S009", "nhs_board"] == pytest.approx([1300.0] * 4)
    assert held["S004:new", "nhs_board"] == pytest.approx([0.0, 50.0, 50.0, 50.0])
    assert names_of(release)["S004:new"] == "Parenting programmes (new money)"
    assert purse(scenario, "nhs_board") == pytest.approx([1604 + 1300, 1604 + 1350, 1604 + 1350, 1604 + 1350])


def with_fund(release: Release, share: float = 1.0) -> Release:
    """Intensive family support: a share of its money is of a fund."""
    spend = release.frame("spend").assign(fund="")
    own = spend["service_id"] == "S003"
    bound = spend[own].assign(amount_gbp=(spend.loc[own, "amount_gbp"] * share).round(2), fund="WFWF")
    spend.loc[own, "amount_gbp"] -= bound["amount_gbp"]
    return changed(release, spend=pd.concat([spend, bound], ignore_index=True))


def test_the_money_of_a_fund_is_a_promise_by_its_name(release: Release) -> None:
    scenario = made(with_fund(release, 0.5))
    assert [(r.id, r.agency, r.services) for r in scenario.ringfences] == [("WFWF", CSW, ("S003",))]
    assert at(scenario.ringfences[0].amount, 1) == pytest.approx(486.25025 / 2, abs=0.001)
    assert names_of(release)["WFWF"] == "Whole Family Wellbeing Funding"


def test_a_fund_falls_with_its_budget_and_never_asks_for_more_than_it_is_given(release: Release) -> None:
    """The fund's half of £486,250.25 falls to four fifths with the budget of the service, and never rises over itself."""
    given = (budget("S003", CSW, 389_000.2), budget("S003", CSW, 600_000, YEARS[1]))
    scenario = made(with_budgets(with_fund(release, 0.5), *given))
    assert [at(scenario.ringfences[0].amount, t) for t in (1, 2)] == pytest.approx([194.5, 243.125], abs=0.001)


def test_as_it_is_stays_possible_where_a_budget_falls_as_that_much_was_decided(release: Release) -> None:
    given = (budget("S004", CED, 150_000), budget("S003", CSW, 470_000), budget("S003", CSW, 460_000, YEARS[1]))
    scenario = made(with_budgets(with_fund(release), *given), Preset.AS_IS, Depth.DISCUSS)
    assert solve(scenario, names_of(release)).status == "optimal"


def test_a_fund_that_cannot_be_kept_is_named_in_the_clash(release: Release) -> None:
    content = made(with_fund(release), Preset.AS_IS, Depth.DISCUSS).to_dict() | {"acute": [], "held": [], "pools": []}
    content["prevention"] = [{k: v for k, v in service.items() if k != "floor"} for service in content["prevention"]]
    for agency in content["agencies"]:
        if agency["id"] == CSW:
            agency["budget"] = [100.0] * 4
    content.pop("provenance")
    told = " ".join(solve(parse_scenario(content), names_of(release)).messages)
    assert "keeps 486.25 for the ring-fence Whole Family Wellbeing Funding" in told
