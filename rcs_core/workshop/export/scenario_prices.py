"""What each promise costs the plan, the dearest first: how it was found, in whose name, and what a little more or less does."""

from collections.abc import Sequence
from dataclasses import replace
from math import isinf

from rcs_core.sheets.write import COUNT, MONEY, Column, Row, Sheet, Value
from rcs_core.workshop.couple.build import PACE
from rcs_core.workshop.export.extras_found import Extras, Prices
from rcs_core.workshop.export.scenario_facts import Facts
from rcs_core.workshop.inputs.depths import two_figures
from rcs_core.workshop.scenario.explain.promise_price import Bundle, Price
from rcs_core.workshop.why.names import owner, promise_name, span, told
from rcs_core.workshop.why.promises import ranked_care, sentence

PRICES = "Prices of promises"
_AMOUNT = "#,##0.00"
ROUGHLY = "[>=10]#,##0;[<=-10]-#,##0;0.0#"
"""How a figure is shown that is for discussion only: it holds two figures already."""
_POINTS = ("rampup", "rampdn", "share", "equity")
_COLUMNS = (
    Column("Promise", 40, wrap=True),
    Column("Whose", 26, wrap=True),
    Column("What was found", 26, wrap=True),
    Column("What it costs the plan", 16, _AMOUNT),
    Column("Unit", 22, wrap=True),
    Column("Need that goes unmet because of it", 14, COUNT),
    Column("Most of it in", 30, wrap=True),
    Column("Places or cases kept away without it, all years", 16, COUNT),
    Column("A step of easing", 18, wrap=True),
    Column("A step gains", 14, _AMOUNT),
    Column("A step tighter loses", 14, _AMOUNT),
    Column("Binds", 20, wrap=True),
    Column("In words", 76, wrap=True),
)


def prices_sheet(facts: Facts, extras: Extras, prices: Prices) -> Sheet:
    """Every promise with its price; those that nobody priced come last and say so."""
    rows: list[Row] = [_row(facts, extras, price) for price in prices.found]
    rows += [_unpriced(extras, bundle, prices.why_rest) for bundle in prices.rest]
    rows = rows or [["No promise", "", "The scenario holds none that could be let go.", *[None] * (len(_COLUMNS) - 3)]]
    return Sheet(PRICES, "What the promises cost", shown(_COLUMNS, extras), rows, _note(prices))


def shown(columns: Sequence[Column], extras: Extras) -> list[Column]:
    """The columns of a table of findings; where they are for discussion only no figure is shown finer than it is."""
    amounts = (_AMOUNT, MONEY, COUNT)
    return [replace(c, format=ROUGHLY) if extras.rough and c.format in amounts else c for c in columns]


def _note(prices: Prices) -> str:
    none = prices.found and not prices.rest and not any(p.costs for p in prices.found)
    text = (
        "Solved again without each promise, every other promise kept. Prices do not add up, are no cash, and are no advice to "
        "let a promise go: some are duties."
    )
    if none and prices.together.gain > 0:
        which = "the purses too" if prices.together.purses else "but the purses"
        text += f" No promise alone costs anything; without all of them, {which}, the plan would do more."
    left = (
        f" {len(prices.rest)} of {len(prices.rest) + len(prices.found)} were not priced: {prices.why_rest}."
        if prices.rest
        else ""
    )
    return f"{text} Solved {prices.solves} times.{left}"


def _row(facts: Facts, extras: Extras, price: Price) -> list[Value]:
    shift, ranked = extras.shift, [one for one in ranked_care(extras.shift, price) if one[2] > 0]
    gain: Value = "no end" if isinf(price.gain) else _said(price.gain, extras)
    loses: Value = "no plan would be left" if price.costs and price.tightened is None else _said(price.tightened or 0.0, extras)
    return [
        _name(extras, price.bundle), owner(shift, price.bundle), _found(price), gain, _unit(facts, extras),
        _said(price.met, extras), facts.words.of(ranked[0][0]) if ranked else "", _said(ranked[0][1], extras) if ranked else None,
        _step(facts, extras, price.bundle) if price.costs else "",
        ("no end" if isinf(price.eased) else _said(price.eased, extras)) if price.costs else None,
        loses if price.costs else None, span(shift, price.years) if price.years else "", _words(extras, price),
    ]  # fmt: skip


def _unpriced(extras: Extras, bundle: Bundle, why: str) -> list[Value]:
    blank: list[Value] = [None] * (len(_COLUMNS) - 3)
    return [_name(extras, bundle), owner(extras.shift, bundle), f"Not worked out: {why}", *blank]


def _name(extras: Extras, bundle: Bundle) -> str:
    template, parts = promise_name(extras.shift, bundle)
    return told(template, parts).text


def _found(price: Price) -> str:
    if price.costs:
        return "Costs something: solved again without it"
    return "Binds, and costs nothing as the plan stands" if price.years else "Costs nothing: the plan stays clear of it"


def _unit(facts: Facts, extras: Extras) -> str:
    """In what a price is: money of care not needed where effects are so valued, else what the scenario counts."""
    kind = extras.shift.scenario.objective.kind
    if kind == "outcome" and extras.levers is None:
        return "outcome, as the scenario counts it"
    words = {"outcome": "care that would not be needed", "cost": "more to pay", "prevention_spend": "less for prevention"}
    return f"{facts.words.money}, {words[kind]}"


def _step(facts: Facts, extras: Extras, bundle: Bundle) -> str:
    """One step of easing, made in every year."""
    if bundle.kind in _POINTS:
        return f"{100 * bundle.step:g} percentage point"
    if bundle.kind == "outcome_target":
        return f"{bundle.step:g} of outcome"
    if bundle.kind == "workforce" and bundle.subject != PACE:
        return f"{bundle.step:g} of the limit a year"
    if bundle.kind == "capacity" and any(d.id == bundle.subject for d in extras.shift.scenario.acute):
        return f"{bundle.step:g} place a year"
    return f"{bundle.step:g} {facts.words.money} a year"


def _words(extras: Extras, price: Price) -> str:
    """The sentence of the screen; a file says nothing of what its outcome is worth, so there is none for it."""
    return sentence(extras.shift, price).text if price.costs and extras.levers is not None else ""


def _said(value: float, extras: Extras) -> float:
    return (two_figures(value) if extras.rough else round(value, 5)) + 0.0
