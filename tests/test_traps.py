"""Every trap of real data is found where it stands, said, counted by a receipt, and no row is lost on the way."""

import random
import shutil
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.contracts import CheckReport, check_folder
from rcs_core.vocab import Severity
from tests.conftest import ROOT
from tests.tiny_folder import PRIMARY_ITEMS, STAGES, census_rows, edit, pupil, write_lines, write_tiny
from tests.trap_page import PAGE, checked, told, written
from tests.traps import TOOLS, TRAPS, ToolTrap, Trap

BY_ITS_PLACE = "a sub-total that is the sum of the rows above or below it; by its words it is one, by its amount it is not"
ENDS = {Severity.ERROR: "with an error", Severity.DROP: "left out"}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny(tmp_path_factory.mktemp("sound") / "in")


@pytest.fixture(scope="module")
def as_it_was(sound: Path) -> CheckReport:
    return check_folder(sound)


def receipts(report: CheckReport, table: str) -> dict[str, int]:
    """The receipts of one table, those of a rule added up."""
    counts: Counter[str] = Counter()
    for receipt in report.receipts:
        if receipt.table == table:
            counts[receipt.rule] += receipt.rows
    return dict(counts)


def rows_lost(report: CheckReport, table: str) -> int:
    """The rows of a table that its receipts say are not kept."""
    return sum(r.rows for r in report.receipts if r.table == table and any(f"rows {end}" in r.text for end in ENDS.values()))


@pytest.mark.parametrize("trap", TRAPS, ids=lambda t: t.name)
def test_the_trap_is_found_said_and_counted_and_the_rows_add_up(trap: Trap, as_it_was: CheckReport) -> None:
    before = {(f.file, f.row, f.column, f.value, f.rule) for f in as_it_was.findings}
    report = checked(trap)
    found = told(report, trap)
    if found:
        assert (found.file, found.severity, found.row) == (trap.file, trap.severity, trap.row), found.text()
        assert (found.file, found.row, found.column, found.value, found.rule) not in before, "it is said of a sound folder too"
    assert (report.errors != []) == (trap.severity is Severity.ERROR), [f.text() for f in report.errors]
    table, rule, count = trap.receipt or ("", "", 0)
    mine = receipts(report, table)
    assert mine[rule] == count, mine
    assert mine["rows_in"] == mine["rows_kept"] + rows_lost(report, table)
    if trap.severity is not Severity.ERROR:
        assert rows_lost(report, table) == trap.dropped + receipts(as_it_was, table).get("subtotal", 0)


@pytest.mark.parametrize("trap", TOOLS, ids=lambda t: t.name)
def test_a_trap_of_tools_is_claimed_by_a_test_that_is_there(trap: ToolTrap) -> None:
    file, _, name = trap.claimed.partition("::")
    assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")


def test_a_boards_line_divided_over_councils_reconciles_when_the_others_part_is_a_row_of_its_own(
    sound: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(sound, tmp_path / "in"))
    other = "ledger_nhs,N1,,nhs_board,40,Paid on behalf of another partnership,existing,yes,revenue\n"
    edit(folder / "ledger_map.csv", lambda text: text.replace("nhs_board,100,", "nhs_board,60,") + other)
    report = check_folder(folder)
    assert report.errors == []
    assert receipts(report, "ledger_map")["rows_kept"] == 5


def test_rows_in_any_order_are_the_same_records_since_they_are_joined_by_id(sound: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(sound, tmp_path / "in"))
    for path in sorted(folder.glob("*.csv")):
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        random.Random(path.name).shuffle(rows)
        path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    one, other = check_folder(sound), check_folder(folder)
    assert [(r.table, r.rule, r.rows) for r in one.receipts] == [(r.table, r.rule, r.rows) for r in other.receipts]
    said, again = (Counter((f.file, f.column, f.rule) for f in report.findings) for report in (one, other))
    assert {rule for *_, rule in again - said} <= {BY_ITS_PLACE}, "only a sub-total is known by the rows that it stands under"
    assert said - again == Counter()
    for stem, frame in one.tables.items():
        names = [c for c in frame.columns if c != "_row"]
        theirs = other.tables[stem].sort_values(names, ignore_index=True)[names]
        assert frame.sort_values(names, ignore_index=True)[names].equals(theirs), stem


FORM = st.tuples(
    st.integers(1, 60),
    st.sampled_from(["9900101", "9900201", " 9900101 "]),
    st.sampled_from(["P5", "P6", "P7", "p5 ", "S1", "P4"]),
    st.sampled_from(["yes", "no", "", " YES", "prefer_not_to_say"]),
)


@given(forms=st.lists(FORM, min_size=1, max_size=30))
@settings(max_examples=10)
def test_whatever_is_wrong_with_the_forms_every_row_is_kept_or_left_out_for_one_reason(
    forms: list[tuple[int, str, str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = small(tmp_path_factory.mktemp("forms"))
    rows = [[pupil(number), school, stage, *[answer] * 9] for number, school, stage, answer in forms]
    write_lines(folder / "survey_pupil_p5_p7.csv", [["pupil_id", "school_code", "stage", *PRIMARY_ITEMS.split(",")], *rows])
    report = check_folder(folder)
    wanted = counted(forms)
    if wanted["kept"] + wanted["answered_twice"] == 0:
        return
    mine = receipts(report, "survey_pupil_p5_p7")
    assert report.errors == []
    assert mine["rows_in"] == len(forms)
    assert {rule: mine.get(rule, 0) for rule in ("wrong_stage", "not_in_census", "answered_twice")} == {
        rule: wanted[rule] for rule in ("wrong_stage", "not_in_census", "answered_twice")
    }
    assert mine["rows_kept"] == wanted["kept"] == len(forms) - rows_lost(report, "survey_pupil_p5_p7")
    frame = report.tables["survey_pupil_p5_p7"]
    assert Counter(frame["_why"].replace("", "kept")) == wanted


def small(folder: Path) -> Path:
    """The census, the schools and the partnership alone: enough for forms, and quick to check."""
    sound = write_tiny(folder / "all")
    for name in ("partnership.yaml", "schools.csv", "pupil_census.csv"):
        shutil.copy(sound / name, folder / name)
    shutil.rmtree(sound)
    return folder


def counted(forms: list[tuple[int, str, str, str]]) -> Counter[str]:
    """What becomes of each form, reckoned form by form as a person would with the census beside her."""
    roll = len(census_rows())
    seen: set[int] = set()
    counts: Counter[str] = Counter()
    for number, _, stage, _ in forms:
        if stage.strip().upper() not in {"P5", "P6", "P7"}:
            counts["wrong_stage"] += 1
        elif number > roll:
            counts["not_in_census"] += 1
        elif number in seen:
            counts["answered_twice"] += 1
        else:
            counts["kept"] += 1
            seen.add(number)
    assert sum(len(stages) for stages in STAGES.values()) * 3 == roll
    return counts


def test_the_page_of_traps_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == written(), "run python -m tests.trap_page"
