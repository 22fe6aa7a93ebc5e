"""Which input matters most, in words: how far a plan's figures move between its low and its high end, and where it turns.

In: a shift with the findings of `explore.tornado`. Out: a sentence whose numbers are the findings', and a plain frame.
"""

import pandas as pd

from rcs_core.workshop.explore.changes import trial
from rcs_core.workshop.explore.knobs import Kind, Knob
from rcs_core.workshop.explore.tornado import Bar, Measure, Tornado, Turn
from rcs_core.workshop.scenario.wording import said as named
from rcs_core.workshop.sentence import Figure, Sentence, count, say
from rcs_core.workshop.shift import Shift
from rcs_core.workshop.why.names import Parts, listed, told
from rcs_core.workshop.why.strained import amount
from rcs_core.workshop.why.stress import in_pounds

_ABOUT = {
    Kind.EFFECT: "the effect of {}", Kind.UNIT_COST: "the unit cost of {}", Kind.CASHABLE: "what cashes", Kind.NEED: "need",
    Kind.LAG: "how soon effects come", Kind.RETENTION: "how long effects last",
    Kind.GROWTH: "how far services can grow with effect", Kind.PREVENTABLE: "how much need can be prevented at all",
    Kind.OTHER: "{}",
}  # fmt: skip


def input_name(shift: Shift, knob: Knob) -> str:
    """What an input is called."""
    of = named(knob.of, shift.names)
    return f"what of {of} cashes" if knob.kind is Kind.CASHABLE and knob.of else _ABOUT[knob.kind].format(of)


def matters_most(shift: Shift, found: Tornado, measure: Measure) -> Sentence:
    """The input that moves a plan's figure most, from which to which, and how many inputs turn the plan."""
    first = found.sorted(measure)[0] if found.bars else None
    if first is None or first.swing(measure) <= _HARDLY:
        return say("No input that has a range changes {what}.", what=measure.label.lower())
    rough = shift.found.discussion_only
    low, high = sorted((measure.of(first.low), measure.of(first.high)))
    parts: Parts = {
        "input": input_name(shift, first.knob), "what": measure.label.lower(), "from_": signed(shift, low, rough),
        "to": signed(shift, high, rough), "base": signed(shift, measure.of(found.base), rough), "last": shift.last,
    }  # fmt: skip
    flips = [bar for bar in found.bars if bar.flips]
    over = "" if measure is Measure.SHORT else " over the plan"
    text = f"{{input}} matters most: {{what}} is between {{from_}} and {{to}}{over}, to {{last}}, against {{base}} as planned"
    if flips:
        parts |= {"flips": count(len(flips)), "all": count(len(found.bars), "input")}
        text += "; {flips} of the {all} would turn the plan within what is tried"
    elif any(bar.turns for bar in found.bars):
        text += "; none of the inputs turns the plan"
    return told(f"{text}.", parts, _tried(found))


_HARDLY = 1e-6


def signed(shift: Shift, value: float, rough: bool) -> Figure:
    """An amount with a minus where it is below nought."""
    figure = amount(shift.scenario, value, rough)
    return Figure(figure.value, figure.unit, f"minus {figure.said}") if value < -_HARDLY else figure


def _tried(found: Tornado) -> str:
    standing = sum(not bar.knob.given for bar in found.bars)
    more = (
        f" {standing} of them have no range of their own and are tried {trial('unit_cost'):.0%} lower and higher."
        if standing
        else ""
    )
    return (
        f"{len(found.bars)} inputs, each at its low and its high end with the others likely, the plan carried out as it is.{more}"
    )


def tornado_table(shift: Shift, found: Tornado, measure: Measure) -> pd.DataFrame:
    """One row an input: the figure at its low and high end against the plan's (GBP), and whether the plan turns there."""
    base = measure.of(found.base)
    rows = [
        {
            "Input": _capital(input_name(shift, bar.knob)), "At its low end (£)": in_pounds(measure.of(bar.low) - base),
            "At its high end (£)": in_pounds(measure.of(bar.high) - base), "Turns the plan": turned(bar),
        }
        for bar in found.sorted(measure)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def turned(bar: Bar) -> str:
    """At which end the plan worked out anew is another, in words; blank where it is not."""
    words = {Turn.OTHER: "other moves", Turn.NO_PLAN: "no plan"}
    return listed([f"{end}: {words[turn]}" for end, turn in bar.turns.items() if turn in words])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
