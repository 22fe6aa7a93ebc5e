"""The money workbook: every sum live and equal to the lines, the lines to the ledgers; from a shared screen no price of one."""

import datetime as dt
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import openpyxl
import pytest

from rcs_core import release as waist
from rcs_core.release import Release
from rcs_core.sheets.write import Formula, Sheet
from rcs_core.stamp import Stamp
from rcs_core.vocab import Agency
from rcs_core.workshop import big_screen, versus
from rcs_core.workshop.couple.levers import Preset
from rcs_core.workshop.export.comparison_book import write_comparison_book
from rcs_core.workshop.export.money_book import tables, write_money_book
from rcs_core.workshop.inputs.depths import two_figures
from rcs_core.workshop.spend_map.money import agency_label
from tests.conftest import rcs_here
from tests.office import error_values, have_office, recalculated
from tests.tiny_release import tiny_release
from tests.workshop.test_comparison_book import STAMP, side

DAY = dt.date(2026, 11, 22)


AWKWARD = "=HYPERLINK(1)"


@cache
def small() -> Release:
    """The small release, whose first service has a name that looks like a formula."""
    release = waist.load(tiny_release(Path(mkdtemp())))
    services, spend = release.frame("services"), release.frame("spend")
    spend.loc[spend["service_id"] == services.loc[0, "service_id"], "service_name"] = AWKWARD
    services.loc[0, "service_name"] = AWKWARD
    frames = {"services": services, "spend": spend}
    tables = {k: replace(t, frame=frames.get(k, t.frame)) for k, t in release.tables.items()}
    return Release(release.manifest, tables, release.path)


@cache
def book(on_screen: bool = False) -> dict[str, Sheet]:
    found, proofs = tables(small(), on_screen, DAY)
    return {sheet.name: sheet for sheet in (*found, proofs)}


def records(sheet: Sheet) -> list[dict[str, Any]]:
    heads = [column.title for column in sheet.columns]
    return [dict(zip(heads, row, strict=True)) for row in sheet.rows]


def test_every_line_of_spend_is_there_to_the_penny() -> None:
    found = sorted((r["Service id"], r["Who pays"], r["Amount (£)"]) for r in records(book()["Spend"])[:-1])
    frame = small().frame("spend")
    known = zip(frame["service_id"], map(agency_label, frame["agency"]), frame["amount_gbp"].astype(float), strict=True)
    assert found == sorted((s, a, round(v, 2)) for s, a, v in known)


def test_sums_and_shares_are_live_and_the_checks_tie_them_to_the_ledgers() -> None:
    for name in ("By service", "By payer", "By group", "Who runs it", "By year"):
        heads = [c.title for c in book()[name].columns]
        first = heads.index("Primary prevention (£)")
        assert all(isinstance(v, Formula) for row in book()[name].rows for v in row[first:]), name
    assert {row["Check"] for row in records(book()["Checks"])} == {
        "Adds up to the lines of spend", "The lines are what the ledgers mapped", "What is left out has a reason",
        "Every ledger is accounted for",
    }  # fmt: skip
    ledgers = records(book()["Ledgers"])[:-1]
    assert [row["Control total (£)"] for row in ledgers] == small().frame("ledger_totals")["control_total"].tolist()


def test_the_register_holds_every_service_with_its_terms_and_its_price_for_a_child() -> None:
    register, services = records(book()["Register"]), small().frame("services")
    assert [row["Service id"] for row in register] == services["service_id"].tolist()
    assert [row["Children served"] for row in register] == services["children_served"].tolist()
    assert all(isinstance(row["Spend per child served (£)"], Formula) for row in register)
    assert {row["How it is bought"] for row in records(book()["Register, terms"])} >= {"Contract", "Run by the funder itself"}


def test_every_question_to_ask_stands_with_its_figure_and_its_rule() -> None:
    asked = records(book()["Questions to ask"])
    assert asked
    assert all(row["Figure"] and row["Rule"] and row["Asked when"] for row in asked)


