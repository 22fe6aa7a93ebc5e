"""A kept scenario is opened again as it was set, from a link or a button, and says on what release it was kept."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import shift_open
from app.typed_words import typed
from rcs_core.release import Release, load
from rcs_core.workshop.couple import Levers, levers_kept
from rcs_core.workshop.couple.levers import Depth, Preset
from rcs_core.workshop.kept import Draft, Kept, Shelf
from rcs_core.workshop.scenario import Result, Scenario
from rcs_core.workshop.scenario.edits import Edit
from rcs_core.workshop.scenario.hot import HotSession
from rcs_core.workshop.shift import try_shift
from rcs_core.workshop.store import Store
from tests.test_pages import words
from tests.tiny_release import serve
from tests.workshop.test_couple import a_release

LEVERS = Levers.of(
    Preset.SHIFT_5, depth=Depth.ESTIMATE, shift_pct=3.5, budget_change_pct=1.0, horizon=4, bridging=False, allow_pool=True,
    effect_scale=0.5, cashable_override_pct=0.0, protect=("S004",),
    edits=(Edit("/prevention/S003/lag", 2, "Ada", "It takes two years"),),
)  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The small release served from a workspace, made once: the folder, and its data file."""
    folder = tmp_path_factory.mktemp("served")
    with pytest.MonkeyPatch.context() as patch:
        return folder, serve(folder, patch)


