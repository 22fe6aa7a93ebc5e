"""The part of *Try a shift* on money that moves: what pays for what, who pays and gains and when, and what it is worth."""

import pandas as pd
import streamlit as st

from app import charts_money_moves as charts
from app import room, session, shifting, show
from rcs_core.release import Release
from rcs_core.workshop import big_screen
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.explore.ranges import SEED
from rcs_core.workshop.inputs import told
from rcs_core.workshop.inputs.assumed import rule
from rcs_core.workshop.scenario.draws import pointer
from rcs_core.workshop.scenario.explain.bought import Bought, bought
from rcs_core.workshop.scenario.explain.funding import Funding, fund
from rcs_core.workshop.scenario.explain.payback import PayBack, pay_back
from rcs_core.workshop.scenario.explain.worth import Worths, worths
from rcs_core.workshop.scenario.wording import year_label
from rcs_core.workshop.sentence import Sentence, count
from rcs_core.workshop.shift import Shift, discussed
from rcs_core.workshop.why import funding as pairs
from rcs_core.workshop.why import payback, worth

MOST = 8
"""Sentences of one list; the table has them all."""
_WORKED = "shift_worth"
_APART = (
    "Effects overlap and are capped at what is preventable, so the benefits of services do not add up to the plan's. A service "
    "that has less frees money and makes care dearer: both stand with a minus."
)


def section(release: Release, shift: Shift, on_screen: bool) -> None:
    """What pays for what, who pays and gains and when it pays back, and what it is worth."""
    if not shift.possible:
        return
    funding, back, found = session.once(release, _found, shift.levers)
    _pairs(release, shift, funding, found, on_screen)
    _payback(release, shift, back, funding)
    _worth(release, shift, found, on_screen)


def _found(release: Release, levers: Levers) -> tuple[Funding, PayBack, tuple[Bought, ...]]:
    """The books of a shift, its accounts, and what each increase buys: worked out once for these levers."""
    shift = shifting.solved(release, levers)
    funding = fund(shift.scenario, shift.result)
    return funding, pay_back(shift.scenario, shift.result, funding), bought(shift.scenario, shift.result)


def _pairs(release: Release, shift: Shift, funding: Funding, found: tuple[Bought, ...], on_screen: bool) -> None:
    st.header("What pays for what?", anchor=False)
    years = pairs.years_told(shift, funding)
    if not years:
        show.line("Nothing moves, so there is nothing to pay for.")
        return
    with room.aside("Choose the year"):
        chosen = st.segmented_control("Year", years, default=years[-1], required=True, key="money_moves_year")
    year = next((t for t in shift.scenario.years if year_label(shift.scenario, t) == chosen), shift.scenario.horizon)
    head = pairs.headline(shift, funding, year)
    show.headline(head.text, head.under)
    if not discussed(shift):
        show.line(pairs.released(shift, funding, year).text)
    left, right = st.columns(2)
    with left:
        st.subheader("More for prevention, and what pays for it", anchor=False)
        _listed(release, pairs.invest_list(shift, funding, year), on_screen, "Nothing has more in this year.")
    with right:
        _other_side(release, shift, funding, found, year, on_screen)
    with st.expander("Every pair of every year, and the rule"):
        hidden = big_screen.veiled(release, on_screen)
        show.table(told.shown(pairs.table(shift, funding, hidden), shift), "What pays for what", [pairs.RULE])


def _other_side(release: Release, shift: Shift, funding: Funding, found: tuple[Bought, ...], year: int, on_screen: bool) -> None:
    """What is released and where it goes; where a shift is only discussed, what would have to be avoided."""
    if discussed(shift):
        st.subheader("What it would have to avoid to pay for itself", anchor=False)
        show.note(f"No effect is used, so nothing is released here. A year's money of {shift.last} against a year's care.")
        nothing = "Nobody has said on which responsive service anything acts."
        _listed(release, worth.would_need(release, shift, found)[0], on_screen, nothing)
        return
    st.subheader("What is released, and where it goes", anchor=False)
    _listed(release, pairs.release_list(shift, funding, year), on_screen, "Nothing is released in this year.")


def _listed(release: Release, sentences: list[Sentence], on_screen: bool, nothing: str) -> None:
    """The first sentences of a list; on the big screen none that tells the price of a bought service. How many more there are."""
    if not sentences:
        show.line(nothing)
        return
    texts = [one.text for one in sentences]
    kept = _told_on_screen(release, texts) if on_screen else texts
    show.points(kept[:MOST])
    if kept[MOST:]:
        show.note(f"The {MOST} largest of {len(kept)}; the table has them all.")
    if len(kept) < len(texts):
        show.note(f"{count(len(texts) - len(kept), 'line').said.capitalize()} of a bought service: not on the big screen.")


