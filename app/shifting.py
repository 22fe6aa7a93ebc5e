"""The levers of *Try a shift* as controls, its solved scenario kept between reruns, and the files made of it."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import clock, leaving, room, session, shift_edits, shift_levers, shift_open, show
from app.shift_levers import Door
from rcs_core.release import Release
from rcs_core.stamp import Stamp
from rcs_core.vocab import Label
from rcs_core.workshop.couple import Levers, Preset
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.export.scenario_book import write_scenario_book
from rcs_core.workshop.export.scenario_shift import about_shift
from rcs_core.workshop.inputs import promises
from rcs_core.workshop.inputs.depths import ABOUT, ONLY, Standing
from rcs_core.workshop.scenario import Result, Scenario
from rcs_core.workshop.scenario.hot import HotSession
from rcs_core.workshop.shift import Shift, Solver, try_shift

_HOT = "shift_hot"
_PRESETS = [Preset.SHIFT_2, Preset.SHIFT_5, Preset.FALLING_BUDGET, Preset.NOTHING_CASHES, Preset.AS_IS]


def depth() -> tuple[Depth, DeltaGenerator]:
    """How deep the room goes, and the place for the preset beside it; it starts at what every partnership can discuss.

    It is the first control of the page, so a link to a kept scenario is followed before it.
    """
    shift_open.follow(session.release())
    first, second = st.columns([5, 3]) if not room.large() else (st.container(), st.container())
    with second, room.more():
        chosen = _one_of("How deep", list(Depth), "shift_depth", _DEPTHS)
    return chosen, first


def levers(release: Release, deep: Depth, place: DeltaGenerator) -> Levers:
    """What the room chose: a preset, and the levers behind their door."""
    return with_door(release, deep, place)[0]


def with_door(release: Release, deep: Depth, place: DeltaGenerator) -> tuple[Levers, Door]:
    """What the room chose, and the door of the levers, into which is drawn what is known once the plan is solved."""
    with place, room.place():
        preset = _one_of("Start from", presets(release, deep), _PRESET)
    show.note(f"**{preset.label}.** {promises.told(preset)}")
    values, door = shift_levers.draw(release, Levers.of(preset, depth=deep))
    chosen = shift_edits.with_reasons(Levers.of(preset, depth=deep, **values))
    return shift_edits.put_in(release, chosen), door


def presets(release: Release, deep: Depth) -> list[Preset]:
    """The presets that differ on a release at a depth: where no cost is cash as it is, that nothing cashes is nothing new."""
    cashes = "cashable_override_pct" in session.once(release, promises.offered, deep).levers
    return [preset for preset in _PRESETS if cashes or preset is not Preset.NOTHING_CASHES]


_DEPTHS = "  \n".join(f"**{depth.label}.** {about}" for depth, about in ABOUT.items())
_PRESET = "shift_preset"


def _one_of[T: Label](label: str, options: list[T], key: str, help: str | None = None) -> T:
    """One of a few side by side, the first until the link or the room says otherwise.

    The session holds the first one, and no default stands beside it: a kept scenario sets what is chosen before it is drawn.
    """
    names = {option.label: option for option in options}
    if st.session_state.get(key, options[0].label) not in names or (key not in st.session_state and key not in st.query_params):
        st.session_state[key] = options[0].label
    said = st.segmented_control(
        label, list(names), required=True, key=key, help=help, wrap=True, bind="query-params", persist_state="session"
    )  # fmt: skip
    return names.get(str(said), options[0])


def solved(release: Release, chosen: Levers, hot: bool = True) -> Shift:
    """The shift of these levers on this release; kept for every session, so that only a changed lever is solved again.

    hot: from this session's own last plan, where only numbers changed. What is solved beside it (presets to compare) leaves
    that plan alone.
    """
    found = _solved(release, chosen, _from_last_plan if hot else None)
    return found if found.levers.because == chosen.because else replace(found, levers=chosen)


@st.cache_resource(
    max_entries=128, show_spinner="Solving", hash_funcs={Release: lambda release: release.manifest.content_hash, Levers: repr}
)
def _solved(release: Release, chosen: Levers, _solver: Solver | None) -> Shift:
    return try_shift(release, chosen, _solver)


def _from_last_plan(scenario: Scenario, names: Mapping[str, str]) -> Result:
    """The answer from where this browser session's last plan of the same depth ended; no other session has its solver."""
    kept: dict[str, HotSession] = st.session_state.setdefault(_HOT, {})
    hot = kept.setdefault(scenario.depth, HotSession(scenario))
    hot.names = dict(names)
    return hot.edit(scenario)


def stamp(release: Release, standing: Standing) -> Stamp:
    """Whose the files of a scenario are; marked where they are for discussion only."""
    return leaving.stamp(release).discussed(standing.discussion_only)


def scenario_file(shift: Shift, standing: Standing) -> str:
    """The scenario as a file for `rcs solve`; it holds what was put in, and says how far that may be trusted."""
    content = shift.scenario.to_dict()
    moved = " ".join(one.sentence for one in promises.moved(shift.levers, shift.names))
    content["description"] = " ".join(filter(None, (str(content.get("description", "")), moved)))
    if standing.discussion_only:
        content["description"] = f"{ONLY.upper()}. {content.get('description', '')}"
    return json.dumps(content, indent=1)


def workbook(release: Release, chosen: Levers, shift: Shift, standing: Standing) -> bytes:
    """The scenario as a workbook with live formulas, everything that this tool assumes listed in it."""
    about = about_shift(release, replace(shift, levers=chosen), standing, clock.today())
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "scenario.xlsx"
        write_scenario_book(shift.scenario, shift.result, about, path)
        return path.read_bytes()
