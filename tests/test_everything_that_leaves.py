"""Nothing leaves that the release hides: each check of the gate fires, none goes round it, a csv is safe and explains itself."""

import ast
import csv
import datetime as dt
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app import chosen, leaving, shift_open, tour
from rcs_core import gate
from rcs_core.documents.parts import Document, Grid, Text
from rcs_core.documents.write import write_docx
from rcs_core.errors import UnreadableError
from rcs_core.release import Release, load
from rcs_core.settings import ROOT
from rcs_core.sheets.plain import write_rows
from rcs_core.stamp import Stamp
from rcs_core.workshop import big_screen
from rcs_core.workshop.export.notes import Beside, notes, pack
from tests.tiny_release import tiny_release

SUBJECT = "Pupils in P5 to P7, Enjoys learning, Strathmere, School"
HOSTILE = [
    "=1+1", "+44+1", "-2+3", "@SUM(A1)", "\t=x", "\r=x", "\n=x", "  =1+1", "\u00a0=1+1", "\ufeff=1", "\uff1d1+1", "\uff0b1+1",
    "\uff0d1+1", "\uff20SUM(A1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x")', "a;=1+1", 'a;"=1+1', "a|@x", "a\t-1+1",
    "line\n=1+1",
]  # fmt: skip


@pytest.fixture(name="release", scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return load(tiny_release(tmp_path_factory.mktemp("tiny"), waves=True))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_heading_or_part_of_a_cell_is_a_formula_whatever_parts_the_columns(text: str) -> None:
    data = gate.csv_bytes(pd.DataFrame({text: ["x"], "b": [text], "n": [-5]}))
    assert data.startswith(b"\xef\xbb\xbf")
    for sign in ",;|\t":
        for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=sign):
            starts = [cell.strip(' \t\r\n"\u00a0\ufeff')[:1] for cell in row if cell not in ("-5", "x,-5")]
            assert not set(starts) & set("=+-@\uff1d\uff0b\uff0d\uff20"), (sign, row)
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(rows) == 2
    assert rows[1][2] == "-5"


def test_figures_and_marks_leave_as_figures_and_marks() -> None:
    frame = pd.DataFrame({"group": ["A, B"], "n": ["1,234,567"], "pct": ["[c]"], "less": ["-12.5"], "none": [None]})
    assert gate.csv_bytes(frame).decode("utf-8-sig") == 'group,n,pct,less,none\r\n"A, B",1234567,[c],-12.5,\r\n'


def refused(
    content: gate.Made | bytes | str, kind: str, release: Release | None, subject: str = SUBJECT, hidden: bool = False
) -> str:
    """What the gate says, which must say no."""
    with pytest.raises(gate.LeavingError) as found:
        gate.let_out(content, kind, subject, release, hidden)
    return str(found.value)


def a_csv(**columns: list[object]) -> bytes:
    return gate.csv_bytes(pd.DataFrame(columns))


CASES: dict[str, tuple[bytes, str]] = {
    "a pupil's pseudonym": (a_csv(note=["seen with p0123456789ab"]), "pseudonym"),
    "a column of pupils": (a_csv(Pupil_ID=["1"]), "a column that names a child"),
    "a column of birthdays": (a_csv(dob=["x"]), "a column that names a child"),
    "candidate numbers": (a_csv(number=["119999901", "119999928"]), "Scottish Candidate Number"),
    "a health number": (a_csv(note=["see 010110 0019 about it"]), "CHI number"),
    "a postcode": (a_csv(where=["EH1 1AA"]), "postcode"),
    "single ledger lines": (a_csv(**{"Cost centre": ["E100"]}), "single ledger lines"),
    "a formula": (b"\xef\xbb\xbfa\n=1+1\n", "a spreadsheet would run"),
    "a small number": (a_csv(School=["Hillhead Primary"], **{"With need": ["7"]}), "fewer than 10"),
}


@pytest.mark.parametrize("what", CASES)
def test_what_must_not_leave_does_not_and_the_error_never_repeats_it(what: str, release: Release) -> None:
    data, said = CASES[what]
    found = refused(data, "csv", release)
    assert said in found
    assert "To fix" in found
    assert "0123456789ab" not in found


def of_state(release: Release, state: str, band: str) -> dict[str, str]:
    """The first school whose answer to one question is shown, or hidden."""
    frame = release.frame("pupil_p5_p7_area")
    named = release.frame("areas").set_index("area")["name"]
    level = release.frame("areas").set_index("area")["level"]
    frame = frame[(frame["state"] == state) & (frame["band"] == band) & (frame["indicator"] == "enjoys_learning")]
    frame = frame[(frame["wave"] == "2025") & (frame["area"].map(level) == "school")]
    return {"School": str(named[frame["area"].iloc[0]]), "n": str(frame["n"].iloc[0])}


