"""What each promise costs, in sentences and a table: children kept from care, pounds, and who holds to it.

A cost is what the plan would do more without the promise, at likely effects: care that would not be needed, over the plan
and the years after it that count, each year's at what it counts for now.
"""

from collections.abc import Sequence
from math import isinf

import pandas as pd

from rcs_core.workshop.scenario.explain.promise_price import Price, Together
from rcs_core.workshop.scenario.format import at
from rcs_core.workshop.scenario.wording import said as named
from rcs_core.workshop.scenario.wording import year_label
from rcs_core.workshop.sentence import Sentence, children, count, money, say
from rcs_core.workshop.shift import THOUSAND, Shift
from rcs_core.workshop.why.names import Parts, counted, owner, promise_name, span, told, unit_word

_WORTH_SAYING = 0.1
"""Fewer places or cases than this are not worth a sentence."""
_PENNY = 1e-5
COLUMNS_SAID = (
    "A step of easing is in every year of the plan, with every other promise kept. As much tighter: what the plan would lose; "
    "blank where no plan would be left. The two differ where the plan takes another way as soon as the promise changes."
)


def headline(shift: Shift, prices: Sequence[Price], together: Together | None = None, brief: bool = False) -> Sentence:
    """The dearest promise, or that none costs anything alone.

    together: what the plan gains without all of them. brief: without the care that it would be, for the big screen.
    """
    costly = [p for p in prices if p.costs]
    if not costly and together and together.gain > 0:
        return _none_alone(shift, together)
    if not costly:
        return say("No promise costs the plan anything: without any of them it would do no more.", basis=basis(shift))
    return sentence(shift, costly[0], dearest=True, brief=brief)


def _none_alone(shift: Shift, together: Together) -> Sentence:
    """That promises hold each other: each could go and nothing would change, but not all."""
    which = "of them, the purses too" if together.purses else "but the purses"
    if isinf(together.gain):
        return say("No promise alone costs the plan anything; without all {which}, it would have no end.", which=which)
    text = "No promise alone costs the plan anything, but together they do: without all {which}, care worth {gain} more would "
    gain = money(together.gain, shift.found.discussion_only)
    return say(text + "not be needed.", which=which, gain=gain, basis=basis(shift), confidence=_sure(shift))


def sentences(shift: Shift, prices: Sequence[Price], brief: bool = False) -> list[Sentence]:
    """Each promise that costs something, the dearest first."""
    return [sentence(shift, p, brief=brief) for p in prices if p.costs]


def sentence(shift: Shift, price: Price, dearest: bool = False, brief: bool = False) -> Sentence:
    """What one promise costs, in the voice of the room: 'Protect short breaks' (NHS) costs ..."""
    template, parts = promise_name(shift, price.bundle)
    who = owner(shift, price.bundle) if price.bundle.kind != "budget" else ""
    head = f"‘{template}’ ({{who}})" if who else f"‘{template}’"
    parts = {**parts, **({"who": who} if who else {})}
    if isinf(price.gain):
        return told(f"{head} is all that limits the plan.", parts, basis(shift))
    bits = [bit for bit in (_unmet(shift, price), _worth(shift, price), ("", {}) if brief else _places(shift, price)) if bit[0]]
    costs = f"The dearest promise is {head}: it costs" if dearest else f"{head} costs"
    text = f"{costs} {bits[0][0]}{''.join(bit for bit, _ in bits[1:])}."
    for _, more in bits:
        parts |= more
    return told(text, parts, basis(shift), _sure(shift))


def _unmet(shift: Shift, price: Price) -> tuple[str, Parts]:
    if price.met <= 0:
        return "", {}
    return "{met} children's need that goes unmet because of it", {"met": children(price.met, shift.found.discussion_only)}


def _worth(shift: Shift, price: Price) -> tuple[str, Parts]:
    if price.gain <= 0:
        return "", {}
    lead = ", and " if price.met > 0 else ""
    words = {"outcome": "care worth {gain}", "cost": "{gain} more to pay", "prevention_spend": "{gain} less for prevention"}
    return f"{lead}{words[shift.scenario.objective.kind]}", {"gain": money(price.gain, shift.found.discussion_only)}


def _places(shift: Shift, price: Price) -> tuple[str, Parts]:
    """Where the children would be kept from: the most that would be, and the most that would not."""
    rough, ranked = shift.found.discussion_only, ranked_care(shift, price)
    best = next(((d, n, w) for d, n, w in ranked if w > 0), None)
    worst = next(((d, n, w) for d, n, w in reversed(ranked) if w < 0), None)
    parts: Parts = {}
    text = ""
    if best:
        n, unit = children(best[1], rough), unit_word(shift, best[0])
        text = ". Without it, {n} {unit} fewer would be needed over the plan in {where} ({pounds})"
        parts |= {"n": n, "unit": counted(unit, n), "where": named(best[0], shift.names), "pounds": money(best[2], rough)}
    if worst:
        m, unit = children(worst[1], rough), unit_word(shift, worst[0])
        alone = ". Without it, {m} {those} more would be needed over the plan in {there} ({more})"
        text += ", and {m} {those} more in {there} ({more})" if best else alone
        parts |= {"m": m, "those": counted(unit, m), "there": named(worst[0], shift.names), "more": money(worst[2], rough)}
    if shift.scenario.objective.kind == "outcome" and price.gain > 0 and sum(w for *_, w in ranked) < 0:
        text += ": it would pay only after {last}"
        parts |= {"last": year_label(shift.scenario, shift.scenario.horizon)}
    return text, parts


