"""Why each service moved, or did not, in sentences: what happened, what keeps it from growing or falling, what it competes with.

Every sentence rests on a limit that was tried by solving the plan again; "no change" is explained as any other move is.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import pandas as pd

from rcs_core.vocab import InputState
from rcs_core.workshop.scenario.explain.bounds import Bound, Kind, Move, NextPound
from rcs_core.workshop.scenario.format import Prevention, at
from rcs_core.workshop.scenario.wording import said as named
from rcs_core.workshop.scenario.wording import year_label
from rcs_core.workshop.sentence import Figure, Sentence, joined, money, per_cent, say
from rcs_core.workshop.shift import THOUSAND, Shift
from rcs_core.workshop.why import care
from rcs_core.workshop.why.found import Found
from rcs_core.workshop.why.names import Parts, floor_reason, listed, payers, span, told

_PENNY = 1e-5
"""In GBP thousand."""
_FEW = 0.05
"""Fewer places or cases than this are not worth a sentence."""
_SAME = 1e-6
_RIVALS = 2
COLUMNS_SAID = (
    "Held back: it would grow if that were eased. Held up: it would fall. Each was tried by solving the plan again; the years "
    "are those in which it binds."
)
_NEARLY = 0.01
"""A loss of less than a penny in the pound is next to none."""


def why_it_moved(shift: Shift, move: Move) -> list[Sentence]:
    """The whole chain for one preventative service: what happened, what holds it, and what its next pound would do."""
    found = [_what(shift, move)]
    found += [_held(shift, move, b) for side in (move.holds_back, move.holds_up) for b in _in_time(side) if not b.together]
    for group in (move.holds_back, move.holds_up):
        if both := [b for b in group if b.together]:
            found.append(_both(shift, move, both))
    return [*found, *_kink(shift, move), *_next(shift, move)]


def _in_time(bounds: Sequence[Bound]) -> list[Bound]:
    """Limits in the order in which they bind."""
    return sorted(bounds, key=lambda b: (b.years or (0,))[0])


def _what(shift: Shift, move: Move) -> Sentence:
    rough, last = shift.found.discussion_only, year_label(shift.scenario, shift.scenario.horizon)
    who, what = payers(shift, move.service), named(move.service, shift.names)
    year, most = move.peak
    parts: Parts = {"what": what, "who": who, "last": last}
    if abs(most) <= _PENNY:
        return told("{what} ({who}): no change in any year to {last}.", parts)
    peak: Parts = {"most": money(most, rough), "year": year_label(shift.scenario, year), "way": "more" if most > 0 else "less"}
    if abs(move.change) <= _PENNY:
        return told("{what} ({who}) ends in {last} as it is today; {year} has {most} {way}.", parts | peak)
    grown: Parts = {
        "much": money(move.change, rough),
        "share": per_cent(abs(move.change) / move.before) if move.before else "all new",
    }
    grown |= {"verb": "grows" if move.change > 0 else "falls"}
    if year == shift.scenario.horizon or abs(most) <= abs(move.change) * (1 + _FEW):
        return told("{what} ({who}) {verb} by {much} a year by {last} ({share}).", parts | grown)
    text = "{what} ({who}) {verb} by {much} a year by {last} ({share}); {year} has {most} {way}."
    return told(text, parts | grown | peak)


def _service(shift: Shift, move: Move) -> Prevention:
    return next(s for s in shift.scenario.prevention if s.id == move.service)


def _held(shift: Shift, move: Move, bound: Bound) -> Sentence:
    """One limit that binds a service, with its number, its years and its reason."""
    service, when = _service(shift, move), span(shift, bound.years)
    what, year = named(bound.subject, shift.names) if bound.subject else "", (bound.years or (1,))[-1]
    maker = _SAID.get(bound.kind)
    if maker is not None:
        return maker(shift, service, year, when, bound)
    text = (_SCARCE if bound.up else _HOLDS)[bound.kind]
    return say(text, when=when, what=what) if "{what}" in text else say(text, when=when)


def _ramp_up(_: Shift, service: Prevention, year: int, when: str, __: Bound) -> Sentence:
    rate = per_cent(at(service.ramp_up or 0.0, year))
    return say("It grows as fast as it may ({rate} a year) {when}.", rate=rate, when=when)


def _ramp_down(_: Shift, service: Prevention, year: int, when: str, __: Bound) -> Sentence:
    rate = per_cent(at(service.ramp_down or 0.0, year))
    return say("It would fall faster: {rate} a year is the most that it may, {when}.", rate=rate, when=when)


def _capacity(shift: Shift, service: Prevention, year: int, when: str, _: Bound) -> Sentence:
    most = money(at(service.capacity or 0.0, year), shift.found.discussion_only)
    return say("No more than {most} a year may be spent on it {when}.", most=most, when=when)


def _width(shift: Shift, service: Prevention, _: int, when: str, __: Bound) -> Sentence:
    most = sum(seg.width or 0.0 for by in service.segments.values() for segs in by.values() for seg in segs)
    text = "It reaches the end of its known response, {most} a year, {when}: nothing is known of what more of it would do."
    return say(text, most=money(most, shift.found.discussion_only), when=when)


def _floor(shift: Shift, service: Prevention, year: int, when: str, bound: Bound) -> Sentence:
    least, reason = money(at(service.floor or 0.0, year), shift.found.discussion_only), floor_reason(shift, service.id)
    if bound.gain <= 0:
        return say("No less than {least} may be spent on it {when}: {reason}.", least=least, when=when, reason=reason)
    text = "No less than {least} may be spent on it {when}: {reason}. Each {step} a year less would gain {gain}."
    return say(text, least=least, when=when, reason=reason, step=money(1.0), gain=worth(shift, bound.gain))


def _scale(shift: Shift, service: Prevention, year: int, when: str, _: Bound) -> Sentence:
    least = money(at(service.min_scale or 0.0, year), shift.found.discussion_only)
    return say("It runs at {least} a year or more, or not at all, {when}.", least=least, when=when)


def _preventable(shift: Shift, _: Prevention, year: int, when: str, bound: Bound) -> Sentence:
    share = next(at(d.preventable, year) for d in shift.scenario.acute if d.id == bound.subject)
    text = "All that can be prevented of the need for {what} ({share}) is prevented {when}."
    return say(text, what=named(bound.subject, shift.names), share=per_cent(share), when=when)


_SAID: dict[Kind, Callable[[Shift, Prevention, int, str, Bound], Sentence]] = {
    Kind.RAMP_UP: _ramp_up, Kind.RAMP_DOWN: _ramp_down, Kind.CAPACITY: _capacity, Kind.WIDTH: _width, Kind.FLOOR: _floor,
    Kind.SCALE: _scale, Kind.PREVENTABLE: _preventable,
}  # fmt: skip
_SCARCE = {
    Kind.PURSE: "The purse of {what} holds no more for it {when}.",
    Kind.POOL: "No more {what} is left for it {when}.",
    Kind.STAFF: "There is no more room for it within {what} {when}.",
    Kind.NEED: "All the need for {what} is prevented {when}.",
    Kind.RING: "Money that is kept for {what} cannot go to it {when}.",
    Kind.FAIRNESS: "The fairness rule {what} allows no more of it {when}.",
    Kind.SHARE: "The preventative share that is asked for binds it {when}.",
    Kind.TARGET: "The outcome that is asked for binds it {when}.",
}
_HOLDS = {
    Kind.RING: "The ring-fence {what} keeps it up {when}.",
    Kind.FAIRNESS: "The fairness rule {what} keeps it up {when}.",
    Kind.SHARE: "The preventative share that is asked for keeps it up {when}.",
    Kind.TARGET: "The outcome that is asked for keeps it up {when}.",
}


def _both(shift: Shift, move: Move, bounds: Sequence[Bound]) -> Sentence:
    """Limits that bind only together."""
    names = listed([short(shift, b) for b in bounds])
    way = "growing" if bounds[0].up else "falling"
    text = "{names} keep {what} from {way} together: easing one of them alone changes nothing."
    return say(text, names=names, what=named(move.service, shift.names), way=way)


def short(shift: Shift, bound: Bound) -> str:
    """A limit in a few words, for a table."""
    if bound.kind in (Kind.PURSE, Kind.POOL, Kind.STAFF, Kind.RING, Kind.FAIRNESS):
        words = "the purse of {}" if bound.kind is Kind.PURSE else "{}"
        return words.format(named(bound.subject, shift.names))
    if bound.kind in (Kind.PREVENTABLE, Kind.NEED):
        return f"{bound.kind.label.lower()} for {named(bound.subject, shift.names)}"
    if bound.kind is Kind.FLOOR:
        return f"least spend: {floor_reason(shift, bound.subject).partition(' (')[0]}"
    return bound.kind.label[:1].lower() + bound.kind.label[1:]


def _kink(shift: Shift, move: Move) -> list[Sentence]:
    """That the plan stops a service where each further pound does less, where it does; for services with one response."""
    service = _service(shift, move)
    ((group, locality), *others) = service.reach()
    response = service.segments[group][locality]
    reached = 0.0
    for k, (now, after) in enumerate(pairwise(() if others or move.next_pound is None else response), 1):
        reached += now.width or 0.0
        if abs(reached - move.path[-1]) <= _SAME * (1 + reached) and after.slope < now.slope:
            path = f"/prevention/{shift.scenario.prevention.index(service)}/segments/{group}/{locality}/{k}/1"
            known = {p.path: p.state for p in shift.scenario.provenance}.get(path)
            whose = " (an assumption of this tool)" if known == InputState.PRODUCT_DEFAULT else ""
            text = f"Up to {{here}} a year a pound does more: each further one does {{share}} of that{whose}."
            return [say(text, here=money(reached, shift.found.discussion_only), share=per_cent(after.slope / now.slope))]
    return []


def _next(shift: Shift, move: Move) -> list[Sentence]:
    """What its next pound would do: less than another's, as much, or nothing at all."""
    asked = move.next_pound
    if asked is None:
        stuck = not any(b.up for b in move.bounds)
        return [say("No more of it is possible in any year under these promises.")] if stuck else []
    when, step = span(shift, asked.years), money(1.0)
    rivals = listed([named(s, shift.names) for s in list(asked.rivals)[:_RIVALS]])
    if asked.lost <= 0:
        return [_tie(rivals, when)]
    if asked.lost < _NEARLY and rivals:
        text = "A pound more {when} does nearly as much here as in {rivals}: there is little between them."
        return [say(text, when=when, rivals=rivals)]
    lost = worth(shift, asked.lost)
    if not rivals:
        return [say("{step} more a year for it {when} would cost the plan {lost}.", step=step, when=when, lost=lost)]
    text = "A pound more does less here than in {rivals}: {step} more a year {when} would come from there and cost {lost}."
    return [say(text, rivals=rivals, step=step, when=when, lost=lost)]


