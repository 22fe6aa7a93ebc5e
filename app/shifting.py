"""The levers of *Try a shift* as controls, its solved scenario kept between reruns, and what is taken away from it."""

import datetime as dt
import json
import tempfile
from pathlib import Path

import pandas as pd
import streamlit as st

from app import controls, session, show
from rcs_core.release import Release
from rcs_core.workshop.couple import Levers, Preset
from rcs_core.workshop.export.scenario_book import About, write_scenario_book
from rcs_core.workshop.shift import Shift, movable, try_shift

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PRESETS = [Preset.SHIFT_2, Preset.SHIFT_5, Preset.FALLING_BUDGET, Preset.NOTHING_CASHES, Preset.AS_IS]


def levers(release: Release) -> Levers:
    """What the room chose: a preset and three levers in sight, the rest behind one door."""
    left, middle, right = st.columns(3)
    with left:
        preset = controls.one_of("Start from", _PRESETS, "shift_preset", lambda p: p.label)
    start = Levers.of(preset)
    with middle:
        points = st.number_input(
            "Points moved to prevention", 0.0, 20.0, start.shift_pct, 0.5, key=f"shift_points_{preset}", help=_POINTS
        )
    with right:
        budget = st.number_input(
            "Budgets change a year (%)", -10.0, 10.0, start.budget_change_pct, 0.5, key=f"shift_budget_{preset}", help=_BUDGET
        )
    names = movable(release)
    kept = st.multiselect(
        "Do not cut", list(names), format_func=names.__getitem__, key="shift_protect", placeholder="No service named"
    )
    with st.expander("More levers"):
        more = _more(start)
    return Levers.of(preset, shift_pct=points, budget_change_pct=budget, protect=tuple(sorted(kept)), **more)


_POINTS = "Points of the money that can move (not of all spend), reached in equal steps by the plan's last year."
_BUDGET = "Of every purse, from the second year on. An assumption, not an approved budget."


def _more(start: Levers) -> dict[str, object]:
    left, right = st.columns(2)
    key = start.preset
    with left:
        years = st.number_input("Years in the plan", 2, 10, start.horizon, key=f"shift_years_{key}")
        ramp = st.number_input(
            "Fastest growth of a service a year (%)", 0.0, 100.0, start.ramp_up_pct, 5.0, key=f"shift_ramp_{key}"
        )
        half = st.toggle("Half the effects", start.effect_scale == 0.5, key=f"shift_half_{key}")
    with right:
        pool = st.toggle("A joint pool between agencies", start.allow_pool, key=f"shift_pool_{key}")
        bridge = st.toggle("Money from outside for double running", start.bridging, key=f"shift_bridge_{key}")
        none = st.toggle("Nothing cashes", start.cashable_override_pct == 0, key=f"shift_cash_{key}")
    cash = 0.0 if none else (None if start.cashable_override_pct == 0 else start.cashable_override_pct)
    scale = 0.5 if half else (1.0 if start.effect_scale == 0.5 else start.effect_scale)
    changed = {"horizon": int(years), "ramp_up_pct": ramp, "effect_scale": scale, "allow_pool": pool, "bridging": bridge}
    return {**changed, "cashable_override_pct": cash}


@st.cache_resource(
    max_entries=64, show_spinner="Solving", hash_funcs={Release: lambda release: release.manifest.content_hash, Levers: repr}
)
def solved(release: Release, chosen: Levers) -> Shift:
    """The shift of these levers on this release; kept, so that only a changed lever is solved again."""
    return try_shift(release, chosen)


def take_away(release: Release, chosen: Levers, shift: Shift) -> None:
    """The workbook, the scenario file, and a name to find it again by."""
    stem = file_stem(release, chosen)
    left, right = st.columns(2)
    left.download_button(
        "Download the workbook (xlsx)", lambda: workbook(release, chosen, shift), f"{stem}.xlsx", XLSX,
        type="primary", icon=":material/table_view:", on_click="ignore", width="stretch",
    )  # fmt: skip
    right.download_button(
        "Download the scenario file (json)", lambda: json.dumps(shift.scenario.to_dict(), indent=1), f"{stem}.json",
        "application/json", icon=":material/data_object:", on_click="ignore", width="stretch",
    )  # fmt: skip
    _keep(release, chosen, shift)


def file_stem(release: Release, chosen: Levers) -> str:
    """Area, subject, date and release, as every file that leaves is named."""
    area, today = show.slug(release.manifest.partnership), dt.datetime.now(dt.UTC).date()
    return f"{area}_{chosen.preset.replace('_', '-')}_{today}_{release.id}"


def workbook(release: Release, chosen: Levers, shift: Shift) -> bytes:
    """The scenario as a workbook with live formulas."""
    about = About(
        partnership=release.manifest.partnership,
        release_id=release.id,
        date=dt.datetime.now(dt.UTC).date(),
        author="",
        fictional=release.manifest.fictional,
        depth=shift.scenario.depth,
        units="children or cases a year",
        notes=(chosen.text(),),
        names=shift.names,
    )
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "scenario.xlsx"
        write_scenario_book(shift.scenario, shift.result, about, path)
        return path.read_bytes()


def _keep(release: Release, chosen: Levers, shift: Shift) -> None:
    with st.form("shift_keep", border=False):
        left, middle, right = st.columns([3, 2, 1], vertical_alignment="bottom")
        name = left.text_input("Keep this scenario as", chosen.preset.label)
        author = middle.text_input("Your name")
        if right.form_submit_button("Keep", width="stretch"):
            _save(release, shift, name, author)
    if kept := session.store().scenarios():
        with st.expander(f"Kept scenarios ({len(kept)})"):
            rows = [(k.name, k.version, k.author, k.at[:16].replace("T", " "), k.release_id) for k in kept]
            show.table(pd.DataFrame(rows, columns=["Name", "Version", "By", "At (UTC)", "Release"]), "Kept scenarios")


def _save(release: Release, shift: Shift, name: str, author: str) -> None:
    if not name.strip() or not author.strip():
        st.warning("A kept scenario needs a name and yours, so that the room knows whose it is.", icon=":material/edit:")
        return
    summary = {"status": str(shift.result.status), "moved": shift.found.moved, "guess_share": shift.found.guess_share}
    kept = session.store().save_scenario(name, shift.scenario.to_dict(), summary, release.id, author)
    st.success(f"Kept as {kept.name}, version {kept.version}.", icon=":material/check:")