def ranked_care(shift: Shift, price: Price) -> list[tuple[str, float, float]]:
    """Responsive services by what would be kept from them without a promise: places or cases over all years, and GBP thousand."""
    found = []
    for d in shift.scenario.acute:
        kept = price.kept.get(d.id, ())
        total = sum(kept)
        if abs(total) >= _WORTH_SAYING:
            found.append((d.id, total, sum(n * at(d.unit_cost, t) for t, n in enumerate(kept, 1))))
    return sorted(found, key=lambda one: -one[2])


def basis(shift: Shift) -> str:
    """What a cost means here."""
    first, last = (year_label(shift.scenario, t) for t in (1, shift.scenario.horizon))
    after = shift.scenario.objective.terminal_credit_years
    credit = f" and the {after} years after" if after else ""
    if shift.scenario.objective.kind != "outcome":
        return f"Solved again without it, every other promise kept; {first} to {last}. No advice to let a promise go."
    return (
        "Solved again without it, every other promise kept. Care worth: what the care would cost that spend makes unnecessary, "
        f"{first} to {last}{credit}, each later year counting {shift.scenario.discount_rate:.1%} less; a place or case is one "
        "for a year. It is not cash, and no advice to let a promise go: some are duties."
    )


def _sure(shift: Shift) -> str:
    share = shift.found.guess_share
    if share is None:
        return ""
    return f"{share:.0%} of the pounds moved rest on guesses{': discussion only' if shift.found.discussion_only else ''}."


def purses(shift: Shift, prices: Sequence[Price]) -> list[Sentence]:
    """The purses by which nothing is lost, of agencies that pay for what can move: what is unspent, and when."""
    rough, paying = shift.found.discussion_only, _paying(shift)
    found = []
    for price in prices:
        if price.bundle.kind != "budget" or price.costs or price.bundle.subject not in paying:
            continue
        who = named(price.bundle.subject, shift.names)
        year = max(price.spare, key=lambda t: price.spare[t])
        if price.spare[year] > _PENNY:
            text = "Nothing is lost by the purse of {who}: {left} of it is unspent in {year}."
            found.append(say(text, who=who, left=money(price.spare[year], rough), year=year_label(shift.scenario, year)))
        else:
            found.append(
                say("Nothing is lost by the purse of {who}: it is spent, but more in it would bring nothing more.", who=who)
            )
    return found


def _paying(shift: Shift) -> set[str]:
    """The agencies that pay for a service that can move or that responds."""
    paying = {a for s in shift.scenario.prevention for a, by in s.agencies.items() if sum(by.values()) > 0}
    return paying | {a for d in shift.scenario.acute for a, share in d.payer.items() if share > 0}


def the_rest(prices: Sequence[Price]) -> Sentence | None:
    """How many promises cost nothing as the plan stands, the purses told apart."""
    free = [p for p in prices if not p.costs and p.bundle.kind != "budget"]
    if not free:
        return None
    idle = sum(not p.years for p in free)
    text = "{n} cost nothing as the plan stands; {idle} of them would not even be felt, since the plan stays clear of them."
    if not idle:
        return say("{n} cost nothing as the plan stands.", n=count(len(free), "other promise"))
    return say(text, n=count(len(free), "other promise"), idle=count(idle))


def table(shift: Shift, prices: Sequence[Price]) -> pd.DataFrame:
    """Every promise that costs something, the dearest first, with both sides of it (GBP)."""
    rows = [_row(shift, p) for p in prices if p.costs]
    columns = [
        "Promise", "Whose", "Care it costs (£)", "Most of it in", "Places or cases, over all years", "A step of easing",
        "It gains (£)", "As much tighter loses (£)", "Binds",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _row(shift: Shift, price: Price) -> tuple[object, ...]:
    template, parts = promise_name(shift, price.bundle)
    ranked = [one for one in ranked_care(shift, price) if one[2] > 0]
    where, places = (named(ranked[0][0], shift.names), round(ranked[0][1], 1)) if ranked else ("", None)
    loses = None if price.tightened is None else round(price.tightened * THOUSAND, 2)
    return (
        told(template, parts).text, owner(shift, price.bundle), None if isinf(price.gain) else round(price.gain * THOUSAND, 2),
        where, places, _step(shift, price), round(price.eased * THOUSAND, 2), loses,
        span(shift, price.years) if price.years else "",
    )  # fmt: skip


def _step(shift: Shift, price: Price) -> str:
    """One step of easing in every year, in words."""
    kind, step = price.bundle.kind, price.bundle.step
    if kind in ("rampup", "rampdn", "share", "equity"):
        return f"{100 * step:g} percentage point"
    if kind == "capacity" and any(d.id == price.bundle.subject for d in shift.scenario.acute):
        return f"{step:g} place a year"
    return f"£{step * THOUSAND:,.0f} a year"
