"""Cost and benefit of each service that moves in words: present values, ratios with whose benefit it is, and break-even.

In: a shift with what the engine found. Out: sentences and tables. What another country's studies return for a pound is
never used: benefit is capacity of this partnership's own services that is no longer needed, and of it what cashes here.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import InputState
from rcs_core.workshop.couple.inputs import rows_of
from rcs_core.workshop.evidence import listed
from rcs_core.workshop.inputs.break_even import WORDS, BreakEven, break_even
from rcs_core.workshop.inputs.depths import two_figures
from rcs_core.workshop.scenario.explain.bought import Avoided, Bought
from rcs_core.workshop.scenario.explain.worth import MOST, View, Worth, Worths
from rcs_core.workshop.scenario.wording import said as named
from rcs_core.workshop.sentence import Figure, Sentence, Unit, children, count, joined, money, per_cent, ratio, say, years
from rcs_core.workshop.shift import THOUSAND, Shift

NO_RANGE = "No range is known, so no chance is given"
UNKNOWN = "No range is known"
NEVER = f"Not even at {MOST:g} times the likely effect"
FREES = "It frees money"
WHOLE = "The plan as a whole"
_WHO = {
    InputState.MEASURED: "what was measured here says",
    InputState.PUBLISHED_ELSEWHERE: "published evidence says",
    InputState.GROUP_ESTIMATE: "you said",
    InputState.PRODUCT_DEFAULT: "this tool assumes",
    InputState.MISSING: "with nothing known it is taken as",
}
_OTHER = "avoided a year"
_POUND = 0.001
type _Parts = dict[str, Figure | str]


def _told(template: str, parts: Mapping[str, Figure | str], basis: str = "") -> Sentence:
    return say(template, basis=basis, confidence="", **parts)


def breaks_even(shift: Shift, found: Sequence[Bought]) -> list[Sentence]:
    """Each increase beside what it would have to avoid a year, what it is likely to, and how far it is short."""
    return [_one(shift, b) if len(b.avoided) == 1 else _many(shift, b) for b in found if b.amount >= _POUND]


def _head(shift: Shift, b: Bought) -> tuple[str, _Parts]:
    rough = shift.found.discussion_only
    more = _children(shift, b)
    parts: _Parts = {"amount": money(b.amount, rough), "what": named(b.service, shift.names)}
    if more < 1:
        return "{amount} a year more for {what}", parts
    figure = children(round(more), rough)
    said = f"{figure.said} more {'child' if round(more) == 1 else 'children'}"
    return "{amount} a year more for {what}, for {more},", {**parts, "more": Figure(more, figure.unit, said)}


def _children(shift: Shift, b: Bought) -> float:
    """More children at today's spend for each child."""
    at = next((s for s in shift.inputs.preventative if s.id == b.service), None)
    return b.amount * at.children / at.thousand if at and at.thousand else 0.0


def _one(shift: Shift, b: Bought) -> Sentence:
    """An increase that acts on one responsive service: in its own places or cases."""
    head, parts = _head(shift, b)
    a, rough = b.avoided[0], shift.found.discussion_only
    units = a.units(b.amount)
    parts |= {"units": _whole(units), "need": children(a.need), "of": named(a.service, shift.names), "unit": _unit(shift, a)}
    even = "breaks even at {units} of {need} {unit} ({of})" if units <= a.need else _TOO_MANY
    parts |= {"said": _WHO[b.state], "likely": _few(a.likely)}
    range_ = "likely {likely}, and no range is known"
    if a.low is not None and a.high is not None:
        range_ = "{low} to {high}, likely {likely}"
        parts |= {"low": _few(a.low), "high": _few(a.high)}
    tail, figure = _short(b, rough)
    return _told(f"{head} {even}; {{said}} {range_}: {tail}.", {**parts, **figure}, _even_basis(shift, b))


_TOO_MANY = "would have to avoid {units} of {of} to break even, and there are {need} ({unit})"


def _many(shift: Shift, b: Bought) -> Sentence:
    """An increase that acts on several responsive services, or on none that is known: in pounds of their unit costs."""
    head, parts = _head(shift, b)
    rough = shift.found.discussion_only
    if not b.avoided:
        return _told(f"{head} is not known to avoid anything that is counted, so it has no break-even.", parts)
    likely, even = b.value(), b.amount / b.value() if b.value() > _POUND else None
    each, of = _each(shift, b)
    parts |= {"said": _WHO[b.state], "likely": money(likely, rough), **of}
    at = "breaks even at {even} of its likely effect" if even is not None else "has no likely effect to break even on"
    parts |= {"even": _share(even)} if even is not None else {}
    range_ = "{likely} of care a year avoided is likely, and no range is known"
    if b.ranged:
        range_ = "{low} to {high} of care avoided a year, likely {likely}"
        parts |= {"low": _or_nothing(b.value("low"), rough), "high": _or_nothing(b.value("high"), rough)}
    tail, figure = _short(b, rough)
    return _told(f"{head} {at}; {{said}} {range_} ({each}): {tail}.", {**parts, **figure}, _even_basis(shift, b))


