"""The sentences of the summary of a place: what is most common, what stands out, where the gap is widest, and each domain's."""

from collections.abc import Sequence
from itertools import groupby

from rcs_core.release import Release
from rcs_core.vocab import AreaLevel
from rcs_core.workshop import change, evidence, profiles, told, unequal
from rcs_core.workshop.evidence import Area, SurveyInfo
from rcs_core.workshop.spine_verdicts import DESCRIBED, Judged, Mark
from rcs_core.workshop.told import Kind

ORDER_NOTE = (
    "Domains stand in this order: those where most stands out with more need, then those with the most common need. It is a way "
    "to read, not a score."
)
BAND_NOTE = "The pale bar holds the clusters whose share is shown; it says how far they are apart, and ranks none."
NOTHING_BESIDE = (
    "Nothing is called more or less than it should be: this release holds neither a published figure of the same question nor "
    "an earlier wave to set it beside."
)


def most_common(marks: Sequence[Mark], info: SurveyInfo, area: Area, council: Area) -> str:
    """The need that most children have, of those whose definition was checked; or why none can be told."""
    shown = [m for m in marks if m.here.shown]
    if not shown:
        wider = "its cluster" if area.level is AreaLevel.SCHOOL else "the council area"
        return (
            f"No share can be shown for {area.name}: it could single out children, or rests on too few answers. "
            f"Choose {wider} instead."
        )
    lead = [m for m in shown if m.indicator.verified]
    if not lead:
        return f"No question leads for {area.name}: the definitions of those shown were not checked against their source."
    top = max(lead, key=lambda m: m.here.pct.value or 0.0)
    whole = f"; {top.whole.pct.text()}% in {council.name}" if area.level is not AreaLevel.COUNCIL and top.whole.shown else ""
    return (
        f"The most common need among {info.children} in {area.name} is {top.indicator.need}: {top.here.pct.text()}% "
        f"({top.here.yes.text()} of {top.here.base.text()} who answered{whole})."
    )


def standing_out(marks: Sequence[Mark], ruled: Judged, area: Area, council: Area) -> str:
    """What stands out against what the place is set beside, by the verdicts of the release."""
    seen = [m for m in marks if m.verdict.kind is not Kind.UNTOLD]
    beside = _beside_published(marks, area)
    if not seen:
        if area.level is AreaLevel.COUNCIL:
            return beside or NOTHING_BESIDE
        return f"Nothing is called different from {council.name} as a whole: the figures are {DESCRIBED}."
    told_ = _called(marks, len(seen), ruled, area)
    return f"{told_} {beside}".strip()


def _called(marks: Sequence[Mark], seen: int, ruled: Judged, area: Area) -> str:
    since = area.level is AreaLevel.COUNCIL
    against = f"Since {ruled.against}" if since else f"Against {ruled.against}"
    parts = []
    for kind, word in ((Kind.MORE, "more need"), (Kind.LESS, "less need")):
        found = sorted((m for m in marks if m.verdict.kind is kind), key=lambda m: -abs(m.verdict.size or 0.0))
        if found:
            first = found[0]
            lead = ", most on " if len(found) > 1 and first.verdict.size is not None else ": "
            which = f"{lead}{first.indicator.need} ({first.verdict.says})"
            parts.append(f"{len(found)} of {seen} questions stand{'s' if len(found) == 1 else ''} out with {word}{which}")
    if not parts:
        return f"{against}, none of {seen} questions {'has clearly changed' if since else 'stands out'}."
    return f"{against}, {'; '.join(parts)}."


def _beside_published(marks: Sequence[Mark], area: Area) -> str:
    """The published figure that is furthest from ours: described, as nothing tests the two against each other."""
    both = [(m, m.published, m.here.pct.value) for m in marks if m.published and m.here.shown and m.here.pct.value is not None]
    if not both:
        return ""
    mark, theirs, ours = max(both, key=lambda found: abs(found[2] - found[1].pct))
    return (
        f"Beside what is published, {area.name} is furthest on {mark.indicator.need}: {ours:.0f}%, against {theirs.pct:.0f}% in "
        f"{theirs.place} ({theirs.year}); {DESCRIBED}."
    )


def widest(release: Release, survey: str, area: Area, council: Area) -> str:
    """Where the gap between the most and the least deprived fifth is widest; of the whole council area only."""
    said = _widest(unequal.every(release, survey).rows) if unequal.asked(release, survey) else profiles.steepest(release, survey)
    if not said:
        return "How far deprivation fifths are apart cannot be told: the release has no such figures of this survey."
    return said if area.level is AreaLevel.COUNCIL else f"In {council.name} as a whole: {said[:1].lower()}{said[1:]}"


