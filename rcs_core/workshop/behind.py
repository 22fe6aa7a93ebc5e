"""Which method and which rows of the release stand behind the figures of each page, so that a page only names its figure.

In: what a reader chose. Out: a `Method` whose rows are looked up when somebody opens its door, and not before.
"""

from rcs_core.release import Release
from rcs_core.vocab import AreaLevel, PreventionLevel
from rcs_core.workshop import evidence
from rcs_core.workshop.evidence import Area, Indicator
from rcs_core.workshop.method import Method, Rows, method
from rcs_core.workshop.shift import Shift
from rcs_core.workshop.spend_map import Choice

_GROUPS = ("stage", "area_sex", "simd", "care")
"""Tables of a survey that part the children of one place into groups."""
_SIDED = tuple(level.value for level in PreventionLevel if level is not PreventionLevel.OTHER)


def summary(survey: str, area: Area) -> Method:
    """The sentences on a place: its shares."""
    return method("needs_now", Rows.of(f"{survey}_area", area=area.code))


def picture(release: Release, survey: str, area: Area) -> Method:
    """Every question of a place around what it is set beside: shares of both, and the verdicts."""
    places = tuple(dict.fromkeys((area.code, evidence.council(release).code)))
    verdicts = {AreaLevel.COUNCIL: "changes", AreaLevel.CLUSTER: "comparisons", AreaLevel.SCHOOL: "funnel"}[area.level]
    return method("needs_picture", Rows.of(f"{survey}_area", area=places), Rows.of(verdicts, survey=survey, area=area.code))


def groups(survey: str, area: Area, asked: Indicator) -> Method:
    """One question by every group of a place."""
    split = (Rows.of(f"{survey}_{name}", indicator=asked.code, area=area.code) for name in _GROUPS)
    return method("needs_groups", Rows.of(f"{survey}_area", indicator=asked.code), *split)


def told(name: str, table: str, survey: str, asked: Indicator | None, area: Area | None = None) -> Method:
    """What the build decided and put in a table of its own: `needs_change`, `needs_clusters`, `needs_unequal`, `needs_funnel`."""
    question, place = asked.code if asked else "", area.code if area else ""
    shares = f"{survey}_{'simd' if table == 'inequality' else 'area'}"
    return method(
        name, Rows.of(table, survey=survey, indicator=question, area=place), Rows.of(shares, indicator=question, area=place)
    )


def contact(name: str, survey: str, need: Indicator | None) -> Method:
    """Need against named contact: `reach_contact`, `reach_rates` or `reach_missing`; with no need, all of them."""
    asked = need.code if need else ""
    return method(name, Rows.of(f"{survey}_contact", indicator=asked), Rows.of(f"{survey}_contact_roll"))


def fair(survey: str, need: Indicator) -> Method:
    """Reach by cluster."""
    return method("reach_fair", Rows.of(f"{survey}_contact_cluster", indicator=need.code))


def money(name: str, release: Release, choice: Choice | None = None) -> Method:
    """A figure of mapped money, narrowed as it was chosen, beside the ledgers it comes from."""
    choice = choice or Choice()
    spend = Rows.of("spend", agency=choice.payer, service_id=_related(release, choice), level=_SIDED if choice.sided else "")
    return method(name, spend, Rows.of("ledger_totals"))


def _related(release: Release, choice: Choice) -> tuple[str, ...]:
    """The services of a kind; none named where every kind was chosen."""
    if not choice.relation:
        return ()
    register = release.tables["services"].frame
    return tuple(map(str, register.loc[register["childrens_or_related"] == choice.relation, "service_id"]))


def register(name: str) -> Method:
    """A figure that rests on the register of services beside their money."""
    return method(name, Rows.of("services"), Rows.of("spend"))


def shift(name: str, found: Shift) -> Method:
    """A figure of a plan: today's spend of what can move or responds, its need, what one place costs, and known effects."""
    movable = (*(s.id for s in found.inputs.preventative), *(d.id for d in found.inputs.demanded))
    spend = Rows.of("spend", service_id=movable)
    return method(name, spend, Rows.of("demand"), Rows.of("unit_costs"), Rows.of("effects"))