def _told_on_screen(release: Release, texts: list[str]) -> list[str]:
    """The texts that hold no sum beside the name of a bought service."""
    rows = pd.DataFrame({"said": texts}, dtype=object)
    veiled = big_screen.without_sums(rows, release, True)["said"]
    return [text for text, veil in zip(texts, veiled, strict=True) if text == veil]


def _payback(release: Release, shift: Shift, back: PayBack, funding: Funding) -> None:
    st.header("Who pays, who gains, and when does it pay back?", anchor=False)
    twice = payback.double_running(release, shift, back, funding)
    show.headline(twice.text, twice.under)
    for one in (payback.pocket(shift, back), payback.whole(shift, back)):
        show.line(f"**{one.text}**")
    show.note(payback.whole(shift, back).basis)
    rows = payback.cumulative(shift, back)
    table = told.shown(payback.table(shift, back), shift)
    if rows["Better off so far (£)"].abs().max() < 1:
        return
    if not discussed(shift):
        points, numbers = charts.so_far_points(rows), told.shown(rows, shift)
        show.chart(charts.so_far(points), points, payback.picture(shift, rows), numbers, "Better off so far by agency")
    show.table(table, "Who pays and who gains over the plan")


def _worth(release: Release, shift: Shift, found: tuple[Bought, ...], on_screen: bool) -> None:
    st.header("What is it worth?", anchor=False)
    if not found:
        show.line("No service has more by the plan's last year, so there is nothing to break even on.")
        return
    if discussed(shift):
        _would_need(release, shift, found, on_screen)
        return
    sentences = worth.breaks_even(shift, found)
    _listed(release, sentences, on_screen, "")
    show.note(sentences[0].under if sentences else "")
    _cost_benefit(release, shift, on_screen)


def _would_need(release: Release, shift: Shift, found: tuple[Bought, ...], on_screen: bool) -> None:
    show.line(
        "No effect is used here, so no benefit is claimed. Whether what it takes would be avoided is for the group to judge."
    )
    with st.expander("Every increase, and what it would have to avoid"):
        table = told.shown(worth.would_need(release, shift, found)[1], shift)
        table = big_screen.without_prices(table, release, on_screen)
        show.table(big_screen.without_sums(table, release, on_screen), "What each increase would have to avoid")


def _cost_benefit(release: Release, shift: Shift, on_screen: bool) -> None:
    """Behind a button: the plan is carried out anew with each service as today, in every draw."""
    kept = st.session_state.get(_WORKED, {}).get(_key(release, shift))
    if kept is None:
        label = "Work out cost and benefit, service by service"
        if st.button(label, key="money_moves_worth", icon=":material/balance:"):
            with st.spinner(f"Carrying the plan out in {rule('simulated'):,.0f} draws"):
                st.session_state[_WORKED] = {_key(release, shift): _worths(shift)}
            st.rerun()
        show.note(f"Present values, benefit for each pound, break-even and chance, from {rule('simulated'):,.0f} draws.")
        return
    head = worth.headline(shift, kept)
    show.headline(head.text, head.under)
    table = worth.table(shift, kept)
    if table.empty:
        return
    table, notes = told.shown(table, shift), [_APART, f"{worth.NO_RANGE}, where that is said."]
    drawn = table[~big_screen.named(table, release)] if on_screen else table
    points = charts.worth_points(drawn[drawn["Service"] != worth.WHOLE], MOST)
    numbers = big_screen.without_prices(table, release, on_screen)
    if points.empty:
        show.table(numbers, "Cost and benefit by service", notes)
    else:
        words = worth.picture(shift, kept, big_screen.veiled(release, on_screen))
        show.chart(charts.worth(points), points, words, numbers, "Cost and benefit by service", notes)


def _key(release: Release, shift: Shift) -> str:
    """What cost and benefit are kept by: the release and the levers."""
    return f"{release.manifest.content_hash} {shift.levers!r}"


def _worths(shift: Shift) -> Worths:
    """Cost and benefit in draws; what a lever sets is not drawn."""
    set_ = shift.levers.cashable_override_pct is not None
    fixed = [pointer("acute", k, "cashable") for k in range(len(shift.scenario.acute))] if set_ else []
    return worths(shift.scenario, shift.result, int(rule("simulated")), SEED, fixed)
