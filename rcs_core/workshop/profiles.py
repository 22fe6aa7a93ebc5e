"""How children are doing: every indicator of a survey for one area beside the council, or one indicator by group.

A release comes in, view objects come out: rows of shares with need, a headline, and the notes that must stand beside
them. Every share is of the answer that means need, so that higher is always more need. The
intervals describe these children in this year, so a gap is described and never called a finding. Primary and secondary
were asked in different surveys and are never set against each other.
"""

from dataclasses import dataclass

import pandas as pd

from rcs_core.release import ALL, Release
from rcs_core.vocab import AreaLevel, CellState, Contact, Label, Sex, SimdQuintile, Stage
from rcs_core.workshop import evidence
from rcs_core.workshop.evidence import Area, Indicator, Share, SurveyInfo, listed

INTERVAL_NOTE = (
    "Shares are weighted to all children of the age asked. The 95% interval is about these children this year: how far a figure "
    "may lie from that of everyone asked. A gap between two groups is described here, not tested; do not rank areas on it."
)
SAMPLE_NOTE = (
    "Shares are weighted to all families. The 95% interval says how far a figure may lie from that of all families, as only a "
    "sample of them was asked. A gap between two groups is described here, not tested."
)
HIDDEN_NOTE = (
    "Some figures are hidden [c] so that no child can be singled out: they count too few children, or would give away one that "
    "does. Nothing on this page is worked out from what is hidden."
)
UNRELIABLE_NOTE = "Some shares are not shown [u] because too few children answered for them to be reliable."
_CARE_NOTE = (
    "Looked after by the council, and additional support for learning, are two ways to part the same children: a child can be in "
    "both. The whole council area only, so that no child can be singled out."
)
NO_SHARE = evidence.share({})
NOT_KNOWN = frozenset({Sex.NOT_KNOWN.label, SimdQuintile.NOT_KNOWN.label})
"""Rows that stand in a table, but are no group of children to set against another."""


class By(Label):
    """The groups that one indicator can be broken down by."""

    CLUSTER = "cluster", "School cluster"
    SCHOOL = "school", "School"
    STAGE = "stage", "Stage"
    SEX = "sex", "Sex"
    SIMD = "simd_quintile", "Deprivation (SIMD fifth)"
    CARE = "contact", "Care and additional support"


_TABLE = {By.CLUSTER: "area", By.SCHOOL: "area", By.STAGE: "stage", By.SEX: "area_sex", By.SIMD: "simd", By.CARE: "care"}
_ORDER: dict[By, type[Label]] = {By.STAGE: Stage, By.SEX: Sex, By.SIMD: SimdQuintile, By.CARE: Contact}

_PLACES = {By.CLUSTER: "school clusters", By.SCHOOL: "schools"}
"""Places: their spread is told, not which is at its ends."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a profile: its name, its own share, and the one to read it beside."""

    label: str
    here: Share
    beside: Share


@dataclass(frozen=True, slots=True)
class Profile:
    """What a page shows: rows, the sentence that leads them, what it rests on, and the notes beside it.

    here and beside name the two series; `beside` is blank when the area is the council itself, and it is the whole
    area, as a last line of its own, in a breakdown.
    """

    rows: tuple[Row, ...]
    row_title: str
    here: str
    beside: str
    by_group: bool
    headline: str
    basis: str
    notes: tuple[str, ...]
    left_out: tuple[str, ...]

    def frame(self) -> pd.DataFrame:
        """The rows as a reader sees them: numbers, or the mark that stands for them."""
        if self.by_group:
            lines = [(r.label, r.here) for r in self.rows] + [(self.beside, r.beside) for r in self.rows[:1]]
            return pd.DataFrame([{self.row_title: label, **_columns(share)} for label, share in lines])
        rows = [{self.row_title: r.label, **_columns(r.here), **self._beside(r)} for r in self.rows]
        return pd.DataFrame(rows)

    def _beside(self, row: Row) -> dict[str, str]:
        if not self.beside:
            return {}
        return {f"{self.beside}: % with need": row.beside.pct.text(), f"{self.beside}: 95% interval": row.beside.interval()}

    def points(self) -> pd.DataFrame:
        """The rows as a chart draws them: one line a row and series, blank (with its mark in the label) where hidden."""
        rows = []
        for order, row in enumerate(self.rows):
            label = row.label if row.here.shown else f"{row.label} ({row.here.pct.state.said})"
            for series, share in ((self.here, row.here), (self.beside, row.beside)):
                if series:
                    value = share.pct.value if share.shown else None
                    said = f"{share.pct.text()}%" if share.shown and series == self.here else ""
                    rows.append((label, order, series, value, share.low, share.high, said))
        return pd.DataFrame(rows, columns=["label", "order", "series", "pct", "low", "high", "said"])

    def words(self) -> str:
        """The picture in words, for those who cannot see it."""
        said = [f"{r.label} {f'{r.here.pct.text()}%' if r.here.shown else r.here.pct.state.said}" for r in self.rows]
        return f"Share of children with need by {self.row_title.lower()}, with 95% intervals: {'; '.join(said)}."