def _widest(rows: Sequence[unequal.Fairness]) -> str:
    """On how many questions the two end fifths are clearly apart, on which most, and how many cannot be told."""
    shown = [r for r in rows if r.figure("gap").value is not None]
    between = "between the most and the least deprived fifth"
    if not shown:
        return f"No gap {between} can be shown: a fifth is hidden [c], {evidence.NO_CHILD}, or too few answered [u]."
    clear = [r for r in shown if r.figure("gap").is_clear]
    rest = f" {len(rows) - len(shown)} more cannot be shown." if len(shown) < len(rows) else ""
    if not clear:
        return f"On none of {len(shown)} questions is there a clear gap {between}.{rest}"
    row = max(clear, key=lambda r: abs(r.figure("gap").value or 0.0))
    gap = row.figure("gap")
    value = gap.value or 0.0
    ends = f"{row.most.pct.text()}% against {row.least.pct.text()}%, " if row.most.shown and row.least.shown else ""
    less = "" if value > 0 else " less need where deprivation is greater"
    return (
        f"The gap {between} is clear on {len(clear)} of {len(shown)} questions and widest on {row.indicator.need}: {ends}"
        f"{told.points(value)}{less} ({told.size(gap.low, gap.high, value)}).{rest}"
    )


def basis(marks: Sequence[Mark], info: SurveyInfo) -> str:
    """What the leading share rests on."""
    lead = [m for m in marks if m.here.shown and m.indicator.verified]
    these = ", for these children this year" if info.of_pupils else ", as a sample was asked"
    top = max(lead, key=lambda m: m.here.pct.value or 0.0, default=None)
    within = f"; 95% interval {top.here.interval()}{these}" if top else ""
    return f"Weighted share{within}. Source: {info.source}."


def domains(marks: Sequence[Mark], whole: str) -> tuple[str, ...]:
    """One sentence a domain, in the order of the picture; whole: the name of what the place is set beside, or blank."""
    groups = [(domain, list(found)) for domain, found in groupby(marks, key=lambda m: m.domain)]
    return tuple(f"**{domain.label}**: {_domain(found, whole)}" for domain, found in groups)


def _domain(marks: list[Mark], whole: str) -> str:
    shown = [m for m in marks if m.here.shown]
    if not shown:
        states = dict.fromkeys(evidence.why(m.here.pct.state) for m in marks)
        return f"not shown: {evidence.listed(states)}."
    top = max(shown, key=lambda m: m.here.pct.value or 0.0)
    beside = f" ({top.whole.pct.text()}% in {whole})" if whole and top.whole.shown else ""
    many = f", most common of {len(marks)} questions" if len(marks) > 1 else ""
    said = f"{top.indicator.need}, {top.here.pct.text()}%{beside}{many}"
    more, less = (sum(m.verdict.kind is kind for m in marks) for kind in (Kind.MORE, Kind.LESS))
    seen = sum(m.verdict.kind is not Kind.UNTOLD for m in marks)
    calls = [f"{n} stand{'s' if n == 1 else ''} out with {word}" for n, word in ((more, "more need"), (less, "less need")) if n]
    called = f"; {evidence.listed(calls)}" if calls else "; none stands out" if seen else ""
    hidden = f"; {len(marks) - len(shown)} not shown" if len(shown) < len(marks) else ""
    return f"{said}{called}{hidden}."


def tip(mark: Mark, whole: str, earlier: str) -> str:
    """One question in words: its share, what it stands beside (whole: its name, or blank), and what the build says of it."""
    if not mark.here.shown:
        return f"not shown: {evidence.why(mark.here.pct.state)}"
    said = [f"{mark.here.pct.text()}% ({mark.here.interval()})"]
    said += [f"{mark.whole.pct.text()}% in {whole}"] if whole else []
    said += [mark.published.said()] if mark.published else []
    said += [f"{mark.before.pct.text()}% in {earlier}"] if mark.before.shown else []
    said += [mark.verdict.says] if mark.verdict.says != DESCRIBED else []
    return ", ".join(said)


def notes(release: Release, info: SurveyInfo, area: Area, marks: Sequence[Mark], ruled: Judged) -> tuple[str, ...]:
    """What stands beside the picture: how it is ordered, what an interval is, what is hidden, sensitive or not comparable."""
    titles = [m.indicator.title for m in marks if m.indicator.code in ruled.not_comparable]
    unlike = f"No tick of {ruled.earlier}, as it is not comparable: {evidence.listed(titles)}." if titles else ""
    sources = dict.fromkeys(m.published.source for m in marks if m.published)
    found = (
        ORDER_NOTE,
        BAND_NOTE if any(len(m.clusters) > 1 for m in marks) else "",
        unlike,
        f"Published figures: {'; '.join(sources)}." if sources else "",
        *profiles.summary_notes(release, info, area, [m.here for m in marks]),
        change.no_earlier_wave(release, info),
    )
    return tuple(note for note in found if note)
