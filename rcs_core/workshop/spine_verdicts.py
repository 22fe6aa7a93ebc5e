"""What the build says of each question in one place: against the rest of the area, against a school's limits, or since before.

Only verdicts of the release are read, with the note on how many comparisons were made. Where it holds none, each question
is described and not called anything.
"""

from dataclasses import dataclass, field

from rcs_core.release import Release
from rcs_core.vocab import AreaLevel, Domain
from rcs_core.workshop import change, compare, evidence, funnel, told
from rcs_core.workshop.change import Pair
from rcs_core.workshop.evidence import Area, Indicator, Share, SurveyInfo, number, text
from rcs_core.workshop.told import Kind, Told

DESCRIBED = "described, not tested"
PLAIN = ("More need", "Less need", "No clear difference")
OUTSIDE = {"above": Kind.MORE, "below": Kind.LESS, "within": Kind.SAME}
BY_CHANCE = (
    "A school is called only outside its 99.8% limits, which are widened for how much schools differ anyway; about 1 in 500 "
    "falls outside by chance alone."
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one question: more, less or the same need, or nothing; `size` the points, where they are told."""

    kind: Kind
    says: str
    size: float | None = None


NOTHING = Verdict(Kind.UNTOLD, DESCRIBED)


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdicts of a place by question, what they are against, and how many comparisons they allow for.

    against: as it stands in a sentence; not_comparable: questions whose earlier figures must not stand beside today's.
    """

    against: str
    names: tuple[str, str, str]
    allowed: str
    earlier: str
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    not_comparable: frozenset[str] = frozenset()

    def of(self, asked: Indicator) -> Verdict:
        """What is said of a question."""
        return self.verdicts.get(asked.code, NOTHING)


@dataclass(frozen=True, slots=True)
class Published:
    """Somebody's published figure of the same question and ages, from the side of need."""

    place: str
    year: str
    pct: float
    source: str

    def said(self) -> str:
        """Place, year and figure."""
        return f"{self.place} {self.year}: {self.pct:.0f}%"


@dataclass(frozen=True, slots=True)
class Mark:
    """One question: its share here, beside what it is set, before, between which clusters, and what the build says of it."""

    indicator: Indicator
    domain: Domain
    here: Share
    whole: Share
    published: Published | None
    before: Share
    clusters: tuple[float, ...]
    verdict: Verdict

    @property
    def stands_out(self) -> bool:
        """Whether the build called it, after allowing for how many were looked at."""
        return self.verdict.kind in (Kind.MORE, Kind.LESS)


def judged(release: Release, info: SurveyInfo, area: Area) -> Judged:
    """The verdicts that the release holds for a place: a cluster's, a school's, or the whole area's since the wave before."""
    pair = next((p for p in change.pairs(release, info.code) if p.is_latest), None)
    earlier = pair.before if pair else ""
    unlike = _not_comparable(release, info.code, pair, area)
    if area.level is AreaLevel.CLUSTER and compare.asked(release, info.code):
        found = compare.every(release, info.code)
        verdicts = _by_question(release, info.code, found, area.name)
        return Judged("the rest of the area", compare.NAMES, _first(found.basis), earlier, verdicts, unlike)
    if area.level is AreaLevel.SCHOOL and (outside := _of_school(release, info, area)):
        names = (funnel.ABOVE, funnel.BELOW, funnel.WITHIN)
        return Judged("its outer limits around the whole area", names, BY_CHANCE, earlier, outside, unlike)
    if area.level is AreaLevel.COUNCIL and pair:
        found = change.by_question(release, info.code, pair, area)
        verdicts = _by_question(release, info.code, found, area.name)
        names = (f"More need than in {earlier}", f"Less need than in {earlier}", "No clear change")
        return Judged(earlier, names, _first(found.basis), earlier, verdicts, unlike)
    return Judged("", PLAIN, "", earlier, {}, unlike)


def _by_question(release: Release, survey: str, found: Told, place: str) -> dict[str, Verdict]:
    codes = {i.label: i.code for i in evidence.indicators(release, survey)}
    return {codes[n.label]: Verdict(n.kind, n.says, n.value) for n in found.lines if n.place == place and n.label in codes}


def _of_school(release: Release, info: SurveyInfo, area: Area) -> dict[str, Verdict]:
    """The verdicts of a school's funnels; a group of small schools is in none."""
    found = {}
    asked = {i.code for i in funnel.asked(release, info.code)} if not area.members else set()
    for row in told.rows_of(release, "funnel", info.code, wave=info.wave, area=area.code):
        if text(row["indicator"]) not in asked:
            continue
        kind = OUTSIDE.get(text(row["verdict"]), Kind.UNTOLD)
        low, high = number(row["low_998"]) or 0.0, number(row["high_998"]) or 0.0
        limits = f"{low:.0f}% to {high:.0f}%"
        side = {Kind.MORE: "more need: above", Kind.LESS: "less need: below"}.get(kind, "within")
        found[text(row["indicator"])] = Verdict(kind, f"{side} its outer limits ({limits})")
    return found


def _not_comparable(release: Release, survey: str, pair: Pair | None, area: Area) -> frozenset[str]:
    if pair is None:
        return frozenset()
    rows = told.rows_of(release, "changes", survey, wave_from=pair.before, wave_to=pair.now, verdict="not_comparable")
    place = change.wider(release, survey, area).code
    return frozenset(text(r["indicator"]) for r in rows if text(r["area"]) in (place, evidence.council(release).code))


def _first(basis: str) -> str:
    """How many comparisons were made, without the source that the page names elsewhere."""
    return basis.partition(" Source:")[0] if not basis.startswith("Source:") else ""
