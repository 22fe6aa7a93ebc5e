"""The register, the ledgers and the evidence: each ledger adds up to the penny, and money is of the published size."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
import yaml
from python_calamine import CalamineWorkbook

from rcs_core.demo.parameters import parameters
from rcs_core.vocab import Agency, InputState
from tests.demo.conftest import Made
from tests.demo.test_contact import on_the_roll
from tests.demo.test_pupils import facts

LEVELS = ["pct_primary", "pct_secondary", "pct_tertiary", "pct_responsive", "pct_other"]
WEEKS = 365.25 / 7


def register(made: Made) -> pd.DataFrame:
    rows = CalamineWorkbook.from_path(made.folder / "services.xlsx").get_sheet_by_index(0).to_python()
    return pd.DataFrame(rows[1:], columns=rows[0])


def pence(value: object, unit: str) -> int:
    """An amount as an accountant would read it: brackets are negative, separators mean nothing."""
    text = f"{value:.5f}" if isinstance(value, float) else str(value)
    sign = -1 if text.startswith("(") else 1
    exact = Decimal(text.strip("()").replace(",", "")) * (100_000 if unit == "gbp_thousand" else 100)
    return sign * int(exact.to_integral_value())


def ledger_rows(folder: Path, stem: str, about: dict[str, object]) -> Iterable[list[object]]:
    if (folder / f"{stem}.xlsx").exists():
        book = CalamineWorkbook.from_path(folder / f"{stem}.xlsx")
        return book.get_sheet_by_name(str(about["sheet"])).to_python(skip_empty_area=False)
    return pd.read_csv(folder / f"{stem}.csv", header=None, dtype=str, keep_default_na=False).to_numpy().tolist()


def read_ledger(made: Made, stem: str) -> pd.DataFrame:
    """A ledger by its own description, sub-totals and blank rows left out: a reader written for this test."""
    about = yaml.safe_load((made.folder / "ledger_columns.yaml").read_text(encoding="utf-8"))[stem]
    rows = list(ledger_rows(made.folder, stem, about))
    header = [str(name) for name in rows[about["header_row"] - 1]]
    at = {key: header.index(name) for key, name in about["columns"].items()}
    lines = [[row[at[key]] for key in ("cost_centre", "description", "amount")] for row in rows[about["header_row"] :]]
    frame = pd.DataFrame([line for line in lines if line[0]], columns=["cost_centre", "description", "amount"])
    frame["pence"] = [pence(value, about["amount_unit"]) for value in frame["amount"]]
    return frame


def ledgers(made: Made) -> dict[str, pd.DataFrame]:
    return {stem: read_ledger(made, stem) for stem in made.truth.ledgers}


def spend_of(made: Made) -> pd.Series:
    """Pounds by service, through the ledger map."""
    found: list[pd.Series] = []
    mapping = made.csv("ledger_map")
    for stem, lines in ledgers(made).items():
        rows = mapping[(mapping["ledger"] == stem) & (mapping["service_id"] != "")]
        both = lines.merge(rows, on="cost_centre")
        found.append(both["pence"] * both["pct"].astype(float) / 10_000)
        found[-1].index = pd.Index(both["service_id"])
    return pd.concat(found).groupby(level=0).sum()


@pytest.mark.parametrize("size", ["strathmere", "hamlet"])
def test_each_ledger_adds_up_to_its_control_total_to_the_penny(size: str, request: pytest.FixtureRequest) -> None:
    made: Made = request.getfixturevalue(size)
    described = yaml.safe_load((made.folder / "ledger_columns.yaml").read_text(encoding="utf-8"))
    mapping = made.csv("ledger_map")
    for stem, lines in ledgers(made).items():
        control = pence(described[stem]["control_total_gbp"], "gbp")
        assert lines["pence"].sum() == control
        rows = mapping[mapping["ledger"] == stem].set_index("cost_centre")
        left_out = set(rows.index[rows["excluded_because"] != ""])
        fate = lines["cost_centre"].map(
            lambda code, rows=rows, out=left_out: "excluded" if code in out else "mapped" if code in rows.index else "unmapped"
        )
        said = made.truth.ledgers[stem]
        for name in ("mapped", "excluded", "unmapped"):
            assert lines.loc[fate == name, "pence"].sum() == pence(said[name], "gbp")
        assert len(lines) == said["lines"]
        assert 0.02 < lines.loc[fate == "unmapped", "pence"].sum() / control < 0.04


def test_the_ledgers_hold_the_traps_of_real_ones(strathmere: Made) -> None:
    council, nhs = read_ledger(strathmere, "ledger_council"), read_ledger(strathmere, "ledger_nhs")
    text = council["amount"].map(str)
    assert text.str.startswith("(").any()
    assert text.str.contains(",").any()
    assert council["amount"].map(lambda value: isinstance(value, float)).any()
    assert (nhs["pence"] % 100 == 0).all()
    assert nhs["amount"].map(lambda value: isinstance(value, float)).any()
    assert 350 <= sum(len(lines) for lines in ledgers(strathmere).values()) <= 480


def test_every_mapped_cost_centre_goes_whole_to_services_that_exist(strathmere: Made) -> None:
    mapping, known = strathmere.csv("ledger_map"), set(register(strathmere)["service_id"])
    assert (mapping["pct"].astype(float).groupby([mapping["ledger"], mapping["cost_centre"]]).sum() == 100).all()
    assert set(mapping["service_id"]) - {""} == known
    assert ((mapping["service_id"] == "") == (mapping["excluded_because"] != "")).all()
    assert set(mapping["agency"]) - {""} <= set(Agency)
    assert mapping["cost_centre"].duplicated().any(), "two services that share a cost centre"


def test_the_register_has_about_sixty_services_of_many_agencies_and_some_too_small_to_show(
    strathmere: Made, hamlet: Made
) -> None:
    for made in (strathmere, hamlet):
        services = register(made)
        assert 55 <= len(services) <= 72
        assert services["service_id"].is_unique
        assert (services[LEVELS].sum(axis=1) == 100).all()
        assert services["funder_agency"].nunique() >= 10
        assert (services["children_served"] < 10).sum() >= 2
        assert not services["evidence_source"].astype(str).str.contains("EIF").any()
    assert set(register(strathmere)["statutory_basis"]) == {"demand_led", "level_discretionary", "discretionary"}


def test_small_services_of_one_group_can_be_shown_together_and_others_only_with_strangers(strathmere: Made) -> None:
    services = register(strathmere)
    small = services[services["children_served"] < 10].groupby("parent_group")["children_served"].sum()
    assert (small >= 10).any()
    assert (small < 10).any()


def test_a_reason_for_leaving_money_out_never_repeats_the_ledgers_own_words(strathmere: Made) -> None:
    words = {str(text).casefold() for lines in ledgers(strathmere).values() for text in lines["description"]}
    reasons = set(strathmere.csv("ledger_map")["excluded_because"].str.casefold()) - {""}
    assert len(reasons) >= 6
    assert not reasons & words


def test_additional_support_costs_what_was_published_for_each_pupil(strathmere: Made) -> None:
    services = register(strathmere)
    group = services.loc[services["parent_group"] == "Additional support for learning", "service_id"]
    pupils = on_the_roll(strathmere, "additional_support")["pupil_id"].nunique()
    published = parameters()["services"]["asl_spend_per_pupil"]
    assert spend_of(strathmere)[group].sum() / pupils == pytest.approx(published, rel=0.02)
    for row in facts("C_spend_unit_costs", "ASL spend per pupil with ASN", geography="Scotland", year="2022-23 (real)"):
        assert float(row["value"]) == published


def test_looked_after_spend_is_that_of_a_scottish_council(strathmere: Made) -> None:
    demand = strathmere.csv("demand_history").query("year == '2025-26'").set_index("service_id")
    children, spend = demand["children"].astype(float), spend_of(strathmere)
    foster = spend[["S037", "S038"]].sum() / children[["S037", "S038"]].sum() / WEEKS
    assert foster == pytest.approx(646, rel=0.02)
    residential = spend[["S040", "S041"]].sum() / children[["S040", "S041"]].sum() / WEEKS
    assert residential == pytest.approx(3852.74, rel=0.05)
    rows = facts("B_C_lgbf_children_all_councils", "", geography="Scotland", year="2019-20")
    found = {r["indicator"].split(":")[0].split(" (£")[0]: float(r["value"]) for r in rows}
    if found:
        pupils = found["No of Pupils Primary"] + found["No of Pupils Secondary"]
        for kind, ids in (
            ("Residential", ["S040", "S041", "S042"]),
            ("Community Setting", ["S035", "S036", "S037", "S038", "S039"]),
        ):
            national = 1000 * found[f"Gross Costs (Looked After Children in {kind})"] / pupils
            assert spend[ids].sum() / strathmere.truth.pupils == pytest.approx(national, rel=0.25), kind


def test_money_and_caseloads_grow_with_the_pupils(strathmere: Made, hamlet: Made) -> None:
    ratio = strathmere.truth.pupils / hamlet.truth.pupils
    large, small = spend_of(strathmere), spend_of(hamlet)
    assert large.sum() / small.sum() == pytest.approx(ratio, rel=0.02)
    served = register(strathmere).set_index("service_id")["children_served"]
    fewer = register(hamlet).set_index("service_id")["children_served"]
    pilots = ["S045", "S062", "S071"]
    assert served[pilots].equals(fewer[pilots])
    for service in fewer.index[fewer >= 20]:
        assert served[service] / fewer[service] == pytest.approx(ratio, rel=0.05), service


def test_demand_runs_five_years_and_spend_is_children_times_unit_cost(strathmere: Made) -> None:
    demand = strathmere.csv("demand_history")
    assert (demand.groupby("service_id")["year"].nunique() == 5).all()
    latest, spend = demand.query("year == '2025-26'").set_index("service_id"), spend_of(strathmere)
    for service, row in latest.iterrows():
        assert spend[service] == pytest.approx(float(row["children"]) * float(row["unit_cost_gbp"]), abs=10), service
    assert (demand["unit_cost_source"] != "").all()


def test_evidence_acts_on_counted_demand_says_how_it_is_known_and_keeps_a_null_result(strathmere: Made) -> None:
    effects = strathmere.csv("evidence_of_effect")
    assert 8 <= len(effects) <= 12
    assert set(effects["acts_on"]) <= set(strathmere.csv("demand_history")["service_id"])
    assert set(effects["state"]) <= set(InputState)
    low, likely, high = (effects[c].astype(float) for c in ("low", "children_averted_per_100", "high"))
    assert ((low <= likely) & (likely <= high)).all()
    null = effects[(low < 0) & (high > 0)]
    assert null["source"].str.contains("START trial").all()
    assert len(null) == 1
    published = effects[effects["state"] == "published_elsewhere"]
    assert published["source"].str.contains("trial").all()
    assert (effects["source"] != "").all()


def test_family_group_decision_making_shares_out_the_published_effect(strathmere: Made) -> None:
    effects = strathmere.csv("evidence_of_effect").query("service_id == 'S030'").set_index("acts_on")
    away = 32 + 34 + 11
    for row in facts("D_effects", "absolute risk difference", topic="family group conferencing"):
        whole = -float(row["value"])
        assert float(effects.loc["S038", "high"]) == pytest.approx(whole * 32 / away, abs=0.05)
        assert float(effects.loc["S041", "high"]) == pytest.approx(whole * 11 / away, abs=0.05)


def test_the_null_result_is_the_published_odds_ratio_at_the_assumed_base(strathmere: Made) -> None:
    effect = strathmere.csv("evidence_of_effect").query("service_id == 'S033'").iloc[0]
    for row in facts("D_effects", "out-of-home placement at 18 months", topic="Multisystemic Therapy"):
        averted = [20 - 100 * ratio * 0.25 / (1 + ratio * 0.25) for ratio in (float(row["ci_low"]), float(row["ci_high"]))]
        assert float(effect["high"]) == pytest.approx(averted[0], abs=0.06)
        assert float(effect["low"]) == pytest.approx(averted[1], abs=0.06)
