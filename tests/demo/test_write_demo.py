"""The folder as a whole: the same bytes for the same seed, rolls that do not grow, nobody's files written over."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rcs_core.demo import write_demo
from rcs_core.errors import SettingsError
from tests.demo.conftest import Made

FILES = {
    "partnership.yaml", "data_protection.yaml", "clusters.geojson",
    "schools.csv", "pupil_census.csv", "survey_pupil_p5_p7.csv", "survey_pupil_s1_s4.csv",
    "survey_parent_0_8.csv", "population_0_8.csv", "social_work.csv", "additional_support.csv", "services.xlsx",
    "ledger_council.xlsx",
    "ledger_nhs.xlsx", "ledger_police.csv", "ledger_third_sector.csv", "ledger_columns.yaml", "ledger_map.csv",
    "evidence_of_effect.csv", "demand_history.csv", "comparators.csv", "demo_truth.json", "wave_2023/schools.csv",
    "wave_2023/pupil_census.csv", "wave_2023/survey_pupil_p5_p7.csv", "wave_2023/survey_pupil_s1_s4.csv",
}  # fmt: skip


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_file_of_the_input_folder_is_there(strathmere: Made) -> None:
    assert set(contents(strathmere.folder)) == FILES


def test_the_same_seed_gives_the_same_bytes_in_another_process(hamlet: Made, tmp_path: Path) -> None:
    code = (
        f"from pathlib import Path; from rcs_core.demo import write_demo; write_demo(Path({str(tmp_path / 'again')!r}), 1_000, 3)"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, timeout=120)
    assert contents(tmp_path / "again") == contents(hamlet.folder)


def test_another_seed_gives_other_children(hamlet: Made, tmp_path: Path) -> None:
    write_demo(tmp_path / "other", pupils=1_000, seed=4)
    ids = {line.split(b",")[0] for line in contents(tmp_path / "other")["pupil_census.csv"].splitlines()[1:]}
    same = {line.split(b",")[0] for line in contents(hamlet.folder)["pupil_census.csv"].splitlines()[1:]}
    assert not ids & same


def test_size_adds_clusters_and_never_changes_rolls(strathmere: Made, hamlet: Made) -> None:
    for made, clusters in ((strathmere, 8), (hamlet, 2)):
        schools = made.csv("schools")
        rolls = made.csv("pupil_census").groupby("school_code").size()
        sector = schools.set_index("school_code")["sector"]
        assert schools["cluster_code"].nunique() == clusters == made.truth.clusters
        assert rolls[sector[sector == "primary"].index].mean() == pytest.approx(226, rel=0.04)
        assert rolls[sector[sector == "secondary"].index].mean() == pytest.approx(979, rel=0.04)
        each = schools[schools["sector"] == "primary"].groupby("cluster_code").size()
        assert set(each) <= {6, 7}
    assert strathmere.truth.pupils == pytest.approx(20_000, rel=0.03)


def test_there_are_never_fewer_than_two_clusters(hamlet: Made) -> None:
    assert hamlet.truth.clusters == 2
    assert hamlet.truth.asked_for == 1_000 < hamlet.truth.pupils


@pytest.mark.parametrize("pupils", [0, -5, 999, 1_000_001, 10**12])
def test_a_number_that_is_no_partnerships_is_refused_and_nothing_is_written(tmp_path: Path, pupils: int) -> None:
    with pytest.raises(SettingsError, match="1,000 to 1,000,000"):
        write_demo(tmp_path / "new", pupils=pupils)
    assert list(tmp_path.iterdir()) == []


def test_a_negative_seed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="seed"):
        write_demo(tmp_path / "new", pupils=1_000, seed=-1)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_files_of_its_own_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pupil_census.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(SettingsError, match="files of its own"):
        write_demo(tmp_path, pupils=1_000)
    assert contents(tmp_path) == {"pupil_census.csv": b"mine"}, "nothing is added and nothing is changed"


def test_a_real_partnership_beside_an_old_truth_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo_truth.json").write_text("{}", encoding="utf-8")
    (tmp_path / "partnership.yaml").write_text("name: Real\narea_code: '240'\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="files of its own"):
        write_demo(tmp_path, pupils=1_000)


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(SettingsError, match="needs a folder"):
        write_demo(tmp_path / "taken", pupils=1_000)


def test_an_earlier_demonstration_may_be_written_again(tmp_path: Path) -> None:
    write_demo(tmp_path / "demo", pupils=1_000, seed=4)
    write_demo(tmp_path / "demo", pupils=1_000, seed=3)
    assert json.loads((tmp_path / "demo" / "demo_truth.json").read_text(encoding="utf-8"))["seed"] == 3
    assert {path.name for path in tmp_path.iterdir()} == {"demo"}


def test_everything_says_that_it_is_fictional(strathmere: Made) -> None:
    about = (strathmere.folder / "partnership.yaml").read_text(encoding="utf-8")
    assert "fictional: true" in about
    assert "Strathmere (fictional)" in about
    assert "S12999999" in about
    names = strathmere.csv("schools")["school_name"]
    assert names.is_unique
