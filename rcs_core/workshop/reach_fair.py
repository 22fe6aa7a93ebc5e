"""Is reach fair? Clusters against the rest of the area as far as the release counts contact, and in words where it does not.

In: need by contact with either service, of the council and its clusters. Out: a share for each cluster, which of them differ
clearly from the rest (allowing for how many were compared), and by what else reach cannot be told from this release.
"""

from dataclasses import dataclass
from math import erfc, sqrt

import pandas as pd

from rcs_core.release import ALL, Release
from rcs_core.vocab import AreaLevel, Contact
from rcs_core.workshop import evidence, reach_counts, supplied
from rcs_core.workshop.evidence import Indicator, Share, listed
from rcs_core.workshop.reach_rates import Rate, policy

SERIES = "In contact with either service"
SPLITS = {"sex": "sex", "stage": "school stage", "simd_quintile": "deprivation fifth"}
"""What reach would be split by besides area, and its words."""
ORDER_NOTE = "Clusters stand by name: the order says nothing about them. What stands out is a reason to ask why, not a cause."
TEST_NOTE = (
    "A cluster is set against the pupils with this need in all other clusters. The test takes each pupil by itself: that pupils "
    "of one school are alike is not allowed for, so read a cluster that stands out as a question."
)
SENSITIVE = "This topic is sensitive, so it is told for the whole council area only: no clusters are shown."


@dataclass(frozen=True, slots=True)
class Place:
    """One cluster: the share of its pupils with need who are in contact, and whether it differs from the rest."""

    name: str
    rate: Rate
    p: float | None = None
    clear: bool = False
    rest_pct: float | None = None

    @property
    def says(self) -> str:
        """What the comparison says of it."""
        if self.rate.pct.value is None:
            return self.rate.pct.state.said
        if self.p is None or self.rest_pct is None:
            return "not compared"
        side = "more" if self.rate.pct.value > self.rest_pct else "less"
        return f"clearly {side} than the rest" if self.clear else "no clear difference"


@dataclass(frozen=True, slots=True)
class Fair:
    """Reach by cluster for one need, and by what else it cannot be told."""

    places: tuple[Place, ...]
    headline: str
    basis: str
    not_told: tuple[str, ...]

    @property
    def drawn(self) -> bool:
        """Whether two clusters at least may be shown."""
        return len(_shown(self.places)) > 1

    def points(self) -> pd.DataFrame:
        """The clusters as a chart draws them; a hidden one keeps its row and its mark."""
        rows = []
        for order, place in enumerate(self.places):
            pct = place.rate.pct
            low, high = place.rate.interval or (None, None) if pct.value is not None else (None, None)
            mark = "" if not place.clear else " ▲" if "more" in place.says else " ▼"
            label = place.name if pct.value is not None else f"{place.name} ({pct.state.said})"
            said = f"{pct.text()}%{mark}" if pct.value is not None else ""
            rows.append((label, order, SERIES, pct.value, low, high, said))
        return pd.DataFrame(rows, columns=["label", "order", "series", "pct", "low", "high", "said"])

    def frame(self) -> pd.DataFrame:
        """The clusters as a reader sees them."""
        columns = ("School cluster", "In contact", "With need", "%", "95% interval", "Against the rest")
        rows = [(p.name, p.rate.part.text(), p.rate.whole.text(), p.rate.pct.text(), p.rate.ends(), p.says) for p in self.places]
        return pd.DataFrame(rows, columns=list(columns))

    def words(self) -> str:
        """The picture in words, for those who cannot see it."""
        said = [
            f"{p.name} {p.rate.said} ({p.says})" if p.rate.pct.value is not None else f"{p.name} {p.says}" for p in self.places
        ]
        return f"{self.headline} By cluster: {'; '.join(said)}."


def fair(release: Release, survey: str, need: Indicator) -> Fair:
    """Reach by cluster, each against the rest of the area, with how many of the comparisons may be false."""
    not_told = tuple(_not_told(release, survey, need))
    if need.sensitive:
        return Fair((), SENSITIVE, "", not_told)
    places = _judged(_places(release, survey, need))
    if not places:
        why = "records are not linked" if not reach_counts.linked(release, survey) else "contact is not counted by cluster"
        return Fair((), f"Whether reach is fair between clusters cannot be told from this release: {why}.", "", not_told)
    return Fair(tuple(places), _headline(places), _basis(release, survey, need, places), not_told)


def _places(release: Release, survey: str, need: Indicator) -> list[Place]:
    table = f"{survey}_contact_cluster"
    found = evidence.shares(release, table, indicator=need.code)
    top = evidence.council(release).code
    either, whole = found.get((top, Contact.EITHER.value)), found.get((top, ALL))
    sampled = reach_counts.answered(release, survey, whole.base) if whole else 0.0
    counted, places = bool(supplied.source(release, survey, need.code)), []
    for area in evidence.areas(release, table):
        pair = [found.get((area.code, code)) for code in (Contact.EITHER.value, ALL)]
        if area.level is AreaLevel.CLUSTER and pair[0] is not None and pair[1] is not None:
            rate = _rate(pair[0].of_need(need), pair[1].of_need(need), sampled, counted)
            rest = _rest(either, whole, need, rate)
            places.append(Place(area.name, rate, *(_test(rate, rest) if rest else (None,))))
    return sorted(places, key=lambda p: p.name)


