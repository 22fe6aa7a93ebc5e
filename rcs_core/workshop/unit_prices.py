"""The fourth official question: what a participant costs, beside what such a service was published to cost elsewhere.

A service's spend over the children it says it served is an average, not what one more child costs. A published cost keeps
the year, the place and the unit of its source; prices of different years are never restated, so the difference is said.
"""

from dataclasses import dataclass, fields
from functools import cache
from statistics import quantiles

import pandas as pd

from rcs_core.errors import SettingsError
from rcs_core.release import Release
from rcs_core.settings import CONTRACTS, fill, read_yaml
from rcs_core.workshop import big_screen
from rcs_core.workshop.evidence import number, text
from rcs_core.workshop.spend_map.money import Choice, Headline, View, gbp, source, spend, years

LARGEST = 10
"""How many services the picture has where none stands beside a published cost."""
FEWEST = 4
"""Services of known cost from which the middle half is said."""
HERE, ELSEWHERE = "Here, for each child served", "Published elsewhere, a year"


@dataclass(frozen=True, slots=True)
class Published:
    """A cost published elsewhere: from `low` to `high` in the source's own unit and prices, `per_year` of them a year."""

    id: str
    title: str
    words: tuple[str, ...]
    low: float
    high: float
    unit: str
    per_year: float
    year: str
    place: str
    source: str
    note: str
    date: str

    def is_like(self, service: str) -> bool:
        """Whether one of its words is in a service's name."""
        return any(word in service.lower() for word in self.words)

    @property
    def figure(self) -> str:
        """The figure as published, and as a year where its unit is not a year."""
        year = "" if self.per_year == 1 else f"; over a year {_range(*self.yearly)}"
        return f"{_range(self.low, self.high)} ({self.unit}{year})"

    @property
    def yearly(self) -> tuple[float, float]:
        """The figure over a whole year, still in the prices of its source."""
        return self.low * self.per_year, self.high * self.per_year


@dataclass(frozen=True, slots=True)
class UnitPrices:
    """The costs: a view of them all, the comparisons as sentences, and what to know before comparing."""

    view: View
    comparisons: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Cost:
    name: str
    pence: int
    children: int | None
    activity: str
    hidden: bool
    confidential: bool
    stated: str
    like: tuple[Published, ...]

    @property
    def each(self) -> float | None:
        """Pounds a child served, where that may be shown."""
        return None if self.hidden or not self.children else round(self.pence / 100 / self.children, 2)

    @property
    def why_not(self) -> str:
        """Why there is no cost a child; blank where there is one."""
        if self.hidden:
            return big_screen.HIDDEN
        kept = "The price is confidential" if self.confidential else "Children served are not known"
        return "" if self.children else kept


@cache
def published() -> tuple[Published, ...]:
    """The published costs of `data_contracts/unit_costs_published.yaml`."""
    path = CONTRACTS / "unit_costs_published.yaml"
    content = read_yaml(path)
    if set(content) != {"costs"} or not isinstance(content["costs"], list):
        keys = ", ".join(map(str, content))
        raise SettingsError("the published costs are not a list", path.name, keys, "one key: costs", "write the rows under costs")
    return tuple(_published(row, f"{path.name}, costs, row {k}") for k, row in enumerate(content["costs"], start=1))


def _published(row: dict[str, object], where: str) -> Published:
    words = row.get("words")
    found = fill(Published, {**row, "words": tuple(words) if isinstance(words, list) else ()}, where)
    blank = [f.name for f in fields(found) if f.name != "note" and not getattr(found, f.name)]
    if blank or found.high < found.low:
        raise SettingsError(
            "a published cost is not whole", where, ", ".join(blank) or "high below low", "every key but note filled"
        )
    return found


def unit_prices(release: Release, choice: Choice | None = None, on_screen: bool = False) -> UnitPrices:
    """What each service costs for a child served; `on_screen` keeps prices of bought services back.

    Of one payer: the services that it pays for, at what all payers together spend on them.
    """
    choice = choice or Choice()
    chosen = set(spend(release, choice)["service_id"])
    frame = spend(release, Choice(relation=choice.relation))
    frame = frame[frame["service_id"].isin(chosen)]
    found = _costs(release, frame, big_screen.withheld(release, on_screen))
    view = View(_headline(found, frame, release), _points(found), _numbers(found), _words(found))
    said = tuple(_compared(cost, there, years(frame)) for cost in found for there in cost.like if cost.each)
    return UnitPrices(view, said, _notes(found))


def _costs(release: Release, frame: pd.DataFrame, veil: frozenset[str]) -> list[_Cost]:
    register, stated = big_screen.register(release), _stated(release)
    paid = frame.groupby("service_id")["pence"].sum()
    found = []
    for sid, pence in paid.sort_values(ascending=False, kind="stable").items():
        about = register[str(sid)]
        children, name = number(about["children_served"]), text(about["service_name"])
        like = () if big_screen.merged(about) else tuple(there for there in published() if there.is_like(name))
        found.append(
            _Cost(
                name, int(pence), None if children is None else int(children), text(about.get("unit_of_activity")),
                str(sid) in veil, text(about.get("price_confidential")) == "yes", stated.get(str(sid), ""), like,
            )
        )  # fmt: skip
    return found


def _stated(release: Release) -> dict[str, str]:
    """The cost of a year's place that the agencies state, or the band of a confidential one."""
    rows = release.frame("unit_costs").to_dict("records") if "unit_costs" in release else []
    return {str(row["service_id"]): _said({str(k): v for k, v in row.items()}) for row in rows}


