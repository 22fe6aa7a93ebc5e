"""Each outcome's need beside its money, for one survey: a quadrant in four plain labels, and spend per child in need.

An outcome's need is that of its question with the most children in need. More and less are against the middle outcome of
the same survey, by need and by preventative spend. Nothing here says that money changes need, or need money.
"""

from dataclasses import dataclass, replace
from statistics import median

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import CellState, Label
from rcs_core.workshop import evidence
from rcs_core.workshop.evidence import Indicator, Share, SurveyInfo, listed, number, text
from rcs_core.workshop.need_money.outcomes import Outcome, OutcomeSpend, Range, outcomes
from rcs_core.workshop.need_money.per_child import PerChild, children_in_need
from rcs_core.workshop.spend_map.money import Headline, gbp, source, spend, years

SEVERAL_NEEDS = "multiple_risks"
"""The count of needs at once: it is made of the other questions and belongs to no single outcome."""
FEWEST = 3
"""Outcomes with need and money that are needed before one can be called more or less than the middle one."""


class Side(Label):
    """Where an outcome stands: its need and its preventative spend, each against the middle outcome."""

    MORE_LESS = "more_need_less_prevention", "More need, less prevention"
    MORE_MORE = "more_need_more_prevention", "More need, more prevention"
    LESS_LESS = "less_need_less_prevention", "Less need, less prevention"
    LESS_MORE = "less_need_more_prevention", "Less need, more prevention"


@dataclass(frozen=True, slots=True)
class Need:
    """One question: the share of children with need, and how many children that is where the roll is published."""

    indicator: Indicator
    share: Share
    children: PerChild | None

    @property
    def pct(self) -> float:
        """The share with need, per cent."""
        return self.share.pct.value or 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """One outcome: its money, its questions from the most need, where it stands, and whether the intervals leave no doubt."""

    spend: OutcomeSpend
    needs: tuple[Need, ...]
    side: Side | None = None
    sure: bool = False
    veiled: bool = False
    """Whether its money is the price of a single bought service, on the big screen."""

    @property
    def lead(self) -> Need | None:
        """The question with the most children in need, of those whose definition was checked."""
        return next((n for n in self.needs if n.indicator.verified), None)


@dataclass(frozen=True, slots=True)
class Beside:
    """What a page shows: the rows, their headline, the sentences on more need and less prevention, and the notes."""

    rows: tuple[Row, ...]
    by: Outcome
    survey: SurveyInfo
    middle_need: float | None
    middle_spend: float | None
    headline: Headline
    standing_out: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def drawn(self) -> tuple[Row, ...]:
        """The outcomes that have a place in the quadrant."""
        return tuple(r for r in self.rows if r.side and r.lead and not r.veiled)

    def points(self) -> pd.DataFrame:
        """The quadrant as a chart draws it: an outcome a row, need in per cent and preventative spend in £ million."""
        rows = [
            (r.spend.label, k, r.side.label, n.pct, n.share.low, n.share.high, *_millions(r.spend.preventative), _says(r, n))
            for k, r in enumerate(self.drawn)
            if (n := r.lead) and r.side
        ]
        columns = ["label", "order", "series", "pct", "low", "high", "millions", "millions_low", "millions_high", "says"]
        return pd.DataFrame(rows, columns=columns)

    def numbers(self) -> pd.DataFrame:
        """Every question beside its outcome's money: the share, the children, the spend, and spend per child in need."""
        return pd.DataFrame([_numbers(r, n, self.by) for r in self.rows for n in r.needs])

    def words(self) -> str:
        """The quadrant in words, for those who cannot see it."""
        said = [
            f"{side.label}: {listed(found)}" for side in Side if (found := [r.spend.label for r in self.rows if r.side is side])
        ]
        return f"Need against preventative spend by {self.by.one}. {'; '.join(said)}." if said else ""


def surveys(release: Release) -> list[SurveyInfo]:
    """The surveys that need can be read from."""
    return evidence.surveys(release)


