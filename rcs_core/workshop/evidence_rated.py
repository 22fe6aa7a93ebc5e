"""The third official question: how much of the money supports programmes with evidence of effect, as a range.

A rating is of the programme where it was studied, as the register has it; it is no proof that the service works here.
"""

from dataclasses import dataclass
from functools import cache

import pandas as pd

from rcs_core.errors import SettingsError
from rcs_core.release import Release
from rcs_core.settings import CONTRACTS, read_yaml
from rcs_core.vocab import Label
from rcs_core.workshop import big_screen
from rcs_core.workshop.evidence import text
from rcs_core.workshop.spend_map.money import (
    UNMAPPED,
    Choice,
    Headline,
    View,
    chosen,
    exact,
    gbp,
    percent,
    points_frame,
    source,
    spend,
    unmapped,
    years,
)
from rcs_core.workshop.spend_map.screen import Screen, screen


class Rating(Label):
    """How well a programme's effect is evidenced, from the least."""

    NONE = "none", "No evidence of effect"
    PLAUSIBLE = "plausible", "Plausible"
    PROMISING = "promising", "Promising"
    EFFECTIVE = "effective", "Effective"
    WELL_EVIDENCED = "well_evidenced", "Well evidenced"
    UNRATED = "", "Not rated"


NOTES = (
    "A rating is of a programme where it was studied. Whether it is run here as it was there, and for the same children, the "
    "register does not say.",
    "*No evidence of effect* and *plausible* are not findings against a service: most services were never studied. *Not rated* "
    "is money of which nobody said.",
    "Most of the money is for duties, such as schooling, that are no programme. *Prevention and response only* sets the level "
    "*other* aside.",
)


@dataclass(frozen=True, slots=True)
class Rated:
    """The share of the money on evidence-rated programmes, in per cent of `base` pence.

    low: rated high enough, with the source named. rated: rated high enough. high: with unrated and unmapped money too.
    """

    view: View
    services: pd.DataFrame
    low: float
    rated: float
    high: float
    base: int


@cache
def counted() -> tuple[Rating, ...]:
    """The ratings that count as evidence-rated (`data_contracts/evidence_rated.yaml`), the best first."""
    path = CONTRACTS / "evidence_rated.yaml"
    codes = [rating.value for rating in Rating if rating.value]
    first = str(read_yaml(path)["counts_from"]["value"])
    if first not in codes:
        raise SettingsError("the rating is not on the register's scale", f"{path.name}, counts_from", first, ", ".join(codes))
    return tuple(Rating(code) for code in reversed(codes[codes.index(first) :]))


def evidence_rated(release: Release, choice: Choice | None = None, on_screen: bool = False) -> Rated:
    """How much of the money is on programmes with evidence of effect; `on_screen` keeps prices of bought services back."""
    choice = choice or Choice()
    register = big_screen.register(release)
    frame = spend(release, choice)
    frame = frame.assign(rating=[_rating(register[str(s)]) for s in frame["service_id"]])
    sourced = frame["service_id"].map(lambda sid: bool(text(register[str(sid)].get("evidence_source"))))
    counts = frame["rating"].isin([rating.value for rating in counted()])
    left = unmapped(release) if choice.whole else 0
    unknown = int(_unrated(frame)["pence"].sum())
    good, sure = (int(frame.loc[rows, "pence"].sum()) for rows in (counts, counts & sourced))
    base = int(frame["pence"].sum()) + left
    shares = percent(sure, base), percent(good, base), percent(good + unknown + left, base)
    veil, shown = big_screen.withheld(release, on_screen), screen(release, on_screen)
    numbers = _numbers(frame, base, left, shown)
    headline = _headline(shares, base, unknown if shown.may(_unrated(frame)) else None, left, choice, frame, release)
    view = View(headline, _points(frame, left, shown), numbers, _words(numbers))
    return Rated(view, _services(frame, register, veil), *shares, base)


def _unrated(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["rating"] == Rating.UNRATED.value]


def _rating(about: dict[str, object]) -> str:
    code = text(about.get("evidence_rating"))
    return code if code in set(Rating) else Rating.UNRATED.value


