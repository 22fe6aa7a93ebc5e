"""Claims about *Services and money* where a release names funds and later budgets: each is a tab with a number and a table."""

from pathlib import Path

import pandas as pd
import pytest

from rcs_core import release
from rcs_core.release import Table
from rcs_core.workshop.store import Store
from tests.app.test_money_views import said
from tests.tiny_release import open_page, tiny_release
from tests.workshop.money_releases import YEARS, budget


def test_funds_and_later_years_are_tabs_and_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = release.load(tiny_release(tmp_path / "made"))
    frame = made.frame("spend")
    rows = [budget("S004", "council_education", 180_000), budget("S004", "council_education", 170_000, YEARS[1], "indicative")]
    money = {
        "spend": frame.assign(fund=["PEF" if s == "S004" else "" for s in frame["service_id"]]),
        "budgets": pd.DataFrame(rows),
    }
    tables = [t for name, t in made.tables.items() if name not in money] + [Table(n, n, f) for n, f in money.items()]
    file = release.save(tables, made.manifest, tmp_path / "served")
    monkeypatch.setenv("RCS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RCS_RELEASE", str(file))
    (tmp_path / "home").mkdir()
    with Store.open(tmp_path / "home" / "store.sqlite") as store:
        store.sign_off(release.load(file).manifest.content_hash, "rcs build", "build", "fictional", True)
    page = open_page("services_and_money.py")
    assert not page.exception
    assert {"Which funds?", "Which years?"} <= {tab.label for tab in page.tabs}
    words = said(page)
    assert "£172,400 of £14.8 million in 2025-26 is of one ring-fenced fund" in words
    assert "For 2026-27, £180,000 is approved" in words
    assert "not restated" in words