def beside(release: Release, by: Outcome, survey: str, big_screen: bool = False) -> Beside:
    """The need of one survey beside the money, by outcome; the most need first."""
    info = evidence.survey(release, survey)
    asked = _needs(release, by, info)
    spent = outcomes(release, by, big_screen)
    rows = [Row(money, asked.get(money.code, ()), veiled=money.veiled) for money in spent if money.code]
    placed = [r for r in rows if r.lead]
    need, money = _middle(placed)
    rows = [_placed(r, need, money) for r in rows]
    rows.sort(key=lambda r: (-(r.lead.pct if r.lead else -1.0), r.spend.label))
    out = tuple(_sentence(r, info) for r in rows if r.side is Side.MORE_LESS)
    notes = _notes(by, info, rows, sum(o.whole.main for o in spent if not o.code and "main" not in o.kept))
    return Beside(tuple(rows), by, info, need, money, _headline(release, rows, by, info), out, tuple(n for n in notes if n))


def _needs(release: Release, by: Outcome, info: SurveyInfo) -> dict[str, tuple[Need, ...]]:
    found: dict[str, list[Need]] = {}
    frame = release.frame("indicators")
    of = {str(r["indicator"]): text(r[by.value]) for r in frame[frame["survey"] == info.code].to_dict("records")}
    shares = evidence.shares(release, f"{info.code}_area", area=evidence.council(release).code)
    roll = _roll(release, info)
    for asked in evidence.indicators(release, info.code):
        share = shares.get((asked.code,), evidence.share({})).of_need(asked)
        if share.shown and asked.code != SEVERAL_NEEDS:
            need = Need(asked, share, children_in_need(share, roll, release.manifest.min_cell))
            found.setdefault(of[asked.code], []).append(need)
    return {code: tuple(sorted(needs, key=lambda n: (-n.pct, n.indicator.label))) for code, needs in found.items()}


def _roll(release: Release, info: SurveyInfo) -> int | None:
    frame = evidence.current(release, "surveys")
    found = number(next(iter(frame.loc[frame["survey"] == info.code, "roll"]), None)) if "roll" in frame else None
    return int(found) if found and info.of_pupils else None


def _middle(placed: list[Row]) -> tuple[float | None, float | None]:
    if len(placed) < FEWEST:
        return None, None
    return median(r.lead.pct for r in placed if r.lead), median(r.spend.preventative.main for r in placed)


def _placed(row: Row, need: float | None, money: float | None) -> Row:
    lead, spent = row.lead, row.spend.preventative
    if lead is None or need is None or money is None:
        return row
    more, much = lead.pct > need, spent.main > money
    side = (Side.MORE_MORE if much else Side.MORE_LESS) if more else (Side.LESS_MORE if much else Side.LESS_LESS)
    apart = _apart(lead.share.low, lead.share.high, need) and _apart(spent.low, spent.high, money)
    return replace(row, side=side, sure=apart)


def _apart(low: float | None, high: float | None, middle: float) -> bool:
    """Whether a range lies wholly on one side of the middle."""
    return low is not None and high is not None and not low <= middle <= high


def _headline(release: Release, rows: list[Row], by: Outcome, info: SurveyInfo) -> Headline:
    placed = [r for r in rows if r.side]
    frame = spend(release)
    basis = (
        f"Need: the question of each {by.one} with the most {info.children} in need, {info.wave}. Money: preventative spend in "
        f"{years(frame)} as tagged, at any age. More and less: against the middle one of {len(placed)}. {source(release, frame)}"
    )
    if not placed:
        return Headline(
            f"Need and money cannot be set side by side: fewer than {FEWEST} {by.many} have a share that may be shown.", basis
        )
    found = [r for r in placed if r.side is Side.MORE_LESS]
    if not found:
        return Headline(f"No {by.one} has both more need and less preventative spend than the middle one.", basis)
    names = listed(f"*{r.spend.label}*" for r in found)
    return Headline(f"Need is high and preventative spend low, against the middle {by.one}, on {names}.{_doubt(found)}", basis)


