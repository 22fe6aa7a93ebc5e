"""The levers of *Try a shift* as controls, its solved scenario kept between reruns, and the files made of it."""

import datetime as dt
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import controls, room, session, shift_edits, shift_open, show
from rcs_core.release import Release
from rcs_core.workshop.couple import Levers, Preset
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.export.scenario_book import About, write_scenario_book
from rcs_core.workshop.inputs.depths import ABOUT, ONLY, Standing
from rcs_core.workshop.inputs.reconcile import reconcile
from rcs_core.workshop.inputs.rounds import agreed, latest
from rcs_core.workshop.inputs.unsaid import assumptions
from rcs_core.workshop.scenario import Result, Scenario
from rcs_core.workshop.scenario.hot import HotSession
from rcs_core.workshop.shift import Shift, Solver, movable, try_shift

type Beside = tuple[DeltaGenerator, DeltaGenerator]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HOT = "shift_hot"
_PRESETS = [Preset.SHIFT_2, Preset.SHIFT_5, Preset.FALLING_BUDGET, Preset.NOTHING_CASHES, Preset.AS_IS]
_POINTS = "Points of the money that can move (not of all spend), reached in equal steps by the plan's last year."
_BUDGET = "Of every purse, from the second year on. An assumption, not an approved budget."
_WHERE = "Each gains in proportion to what is spent on it today. With none named, all prevention gains whose level no duty sets."


def depth() -> tuple[Depth, Beside]:
    """How deep the room goes, and the places beside it; it starts at what can be discussed with what every partnership has.

    It is the first control of the page, so a link to a kept scenario is followed before it.
    """
    shift_open.follow(session.release())
    names = {d.label: d for d in Depth}
    first, *beside = st.columns([5, 3, 5], vertical_alignment="bottom")
    with first, room.more():
        said = st.segmented_control(
            "How deep", list(names), default=Depth.DISCUSS.label, required=True, key="shift_depth", bind="query-params"
        )
    chosen = names.get(str(said), Depth.DISCUSS)
    show.note(ABOUT[chosen])
    return chosen, (beside[0], beside[1])


def levers(release: Release, deep: Depth, beside: Beside) -> Levers:
    """What the room chose: a preset and where money goes or stays in sight, the rest behind one door."""
    left, right = beside
    with left:
        preset = controls.one_of("Start from", _PRESETS, "shift_preset", lambda p: p.label)
    start, names = Levers.of(preset), session.once(release, movable, deep)
    label, key, help = ("Where it goes", "shift_grow", _WHERE) if deep is Depth.DISCUSS else ("Do not cut", "shift_protect", None)
    with right, room.place():
        empty = "All prevention alike" if deep is Depth.DISCUSS else "No service named"
        named = st.multiselect(label, list(names), format_func=names.__getitem__, key=key, placeholder=empty, help=help)
    with room.more(), st.expander("More levers"):
        more = _more(start) | (_effects(start) if deep is not Depth.DISCUSS else {}) | _group(release, deep)
    more |= {"grow" if deep is Depth.DISCUSS else "protect": tuple(sorted(named))}
    return shift_edits.put_in(release, Levers.of(preset, depth=deep, **more))


def _more(start: Levers) -> dict[str, object]:
    left, right = st.columns(2)
    key = start.preset
    with left:
        points = st.number_input(
            "Points moved to prevention", 0.0, 20.0, start.shift_pct, 0.5, key=f"shift_points_{key}", help=_POINTS
        )
        budget = st.number_input(
            "Budgets change a year (%)", -10.0, 10.0, start.budget_change_pct, 0.5, key=f"shift_budget_{key}", help=_BUDGET
        )
    with right:
        years = st.number_input("Years in the plan", 2, 10, start.horizon, key=f"shift_years_{key}")
        bridge = st.toggle("Money from outside for double running", start.bridging, key=f"shift_bridge_{key}")
    return {"shift_pct": points, "budget_change_pct": budget, "horizon": int(years), "bridging": bridge}


