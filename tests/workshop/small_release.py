"""The small release's money as a release, with whole tables put in, replaced or left out."""

from pathlib import Path

import pandas as pd

from rcs_core.release import Manifest, Release, Table
from tests.tiny_money import money_tables

YEAR = "2025-26"


def a_release(**changed: pd.DataFrame | None) -> Release:
    """The small release's money, with whole tables replaced or left out."""
    tables = {t.name: t for t in money_tables(YEAR)}
    for name, frame in changed.items():
        tables.pop(name, None)
        if frame is not None:
            tables[name] = Table(name, name, frame)
    return Release(Manifest("Strathmere", "999", True, YEAR, "0.1.0", 10), tables, Path("tiny"))
