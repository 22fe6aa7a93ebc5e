"""Two waves from the input files to the release: recounted here from the files, set against what is true, and audited.

The recount is plain pandas and knows nothing of the project: it reads the csv files as a person would.
"""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from rcs_core import release
from rcs_core.audit import audit
from rcs_core.contracts import check_folder
from rcs_core.records.build import build
from rcs_core.records.estimate import estimate
from rcs_core.records.ingest import ingest
from rcs_core.records.link import link
from tests.conftest import Home

STAGES = {"pupil_p5_p7": ["P5", "P6", "P7"], "pupil_s1_s4": ["S1", "S2", "S3", "S4"]}
WAVES = {"2025": "", "2023": "wave_2023/"}
SENSITIVE = ["drank_alcohol_last_week", "regular_smoker"]
NEED_IS_YES = ["bullied_last_year", "sdq_raised"]
LEAST_ANSWERED = {"pupil_p5_p7": 8, "pupil_s1_s4": 9}
BY = {"area": [], "area_sex": ["sex"], "stage": ["stage"], "simd": ["simd_quintile"]}


def tidy(path: Path) -> pd.DataFrame:
    """A file as text with headers, spaces and case mended."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False).rename(columns=lambda header: header.strip().lower())
    frame = frame.apply(lambda column: column.str.strip())
    return frame.assign(stage=frame["stage"].str.upper()) if "stage" in frame else frame


def answers(folder: Path, wave: str, survey: str) -> pd.DataFrame:
    """Usable forms with what the roll of that year says of their pupils, in long form: one row a valid answer."""
    inside = folder / WAVES[wave]
    roll, forms = tidy(inside / "pupil_census.csv"), tidy(inside / f"survey_{survey}.csv")
    forms = forms[forms["stage"].isin(STAGES[survey]) & forms["pupil_id"].isin(roll["pupil_id"])].drop_duplicates("pupil_id")
    scored = [f"sdq_{k:02d}" for k in range(1, 26) if k not in (1, 4, 9, 17, 20)]
    if set(scored) <= set(forms):
        points = forms[scored].apply(pd.to_numeric)
        turned = [f"sdq_{k:02d}" for k in (7, 11, 14, 21, 25)]
        points[turned] = 2 - points[turned]
        total = points.sum(axis=1, skipna=False)
        forms["sdq_raised"] = (total >= 15).map({True: "yes", False: "no"}).where(total.notna(), "")
    items = [
        c for c in forms if c not in ("pupil_id", "school_code", "stage") and not c.startswith("sdq_0") and not c[4:].isdigit()
    ]
    given = forms[items].apply(lambda column: column.str.lower())
    counted = given.drop(columns=SENSITIVE, errors="ignore")
    needs = sum((counted[c] == ("yes" if c in NEED_IS_YES else "no")).astype(int) for c in counted)
    answered = counted.isin(["yes", "no"]).sum(axis=1)
    many = (needs >= 5).map({True: "yes", False: "no"}).where(answered >= LEAST_ANSWERED[survey], "")
    forms = given.assign(pupil_id=forms["pupil_id"], multiple_risks=many)
    long = forms.melt("pupil_id", [*items, "multiple_risks"], "indicator", "band")
    schools = pd.concat([tidy(inside / "schools.csv"), tidy(folder / "schools.csv")]).drop_duplicates("school_code")
    people = roll.merge(schools[["school_code", "cluster_code"]], on="school_code")
    return long[long["band"].isin(["yes", "no"])].merge(people, on="pupil_id")


def recount(given: pd.DataFrame, name: str) -> dict[tuple[str, ...], int]:
    """Children by indicator, area, the table's other dimension and band; ALL where they are added up."""
    levels = {"area": ["cluster_code", "school_code"], "area_sex": ["cluster_code"], "stage": ["cluster_code"]}.get(name, [])
    council = given.assign(area="999")
    local = [given[~given["indicator"].isin(SENSITIVE)].assign(area=given[level]) for level in levels]
    every = pd.concat([council, *local])
    every = pd.concat([every, every.assign(band="ALL")])
    for dimension in BY[name]:
        every = pd.concat([every, every.assign(**{dimension: "ALL"})])
    return {tuple(map(str, key)): int(n) for key, n in every.groupby(["indicator", "area", *BY[name], "band"]).size().items()}