def _said(row: dict[str, object]) -> str:
    cost, low, high = (number(row.get(c)) for c in ("unit_cost_gbp", "unit_cost_from_gbp", "unit_cost_below_gbp"))
    if cost is not None:
        return f"{cost:,.0f}"
    if low is None:
        return ""
    return f"{low:,.0f} or more" if high is None else f"{low:,.0f} to {high:,.0f}"


def _headline(found: list[_Cost], frame: pd.DataFrame, release: Release) -> Headline:
    costs = sorted(cost.each for cost in found if cost.each)
    if not costs:
        return Headline("No cost for a participant can be given: no service has both money and children.", source(release, frame))
    first, middle, last = quantiles(costs, n=4, method="inclusive") if len(costs) >= FEWEST else (costs[0], 0.0, costs[-1])
    services = f"{len(costs)} service{'s' if len(costs) > 1 else ''}"
    sentence = f"A participant costs from {_gbp(costs[0])} to {_gbp(costs[-1])} a year in {services}, in {years(frame)}"
    if len(costs) >= FEWEST:
        sentence += f"; in the middle service {_gbp(middle)}"
    beside = len({cost.name for cost in found if cost.like})
    half = f"Half of the services lie from {_gbp(first)} to {_gbp(last)}. " if len(costs) >= FEWEST else ""
    basis = (
        f"{half}Spend of all payers over the children that a service says it served. {beside} of {len(found)} services stand "
        f"beside a cost published elsewhere. {source(release, frame)}"
    )
    return Headline(f"{sentence}.", basis)


def _points(found: list[_Cost]) -> pd.DataFrame:
    """A mark here and a mark or a range elsewhere for each comparison; without one, the largest services by themselves."""
    rows: list[tuple[str, str, float, float, str]] = []
    for cost in (cost for cost in found if cost.like):
        for there in cost.like:
            if cost.each:
                rows.append((cost.name, HERE, cost.each, cost.each, f"{_gbp(cost.each)} for each child served"))
            rows.append((cost.name, ELSEWHERE, *there.yearly, f"{there.title}: {there.figure}, {there.place}, {there.year}"))
    if not rows:
        most = [cost for cost in found if cost.each][:LARGEST]
        rows = [(c.name, HERE, c.each, c.each, f"{_gbp(c.each)} for each child served") for c in most if c.each]
    frame = pd.DataFrame(rows, columns=["label", "series", "low", "high", "says"])
    return frame.assign(order=pd.factorize(frame["label"])[0])


def _numbers(found: list[_Cost]) -> pd.DataFrame:
    rows = [
        {
            "Service": cost.name,
            "Spend of all payers (£)": None if cost.hidden else cost.pence / 100,
            "Children served": cost.children,
            "Spend per child served (£)": cost.each,
            "Cost of a place as stated (£)": "" if cost.hidden else cost.stated,
            "Published elsewhere": "; ".join(there.figure for there in cost.like),
            "Of what": "; ".join(there.title for there in cost.like),
            "Its year and place": "; ".join(f"{there.year}, {there.place}" for there in cost.like),
            "Its source": "; ".join(there.source for there in cost.like),
            "What it counts": cost.activity,
            "Why no cost": cost.why_not,
        }
        for cost in sorted(found, key=lambda c: (not c.like, c.hidden))
    ]
    return pd.DataFrame(rows).astype({"Children served": "Int64"}) if rows else pd.DataFrame()


def _compared(cost: _Cost, there: Published, now: str) -> str:
    each, (low, high) = cost.each or 0.0, there.yearly
    where = "within" if low <= each <= high else ("above" if each > high else "below")
    note = f" {there.note}." if there.note else ""
    return (
        f"**{cost.name}**: {_gbp(each)} for each child served in {now}, {where} the {there.figure} published for "
        f"*{there.title}*, {there.place}, {there.year} ({there.source}).{note}"
    )


def _notes(found: list[_Cost]) -> tuple[str, ...]:
    unknown = sum(1 for cost in found if cost.why_not and not cost.hidden)
    hidden = sum(1 for cost in found if cost.hidden)
    return (
        "Prices of different years stand side by side and are **not restated**: no deflator with a source is at hand. A cost of "
        "an earlier year would be more in today's prices.",
        "A published cost is set beside a service because a word of it is in the service's name. Whether they are alike, in whom "
        "they help and for how long, is for the group to judge.",
        "Spend over children served is an average: not what one more child costs, nor what is released when there is one child "
        "fewer. A child helped for a week and one helped all year count the same; a weekly price is of a week filled.",
        f"{unknown} services have no cost for a child, as the children they served are not known or would give a price away."
        if unknown
        else "",
        f"{hidden} bought services have no price here while providers' names and prices are off the big screen."
        if hidden
        else "",
    )


def _words(found: list[_Cost]) -> str:
    said = [f"{cost.name} {_gbp(cost.each)}" for cost in found if cost.like and cost.each]
    return f"Cost for each child served beside costs published elsewhere: {'; '.join(said) or 'no service has one'}."


def _range(low: float, high: float) -> str:
    return _gbp(low) if low == high else f"{_gbp(low)} to {_gbp(high)}"


def _gbp(amount: float) -> str:
    """Pounds, with pence only under ten."""
    return f"£{amount:,.2f}" if amount < 10 else gbp(round(amount * 100))
