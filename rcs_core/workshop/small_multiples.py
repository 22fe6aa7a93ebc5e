"""For whom is one question harder? Its share with need in every group that the release tells of, a small picture a way to group.

By cluster (in a cluster: by school), stage, sex, deprivation fifth, care and additional support: whatever the release has. All
small pictures share one scale; a hidden group keeps its row and says why; a way to group that is not told says why not.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import AreaLevel, Contact
from rcs_core.workshop import compare, evidence, profiles, told, unequal
from rcs_core.workshop.evidence import Area, Indicator, Share
from rcs_core.workshop.profiles import NO_SHARE, By, Profile

CARE, SUPPORT = "Care status", "Additional support for learning"
STEP = 10
"""The scale ends at a multiple of this many per cent."""
ABOVE_COUNCIL = f"Deprivation, care status and additional support are told for the whole council area only, {evidence.NO_CHILD}."
SENSITIVE = (
    "This is a sensitive topic: it is told for the whole council area only, never by cluster or school, so that no child can be "
    "singled out."
)
SHORT = {Contact.ADDITIONAL_SUPPORT.label: "With support", Contact.NO_ADDITIONAL_SUPPORT.label: "Without support"}
"""What its groups are called under the title of their picture."""
_CARED = {Contact.LOOKED_AFTER.label, Contact.NOT_LOOKED_AFTER.label}


@dataclass(frozen=True, slots=True)
class Panel:
    """One small picture: its title, its groups as a profile, and the whole that they are read beside."""

    title: str
    profile: Profile
    whole: Share

    def points(self) -> pd.DataFrame:
        """The groups as a chart draws them: label, order, pct, low, high, said, says, and the whole's share in every row."""
        own = self.profile.points()
        own = own[own["series"] == self.profile.here].drop(columns="series")
        rows = self.profile.rows
        labels = [f"{row.label} {row.here.pct.state.mark}".strip() for row in rows]
        whole = self.whole.pct.value if self.whole.shown else None
        return own.assign(label=labels, whole=whole, says=[_says(row.here) for row in rows])

    def hidden(self) -> str:
        """How many of its groups are not shown, and why; blank where all are."""
        states = [state for row in self.profile.rows if (state := told.unshown(row.here))]
        if not states:
            return ""
        whys = evidence.listed(dict.fromkeys(evidence.why(s) for s in states))
        return f"{len(states)} of {len(self.profile.rows)} not shown: {whys}."


@dataclass(frozen=True, slots=True)
class Panels:
    """One question in a place, by every way to group: its sentence, the pictures, and what is not told and why.

    top: where the shared scale ends (per cent); called: what was tested and is called; notes: how to read it.
    """

    headline: str
    basis: str
    panels: tuple[Panel, ...]
    top: int
    called: tuple[str, ...]
    notes: tuple[str, ...]


def panels(release: Release, survey: str, indicator: Indicator, area: Area) -> Panels:
    """The small pictures of one question in a place; none where it is not broken down there."""
    info = evidence.survey(release, survey)
    offered = [by for by in profiles.breakdowns(release, survey, indicator.code, area) if _fits(by, area)]
    found = {by: profiles.breakdown(release, survey, indicator.code, by, area) for by in offered}
    whole = next((p.rows[0].beside for p in found.values()), NO_SHARE)
    drawn = tuple(panel for by, profile in found.items() for panel in _panels(by, profile, whole))
    share = f"{whole.pct.text()}% ({whole.yes.text()} of {whole.base.text()})" if whole.shown else told.not_shown("", whole)[0]
    within = f"; 95% interval {whole.interval()}" if whole.shown else ""
    return Panels(
        headline=f"{indicator.need}, {info.children} in {area.name}: {share}.",
        basis=f"Weighted share{within}. The line in each picture is all of {area.name}. Source: {info.source}.",
        panels=drawn,
        top=_top([row.here for p in drawn for row in p.profile.rows]),
        called=tuple(_called(release, survey, indicator, area)),
        notes=tuple(dict.fromkeys([*_untold(drawn, indicator, area), *(n for p in found.values() for n in p.notes)])),
    )


def _fits(by: By, area: Area) -> bool:
    """Whether a way to group stays small: the schools of a cluster do, those of a whole area do not."""
    return by is not By.SCHOOL or area.level is AreaLevel.CLUSTER


def _panels(by: By, profile: Profile, whole: Share) -> list[Panel]:
    if by is not By.CARE:
        return [Panel(by.label, profile, whole)]
    cared = tuple(r for r in profile.rows if r.label in _CARED)
    others = tuple(r for r in profile.rows if r.label not in _CARED)
    both = [(CARE, cared), (SUPPORT, others)]
    named = [(title, tuple(replace(r, label=SHORT.get(r.label, r.label)) for r in rows)) for title, rows in both if rows]
    return [Panel(title, replace(profile, rows=rows, row_title=title, here=title), whole) for title, rows in named]


def _top(shares: list[Share]) -> int:
    """Where the shared scale ends: the next whole step above the longest interval, at most 100."""
    ends = [s.high if s.high is not None else s.pct.value or 0.0 for s in shares if s.shown]
    return min(100, STEP * (int(max(ends, default=0) // STEP) + 1))


def _says(share: Share) -> str:
    if not share.shown:
        return f"not shown: {evidence.why(share.pct.state)}"
    return f"{share.pct.text()}% ({share.interval()}), {share.yes.text()} of {share.base.text()}"


def _called(release: Release, survey: str, indicator: Indicator, area: Area) -> list[str]:
    """The verdicts of the build on this question: clusters against the rest, the ends of deprivation; of the whole area only."""
    if area.level is not AreaLevel.COUNCIL:
        return []
    views: tuple[tuple[Callable[[Release, str], list[Indicator]], Callable[[], str]], ...] = (
        (compare.asked, lambda: compare.one(release, survey, indicator).headline),
        (unequal.asked, lambda: unequal.one(release, survey, indicator).headline),
    )
    return [headline() for asked, headline in views if indicator in asked(release, survey)]


def _untold(drawn: tuple[Panel, ...], indicator: Indicator, area: Area) -> list[str]:
    """What is not drawn, and why."""
    if indicator.sensitive:
        return [SENSITIVE]
    if area.level is not AreaLevel.COUNCIL:
        return [ABOVE_COUNCIL]
    wanted = [By.CLUSTER.label, By.STAGE.label, By.SEX.label, By.SIMD.label, CARE, SUPPORT]
    missing = [title for title in wanted if title not in {p.title for p in drawn}]
    return [f"This release has no figures of this question by: {evidence.listed(missing)}."] if missing else []
