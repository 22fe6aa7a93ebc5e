"""Claims about keys as a partnership sends and sees them: slips told at once with their rows, and the key named on the page."""

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from rcs_core.contracts import check_folder
from rcs_core.records.ingest import ingest
from rcs_core.records.ledgers import map_spend
from rcs_core.release import Release
from rcs_core.workshop import spend_map
from tests.tiny_folder import edit, write_tiny

HEAD = "key_id,basis,area_code,amount,year,source\n"
GOOD = HEAD + "BOARD,pupils,999,12000,2025,Pupil census\nBOARD,pupils,998,36000,2025,Pupil census\n"


def folder_with(folder: Path, keys: str | None, named: str = "BOARD") -> Path:
    """The tiny folder, its one line of the board divided by a key."""
    write_tiny(folder)
    edit(folder / "ledger_map.csv", lambda text: _with_column(text, named))
    if keys is not None:
        (folder / "apportionment_keys.csv").write_text(keys, encoding="utf-8")
    return folder


def _with_column(text: str, named: str) -> str:
    head, *lines = text.strip().split("\n")
    return "\n".join([f"{head},key_id", *(f"{line},{named if line.startswith('ledger_nhs') else ''}" for line in lines)]) + "\n"


def told(folder: Path) -> list[tuple[str, str]]:
    return [(e.file, e.column) for e in check_folder(folder).errors]


def test_a_boards_ledger_passes_the_check_and_the_key_is_named_wherever_its_money_is(tmp_path: Path) -> None:
    report = check_folder(folder_with(tmp_path, GOOD.lower()))
    assert report.errors == []
    found = map_spend(ingest(report))
    release = Release(
        SimpleNamespace(partnership="Tiny", year="2025-26", min_cell=10), {t.name: t for t in found.tables}, tmp_path
    )
    totals = release.frame("ledger_totals").set_index("ledger").loc["ledger_nhs"]
    assert totals["mapped"] * 3 == totals["other_areas"] > 0
    key = "key BOARD: 25% by pupils on the roll, 2025, of 2 areas; pupil census"
    assert f"is our share by {key}." in spend_map.total(release).basis
    assert " other areas’ share + " in spend_map.reconciliation(release).headline.sentence
    kept = spend_map.apportioned(release)
    assert kept is not None
    assert kept.lines == (f"K{key[1:]}.",)
    assert kept.headline.sentence.startswith(f"£{totals['mapped']:,.2f} of £{totals['mapped'] * 4:,.2f}")
    out = spend_map.left_out(release).set_index("Why it is not in the figures")["Amount (£)"]
    assert out["Other council areas’ share, by key"] == totals["other_areas"]


@pytest.mark.parametrize(
    ("keys", "where"),
    [
        (None, ("ledger_map.csv", "key_id")),
        (GOOD.replace("BOARD", "OTHER"), ("ledger_map.csv", "key_id")),
        (GOOD.replace(",999,", ",997,"), ("apportionment_keys.csv", "area_code")),
        (GOOD.replace(",998,36000", ",998,0"), ("apportionment_keys.csv", "amount")),
        (GOOD.replace("36000", "6"), ("apportionment_keys.csv", "amount")),
        (GOOD.replace("pupils", "fixed"), ("apportionment_keys.csv", "amount")),
        (GOOD.replace("998,36000,2025", "998,36000,2024"), ("apportionment_keys.csv", "key_id")),
        (HEAD + "BOARD,pupils,999,12000,2025,Pupil census\n", ("apportionment_keys.csv", "key_id")),
        (GOOD.replace("pupils", "guess"), ("apportionment_keys.csv", "basis")),
    ],
)
def test_a_slip_in_a_key_is_an_error_of_its_row(tmp_path: Path, keys: str | None, where: tuple[str, str]) -> None:
    assert where in told(folder_with(tmp_path, keys))


def test_the_old_key_of_partnership_yaml_says_where_keys_stand_now(tmp_path: Path) -> None:
    write_tiny(tmp_path)
    edit(tmp_path / "partnership.yaml", lambda text: text + "apportionment: []\n")
    [error] = check_folder(tmp_path).errors
    assert "apportionment_keys.csv" in error.remedy


def test_a_release_without_keys_says_nothing_of_them(tmp_path: Path) -> None:
    found = map_spend(ingest(check_folder(write_tiny(tmp_path))))
    release = Release(
        SimpleNamespace(partnership="Tiny", year="2025-26", min_cell=10), {t.name: t for t in found.tables}, tmp_path
    )
    assert spend_map.apportioned(release) is None
    assert "other areas" not in spend_map.reconciliation(release).headline.sentence
    assert isinstance(spend_map.left_out(release), pd.DataFrame)
