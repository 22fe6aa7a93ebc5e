"""The count tables of a release as frames to be read: names in words, shares of need, and a mark in every cell that is hidden.

In: a release and a survey. Out: one frame a table, a row a group. Every figure is read as the screens read it (`evidence`), so
what a page hides is hidden here; topics that a page keeps to the council area are left out below it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from rcs_core.release import ALL, Release, Table
from rcs_core.vocab import AreaLevel, CellState, Contact, Label, Sex, SimdQuintile, Stage
from rcs_core.workshop import evidence, profiles
from rcs_core.workshop.evidence import Area, Indicator, Share, text

WITH, WITHOUT, PER_CENT, BASE = "With need", "Without need", "% with need", "Answered"
LOW, HIGH = "95% interval, low", "95% interval, high"
AREA, WAVE, QUESTION, MEANS, COUNT = "Area", "Wave", "Question", "Answer that means need", "Children"
DIMENSIONS: Mapping[str, tuple[str, type[Label]]] = {
    "stage": ("Stage", Stage),
    "sex": ("Sex", Sex),
    "simd_quintile": ("Deprivation (SIMD fifth)", SimdQuintile),
    "contact": ("Contact", Contact),
}
"""What a dimension of a table is called, and the words of its codes."""
EVERYONE = "All"
_BAND, _ASKED = "band", "indicator"
_LEVELS = {AreaLevel.COUNCIL: 0, AreaLevel.CLUSTER: 1, AreaLevel.SCHOOL: 2}


type Key = tuple[str, str, str]
type _Ranked = tuple[tuple[int, ...], Key, tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Found:
    """A table to be read. kind: what it is called in the release, without its survey; level: of its areas, where it has one.

    keys: wave, question and area of each row by their codes (blank where it has none).
    """

    kind: str
    title: str
    frame: pd.DataFrame
    level: AreaLevel | None
    keys: tuple[Key, ...]


def found(release: Release, survey: str) -> list[Found]:
    """Every count table of a survey: the one by area apart for each level, then the others in the order of the release."""
    own = [table for table in release.count_tables() if _of(table, survey)]
    first = sorted(own, key=lambda table: _kind(table, survey) != "area")
    tables = []
    for table in first:
        kind, levels = _kind(table, survey), tuple(_LEVELS) if _kind(table, survey) == "area" else (None,)
        for level in levels:
            rows = _rows(release, survey, table, level)
            if rows:
                frame = pd.DataFrame([row for _, _, row in rows], columns=_headings(table))
                tables.append(Found(kind, _title(table, level), frame, level, tuple(key for _, key, _ in rows)))
    return tables


def allowed(release: Release, survey: str) -> Callable[[str, Area], bool]:
    """Whether a page shows a question for an area: sensitive topics are shown for the council area only."""
    by_level: dict[AreaLevel, set[str]] = {}

    def may(code: str, area: Area) -> bool:
        if area.level not in by_level:
            by_level[area.level] = {i.code for i in profiles.indicators(release, survey, area)}
        return code in by_level[area.level]

    return may


def areas(release: Release) -> dict[str, Area]:
    """Every area that the release knows by its code: the council, then each cluster with its schools, by name."""
    rows = release.rows("areas") if "areas" in release else []
    places = [
        Area(str(r["area"]), text(r["name"]), AreaLevel(str(r["level"])), text(r["parent"]), text(r.get("members"))) for r in rows
    ]
    names = {a.code: a.name for a in places}

    def key(area: Area) -> tuple[int, str, int, str]:
        cluster = area.name if area.level is AreaLevel.CLUSTER else names.get(area.parent, "")
        return (min(_LEVELS[area.level], 1), cluster, _LEVELS[area.level], area.name)

    return {a.code: a for a in sorted(places, key=key)}


def question(asked: Indicator) -> str:
    """What a question is called, with the remark that it is read with care where it is."""
    return asked.title if asked.verified else f"{asked.title} (definition not checked)"


def cell(value: float | None, state: CellState) -> float | int | str:
    """A number as a cell holds it, or the mark that stands for it."""
    if state is not CellState.SHOWN or value is None:
        return state.mark or CellState.CANNOT_OCCUR.mark
    return int(value) if float(value).is_integer() else value


def _of(table: Table, survey: str) -> bool:
    """Whether a table counts who answered a survey."""
    return table.name.startswith(f"{survey}_") and "survey" in table.labels


def _kind(table: Table, survey: str) -> str:
    return table.name.removeprefix(f"{survey}_")


def _title(table: Table, level: AreaLevel | None) -> str:
    """What a table holds; one by area says of which level."""
    named = table.title or table.name
    return named if level is None else f"{named.partition(':')[0]}: {_LEVEL_WORDS[level]}"


_LEVEL_WORDS = {AreaLevel.COUNCIL: "the whole area", AreaLevel.CLUSTER: "school clusters", AreaLevel.SCHOOL: "schools"}


def _dims(table: Table) -> list[str]:
    return [d for d in table.dims if d != _BAND]


def _headings(table: Table) -> list[str]:
    groups = [WAVE, *([QUESTION] if _BAND in table.dims else []), *(_heading(table, d) for d in _dims(table))]
    return [*groups, *([MEANS, BASE, WITH, WITHOUT, PER_CENT, LOW, HIGH] if _BAND in table.dims else [COUNT])]


def _rows(release: Release, survey: str, table: Table, level: AreaLevel | None) -> list[_Ranked]:
    """The rows of a table, the newest wave first, then by question, place and group."""
    waves = sorted({text(w) for w in table.frame.get("wave", pd.Series([""]))}, reverse=True)
    banded = _BAND in table.dims
    found = (_shares(release, survey, table, wave, level) if banded else _counts(release, table, wave) for wave in waves)
    return [row for of_wave in found for row in sorted(of_wave, key=lambda one: one[0])]


def _heading(table: Table, dim: str) -> str:
    if dim == "contact" and table.name.endswith("_care"):
        return profiles.By.CARE.label
    return AREA if dim == "area" else DIMENSIONS[dim][0] if dim in DIMENSIONS else dim.replace("_", " ").capitalize()


def _shares(release: Release, survey: str, table: Table, wave: str, level: AreaLevel | None) -> Iterator[_Ranked]:
    """A row for each question and group of one wave that a page may show, in the words of the pages."""
    places, may = areas(release), allowed(release, survey)
    asked = {i.code: i for i in evidence.indicators(release, survey)}
    labels = [c for c in (*table.labels, *table.dims) if c not in {"survey", "wave", _BAND}]
    ranks, order = ({code: k for k, code in enumerate(found)} for found in (asked, places))
    for key, share in evidence.shares(release, table.name, wave=wave or None).items():
        at = dict(zip(labels, key, strict=True))
        code, area = at.get(_ASKED, ""), at.get("area", "")
        place = places.get(area)
        if code not in asked or (place and (not may(code, place) or (level and place.level is not level))):
            continue
        rank = (ranks[code], order.get(area, 0), *_group_ranks(table, at))
        yield rank, (wave, code, area), (wave, question(asked[code]), *_words(table, at, places), *_figures(asked[code], share))


def _figures(asked: Indicator, share: Share) -> tuple[object, ...]:
    """How many answered and how many of them have need, the share with need and its interval: as the pages say them."""
    need = share.of_need(asked)
    ends = [need.low, need.high] if need.shown else [None, None]
    state = need.pct.state if not need.shown else CellState.SHOWN
    counts = [cell(c.value, c.state) for c in (need.base, need.yes, need.no)]
    return ("yes" if asked.need_is_yes else "no", *counts, cell(need.pct.value, need.pct.state), *(_end(e, state) for e in ends))


def _end(value: float | None, state: CellState) -> float | int | str | None:
    """An end of an interval: its number, the mark of its share, or nothing where a shown share has none."""
    return None if value is None and state is CellState.SHOWN else cell(value, state)


def _counts(release: Release, table: Table, wave: str) -> Iterator[_Ranked]:
    """A row for each group of one wave of a table of children alone, which asks no question."""
    places = areas(release)
    order = {code: k for k, code in enumerate(places)}
    for row in evidence.of_wave(release, table.frame, wave or None).to_dict("records"):
        at, area = {d: str(row[d]) for d in table.dims}, str(row.get("area", ""))
        count = evidence.cell({str(k): v for k, v in row.items()})
        rank = (order.get(area, 0), *_group_ranks(table, at))
        yield rank, (wave, "", area), (wave, *_words(table, at, places), cell(count.value, count.state))


def _words(table: Table, at: Mapping[str, str], places: Mapping[str, Area]) -> list[str]:
    return [_place(at[d], places) if d == "area" else _word(d, at[d]) for d in _dims(table)]


def _group_ranks(table: Table, at: Mapping[str, str]) -> list[int]:
    return [_rank(d, at[d]) for d in _dims(table) if d != "area"]


def _place(code: str, places: Mapping[str, Area]) -> str:
    return places[code].name if code in places else code


def _word(dim: str, code: str) -> str:
    if dim in DIMENSIONS and code in set(DIMENSIONS[dim][1]):
        return DIMENSIONS[dim][1](code).label
    return EVERYONE if code == ALL else code


def _rank(dim: str, code: str) -> int:
    """Where a group stands: all first, then in the order of its words."""
    codes = [c.value for c in DIMENSIONS[dim][1]] if dim in DIMENSIONS else []
    return -1 if code == ALL else codes.index(code) if code in codes else len(codes)
