"""The linkage report counts to the row, writes no small count out, and its intervals are those of the literature."""

from pathlib import Path

import openpyxl
import pytest

from rcs_core.errors import ContractError, SettingsError
from rcs_core.records.linkage import linkage_report
from rcs_core.records.linkage.differ import difference
from tests.records.test_opt_outs import opt_out
from tests.tiny_folder import PRIMARY_ITEMS, edit, pupil, write_lines, write_tiny

STRANGERS = 40


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two hundred pupils in P5 of two schools, all of whom answered; forty forms of nobody, of whom half trust no adult."""
    folder = write_tiny(tmp_path / "inputs")
    head = ["pupil_id", "school_code", "stage", "sex", "simd_quintile", "simd_edition", "urban_rural6"]
    schools, sexes = ("9900101", "9900201"), ("female", "male")
    roll = [[pupil(n), schools[n % 2], "P5", sexes[n // 2 % 2], str(1 + n % 5), "2020v2", "other_urban"] for n in range(1, 201)]
    write_lines(folder / "pupil_census.csv", [head, *roll])
    items = PRIMARY_ITEMS.split(",")
    forms = [[*row[:3], "no" if n % 5 == 0 else "yes", *["yes"] * 8] for n, row in enumerate(roll)]
    lost = [[pupil(9000 + n), "9900101", "P5", "no" if n % 2 else "yes", *["yes"] * 8] for n in range(STRANGERS)]
    twice = [forms[0], [*forms[1][:1], "9900102", *forms[1][2:]]]
    write_lines(folder / "survey_pupil_p5_p7.csv", [["pupil_id", "school_code", "stage", *items], *forms, *lost, *twice])
    (folder / "survey_pupil_s1_s4.csv").unlink()
    cases = [[pupil(n), "P5", "open_case", "no"] for n in range(1, 31)] + [
        [pupil(9500 + n), "P5", "open_case", "no"] for n in range(10)
    ]
    write_lines(folder / "social_work.csv", [["pupil_id", "stage", "social_work_status", "child_protection_register"], *cases])
    return folder


def rows(folder: Path, key: str, **where: str) -> list[dict[str, str]]:
    frame = linkage_report(folder).section(key).frame
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return frame.to_dict("records")


def test_every_form_is_accounted_for(folder: Path) -> None:
    (told,) = rows(folder, "forms")
    assert (told["forms"], told["linked"], told["not in the census"]) == ("242", "200", "40")
    assert told["answered twice"] == "fewer than 10"
    assert told["match rate"] == "83%"


def test_forms_match_by_school_and_stage_and_the_roll_by_sex_and_deprivation(folder: Path) -> None:
    (school,) = rows(folder, "form_rates", by="school_code", code="9900101")
    assert (school["forms"], school["not in the census"], school["match rate"]) == ("140", "40", "71%")
    assert {r["code"] for r in rows(folder, "roll_rates", file="pupil_p5_p7", by="sex")} == {"female", "male"}
    assert {r["found in the file"] for r in rows(folder, "roll_rates", file="pupil_p5_p7", by="simd_quintile")} == {"100%"}
    assert {r["by"] for r in rows(folder, "roll_rates", file="social_work")} == {"school_code", "stage", "sex", "simd_quintile"}
    (extract,) = rows(folder, "extract_rates", extract="social_work", stage="all")
    assert (extract["children"], extract["not in the census"], extract["match rate"]) == ("40", "10", "75%")


def test_who_did_not_link_is_set_against_who_did(folder: Path) -> None:
    (told,) = rows(folder, "differences", indicator="trusted_adult")
    assert (told["yes linked"], told["yes unlinked"], told["difference"]) == ("160", "20", "-30.0")
    low, high = map(float, told["95% interval"].split(" to "))
    assert -47 < low < -30 < high < -13


def test_a_difference_that_rests_on_a_small_count_is_not_told(folder: Path) -> None:
    (told,) = rows(folder, "differences", indicator="enjoys_learning")
    assert (told["yes unlinked"], told["difference"], told["95% interval"]) == ("40", "", "")


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((10, 10), (0, 20), 0.6791, 1.0)],
)
def test_the_interval_is_newcombes(one: tuple[int, int], other: tuple[int, int], low: float, high: float) -> None:
    """Table II of Newcombe (1998), examples (a), (b) and (g), method 10."""
    _, found_low, found_high = difference(one, other)
    assert (round(found_low, 4), round(found_high, 4)) == (low, high)


def test_the_same_pupil_twice_in_two_schools_and_in_two_surveys_is_counted(folder: Path) -> None:
    told = {(r["file"], r["what"]): r["pupils"] for r in rows(folder, "duplicates")}
    assert told["survey_pupil_p5_p7", "answered more than once"] == "fewer than 10"
    assert told["survey_pupil_p5_p7", "answered in two schools"] == "fewer than 10"


def test_opt_outs_are_counted_by_scope_and_route(folder: Path) -> None:
    opt_out(folder, *((pupil(n), "survey") for n in range(1, 13)), (pupil(20), "linkage"))
    told = {(r["what"], r["code"]): r["pupils"] for r in rows(folder, "opt_outs")}
    assert told["scope", "survey"] == "12"
    assert told["scope", "linkage"] == "fewer than 10"
    assert told["on the roll", ""] == "13"
    assert rows(folder, "forms")[0]["opted out"] == "14"


def test_without_linkage_nothing_is_told_of_extracts(folder: Path) -> None:
    edit(folder / "partnership.yaml", lambda text: text.replace("linkage: linked", "linkage: none"))
    assert rows(folder, "extract_rates") == []
    assert rows(folder, "roll_rates", file="social_work") == []
    assert rows(folder, "forms")[0]["match rate"] == "83%"


def test_the_report_names_no_pupil_and_writes_a_workbook(folder: Path, tmp_path: Path) -> None:
    report = linkage_report(folder)
    assert pupil(1) not in f"{report.to_json()} {report.text()}"
    report.write(tmp_path / "linkage.xlsx")
    assert openpyxl.load_workbook(tmp_path / "linkage.xlsx").sheetnames[:2] == ["forms", "form_rates"]
    with pytest.raises(SettingsError, match="xlsx"):
        report.write(tmp_path / "linkage.csv")


def test_a_folder_with_breaches_is_mended_first(folder: Path) -> None:
    edit(folder / "pupil_census.csv", lambda text: text.replace("female", "woman", 1))
    with pytest.raises(ContractError, match="breaches stop the linkage"):
        linkage_report(folder)