def test_from_a_shared_screen_no_provider_and_no_price_of_a_bought_service_is_in_it() -> None:
    release = small()
    register = big_screen.register(release)
    bought = big_screen.bought(release)
    paid = release.frame("spend").groupby("service_id")["amount_gbp"].sum()
    prices = {round(float(paid[sid]), 2) for sid in bought}
    providers = {str(register[sid]["provider"]) for sid in bought} - {agency.label for agency in Agency}
    cells = [(name, v) for name, sheet in book(True).items() for row in sheet.rows for v in row]
    assert not [(n, v) for n, v in cells if isinstance(v, int | float) and round(float(v), 2) in prices]
    texts = [(n, v) for n, v in cells if isinstance(v, str)]
    assert not [(n, v) for n, v in texts for name in providers if name in v]
    assert not [(n, v) for n, v in texts for price in prices if f"{price:,.0f}" in v or f"{price:,.2f}" in v]
    assert any("Not on the big screen" in v for _, v in texts)


def test_off_the_shared_screen_providers_and_prices_are_there() -> None:
    texts = {v for row in book()["Register"].rows for v in row if isinstance(v, str)}
    assert {"Aberlea Trust", "Leven Counselling"} <= texts
    assert "Not on the big screen" not in texts


def test_the_books_hold_to_their_values_in_libreoffice_and_text_stays_text(tmp_path: Path) -> None:
    write_money_book(small(), Stamp.of(small(), DAY), tmp_path / "money.xlsx")
    cells = [
        c for s in openpyxl.load_workbook(tmp_path / "money.xlsx") for row in s.iter_rows() for c in row if c.value == AWKWARD
    ]
    assert len(cells) > 2
    assert all(c.data_type == "s" for c in cells)
    done = rcs_here("money-tables", small().path, tmp_path / "screen.xlsx", "--big-screen")
    assert done.returncode == 0, done.stderr
    cover = [str(row) for row in openpyxl.load_workbook(tmp_path / "screen.xlsx", read_only=True)["Cover"].values]
    assert any("shared screen" in text for text in cover)
    if not have_office():
        return
    beside(tmp_path / "beside.xlsx")
    found = recalculated([tmp_path / f"{name}.xlsx" for name in ("beside", "money", "screen")], tmp_path)
    assert {name: error_values(grids) for name, grids in found.items()} == {name: [] for name in found}
    for name in found:
        assert all(row["Holds"] for row in grid(found[name]["Checks"])), name
    paid = small().frame("spend").groupby("service_id")["amount_gbp"].sum()
    services = {r["Service id"]: r["All levels (£)"] for r in grid(found["money"]["By service"])[:-1]}
    assert services == pytest.approx(paid.to_dict(), abs=0.005)
    register = {r["Service id"]: r["Spend (£)"] for r in grid(found["money"]["Register"])}
    assert register == pytest.approx(paid.to_dict(), abs=0.005)
    differences(grid(found["beside"]["By part"]))


def grid(rows: list[list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(rows[3], row, strict=True)) for row in rows[4:]]


def beside(path: Path) -> None:
    """A comparison of three scenarios, one of which ends sooner."""
    write_comparison_book([side(Preset.AS_IS), side(Preset.SHIFT_2), side(Preset.SHIFT_2, horizon=3)], STAMP, path)


def differences(parts: list[dict[str, Any]]) -> None:
    """What a live difference comes to is the difference of the changes that the screen says."""
    first, second = side(Preset.AS_IS), side(Preset.SHIFT_2)
    less = {row["Part of the money"]: 1000 * row[f"{second.title}, less {first.title}"] for row in parts}
    for label, change in zip(*(versus.levels([first, second])[c] for c in ("Part", f"{second.title} (£)")), strict=True):
        assert (two_figures(less[label]) if second.rough else less[label]) == pytest.approx(change, abs=0.01)