def _columns(share: Share) -> dict[str, str]:
    names = ("% with need", "95% interval", "With need", "Answered")
    return dict(zip(names, (share.pct.text(), share.interval(), share.yes.text(), share.base.text()), strict=True))


def areas(release: Release, survey: str) -> list[Area]:
    """The areas a survey has results for."""
    return evidence.areas(release, f"{survey}_area")


def indicators(release: Release, survey: str, area: Area) -> list[Indicator]:
    """The indicators of a survey that may be shown for an area: sensitive topics stay at council level."""
    return [i for i in evidence.indicators(release, survey) if area.level is AreaLevel.COUNCIL or not i.sensitive]


def summary(release: Release, survey: str, area: Area) -> Profile:
    """Every indicator of a survey for one area beside the council area, most need first."""
    info, council = evidence.survey(release, survey), evidence.council(release)
    ours, theirs = (evidence.shares(release, f"{survey}_area", area=a.code) for a in (area, council))
    asked = indicators(release, survey, area)
    rows = [(i, Row(i.label, *(found.get((i.code,), NO_SHARE).of_need(i) for found in (ours, theirs)))) for i in asked]
    rows.sort(key=lambda pair: _most_first(pair[1].label, pair[1].here))
    headline, basis = _summary_headline(rows, info, area, council)
    notes = summary_notes(release, info, area, [row.here for _, row in rows])
    return Profile(
        rows=tuple(r for _, r in rows),
        row_title="Indicator",
        here=area.name,
        beside="" if area.level is AreaLevel.COUNCIL else council.name,
        by_group=False,
        headline=headline,
        basis=basis,
        notes=tuple(notes),
        left_out=tuple(evidence.not_in_picture(release, survey)),
    )


def summary_notes(release: Release, info: SurveyInfo, area: Area, shares: list[Share]) -> list[str]:
    """The notes beside every question of a survey in an area: intervals, what is hidden and why, what was not asked."""
    notes = [*_notes(info, shares), *_sensitive_note(release, info.code, area), *_together(area)]
    return [*notes, _asked_note(release, info)]


def _summary_headline(rows: list[tuple[Indicator, Row]], info: SurveyInfo, area: Area, council: Area) -> tuple[str, str]:
    shown = [(i, r) for i, r in rows if r.here.shown]
    if not shown:
        wider = "its cluster" if area.level is AreaLevel.SCHOOL else "the council area"
        return (
            f"No share can be shown for {area.name}: it could single out children, or rests on too few answers.",
            f"Choose {wider} instead: the same questions may be shown there.",
        )
    lead = [(i, r) for i, r in shown if i.verified]
    if not lead:
        return f"No question leads for {area.name}: the definitions of those shown were not checked against their source.", ""
    both = [(i, r) for i, r in lead if r.beside.shown]
    if area.level is AreaLevel.COUNCIL or not both:
        return _most_common_need(*lead[0], info, area)
    i, row = max(both, key=lambda pair: abs((pair[1].here.pct.value or 0) - (pair[1].beside.pct.value or 0)))
    basis = _basis(info, row.here.interval())
    if row.here.pct == row.beside.pct:
        return f"On every question shown, {area.name} has the same share as {council.name} as a whole.", basis
    return (
        f"{area.name} is furthest from {council.name} as a whole on {i.need}: {row.here.pct.text()}% of {info.children} "
        f"({row.here.yes.text()} of {row.here.base.text()}), against {row.beside.pct.text()}%.",
        basis,
    )


