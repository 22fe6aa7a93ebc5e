"""The desk checks, builds, stops and signs off by running `rcs`, and does not open to other machines."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app import desk_jobs, desk_panel, desk_preview, desk_release, desk_view, desk_work
from rcs_core import release
from rcs_core.contracts import check_folder
from rcs_core.contracts.inventory import inventory
from rcs_core.errors import UnreadableError
from rcs_core.gate.spreadsheet_safe import csv_bytes
from rcs_core.settings import ROOT
from rcs_core.workshop.store import Store
from tests.conftest import Home
from tests.tiny_folder import edit, write_tiny, write_wave
from tests.tiny_release import tiny_release

FINDINGS = [
    {"severity": "note", "file": "schools.csv", "sheet": "", "row": 3, "column": "school_name", "value": " Burnside",
     "rule": "no stray spaces", "remedy": "mended"},
    {"severity": "drop", "file": "social_work.csv", "sheet": "", "row": 9, "column": "pupil_id", "value": "[masked]",
     "rule": "a pupil on the roll", "remedy": "left out and counted"},
    {"severity": "error", "file": "services.xlsx", "sheet": "Services", "row": 4, "column": "reach", "value": "=everyone",
     "rule": "one of: universal, selective, indicated", "remedy": "change the cell"},
]  # fmt: skip
REPORT = {
    "folder": "inputs",
    "errors": 1,
    "findings": FINDINGS,
    "tables": [
        {"name": "services", "contract": "services", "title": "Service register", "file": "services.xlsx", "rows": 60,
         "sender": "commissioning leads", "purpose": "Every service.", "blocks": "there are no services", "size": 9,
         "file_date": "2026-01-05", "of": "2023", "stale": ["its newest tagged on is of 2023"]},
        {"name": "social_work", "contract": "social_work", "title": "Social work", "file": "social_work.csv", "rows": 12,
         "sender": "social work", "purpose": "Who is in contact.", "blocks": "need cannot be set beside contact", "size": 9,
         "file_date": "2026-01-05", "of": "", "stale": []},
    ],
    "receipts": [{"table": "social_work", "rule": "rows_in", "rows": 12, "text": "12 rows read"}],
    "missing": [{"table": "survey_parent_0_8", "title": "Parent survey", "sender": "the fieldwork agency",
                 "blocks": "nothing is said of children under nine", "presence": "optional"}],
}  # fmt: skip
FAKE = """
import json, sys, time
mode, verb = sys.argv[1:3]
if mode == "broken":
    print("UnreadableError: partnership.yaml: the file cannot be read.", file=sys.stderr); sys.exit(2)
if verb == "preview":
    print(json.dumps({{"stage": "preview", "done": 0.4, "text": "Short: counting"}}), flush=True)
    print(open({sizes!r}).read()); sys.exit(0)
if verb == "check":
    print(json.dumps({{"stage": "check", "done": 0.4, "text": "Reading services.xlsx"}}), flush=True)
    time.sleep(60 if mode == "slow" else 0)
    print(open({report!r}).read()); sys.exit(1)