def _headline(
    shares: tuple[float, float, float],
    base: int,
    unknown: int | None,
    left: int,
    choice: Choice,
    frame: pd.DataFrame,
    release: Release,
) -> Headline:
    if base <= 0:
        return Headline("No share can be given: no money is mapped to these services.", source(release, frame))
    low, rated, high = shares
    of, best = chosen(choice) if choice.sided else "the money", counted()[-1].label.lower()
    sentence = f"Between {low:.0f}% and {high:.0f}% of {of} supports programmes rated {best} or better in {years(frame)}"
    sentence += f"; as rated it is {rated:.0f}%."
    if round(low) == round(high):
        sentence = f"{low:.0f}% of {of} supports programmes rated {best} or better in {years(frame)}."
    whole = f"{exact(base)}{' with unmapped money' if left else ''}"
    unrated = "the money" if unknown is None else exact(unknown)
    not_known = f"{unrated} of services that nobody rated" + (f", and {exact(left)} not mapped yet" if left else "")
    basis = (
        f"Low: rated {best} or better, and the source of the evidence is named. High: what is not known counts as well: "
        f"{not_known}. Base: {whole}. Ratings are the register's own, of the programme and not of how it is run here. "
        f"{source(release, frame)}"
    )
    return Headline(sentence, basis)


def _points(frame: pd.DataFrame, left: int, shown: Screen) -> pd.DataFrame:
    """Bars by rating; one that would tell the price of a single bought service is left out."""
    own = {rating: frame[frame["rating"] == rating.value] for rating in _best_first()}
    rows = [
        (f"{rating.label} · {gbp(int(part['pence'].sum()))}", level, pence / 100)
        for rating, part in own.items()
        if len(part) and shown.may(part)
        for level, pence in shown.levels(part)
    ]
    return points_frame([*rows, *([(f"{UNMAPPED} · {gbp(left)}", UNMAPPED, left / 100)] if left else [])], "level")


def _best_first() -> list[Rating]:
    return [*reversed([rating for rating in Rating if rating.value]), Rating.UNRATED]


def _numbers(frame: pd.DataFrame, base: int, left: int, shown: Screen) -> pd.DataFrame:
    rows: list[tuple[object, ...]] = []
    for rating in _best_first():
        own = frame[frame["rating"] == rating.value]
        pence, services, spent = int(own["pence"].sum()), set(own["service_id"]), shown.pounds(own)
        counts = "Yes" if rating in counted() else ("Not known" if rating is Rating.UNRATED else "No")
        rows.append((rating.label, counts, len(services), spent, None if spent is None else percent(pence, base)))
    if left:
        rows.append((UNMAPPED, "Not known", None, left / 100, percent(left, base)))
    columns = ["Evidence rating", "Counts as evidence-rated", "Services", "Spend (£)", "Share of the money (%)"]
    return pd.DataFrame(rows, columns=columns).astype({"Services": "Int64"})


def _words(numbers: pd.DataFrame) -> str:
    said = [f"{row['Evidence rating']} {row['Share of the money (%)']:g}%" for row in numbers.dropna().to_dict("records")]
    return f"Share of the money by evidence rating: {'; '.join(said)}."


def _services(frame: pd.DataFrame, register: dict[str, dict[str, object]], veil: frozenset[str]) -> pd.DataFrame:
    """Every service with its rating and its source, the best rated first and then the most money."""
    paid = frame.groupby("service_id")["pence"].sum()
    order = {rating.value: k for k, rating in enumerate(_best_first())}
    ids = sorted((str(sid) for sid in paid.index), key=lambda s: (order[_rating(register[s])], -int(paid[s]), s))
    if veil:
        ids.sort(key=lambda s: (order[_rating(register[s])], text(register[s]["service_name"])))
    rows = [
        (
            text(register[sid]["service_name"]),
            Rating(_rating(register[sid])).label,
            text(register[sid].get("evidence_source")) or "No source named",
            big_screen.pounds(int(paid[sid]), [sid], veil),
        )
        for sid in ids
    ]
    return pd.DataFrame(rows, columns=["Service", "Evidence rating", "Source of the evidence", "Spend (£)"])
