"""What a room reads first of scenarios side by side: who moves more, what it takes from outside, who pays most of it."""

from collections.abc import Sequence
from typing import Any

from rcs_core.workshop.couple.compare import Part
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.sentence import Figure, Sentence, count, per_cent, say
from rcs_core.workshop.versus.results import _NOTHING, amount, bridging, least_money, released
from rcs_core.workshop.versus.sides import Side


def headlines(sides: Sequence[Side]) -> list[list[Sentence]]:
    """Sentences for each scenario after the first that has a plan, set against it where the two are alike.

    The first sentence of each says what differs most; the others go with it.
    """
    base = next((side for side in sides if side.possible), None)
    found = [[_impossible(side)] for side in sides if not side.possible]
    if base is None:
        return found
    others = [side for side in sides if side.possible and side is not base]
    return [*(_against(side, base) if side.like(base) else [_unlike(side, base)] for side in others), *found]


def _against(side: Side, base: Side) -> list[Sentence]:
    """How one plan differs from another: what moves, money from outside, what is released, promises that it breaks."""
    gap = side.found.moved - base.found.moved
    names = {"one": side.title, "other": base.title}
    if abs(gap) < _NOTHING:
        parts = [say("‘{one}’ moves as much to prevention as ‘{other}’ by its last year.", **names)]
    else:
        way = "more" if gap > 0 else "less"
        head = "‘{one}’ moves {gap} a year {way} to prevention than ‘{other}’ by its last year{payer}."
        parts = [say(head, gap=amount(side, base, gap), way=way, payer=_payer(side, base, gap), **names)]
    parts += _more(side, base, bridging(side) - bridging(base), "It needs {gap} {way} from outside the purses over the plan.")
    parts += _more(side, base, released(side) - released(base), "It releases {gap} a year {way} from responsive services.")
    return parts + _broken(side)


def _more(side: Side, base: Side, gap: float, template: str) -> list[Sentence]:
    if abs(gap) < _NOTHING:
        return []
    return [say(template, gap=amount(side, base, gap), way="more" if gap > 0 else "less")]


def _payer(side: Side, base: Side, gap: float) -> str:
    """Who pays most of the difference, in words to go on with; blank where one agency pays it all or nobody stands out."""
    paid = [_paid(one) for one in (side, base)]
    apart = {who: paid[0].get(who, 0.0) - paid[1].get(who, 0.0) for who in {*paid[0], *paid[1]}}
    if not apart:
        return ""
    who = max(sorted(apart), key=lambda agency: apart[agency] * (1 if gap > 0 else -1))
    if apart[who] / gap >= 1 - 1e-9 and sum(abs(v) > _NOTHING for v in apart.values()) == 1:
        return f", all of it paid by {who}" if gap > 0 else f", all of it spared by {who}"
    if apart[who] / gap > _MOST:
        return f"; {who} {'pays' if gap > 0 else 'is spared'} most of it"
    return ""


_MOST = 0.5


def _paid(side: Side) -> dict[str, float]:
    rows = side.found.by_agency
    chosen = rows[(rows["year"] == side.last) & (rows["part"] == Part.PREVENTION.value)]
    return {str(who): float(change) for who, change in zip(chosen["label"], chosen["change"], strict=True)}


def _broken(side: Side) -> list[Sentence]:
    """Of a plan of one's own: how far it is from the solved one, and what it breaks."""
    if side.scored is None:
        return []
    found: list[Sentence] = []
    if side.scored.share is not None and side.scenario.depth != Depth.DISCUSS.value:
        found.append(say("It brings {share} of what the solved plan gains.", share=_share(side.scored.share)))
    if side.broken:
        found.append(say("It breaks {missed}.", missed=count(side.broken, "promise")))
    return found


def _share(value: float) -> Figure:
    return per_cent(value) if value >= 0 else Figure(value, per_cent(0).unit, "less than nothing")


def _impossible(side: Side) -> Sentence:
    """How many promises clash, and the least money with which all hold: one change where one is enough, else all that lacks."""
    parts: dict[str, Any] = {"one": side.title, "clash": count(len(side.result.conflict or ()), "promise")}
    if not side.result.conflict:
        return say("‘{one}’ cannot be, and no promise is to blame: limits that nobody promised leave no plan.", one=side.title)
    least = least_money(side)
    if least is None:
        return say("‘{one}’ cannot be: {clash} clash, and no amount of money makes everything hold.", **parts)
    if least.alone:
        return say("‘{one}’ cannot be: {clash} clash. The least that settles it alone is {least}.", least=least.figure, **parts)
    template = "‘{one}’ cannot be: {clash} clash. With {least} more over the plan everything holds."
    return say(template, least=least.figure, **parts)


def _unlike(side: Side, base: Side) -> Sentence:
    """Two scenarios that are not set against each other, and why."""
    template = "‘{one}’ is not set against ‘{other}’: {why}."
    return say(template, one=side.title, other=base.title, why=" and ".join(apart(side, base)))


def apart(side: Side, base: Side) -> list[str]:
    """Why the figures of one scenario are not set against another's, in words to go on with; none where they may be."""
    why = []
    if side.release_id != base.release_id:
        why.append(f"it was kept on another release ({side.release_id or 'none is named'})")
    if side.scenario.depth != base.scenario.depth:
        depths = [Depth(one.scenario.depth).label for one in (side, base)]
        why.append(f"it is at the depth {depths[0]}, not {depths[1]}")
    if side.scenario.money != base.scenario.money:
        why.append(f"its money is in {side.scenario.money}")
    return why


def marks(sides: Sequence[Side], release_id: str, code: str) -> list[str]:
    """What must stand beside scenarios that are not of this release, this depth or this program, one line each."""
    base = next((side for side in sides if side.possible), sides[0] if sides else None)
    lines = []
    for side in sides:
        why = apart(side, base) if base is not None and side is not base else []
        if side.release_id not in ("", release_id) and not any("release" in one for one in why):
            why.insert(0, f"it was kept on another release ({side.release_id})")
        if side.code not in ("", code):
            why.append(f"it was kept with version {side.code} of this program, and is worked out here with {code}")
        if why:
            lines.append(f"‘{side.title}’: {'; '.join(why)}.")
    return lines
