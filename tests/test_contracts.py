"""The contracts themselves, and what a check of a sound, a mended and a large folder says."""

import json
import time
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import jsonschema
import open_data_contract_standard
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rcs_core.contracts import MASK, check_folder, contracts, parse_amount, read_contract, read_table
from rcs_core.contracts.identifiers import header_kind, is_chi, value_finder
from rcs_core.contracts.ledgers import LARGEST
from rcs_core.contracts.model import TABLES
from rcs_core.demo import write_demo
from rcs_core.errors import SettingsError, UnreadableError
from rcs_core.sheets.read import read_sheet
from rcs_core.vocab import Agency, InputState, Severity, Shanarri, Stage
from tests.tiny_folder import edit, pupil, write_services, write_tiny

STANDARD = Path(open_data_contract_standard.__path__[0]) / "schema.json"


@pytest.mark.parametrize("path", sorted(TABLES.glob("*.yaml")), ids=lambda p: p.stem)
def test_every_contract_is_valid_by_the_standards_own_schema(path: Path) -> None:
    schema = json.loads(STANDARD.read_text(encoding="utf-8"))
    jsonschema.Draft201909Validator(schema).validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", sorted(TABLES.glob("*.yaml")), ids=lambda p: p.stem)
def test_every_contract_has_a_version_a_purpose_and_a_word_on_each_column(path: Path) -> None:
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert told["version"].count(".") == 2
    assert told["description"]["purpose"]
    for column in told["schema"][0]["properties"]:
        assert column["description"].endswith("."), column["name"]
        assert column["classification"] in {"public", "internal", "restricted"}, column["name"]


def test_every_column_about_a_named_child_is_restricted() -> None:
    for stem in ("pupil_census", "survey_pupil_p5_p7", "survey_pupil_s1_s4", "social_work", "additional_support"):
        contract = contracts()[stem]
        column = contract.column("pupil_id")
        assert contract.about_children
        assert column is not None
        assert column.restricted


@pytest.mark.parametrize(
    ("table", "column", "words"),
    [
        ("services", "funder_agency", Agency),
        ("ledger_map", "agency", Agency),
        ("pupil_census", "stage", Stage),
        ("services", "shanarri", Shanarri),
        ("evidence_of_effect", "state", InputState),
        ("demand_history", "cashable_state", InputState),
    ],
)
def test_codes_are_the_vocabularys_words(table: str, column: str, words: type[StrEnum]) -> None:
    found = contracts()[table].column(column)
    assert found is not None
    assert set(found.codes) == {str(word) for word in words}


def test_an_unknown_key_in_a_contract_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "schools.yaml"
    path.write_text((TABLES / "schools.yaml").read_text(encoding="utf-8").replace("required: true", "requird: true", 1))
    with pytest.raises(SettingsError, match="requird"):
        read_contract(path)


def test_an_unknown_custom_property_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "schools.yaml"
    path.write_text(
        (TABLES / "schools.yaml").read_text(encoding="utf-8").replace("property: namesAllowed", "property: nameAllowed", 1)
    )
    with pytest.raises(SettingsError, match="nameAllowed"):
        read_contract(path)


def test_a_sound_folder_passes_and_its_receipts_add_up(tmp_path: Path) -> None:
    report = check_folder(write_tiny(tmp_path))
    assert report.errors == []
    by_table: dict[str, dict[str, int]] = {}
    for receipt in report.receipts:
        by_table.setdefault(receipt.table, {})[receipt.rule] = receipt.rows
    for table, rows in by_table.items():
        left_out = sum(n for rule, n in rows.items() if not rule.startswith(("rows_", "mended:")))
        assert rows["rows_in"] == rows["rows_kept"] + left_out, table
    assert by_table["ledger_council"] == {"rows_in": 5, "subtotal": 2, "rows_kept": 3}
    assert by_table["pupil_census"] == {"rows_in": 48, "rows_kept": 48}


