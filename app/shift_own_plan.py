"""The room's own plan and the ways to change it: sliders, a table of the last year, a table by year.

The plan is one table of spend by service and year. It is kept for the browser session whatever levers are moved, as long as
it has their services and years. Controls are drawn anew from it after each change, so they never disagree.
"""

from collections.abc import Mapping
from typing import Any, cast

import pandas as pd
import streamlit as st

from app import show
from app.shift_open import OWN
from rcs_core.release import Release
from rcs_core.workshop import big_screen
from rcs_core.workshop.scenario.format import Prevention
from rcs_core.workshop.scenario.own_plan import Scorer
from rcs_core.workshop.scenario.own_spend import most, start, table_of, today, towards
from rcs_core.workshop.scenario.wording import year_label
from rcs_core.workshop.shift import THOUSAND, Shift

type Plan = dict[str, tuple[float, ...]]

SLIDERS = 4
"""Services that have a slider: those that the plan changes most."""
ROOM = 10.0
"""Per cent that a slider goes up by at the least, so that there is always room to try."""
_SCORER, _TIMES = "shift_own_scorer", "shift_own_times"
_STARTS = ("The plan shown", "Today's spend")
_NAME, _NOW, _SHOWN, _OURS = "Service", "Today (£)", "Plan shown (%)", "Our plan (%)"


def fits(shift: Shift, plan: object) -> bool:
    """Whether a plan has the services and years of a scenario."""
    services = {s.id for s in shift.scenario.prevention}
    return isinstance(plan, dict) and set(plan) == services and all(len(v) == shift.scenario.horizon for v in plan.values())


def scorer_of(shift: Shift) -> Scorer:
    """What scores plans beside this shift, made once a session."""
    kept = st.session_state.get(_SCORER)
    if kept is None or kept[0] is not shift.result:
        kept = st.session_state[_SCORER] = (shift.result, Scorer(shift.scenario, shift.result))
    return cast(Scorer, kept[1])


def plan_now(shift: Shift, scorer: Scorer) -> Plan:
    """The room's plan; the plan shown until the room changes it, or where its own does not fit."""
    if not fits(shift, st.session_state.get(OWN)):
        st.session_state[OWN] = table_of(shift.scenario, scorer.best)
        _redraw()
    return cast(Plan, st.session_state[OWN])


def controls(release: Release, shift: Shift, scorer: Scorer, on_screen: bool) -> None:
    """Where to start from, the sliders, and the two tables."""
    _begin_anew(shift, scorer)
    _sliders(shift, scorer)
    _last_year(release, shift, scorer, on_screen)
    _by_year(shift)


def _redraw() -> None:
    """Draw the controls anew from the plan: their keys hold how often that was done."""
    st.session_state[_TIMES] = st.session_state.get(_TIMES, 0) + 1


def _key(part: str) -> str:
    return f"shift_own_{part}_{st.session_state.get(_TIMES, 0)}"


def _begin_anew(shift: Shift, scorer: Scorer) -> None:
    tables = {_STARTS[0]: table_of(shift.scenario, scorer.best), _STARTS[1]: today(shift.scenario)}

    def begin(name: str) -> None:
        st.session_state[OWN] = tables[name]
        _redraw()

    for column, name in zip(st.columns(len(_STARTS)), _STARTS, strict=True):
        label = f"Start from {name[:1].lower()}{name[1:]}"
        column.button(label, key=f"shift_own_start_{name}", on_click=begin, args=(name,), width="stretch")


def _per_cent(amount: float, now: float) -> float:
    """Spend as a change against today's, in per cent."""
    return round(100 * (amount / now - 1), 1) if now > 0 else 0.0


def _put(shift: Shift, changes: Mapping[str, float], year: int | None = None) -> None:
    """Change services by a per cent of today's spend: by the last year (other years in proportion), or in one year alone."""
    plan: Plan = dict(st.session_state[OWN])
    now = {s.id: start(s) for s in shift.scenario.prevention}
    for service, per_cent in changes.items():
        amount = max(0.0, now[service] * (1 + per_cent / 100))
        line = plan[service]
        plan[service] = (
            towards(shift.scenario, service, line, amount) if year is None else (*line[: year - 1], amount, *line[year:])
        )
    st.session_state[OWN] = plan
    _redraw()


