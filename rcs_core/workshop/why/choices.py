"""Must-haves and real choices in words: what every plan nearly as good does, what some do, and what would pay for it.

In: a shift, what each service is within a slack, and the plans at the ends of the ranges. Out: sentences and plain frames.
"""

from collections.abc import Container

import pandas as pd

from rcs_core.workshop.explore.choices import Choice, Choices, Kind, Trade
from rcs_core.workshop.scenario.wording import said as named
from rcs_core.workshop.sentence import Sentence, count, money, per_cent, say
from rcs_core.workshop.shift import THOUSAND, Shift
from rcs_core.workshop.why.amounts import amounts, counted_as, worth
from rcs_core.workshop.why.names import Parts, listed, told

_ORDER = {kind: place for place, kind in enumerate(Kind)}
_LEADS = {
    Kind.MUST_HAVE: ("{much} in every one of these plans: {who}.", "service gains", "services gain"),
    Kind.REAL_CHOICE: ("About {much} there is a real choice: {who}.", "service", "services"),
    Kind.LEAVE_OUT: ("{much} in none of them, and may have less: {who}.", "service gains", "services gain"),
    Kind.HELD: ("{much} as today in every one: {who}.", "service stays", "services stay"),
    Kind.MUST_CUT: ("{much} less in every one: {who}.", "service has", "services have"),
}
_PENNY = 0.005


def base(shift: Shift, found: Choices, slack: float) -> Sentence:
    """What *nearly as good* means here, in figures."""
    gain = found.found.gain
    if gain.size == 0:
        return say(
            "The plan brings what doing nothing brings ({whole}), so only plans that bring as much count as good.",
            whole=worth(shift, gain.plan),
            basis=counted_as(shift),
        )
    way = "gains over doing nothing" if gain.plan > gain.nothing else "loses against doing nothing"
    return say(
        "A plan is nearly as good here when it gives up at most {slack} of what the plan {way}: {lost} of {gain}.",
        slack=per_cent(slack),
        way=way,
        lost=worth(shift, slack * gain.size),
        gain=worth(shift, gain.size),
        basis=_whole(shift, found),
    )


def _whole(shift: Shift, found: Choices) -> str:
    gain = found.found.gain
    return (
        f"The whole outcome is {worth(shift, gain.plan).said}; {worth(shift, gain.nothing).said} of it comes from what is spent "
        f"today. {counted_as(shift)} Every promise is kept, and no more need is unmet in any year than in the plan."
    )


def headline(shift: Shift, found: Choices, slack: float) -> Sentence:
    """How many services are must-haves, and about how many there is a choice."""
    must, free = (found.of(slack, kind) for kind in (Kind.MUST_HAVE, Kind.REAL_CHOICE))
    nearly = "that gives up at most {slack} of the gain" if found.found.gain.size else "that is as good"
    parts: Parts = {"slack": per_cent(slack)} if found.found.gain.size else {}
    basis = base(shift, found, slack).text
    if not must and not free:
        return told(f"No service gains in any plan {nearly}: there is no choice to make.", parts, basis)
    parts["must"] = count(len(must), "service gains", "services gain") if must else "no service gains"
    rest = "; there is no real choice beside." if not free else "; about {free} there is a real choice."
    if free:
        parts["free"] = count(len(free), "service")
    return told(f"{{must}} in every plan {nearly}{rest}", parts, basis)


def kinds(shift: Shift, found: Choices, slack: float) -> list[Sentence]:
    """Each kind that there is, with its services by name."""
    said = []
    for kind in Kind:
        if who := found.of(slack, kind):
            template, one, many = _LEADS[kind]
            parts: Parts = {"much": count(len(who), one, many), "who": listed([named(s, shift.names) for s in who])}
            said.append(told(template, parts))
    return said


def range_of(shift: Shift, row: Choice) -> Sentence:
    """Between what a service lies in the last year."""
    rough, name = shift.found.discussion_only, named(row.service, shift.names)
    parts: Parts = {"name": name, "last": shift.last, "today": money(row.today, rough), "least": money(row.last.least, rough)}
    if row.last.most == float("inf"):
        return told("{name}: {least} or more in {last}; nothing limits it. Today it has {today}.", parts)
    if row.last.most - row.last.least < _PENNY / THOUSAND:
        return told("{name}: {least} in {last}, in every one. Today it has {today}.", parts)
    parts["most"] = money(row.last.most, rough)
    return told("{name}: between {least} and {most} in {last}. Today it has {today}.", parts)


def trade(shift: Shift, one: Trade, hidden: Container[str] = ()) -> Sentence:
    """What a service at an end of its range trades against: which others then have less, and which more.

    hidden: services that are said without their amounts.
    """
    rough, name = shift.found.discussion_only, named(one.service, shift.names)
    way = "most" if one.most else "least"
    if not one.last and not one.total:
        return say("{name} is at its {way} in the plan already.", name=name, way=way)
    (less, fewer), (more, extra) = (amounts(shift, _moved(one, sign), mark, hidden) for sign, mark in ((-1, "less"), (1, "more")))
    moved = [f"{words} for {what}" for words, what in (("less", less), ("more", more)) if what]
    body = "; ".join(moved) or "no other service differs in the last year"
    parts: Parts = {"name": name, "way": way, "lost": worth(shift, one.lost)}
    head = "{name} at its {way}"
    if one.service not in hidden:
        head, parts["amount"] = f"{head} ({{amount}})", money(one.amount, rough)
    return told(f"{head}: {body}. That gives up {{lost}}.", parts | fewer | extra)


def _moved(one: Trade, sign: int) -> dict[str, float]:
    """The other services that then have more (or less) in the last year."""
    return {s: v for s, v in one.last.items() if s != one.service and v * sign > 0}


def ordered(found: Choices, slack: float) -> list[Choice]:
    """The services within a slack: must-haves first, then choices, by how much they can gain."""
    return sorted(found.within(slack), key=lambda row: (_ORDER[row.kind], -(row.last.most - row.today)))


def table(shift: Shift, found: Choices, slack: float) -> pd.DataFrame:
    """Every service: its kind, today, in the plan, and least and most (GBP, to the penny), in the last year and over all."""
    rows = [
        (named(r.service, shift.names), r.kind.label, *(_gbp(v) for v in (r.today, r.plan, r.last.least, r.last.most)),
         *(_gbp(v) for v in (r.plan_total, r.total.least, r.total.most)))
        for r in ordered(found, slack)
    ]  # fmt: skip
    last, whole = f"in {shift.last}", "over all years"
    columns = [
        "Service", "What it is", "Today (£)", f"In the plan {last} (£)", f"Least {last} (£)", f"Most {last} (£)",
        f"In the plan {whole} (£)", f"Least {whole} (£)", f"Most {whole} (£)",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _gbp(thousands: float) -> float | None:
    return None if thousands == float("inf") else round(thousands * THOUSAND, 2) + 0.0