def test_stray_spaces_odd_case_and_a_byte_order_mark_are_mended_with_a_count(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    path = folder / "survey_pupil_p5_p7.csv"
    edit(path, lambda t: t.replace(",P5,yes", ", p5 ,YES", 2).replace("pupil_id,", "\ufeff Pupil_ID ,", 1))
    report = check_folder(folder)
    assert report.errors == []
    mended = {r.rule: r.rows for r in report.receipts if r.rule.startswith("mended:")}
    assert mended == {"mended:stage": 2, "mended:trusted_adult": 2}
    assert report.tables["survey_pupil_p5_p7"]["stage"].isin(["P5", "P6", "P7"]).all()


def test_forms_are_dropped_once_each_and_the_first_usable_form_is_kept(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    path = folder / "survey_pupil_p5_p7.csv"
    first = path.read_text(encoding="utf-8").splitlines()[1]
    assert first.startswith(f"{pupil(4)},9900101,P5,")
    extra = [first.replace(",P5,", ",P4,"), first, first.replace("yes", "no"), first.replace(pupil(4), pupil(999))]
    # The wrong-stage form of pupil 4 comes first in the file, yet the right one is kept.
    edit(path, lambda t: t.replace(first, "\n".join(extra), 1))
    table = check_folder(folder).tables["survey_pupil_p5_p7"]
    assert table["_why"].tolist()[:4] == ["wrong_stage", "", "answered_twice", "not_in_census"]
    assert (table["_mark"].iloc[4:] == "").all()


def test_linkage_none_does_not_drop_children_by_an_id_that_means_nothing(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    edit(folder / "social_work.csv", lambda t: t.replace(pupil(5), pupil(500)))
    edit(folder / "additional_support.csv", lambda t: t.replace(pupil(4), pupil(400)))
    edit(folder / "partnership.yaml", lambda t: t.replace("linkage: linked", "linkage: none"))
    report = check_folder(folder)
    assert report.errors == []
    assert (report.tables["social_work"]["_mark"] == "").all()


def test_pseudonyms_of_another_key_are_one_error_and_not_a_folder_of_dropped_forms(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    edit(folder / "survey_pupil_p5_p7.csv", lambda t: t.replace("p0000", "pffff"))
    [finding] = check_folder(folder).errors
    assert "same key" in finding.remedy
    assert finding.row is None


def test_restricted_values_are_masked_and_others_are_shown(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    edit(folder / "pupil_census.csv", lambda t: t.replace("female", "femal", 1).replace("other_urban", "othr_urban", 1))
    shown = {f.column: f for f in check_folder(folder).errors}
    assert shown["sex"].value == MASK
    assert shown["urban_rural6"].value == "othr_urban"
    assert "did you mean `female`" in shown["sex"].remedy


def test_many_breaches_alike_are_all_in_the_json_and_cut_short_in_the_text(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    edit(folder / "pupil_census.csv", lambda t: t.replace("other_urban", "suburban"))
    report = check_folder(folder)
    assert len([f for f in report.to_json()["findings"] if f["severity"] == "error"]) == 48
    assert "... and 45 more like it" in report.text()
    assert report.text().count("suburban") == 3
    assert len(report.frame()) == len(report.findings)


def test_a_report_is_written_as_json_or_as_a_workbook_that_runs_nothing(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "in")
    edit(folder / "pupil_census.csv", lambda t: t.replace("other_urban", "=1+1", 1).replace("other_urban", "a\x07b", 1))
    report = check_folder(folder)
    report.write(tmp_path / "r.json")
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8")) == report.to_json()
    report.write(tmp_path / "r.xlsx")
    rows = read_sheet(tmp_path / "r.xlsx", "Breaches").rows
    assert rows[0] == ["severity", "file", "sheet", "row", "column", "value", "rule", "remedy"]
    assert len(rows) == 1 + len(report.findings)
    assert {row[5] for row in rows if row[4] == "urban_rural6"} == {"'=1+1", "a b"}
    assert read_sheet(tmp_path / "r.xlsx", "Receipts").rows[0] == ["table", "rule", "rows", "text"]
    with pytest.raises(SettingsError, match=r"\.xlsx or \.json"):
        report.write(tmp_path / "r.pdf")


def test_severity_and_codes_of_a_contract_rule_the_check(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    path = tmp_path / "schools.yaml"
    path.write_text((TABLES / "schools.yaml").read_text(encoding="utf-8").replace("{value: special,", "{value: nursery,"))
    edit(folder / "schools.csv", lambda t: t.replace("Moor Secondary,C02,Brae,secondary", "Moor Secondary,C02,Brae,Nursery"))
    frame, findings = read_table(read_contract(path), folder / "schools.csv")
    assert [f for f in findings if f.severity is Severity.ERROR] == []
    assert frame["sector"].tolist()[-1] == "nursery"
    assert frame["_row"].tolist() == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("text", "unit", "pence"),
    [
        ("1,234.56", "gbp", 123456),
        ("(1,234.56)", "gbp", -123456),
        ("£ 1,234", "gbp", 123400),
        ("(£1,234.50)", "gbp", -123450),
        ("1234.5-", "gbp", -123450),
        ("-1234.5", "gbp", -123450),
        ("−12.00", "gbp", -1200),
        ("12.00 CR", "gbp", -1200),
        ("12.00 DR", "gbp", 1200),
        ("GBP 3", "gbp", 300),
        ("-", "gbp", 0),
        (".5", "gbp", 50),
        ("1,234.567", "gbp_thousand", 123456700),
        ("0.00001", "gbp_thousand", 1),
        ("123456", "pence", 123456),
        ("9,999,999,999.97", "gbp", 999999999997),
        ("9999999.99997", "gbp_thousand", 999999999997),
    ],
)
def test_amounts_are_read_to_the_penny(text: str, unit: str, pence: int) -> None:
    assert parse_amount(text, unit) == (pence, True)


@pytest.mark.parametrize(
    "text",
    ["", "n/a", "1,23.4", "12,34,567", "1.2.3", "(-5)", "5 pounds", "1e400", "nan", "inf", "()", "£", "10,000,000,000.01"],
)
def test_what_is_no_amount_is_never_made_into_one(text: str) -> None:
    assert parse_amount(text)[0] is None


def test_a_fraction_of_a_penny_is_said_and_binary_noise_is_not() -> None:
    assert parse_amount("1.005") == (100, False)
    assert parse_amount("1199.5600000000002") == (119956, True)


@given(st.integers(-LARGEST, LARGEST))
def test_an_amount_written_as_accountants_do_comes_back_whole(pence: int) -> None:
    number = f"{abs(pence) // 100:,}.{abs(pence) % 100:02d}"
    for form in (f"({number})", f"-{number}", f"{number}-") if pence < 0 else (number, f"£{number}"):
        assert parse_amount(form) == (pence, True)
    thousand = Decimal(pence) / 100_000
    assert parse_amount(f"{thousand:f}", "gbp_thousand") == (pence, True)


def test_a_chi_number_is_known_by_its_date_and_its_check_digit() -> None:
    # 0101101237 by hand: 0*10+1*9+0*8+1*7+1*6+0*5+1*4+2*3+3*2 = 38; 38 mod 11 = 5; 11 - 5 = 6.
    assert is_chi("0101101236", strict=True)
    assert not is_chi("0101101237", strict=True)
    assert is_chi("0101101237", strict=False)
    assert not is_chi("3201101236", strict=False)


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("SCN", "scottish_candidate_number"),
        ("Candidate Number", "scottish_candidate_number"),
        ("CHI_no", "chi_number"),
        ("Post Code", "postcode"),
        ("home_postcode", "postcode"),
        ("DOB", "date_of_birth"),
        ("date of birth", "date_of_birth"),
        ("pupilDob", "date_of_birth"),
        ("Forename", "name"),
        ("pupil name", "name"),
        ("Surname", "name"),
        ("parent_email", "contact_detail"),
        ("school_name", ""),
        ("service_name", ""),
        ("machine", ""),
        ("stage", ""),
    ],
)
def test_headers_that_announce_an_identifier(header: str, kind: str) -> None:
    assert header_kind(header) == kind


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("123456789", "scottish_candidate_number"),
        ("0101101236", "chi_number"),
        ("EH1 1AA", "postcode"),
        ("eh11aa", "postcode"),
        ("Isla Campbell", "name"),
        ("Campbell, Isla", "name"),
        ("Jack McDonald", "name"),
        ("Eilidh", "name"),
        ("2014-05-03", "date_of_birth"),
        ("03/05/2014", "date_of_birth"),
        ("seen at EH1 1AA", "postcode"),
        ("2025-11-02", ""),
        ("High Street", ""),
        ("p0123456789ab", ""),
        ("12345678", ""),
        ("yes", ""),
    ],
)
def test_values_that_name_a_child(value: str, kind: str) -> None:
    assert value_finder(None, about_children=True, year=2025)(value) == kind


def test_a_contract_says_where_a_services_name_may_stand() -> None:
    column = contracts()["services"].column("provider")
    assert value_finder(column, about_children=False, year=2025)("Isla Campbell") == ""
    assert value_finder(column, about_children=False, year=2025)("Isla Trust, EH1 1AA") == "postcode"


def test_an_absent_optional_file_or_item_is_said_and_stops_nothing(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    for name in ("survey_parent_0_8.csv", "survey_pupil_p5_p7.csv", "social_work.csv", "additional_support.csv"):
        (folder / name).unlink()
    lines = (folder / "survey_pupil_s1_s4.csv").read_text(encoding="utf-8").splitlines()
    (folder / "survey_pupil_s1_s4.csv").write_text("\n".join(",".join(line.split(",")[:14]) for line in lines) + "\n")
    report = check_folder(folder)
    assert report.errors == []
    notes = report.frame().query("severity == 'note'")
    assert {"survey_pupil_p5_p7.csv", "social_work.csv"} <= set(notes["file"])
    assert notes["rule"].str.contains("sdq_01, sdq_02").any()


def test_headers_with_separators_titles_and_old_line_ends_are_read(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    edit(
        folder / "ledger_columns.yaml",
        lambda t: t.replace("amount: GBP 000", 'amount: "Outturn, GBP 000"').replace("header_row: 1", 'header_row: "3"'),
    )
    title = "Board, children, women, others\n\n"
    edit(folder / "ledger_nhs.csv", lambda t: title + t.replace("CC,Text,GBP 000", 'CC,Text,"Outturn, GBP 000"'))
    (folder / "schools.csv").write_bytes((folder / "schools.csv").read_bytes().replace(b"\n", b"\r"))
    report = check_folder(folder)
    assert report.errors == []
    assert report.tables["ledger_nhs"]["_row"].tolist() == [4, 5, 6]
    assert report.tables["schools"]["_row"].tolist() == [2, 3, 4, 5]


def test_cells_beyond_the_header_are_never_lost_unsaid_and_empty_ones_do_no_harm(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    path = folder / "schools.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([header, *[f"{row},," for row in rows]]) + "\n", encoding="utf-8")
    assert check_folder(folder).errors == []
    path.write_text("\n".join([header, *[f"{row},x" for row in rows]]) + "\n", encoding="utf-8")
    assert [(f.row, f.value) for f in check_folder(folder).errors] == [(row, "6 cells") for row in (2, 3, 4, 5)]


def test_many_different_wrong_values_do_not_swamp_the_text(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    path = folder / "pupil_census.csv"
    rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([rows[0], *[row.replace("other_urban", f"urban{k}") for k, row in enumerate(rows[1:])]]) + "\n")
    report = check_folder(folder)
    assert report.count(Severity.ERROR) == 48
    assert report.text().count("urban_rural6") == 3
    assert "... and 45 more like it" in report.text()


def test_money_may_be_absent_as_a_whole_but_not_in_part(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    money = ["services.xlsx", "ledger_columns.yaml", "ledger_map.csv", "ledger_council.xlsx", "ledger_nhs.csv"]
    for name in [*money, "evidence_of_effect.csv", "demand_history.csv"]:
        (folder / name).unlink()
    assert check_folder(folder).errors == []
    write_services(folder)
    assert {f.file for f in check_folder(folder).errors} == {"ledger_columns.yaml", "ledger_map.csv"}


def test_a_folder_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no such folder"):
        check_folder(tmp_path / "nowhere")
    (tmp_path / "file").write_text("x")
    with pytest.raises(UnreadableError, match="no such folder"):
        check_folder(tmp_path / "file")


def test_the_demonstration_passes_and_its_receipts_are_the_known_numbers(tmp_path: Path) -> None:
    truth = write_demo(tmp_path / "demo", pupils=5_000, seed=7)
    report = check_folder(tmp_path / "demo")
    assert report.errors == []
    found = {(r.table, r.rule): r.rows for r in report.receipts}
    for file, known in truth.files.items():
        table = file.rpartition(".")[0]
        assert found[table, "rows_in"] == known["rows"]
        for trap in ("answered_twice", "wrong_stage", "not_in_census"):
            assert found.get((table, trap), 0) == known.get(trap, 0), (table, trap)
        if "kept" in known:
            assert found[table, "rows_kept"] == known["kept"]
            for column in ("school_code", "stage", "enjoys_learning"):
                assert found[table, f"mended:{column}"] == known[f"stray_{column}"]
    for ledger, money in truth.ledgers.items():
        frame = report.tables[ledger]
        lines = frame[frame["_mark"] == ""]
        assert len(lines) == money["lines"]
        assert int(lines["amount_pence"].sum()) == int(Decimal(money["control_total"]) * 100)


def test_a_hundred_thousand_pupils_are_checked_within_seconds(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    header, *rows = (folder / "pupil_census.csv").read_text(encoding="utf-8").splitlines()
    more = [f"{pupil(1000 + k)}{rows[k % len(rows)][13:]}" for k in range(100_000)]
    (folder / "pupil_census.csv").write_text("\n".join([header, *rows, *more]) + "\n", encoding="utf-8")
    check_folder(folder)
    start = time.process_time()
    report = check_folder(folder)
    assert report.errors == []
    assert len(report.tables["pupil_census"]) == 100_048
    assert time.process_time() - start < 10


def test_a_file_of_wrong_answers_costs_seconds_not_minutes(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    path = folder / "survey_pupil_s1_s4.csv"
    header, row, *_ = path.read_text(encoding="utf-8").splitlines()
    wrong = row.replace(",no", ",perhaps")
    rows = [f"{pupil(k)}{wrong[13:]}" for k in range(20_000)]
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    start = time.process_time()
    report = check_folder(folder)
    text = report.text()
    assert time.process_time() - start < 15
    assert report.count(Severity.ERROR) >= 20_000 * 11
    assert len(text.splitlines()) < 200
