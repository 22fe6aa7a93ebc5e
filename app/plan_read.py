"""What the page *Plan and review* works from: the plan as it stands, kept scenarios worked out once, and earlier releases.

What people typed is shown as they typed it: in tables, or through `typed_words`, never as markup.
"""

from pathlib import Path

import pandas as pd
import streamlit as st

from app import room, session
from rcs_core.errors import RcsError
from rcs_core.release import Release
from rcs_core.workshop import big_screen
from rcs_core.workshop.decide.decision import Decisions
from rcs_core.workshop.kept import Shelf
from rcs_core.workshop.plan import chain, figures, tracker
from rcs_core.workshop.plan import then as earlier
from rcs_core.workshop.plan.book import PlanBook
from rcs_core.workshop.plan.chain import Action, Plan
from rcs_core.workshop.plan.figures import Figure, Key
from rcs_core.workshop.plan.planned import Planned
from rcs_core.workshop.plan.planned import planned as work_out
from rcs_core.workshop.plan.then import Then
from rcs_core.workshop.plan.tracker import Movement


def book() -> PlanBook:
    """The plan's pages of this workspace's store."""
    return PlanBook(session.store())


def plan(release: Release) -> Plan:
    """The plan that the decisions make now."""
    decisions = Decisions(session.store()).current()
    known = {d.scenario: found for d in decisions if d.money and (found := scenario(d.scenario))}
    return chain.plan_of(release, decisions, book().read(), known, figure)


def figure(release: Release, key: Key) -> Figure | None:
    """An indicator of a release, looked up once."""
    return session.once(release, figures.figure, key)


def named(release: Release, key: Key) -> str:
    """What an indicator is called, looked up once."""
    return session.once(release, figures.named, key)


def movement(release: Release, then: Then, key: Key) -> Movement:
    """What became of an indicator, worked out once for the two releases; why there is no earlier one is asked each time."""
    if then.release is None:
        return tracker.movement(release, then, key)
    return session.once(release, _movement, then.release.manifest.content_hash, key)


def _movement(release: Release, content_hash: str, key: Key) -> Movement:
    return tracker.movement(release, _then(release, content_hash), key)


def scenarios(found: Plan) -> dict[str, Planned]:
    """The kept scenarios of a plan's actions by link; one that this program cannot read is left out."""
    links = dict.fromkeys(a.decision.scenario for a in found.actions)
    return {link: one for link in links if (one := scenario(link))}


def scenario(link: str) -> Planned | None:
    """A kept version worked out again, once a server; None where there is none that this program can read."""
    if not link:
        return None
    try:
        return _worked_out(link, session.mark())
    except RcsError:
        return None


@st.cache_resource(max_entries=32, show_spinner="Working a kept scenario out again")
def _worked_out(link: str, whose: str) -> Planned:
    del whose  # what tells the scenarios of one store and partnership from another's
    return work_out(Shelf(session.store()).of_link(link))


def thens(release: Release, found: Plan) -> dict[str, Then]:
    """The releases that actions and priorities were decided on, by hash."""
    hashes = dict.fromkeys([*(a.decision.release_hash for a in found.actions), *(p.release_hash for p in found.priorities)])
    return {one: _then(release, one) for one in hashes}


def _then(release: Release, content_hash: str) -> Then:
    """An earlier release, opened once a server; whether it may still be looked at is asked each time."""
    if content_hash == release.manifest.content_hash:
        return Then(release)
    if why := earlier.refused(content_hash, session.store()):
        return Then(None, why)
    path = session.release_path()
    return _opened(content_hash, release.manifest.content_hash, str(path if path.is_dir() else path.parent))


@st.cache_resource(max_entries=6, show_spinner="Opening the release of the decision")
def _opened(content_hash: str, _now: str, folder: str) -> Then:
    return earlier.then(content_hash, session.release(), Path(folder), session.store())


def hushed(text: str, action: Action, veil: frozenset[str]) -> str:
    """What somebody typed about an action, without its sums where a bought service is in it and the big screen is on."""
    return big_screen.SUM.sub("–", text) if veil & set(action.decision.service_ids) else text


def quiet(text: str, release: Release, plan: Plan) -> str:
    """What people typed, without any sum while the big screen is on and a bought service is in the plan."""
    return big_screen.SUM.sub("–", text) if _veils(release, plan) else text


def without_sums(frame: pd.DataFrame, release: Release, plan: Plan) -> pd.DataFrame:
    """The same for every cell of a table."""
    if not _veils(release, plan):
        return frame
    return frame.map(lambda cell: big_screen.SUM.sub("–", cell) if isinstance(cell, str) else cell)


def _veils(release: Release, plan: Plan) -> bool:
    veil = big_screen.veiled(release, room.on()) if "services" in release else frozenset()
    return any(veil & set(a.decision.service_ids) for a in plan.every)
