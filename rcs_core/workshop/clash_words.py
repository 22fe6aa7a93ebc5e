"""What arithmetic shows of a clash, and the best that can be had, as sentences and frames: every number is the engine's.

Money comes in GBP thousand and is said in whole pounds: what there is rounded down, what is needed rounded up, and what is
short is the difference as it is read, so that a sentence adds up and what it asks for is enough.
"""

from collections.abc import Mapping
from math import ceil, floor, log10
from typing import Any

import pandas as pd

from rcs_core.workshop.clash import Worked
from rcs_core.workshop.scenario.explain.impossible.achievable import ExtraMoney, MostOfTarget
from rcs_core.workshop.scenario.explain.impossible.repairs import enough, up
from rcs_core.workshop.scenario.explain.impossible.shortfall import Kind, Shortfall
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.wording import SHARE, said, year_label
from rcs_core.workshop.sentence import Figure, Sentence, Unit, count, money, points, say
from rcs_core.workshop.shift import THOUSAND

_MONEY = (Kind.PURSE, Kind.PURSES, Kind.SERVICE, Kind.RING)
_CLOSE = 1e-6
"""A pound's millionth is rounding, not a pound."""
_SORTS = {
    "spend": "the least spend on its services", "care": "care that is owed", "held": "services outside the shift",
    "change": "the cost of changes", "ring": "ring-fences", "leak": "what is lost to the centre", "floor": "shared floors",
}  # fmt: skip
BASIS = "Budgets, floors, what is held and care that is owed, added up: no plan was solved for this."
NOT_SHOWN = "No single sum shows it: every purse could pay for what it must, and only all the promises together do not come out."
_MOST_NAMED = 3
_LEAST = (
    "The least over all purses and years, rounded up, and tried: with it a plan keeps every promise. Years are not discounted."
)


def _up(thousands: float) -> int:
    return ceil(round(THOUSAND * thousands - _CLOSE, 6))


def _pounds(thousands: float, rough: bool = False) -> Figure:
    """Money in whole pounds, or in two figures, rounded up so that it is enough."""
    said_of = THOUSAND * up(thousands, "", True) if rough else float(_up(thousands))
    return Figure(THOUSAND * thousands, Unit.POUNDS, f"{'about ' if rough else ''}£{said_of:,.0f}")


def three(found: Shortfall, scenario: Scenario, rough: bool = False) -> tuple[Figure, Figure, Figure]:
    """Have, need and short by, as they are said: they add up as they are read, and short is what a change of it would be.

    rough: two figures of what is short, and what there is and is needed to the same last place.
    """
    short = abs(enough(scenario, found.repair, rough).change)
    if found.kind in _MONEY or _is_pace(found, scenario):
        size = 10.0 ** max(0, floor(log10(THOUSAND * short)) - 1) if rough else 1.0
        need, less = size * ceil(round(THOUSAND * found.need / size, 6)), THOUSAND * short
        about = "about " if rough else ""
        pairs = (found.have, need - less), (found.need, need), (found.short, less)
        figures = [Figure(THOUSAND * value, Unit.POUNDS, f"{about}£{whole:,.0f}") for value, whole in pairs]
    elif found.repair.unit == SHARE and found.kind is not Kind.STAFF:
        less, need = ceil(1000 * found.short - _CLOSE) / 10, ceil(1000 * found.need - _CLOSE) / 10
        pairs = (found.have, need - less), (found.need, need), (found.short, less)
        said_as = ("{:.1f}%", "{:.1f}%", "{:.1f} points")
        figures = [Figure(100 * v, Unit.POINTS, form.format(n)) for (v, n), form in zip(pairs, said_as, strict=True)]
    else:
        less, need = ceil(100 * found.short - _CLOSE) / 100, ceil(100 * found.need - _CLOSE) / 100
        pairs = (found.have, need - less), (found.need, need), (found.short, less)
        figures = [Figure(value, Unit.OTHER, f"{number:,.2f}") for value, number in pairs]
    return figures[0], figures[1], figures[2]


