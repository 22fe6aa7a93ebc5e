"""Claims about the frame: one door for the room on every page, few choices in sight, fewer still in room mode."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app import navigation, room
from app.navigation import MONEY
from rcs_core.settings import ROOT
from tests.tiny_release import open_page, serve

CHOICES = frozenset(
    {"selectbox", "multiselect", "button_group", "radio", "select_slider", "number_input", "text_input", "text_area",
     "toggle", "checkbox"}
)  # fmt: skip
DOORS = frozenset({"expandable", "expander", "popover"})
MOST, IN_THE_ROOM = 4, 2
VIEWS = frozenset({"needs_view", "reach_view", "money_question", "shift_view"})


def in_sight(block: Any) -> Iterator[Any]:
    """The choices that stand open: not behind a door, not what is typed to keep a thing by name, not a plan's sliders."""
    kind = getattr(block, "type", "")
    if kind in DOORS or kind == "form":
        return
    if kind in CHOICES:
        yield block
    for child in getattr(block, "children", {}).values():
        yield from in_sight(child)


def counted(page: AppTest) -> list[str]:
    """The labels of the choices in sight."""
    assert not page.exception, page.exception[0].message
    return [f"{one.label} ({one.key})" for one in in_sight(page.main)]


def looked_at(page: AppTest, large: bool) -> Iterator[tuple[str, list[str]]]:
    """Every view of a page with the choices in sight; outside room mode of the longest page only."""
    page.session_state[room.LARGE_KEY] = large
    page.run()
    yield "as opened", counted(page)
    for group in [g for g in page.get("button_group") if str(g.key) in VIEWS and (large or g.key == "shift_view")]:
        for name in group.options[1:]:
            page.session_state[str(group.key)] = name
            page.run()
            yield name, counted(page)


@pytest.mark.parametrize("screen", navigation.present(), ids=lambda s: s.address)
def test_few_choices_are_in_sight_on_every_page_and_view_and_two_in_room_mode(
    screen: navigation.Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(tmp_path, monkeypatch, waves=True)
    page = open_page(screen.file)
    for large, most in ((False, MOST), (True, IN_THE_ROOM)):
        crowded = {view: found for view, found in looked_at(page, large) if len(found) > most}
        assert not crowded


def test_room_mode_folds_tables_and_small_print_and_keeps_the_numbers_within_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(tmp_path, monkeypatch)
    page = open_page(MONEY.file)
    plain = {e.label for e in page.expander}
    assert room.PRINT not in plain
    assert page.toggle(key=room.KEY).value is True
    page.toggle(key=room.LARGE_KEY).set_value(True).run()
    assert not page.exception
    folded = {e.label for e in page.expander}
    assert plain | {room.PRINT, "Table: Ledgers against control totals"} <= folded
    assert page.selectbox(key="money_part").options
    assert [door.proto.popover.label for door in page.get("popover")].count(room.MORE) == 1


def test_the_lettering_of_a_chart_grows_and_its_template_stays() -> None:
    spec = {
        "height": {"step": 20},
        "layer": [{"mark": {"fontSize": 14, "size": 9}}],
        "axis": {"labelFontSize": {"expr": "a ? 1 : 2"}},
    }
    found = room.lettered(spec)
    assert found["height"]["step"] == 20 * room.SCALE
    assert found["layer"][0]["mark"] == {"fontSize": 14 * room.SCALE, "size": 9}
    assert found["axis"]["labelFontSize"]["expr"] == f"(a ? 1 : 2) * {room.SCALE}"
    assert spec["layer"][0]["mark"]["fontSize"] == 14


def test_the_switches_of_a_link_hold_and_stand_in_the_address_of_every_later_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(tmp_path, monkeypatch)
    page = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60)
    page.query_params["room"], page.query_params["big_screen"] = "true", "false"
    page.run()
    page.query_params.clear()
    page.switch_page(str(ROOT / "pages" / MONEY.file)).run()
    assert page.toggle(key=room.LARGE_KEY).value is True
    assert page.toggle(key=room.KEY).value is False
    assert page.query_params["room"] in ("true", ["true"])
    page.toggle(key=room.LARGE_KEY).set_value(False).run()
    assert "room" not in page.query_params
    assert page.query_params["big_screen"] in ("false", ["false"])
