"""A kept scenario is opened again as it was set, from a link or a button, and says on what release it was kept."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.navigation import SHIFT
from rcs_core.release import Release, load
from rcs_core.workshop.couple import Levers, levers_kept
from rcs_core.workshop.couple.levers import Depth, Preset
from rcs_core.workshop.kept import Draft, Kept, Shelf
from rcs_core.workshop.store import Store
from tests.test_pages import words
from tests.tiny_release import open_page, serve

LEVERS = Levers.of(
    Preset.SHIFT_5, depth=Depth.ESTIMATE, shift_pct=3.5, budget_change_pct=1.0, horizon=4, bridging=False, allow_pool=True,
    effect_scale=0.5, cashable_override_pct=0.0, protect=("S004",),
)  # fmt: skip


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Release:
    return load(serve(tmp_path, monkeypatch))


def shelf(tmp_path: Path) -> Shelf:
    return Shelf(Store.open(tmp_path / "home" / "store.sqlite"))


def keep(tmp_path: Path, release: Release, **changed: object) -> Kept:
    figures = {"answers": {"Is every need met?": "Yes, then"}}
    draft = Draft({"horizon": 1}, figures, levers_kept.plain(LEVERS), release_id=release.id,
                  release_hash=release.manifest.content_hash, note="As we said.")  # fmt: skip
    return shelf(tmp_path).keep("Ours", "Ada", replace(draft, **changed))


def levers_page() -> None:
    """The levers of the page alone, and the banner of what is open."""
    import streamlit as st

    from app import session, shift_keep, shifting

    release = session.release()
    chosen = shifting.levers(release, shifting.depth())
    st.session_state["found"] = chosen
    shift_keep.banner(release, chosen, shifting.solved(release, chosen))


def linked(link: str) -> AppTest:
    page = AppTest.from_function(levers_page, default_timeout=60)
    page.query_params["kept"] = link
    return page.run()


def test_a_link_sets_every_control_as_it_was_when_the_scenario_was_kept(tmp_path: Path, release: Release) -> None:
    page = linked(keep(tmp_path, release).link)
    assert not page.exception
    assert page.session_state["found"] == LEVERS
    said = words(page)
    assert "Open: Ours" in said
    assert "“As we said.”" in said
    assert "Changed since" not in said
    assert "another release" not in said
    page.number_input(key="shift_points_shift_5").set_value(4.0).run()
    assert page.session_state["found"] == replace(LEVERS, shift_pct=4.0)
    assert "Changed since it was kept: points moved." in words(page)