def _effects(start: Levers) -> dict[str, object]:
    """What can be changed where effects are used."""
    left, right = st.columns(2)
    key = start.preset
    with left:
        ramp = st.number_input(
            "Fastest growth of a service a year (%)", 0.0, 100.0, start.ramp_up_pct, 5.0, key=f"shift_ramp_{key}"
        )
        half = st.toggle("Half the effects", start.effect_scale == 0.5, key=f"shift_half_{key}")
    with right:
        pool = st.toggle("A joint pool between agencies", start.allow_pool, key=f"shift_pool_{key}")
        none = st.toggle("Nothing cashes", start.cashable_override_pct == 0, key=f"shift_cash_{key}")
    cash = 0.0 if none else (None if start.cashable_override_pct == 0 else start.cashable_override_pct)
    scale = 0.5 if half else (1.0 if start.effect_scale == 0.5 else start.effect_scale)
    return {"ramp_up_pct": ramp, "effect_scale": scale, "allow_pool": pool, "cashable_override_pct": cash}


def _group(release: Release, deep: Depth) -> dict[str, object]:
    """The group's own numbers, once a round of answers is closed; they are estimates, so they count at that depth only."""
    found = agreed(latest(session.store(), release.id)) if deep is Depth.ESTIMATE else ()
    if not found or not st.toggle(f"Use the group's own numbers ({len(found)})", True, key="shift_group"):
        return {}
    return {"answers": found}


def solved(release: Release, chosen: Levers, hot: bool = True) -> Shift:
    """The shift of these levers on this release; kept for every session, so that only a changed lever is solved again.

    hot: from this session's own last plan, where only numbers changed. What is solved beside it (presets to compare) leaves
    that plan alone.
    """
    return _solved(release, chosen, _from_last_plan if hot else None)


@st.cache_resource(
    max_entries=64, show_spinner="Solving", hash_funcs={Release: lambda release: release.manifest.content_hash, Levers: repr}
)
def _solved(release: Release, chosen: Levers, _solver: Solver | None) -> Shift:
    return try_shift(release, chosen, _solver)


def _from_last_plan(scenario: Scenario, names: Mapping[str, str]) -> Result:
    """The answer from where this browser session's last plan of the same depth ended; no other session has its solver."""
    kept: dict[str, HotSession] = st.session_state.setdefault(_HOT, {})
    hot = kept.setdefault(scenario.depth, HotSession(scenario))
    hot.names = dict(names)
    return hot.edit(scenario)


def file_stem(release: Release, chosen: Levers, standing: Standing) -> str:
    """Area, subject, date and release, as every file that leaves is named; and that it is for discussion only, where it is."""
    area, today = show.slug(release.manifest.partnership), dt.datetime.now(dt.UTC).date()
    mark = f"_{show.slug(ONLY)}" if standing.discussion_only else ""
    return f"{area}_{chosen.preset.replace('_', '-')}_{today}_{release.id}{mark}"


def scenario_file(shift: Shift, standing: Standing) -> str:
    """The scenario as a file for `rcs solve`; it holds what was put in, and says how far that may be trusted."""
    content = shift.scenario.to_dict()
    if standing.discussion_only:
        content["description"] = f"{ONLY.upper()}. {content.get('description', '')}"
    return json.dumps(content, indent=1)


def workbook(release: Release, chosen: Levers, shift: Shift, standing: Standing) -> bytes:
    """The scenario as a workbook with live formulas, everything that this tool assumes listed in it."""
    about = About(
        partnership=release.manifest.partnership,
        release_id=release.id,
        date=dt.datetime.now(dt.UTC).date(),
        author="",
        fictional=release.manifest.fictional,
        depth=shift.scenario.depth,
        units="children or cases a year",
        notes=(chosen.text(), standing.sentence, reconcile(release, shift.scenario, shift.inputs).sentence),
        names=shift.names,
        assumptions=assumptions(),
    )
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "scenario.xlsx"
        write_scenario_book(shift.scenario, shift.result, about, path)
        return path.read_bytes()