def test_a_number_that_the_release_hides_leaves_in_no_kind_of_file(release: Release, tmp_path: Path) -> None:
    hidden = of_state(release, "suppressed", "no")["School"]
    frame = pd.DataFrame({"School": [hidden], "With need": ["12"], "Answered": ["[c]"]})
    rows = [list(frame.columns), *frame.values.tolist()]
    write_rows(tmp_path / "a.xlsx", {"One": [["A title"], [], *rows]})
    stamp = Stamp.of(release, dt.date(2026, 3, 9))
    write_docx(Document("A paper", stamp, [Text("A line."), Grid("Schools", rows[0], rows[1:])]), tmp_path / "a.docx")
    document = (tmp_path / "a.docx").read_bytes()
    whole = pack(frame, SUBJECT, stamp, release, Beside({}))
    for content, kind in (
        (gate.csv_bytes(frame), "csv"), (whole, "zip"), ((tmp_path / "a.xlsx").read_bytes(), "xlsx"), (document, "docx"),
        (gate.Made(b"dots", frame), "png"), (gate.Made(b"%PDF", documents=[("docx", document)]), "pdf"),
        (gate.Made(b"<svg><text>x</text></svg>", frame), "svg"),
    ):  # fmt: skip
        assert "a number that the release hides" in refused(content, kind, release), kind
    share = a_csv(School=[hidden], **{"% with need": ["30"]})
    assert "a share of a group that the release hides" in refused(share, "csv", release)


def test_what_the_release_shows_leaves(release: Release) -> None:
    shown = of_state(release, "shown", "no")
    data = a_csv(School=[shown["School"]], **{"With need": [shown["n"]]})
    assert gate.let_out(data, "csv", SUBJECT, release) == data
    assert gate.let_out(gate.Made(b"dots", pd.DataFrame({"label": ["a"]})), "png", SUBJECT, release) == b"dots"
    assert json.loads(gate.let_out(json.dumps({"description": "a plan", "owner": "A. Brown"}), "json", "plan", release))


def test_a_sensitive_topic_and_an_untold_comparison_do_not_leave(release: Release) -> None:
    touchy = a_csv(Question=["Drank alcohol last week"], Where=["Kirkton Academy"], **{"% with need": ["30"]})
    assert "a sensitive topic" in refused(touchy, "csv", release, "Pupils in S1 to S4")
    change = a_csv(Where=["Hillhead Primary"], **{"Change (points)": ["3"]})
    assert "does not tell" in refused(change, "csv", release, SUBJECT)


def test_a_shared_screen_keeps_names_and_prices_whatever_carries_them(release: Release) -> None:
    about = big_screen.register(release)
    sold = min(big_screen.bought(release))
    name, runs = str(about[sold]["service_name"]), str(about[sold]["provider"])
    price = pd.DataFrame({"Service": [name], "Spend (£)": [1200.0]})
    for content, kind in ((gate.csv_bytes(price), "csv"), (gate.Made(b"dots", price), "png")):
        assert gate.let_out(content, kind, "Spend by service", release)
        assert "the price of a bought service" in refused(content, kind, release, "Spend by service", hidden=True)
    drawn = pd.DataFrame({"label": [f"{name}\u00a0·\u00a0£1,200"], "pounds": [1200.0]})
    assert "the price of a bought service" in refused(gate.Made(b"dots", drawn), "svg", release, "Spend", hidden=True)
    kept = gate.csv_bytes(price.assign(**{"Spend (£)": [None]}))
    assert gate.let_out(kept, "csv", "Spend by service", release, prices_hidden=True) == kept
    if runs and " " in runs:
        assert "the name of a provider" in refused(a_csv(Who=[runs]), "csv", release, "Providers", hidden=True)


def test_a_file_that_nobody_can_read_does_not_leave_without_what_it_was_made_of() -> None:
    for kind in ("png", "pdf", "exe"):
        with pytest.raises(UnreadableError, match="nobody can tell what the file says"):
            gate.let_out(b"dots", kind, "A picture", None)


def test_a_file_of_the_command_line_that_may_not_stay_is_removed(release: Release, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(a_csv(pupil_id=["1"]))
    with pytest.raises(gate.LeavingError):
        gate.let_out_file(path, release)
    assert not path.exists()


def calls(tree: ast.AST) -> set[str]:
    """The names of everything that is called."""
    found = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {f.attr if isinstance(f, ast.Attribute) else f.id for f in found if isinstance(f, ast.Attribute | ast.Name)}


def test_one_place_of_the_workbench_draws_a_download() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in ("app", "pages")
        for path in (ROOT / folder).glob("*.py")
        if "download_button" in path.read_text(encoding="utf-8") and "desk" not in path.name
    }
    assert found == {"app/leaving.py"}


