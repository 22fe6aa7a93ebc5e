"""Who is in contact with which service: published rates, and a lean that leaves most high-need pupils without contact."""

import pandas as pd
import pytest

from tests.demo.conftest import Made
from tests.demo.test_pupils import facts

LOOKED_AFTER = ["looked_after_at_home", "kinship", "foster", "residential", "secure", "other_community"]


def on_the_roll(made: Made, name: str) -> pd.DataFrame:
    frame = made.csv(name)
    return frame[frame["pupil_id"].isin(made.csv("pupil_census")["pupil_id"])]


def test_additional_support_is_as_published_in_each_sector(strathmere: Made) -> None:
    census = strathmere.csv("pupil_census")
    supported = census["pupil_id"].isin(strathmere.csv("additional_support")["pupil_id"])
    primary = census["stage"].str.startswith("P")
    rates = {"primary": 100 * supported[primary].mean(), "secondary": 100 * supported[~primary].mean()}
    for sector, rate in rates.items():
        for row in facts("B_admin", "pupils with ASN", year="2022", unit="%", group=sector):
            assert rate == pytest.approx(float(row["value"]), abs=0.1)


def test_looked_after_children_are_as_many_and_placed_as_published(strathmere: Made) -> None:
    looked_after = on_the_roll(strathmere, "social_work").query("social_work_status in @LOOKED_AFTER")
    assert 1000 * len(looked_after) / strathmere.truth.pupils == pytest.approx(12.1, abs=0.1)
    mix = 100 * looked_after["social_work_status"].value_counts(normalize=True)
    for status, group in (("looked_after_at_home", "share at home"), ("kinship", "share kinship"), ("foster", "share foster")):
        for row in facts("B_admin", group, topic="looked after"):
            assert mix[status] == pytest.approx(float(row["value"]), abs=2)


def test_the_child_protection_register_is_as_long_as_its_age_bands_say(strathmere: Made) -> None:
    on_it = on_the_roll(strathmere, "social_work").query("child_protection_register == 'yes'")
    per_1000 = 1000 * len(on_it) / strathmere.truth.pupils
    # 2.08 of 1,000 under 18; 1.45 under 18 to a pupil; 1,103 of 2,093 on the register are of school age.
    assert per_1000 == pytest.approx(2.08 * 1.4516 * 1103 / 2093, rel=0.06)
    assert set(on_it["social_work_status"]) > {"open_case"}


def test_extracts_name_some_children_who_are_not_on_the_roll(strathmere: Made, hamlet: Made) -> None:
    for made in (strathmere, hamlet):
        for name in ("social_work", "additional_support"):
            said = made.truth.files[f"{name}.csv"]
            assert len(made.csv(name)) == said["rows"]
            assert len(made.csv(name)) - len(on_the_roll(made, name)) == said["not_in_census"] >= 2


def test_the_true_need_by_contact_table_is_what_the_extracts_give(strathmere: Made) -> None:
    census = strathmere.csv("pupil_census")
    sw = census["pupil_id"].isin(strathmere.csv("social_work")["pupil_id"])
    asl = census["pupil_id"].isin(strathmere.csv("additional_support")["pupil_id"])
    codes = {
        (False, False): "none",
        (True, False): "social_work_only",
        (False, True): "additional_support_only",
        (True, True): "both",
    }
    contact = pd.Series([codes[pair] for pair in zip(sw, asl, strict=True)])
    secondary = census["stage"].isin(["S1", "S2", "S3", "S4"])
    counted = contact[secondary].value_counts().to_dict()
    said = {r["contact"]: r["n"] for r in strathmere.truth.need_contact if r["indicator"] == "sdq_raised"}
    assert said == counted


@pytest.mark.parametrize("indicator", ["trusted_adult", "bullied_last_year", "sdq_raised"])
def test_most_high_need_pupils_have_no_social_work_contact_and_contact_leans_with_need(strathmere: Made, indicator: str) -> None:
    frame = pd.DataFrame([r for r in strathmere.truth.need_contact if r["indicator"] == indicator])
    known = frame["contact"].isin(["social_work_only", "both"])
    need, everyone = frame["need"].sum(), frame["n"].sum()
    assert 0.85 < frame.loc[~known, "need"].sum() / need < 0.97
    in_contact_in_need = frame.loc[known, "need"].sum() / need
    in_contact_without = (frame.loc[known, "n"].sum() - frame.loc[known, "need"].sum()) / (everyone - need)
    assert in_contact_in_need > in_contact_without
