"""From a council's files with candidate numbers to a release: the same children are counted as if nothing had been done."""

import csv
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from rcs_core.contracts.files import read_raw
from rcs_core.pseudonyms import Key, pseudonym, read_key
from tests.conftest import Home
from tests.pseudonyms.people import scn

Rcs = Callable[..., subprocess.CompletedProcess[str]]
ABOUT_PUPILS = ("pupil_census", "survey_pupil_p5_p7", "survey_pupil_s1_s4", "social_work", "additional_support")
IDS = ("--id", "Candidate Number", "--id", "SCN")
HEADERS = {"pupil_census": "Candidate Number", "social_work": "SCN"}


def as_councils_send(folder: Path, target: Path, numbers: dict[str, str]) -> None:
    """Write the pupil files of a folder with candidate numbers and names in them; `numbers` keeps each by its old pseudonym."""
    target.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.stem not in ABOUT_PUPILS:
            continue
        raw, _ = read_raw(path)
        assert raw is not None
        place = [h.strip().casefold() for h in raw.header].index("pupil_id")
        header = [HEADERS.get(path.stem, "scn") if p == place else h for p, h in enumerate(raw.header)]
        with (target / f"{path.stem}.csv").open("w", encoding="utf-8", newline="") as file:
            sheet = csv.writer(file)
            sheet.writerow([*header, "Forename", "Date of birth"])
            for row in raw.frame.drop(columns="_row").to_numpy().tolist():
                old = row[place].strip().casefold()
                row[place] = numbers.setdefault(old, scn(10_000 + len(numbers)))
                sheet.writerow([*row, "Isla", "2014-05-03"])


@pytest.fixture(scope="module")
def remade(home: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, str]]:
    """The demonstration folder, earlier waves too, made anew from candidate numbers; the key; the numbers."""
    from tests.conftest import rcs_here as rcs

    there = tmp_path_factory.mktemp("council")
    numbers: dict[str, str] = {}
    assert rcs("pseudonymise", "--new-key", there / "k", env=home.env).returncode == 0
    for folder in (home.folder, *(p for p in home.folder.iterdir() if p.is_dir())):
        as_councils_send(folder, there / "in" / folder.relative_to(home.folder), numbers)
    made = rcs("pseudonymise", there / "in", "--out", there / "out", "--key", there / "k", *IDS, env=home.env)
    assert made.returncode == 0, made.stdout + made.stderr
    for path in home.folder.rglob("*.*"):
        if path.stem not in ABOUT_PUPILS:
            shutil.copy(path, there / "out" / path.relative_to(home.folder))
    return there / "out", there / "k", numbers


def test_what_the_command_writes_passes_the_check_as_the_demonstration_does(home: Home, remade, rcs: Rcs) -> None:
    folder, _, _ = remade
    checked = rcs("check", folder, env=home.env)
    assert checked.returncode == 0, checked.stdout


def test_no_candidate_number_is_left_anywhere_and_every_pseudonym_is_that_of_a_number(remade) -> None:
    folder, key_file, numbers = remade
    key: Key = read_key(key_file)
    expected = {pseudonym(number, "scn", key) for number in numbers.values()}
    assert len(expected) == len(numbers)
    for stem in ABOUT_PUPILS:
        text = (folder / f"{stem}.csv").read_text(encoding="utf-8")
        with (folder / f"{stem}.csv").open(encoding="utf-8", newline="") as file:
            assert {row["pupil_id"] for row in csv.DictReader(file)} <= expected
        assert not {cell for line in text.splitlines() for cell in line.split(",")} & set(numbers.values())
        assert "Isla," not in text


def test_the_release_made_of_them_counts_the_same_children(home: Home, remade, rcs: Rcs, tmp_path: Path) -> None:
    folder, _, _ = remade
    env = {**os.environ, "RCS_HOME": str(tmp_path / "home")}
    built = rcs("build", folder, tmp_path / "release", env=env)
    assert built.returncode == 0, built.stdout + built.stderr
    tables = []
    for name, release in (("before", home.release), ("after", tmp_path / "release")):
        assert rcs("tables", release, tmp_path / name, env=env).returncode == 0
        tables.append({p.name: p.read_text(encoding="utf-8") for p in (tmp_path / name).glob("*.csv")})
    assert tables[0].keys() == tables[1].keys()
    assert [name for name in tables[0] if tables[0][name] != tables[1][name]] == []