def _most_common_need(i: Indicator, row: Row, info: SurveyInfo, area: Area) -> tuple[str, str]:
    share = f"{row.here.pct.text()}% ({row.here.yes.text()} of {row.here.base.text()} who answered)"
    return f"The most common need among {info.children} in {area.name} is {i.need}: {share}.", _basis(info, row.here.interval())


def _most_first(label: str, share: Share) -> tuple[float, str]:
    return (-share.pct.value if share.shown and share.pct.value is not None else 1.0, label)


def _basis(info: SurveyInfo, interval: str) -> str:
    these = ", for these children this year" if info.of_pupils else ", as a sample was asked"
    within = f"; 95% interval {interval}{these}" if interval else ""
    return f"Weighted share{within}. Source: {info.source}."


def steepest(release: Release, survey: str) -> str:
    """The question on which the most and the least deprived fifth are furthest apart, or blank where none may be shown."""
    info, council = evidence.survey(release, survey), evidence.council(release)
    found = evidence.shares(release, f"{survey}_simd", area=council.code)
    gaps = []
    for asked in (i for i in indicators(release, survey, council) if i.verified):
        most, least = (found.get((asked.code, q.value), NO_SHARE).of_need(asked) for q in (SimdQuintile.Q1, SimdQuintile.Q5))
        if most.shown and least.shown:
            gaps.append(((most.pct.value or 0) - (least.pct.value or 0), asked, most, least))
    if not gaps:
        return ""
    _, asked, most, least = max(gaps, key=lambda g: abs(g[0]))
    return (
        f"Most and least deprived fifths of {info.children} are furthest apart on {asked.need}: {most.pct.text()}% "
        f"({most.yes.text()} of {most.base.text()}) and {least.pct.text()}% ({least.yes.text()} of {least.base.text()})."
    )


def breakdowns(release: Release, survey: str, indicator: str, area: Area) -> list[By]:
    """The groups an indicator can be broken down by in an area (two or more groups in the release)."""
    return [by for by in By if len(_groups(release, survey, indicator, by, area)) > 1]


def breakdown(release: Release, survey: str, indicator: str, by: By, area: Area) -> Profile:
    """One indicator by group within an area: places by name, never by rank; stages, sexes and fifths in their own order."""
    info, asked = evidence.survey(release, survey), evidence.indicator(release, survey, indicator)
    whole = evidence.shares(release, f"{survey}_area", indicator=indicator, area=area.code).get((), NO_SHARE).of_need(asked)
    rows = [Row(label, share, whole) for label, share in _groups(release, survey, indicator, by, area)]
    places = evidence.areas(release, f"{survey}_area") if by is By.SCHOOL else []
    notes = [_question_note(asked), *_notes(info, [r.here for r in rows])]
    here = [a for a in places if area.level is AreaLevel.COUNCIL or a.parent == area.code]
    notes += [note for a in here for note in _together(a)]
    notes += [_CARE_NOTE] if by is By.CARE else []
    notes.append(_asked_note(release, info))
    return Profile(
        rows=tuple(rows),
        row_title=by.label,
        here=by.label,
        beside=f"All of {area.name}",
        by_group=True,
        headline=_breakdown_headline(asked, rows, by, info, area),
        basis=_basis(info, "") + (f" All of {area.name}: 95% interval {whole.interval()}." if whole.shown else ""),
        notes=tuple(notes),
        left_out=tuple(evidence.not_in_picture(release, survey)),
    )


def _groups(release: Release, survey: str, indicator: str, by: By, area: Area) -> list[tuple[str, Share]]:
    table, asked = f"{survey}_{_TABLE[by]}", evidence.indicator(release, survey, indicator)
    if area.level is not AreaLevel.COUNCIL and (asked.sensitive or by is By.CARE):
        return []
    if by in _ORDER:
        found = evidence.shares(release, table, indicator=indicator, area=area.code)
        return [(c.label, found[(c.value,)].of_need(asked)) for c in _ORDER[by] if (c.value,) in found and c.value != ALL]
    if asked.sensitive or area.level is AreaLevel.SCHOOL or (by is By.CLUSTER and area.level is AreaLevel.CLUSTER):
        return []
    found = evidence.shares(release, table, indicator=indicator)
    inside = [a for a in evidence.areas(release, table) if a.level.value == by.value]
    inside = [a for a in inside if area.level is AreaLevel.COUNCIL or a.parent == area.code]
    return sorted(((a.name, found[(a.code,)].of_need(asked)) for a in inside if (a.code,) in found), key=lambda row: row[0])


