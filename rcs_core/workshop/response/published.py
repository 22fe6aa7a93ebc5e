"""Published effects, row by row as they were published: what each measures, and whether it helps, does nothing or harms.

Nothing is turned round: a null stays a null with its interval, a harm stays a harm. Money that was published (a benefit-cost
ratio, what another country's treasury did not spend) is context and never becomes money here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from rcs_core.release import Release
from rcs_core.settings import CONTRACTS, read_yaml
from rcs_core.vocab import Label
from rcs_core.workshop.evidence import number, text

TABLE, FILE = "published_effects", "effects.yaml"


class Verdict(Label):
    """What a published figure says of an effect."""

    HELPS = "helps", "Helps"
    NONE = "none", "Cannot be told from no effect"
    HARM = "harm", "Harms"
    UNSAID = "unsaid", "Differs from no effect; which way is better is not said"
    CONTEXT = "context", "No comparison with those not helped"
    MONEY = "money", "Money elsewhere: context, never money here"


@dataclass(frozen=True, slots=True)
class Measure:
    """A kind of figure: its label, the figure that means no effect, and how it becomes children for each 100."""

    name: str
    label: str
    none: float
    convert: str


@dataclass(frozen=True, slots=True)
class Published:
    """One published row. row: its place in the table, from 1. better: lower, higher or blank.

    worse: the point is on the bad side, whatever its interval; of money, that it cost more than it brought.
    """

    row: int
    topic: str
    indicator: str
    group: str
    value: str
    unit: str
    low: float | None
    high: float | None
    year: str
    geography: str
    source: str
    measure: Measure | None
    better: str
    verdict: Verdict
    worse: bool
    service: str = ""
    acts_on: str = ""
    baseline_pct: float | None = None
    lag: float | None = None
    retention: float | None = None

    @property
    def figure(self) -> float | None:
        """The figure as a number, where it is one."""
        return _figure(self.value)

    @property
    def linked(self) -> bool:
        """Whether the partnership says which of its services it is evidence for."""
        return bool(self.service and self.acts_on)

    @property
    def says(self) -> str:
        """The row in one line: what, where, the figure with its interval, and what it says."""
        interval = "" if self.low is None or self.high is None else f" ({self.low:g} to {self.high:g})"
        flag = "; the point is on the worse side" if self.worse and self.verdict is not Verdict.HARM else ""
        return (
            f"{self.topic}: {self.indicator}, {self.geography}, {self.year}: {self.value} {self.unit}{interval}. "
            f"{self.verdict.label}{flag}. {self.source}"
        )


def published(release: Release) -> tuple[Published, ...]:
    """The published effects of a release; none where it holds none."""
    rows = release.frame(TABLE).to_dict("records") if TABLE in release else []
    return tuple(read({str(k): v for k, v in row.items()}, place) for place, row in enumerate(rows, start=1))


def read(row: Mapping[str, object], place: int) -> Published:
    """One row of the table, in the columns of `published_effects.csv`."""
    value, unit, indicator = (text(row.get(c)) for c in ("value", "unit", "indicator"))
    low, high = number(row.get("ci_low")), number(row.get("ci_high"))
    measure = _measure(unit)
    better = text(row.get("better_when")) or _better(indicator, measure)
    worse = _worse(_figure(value), measure, better) or _has(indicator, "worse_words") or _lost(_figure(value), unit, indicator)
    return Published(
        place, text(row.get("topic")), indicator, text(row.get("group")), value, unit, low, high, text(row.get("year")),
        text(row.get("geography")), text(row.get("source")), measure, better,
        _verdict(value, unit, indicator, measure, low, high, better, worse), worse, text(row.get("service_id")),
        text(row.get("acts_on")), number(row.get("baseline_pct")), number(row.get("lag_years")), number(row.get("retention")),
    )  # fmt: skip


def _verdict(
    value: str,
    unit: str,
    indicator: str,
    measure: Measure | None,
    low: float | None,
    high: float | None,
    better: str,
    worse: bool,
) -> Verdict:
    """What a figure says, by its interval first: a point on the bad side of an interval that holds no effect is no harm."""
    if any(unit.lower().startswith(word) for word in _words("money_units")) or _has(indicator, "money_words"):
        return Verdict.MONEY
    if value.strip().lower() in _words("no_effect_words"):
        return Verdict.NONE
    if _has(indicator, "uncontrolled_words"):
        return Verdict.CONTEXT
    point = _figure(value)
    if measure is None or point is None:
        return Verdict.HARM if worse else Verdict.CONTEXT
    if point == measure.none or (low is not None and high is not None and low <= measure.none <= high):
        return Verdict.NONE
    if not better and not worse:
        return Verdict.UNSAID
    return Verdict.HARM if worse else Verdict.HELPS


def _worse(point: float | None, measure: Measure | None, better: str) -> bool:
    if point is None or measure is None or not better or point == measure.none:
        return False
    return (point > measure.none) == (better == "lower")


def _lost(point: float | None, unit: str, indicator: str) -> bool:
    """Whether money elsewhere was lost: benefits under costs."""
    if point is None:
        return False
    return (unit.lower().startswith("ratio") and point < 1) or ("benefits minus costs" in indicator.lower() and point < 0)


def _has(text_: str, words: str) -> bool:
    return any(word in text_.lower() for word in _words(words))


def _better(indicator: str, measure: Measure | None) -> str:
    """Which way is better, where nobody disputes it; the sign of a standardised effect is its author's."""
    if measure is None or measure.name == "standardised":
        return ""
    return "lower" if _has(indicator, "lower_is_better") else ""


def _figure(value: str) -> float | None:
    directions: dict[str, int] = _rules()["directions"]["value"]
    try:
        return float(directions.get(value.strip().lower(), value))
    except ValueError:
        return None


def _measure(unit: str) -> Measure | None:
    for words, measure in _measures():
        if unit.lower() == words or unit.lower().startswith(f"{words} "):
            return measure
    return None


@cache
def _rules() -> dict[str, Any]:
    return read_yaml(CONTRACTS / FILE)


@cache
def _words(name: str) -> tuple[str, ...]:
    return tuple(str(word).lower() for word in _rules()[name]["value"])


@cache
def _measures() -> tuple[tuple[str, Measure], ...]:
    return tuple(
        (str(unit).lower(), Measure(name, str(of["label"]), float(of["none"]), str(of["convert"])))
        for name, of in _rules()["measures"].items()
        for unit in of["units"]
    )
