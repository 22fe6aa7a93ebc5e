"""A plan of one's own in words: how far it is from the plan that was solved, which promises it breaks, whose purse is short.

What is solved is called best only where it may be; where a shift is only discussed there is no effect, so no plan is nearer
to anything than another, and only money and promises are told.
"""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from rcs_core.workshop.couple.build import PACE
from rcs_core.workshop.inputs.depths import two_figures
from rcs_core.workshop.scenario.own_plan import Scored
from rcs_core.workshop.scenario.promises_kept import Broken, counted, how_many
from rcs_core.workshop.scenario.wording import said, year_label
from rcs_core.workshop.sentence import (
    THOUSAND,
    Figure,
    Sentence,
    Unit,
    children,
    count,
    joined,
    money,
    other,
    per_cent,
    points,
    say,
)
from rcs_core.workshop.shift import Shift, discussed

_TEXTS = {
    "floor": "{what} has {by} less than it must have{when}.",
    "capacity": "{what} has {by} more than it may have{when}.",
    "rampup": "{payer} raises its spend on {what} faster than it may, by {by}{when}.",
    "rampdn": "{payer} cuts its spend on {what} faster than it may, by {by}{when}.",
    "ring": "The ring-fence {what} lacks {by}{when}.",
    "share": "The share of spend that is prevention is {by} less than is asked for{when}.",
    "equity": "The fairness rule {what} is missed by {by}{when}.",
    "budget": "{what} is short of {by}{when}.",
    "pool": "{what} pays out {by} more than it holds{when}.",
    "need": "{by} children or cases that need {what} go without{when}.",
    "outcome_target": "The outcome is {by} less than is asked for.",
    "workforce": "{what} takes {by} more than there is{when}.",
    "scale": "{what} is {by} from a workable scale{when}.",
}
_FIRST = (
    "need", "budget", "pool", "ring", "share", "equity", "floor", "capacity", "rampup", "rampdn", "outcome_target", "workforce",
    "scale",
)  # fmt: skip
"""Children first, then money that is not there, then what partners promised, then how fast services change."""


def distance(shift: Shift, scored: Scored, best: bool) -> Sentence:
    """How far a plan is from the one that was solved, and whether it keeps every promise; best: it may be called best."""
    kept, label = _kept(shift, scored), "the best plan" if best else "the plan shown"
    if discussed(shift):
        return joined(
            [say("Where a shift is only discussed no effect is used, so no plan is nearer to the best than another."), kept]
        )
    if scored.share is None:
        return joined([say("{label} gains nothing over today, so there is no distance from it.", label=label), kept])
    basis = "" if abs(scored.share - 1) < _SAME else _basis(shift, scored, label)
    return joined([_gains(scored.share, label), kept], basis=basis)


def _gains(share: float, label: str) -> Sentence:
    if abs(share - 1) < _SAME:
        return say("This plan gains as much as {label}.", label=label)
    if share > 1:
        return say("This plan gains {share} of what {label} gains: more than can be had by keeping the promises.", label=label,
                   share=per_cent(share))  # fmt: skip
    if share < 0:
        loss = Figure(share, Unit.PER_CENT, per_cent(-share).said)
        return say("This plan does worse than doing nothing: it loses {loss} of what {label} gains.", loss=loss, label=label)
    return say("This plan gains {share} of what {label} gains over doing nothing.", share=per_cent(share), label=label)


_SAME = 5e-7


def _kept(shift: Shift, scored: Scored) -> Sentence:
    if missed := how_many(counted(shift.scenario, scored.broken)):
        return say("It breaks {missed}.", missed=count(missed, "promise"))
    return say("It keeps every promise.")


def _basis(shift: Shift, scored: Scored, label: str) -> str:
    """The distance in the scenario's own unit and in children, in words."""
    rough = shift.found.discussion_only
    gap = other(scored.distance, form=lambda v: _plain(two_figures(abs(v)) if rough else abs(v)))
    way = "less" if scored.distance >= 0 else "more"
    first = say("Outcome over the plan, weighted and discounted: {gap} {way} than {label}.", gap=gap, way=way, label=label)
    if abs(scored.children) < 0.05:
        return f"{first.text} As many need responsive services as under {label}."
    more = "more" if scored.children > 0 else "fewer"
    second = say(
        "Need for responsive services, all years together: {children} children or cases {more}.",
        children=children(scored.children, rough), more=more,
    )  # fmt: skip
    return f"{first.text} {second.text}"


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value >= _LARGE else f"{value:,.2g}" if value < 1 else f"{value:,.1f}"


