"""What more, or less, would bring, in words: where most of it is had, where it ends and why, what a larger purse drops.

In: a shift and a frontier (plans at more and at less of the shift, or of every purse). Out: sentences and plain frames.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

import pandas as pd

from rcs_core.workshop.explore.else_rules import number
from rcs_core.workshop.scenario.contained import Contained
from rcs_core.workshop.scenario.frontier import PACE, Binding, End, Frontier, Point
from rcs_core.workshop.scenario.model import write
from rcs_core.workshop.scenario.unchanged import spend_today
from rcs_core.workshop.scenario.wording import said as named
from rcs_core.workshop.scenario.wording import year_label
from rcs_core.workshop.sentence import Figure, Sentence, Unit, other, per_cent, points, say
from rcs_core.workshop.shift import THOUSAND, Shift
from rcs_core.workshop.why.amounts import amounts, counted_as, worth
from rcs_core.workshop.why.names import Parts, listed, told

_FLAT = 1e-6
"""A gain less than this, against the outcome, is none."""
_HOLDS = {
    "workforce": "the limit on {what}", "rampup": "how fast {what} may grow", "rampdn": "how fast {what} may fall",
    "floor": "the least spend on {what}", "capacity": "the limit of {what}", "ring": "the ring-fence {what}",
    "share": "the preventative share asked for", "equity": "the fairness rule {what}", "pool": "what {what} holds",
    "budget": "the purse of {what}", "outcome_target": "the outcome asked for",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Axis:
    """What a frontier is over: how a value is said, the column of the table, and what is asked for."""

    said: Callable[[float], Figure]
    signed: Callable[[float], Figure]
    column: str


def _change(value: float) -> Figure:
    """A change of every purse with its sign: today's purses where there is none."""
    return other(value, "", lambda v: f"{v:+.1f}%".replace("-", "−") if v else "today's purses")


SHIFT = Axis(points, points, "Points moved to prevention")
BUDGET = Axis(lambda v: other(v, "", "{:.1f}%".format), _change, "Every purse, change (%)")


def last_gain(found: Frontier) -> Point:
    """The first point at which all that can be had is had: beyond it nothing more is gained."""
    top = found.points[-1]
    small = _FLAT * (1 + abs(top.objective))
    return next(point for point in found.points if abs(point.objective - top.objective) <= small)


def knee(found: Frontier) -> Point | None:
    """The first point that brings most of what the last that adds anything brings; None where nothing adds anything."""
    start, full = found.points[0], last_gain(found)
    whole = full.objective - start.objective
    if abs(whole) <= _FLAT * (1 + abs(full.objective)):
        return None
    return next(p for p in found.points if (p.objective - start.objective) / whole >= number("knee"))


def most_of_it(found: Frontier, shift: Shift) -> Sentence:
    """Where most of what a shift brings is had: the first points bring so much of what more bring."""
    first, full, start = knee(found), last_gain(found), found.points[0]
    if first is None:
        return say("More shift brings nothing more: the plan is the same at each.", basis=counted_as(shift))
    whole = full.objective - start.objective
    parts: Parts = {"full": points(full.at), "all": worth(shift, whole)}
    basis = f"Beyond what moving money between preventative services brings. {_bridged(shift)}{counted_as(shift)}"
    if first.at == full.at:
        return told("It takes all of {full} to have most of what they bring ({all}).", parts, basis)
    share = (first.objective - start.objective) / whole
    parts |= {"first": points(first.at), "share": per_cent(share)}
    verb = "brings" if points(first.at).said == points(1.0).said else "bring"
    return told(f"The first {{first}} {verb} {{share}} of what {{full}} bring ({{all}}).", parts, basis)


def _bridged(shift: Shift) -> str:
    """That money for double running grows with the shift, where it is used."""
    return "Money from outside for double running grows with the shift. " if shift.levers.bridging else ""