WRITERS = ("rcs_core.workshop.export", "rcs_core.documents.write", "rcs_core.audit", "rcs_core.pbt")


@pytest.mark.parametrize("path", sorted((ROOT / "rcs_core" / "cli").glob("*.py")), ids=lambda p: p.stem)
def test_what_the_command_line_writes_of_a_release_passes_the_gate(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and (n.module or "").startswith(WRITERS)]
    writers = {alias.asname or alias.name for n in imports for alias in n.names if alias.name.startswith("write_")} - {
        "write_taken"
    }
    for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
        if used := calls(function) & writers:
            assert "let_out_file" in calls(function), f"{path.name}, {function.name}: {used}"


def test_notes_say_whose_what_when_with_which_choices_and_who_is_not_in_it(release: Release) -> None:
    stamp = replace(Stamp.of(release, dt.date(2026, 3, 9), "A. Brown"), price_year="2025-26")
    frame = pd.DataFrame({"School": ["a"], "With need": ["[c]"], "Spend (£)": [1.0]})
    beside = Beside({"needs_area": ["Kirkton cluster"]}, ["Rows are schools."], ["[c] hidden."])
    said = notes(frame, "Pupils in P5 to P7, Enjoys learning, Kirkton cluster", stamp, release, beside).decode("utf-8-sig")
    for part in (
        "Area: Strathmere", "Taken away on: 2026-03-09", f"Release: {release.id}", "Program: RCS workbench", "Prices of: 2025-26",
        "By: A. Brown", "Data: Fictional", "needs_area: Kirkton cluster", "With need: ", "Unit: ", "[c] hidden.",
        "Rows are schools.", "Asked: Enjoys learning", "Who is not in it", "76% of pupils on the roll answered",
        "What money is not in it",
    ):  # fmt: skip
        assert part in said, part
    with zipfile.ZipFile(io.BytesIO(pack(frame, "Schools", stamp, release, beside))) as whole:
        assert whole.namelist() == [stamp.file_name("Schools", "csv"), stamp.file_name("Schools", "csv")[:-4] + "_notes.txt"]


def test_a_link_and_a_citation_carry_what_controls_hold_and_nothing_that_was_written_into_an_address() -> None:
    assert set(chosen._FORMS) == {shift_open.LINK, tour.KEY}
    for path in (ROOT / "app").glob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not ("bind=" in line and "text_" in line), f"{path.name}: free text in a link"

    def script() -> None:
        import streamlit as st

        from app import chosen, cite, controls

        controls.one_of("Where", ["Kirkton cluster", "Hillhead Primary"], "needs_area", str)
        st.toggle("Large", key="room", value=True)
        st.write(f"{cite.link()} {chosen.choices()}")

    page = AppTest.from_function(script, default_timeout=60)
    asked = {
        "needs_area": "Hillhead Primary",
        "told": "p0123456789ab",
        "tour": "a name",
        "kept": "our-plan-1a2b3c.2",
        "room": "true",
    }
    for key, value in asked.items():
        page.query_params[key] = value
    page.run()
    said = str(page.markdown[0].value)
    assert "?needs_area=Hillhead+Primary&kept=our-plan-1a2b3c.2&room=true" in said
    assert "0123456789ab" not in said
    assert "name" not in said
    page.query_params["needs_area"] = "Ann Brown"
    page.run()
    assert "Brown" not in str(page.markdown[0].value)


def test_an_error_of_a_download_is_kept_for_the_page_and_told_once() -> None:
    def script() -> None:
        import streamlit as st

        from app import leaving, refused
        from rcs_core.access import at_this_machine

        held = st.session_state.setdefault("held", [])
        monkey = st.session_state.get("press")
        real = refused.watched
        if monkey:
            made = real(
                lambda: leaving._through(lambda: b"pupil_id\n1\n", "csv", "a subject", None, False, at_this_machine()), "a-key"
            )
            try:
                made()
            except Exception as error:
                held.append(str(error))
            st.session_state["press"] = False
        leaving.button("Take", "a subject", "csv", lambda: b"a\n1\n", None, "a-key")

    page = AppTest.from_function(script, default_timeout=60)
    page.session_state["press"] = True
    page.run()
    assert "may not leave" in page.error[0].value
    assert "To fix" in page.error[0].value
    page.run()
    assert not page.error
    assert leaving.MIME.keys() == leaving.ICONS.keys()