def _or_nothing(thousands: float, rough: bool) -> Figure:
    figure = money(thousands, rough)
    return figure if abs(thousands) >= _POUND else Figure(figure.value, figure.unit, "nothing")


def _each(shift: Shift, b: Bought) -> tuple[str, _Parts]:
    """What is likely to be avoided of each responsive service; the names of its parts carry a letter."""
    phrases: list[str] = []
    parts: _Parts = {}
    for letter, a in zip("abcdefghijklmnopqrstuvwxyz", b.avoided, strict=False):
        phrases.append(f"{{n_{letter}}} of {{all_{letter}}} {{what_{letter}}}")
        parts |= {
            f"n_{letter}": _few(a.likely),
            f"all_{letter}": children(a.need),
            f"what_{letter}": named(a.service, shift.names),
        }
    return listed(phrases), parts


def _few(value: float) -> Figure:
    """A number of places, to two figures: what is likely is never known better."""
    return Figure(value, Unit.CHILDREN, f"{two_figures(value):,g}")


def _whole(units: int) -> Figure:
    return Figure(units, Unit.CHILDREN, f"{units:,}")


def _share(value: float) -> Figure:
    return Figure(value, Unit.PER_CENT, f"{two_figures(100 * value):,g}%")


def _short(b: Bought, rough: bool) -> tuple[str, _Parts]:
    if abs(b.short) < _POUND:
        return "just enough", {}
    return ("{short} short" if b.short > 0 else "{short} over"), {"short": money(b.short, rough)}


def _unit(shift: Shift, a: Avoided) -> str:
    return WORDS.get(next((d.unit for d in shift.inputs.demanded if d.id == a.service), ""), _OTHER)


def _even_basis(shift: Shift, b: Bought) -> str:
    prices = shift.scenario.price_year or "the ledgers"
    return (
        f"A year's money in {shift.last} against a year's care once it acts ({years(b.acts).said} later), at unit cost, in "
        f"prices of {prices}, were all of it released. Effect: {b.state.label.lower()}."
    )


def headline(shift: Shift, found: Worths) -> Sentence:
    """The plan as a whole: what it costs, what capacity it releases, what of it cashes, and how likely it is worth it."""
    w, rough = found.whole, shift.found.discussion_only
    gain, cash = w.benefit[View.CAPACITY], w.benefit[View.CASH]
    if not found.services:
        return say("Nothing moves, so there is no cost and no benefit.")
    parts: _Parts = {"cost": money(w.cost, rough), "gain": money(gain, rough), "cash": money(cash, rough)}
    if w.cost < _POUND or gain < 0:
        template = "The plan takes {cost} more" if w.cost >= 0 else "The plan frees {cost} of prevention"
        head = _told(
            f"{template}, and care {'needs' if gain < 0 else 'no longer needs'} capacity worth {{gain}}.",
            _only(parts, "cost", "gain"),
        )
        return joined([head], _basis(shift, found))
    shown = _only(parts, "cost", "gain", *(["cash"] if cash >= _POUND else []))
    cashes = "{cash} of it cashable" if cash >= _POUND else "none of it cashable"
    head = _told(
        "The plan costs {cost} and releases capacity worth {gain} at unit cost, {each} times its cost (all partners); "
        f"{cashes}.", {**shown, "each": ratio(w.ratio(View.CAPACITY) or 0.0)},
    )  # fmt: skip
    return joined([head, chance(found, w)], _basis(shift, found))


def _only(parts: _Parts, *names: str) -> _Parts:
    return {name: parts[name] for name in names}


def chance(found: Worths, w: Worth) -> Sentence:
    """How likely benefit exceeds cost, or that no range is known."""
    likely = w.chance[View.CAPACITY]
    if likely is None:
        return say(f"{NO_RANGE}.")
    return say(
        "Released capacity at unit cost exceeds what it costs in {share} of {draws} draws from the ranges given.",
        share=per_cent(likely),
        draws=count(found.draws),
    )


