"""Outlines of clusters: what a file may hold, what it becomes in a release, and what the outside reader lets pass."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from rcs_core.audit.shapes import shape_leaks
from rcs_core.contracts.clean import Mended
from rcs_core.contracts.findings import Finding
from rcs_core.contracts.shapes import Plane, Shape, Shapes, read_shapes, shape_rules
from rcs_core.demo.shapes import shapes_text
from rcs_core.errors import ContractError
from rcs_core.records.shapes import shapes_frame
from rcs_core.release import Table
from rcs_core.vocab import Severity

CODES = [f"C{k:02d}" for k in range(1, 9)]
SQUARE = [[0, 0], [900, 0], [900, 900], [0, 900], [0, 0]]


def collection(*features: Any, **more: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features, **more})


def feature(code: str | None = "C01", ring: Any = SQUARE, kind: str = "Polygon", **more: Any) -> dict[str, Any]:
    properties = {**({"cluster_code": code} if code else {}), **more}
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": [ring]}}


def read(
    folder: Path, text: str | bytes, codes: list[str], name: str = "clusters.geojson"
) -> tuple[Shapes | None, list[Finding]]:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    schools = Mended("schools.csv", "", pd.DataFrame({"cluster_code": codes}), [], {}, [])
    found, said = read_shapes([path], {"schools": schools})
    return found, [f for b in said for f in b.findings()]


def demo(folder: Path, codes: list[str] = CODES, seed: int = 5) -> Shapes:
    found, said = read(folder, shapes_text(codes, np.random.default_rng(seed)), codes)
    assert [f for f in said if f.severity is Severity.ERROR] == []
    assert found is not None
    return found


BAD = [
    (collection(feature(ring=SQUARE[:4])), 'feature 1: got "a ring that is open". Expected rings that end where they begin'),
    (collection(feature(ring=SQUARE[:3])), 'feature 1: got "a ring of 3 positions"'),
    (collection(feature(ring=[[0, 0], [5, 0], [9, 0], [0, 0]])), "a ring around nothing"),
    (collection(feature(ring=[[0, 0], ["east", 0], [9, 0], [0, 0]])), "positions of two numbers"),
    (collection(feature(ring=[[0, 0], [True, 0], [9, 0], [0, 0]])), "positions of two numbers"),
    ("null", "Expected a FeatureCollection"),
    (collection(feature() | {"geometry": {"type": ["Polygon"]}}), 'feature 1: got "a list". Expected a Polygon'),
    (collection(feature("C01"), feature("C09")), 'feature 2: got "C09". Expected a cluster of the schools table'),
    (collection(feature("C01"), feature(None)), 'feature 2: got "none". Expected a property cluster_code'),
    (collection(feature("C01"), feature("c01 ")), 'feature 2: got "C01". Expected each cluster once'),
    (collection(feature("C01")), 'got "none of C02". Expected an outline of every cluster'),
    (collection(feature("C01"), feature("C02", [10.0, 20.0], "Point")), "feature 2: got \"Point\". Expected a Polygon"),
    (collection(feature(postcode="FK5 3AB")), "feature 1: got [masked]. Expected no direct identifier"),
    (collection(feature("C01"), feature("C02", [[0, 0], [1, 0], [1, 1], [0, 0]])), "coordinates that the other features have"),
    (collection(*(feature(c, [[56, -4], [57, -4], [57, -3], [56, -4]]) for c in ("C01", "C02"))), "longitude before latitude"),
    (json.dumps(feature()), 'got "Feature". Expected a FeatureCollection'),
    ("[" * 5_000, "Expected GeoJSON"),
    ('{"type":"FeatureCollection","features":[{"a":NaN}]}', "NaN is no number"),
    (b"\xff\xfe{}", "text in UTF-8"),
    ("[" * 200_001, "Expected 200,000 positions or fewer"),
    ("", "Expected GeoJSON"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "says"), BAD)
def test_a_spoilt_file_is_refused_with_the_number_of_its_feature(text: str | bytes, says: str, tmp_path: Path) -> None:
    found, said = read(tmp_path, text, ["C01", "C02"])
    errors = [f.text() for f in said if f.severity is Severity.ERROR]
    assert found is None
    assert any(says in line for line in errors), errors
    assert len(errors) == 1, errors
    assert all(line.startswith("error: clusters.geojson") for line in errors)


def test_nothing_is_parsed_of_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rcs_core.contracts.shapes.json.loads", lambda *_, **__: pytest.fail("it was parsed"))
    _, (one,) = read(tmp_path, "[" * 200_001, ["C01"])
    assert one.rule == "200,000 positions or fewer"


def test_a_table_in_the_place_of_outlines_is_told(tmp_path: Path) -> None:
    _, (one,) = read(tmp_path, "code\nC01\n", ["C01"], name="clusters.csv")
    assert (one.severity, one.rule) == (Severity.ERROR, "clusters.geojson")


@pytest.mark.parametrize(
    ("move", "crs", "plane"),
    [
        ((260_000, 680_000), None, Plane.GRID),
        ((0, 0), None, Plane.OTHER),
        ((-400_000, 7_500_000), "urn:ogc:def:crs:EPSG::3857", Plane.OTHER),
    ],
)
def test_metres_are_taken_as_a_plane_and_said(move: tuple[int, int], crs: str | None, plane: Plane, tmp_path: Path) -> None:
    ring = [[x + move[0], y + move[1]] for x, y in SQUARE]
    more = {"crs": {"type": "name", "properties": {"name": crs}}} if crs else {}
    found, said = read(tmp_path, collection(feature(ring=ring), **more), ["C01"])
    assert found is not None
    assert found.plane is plane
    assert [f.severity for f in said] == [Severity.NOTE]
    assert plane.value in said[0].rule


def test_degrees_become_a_plane_about_their_middle_latitude(tmp_path: Path) -> None:
    ring = [[-4, 55.5], [-3, 55.5], [-3, 56.5], [-4, 56.5], [-4, 55.5]]
    found, said = read(tmp_path, collection(feature(ring=ring)), ["C01"])
    assert found is not None
    assert (found.plane, said) == (Plane.DEGREES, [])
    (outer,) = polygons(shapes_frame(found, shape_rules()))["C01"][0]
    assert outer == [[0, 0], [559, 0], [559, 1000], [0, 1000], [0, 0]], "cos 56° = 0.559"


def polygons(frame: pd.DataFrame) -> dict[str, list[list[list[list[int]]]]]:
    return {row.area: json.loads(row.geometry)["coordinates"] for row in frame.itertuples()}


def twice(ring: Sequence[Sequence[float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))


@pytest.mark.parametrize("most", [60_000, 4_000])
def test_rings_are_closed_and_wound_and_borders_stay_shared(most: int, tmp_path: Path) -> None:
    """Independent of how it was made: every piece of a border stands once (the coast) or twice, run both ways."""
    frame = shapes_frame(demo(tmp_path), replace(shape_rules(), release_bytes=most))
    assert frame["area"].tolist() == CODES
    assert frame["geometry"].str.len().sum() <= most
    pieces: Counter[tuple[tuple[int, ...], tuple[int, ...]]] = Counter()
    for parts in polygons(frame).values():
        for outer, *holes in parts:
            assert twice(outer) > 0
            assert all(twice(hole) < 0 for hole in holes)
            for ring in (outer, *holes):
                assert ring[0] == ring[-1]
                pieces.update((tuple(a), tuple(b)) for a, b in pairwise(ring))
    assert set(pieces.values()) == {1}, "no piece is run the same way twice"
    both = sum((b, a) in pieces for a, b in pieces)
    assert both > len(pieces) / 4, "neighbours share their border to the step"


def test_land_is_kept_by_the_coarser_outline(tmp_path: Path) -> None:
    found = demo(tmp_path)
    points = np.array([p for s in found.shapes for polygon in s.polygons for ring in polygon for p in ring])
    step = np.ptp(points, axis=0).max() / shape_rules().grid
    sent = [sum(twice(ring) for polygon in s.polygons for ring in polygon) / 2 / step**2 for s in found.shapes]
    kept = [
        sum(twice(ring) for polygon in parts for ring in polygon) / 2
        for parts in polygons(shapes_frame(found, shape_rules())).values()
    ]
    assert np.allclose(kept, sent, rtol=0.01)


def test_the_order_of_features_and_where_rings_begin_change_nothing(tmp_path: Path) -> None:
    found, rules = demo(tmp_path), replace(shape_rules(), release_bytes=4_000)
    wanted = shapes_frame(found, rules)
    for seed in range(12):
        rng = np.random.default_rng(seed)
        turned = []
        for k in rng.permutation(len(found.shapes)):
            shape = found.shapes[int(k)]
            rings = tuple(tuple(_turned(ring, rng) for ring in polygon) for polygon in shape.polygons)
            turned.append(Shape(shape.code, rings))
        pd.testing.assert_frame_equal(shapes_frame(replace(found, shapes=tuple(turned)), rules), wanted)


def _turned(ring: Any, rng: np.random.Generator) -> Any:
    start = int(rng.integers(len(ring) - 1))
    moved = (*ring[start:-1], *ring[:start])
    moved = moved[::-1] if rng.random() < 0.5 else moved
    return (*moved, moved[0])


def test_an_enclave_is_a_hole_and_both_keep_one_border(tmp_path: Path) -> None:
    angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    inner = [[5000 + 1500 * float(np.cos(a)), 5000 + 1500 * float(np.sin(a))] for a in angle]
    inner.append(inner[0])
    outer = [[0, 0], [10_000, 0], [10_000, 10_000], [0, 10_000], [0, 0]]
    around = {
        "type": "Feature",
        "properties": {"cluster_code": "C01"},
        "geometry": {"type": "Polygon", "coordinates": [outer, inner]},
    }
    found, _ = read(tmp_path, collection(around, feature("C02", inner)), ["C01", "C02"])
    assert found is not None
    shapes = polygons(shapes_frame(found, replace(shape_rules(), release_bytes=900)))
    (_, hole), (island,) = shapes["C01"][0], shapes["C02"][0]
    assert len(island) < 100, "it was thinned"
    assert set(map(tuple, hole)) == set(map(tuple, island))


def test_what_cannot_be_drawn_stops_the_build_and_says_so(tmp_path: Path) -> None:
    speck = [[100, 100], [100.2, 100], [100.2, 100.2], [100, 100]]
    found, _ = read(
        tmp_path,
        collection(feature(ring=[[x * 100, y * 100] for x, y in SQUARE]), feature("C02", [[x * 2, y * 2] for x, y in speck])),
        ["C01", "C02"],
    )
    assert found is not None
    with pytest.raises(ContractError, match="too small"):
        shapes_frame(found, shape_rules())
    with pytest.raises(ContractError, match="too fine"):
        shapes_frame(demo(tmp_path), replace(shape_rules(), release_bytes=200))


@pytest.mark.parametrize("clusters", [2, 8, 16])
def test_strathmere_has_an_outline_for_each_cluster_and_the_same_for_the_same_seed(clusters: int, tmp_path: Path) -> None:
    codes = [f"C{k:02d}" for k in range(1, clusters + 1)]
    found = demo(tmp_path, codes)
    assert [s.code for s in found.shapes] == codes
    assert shapes_text(codes, np.random.default_rng(5)) == shapes_text(codes, np.random.default_rng(5))
    assert shapes_text(codes, np.random.default_rng(5)) != shapes_text(codes, np.random.default_rng(6))
    assert shapes_frame(found, shape_rules())["geometry"].str.len().sum() < 60_000


AREAS = Table(
    "areas", "",
    pd.DataFrame(
        [("999", "Here", "council", ""), ("C01", "A", "cluster", "999"), ("9900101", "S", "school", "C01")],
        columns=["area", "name", "level", "parent"],
    ),
)  # fmt: skip
SOUND = '{"type":"MultiPolygon","coordinates":[[[[0,0],[9,0],[9,9],[0,0]]]]}'


@pytest.mark.parametrize(
    ("area", "geometry", "more", "says"),
    [
        ("C01", SOUND, {}, ""),
        ("9900101", SOUND, {}, "9900101 is no cluster"),
        ("C01", '{"type":"Point","coordinates":[3,4]}', {}, "it is no area"),
        ("C01", SOUND.replace("9,0", "9.5,0"), {}, "whole steps"),
        ("C01", SOUND.replace("9,0", "288400,0"), {}, "whole steps"),
        ("C01", SOUND.replace('"coordinates"', '"school":"S","coordinates"'), {}, "it is no area"),
        ("C01", "here", {}, "it is no GeoJSON"),
        ("C01", SOUND, {"pupils": 7}, "pupils: outlines have an area and a geometry alone"),
    ],
)
def test_the_outside_reader_lets_nothing_pass_but_coarse_outlines_of_clusters(
    area: str, geometry: str, more: dict[str, Any], says: str
) -> None:
    table = Table("shapes", "", pd.DataFrame([{"area": area, "geometry": geometry, **more}]))
    found = [leak.text for leak in shape_leaks([AREAS, table])]
    assert (found == []) if not says else (len(found) == 1 and says in found[0]), found
