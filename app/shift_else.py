"""*What else*: must-haves and real choices, what more or less would bring, and whether it depends on what counts."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from app import background, charts_else, room, show
from rcs_core.release import Release
from rcs_core.workshop import big_screen
from rcs_core.workshop.explore import choices, weights
from rcs_core.workshop.explore.draws_run import Stopped
from rcs_core.workshop.explore.else_rules import numbers
from rcs_core.workshop.explore.outlook import Outlook, Side, outlook
from rcs_core.workshop.inputs import told
from rcs_core.workshop.scenario.wording import said as named
from rcs_core.workshop.sentence import Sentence, Unit
from rcs_core.workshop.shift import Shift, discussed
from rcs_core.workshop.why import choices as why_choices
from rcs_core.workshop.why import frontier as why_frontier
from rcs_core.workshop.why import weights as why_weights
from rcs_core.workshop.why.amounts import worth

DISCUSSED = (
    "Where a shift is only discussed nothing is optimised: the shift is the one that was stated, so there is no plan beside "
    "which another could be nearly as good. Choose *Estimate* or *Evidence* under *How deep* to see what else there is."
)
NO_PLAN = "There is no plan to set others beside: these promises cannot all hold."
KEY = "The bar goes from the least to the most; the dot is the plan, the upright line today."
OFF_SCREEN = "On the big screen no bought service is drawn, and a dash stands for its amounts."
_MORE_SHIFT, _MORE_MONEY = "Step by step, as more is shifted:", "And as every purse grows:"
_FEW = 6
"""Sentences of a list in sight; the rest is behind a door."""


def section(release: Release, shift: Shift, on_screen: bool) -> None:
    """What else there is beside the plan; each part is worked out when it is asked for."""
    if discussed(shift) or not shift.possible:
        show.note(DISCUSSED if discussed(shift) else NO_PLAN)
        return
    _choices(release, shift, on_screen)
    _outlook(release, shift, on_screen)
    _weights(release, shift)


def _asked(release: Release, shift: Shift, part: str, words: str, work: Callable[[background.Told], Any]) -> Any:
    """The answer to one part, once somebody asked for it; until then the button, or how far it is."""
    key = key_of(release, shift, part)
    if (found := background.answer(key)) is not None:
        return found
    if st.button(words, key=f"else_{part}", icon=":material/search:", disabled=background.busy(key)):
        background.start(key, partial(_until_stopped, work))
    background.watch(key, words)
    return None


def _until_stopped(work: Callable[[background.Told], Any], tell: background.Told, stop: background.Stop) -> Any:
    """Do the work, which tells how far it is; when it is to stop, it does at the next such word."""

    def heard(share: float) -> None:
        if stop():
            raise Stopped
        tell(share)

    return work(heard)


def key_of(release: Release, shift: Shift, part: str) -> str:
    """What an answer is kept by: the release, the levers, and which part it is."""
    return f"else {part} {release.manifest.content_hash} {shift.levers!r}"


def _choices(release: Release, shift: Shift, on_screen: bool) -> None:
    st.header("Which moves are must-haves, and where is there a real choice?", anchor=False)
    found = _asked(release, shift, "choices", "Look for other good plans", partial(_look, shift))
    if found is None:
        show.note("For each service the least and the most that it has in any plan that is nearly as good.")
        return
    all_of, trades = found
    names = {f"{slack:.0%}": slack for slack in numbers("slacks")}
    with room.aside("Choose how much may be given up"):
        said = st.segmented_control("Give up at most, of what the plan gains", list(names), default=next(iter(names)),
                                    required=True, key="else_slack")  # fmt: skip
    slack = names.get(str(said), numbers("slacks")[0])
    head = why_choices.headline(shift, all_of, slack)
    show.headline(head.text, head.under)
    show.points([one.text for one in why_choices.kinds(shift, all_of, slack)])
    show.note(why_choices.base(shift, all_of, slack).under)
    _ranges(release, shift, all_of, slack, on_screen)
    hidden = _hidden(release, on_screen)
    if paid := [why_choices.trade(shift, one, hidden).text for one in trades[slack]]:
        with st.expander("What would pay for it? Each real choice at its least and at its most"):
            show.points(paid)


def _look(shift: Shift, tell: background.Told) -> tuple[choices.Choices, dict[float, list[choices.Trade]]]:
    """The ranges, and for each slack what the real choices trade against."""
    found = choices.choices(shift.scenario, shift.result, told=lambda share: tell(share / 2))
    trades = {}
    for k, slack in enumerate(found.slacks):
        free = [row for row in why_choices.ordered(found, slack) if row.kind is choices.Kind.REAL_CHOICE]
        trades[slack] = choices.trades(shift.scenario, shift.result, free)
        tell((1 + (k + 1) / len(found.slacks)) / 2)
    return found, trades


def _ranges(release: Release, shift: Shift, found: choices.Choices, slack: float, on_screen: bool) -> None:
    table = told.shown(why_choices.table(shift, found, slack), shift)
    hidden = _hidden(release, on_screen)
    drawn = [(named(r.service, shift.names), r) for r in why_choices.ordered(found, slack) if r.service not in hidden]
    name = f"Least and most by service, giving up {slack:.0%}"
    table = big_screen.without_prices(table, release, on_screen)
    if not drawn:
        show.table(table, name)
        return
    show.note(f"{KEY} {OFF_SCREEN}" if hidden else KEY)
    points, head = charts_else.range_points(drawn), why_choices.headline(shift, found, slack)
    show.chart(charts_else.ranges(points), points, f"{head.text} {KEY}", table, name, [head.under])


def _outlook(release: Release, shift: Shift, on_screen: bool) -> None:
    st.header("What would more, or less, bring?", anchor=False)
    found: Outlook | None = _asked(release, shift, "outlook", "Try more and less", lambda tell: outlook(release, shift, tell))
    if found is None:
        show.note("The plan at other points of the shift, and with every purse smaller or larger.")
        return
    line = found.shift.found
    most, now = why_frontier.most_of_it(line, shift), why_frontier.present(line, shift, found.asked, found.nothing)
    show.headline(most.text, most.under)
    ends = why_frontier.where_it_ends(line, shift, found.shift.held, why_frontier.SHIFT)
    show.points([now.text, ends.text])
    _line(shift, found.shift, found.nothing, found.asked, why_frontier.SHIFT, most)
    st.subheader("And if every purse were smaller, or larger?", anchor=False)
    purses = why_frontier.purses(found.budget.found, shift, found.budget.held)
    show.points([one.text for one in purses])
    _line(shift, found.budget, found.nothing, 0.0, why_frontier.BUDGET, purses[0])
    st.subheader("Does more hold all that less does?", anchor=False)
    for words, side, axis in ((_MORE_SHIFT, found.shift, why_frontier.SHIFT), (_MORE_MONEY, found.budget, why_frontier.BUDGET)):
        st.markdown(words)
        _list([one.text for one in why_frontier.nested(shift, side.steps, axis, _hidden(release, on_screen))], axis.column)


def _line(shift: Shift, side: Side, nothing: float, here: float, axis: why_frontier.Axis, words: Sentence) -> None:
    """One frontier as a picture with its table."""
    table = told.shown(why_frontier.table(shift, side.found, nothing, axis), shift)
    points = charts_else.frontier_points(side.found.points, nothing, here)
    unit = "£ thousand" if worth(shift, 0.0).unit is Unit.POUNDS else "outcome"
    show.chart(
        charts_else.frontier(axis.column, f"More than doing nothing ({unit})"),
        points,
        words.text,
        table,
        f"{axis.column} and what it brings",
    )


def _weights(release: Release, shift: Shift) -> None:
    st.header("Does it depend on what counts?", anchor=False)
    found = _asked(release, shift, "weights", "Try other weights", partial(_weigh, shift))
    if found is None:
        show.note("The plan as each agency would choose it for its own purse, and with each child or case counting alike.")
        return
    head = why_weights.headline(shift, found)
    show.headline(head.text, head.under)
    show.points([one.text for one in why_weights.depends(shift, found)])
    if not (moves := why_weights.table(shift, found)).empty:
        show.table(moves, f"Moves by what counts, {shift.last}", [why_weights.COLUMNS_SAID])
    lost = told.shown(why_weights.loss_table(shift, found), shift)
    if lost.empty:
        return
    st.subheader("Whose loss is it?", anchor=False)
    none = why_weights.no_stake(shift, found)
    show.points([one.text for one in [*why_weights.losses(shift, found), *([none] if none else [])]])
    with st.expander("What each purse loses under every other choice"):
        show.table(lost, "What each purse loses", [why_weights.LOSS_SAID])


def _weigh(shift: Shift, tell: background.Told) -> weights.Sensitivity:
    return weights.sensitivity(shift.scenario, weights.weight_sets(shift.scenario, shift.names), tell)


def _hidden(release: Release, on_screen: bool) -> frozenset[str]:
    """The services whose amounts are kept off the big screen."""
    return big_screen.veiled(release, on_screen)


def _list(lines: Sequence[str], title: str) -> None:
    """The first lines of a list in sight, the rest behind a door."""
    show.points(lines[:_FEW])
    if rest := lines[_FEW:]:
        with st.expander(f"{title}: {len(rest)} steps more"):
            show.points(rest)
