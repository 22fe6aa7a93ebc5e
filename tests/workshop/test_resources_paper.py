"""The statement of resources as a document says what the statement says, no figure more, and names what is not known."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from rcs_core import gate
from rcs_core.documents.parts import Document, Picture
from rcs_core.documents.write import docx_bytes
from rcs_core.release import Release, load
from rcs_core.stamp import Stamp
from rcs_core.workshop import big_screen
from rcs_core.workshop.decide.parts import Decision, Money
from rcs_core.workshop.papers.plan_case import of_store
from rcs_core.workshop.papers.resources import MOST_YEARS, grid, resources_paper, stamped
from rcs_core.workshop.plan import criteria, resources
from rcs_core.workshop.plan.book import Book
from rcs_core.workshop.plan.chain import Plan, plan_of
from rcs_core.workshop.store import Store
from tests import paper_cases as cases
from tests.conftest import Home
from tests.workshop.decision_cases import SHEET
from tests.workshop.plan_cases import WHOLE

DAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def release(home: Home) -> Release:
    """Strathmere's release."""
    return load(home.release)


@pytest.fixture(scope="module")
def stamp(release: Release) -> Stamp:
    """The day's stamp."""
    return Stamp.of(release, DAY, "Morag Ross")


def a_plan(release: Release, years: int = 3, rough: bool = False) -> Plan:
    """Three agreed decisions on services of the release that run on their own: two more, one less."""
    bought = big_screen.bought(release)
    spend = release.frame("spend")
    pairs = spend.loc[~spend["service_id"].isin(bought), ["service_id", "agency"]].drop_duplicates("service_id")
    made = []
    for k, (service, agency) in enumerate(list(pairs.itertuples(index=False))[:3], 1):
        change = 1000.4 if k < 3 else -750.6
        lines = tuple(Money(service, f"20{26 + t}-{27 + t}", agency, change * (t + 1)) for t in range(years))
        made.append(replace(WHOLE, id=f"D{k}", title=f"=Change {k}", service_ids=(service,), money=lines, rough=rough))
    return plan_of(release, [agreed(one) for one in made], Book())


def agreed(one: Decision) -> Decision:
    """The decision with all that it needs to be agreed."""
    service = replace(SHEET.services[0], service_id=one.service_ids[0])
    return replace(one, conditions=("It helps.",), safety=replace(SHEET, services=(service,)) if one.reduced else None)


def paper_of(release: Release, plan: Plan, stamp: Stamp, veil: frozenset[str] = frozenset()) -> Document:
    """The document of a plan."""
    found = resources.statement(release, plan, veil=veil)
    assert found is not None
    return resources_paper(found, plan, criteria.check(release, plan, found), stamp, veil)


def said(document: Document) -> str:
    """All that stands in it."""
    return "\n".join(cases.texts(cases.read(document)))


def test_every_sentence_of_the_statement_stands_in_the_document_and_no_other_figure(release: Release, stamp: Stamp) -> None:
    plan = a_plan(release)
    found = resources.statement(release, plan)
    assert found is not None
    text = said(paper_of(release, plan, stamp))
    sentences = list(resources.sentences(found))
    assert all(sentence in text for sentence in sentences)
    tables = [table for _, table in resources.tables(found)]
    cells = [f"{abs(v):,.{p}f}" for t in tables for c in t for v in t[c].dropna() if not isinstance(v, str) for p in (0, 1)]
    about = [text for _, text in stamp.lines()] + [stamp.citation(""), found.basis, found.price_year, *map(str, sentences)]
    heads = [f"{t.columns.tolist()} {t.select_dtypes(['object', 'str']).to_numpy().tolist()}" for t in tables]
    checked = [f"{c.number} {c.title} {c.says} {c.beyond}" for c in criteria.check(release, plan, found)]
    own = ["criterion 12", "plans for 2023 to 2026", "22", "D1 D2 D3 =Change 1 2 3", "2027-06-30", "Table 4 5 6 Figure 1"]
    known = cases.numbers("\n".join([*cells, *about, *heads, *checked, *own, "3 of 3", "0 of 3", "1 payer 2 payers"]))
    assert cases.numbers(text) - known == set()


