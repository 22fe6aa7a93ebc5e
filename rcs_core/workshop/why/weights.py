"""Whether the plan depends on what counts, in words: the moves that are in every plan, and whose loss another's weights are.

In: a shift and the plans under sets of weights. Out: sentences and plain frames.
"""

import pandas as pd

from rcs_core.workshop.explore.else_rules import numbers
from rcs_core.workshop.explore.weights import Loss, Sensitivity, Weighed, Whose, by_cost
from rcs_core.workshop.scenario.wording import said as named
from rcs_core.workshop.sentence import THOUSAND, Sentence, count, money, per_cent, say
from rcs_core.workshop.shift import Shift
from rcs_core.workshop.why.names import Parts, listed, told

_WAYS = {1: "More", -1: "Less", 0: "As today"}
_LITTLE = 1e-6


def called(shift: Shift, plan: Weighed) -> str:
    """What a set of weights is called inside a sentence."""
    weights = plan.weights
    if weights.whose is Whose.NOW:
        return "what care costs" if by_cost(shift.scenario) else "what the scenario weighs"
    if weights.whose is Whose.ALIKE:
        return "each child or case alike"
    if weights.whose is Whose.PURSE:
        return f"the purse of {named(weights.of, shift.names)} alone"
    return f"only {named(weights.of, shift.names)}" if weights.whose is Whose.NEED else weights.name


def headline(shift: Shift, found: Sensitivity) -> Sentence:
    """How many of the plan's moves are in the plan whatever counts."""
    moves, sure = found.present, found.no_regret
    tried = f"Tried: {listed([called(shift, p) for p in found.asked])}. A move is a service with more in {shift.last} than today."
    if not moves:
        return say("No service gains in this plan, so there is no move to hold against other weights.", basis=tried)
    if len(found.asked) == 1:
        return say("No other weights can be tried: no service acts on a need that somebody pays for.", basis=tried)
    who = listed([named(s, shift.names) for s in sure])
    if len(moves) == 1:
        ends = "would be made whatever counts" if sure else "depends on whose weights decide"
        return say("The plan's only move {ends}: {who}.", ends=ends, who=named(moves[0], shift.names), basis=tried)
    parts: Parts = {"many": count(len(moves), "move")}
    if not sure:
        return told(
            "None of the plan's {many} would be made whatever counts: each depends on whose weights decide.", parts, tried
        )
    parts["who"] = who
    if len(sure) == len(moves):
        return told("All of the plan's {many} would be made whatever counts: {who}.", parts, tried)
    verb = "is" if len(sure) == 1 else "are"
    return told(f"{{sure}} of {{many}} {verb} in the plan whatever counts: {{who}}.", parts | {"sure": count(len(sure))}, tried)


def depends(shift: Shift, found: Sensitivity) -> list[Sentence]:
    """Each move that is not in every plan: whose plan leaves it out, and what making it all the same would cost there."""
    said = []
    for service in found.present:
        out = [p for p in found.asked if p.moves.get(service) != 1]
        if out:
            said.append(_left_out(shift, service, out))
    if new := found.elsewhere:
        who = listed([named(s, shift.names) for s in new])
        said.append(
            say(
                "Under other weights {many} would gain that {verb} not here: {who}.",
                many=count(len(new), "service"),
                verb="does" if len(new) == 1 else "do",
                who=who,
            )
        )
    return said


def _left_out(shift: Shift, service: str, out: list[Weighed]) -> Sentence:
    parts: Parts = {"name": named(service, shift.names)}
    stretches = []
    for k, plan in enumerate(out):
        parts |= {f"set{k}": called(shift, plan), f"cost{k}": per_cent(plan.regret.get(service, 0.0))}
        stretches.append(f"{{set{k}}} (there it would cost {{cost{k}}} of the gain)")
    worst = max(plan.regret.get(service, 0.0) for plan in out)
    cheap = " It can be made at next to no loss." if worst <= numbers("slacks")[0] else ""
    return told(f"{{name}} is left out where what counts is {listed(stretches)}.{cheap}", parts)


def losses(shift: Shift, found: Sensitivity) -> list[Sentence]:
    """For each agency with a purse of its own at stake: what it loses under the present plan, and under whose it loses most."""
    said = []
    for agency in dict.fromkeys(loss.agency for loss in found.losses):
        mine = [loss for loss in found.losses if loss.agency == agency]
        said.append(_under_now(shift, next(loss for loss in mine if loss.chosen_by.whose is Whose.NOW)))
    return said


def _under_now(shift: Shift, loss: Loss) -> Sentence:
    name = named(loss.agency, shift.names)
    if loss.share <= _LITTLE:
        return say("{name} loses nothing by it: the plan is as good for its own purse as any.", name=name)
    parts: Parts = {"name": name, "lost": money(loss.lost, shift.found.discussion_only)}
    own = "A plan for the purse of {name} alone would make {lost} more of the care that it pays for unnecessary"
    if loss.share > 1:
        return told(f"{own}; under this one it pays for more care than if nothing were done.", parts)
    return told(f"{own}: {{share}} of what it could have.", parts | {"share": per_cent(loss.share)})


def no_stake(shift: Shift, found: Sensitivity) -> Sentence | None:
    """How many purses pay for no care that prevention acts on, so that nothing is at stake for them here."""
    with_stake = {p.weights.of for p in found.plans if p.weights.whose is Whose.PURSE}
    without = [a.id for a in shift.scenario.agencies if a.id not in with_stake]
    if not without:
        return None
    verb = "pays" if len(without) == 1 else "pay"
    return say(
        "{many} {verb} for no care that these services act on, so no plan releases anything to them.",
        many=count(len(without), "purse"),
        verb=verb,
    )


def table(shift: Shift, found: Sensitivity) -> pd.DataFrame:
    """Every service that moves under any weights, by set: more, less or as today in the last year."""
    services = [s.id for s in shift.scenario.prevention if any(p.moves.get(s.id) for p in found.plans)]
    order = {s: (s not in found.no_regret, s not in found.present) for s in services}
    rows = []
    for service in sorted(services, key=lambda s: order[s]):
        rows.append((named(service, shift.names), *(_WAYS[p.moves.get(service, 0)] for p in found.plans)))
    return pd.DataFrame(rows, columns=["Service", *(_column(shift, p) for p in found.plans)])


def _column(shift: Shift, plan: Weighed) -> str:
    words = called(shift, plan)
    return f"Counts: {words}"


def loss_table(shift: Shift, found: Sensitivity) -> pd.DataFrame:
    """What each agency's own purse loses under each other set of weights (GBP of care at its share, over all years)."""
    plans = {p.weights.name: called(shift, p) for p in found.plans}
    rows = [
        (named(x.agency, shift.names), plans[x.chosen_by.name], round(x.lost * THOUSAND, 2) + 0.0, round(100 * x.share, 1))
        for x in found.losses
    ]
    columns = ["Whose purse", "Where what counts is", "Loses against its own plan (£)", "Of what its own plan gains it (%)"]
    return pd.DataFrame(rows, columns=columns)


COLUMNS_SAID = (
    "More, less or as today in the plan's last year. The columns of one need alone show what pulls where; they are not counted "
    "when it is said what holds whatever counts."
)
LOSS_SAID = (
    "What it costs this purse, at its share, that care is not made unnecessary, over the plan and the years credited after it. "
    "It is not cash: how much of it can be cashed hangs on what cashes."
)
