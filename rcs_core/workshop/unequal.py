"""Is need shared fairly? The most against the least deprived fifth, in points and as a ratio, and the slope over all five.

The build made the measures with intervals of the kind that asks *would it recur*; here they become sentences. Of the
whole council area only. Positive points, and a ratio above 1, mean more need where deprivation is greater.
"""

from dataclasses import dataclass

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import CellState, SimdQuintile
from rcs_core.workshop import evidence, told
from rcs_core.workshop.evidence import Indicator, Share, SurveyInfo, number, text
from rcs_core.workshop.profiles import NO_SHARE

MOST, LEAST = "Most deprived fifth", "Least deprived fifth"
MEASURES = {
    "gap": ("Gap", "points", "Most deprived fifth less the least deprived fifth."),
    "ratio": ("Ratio", "times", "The share of the most deprived fifth over that of the least; 1 is equal."),
    "slope_index": (
        "Slope index",
        "points",
        "How far need rises from the least to the most deprived end, over all five.",
    ),
    "relative_index": ("Relative index", "times", "The slope divided by the share of all children; 0 is equal."),
}
HELP = (
    "The gap and the ratio look at the two ends only. The slope index draws a line through all five fifths, weighted by their "
    "children, so that the middle counts too; the relative index is that slope set against the share of all children, so that "
    "common and rare needs can be compared. Above 0 (for the ratio above 1): more need where deprivation is greater."
)
RECURS_NOTE = (
    "The interval of a gap asks whether it would recur with other children in such schools, so it is wider than the intervals of "
    "the two shares, which are of these children this year."
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of one question: its value with its interval, or the state that stands for it."""

    measure: str
    value: float | None
    low: float | None
    high: float | None
    state: CellState

    def said(self) -> str:
        """The value as a reader sees it."""
        if self.value is None:
            return self.state.mark or "–"
        return told.plain(self.value) if MEASURES[self.measure][1] == "points" else f"{self.value:.2f}".replace("-", "−")

    def span(self) -> str:
        """The interval as a reader sees it."""
        if self.low is None or self.high is None:
            return self.state.mark if self.value is None else ""
        if MEASURES[self.measure][1] == "points":
            return told.span(self.low, self.high)
        return f"{self.low:.2f} to {self.high:.2f}".replace("-", "−")

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out equality."""
        equal = 1.0 if self.measure == "ratio" else 0.0
        return self.low is not None and self.high is not None and not self.low <= equal <= self.high


@dataclass(frozen=True, slots=True)
class Fairness:
    """One question: the share with need of the two end fifths, and the measures between them."""

    indicator: Indicator
    most: Share
    least: Share
    figures: tuple[Figure, ...]

    def figure(self, measure: str) -> Figure:
        """One of the measures."""
        return next((f for f in self.figures if f.measure == measure), Figure(measure, None, None, None, CellState.SUPPRESSED))


@dataclass(frozen=True, slots=True)
class Unequal:
    """A view of fairness over questions or of one: its sentence, what it rests on, and the notes.

    sentences: one a question; clear: those of a clear gap.
    """

    rows: tuple[Fairness, ...]
    headline: str
    basis: str
    sentences: tuple[str, ...]
    clear: tuple[str, ...]
    notes: tuple[str, ...]

    def frame(self) -> pd.DataFrame:
        """Every question with its two ends and its measures."""
        rows = []
        for row in self.rows:
            ends = {f"{MOST}: %": row.most.pct.text(), f"{LEAST}: %": row.least.pct.text()}
            named = {f"{MEASURES[f.measure][0]} ({MEASURES[f.measure][1]})": f.said() for f in row.figures}
            spans = {f"{MEASURES[f.measure][0]}: 95% interval": f.span() for f in row.figures}
            both = {k: v for pair in zip(named.items(), spans.items(), strict=True) for k, v in pair}
            rows.append({"Question": row.indicator.label, **ends, **both})
        return pd.DataFrame(rows)

    def measures(self) -> pd.DataFrame:
        """The measures of the first question as rows, each with what it means."""
        rows = [(MEASURES[f.measure], f) for f in self.rows[0].figures] if self.rows else []
        columns = ("Measure", "Value", "95% interval", "What it means")
        said = [(f"{name} ({unit})", f.said(), f.span(), means) for (name, unit, means), f in rows]
        return pd.DataFrame(said, columns=list(columns))

    def points(self) -> pd.DataFrame:
        """The two ends of every question as a chart draws them."""
        lines = []
        for order, row in enumerate(self.rows):
            state = told.unshown(row.most, row.least)
            label = f"{row.indicator.label} ({state.said})" if state else row.indicator.label
            for series, share in ((MOST, row.most), (LEAST, row.least)):
                said = f"{share.pct.text()}%" if share.shown and series == MOST else ""
                value = share.pct.value if share.shown else None
                lines.append((label, order, series, value, share.low, share.high, said))
        return pd.DataFrame(lines, columns=["label", "order", "series", "pct", "low", "high", "said"])

    def words(self) -> str:
        """The picture in words, for those who cannot see it."""
        return "Share with need in the most and the least deprived fifth: " + "; ".join(self.sentences)


def asked(release: Release, survey: str) -> list[Indicator]:
    """The questions whose fairness the release tells."""
    return told.asked_in(release, survey, "inequality", wave=evidence.current_wave(release, survey))


def every(release: Release, survey: str) -> Unequal:
    """Every question, in the order they were asked."""
    info = evidence.survey(release, survey)
    rows = tuple(_fairness(release, info, i) for i in asked(release, survey))
    sentences = tuple(f"{r.indicator.need}: {_sentence(r)}" for r in rows)
    clear = tuple(s for s, row in zip(sentences, rows, strict=True) if row.figure("gap").is_clear)
    return Unequal(rows, _headline(rows, info), _basis(info), sentences, clear, tuple(_notes(rows, info)))


def one(release: Release, survey: str, indicator: Indicator) -> Unequal:
    """One question."""
    info = evidence.survey(release, survey)
    row = _fairness(release, info, indicator)
    sentence = f"{indicator.need}, {info.children}: {_sentence(row)}"
    return Unequal((row,), f"{sentence}.", _basis(info), (sentence,), (), tuple(_notes((row,), info)))


def _fairness(release: Release, info: SurveyInfo, asked: Indicator) -> Fairness:
    place = evidence.council(release).code
    shares = evidence.shares(release, f"{info.code}_simd", indicator=asked.code, area=place)
    most, least = (shares.get((q.value,), NO_SHARE).of_need(asked) for q in (SimdQuintile.Q1, SimdQuintile.Q5))
    rows = told.rows_of(release, "inequality", info.code, wave=info.wave, indicator=asked.code)
    figures = [
        Figure(text(r["measure"]), number(r["value"]), number(r["low"]), number(r["high"]), CellState(text(r["state"])))
        for r in rows
        if text(r["measure"]) in MEASURES
    ]
    return Fairness(asked, most, least, tuple(figures))


def _sentence(row: Fairness) -> str:
    """41% in the most deprived fifth, 29% in the least: a gap of 12 points (8 to 16)."""
    gap = row.figure("gap")
    if gap.value is None:
        few = gap.state is CellState.UNRELIABLE
        as_ = "too few children answered" if few else f"a fifth is hidden {evidence.NO_CHILD}"
        return f"not shown {gap.state.mark}, as {as_}"
    ends = f"{row.most.pct.text()}% in the most deprived fifth, {row.least.pct.text()}% in the least"
    ends = f"{ends}: " if row.most.shown and row.least.shown else ""
    if not gap.is_clear:
        return f"{ends}no clear gap ({gap.span()} points)"
    less = "" if gap.value > 0 else ", with less need where deprivation is greater"
    return f"{ends}a gap of {told.points(gap.value)} ({told.size(gap.low, gap.high, gap.value)}){less}"


def _headline(rows: tuple[Fairness, ...], info: SurveyInfo) -> str:
    gaps = [(r, r.figure("gap")) for r in rows]
    shown = [(r, g) for r, g in gaps if g.value is not None]
    if not shown:
        why = f"a fifth is hidden [c], {evidence.NO_CHILD}, or too few answered [u]"
        return f"No gap between deprivation fifths can be shown for {info.children}: {why}."
    clear = [(r, g) for r, g in shown if g.is_clear]
    hidden = f" {len(rows) - len(shown)} of {len(rows)} questions cannot be shown." if len(shown) < len(rows) else ""
    if not clear:
        none = f"On none of {len(shown)} questions is there a clear gap between the most and the least deprived fifth"
        return f"{none} of {info.children}.{hidden}"
    row, _ = max(clear, key=lambda found: abs(found[1].value or 0))
    return (
        f"On {len(clear)} of {len(shown)} questions there is a clear gap between the most and the least deprived fifth of "
        f"{info.children}. The widest is {row.indicator.need}: {_sentence(row)}.{hidden}"
    )


def _basis(info: SurveyInfo) -> str:
    return f"Deprivation by the SIMD fifth of a child's home; the whole council area. Source: {info.source}."


def _notes(rows: tuple[Fairness, ...], info: SurveyInfo) -> list[str]:
    gaps = [r.figure("gap") for r in rows]
    hidden = any(g.state is CellState.SUPPRESSED for g in gaps)
    plain = f"A gap is called clear where its own interval leaves out 0; over {len(rows)} questions, one may do so by chance."
    return [
        RECURS_NOTE,
        *([plain] if len(rows) > 1 else []),
        *(
            ["A gap is not shown [c] where one of the five fifths is hidden, as it could be worked out from the gap."]
            if hidden
            else []
        ),
        f"Asked of {info.children} only. Children whose deprivation is not known are left out.",
    ]
