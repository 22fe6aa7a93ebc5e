"""Children's needs as one workbook: every published table of every survey, what it asked, and what the release says of it.

In: a release and a stamp. Out: a workbook with one table a sheet under the conventions of government statistics. Nothing is
worked out here: figures are read as the pages read them, and what a page hides stays hidden.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from rcs_core.release import Release
from rcs_core.sheets.write import Sheet
from rcs_core.stamp import Stamp
from rcs_core.vocab import AreaLevel, Survey
from rcs_core.workshop import change, compare, definitions, evidence, funnel, profiles, told, unequal
from rcs_core.workshop.asked import asked_grid
from rcs_core.workshop.evidence import SurveyInfo, text
from rcs_core.workshop.export.book_parts import Line, Subject, figures, marks, named_apart, table, write_tables
from rcs_core.workshop.export.needs_tables import AREA, BASE, Found, areas, found
from rcs_core.workshop.method import Rows, rows
from rcs_core.workshop.told import Kind

SUBJECT = "Children's needs, all tables"
SHORT = {
    Survey.PARENT_0_8.value: "Parents", Survey.PUPIL_P5_P7.value: "P5 to P7", Survey.PUPIL_S1_S4.value: "S1 to S4",
    Survey.HWC_P5_P7.value: "Census P5-P7", Survey.HWC_S1_S6.value: "Census S1-S6",
}  # fmt: skip
"""What a survey is called in the name of a sheet."""
_KINDS = {
    "area_sex": "sex", "stage": "stage", "sex": "sex", "stage_sex": "stage and sex", "simd": "deprivation",
    "contact": "contact", "contact_cluster": "contact, clusters", "contact_roll": "contact, the roll", "care": "care",
    "need": "need",
}  # fmt: skip
_LEVELS = {AreaLevel.COUNCIL: "whole area", AreaLevel.CLUSTER: "clusters", AreaLevel.SCHOOL: "schools"}
REST, LIMITS = "Against the rest of the area", "In its funnel"
ALL_KINDS = ("area", "contact", "contact_roll", "need")


def write_needs_book(release: Release, stamp: Stamp, path: Path) -> None:
    """Write the needs tables of a release; raises SheetError when the place cannot be written."""
    write_tables(path, _subject(release, stamp), sheets(release))


def has_needs(release: Release) -> bool:
    """Whether a release holds a survey, so that there are tables of need."""
    return bool(evidence.surveys(release, ALL_KINDS))


def sheets(release: Release) -> list[Sheet]:
    """Every table, survey by survey; then what was asked, of whom, where, and who is not in the picture."""
    infos = evidence.surveys(release, ALL_KINDS)
    tables = [sheet for info in infos for sheet in _of_survey(release, info)]
    return named_apart([*tables, *_about(release, infos)])


def _of_survey(release: Release, info: SurveyInfo) -> Iterator[Sheet]:
    for one in found(release, info.code):
        frame = _with_verdicts(release, info, one)
        yield table(
            _name(info, one), one.title, frame, f"{_BASIS}. {info.source[:1].upper()}{info.source[1:]}.", widths={AREA: 30}
        )
    yield from _told(release, info)


_BASIS = "Children who answered, weighted shares with need (per cent) and their 95% intervals"


def _name(info: SurveyInfo, one: Found) -> str:
    what = _LEVELS[one.level] if one.level else _KINDS.get(one.kind, one.kind.replace("_", " "))
    return f"{SHORT.get(info.code, info.code)}, {what}"


def _with_verdicts(release: Release, info: SurveyInfo, one: Found) -> pd.DataFrame:
    """The rows with what the release says of each against its comparator, where it says it: clusters and schools of this wave.

    A school stands with its cluster.
    """
    frame = one.frame.copy()
    at = frame.columns.get_loc(BASE) if BASE in frame else 0
    if one.level is AreaLevel.CLUSTER and compare.asked(release, info.code):
        frame.insert(int(str(at)), REST, _each(one, _clusters(release, info)))
    if one.level is AreaLevel.SCHOOL and funnel.asked(release, info.code):
        frame.insert(int(str(at)), LIMITS, _each(one, _schools(release, info)))
    if one.level is AreaLevel.SCHOOL:
        places = areas(release)
        within = [places[places[k].parent].name if k in places and places[k].parent in places else "" for _, _, k in one.keys]
        frame.insert(int(str(frame.columns.get_loc(AREA))), "School cluster", within)
    return frame


def _each(one: Found, verdicts: dict[tuple[str, str, str], str]) -> list[str]:
    return [verdicts.get(key, "") for key in one.keys]


def _clusters(release: Release, info: SurveyInfo) -> dict[tuple[str, str, str], str]:
    """What is told of each cluster on each question of this wave, by wave, question and area."""
    names = dict(zip((Kind.MORE, Kind.LESS, Kind.SAME), compare.NAMES, strict=True))
    wide = _wide(release, info)
    return {
        (info.wave, asked.code, area): names.get(line.kind, line.why_not)
        for asked in compare.asked(wide, info.code)
        for area, line in compare.by_cluster(wide, info.code, asked).items()
    }


def _wide(release: Release, info: SurveyInfo) -> Release:
    """The release without the rows of schools in its table by area, which are most of it: what is told of clusters needs none."""
    return _of_areas(release, info, {code for code, area in areas(release).items() if area.level is not AreaLevel.SCHOOL})


def _of_areas(release: Release, info: SurveyInfo, codes: set[str]) -> Release:
    """The release with only these areas in its table by area, so that looking one up takes no reading of all."""
    name = f"{info.code}_area"
    table = release.tables[name]
    return replace(release, tables={**release.tables, name: replace(table, frame=table.frame[table.frame["area"].isin(codes)])})


def _schools(release: Release, info: SurveyInfo) -> dict[tuple[str, str, str], str]:
    """Where each school lies in its funnel on each question of this wave."""
    asked = {i.code for i in funnel.asked(release, info.code)}
    return {
        (info.wave, text(r["indicator"]), text(r["area"])): funnel.SERIES[text(r["verdict"])]
        for r in told.rows_of(release, "funnel", info.code, wave=info.wave)
        if text(r["indicator"]) in asked
    }


def _told(release: Release, info: SurveyInfo) -> Iterator[Sheet]:
    """What the build told of a survey: clusters against the rest, changes, fair shares, funnels, mean scores."""
    short = SHORT.get(info.code, info.code)
    if compare.asked(release, info.code):
        one = compare.every(_wide(release, info), info.code)
        yield _words(
            f"{short}, cluster or rest", "clusters against the rest of the area", info, one.frame(), one.basis, one.notes
        )
    for pair in change.pairs(release, info.code):
        yield _changes(release, info, pair)
    if unequal.asked(release, info.code):
        fair = unequal.every(release, info.code)
        title = "the most and the least deprived fifth"
        yield _words(f"{short}, fair shares", title, info, fair.frame(), fair.basis, fair.notes)
    if questions := funnel.asked(release, info.code):
        drawn = [funnel.funnel(release, info.code, i).frame().assign(Question=i.label) for i in questions]
        both = pd.concat(drawn, ignore_index=True)
        both = both[["Question", *(c for c in both.columns if c != "Question")]]
        yield _words(f"{short}, funnels", "schools between the limits of chance", info, both, _FUNNEL, ())
    scores = rows(release, Rows.of("scores", survey=info.code))
    if scores is not None and len(scores.frame):
        yield _scores(release, info, scores.frame)


_FUNNEL = "Schools whose share is shown, each against the whole area; outside the 99.8% limits is a reason to ask why."


def _words(name: str, title: str, info: SurveyInfo, frame: pd.DataFrame, basis: str, notes: tuple[str, ...]) -> Sheet:
    """A table as a page has it: its figures stay the texts of the page, as an interval or a mark stands among them."""
    return table(name, f"{info.title}: {title}", figures(frame), " ".join([basis, *notes[:2]]))


def _changes(release: Release, info: SurveyInfo, pair: change.Pair) -> Sheet:
    """What changed between two waves in the whole area and in each cluster, question by question, and where it cannot be said."""
    places = [a for a in evidence.areas(release, f"{info.code}_area") if a.level is not AreaLevel.SCHOOL]
    alone = [(a, _of_areas(release, info, {a.code})) for a in places if change.asked(release, info.code, pair, a)]
    by_place = [(a, change.by_question(own, info.code, pair, a)) for a, own in alone]
    frames = [found.frame().drop(columns="School cluster", errors="ignore").assign(**{AREA: a.name}) for a, found in by_place]
    both = pd.concat(frames, ignore_index=True)
    both = both[[AREA, *(c for c in both.columns if c != AREA)]]
    name = f"{SHORT.get(info.code, info.code)}, {pair.before} to {pair.now}"
    return table(
        name, f"{info.title}: from {pair.before} to {pair.now}", figures(both), f"{change.RECURS_NOTE} {change.ROUNDED_NOTE}"
    )


def _scores(release: Release, info: SurveyInfo, frame: pd.DataFrame) -> Sheet:
    names = {code: area.name for code, area in areas(release).items()}
    shown = frame.assign(area=frame["area"].map(lambda code: names.get(str(code), str(code))))
    headings = {"title": "Score", "unit": "Counted in", "area": AREA, "mean": "Mean", "low": "95% interval, low",
                "high": "95% interval, high"}  # fmt: skip
    both = shown[list(headings)].rename(columns=headings)
    short = SHORT.get(info.code, info.code)
    return table(f"{short}, mean scores", f"{info.title}: mean scores", figures(both), "Weighted means.")


def _about(release: Release, infos: list[SurveyInfo]) -> Iterator[Sheet]:
    yield table("Questions", "Every question and how it is defined", _questions(release, infos), "As each survey asked it.")
    grid = asked_grid(release)
    if grid.rows:
        yield table("Asked of whom", "What was asked of whom", grid.frame(), grid.words())
    waves = pd.DataFrame(
        [
            (text(r["title"]), text(r["wave"]), "yes" if r.get("current", True) else "no", text(r.get("stages")), r.get("roll"),
             r.get("response_pct"), text(r.get("note")))
            for r in (release.rows("surveys") if "surveys" in release else [])
        ],
        columns=["Survey", "Wave", "Of this release", "Stages", "On the roll", "Answered (%)", "How it was made"],
    )  # fmt: skip
    yield table("Surveys", "The surveys and their waves", waves, "Compared only where the wording is the same.")
    outside = [(info.title, line) for info in infos for line in evidence.not_in_picture(release, info.code)]
    who = pd.DataFrame(outside, columns=["Survey", "Who is not in the picture"])
    yield table("Who is left out", "Who is not in the picture", who, "What no figure of this workbook can say.")
    yield table("Areas", "Areas and the schools told together", _areas(release), "Small schools of a cluster are told as one.")


def _questions(release: Release, infos: list[SurveyInfo]) -> pd.DataFrame:
    rows = [
        {"Survey": info.title, "Question": one.title, **dict(one.facts)}
        for info in infos
        for one in definitions.questions(release, info.code)
    ]
    return pd.DataFrame(rows).fillna("")


def _areas(release: Release) -> pd.DataFrame:
    places = areas(release)
    rows = [
        (a.name, a.level.value.capitalize(), places[a.parent].name if a.parent in places else "", a.members, a.code)
        for a in places.values()
    ]
    return pd.DataFrame(rows, columns=[AREA, "Level", "Within", "Schools told together", "Code"])


def _subject(release: Release, stamp: Stamp) -> Subject:
    infos = evidence.surveys(release, ALL_KINDS)
    return Subject(
        SUBJECT,
        "Every published table of the wellbeing surveys: by area, sex, stage, deprivation and contact, with what is hidden still "
        "hidden.",
        stamp,
        about=[("Survey", f"{info.title}, {info.wave}") for info in infos],
        reading=_reading(release, infos),
    )


def _reading(release: Release, infos: list[SurveyInfo]) -> list[Line]:
    kept = [said for info in infos if (said := profiles.kept_to_council(release, info.code))]
    return [
        ("Need", "Every share is of the answer that means need, so that higher is always more need; the column says which."),
        ("Answered", "Children who answered the question yes or no: the base of the share. Counts are of children, unweighted."),
        ("Shares", profiles.INTERVAL_NOTE),
        *(("A sample", profiles.SAMPLE_NOTE) for info in infos if not info.of_pupils),
        *((f"Mark {mark}", f"{means}.") for mark, means in marks().items()),
        ("Hidden cells", "A mark is text, not a number: a sum over a column leaves it out, so that no total is to be made here."),
        *(("Sensitive topics", said) for said in kept),
        ("Waves", "Newest first. A question whose wording changed is not compared with earlier ones: Questions says since when."),
        ("Ages", "Primary and secondary pupils answered surveys of their own: never added, and never set against each other."),
        ("Ranking", compare.ASK_NOTE),
    ]  # fmt: skip
