"""Match rates, duplicates and opt-outs of a folder, as tables in which no small count is written out."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from rcs_core.contracts import CheckReport
from rcs_core.contracts.opted_out import CODE
from rcs_core.records.catalogue import catalogue
from rcs_core.records.ingest import Records
from rcs_core.records.link import EXTRACTS, NOT_IN_CENSUS, Linked
from rcs_core.vocab import Survey

SIDES = ("school_code", "stage", "sex", "simd_quintile")
_NO_SEX = "A form that is not in the census has no known sex or deprivation: those are told of the roll instead."


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the report: its key, title, a remark, and the rows as they are read."""

    key: str
    title: str
    note: str
    frame: pd.DataFrame


def said(count: int, least: int) -> str:
    """A count as the report writes it: nothing is nothing, a small count is not written out."""
    return f"{count:,}" if count == 0 or count >= least else f"fewer than {least}"


def rate(part: int, whole: int, least: int) -> str:
    """A share in whole per cent; blank of a group that is itself too small."""
    return f"{round(100 * part / whole)}%" if whole >= least else ""


def came(report: CheckReport, code: str) -> pd.DataFrame:
    """Every form of one survey as the check marked it, left out or not."""
    survey = Survey(code)
    frame = report.tables[survey.file]
    if survey.file == f"survey_{code}":
        return frame
    return frame[frame["stage"].isin(catalogue().surveys[code].stages)]


def pupil_surveys(linked: Linked) -> list[str]:
    """The surveys whose forms are looked for in the pupil census."""
    return [code for code in linked.surveys if Survey(code).of_pupils]


def forms(report: CheckReport, records: Records, linked: Linked, least: int) -> Section:
    """What became of each survey's forms, to the row."""
    rows = []
    for code in pupil_surveys(linked):
        frame = came(report, code)
        why, joined = frame["_why"], len(linked.surveys[code])
        lost = int(why.eq(NOT_IN_CENSUS).sum()) + len(records.surveys[code]) - joined
        out, twice = int(why.eq(CODE).sum()), int(why.eq("answered_twice").sum())
        other = len(frame) - joined - lost - out - twice
        counts = [said(n, least) for n in (len(frame), joined, lost, twice, out, other)]
        rows.append([code, *counts, rate(joined, joined + lost, least)])
    columns = [
        "survey",
        "forms",
        "linked",
        "not in the census",
        "answered twice",
        "opted out",
        "left out otherwise",
        "match rate",
    ]
    note = "Match rate: of the forms that may be used, those whose pupil is in the pupil census."
    return Section("forms", "Forms linked to the pupil census", note, pd.DataFrame(rows, columns=columns))


def form_rates(report: CheckReport, linked: Linked, least: int) -> Section:
    """Match rates by what the form itself says: school and stage."""
    rows = []
    for code in pupil_surveys(linked):
        frame = came(report, code)
        frame = frame[frame["_mark"].eq("") | frame["_why"].eq(NOT_IN_CENSUS)]
        for side in ("school_code", "stage"):
            for value, part in frame.groupby(side, sort=True):
                found = int(part["_mark"].eq("").sum())
                rows.append([code, side, value, *_counts(len(part), found, least)])
    columns = ["survey", "by", "code", "forms", "not in the census", "match rate"]
    return Section("form_rates", "Match rate of forms, by school and stage", _NO_SEX, pd.DataFrame(rows, columns=columns))


def _counts(whole: int, found: int, least: int) -> list[str]:
    return [said(whole, least), said(whole - found, least), rate(found, whole, least)]


def roll_rates(linked: Linked, least: int) -> Section:
    """Of the roll, the pupils with a form of each survey, and with a record in each extract."""
    rows = []
    for name, roll in _against_roll(linked):
        for side in SIDES:
            for value, part in roll.groupby(side, sort=True):
                rows.append([name, side, value, said(len(part), least), rate(int(part["there"].sum()), len(part), least)])
    columns = ["file", "by", "code", "pupils on the roll", "found in the file"]
    note = "Surveys: of the roll of their stages. A low share of an extract is no fault: most pupils are in no contact."
    return Section("roll_rates", "Pupils of the roll found in each file", note, pd.DataFrame(rows, columns=columns))


def _against_roll(linked: Linked) -> Iterator[tuple[str, pd.DataFrame]]:
    for code in pupil_surveys(linked):
        roll = linked.roll[linked.roll["stage"].isin(catalogue().surveys[code].stages)]
        yield code, roll.assign(there=roll["pupil_id"].isin(linked.surveys[code]["pupil_id"]))
    if linked.linked:
        for name in linked.extracts:
            roll = linked.roll[linked.roll["contact"].ne("unknown")]
            yield name, roll.assign(there=roll["contact"].isin([f"{name}_only", "both"]))


def extract_rates(report: CheckReport, linked: Linked, least: int) -> Section:
    """Children of each extract found in the pupil census, by the stage that the extract gives."""
    rows = []
    for name in (e for e in EXTRACTS if linked.linked and e in report.tables):
        once = report.tables[name].drop_duplicates("pupil_id")
        found = once["_why"].ne(NOT_IN_CENSUS)
        rows.append([name, "all", *_counts(len(once), int(found.sum()), least)])
        rows += [
            [name, str(stage), *_counts(len(p), int(found[p.index].sum()), least)]
            for stage, p in once.groupby("stage", sort=True)
        ]
    note = "Without linkage (none, aggregate) an extract's pseudonyms mean nothing here, and nothing is told."
    columns = ["extract", "stage", "children", "not in the census", "match rate"]
    return Section("extract_rates", "Extracts linked to the pupil census", note, pd.DataFrame(rows, columns=columns))


def duplicates(report: CheckReport, least: int) -> Section:
    """Pupils who answered twice, in two schools, or in two surveys."""
    files = {s.file: report.tables[s.file] for s in Survey if s.of_pupils and s.file in report.tables}
    rows = []
    for stem, frame in files.items():
        held = frame[frame["pupil_id"] != ""]
        each = held.groupby("pupil_id")
        twice, schools = int((each.size() > 1).sum()), int((each["school_code"].nunique() > 1).sum())
        rows += [[stem, "answered more than once", said(twice, least)], [stem, "answered in two schools", said(schools, least)]]
    names = list(files)
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            both = len(set(files[one]["pupil_id"]) & set(files[other]["pupil_id"]) - {""})
            rows.append([f"{one}, {other}", "answered both", said(both, least)])
    note = "Of forms of one pupil in one file the first usable one is kept."
    return Section("duplicates", "The same pupil more than once", note, pd.DataFrame(rows, columns=["file", "what", "pupils"]))


def opt_outs(records: Records, linked: Linked, least: int) -> Section:
    """Opt-outs by scope and route, and how many of them are of pupils on the roll."""
    columns = ["what", "code", "pupils"]
    if records.opt_outs is None:
        return Section(
            "opt_outs", "Opt-outs", "No opt_outs file came: nobody is taken to have opted out.", pd.DataFrame(columns=columns)
        )
    frame = records.opt_outs
    rows = [
        [side, code, said(part["pupil_id"].nunique(), least)] for side in ("scope", "route") for code, part in frame.groupby(side)
    ]
    there = frame.loc[frame["pupil_id"].isin(linked.roll["pupil_id"]), "pupil_id"].nunique()
    rows.append(["on the roll", "", said(int(there), least)])
    note = "The lawful basis is a public task with the right to opt out: who is not in this file has not consented."
    return Section("opt_outs", "Opt-outs", note, pd.DataFrame(rows, columns=columns))
