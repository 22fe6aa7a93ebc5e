"""The levers of *Try a shift* as controls, its solved scenario kept between reruns, and what is taken away from it."""

import datetime as dt
import json
import tempfile
from pathlib import Path

import pandas as pd
import streamlit as st

from app import controls, session, show
from rcs_core.release import Release
from rcs_core.workshop.couple import Levers, Preset, levers_kept
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.export.scenario_book import About, write_scenario_book
from rcs_core.workshop.inputs.depths import ABOUT, ONLY, Standing, decide
from rcs_core.workshop.inputs.reconcile import reconcile
from rcs_core.workshop.inputs.rounds import agreed, latest
from rcs_core.workshop.inputs.unsaid import assumptions
from rcs_core.workshop.kept import DECISION, DISCUSSION, Draft, Shelf
from rcs_core.workshop.shift import Shift, movable, try_shift

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PRESETS = [Preset.SHIFT_2, Preset.SHIFT_5, Preset.FALLING_BUDGET, Preset.NOTHING_CASHES, Preset.AS_IS]
_POINTS = "Points of the money that can move (not of all spend), reached in equal steps by the plan's last year."
_BUDGET = "Of every purse, from the second year on. An assumption, not an approved budget."
_WHERE = "Each gains in proportion to what is spent on it today. With none named, all prevention gains whose level no duty sets."


def depth() -> Depth:
    """How deep the room goes; it starts at what can be discussed with what every partnership has."""
    names = {d.label: d for d in Depth}
    said = st.segmented_control(
        "How deep", list(names), default=Depth.DISCUSS.label, required=True, key="shift_depth", bind="query-params"
    )
    chosen = names.get(str(said), Depth.DISCUSS)
    show.note(ABOUT[chosen])
    return chosen


def levers(release: Release, deep: Depth) -> Levers:
    """What the room chose: a preset and where money goes or stays in sight, the rest behind one door."""
    left, right = st.columns([1, 2])
    with left:
        preset = controls.one_of("Start from", _PRESETS, "shift_preset", lambda p: p.label)
    start, names = Levers.of(preset), session.once(release, movable, deep)
    label, key, help = ("Where it goes", "shift_grow", _WHERE) if deep is Depth.DISCUSS else ("Do not cut", "shift_protect", None)
    with right:
        empty = "All prevention alike" if deep is Depth.DISCUSS else "No service named"
        named = st.multiselect(label, list(names), format_func=names.__getitem__, key=key, placeholder=empty, help=help)
    with st.expander("More levers"):
        more = _more(start) | (_effects(start) if deep is not Depth.DISCUSS else {}) | _group(release, deep)
    more |= {"grow" if deep is Depth.DISCUSS else "protect": tuple(sorted(named))}
    return Levers.of(preset, depth=deep, **more)


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


@st.cache_resource(
    max_entries=64, show_spinner="Solving", hash_funcs={Release: lambda release: release.manifest.content_hash, Levers: repr}
)
def solved(release: Release, chosen: Levers) -> Shift:
    """The shift of these levers on this release; kept, so that only a changed lever is solved again."""
    return try_shift(release, chosen)


def take_away(release: Release, chosen: Levers, shift: Shift, standing: Standing) -> None:
    """The workbook, the scenario file, and a name to find it again by; marked where it is for discussion only."""
    stem = file_stem(release, chosen, standing)
    if standing.discussion_only:
        show.note(f"**{ONLY}.** Everything taken away says so, gives results in two figures, and cannot be kept as a decision.")
    left, right = st.columns(2)
    left.download_button(
        "Download the workbook (xlsx)", lambda: workbook(release, chosen, shift, standing), f"{stem}.xlsx", XLSX,
        type="primary", icon=":material/table_view:", on_click="ignore", width="stretch",
    )  # fmt: skip
    right.download_button(
        "Download the scenario file (json)", lambda: scenario_file(shift, standing), f"{stem}.json",
        "application/json", icon=":material/data_object:", on_click="ignore", width="stretch",
    )  # fmt: skip
    _keep(release, chosen, shift, standing)


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


def _keep(release: Release, chosen: Levers, shift: Shift, standing: Standing) -> None:
    with st.form("shift_keep", border=False):
        left, middle, right = st.columns([3, 2, 1], vertical_alignment="bottom")
        name = left.text_input("Keep this scenario as", chosen.preset.label)
        author = middle.text_input("Your name")
        pressed = right.form_submit_button("Keep", width="stretch")
        decided = standing.decision and st.checkbox("It is the basis of a decision")
    if pressed:
        _save(release, shift, name, author, standing, decided)
    if kept := Shelf(session.store()).latest():
        with st.expander(f"Kept scenarios ({len(kept)})"):
            rows = [(k.name, k.version, k.author, k.at[:16].replace("T", " "), k.draft.release_id, k.draft.purpose) for k in kept]
            columns = ["Name", "Version", "By", "At (UTC)", "Release", "Kept for"]
            show.table(pd.DataFrame(rows, columns=columns), "Kept scenarios")


def _save(release: Release, shift: Shift, name: str, author: str, standing: Standing, decided: bool) -> None:
    if not name.strip() or not author.strip():
        st.warning("A kept scenario needs a name and yours, so that the room knows whose it is.", icon=":material/edit:")
        return
    if decided:
        decide(standing)
    figures = {"status": str(shift.result.status), "moved": shift.found.moved, "guess_share": shift.found.guess_share}
    draft = Draft(
        shift.scenario.to_dict(), figures, levers_kept.plain(shift.levers), None, dict(shift.names), release.id,
        release.manifest.content_hash, "", DECISION if decided else DISCUSSION,
    )  # fmt: skip
    kept = Shelf(session.store()).keep(name, author, draft)
    st.success(f"Kept as {kept.name}, version {kept.version}.", icon=":material/check:")