def worth(shift: Shift, amount: float) -> Figure:
    """What the plan gains or loses, said as what it is of: care that is no longer needed, or money."""
    said = money(amount, shift.found.discussion_only)
    words = {"outcome": "care worth {}", "cost": "{} of spend", "prevention_spend": "{} of prevention"}
    return Figure(said.value, said.unit, words[shift.scenario.objective.kind].format(said.said))


def _tie(rivals: str, when: str) -> Sentence:
    if rivals:
        return say("A pound more {when} does as much in {rivals}: equally good elsewhere.", when=when, rivals=rivals)
    return say("More of it {when} would change nothing that the plan counts.", when=when)


def as_one(sentences: Sequence[Sentence]) -> Sentence:
    """A chain of sentences as one."""
    return joined(list(sentences))


def table(shift: Shift, found: Found) -> pd.DataFrame:
    """Every service of the scenario: what happened, by how much, why in a few words, and who pays (GBP)."""
    rows = []
    for m in found.moves:
        what = _happened(m.change, m.peak[1])
        rows.append((m.service, what, m.change * THOUSAND, _why(shift, m)))
    for c in found.care:
        rows.append((c.service, care.happened(c.change), c.change * THOUSAND, care.short(shift, c)))
    whole = [(named(s, shift.names), *row, payers(shift, s)) for s, *row in rows]
    last = year_label(shift.scenario, shift.scenario.horizon)
    columns = ["Service", "What happened", f"Change in {last} (£)", "Why", "Who pays"]
    frame = pd.DataFrame(whole, columns=columns)
    return frame.assign(**{columns[2]: frame[columns[2]].round(2) + 0.0})


def _happened(change: float, peak: float) -> str:
    if abs(change) > _PENNY:
        return "Grows" if change > 0 else "Falls"
    return "No change" if abs(peak) <= _PENNY else "Back as today"


def _why(shift: Shift, move: Move) -> str:
    ups, downs = (
        [f"{short(shift, b)} ({span(shift, b.years)})" for b in _in_time(side)] for side in (move.holds_back, move.holds_up)
    )
    words = [f"Held back by {'; '.join(ups)}"] if ups else []
    words += [f"Held up by {'; '.join(downs)}"] if downs else []
    if move.next_pound is not None:
        words.append(_against(shift, move.next_pound))
    return ". ".join(words) or "No more is possible under these promises"


def _against(shift: Shift, asked: NextPound) -> str:
    rivals = [named(s, shift.names) for s in asked.rivals]
    if not rivals:
        return "More of it brings nothing" if asked.lost <= 0 else "More of it would cost more than it brings"
    how = "as much here as" if asked.lost <= 0 else "nearly as much here as" if asked.lost < _NEARLY else "less here than"
    return f"A pound more does {how} in {rivals[0]}"
