"""Reading the evidence of a release: surveys, areas, indicators, and the share of children behind each cell.

A release comes in, small frozen values go out. A share is read from its own row and never worked out from others, so
what the release hides stays hidden. A release may hold several waves of a survey: everything here is of the current one
unless an earlier one is asked for, so that no page mixes them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isnan
from typing import SupportsFloat

import pandas as pd

from rcs_core.errors import ReleaseError
from rcs_core.release import ALL, Cell, Release
from rcs_core.vocab import AreaLevel, CellState, Survey

type Bands = dict[str, dict[str, object]]
"""The rows of one group by band."""


@dataclass(frozen=True, slots=True)
class Area:
    """A place of the partnership: the council area, a school cluster, a school, or small schools told together (`members`)."""

    code: str
    name: str
    level: AreaLevel
    parent: str
    members: str = ""


@dataclass(frozen=True, slots=True)
class SurveyInfo:
    """One survey of the release: who was asked, when, and how many of them answered."""

    code: str
    wave: str
    title: str
    response_pct: float | None
    note: str

    @property
    def children(self) -> str:
        """Who was asked, as a phrase in a sentence."""
        label = Survey(self.code).label
        return f"{label[:1].lower()}{label[1:]}"

    @property
    def of_pupils(self) -> bool:
        """Whether pupils answered for themselves, every one of the stages being asked."""
        return self.code != Survey.PARENT_0_8.value

    @property
    def source(self) -> str:
        """The survey as a source: who answered it, and when."""
        return f"wellbeing survey of {self.children}, {self.wave}"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One question of one survey; `need_is_yes` says which answer means need.

    verified: whether its definition was checked against its source; what was not is told with that remark and never leads.
    """

    survey: str
    code: str
    title: str
    question: str
    need_is_yes: bool
    sensitive: bool
    asked_of: str
    source: str
    verified: bool = True

    @property
    def need(self) -> str:
        """The need as a phrase: the question, and the answer that counts."""
        said = f"“{self.title}”" + ("" if self.need_is_yes else " answered no")
        return said if self.verified else f"{said} (definition not checked)"

    @property
    def label(self) -> str:
        """The need as the label of a row."""
        return self.title + ("" if self.need_is_yes else ": no")


@dataclass(frozen=True, slots=True)
class Share:
    """The weighted share (per cent) of a group that answered yes, with its interval and its children."""

    pct: Cell
    low: float | None
    high: float | None
    yes: Cell
    no: Cell
    base: Cell

    @property
    def shown(self) -> bool:
        """Whether the share may be read."""
        return self.pct.state is CellState.SHOWN and self.pct.value is not None

    def interval(self) -> str:
        """The 95% interval in words, or the mark that stands for it."""
        if not self.shown or self.low is None or self.high is None:
            return self.pct.state.mark
        return f"{self.low:.0f} to {self.high:.0f}"

    def of_need(self, indicator: Indicator) -> "Share":
        """The share with need: itself, or what remains of 100 where the answer no means need; hidden stays hidden."""
        if indicator.need_is_yes:
            return self
        return Share(_rest(self.pct), _complement(self.high), _complement(self.low), yes=self.no, no=self.yes, base=self.base)


def _complement(pct: float | None) -> float | None:
    return None if pct is None else 100 - pct


def _rest(pct: Cell) -> Cell:
    return Cell(_complement(pct.value), pct.state)


def surveys(release: Release, kinds: tuple[str, ...] = ("area",)) -> list[SurveyInfo]:
    """The surveys of a release whose results by area are in it: pupils from the youngest, then parents.

    kinds: the tables of which one at least must be there; counts that a council supplied give none by area.
    """
    rows = {str(r["survey"]): r for r in _records(release, "surveys") if _is_current(r)}
    order = sorted(Survey, key=lambda s: s is Survey.PARENT_0_8)
    there = {s for s in order if any(f"{s.value}_{kind}" in release for kind in kinds)}
    have = [s for s in order if s in there and (s.value in rows or not _tells_waves_apart(release))]
    return [_survey(rows.get(s.value, {}), s) for s in have]


