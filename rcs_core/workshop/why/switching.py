"""Which guess decides, in words: where a service enters or leaves the plan, and which gap to close first.

In: a shift with the findings of `explore.switching` and `explore.flips`. Out: sentences whose numbers are the findings',
and plain frames.
"""

import pandas as pd

from rcs_core.workshop.explore.flips import Gap
from rcs_core.workshop.explore.knobs import Kind, Knob
from rcs_core.workshop.explore.switching import Edge, Switch
from rcs_core.workshop.explore.tornado import Turn
from rcs_core.workshop.inputs.depths import two_figures
from rcs_core.workshop.scenario.wording import said as named
from rcs_core.workshop.sentence import THOUSAND, Figure, Sentence, Unit, money, other, per_cent, say
from rcs_core.workshop.shift import Shift
from rcs_core.workshop.why.names import Parts, told
from rcs_core.workshop.why.strained import exactly

_HUNDRED = 100
_NOW = {1: "Gains", -1: "Loses", 0: "Stays as today"}
_NEAR = 0.02
"""A value within this share of the likely one is said to be just beside it."""


def per_hundred(shift: Shift, service: str) -> float | None:
    """What turns an effect for each unit of money into children for each hundred served; None where these are not known."""
    found = next((s for s in shift.inputs.preventative if s.id == service), None)
    return _HUNDRED * found.thousand / found.children if found and found.children else None


def effect_said(shift: Shift, knob: Knob, position: float) -> Figure:
    """An effect at a position of its range: children for each hundred served, or the share of the likely one."""
    value, each = knob.value(position), per_hundred(shift, knob.of)
    if each is None:
        return exactly(round(value / knob.value(0.0), 3)) if knob.value(0.0) else other(value)
    likely = None if position in (-1.0, 0.0, 1.0) else knob.value(0.0) * each
    return Figure(value * each, Unit.CHILDREN, _apart(value * each, likely))


def stays(shift: Shift, switch: Switch) -> Sentence:
    """For one service, the effect above which it stays in the plan, comes in, or is no longer cut."""
    knob = switch.knob
    parts: Parts = {"service": named(knob.of, shift.names), "likely": effect_said(shift, knob, 0.0)}
    head, edge = _head(switch)
    if edge is None:
        parts |= {"low": effect_said(shift, knob, -1.0), "high": effect_said(shift, knob, 1.0)}
        text = f"{{service}} {head} over the whole range of its effect ({{low}} to {{high}}, likely {{likely}})."
        if not knob.given:
            del parts["high"]
            text = f"{{service}} {head} however small its effect, down to {{low}} (likely {{likely}}); no range is given."
        return told(text, parts, _basis(shift, switch))
    if switch.now == 1 and edge.at < 0 and knob.value(-1.0) == 0 and knob.value(edge.at) < _NEAR * knob.value(0.0):
        return told(
            "{service} stays in unless it has no effect worth speaking of (likely {likely}).", parts, _basis(shift, switch)
        )
    end = -1.0 if edge.at < 0 else 1.0
    parts |= {"value": effect_said(shift, knob, edge.at), "end": effect_said(shift, knob, end)}
    side = "low" if end < 0 else "high"
    near = (
        " That is just beside the likely value."
        if abs(edge.at * (knob.value(end) - knob.value(0.0))) < _NEAR * knob.value(0.0)
        else ""
    )
    more, tail = _other_side(shift, switch, edge), ""
    parts |= more.parts
    if knob.given:
        text = f"{{service}} {head} {{value}} (likely {{likely}}, {side} {{end}}){more.text}"
        tail = f": the range reaches beyond it, so this {'is a guess' if knob.state.guess else 'number is one'} that decides."
    else:
        del parts["end"]
        text, tail = f"{{service}} {head} {{value}} (likely {{likely}}){more.text}", "; no range is given."
    back = " Further out it is as now again, so there is more than one such value." if any(e.back for e in switch.edges) else ""
    return told(f"{text}{tail}{near}{back}", parts, _basis(shift, switch))


class _More:
    """A piece about the other side of the range."""

    def __init__(self, text: str, parts: Parts) -> None:
        self.text, self.parts = text, parts


def _other_side(shift: Shift, switch: Switch, told_edge: Edge) -> _More:
    """Where it turns at the other end of the range too."""
    rest = [e for e in switch.edges if e is not told_edge]
    if not rest:
        return _More("", {})
    end = -1.0 if rest[0].at < 0 else 1.0
    what = _AFTER.get(rest[0].answer if isinstance(rest[0].answer, int) else None, "no plan keeps every promise")
    text = f", and {what} {'below' if end < 0 else 'above'} {{second}} ({'low' if end < 0 else 'high'} {{far}})"
    return _More(text, {"second": effect_said(shift, switch.knob, rest[0].at), "far": effect_said(shift, switch.knob, end)})


_AFTER: dict[int | None, str] = {1: "gains", -1: "loses", 0: "stays as today"}


def _head(switch: Switch) -> tuple[str, Edge | None]:
    """What the service does, up to the value at which that turns, and which edge is told first."""
    below, above = switch.below, switch.above
    if switch.now == 1:
        if below:
            return "stays in while its effect is above", below
        return ("stays in while its effect is under", above) if above else ("stays in", None)
    if switch.now == -1:
        if above:
            return "is cut unless its effect is above", above
        return ("is cut while its effect is above", below) if below else ("is cut", None)
    if above:
        does = _AFTER.get(above.answer if isinstance(above.answer, int) else None)
        return {"gains": "comes in once its effect is above", "loses": "is cut once its effect is above"}.get(
            does or "", "has no plan to be in once its effect is above"
        ), above
    if below is None:
        return "stays as today", None
    does = _AFTER.get(below.answer if isinstance(below.answer, int) else None)
    return {"gains": "comes in once its effect is under", "loses": "is cut once its effect is under"}.get(
        does or "", "has no plan to be in once its effect is under"
    ), below


