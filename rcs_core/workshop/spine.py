"""How are our children doing, on one screen: every question of a survey by domain, around what it is set beside.

A cluster or a school is set beside the whole area; the whole area beside a published figure of the same question, where
the release holds one, and beside the wave before. What stands out was decided by the build (`compare`, `change`,
`funnel`), which allows for how many were looked at: nothing is tested here. Sensitive topics stay at council level.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from rcs_core.councils import councils
from rcs_core.release import Release
from rcs_core.vocab import AreaLevel, CellState, Domain
from rcs_core.workshop import evidence, profiles, spine_words, told
from rcs_core.workshop.comparators import NAME as COMPARATORS
from rcs_core.workshop.evidence import Area, Indicator, Share, SurveyInfo, number, text
from rcs_core.workshop.families import order_of
from rcs_core.workshop.profiles import NO_SHARE
from rcs_core.workshop.spine_verdicts import Judged, Mark, Published, judged
from rcs_core.workshop.told import Kind

HEADING = "# "
"""What a row's label starts with where it is the heading of a domain."""
PER_CENT = "%"
NOT_COMPARED = "Not compared"


@dataclass(frozen=True, slots=True)
class Spine:
    """The summary of one survey in one place.

    marks: by domain, the hardest first; centred: whether the picture stands around the whole area, else on shares;
    sentences: what is most common, what stands out, where the gap is widest; of_domain: a sentence a domain.
    """

    info: SurveyInfo
    area: Area
    whole: str
    earlier: str
    marks: tuple[Mark, ...]
    centred: bool
    names: tuple[str, str, str, str]
    sentences: tuple[str, str, str]
    basis: str
    allowed: str
    of_domain: tuple[str, ...]
    notes: tuple[str, ...]

    def key(self) -> str:
        """What the marks of the picture are, in a line, only of those that are in it."""
        said = [f"Line in the middle: {self.whole}" if self.centred else ""]
        said += ["pale bar: from the lowest to the highest cluster shown" if any(len(m.clusters) > 1 for m in self.marks) else ""]
        said += ["diamond: published figure" if any(m.published for m in self.marks) else ""]
        said += [f"small tick: the share here in {self.earlier}" if any(m.before.shown for m in self.marks) else ""]
        line = "; ".join(part for part in said if part)
        return f"{line[:1].upper()}{line[1:]}." if line else ""

    def frame(self) -> pd.DataFrame:
        """Every question with its figures and what is said of it."""
        return pd.DataFrame([_columns(self, m) for m in self.marks])

    def points(self) -> pd.DataFrame:
        """The rows of the picture: a heading before each domain; a question that is not shown keeps its row and says why."""
        rows: list[tuple[object, ...]] = []
        for label, mark in _with_headings(self.marks):
            place = [None] * 5 if mark is None else _places(self, mark)
            series = dict(zip((Kind.MORE, Kind.LESS, Kind.SAME, Kind.UNTOLD), self.names, strict=True))
            name = series[mark.verdict.kind] if mark else ""
            said = f"{mark.here.pct.text()}%" if mark and place[0] is not None else ""
            end = max((p for p in place if p is not None), default=None)
            rows.append((label, len(rows), name, *place, end, said, self._tip(mark) if mark else ""))
        columns = ["label", "order", "series", "value", "low", "high", "beside", "earlier", "end", "said", "says"]
        return pd.DataFrame(rows, columns=columns)

    def _tip(self, mark: Mark) -> str:
        return spine_words.tip(mark, self.whole if self.centred else "", self.earlier)

    def words(self) -> str:
        """The picture in words: the finding first."""
        each = [f"{m.domain.label}, {m.indicator.label}: {self._tip(m)}" for m in self.marks]
        return f"{self.sentences[1]} Share of children with need, by domain. {'; '.join(each)}."


def spine(release: Release, survey: str, area: Area) -> Spine:
    """The summary of a survey in a place: questions by domain, the domain with the most that stands out or is common first."""
    info, council = evidence.survey(release, survey), evidence.council(release)
    ruled = judged(release, info, area)
    marks = _ordered(_marks(release, info, area, council, ruled))
    centred = area.level is not AreaLevel.COUNCIL
    return Spine(
        info=info,
        area=area,
        whole=council.name,
        earlier=ruled.earlier,
        marks=marks,
        centred=centred,
        names=(*ruled.names, NOT_COMPARED if ruled.verdicts else area.name),
        sentences=(
            spine_words.most_common(marks, info, area, council),
            spine_words.standing_out(marks, ruled, area, council),
            spine_words.widest(release, survey, area, council),
        ),
        basis=spine_words.basis(marks, info),
        allowed=ruled.allowed,
        of_domain=spine_words.domains(marks, council.name if centred else ""),
        notes=spine_words.notes(release, info, area, marks, ruled),
    )


