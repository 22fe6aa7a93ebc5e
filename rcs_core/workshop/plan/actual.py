"""Planned spend beside what was spent, once a release has ledgers of a year of the plan: to the penny, in one price year.

Both are split by level with the tags of the newer release, so that a service that was tagged anew does not look like money
that moved. What only one of the two knows (a service merged, renamed or new) is told apart and is in no sum of both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from rcs_core.release import Release
from rcs_core.workshop import big_screen
from rcs_core.workshop.evidence import listed, text
from rcs_core.workshop.plan.pence import UNTAGGED, Tags, by_level, level_label, prevents, said, tags
from rcs_core.workshop.plan.planned import Pair, Planned
from rcs_core.workshop.spend_map.money import PREVENTATIVE, agency_label, spend

AMOUNTS = ("before", "planned", "actual")
BEFORE, PLANNED, ACTUAL, APART = "Before the plan (£)", "Planned (£)", "Spent (£)", "Spent less planned (£)"
NOT_HERE, NOT_PLANNED, NO_LEDGER = "Not in this release's register", "Not in the plan", "No ledger of this payer for the year"


@dataclass(frozen=True, slots=True)
class Line:
    """One service and payer in one year, in pence; None where the plan or the release does not know the service.

    ledger: whether the release has any money of this payer in the year; where it has none, nobody knows what was spent.
    """

    service: str
    name: str
    agency: str
    before: int | None
    planned: int | None
    actual: int | None
    merged: bool = False
    ledger: bool = True

    @property
    def both(self) -> bool:
        """Whether both know it, so that one may be set against the other."""
        return self.planned is not None and self.actual is not None


@dataclass(frozen=True, slots=True)
class Against:
    """Planned beside spent in one year; `refused` says why they are not set against each other (then there are no lines)."""

    title: str
    year: str = ""
    price_year: str = ""
    refused: str = ""
    lines: tuple[Line, ...] = ()
    tags: Tags = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def total(self, amount: str) -> int:
        """The pence of before, planned or actual over all that both know."""
        return sum(getattr(line, amount) or 0 for line in self.lines if line.both)

    def by_level(self, amount: str) -> dict[str, int]:
        """The same by level, with the tags of the newer release."""
        found: dict[str, int] = {}
        for line in self.lines:
            if line.both:
                for level, pence in by_level(getattr(line, amount) or 0, line.service, line.agency, self.tags).items():
                    found[level] = found.get(level, 0) + pence
        return found

    def moved(self, amount: str) -> int:
        """How much more goes to prevention than before the plan, planned or actual."""
        return prevents(self.by_level(amount)) - prevents(self.by_level("before"))


def against(planned: Planned, release: Release) -> Against:
    """Set a kept plan beside the ledgers of a release, for the latest year that both have."""
    title = planned.title
    if not planned.possible:
        return Against(title, refused=f"The scenario {title} has no plan: its promises cannot all hold.")
    if "spend" not in release or release.frame("spend").empty:
        return Against(title, refused="This release has no ledgers, so what was spent is not known.")
    rows = spend(release)
    years = sorted({text(y) for y in rows["financial_year"]})
    both = [y for y in years if y in planned.years]
    if not both:
        return Against(title, refused=_no_year(years, planned))
    year = both[-1]
    rows = rows[rows["financial_year"] == year]
    prices = sorted({text(p) for p in rows["price_year"]})
    if prices != [planned.price_year] or not planned.price_year:
        return Against(title, year, refused=_other_prices(planned, year, prices))
    found = tuple(_lines(planned, release, rows, year))
    return Against(title, year, planned.price_year, "", found, tags(release, year), _notes(planned, found))


def _no_year(years: list[str], planned: Planned) -> str:
    held, first, last = listed(years), planned.years[0], planned.years[-1]
    if years[-1] < first:
        return (
            f"There is no newer year to compare yet: the ledgers of this release are of {held}, and the plan begins in {first}."
        )
    return f"The ledgers of this release are of {held}, and the plan runs from {first} to {last}: no year is in both."


def _other_prices(planned: Planned, year: str, prices: list[str]) -> str:
    ours = f"prices of {planned.price_year}" if planned.price_year else "no price year that is named"
    return (
        f"Not compared: the plan is in {ours}, and the ledgers of {year} are in prices of {listed(prices) or 'no named year'}. A "
        "difference would be partly a change of prices. Restate the ledgers in the plan's price year and build the release again."
    )


def _lines(planned: Planned, release: Release, rows: pd.DataFrame, year: str) -> list[Line]:
    register = big_screen.register(release)
    sums = rows.groupby(["service_id", "agency"])["pence"].sum().reset_index()
    spent: dict[Pair, int] = {(str(s), str(a)): int(p) for s, a, p in sums.itertuples(index=False, name=None)}
    known, tested, payers = set(register), planned.services, {agency for _, agency in spent}
    found = []
    for pair in sorted({*planned.before, *planned.spend[year], *spent}):
        service, agency = pair
        about = register.get(service, {})
        name = text(about.get("service_name")) or planned.names.get(service, service)
        in_plan = service in tested
        found.append(
            Line(
                service, name, agency,
                planned.before.get(pair, 0) if in_plan else None,
                planned.spend[year].get(pair, 0) if in_plan else None,
                spent.get(pair, 0) if service in known and agency in payers else None,
                bool(about) and big_screen.merged(about), agency in payers,
            )
        )  # fmt: skip
    return found


def _notes(planned: Planned, lines: tuple[Line, ...]) -> tuple[str, ...]:
    gone = [line for line in lines if line.actual is None and line.ledger]
    silent = [line for line in lines if not line.ledger]
    new = [line for line in lines if line.planned is None]
    notes = ["Levels are the newer release's tags for both, so that a new tag does not look like money that moved."]
    if gone:
        services, pence = len({line.service for line in gone}), sum(line.planned or 0 for line in gone)
        notes.append(
            f"{_services(services)} of the plan ({said(pence)}) are not in this release's register: merged, renamed or ended."
        )
    if silent:
        payers = listed(dict.fromkeys(agency_label(line.agency) for line in silent))
        pence = sum(line.planned or 0 for line in silent)
        notes.append(f"This release has no money of {payers} in the year, so what they spent of {said(pence)} is not known.")
    if new:
        services, pence = len({line.service for line in new}), sum(line.actual or 0 for line in new)
        notes.append(f"{_services(services)} of this release ({said(pence)}) are not in the plan.")
    if any(line.merged and line.both for line in lines):
        notes.append("Small services that are told together may be other ones than when the plan was made.")
    if planned.in_cash:
        notes.append("Where budgets of later years were given, the plan is in the cash of their year and was not restated.")
    return tuple(notes)


def _services(many: int) -> str:
    return f"{many} service{'' if many == 1 else 's'}"


def headline(found: Against, veil: frozenset[str] = frozenset()) -> str:
    """What was planned to move to prevention and what did, in one sentence; `veil`: services whose price is not shown now."""
    if found.refused:
        return found.refused
    if _one_bought(found, veil):
        return f"1 bought service that prevents was to move by {found.year}; what it costs is not on the big screen."
    plan, real = found.moved("planned"), found.moved("actual")
    return f"{_more(plan)} a year was planned for prevention in {found.year}; {_more(real)} was spent than before the plan."


def _one_bought(found: Against, veil: frozenset[str]) -> bool:
    """Whether what prevents, or what of it was to move, is one bought service, so that a sum of it is that service's price."""
    own = [line for line in found.lines if line.both and set(found.tags.get((line.service, ""), ())) & set(PREVENTATIVE)]
    sets = {line.service for line in own}, {line.service for line in own if line.planned != line.before}
    return any(big_screen.pounds(0, services, veil) is None for services in sets)


