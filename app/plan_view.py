"""The view *The plan*: each priority with its chain, then what is to be found out, what is not done, and what is not agreed."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from app import navigation, plan_read, room, show
from app.typed_words import typed
from rcs_core.release import Release
from rcs_core.workshop import big_screen
from rcs_core.workshop.evidence import listed, text
from rcs_core.workshop.method import method
from rcs_core.workshop.plan import chain, review
from rcs_core.workshop.plan.book import Priority
from rcs_core.workshop.plan.chain import Action, Plan, outcome_label

CAVEATS = (
    "An indicator is of the whole area, as its survey found it. It says how children are, not what an action did.",
    "Money is the change of a year's spend against spend before the plan, of the kept scenario that was decided on.",
    "The plan holds what was decided here. Actions that other bodies decided, and money outside the ledgers, are not in it.",
)
NO_PRIORITY = "Under no priority yet"


def draw(release: Release, plan: Plan, today: date) -> None:
    """The headline, the chain of each action under its priority, all of it as one table, and what stands beside the actions."""
    show.headline(chain.headline(plan), chain.basis(plan), method("plan_chain"))
    veil = big_screen.veiled(release, room.on()) if "services" in release else frozenset()
    names = _names(release)
    for priority in plan.priorities:
        _priority(release, priority)
        _chains(plan.under(priority), names, veil, today)
    if plan.under(None):
        st.subheader(NO_PRIORITY, anchor=False)
        _chains(plan.under(None), names, veil, today)
    if plan.actions:
        with st.expander("The whole chain as a table, to download"):
            show.table(chain_table(plan.actions, names, veil, today), "Plan")
    _beside(plan, names, veil, today)
    show.caveats(CAVEATS)


def empty() -> None:
    """That nothing was decided yet, and the way to where it is."""
    st.info(
        "**Nothing has been decided yet.**\n\nThe plan is made of decisions: what goes ahead, with its owner, date, money and "
        "indicator. Record the first one on *Decide*, and it stands here.",
        icon=":material/info:",
    )
    if navigation.DECIDE in navigation.present():
        navigation.link(navigation.DECIDE)


def _names(release: Release) -> dict[str, str]:
    """What services are called in this release."""
    register = big_screen.register(release) if "services" in release else {}
    return {sid: text(about["service_name"]) for sid, about in register.items()}


def _priority(release: Release, priority: Priority) -> None:
    """A priority with what it is for and the figures of need that it rests on, as they are today."""
    st.subheader(typed(priority.name), anchor=False)
    outcomes = listed(outcome_label(one) for one in priority.outcomes) or "no outcome named"
    show.line(f"For: {typed(outcomes)}.")
    if priority.why:
        show.line(f"It stands beside more than are advised because: {typed(priority.why)}")
    found = [(plan_read.named(release, key), plan_read.figure(release, key)) for key in priority.needs]
    show.points(f"{name}: {one.told if one else 'not in this release'}" for name, one in found)
    if not found:
        show.line("It rests on no figure of need yet.")


def _chains(actions: Sequence[Action], names: dict[str, str], veil: frozenset[str], today: date) -> None:
    """Each action as a card: its chain in one line, then what the chain lacks."""
    if not actions:
        show.line("No action hangs under it yet.")
    for action in actions:
        row = _row(action, names, veil, today)
        with st.container(border=True, key=f"plan-{action.decision.id}"):
            show.line(f"**{typed(row['Action'])}**")
            indicator = (
                f"{row['Indicator']}, {row['Today']}" if action.today else f"{row['Indicator']} ({_lowered(row['Today'])})"
            )
            links = [row["Outcome"], indicator, row["Service"], row["Who pays what, from when"], row["Owner"], f"by {row['By']}"]
            show.line(" → ".join(typed(link) for link in links))
            if action.gaps:
                show.line(f"Missing: {row['Missing']}.")


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]


def chain_table(actions: Sequence[Action], names: dict[str, str], veil: frozenset[str], today: date) -> pd.DataFrame:
    """One row an action, from priority to date, and what its chain lacks."""
    under = [a.priority.name if a.priority else "None yet" for a in actions]
    rows = [{"Priority": name, **_row(a, names, veil, today)} for name, a in zip(under, actions, strict=True)]
    return pd.DataFrame(rows)


def _row(action: Action, names: dict[str, str], veil: frozenset[str], today: date) -> dict[str, str]:
    decision = action.decision
    asked = action.today.indicator.label if action.today else plan_read.hushed(decision.indicator_words, action, veil)
    return {
        "Action": plan_read.hushed(decision.title, action, veil),
        "Outcome": outcome_label(decision.outcome) or "No outcome",
        "Indicator": asked or "No indicator",
        "Today": action.today.told if action.today else "No figure in this release",
        "Service": listed(names.get(s, decision.called(s)) for s in decision.service_ids) or "No service named",
        "Who pays what, from when": action.money.told(veil) if action.money else "No money named",
        "Owner": review.owner(action),
        "By": review.by(action, today),
        "Missing": listed(gap.label for gap in action.gaps) or "Nothing",
    }


def _beside(plan: Plan, names: dict[str, str], veil: frozenset[str], today: date) -> None:
    """What is to be found out and by whom, what is not done so that nobody asks again, and what waits."""

    def own(action: Action) -> str:
        return plan_read.hushed(action.decision.title, action, veil)

    if plan.questions:
        st.subheader("What do we have to find out first?", anchor=False)
        rows = [(own(a), review.owner(a), review.by(a, today), _settles(a, veil)) for a in plan.questions]
        show.table(
            pd.DataFrame(rows, columns=["Question", "Who answers it", "By", "What would settle it"]), "Questions to answer"
        )
    if plan.proposals:
        st.subheader("What is proposed and not agreed?", anchor=False)
        waiting = [(own(a), review.owner(a), review.by(a, today), listed(a.decision.gaps)) for a in plan.proposals]
        show.table(pd.DataFrame(waiting, columns=["Proposal", "Owner", "By", "What it waits for"]), "Proposals")
    if plan.stopped:
        st.subheader("What do we not do?", anchor=False)
        out = [(own(a), _services(a, names), a.decision.author, a.decision.at[:10]) for a in plan.stopped]
        show.table(pd.DataFrame(out, columns=["Not done", "Services", "Decided by", "On"]), "Not done")


def _settles(action: Action, veil: frozenset[str]) -> str:
    return plan_read.hushed("; ".join(action.decision.conditions), action, veil) or "Not said"


def _services(action: Action, names: dict[str, str]) -> str:
    return listed(names.get(s, action.decision.called(s)) for s in action.decision.service_ids)
