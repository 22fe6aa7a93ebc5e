"""What a council called its columns and answers in one wave is read as the contract's own, told, and never guessed."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from rcs_core.contracts import CheckReport, Finding, check_folder, contracts
from rcs_core.contracts.aliases import FOLDER, _Reader
from rcs_core.records.ingest import ingest
from rcs_core.records.scoring import count_states
from rcs_core.settings import read_yaml
from tests.tiny_folder import edit, write_tiny, write_wave

HEAD = {"version": "1.0.0", "source": "A questionnaire", "date": "2025-01-31"}
P, S = "survey_pupil_p5_p7", "survey_pupil_s1_s4"


def own(folder: Path, tables: dict[str, Any], **more: Any) -> CheckReport:
    """The check of a folder with its own aliases."""
    (folder / "aliases.yaml").write_text(yaml.safe_dump({**HEAD, "tables": tables, **more}), encoding="utf-8")
    return check_folder(folder)


def told(report: CheckReport, table: str) -> dict[str, tuple[int, str]]:
    """The receipts of aliases and skips of one table, by text."""
    return {r.text: (r.rows, r.rule) for r in report.receipts if r.table == table and ":" in r.rule and "mended" not in r.rule}


def one_error(report: CheckReport) -> Finding:
    """The only error there is."""
    assert len(report.errors) == 1, [e.text() for e in report.errors]
    return report.errors[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_tiny(tmp_path / "in")


def set_answers(path: Path, column: str, answers: dict[str, str]) -> None:
    """Give every form of a stage this answer in one column; stage: answer."""

    def change(text: str) -> str:
        head, *rows = [line.split(",") for line in text.splitlines()]
        place = head.index(column)
        for row in rows:
            row[place] = f'"{answers[row[2]]}"' if row[2] in answers else row[place]
        return "\n".join(",".join(row) for row in [head, *rows]) + "\n"

    edit(path, change)


def test_a_header_is_read_as_its_column_and_a_receipt_says_so(folder: Path) -> None:
    edit(folder / f"{P}.csv", lambda t: t.replace("bullied_last_year", "Q12a").replace("pupil_id", "Pupil ref", 1))
    report = own(folder, {P: {"headers": {"Q12a": "bullied_last_year", "pupil REF": "pupil_id"}}})
    assert not report.errors
    assert report.tables[P]["bullied_last_year"].eq("yes").all()
    assert told(report, P)["Q12a read as bullied_last_year (aliases.yaml)"] == (18, "alias:bullied_last_year")
    assert "Pupil ref read as pupil_id (aliases.yaml)" in told(report, P)


def test_labels_are_read_as_codes_and_each_answer_state_stays_its_own(folder: Path) -> None:
    words = {"P5": "It happened", "P6": "Don't know", "P7": "Rather not say"}
    set_answers(folder / f"{P}.csv", "bullied_last_year", words)
    set_answers(folder / f"{P}.csv", "treated_fairly", {"P5": "Not in my form"})
    labels = {
        "bullied_last_year": {"it  HAPPENED": "yes", "don't know": "missing", "Rather not say": "prefer_not_to_say"},
        "treated_fairly": {"Not in my form": "not_asked_of_stage"},
    }
    report = own(folder, {P: {"labels": labels}})
    assert not report.errors
    by_stage = report.tables[P].groupby("stage")["bullied_last_year"].first().to_dict()
    assert by_stage == {"P5": "yes", "P6": "", "P7": "prefer_not_to_say"}
    assert any("'It happened' read as yes" in text for text in told(report, P))
    states = count_states(ingest(report).surveys["pupil_p5_p7"], {"bullied_last_year": [], "treated_fairly": []})
    counts = states.pivot(index="column", columns="state", values="n").to_dict("index")
    assert {k: int(v) for k, v in counts["bullied_last_year"].items() if v} == {
        "value": 6, "missing": 6, "prefer_not_to_say": 6,
    }  # fmt: skip
    assert {k: int(v) for k, v in counts["treated_fairly"].items() if v} == {"value": 12, "not_asked_of_stage": 6}


def test_option_sets_of_stages_are_kept_apart(folder: Path) -> None:
    set_answers(folder / f"{S}.csv", "enjoys_learning", {"S1": "1", "S2": "1", "S3": "1", "S4": "1"})
    sets = [{"stages": ["S1", "S2"], "labels": {1: "yes"}}, {"stages": ["S3", "S4"], "labels": {1: "no"}}]
    report = own(folder, {S: {"labels_by_stage": {"enjoys_learning": sets}}})
    assert not report.errors
    found = report.tables[S].groupby("stage")["enjoys_learning"].unique().map(list).to_dict()
    assert found == {"S1": ["yes"], "S2": ["yes"], "S3": ["no"], "S4": ["no"]}


def test_a_label_of_another_stage_is_no_label(folder: Path) -> None:
    set_answers(folder / f"{S}.csv", "enjoys_learning", {"S1": "A lot", "S2": "A lot"})
    sets = [{"stages": ["S1"], "labels": {"A lot": "yes"}}]
    report = own(folder, {S: {"labels_by_stage": {"enjoys_learning": sets}}})
    assert report.errors
    assert {e.column for e in report.errors} == {"enjoys_learning"}


def test_blanks_of_those_who_were_not_asked_are_not_missing(folder: Path) -> None:
    path = folder / f"{S}.csv"
    set_answers(path, "regular_smoker", {"S1": "", "S2": "", "S3": ""})
    set_answers(path, "drank_alcohol_last_week", {"S2": ""})
    edit(path, lambda t: "\n".join(f"{line},{'Q30' if n == 0 else 'Never'}" for n, line in enumerate(t.splitlines())) + "\n")
    rules = {
        "regular_smoker": [{"stages": ["S1", "S2"]}],
        "drank_alcohol_last_week": {"when": {"header": "q30", "is": ["never"]}},
    }
    report = own(folder, {S: {"not_asked_of": rules}})
    assert not report.errors
    smoker = report.tables[S].groupby("stage")["regular_smoker"].first().to_dict()
    assert smoker == {"S1": "not_asked_of_stage", "S2": "not_asked_of_stage", "S3": "", "S4": "no"}
    blanks = {k: v for k, v in told(report, S).items() if v[1].startswith("not_asked:")}
    assert blanks["6 blanks of `drank_alcohol_last_week` were not asked (aliases.yaml)"][0] == 6
    kept = [f for f in report.findings if "those who were not asked" in f.rule]
    assert len(kept) == 1
    assert "15 have one, and it was kept" in kept[0].rule


def test_a_skip_that_looks_at_a_question_that_is_not_there_stops_a_build(folder: Path) -> None:
    report = own(folder, {S: {"not_asked_of": {"regular_smoker": {"when": {"header": "Q30", "is": ["No"]}}}}})
    assert "`Q30`" in one_error(report).rule


def test_two_headers_for_one_column_are_one_finding(folder: Path) -> None:
    edit(folder / f"{P}.csv", lambda t: t.replace("treated_fairly", "Q12a").replace("positive_about_future", "Q12b"))
    report = own(folder, {P: {"headers": {"Q12a": "bullied_last_year"}}})
    found = one_error(report)
    assert found.value == "bullied_last_year and Q12a"
    assert found.rule == "the column `bullied_last_year` once"


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"survey_pupil": {}}, "a table of the contracts"),
        ({P: {"header": {"Q1": "stage"}}}, "keys among: headers"),
        ({P: {"headers": {"Q1": "stages"}}}, "a column of the contract"),
        ({P: {"headers": {"Q1": "stage", "q1": "school_code"}}}, "one column a header; aliases.yaml reads it as `stage`"),
        ({P: {"headers": {"treated_fairly": "enjoys_learning"}}}, "not already read as `treated_fairly`"),
        ({P: {"labels": {"treated_fairly": {"Agree": "agree"}}}}, "one of: yes, no, prefer_not_to_say"),
        ({P: {"labels": {"treated_fairly": {"N": "yes"}}}}, "does not already read as `no`"),
        ({P: {"labels": {"pupil_id": {"x": "y"}}}}, "a list of codes"),
        ({P: {"labels": {"stage": {"First": "missing"}}}}, "one of: P1, P2"),
        ({P: {"labels_by_stage": {"stage": [{"stages": ["P5"], "labels": {"First": "P5"}}]}}}, "one set of labels"),
        ({P: {"labels_by_stage": {"treated_fairly": [{"stages": ["P9"], "labels": {"A": "yes"}}]}}}, "stages among"),
        ({P: {"labels_by_stage": {"treated_fairly": [{"stage": ["P5"]}]}}}, "entries with the keys labels, stages"),
        ({P: {"not_asked_of": {"stage": [{"stages": ["P5"]}]}}}, "may be left out"),
        ({P: {"not_asked_of": {"treated_fairly": [{"when": {"column": "a"}}]}}}, "the keys header and is"),
        ({P: ["headers"]}, "keys and values"),
    ],
)
def test_what_an_alias_file_may_not_say_is_refused_by_name(folder: Path, tables: dict[str, Any], words: str) -> None:
    found = one_error(own(folder, tables))
    assert found.file == "aliases.yaml"
    assert words in found.rule, found.text()


def test_a_file_without_version_source_or_date_is_refused(folder: Path) -> None:
    (folder / "aliases.yaml").write_text("tables: {}\nauthor: nobody\n", encoding="utf-8")
    assert {e.column for e in check_folder(folder).errors} == {"author", "version", "source", "date", "tables"}


def test_a_file_that_is_no_yaml_is_one_finding(folder: Path) -> None:
    (folder / "aliases.yaml").write_text("tables: [", encoding="utf-8")
    assert one_error(check_folder(folder)).file == "aliases.yaml"


@pytest.mark.parametrize("name", ["nowhere", "../disclosure", "strathmere_2023/../strathmere_2023"])
def test_a_name_that_partnership_yaml_gives_must_be_there(folder: Path, name: str) -> None:
    edit(folder / "partnership.yaml", lambda t: t + f"aliases: ['{name}']\n")
    found = one_error(check_folder(folder))
    assert found.file == "partnership.yaml"
    assert "strathmere_2023" in found.rule


def test_a_named_file_holds_for_the_waves_it_names_and_no_other(folder: Path) -> None:
    wave = write_wave(folder, "2023")
    edit(folder / "partnership.yaml", lambda t: t + "aliases: [strathmere_2023]\n")
    edit(wave / f"{P}.csv", lambda t: t.replace("pupil_id", "Pupil ref").replace("bullied_last_year", "Q12a"))
    set_answers(wave / f"{P}.csv", "Q12a", {"P5": "Yes, it happened", "P6": "Never"})
    report = check_folder(folder)
    assert not report.errors
    assert "Q12a read as bullied_last_year (strathmere_2023)" in told(report, f"wave_2023/{P}")
    assert not told(report, P)
    assert report.earlier[0].tables[P]["bullied_last_year"].value_counts().to_dict() == {"no": 12, "yes": 6}


def test_a_wave_has_aliases_of_its_own(folder: Path) -> None:
    wave = write_wave(folder, "2023")
    edit(wave / f"{P}.csv", lambda t: t.replace("bullied_last_year", "Old name"))
    text = yaml.safe_dump({**HEAD, "tables": {P: {"headers": {"Old name": "bullied_last_year"}}}})
    (wave / "aliases.yaml").write_text(text, encoding="utf-8")
    report = check_folder(folder)
    assert not report.errors
    assert not any(f.file.endswith("aliases.yaml") for f in report.findings)
    assert "Old name read as bullied_last_year (aliases.yaml)" in told(report, f"wave_2023/{P}")


def test_rows_still_reconcile_under_aliases(folder: Path) -> None:
    edit(folder / f"{P}.csv", lambda t: t.replace("bullied_last_year", "Q12a"))
    report = own(folder, {P: {"headers": {"Q12a": "bullied_last_year"}}})
    mine = {r.rule: r.rows for r in report.receipts if r.table == P and ":" not in r.rule}
    assert mine.pop("rows_in") == sum(mine.values())


def test_every_alias_file_of_the_project_is_sound() -> None:
    for path in FOLDER.glob("*.yaml"):
        reader = _Reader(path.name, path.stem, contracts(), {})
        reader.read(read_yaml(path))
        assert not reader.said, [b.rule for b in reader.said]
