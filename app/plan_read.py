"""What the page *Plan and review* works from: the plan as it stands, kept scenarios worked out once, and earlier releases.

What people typed is shown as they typed it: in tables, or through `typed`, never as markup.
"""

import re
from pathlib import Path

import streamlit as st

from app import session
from rcs_core.errors import RcsError
from rcs_core.release import Release
from rcs_core.workshop.decide.decision import Decisions
from rcs_core.workshop.kept import Shelf
from rcs_core.workshop.plan import chain
from rcs_core.workshop.plan import then as earlier
from rcs_core.workshop.plan.book import PlanBook
from rcs_core.workshop.plan.chain import Plan
from rcs_core.workshop.plan.planned import Planned
from rcs_core.workshop.plan.planned import planned as work_out
from rcs_core.workshop.plan.then import Then
from rcs_core.workshop.store import store_path

_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&@^=/\"'])")
_BREAK = "\u2060"
"""A sign that nobody sees, so that a colon or a stop starts no icon, emoji or link."""


def book() -> PlanBook:
    """The plan's pages of this workspace's store."""
    return PlanBook(session.store())


def plan(release: Release) -> Plan:
    """The plan that the decisions make now."""
    decisions = Decisions(session.store()).current()
    known = {d.scenario: found for d in decisions if d.money and (found := scenario(d.scenario))}
    return chain.plan_of(release, decisions, book().read(), known)


def scenarios(found: Plan) -> dict[str, Planned]:
    """The kept scenarios of a plan's actions by link; one that this program cannot read is left out."""
    links = dict.fromkeys(a.decision.scenario for a in found.actions)
    return {link: one for link in links if (one := scenario(link))}


def scenario(link: str) -> Planned | None:
    """A kept version worked out again, once a server; None where there is none that this program can read."""
    if not link:
        return None
    try:
        return _worked_out(link, str(store_path()))
    except RcsError:
        return None


@st.cache_resource(max_entries=32, show_spinner="Working a kept scenario out again")
def _worked_out(link: str, _store: str) -> Planned:
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


def typed(text: str) -> str:
    """What somebody typed as it stands on the page: no markup, no formula, no icon, no link."""
    plain = " ".join(text.split())
    return _SIGNS.sub(rf"\\\1{_BREAK}", plain).replace("www", f"w{_BREAK}ww")