def published(release: Release, info: SurveyInfo) -> dict[str, Published]:
    """Scotland's newest published share of each question (by its code or title) asked of the same ages (the figure's group).

    A published share is of those who said yes, as the question's title says it; here it is turned to the side of need.
    """
    if COMPARATORS not in release:
        return {}
    frame = release.tables[COMPARATORS].frame
    ages = frame["group"].str.casefold().isin({info.code.casefold(), info.title.casefold()})
    rows = frame[ages & (frame["unit"] == PER_CENT) & (frame["geography"] == councils().whole)]
    named = {name.casefold(): i for i in evidence.indicators(release, info.code) for name in (i.code, i.title)}
    found: dict[str, Published] = {}
    for row in sorted(rows.to_dict("records"), key=lambda r: order_of(str(r["year"]))):
        asked, pct = named.get(str(row["indicator"]).casefold()), number(row["value"])
        if asked is not None and pct is not None:
            turned = pct if asked.need_is_yes else 100 - pct
            found[asked.code] = Published(text(row["geography"]), text(row["year"]), turned, text(row["source"]))
    return found


def domains_of(release: Release, survey: str) -> dict[str, Domain]:
    """The domain of each indicator of a survey."""
    frame = release.frame("indicators")
    rows = frame[frame["survey"] == survey]
    return {str(code): Domain(str(domain)) for code, domain in zip(rows["indicator"], rows["domain"], strict=True)}


def _marks(release: Release, info: SurveyInfo, area: Area, council: Area, ruled: Judged) -> list[Mark]:
    table, asked = f"{info.code}_area", profiles.indicators(release, info.code, area)
    now = evidence.shares(release, table)
    before = evidence.shares(release, table, wave=ruled.earlier, area=area.code) if ruled.earlier else {}
    domains, inner = domains_of(release, info.code), [a for a in evidence.areas(release, table) if a.level is AreaLevel.CLUSTER]
    theirs = published(release, info) if area.level is AreaLevel.COUNCIL else {}

    def share(i: Indicator, place: Area) -> Share:
        return now.get((i.code, place.code), NO_SHARE).of_need(i)

    found = []
    for i in asked:
        spread = [share(i, cluster) for cluster in inner] if not i.sensitive else []
        then = before.get((i.code,), NO_SHARE) if i.code not in ruled.not_comparable else NO_SHARE
        found.append(
            Mark(
                indicator=i,
                domain=domains[i.code],
                here=share(i, area),
                whole=share(i, council),
                published=theirs.get(i.code),
                before=then.of_need(i),
                clusters=tuple(s.pct.value for s in spread if s.shown and s.pct.value is not None),
                verdict=ruled.of(i),
            )
        )
    return found


def _ordered(marks: list[Mark]) -> tuple[Mark, ...]:
    """By domain: those with a question that stands out with more need first, then by their most common need; so within each."""
    groups: dict[Domain, list[Mark]] = {}
    for mark in marks:
        groups.setdefault(mark.domain, []).append(mark)
    ordered = sorted(groups.values(), key=lambda g: (-sum(m.verdict.kind is Kind.MORE for m in g), -_highest(g)))
    return tuple(m for group in ordered for m in sorted(group, key=lambda m: (-_highest([m]), m.indicator.label)))


def _highest(marks: Iterable[Mark]) -> float:
    return max((m.here.pct.value for m in marks if m.here.shown and m.here.pct.value is not None), default=-1.0)


def _with_headings(marks: tuple[Mark, ...]) -> list[tuple[str, Mark | None]]:
    rows: list[tuple[str, Mark | None]] = []
    last: Domain | None = None
    for mark in marks:
        if mark.domain is not last:
            rows.append((f"{HEADING}{mark.domain.label}", None))
            last = mark.domain
        state = told.unshown(mark.here)
        rows.append((f"{mark.indicator.label} ({state.said})" if state else mark.indicator.label, mark))
    return rows


def _place(found: Spine, mark: Mark, share: Share) -> float | None:
    """Where a share stands in the picture: itself, or its distance from the whole area; None where either is not shown."""
    return _put(found, mark, share.pct.value if share.shown else None)


def _put(found: Spine, mark: Mark, pct: float | None) -> float | None:
    if not found.centred or pct is None:
        return pct
    return pct - mark.whole.pct.value if mark.whole.shown and mark.whole.pct.value is not None else None


def _places(found: Spine, mark: Mark) -> list[float | None]:
    """Of one row: the dot, the ends of the clusters, the published figure and the earlier wave."""
    here, before = _place(found, mark, mark.here), _place(found, mark, mark.before)
    if here is None:
        return [None] * 5
    spread = mark.clusters if len(mark.clusters) > 1 else ()
    ends = (min(spread), max(spread)) if spread else (None, None)
    beside = mark.published.pct if mark.published else None
    return [here, *(_put(found, mark, e) for e in ends), beside, before]


def _columns(found: Spine, mark: Mark) -> dict[str, str]:
    spread = f"{min(mark.clusters):.0f} to {max(mark.clusters):.0f}" if len(mark.clusters) > 1 else ""
    row = {"Domain": mark.domain.label, "Question": mark.indicator.label, "% with need": mark.here.pct.text()}
    row |= {"95% interval": mark.here.interval(), "With need": mark.here.yes.text(), "Answered": mark.here.base.text()}
    row |= {f"{found.whole}: %": mark.whole.pct.text()} if found.centred else {}
    row |= {"Clusters shown: lowest to highest %": spread}
    if any(m.published for m in found.marks):
        row |= {"Published": mark.published.said() if mark.published else ""}
    if found.earlier:
        row |= {f"{found.earlier}: %": mark.before.pct.text() if mark.before.pct.state is not CellState.CANNOT_OCCUR else ""}
    return row | {"What it says": mark.verdict.says}