def _basis(shift: Shift, switch: Switch) -> str:
    unit = "Children kept from responsive services for each hundred served" if per_hundred(shift, switch.knob.of) else (
        "As a share of the likely effect"
    )  # fmt: skip
    return f"{unit}; the plan worked out anew on both sides of the value, all else likely. {switch.knob.state.label}."


def switch_table(shift: Shift, found: list[Switch]) -> pd.DataFrame:
    """One row a service: what it does now, where that turns, and its range (children for each hundred served)."""
    rows = []
    for switch in found:
        knob = switch.knob
        at = {side: effect_said(shift, knob, edge.at).value for side, edge in _sides(switch)}
        rows.append(
            {
                "Service": named(knob.of, shift.names),
                "Now": _NOW.get(switch.now if isinstance(switch.now, int) else 0, ""),
                "Turns below": at.get("below"), "Turns above": at.get("above"),
                "Low": effect_said(shift, knob, -1.0).value if knob.given else None,
                "Likely": effect_said(shift, knob, 0.0).value,
                "High": effect_said(shift, knob, 1.0).value if knob.given else None,
                "Turns below, share of likely (%)": _share(knob, switch.below),
                "Range in which it turns (%)": round(100 * switch.chance) if knob.given else None,
                "What the number is": knob.state.label if knob.given else "No range given",
            }
        )  # fmt: skip
    frame = pd.DataFrame(rows)
    numbers = ["Turns below", "Turns above", "Low", "Likely", "High"]
    return frame.assign(**{c: frame[c].astype(float).map(two_figures) for c in numbers}) if rows else frame


def _sides(switch: Switch) -> list[tuple[str, Edge]]:
    return [(side, edge) for side, edge in (("below", switch.below), ("above", switch.above)) if edge]


def _share(knob: Knob, edge: Edge | None) -> float | None:
    return round(100 * knob.value(edge.at) / knob.value(0.0)) if edge and knob.value(0.0) else None


def cost_table(shift: Shift, found: list[Switch]) -> pd.DataFrame:
    """One row a unit cost that turns the plan within what is tried: where, against the likely one (GBP)."""
    rows = [
        {
            "Service": named(s.knob.of, shift.names), "Unit cost (£)": round(s.knob.value(0.0) * THOUSAND, 2),
            "Turns below (£)": _cost(s.knob, s.below), "Turns above (£)": _cost(s.knob, s.above),
            "What then": "; ".join(dict.fromkeys(_then(edge) for edge in s.edges)),
        }
        for s in found if s.knob.kind is Kind.UNIT_COST and s.edges
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _cost(knob: Knob, edge: Edge | None) -> float | None:
    return round(knob.value(edge.at) * THOUSAND, 2) if edge else None


def _then(edge: Edge) -> str:
    return Turn.NO_PLAN.label if edge.answer is None else Turn.OTHER.label


def close_first(gaps: list[Gap], rough: bool) -> Sentence:
    """The guess to ask about first, where it turns the plan, and what is at stake."""
    first = next((gap for gap in gaps if gap.turns), None)
    if first is None:
        return say("No guess turns the plan within its range, so none need be closed before trying it.")
    number = first.question.number
    parts: Parts = {
        "question": first.question.text, "likely": _plain(number.likely), "low": _plain(number.low), "high": _plain(number.high),
        "chance": per_cent(first.chance), "unit": first.question.unit,
    }  # fmt: skip
    where = []
    for side, value in (("below", first.below), ("above", first.above)):
        if value is not None:
            parts[side] = _plain(value, number.likely)
            where.append(f"{side} {{{side}}}")
    text = (
        f"Close this gap first: {{question}} Likely {{likely}} ({{low}} to {{high}} {{unit}}); the plan turns "
        f"{' and '.join(where)}, which is {{chance}} of the range"
    )
    if first.question.apart > 0:
        parts["apart"] = money(first.question.apart / THOUSAND, rough)
        text += ", and {apart} a year would then stand elsewhere"
    return told(
        f"{text}.", parts, "Pounds that would stand elsewhere in the last year, times the share of the range (a triangle)."
    )


def _plain(value: float, likely: float | None = None) -> Figure:
    return Figure(value, Unit.OTHER, _apart(value, likely))


def _apart(value: float, likely: float | None) -> str:
    """A value in two figures, or in as many as tell it from the likely one, up to four."""
    for figures in (2, 3, 4):
        said = f"{float(f'{value:.{figures}g}'):g}"
        if likely is None or value == likely or float(said) != float(f"{likely:.{figures}g}"):
            break
    return said


def gap_table(gaps: list[Gap]) -> pd.DataFrame:
    """Every guess, the one to close first at the head."""
    rows = [
        {
            "Question": gap.question.text, "Likely": gap.question.number.likely, "Low": gap.question.number.low,
            "High": gap.question.number.high, "Turns below": gap.below, "Turns above": gap.above,
            "Range in which it turns (%)": round(100 * gap.chance), "Moves then, last year (£)": round(gap.question.apart, -2),
            "Unit": gap.question.unit, "What it is now": gap.question.state.label,
        }
        for gap in gaps
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    turns = ["Turns below", "Turns above"]
    return frame.assign(**{c: frame[c].astype(float).map(two_figures) for c in turns}) if rows else frame
