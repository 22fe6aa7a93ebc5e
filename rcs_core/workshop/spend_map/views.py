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
from rcs_core.workshop.spend_map.screen import APART, Screen, screen

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


def by_agency(release: Release, choice: Choice | None = None, on_screen: bool = False) -> View:
    """Who pays, and at which levels of prevention; unmapped money is a bar of its own.

    on_screen: payers, and levels of a payer, whose sums would give the price of one bought service away stand together.
    """
    choice = choice or Choice()
    frame, shown = spend(release, choice), screen(release, on_screen)
    paid = shown.agencies(frame)
    whole = int(frame["pence"].sum())
    numbers = pd.DataFrame([_agency_row(shown, label, own, whole) for label, own in paid], columns=AGENCY)
    rows = [row for label, own in paid for row in _level_points(shown, label, own)]
    left = unmapped(release)
    if choice.whole and left:
        rows.append((f"{UNMAPPED} · {gbp(left)}", UNMAPPED, left / 100))
        numbers = pd.concat([numbers, pd.DataFrame([{"Payer": UNMAPPED, "Spend (£)": left / 100}])], ignore_index=True)
    numbers = numbers.astype({"Services": "Int64"})
    headline = _agency_headline(paid, choice, frame, release)
    words = f"Spend by payer: {'; '.join(f'{label} {gbp(_sum(own))}' for label, own in paid)}."
    return View(headline, points_frame(rows, "level"), numbers, words)


def _sum(rows: pd.DataFrame) -> int:
    return int(rows["pence"].sum())


def _agency_row(shown: Screen, label: str, own: pd.DataFrame, whole: int) -> tuple[object, ...]:
    prevents = own[_prevents(own)]
    sure, pence, services = prevents[prevents["confidence"] == Confidence.HIGH.value], _sum(own), own["service_id"].nunique()
    shares = (shown.percent_of(rows, pence) for rows in (sure, prevents))
    return label, pence / 100, percent(pence, whole), services, *shares


def _level_points(shown: Screen, label: str, own: pd.DataFrame) -> list[tuple[str, str, float]]:
    return [(f"{label} · {gbp(_sum(own))}", level, pence / 100) for level, pence in shown.levels(own)]


def _agency_headline(paid: list[tuple[str, pd.DataFrame]], choice: Choice, frame: pd.DataFrame, release: Release) -> Headline:
    whole, payers = _sum(frame), frame["agency"].nunique()
    if not whole or not paid:
        return Headline("No money is mapped to these services.", source(release, frame))
    first, own = max(paid, key=lambda pair: _sum(pair[1]))
    pence = _sum(own)
    largest = "The only payer is" if payers == 1 else f"The largest of {payers} payers is"
    if own["agency"].nunique() > 1:
        largest = "Most is paid by"
    sentence = f"{largest} {first}, with {gbp(pence)} in {years(frame)}: {percent(pence, whole):.0f}% of {chosen(choice)}."
    return Headline(sentence, f"Base: {exact(whole)}, {chosen(choice)}, by the agency that pays. {source(release, frame)}")


def prevention(release: Release, choice: Choice | None = None, on_screen: bool = False) -> Prevention:
    """How much of the money is prevention, as a range that says how far tags and mapping can be trusted.

    on_screen: sums that would give the price of one bought service away stand together or are left out.
    """
    choice = choice or Choice()
    frame, shown = spend(release, choice), screen(release, on_screen)
    left = unmapped(release) if choice.whole else 0
    base = int(frame["pence"].sum()) + left
    prevents, sure = _prevents(frame), frame["confidence"] == Confidence.HIGH.value
    low, tagged = (int(frame.loc[rows, "pence"].sum()) for rows in (prevents & sure, prevents))
    widest = int(frame.loc[prevents | ~sure, "pence"].sum()) + left
    shares = _Shares(*(percent(pence, base) for pence in (low, tagged, tagged + left, widest)))
    headline = _prevention_headline(shares, base, left, choice, frame, release)
    numbers = _level_numbers(shown, frame, base, left)
    view = View(headline, _confidence_points(shown, frame, left), numbers, _level_words(numbers))
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


def _level_numbers(shown: Screen, frame: pd.DataFrame, base: int, left: int) -> pd.DataFrame:
    groups = [("All three levels of prevention", PREVENTATIVE), *((level.label, (level.value,)) for level in PreventionLevel)]
    rows: list[tuple[str, float | None, float | None, float | None, float | None]] = []
    for label, codes in groups:
        own = frame[frame["level"].isin(codes)]
        pounds, pence = shown.pounds(own), _sum(own)
        tagged, high = (None if pounds is None else percent(value, base) for value in (pence, pence + left))
        certain = shown.percent_of(own[own["confidence"] == Confidence.HIGH.value], base)
        rows.append((label, pounds, certain, tagged, high))
    if left:
        rows.append((UNMAPPED, left / 100, None, percent(left, base), None))
    return pd.DataFrame(rows, columns=["Level", "Spend as tagged (£)", "Low (%)", "As tagged (%)", "High (%)"])


def _level_words(numbers: pd.DataFrame) -> str:
    told = numbers[numbers["As tagged (%)"].notna()]
    said = [f"{row['Level']} {row['As tagged (%)']:.0f}%" for row in told.to_dict("records")]
    return f"Share of spend by prevention level, as tagged: {'; '.join(said)}."


def _confidence_points(shown: Screen, frame: pd.DataFrame, left: int) -> pd.DataFrame:
    order, names = [level.value for level in PreventionLevel], {level.value: short(level) for level in PreventionLevel}
    tags = {tag.value: tag.label for tag in Confidence}
    found = sorted(shown.parts(frame, "level"), key=lambda part: order.index(part[0]) if part[0] in order else len(order))
    rows = []
    for code, own in found:
        sums = {tag: _sum(part) for tag, part in shown.parts(own, "confidence")}
        label = f"{names.get(code, code)} · {gbp(_sum(own))}"
        rows += [(label, tags.get(tag, tag), sums[tag] / 100) for tag in (*tags, APART) if sums.get(tag)]
    if left:
        rows.append((f"{UNMAPPED} · {gbp(left)}", UNMAPPED, left / 100))
    return points_frame(rows, "certainty")
