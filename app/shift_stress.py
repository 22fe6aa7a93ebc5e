"""*How sure*, the tests: which moves survive, which input matters most, where the plan turns, which gap to close first."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from app import background, charts_tornado, controls, show
from app.shift_why import said
from rcs_core.release import Release
from rcs_core.workshop import big_screen
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.explore.draws_run import Stopped
from rcs_core.workshop.explore.flips import Gap, gaps
from rcs_core.workshop.explore.knobs import Kind
from rcs_core.workshop.explore.regret import Regret, candidates, regret, states_of
from rcs_core.workshop.explore.strains import SINGLE
from rcs_core.workshop.explore.stress import Stressed, stress
from rcs_core.workshop.explore.switching import Switch, other_switches, switching
from rcs_core.workshop.explore.tornado import Measure, Tornado, tornado
from rcs_core.workshop.inputs import told
from rcs_core.workshop.shift import Shift, discussed
from rcs_core.workshop.why import regret as why_regret
from rcs_core.workshop.why import stress as why
from rcs_core.workshop.why import switching as why_switching
from rcs_core.workshop.why import tornado as why_tornado
from rcs_core.workshop.why.strained import label

type Told = Callable[[float], object]


def section(release: Release, shift: Shift, on_screen: bool) -> None:
    """The standing tests first; then, on demand, every input at both ends, and the gap to close first."""
    if not shift.possible:
        show.note("There is no plan to test: these promises cannot all hold.")
        return
    if discussed(shift):
        _stated(shift)
        return
    _tests(release, shift)
    _inputs(release, shift, on_screen)
    _gaps(release, shift, on_screen)


def _stated(shift: Shift) -> None:
    """A shift that is only stated: more need, less money and a delay; what cannot be tried is said."""
    st.header("What if it goes otherwise?", anchor=False)
    found = stress(shift.scenario, shift.result, why.STATED, anew=False)
    first = why.breaks_first(shift, found)
    show.headline(first.text, first.under)
    show.points([line.text for line in [*why.lines(shift, found), why.later(shift), why.untested()]])
    show.table(told.shown(why.tests_table(shift, found), shift), "Tests of the stated shift")


def _tests(release: Release, shift: Shift) -> None:
    st.header("Which moves survive?", anchor=False)

    def work(tell: Told) -> tuple[Stressed, Regret]:
        found = stress(shift.scenario, shift.result, told=lambda done: tell(0.7 * done), names=shift.names)
        return found, regret(candidates(found), states_of(found))

    answer: tuple[Stressed, Regret] | None = _asked(
        "stress", release, shift, "Put the standing tests on it", "Testing the plan",
        f"{', '.join(label(strain) for strain in SINGLE)}: the plan as it is, and worked out anew.", work, True,
    )  # fmt: skip
    if answer is None:
        return
    found, losses = answer
    head, more = why.survives(shift, found), [why.which(shift, found), why.if_paid(found), why.breaks_first(shift, found)]
    show.headline(head.text, head.under)
    show.points([one.text for one in more if one])
    show.table(told.shown(why.tests_table(shift, found), shift), "Standing tests", [_COLUMNS])
    with st.expander("Each test in words, and which moves each undoes"):
        show.points([line.text for line in why.lines(shift, found)])
        if found.moves:
            show.table(why.moves_table(shift, found), "Moves under each test")
    with st.expander("How far each may go before the plan cannot be paid"):
        show.points([line.text for line in why.conditions(found)])
        show.note(why.breaks_first(shift, found).under)
    if found.moves:
        _regret(shift, losses)


_COLUMNS = (
    "Lacks: what purses would be short of if nobody reacted, over all years. Has to be found: the least with which every "
    "promise can hold in the plan worked out anew. Released is against nothing moving."
)


def _regret(shift: Shift, losses: Regret) -> None:
    st.header("Which plan would we regret least?", anchor=False)
    head = why_regret.no_regret(shift, losses)
    show.line(f"**{head.text}**")
    show.note(head.under)
    show.table(told.shown(why_regret.regret_table(losses), shift), "What each plan loses at worst")


def _inputs(release: Release, shift: Shift, on_screen: bool) -> None:
    st.header("Which input matters most?", anchor=False)

    def work(tell: Told) -> tuple[Tornado, list[Switch], list[Switch]]:
        parts = [lambda done, k=k: tell((k + done) / _PARTS) for k in range(_PARTS)]
        first = tornado(shift.scenario, shift.result, told=parts[0])
        second = switching(shift.scenario, shift.result, told=parts[1])
        return first, second, other_switches(shift.scenario, shift.result, told=parts[2])

    answer: tuple[Tornado, list[Switch], list[Switch]] | None = _asked(
        "inputs", release, shift, "Try every input at both ends", "Trying every input",
        "Each input that has a range is set to its low and its high end; where the plan turns, the value is looked for.", work,
    )  # fmt: skip
    if answer is None:
        return
    swings, services, costs = answer
    _picture(release, shift, swings, on_screen)
    st.header("At what value would the plan turn?", anchor=False)
    show.points([why_switching.stays(shift, one).text for one in services])
    with st.expander("The same as a table, and unit costs at which the plan turns"):
        show.table(why_switching.switch_table(shift, services), "Effects at which the plan turns", [_PER_HUNDRED])
        table = why_switching.cost_table(shift, costs)
        if not table.empty:
            show.table(big_screen.without_prices(table, release, on_screen), "Unit costs at which the plan turns")


_PARTS = 3
_PER_HUNDRED = (
    "Children kept from responsive services for each hundred served; the plan worked out anew on both sides of each value."
)


def _picture(release: Release, shift: Shift, found: Tornado, on_screen: bool) -> None:
    """Bars to both sides, for the figure that is chosen; what would tell a bought service's price is left out on the screen."""
    names = {measure.label: measure for measure in (Measure.RELEASED, Measure.AVOIDED, Measure.SHORT)}
    measure = names[controls.one_of("Of what", list(names), "tornado_measure", str)]
    sentence, table = why_tornado.matters_most(shift, found, measure), why_tornado.tornado_table(shift, found, measure)
    show.line(f"**{sentence.text}**")
    show.note(sentence.under)
    hidden = _priced(release, found, measure) if on_screen else pd.Series(False, index=table.index)
    table = told.shown(table, shift)
    points = charts_tornado.points(table[~hidden])
    amounts = [c for c in table.columns if "(£)" in str(c)]
    table = table.assign(**{c: table[c].mask(hidden) for c in amounts})
    if points.empty:
        show.table(table, f"Inputs at both ends, {measure.label.lower()}")
        return
    title = f"{measure.label}, against the plan (£ thousand)"
    show.chart(
        charts_tornado.tornado(points, title), points, sentence.text, table, f"Inputs at both ends, {measure.label.lower()}"
    )


