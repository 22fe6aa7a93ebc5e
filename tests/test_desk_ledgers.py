"""The page of ledgers accounts for every pound, masks descriptions until asked, and applies nothing that nobody accepted."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from app import desk_ledger_errands, desk_ledgers, desk_rules
from rcs_core.cli import app
from rcs_core.contracts import check_folder
from rcs_core.errors import RcsError
from rcs_core.records.tagging import desk
from rcs_core.settings import ROOT
from tests.tiny_folder import edit, write_tiny

COUNCIL, NHS = "ledger_council", "ledger_nhs"
E200 = -300_44
"""Pence of the cost centre that the map of these tests leaves out."""
type Ask = Callable[..., dict[str, Any]]


def in_process(words: Sequence[str], told: dict[str, Any] | None, fails: bool = False) -> dict[str, Any]:
    """`rcs` as the desk runs it, without a process of its own."""
    ran = CliRunner().invoke(app, list(words), input=json.dumps(told) if told is not None else None)
    if isinstance(ran.exception, RcsError):
        raise RcsError(str(ran.exception).partition(": ")[2])
    assert ran.exit_code == 0 or fails, ran.output
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny folder on a desk of its own, one cost centre of the council unmapped."""
    monkeypatch.setenv("RCS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RCS_DESK_DIR", str(tmp_path / "desk"))
    monkeypatch.setattr(desk_ledger_errands, "ask", in_process)
    made = tmp_path / "desk" / "inputs"
    write_tiny(made)
    edit(made / "ledger_map.csv", lambda text: "".join(line for line in text.splitlines(keepends=True) if "E200" not in line))
    return made


def ask(*words: object, told: dict[str, Any] | None = None) -> dict[str, Any]:
    return in_process([str(word) for word in words], told)


def open_page() -> AppTest:
    page = AppTest.from_file(str(ROOT / "app" / "desk.py"), default_timeout=60).run()
    return page.switch_page(str(ROOT / "pages" / "desk_ledgers.py")).run()


def said(page: AppTest) -> str:
    return "\n".join(
        b.value
        for kind in (page.title, page.header, page.subheader, page.markdown, page.caption, page.error, page.info)
        for b in kind
    )


def shown(page: AppTest) -> str:
    return said(page) + "".join(t.value.to_csv() for t in [*page.dataframe, *page.table])


def test_the_page_says_in_words_where_every_pound_went_and_masks_descriptions_until_asked(folder: Path) -> None:
    page = open_page()
    assert not page.exception
    assert page.title[0].value == "Is every pound of the ledgers accounted for?"
    sides = desk.overview(folder)["ledgers"][0]["reconciled"]
    assert desk_ledgers.bar(sides) in said(page)
    assert "2 of 2 ledgers add up to their control totals, to the penny" in said(page)
    assert "E200" in shown(page)
    lines = desk.look(folder, COUNCIL, folder / "none.sqlite", reveal=True)["unmapped"]
    words = lines[0]["description"]
    assert words
    assert words not in shown(page) + json.dumps(ask("ledgers", folder, "--ledger", COUNCIL, "--json"))
    (toggle,) = [t for t in page.toggle if t.label == "Show descriptions here"]
    page = toggle.set_value(True).run()
    assert words in "".join(t.value.to_csv() for t in page.table)
    assert words not in "".join(t.value.to_csv() for t in page.dataframe), "a table that can be downloaded holds ledger text"


def test_a_ledger_never_seen_gets_a_form_in_which_nothing_is_accepted_by_itself(folder: Path) -> None:
    edit(folder / "ledger_columns.yaml", lambda text: text.split("ledger_nhs:")[0])
    page = open_page()
    (chooser,) = [s for s in page.selectbox if s.label == "Ledger"]
    page = chooser.set_value(NHS).run()
    assert not page.exception
    assert "Nothing is read by it until somebody accepts it" in said(page)
    assert "Columns not chosen yet: Ledger NHS" in said(page)
    fill = {
        "Agency and its finance system": "Board",
        "Control total (£)": "£2,500.50",
        "Where the control total was read": "Return",
        "Financial year": "2025/26",
    }
    for label, value in fill.items():
        (box,) = [t for t in page.text_input if t.label == label]
        box.set_value(value)
    page = press(page.run(), "See what comes of it")
    assert "the difference is £0.00" in said(page)
    assert "ledger_nhs" not in (folder / "ledger_columns.yaml").read_text()
    for label, value in {"Accepted by": "A Smith", "Why": "agreed"}.items():
        (box,) = [t for t in page.text_input if t.label == label]
        box.set_value(value)
    page = press(page.run(), "Accept these columns")
    assert not page.exception
    assert "control_total_gbp: '2500.50'" in (folder / "ledger_columns.yaml").read_text()
    assert "2 of 2 ledgers add up" in said(page)


