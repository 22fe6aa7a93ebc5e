"""Published figures for tests: the real files where a developer has them, and a few councils by hand."""

from functools import cache
from pathlib import Path

import pandas as pd

from rcs_core.contracts import contracts
from rcs_core.contracts.reading import read_table
from rcs_core.councils import councils
from rcs_core.release import Manifest, Release, Table
from tests.shared import shared_file

COLUMNS = ["topic", "indicator", "group", "value", "unit", "ci_low", "ci_high", "year", "geography", "source"]
FILES = (
    "B_C_lgbf_children_all_councils.csv",
    "B_cpop_children_all_councils.csv",
    "B_simd_distribution_and_gradients.csv",
    "B_admin.csv",
)
SOURCE = "Typed in a test"


def release(frame: pd.DataFrame, name: str = "Falkirk", code: str = "240") -> Release:
    """A release that holds nothing but published figures, with a hash of its own so that no screen takes it for another."""
    own = f"{hash((name, code, frame.to_csv())):x}"
    return Release(
        Manifest(name, code, False, "2025-26", "0", 10, content_hash=own),
        {"comparators": Table("comparators", "t", frame)},
        Path("t"),
    )


def rows(values: dict[str, float], indicator: str = "Rate", year: str = "2020-21", **more: object) -> pd.DataFrame:
    """One figure a place of one indicator and year, without intervals unless `ends` gives them by place."""
    ends = more.pop("ends", {})
    assert isinstance(ends, dict)
    blank = (float("nan"), float("nan"))
    told = {"topic": "T", "group": "all", "unit": "%", "source": SOURCE, **more}
    ci = {p: dict(zip(("ci_low", "ci_high"), ends.get(p, blank), strict=True)) for p in values}
    found = [{**told, **ci[p], "indicator": indicator, "value": v, "year": year, "geography": p} for p, v in values.items()]
    return pd.DataFrame(found)[COLUMNS]


@cache
def published() -> pd.DataFrame | None:
    """All published figures of the facts, read through the contract, councils under one name; None where they are not here."""
    paths = [shared_file(f"facts/{name}") for name in FILES]
    if None in paths:
        return None
    frames = [read_table(contracts()["comparators"], path)[0] for path in paths if path]
    frame = pd.concat(frames, ignore_index=True)
    numbers = {c: pd.to_numeric(frame[c].replace("", None)).astype("float64") for c in ("value", "ci_low", "ci_high")}
    return frame.assign(**numbers, geography=[councils().name(g) for g in frame["geography"]])[COLUMNS]