def survey(release: Release, code: str) -> SurveyInfo:
    """One survey; raises ReleaseError when the release was built without it."""
    known = surveys(release, ("area", "contact", "contact_roll"))
    found = [s for s in known if s.code == code]
    if not found:
        have = ", ".join(s.title for s in known) or "no survey"
        raise ReleaseError("the release has no such survey", str(release.path), code, have, "choose another survey")
    return found[0]


def waves(release: Release, survey: str) -> list[str]:
    """The waves of a survey that the release holds, from the newest."""
    return sorted({text(r["wave"]) for r in _records(release, "surveys") if r["survey"] == survey}, reverse=True)


def current_wave(release: Release, survey: str) -> str:
    """The wave that is this release's own; blank for a survey that was only made in an earlier one."""
    marked = {str(r["survey"]): text(r["wave"]) for r in _records(release, "surveys") if _is_current(r)}
    return marked.get(survey, "")


def of_wave(release: Release, frame: pd.DataFrame, wave: str | None = None) -> pd.DataFrame:
    """The rows of one wave: of the current wave of each survey unless another is named; a table of no wave stays whole."""
    if not {"survey", "wave"} <= set(frame.columns):
        return frame
    if wave is not None:
        return frame[frame["wave"] == wave]
    if not _tells_waves_apart(release):
        return frame
    return frame[frame["wave"] == frame["survey"].map({s: current_wave(release, str(s)) for s in frame["survey"].unique()})]


def current(release: Release, table: str) -> pd.DataFrame:
    """A table's rows of the current wave; raises ReleaseError when the release was built without the table."""
    return of_wave(release, release.frame(table))


def _is_current(row: dict[str, object]) -> bool:
    """Whether a row of `surveys` is of the current wave; a release made before waves were told apart holds no other."""
    return bool(row.get("current", True))


def _tells_waves_apart(release: Release) -> bool:
    return "surveys" in release and "current" in release.tables["surveys"].frame


def _survey(row: dict[str, object], code: Survey) -> SurveyInfo:
    return SurveyInfo(
        code.value,
        text(row.get("wave")),
        text(row.get("title")) or code.label,
        number(row.get("response_pct")),
        text(row.get("note")),
    )


def areas(release: Release, table: str) -> list[Area]:
    """The areas that occur in a table: the council area, then each cluster with its schools, by name."""
    present = set(current(release, table)["area"].unique()) if table in release else set()
    found = [
        Area(str(r["area"]), text(r["name"]), AreaLevel(str(r["level"])), text(r["parent"]), text(r.get("members")))
        for r in _records(release, "areas")
    ]
    names = {a.code: a.name for a in found}
    order = {AreaLevel.COUNCIL: 0, AreaLevel.CLUSTER: 1, AreaLevel.SCHOOL: 2}

    def key(area: Area) -> tuple[int, str, int, str]:
        cluster = area.name if area.level is AreaLevel.CLUSTER else names.get(area.parent, "")
        return (min(order[area.level], 1), cluster, order[area.level], area.name)

    return sorted((a for a in found if a.code in present), key=key)


def closed(release: Release) -> set[str]:
    """The areas that only an earlier wave of a survey has results for: schools that have closed since."""
    tables = [f"{s.code}_area" for s in surveys(release)]
    now = {str(a) for t in tables for a in current(release, t)["area"]}
    open_ = now | {str(r["area"]) for r in _records(release, "areas") if text(r.get("members"))}
    return {str(a) for t in tables for a in release.frame(t)["area"]} - open_


def council(release: Release) -> Area:
    """The council area of the release."""
    for row in _records(release, "areas"):
        if row["level"] == AreaLevel.COUNCIL.value:
            return Area(str(row["area"]), text(row["name"]), AreaLevel.COUNCIL, "")
    raise ReleaseError("the release has no council area", str(release.path), "", "one area of level council", "build it again")


def indicators(release: Release, survey: str | None = None) -> list[Indicator]:
    """What was asked and brought answers, of one survey or of all, in the order of the release."""
    return [
        Indicator(
            str(r["survey"]),
            str(r["indicator"]),
            text(r["title"]),
            text(r["question"]),
            str(r["need_band"]) == "yes",
            bool(r["sensitive"]),
            text(r["asked_of"]),
            text(r["source"]),
            bool(r.get("verified", True)),
        )
        for r in _records(release, "indicators")
        if (survey is None or r["survey"] == survey) and _brought(release, str(r["survey"]), str(r["indicator"]))
    ]


