"""Why each responsive service costs more or less, in sentences: the need behind it, who keeps it away, and what of it is cash."""

from rcs_core.workshop.scenario.explain.care_moves import CareMove
from rcs_core.workshop.scenario.format import at
from rcs_core.workshop.scenario.wording import said as named
from rcs_core.workshop.scenario.wording import year_label
from rcs_core.workshop.sentence import Sentence, children, money, per_cent, say
from rcs_core.workshop.shift import Shift
from rcs_core.workshop.why.names import Parts, counted, listed, payers, span, told, unit_word

_PENNY = 1e-5
"""In GBP thousand."""
_FEW = 0.05
"""Fewer places or cases than this are not worth a sentence."""
_MOST, _NAMED = 2, 5
"""Services named in a table, and in a sentence."""


def why_care_moved(shift: Shift, care: CareMove) -> list[Sentence]:
    """The whole chain for one responsive service: cost, the need behind it, who kept it away, and what of it is cash."""
    rough, last = shift.found.discussion_only, year_label(shift.scenario, shift.scenario.horizon)
    what, who = named(care.service, shift.names), payers(shift, care.service)
    if abs(care.change) <= _PENNY:
        found = [say("{what} ({who}) costs the same in {last} as today.", what=what, who=who, last=last)]
    else:
        way, much = "more" if care.change > 0 else "less", money(care.change, rough)
        found = [say("{what} ({who}) costs {much} {way} in {last}.", what=what, who=who, much=much, way=way, last=last)]
    return found + _need(shift, care) + _cash(shift, care)


def _need(shift: Shift, care: CareMove) -> list[Sentence]:
    """The need behind a cost: who kept it away, or who lets it rise."""
    rough, unit = shift.found.discussion_only, unit_word(shift, care.service)
    found = []
    if abs(care.risen) >= _FEW:
        way = "more" if care.risen > 0 else "fewer"
        n = children(care.risen, rough)
        text = "If nothing changed, {n} {unit} a year {way} would be needed than today."
        found.append(say(text, n=n, way=way, unit=counted(unit, n)))
    if abs(care.kept) < _FEW:
        text = "The services that act on it do no more and no less than today." if care.acted_on else (
            "No service that could grow here is known to act on it, so nothing that moves reaches it."
        )  # fmt: skip
        return [*found, say(text)]
    by = [(s, v) for s, v in care.by.items() if v * care.kept > 0 and abs(v) >= _FEW][:_NAMED]
    way = "fewer" if care.kept > 0 else "more"
    parts: Parts = {f"s{_letter(k)}": named(s, shift.names) for k, (s, _) in enumerate(by)}
    parts |= {f"n{_letter(k)}": children(v, rough) for k, (_, v) in enumerate(by)}
    each = listed([f"{{s{_letter(k)}}} ({{n{_letter(k)}}})" for k in range(len(by))])
    because = f", since {each} {'do' if len(by) > 1 else 'does'} {'more' if care.kept > 0 else 'less'} than today" if by else ""
    n = children(care.kept, rough)
    parts |= {"n": n, "way": way, "unit": counted(unit, n)}
    found.append(told(f"{{n}} {{unit}} a year {{way}} {'is' if parts['unit'] != unit else 'are'} needed{because}.", parts))
    if care.capped and care.capped[-1] == shift.scenario.horizon:
        found.append(say("That is all of the need that can be prevented."))
    return found


def _letter(k: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[k]


def _cash(shift: Shift, care: CareMove) -> list[Sentence]:
    """How much of what is no longer needed is cash, and what keeps the rest."""
    rough = shift.found.discussion_only
    if care.kept < _FEW or care.worth <= _PENNY:
        return []
    text = "Care for them would cost {amount} a year; {share} of a cost is cash as soon as it is not needed."
    found = [say(text, amount=money(care.worth, rough), share=per_cent(care.cashable))]
    if care.closing:
        d = next(one for one in shift.scenario.acute if one.id == care.service)
        share = at(d.decommission_max, care.closing[-1])
        most = "none of them may close" if share <= 0 else "no more than {share} of them may close a year"
        parts: Parts = {"when": span(shift, care.closing)} | ({} if share <= 0 else {"share": per_cent(share)})
        found.append(told(f"Places stand empty {{when}}: {most}.", parts))
    if care.floor:
        found.append(say("No less may be spent on it {when}.", when=span(shift, care.floor)))
    return found


def happened(change: float) -> str:
    """What happened to its cost, for a table."""
    return "Costs the same" if abs(change) <= _PENNY else "Costs more" if change > 0 else "Costs less"


def short(shift: Shift, care: CareMove) -> str:
    """Why, in a few words, for a table."""
    if abs(care.kept) < _FEW:
        return "Need as if nothing changed" if care.acted_on else "Nothing that can grow is known to act on it"
    names = [named(s, shift.names) for s, v in care.by.items() if v * care.kept > 0 and abs(v) >= _FEW][:_MOST]
    return f"{'Less' if care.kept > 0 else 'More'} need, by {listed(names)}" if names else "Need changes"
