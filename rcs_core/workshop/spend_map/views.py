"""The two pictures of the money: who pays, and how much of it prevents, with money that is not mapped always in sight."""

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import PreventionLevel
from rcs_core.workshop.spend_map.money import (
    PREVENTATIVE,
    UNMAPPED,
    Choice,
    Confidence,
    Headline,
    View,
    agency_label,
    chosen,
    exact,
    gbp,
    percent,
    points_frame,
    short,
    source,
    spend,
    unmapped,
    years,
)

AGENCY = [
    "Payer",
    "Spend (£)",
    "Share of mapped spend (%)",
    "Services",
    "Prevention, low (%)",
    "Prevention, high (%)",
]


@dataclass(frozen=True, slots=True)
class Prevention:
    """The share of the money that prevents, in per cent of `base` pence: a range, as tags and mapping are not certain.

    low: only levels tagged with high confidence count, and unmapped money counts as not preventative.
    high: levels tagged with medium and low confidence count too, and unmapped money counts as preventative.
    widest_high: as `high`, with every medium- and low-confidence tag of another level counted as preventative as well.
    """

    view: View
    low: float
    tagged: float
    high: float
    widest_high: float
    base: int


def by_agency(release: Release, choice: Choice | None = None) -> View:
    """Who pays, and at which levels of prevention; unmapped money is a bar of its own."""
    choice = choice or Choice()
    frame = spend(release, choice)
    paid = frame.groupby("agency")["pence"].sum().sort_values(ascending=False, kind="stable")
    whole = int(paid.sum())
    numbers = pd.DataFrame([_agency_row(frame, str(code), int(pence), whole) for code, pence in paid.items()], columns=AGENCY)
    points = [(agency_label(str(code)), int(pence), frame[frame["agency"] == code]) for code, pence in paid.items()]
    rows = [row for label, pence, own in points for row in _level_points(f"{label} · {gbp(pence)}", own)]
    left = unmapped(release)
    if choice.whole and left:
        rows.append((f"{UNMAPPED} · {gbp(left)}", UNMAPPED, left / 100))
        numbers = pd.concat([numbers, pd.DataFrame([{"Payer": UNMAPPED, "Spend (£)": left / 100}])], ignore_index=True)
    numbers = numbers.astype({"Services": "Int64"})
    headline = _agency_headline(paid, choice, frame, release)
    words = f"Spend by payer: {'; '.join(f'{label} {gbp(pence)}' for label, pence, _ in points)}."
    return View(headline, points_frame(rows, "level"), numbers, words)


def _agency_row(frame: pd.DataFrame, code: str, pence: int, whole: int) -> tuple[object, ...]:
    own = frame[frame["agency"] == code]
    low = int(own.loc[_prevents(own) & (own["confidence"] == Confidence.HIGH.value), "pence"].sum())
    high = int(own.loc[_prevents(own), "pence"].sum())
    services = own["service_id"].nunique()
    return agency_label(code), pence / 100, percent(pence, whole), services, percent(low, pence), percent(high, pence)


def _level_points(label: str, own: pd.DataFrame) -> list[tuple[str, str, float]]:
    by_level = own.groupby("level")["pence"].sum()
    return [(label, short(level), int(by_level[level.value]) / 100) for level in PreventionLevel if by_level.get(level.value)]


def _agency_headline(paid: pd.Series, choice: Choice, frame: pd.DataFrame, release: Release) -> Headline:
    whole = int(paid.sum())
    if not whole:
        return Headline("No money is mapped to these services.", source(release, frame))
    first, pence = agency_label(str(paid.index[0])), int(paid.iloc[0])
    largest = "The only payer" if len(paid) == 1 else f"The largest of {len(paid)} payers"
    sentence = f"{largest} is {first}, with {gbp(pence)} in {years(frame)}: {percent(pence, whole):.0f}% of {chosen(choice)}."
    return Headline(sentence, f"Base: {exact(whole)}, {chosen(choice)}, by the agency that pays. {source(release, frame)}")


