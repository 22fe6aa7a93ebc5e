"""The service register at the desk: seen, changed after a look at what would change, decided and undone, with a name."""

import json
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from app import desk_register, desk_register_editor, desk_work
from rcs_core.cli import app as command
from rcs_core.contracts import contracts
from rcs_core.errors import RcsError
from rcs_core.records.register import propose, read_rows
from rcs_core.settings import ROOT
from tests.records.test_register import NHS, small, submission
from tests.tiny_folder import SERVICE, write_sheet

TWIN = NHS | {"service_id": "S040", "service_name": "The family link service"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RCS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RCS_DESK_DIR", str(tmp_path / "desk"))
    (tmp_path / "desk").mkdir()
    found = small(tmp_path / "desk" / "inputs")
    other = SERVICE | {"service_id": "S002", "service_name": "Sitters", "provider": "Sitters Ltd"}
    write_sheet(found / "services.xlsx", [list(SERVICE), list(SERVICE.values()), list(other.values())])
    submission(found, "nhs_board", TWIN)
    return found


def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the desk's errands run in this process: what they are is the same, and a process each costs seconds."""

    def rcs(folder: Path, *words: str) -> dict[str, Any]:
        ran = CliRunner().invoke(command, ["register", str(folder), "--json", *words])
        if isinstance(ran.exception, RcsError):
            raise ran.exception
        told: dict[str, Any] = json.loads(ran.stdout)
        return told

    monkeypatch.setattr(desk_register, "rcs", rcs)


def opened() -> AppTest:
    desk = AppTest.from_file(str(ROOT / "app" / "desk.py"), default_timeout=60).run()
    return desk.switch_page(str(ROOT / "pages" / "desk_register.py")).run()


def words(desk: AppTest) -> str:
    parts = [desk.title, desk.header, desk.subheader, desk.markdown, desk.caption, desk.error, desk.success, desk.info]
    return "\n".join(str(block.value) for found in parts for block in found)


def press(desk: AppTest, start: str) -> AppTest:
    (button,) = [b for b in desk.button if b.label.startswith(start)]
    return button.click().run()


def test_the_page_says_who_sent_what_and_whose_word_counts_and_sees_a_change_made_elsewhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here(monkeypatch)
    desk = opened()
    assert not desk.exception
    assert "3 services from 2 files; nothing to mend; 1 pair may be one service." in words(desk)
    assert "the row of the agency that provides the service, in its own submission" in words(desk)
    assert "the same name but for common words" in words(desk)
    submission(folder, "nhs_board", TWIN, NHS)
    assert "4 services from 2 files" in words(desk.run())


def test_a_decision_needs_a_name_and_is_remembered_and_taken_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here(monkeypatch)
    desk = press(opened(), "One service: keep S001")
    assert "A change needs a name" in words(desk)
    assert not (folder / "same_services.csv").exists()
    desk.text_input(key="register_by").set_value("Leads").run()
    desk = press(desk, "One service: keep S001")
    assert not desk.exception
    assert "Decided of S001 and S040. One service: keep S001." in words(desk)
    assert "2 services from 2 files; nothing to mend" in words(desk)
    assert "S040,S001,same,Leads" in (folder / "same_services.csv").read_text()
    desk = press(desk, "Undo no. 1")
    assert not (folder / "same_services.csv").exists()
    assert "3 services from 2 files" in words(desk)


def test_the_errand_is_a_process_of_its_own_and_says_what_went_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "import json, sys; '--undo' in sys.argv and sys.exit('there is nothing to undo'); print(json.dumps(sys.argv[1:]))"
    monkeypatch.setattr(desk_work, "RCS", (sys.executable, "-c", said))
    assert desk_register.rcs(tmp_path, "--same", "S1", "S2") == ["register", str(tmp_path), "--json", "--same", "S1", "S2"]
    with pytest.raises(RcsError, match="nothing was changed") as caught:
        desk_register.rcs(tmp_path, "--undo", "services.xlsx", "--by", "A")
    assert caught.value.got == "there is nothing to undo"


def rows() -> list[dict[str, str]]:
    text = {k: str(v) for k, v in SERVICE.items()}
    return [text | {"_row": "2", "shanarri": "safe;healthy"}, text | {"_row": "3", "service_id": "S002", "funder_agency": "hscp"}]


def test_what_is_not_touched_keeps_its_text_and_what_is_not_shown_stays() -> None:
    shown = desk_register_editor.frame(rows()[:1])
    assert desk_register_editor.wanted(rows(), shown, shown) == rows()
    edited = shown.assign(capacity=131.0, contract_end=pd.Series([None], dtype="object"))
    one, other = desk_register_editor.wanted(rows(), shown, edited)
    assert one == rows()[0] | {"capacity": "131", "contract_end": ""}
    assert other == rows()[1]


def test_a_row_taken_out_and_a_row_put_in_are_what_the_file_should_be() -> None:
    shown = desk_register_editor.frame(rows())
    new = pd.DataFrame([{"service_id": "S009", "children_served": 12, "shanarri": ["safe", "active"], "_row": None}])
    found = desk_register_editor.wanted(rows(), shown, pd.concat([shown.iloc[1:], new], ignore_index=True))
    assert [row["service_id"] for row in found] == ["S002", "S009"]
    assert (found[1]["children_served"], found[1]["shanarri"], found[1].get("_row", "")) == ("12", "safe; active", "")


def test_a_cell_that_is_no_number_is_shown_as_it_stands() -> None:
    shown = desk_register_editor.frame([rows()[0] | {"capacity": "about 40", "contract_end": "31 March"}])
    assert shown["capacity"][0] == "about 40"
    assert shown["contract_end"][0] == "31 March"


def test_what_would_change_is_told_in_words_a_row_a_cell(folder: Path) -> None:
    changed = SERVICE | {"capacity": "131", "funder_agency": "hscp"}
    wanted = [{k: str(v) for k, v in row.items()} for row in (changed, NHS)]
    told = propose(folder, "services.xlsx", wanted, keep_others=True).to_dict()["changes"]
    table = desk_register.changes(told)
    assert [tuple(line) for line in table.itertuples(index=False)] == [
        ("S001", "Funder agency", "Council: education", "Health and social care partnership"),
        ("S001", "Capacity", "130", "131"),
        ("S003", "The whole row", "", "Health visiting"),
    ]


def test_the_command_previews_refuses_and_writes(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "sent.csv"
    path.write_text("service_id,capacity,reach\nS001,90,everyone\n")
    before = (folder / "services.xlsx").read_bytes()
    told = CliRunner().invoke(
        command, ["register", str(folder), "--file", "services.xlsx", "--rows", str(path), "--keep-others", "--by", "A"]
    )
    assert told.exit_code == 1
    assert "Nothing was written" in told.stdout
    assert (folder / "services.xlsx").read_bytes() == before


def test_the_empty_workbook_has_every_column_of_the_register(tmp_path: Path) -> None:
    (tmp_path / "services.xlsx").write_bytes(desk_register.template())
    assert openpyxl.load_workbook(tmp_path / "services.xlsx").worksheets[0][1][0].value == "service_id"
    assert read_rows(tmp_path / "services.xlsx", contracts()["services"]) == []
