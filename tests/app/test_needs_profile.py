"""The profile on the screen: what the core's profile holds, a link that opens it, and a school that its cluster stands for."""

from pathlib import Path

import pytest

from app.navigation import NEEDS
from tests.tiny_release import open_page, serve


def test_a_link_opens_the_profile_of_a_school_and_its_cluster_stands_for_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(tmp_path, monkeypatch, waves=True)
    page = open_page(NEEDS.file)
    page.query_params["needs_view"] = page.session_state["needs_view"] = "Profile"
    page.query_params["needs_area"] = page.session_state["needs_area"] = "Glenmuir Primary (school)"
    page.run()
    assert not page.exception
    assert [box.label for box in page.selectbox] == ["Which children", "Where"]
    assert "The picture of its cluster, Carrickmuir cluster, is shown instead." in page.info[0].value
    asked = [one.value for one in page.subheader]
    assert "What stands out in Carrickmuir cluster?" in asked
    assert asked[-1] == "How is this read?"
    assert len(page.table) == 3
    assert page.table[0].value.shape == (5, 4)
    page.selectbox(key="needs_area").select("Burnside Primary (school)").run()
    assert not page.info
    assert "What stands out in Burnside Primary?" in [one.value for one in page.subheader]