def _basis(shift: Shift, found: Worths) -> str:
    after = f", and {found.after} years after it in which what was bought still works" if found.after else ""
    drawn = f" {found.draws:,} draws, seed {found.seed}." if found.draws else ""
    rate = next((p.source for p in shift.scenario.provenance if p.path == "/discount_rate" and p.source), "")
    return (
        f"Present values over the plan's {found.years} years{after}; {100 * found.rate:g}% a year{f' ({rate})' if rate else ''}. "
        "Benefit is care that is not needed, against the same plan with prevention as today; other benefits to children are not "
        f"put in money.{drawn}"
    )


def table(shift: Shift, found: Worths) -> pd.DataFrame:
    """Every service that moves, the largest cost first, and the plan as a whole: present values in pounds, and ratios."""
    each = sorted(found.services, key=lambda w: (-w.cost, w.service))
    return pd.DataFrame([_row(shift, w) for w in (*each, found.whole)]) if each else pd.DataFrame()


def _row(shift: Shift, w: Worth) -> dict[str, object]:
    def pounds(value: float) -> float:
        return round(value * THOUSAND, 2) + 0.0

    ratios = {f"For each £1: {view.label.lower()}": _ratio(w, view, shift.found.discussion_only) for view in View}
    return {
        "Service": named(w.service, shift.names) if w.service else WHOLE,
        "Who pays more for it": listed([named(a, shift.names) for a in w.payers]) if w.service else "",
        "Cost (£)": pounds(w.cost),
        "Released capacity at unit cost (£)": pounds(w.benefit[View.CAPACITY]),
        "Of it cashable (£)": pounds(w.benefit[View.CASH]),
        "Net, all partners at unit cost (£)": pounds(w.net(View.CAPACITY)),
        "Net, cashable only (£)": pounds(w.net(View.CASH)),
        **ratios,
        "Breaks even at, of the likely effect": _needed(w, View.CAPACITY),
        "The same, cashable only": _needed(w, View.CASH),
        "Chance that benefit exceeds cost": _chance(w, View.CAPACITY),
        "The same chance, cashable only": _chance(w, View.CASH),
    }


def _ratio(w: Worth, view: View, rough: bool) -> str:
    if view not in w.benefit:
        return ""
    value = w.ratio(view)
    return FREES if value is None else f"{two_figures(value):g}" if rough else f"{value:.2f}"


def _needed(w: Worth, view: View) -> str:
    if w.cost < _POUND:
        return FREES
    needed = w.needed[view]
    return NEVER if needed is None else f"{two_figures(100 * needed):,g}%"


def _chance(w: Worth, view: View) -> str:
    likely = w.chance[view]
    return UNKNOWN if likely is None else per_cent(likely).said


def would_need(release: Release, shift: Shift, found: Sequence[Bought]) -> tuple[list[Sentence], pd.DataFrame]:
    """Where no effect is used: what each increase would have to avoid a year to pay for itself, of what it is said to act on.

    No benefit is claimed; whether that many would be avoided is for the group to judge.
    """
    acts = {(str(r["service_id"]), str(r["acts_on"])) for r in rows_of(release, "effects")}
    demanded = {d.id: d for d in shift.inputs.demanded}
    told, rows = [], []
    for b in found:
        even = [
            break_even(b.amount * THOUSAND, demanded[d], shift.inputs.names[d])
            for s, d in sorted(acts)
            if s == b.service and d in demanded
        ]
        rows.append(
            (named(b.service, shift.names), round(b.amount * THOUSAND, 2), "; ".join(e.sentence for e in even) or _UNSAID)
        )
        told += [_would(shift, b, even)] if even else []
    return told, pd.DataFrame(rows, columns=["Service", "More a year (£)", "Would have to be avoided"])


_UNSAID = "Nobody has said on which responsive service it acts"


def _would(shift: Shift, b: Bought, even: Sequence[BreakEven]) -> Sentence:
    """The service of which it takes the least share."""
    head, parts = _head(shift, b)
    best = min(even, key=lambda e: (e.units / e.need, e.name))
    parts |= {"units": _whole(best.units), "need": children(best.need), "of": best.name, "unit": WORDS.get(best.unit, _OTHER)}
    return _told(f"{head} {'breaks even at {units} of {need} {unit} ({of})' if best.within else _TOO_MANY}.", parts)


def picture(shift: Shift, found: Worths, hidden: frozenset[str] = frozenset()) -> str:
    """The picture of cost and benefit in words, for those who cannot see it; without services hidden on the big screen."""
    rough, told = shift.found.discussion_only, []
    for w in sorted(
        (w for w in found.services if w.cost >= _POUND and w.service not in hidden), key=lambda w: (-w.cost, w.service)
    ):
        gain = money(w.benefit[View.CAPACITY], rough).said
        told.append(f"{named(w.service, shift.names)} costs {money(w.cost, rough).said} and releases {gain}")
    return f"Points of cost and released capacity by service, present value: {'; '.join(told)}."