def present(found: Frontier, shift: Shift, asked: float, nothing: float) -> Sentence:
    """What the present plan brings, and what one step more would."""
    here = _nearest(found, asked)
    after = next((p for p in found.points if p.at > here.at), None)
    small = _FLAT * (1 + abs(here.objective))
    parts: Parts = {"here": points(here.at), "gain": worth(shift, here.objective - nothing)}
    with_it = "With the {here} asked for" if here.at else "With no shift asked for"
    way = "more" if here.objective >= nothing else "less"
    brings = (
        f"brings {{gain}} {way} than doing nothing"
        if abs(here.objective - nothing) > small
        else "brings what doing nothing brings"
    )
    wanted = {name: part for name, part in parts.items() if f"{{{name}}}" in with_it + brings}
    if after is None or after.objective - here.objective <= small:
        return told(f"{with_it} the plan {brings}; more shift adds nothing.", wanted)
    wanted |= {"after": points(after.at), "more": worth(shift, after.objective - here.objective)}
    return told(f"{with_it} the plan {brings}; {{after}} would bring {{more}} on top.", wanted)


def _nearest(found: Frontier, at: float) -> Point:
    return min(found.points, key=lambda point: abs(point.at - at))


def where_it_ends(found: Frontier, shift: Shift, held: Sequence[Binding], axis: Axis) -> Sentence:
    """Up to where more helps, and what holds it there."""
    full, top = last_gain(found), found.points[-1]
    what = holds(shift, held)
    if full is found.points[0]:
        return say("Nothing is gained by more{by}.", by=f": {what} holds it" if what else "")
    if full is top:
        by = f" {what[:1].upper()}{what[1:]} holds it back most." if what else ""
        return say("At {top}, the most that was tried, more still helps.{by}", top=axis.said(top.at), by=by)
    if what:
        return say("Beyond {full} nothing more is gained: {what} holds it.", full=axis.said(full.at), what=what)
    return say("Beyond {full} nothing more is gained: every service is at the end of its response.", full=axis.said(full.at))


def holds(shift: Shift, held: Sequence[Binding]) -> str:
    """What holds a plan back most, in words; blank where only responses end."""
    if not held:
        return ""
    about = held[0].about
    if about.parts and about.parts[0] == PACE:
        return "the pace of the shift"
    what = named(about.parts[0], shift.names) if about.parts else ""
    return _HOLDS.get(about.family, "a promise").format(what=what)


def purses(found: Frontier, shift: Shift, held: Sequence[Binding]) -> list[Sentence]:
    """What larger and smaller purses would bring, and where smaller ones end."""
    here, full = _nearest(found, 0.0), last_gain(found)
    said = []
    if full.at > here.at and full.objective - here.objective > _FLAT * (1 + abs(here.objective)):
        more = worth(shift, full.objective - here.objective)
        what = holds(shift, held)
        by = f"; beyond it nothing more is gained{f': {what} holds it' if what else ''}" if full is not found.points[-1] else ""
        said.append(
            say("With {much} more in every purse the plan brings {more} more{by}.", much=BUDGET.said(full.at), more=more, by=by)
        )
    else:
        what = holds(shift, held)
        by = f": {what} holds it, not money" if what else ""
        said.append(say("With more in every purse the plan brings nothing more{by}.", by=by))
    low = found.points[0]
    if low.at < here.at:
        lost = worth(shift, here.objective - low.objective)
        said.append(say("With {much} less in every purse it brings {lost} less.", much=BUDGET.said(-low.at), lost=lost))
    if found.end is not None:
        said.append(end(found.end, shift))
    return said


def end(found: End, shift: Shift) -> Sentence:
    """Where smaller purses end: whose are too small for what is promised from them, and when."""
    who, when = _clash(found, shift)
    over = f" in {when[0]}" if len(when) == 1 else f" from {when[0]} to {when[-1]}" if when else ""
    why = f": {who} cannot pay for what is promised from it{over}" if who and " and " not in who else ""
    why = why or (f": {who} cannot pay for what is promised from them{over}" if who else "")
    basis = "Need stays as it is, and so does every promise; what is held changes with the purse."
    if abs(found.last) < _LITTLE:
        return say("With any less in every purse the promises cannot all hold{why}.", why=why, basis=basis)
    return say(
        "With more than {much} less the promises cannot all hold{why}.", much=BUDGET.said(-found.last), why=why, basis=basis
    )


