"""The stock and flow of one responsive service from the release's movements, carried on as a forecast with its back-test.

The release tells, by year and (where no count is small) by age band, the children on the first day, those who came in and those
who went out; who moved between placements came in here and went out there (docs/data/movements.md).
"""

from dataclasses import dataclass

import numpy as np

from rcs_core.release import Release
from rcs_core.vocab import InputState
from rcs_core.workshop.demand.flow import Movements, carried_on, draws, rates
from rcs_core.workshop.demand.forecast import INNER, OUTER, Backtest, Forecast
from rcs_core.workshop.demand.history import later
from rcs_core.workshop.demand.lines import Method, Numbers
from rcs_core.workshop.demand.units import DemandError, DemandUnit, assumed
from rcs_core.workshop.evidence import number, text

TABLE = "movements"
AT_START, ENTRY, EXIT = "at_start", "entry", "exit"
SPLIT = "stock_and_flow"


@dataclass(frozen=True, slots=True)
class Told:
    """The movements of one service as the release tells them: years, age bands, and counts by year, band and movement."""

    service: str
    years: tuple[str, ...]
    bands: tuple[str, ...]
    counts: dict[tuple[str, str, str], float]

    def movements(self) -> Movements:
        """As a stock and its flows; raises DemandError where a year's children do not follow from the year before."""
        at, came, went = (self._table(kind) for kind in (AT_START, ENTRY, EXIT))
        none = np.zeros((len(self.years), len(self.bands), len(self.bands)))
        found = Movements(self.years, self.bands, at[0], came, went, none)
        if (off := np.abs(found.stock[:-1] - at).max()) > 1e-6:
            raise DemandError(
                "children are lost between years", f"movements of {self.service}", f"{off:g} in a year and age band",
                "children at the start of a year = those of the year before + who came - who went",
            )  # fmt: skip
        return found

    def _table(self, movement: str) -> Numbers:
        return np.array([[self.counts[year, band, movement] for band in self.bands] for year in self.years])


def told(release: Release) -> tuple[Told, ...]:
    """The movements of every service of the release."""
    by: dict[str, dict[tuple[str, str, str], float]] = {}
    for row in release.frame(TABLE).to_dict("records") if TABLE in release else []:
        key = (text(row["year"]), text(row["age_band"]), text(row["movement"]))
        by.setdefault(text(row["service_id"]), {})[key] = number(row["children"]) or 0.0
    return tuple(
        Told(service, tuple(sorted({y for y, _, _ in counts})), tuple(dict.fromkeys(b for _, b, _ in counts)), counts)
        for service, counts in sorted(by.items())
    )


def stock_and_flow(
    counted: Movements, service: str, horizon: int | None = None, unit: DemandUnit = DemandUnit.CHILDREN, source: str = "given"
) -> Forecast:
    """Carry the stock on by its flows: children on the last day of each year ahead, or children-years in it.

    Raises DemandError for fewer years of movements than tell how starts vary.
    """
    ahead = int(assumed("horizon")) if horizon is None else horizon
    fewest, where = int(assumed("fewest_years", SPLIT)), f"movements of {service}"
    if len(counted.years) < fewest:
        raise DemandError("so few years of movements tell nothing", where, str(len(counted.years)), f"{fewest} years or more")
    if unit not in (DemandUnit.CHILDREN, DemandUnit.CHILD_YEARS):
        raise DemandError("a stock and flow is not told so", where, unit.label, "children at a date or children-years")
    which = 0 if unit is DemandUnit.CHILDREN else 1
    likely = carried_on(counted.stock[-1], rates(counted), ahead)[which].sum(axis=1)
    drawn = draws(counted, ahead, int(assumed("draws", SPLIT)))[which].sum(axis=2)
    (low, high), (low_80, high_80) = (_range(drawn, share) for share in (OUTER, INNER))
    steady = rates(counted).steady.sum() if (rates(counted).leave > 0).all() else None
    notes = [
        "Children come at the mean rate of the years counted, and each is as likely to leave in a year as those before: "
        "assumptions of this method.",
        *([f"If these flows went on for ever, {steady:,.0f} children would be there at once."] if steady is not None else []),
        *([] if len(counted.cells) == 1 else ["By age band; the bands are added."]),
    ]
    return Forecast(
        service, tuple(later(counted.years[-1], k) for k in range(1, ahead + 1)), _plain(likely), low, high, low_80, high_80,
        unit, Method.STOCK_AND_FLOW, _backtest(counted, ahead), InputState.MEASURED,
        f"{source}, {counted.years[0]} to {counted.years[-1]}", tuple(notes),
    )  # fmt: skip


def of_service(
    release: Release, service: str, horizon: int | None = None, unit: DemandUnit = DemandUnit.CHILDREN
) -> Forecast | None:
    """The stock and flow of one service of the release; none where its movements are not there or too few."""
    mine = next((t for t in told(release) if t.service == service), None)
    if mine is None or len(mine.years) < assumed("fewest_years", SPLIT):
        return None
    return stock_and_flow(mine.movements(), service, horizon, unit, f"movements, release {release.id}")


def _range(drawn: Numbers, share: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    low, high = np.quantile(drawn, [0.5 - share / 2, 0.5 + share / 2], axis=0)
    return _plain(low), _plain(high)


def _backtest(counted: Movements, horizon: int) -> Backtest:
    """Carried on from each earlier year that has two behind it, beside flat at that year's last day."""
    rows: list[tuple[int, float, float]] = []
    seen = counted.stock.sum(axis=1)
    origins = range(int(assumed("fewest_years", SPLIT)), len(counted.years))
    within = [0, 0]
    for known in origins:
        before = counted.first_years(known)
        ahead = min(horizon, len(counted.years) - known)
        likely = carried_on(before.stock[-1], rates(before), ahead)[0].sum(axis=1)
        drawn = draws(before, ahead, int(assumed("draws", SPLIT)))[0].sum(axis=2)
        for k in range(ahead):
            came = seen[known + k + 1]
            rows.append((k + 1, abs(likely[k] - came) / came * 100, abs(seen[known] - came) / came * 100))
            for at, share in enumerate((INNER, OUTER)):
                low, high = np.quantile(drawn[:, k], [0.5 - share / 2, 0.5 + share / 2])
                within[at] += bool(low <= came <= high)
    if not rows:
        return Backtest(Method.STOCK_AND_FLOW, 0, 0, 0.0, 0.0, (), 0, 0)
    leads = sorted({row[0] for row in rows})
    by_lead = tuple((k, len(of), *_means(of)) for k in leads for of in [[r for r in rows if r[0] == k]])
    return Backtest(Method.STOCK_AND_FLOW, len(origins), len(rows), *_means(rows), by_lead, *within)


def _means(rows: list[tuple[int, float, float]]) -> tuple[float, float]:
    return float(np.mean([r[1] for r in rows])), float(np.mean([r[2] for r in rows]))


def _plain(values: Numbers) -> tuple[float, ...]:
    return tuple(float(v) for v in values)