def _doubt(found: list[Row]) -> str:
    sure = sum(r.sure for r in found)
    return (
        "" if sure == len(found) else " The ranges do not settle it for all of them." if sure else " The ranges do not settle it."
    )


def _sentence(row: Row, info: SurveyInfo) -> str:
    lead = row.lead
    if lead is None:
        return ""
    said = f"**{row.spend.label}**: {_need_words(lead, info)}, beside {_money_words(row)}."
    if row.sure:
        return f"{said} Both ranges lie on that side of the middle."
    return f"{said} A range reaches over the middle, so it may be otherwise."


def _need_words(need: Need, info: SurveyInfo) -> str:
    return f"{need.pct:.0f}% of {info.children} on {need.indicator.need} (95% interval {need.share.interval()})"


def _money_words(row: Row) -> str:
    spent = row.spend.preventative
    if row.veiled:
        return "preventative spend that is one bought service's price, which is not on the big screen"
    if spent.low == spent.high:
        return f"{gbp(spent.main)} of preventative spend"
    return f"{gbp(spent.main)} of preventative spend ({gbp(spent.low)} to {gbp(spent.high)} as tags and outcomes may be read)"


def _millions(spent: Range) -> tuple[float, float, float]:
    return spent.main / 1e8, spent.low / 1e8, spent.high / 1e8


def _says(row: Row, need: Need) -> str:
    return f"{need.indicator.label}: {need.pct:.0f}% ({need.share.interval()}), {row.spend.preventative.said()} preventative"


def _numbers(row: Row, need: Need, by: Outcome) -> dict[str, object]:
    spent = row.spend.preventative
    amounts = [None if row.veiled else pence / 100 for pence in (spent.main, spent.low, spent.high)]
    return {
        by.one.capitalize(): row.spend.label,
        "Question": need.indicator.label,
        "% with need": need.share.pct.text(),
        "95% interval": need.share.interval(),
        **dict(
            zip(("Preventative spend (£)", "Preventative spend, low (£)", "Preventative spend, high (£)"), amounts, strict=True)
        ),
        **_each_child(row, need.children),
        "Against the middle": row.side.label if row.side and need is row.lead else "",
    }


def _each_child(row: Row, children: PerChild | None) -> dict[str, str]:
    columns = (
        "Children in need, about", "Children, from to", "Preventative spend per child in need (£)",
        "Per child in need, from to (£)", "All spend per child in need, from to (£)",
    )  # fmt: skip
    if children is None:
        return dict.fromkeys(columns, CellState.NOT_COLLECTED.mark)
    spent, whole = row.spend.preventative, row.spend.whole
    each = (children.pounds(spent.main), children.pounds_range(spent), children.pounds_range(whole))
    each = ("", "", "") if row.veiled else each
    return dict(zip(columns, (children.said, children.interval, *each), strict=True))


def _notes(by: Outcome, info: SurveyInfo, rows: list[Row], none: int) -> list[str]:
    quiet = [r.spend.label for r in rows if not r.needs]
    return [
        "Need and money stand side by side; neither is said to make the other. Support may be why need looks low, and need may "
        "be why money is there.",
        *_counted(info, rows),
        f"Different questions are different things: a high share on one is not the same as on another, and a {by.one} with more "
        "questions has more chances of a high one.",
        f"Nothing was asked, or nothing may be shown, on {listed(quiet)}." if quiet else "",
        f"{gbp(none)} is of services with no {by.one} in the register (a merged group keeps only what all its services share)."
        if none
        else "",
    ]


def _counted(info: SurveyInfo, rows: list[Row]) -> list[str]:
    if not any(n.children for r in rows for n in r.needs):
        return [f"Children in need are not known here: no roll is published for {info.children}, and none is made up."]
    return [
        f"Children in need: the share times the roll of the stages asked, to the nearest ten. Source: {info.source}. The range "
        "per child in need goes from the low spend over the most children to the high spend over the fewest.",
        f"The money is for children of every age, as nobody knows how it parts by age; the need is of {info.children}. So spend "
        "per child in need is as if all of it were for them: too high as an average for these ages.",
    ]