_LITTLE = 0.05
"""Per cent: what would be said as nothing."""


def _clash(found: End, shift: Shift) -> tuple[str, list[str]]:
    """The purses of a clash by name, and its years."""
    promises = write(shift.scenario).promises
    about = [promises[p] for p in found.result.conflict or () if p in promises]
    who = dict.fromkeys(named(a.parts[0], shift.names) for a in about if a.family == "budget")
    years = sorted({int(a.parts[1]) for a in about if a.family == "budget"})
    return listed(list(who)), [year_label(shift.scenario, t) for t in years]


def nested(
    shift: Shift, pairs: Sequence[tuple[Point, Point, Contained]], axis: Axis, hidden: Container[str] = ()
) -> list[Sentence]:
    """Whether each larger plan holds all of the smaller one; where not, what falls, for what, and what keeping it costs.

    hidden: services that are said without their amounts.
    """
    broken = [(small, large, found) for small, large, found in pairs if _matters(small, large, found)]
    little = max((found.lost or 0.0 for small, large, found in pairs if not _matters(small, large, found)), default=0.0)
    said = [_undone(shift, small, large, found, axis, hidden) for small, large, found in broken]
    if len(broken) == len(pairs):
        return said
    by = " (or another that is as good does)" if any(not found.shown and found.can for *_, found in pairs) else ""
    step = "At every other step" if broken else "At each step"
    parts: Parts = {"step": step, "by": by}
    if little > 0:
        template = (
            "{step} the larger plan holds all of the smaller one but a little{by}: to keep that too gives up {little} at most."
        )
        return [*said, told(template, parts | {"little": worth(shift, little)})]
    return [*said, told("{step} the larger plan holds all of the smaller one{by}: more undoes nothing that was begun.", parts)]


def _matters(small: Point, large: Point, found: Contained) -> bool:
    """Whether keeping all of the smaller plan would cost a part of what the step brings that can be told."""
    return found.lost is None or found.lost > number("little") * abs(large.objective - small.objective)


def _undone(shift: Shift, small: Point, large: Point, found: Contained, axis: Axis, hidden: Container[str]) -> Sentence:
    falls, fewer = amounts(shift, found.falls, "less", hidden)
    rises, extra = amounts(shift, found.rises, "more", hidden)
    parts: Parts = {"small": axis.signed(small.at), "large": axis.signed(large.at)}
    body = f"less for {falls}" if falls else "less in an earlier year"
    over = f", as money goes to {rises}" if rises else ""
    whole = {s.id for s in shift.scenario.prevention if s.min_scale is not None} & {*found.falls, *found.rises}
    kind = " One of them runs from a least scale up or not at all, so it cannot grow by a little." if whole else ""
    if found.lost is None:
        return told(
            f"From {{small}} to {{large}}: {body}{over}. All of the smaller plan could not be kept.{kind}", parts | fewer | extra
        )
    parts["lost"] = worth(shift, found.lost)
    template = f"From {{small}} to {{large}}: {body}{over}. Keeping all of the smaller plan would give up {{lost}}.{kind}"
    return told(template, parts | fewer | extra)


def table(shift: Shift, found: Frontier, nothing: float, axis: Axis) -> pd.DataFrame:
    """Each value with what the plan brings beyond doing nothing, and what goes to prevention in the last year."""
    horizon, start = shift.scenario.horizon, sum(spend_today(s) for s in shift.scenario.prevention)
    scale, unit = (THOUSAND, " (£)") if worth(shift, 0.0).unit is Unit.POUNDS else (1.0, "")
    rows = []
    for point in found.points:
        spent = sum(line.amount for line in point.result.spend if line.year == horizon)
        rows.append(
            (round(point.at, 2), round((point.objective - nothing) * scale, 2), round((spent - start) * THOUSAND, 2) + 0.0)
        )
    columns = [axis.column, f"Brings more than doing nothing{unit}", f"More on prevention in {shift.last} (£)"]
    return pd.DataFrame(rows, columns=columns)