def _more(pence: int) -> str:
    return f"{said(pence)} {'less' if pence < 0 else 'more'}"


def shares(found: Against) -> str:
    """Prevention as a share of what both know: before, planned and spent; a rise of all spend is no shift."""
    told = []
    for amount, words in zip(AMOUNTS, ("before the plan", "planned", "spent"), strict=True):
        if whole := found.total(amount):
            told.append(f"{words} {100 * prevents(found.by_level(amount)) / whole:.1f}%")
    return f"Prevention as a share: {listed(told)}." if told else ""


def basis(found: Against, veil: frozenset[str] = frozenset()) -> str:
    """What the sentence rests on."""
    if found.refused:
        return ""
    over = f"planned {said(found.total('planned'))}, spent {said(found.total('actual'))}"
    return (
        f"Prices of {found.price_year}. Planned: the kept scenario {found.title}. Spent: the ledgers of {found.year} in this "
        f"release. Over the services that both have: {over}. {'' if _one_bought(found, veil) else shares(found)}"
    ).strip()


def by_service(found: Against, release: Release, on_screen: bool = False) -> pd.DataFrame:
    """Every service and payer; without the price of a bought service while the big screen is on."""
    rows = [
        {"Service": line.name, "Who pays": agency_label(line.agency), **_amounts(line), "Remark": _remark(line)}
        for line in found.lines
    ]
    return big_screen.without_prices(pd.DataFrame(rows), release, on_screen)


