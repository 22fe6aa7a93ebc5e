"""What can be written into the plan, behind one button: priorities, what hangs under which, reports and what came of checks."""

from collections.abc import Callable

import streamlit as st

from app import left_out, plan_read, show, signed
from app.typed_words import typed
from rcs_core.access import Right
from rcs_core.errors import RcsError
from rcs_core.release import Release
from rcs_core.vocab import Agency, Shanarri
from rcs_core.workshop.plan import figures, review
from rcs_core.workshop.plan.book import Draft, Priority, Progress
from rcs_core.workshop.plan.chain import Plan, outcome_label
from rcs_core.workshop.plan.contract import PlanError, most_priorities

DOOR = "Change the plan, or report on it"
SAID = "plan_said"
NEW = "A new priority"
NONE = "Under none"


def door(release: Release, plan: Plan) -> None:
    """The one button; what was kept last is said beside it."""
    if not left_out.unless(Right.PLAN):
        return
    with st.popover(DOOR, icon=":material/edit_note:"):
        ways: dict[str, Callable[[Release, Plan], None]] = {"Set a priority": _set}
        if plan.priorities:
            ways["Hang an action under a priority"] = _place
        if plan.actions:
            ways["Report how an action goes"] = _report
        if any(p.open for p in review.promised(plan)):
            ways["Say what came of a check"] = _check
        if plan.priorities:
            ways["Drop a priority"] = _drop
        ways[str(st.radio("What is it", list(ways), key="plan_way"))](release, plan)
    if said := st.session_state.pop(SAID, ""):
        st.success(said, icon=":material/check:")


def _keep(deed: Callable[[], object], said: str) -> None:
    """Keep it and draw the page anew; what cannot be kept is said, with nothing lost of what was typed."""
    try:
        deed()
    except RcsError as wrong:
        shown = (typed(part) for part in (wrong.what, wrong.where, wrong.got, wrong.expected, wrong.remedy))
        show.error(PlanError(*shown))
        return
    st.session_state[SAID] = said
    st.rerun()


def _who(key: str) -> tuple[str, str]:
    """Whose it is: a name, and an agency where one is meant."""
    left, right = st.columns(2)
    name = left.text_input("Your name", signed.name(), key=f"plan_{key}_name")
    labels = {"": "No agency", **{a.value: a.label for a in Agency}}
    agency = right.selectbox("For which agency", list(labels), format_func=labels.__getitem__, key=f"plan_{key}_agency")
    return name, str(agency or "")


def _set(release: Release, plan: Plan) -> None:
    by_id: dict[str, Priority] = {p.id: p for p in plan.priorities}
    chosen = ""
    if by_id:
        labels = {"": NEW, **{id: p.name for id, p in by_id.items()}}
        chosen = str(st.selectbox("Which one", list(labels), format_func=labels.__getitem__, key="plan_set_which") or "")
    now = by_id.get(chosen)
    known = {s.value: s.label for s in Shanarri}
    needs = figures.choices(release)
    with st.form(f"plan_set_{chosen or 'new'}_{len(by_id)}", border=False):
        name = st.text_input("Its name", now.name if now else "")
        outcomes = st.multiselect(
            "Which wellbeing outcomes it is for", list(known), [o for o in now.outcomes if o in known] if now else [],
            format_func=outcome_label,
        )  # fmt: skip
        rests = st.multiselect(
            "The needs that it rests on", list(needs), [key for key in now.needs if key in needs] if now else [],
            format_func=needs.__getitem__,
        )  # fmt: skip
        why = now.why if now else ""
        if not now and len(by_id) >= most_priorities().value:
            why = st.text_input(f"Why it stands beside {len(by_id)} others ({most_priorities().value} are the most advised)")
        author, agency = _who("set")
        pressed = st.form_submit_button("Keep the priority")
    if pressed:
        draft = Draft(name, tuple(outcomes), tuple(rests), why)
        _keep(
            lambda: plan_read.book().set_priority(draft, author, agency, chosen, release.manifest.content_hash),
            "The priority is kept.",
        )


def _place(release: Release, plan: Plan) -> None:
    titles = {a.decision.id: plan_read.quiet(a.decision.title, release, plan) for a in plan.every if a not in plan.stopped}
    if not titles:
        show.line("No decision stands that could hang under a priority.")
        return
    names = {"": NONE, **{p.id: p.name for p in plan.priorities}}
    with st.form("plan_place", border=False):
        action = st.selectbox("Which decision", list(titles), format_func=titles.__getitem__)
        under = st.selectbox("Under which priority", list(names), format_func=names.__getitem__)
        author, _agency = _who("place")
        pressed = st.form_submit_button("Hang it there")
    if pressed:
        _keep(lambda: plan_read.book().place(str(action), str(under or ""), author), "The action hangs there now.")


def _report(release: Release, plan: Plan) -> None:
    titles = {a.decision.id: plan_read.quiet(a.decision.title, release, plan) for a in plan.actions}
    with st.form("plan_report", border=False):
        action = st.selectbox("Which action", list(titles), format_func=titles.__getitem__)
        state = st.selectbox("How it goes", list(Progress), format_func=lambda p: p.label)
        words = st.text_area("In a sentence")
        author, agency = _who("report")
        pressed = st.form_submit_button("Keep the report")
    if pressed:
        _keep(
            lambda: plan_read.book().report(str(action), Progress(str(state)), words, author, agency, release.id),
            "The report is kept.",
        )


def _check(release: Release, plan: Plan) -> None:
    still = [p for p in review.promised(plan) if p.open]
    labels = {k: plan_read.quiet(f"{p.words} ({p.title})", release, plan) for k, p in enumerate(still)}
    with st.form("plan_check", border=False):
        which = st.selectbox("Which check", list(labels), format_func=labels.__getitem__)
        words = st.text_area("What came of it, in a sentence")
        author, _agency = _who("check")
        pressed = st.form_submit_button("Keep what came of it")
    if pressed:
        one = still[int(which or 0)]
        _keep(lambda: plan_read.book().check(one.decision, one.words, words, author), "What came of it is kept.")


def _drop(_: Release, plan: Plan) -> None:
    names = {p.id: p.name for p in plan.priorities}
    with st.form("plan_drop", border=False):
        which = st.selectbox("Which priority", list(names), format_func=names.__getitem__)
        why = st.text_input("Why it is dropped")
        author, _agency = _who("drop")
        pressed = st.form_submit_button("Drop it")
    if pressed:
        _keep(lambda: plan_read.book().drop_priority(str(which), author, why), "The priority is dropped.")