def _is_pace(found: Shortfall, scenario: Scenario) -> bool:
    """Whether a limit on staff is one on money: a pound of each service counts as one."""
    weights = [v for w in scenario.workforce if found.kind is Kind.STAFF and w.id in found.subject for v in w.per_pound.values()]
    return bool(weights) and set(weights) == {1.0}


def who(found: Shortfall, names: Mapping[str, str]) -> str:
    """What is too small: a purse, purses, a service, a fund, a rule."""
    named = [said(one, names) for one in found.subject]
    if found.kind is Kind.SHARE:
        return "The preventative share"
    if found.kind is Kind.OUTCOME:
        return "The outcome asked for"
    if len(named) > _MOST_NAMED:
        return f"{count(len(named), 'purse').said} together"
    return f"{', '.join(named[:-1])} and {named[-1]} together" if len(named) > 1 else named[0]


def sum_sentence(found: Shortfall, scenario: Scenario, names: Mapping[str, str], rough: bool = False) -> Sentence:
    """One sum that does not come out: 2027-28, council: have GBP x, need GBP y, short by z."""
    have, need, short = three(found, scenario, rough)
    parts: dict[str, Any] = {"who": who(found, names), "have": have, "need": need, "short": short}
    if not found.year:
        return say("{who}: at most {have} can be had, {need} is asked for, short by {short}.", basis=BASIS, **parts)
    parts["when"] = year_label(scenario, found.year)
    if found.kind is Kind.SERVICE:
        return say("{when}, {who}: at most {have} can be spent, {need} must be, short by {short}.", basis=BASIS, **parts)
    return say("{when}, {who}: have {have}, need {need}, short by {short}.", basis=BASIS, **parts)


def made_of(found: Shortfall, rough: bool = False) -> Sentence | None:
    """What a purse needs, by sort, the largest first."""
    sums: dict[str, float] = {}
    for line in found.asks if found.kind in (Kind.PURSE, Kind.PURSES) else ():
        sums[line.of] = sums.get(line.of, 0.0) + line.amount
    parts: dict[str, Any] = {sort: money(v, rough) for sort, v in sorted(sums.items(), key=lambda p: -p[1]) if _up(v) > 0}
    if not parts:
        return None
    template = "; ".join(f"{{{sort}}} for {_SORTS[sort]}" for sort in parts)
    return say(f"What it needs: {template}.", **parts)


def all_sums(worked: Worked) -> Sentence | None:
    """How many purses and years are short, and by how much altogether; nothing where one is all there is."""
    purses = [f for f in worked.sums if f.kind is Kind.PURSE]
    if len(purses) < 2:
        return None
    years, total = count(len({f.year for f in purses}), "year"), _pounds(sum(f.short for f in purses), worked.rough)
    if (many := len({f.subject for f in purses})) == 1:
        return say("It is short in {years}, by {total} over the plan.", years=years, total=total)
    return say(
        "In all, {purses} are short in {years}, by {total} over the plan.", purses=count(many, "purse"), years=years, total=total
    )


def sums_table(worked: Worked, scenario: Scenario, names: Mapping[str, str]) -> pd.DataFrame:
    """Every sum that does not come out, and the smallest change of a number by which it would."""
    rows = []
    for one in worked.sums:
        have, need, short = three(one, scenario, worked.rough)
        when = year_label(scenario, one.year) if one.year else ""
        rows.append((when, who(one, names), have.said, need.said, short.said, _change(one, names, short.said)))
    return pd.DataFrame(rows, columns=["Year", "What is too small", "Have", "Need", "Short by", "Smallest change, at least"])


_CHANGES = {
    "budget": "raise the budget of {who}", "floor": "lower its least spend", "capacity": "raise its limit",
    "rampdn": "let it be cut faster", "ring": "lower the ring-fence", "share": "ask for a smaller share",
    "equity": "ease the rule", "outcome_target": "ask for less", "workforce": "raise the limit",
}  # fmt: skip


