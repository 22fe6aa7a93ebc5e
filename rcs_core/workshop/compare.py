"""Where does need differ? Each cluster against the rest of the area, as the build told it: all questions, or one.

A cluster is set against the children of all other clusters, never against a total that it is part of. What stands out
does so after allowing for how many comparisons were made; clusters stand by name and are not ranked.
"""

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import CellState
from rcs_core.workshop import evidence, told
from rcs_core.workshop.evidence import Indicator, SurveyInfo, text
from rcs_core.workshop.profiles import NO_SHARE
from rcs_core.workshop.told import Kind, Line, Told

VERDICTS = {"higher": Kind.MORE, "lower": Kind.LESS, "no_clear_difference": Kind.SAME}
NAMES = ("More need than the rest", "Less need than the rest", "No clear difference")
MARKS = {Kind.MORE: "▲", Kind.LESS: "▼", Kind.SAME: "•"}
REST_NOTE = (
    "A cluster is compared with the children of all other clusters. It stands out only where the difference is more than would "
    "come and go between schools by chance, after allowing for how many comparisons were made."
)
ASK_NOTE = "What stands out is a reason to ask why, with people who know the place. It does not say what causes it."


def asked(release: Release, survey: str) -> list[Indicator]:
    """The questions that clusters are compared on: never a sensitive topic, which stays at council level."""
    found = told.asked_in(release, survey, "comparisons", wave=evidence.current_wave(release, survey))
    return [i for i in found if not i.sensitive]


def every(release: Release, survey: str) -> Told:
    """Every question in every cluster: what stands out in words, and all of it as a grid."""
    info, questions = evidence.survey(release, survey), asked(release, survey)
    pairs = [(i, line) for i in questions for line in _lines(release, info, i, by_cluster=False)]
    lines = tuple(line for _, line in pairs)
    return Told(
        lines=lines,
        row_title="Question",
        measure="Difference from the rest",
        names=NAMES,
        headline=_headline(lines, info),
        basis=_basis(release, info),
        standing_out=tuple(f"{line.place}, {i.need}: {line.says}" for i, line in pairs if line.stands_out),
        notes=(REST_NOTE, ASK_NOTE, *told.reasons_kept(lines)),
    )


def one(release: Release, survey: str, indicator: Indicator) -> Told:
    """One question in every cluster, by name."""
    info = evidence.survey(release, survey)
    lines = tuple(_lines(release, info, indicator, by_cluster=True))
    return Told(
        lines=lines,
        row_title="School cluster",
        measure="Difference from the rest",
        names=NAMES,
        headline=_one_headline(lines, indicator, info),
        basis=_basis(release, info),
        standing_out=tuple(f"{line.place}: {line.says}" for line in lines if line.stands_out),
        notes=(REST_NOTE, ASK_NOTE, *told.reasons_kept(lines), "Clusters stand by name: the order says nothing about them."),
    )


def grid(found: Told) -> pd.DataFrame:
    """Every line as a square of a grid: its question, its cluster, and the mark of its verdict."""
    series = dict(zip((Kind.MORE, Kind.LESS, Kind.SAME), found.names, strict=True))
    order = {label: k for k, label in enumerate(dict.fromkeys(line.label for line in found.lines))}
    rows = []
    for line in found.lines:
        mark = MARKS.get(line.kind) or "".join(line.why_not.partition("[")[1:]) or "–"
        place = line.place.removesuffix(" cluster")
        rows.append((line.label, order[line.label], place, series.get(line.kind, "Not shown"), mark, line.says))
    return pd.DataFrame(rows, columns=["label", "order", "place", "series", "mark", "says"])


def by_cluster(release: Release, survey: str, indicator: Indicator) -> dict[str, Line]:
    """What is told of each cluster on one question, by the cluster's code."""
    return dict(_by_code(release, evidence.survey(release, survey), indicator, by_cluster=True))


def _lines(release: Release, info: SurveyInfo, asked: Indicator, by_cluster: bool) -> list[Line]:
    return [line for _, line in _by_code(release, info, asked, by_cluster)]


