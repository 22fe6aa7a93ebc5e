"""Is a school further from the whole area than chance and ordinary variation would put it? The funnel of one question.

The limits come from the build: exact binomial limits about the council's share for the answers a school has, widened
for how much schools differ anyway. A school outside the outer limits is a reason to ask, not a ranking, so schools
stand by name. A school whose share is hidden or unreliable is not in the funnel, and how many those are is said.
"""

from dataclasses import dataclass

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import AreaLevel, CellState
from rcs_core.workshop import evidence, told
from rcs_core.workshop.evidence import Indicator, SurveyInfo, listed, number, text
from rcs_core.workshop.profiles import NO_SHARE

WITHIN, ABOVE, BELOW = "Within the outer limits", "Above them: more need", "Below them: less need"
SERIES = {"within": WITHIN, "above": ABOVE, "below": BELOW}
SIDE = {"above": "more need", "below": "less need"}
ASK_NOTE = (
    "A school outside the outer limits differs by more than chance and ordinary variation; it is a reason to ask, not a ranking. "
    "Schools serve different children: the funnel does not allow for that."
)


@dataclass(frozen=True, slots=True)
class Dot:
    """One school: its answers, its share with need, and the limits for a school of so many answers."""

    name: str
    answers: int
    pct: float
    low_95: float
    high_95: float
    low_998: float
    high_998: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Funnel:
    """The funnel of one question: its dots, the council's share, who is not drawn, its sentence and its notes."""

    dots: tuple[Dot, ...]
    middle: float | None
    hidden: int
    unreliable: int
    headline: str
    basis: str
    caption: str
    notes: tuple[str, ...]

    @property
    def outside(self) -> tuple[Dot, ...]:
        """The schools outside the outer limits, by name."""
        return tuple(d for d in self.dots if d.verdict != "within")

    def frame(self) -> pd.DataFrame:
        """The schools as a reader sees them, by name."""
        rows = [
            (d.name, d.answers, f"{d.pct:.0f}", _span(d.low_95, d.high_95), _span(d.low_998, d.high_998), SERIES[d.verdict])
            for d in self.dots
        ]
        columns = ["School", "Answered", "% with need", "95% limits", "99.8% limits", "What it says"]
        return pd.DataFrame(rows, columns=columns)

    def points(self) -> pd.DataFrame:
        """The schools as a chart draws them, from the fewest answers, with the limits at each; names only of those outside."""
        dots = sorted(self.dots, key=lambda d: d.answers)
        most = max((d.answers for d in dots), default=0)
        rows = [
            (d.name, d.answers, d.pct, d.low_95, d.high_95, d.low_998, d.high_998, SERIES[d.verdict],
             d.name if d.verdict != "within" else "", d.answers > most / 2, self.middle)
            for d in dots
        ]  # fmt: skip
        columns = ["label", "answers", "pct", "low_95", "high_95", "low_998", "high_998", "series", "named", "right", "middle"]
        return pd.DataFrame(rows, columns=columns)

    def words(self) -> str:
        """The picture in words, for those who cannot see it."""
        out = [f"{d.name} {d.pct:.0f}%, outer limits {_span(d.low_998, d.high_998)}" for d in self.outside]
        whole = f"around {self.middle:.0f}% for the whole area" if self.middle is not None else ""
        return f"{len(self.dots)} schools by their number of answers and share with need {whole}. " + (
            f"Outside the outer limits: {'; '.join(out)}." if out else "None is outside the outer limits."
        )


def asked(release: Release, survey: str) -> list[Indicator]:
    """The questions with a funnel of schools: never a sensitive topic, which stays at council level."""
    wave = evidence.current_wave(release, survey)
    schools = {a.code for a in _schools(release, survey)}
    told_of = {text(r["indicator"]) for r in told.rows_of(release, "funnel", survey, wave=wave) if text(r["area"]) in schools}
    return [i for i in evidence.indicators(release, survey) if i.code in told_of and not i.sensitive]


def funnel(release: Release, survey: str, indicator: Indicator) -> Funnel:
    """The funnel of one question."""
    info, council = evidence.survey(release, survey), evidence.council(release)
    rows = told.rows_of(release, "funnel", survey, wave=info.wave, indicator=indicator.code)
    found = {text(r["area"]): r for r in rows}
    shares = evidence.shares(release, f"{survey}_area", indicator=indicator.code)
    schools = _schools(release, survey)
    dots = tuple(_dot(a.name, found[a.code]) for a in sorted(schools, key=lambda a: a.name) if a.code in found)
    states = [shares.get((a.code,), NO_SHARE).pct.state for a in schools if a.code not in found]
    unreliable = sum(state is CellState.UNRELIABLE for state in states)
    whole = shares.get((council.code,), NO_SHARE).of_need(indicator)
    spread = next((number(r["overdispersion"]) for r in rows), None)
    return Funnel(
        dots=dots,
        middle=whole.pct.value,
        hidden=len(states) - unreliable,
        unreliable=unreliable,
        headline=_headline(dots, indicator, info),
        basis=_basis(info, council.name, whole.pct.text()),
        caption=_caption(len(dots), len(states) - unreliable, unreliable),
        notes=(*_notes(spread), *_together(release, survey)),
    )


