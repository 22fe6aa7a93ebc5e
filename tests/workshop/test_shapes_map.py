"""Clusters on a map: each once, in the class that the release's own verdict gives it, its words inside its own borders."""

import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from rcs_core.contracts.shapes import Shape, Shapes, read_shapes, shape_rules
from rcs_core.demo.shapes import shapes_text
from rcs_core.records.shapes import shapes_frame
from rcs_core.release import Release
from rcs_core.workshop import compare, evidence, shapes, shapes_labels, shapes_map
from rcs_core.workshop.shapes import Outline
from rcs_core.workshop.shapes_map import LAND, SQUARES
from rcs_core.workshop.told import Kind
from tests.tiny_shapes import mapped_release

SURVEY = "pupil_p5_p7"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return mapped_release(tmp_path_factory.mktemp("mapped"))


@pytest.fixture(scope="module")
def strathmere(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outline]:
    path = tmp_path_factory.mktemp("outlines") / "clusters.geojson"
    codes = [f"C{k:02d}" for k in range(1, 9)]
    path.write_text(shapes_text(codes, np.random.default_rng([2025, 20_000, 13])), encoding="utf-8")
    found, _ = read_shapes([path], {})
    assert found is not None
    frame = shapes_frame(found, shape_rules())
    return {row.area: shapes._read(row.area, row.geometry) for row in frame.itertuples()}


def test_classes_are_those_of_the_table_recounted_from_the_release(release: Release) -> None:
    """By hand: the rows of the current wave, verdict by verdict, without the code that reads them for the page."""
    rows = release.tables["comparisons"].frame
    rows = rows[(rows["survey"] == SURVEY) & (rows["wave"] == "2025")]
    names = {"higher": Kind.MORE, "lower": Kind.LESS, "no_clear_difference": Kind.SAME, "not_shown": Kind.UNTOLD}
    for indicator in compare.asked(release, SURVEY):
        mine = rows[rows["indicator"] == indicator.code].set_index("area")["verdict"].map(names)
        found = shapes_map.mapped(release, SURVEY, indicator)
        assert {c.code: c.kind for c in found.cells} == mine.to_dict(), indicator.code
        out = Counter(c.kind in (Kind.MORE, Kind.LESS) for c in found.cells)[True]
        assert out == len(found.told.standing_out)


def test_the_words_state_the_finding_and_the_table_has_every_cluster(release: Release) -> None:
    trust = evidence.indicator(release, SURVEY, "trusted_adult")
    found = shapes_map.mapped(release, SURVEY, trust)
    words, frame = found.words(), found.frame()
    assert "2 of 2 clusters differ clearly from the rest of the area" in words
    assert "More need than the rest: Carrickmuir cluster (" in words
    assert "Less need than the rest: Kirkton cluster (" in words
    assert frame["No."].tolist() == [1, 2]
    assert frame["School cluster"].tolist() == ["Carrickmuir cluster", "Kirkton cluster"]
    assert frame["What it says"].str.contains("need than the rest of the area").all()


def test_what_is_not_compared_says_why(release: Release) -> None:
    bullied = evidence.indicator(release, SURVEY, "bullied_last_year")
    found = shapes_map.mapped(release, SURVEY, bullied)
    assert [c.kind for c in found.cells] == [Kind.SAME, Kind.UNTOLD]
    (why,) = found.untold()
    assert why.startswith("Hatched, Kirkton: not shown:")
    assert found.classes == ["No clear difference", "Hidden or not compared (hatched)"]


def test_a_cluster_that_the_release_tells_nothing_of_is_drawn_all_the_same(release: Release) -> None:
    told = release.tables["comparisons"]
    fewer = {**release.tables, "comparisons": replace(told, frame=told.frame[told.frame["area"] != "C02"])}
    thinner = Release(release.manifest, fewer, release.path)
    found = shapes_map.mapped(thinner, SURVEY, compare.asked(thinner, SURVEY)[0])
    assert [(c.code, c.kind) for c in found.cells] == [("C01", Kind.MORE), ("C02", Kind.UNTOLD)]
    assert found.frame()["What it says"].tolist()[1] == shapes_map.NOT_COMPARED


def test_no_sensitive_topic_is_mapped(release: Release) -> None:
    assert all(not i.sensitive for s in (SURVEY, "pupil_s1_s4") for i in compare.asked(release, s))
    assert shapes_map.widest(release, SURVEY).code == "trusted_adult"


@pytest.mark.parametrize("how", [LAND, SQUARES])
def test_every_cluster_is_drawn_once_with_words_for_both_screens(how: str, release: Release) -> None:
    on = shapes_map.drawing(release, how)
    assert list(on.outlines) == ["C01", "C02"]
    rows = shapes_map.label_rows(shapes_map.mapped(release, SURVEY, compare.asked(release, SURVEY)[0]), on)
    assert Counter(zip(rows["screen"], rows["place"], strict=True)).most_common(1)[0][1] == 1
    assert len(rows) == 4
    assert rows["label"].str.contains("▲|▼").all()


