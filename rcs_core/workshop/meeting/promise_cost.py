"""What a promise from the table costs: the scenario on the table solved with it and without it, every other promise kept.

In: the two shifts. Out: what is lost with it (children, need, pounds), in one sentence with its base; where it leaves no plan,
which sum does not come out and the smallest change that settles it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import fsum

from rcs_core.errors import RcsError
from rcs_core.vocab import Label
from rcs_core.workshop import clash, clash_words
from rcs_core.workshop.scenario import Result
from rcs_core.workshop.scenario.explain.promise_price import Bundle, Price
from rcs_core.workshop.scenario.wording import said as named
from rcs_core.workshop.sentence import Figure, Sentence, children, money, say
from rcs_core.workshop.shift import Shift, discussed
from rcs_core.workshop.why.names import counted, told, unit_word
from rcs_core.workshop.why.promises import basis, ranked_care

_NOTHING = 1e-7
"""A difference smaller than this, by the size of what is compared, is the solver's rounding."""
type Parts = dict[str, Figure | str]


class Verdict(Label):
    """What a promise does to the plan."""

    FREE = "free", "Costs nothing"
    COSTS = "costs", "Costs something"
    CLASHES = "clashes", "Leaves no plan"
    STUCK = "stuck", "No plan without it either"


@dataclass(frozen=True, slots=True)
class Cost:
    """What is lost with a promise. gain: what the plan would do more without it (GBP thousand, or the outcome's unit).

    unmet: children's need that goes unmet because of it, over all years. care: places or cases more that are needed with it,
    by responsive service and year.
    """

    verdict: Verdict
    gain: float = 0.0
    unmet: float = 0.0
    care: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


def cost(held: Shift, free: Shift) -> Cost:
    """What a promise costs, from the scenario with it (`held`) and without it (`free`)."""
    if not held.possible:
        return Cost(Verdict.CLASHES if free.possible else Verdict.STUCK)
    if not free.possible:  # a promise can only take plans away: without it there would be one too
        return Cost(Verdict.STUCK)
    now, then = worth(held), worth(free)
    gain = _real(then - now, now)
    unmet = _real(_unmet(held.result) - _unmet(free.result), 1.0)
    if gain <= 0 and unmet <= 0:
        return Cost(Verdict.FREE)
    care = {d: lost for d, lost in _care(held, free).items() if any(lost)}
    return Cost(Verdict.COSTS, max(0.0, gain), max(0.0, unmet), care)


def worth(shift: Shift) -> float:
    """What a plan brings, as its objective counts it: the outcome, less cost, or spend on prevention."""
    result = shift.result
    match shift.scenario.objective.kind:
        case "outcome":
            return float(result.outcome or 0.0)
        case "cost":
            return -float(result.objective or 0.0)
    return fsum(line.amount for line in result.spend)


def _real(value: float, size: float) -> float:
    return value if abs(value) > _NOTHING * (1 + abs(size)) else 0.0


def _unmet(result: Result) -> float:
    return fsum(line.unmet for line in result.responsive)


def _care(held: Shift, free: Shift) -> dict[str, tuple[float, ...]]:
    """How much more of each responsive service is needed with the promise, by year."""
    found = {d.id: [0.0] * held.scenario.horizon for d in held.scenario.acute}
    for result, sign in ((free.result, 1), (held.result, -1)):
        for line in result.responsive:
            found[line.service][line.year - 1] += sign * line.reduction
    return {d: tuple(_real(n, 1.0) for n in yearly) for d, yearly in found.items()}


