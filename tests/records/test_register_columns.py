"""What the register may say besides passes to the release, and a take-up from which few children follow does not."""

from pathlib import Path

import pandas as pd
import pytest

from rcs_core.audit.money import money_leaks
from rcs_core.contracts import Finding
from rcs_core.records.ledgers import map_spend
from rcs_core.records.register.check import files_with, look
from rcs_core.release import Table
from rcs_core.vocab import Severity
from tests.records.money_case import claim, ledger, records, service
from tests.records.test_register import small
from tests.tiny_folder import RESPONSIVE, SERVICE, write_sheet

MORE = {"areas": "C01; C02", "ages": "5-11", "outcomes": "Children are safe at home; CSP 2", "take_up": 100}


def folder(where: Path, *rows: dict[str, object]) -> Path:
    """A small folder whose two services have the further columns; rows: what differs in each."""
    small(where)
    both = [SERVICE | MORE | rows[0], SERVICE | RESPONSIVE | dict.fromkeys(MORE) | (rows[1] if len(rows) > 1 else {})]
    write_sheet(where / "services.xlsx", [list(SERVICE | MORE), *[list(row.values()) for row in both]])
    return where


def register(*services: dict[str, object]) -> pd.DataFrame:
    """The published register of hand-made services with money of their own."""
    lines = ledger(*((str(k), 1_000_00) for k in range(len(services))))
    claims = [claim(str(k), str(row["service_id"])) for k, row in enumerate(services)]
    return map_spend(records(list(services), {"ledger_council": lines}, claims)).table("services").frame.set_index("service_id")


def findings(where: Path) -> tuple[Finding, ...]:
    return look(files_with(where)).findings


def said(found: tuple[Finding, ...], column: str) -> str:
    return "\n".join(f.text() for f in found if f.column == column)


def test_areas_ages_outcomes_and_take_up_reach_the_release() -> None:
    found = register(service("S001", served=120, **MORE), service("S002", served=50, areas="C01;C02"))
    assert list(found.loc["S001", list(MORE)]) == ["C01; C02", "5-11", "Children are safe at home; CSP 2", 100]
    assert found.loc["S002", "areas"] == "C01; C02", "a list reads alike however it was typed"
    assert found.loc["S002", "ages"] == ""
    assert pd.isna(found.loc["S002", "take_up"])


def test_a_register_without_these_columns_gives_the_same_table_as_before() -> None:
    assert not set(MORE) & set(register(service("S001")).columns)
    assert not set(MORE) & set(register(service("S001", **dict.fromkeys(MORE, ""))).columns)


def test_a_merged_group_keeps_what_its_services_share_and_no_take_up() -> None:
    small = [service(f"S00{k}", served=8, areas="C01", ages=f"{k}-9", take_up=8) for k in (1, 2)]
    (row,) = register(*small, service("S003", served=90, take_up=90)).filter(like="M_", axis="index").to_dict("records")
    assert row["areas"] == "C01"
    assert row["ages"] == ""
    assert pd.isna(row["take_up"])


@pytest.mark.parametrize(
    ("served", "took", "told"), [(120, 120, True), (120, 110, True), (120, 111, False), (120, 9, False), (105, 112, False)]
)
def test_a_take_up_is_told_only_where_neither_it_nor_the_rest_is_few(served: int, took: int, told: bool) -> None:
    found = register(service("S001", served=served, take_up=took))
    assert bool(pd.notna(found.loc["S001", "take_up"])) is told


def test_the_outside_reader_finds_a_take_up_that_gives_few_children_away() -> None:
    rows = [("S001", 120, 100), ("S002", 120, 113), ("S003", 120, 9), ("S004", 120, None)]
    frame = pd.DataFrame(rows, columns=["service_id", "children_served", "take_up"])
    leaks = money_leaks([Table("services", "Register", frame)], 10)
    assert sorted({leak.where["service_id"] for leak in leaks}) == ["S002", "S003"]


def test_areas_that_are_none_and_ages_that_run_backwards_are_told(tmp_path: Path) -> None:
    second: dict[str, object] = {"areas": "999", "ages": "2026-05-11"}
    found = findings(folder(tmp_path / "in", {"areas": "C01, C09", "ages": "11-5"}, second))
    assert 'got "C01, C09"' in said(found, "areas")
    assert "row 2" in said(found, "areas")
    assert said(found, "areas").count("error") == 1, "the council's own code is an area"
    assert "the younger age first" in said(found, "ages")
    assert "format the column as text" in said(found, "ages")


def test_more_take_up_than_places_is_a_remark(tmp_path: Path) -> None:
    found = findings(folder(tmp_path / "in", {"take_up": 140}))
    assert [f.severity.value for f in found if "take_up" in f.rule and "capacity" in f.rule] == ["note"]
    assert not [f for f in found if f.severity is Severity.ERROR]