def _rate(with_: Share, whole: Share, sampled: float, counted: bool) -> Rate:
    part, of = with_.yes, whole.yes
    if part.value is None or not of.value:
        return Rate(part, of)
    ends = None if counted else reach_counts.share_interval(round(part.value), round(of.value), sampled)
    return Rate(part, of, ends, unsteady=not counted and of.value < policy("min_effective_n"))


def _rest(either: Share | None, whole: Share | None, need: Indicator, rate: Rate) -> tuple[float, float] | None:
    """In contact and with need outside a cluster, for its test alone; None where any of the counts is hidden."""
    if either is None or whole is None or rate.pct.value is None:
        return None
    parts = [either.of_need(need).yes.value, whole.of_need(need).yes.value]
    if parts[0] is None or parts[1] is None or rate.part.value is None or rate.whole.value is None:
        return None
    rest = parts[0] - rate.part.value, parts[1] - rate.whole.value
    return rest if rest[1] > 0 else None


def _test(rate: Rate, rest: tuple[float, float]) -> tuple[float, bool, float]:
    """The chance of so large a difference if there were none (two shares, pooled), and the share of the rest."""
    part, whole = rate.part.value or 0.0, rate.whole.value or 1.0
    pooled = (part + rest[0]) / (whole + rest[1])
    spread = sqrt(pooled * (1 - pooled) * (1 / whole + 1 / rest[1]))
    z = abs(part / whole - rest[0] / rest[1]) / spread if spread else 0.0
    return erfc(z / sqrt(2)), False, 100 * rest[0] / rest[1]


def _judged(places: list[Place]) -> list[Place]:
    """Each place with whether it stands out, so that few of those that do are false (Benjamini and Hochberg)."""
    tested = [p.p for p in places if p.p is not None]
    cut = threshold(tested, policy("false_discovery"))
    return [Place(p.name, p.rate, p.p, p.p is not None and p.p <= cut, p.rest_pct) for p in places]


def threshold(chances: list[float], share: float) -> float:
    """The largest chance that is still told as a difference, below nought where none is."""
    ordered = sorted(chances)
    return max((p for k, p in enumerate(ordered, 1) if p <= share * k / len(ordered)), default=-1.0)


def _shown(places: tuple[Place, ...] | list[Place]) -> list[Place]:
    return [p for p in places if p.rate.pct.value is not None]


def _headline(places: list[Place]) -> str:
    shown = sorted(_shown(places), key=lambda p: p.rate.pct.value or 0.0)
    if len(shown) < 2:
        return "Fewer than two clusters may be shown, so they cannot be compared."
    ends = " to ".join(f"{p.rate.pct.text()}% ({p.rate.exact()}) in {p.name}" for p in (shown[0], shown[-1]))
    out = [p.name for p in shown if p.clear]
    clear = f"{listed(out)} {'differs' if len(out) == 1 else 'differ'} clearly" if out else "none differs clearly"
    many = len(places) - len(shown)
    hidden = (
        f" {many} of {len(places)} clusters {'is' if many == 1 else 'are'} not shown ([c] hidden, [u] too few)." if many else ""
    )
    return f"Of pupils with this need, in contact with either service: from {ends}; {clear} from the rest of the area.{hidden}"


def _basis(release: Release, survey: str, need: Indicator, places: list[Place]) -> str:
    tests = sum(p.p is not None for p in places)
    false = f"{100 * policy('false_discovery'):.0f}%"
    source = supplied.source(release, survey, need.code) or f"{evidence.survey(release, survey).source}, linked, unweighted"
    how = f"{tests} comparisons; of those that stand out at most about {false} are expected to be false." if tests else ""
    return f"{how} Source: {source}.".strip()


def _not_told(release: Release, survey: str, need: Indicator) -> list[str]:
    """By what the release does not split contact, and where to look instead."""
    tables = [t for name, t in release.tables.items() if name.startswith(f"{survey}_contact")]
    there = {dim for table in tables for dim in table.dims}
    missing = [words for code, words in SPLITS.items() if code not in there]
    lines = []
    if missing:
        lines.append(
            f"Not by {_any(missing)}: this release does not cross contact with that, because a need, a contact and a group "
            "together leave few children in a cell. So it cannot say whether girls and boys, or the most and "
            "the least deprived, are reached alike."
        )
    if not need.sensitive and "area" in there and f"{survey}_contact_cluster" in release:
        lines.append(
            "Not by cluster for one service: clusters tell either service or neither, so that nobody can be singled out."
        )
    return lines


def _any(words: list[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