@pytest.fixture
def release(served: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Release:
    """The small release, in a workspace of the test's own."""
    folder, file = served
    shutil.copytree(folder / "home", tmp_path / "home")
    monkeypatch.setenv("RCS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RCS_RELEASE", str(file))
    return load(file)


def shelf(tmp_path: Path) -> Shelf:
    return Shelf(Store.open(tmp_path / "home" / "store.sqlite"))


def keep(tmp_path: Path, release: Release, name: str = "Ours", **changed: object) -> Kept:
    figures = {"answers": {"Is every need met?": "Yes, then"}}
    draft = Draft({"horizon": 1}, figures, levers_kept.plain(LEVERS), release_id=release.id,
                  release_hash=release.manifest.content_hash, note="As we said.")  # fmt: skip
    return shelf(tmp_path).keep(name, "Ada", replace(draft, **changed))


def levers_page() -> None:
    """The levers of the page alone, and the banner of what is open."""
    import streamlit as st

    from app import session, shift_keep, shifting

    release = session.release()
    chosen = shifting.levers(release, *shifting.depth())
    st.session_state["found"] = chosen
    shift_keep.banner(release, chosen, shifting.solved(release, chosen))


def linked(link: str) -> AppTest:
    page = AppTest.from_function(levers_page, default_timeout=60)
    page.query_params["kept"] = link
    return page.run()


def test_a_link_sets_every_control_as_it_was_when_the_scenario_was_kept(tmp_path: Path, release: Release) -> None:
    name, note = "Ours :material/home: -> **x**", "See [this](https://z.scot) and $a$."
    page = linked(keep(tmp_path, release, name, note=note).link)
    assert not page.exception
    assert page.session_state["found"] == LEVERS
    said = words(page)
    assert f"Open: {typed(name)}" in said
    assert f"“{typed(note)}”" in said
    assert name not in said
    assert note not in said
    assert "Changed since" not in said
    assert "another release" not in said
    page.number_input(key="shift_points_shift_5").set_value(4.0).run()
    assert page.session_state["found"] == replace(LEVERS, shift_pct=4.0)
    assert "Changed since it was kept: points moved." in words(page)


def test_on_another_release_the_kept_figures_stand_beside_today_s(tmp_path: Path, release: Release) -> None:
    page = linked(keep(tmp_path, release, release_id="608f4ae021f4", release_hash="608f4ae021f4" * 4).link)
    assert "It was kept on another release." in words(page)
    table = page.dataframe[-1].value
    assert list(table.columns) == ["Question", "As kept (608f4ae021f4)", f"Now ({release.id})"]
    row = table.set_index("Question").loc["Is every need met?"]
    assert (row.iloc[0], row.iloc[1].startswith(("Yes", "No", "–"))) == ("Yes, then", True)


@pytest.mark.usefixtures("release")
def test_a_link_to_nothing_says_so_and_the_page_goes_on() -> None:
    page = linked("nothing-here.1")
    assert "There is no such scenario" in page.error[0].value
    assert page.session_state["found"].preset == Preset.SHIFT_2


def test_services_that_a_release_no_longer_has_are_left_out_of_the_controls() -> None:
    known = {"S003": "Family support"}
    found = shift_open.controls_of(replace(LEVERS, protect=("S003", "S099")), known)
    assert found["shift_protect"] == ["S003"]


def own_page() -> None:
    """The room's own plan, the comparison, and the shelf."""
    from app import session, shift_compare, shift_keep, shift_own, shifting
    from rcs_core.workshop.inputs import told

    release = session.release()
    chosen = shifting.levers(release, *shifting.depth())
    shift = shifting.solved(release, chosen)
    shift_own.section(release, shift, True)
    shift_compare.section(release, shift, True)
    shift_keep.take_away(release, chosen, shift, told.standing(shift))


@pytest.mark.usefixtures("release")
def test_the_room_s_own_plan_is_scored_kept_compared_and_opened_again(tmp_path: Path) -> None:
    page = AppTest.from_function(own_page, default_timeout=60)
    page.query_params["shift_depth"] = "Estimate"
    page.run()
    assert not page.exception
    assert "This plan gains as much as the plan shown. It keeps every promise." in words(page)
    assert page.multiselect(key="shift_compare_with").value[:3] == ["preset:as_is", "screen", "preset:shift_5"]
    page.slider[0].set_value(-40.0).run()
    assert not page.exception
    assert "It breaks" in words(page)
    plan = page.session_state["shift_own"]
    next(t for t in page.text_input if t.label == "Whose it is").set_value("Ada")
    next(b for b in page.button if b.label == "Keep our plan").click().run()
    (kept,) = shelf(tmp_path).latest()
    assert kept.draft.plan == {service: list(line) for service, line in plan.items()}
    assert kept.draft.figures["answers"]["Can every promise hold?"].startswith("No: it breaks")
    page.multiselect(key="shift_compare_with").set_value(["screen", "own", f"kept:{kept.link}"]).run()
    assert not page.exception
    side_by_side = next(t.value for t in page.dataframe if "Question" in t.value.columns)
    assert list(side_by_side.columns) == ["Question", "On the screen", "The room's own plan", "The room's own plan, again"]
    assert (side_by_side.iloc[:, 2] == side_by_side.iloc[:, 3]).all()
    next(b for b in page.button if b.label == "Start from today's spend").click().run()
    assert page.session_state["shift_own"] != plan
    page.button(key="shift_kept_open").click().run()
    assert page.session_state["shift_own"] == plan
    assert kept.link in page.query_params["kept"]


def shelf_page() -> None:
    """The kept scenarios alone."""
    from app import session, shift_keep

    shift_keep.shelf(session.release())


def test_a_scenario_is_copied_renamed_and_taken_out_of_the_list_on_the_screen(tmp_path: Path, release: Release) -> None:
    keep(tmp_path, release)
    page = AppTest.from_function(shelf_page, default_timeout=60).run()

    def do(deed: str, text: str) -> set[str]:
        page.radio(key="shift_kept_deed").set_value(deed)
        next(t for t in page.text_input if t.label.startswith("The new name")).set_value(text)
        next(t for t in page.text_input if t.label == "Whose wish it is").set_value("Ben")
        next(b for b in page.button if b.label == "Do it").click().run()
        assert not page.exception
        return {k.name for k in shelf(tmp_path).latest()}

    assert do("Copy it under another name", "Theirs") == {"Ours", "Theirs"}
    assert do("Copy it under another name", "ours") == {"Ours", "Theirs"}
    assert "Another scenario has this name" in page.error[0].value
    assert do("Give it another name", "Nobody's") == {"Nobody's", "Theirs"}
    assert do("Take it out of this list", "It is overtaken.") == {"Theirs"}


@pytest.mark.usefixtures("release")
def test_every_browser_session_has_a_solver_of_its_own_that_goes_on_from_its_last_plan() -> None:
    pages = [AppTest.from_function(levers_page, default_timeout=60).run() for _ in range(2)]
    for page, points in ((pages[0], 2.7), (pages[1], 4.7), (pages[0], 3.1)):
        page.number_input(key="shift_points_shift_2").set_value(points).run()
    mine, theirs = (page.session_state["shift_hot"]["discuss"] for page in pages)
    assert mine is not theirs
    assert mine.turn.hot
    assert [page.session_state["found"].shift_pct for page in pages] == [3.1, 4.7]


def test_an_edit_from_the_last_plan_gives_the_answer_of_a_cold_solve() -> None:
    release = a_release()
    hot = None
    for levers in (
        Levers.of(Preset.SHIFT_2),
        Levers.of(Preset.SHIFT_5),
        Levers.of(Preset.SHIFT_2, shift_pct=3.0, protect=("S004",)),
    ):

        def solver(scenario: Scenario, names: Mapping[str, str]) -> Result:
            nonlocal hot
            hot = hot or HotSession(scenario, names)
            return hot.edit(scenario)

        warm, cold = try_shift(release, levers, solver), try_shift(release, levers)
        assert warm.result.status == cold.result.status
        assert warm.found.moved == pytest.approx(cold.found.moved, abs=1e-6)
        assert warm.result.objective == pytest.approx(cold.result.objective, rel=1e-6)