def test_it_reads_as_a_paper_with_headings_in_order_a_picture_and_headed_tables(release: Release, stamp: Stamp) -> None:
    document = paper_of(release, a_plan(release), stamp)
    paper, text = cases.read(document), said(document)
    assert cases.in_order(cases.levels(paper))
    assert all(cases.header_rows(paper))
    assert [bool(alt) for alt in cases.alts(paper)] == [True]
    assert "What is reduced" in text
    assert "With an owner: 3 of 3" in text
    assert docx_bytes(document) == docx_bytes(paper_of(release, a_plan(release), stamp))


def test_a_plan_that_moves_nothing_says_so_and_what_has_to_be_added(release: Release, stamp: Stamp) -> None:
    document = paper_of(release, plan_of(release, [], Book()), stamp)
    text = said(document)
    assert "£0 moves to prevention by an agreed decision" in text
    assert "No agreed decision moves money yet" in text
    assert "What is given up for what is added: no reduction is agreed." in text
    drawn = [block for block in document.blocks if isinstance(block, Picture)]
    assert [one.caption for one in drawn] == ["Spend by level, 2025-26, as tagged"]


def test_decisions_that_rest_on_guesses_make_it_for_discussion_only(release: Release, stamp: Stamp) -> None:
    document = paper_of(release, a_plan(release, rough=True), stamp)
    assert document.stamp.discussion
    assert not stamped(stamp, a_plan(release)).discussion
    assert "3 of 3 agreed decisions rest on guesses to half or more" in said(document)


def test_ten_years_stand_in_as_many_columns_as_paper_holds_and_those_left_out_are_named(release: Release, stamp: Stamp) -> None:
    text = said(paper_of(release, a_plan(release, years=10), stamp))
    assert "Left out for room: 2027-28, 2029-30, 2032-33 and 2034-35; the page Plan and review has them." in text
    frame = pd.DataFrame({"Who": ["a"], **{f"20{k}-{k + 1} (£)": [float(k)] for k in range(26, 26 + MOST_YEARS)}})
    assert "Left out" not in " ".join(grid(frame, "Six years").notes)


def test_a_table_is_whole_pounds_with_a_dash_for_what_is_blank() -> None:
    frame = pd.DataFrame({"Level": ["a", "b"], "Spend (£)": [-1234.56, None], "Share (%)": [12.34, 0.0], "Many": [3, 4]})
    found = grid(frame, "A table")
    assert [list(row) for row in found.rows] == [["a", "−1,235", "12.3", "3"], ["b", "–", "0.0", "4"]]
    assert found.figures == {1, 2, 3}
    assert found.notes == ["Amounts in whole pounds. – stands for what is not known, or not shown here."]


def test_on_the_big_screen_the_price_of_one_bought_service_is_in_no_sentence_or_table(release: Release, stamp: Stamp) -> None:
    veil = big_screen.veiled(release, True)
    spend = release.frame("spend")
    service, agency = next(iter(spend.loc[spend["service_id"].isin(veil), ["service_id", "agency"]].itertuples(index=False)))
    money = (Money(service, "2026-27", agency, 77777.0),)
    one = agreed(replace(WHOLE, title="Buy more for £77,777", service_ids=(service,), money=money))
    document = paper_of(release, plan_of(release, [one], Book()), replace(stamp, prices_hidden=True), veil)
    assert "77,777" in said(paper_of(release, plan_of(release, [one], Book()), stamp))
    assert "77,777" not in said(document)
    assert gate.let_out(docx_bytes(document), "docx", "statement of resources", release, prices_hidden=True)


def test_the_plan_of_a_store_is_that_of_its_decisions(release: Release, tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.sqlite") as store:
        found = of_store(release, store)
    assert found.plan.empty
    assert found.statement is not None
    assert not found.statement.moves


def test_the_command_writes_it_under_a_name_that_says_whose_it_is(home: Home, rcs: Callable[..., object], tmp_path: Path) -> None:
    rcs("resources", tmp_path, "--author", "Ada", env=home.env)
    (written,) = tmp_path.glob("*.docx")
    assert written.name.startswith("strathmere-fictional_statement-of-resources_")
