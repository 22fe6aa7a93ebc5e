"""Claims about the optional files of money: they pass the check, and without the option nothing of them is written."""

from pathlib import Path

import pandas as pd

from rcs_core.contracts import check_folder
from rcs_core.demo import write_demo
from rcs_core.records.ingest import ingest
from rcs_core.records.ledgers import map_spend
from tests.demo.conftest import Made


def test_keys_funds_and_budgets_are_checked_mapped_and_published(hamlet: Made, tmp_path: Path) -> None:
    write_demo(tmp_path / "demo", pupils=1_000, seed=3, all_money=True)
    report = check_folder(tmp_path / "demo")
    assert report.errors == []
    tables = {t.name: t.frame for t in map_spend(ingest(report)).tables}
    assert set(tables["spend"]["fund"]) == {"", "PEF", "CECYPF", "WFWF"}
    assert tables["apportionment"]["own_share_pct"].tolist() == [25.0]  # 1 of 1 + 1.7 + 1.3
    assert set(tables["budgets"]["state"]) == {"approved", "indicative"}
    assert not [p for p in hamlet.folder.iterdir() if p.stem in ("budgets", "apportionment_keys")]
    more = pd.read_csv(tmp_path / "demo" / "ledger_map.csv", dtype=str, keep_default_na=False)
    pd.testing.assert_frame_equal(more.drop(columns=["key_id", "fund"]), hamlet.csv("ledger_map"))
