"""Which places have a profile, and which of them stand in for a school that is too small to be told alone.

A school under the number of pupils of the release's specification is told together with others, or in its cluster only: its
profile is that of its cluster, and says so. So is that of a school of which no share may be shown.
"""

from rcs_core.release import Release
from rcs_core.specification import default, specifications
from rcs_core.vocab import AreaLevel
from rcs_core.workshop import evidence
from rcs_core.workshop.evidence import Area, SurveyInfo, text

ORDER = (AreaLevel.COUNCIL, AreaLevel.CLUSTER, AreaLevel.SCHOOL)


def places(release: Release, survey: str) -> list[Area]:
    """The places a profile of a survey can be asked for, in the order of the other views.

    They are those with figures, and the open schools that are told in their cluster: in a group of small schools, or in no
    figures of any survey. A survey of parents is told of the whole area only, so that is the one place it has.
    """
    info, told = evidence.survey(release, survey), evidence.areas(release, f"{survey}_area")
    if not info.of_pupils:
        return told
    inside = {name for group in told for name in with_members(group, info.wave)}
    elsewhere = {code for s in evidence.surveys(release) for code in _codes(release, s.code)}
    apart = elsewhere | evidence.closed(release) | _only_before(release)
    here, every = {a.code for a in told}, _all(release)
    small = {name for s in evidence.surveys(release) for group in every for name in with_members(group, s.wave)}
    open_ = [a for a in every if a.code in here or a.name in inside or not (a.members or a.code in apart or a.name in small)]
    clusters = {a.code: a.name for a in open_ if a.level is AreaLevel.CLUSTER}

    def key(area: Area) -> tuple[int, str, int, str]:
        cluster = area.name if area.level is AreaLevel.CLUSTER else clusters.get(area.parent, "")
        return (min(ORDER.index(area.level), 1), cluster, ORDER.index(area.level), area.name)

    return sorted(open_, key=key)


def stands_for(release: Release, info: SurveyInfo, area: Area) -> tuple[Area, str]:
    """The place whose figures are told for an area, and why it is another one; itself and nothing where it is told alone."""
    told = {a.code: a for a in evidence.areas(release, f"{info.code}_area")}
    if area.level is not AreaLevel.SCHOOL or (area.code in told and _any_shown(release, info.code, area)):
        return area, ""
    wider = told.get(area.parent) or evidence.council(release)
    kind = "its cluster" if wider.level is AreaLevel.CLUSTER else "the whole area"
    why = _why(release, info, area, told)
    return wider, f"{why} The picture of {kind}, {wider.name}, is shown instead."


def with_members(area: Area, wave: str) -> list[str]:
    """The schools that an area of small schools holds in a wave."""
    parts = (part.partition(": ") for part in area.members.split("; ") if part)
    return [name for when, _, names in parts if when == wave for name in names.split(", ")]


def small_school(release: Release) -> int | None:
    """Pupils under which this release never shows a school alone; None where a partnership's own list set it."""
    named = str(release.manifest.settings.get("specification") or default())
    found = specifications().get(named)
    return found.small_school if found else None


def _all(release: Release) -> list[Area]:
    frame = release.frame("areas")
    return [
        Area(str(r["area"]), text(r["name"]), AreaLevel(str(r["level"])), text(r["parent"]), text(r.get("members")))
        for r in frame.to_dict("records")
    ]


def _only_before(release: Release) -> set[str]:
    """Schools that were told, among small schools, in an earlier wave only."""
    groups = [a for a in _all(release) if a.members]
    surveys = evidence.surveys(release)
    now = {name for s in surveys for group in groups for name in with_members(group, s.wave)}
    told = {a.code for s in surveys for a in evidence.areas(release, f"{s.code}_area")}
    ever = {name for group in groups for part in group.members.split("; ") for name in part.partition(": ")[2].split(", ")}
    return {a.code for a in _all(release) if a.name in ever - now and a.code not in told}


def _any_shown(release: Release, survey: str, area: Area) -> bool:
    """Whether any share that may be told below the council is shown for a school."""
    open_ = {i.code for i in evidence.indicators(release, survey) if not i.sensitive}
    found = evidence.shares(release, f"{survey}_area", area=area.code)
    return any(share.shown for (code, *_), share in found.items() if code in open_)


def _why(release: Release, info: SurveyInfo, area: Area, told: dict[str, Area]) -> str:
    if area.code in told:
        return f"No share of {area.name} may be shown: each is hidden, {evidence.NO_CHILD}, or rests on too few answers."
    few = small_school(release)
    fewer = f"fewer than {few}" if few else "too few"
    for group in told.values():
        if area.name in with_members(group, info.wave):
            others = [name for name in with_members(group, info.wave) if name != area.name]
            return (
                f"{area.name} is not told alone. A school with {fewer} {info.children} on its roll is counted with the other "
                f"small schools of its cluster, or the next smallest: here with {evidence.listed(others)}, under “{group.name}”."
            )
    others = [s.children for s in evidence.surveys(release) if area.code in _codes(release, s.code)]
    if others:
        return f"This release has no figures of {info.children} at {area.name}; it has them of {evidence.listed(others)}."
    return (
        f"This release has no figures of {info.children} at {area.name}: it has {fewer} of them on its roll, or none, or did "
        "not take part."
    )


def _codes(release: Release, survey: str) -> set[str]:
    return {a.code for a in evidence.areas(release, f"{survey}_area")}
