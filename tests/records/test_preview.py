"""A preview tells before a build what the build would hide, writes nothing, and proposes what hides less."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from rcs_core.cli import app
from rcs_core.errors import SettingsError
from rcs_core.records import preview as preview_module
from rcs_core.records.build import FolderRefused, build
from rcs_core.records.coarser import Proposal, proposals
from rcs_core.records.preview import Costed, Tell, adds, preview
from rcs_core.records.protect import protect, read_effort, run
from rcs_core.records.specification import specifications
from rcs_core.release import Table
from rcs_core.settings import Disclosure
from tests.tiny_folder import edit, write_tiny

RULE = Disclosure(10, "the test", "2026")
LABELS = ("survey", "wave", "indicator")
SUMS = pd.DataFrame(
    [("area", f"s{k}", f"c{k // 4}", "geography") for k in range(8)] + [("area", f"c{k}", "top", "geography") for k in range(2)],
    columns=["dimension", "child", "parent", "partition"],
)


@pytest.fixture(scope="module", autouse=True)
def little_effort() -> Iterator[None]:
    """Preview and build search alike and briefly: that they agree does not hang on how well they search."""
    little = dataclasses.replace(read_effort(), starts=1, rework_steps=0, clean_passes=1, exact_rounds=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "read_effort", lambda: little)
        yield


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_tiny(tmp_path_factory.mktemp("preview") / "tiny")
    edit(folder / "partnership.yaml", lambda text: f"{text}release_tables: short\n")
    return folder


@pytest.fixture(scope="module")
def sizes(tiny: Path) -> list[Costed]:
    before = {p: p.stat().st_mtime_ns for p in tiny.parent.rglob("*")}
    found = preview(tiny, ["short"])
    assert {p: p.stat().st_mtime_ns for p in tiny.parent.rglob("*")} == before, "a preview writes nothing"
    return found


def by_school(counts: dict[str, int]) -> Table:
    """Yes and no of every school, cluster and the top; as many no as yes."""
    places = dict(counts)
    for k, (school, n) in enumerate(counts.items()):
        places[f"c{k // 4}"] = places.get(f"c{k // 4}", 0) + n
        places["top"] = places.get("top", 0) + n
        assert school == f"s{k}"
    rows = [("s", "1", "q", area, band, n * k) for area, n in places.items() for band, k in (("yes", 1), ("no", 1), ("ALL", 2))]
    return counted("s_area", rows, ["area", "band"])


def counted(name: str, rows: list[tuple[object, ...]], dims: list[str]) -> Table:
    frame = pd.DataFrame(rows, columns=[*LABELS, *dims, "n"]).astype({"n": "Int64"}).assign(state="shown")
    return Table(name, name, frame, tuple(dims), LABELS)


def offered(table: Table) -> list[Proposal]:
    return proposals([table], protect([table], SUMS, RULE).tables, SUMS, RULE)


def test_a_preview_tells_what_the_build_then_hides(
    tiny: Path, sizes: list[Costed], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RCS_HOME", str(tmp_path / "home"))
    (ours,) = [one for one in sizes if one.chosen]
    built = build(tiny, tmp_path / "release").summary
    assert ours.name == built["specification"] == "short"
    assert (ours.cells, ours.hidden) == (built["cells"], built["hidden"])
    assert {t.name: (t.cells, t.hidden) for t in ours.tables} == {t["name"]: (t["cells"], t["hidden"]) for t in built["tables"]}


def test_what_is_small_is_hidden_and_a_cell_of_several_tables_counts_once(sizes: list[Costed]) -> None:
    (one,) = sizes
    assert one.small <= one.hidden <= one.cells
    assert sum(t.cells for t in one.tables) > one.cells
    assert one.to_dict()["share"] == round(one.hidden / one.cells, 4)


def test_a_size_that_is_not_there_is_refused_with_those_that_are(tiny: Path) -> None:
    with pytest.raises(SettingsError, match=r"got huge[\s\S]*short, standard, long"):
        preview(tiny, ["huge"])


def test_breaches_stop_a_preview_as_they_stop_a_build(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "tiny")
    edit(folder / "schools.csv", lambda text: text.replace("secondary", "seaside", 1))
    with pytest.raises(FolderRefused, match="seaside"):
        preview(folder)


def test_a_specification_adds_nothing_to_itself() -> None:
    short, standard, long = specifications().values()
    assert adds(standard, long) == "by sex, also for schools; by stage, also for schools"
    assert adds(short, short) == "nothing"
    assert adds(short, standard) == "by stage, also for clusters; by stage and sex (council)"
    assert adds(None, short) == ""


def test_schools_that_would_be_mostly_hidden_are_proposed_by_cluster() -> None:
    table = by_school(dict.fromkeys((f"s{k}" for k in range(8)), 4))
    (offer,) = offered(table)
    assert (offer.text, offer.write) == ("By cluster instead of school", "levels: [council, cluster]")
    assert (offer.cells, offer.small, offer.hidden) == (9, 0, 0), (
        "two clusters and the council, 16 of each answer in a cluster, hide nothing"
    )


def test_a_table_that_shows_more_than_half_is_left_as_it_is() -> None:
    assert offered(by_school(dict.fromkeys((f"s{k}" for k in range(8)), 40))) == []


def test_fifths_are_proposed_as_the_most_deprived_and_the_other_four() -> None:
    small = {"1": 40, "2": 6, "3": 5, "4": 4, "5": 5}
    fifths = {**small, "ALL": sum(small.values())}
    rows = [
        ("s", "1", "q", "top", code, band, n * k) for code, n in fifths.items() for band, k in (("yes", 1), ("no", 1), ("ALL", 2))
    ]
    (offer,) = offered(counted("s_simd", rows, ["area", "simd_quintile", "band"]))
    assert offer.write == 'collapse: {simd_quintile: {"2-5": ["2", "3", "4", "5"]}}'
    assert (offer.cells, offer.small, offer.hidden) == (9, 0, 0), "1, 2-5 and all, each in three bands: 40 and 20 children"


def test_stages_are_proposed_in_pairs_with_what_a_build_of_them_would_hide() -> None:
    stages = {"S1": 4, "S2": 3, "S3": 9, "S4": 8}
    whole = {**stages, "ALL": sum(stages.values())}
    rows = [
        ("s", "1", "q", "top", code, band, n * k) for code, n in whole.items() for band, k in (("yes", 1), ("no", 5), ("ALL", 6))
    ]
    offers = {offer.text: offer for offer in offered(counted("s_stage", rows, ["area", "stage", "band"]))}
    pairs = {"S1-S2": 7, "S3-S4": 17, "ALL": 24}
    by_hand = [
        ("s", "1", "q", "top", code, band, n * k) for code, n in pairs.items() for band, k in (("yes", 1), ("no", 5), ("ALL", 6))
    ]
    written = protect([counted("s_stage", by_hand, ["area", "stage", "band"])], SUMS, RULE)
    assert offers["With stages in pairs"].hidden == written.summary["hidden"]
    assert offers["With stages in pairs"].small == 1


def test_the_command_prints_the_sizes_for_a_person_and_for_the_desk(
    tiny: Path, sizes: list[Costed], monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(_folder: Path, names: list[str], tell: Tell) -> list[Costed]:
        assert names == ["short"]
        tell(0.5, "Short: counting")
        return sizes

    monkeypatch.setattr(preview_module, "preview", found)
    said = CliRunner().invoke(app, ["preview", str(tiny), "--tables", "short"])
    assert said.exit_code == 0
    assert "short *" in said.stdout
    assert "Nothing was written" in said.stdout
    json_ = CliRunner().invoke(app, ["preview", str(tiny), "--tables", "short", "--json"])
    progress, last = [json.loads(line) for line in json_.stdout.splitlines()]
    assert progress == {"stage": "preview", "done": 0.5, "text": "Short: counting"}
    assert [(size["name"], size["chosen"]) for size in last["sizes"]] == [("short", True)]
    assert last["sizes"][0]["tables"][0]["title"]
