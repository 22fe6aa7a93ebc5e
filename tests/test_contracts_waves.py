"""Earlier waves lie in sub-folders: read by the same contracts, told by their own names, and never left out unsaid."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rcs_core.contracts import CheckReport, Finding, check_folder
from rcs_core.vocab import Severity
from tests.bad_cases import column
from tests.tiny_folder import edit, pupil, write_tiny, write_wave

Spoil = Callable[[Path], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound folder with one earlier wave."""
    made = write_tiny(tmp_path / "tiny")
    write_wave(made)
    return made


def told(report: CheckReport, severity: Severity) -> list[Finding]:
    return [f for f in report.findings if f.severity is severity]


def rows(report: CheckReport) -> dict[tuple[str, str], int]:
    return {(r.table, r.rule): r.rows for r in report.receipts}


def test_a_sound_wave_is_read_and_its_receipts_name_its_folder(folder: Path) -> None:
    report = check_folder(folder)
    assert report.errors == []
    [wave] = report.earlier
    assert (wave.wave, wave.folder, wave.partnership["survey_wave"]) == ("2023", "wave_2023", "2023")
    assert set(wave.tables) == {"pupil_census", "survey_pupil_p5_p7"}
    assert rows(report)["wave_2023/pupil_census", "rows_in"] == 48
    assert rows(report)["wave_2023/survey_pupil_p5_p7", "rows_kept"] == 18
    assert rows(report)["pupil_census", "rows_in"] == 48


def test_a_folder_without_waves_is_checked_as_before(folder: Path) -> None:
    with_wave = check_folder(folder)
    shutil.rmtree(folder / "wave_2023")
    alone = check_folder(folder)
    assert alone.earlier == ()
    assert [f for f in with_wave.findings if not f.file.startswith("wave_")] == alone.findings
    assert [r for r in with_wave.receipts if not r.table.startswith("wave_")] == alone.receipts


def test_every_form_of_the_report_holds_the_waves_breaches(folder: Path, tmp_path: Path) -> None:
    edit(folder / "wave_2023" / "pupil_census.csv", lambda t: t.replace("female", "woman", 1))
    report = check_folder(folder)
    [finding] = report.errors
    assert (finding.file, finding.row, finding.column) == ("wave_2023/pupil_census.csv", 2, "sex")
    assert "wave_2023/pupil_census.csv, row 2" in report.text()
    assert report.verdict().startswith("1 breach(es) stop a build")
    report.write(tmp_path / "report.json")
    said = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert said["counts"]["error"] == 1
    assert {f["file"] for f in said["findings"] if f["severity"] == "error"} == {"wave_2023/pupil_census.csv"}
    assert any(r["table"] == "wave_2023/pupil_census" for r in said["receipts"])
    report.write(tmp_path / "report.xlsx")
    assert set(report.frame()["file"]) >= {"wave_2023/pupil_census.csv"}


def test_the_same_rules_drop_the_same_kinds_of_rows_with_receipts(folder: Path) -> None:
    survey = folder / "wave_2023" / "survey_pupil_p5_p7.csv"
    first = survey.read_text(encoding="utf-8").splitlines()[1]
    twice, stage = first, first.replace(",P5,", ",P4,")
    stranger, todays = first.replace(pupil(1004), pupil(7)), first.replace(pupil(1004), pupil(9999))
    edit(survey, lambda t: t + "\n".join([twice, stage, stranger, todays]) + "\n")
    found = rows(check_folder(folder))
    counted = [found["wave_2023/survey_pupil_p5_p7", why] for why in ("answered_twice", "wrong_stage", "not_in_census")]
    assert counted == [1, 1, 2], "a pupil of today's census is a stranger to the earlier one"
    assert found["wave_2023/survey_pupil_p5_p7", "rows_in"] == 22
    assert found["wave_2023/survey_pupil_p5_p7", "rows_kept"] == 18
    assert found["survey_pupil_p5_p7", "rows_kept"] == 18


def put(path: str, text: str = "x\n") -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")

    return spoil


def renamed(name: str) -> Spoil:
    return lambda folder: (folder / "wave_2023").rename(folder / name)


def without(*names: str) -> Spoil:
    return lambda folder: [(folder / "wave_2023" / name).unlink() for name in names]


def swapped(old: str, new: str, file: str = "wave_2023/pupil_census.csv") -> Spoil:
    return lambda folder: edit(folder / file, lambda text: text.replace(old, new, 1))


CENSUS, PRIMARY = "pupil_census.csv", "survey_pupil_p5_p7.csv"
BAD: list[tuple[str, Spoil, str, str]] = [
    ("no pupil census", without(CENSUS), f"wave_2023/{CENSUS}", "no such file | the roll of the wave | take the folder away"),
    ("no survey", without(PRIMARY), f"wave_2023/{PRIMARY} or ", "no such file | a pupil survey of the wave"),
    ("an empty folder", without(CENSUS, PRIMARY), f"wave_2023/{CENSUS}", "the roll of the wave"),
    ("a label that is no year", renamed("wave_first"), "wave_first", '"first" | wave_2023-24'),
    ("a school year that is none", renamed("wave_2022-24"), "wave_2022-24", '"2022-24" | such as wave_2023'),
    ("a name without its mark", renamed("wave2023"), "wave2023", "a name such as wave_2023"),
    ("the current wave", renamed("wave_2025"), "wave_2025", "a wave before the survey_wave of partnership.yaml, 2025"),
    ("a later wave", renamed("wave_2027"), "wave_2027", "a wave before the survey_wave of partnership.yaml, 2025"),
    ("the school year of the current wave", renamed("wave_2025-26"), "wave_2025-26", "before the survey_wave"),
    ("the same year twice", lambda f: write_wave(f, "2023-24"), "wave_2023-24", "wave_2023 is of the same | keep one"),
    ("a current wave without a year", swapped('"2025"', "spring", "partnership.yaml"), "partnership.yaml", "spring | a year"),
    ("a school in no list", swapped("9900101", "9900109"), f"wave_2023/{CENSUS}, row 2", "9900109 | wave_2023/schools.csv"),
    ("two editions of the index", swapped("2020v2", "2016"), f"wave_2023/{CENSUS}, row 2", "one edition a wave | 2020v2"),
    ("an identifier", column(f"wave_2023/{PRIMARY}", "Pupil Name", "x"), f"wave_2023/{PRIMARY}", "a person's name"),
    ("an unreadable census", put(f"wave_2023/{CENSUS}", ""), f"wave_2023/{CENSUS}", "an empty file"),
    ("a broken link", lambda f: (f / "wave_2021").symlink_to(f / "nowhere"), "wave_2021", "a folder that can be read"),
]


