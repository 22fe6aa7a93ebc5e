"""What the statement of resources is made from, out of a release and a store: the plan, the statement, the check of oneself."""

from dataclasses import dataclass

from rcs_core.errors import RcsError
from rcs_core.release import Release
from rcs_core.workshop.decide.decision import Decisions
from rcs_core.workshop.kept import Shelf
from rcs_core.workshop.plan import criteria, resources
from rcs_core.workshop.plan.book import PlanBook
from rcs_core.workshop.plan.chain import Plan, plan_of
from rcs_core.workshop.plan.criteria import Checked
from rcs_core.workshop.plan.planned import Planned, planned
from rcs_core.workshop.plan.resources import ResourcesStatement
from rcs_core.workshop.store import Store


@dataclass(frozen=True, slots=True)
class PlanCase:
    """The plan as it stands, its statement (None where the release holds no money), and the check of the criteria."""

    plan: Plan
    statement: ResourcesStatement | None
    checked: tuple[Checked, ...]


def of_store(release: Release, store: Store, veil: frozenset[str] = frozenset()) -> PlanCase:
    """The plan that the decisions of a store make on a release. veil: services whose price is kept off the screen."""
    decisions, shelf = Decisions(store).current(), Shelf(store)
    links = dict.fromkeys(d.scenario for d in decisions if d.scenario and d.money)
    known = {link: found for link in links if (found := _planned(shelf, link))}
    plan = plan_of(release, decisions, PlanBook(store).read(), known)
    statement = resources.statement(release, plan, known, veil)
    return PlanCase(plan, statement, tuple(criteria.check(release, plan, statement)))


def _planned(shelf: Shelf, link: str) -> Planned | None:
    """A kept scenario worked out again; None where this program cannot read it any more."""
    try:
        return planned(shelf.of_link(link))
    except RcsError:
        return None
