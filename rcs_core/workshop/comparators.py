"""Our council beside the others, in figures that somebody published: order with uncertainty, a family's middle, the years.

In: the table `comparators` of a release. Out: `Beside`, the arithmetic of one measure in one year; what it says in words is
in `comparators_told`. Nothing is worked out for a council that published nothing, and no figure of money follows from it.
"""

from dataclasses import dataclass
from statistics import median

import pandas as pd

from rcs_core.councils import councils
from rcs_core.errors import ReleaseError
from rcs_core.release import Release
from rcs_core.workshop.evidence import number
from rcs_core.workshop.families import Family, compared, family, order_of, policy

NAME = "comparators"
EVERYBODY = ("all", "total")


@dataclass(frozen=True, slots=True)
class Measure:
    """One published indicator of one group, as its publisher names it."""

    topic: str
    indicator: str
    group: str
    unit: str

    @property
    def shown_unit(self) -> str:
        """The unit, or per cent where the publisher says so in the indicator's name alone."""
        return "%" if self.unit.startswith("as named") and "(%)" in self.indicator else self.unit

    @property
    def label(self) -> str:
        """The indicator, and of whom where it is not of everybody."""
        whole = self.indicator if self.group.casefold() in EVERYBODY else f"{self.indicator}, {self.group}"
        return whole[:1].upper() + whole[1:]


@dataclass(frozen=True, slots=True)
class Figure:
    """One council's figure as published, with its 95% interval where one was."""

    place: str
    value: float
    low: float | None = None
    high: float | None = None

    @property
    def ends(self) -> tuple[float, float]:
        """The interval, or the figure itself twice where none was published."""
        return (self.value, self.value) if self.low is None or self.high is None else (self.low, self.high)

    @property
    def has_interval(self) -> bool:
        """Whether an interval was published."""
        return self.low is not None and self.high is not None


@dataclass(frozen=True, slots=True)
class Rank:
    """The places from the highest that a council may hold among `of`: the first and the last that the intervals allow."""

    first: int
    last: int
    of: int


@dataclass(frozen=True, slots=True)
class Year:
    """One year: our figure, the middle of the family's others (None where too few have one), and Scotland's."""

    year: str
    own: Figure
    middle: float | None
    others: int
    whole: Figure | None


@dataclass(frozen=True, slots=True)
class Beside:
    """One measure in one year: every council from the highest, ours among them (None where it published nothing)."""

    measure: Measure
    year: str
    newest: str
    own: str
    figures: tuple[Figure, ...]
    mine: Figure | None
    whole: Figure | None
    family: Family | None
    middle: float | None
    family_others: tuple[Figure, ...]
    years: tuple[Year, ...]
    source: str
    fictional: bool

    def rank(self, of: Figure) -> Rank:
        """The places that a council's interval allows: another counts as above only where the whole of its interval is."""
        low, high = of.ends
        above = sum(other.ends[0] > high for other in self.figures)
        below = sum(other.ends[1] < low for other in self.figures)
        return Rank(1 + above, len(self.figures) - below, len(self.figures))


def has_comparators(release: Release) -> bool:
    """Whether the release holds published figures of other councils."""
    return NAME in release and not release.tables[NAME].frame.empty


def own_council(release: Release) -> str:
    """The name under which the published figures hold our council; blank where they hold none that is surely ours."""
    places = set(release.tables[NAME].frame["geography"].astype(str)) if NAME in release else set()
    own = councils().own(release.manifest.partnership, release.manifest.area_code, places)
    return own if own in places else ""


def measures(release: Release) -> list[Measure]:
    """What can be compared: neither an amount nor a number, of enough other councils in a year of ours, as published.

    Where the figures hold none of our council, every measure that enough councils have.
    """
    if not has_comparators(release):
        return []
    frame, own = _councils_only(release), own_council(release)
    found = [_measure(key) for key, rows in frame.groupby(_KEY, sort=False) if _years_of(rows, own)]
    return [m for m in found if compared(m.unit)]


def beside(release: Release, measure: Measure) -> Beside:
    """Our council beside the others in the newest year in which it has a figure; raises ReleaseError for an unknown measure."""
    frame, own = release.tables[NAME].frame, own_council(release)
    rows = _of(frame, measure)
    councils_ = _of(_councils_only(release), measure)
    years = _years_of(councils_, own)
    if not years:
        raise ReleaseError(
            "the published figures cannot be compared", str(release.path), measure.label, "a measure of the release"
        )
    year = years[-1]
    figures = tuple(sorted(_figures(councils_, year).values(), key=lambda f: (-f.value, f.place)))
    mine = next((f for f in figures if f.place == own), None)
    kin = family(frame, own, measure.indicator, year) if mine else None
    like = tuple(f for f in figures if kin and f.place in kin.others)
    return Beside(
        measure=measure,
        year=year,
        newest=sorted((str(y) for y in councils_["year"].unique()), key=order_of)[-1],
        own=own or release.manifest.partnership,
        figures=figures,
        mine=mine,
        whole=_figures(rows, year).get(councils().whole),
        family=kin,
        middle=_middle(like),
        family_others=like,
        years=tuple(_year(rows, y, own, kin) for y in years) if mine else (),
        source="; ".join(dict.fromkeys(str(s) for s in rows.loc[rows["year"] == year, "source"])),
        fictional=release.manifest.fictional,
    )


_KEY = ["topic", "indicator", "group", "unit"]


def _measure(key: object) -> Measure:
    parts = key if isinstance(key, tuple) else (key,)
    return Measure(*(str(part) for part in parts))


def _councils_only(release: Release) -> pd.DataFrame:
    """The rows of council areas, ours among them; of no larger and no other place."""
    frame = release.tables[NAME].frame
    return frame[frame["geography"].isin([*councils().names, own_council(release)])]


def _of(frame: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    wanted = (frame["topic"] == measure.topic) & (frame["indicator"] == measure.indicator)
    return frame[wanted & (frame["group"] == measure.group) & (frame["unit"] == measure.unit)]


def _years_of(rows: pd.DataFrame, own: str) -> list[str]:
    """The years, the newest last, in which our council and enough others have a figure; of all councils where ours has none."""
    places = rows.groupby("year")["geography"].agg(set)
    least = policy().least + 1
    found = [str(y) for y, there in places.items() if len(there) >= least and (not own or own in there)]
    return sorted(found, key=order_of)


def _figures(rows: pd.DataFrame, year: str) -> dict[str, Figure]:
    of = rows[rows["year"] == year]
    columns = (of["geography"], of["value"], of["ci_low"], of["ci_high"])
    return {str(p): Figure(str(p), float(v), number(low), number(high)) for p, v, low, high in zip(*columns, strict=True)}


def _middle(figures: tuple[Figure, ...]) -> float | None:
    """The median of the family's others; our own council is never part of what it is set beside."""
    return median(f.value for f in figures) if len(figures) >= policy().least_in_family else None


def _year(rows: pd.DataFrame, year: str, own: str, kin: Family | None) -> Year:
    found = _figures(rows, year)
    like = tuple(found[name] for name in kin.others if name in found) if kin else ()
    return Year(year, found[own], _middle(like), len(like), found.get(councils().whole))