def _brought(release: Release, survey: str, code: str) -> bool:
    """Whether any wave of a survey has figures of an indicator by area; where it has no such table, nothing is known."""
    table = f"{survey}_area"
    return table not in release or bool(release.tables[table].frame["indicator"].eq(code).any())


def indicator(release: Release, survey: str, code: str) -> Indicator:
    """One indicator; raises ReleaseError when it was not asked in the survey."""
    for found in indicators(release, survey):
        if found.code == code:
            return found
    known = ", ".join(i.title for i in indicators(release, survey))
    raise ReleaseError("this was not asked in the survey", survey, code, known, "choose another question")


def shares(release: Release, table: str, wave: str | None = None, **where: str) -> dict[tuple[str, ...], Share]:
    """Every share of a table in one wave (the current one), keyed by its dimensions other than band and those in `where`."""
    found = release.tables.get(table)
    if found is None:
        return {}
    rows = found.frame
    for column, value in where.items():
        rows = rows[rows[column] == value]
    rows = of_wave(release, rows, wave)
    keys = [c for c in (*found.labels, *found.dims) if c not in {"survey", "wave", "band", *where}]
    groups: dict[tuple[str, ...], Bands] = {}
    for row in _plain(rows):
        groups.setdefault(tuple(str(row[k]) for k in keys), {})[str(row["band"])] = row
    return {key: share(bands) for key, bands in groups.items()}


def share(bands: Bands) -> Share:
    """The share of one group from its rows by band (ALL, yes, no); a row that is not there cannot occur."""
    yes = bands.get("yes", {})
    state = str(yes.get("pct_state") or CellState.CANNOT_OCCUR.value)
    pct = Cell(number(yes.get("pct")), CellState(state))
    low, high = number(yes.get("pct_low")), number(yes.get("pct_high"))
    return Share(pct, low, high, *(cell(bands.get(band)) for band in ("yes", "no", ALL)))


def cell(row: dict[str, object] | None) -> Cell:
    """The count of one row of a count table, with its state; no row means that it cannot occur."""
    return Cell(number(row.get("n")), CellState(str(row["state"]))) if row else Cell(None, CellState.CANNOT_OCCUR)


def not_in_picture(release: Release, survey: str) -> list[str]:
    """Who a survey's figures of the current wave leave out, in the release's own words and with its per cent."""
    lines, now = [], {current_wave(release, survey), ""}
    for row in _records(release, "coverage"):
        if text(row.get("wave")) not in now:
            continue
        said, pct = text(row["text"]), number(row["pct"])
        if said and text(row["survey"]) in (survey, ""):
            lines.append(said if pct is None or f"{pct:g}%" in said else f"{pct:g}%: {said[:1].lower()}{said[1:]}")
    return lines


def listed(words: Iterable[str]) -> str:
    """Words as a list in a sentence: a, b and c."""
    found = list(words)
    return " and ".join([", ".join(found[:-1]), found[-1]]) if len(found) > 1 else "".join(found)


NO_CHILD = "so that no child can be singled out"
"""Why a figure is hidden, in every sentence that says that it is."""


def why(state: CellState) -> str:
    """Why a figure is not shown, as part of a sentence; the mark with it, so that the same is found in a table."""
    if state is CellState.SUPPRESSED:
        return f"{state.said}, {NO_CHILD}"
    return f"too few answers to be reliable {state.mark}" if state is CellState.UNRELIABLE else state.said


def text(value: object) -> str:
    """A text value, blank where there is none."""
    return "" if _blank(value) else str(value)


def number(value: object) -> float | None:
    """A number, or None where there is none."""
    if _blank(value):
        return None
    if isinstance(value, str | SupportsFloat):
        return float(value)
    raise TypeError(f"a cell of a release holds {type(value).__name__} where a number belongs")


def _blank(value: object) -> bool:
    """Whether a cell of a table is empty: nothing at all, pandas's own blank, or a number or a day that is none."""
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and isnan(value))


def _records(release: Release, table: str) -> list[dict[str, object]]:
    return release.rows(table) if table in release else []


def _plain(frame: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