def prevention(release: Release, choice: Choice | None = None) -> Prevention:
    """How much of the money is prevention, as a range that says how far tags and mapping can be trusted."""
    choice = choice or Choice()
    frame = spend(release, choice)
    left = unmapped(release) if choice.whole else 0
    base = int(frame["pence"].sum()) + left
    prevents, sure = _prevents(frame), frame["confidence"] == Confidence.HIGH.value
    low, tagged = (int(frame.loc[rows, "pence"].sum()) for rows in (prevents & sure, prevents))
    widest = int(frame.loc[prevents | ~sure, "pence"].sum()) + left
    shares = _Shares(*(percent(pence, base) for pence in (low, tagged, tagged + left, widest)))
    headline = _prevention_headline(shares, base, left, choice, frame, release)
    numbers = _level_numbers(frame, base, left)
    view = View(headline, _confidence_points(frame, left), numbers, _level_words(numbers))
    return Prevention(view, shares.low, shares.tagged, shares.high, shares.widest, base)


class _Shares(NamedTuple):
    low: float
    tagged: float
    high: float
    widest: float


def _prevents(frame: pd.DataFrame) -> pd.Series:
    return frame["level"].isin(PREVENTATIVE)


def _prevention_headline(
    shares: _Shares, base: int, left: int, choice: Choice, frame: pd.DataFrame, release: Release
) -> Headline:
    if base <= 0:
        return Headline("No share can be given: no money is mapped to these services.", source(release, frame))
    of = chosen(choice) if choice.sided else "the money"
    sentence = f"Between {shares.low:.0f}% and {shares.high:.0f}% of {of} is prevention in {years(frame)}"
    sentence += f"; as tagged it is {shares.tagged:.0f}%."
    if round(shares.low) == round(shares.high):
        sentence = f"{shares.low:.0f}% of {of} is prevention in {years(frame)}."
    basis = (
        "Low: only what is tagged primary, secondary or tertiary prevention with high confidence. High: tags of medium and low "
        f"confidence as well.{_unmapped_counted(left)} Base: {exact(base)}{' with unmapped money' if left else ''}; what "
        f"was left out with a reason is not in it.{_sided_share(choice, frame)} {source(release, frame)}"
    )
    return Headline(sentence, basis)


def _unmapped_counted(left: int) -> str:
    counted = "counts as not prevention in the low figure and as prevention in the high one"
    return f" Unmapped money ({exact(left)}) {counted}." if left else ""


def _sided_share(choice: Choice, frame: pd.DataFrame) -> str:
    """The share that a shift is measured by: prevention in what is tagged prevention or responsive."""
    sided = frame[frame["level"] != PreventionLevel.OTHER.value]
    pence = int(sided["pence"].sum())
    if choice.sided or pence <= 0 or len(sided) == len(frame):
        return ""
    share = percent(int(sided.loc[_prevents(sided), "pence"].sum()), pence)
    return f" Of the {gbp(pence)} tagged prevention or responsive, {share:.0f}% is prevention as tagged."


def _level_numbers(frame: pd.DataFrame, base: int, left: int) -> pd.DataFrame:
    sure = frame[frame["confidence"] == Confidence.HIGH.value].groupby("level")["pence"].sum()
    by_level = frame.groupby("level")["pence"].sum()
    groups = [("All three levels of prevention", PREVENTATIVE), *((level.label, (level.value,)) for level in PreventionLevel)]
    rows: list[tuple[str, float, float | None, float, float | None]] = []
    for label, codes in groups:
        pence, certain = (sum(int(found.get(code, 0)) for code in codes) for found in (by_level, sure))
        rows.append((label, pence / 100, percent(certain, base), percent(pence, base), percent(pence + left, base)))
    if left:
        rows.append((UNMAPPED, left / 100, None, percent(left, base), None))
    return pd.DataFrame(rows, columns=["Level", "Spend as tagged (£)", "Low (%)", "As tagged (%)", "High (%)"])


def _level_words(numbers: pd.DataFrame) -> str:
    said = [f"{row['Level']} {row['As tagged (%)']:.0f}%" for row in numbers.to_dict("records")]
    return f"Share of spend by prevention level, as tagged: {'; '.join(said)}."


def _confidence_points(frame: pd.DataFrame, left: int) -> pd.DataFrame:
    grouped = frame.groupby(["level", "confidence"])["pence"].sum()
    whole = frame.groupby("level")["pence"].sum()
    rows = [
        (f"{short(level)} · {gbp(int(whole[level.value]))}", tag.label, int(grouped[level.value, tag.value]) / 100)
        for level in PreventionLevel
        for tag in Confidence
        if grouped.get((level.value, tag.value))
    ]
    if left:
        rows.append((f"{UNMAPPED} · {gbp(left)}", UNMAPPED, left / 100))
    return points_frame(rows, "certainty")
