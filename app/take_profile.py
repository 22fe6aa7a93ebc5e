"""Profiles of places and the method annex, to take away: docx, pdf where LibreOffice is present, many places at once."""

from functools import partial

from app import leaving, take_papers
from rcs_core.release import Release
from rcs_core.stamp import Stamp
from rcs_core.vocab import AreaLevel
from rcs_core.workshop.evidence import SurveyInfo
from rcs_core.workshop.papers import profile_paper
from rcs_core.workshop.papers.method_annex import SUBJECT, method_annex
from rcs_core.workshop.profile import Profile

ABOUT = "The two pages above as a document, with its pictures. Pictures are described in words for those who cannot see them."
ANNEX = "How the figures of this release were worked out and kept safe, what they rest on, and the words that are used."


def offer(release: Release, found: Profile, survey: SurveyInfo) -> None:
    """The profile on the screen; and of a survey of several places, that of the whole area and every cluster in one file."""
    stamp = leaving.stamp(release)
    compose = partial(profile_paper.profile_paper, found, stamp)
    take_papers.offer("profile", profile_paper.subject(found), compose, stamp, "take-profile", ABOUT)
    if found.level is AreaLevel.COUNCIL and survey.of_pupils:
        make = partial(_together, release, survey.code, stamp)
        subject = f"profiles of the whole area and its clusters {survey.title}"
        leaving.button("Download this and every cluster's (zip)", subject, "zip", make, stamp, "take-profiles")


def annex(release: Release) -> None:
    """The method annex of the release."""
    stamp = leaving.stamp(release)
    take_papers.offer("method annex", SUBJECT, partial(method_annex, release, stamp), stamp, "take-method", ANNEX)


def _together(release: Release, survey: str, stamp: Stamp) -> bytes:
    """The documents of the larger places in one file."""
    return profile_paper.together(release, survey, profile_paper.wanted(release, survey, profile_paper.LARGER), stamp)