def told_together(home: Home, wave: str) -> dict[str, str]:
    """The area under which each small school of a wave is told, by its code: the release names the members."""
    files = [home.folder / "schools.csv", home.folder / WAVES["2023"] / "schools.csv"]
    code_of = pd.concat([tidy(file) for file in files]).set_index("school_name")["school_code"].to_dict()
    places = release.load(home.release).frame("areas").query("members != ''")
    found = {}
    for area, members in zip(places["area"], places["members"], strict=True):
        of_wave = dict(part.split(": ") for part in members.split("; "))
        found |= {code_of[name]: area for name in of_wave.get(wave, "").split(", ") if name}
    return found


@pytest.fixture(scope="module")
def exact(home: Home) -> dict[str, pd.DataFrame]:
    """The count tables before protection."""
    return {table.name: table.frame for table in estimate(link(ingest(check_folder(home.folder)))).tables}


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize("survey", STAGES)
def test_every_count_of_a_wave_is_that_of_its_own_files(
    home: Home, exact: dict[str, pd.DataFrame], survey: str, wave: str
) -> None:
    """Before protection every cell, and of the release every cell that is shown."""
    given = answers(home.folder, wave, survey)
    given["school_code"] = given["school_code"].replace(told_together(home, wave))
    built = release.load(home.release).tables
    for name, dims in BY.items():
        wanted = recount(given, name)
        keys = ["indicator", "area", *dims, "band"]
        rows = exact[f"{survey}_{name}"].query("wave == @wave")
        found = {tuple(map(str, key)): int(n) for key, n in zip(rows[keys].to_numpy(), rows["n"], strict=True)}
        assert {key: n for key, n in found.items() if n} == wanted, name
        shown = built[f"{survey}_{name}"].frame.query("wave == @wave and state == 'shown'")
        assert len(shown) > len(wanted) / 3
        for key, n in zip(shown[keys].to_numpy(), shown["n"], strict=True):
            assert wanted[tuple(map(str, key))] == n


@pytest.mark.parametrize("wave", WAVES)
def test_what_is_true_lies_in_most_intervals_of_both_waves(home: Home, wave: str) -> None:
    truth = json.loads((home.folder / "demo_truth.json").read_text(encoding="utf-8"))
    rows: list[dict[str, Any]] = truth["prevalence"] if wave == "2025" else truth["earlier"][0]["prevalence"]
    tables = {"area": ("area", "area"), "cluster": ("area", "area"), "stage": ("stage", "stage")}
    tables |= {"sex": ("area_sex", "sex"), "simd_quintile": ("simd", "simd_quintile")}
    built, inside = release.load(home.release), []
    for row in rows:
        table, column = tables[row["by"]]
        frame = built.frame(f"{row['survey']}_{table}").query("wave == @wave and band == 'yes' and pct_state == 'shown'")
        frame = frame[(frame["indicator"] == row["indicator"]) & (frame[column] == row["code"])]
        frame = frame if row["by"] in ("area", "cluster") else frame[frame["area"] == "999"]
        inside += [low <= row["pct"] <= high for low, high in zip(frame["pct_low"], frame["pct_high"], strict=True)]
    assert len(inside) > 200
    assert sum(inside) / len(inside) > 0.93


def test_the_stated_changes_are_what_the_two_waves_show_for_the_council(home: Home) -> None:
    truth = json.loads((home.folder / "demo_truth.json").read_text(encoding="utf-8"))["earlier"][0]
    built = release.load(home.release)
    off = []
    for survey in STAGES:
        frame = built.frame(f"{survey}_area").query("area == '999' and band == 'yes' and pct_state == 'shown'")
        pct = frame.pivot_table(index="indicator", columns="wave", values="pct").drop(index="multiple_risks")
        off += [
            abs(now - then - truth["changes"][item]) for item, now, then in zip(pct.index, pct["2025"], pct["2023"], strict=True)
        ]
    assert len(off) == 21
    assert sum(off) / len(off) < 1.5


def test_a_school_of_one_wave_only_has_rows_in_that_wave_only(home: Home) -> None:
    truth = json.loads((home.folder / "demo_truth.json").read_text(encoding="utf-8"))["earlier"][0]
    built = release.load(home.release)
    frame = built.frame("pupil_p5_p7_area")
    assert set(frame.loc[frame["area"] == truth["opened_since"], "wave"]) == {"2025"}
    assert truth["opened_since"] in set(built.frame("areas")["area"])