def press(page: AppTest, label: str) -> AppTest:
    (button,) = [b for b in page.button if b.label == label]
    return button.click().run()


def rows(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / "ledger_rules.csv").read_text())))


def test_a_rule_waits_until_it_is_accepted_and_then_takes_its_lines(folder: Path) -> None:
    new = {"look_at": "cost_centre", "match": "starts_with", "words": "E2", "service_id": "S001", "agency": "council_education"}
    parts = [{**new, "ledger": COUNCIL, "pct": "60"}, {**new, "ledger": COUNCIL, "service_id": "S002", "pct": "40"}]
    before = json.loads(json.dumps(desk.overview(folder)["ledgers"][0]["reconciled"]))
    ask("tag", folder, COUNCIL, told={"add": parts})
    waiting = ask("ledgers", folder, "--ledger", COUNCIL, "--json")
    (rule,) = waiting["rules"]
    assert (rule["rule"], rule["accepted"], rule["lines"], rule["pence"]) == ("R001", False, 1, E200)
    assert waiting["reconciled"] == before
    ask("tag", folder, COUNCIL, told={"accept": ["R001"], "by": "A Smith", "reason": "budget book"})
    after = ask("ledgers", folder, "--ledger", COUNCIL, "--json")["reconciled"]
    assert (after["rules_pence"], after["control"], after["mapped"]) == (E200, before["control"], before["mapped"] + E200)
    assert after["unmapped"] == before["unmapped"] - E200
    assert {(row["accepted_by"], row["reason"]) for row in rows(folder)} == {("A Smith", "budget book")}
    report = check_folder(folder)
    assert not report.errors
    assert "GBP 35.00 in all is shown as unmapped" in report.text()


def test_a_suggestion_becomes_a_rule_only_when_it_is_accepted(folder: Path) -> None:
    last = folder.parent / "last_year"
    write_tiny(last)
    edit(
        last / "ledger_map.csv",
        lambda text: text.replace("E200,,council_education,100,not for children", "E200,S002,council_education,100,"),
    )
    words = ("ledgers", folder, "--ledger", COUNCIL, "--earlier", last, "--json")
    (offer,) = ask(*words)["suggestions"]
    assert (offer["cost_centre"], offer["goes_to"], offer["words"]) == ("E200", "S002", [])
    assert "of last year" in offer["reason"]
    assert not (folder / "ledger_rules.csv").exists()
    with pytest.raises(RcsError, match="nothing is accepted without who accepts it"):
        ask("tag", folder, COUNCIL, "--earlier", last, told={"suggestions": ["E200"], "by": "", "reason": "x"})
    ask(
        "tag",
        folder,
        COUNCIL,
        "--earlier",
        last,
        told={"suggestions": ["E200"], "by": "A Smith", "reason": "the same team"},
    )
    (row,) = rows(folder)
    assert (row["look_at"], row["match"], row["words"], row["service_id"]) == ("cost_centre", "is", "E200", "S002")
    assert row["reason"].startswith("the same team (suggested: ")
    assert desk.overview(folder)["ledgers"][0]["reconciled"]["rules_pence"] == E200


def test_a_rule_is_written_on_the_page_and_waits(folder: Path) -> None:
    page = open_page()
    (steps,) = page.segmented_control
    page = steps.set_value("Rules").run()
    (words,) = [t for t in page.text_input if t.label == "Words or code"]
    words.set_value("rent")
    (targets,) = [m for m in page.multiselect if m.label == "Goes to"]
    page = press(targets.set_value(["S001"]).run(), "Write it, to wait")
    assert not page.exception
    assert [(r["words"], r["service_id"], r["accepted_by"]) for r in rows(folder)] == [("rent", "S001", "")]
    assert "nobody yet" in shown(page)


def test_a_clash_is_told_with_its_money() -> None:
    found = {"rules": ["R001", "R002"], "lines": 2, "pence": -250, "rows": [4, 9], "accepted": True}
    assert "R001 and R002 send 2 lines (−£2.50, rows 4, 9) to different places; they stay unmapped" in desk_rules.clash(found)