def _breakdown_headline(asked: Indicator, rows: list[Row], by: By, info: SurveyInfo, area: Area) -> str:
    known = [r for r in rows if r.label not in NOT_KNOWN]
    shown = sorted((r for r in known if r.here.shown), key=lambda r: r.here.pct.value or 0.0)
    if len(shown) < 2:
        return f"{asked.need} cannot be compared by {_by(by)} in {area.name}: fewer than two groups may be shown."
    least, most = shown[0], shown[-1]
    of = f"of {info.children} in {area.name}"
    if least.here.pct == most.here.pct:
        return f"{asked.need}: {most.here.pct.text()}% in every {_by(by)} shown, {of}."
    whole = f", {most.beside.pct.text()}% overall" if most.beside.shown else ""
    if by in _PLACES:
        ends = f"{most.here.pct.text()}% to {least.here.pct.text()}%"
        return f"{asked.need}, {of}: from {ends} over {len(shown)} {_PLACES[by]}{whole}."
    ends = " to ".join(
        f"{r.here.pct.text()}% ({r.here.yes.text()} of {r.here.base.text()}) {_among(by, r.label)}" for r in (most, least)
    )
    return f"{asked.need}, {of}: from {ends}{whole}."


def _by(by: By) -> str:
    return {By.SIMD: "SIMD fifth"}.get(by, by.label.lower())


def _among(by: By, label: str) -> str:
    return {By.SIMD: f"in SIMD fifth {label}", By.SEX: f"of {label.lower()}", By.CARE: f"where {label.lower()}"}.get(
        by, f"in {label}"
    )


def _notes(info: SurveyInfo, shares: list[Share]) -> list[str]:
    states = {s.pct.state for s in shares} | {s.base.state for s in shares}
    hidden = [HIDDEN_NOTE] if CellState.SUPPRESSED in states else []
    return [
        INTERVAL_NOTE if info.of_pupils else SAMPLE_NOTE,
        *hidden,
        *([UNRELIABLE_NOTE] if CellState.UNRELIABLE in states else []),
    ]


def _question_note(asked: Indicator) -> str:
    source = f" From: {asked.source}." if asked.source else ""
    question = asked.question if asked.question.endswith(("?", ".")) else f"{asked.question}."
    return f"{question} The answer {'yes' if asked.need_is_yes else 'no'} means need.{source}"


def kept_to_council(release: Release, survey: str) -> str:
    """Which topics a survey's views below the council leave out, and why; blank where it asked none."""
    kept = [i.title for i in evidence.indicators(release, survey) if i.sensitive]
    return f"Sensitive topics are shown for the council area only: {listed(kept)}, {evidence.NO_CHILD}." if kept else ""


def _sensitive_note(release: Release, survey: str, area: Area) -> list[str]:
    said = kept_to_council(release, survey)
    return [said] if said and area.level is not AreaLevel.COUNCIL else []


def _together(area: Area) -> list[str]:
    """Who is told together, where an area is the small schools of a cluster."""
    if not area.members:
        return []
    return [f"{area.name}: {listed(area.members.split('; '))}, told as one, since each has few pupils or would be left over."]


def _asked_note(release: Release, info: SurveyInfo) -> str:
    note = (
        f"Asked of {info.children} only. Other ages were asked in a survey of their own, so they are neither added nor compared."
    )
    here = {i.code for i in evidence.indicators(release, info.code)}
    pupils = [s.code for s in evidence.surveys(release) if s.of_pupils and info.of_pupils]
    other = {i.code: i.title for code in pupils for i in evidence.indicators(release, code) if i.code not in here}
    return note + (f" Not asked of them [z]: {listed(other.values())}." if other else "")
