"""What an indicator is in a release: the share with need in the whole area, its base and when it was asked.

Read from its own cell, so what the release hides stays hidden. Only the whole area: a plan is the partnership's.
"""

from dataclasses import dataclass

from rcs_core.release import Release
from rcs_core.workshop import evidence
from rcs_core.workshop.evidence import Indicator, Share, SurveyInfo
from rcs_core.workshop.profiles import NO_SHARE

type Key = tuple[str, str]
"""A survey and a question of it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator in one release."""

    indicator: Indicator
    survey: SurveyInfo
    share: Share
    release_id: str

    @property
    def shown(self) -> bool:
        """Whether it may be read."""
        return self.share.shown

    @property
    def text(self) -> str:
        """The share in words, or why it is not shown: 27%, hidden [c]."""
        return f"{self.share.pct.text()}%" if self.shown else self.share.pct.state.said or "not shown"

    @property
    def base(self) -> str:
        """Of how many it is a share."""
        return f"{self.share.base.text()} {'answers' if self.share.base.value is not None else ''}".strip()

    @property
    def told(self) -> str:
        """The share with its interval, base, year and release."""
        between = f" ({self.share.interval()})" if self.shown and self.share.interval() else ""
        return f"{self.text}{between} of {self.base}, {self.survey.wave or 'year not told'}, release {self.release_id}"


def figure(release: Release, key: Key) -> Figure | None:
    """An indicator in the current wave of a release; None where the release does not have it."""
    survey, code = key
    if f"{survey}_area" not in release or survey not in {s.code for s in evidence.surveys(release)}:
        return None
    found = next((i for i in evidence.indicators(release, survey) if i.code == code), None)
    if found is None:
        return None
    place = evidence.council(release).code
    share = evidence.shares(release, f"{survey}_area", indicator=code, area=place).get((), NO_SHARE)
    return Figure(found, evidence.survey(release, survey), share.of_need(found), release.id)


def choices(release: Release) -> dict[Key, str]:
    """Every indicator of a release that a plan may be tied to, and what it is called."""
    found = {}
    for survey in evidence.surveys(release):
        for one in evidence.indicators(release, survey.code):
            found[survey.code, one.code] = f"{one.label} ({survey.title})"
    return found


def named(release: Release, key: Key) -> str:
    """What an indicator is called, or its codes where the release does not have it."""
    return choices(release).get(key, f"{key[1]} ({key[0]}), not in this release")
