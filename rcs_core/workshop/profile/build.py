"""The profile of a place from a release: who is asked for, who is told instead, and the two pages in their order."""

from rcs_core.release import Release
from rcs_core.vocab import AreaLevel
from rcs_core.workshop import evidence, spine
from rcs_core.workshop.evidence import Area, SurveyInfo
from rcs_core.workshop.profile.first import Asked, page_one
from rcs_core.workshop.profile.parts import Profile
from rcs_core.workshop.profile.places import stands_for
from rcs_core.workshop.profile.second import page_two


def profile(release: Release, survey: str, area: Area) -> Profile:
    """The profile of a place for a survey; a school that is not told alone has that of its cluster, and it says so."""
    info, council = evidence.survey(release, survey), evidence.council(release)
    place, instead = stands_for(release, info, area)
    cluster = _cluster(release, info, place)
    theirs = evidence.shares(release, f"{survey}_area", area=cluster.code) if cluster else {}
    shares = {code: share for (code,), share in theirs.items()}
    asked = Asked(release, info, place, council, spine.spine(release, survey, place), cluster, shares)
    first = page_one(asked)
    told = f"{area.name}, told by {place.name}" if instead else place.name
    return Profile(
        title=f"{told}: {info.children}, {info.wave}",
        asked=area.name,
        place=place.name,
        level=place.level,
        whom=info.title,
        wave=info.wave,
        beside=_beside(asked),
        instead=instead,
        sections=(*first, *page_two(asked, first)),
        source=_source(release, info),
    )


def _cluster(release: Release, info: SurveyInfo, area: Area) -> Area | None:
    if area.level is not AreaLevel.SCHOOL:
        return None
    return next((a for a in evidence.areas(release, f"{info.code}_area") if a.code == area.parent), None)


def _beside(asked: Asked) -> str:
    if asked.cluster is not None:
        return f"Compared with {asked.council.name} as a whole, and with its cluster, {asked.cluster.name}."
    if asked.centred:
        return f"Compared with {asked.council.name} as a whole."
    earlier = f" with {asked.found.earlier}" if asked.found.earlier else ""
    published = next((m.published for m in asked.found.marks if m.published), None)
    theirs = f"{' and' if earlier else ''} with {published.place}" if published else ""
    return f"Compared{earlier}{theirs}." if earlier or theirs else "This release has nothing to compare the whole area with."


def _source(release: Release, info: SurveyInfo) -> str:
    about = release.manifest
    invented = " Fictional data." if about.fictional else ""
    return (
        f"Source: {info.source}. {about.partnership}, {about.year}; release {release.id}, built {about.built_at[:10]}, code "
        f"{about.code_version}; no figure for fewer than {about.min_cell} children.{invented}"
    )
