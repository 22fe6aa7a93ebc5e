"""How sure, in words: a plan carried out in many draws, and worked out anew in some; every number is one of the draws'.

In: a shift with its fan or its redrawn plans. Out: sentences, and plain frames in pounds and children.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from rcs_core.workshop.explore.fans import Band, Fan
from rcs_core.workshop.explore.ranges import kinds
from rcs_core.workshop.explore.redrawn import SHARES, Redrawn
from rcs_core.workshop.scenario.wording import said as named
from rcs_core.workshop.scenario.wording import year_label
from rcs_core.workshop.sentence import Sentence, children, count, money, per_cent, say
from rcs_core.workshop.shift import THOUSAND, Shift

MOST = 3
"""Purses of which a sentence is said; the table has them all."""
_WIDTH = round(SHARES[-1] - SHARES[0], 9)
_OVER = SHARES[0]
_PENNY = 0.005


def basis(found: Fan | Redrawn) -> str:
    """How many draws, of which seed, and of what: so that anybody can draw the same again."""
    parts = [f"{words} ({many:,} numbers)" for words, many in kinds(found.drawn).items()]
    of = f" of {', '.join(parts)}" if parts else "; no number that matters here has a range"
    return (
        f"{found.n:,} draws{of}, each between its low and its high end and most often near its likely value; seed {found.seed}."
    )


def width(found: Band, year: int = -1) -> float:
    """How far apart the ends of nine tenths of the draws lie in a year."""
    return float(found.high[year] - found.low[year])


def uncertain(fan: Fan) -> list[str]:
    """The responsive services, that first of which need in the last year is the least certain."""
    return sorted(fan.need, key=lambda one: -width(fan.need[one]) / (1 + float(fan.need[one].middle[-1])))


def need(shift: Shift, fan: Fan, service: str) -> Sentence:
    """Between what need for one responsive service lies in the last year under the plan."""
    found, rough, name = fan.need[service], shift.found.discussion_only, named(service, shift.names)
    likely = children(float(found.likely[-1]), rough)
    if width(found) < _PENNY:
        return say(
            "Need for {name} in {year} is {likely} in every draw.", basis=basis(fan), name=name, year=shift.last, likely=likely
        )
    return say(
        "In {share} of draws need for {name} in {year} is between {low} and {high}; it is {likely} in the plan.",
        basis=basis(fan), share=per_cent(_WIDTH), name=name, year=shift.last, likely=likely,
        low=children(float(found.low[-1]), rough), high=children(float(found.high[-1]), rough),
    )  # fmt: skip


def short(shift: Shift, fan: Fan) -> Sentence:
    """How often money falls short, and by how much when it does."""
    rough, found = shift.found.discussion_only, fan.short
    told = f"A purse that need asks more of than it holds is short: nobody cuts the plan meanwhile. {basis(fan)}"
    if not found.share:
        return say("No purse falls short in any of {n} draws.", basis=told, n=count(fan.n))
    return say(
        "Money falls short in {share} of draws: by {middle} over the whole plan in the middle of these, and by more than "
        "{high} in {few} of them.",
        basis=told, share=per_cent(found.share), middle=money(float(found.by[len(SHARES) // 2]), rough),
        high=money(float(found.by[-1]), rough), few=per_cent(_OVER),
    )  # fmt: skip


def short_of(shift: Shift, fan: Fan) -> list[Sentence]:
    """Whose purse falls short most, the few of which most is lacking."""
    falls = {a: one for a, one in fan.short_of.items() if one.share > 0}
    order = sorted(falls, key=lambda a: -falls[a].share * float(falls[a].by[len(SHARES) // 2]))[:MOST]
    rough = shift.found.discussion_only
    return [
        say(
            "{agency} is short in {share} of draws, by {middle} over the plan in the middle of these.",
            basis=basis(fan), agency=named(a, shift.names), share=per_cent(falls[a].share),
            middle=money(float(falls[a].by[len(SHARES) // 2]), rough),
        )
        for a in order
    ]  # fmt: skip


def released(shift: Shift, fan: Fan) -> Sentence:
    """Between what the capacity that is released lies in the last year."""
    found, rough = fan.released, shift.found.discussion_only
    told = f"What responsive services cost less than if prevention were spent as today. {basis(fan)}"
    if max(abs(float(found.low[-1])), abs(float(found.high[-1]))) < _PENNY:
        return say("No capacity is released in {year} in any draw.", basis=told, year=shift.last)
    low, high, likely = (float(line[-1]) for line in (found.low, found.high, found.likely))
    template = "In {share} of draws the capacity released in {year} is worth between {low} and {high}; {likely} in the plan."
    if low < -_PENNY:
        ends = "between {high} and {low} more" if high < -_PENNY else "up to {low} more or {high} less"
        template = (
            f"In {{share}} of draws capacity in {{year}} costs {ends}; {{likely}} {'more' if likely < 0 else 'less'} in the plan."
        )
    return say(
        template, basis=told, share=per_cent(_WIDTH), year=shift.last, low=money(low, rough),
        high=money(high, rough), likely=money(likely, rough),
    )  # fmt: skip


def gains(shift: Shift, found: Redrawn, on: Iterable[str] | None = None) -> list[Sentence]:
    """How often each service gains or loses in the plan of the draw, the most often first; those that never move are left out."""
    n = count(found.n)
    rows = [(service, *found.counted(service)) for service in (found.services if on is None else on)]
    told = []
    for service, up, down, _ in sorted(rows, key=lambda row: (-max(row[1], row[2]), row[0])):
        name = named(service, shift.names)
        ways = sorted([(up, "gains"), (down, "loses")], reverse=True)
        (most, way), (least, other) = ways
        if least:
            template = "In {most} of {n} draws {name} " + way + "; in {least} it " + other + "."
            told.append(say(template, basis=basis(found), most=count(most), least=count(least), n=n, name=name))
        elif most:
            template = "In {most} of {n} draws {name} " + way + "."
            told.append(say(template, basis=basis(found), most=count(most), n=n, name=name))
    return told


def held(found: Redrawn) -> Sentence:
    """How often the same services gain as in the plan from the likely values."""
    share = found.held / found.n
    return say(
        "The same services gain in {held} of {n} draws ({share}).",
        basis=basis(found), held=count(found.held), n=count(found.n), share=per_cent(share),
    )  # fmt: skip


def impossible(found: Redrawn) -> Sentence | None:
    """How often the promises cannot all hold; nothing is said where they always can."""
    if not found.impossible:
        return None
    return say(
        "In {times} of {n} draws there is no plan: the promises cannot all hold.",
        basis=f"What gains and loses is counted in the draws that have a plan. {basis(found)}",
        times=count(found.impossible), n=count(found.n),
    )  # fmt: skip


def unsolved(found: Redrawn) -> Sentence | None:
    """How many draws the solver gave no answer to that checks out; nothing is said where there is none."""
    if not found.unsolved:
        return None
    return say(
        "Of {n} draws {times} could not be solved to the exactness that is asked for, and count for nothing.",
        basis=basis(found), times=count(found.unsolved), n=count(found.n),
    )  # fmt: skip


def reached(shift: Shift, found: Redrawn) -> Sentence | None:
    """How near the plan as it stands comes to what the best plan of each draw would have reached, and for what money."""
    both = np.isfinite(found.own) & found.possible & (found.objective > 0)
    if shift.scenario.objective.kind != "outcome" or not both.any():
        return None
    part = np.minimum(1.0, found.own[both] / found.objective[both])
    least, lacks = float(np.quantile(part, _OVER)), float(np.median(found.short[both]))
    told = f"Outcomes are added by the care that they make unnecessary. {basis(found)}"
    template = "As it stands the plan reaches {least} or more of what the best plan of the draw would, in {most} of draws"
    part_said, most = per_cent(least), per_cent(SHARES[-1])
    if lacks <= _PENNY:
        return say(template + ".", basis=told, least=part_said, most=most)
    lacking, last = money(lacks, shift.found.discussion_only), "; in the middle draw its purses lack {lacking} for that."
    return say(template + last, basis=told, lacking=lacking, least=part_said, most=most)


def fan_table(shift: Shift, bands: dict[str, Band], what: str, pounds: bool = False) -> pd.DataFrame:
    """Bands by year as rows: the plan's own figure, the middle, and where half and nine tenths of the draws lie."""
    scale, unit = (THOUSAND, " (£)") if pounds else (1, "")
    rows = []
    for label, band in bands.items():
        for t in range(band.quantiles.shape[1]):
            told = [round(scale * float(v), 1) + 0.0 for v in (band.likely[t], *band.quantiles[:, t])]
            rows.append((label, year_label(shift.scenario, t + 1), *told))
    heads = ["The plan", *(f"{share:.0%} of draws below" for share in SHARES)]
    return pd.DataFrame(rows, columns=[what, "Year", *(f"{head}{unit}" for head in heads)])


