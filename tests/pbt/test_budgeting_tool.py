"""Claims about the budgeting tool's tables: what goes out comes back, and what is wrong is told in the house form."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rcs_core.contracts import CheckReport, check_folder, contracts
from rcs_core.errors import ContractError, SettingsError, UnreadableError
from rcs_core.pbt import Book, book_of_folder, book_of_release, read_book, take_in, write_book, write_taken
from rcs_core.pbt.book import table_of
from rcs_core.pbt.layout import layouts
from rcs_core.release import load
from rcs_core.vocab import Agency, Severity
from tests.tiny_folder import edit, write_tiny
from tests.tiny_release import tiny_release
from tests.workshop.money_releases import budget, changed

WORDS = st.text("abcXYZ ,;'=+-@é%", min_size=1, max_size=12).map(lambda s: " ".join(s.split()).strip("' ")).filter(bool)
IDS = st.lists(st.integers(1, 999), min_size=1, max_size=4, unique=True).map(lambda found: [f"S{n:03d}" for n in found])
BUDGETS = (
    "service_id,agency,financial_year,amount_gbp,state,source\nS001,council_education,2026-27,1000.5,approved,Budget paper 2026\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny folder with a fund, a split line and a later budget."""
    made = write_tiny(tmp_path_factory.mktemp("folder"))
    (made / "budgets.csv").write_text(BUDGETS, encoding="utf-8")
    edit(made / "ledger_map.csv", lambda text: "\n".join(f"{line},{'PEF' if k == 1 else 'fund' if not k else ''}"
                                                          for k, line in enumerate(text.strip().split("\n"))) + "\n")  # fmt: skip
    return made


@pytest.fixture(scope="module")
def report(folder: Path) -> CheckReport:
    return check_folder(folder)


@st.composite
def books(draw: st.DrawFn) -> Book:
    ids = draw(IDS)
    agencies = st.sampled_from([a.value for a in Agency])
    lines, tags, outcomes = [], [], []
    for k, sid in enumerate(ids):
        pence = draw(st.integers(-10_000_000, 10_000_000_000))
        lines.append({"line": f"L{k}", "agency": draw(agencies), "service_name": draw(WORDS), "service_id": sid,
                      "financial_year": "2026-27", "amount_gbp": f"{pence / 100:.2f}".rstrip("0").rstrip("."),
                      "status": draw(st.sampled_from(["approved", "indicative", "assumed"])), "source": draw(WORDS),
                      "fund": draw(st.sampled_from(["", "PEF"]))})  # fmt: skip
        first = draw(st.integers(0, 100))
        tags.append({"service_id": sid, "pct_primary": str(first), "pct_secondary": str(100 - first), "pct_tertiary": "0",
                     "pct_responsive": "0", "pct_other": "0", "tag_confidence": "high", "tagged_on": "2026-04-20",
                     "primary_purpose": draw(WORDS)})  # fmt: skip
        for place, outcome in enumerate(draw(st.lists(st.sampled_from(["safe", "active"]), unique=True)), start=1):
            outcomes.append({"service_id": sid, "outcome_list": "shanarri", "outcome": outcome, "place": str(place)})
    return Book(table_of("organise", lines), table_of("prevention", tags), table_of("outcomes", outcomes))


def same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    return one.astype(str).to_numpy().tolist() == other.astype(str).to_numpy().tolist() and list(one) == list(other)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=4)
@given(book=books())
def test_what_is_written_is_what_is_read(book: Book, tmp_path: Path) -> None:
    write_book(book, tmp_path / "book.xlsx", "Made for a test.", desk_only=False)
    found, said = read_book(tmp_path / "book.xlsx")
    assert [b for b in said if b.severity.value == "error"] == []
    for name, frame in book.tables().items():
        assert same(found.tables()[name], frame), name


