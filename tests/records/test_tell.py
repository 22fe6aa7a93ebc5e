"""What is told of comparisons: only what shown cells say, in whole points, and nothing that the audit would refuse."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from rcs_core.audit import audit, audit_path, write_tables
from rcs_core.records.estimate import Estimates
from rcs_core.records.estimate.tell import ALONE, HIDDEN, _limits, tell
from rcs_core.release import Manifest, Release, Table, content_hash, load, save
from tests.records.told_case import SENSITIVE, published, two_waves

TOLD = {"comparisons", "changes", "comparison_pages", "inequality", "funnel"}
RARE = "treated_fairly"


@pytest.fixture(scope="module")
def made() -> tuple[Estimates, list[Table], pd.DataFrame]:
    return published(two_waves(RARE))


@pytest.fixture(scope="module")
def frames(made: tuple[Estimates, list[Table], pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {t.name: t.frame for t in made[1]}


def hidden(frame: pd.DataFrame, **where: str) -> bool:
    """Whether any band of an area is hidden."""
    rows = frame[np.logical_and.reduce([frame[c] == v for c, v in where.items()])]
    return bool(rows["n"].isna().any())


def test_everything_is_told_of_both_waves_the_current_one_first(frames: dict[str, pd.DataFrame]) -> None:
    assert set(frames) >= TOLD
    for name in ("comparisons", "inequality", "funnel"):
        assert list(dict.fromkeys(frames[name][frames[name]["survey"] == "pupil_p5_p7"]["wave"])) == ["2025", "2023"]
    assert set(zip(frames["changes"]["wave_from"], frames["changes"]["wave_to"], strict=True)) == {("2023", "2025")}


def test_a_difference_is_a_number_only_where_every_cluster_is_shown(frames: dict[str, pd.DataFrame]) -> None:
    counts, told = frames["pupil_p5_p7_area"], frames["comparisons"].query("survey == 'pupil_p5_p7'")
    assert hidden(counts, wave="2025", indicator=RARE, area="C01")
    for (wave, indicator), rows in told.groupby(["wave", "indicator"]):
        some = any(hidden(counts, wave=wave, indicator=indicator, area=c) for c in ("C01", "C02", "C03"))
        assert rows["difference"].isna().all() == some
    rare = told.query("wave == '2025' and indicator == @RARE").set_index("area")
    assert rare.loc["C01", ["verdict", "reason"]].tolist() == ["not_shown", HIDDEN]
    of_others = rare.drop("C01")
    open_ = [a for a in of_others.index if not hidden(counts, wave="2025", indicator=RARE, area=a)]
    assert open_
    assert (of_others.loc[open_, "verdict"] != "not_shown").all()


def test_a_change_is_a_number_only_where_every_cluster_is_shown_in_both_waves(frames: dict[str, pd.DataFrame]) -> None:
    told = frames["changes"].query("survey == 'pupil_p5_p7' and indicator == @RARE").set_index("area")
    assert told.loc[["C01", "C02", "C03"], "change"].isna().all()
    assert told.loc["C01", "verdict"] == "not_shown"
    assert np.isfinite(told.loc["999", "change"])


def test_numbers_are_whole_points_inside_their_interval_and_follow_from_the_shares(frames: dict[str, pd.DataFrame]) -> None:
    told, counts = frames["comparisons"].dropna(), frames["pupil_p5_p7_area"].query("band == 'yes'")
    assert len(told)
    assert (told["low"] <= told["difference"]).all()
    assert (told["difference"] <= told["high"]).all()
    assert (told[["difference", "low", "high"]] % 1 == 0).all().all()
    row = told[(told["survey"] == "pupil_p5_p7") & (told["wave"] == "2025")].iloc[0]
    here = counts[(counts["wave"] == "2025") & (counts["indicator"] == row["indicator"])].set_index("area")["pct"]
    own, others = here[row["area"]], here[[c for c in ("C01", "C02", "C03") if c != row["area"]]]
    assert abs(abs(own - others.mean()) - abs(row["difference"])) <= 3


def test_positive_is_more_need_whichever_answer_means_need(made: tuple[Estimates, list[Table], pd.DataFrame]) -> None:
    exact, area = made[0].compared, made[0].tables[0].frame.query("wave == '2025' and band == 'yes'")
    assert exact is not None
    for indicator, sign in (("bullied_last_year", 1), ("trusted_adult", -1)):
        rows = exact.comparisons.query("survey == 'pupil_p5_p7' and wave == '2025' and indicator == @indicator").set_index("area")
        yes = area[area["indicator"] == indicator].set_index("area")["pct"]
        top = rows["value"].idxmax()
        assert sign * (yes[top] - yes["999"]) >= -1


def test_sensitive_topics_are_compared_for_the_council_only(frames: dict[str, pd.DataFrame]) -> None:
    for name in ("comparisons", "funnel"):
        assert not set(frames[name]["indicator"]) & set(SENSITIVE)
    assert set(frames["changes"].query("indicator in @SENSITIVE")["area"]) == {"999"}


def test_a_page_counts_its_tests_and_what_chance_alone_would_flag(frames: dict[str, pd.DataFrame]) -> None:
    pages = frames["comparison_pages"].set_index(["survey", "wave", "about"])
    told = frames["comparisons"].query("survey == 'pupil_p5_p7' and wave == '2025'")
    page = pages.loc[("pupil_p5_p7", "2025", "clusters")]
    assert page["tests"] == (told["verdict"] != "not_shown").sum()
    assert page["flagged"] == told["verdict"].isin(["higher", "lower"]).sum()
    assert page["unadjusted_by_chance"] == pytest.approx(0.05 * page["tests"], abs=0.051)
    assert page["q"] == 0.05


def test_an_inequality_is_told_only_where_every_fifth_is(frames: dict[str, pd.DataFrame]) -> None:
    fifths = frames["pupil_s1_s4_simd"]
    for (wave, indicator), rows in frames["inequality"].query("survey == 'pupil_s1_s4'").groupby(["wave", "indicator"]):
        known = fifths[
            (fifths["wave"] == wave) & (fifths["indicator"] == indicator) & fifths["simd_quintile"].isin(list("12345"))
        ]
        if known["n"].isna().any():
            assert (rows["state"] == "suppressed").all()
        assert rows.loc[rows["state"] != "shown", ["value", "low", "high"]].isna().all().all()
    assert (frames["inequality"]["state"] == "shown").any()


def test_the_funnel_shows_published_shares_of_need(frames: dict[str, pd.DataFrame]) -> None:
    counts = frames["pupil_p5_p7_area"].query("wave == '2025' and indicator == 'trusted_adult'")
    base = counts.query("band == 'ALL'").set_index("area")["n"]
    yes = counts.query("band == 'yes'").set_index("area")["pct"]
    told = frames["funnel"].query("survey == 'pupil_p5_p7' and wave == '2025' and indicator == 'trusted_adult'").set_index("area")
    assert "C02" in told.index
    assert "999" not in told.index
    for area, row in told.iterrows():
        assert (row["answers"], row["pct"]) == (base[area], 100 - yes[area])
    assert set(told["verdict"]) <= {"within", "above", "below"}


def test_hidden_cells_decide_no_flag_of_others(made: tuple[Estimates, list[Table], pd.DataFrame]) -> None:
    """Whatever p value a hidden area has, what is told of the shown ones stays the same."""
    exact, tables = made[0].compared, [t for t in made[1] if t.is_count]
    assert exact is not None
    mine = (exact.comparisons["indicator"] == RARE) & (exact.comparisons["area"] == "C01") & (exact.comparisons["wave"] == "2025")
    mine &= exact.comparisons["survey"] == "pupil_p5_p7"
    changed = replace(exact, comparisons=exact.comparisons.assign(p=exact.comparisons["p"].mask(mine, 1e-12)))
    for one, other in zip(tell(exact, tables), tell(changed, tables), strict=True):
        pd.testing.assert_frame_equal(one.frame, other.frame)


def test_a_cluster_without_any_other_is_not_said_to_have_too_few_schools(
    made: tuple[Estimates, list[Table], pd.DataFrame],
) -> None:
    exact = made[0].compared
    assert exact is not None
    alone = exact.comparisons.assign(value=np.nan, low=np.nan, high=np.nan, p=np.nan)
    told = {t.name: t.frame for t in tell(replace(exact, comparisons=alone), [t for t in made[1] if t.is_count])}["comparisons"]
    assert set(told["reason"]) == {ALONE, HIDDEN}


def test_without_pupil_surveys_there_is_nothing_to_tell(made: tuple[Estimates, list[Table], pd.DataFrame]) -> None:
    exact = made[0].compared
    assert exact is not None
    empty = replace(exact, **{name: getattr(exact, name).iloc[:0] for name in ("comparisons", "changes", "inequality", "funnel")})
    assert tell(empty, []) == []


def test_what_is_told_passes_the_audit_of_the_release_and_of_its_csv_files(
    made: tuple[Estimates, list[Table], pd.DataFrame], tmp_path: object
) -> None:
    _, tables, sums = made
    assert audit(tables, sums, 10).safe
    everything = [*tables, Table("hierarchies", "Sums", sums)]
    manifest = Manifest("Strathmere", "999", True, "2025-26", "0", 10)
    saved = load(save(everything, manifest, tmp_path / "release"))
    assert content_hash(saved.tables.values(), saved.manifest) == saved.manifest.content_hash
    write_tables(Release(saved.manifest, saved.tables, saved.path), tmp_path / "csv")
    report = audit_path(tmp_path / "csv")
    assert report.safe, report.text()
    assert report.cells == audit(tables, sums, 10).cells


def test_the_limits_of_a_funnel_stand_around_the_published_share_and_tell_no_more_of_it(
    made: tuple[Estimates, list[Table], pd.DataFrame],
) -> None:
    exact = made[0].compared
    assert exact is not None
    part = next(part for _, part in exact.funnel.groupby(["survey", "wave", "indicator"])).assign(answers=120.0)
    rounded = part.assign(council=(100 * part["council"]).round() / 100)
    assert not np.allclose(part["council"], rounded["council"], atol=1e-6)
    for name, values in _limits(part, exact).items():
        np.testing.assert_array_equal(values, _limits(rounded, exact)[name], name)
