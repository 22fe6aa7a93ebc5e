"""The map of clusters on the needs page: offered where outlines are, drawn from them alone, told in words."""

import json
from pathlib import Path

import pytest

from app import needs_map, picture
from app.navigation import NEEDS
from rcs_core.workshop import compare, shapes_map
from tests.test_pages import in_view, words
from tests.tiny_release import open_page, serve
from tests.tiny_shapes import mapped_release, serve_mapped


def test_the_map_says_how_many_clusters_differ_and_funnel_and_grid_stay_in_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve_mapped(tmp_path, monkeypatch)
    page = in_view("On a map")
    options = page.get("button_group")[0].options
    assert options[2:6] == ["Where it differs", "On a map", "Fair shares", "Schools in a funnel"]
    said = words(page)
    assert "2 of 2 clusters differ clearly from the rest of the area" in said
    assert "the question on which most clusters stand out" in said
    assert shapes_map.LAND_NOTE in said
    page.session_state["needs_map"] = "Equal squares"
    page.run()
    assert shapes_map.SQUARES_NOTE in words(page)
    assert not page.exception


def test_without_outlines_no_map_is_offered_and_the_front_page_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(tmp_path, monkeypatch, waves=True)
    assert "On a map" not in open_page(NEEDS.file).get("button_group")[0].options
    assert "clusters.geojson" in words(open_page("today.py"))


@pytest.mark.parametrize("how", [shapes_map.LAND, shapes_map.SQUARES])
def test_the_picture_draws_each_cluster_once_and_takes_nothing_from_the_network(how: str, tmp_path: Path) -> None:
    release = mapped_release(tmp_path)
    found = shapes_map.mapped(release, "pupil_p5_p7", compare.asked(release, "pupil_p5_p7")[1])
    on = shapes_map.drawing(release, how)
    spec = needs_map._spec(found, on)
    areas = [layer["data"]["values"] for layer in spec["layer"] if "data" in layer]
    assert [f["code"] for f in areas[0]] == ["C01", "C02"]
    assert len(areas[1]) == 1, "the one that is not compared is hatched"
    assert "url" not in json.dumps(spec)
    svg = picture.draw("svg", spec, shapes_map.label_rows(found, on), "Map", "Strathmere").decode()
    assert svg.count('aria-roledescription="geoshape"') == 2, "hatching is no mark of its own"
    assert "Carrickmuir" in svg
    assert "Hidden or not compared" in svg