def test_a_folder_that_goes_out_and_comes_back_is_the_same(folder: Path, report: CheckReport, tmp_path: Path) -> None:
    write_book(book_of_folder(report), tmp_path / "book.xlsx", "Tiny.", desk_only=True)
    book, said = read_book(tmp_path / "book.xlsx")
    register = report.tables["services"].drop(columns=["_mark", "_why", "_row"]).fillna("").astype("str")
    taken = take_in(book, "book.xlsx", register, said)
    assert taken.errors == []
    written = write_taken(taken, tmp_path / "in")
    assert [path.name for path in written] == ["services.xlsx", "ledger_map.csv", "budgets.csv"]
    assert (tmp_path / "in" / "budgets.csv").read_text(encoding="utf-8") == BUDGETS
    before, after = (
        pd.read_csv(where / "ledger_map.csv", dtype=str, keep_default_na=False) for where in (folder, tmp_path / "in")
    )
    assert same(before, after)
    again = tmp_path / "again"
    write_tiny(again)
    for path in written:
        path.replace(again / path.name)
    second = check_folder(again)
    assert second.errors == []
    for stem in ("services", "ledger_map", "budgets"):
        assert same(second.tables[stem].drop(columns="_row"), report.tables[stem].drop(columns="_row")), stem


def test_the_lines_of_a_folder_add_up_to_its_ledgers(report: CheckReport) -> None:
    lines = book_of_folder(report).organise
    spent = lines[lines["status"] == "spent"]
    for ledger, about in report.ledger_columns.items():
        own = spent.loc[spent["ledger"] == ledger, "amount_gbp"].astype(float)
        assert round(own.sum(), 2) == float(about["control_total_gbp"])


def test_a_release_goes_out_without_a_cost_centre_and_its_tags_come_back(tmp_path: Path) -> None:
    release = load(tiny_release(tmp_path / "release"))
    release = changed(release, budgets=pd.DataFrame([budget("S004", "council_education", 180_000.25)]))
    write_book(book_of_release(release), tmp_path / "book.xlsx", "Tiny.", desk_only=False)
    book, said = read_book(tmp_path / "book.xlsx")
    assert (book.organise[["ledger", "cost_centre", "pct"]] == "").all(axis=None)
    spent = book.organise[book.organise["status"] == "spent"]
    assert round(spent["amount_gbp"].astype(float).sum(), 2) == round(float(release.frame("spend")["amount_gbp"].sum()), 2)
    taken = take_in(book, "book.xlsx", None, said)
    assert taken.errors == []
    assert taken.budgets.to_numpy().tolist() == [
        ["S004", "council_education", "2026-27", "180000.25", "approved", "budget paper, February 2026"]
    ]
    register = release.frame("services").set_index("service_id")
    back = taken.services.set_index("service_id")
    assert set(back.index) == set(register.index)
    for column in ("pct_primary", "pct_secondary", "pct_tertiary", "pct_responsive", "pct_other"):
        assert (back[column].astype(float) == register.loc[back.index, column].astype(float)).all()
    for column in ("tag_confidence", "shanarri", "domain", "service_name", "parent_group"):
        assert (back[column] == register.loc[back.index, column]).all(), column


def test_another_order_of_rows_and_of_sheets_other_headings_and_a_title_above_change_nothing(
    report: CheckReport, tmp_path: Path
) -> None:
    book = book_of_folder(report)
    write_book(book, tmp_path / "book.xlsx", "Tiny.", desk_only=True)
    workbook = openpyxl.load_workbook(tmp_path / "book.xlsx")
    sheet = workbook["2 Prevention tags"]
    sheet.insert_rows(1, 3)
    sheet["A1"] = "Our own title"
    heads = {cell.value: cell for cell in sheet[7]}
    heads["Responsive (%)"].value = "Acute (%)"
    sheet.title = "Step 2 Preventative tagging"
    workbook.move_sheet("3 Outcome tags", -2)
    workbook.save(tmp_path / "other.xlsx")
    plain, _ = read_book(tmp_path / "book.xlsx")
    found, _ = read_book(tmp_path / "other.xlsx")
    register = pd.DataFrame({"service_id": ["S002", "S001"], "children_served": ["12", "50"]}, dtype="str")
    one = take_in(plain, "book.xlsx", register)
    shuffled = replace(found, prevention=found.prevention.iloc[::-1], outcomes=found.outcomes.iloc[::-1])
    assert same(take_in(shuffled, "other.xlsx", register).services, one.services)
    assert one.services["children_served"].tolist() == ["12", "50"], "what the workbook does not hold stays as it was"


