"""The views *Review* and *Outcomes*: how each action goes, planned beside spent, open checks, and what indicators did."""

from datetime import date

import streamlit as st

from app import charts, charts_needs, plan_read, room, show
from app.typed_words import typed
from rcs_core.release import Release
from rcs_core.workshop import big_screen
from rcs_core.workshop.method import Rows, method
from rcs_core.workshop.plan import actual, review, tracker
from rcs_core.workshop.plan.chain import Plan

REVIEW_NOTE = "A report is what its author said on that day. Later reports stand above earlier ones; none is taken back."
MOST_ROWS = 6
"""Indicators of which the rows of the release stand behind the headline."""
SPENT_NOTES = (
    "Planned and spent are set against each other only in one price year; what only one of them knows is in no sum of both.",
    "That money moved says nothing of whether children are better off: see *Outcomes*.",
)


def go(release: Release, plan: Plan, today: date) -> None:
    """How the actions go, whether the money moved as planned, and what we said we would check."""
    show.headline(review.headline(plan, today), _same_release(release, plan), method("plan_review"))
    if plan.actions:
        show.table(plan_read.without_sums(review.frame(plan, today), release, plan), "Review of actions")
    _money(release, plan)
    _promised(release, plan)
    told = plan_read.without_sums(review.history(plan), release, plan)
    if len(told):
        show.folded("Every report, the newest first", REVIEW_NOTE, told, "Reports")


def _same_release(release: Release, plan: Plan) -> str:
    """Whether what is reviewed was decided on the release that is served."""
    others = {a.decision.release_id for a in plan.actions} - {release.id, ""}
    if not others:
        return f"Everything here was decided on this release, {release.id}: its figures are those of the day of decision."
    return f"Decided on release {', '.join(sorted(others))}; looked at on release {release.id}."


def _money(release: Release, plan: Plan) -> None:
    st.header("Did the money move as planned?", anchor=False)
    found = plan_read.scenarios(plan)
    if not found:
        show.line("No agreed action names a kept scenario, so nothing was planned that could be compared.")
        return
    on_screen = room.on()
    for k, one in enumerate(found.values(), 1):
        against = actual.against(one, release)
        name = f"Planned and spent {against.year}".strip() + (f", scenario {k}" if len(found) > 1 else "")
        if against.refused:
            show.line(typed(against.refused))
            continue
        veil = big_screen.veiled(release, on_screen)
        basis = typed(actual.basis(against, veil))
        show.headline(actual.headline(against, veil), basis, method("plan_spent", Rows("spend")))
        show.table(actual.by_level_table(against, veil), f"{name}, by level")
        show.table(actual.by_payer(against, veil), f"{name}, by payer")
        show.folded(
            "Service by service", "To the penny; the remark says what only one of the two knows.",
            actual.by_service(against, release, on_screen), f"{name}, by service",
        )  # fmt: skip
        show.points([*against.notes, *SPENT_NOTES])


def _promised(release: Release, plan: Plan) -> None:
    st.header("What did we say we would check?", anchor=False)
    found = review.promised(plan)
    show.line(review.promised_line(found))
    if found:
        show.table(plan_read.without_sums(review.promised_frame(found), release, plan), "Checks that were promised")


def _changes(key: tuple[str, str]) -> Rows:
    """The changes of the release that a movement is read from."""
    return Rows.of("changes", survey=key[0], indicator=key[1])


def outcomes(release: Release, plan: Plan, _: date) -> None:
    """Outcome, indicator, movement: what was known when it was decided, what is known now, and whether that can be told."""
    rows = tracker.tracked(plan, release, plan_read.thens(release, plan), plan_read.movement)
    sentence = tracker.headline(rows)
    asked = tuple(dict.fromkeys(row.movement.key for row in rows if not row.in_words))
    show.headline(sentence, tracker.basis(rows), method("plan_moved", *(_changes(key) for key in asked[:MOST_ROWS])))
    view = tracker.told(rows, sentence)
    if view is not None:
        spec = charts_needs.steps(view.names, view.points())
        show.chart(spec, charts.wrapped(view.points()), view.words(), view.frame(), "Movement of indicators")
    if rows:
        show.table(tracker.frame(rows), "Outcomes and indicators")
    show.caveats(tracker.notes(rows))