def test_a_hole_is_not_land_and_words_keep_out_of_it(release: Release) -> None:
    found = shapes.outlines(release)
    assert found["C01"].land == 1000 * 800 - 300 * 300
    assert shapes.times(release) == pytest.approx(710_000 / 90_000)
    assert shapes_map.ways(release) == [LAND, SQUARES]
    on = shapes_map.drawing(release, LAND)
    label = on.labels.wide["C01"]
    assert not (400 < label.x < 700 and 300 < label.y < 600)


def test_squares_come_first_where_land_differs_too_much(release: Release) -> None:
    small = '{"type":"MultiPolygon","coordinates":[[[[0,0],[90,0],[90,90],[0,90],[0,0]]]]}'
    table = release.tables["shapes"]
    frame = table.frame.assign(geometry=[table.frame["geometry"][0], small])
    uneven = Release(release.manifest, {**release.tables, "shapes": replace(table, frame=frame)}, release.path)
    assert shapes_map.ways(uneven) == [SQUARES, LAND]


def test_squares_are_alike_apart_and_near_their_place(strathmere: dict[str, Outline]) -> None:
    found = shapes.squared(strathmere)
    assert set(found) == set(strathmere)
    assert {o.land for o in found.values()} == {shapes.SIDE**2}
    corners = [tuple(o.polygons[0][0][0]) for o in found.values()]
    assert len(set(corners)) == len(corners)
    there = np.array([strathmere[c].middle for c in found])
    here = np.array([o.middle for o in found.values()])
    for axis in (0, 1):
        assert np.corrcoef(there[:, axis], here[:, axis])[0, 1] > 0.75, "east stays east, north stays north"


@pytest.mark.parametrize("squares", [False, True])
def test_words_lie_inside_their_cluster_and_never_on_each_other(squares: bool, strathmere: dict[str, Outline]) -> None:
    outlines = shapes.squared(strathmere) if squares else strathmere
    names = dict(zip(outlines, ["Bratheside", "Upper Corviemuir", *["Ormelhope"] * 6], strict=True))
    made = shapes_labels.labels(outlines, names)
    points = np.concatenate([ring for o in outlines.values() for p in o.polygons for ring in p])
    width, height = np.ptp(points, axis=0)
    for pixels, labels in ((shapes_labels.WIDE_PIXELS, made.wide), (shapes_labels.NARROW_PIXELS, made.narrow)):
        step = max(width / pixels, height / shapes_labels.HEIGHT)
        boxes = []
        for number, (code, at) in enumerate(labels.items(), 1):
            lead = shapes_labels.name_lines(names[code]) if at.named else [str(number)]
            lines = [*lead, "▲ 99%"] if at.stacked else [f"{number}▲"]
            half, tall = max(map(len, lines)) * shapes_labels.LETTER * step / 2, len(lines) * shapes_labels.LINE * step / 2
            corners = np.array([(at.x + dx * half, at.y + dy * tall) for dx in (-1, 0, 1) for dy in (-1, 0, 1)])
            assert shapes.inside(corners, outlines[code]).all(), (code, pixels)
            boxes.append((at.x - half, at.y - tall, at.x + half, at.y + tall))
        for k, a in enumerate(boxes):
            for b in boxes[k + 1 :]:
                assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (a, b)


def test_no_place_is_in_two_clusters_and_hatching_stays_inside(strathmere: dict[str, Outline]) -> None:
    points = np.random.default_rng(1).uniform(0, 1000, (4000, 2))
    many = np.sum([shapes.inside(points, o) for o in strathmere.values()], axis=0)
    assert many.max() == 1
    land = sum(o.land for o in strathmere.values()) / 1000**2
    assert (many == 1).mean() == pytest.approx(land, abs=0.03), "counted by points, the land is the outlines' own"
    for outline in strathmere.values():
        lines = np.array(shapes.hatched(outline, 26)["coordinates"])
        assert shapes.inside(lines.mean(axis=1), outline).all()
        long = np.hypot(*(lines[:, 1] - lines[:, 0]).T).sum()
        assert long * 26 == pytest.approx(outline.land, rel=0.12), "lines a fixed way apart measure the area"


def test_the_order_of_features_does_not_change_the_map(release: Release) -> None:
    table = release.tables["shapes"]
    back = replace(table, frame=table.frame.iloc[::-1].reset_index(drop=True))
    turned = Release(release.manifest, {**release.tables, "shapes": back}, release.path)
    for how in (LAND, SQUARES):
        one, other = shapes_map.drawing(release, how), shapes_map.drawing(turned, how)
        assert one.labels == other.labels
        assert json.dumps([o.geometry() for o in one.outlines.values()]) == json.dumps(
            [o.geometry() for o in other.outlines.values()]
        )


def test_one_cluster_alone_is_a_square_too() -> None:
    ring = ((0.0, 0.0), (500.0, 0.0), (500.0, 900.0), (0.0, 0.0))
    frame = shapes_frame(Shapes(*_one(ring)), shape_rules())
    found = shapes.squared({"C01": shapes._read("C01", frame["geometry"][0])})
    assert found["C01"].land == shapes.SIDE**2
    assert isinstance(frame, pd.DataFrame)


def _one(ring: tuple[tuple[float, float], ...]) -> tuple[object, tuple[Shape, ...]]:
    from rcs_core.contracts.shapes import Plane

    return Plane.OTHER, (Shape("C01", ((ring,),)),)
