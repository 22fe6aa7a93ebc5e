"""What is missing or stale: each input with its sender, its age, and what cannot be shown without it."""

import os
import re
from datetime import datetime
from pathlib import Path

import pytest

from rcs_core.contracts import check_folder, contracts
from rcs_core.contracts.inventory import Held, inventory
from rcs_core.contracts.model import read_contract
from rcs_core.errors import SettingsError
from rcs_core.settings import CONTRACTS
from tests.tiny_folder import edit, write_services, write_tiny, write_wave


def told(folder: Path) -> dict[str, Held]:
    return {t.name: t for t in inventory(folder, check_folder(folder)).tables}


def dated(path: Path, year: int) -> None:
    """Make a file one of another year."""
    moment = datetime(year, 6, 1).timestamp()
    os.utime(path, (moment, moment))


def test_every_contract_says_who_sends_it_what_it_blocks_and_what_of_it_may_leave() -> None:
    lacking = {s: [w for w in ("purpose", "sender", "blocks", "leaves") if not getattr(c, w)] for s, c in contracts().items()}
    assert {s: words for s, words in lacking.items() if words} == {}


def test_every_rule_of_age_has_a_source_and_a_date_and_an_assumption_says_so() -> None:
    rules = [rule for c in contracts().values() for rule in c.fresh]
    assert rules
    for rule in rules:
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", rule.date)
        assert rule.source.startswith("Our assumption: ") or "Act" in rule.source
        assert rule.against in ("year", "survey_wave")


def test_a_sound_folder_has_nothing_stale_and_lacks_only_what_it_lacks(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "tiny")
    found = inventory(folder, check_folder(folder))
    assert [t.name for t in found.tables if t.stale] == []
    assert "data_protection" in {m.table for m in found.missing}
    assert "pupil_census" not in {m.table for m in found.missing}
    census = told(folder)["pupil_census"]
    assert (census.rows, census.file, census.sender) == (48, "pupil_census.csv", "the council's education service")
    assert told(folder)["ledger_nhs"].sender == "the partner's finance officer, Board ledger"
    assert told(folder)["demand_history"].of == "2024 to 2025"


def test_a_census_older_than_the_wave_is_stale_and_a_later_one_is_not(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "tiny")
    dated(folder / "pupil_census.csv", 2025)
    assert told(folder)["pupil_census"].stale == ()
    dated(folder / "pupil_census.csv", 2023)
    (why,) = told(folder)["pupil_census"].stale
    assert why == "the file was last changed in 2023, before the year of the survey, 2025"


@pytest.mark.parametrize("year", ["2024-25", "2026-27"])
def test_a_ledger_of_another_financial_year_is_stale_whichever_way(tmp_path: Path, year: str) -> None:
    folder = write_tiny(tmp_path / "tiny")
    edit(folder / "ledger_columns.yaml", lambda t: t.replace("financial_year: 2025-26", f"financial_year: {year}", 1))
    found = told(folder)
    assert found["ledger_council"].stale == (f"it is of {year}, and partnership.yaml says 2025-26",)
    assert found["ledger_nhs"].stale == ()


def test_evidence_is_dated_line_by_line_by_the_year_that_its_source_names(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "tiny")
    row = "S002,S001,4,1,7,child_years,1,0.8,published_elsewhere,{},\n"
    edit(folder / "evidence_of_effect.csv", lambda t: t + row.format("A trial (1998 to 2004)"))
    (why,) = told(folder)["evidence_of_effect"].stale
    assert why == "1 of 2 lines rest on a source more than 10 years before 2025-26"


def test_a_register_that_nobody_looked_through_a_survey_of_an_earlier_plan_and_an_old_history_are_stale(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "tiny")
    write_services(folder, tagged_on="2023-04-01")
    edit(folder / "partnership.yaml", lambda t: t.replace("year: 2025-26", "year: 2029-30", 1))
    found = told(folder)
    assert found["survey_parent_0_8"].stale == (
        "it is of wave 2025, more than 3 years before the year of partnership.yaml, 2029-30",
    )
    assert found["demand_history"].stale[0].startswith("its newest year is of 2025, more than 1 year before")
    assert found["services"].stale[0].startswith("its newest tagged on is of 2026")


def test_an_earlier_wave_is_listed_and_never_stale(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "tiny")
    dated(write_wave(folder) / "pupil_census.csv", 2019)
    assert told(folder)["wave_2023/pupil_census"].stale == ()
    assert told(folder)["wave_2023/pupil_census"].file == "wave_2023/pupil_census.csv"


def test_a_folder_without_money_lacks_its_ledgers_and_a_table_that_cannot_be_read_is_there_without_rows(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "tiny")
    for name in ("ledger_columns.yaml", "ledger_council.xlsx", "ledger_nhs.csv", "ledger_map.csv", "services.xlsx"):
        (folder / name).unlink()
    (folder / "schools.csv").write_bytes(b"")
    found = inventory(folder, check_folder(folder))
    assert {"ledger", "services", "ledger_map"} <= {m.table for m in found.missing}
    assert [t.rows for t in found.tables if t.name == "schools"] == [None]


def test_a_folder_of_which_nothing_can_be_said_is_an_inventory_too(tmp_path: Path) -> None:
    (tmp_path / "partnership.yaml").write_text(": : :")
    found = inventory(tmp_path, check_folder(tmp_path))
    assert [t.name for t in found.tables] == ["partnership"]
    assert len(found.missing) >= 10


def test_an_unknown_word_in_a_rule_of_age_is_refused(tmp_path: Path) -> None:
    text = (CONTRACTS / "tables" / "pupil_census.yaml").read_text(encoding="utf-8").replace("mostYears", "mostMonths")
    (tmp_path / "pupil_census.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="mostMonths"):
        read_contract(tmp_path / "pupil_census.yaml")