@pytest.mark.parametrize(("name", "spoil", "where", "says"), BAD, ids=lambda v: v if isinstance(v, str) else "")
def test_what_is_wrong_with_a_wave_is_one_clear_error(folder: Path, name: str, spoil: Spoil, where: str, says: str) -> None:
    spoil(folder)
    errors = check_folder(folder).errors
    kinds = {(f.file, f.column, f.rule) for f in errors}
    assert len(kinds) == 1, (name, [f.text() for f in errors])
    assert errors[0].text().startswith(f"error: {where}")
    assert [word for word in says.split(" | ") if word not in errors[0].text()] == [], errors[0].text()


@pytest.mark.parametrize(
    "name", ["social_work.csv", "survey_parent_0_8.csv", "ledger_council.xlsx", "partnership.yaml", "notes.txt"]
)
def test_what_does_not_belong_in_a_wave_is_not_read_and_said(folder: Path, name: str) -> None:
    put(f"wave_2023/{name}")(folder)
    report = check_folder(folder)
    assert report.errors == []
    assert [f.file for f in told(report, Severity.NOTE) if "this was not read" in f.rule] == [f"wave_2023/{name}"]


def test_a_sub_folder_that_is_no_wave_is_said(folder: Path) -> None:
    (folder / "old").mkdir()
    (folder / "wave_2023" / "drafts").mkdir()
    report = check_folder(folder)
    assert report.errors == []
    assert {f.file for f in told(report, Severity.NOTE) if "not read" in f.rule} == {"old", "wave_2023/drafts"}


def test_a_misspelt_survey_of_a_wave_is_said_with_its_right_name(folder: Path) -> None:
    (folder / "wave_2023" / PRIMARY).rename(folder / "wave_2023" / "survey_pupil_p5p7.csv")
    report = check_folder(folder)
    assert len(report.errors) == 1
    [said] = [f for f in told(report, Severity.NOTE) if f.file == "wave_2023/survey_pupil_p5p7.csv"]
    assert "survey_pupil_p5_p7" in said.remedy


def test_another_edition_of_the_index_is_said_and_stops_nothing(folder: Path) -> None:
    edit(folder / "wave_2023" / CENSUS, lambda t: t.replace("2020v2", "2016"))
    report = check_folder(folder)
    assert report.errors == []
    [said] = [f for f in told(report, Severity.NOTE) if f.column == "simd_edition"]
    assert "cannot be compared" in said.rule
    assert report.earlier[0].partnership["simd_edition"] == "2016"


def test_a_closed_school_needs_the_waves_own_list_and_then_passes(folder: Path) -> None:
    edit(folder / "wave_2023" / CENSUS, lambda t: t.replace("9900101", "9900190"))
    edit(folder / "wave_2023" / PRIMARY, lambda t: t.replace("9900101", "9900190"))
    assert {f.column for f in check_folder(folder).errors} == {"school_code"}
    header = "school_code,school_name,cluster_code,cluster_name,sector\n"
    put("wave_2023/schools.csv", f"{header}9900190,Old Primary,C01,Ardmore,primary\n")(folder)
    assert check_folder(folder).errors == []


def test_a_school_that_moved_is_said_and_stands_where_it_is_today(folder: Path) -> None:
    text = (folder / "schools.csv").read_text(encoding="utf-8")
    put("wave_2023/schools.csv", text.replace("9900102,Ben Secondary,C01,Ardmore", "9900102,Ben Secondary,C02,Brae"))(folder)
    report = check_folder(folder)
    assert report.errors == []
    moved = [f for f in told(report, Severity.NOTE) if "today's is used" in f.rule]
    assert {(f.row, f.column) for f in moved} == {(3, "cluster_code"), (3, "cluster_name")}


def test_a_wave_may_be_of_a_school_year_and_its_workbooks_are_read(folder: Path) -> None:
    (folder / "wave_2023").rename(folder / "wave_2023-24")
    report = check_folder(folder)
    assert report.errors == []
    assert [w.wave for w in report.earlier] == ["2023-24"]


def test_a_reworded_question_is_one_that_the_surveys_ask_from_a_year(folder: Path) -> None:
    about = folder / "partnership.yaml"
    edit(about, lambda t: t + 'comparable_since: {enjoys_learning: "2025", trusted_adlt: "2025", treated_fairly: now}\n')
    said = [f.text() for f in check_folder(folder).errors]
    assert len(said) == 2
    assert any("comparable_since.trusted_adult" in text for text in said)
    assert any('got "now"' in text for text in said)


def test_several_waves_come_newest_first(folder: Path) -> None:
    for label in ("2019", "2021"):
        write_wave(folder, label)
    assert [w.wave for w in check_folder(folder).earlier] == ["2023", "2021", "2019"]