def _change(found: Shortfall, names: Mapping[str, str], short: str) -> str:
    family = found.repair.promise.partition("[")[0]
    whose = said(found.subject[0], names) if found.subject else ""
    way = _CHANGES[family].format(who=whose)
    return f"{way[:1].upper()}{way[1:]} by {short}"


def lines_table(found: Shortfall, names: Mapping[str, str]) -> pd.DataFrame:
    """What a sum is added up from, line by line: what there is, then what must be paid."""
    sides = (("Have", found.has), ("Need", found.asks))
    rows = [
        (side, said(line.what, names), round(THOUSAND * line.amount, 2)) for side, lines in sides for line in lines if line.amount
    ]
    return pd.DataFrame(rows, columns=["Side", "Service", "Amount (£)"])


def extra_sentence(worked: Worked, scenario: Scenario, names: Mapping[str, str]) -> Sentence:
    """The least money that makes everything hold: how much, over how many purses, and where most of it is missing."""
    extra = worked.extra
    if extra is None:
        return say("No amount of money makes all the promises hold: something else must give.")
    agency, year, most = max(extra.by, key=lambda line: (line[2], -line[1]))
    parts: dict[str, Any] = {
        "total": _pounds(extra.total, worked.rough), "whose": said(agency, names), "when": year_label(scenario, year),
    }  # fmt: skip
    if len(extra.by) == 1:
        return say("{total} more for {whose} in {when} makes everything hold.", basis=_LEAST, **parts)
    parts |= {"purses": count(len({a for a, *_ in extra.by}), "purse"), "amount": _pounds(most, worked.rough)}
    text = "{total} more over the plan, in {purses}, makes everything hold; the most is {amount} for {whose} in {when}."
    return say(text, basis=_LEAST, **parts)


def extra_table(extra: ExtraMoney, scenario: Scenario, names: Mapping[str, str]) -> pd.DataFrame:
    """The least money by purse (rows) and year (columns), in pounds."""
    lines = [(said(a, names), year_label(scenario, y), float(_up(amount))) for a, y, amount in extra.by]
    found = pd.DataFrame(lines, columns=["Purse", "Year", "Amount"]).groupby(["Purse", "Year"])["Amount"].sum()
    table = found.unstack(fill_value=0).rename(columns=lambda year: f"{year} (£)")
    table["All years (£)"] = table.sum(axis=1)
    return table.sort_values("All years (£)", ascending=False).reset_index()


def target_sentence(found: MostOfTarget, scenario: Scenario) -> Sentence:
    """The most of a target with every other promise kept; of shares, that of the last year that has one."""
    year, asked, most = found.by[-1]
    parts: dict[str, Any] = {}
    if found.kind == "share":
        parts = {name: Figure(v, Unit.PER_CENT, f"{100 * v:.1f}%") for name, v in (("asked", asked), ("most", most))}
        parts["when"] = year_label(scenario, year)
        return say(
            "Every other promise kept, the preventative share of {when} can be {most}, not the {asked} asked for.", **parts
        )
    parts = {name: Figure(v, Unit.OTHER, f"{v:,.2f}") for name, v in (("asked", asked), ("most", most))}
    return say("Every other promise kept, the outcome can be {most}, not the {asked} asked for.", **parts)


def shift_sentence(most: float | None, asked: float) -> Sentence:
    """How much of the shift that was asked for can move with every other promise kept."""
    if most is None:
        return say("The shift is not what stands in the way: with nothing moved the other promises cannot all hold either.")
    if most == 0:
        return say("Every other promise kept, nothing of the {asked} asked for can move to prevention.", asked=points(asked))
    figures: dict[str, Any] = {"most": points(most), "asked": points(asked)}
    return say("Every other promise kept, {most} can move to prevention, not the {asked} asked for.", **figures)
