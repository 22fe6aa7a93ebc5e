"""One default-size and one small folder of Strathmere a run, with what is true in them."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from rcs_core.demo import DemoTruth, write_demo


@dataclass(frozen=True)
class Made:
    """A written folder and its truth."""

    folder: Path
    truth: DemoTruth

    def csv(self, name: str) -> pd.DataFrame:
        """One csv as text, headers tidied as a reader of the folder would."""
        frame = pd.read_csv(self.folder / f"{name}.csv", dtype=str, keep_default_na=False)
        return frame.rename(columns=lambda header: header.strip().lower())

    def tidy(self, name: str) -> pd.DataFrame:
        """One csv with spaces and case of its codes mended."""
        frame = self.csv(name)
        for column in frame:
            frame[column] = frame[column].str.strip()
        if "stage" in frame:
            frame["stage"] = frame["stage"].str.upper()
        items = [c for c in frame if c not in ("pupil_id", "school_code", "stage", "respondent_id", "stratum", "psu")]
        frame[items] = frame[items].apply(lambda column: column.str.lower())
        return frame

    def prevalence(self, survey: str, indicator: str, by: str = "area", wave: str = "2025") -> dict[str, float]:
        """The known truth of a wave, by code."""
        waves = {"2025": self.truth.prevalence} | {w["wave"]: w["prevalence"] for w in self.truth.earlier}
        rows = [r for r in waves[wave] if (r["survey"], r["indicator"], r["by"]) == (survey, indicator, by)]
        return {r["code"]: r["pct"] for r in rows}


@pytest.fixture(scope="session")
def strathmere(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("demo") / "strathmere"
    return Made(folder, write_demo(folder))


@pytest.fixture(scope="session")
def hamlet(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("demo") / "hamlet"
    return Made(folder, write_demo(folder, pupils=1_000, seed=3))
