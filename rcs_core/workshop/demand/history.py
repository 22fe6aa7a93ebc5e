"""The history of demand for a responsive service, year by year, in one unit, as the release has it."""

import math
from dataclasses import dataclass, replace

from rcs_core.release import Release
from rcs_core.workshop.demand.units import Demand, DemandError, DemandUnit
from rcs_core.workshop.evidence import number, text

TABLE = "demand"


@dataclass(frozen=True, slots=True)
class History:
    """Demand of one service in consecutive financial years. source: where it stands; notes: what was left out, and why."""

    service: str
    unit: DemandUnit
    years: tuple[str, ...]
    values: tuple[float, ...]
    source: str = "given"
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        where = f"demand of {self.service}"
        if not self.years or len(self.years) != len(self.values):
            raise DemandError("a history needs one figure for each year", where, f"{len(self.values)} for {len(self.years)}")
        if wrong := [v for v in self.values if not math.isfinite(v) or v < 0]:
            raise DemandError("a figure is no amount of demand", where, f"{wrong[0]:g}", "a number from 0 up")
        for before, after in zip(self.years, self.years[1:], strict=False):
            if later(before) != after:
                raise DemandError("the years do not follow one another", where, f"{before}, {after}", "a year after each other")

    def __len__(self) -> int:
        return len(self.values)

    @property
    def latest(self) -> Demand:
        """The demand of the last year."""
        return Demand(self.values[-1], self.unit)

    def first(self, years: int) -> "History":
        """What was known when only so many years were over."""
        return replace(self, years=self.years[:years], values=self.values[:years])

    def to(self, unit: DemandUnit) -> "History":
        """The same history in another unit of its kind."""
        return replace(self, unit=unit, values=tuple(v * self.unit.factor(unit) for v in self.values))


def later(year: str, by: int = 1) -> str:
    """The financial year so many years after one: 2025-26 and 1 give 2026-27."""
    if len(year) != 7 or not year[:4].isdecimal() or year[4] != "-":
        raise DemandError("this is no financial year", "demand", year, "a year such as 2025-26")
    start = int(year[:4]) + by
    return f"{start}-{(start + 1) % 100:02d}"


def histories(release: Release) -> tuple[History, ...]:
    """Every history of the release, by service and unit. Of a history with a gap only the years after it are used."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for row in release.frame(TABLE).to_dict("records") if TABLE in release else []:
        children = number(row["children"])
        if children is not None:
            found.setdefault((text(row["service_id"]), text(row["unit"])), {})[text(row["year"])] = children
    source = f"demand history, release {release.id}".removesuffix(", release ")
    return tuple(_history(service, unit, by_year, source) for (service, unit), by_year in sorted(found.items()))


def history_of(release: Release, service: str) -> History:
    """The one history of a service; raises DemandError when it has none, or one in each of two units."""
    mine = [h for h in histories(release) if h.service == service]
    if len(mine) != 1:
        got = ", ".join(h.unit.label for h in mine) or "none"
        raise DemandError("the service has not one history of demand", service, got, "a history in one unit")
    return mine[0]


def _history(service: str, unit: str, by_year: dict[str, float], source: str) -> History:
    if unit not in set(DemandUnit):
        raise DemandError("the unit of demand is unknown", f"demand of {service}", unit, ", ".join(DemandUnit))
    years = sorted(by_year)
    kept = [years[-1]]
    for year in reversed(years[:-1]):
        if later(year) != kept[0]:
            break
        kept.insert(0, year)
    lost = [y for y in years if y not in kept]
    notes = (f"Years before {kept[0]} are not used, as the years between are missing.",) if lost else ()
    return History(service, DemandUnit(unit), tuple(kept), tuple(by_year[y] for y in kept), source, notes)
