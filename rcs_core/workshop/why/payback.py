"""Who pays, who gains and when it pays back, in words; what is paid for twice before anything is released, and why.

In: a shift with its accounts. Out: sentences, a table by agency and the cumulative picture. Where a shift is only
discussed no effect is used: then what each agency pays is said, and that nothing is claimed to come back.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from rcs_core.release import Release
from rcs_core.workshop.big_screen import register
from rcs_core.workshop.evidence import listed
from rcs_core.workshop.inputs.release_dates import Terms, opens
from rcs_core.workshop.inputs.release_dates import said as day_said
from rcs_core.workshop.scenario.explain.funding import Funding, Source
from rcs_core.workshop.scenario.explain.payback import Account, PayBack, Twice
from rcs_core.workshop.scenario.wording import said as named
from rcs_core.workshop.scenario.wording import year_label
from rcs_core.workshop.sentence import Figure, Sentence, joined, money, per_cent, say, years
from rcs_core.workshop.shift import THOUSAND, Shift, discussed

TOGETHER = "All agencies together"
OTHERS = "Other agencies"
NEVER = "Not within the plan"
NOTHING_PAID = "Never out of pocket"
MOST_LINES = 6
"""Agencies in one picture; the table has them all."""
_POUND = 0.001
_SMALL = 0.5
"""GBP thousand: what is less than £500 over a plan is not told as paying or gaining."""
_UNFUNDED = (
    "Double running is what prevention takes before anything is released and that comes from no cut. Unfunded is what the plan "
    "takes from outside these purses, and nobody has promised."
)
_BASIS = (
    "Against prevention as today, with the same need: more spent on prevention with set-up and exit cost, less what responsive "
    "services release to whoever pays for them. Pools move money between partners; bridging money is not counted as money back."
)


def double_running(release: Release, shift: Shift, found: PayBack, funding: Funding) -> Sentence:
    """What is paid for twice before the first release, out of what, what of it is unfunded, and why nothing comes sooner."""
    twice, rough = found.twice, shift.found.discussion_only
    if not twice.waiting.grows:
        return say("Nothing more is spent on any service, so nothing is paid for twice.")
    why = _why(release, shift, twice)
    if twice.first == 1 or twice.total < _POUND:
        told = [say("Nothing is paid for twice before the first release."), *_bridged(shift, funding)]
        return joined(told, _UNFUNDED)
    when = _opening(shift, twice.first)
    parts: dict[str, Figure | str] = {"when": when, "total": money(twice.total, rough), "left": _left(twice, rough)}
    own = twice.own + twice.promised
    against = "no reserves" if own < _POUND else "{own} of reserves, unused budget and promised money"
    parts |= {} if own < _POUND else {"own": money(own, rough)}
    start = "Nothing releases {when}"
    if discussed(shift):
        start = "No effect is used where a shift is discussed, so nothing is counted as released {when}"
    head = _told(start + ": {total} double running against " + against + "; {left} unfunded.", parts)
    return joined([head, *why, *(_bridged(shift, funding) if twice.first else [])], _UNFUNDED)


def _told(template: str, parts: Mapping[str, Figure | str], basis: str = "") -> Sentence:
    return say(template, basis=basis, confidence="", **parts)


def _left(twice: Twice, rough: bool) -> Figure | str:
    return money(twice.unfunded, rough) if twice.unfunded >= _POUND else "nothing"


def _opening(shift: Shift, year: int | None) -> str:
    """Before the first day of a year, as people say it; within the plan where nothing ever is."""
    if year is None:
        return f"within the plan, to {shift.last}"
    label = year_label(shift.scenario, year)
    return f"before April {label[:4]}" if "-" in label else f"before {label}"


def _bridged(shift: Shift, funding: Funding) -> list[Sentence]:
    """Bridging money of the whole plan, where there is any."""
    total = funding.money(sum(pair.pence for _, pair in funding.pairs() if pair.source.kind is Source.BRIDGING))
    if total < _POUND:
        return []
    return [say("Over the whole plan {total} comes from outside these purses.", total=money(total, shift.found.discussion_only))]


def _why(release: Release, shift: Shift, twice: Twice) -> list[Sentence]:
    """Why nothing is released sooner, each reason by its name."""
    waiting = twice.waiting
    if discussed(shift):
        return []
    if waiting.lag is None:
        return [say("Nothing that gains is known to act on a responsive service.")]
    found = []
    if waiting.acts is None:
        found.append(say("The soonest of what is bought acts after {lag}, and that is after the plan.", lag=years(waiting.lag)))
    elif waiting.lag:
        found.append(say("The soonest of what is bought acts after {lag}.", lag=years(waiting.lag)))
    if twice.first is None and waiting.uncashed:
        names = listed([named(d, shift.names) for d in waiting.uncashed])
        found.append(say("Less is needed of {names}, but nothing of what they cost cashes.", names=names))
    return found + _contracts(release, shift)


def _contracts(release: Release, shift: Shift) -> list[Sentence]:
    """Responsive services that are needed less and whose contract runs on into the plan."""
    start, about = opens(shift.inputs.year), register(release)
    bound = []
    for d in shift.scenario.acute:
        fewer = any(line.reduction > _POUND for line in shift.result.responsive if line.service == d.id)
        end = Terms.of(about[d.id]).contract_end if fewer and d.id in about else ""
        if start and end > start.isoformat():
            bound.append(f"{named(d.id, shift.names)} until {day_said(pd.Timestamp(end).date())}")
    if not bound:
        return []
    return [say("Contracts run on, and what they pay for cashes only as they allow: {bound}.", bound=listed(bound))]


def pocket(shift: Shift, found: PayBack) -> Sentence:
    """Who pays most beyond what it has released, and who has most released beyond what it pays: the wrong pocket."""
    rough = shift.found.discussion_only
    gain = {a.agency: _freed(a) - max(_paid(a), 0.0) for a in found.accounts}
    by = {a.agency: a for a in found.accounts}
    worst, best = (pick(gain, key=lambda a: (gain[a], a), default="") for pick in (min, max))
    if not worst or gain[worst] > -_SMALL:
        if best and gain[best] > _SMALL:
            return joined([_has(shift, by[best], rough), say("No agency pays more than it has released.")], _BASIS)
        return say("No agency pays for more prevention, and none has capacity released.", basis=_BASIS)
    if discussed(shift):
        who, paid = named(worst, shift.names), money(_paid(by[worst]), rough)
        return say("{who} pays most: {paid} over the plan. Who would have capacity released is not claimed.", who=who, paid=paid)
    told = [_has(shift, by[worst], rough)]
    if gain[best] > _SMALL:
        told.append(_has(shift, by[best], rough))
    else:
        told.append(say("No agency has more released within the plan than it pays."))
    return joined(told, _BASIS)


def _paid(account: Account) -> float:
    """What an agency pays for more prevention, with what it pays into pools for others, less what they pay for it."""
    return account.total("invested", "changes") - account.total("pooled")


def _freed(account: Account) -> float:
    return account.total("released") - account.total("lost")


def _has(shift: Shift, account: Account, rough: bool) -> Sentence:
    paid, freed = _paid(account), _freed(account)
    who = named(account.agency, shift.names)
    parts: dict[str, Figure | str] = {"who": who}
    template = (
        "{who} pays {paid} for more prevention over the plan" if paid >= _POUND else "{who} pays nothing more over the plan"
    )
    if paid >= _POUND:
        parts["paid"] = money(paid, rough)
    if abs(freed) < _POUND:
        return _told(f"{template} and has nothing released.", parts)
    way = "has {freed} released" if freed > 0 else "pays {freed} more for responsive services"
    return _told(f"{template} and {way}.", {**parts, "freed": money(freed, rough)})


def whole(shift: Shift, found: PayBack) -> Sentence:
    """Whether and when the plan as a whole pays back, discounted and not."""
    rough, account = shift.found.discussion_only, found.whole
    if discussed(shift):
        paid = money(_paid(account), rough)
        return say(
            "It takes {paid} over the plan. Whether it comes back is not claimed: no effect is used.", paid=paid, basis=_BASIS
        )
    if not account.pays:
        return say("All agencies together are never out of pocket.", basis=_BASIS)
    parts: dict[str, Figure | str] = {"rate": _rate(account.rate)}
    year, later = account.back(), account.back(discounted=True)
    if year is None:
        spent, end = _paid(account), account.cumulative(discounted=True)[-1]
        parts |= {"last": shift.last, "paid": money(spent, rough), "short": money(end, rough)}
        freed = _freed(account)
        back = "nothing is released" if abs(freed) < _POUND else "{freed} is released"
        back = "{freed} more is paid for responsive services" if freed <= -_POUND else back
        parts |= {"freed": money(freed, rough)} if "{freed}" in back else {}
        change = "less" if spent < 0 else "more"
        head = (
            "The plan as a whole does not pay back within its years: by the end of {last} {paid} "
            f"{change} is paid for prevention and "
        )
        way = "short" if end < 0 else "better off"
        return _told(head + back + f"; discounted at {{rate}} a year it is {{short}} {way}.", parts, _BASIS)
    parts |= {"year": year_label(shift.scenario, year)}
    tail = "in {later}" if later else "not within the plan"
    parts |= {"later": year_label(shift.scenario, later)} if later else {}
    return _told("The plan as a whole pays back in {year}; discounted at {rate} a year, " + tail + ".", parts, _BASIS)


def _rate(rate: float) -> Figure:
    figure = per_cent(rate)
    return Figure(figure.value, figure.unit, f"{100 * rate:g}%")


def table(shift: Shift, found: PayBack) -> pd.DataFrame:
    """Each agency over the whole plan in pounds, and when it is paid back; all together last; no column of noughts."""
    accounts = [a for a in found.accounts if a.moves]
    frame = pd.DataFrame([_row(shift, a) for a in (*accounts, found.whole)])
    return frame.drop(columns=[c for c in _MAYBE if not frame[c].any()])


_MAYBE = ("Set-up and exit cost (£)", "Lost to the centre (£)", "From partners' pools (£)")


def _row(shift: Shift, a: Account) -> dict[str, object]:
    def pounds(value: float) -> float:
        return round(value * THOUSAND, 2) + 0.0

    claimed = not discussed(shift)
    released = {"Released from responsive services (£)": pounds(a.total("released"))} if claimed else {}
    end = {"Better off by the plan's end (£)": pounds(a.cumulative()[-1])} if claimed else {}
    return {
        "Agency": named(a.agency, shift.names) if a.agency else TOGETHER,
        "More for prevention (£)": pounds(a.total("invested")),
        **released,
        "Set-up and exit cost (£)": pounds(a.total("changes")),
        "Lost to the centre (£)": pounds(a.total("lost")),
        "From partners' pools (£)": pounds(a.total("pooled")),
        **end,
        **(_backs(shift, a) if claimed else {}),
    }


def _backs(shift: Shift, a: Account) -> dict[str, object]:
    return {
        "Paid back": _back(shift, a, False),
        "Better off, discounted (£)": round(a.cumulative(discounted=True)[-1] * THOUSAND, 2) + 0.0,
        "Paid back, discounted": _back(shift, a, True),
    }


def _back(shift: Shift, account: Account, discounted: bool) -> str:
    if not account.pays:
        return NOTHING_PAID
    year = account.back(discounted)
    return year_label(shift.scenario, year) if year else NEVER


def cumulative(shift: Shift, found: PayBack) -> pd.DataFrame:
    """What the plan has left each agency better off by the end of each year, in pounds; the largest, and the others together."""
    accounts = sorted((a for a in found.accounts if a.moves), key=lambda a: (-max(map(abs, a.cumulative())), a.agency))
    named_ = accounts if len(accounts) <= MOST_LINES else accounts[: MOST_LINES - 1]
    rows = [(named(a.agency, shift.names), a.cumulative()) for a in named_]
    if rest := accounts[len(named_) :]:
        rows.append((OTHERS, tuple(map(sum, zip(*(a.cumulative() for a in rest), strict=True)))))
    rows.append((TOGETHER, found.whole.cumulative()))
    return pd.DataFrame(
        [
            (year_label(shift.scenario, year), who, round(value * THOUSAND, 2) + 0.0)
            for who, line in rows
            for year, value in zip(shift.scenario.years, line, strict=True)
        ],
        columns=["Year", "Agency", "Better off so far (£)"],
    )


def picture(shift: Shift, rows: pd.DataFrame) -> str:
    """The cumulative picture in words, for those who cannot see it."""
    last = rows[rows["Year"] == shift.last]
    told = [f"{who} {_signed(value, shift.found.discussion_only)}" for who, value in _pairs(last)]
    return f"Lines by year of how much better off each agency is so far; by the end of {shift.last}: {', '.join(told)}."


def _pairs(rows: pd.DataFrame) -> Sequence[tuple[str, float]]:
    return list(zip(rows["Agency"], rows["Better off so far (£)"], strict=True))


def _signed(pounds: float, rough: bool) -> str:
    return money(pounds / THOUSAND, rough).said.replace("£", "−£" if pounds < 0 else "+£")