def sentence(what: str, found: Cost, held: Shift, veil: frozenset[str] = frozenset()) -> Sentence:
    """What a promise costs the room, in one sentence. what: the promise, as it is called. held: the scenario with it.

    veil: services whose price is not shown now; beside a number of places in one of them no pounds are told.
    """
    if found.verdict is Verdict.FREE:
        return say("‘{what}’ costs nothing: without it the plan would do no more.", what=what, basis=_base(held))
    if found.verdict is Verdict.COSTS:
        return _costs(what, found, held, veil)
    if found.verdict is Verdict.STUCK:
        text = "‘{what}’ has no price while the others clash: without it there is no plan either."
        return say(text, what=what, basis=_base(held))
    reason, repair = why_none(held)
    text = "‘{what}’ leaves no plan: {reason}{repair}"
    return say(text, what=what, reason=_low(reason), repair=repair, basis=_base(held))


def why_none(held: Shift) -> tuple[str, str]:
    """Of a scenario without a plan: which sum does not come out, or what clashes; and the smallest change that settles it."""
    try:
        worked = clash.worked(held)
    except RcsError:
        return clash.clash(held).sentence, ""
    if worked.sums:
        reason = clash_words.sum_sentence(worked.sums[0], held.scenario, held.names, worked.rough).text
    else:
        reason = clash.clash(held).sentence
    whole = next((way for way in worked.ways if way.whole), worked.ways[0] if worked.ways else None)
    return reason, f" The smallest change that settles it: {_low(whole.sentence.text)}" if whole else ""


def _low(text: str) -> str:
    """A sentence that goes on after a colon; names and years stay as they are."""
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if first in ("Raise", "Lower", "Let", "Ease", "Put", "One") else text


def _costs(what: str, found: Cost, held: Shift, veil: frozenset[str]) -> Sentence:
    rough, parts = held.found.discussion_only, {"what": what}
    bits, more = list[str](), dict[str, Figure | str]()
    if found.unmet > 0:
        bits.append("{unmet} children's need that goes unmet")
        more["unmet"] = children(found.unmet, rough)
    if found.gain > 0 and not veil & set(found.care):
        words = {"outcome": "care worth {gain}", "cost": "{gain} more to pay", "prevention_spend": "{gain} less for prevention"}
        bits.append(words[held.scenario.objective.kind])
        more["gain"] = money(found.gain, rough)
    text, care = _places(found, held)
    lead = " and ".join(bits) or ("" if text else "something that is not told on the big screen")
    return told(f"‘{{what}}’ costs{lead and f' {lead}'}{text}.", {**parts, **more, **care}, _base(held), _sure(held))


def _places(found: Cost, held: Shift) -> tuple[str, Parts]:
    """Where more care is needed with it, and where less: the most of each."""
    ranked = ranked_care(held, Price(Bundle("room", "", (), (), 1.0), 0.0, (), found.care))
    best = next((one for one in ranked if one[2] > 0), None)
    worst = next((one for one in reversed(ranked) if one[2] < 0), None)
    text, parts, rough = "", dict[str, Figure | str](), held.found.discussion_only
    if best:
        many, unit = children(best[1], rough), unit_word(held, best[0])
        text = ": with it, {many} {unit} more are needed over the plan in {where}"
        parts |= {"many": many, "unit": counted(unit, many), "where": named(best[0], held.names)}
    if best and worst:
        fewer, unit = children(worst[1], rough), unit_word(held, worst[0])
        text += ", and {fewer} {those} fewer in {there}"
        parts |= {"fewer": fewer, "those": counted(unit, fewer), "there": named(worst[0], held.names)}
    return text, parts


def _base(held: Shift) -> str:
    """Which scenario was solved, on what, and what the figures mean."""
    preset = f"‘{held.levers.preset.label}’, {held.levers.depth.label.lower()}."
    if discussed(held):
        return f"{preset} {basis(held)} A shift that is only stated: no effect is used, so only what can still be moved is told."
    prices = f" Prices of {held.scenario.price_year}." if held.scenario.price_year else ""
    return f"{preset} {basis(held)}{prices}"


def _sure(held: Shift) -> str:
    share = held.found.guess_share
    return "" if share is None else f"{share:.0%} of the pounds moved rest on guesses."