def _amounts(line: Line) -> dict[str, float | None]:
    apart = line.actual - line.planned if line.actual is not None and line.planned is not None else None
    values = (line.before, line.planned, line.actual, apart)
    return {name: None if v is None else v / 100 for name, v in zip((BEFORE, PLANNED, ACTUAL, APART), values, strict=True)}


def _remark(line: Line) -> str:
    if line.actual is None:
        return NOT_HERE if line.ledger else NO_LEDGER
    return NOT_PLANNED if line.planned is None else ""


def by_payer(found: Against, veil: frozenset[str] = frozenset()) -> pd.DataFrame:
    """Each payer over the services that both have; a sum of one bought service only is not shown on the big screen."""
    return _sums(found, "Who pays", lambda line: line.agency, agency_label, veil)


def _sums(
    found: Against, title: str, key: Callable[[Line], str], label: Callable[[str], str], veil: frozenset[str]
) -> pd.DataFrame:
    rows = []
    own: dict[str, list[Line]] = {}
    for line in found.lines:
        if line.both:
            own.setdefault(key(line), []).append(line)
    for code, lines in own.items():
        sums = {amount: sum(getattr(line, amount) or 0 for line in lines) for amount in AMOUNTS}
        rows.append({title: label(code), **_told(sums, {line.service for line in lines}, veil)})
    return pd.DataFrame(rows)


def by_level_table(found: Against, veil: frozenset[str] = frozenset()) -> pd.DataFrame:
    """Each level of prevention over the services that both have."""
    sums = {amount: found.by_level(amount) for amount in AMOUNTS}
    services: dict[str, set[str]] = {}
    for line in found.lines:
        for level in found.tags.get((line.service, ""), {UNTAGGED: 1}) if line.both else ():
            services.setdefault(level, set()).add(line.service)
    levels = sorted({level for by in sums.values() for level in by}, key=_order)
    return pd.DataFrame(
        [
            {"Level": level_label(level), **_told({a: sums[a].get(level, 0) for a in AMOUNTS}, services.get(level, set()), veil)}
            for level in levels
        ]
    )


def _order(level: str) -> int:
    known = ("primary", "secondary", "tertiary", "responsive", "other")
    return known.index(level) if level in known else len(known)


def _told(sums: Mapping[str, int], services: set[str], veil: frozenset[str]) -> dict[str, float | None]:
    values = (*(sums[a] for a in AMOUNTS), sums["actual"] - sums["planned"])
    return {
        name: big_screen.pounds(value, services, veil)
        for name, value in zip((BEFORE, PLANNED, ACTUAL, APART), values, strict=True)
    }
