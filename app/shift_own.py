"""A plan of the room's own: scored at once without a solver, with its distance from the solved plan and what it breaks."""

from dataclasses import replace

import streamlit as st

from app import left_out, shift_keep, show
from app.shift_open import OWN
from app.shift_own_plan import controls, fits, plan_now, scorer_of
from rcs_core.access import Right
from rcs_core.release import Release
from rcs_core.workshop import big_screen, versus
from rcs_core.workshop import shift as view
from rcs_core.workshop.couple import compare
from rcs_core.workshop.inputs import told
from rcs_core.workshop.scenario.fixed_plan import FixedPlan
from rcs_core.workshop.scenario.own_plan import Scored
from rcs_core.workshop.scenario.own_spend import plan_from
from rcs_core.workshop.shift import Shift
from rcs_core.workshop.versus import Side
from rcs_core.workshop.versus.sides import of_own
from rcs_core.workshop.why import own

TITLE = "The room's own plan"
SHOWN = 6
"""Broken promises that are said at once; the rest stand behind a door."""


def section(release: Release, shift: Shift, on_screen: bool) -> None:
    """Change the plan, and see at once what it does, what it breaks, and how far it is from the plan that was solved."""
    st.header("What if we did it our own way?", anchor=False)
    if not shift.possible:
        show.line("There is no plan to set yours against: these promises cannot all hold. Settle the clash first.")
        return
    scorer = scorer_of(shift)
    plan = plan_now(shift, scorer)
    show.line("Nothing is optimised here: money goes where you say, and what becomes of it is worked out as it stands.")
    answer = st.container()
    controls(release, shift, scorer, on_screen)
    found = scorer.score(plan_from(shift.scenario, plan, scorer.best))
    with answer:
        _told(release, shift, found, on_screen)
    _keep(release, shift)


def side(release: Release, shift: Shift) -> Side | None:
    """The room's own plan as one of the scenarios that are set side by side; None where it has none that fits these levers."""
    if not shift.possible or not fits(shift, st.session_state.get(OWN)):
        return None
    return of_own(versus.of_shift(TITLE, shift, release.id), TITLE, st.session_state[OWN], scorer_of(shift))


def solved(shift: Shift) -> FixedPlan:
    """The plan that was solved, which the room's own starts from."""
    return scorer_of(shift).best


def _told(release: Release, shift: Shift, found: Scored, on_screen: bool) -> None:
    """The distance, the promises it breaks by name, and what the plan comes to."""
    sentence = own.distance(shift, found, told.standing(shift).best)
    show.headline(sentence.text, sentence.under)
    veil = big_screen.veiled(release, on_screen)
    lines = [own.veiled(s) if about in veil else s.text for about, s in own.broken(shift, found)]
    show.points(lines[:SHOWN])
    if len(lines) > SHOWN:
        with st.expander(f"{len(lines) - SHOWN} more promises that it breaks"):
            show.points(lines[SHOWN:])
    if (useless := own.without_use(shift, found)) is not None:
        show.note(useless.text)
    ours = replace(shift, result=found.result, found=compare(shift.scenario, found.result, shift.names))
    met, gains = view.need_met(ours), view.who_gains(ours)
    show.line(f"**Is every need met?** {met.sentence}")
    show.line(f"**Who pays?** {gains.sentence}")
    purses = own.purses(shift, found)
    if not purses.empty:
        show.line("**What is left in each purse, or short (below nought), by year**")
        show.table(purses, "Purses under our own plan", ["What a purse lacks is first taken from pools that may pay for it."])


def _keep(release: Release, shift: Shift) -> None:
    """Keep the plan under a name, with the scenario that it was made in."""
    if not left_out.unless(Right.KEEP):
        return
    with st.form("shift_own_keep", border=False):
        left, middle, right = st.columns([3, 2, 2], vertical_alignment="bottom")
        name = left.text_input("Keep our plan as", TITLE)
        author = middle.text_input("Whose it is")
        pressed = right.form_submit_button("Keep our plan", width="stretch")
    if pressed:
        plan = {service: list(line) for service, line in st.session_state[OWN].items()}
        shift_keep.keep(release, shift, name, author, side=side(release, shift), plan=plan)
