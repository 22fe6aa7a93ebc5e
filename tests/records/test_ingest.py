"""What a check kept becomes records: typed, scored, and reconciled to the row."""

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from rcs_core.contracts import check_folder
from rcs_core.demo import write_demo
from rcs_core.errors import ContractError
from rcs_core.records.ingest import Records, ingest
from tests.tiny_folder import edit, pupil, write_tiny


def read(folder: Path) -> Records:
    return ingest(check_folder(folder))


def test_a_sound_folder_is_taken_up_whole(tmp_path: Path) -> None:
    records = read(write_tiny(tmp_path))
    assert len(records.census) == 48
    assert sorted(records.surveys) == ["parent_0_8", "pupil_p5_p7", "pupil_s1_s4"]
    assert len(records.surveys["pupil_p5_p7"]) == 18
    assert records.social_work is not None
    assert records.social_work["pupil_id"].tolist() == [pupil(5)]
    assert records.partnership["fictional"] is True
    assert records.partnership["area_code"] == "999"
    assert not {"_mark", "_why"} & set(records.census.columns)


def test_numbers_are_numbers_and_codes_stay_text(tmp_path: Path) -> None:
    records = read(write_tiny(tmp_path))
    assert records.services["children_served"].dtype == "Int64"
    assert records.services["pct_primary"].dtype == "float64"
    assert records.surveys["parent_0_8"]["weight"].tolist() == [12.5]
    assert records.census["simd_quintile"].tolist()[:3] == ["2", "3", "4"]
    assert records.demand["unit_cost_gbp"].tolist() == [52000.5, 52000.5]


def test_ledgers_are_lines_in_pence_that_make_their_control_total(tmp_path: Path) -> None:
    records = read(write_tiny(tmp_path))
    council = records.ledgers["ledger_council"]
    assert council["cost_centre"].tolist() == ["E100", "E200", "E300"]
    assert council["amount_pence"].tolist() == [150000, -30044, 3500]
    assert records.ledgers["ledger_nhs"]["amount_pence"].tolist() == [250000, 50]
    for stem, ledger in records.ledgers.items():
        assert int(ledger["amount_pence"].sum()) == int(Decimal(records.ledger_columns[stem]["control_total_gbp"]) * 100)


def test_rows_in_are_rows_kept_and_rows_dropped_in_every_table(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    survey = folder / "survey_pupil_p5_p7.csv"
    first = survey.read_text(encoding="utf-8").splitlines()[1]
    edit(survey, lambda t: t + first + "\n" + first.replace(",P5,", ",P4,") + "\n" + first.replace(pupil(4), pupil(700)) + "\n")
    edit(folder / "additional_support.csv", lambda t: t + f"{pupil(4)},P5,other\n{pupil(800)},P6,other\n")
    edit(folder / "social_work.csv", lambda t: t + f"{pupil(6)},P5,none,no\n{pupil(7)},P6,none,yes\n")
    records = read(folder)
    rows = records.receipts.set_index(["table", "rule"])["rows"].to_dict()
    assert rows["survey_pupil_p5_p7", "rows_in"] == 21
    assert [rows["survey_pupil_p5_p7", why] for why in ("answered_twice", "wrong_stage", "not_in_census")] == [1, 1, 1]
    assert rows["survey_pupil_p5_p7", "rows_kept"] == len(records.surveys["pupil_p5_p7"]) == 18
    assert rows["additional_support", "duplicate"] == 1
    assert records.additional_support is not None
    assert rows["additional_support", "rows_kept"] == len(records.additional_support) == 2
    assert rows["social_work", "not_in_contact"] == 1
    assert records.social_work is not None
    assert records.social_work["pupil_id"].tolist() == [pupil(5), pupil(7)]


def test_the_first_of_two_forms_is_kept(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    survey = folder / "survey_pupil_p5_p7.csv"
    first = survey.read_text(encoding="utf-8").splitlines()[1]
    edit(survey, lambda t: t + first.replace("yes", "no") + "\n")
    frame = read(folder).surveys["pupil_p5_p7"]
    assert frame.loc[frame["pupil_id"] == pupil(4), "trusted_adult"].tolist() == ["yes"]


def test_the_sdq_is_scored_and_counted(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    # The last item column of the first form is item 25, so blanking it leaves that form without a total.
    edit(folder / "survey_pupil_s1_s4.csv", lambda t: t.replace(",1\n", ",\n", 1))
    records = read(folder)
    frame = records.surveys["pupil_s1_s4"]
    assert frame["sdq_raised"].tolist() == ["", *["yes"] * 20]
    assert frame["sdq_total"].dropna().unique().tolist() == [20]
    rows = records.receipts.set_index(["table", "rule"])["rows"]
    assert rows["survey_pupil_s1_s4", "sdq_scored"] == 20
    assert rows["survey_pupil_s1_s4", "sdq_not_scored"] == 1


def test_an_absent_survey_or_extract_is_absent_and_absent_money_is_empty(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    for path in folder.iterdir():
        if not path.name.startswith(("partnership", "schools", "pupil_census", "survey_pupil_s1")):
            path.unlink()
    records = read(folder)
    assert list(records.surveys) == ["pupil_s1_s4"]
    assert records.social_work is None
    assert records.additional_support is None
    assert records.ledgers == {}
    for frame in (records.services, records.ledger_map, records.effects, records.demand):
        assert isinstance(frame, pd.DataFrame)
        assert frame.empty
    assert {"service_id", "children_served"} <= set(records.services.columns)


def test_nothing_is_taken_up_over_an_error(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    edit(folder / "pupil_census.csv", lambda t: t.replace("female", "woman"))
    with pytest.raises(ContractError, match=r"16 breach\(es\) stop a build"):
        read(folder)


def test_the_same_folder_gives_the_same_records_whatever_the_order_of_its_rows(tmp_path: Path) -> None:
    one, other = write_tiny(tmp_path / "a"), write_tiny(tmp_path / "b")
    header, *rows = (other / "pupil_census.csv").read_text(encoding="utf-8").splitlines()
    (other / "pupil_census.csv").write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8")
    first, second = read(one), read(other)
    sort = ["pupil_id"]
    same = [f.drop(columns="_row").sort_values(sort, ignore_index=True) for f in (first.census, second.census)]
    pd.testing.assert_frame_equal(*same)
    pd.testing.assert_frame_equal(first.receipts, second.receipts)


def test_the_demonstration_is_taken_up_and_reconciles_with_its_truth(tmp_path: Path) -> None:
    truth = write_demo(tmp_path / "demo", pupils=5_000, seed=3)
    records = read(tmp_path / "demo")
    assert len(records.census) == truth.pupils
    for code in ("pupil_p5_p7", "pupil_s1_s4"):
        frame = records.surveys[code]
        assert len(frame) == truth.files[f"survey_{code}.csv"]["kept"]
        assert frame["pupil_id"].is_unique
        assert frame["pupil_id"].isin(records.census["pupil_id"]).all()
    raised = records.surveys["pupil_s1_s4"]["sdq_raised"]
    true = next(p for p in truth.prevalence if p["indicator"] == "sdq_raised" and p["by"] == "area")
    found = 100 * (raised == "yes").sum() / (raised != "").sum()
    # Four in five answer; the share among them stays within a few points of the truth.
    assert abs(found - float(true["pct"])) < 6