def _by_code(release: Release, info: SurveyInfo, asked: Indicator, by_cluster: bool) -> list[tuple[str, Line]]:
    table = f"{info.code}_area"
    rows = {text(r["area"]): r for r in told.rows_of(release, "comparisons", info.code, wave=info.wave, indicator=asked.code)}
    shares = evidence.shares(release, table, indicator=asked.code)
    found = []
    for area in evidence.areas(release, table):
        if area.code in rows:
            share, row = shares.get((area.code,), NO_SHARE).of_need(asked), rows[area.code]
            kind = VERDICTS.get(text(row["verdict"]), Kind.UNTOLD)
            value, low, high = told.figures(row, "difference")
            why = told.not_shown(row.get("reason"), share)
            says, why_not = why if kind is Kind.UNTOLD else _says(kind, value, low, high)
            label = area.name if by_cluster else asked.label
            beside = (("% with need", share.pct.text()),)
            found.append((area.code, Line(label, area.name, kind, value, low, high, says, why_not, beside)))
    return found


def _says(kind: Kind, value: float | None, low: float | None, high: float | None) -> tuple[str, str]:
    more = {Kind.MORE: "more need than the rest of the area", Kind.LESS: "less need than the rest of the area"}
    if value is None:
        verdict = more.get(kind, "no clear difference")
        return (
            f"{verdict}; by how much is {evidence.why(CellState.SUPPRESSED)}",
            f"{verdict.removesuffix(' than the rest of the area')}, size [c]",
        )
    if kind is Kind.SAME:
        return f"no clear difference ({told.span(low, high)})", ""
    return f"{told.points(value)} {more[kind]} ({told.size(low, high, value)})", ""


def _headline(lines: tuple[Line, ...], info: SurveyInfo) -> str:
    out = [line for line in lines if line.stands_out]
    seen = sum(line.kind is not Kind.UNTOLD for line in lines)
    if not seen:
        return f"No cluster can be compared with the rest of the area for {info.children}: {_why_none(lines)}."
    if not out:
        return (
            f"None of {seen} comparisons stands out: no cluster clearly differs from the rest of the area, for {info.children}."
        )
    places, questions = len({line.place for line in out}), len({line.label for line in out})
    return (
        f"{len(out)} of {seen} comparisons stand{'s' if len(out) == 1 else ''} out, in {places} "
        f"cluster{'' if places == 1 else 's'} and on {questions} question{'' if questions == 1 else 's'}, for {info.children}."
    )


def _clusters(many: int) -> str:
    return f"{many} cluster{'' if many == 1 else 's'}"


def _why_none(lines: tuple[Line, ...]) -> str:
    """Why no line is told: what every line says of itself, else that some are hidden."""
    hidden = [line for line in lines if "[" in line.why_not]
    if len(hidden) == len(lines):
        return f"the figures are hidden [c], {evidence.NO_CHILD}, or rest on too few answers [u]"
    says = sorted({line.says.removeprefix("not shown: ") for line in lines if line not in hidden})
    return "; ".join(["some figures are hidden [c] or rest on too few answers [u]", *says] if hidden else says)


def _one_headline(lines: tuple[Line, ...], asked: Indicator, info: SurveyInfo) -> str:
    seen = [line for line in lines if line.kind is not Kind.UNTOLD]
    out = [line for line in seen if line.stands_out]
    of = f"{asked.need}, {info.children}"
    if not seen:
        return f"{of}: no cluster can be compared with the rest of the area: {_why_none(lines)}."
    if not out:
        return f"{of}: none of {_clusters(len(seen))} clearly differs from the rest of the area."
    verb = "differs" if len(out) == 1 else "differ"
    return f"{of}: {len(out)} of {_clusters(len(seen))} {verb} clearly from the rest of the area."


def _basis(release: Release, info: SurveyInfo) -> str:
    """How many comparisons: questions times clusters, where every pair could be tested."""
    rows = told.rows_of(release, "comparisons", info.code, wave=info.wave)
    questions, clusters = len({text(r["indicator"]) for r in rows}), len({text(r["area"]) for r in rows})
    page = told.tested(release, info.code, "clusters")
    what = f"{questions} questions × {clusters} clusters = {{tests}} comparisons"
    if page is not None and page[0] != questions * clusters:
        what = f"{{tests}} comparisons could be made, over {questions} questions and {clusters} clusters"
    return f"{told.tally(release, info.code, 'clusters', what)} Source: {info.source}.".strip()
