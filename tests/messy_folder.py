"""A folder as a partnership might really send it, made from the demonstration: one mess after another, each with its mending."""

import os
import re
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from tests.tiny_folder import edit

CHI = "0101201233"
"""Ten digits that begin with a date: to a check, a CHI number of a child."""


def _header(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


def _third_stage(stage: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        lines = text.splitlines(keepends=True)
        cells = lines[3].split(",")
        cells[2] = stage
        lines[3] = ",".join(cells)
        return "".join(lines)

    return change


def _extra(text: str) -> str:
    first, *rest = text.splitlines()
    return "\n".join([f"{first},health_ref", *[f"{line},{CHI}" for line in rest]]) + "\n"


def make_messy(demo: Path, folder: Path) -> Path:
    """Copy the demonstration and spoil it: headers, spaces, codes, a CHI number, a file gone, a ledger of another year."""
    shutil.copytree(demo, folder)
    for name in ("demo_truth.json", "data_protection.yaml"):
        (folder / name).unlink(missing_ok=True)
    edit(folder / "partnership.yaml", lambda t: re.sub("name: .*", "name: Strathmere, as it came (fictional)", t, count=1))
    edit(folder / "schools.csv", _header("school_code", " SEED "))
    edit(folder / "pupil_census.csv", _header("pupil_id,school_code", "PUPIL ID,seed_code"))
    edit(folder / "pupil_census.csv", _third_stage("P9"))
    edit(folder / "social_work.csv", _extra)
    edit(folder / "survey_pupil_p5_p7.csv", lambda t: t.replace(",yes,", ", Yes ,", 5))
    edit(folder / "ledger_columns.yaml", lambda t: re.sub("financial_year: '?2025-26'?", "financial_year: 2024-25", t, count=1))
    (folder / "survey_parent_0_8.csv").unlink()
    old = datetime(2023, 6, 1).timestamp()
    os.utime(folder / "additional_support.csv", (old, old))
    (folder / "Thumbs.txt").write_text("not an input")
    return folder


def mend(demo: Path, folder: Path) -> None:
    """Mend what stops a build, as an officer would: the wrong code, the column that should not be there, the ledger's year."""
    for name in ("social_work.csv", "ledger_columns.yaml"):
        shutil.copyfile(demo / name, folder / name)
    edit(folder / "pupil_census.csv", _third_stage((demo / "pupil_census.csv").read_text().splitlines()[3].split(",")[2]))
