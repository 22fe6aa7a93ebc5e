"""The view *Resources*: how money is spent and shifts to prevention, and which criteria the plan evidences from here."""

from datetime import date

import streamlit as st

from app import charts_shift, plan_read, room, session, show, take_papers
from rcs_core.release import Release
from rcs_core.workshop import big_screen
from rcs_core.workshop.method import Rows, method
from rcs_core.workshop.plan import criteria, resources
from rcs_core.workshop.plan.chain import Plan
from rcs_core.workshop.plan.contract import criteria_source
from rcs_core.workshop.plan.criteria import Checked
from rcs_core.workshop.plan.resources import Part, ResourcesStatement

NO_MONEY = "This release holds no services and ledgers, so how money is spent cannot be said from it."


def draw(release: Release, plan: Plan, _: date) -> None:
    """The statement of resources part by part, then the short check against the national review's criteria."""
    found, checked = session.once(release, _stated, plan, room.on())
    if found is None:
        show.line(NO_MONEY)
    else:
        show.headline(found.headline, found.basis, method("plan_resources", Rows("spend")))
        for part in found.parts:
            st.subheader(part.heading, anchor=False)
            show.points(part.sentences)
            _table(release, part)
        take_papers.resources(release, plan, found, checked)
    st.header("What of the national review's criteria does this plan show?", anchor=False)
    show.line(criteria.headline(checked))
    show.table(criteria.frame(checked), "Criteria of the national review")
    show.note(f"Criteria: {criteria_source()}. A check of oneself, from figures and decisions alone; it judges no plan.")


def _stated(release: Release, plan: Plan, on_screen: bool) -> tuple[ResourcesStatement | None, list[Checked]]:
    """The statement and the check, worked out once for a plan as it stands."""
    veil = big_screen.veiled(release, on_screen) if "services" in release else frozenset()
    found = resources.statement(release, plan, plan_read.scenarios(plan), veil)
    return found, criteria.check(release, plan, found)


def _table(release: Release, part: Part) -> None:
    """The table of a part behind its name; under its picture where it has one."""
    if part.table is None:
        return
    table = big_screen.without_prices(part.table, release, room.on())
    if part.by_year is not None:
        points = charts_shift.year_points(part.by_year)
        show.chart(charts_shift.years(), points, " ".join(part.sentences), table, part.name)
        return
    with st.expander(f"Table: {part.name}"):
        show.table(table, part.name)