def test_an_outcome_of_another_list_is_left_out_and_that_is_said(report: CheckReport) -> None:
    book = book_of_folder(report)
    other = {**book.outcomes.iloc[0].to_dict(), "outcome_list": "other", "outcome": "We live in communities that are inclusive"}
    taken = take_in(replace(book, outcomes=pd.concat([book.outcomes, pd.DataFrame([other])])), "book.xlsx")
    assert same(taken.services, take_in(book, "book.xlsx").services)
    told = [f for f in taken.findings if "1 tag(s) of another list are left out" in f.rule]
    assert [(f.severity, f.sheet) for f in told] == [(Severity.NOTE, layouts()["outcomes"].sheet)]


WRONG = (
    ("prevention", 5, {"pct_other": 5}, "add up"),
    ("prevention", 6, {"tag_confidence": "sure"}, 'column `tag_confidence`: got "sure". Expected one of: high, medium, low'),
    ("outcomes", 5, {"service_id": "Nurture"}, "an id as the register has them"),
    ("outcomes", 6, {"outcome": "happy"}, "an outcome of the list"),
    ("organise", 5, {"agency": "the board"}, 'column `agency`: got "the board"'),
    ("organise", 6, {"cost_centre": None}, "a ledger and a cost centre together"),
    ("organise", 7, {"financial_year": "next year"}, 'column `financial_year`: got "next year"'),
)
"""Sheet, row, what is written in it, and what is said of it."""


def test_what_is_wrong_in_a_workbook_is_told_with_sheet_and_column_all_at_once(report: CheckReport, tmp_path: Path) -> None:
    write_book(book_of_folder(report), tmp_path / "book.xlsx", "Tiny.", desk_only=True)
    workbook = openpyxl.load_workbook(tmp_path / "book.xlsx")
    for table, row, changes, _ in WRONG:
        for column, value in changes.items():
            workbook[layouts()[table].sheet].cell(row, layouts()[table].columns.index(column) + 1).value = value
    workbook.save(tmp_path / "book.xlsx")
    found, breaches = read_book(tmp_path / "book.xlsx")
    errors = [error.text() for error in take_in(found, "book.xlsx", None, breaches).errors]
    for table, _, _, said in WRONG:
        assert any(said in text and layouts()[table].sheet in text for text in errors), (said, errors)


def test_a_sheet_that_is_not_there_and_a_file_that_is_no_workbook_are_told(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "empty.xlsx")
    _, said = read_book(tmp_path / "empty.xlsx")
    assert [b.rule for b in said] == [f"a sheet {layout.sheet}" for layout in layouts().values()]
    with pytest.raises(UnreadableError, match="no workbook"):
        read_book(tmp_path / "lines.csv")


def test_nothing_is_written_over(report: CheckReport, tmp_path: Path) -> None:
    taken = take_in(book_of_folder(report), "book.xlsx")
    write_taken(taken, tmp_path)
    with pytest.raises(SettingsError, match="written over"):
        write_taken(taken, tmp_path)


def test_budgets_of_a_wrong_year_or_of_no_spend_are_told_and_a_folder_with_a_breach_does_not_go_out(tmp_path: Path) -> None:
    made = write_tiny(tmp_path)
    head, row = BUDGETS.strip().split("\n")
    rows = [row.replace("2026-27", "2025-26"), row.replace("2026-27", "2026-28"), row.replace("council_education", "fire")]
    (made / "budgets.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    found = check_folder(made)
    assert {"after_ledgers", "two_years", "no_spend"} <= {b.code for b in found.groups if b.file == "budgets.csv"}
    with pytest.raises(ContractError, match="breaches stop the export"):
        book_of_folder(found)


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    rows = [{"line": "1", "service_id": "S001", "status": "approved", "financial_year": "2026-27", "amount_gbp": "5",
             "agency": "fire", "source": "=1+1"}]  # fmt: skip
    tags = [{"service_id": "S001", "tagged_by": "+team"}]
    taken = take_in(Book(table_of("organise", rows), table_of("prevention", tags), table_of("outcomes", [])), "x.xlsx")
    write_taken(taken, tmp_path)
    assert "'=1+1" in (tmp_path / "budgets.csv").read_text(encoding="utf-8")
    cells = [c for row in openpyxl.load_workbook(tmp_path / "services.xlsx").active.iter_rows() for c in row]
    assert "'+team" in {c.value for c in cells}
    assert not [c for c in cells if c.data_type == "f"]


def test_every_code_of_the_layout_is_one_of_a_contract() -> None:
    column = layouts()["organise"].contract.column("agency")
    assert column is not None
    base = contracts()["ledger_map"].column("agency")
    assert base is not None
    assert column.codes == base.codes
