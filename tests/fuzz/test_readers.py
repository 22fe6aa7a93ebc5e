"""Whatever stands in a file, reading it ends in rows or in a message: no other error, no hang.

A hundred or two files a run, the same ones each time. RCS_FUZZ=5000 tries as many of each kind, and others every time.
"""

import faulthandler
import os
import shutil
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rcs_core.contracts import check_folder
from rcs_core.contracts.annotate import annotate
from rcs_core.contracts.as_sent import as_sent
from rcs_core.contracts.files import read_raw
from rcs_core.errors import RcsError
from rcs_core.records.ingest import ingest
from rcs_core.records.link import link
from rcs_core.settings import read_yaml
from rcs_core.sheets.read import read_sheet
from tests.fuzz.spoilt import spoilt
from tests.tiny_folder import write_tiny, write_wave

HARD = int(os.environ.get("RCS_FUZZ", "0"))
LONGEST = 60
"""Seconds that one example may take before the run is broken off."""


def tried(kind: st.SearchStrategy[bytes], examples: int, look: Callable[[bytes], object]) -> list[str]:
    """Look at many files; the last lines of each different error that is not ours. Breaks off with a traceback on a hang."""
    troubles: dict[str, str] = {}
    refused: set[str] = set()

    @settings(
        max_examples=HARD or examples,
        derandomize=not HARD,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(kind)
    def one(data: bytes) -> None:
        faulthandler.dump_traceback_later(LONGEST, exit=True)
        try:
            look(data)
        except RcsError as problem:
            refused.add(problem.what)
        except Exception as trouble:
            places = [f"{f.filename}:{f.lineno}" for f in traceback.extract_tb(trouble.__traceback__) if "rcs_core" in f.filename]
            troubles.setdefault(f"{type(trouble).__name__} at {places[-1:]}", f"{trouble} on {data[:300]!r}")
        finally:
            faulthandler.cancel_dump_traceback_later()

    one()
    assert all(refused)
    return [f"{where}: {what}" for where, what in troubles.items()]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound folder with an earlier wave in it."""
    folder = write_tiny(tmp_path_factory.mktemp("sound") / "in")
    write_wave(folder)
    return folder


@pytest.fixture(scope="module")
def scratch(sound: Path) -> Path:
    """A copy whose files are spoilt one after the other, and mended again."""
    return Path(shutil.copytree(sound, sound.parent / "scratch"))


FILES = [
    "partnership.yaml", "schools.csv", "pupil_census.csv", "survey_pupil_p5_p7.csv", "survey_pupil_s1_s4.csv",
    "survey_parent_0_8.csv", "social_work.csv", "additional_support.csv", "services.xlsx", "ledger_council.xlsx",
    "ledger_nhs.csv", "ledger_columns.yaml", "ledger_map.csv", "evidence_of_effect.csv", "demand_history.csv",
    "wave_2023/pupil_census.csv", "wave_2023/survey_pupil_p5_p7.csv",
]  # fmt: skip


@pytest.mark.parametrize("name", ["services.xlsx", "ledger_nhs.csv", "demand_history.csv"])
def test_any_file_is_read_or_refused_with_a_reason(name: str, sound: Path) -> None:
    path = sound.parent / name

    def look(data: bytes) -> None:
        path.write_bytes(data)
        table, breaches = read_raw(path)
        assert table is not None or all(b.rule and b.remedy for b in breaches)
        as_sent(path)
        if path.suffix == ".xlsx":
            read_sheet(path)

    assert tried(spoilt(name, (sound / name).read_bytes()), 60, look) == []


@pytest.mark.parametrize("name", ["partnership.yaml", "ledger_columns.yaml"])
def test_any_yaml_is_read_or_refused_with_a_reason(name: str, sound: Path) -> None:
    path = sound.parent / name

    def look(data: bytes) -> None:
        path.write_bytes(data)
        assert isinstance(read_yaml(path), dict)

    assert tried(spoilt(name, (sound / name).read_bytes()), 60, look) == []


@pytest.mark.parametrize("name", FILES)
def test_a_folder_with_any_file_in_it_is_checked_to_the_end(name: str, sound: Path, scratch: Path) -> None:
    """And where the check finds nothing that stops a build, the records are taken up and linked."""

    def look(data: bytes) -> None:
        (scratch / name).write_bytes(data)
        report = check_folder(scratch)
        report.to_json()
        assert report.text()
        annotate(report, scratch)
        if not report.errors:
            link(ingest(report))

    try:
        assert tried(spoilt(name, (sound / name).read_bytes()), 2, look) == []
    finally:
        shutil.rmtree(scratch)
        shutil.copytree(sound, scratch)
