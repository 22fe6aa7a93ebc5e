"""What was asked of whom: every indicator of a release against its surveys, so that ages are never compared unawares.

A release comes in, a small grid goes out. A cell says that a question was asked, that it was not asked of these stages [z],
or that it belongs to the survey and was not collected here [x]. A survey stands as one column, or as one a stage where a
question of it was asked of some stages only.
"""

from dataclasses import dataclass

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import CellState
from rcs_core.workshop import evidence
from rcs_core.workshop.evidence import SurveyInfo, listed, text

type _Own = dict[tuple[str, str], dict[str, object]]
"""The catalogue's rows by survey and indicator."""

ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Place:
    """One column of the grid: a survey, or one stage of it."""

    survey: str
    label: str
    stage: str


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One indicator: its title, what was asked in each place, and why it is read with care, if it is."""

    code: str
    title: str
    cells: tuple[CellState, ...]
    remark: str


@dataclass(frozen=True, slots=True)
class AskedGrid:
    """Indicators by survey and stage."""

    places: tuple[Place, ...]
    rows: tuple[AskedRow, ...]
    surveys: tuple[SurveyInfo, ...]

    def frame(self) -> pd.DataFrame:
        """The grid as a reader sees it: `asked`, or the mark that stands instead."""
        cells = [{p.label: c.mark or ASKED for p, c in zip(self.places, row.cells, strict=True)} for row in self.rows]
        remark = "Read with care"
        rows = [{"Question": row.title, **cell, remark: row.remark} for row, cell in zip(self.rows, cells, strict=True)]
        found = pd.DataFrame(rows, columns=["Question", *(p.label for p in self.places), remark])
        return found if any(row.remark for row in self.rows) else found.drop(columns=remark)

    def state(self, code: str, survey: str) -> CellState:
        """Whether an indicator was asked in a survey: in any stage of it, where they differ."""
        here = [n for n, place in enumerate(self.places) if place.survey == survey]
        found = [row.cells[n] for row in self.rows if row.code == code for n in here]
        order = [CellState.SHOWN, CellState.NOT_COLLECTED, CellState.NOT_ASKED]
        return min(found, key=order.index, default=CellState.NOT_ASKED)

    def common(self) -> list[str]:
        """The titles of what every pupil survey asked and brought."""
        pupils = [s.code for s in self.surveys if s.of_pupils]
        return [r.title for r in self.rows if pupils and all(self.state(r.code, s) is CellState.SHOWN for s in pupils)]

    def words(self) -> str:
        """The grid in one sentence: what primary and secondary pupils were both asked, and what that allows."""
        pupils = [s for s in self.surveys if s.of_pupils]
        if len(pupils) < 2:
            return "" if not pupils else f"Asked of {pupils[0].children} only; no other ages were surveyed."
        asked = [r for r in self.rows if any(self.state(r.code, s.code) is CellState.SHOWN for s in pupils)]
        both = f"{len(self.common())} of {len(asked)} questions were asked of {listed(s.children for s in pupils)}"
        return f"{both}, each in a survey of its own: they are never added, and never set against each other."


def asked_grid(release: Release) -> AskedGrid:
    """The grid of a release: rows in the order of its catalogue, surveys from the youngest."""
    surveys = tuple(evidence.surveys(release))
    about = release.tables["indicators"].frame if "indicators" in release else pd.DataFrame(columns=["survey", "indicator"])
    plain = [{str(k): v for k, v in row.items()} for row in about.to_dict("records")]
    own: _Own = {(str(r["survey"]), str(r["indicator"])): r for r in plain}
    places = tuple(place for survey in surveys for place in _places(release, survey, own))
    brought = {s.code: _brought(release, s.code) for s in surveys}
    codes = dict.fromkeys(code for survey, code in own if survey in brought)
    rows = tuple(_row(code, own, places, brought) for code in codes)
    return AskedGrid(places, rows, surveys)


def _places(release: Release, survey: SurveyInfo, own: _Own) -> list[Place]:
    """One column for a survey, or one a stage where a question of it has stages of its own."""
    stages = _stages(release, survey.code)
    apart = any(_own_stages(row, stages) != stages for (code, _), row in own.items() if code == survey.code)
    if not apart:
        return [Place(survey.code, survey.title, "")]
    return [Place(survey.code, f"{stage}", stage) for stage in stages]


def _stages(release: Release, survey: str) -> list[str]:
    """The stages that a survey was made of, none for parents."""
    frame = evidence.current(release, "surveys") if "surveys" in release else pd.DataFrame()
    rows = frame[frame["survey"] == survey].to_dict("records") if "stages" in frame else []
    return text(rows[0]["stages"]).split() if rows else []


def _own_stages(row: dict[str, object], stages: list[str]) -> list[str]:
    """The stages that a question was asked of: its own where it names them, else the survey's."""
    return [s for s in text(row.get("stages")).split() if s in stages] or stages


def _brought(release: Release, survey: str) -> set[str]:
    """The indicators that the current wave of a survey brought answers to."""
    return set(evidence.current(release, f"{survey}_area")["indicator"].astype(str))


def _row(code: str, own: _Own, places: tuple[Place, ...], brought: dict[str, set[str]]) -> AskedRow:
    rows = {survey: row for (survey, indicator), row in own.items() if indicator == code and survey in brought}
    cells = tuple(_cell(code, rows.get(place.survey), place, brought) for place in places)
    first = next(iter(rows.values()))
    return AskedRow(code, text(first["title"]), cells, _remark(first))


def _cell(code: str, row: dict[str, object] | None, place: Place, brought: dict[str, set[str]]) -> CellState:
    if row is None or (place.stage and place.stage not in (text(row.get("stages")).split() or [place.stage])):
        return CellState.NOT_ASKED
    return CellState.SHOWN if code in brought[place.survey] else CellState.NOT_COLLECTED


def _remark(row: dict[str, object]) -> str:
    """Why a question is read with care: a definition that was not checked, or whose answer it is."""
    said = [text(row.get("series"))] if text(row.get("series")) else []
    if not bool(row.get("verified", True)):
        said.append("definition not checked against its source")
    return "; ".join(said)
