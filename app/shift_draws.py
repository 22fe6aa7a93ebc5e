"""*How sure*, the draws: how wide what becomes of a plan is, how often it falls short, whether the plan would be another."""

import streamlit as st

from app import background, charts_fans, controls, room, show
from rcs_core.release import Release
from rcs_core.workshop import big_screen
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.explore import workers
from rcs_core.workshop.explore.fans import Fan, fans
from rcs_core.workshop.explore.ranges import SEED, with_need
from rcs_core.workshop.explore.redrawn import Redrawn, redrawn
from rcs_core.workshop.inputs import told
from rcs_core.workshop.scenario.wording import said as named
from rcs_core.workshop.scenario.wording import year_label
from rcs_core.workshop.shift import Shift, discussed
from rcs_core.workshop.why import draws as why

DISCUSSED = (
    "Where a shift is only discussed no effect is used and nothing is optimised: only need, and how much of its cost is cash, "
    "can be drawn, and no plan is worked out anew."
)
APART = "Need is drawn beside the rest: a tenth less to a tenth more in all years together, an assumption of this tool."
ON_DEMAND = "Each draw takes other values within the ranges stated, and its plan is worked out. The page can be used meanwhile."
COUNTS = (50, 100, 200)
HERE = 100
"""Draws up to which no processes are started: they would take longer to start than they would spare."""


def section(release: Release, shift: Shift, on_screen: bool) -> None:
    """What becomes of the plan in draws; and on demand, beside the page, which plan each draw would have had."""
    if not shift.possible:
        show.note("There is no plan to carry out: these promises cannot all hold.")
        return
    _wide(release, shift)
    if not discussed(shift):
        _another(release, shift, on_screen)


def _wide(release: Release, shift: Shift) -> None:
    st.header("What could become of this plan?", anchor=False)
    if discussed(shift):
        show.note(DISCUSSED)
    need = True
    if not discussed(shift):
        with room.aside("Choose what is drawn"):
            need = st.toggle("Draw need too", True, key="draws_need", help=APART)
    fan = _fan(release, shift, need)
    short = why.short(shift, fan)
    show.headline(short.text, short.under)
    show.points([one.text for one in why.short_of(shift, fan)])
    with st.expander("How often each purse falls short, and by how much"):
        show.table(told.shown(why.short_table(shift, fan), shift), "How often each purse falls short", [short.under])
    _picture(shift, fan)


def _fan(release: Release, shift: Shift, need: bool) -> Fan:
    """The draws of this plan, kept so that a choice of picture does not draw again."""
    key = f"fan {release.manifest.content_hash} {shift.levers!r} {need}"
    kept: dict[str, Fan] = st.session_state.setdefault("draws_fans", {})
    if key not in kept:
        found = fans(with_need(shift.scenario) if need else shift.scenario, shift.result)
        st.session_state["draws_fans"] = kept = {key: found}
    return kept[key]


def _picture(shift: Shift, fan: Fan) -> None:
    """One figure by year, the least certain need first."""
    names = {named(service, shift.names): service for service in why.uncertain(fan)}
    money = [] if discussed(shift) else [_RELEASED]
    with room.aside("Choose what is shown"):
        chosen = controls.one_of("What is shown", [*(f"{_NEED}{name}" for name in names), *money], "draws_shown", str)
    if chosen == _RELEASED:
        sentence, band, title = why.released(shift, fan), fan.released, "£ thousand"
        table = why.fan_table(shift, {_RELEASED: band}, "What", pounds=True)
    else:
        name = chosen.removeprefix(_NEED)
        sentence, band, title = why.need(shift, fan, names[name]), fan.need[names[name]], "Children or cases a year"
        table = why.fan_table(shift, {name: band}, "Need for")
    show.line(f"**{sentence.text}**")
    points = charts_fans.points(band, [year_label(shift.scenario, t) for t in shift.scenario.years])
    spec = charts_fans.fan(title, ",.0f" if why.width(band) >= _TEN else ",.1f")
    show.chart(spec, points, sentence.text, told.shown(table, shift), f"{chosen}, {fan.n} draws", [sentence.under])


_NEED = "Need for "
_RELEASED = "Capacity released"
_TEN = 10
"""Draws further apart than this are told apart by whole numbers."""


def _another(release: Release, shift: Shift, on_screen: bool) -> None:
    st.header("Would we still choose the same services?", anchor=False)
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    with left, room.aside("Choose how many draws, and of what"):
        said = st.segmented_control("Draws, each worked out anew", COUNTS, default=COUNTS[-1], required=True, key="draws_many")
        need = st.toggle("Draw need in these too", False, key="draws_need_anew", help=APART)
    many = int(said or COUNTS[-1])
    key = key_of(release, shift.levers, many, need)
    found: Redrawn | None = background.answer(key)
    if found is not None:
        _told(release, shift, found, on_screen)
        return
    if right.button("Work them out", key="draws_go", icon=":material/casino:", disabled=background.busy(key)):
        background.start(key, _work(shift, many, need))
    background.watch(key, f"Working out {many} plans")
    if not background.busy(key):
        show.note(ON_DEMAND)


def key_of(release: Release, levers: Levers, many: int, need: bool) -> str:
    """What a finished run is kept by: the release, the levers, how many draws of which seed, and whether need is drawn."""
    return f"redrawn {release.manifest.content_hash} {levers!r} {many} {SEED} {need}"


def held(release: Release, levers: Levers) -> float | None:
    """In what share of draws the same services gain, of the longest run that is done; None where none is. Need not drawn."""
    for many in reversed(COUNTS):
        found: Redrawn | None = background.answer(key_of(release, levers, many, need=False))
        if found is not None:
            return found.held / found.n
    return None


def _work(shift: Shift, many: int, need: bool) -> background.Work:
    """The run, by a cluster where one is set, by processes where it is long, else by the server's own thread."""
    scenario, result, cluster = with_need(shift.scenario) if need else shift.scenario, shift.result, workers.address()

    def work(tell: background.Told, stop: background.Stop) -> Redrawn:
        kind = "processes" if many > HERE and workers.cores() > 1 else "serial"
        with workers.lent(cluster, kind) as who:
            return redrawn(scenario, many, workers=who, told=tell, stop=stop, result=result)

    return work


def _told(release: Release, shift: Shift, found: Redrawn, on_screen: bool) -> None:
    held = why.held(found)
    show.headline(held.text, held.under)
    lines = [why.impossible(found), why.unsolved(found), *why.gains(shift, found), why.reached(shift, found)]
    show.points([one.text for one in lines if one is not None])
    table = big_screen.without_prices(told.shown(why.services_table(shift, found), shift), release, on_screen)
    with st.expander("How often each service gains or loses, and what is spent on it"):
        show.table(table, f"Services in {found.n} draws", [held.under])