def _priced(release: Release, found: Tornado, measure: Measure) -> "pd.Series[bool]":
    """Which inputs are the unit cost of a service that is bought, in the order of the table."""
    bought = big_screen.bought(release)
    return pd.Series([bar.knob.kind is Kind.UNIT_COST and bar.knob.of in bought for bar in found.sorted(measure)], dtype=bool)


def _gaps(release: Release, shift: Shift, on_screen: bool) -> None:
    st.header("Which gap should we close first?", anchor=False)
    ranked = st.session_state.get("elicit_ranked", {}).get(repr(shift.levers))

    def work(tell: Told) -> list[Gap]:
        return gaps(release, shift.levers, ranked, tell)

    found: list[Gap] | None = _asked(
        "gaps", release, shift, "Find the gap that decides most", "Trying every guess",
        "Every guess is tried at both ends; where it turns the plan, the value and the share of the range beyond it are found.",
        work,
    )  # fmt: skip
    if found is None:
        return
    if shift.levers.depth is Depth.EVIDENCE:
        show.note("A guess is no evidence: this is tried on the plan of the depth *Estimate*, where guesses count.")
    head = why_switching.close_first(found, shift.found.discussion_only)
    show.headline(said(release, [head], on_screen)[0], head.under)
    if found:
        show.table(told.shown(why_switching.gap_table(found), shift), "Gaps, the first to close at the head")


def _asked[T](
    name: str, release: Release, shift: Shift, button: str, words: str, before: str, work: Callable[[Told], T], auto: bool = False
) -> T | None:
    """What is worked out beside the page, kept for these levers; None until it is there. auto: without being asked for."""
    key = f"{name} {release.manifest.content_hash} {shift.levers!r}"
    found: T | None = background.answer(key)
    if found is not None:
        return found
    wanted = auto and background.under_way(key) is None
    if not wanted and not background.busy(key):
        wanted = st.button(button, key=f"go_{name}", icon=":material/science:")
    if wanted:
        background.start(key, lambda tell, stop: work(_told(tell, stop)))
    background.watch(key, words)
    if background.answer(key) is not None:  # it was done before it could be watched
        st.rerun()
    if not background.busy(key):
        show.note(before)
    return None


def _told(tell: Told, stop: Callable[[], bool]) -> Told:
    """Progress that ends the work when the room has asked for it to stop."""

    def hear(done: float) -> None:
        if stop():
            raise Stopped
        tell(min(1.0, done))

    return hear