def test_a_small_school_that_has_closed_is_told_with_others_and_never_alone(home: Home) -> None:
    truth = json.loads((home.folder / "demo_truth.json").read_text(encoding="utf-8"))["earlier"][0]
    built, told = release.load(home.release), told_together(home, "2023")
    assert list(told.values()).count(told[truth["closed_since"]]) >= 2
    for table in built.count_tables():
        assert truth["closed_since"] not in set(table.frame["area"]), table.name


def test_the_manifest_holds_the_hash_of_every_file_of_every_wave(home: Home) -> None:
    inputs = release.load(home.release).manifest.inputs
    files = [p for p in home.folder.rglob("*") if p.is_file() and p.name != "demo_truth.json"]
    wanted = {p.relative_to(home.folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
    assert inputs == wanted
    assert "wave_2023/pupil_census.csv" in inputs


def test_contact_and_parents_are_of_the_current_wave_alone(home: Home) -> None:
    built = release.load(home.release)
    for table in built.count_tables():
        waves = set(table.frame["wave"])
        assert waves == ({"2025"} if any(w in table.name for w in ("contact", "care", "parent")) else {"2025", "2023"}), (
            table.name
        )


def test_the_audit_finds_nothing_in_a_release_of_two_waves(home: Home) -> None:
    built = release.load(home.release)
    verdict = audit(list(built.tables.values()), built.frame("hierarchies"), built.manifest.min_cell)
    assert verdict.open == []
    assert verdict.safe


@pytest.fixture(scope="module")
def three(home: Home, tmp_path_factory: pytest.TempPathFactory) -> release.Release:
    """A release of today and two earlier waves, the oldest of them without the secondary survey."""
    folder = tmp_path_factory.mktemp("three") / "inputs"
    shutil.copytree(home.folder, folder)
    shutil.copytree(folder / "wave_2023", folder / "wave_2021-22")
    (folder / "wave_2021-22" / "survey_pupil_s1_s4.csv").unlink()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RCS_HOME", str(folder.parent / "home"))
        return release.load(build(folder, folder.parent / "out").path)


def test_two_earlier_waves_build_and_are_told_newest_first(three: release.Release) -> None:
    waves = three.frame("surveys").groupby("survey", sort=False)["wave"].agg(list).to_dict()
    assert waves == {"pupil_p5_p7": ["2025", "2023", "2021-22"], "pupil_s1_s4": ["2025", "2023"], "parent_0_8": ["2025"]}
    rows = three.frame("pupil_p5_p7_area")
    assert list(dict.fromkeys(rows["wave"])) == ["2025", "2023", "2021-22"]
    older, newer = (rows[rows["wave"] == wave].drop(columns="wave").reset_index(drop=True) for wave in ("2021-22", "2023"))
    pd.testing.assert_frame_equal(older, newer)


def test_a_folder_without_earlier_waves_gives_todays_rows_as_before(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "inputs"
    shutil.copytree(home.folder, folder)
    shutil.rmtree(folder / "wave_2023")
    monkeypatch.setenv("RCS_HOME", str(tmp_path / "home"))
    alone, both = release.load(build(folder, tmp_path / "out").path), release.load(home.release)
    for table in alone.count_tables():
        now = both.frame(table.name).query("wave == '2025'").reset_index(drop=True)
        pd.testing.assert_frame_equal(now, table.frame.reset_index(drop=True))
    assert set(alone.frame("surveys")["wave"]) == {"2025"}
    assert alone.frame("surveys")["current"].all()
    assert not {"changes"} & set(alone.tables)


def test_a_bad_wave_folder_stops_a_build_and_the_earlier_release_is_still_served(home: Home, tmp_path: Path, rcs: Any) -> None:
    folder, target = tmp_path / "inputs", tmp_path / "releases"
    shutil.copytree(home.folder, folder)
    shutil.copytree(home.release, target)
    before = release.load(target).id
    (folder / "wave_2023" / "pupil_census.csv").unlink()
    built = rcs("build", folder, target, env=home.env)
    assert built.returncode == 1
    assert "wave_2023/pupil_census.csv" in built.stderr
    assert "Traceback" not in built.stderr
    assert release.load(target).id == before