def overview(release: Release, survey: str) -> pd.DataFrame:
    """Every question with how many schools its funnel holds and which are outside the outer limits."""
    rows = []
    for asked_ in asked(release, survey):
        found = funnel(release, survey, asked_)
        rows.append((asked_.label, len(found.dots), len(found.outside), listed(_outside(d) for d in found.outside)))
    return pd.DataFrame(rows, columns=["Question", "Drawn", "Outside", "Which"])


def overview_headline(release: Release, survey: str) -> tuple[str, str]:
    """In how many questions a school is outside, and what that rests on."""
    info, found = evidence.survey(release, survey), overview(release, survey)
    out = int((found["Outside"] > 0).sum())
    said = f"On {out} of {len(found)} questions at least one school is outside the outer limits, for {info.children}."
    if not out:
        said = f"On none of {len(found)} questions is a school outside the outer limits, for {info.children}."
    looked = int(found["Drawn"].sum())
    return said, (
        f"{looked:,} dots were looked at, over questions and schools. With no true difference, about 1 in 500 falls outside by "
        f"chance. Source: {info.source}."
    )


def _schools(release: Release, survey: str) -> list[evidence.Area]:
    """The schools of a survey that stand alone: small ones that are told together are in no funnel."""
    return [a for a in evidence.areas(release, f"{survey}_area") if a.level is AreaLevel.SCHOOL and not a.members]


def _dot(name: str, row: dict[str, object]) -> Dot:
    pct, low, high, least, most = (number(row[c]) or 0.0 for c in ("pct", "low_95", "high_95", "low_998", "high_998"))
    return Dot(name, int(number(row["answers"]) or 0), pct, low, high, least, most, text(row["verdict"]))


def _span(low: float, high: float) -> str:
    return f"{low:.0f} to {high:.0f}"


def _outside(dot: Dot) -> str:
    return f"{dot.name} ({SIDE[dot.verdict]})"


def _headline(dots: tuple[Dot, ...], asked: Indicator, info: SurveyInfo) -> str:
    out = [d for d in dots if d.verdict != "within"]
    of = f"{asked.need}, {info.children}"
    if not dots:
        return f"{of}: no school's share can be shown, so there is no funnel."
    if not out:
        drawn = "the one school drawn lies" if len(dots) == 1 else f"all {len(dots)} schools drawn lie"
        return f"{of}: {drawn} where chance and ordinary variation would put {'it' if len(dots) == 1 else 'them'}."
    many = "1 of {} schools lies" if len(out) == 1 else f"{len(out)} of {{}} schools lie"
    which = f": {listed(f'{d.name} with {d.pct:.0f}% ({SIDE[d.verdict]})' for d in out)}" if len(out) <= 3 else ""
    return f"{of}: {many.format(len(dots))} outside the outer limits{which}."


def _basis(info: SurveyInfo, council: str, whole: str) -> str:
    middle = f"The middle line is {council} as a whole, {whole}%. " if whole.isdigit() else ""
    return f"{middle}About 1 school in 500 falls outside the outer limits by chance alone. Source: {info.source}."


def _caption(drawn: int, hidden: int, unreliable: int) -> str:
    """How many schools are not drawn, and why."""
    if not hidden + unreliable:
        return "The one school with answers is drawn." if drawn == 1 else f"All {drawn} schools with answers are drawn."
    whys = [
        f"{hidden} hidden [c] so that no child can be singled out" if hidden else "",
        f"{unreliable} with too few answers to be reliable [u]" if unreliable else "",
    ]
    many = hidden + unreliable
    return f"{many} of {drawn + many} schools {'is' if many == 1 else 'are'} not drawn: {listed(w for w in whys if w)}."


def _together(release: Release, survey: str) -> list[str]:
    """A note where small schools are told together."""
    some = any(a.members for a in evidence.areas(release, f"{survey}_area"))
    return ["Small schools that are told together are not drawn: several schools are no one school."] if some else []


def _notes(spread: float | None) -> list[str]:
    times = f"{spread or 1:.1f} times that of chance"
    wide = f"On this question the variance between schools is {times}; the limits are widened for it."
    return [
        "The fewer answers a school has, the further chance may put it from the whole area: hence the shape of a funnel.",
        ASK_NOTE,
        *([wide] if spread is not None and spread > 1 else []),
    ]