_LARGE = 100


def broken(shift: Shift, scored: Scored) -> list[tuple[str, Sentence]]:
    """Every promise that a plan breaks, once, in words, with the years and the most by which it is missed; and what it is about.

    The id beside a sentence is that of the service, purse or rule, so that a screen may leave out a price.
    """
    by_promise: dict[tuple[str, tuple[str, ...]], list[Broken]] = {}
    for one in counted(shift.scenario, scored.broken):
        by_promise.setdefault((one.family, one.about[:-1]), []).append(one)
    ordered = sorted(by_promise.items(), key=lambda pair: _FIRST.index(pair[0][0]))
    return [(about[0] if about else "", _missed(shift, family, years)) for (family, about), years in ordered]


def _missed(shift: Shift, family: str, years: list[Broken]) -> Sentence:
    worst = max(years, key=lambda one: one.by)
    what = said(worst.about[0], shift.names) if worst.about else ""
    what = "prevention as a whole" if worst.about[:1] == (PACE,) else what
    labels = [year_label(shift.scenario, one.year) for one in years if one.year]
    when = f" in {labels[0]}" if len(labels) == 1 else f" in {', '.join(labels[:-1])} and {labels[-1]}" if labels else ""
    by = _by(shift, worst)
    by = Figure(by.value, by.unit, f"up to {by.said}") if len(labels) > 1 else by
    parts: dict[str, Figure | str] = {"what": what, "by": by, "when": when, "payer": ""}
    if family.startswith("ramp"):
        parts["payer"] = said(worst.about[1], shift.names)
    wanted: dict[str, Any] = {key: part for key, part in parts.items() if f"{{{key}}}" in _TEXTS[family]}
    return say(_TEXTS[family], **wanted)


def _by(shift: Shift, one: Broken) -> Figure:
    rough = shift.found.discussion_only
    if one.family == "need":
        return children(one.by, rough)
    if one.family == "share":
        return points(100 * one.by)
    if one.family == "outcome_target":
        return other(one.by)
    if one.family == "equity":
        gaps = [rule.kind for rule in shift.scenario.equity if rule.id == one.about[0]]
        return other(one.by, "units of effect") if gaps == ["gap"] else points(100 * one.by)
    if one.family == "capacity" and any(d.id == one.about[0] for d in shift.scenario.acute):
        return other(one.by, "places")
    if one.family == "workforce" and one.about[0] != PACE:
        return other(one.by)
    return money(one.by, rough)


def veiled(sentence: Sentence) -> str:
    """A sentence with a dash for its amounts, for the big screen."""
    text = sentence.text
    for figure in sentence.figures.values():
        text = text.replace(figure.said, "–") if figure.unit is Unit.POUNDS else text
    return text


def without_use(shift: Shift, scored: Scored) -> Sentence | None:
    """Money beyond what services can use, where there is any."""
    if not scored.beyond:
        return None
    worst = max(scored.beyond.values())
    services = {service for service, _ in scored.beyond}
    template = "{services} {have} more than can do anything here: up to {amount} a year of it buys no effect."
    named = count(len(services), "service") if len(services) > 1 else said(next(iter(services)), shift.names)
    have = "have" if len(services) > 1 else "has"
    return say(template, services=named, have=have, amount=money(worst, shift.found.discussion_only))


def purses(shift: Shift, scored: Scored) -> pd.DataFrame:
    """What each purse has left, or is short of (below nought), by year (GBP); purses that come out even are left out."""
    rows = [
        (said(p.agency, shift.names), year_label(shift.scenario, p.year), THOUSAND * p.underspend) for p in scored.result.purses
    ]
    frame = pd.DataFrame(rows, columns=["Agency", "Year", "amount"])
    if shift.found.discussion_only:
        frame["amount"] = frame["amount"].map(two_figures)
    table = frame.pivot(index="Agency", columns="Year", values="amount").round(2) + 0.0
    even = (table.abs() < 0.5).all(axis=1)
    shown = table[~even].rename(columns=lambda year: f"{year} (£)").reset_index()
    shown.columns.name = None
    return shown


def short(scored: Scored) -> float:
    """What purses are short of over the whole plan (GBP thousand)."""
    return sum(_below(p.underspend for p in scored.result.purses))


def _below(amounts: Iterable[float]) -> list[float]:
    return [-amount for amount in amounts if amount < 0]
