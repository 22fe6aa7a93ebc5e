"""What demand would be if nothing changes, in words: for each responsive service a sentence, a picture's rows and a table.

In: a release. Out: one `Outlook` a service and unit, the largest first. Every figure says its unit, range and source.
"""

from dataclasses import dataclass

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import InputState
from rcs_core.workshop.demand.forecast import Forecast, best, other
from rcs_core.workshop.demand.history import History, histories
from rcs_core.workshop.demand.lines import Method
from rcs_core.workshop.demand.stock_and_flow import of_service
from rcs_core.workshop.demand.units import Demand, DemandUnit
from rcs_core.workshop.evidence import text

COUNTED = "Counted"
METHODS = ("Flat", "Trend that fades", "Stock and flow")
WORKED_OUT = "Worked out from the history"
TITLE = "What demand would be if nothing changes"
_FLOWS = {DemandUnit.CHILD_YEARS: DemandUnit.CHILD_YEARS, DemandUnit.CHILDREN: DemandUnit.CHILDREN}
"""Units in which a stock and flow can stand beside a history."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """One service's demand: its history, how it is carried on, and the other methods beside it."""

    service: str
    name: str
    history: History
    chosen: Forecast
    beside: tuple[Forecast, ...]

    @property
    def title(self) -> str:
        """The service and what is counted of it."""
        return f"{self.name} ({self.history.unit.label})"

    @property
    def sentence(self) -> str:
        """The outlook in one sentence, with its range."""
        last = self.chosen
        now, then = self.history.latest, last.at(len(last.years))
        low, high = (Demand(end[-1], last.unit).text().removesuffix(f" {last.unit.label}") for end in (last.low, last.high))
        return (
            f"If nothing changes, {self.name} would have {then.text()} in {last.years[-1]}, with a range from {low} to {high}; "
            f"it had {now.text()} in {self.history.years[-1]}."
        )

    @property
    def basis(self) -> str:
        """How it was carried on and why, what the range is, and where the figures are from."""
        known = self.chosen.state is InputState.MEASURED
        kind = "holds what comes 95 times in 100, if the years ahead vary as those counted" if known else "is an assumption"
        lines = [f"The range {kind}.", self.chosen.why, f"Source: {self.chosen.source}."]
        return " ".join(filter(None, lines))

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know before using it: the back-tests, and what each method says of itself."""
        methods = (self.chosen, *self.beside)
        said = dict.fromkeys(note for one in methods for note in (one.backtest.text, *one.notes))
        return (*self._apart(), *said)

    def _apart(self) -> tuple[str, ...]:
        """A stock and flow that starts outside the range of the history counts other children, or the flows have changed."""
        flows = [one for one in self.beside if one.method is Method.STOCK_AND_FLOW]
        return tuple(
            f"In {one.years[0]} the stock and flow gives {one.at(1).text()}, outside the range that the history gives: look "
            "whether both count the same children."
            for one in flows
            if not self.chosen.low[0] <= one.likely[0] <= self.chosen.high[0]
        )


def outlooks(release: Release, horizon: int | None = None) -> tuple[Outlook, ...]:
    """Every responsive service with a history, the largest demand first; none where the release has no demand."""
    names = {}
    if "services" in release:
        frame = release.tables["services"].frame
        names = {text(s): text(n) for s, n in zip(frame["service_id"], frame["service_name"], strict=True)}
    found = [_outlook(release, history, names, horizon) for history in histories(release)]
    return tuple(sorted(found, key=lambda one: (-one.history.values[-1], one.service)))


def _outlook(release: Release, history: History, names: dict[str, str], horizon: int | None) -> Outlook:
    chosen = best(history, horizon)
    beside = [other(history, chosen)]
    if history.unit in _FLOWS:
        beside.append(of_service(release, history.service, len(chosen.years), _FLOWS[history.unit]))
    kept = tuple(one for one in beside if one is not None)
    return Outlook(history.service, names.get(history.service, history.service), history, chosen, kept)


def method_name(one: Forecast) -> str:
    """What a method is called in a legend."""
    return dict(zip(("flat", "trend", "stock_and_flow"), METHODS, strict=True))[one.method.value]


def picture(outlook: Outlook) -> pd.DataFrame:
    """The rows of the picture: year, series, value, and of the method chosen its ranges, which open at the last count.

    A stock and flow starts from its own count, and is not joined to the history.
    """
    past = zip(outlook.history.years, outlook.history.values, strict=True)
    rows: list[tuple[str, str, float, float | None, float | None, float | None, float | None]] = []
    rows += [(year, COUNTED, value, None, None, None, None) for year, value in past]
    last_year, last = outlook.history.years[-1], outlook.history.values[-1]
    for one in (outlook.chosen, *outlook.beside):
        ends = zip(one.low, one.high, one.low_80, one.high_80, strict=True)
        of = [(last, last, last, last), *ends] if one is outlook.chosen else [(None,) * 4] * (len(one.years) + 1)
        lines = zip((last_year, *one.years), (last, *one.likely), of, strict=True)
        own = 1 if one.method is Method.STOCK_AND_FLOW else 0
        rows += [(year, method_name(one), value, *band) for year, value, band in list(lines)[own:]]
    return pd.DataFrame(rows, columns=["year", "series", "value", "low", "high", "low_80", "high_80"])


def numbers(outlook: Outlook) -> pd.DataFrame:
    """The same as a table: a row a year and method."""
    unit = outlook.history.unit.label
    past = [
        {"Year": year, "Method": COUNTED, f"Demand ({unit})": round(value, 1)}
        for year, value in zip(outlook.history.years, outlook.history.values, strict=True)
    ]
    ahead = [
        {
            "Year": year, "Method": method_name(one), f"Demand ({unit})": round(one.likely[k], 1),
            "95% from": round(one.low[k], 1), "95% to": round(one.high[k], 1), "80% from": round(one.low_80[k], 1),
            "80% to": round(one.high_80[k], 1), "Range": WORKED_OUT if one.state is InputState.MEASURED else one.state.label,
        }
        for one in (outlook.chosen, *outlook.beside)
        for k, year in enumerate(one.years)
    ]  # fmt: skip
    frame = pd.DataFrame([*past, *ahead])
    return frame.assign(Range=frame["Range"].fillna(""))