def _movable(shift: Shift) -> list[Prevention]:
    """The services that can be changed, by name; one on which nothing is spent today has no per cent."""
    found = [s for s in shift.scenario.prevention if start(s) > 0]
    return sorted(found, key=lambda s: shift.names.get(s.id, s.id))


def _sliders(shift: Shift, scorer: Scorer) -> None:
    """The services that the plan shown changes most, within what they can use."""
    best, plan = table_of(shift.scenario, scorer.best), cast(Plan, st.session_state[OWN])
    few = sorted(_movable(shift), key=lambda s: -abs(best[s.id][-1] - start(s)))[:SLIDERS]
    last = year_label(shift.scenario, shift.scenario.horizon)
    show.line(f"**Change of a year's spend by {last} (%)**; the years before go along in proportion")
    with st.expander(f"Slide the {len(few)} services that the plan changes most"):
        columns = st.columns(2)
    for k, service in enumerate(few):
        now, key = start(service), _key(f"slider_{service.id}")
        end = max(ROOM, _per_cent(most(service, max(best[service.id][-1], plan[service.id][-1])), now))
        columns[k % 2].slider(
            shift.names.get(service.id, service.id), -100.0, end, min(end, _per_cent(plan[service.id][-1], now)), 0.1,
            key=key, format="%.1f%%", on_change=_slid, args=(shift, service.id, key),
        )  # fmt: skip


def _slid(shift: Shift, service: str, key: str) -> None:
    _put(shift, {service: float(st.session_state[key])})


def _last_year(release: Release, shift: Shift, scorer: Scorer, on_screen: bool) -> None:
    """Every service that can move, with its change by the last year to type over."""
    services, best, plan = _movable(shift), table_of(shift.scenario, scorer.best), cast(Plan, st.session_state[OWN])
    rows = [
        (
            shift.names.get(s.id, s.id),
            THOUSAND * start(s),
            _per_cent(best[s.id][-1], start(s)),
            _per_cent(plan[s.id][-1], start(s)),
        )
        for s in services
    ]
    frame = big_screen.without_prices(pd.DataFrame(rows, columns=[_NAME, _NOW, _SHOWN, _OURS]), release, on_screen)
    key = _key("table")
    with st.expander(f"All {len(services)} services that can move: type a change in the last column"):
        st.data_editor(
            frame, hide_index=True, disabled=[_NAME, _NOW, _SHOWN], key=key, placeholder="–", width="stretch",
            column_config={
                _NAME: st.column_config.TextColumn(width="medium"),
                _NOW: st.column_config.NumberColumn(format="localized"),
                _OURS: st.column_config.NumberColumn(min_value=-100.0, step=0.1, required=True),
            },
            on_change=_typed, args=(shift, [s.id for s in services], key),
        )  # fmt: skip


def _typed(shift: Shift, services: list[str], key: str) -> None:
    """What was typed into the table of the last year; a cell that was emptied is left as it was."""
    edited = _edited(key)
    _put(shift, {services[row]: max(-100.0, float(cells[_OURS])) for row, cells in edited.items() if _is_number(cells, _OURS)})


def _edited(key: str) -> dict[int, dict[str, Any]]:
    return {int(row): cells for row, cells in st.session_state[key]["edited_rows"].items()}


def _is_number(cells: Mapping[str, Any], column: str) -> bool:
    return isinstance(cells.get(column), int | float)


def _by_year(shift: Shift) -> None:
    """The plan year by year, each to type over."""
    services, plan = _movable(shift), cast(Plan, st.session_state[OWN])
    years = {year_label(shift.scenario, t): t for t in shift.scenario.years}
    rows = [
        (shift.names.get(s.id, s.id), *(_per_cent(amount, start(s)) for amount in plan[s.id])) for s in services
    ]  # fmt: skip
    key = _key("years")
    with st.expander("More: by year (% of today's spend, more or less)"):
        st.data_editor(
            pd.DataFrame(rows, columns=[_NAME, *years]), hide_index=True, disabled=[_NAME], key=key, width="stretch",
            column_config={year: st.column_config.NumberColumn(min_value=-100.0, step=0.1, required=True) for year in years},
            on_change=_typed_year, args=(shift, [s.id for s in services], years, key),
        )  # fmt: skip


def _typed_year(shift: Shift, services: list[str], years: Mapping[str, int], key: str) -> None:
    for row, cells in _edited(key).items():
        for label, year in years.items():
            if _is_number(cells, label):
                _put(shift, {services[row]: max(-100.0, float(cells[label]))}, year)