print(json.dumps({{"stage": "check", "done": 0.1, "text": "Checking"}}), flush=True)
time.sleep(60 if mode == "slow" else 0)
print(json.dumps({{"release": sys.argv[4], "id": "abc", "hidden": 1, "cells": 2, "open": 0, "tables": [], "seconds": 1}}))
"""


OFFER = {
    "table": "s_simd",
    "title": "By fifth",
    "text": "With fifths as two groups",
    "write": "collapse: {}",
    "cells": 9,
    "small": 1,
}
SIZES = [
    {"name": name, "title": name.title(), "why": f"Why {name}.", "chosen": name == "standard", "adds": adds, "cells": cells,
     "small": 20, "hidden": hidden, "share": hidden / cells, "cost": 1.5, "seconds": 2.0, "refused": "",
     "tables": [{"name": "s_simd", "title": "By fifth", "cells": 18, "small": 8, "hidden": 12, "share": 12 / 18}],
     "proposals": [{**OFFER, "hidden": 3 if name == "short" else None}]}
    for name, adds, cells, hidden in (("short", "", 400, 60), ("standard", "by stage and sex (council)", 800, 80))
]  # fmt: skip


@pytest.fixture(autouse=True)
def a_desk_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RCS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RCS_DESK_DIR", str(tmp_path / "desk"))
    monkeypatch.delenv("RCS_RELEASE", raising=False)
    folder = tmp_path / "desk" / "inputs"
    folder.mkdir(parents=True)
    (folder / "partnership.yaml").write_text("name: Strathmere\n")


def pretend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: str = "fine") -> None:
    """Put a stand-in for `rcs` in place that says what it is told to."""
    (tmp_path / "report.json").write_text(json.dumps(REPORT))
    (tmp_path / "sizes.json").write_text(json.dumps({"folder": "inputs", "sizes": SIZES}))
    script = tmp_path / "fake_rcs.py"
    script.write_text(FAKE.format(report=str(tmp_path / "report.json"), sizes=str(tmp_path / "sizes.json")))
    monkeypatch.setattr(desk_work, "RCS", (sys.executable, str(script), mode))


def open_desk(page: str = "") -> AppTest:
    desk = AppTest.from_file(str(ROOT / "app" / "desk.py"), default_timeout=60).run()
    return desk.switch_page(str(ROOT / "pages" / page)).run() if page else desk


def press(desk: AppTest, label: str) -> AppTest:
    (button,) = [b for b in desk.button if b.label == label]
    return button.click().run()


def check(desk: AppTest, tmp_path: Path, label: str = "Check these files") -> AppTest:
    """Press the button, wait for the check to end, and look again."""
    desk = press(desk, label)
    job = desk_jobs.check_of(tmp_path / "desk" / "inputs")
    assert job is not None
    wait_until(lambda: not job.running)
    return desk.run()


def said(desk: AppTest) -> str:
    return "\n".join(
        block.value
        for kind in (desk.title, desk.header, desk.subheader, desk.markdown, desk.error, desk.info, desk.success)
        for block in kind
    )


def release_of(tmp_path: Path) -> str:
    """Put a release where the desk builds to; returns its content hash."""
    file = tiny_release(tmp_path / "home" / "releases")
    return release.load(file).manifest.content_hash


def test_prepare_data_waits_for_a_press_and_then_shows_errors_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, tmp_path)
    desk = open_desk()
    assert not desk.exception
    assert desk.title[0].value == "Are the files fit to build from?"
    assert "not checked yet" in said(desk)
    desk = check(desk, tmp_path)
    assert not desk.exception
    assert "1 breach to mend before a build; 1 row will be left out" in said(desk)
    panel, short, breaches, _, files = [frame.value for frame in desk.dataframe]
    assert list(files["Rows"]) == [60, 12]
    assert list(panel["State"]) == ["not there", "too old", "there"]
    assert "2 of 3 inputs are there; 1 is not there, 1 is too old." in said(desk)
    assert "mend what stops a build" in said(desk)
    assert list(breaches["What it does"]) == ["Stops a build", "Row left out, with a receipt", "For information"]
    assert list(breaches["Row"]) == [4, 9, 3]
    assert list(short["How many"]) == [1, 1, 1]
    assert "**Survey parent 0 to 8** is not there: nothing is said of children under nine" in said(desk)
    assert "Ask the fieldwork agency" in said(desk)


def test_the_folder_chosen_is_the_one_that_is_checked_and_another_may_be_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, tmp_path)
    desk = open_desk()
    assert desk.selectbox[0].options == ["inputs", desk_view.OTHER]
    desk = desk.selectbox[0].set_value(desk_view.OTHER).run()
    assert "No folder is chosen" in said(desk)
    desk = desk.text_input[0].set_value(str(tmp_path / "nowhere")).run()
    assert "There is no folder" in said(desk)
    desk = desk.text_input[0].set_value(str(tmp_path)).run()
    assert "not checked yet" in said(desk)


def test_a_check_that_cannot_be_done_is_said_in_the_words_of_rcs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, tmp_path, "broken")
    desk = check(open_desk(), tmp_path)
    assert not desk.exception
    assert "The check came to no report" in said(desk)
    assert "partnership.yaml: the file cannot be read" in desk.code[0].value


def test_without_a_release_the_second_page_says_to_build_one() -> None:
    desk = open_desk("desk_release.py")
    assert not desk.exception
    assert "There is no release yet" in said(desk)


def test_a_release_is_shown_by_table_and_signed_off_with_a_name_and_a_role(tmp_path: Path) -> None:
    content_hash = release_of(tmp_path)
    desk = open_desk("desk_release.py")
    assert not desk.exception
    table = desk.dataframe[0].value
    assert (table["Hidden"] > 0).any()
    assert (table["Cells"] >= table["Hidden"]).all()
    name, role = desk.text_input
    name.set_value("Ada Grant")
    role.set_value("Data controller")
    desk.text_area[0].set_value("I looked at every table.")
    desk = press(desk, "Sign off this release")
    assert "Signed off by **Ada Grant**, Data controller" in said(desk)
    signed = Store.open(tmp_path / "home" / "store.sqlite").signed_off(content_hash)
    assert signed is not None
    assert (signed.by, signed.note, signed.fictional) == ("Ada Grant", "I looked at every table.", True)
    assert f"Release {content_hash[:12]}" in said(desk)


def test_the_sizes_of_a_release_are_told_before_it_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, tmp_path)
    desk = press(open_desk("desk_release.py"), "See what each size of release would hide")
    job = desk_jobs.preview_of(tmp_path / "desk" / "inputs")
    assert job is not None
    wait_until(lambda: not job.running)
    desk = desk.run()
    assert not desk.exception
    assert "**Standard** is chosen: 800 cells, of which 80 (10%) would be hidden" in said(desk)
    assert "`release_tables: short`" in "\n".join(c.value for c in desk.caption)
    assert desk.dataframe[0].value["Size"].tolist() == ["Short", "Standard (chosen)"]
    assert desk.dataframe[0].value["Hidden (%)"].tolist() == ["15.0", "10.0"]
    assert "Short: *By fifth* would hide 12 of 18 cells; with fifths as two groups: 3 of 9 cells" in said(desk)
    assert "Standard: *By fifth* would hide 12 of 18 cells; with fifths as two groups: 9 cells, of which 1 count" in said(desk)
    assert [b.label for b in desk.button] == ["Build the release"], "an unchanged folder is not gone through again"
    (tmp_path / "desk" / "inputs" / "schools.csv").write_text("school_code\n")
    assert "see again before you rely on this" in said(desk.run())


def test_a_size_that_cannot_be_protected_is_said_before_the_build() -> None:
    refused = [{**SIZES[1], "refused": "nothing protects the tables"}]
    assert "cannot be protected: nothing protects the tables" in desk_preview.sentence(refused)
    assert desk_preview.sentence([SIZES[0]]) == desk_preview.NO_CHOICE


def test_near_misses_are_told_of_the_release_that_was_built_last(tmp_path: Path) -> None:
    found = release.load(tiny_release(tmp_path / "r"))
    where = {
        "survey": "pupil_p5_p7",
        "wave": "2025",
        "indicator": "enjoys_learning",
        "area": "C01",
        "sex": "female",
        "band": "no",
    }
    near = desk_release.near_frame(found, [{"table": "pupil_p5_p7_area_sex", "where": where, "low": 0.0, "high": 11.0}])
    assert near["Which group"].tolist() == ["2025, Enjoys learning, Carrickmuir cluster, sex female, answered no"]
    assert near.iloc[0][["At least", "At most"]].tolist() == [0.0, 11.0]
    assert desk_release.group(found, {"area": "C01", "contact": "both"}) == "Carrickmuir cluster, Both services"
    assert desk_release.near_sentence([{"high": 10.0}, {"high": 12.5}]).startswith("2 hidden cells come near to being worked out")
    assert "at most 10 children" in desk_release.near_sentence([{"high": 10.0}])


def test_earlier_releases_looked_at_together_are_named(tmp_path: Path) -> None:
    found = release.load(tiny_release(tmp_path / "r"))
    audited = replace(found, manifest=replace(found.manifest, audit={"open": 0, "cells": 9, "hidden": 3}))
    assert "None can be shown to be under 10" in desk_release.audited(audited, {})
    assert "no earlier release to look at beside it" in desk_release.audited(audited, {"against": []})
    apart = [
        {"release": "abc123", "apart": 0, "first": ""},
        {"release": "def456", "apart": 2, "first": "girls in C01: 31 and 29"},
    ]
    told = desk_release.audited(audited, {"against": apart})
    assert "release abc123, which gives nothing more away" in told
    assert "release def456: 2 groups are told apart by fewer than ten children, such as girls in C01: 31 and 29" in told
    assert "build it again before you sign" in desk_release.audited(found, {})


def test_nobody_signs_off_without_a_name(tmp_path: Path) -> None:
    content_hash = release_of(tmp_path)
    desk = press(open_desk("desk_release.py"), "Sign off this release")
    assert not desk.exception
    assert "A sign-off needs a name" in said(desk)
    assert Store.open(tmp_path / "home" / "store.sqlite").signed_off(content_hash) is None


def test_a_fictional_release_that_signed_itself_off_says_so(tmp_path: Path) -> None:
    content_hash = release_of(tmp_path)
    Store.open(tmp_path / "home" / "store.sqlite").sign_off(
        content_hash, "rcs demo", "Fictional demonstration", "Invented.", True
    )
    desk = open_desk("desk_release.py")
    assert "Its data are fictional" in said(desk)
    assert not desk.text_input


def wait_until(done: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def test_a_build_reports_how_far_it_is_and_can_be_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, tmp_path, "slow")
    desk = press(open_desk("desk_release.py"), "Build the release")
    build = desk_jobs.last_build()
    assert build is not None
    wait_until(lambda: build.text == "Checking")
    assert (build.done, build.running) == (0.1, True)
    again = desk_jobs.start_build(tmp_path, tmp_path)
    assert again is not None
    assert again.told["pid"] == build.told["pid"], "one build at a time, whoever asks"
    desk = press(desk.run(), "Stop the build")
    assert not desk.exception
    wait_until(lambda: not build.running)
    assert "The build was stopped" in said(open_desk("desk_release.py"))


def test_a_build_that_ends_gives_its_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, tmp_path)
    build = desk_jobs.start_build(tmp_path / "desk" / "inputs", tmp_path / "out")
    assert build is not None
    wait_until(lambda: not build.running)
    assert (build.result["id"], build.failed) == ("abc", False)


def test_a_build_that_fails_says_why_and_what_is_served_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, tmp_path, "broken")
    release_of(tmp_path)
    build = desk_jobs.start_build(tmp_path / "desk" / "inputs", tmp_path / "out")
    assert build is not None
    wait_until(lambda: not build.running)
    desk = open_desk("desk_release.py")
    assert not desk.exception
    assert "made no release" in said(desk)
    assert "partnership.yaml" in desk.code[0].value
    assert len(desk.dataframe) == 1


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.20", None])
def test_the_desk_does_not_open_to_other_machines(address: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    known = st.get_option
    monkeypatch.setattr(st, "get_option", lambda name: address if name == "server.address" else known(name))
    desk = open_desk()
    assert not desk.exception
    assert "does not open to other machines" in desk.title[0].value
    assert not desk.button
    assert not desk.selectbox


def test_a_breach_list_is_a_csv_that_no_spreadsheet_runs() -> None:
    assert b"'=everyone" in csv_bytes(desk_view.breaches(REPORT))


def test_breaches_that_are_alike_stand_on_one_line_with_their_first_rows() -> None:
    many = [{**FINDINGS[1], "row": row} for row in range(1, 8)]
    short = desk_view.in_short(desk_view.breaches({"findings": [*many, FINDINGS[2]]}))
    assert list(short["How many"]) == [1, 7]
    assert list(short["In rows"]) == ["4", "1, 2, 3, 4, 5 ..."]


def test_no_breach_at_all_is_a_verdict_too() -> None:
    clean = {"findings": [], "receipts": REPORT["receipts"], "tables": REPORT["tables"]}
    assert desk_view.verdict(clean) == "Nothing stops a build; no row is left out."
    assert desk_view.breaches(clean).empty
    assert desk_view.files(clean)[["File", "Rows"]].to_numpy().tolist() == [["services.xlsx", 60], ["social_work.csv", 12]]


def test_a_table_that_is_not_there_is_named_with_what_it_blocks(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "tiny")
    (folder / "social_work.csv").unlink()
    panel = desk_panel.panel(inventory(folder, check_folder(folder)).to_json())
    gone = panel[panel["State"] == "not there"].set_index("Input")
    assert gone.loc["Social work", ["From", "Without it"]].tolist() == [
        "the council's social work service",
        "need cannot be set beside contact with social work",
    ]


def test_input_folders_are_found_at_most_two_levels_down_and_hidden_ones_are_not(tmp_path: Path) -> None:
    top = tmp_path / "top"
    for place in ("a", "b/c", "b/c/d", ".hidden"):
        (top / place).mkdir(parents=True, exist_ok=True)
        (top / place / desk_jobs.INPUTS).write_text("")
    assert [str(p.relative_to(top)) for p in desk_jobs.input_folders(top)] == ["a", "b/c"]


def test_the_desk_never_imports_the_records_room() -> None:
    code = "import sys, app.desk_panel, app.desk_protection; "
    code += "sys.exit(any(m.startswith('rcs_core.records') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
    for name in (
        "app/desk.py",
        "app/desk_jobs.py",
        "app/desk_view.py",
        "app/desk_work.py",
        "pages/desk_prepare.py",
        "app/desk_preview.py",
        "app/desk_release.py",
        "pages/desk_release.py",
    ):
        assert "rcs_core.records" not in (ROOT / name).read_text()


def test_the_desk_reads_what_rcs_really_prints(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RCS_HOME", str(home.path))
    desk_jobs.start_check(home.folder)
    job = desk_jobs.check_of(home.folder)
    assert job is not None
    wait_until(lambda: not job.running, 60)
    found = desk_jobs.checked(home.folder)
    assert found is not None
    assert found.current
    assert desk_view.verdict(found.report).startswith("Nothing stops a build")
    assert desk_view.files(found.report)["Rows"].sum() > 5_000
    assert not desk_view.breaches(found.report).empty
    assert set(desk_panel.panel(found.report)["State"]) <= {"there", "not there"}
    build = desk_jobs.start_build(tmp_path, tmp_path / "out")
    assert build is not None
    wait_until(lambda: not build.running, 60)
    assert build.failed
    assert "partnership.yaml" in desk_jobs.what_went_wrong(build)


def test_a_folder_that_has_gone_is_said_and_nothing_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, tmp_path)
    with pytest.raises(UnreadableError, match="cannot be read"):
        desk_jobs.start_check(tmp_path / "gone")
    desk = check(open_desk(), tmp_path)
    (tmp_path / "desk" / "inputs" / "partnership.yaml").unlink()
    desk = desk.run()
    assert not desk.exception
    assert "No folder is chosen" in said(desk)


def test_tables_are_called_as_people_say_them() -> None:
    names = ("survey_pupil_p5_p7", "survey_parent_0_8", "ledger_nhs", "social_work")
    assert [desk_view.called(n) for n in names] == ["Survey pupil P5 to P7", "Survey parent 0 to 8", "Ledger NHS", "Social work"]


def test_an_earlier_waves_files_are_listed_with_their_own_breaches(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "tiny")
    write_wave(folder)
    edit(folder / "wave_2023" / "pupil_census.csv", lambda t: t.replace("female", "woman", 1))
    found = check_folder(folder)
    report = found.to_json() | inventory(folder, found).to_json()
    files = desk_view.files(report).set_index("File")
    assert files.loc["wave_2023/pupil_census.csv", ["Table", "Rows", "Stop a build"]].tolist() == [
        "Wave 2023: Pupil census",
        48,
        1,
    ]
    assert files.loc["pupil_census.csv", ["Table", "Rows", "Stop a build"]].tolist() == ["Pupil census", 48, 0]
    assert "Wave 2023: Survey pupil P5 to P7" in set(desk_view.receipts(report)["Table"])
    assert desk_jobs.input_folders(folder) == [folder], "a wave's folder is no partnership's"