def short_table(shift: Shift, fan: Fan) -> pd.DataFrame:
    """How often each purse falls short, and by how much over the plan when it does."""
    rows = []
    for agency, one in fan.short_of.items():
        if one.share:
            by = [round(THOUSAND * float(one.by[k]), 2) for k in (0, len(SHARES) // 2, -1)]
            rows.append((named(agency, shift.names), round(100 * one.share, 1), *by))
    columns = ["Agency", "Short in % of draws", "By at least (£)", "In the middle (£)", "Rarely more than (£)"]
    return pd.DataFrame(rows, columns=columns).sort_values(columns[1], ascending=False).reset_index(drop=True)


def services_table(shift: Shift, found: Redrawn) -> pd.DataFrame:
    """How often each service gains, loses and is as today, and what is spent on it in the last year."""
    rows = []
    for k, service in enumerate(found.services):
        up, down, same = found.counted(service)
        spread = THOUSAND * found.spread(service)[:, -1]
        amounts = [round(float(v), 2) for v in (THOUSAND * found.today[k], spread[0], spread[len(SHARES) // 2], spread[-1])]
        rows.append((named(service, shift.names), up, down, same, *amounts))
    columns = [
        "Service", "Draws in which it gains", "Draws in which it loses", "As today",
        "Today (£)", "Low: 5% of draws below (£)", "Middle (£)", "High: 95% of draws below (£)",
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(columns[1:3], ascending=[False, True]).reset_index(drop=True)
