"""A shift as the room reads it: is every need met, what moves, who pays and gains, when it comes back, how sure we are.

What comes in is a release and the levers; what goes out is the solved scenario with sentences and frames in pounds.
Where at least half of the pounds moved rest on guesses, sentences are rounded to two significant figures and say
"about"; the page rounds its tables too (`inputs.told.shown`), while the frames here keep every penny.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

import numpy as np
import pandas as pd

from rcs_core.release import Release
from rcs_core.workshop.couple import Comparison, Levers, compare, names_of, purses
from rcs_core.workshop.couple.build import names_in, scenario_of
from rcs_core.workshop.couple.compare import Part
from rcs_core.workshop.couple.inputs import read
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.couple.parts import Inputs
from rcs_core.workshop.couple.veil import Veil
from rcs_core.workshop.evidence import listed
from rcs_core.workshop.scenario import Result, Scenario, solve
from rcs_core.workshop.scenario.format import at
from rcs_core.workshop.spend_map.keys import divided
from rcs_core.workshop.spend_map.money import exact, spend

type Solver = Callable[[Scenario, Mapping[str, str]], Result]
THOUSAND = 1000
_PENNY = 0.005
MOST_BARS = 12
"""Services in one picture; the table under it has them all."""
NOT_VEILED = Veil()
"""Everything is shown."""
_NAMED = 5
"""Agencies named in one sentence; the table has them all."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the page: a sentence with its number, and what it rests on."""

    sentence: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """A solved scenario beside what is spent today. money in the scenario is GBP thousand; everything shown is GBP."""

    scenario: Scenario
    result: Result
    found: Comparison
    names: Mapping[str, str]
    levers: Levers
    inputs: Inputs

    @property
    def possible(self) -> bool:
        """Whether all the promises can hold."""
        return self.result.status == "optimal"

    @property
    def last(self) -> str:
        """The plan's last year as people say it."""
        return self.found.years[-1]


def try_shift(release: Release, levers: Levers, solver: Solver | None = None) -> Shift:
    """Build the scenario of a release with these levers, solve it, and set the plan beside today's spend.

    solver: what solves it (given the names of ids), such as a hot session; from nothing where it is not given.
    """
    inputs = read(release, levers)
    scenario, names = scenario_of(inputs, levers, release), names_in(inputs)
    result = (solver or solve)(scenario, names)
    return Shift(scenario, result, compare(scenario, result, names), names, levers, inputs)


def lacking(release: Release, depth: Depth = Depth.ESTIMATE) -> str:
    """What a release would need before a shift can be tried on it; blank when it has it all. To discuss takes the least."""
    need = {"services": "the service register", "spend": "mapped ledgers"}
    if depth is not Depth.DISCUSS:
        need |= {"demand": "demand history", "effects": "evidence of effect"}
    absent = [words for name, words in need.items() if name not in release or release.frame(name).empty]
    return (
        f"It was built without {' and '.join(absent)}. Add what is missing to the input folder and build it again."
        if absent
        else ""
    )


def movable(release: Release, depth: Depth = Depth.ESTIMATE) -> dict[str, str]:
    """The preventative services that a plan may move money to or from: id and name, by name."""
    names = names_of(release)
    if depth is Depth.DISCUSS:
        tested = {s.id for s in read(release, Levers(depth=depth)).preventative}
    else:
        tested = set(release.frame("effects")["service_id"])
    return dict(sorted(((i, names.get(i, i)) for i in tested), key=lambda pair: pair[1]))


def pounds(thousands: float, rough: bool = False) -> str:
    """Money as a sentence says it: whole pounds, or about two significant figures where it rests on guesses."""
    value = abs(thousands) * THOUSAND
    if not rough:
        return f"£{value:,.0f}"
    return f"about £{float(f'{value:.2g}'):,.0f}"


def discussed(shift: Shift) -> bool:
    """Whether the shift is stated and no effect is used."""
    return shift.levers.depth is Depth.DISCUSS


def need_met(shift: Shift) -> Answer:
    """Is every child's need met?"""
    if not shift.possible:
        return Answer(
            "There is no plan to show: these promises cannot all hold.", "What clashes, and what would settle it, is below."
        )
    if not shift.scenario.acute:
        return Answer("It is not known: no responsive service has a count of its need and a unit cost in this release.")
    span = f"{shift.found.years[0]} to {shift.last}"
    services = shift.found.unmet["name"].nunique()
    less = "with nothing taken away by prevention" if discussed(shift) else "less what prevention takes away"
    basis = (
        f"Need of {services} responsive services as in the latest year of their history, {less}; {span}. "
        "Source: demand history of this release."
    )
    if shift.found.all_met:
        whose = "all the need that is counted" if discussed(shift) else "all the need that is left"
        return Answer(f"Yes: {whose} is met in every year.", basis)
    short = shift.found.unmet.groupby("year", sort=False)["unmet"].sum()
    worst = short.idxmax()
    return Answer(f"No: {short.max():,.0f} children a year would go without in {worst}.", basis)


def what_moves(shift: Shift, off: Veil = NOT_VEILED) -> Answer:
    """What moves, in the plan's last year against today; without an amount where it is of one bought service, kept `off`."""
    if off.alone:
        return Answer(
            f"By {shift.last} one bought service changes by itself: by how much is not on the big screen.", _base(shift)
        )
    rough, moved = shift.found.discussion_only, shift.found.moved
    asked = _asked(shift)
    if abs(moved) < _PENNY:
        if service_changes(shift).empty:
            return Answer(f"Nothing moves: prevention is spent as today in every year to {shift.last}.{asked}", _base(shift))
        if (service_changes(shift)["Part"] == Part.HELD.label).all():
            return Answer(f"Nothing moves to prevention; what is held changes with the budgets.{asked}", _base(shift))
        return Answer(
            f"Prevention as a whole is spent as today; money moves between services by {shift.last}.{asked}", _base(shift)
        )
    way = "more" if moved > 0 else "less"
    points = f"{abs(shift.found.shift_points):.1f} points {'more' if moved > 0 else 'less'} of the money that can move"
    return Answer(f"By {shift.last}, {pounds(moved, rough)} {way} a year goes to prevention: {points}.{asked}", _base(shift))


def _asked(shift: Shift) -> str:
    """That the plan moves less than was asked for, where it does."""
    asked = 0.0 if shift.levers.still else shift.levers.shift_pct
    if asked <= 0 or round(asked - shift.found.shift_points, 1) <= 0:
        return ""
    return f" Asked for were {asked:.1f} points more: under these promises the plan finds no room for all of it."


def _base(shift: Shift) -> str:
    parts = shift.found.by_level[shift.found.by_level["year"] == shift.found.years[0]].set_index("part")["before"]
    movable = parts.drop(Part.HELD.value, errors="ignore").sum()
    total = float(parts.sum())
    # What is held is the rest of the two as they are said, so that the pounds of the sentence add up.
    held = pounds((round(total * THOUSAND) - round(float(movable) * THOUSAND)) / THOUSAND)
    can = "discussed as prevention or response" if discussed(shift) else "tested"
    price = f"prices of {shift.scenario.price_year}" if shift.scenario.price_year else "prices as in the ledgers"
    given = any(known.path.endswith("/budget/0") for known in shift.scenario.provenance)
    price = f"the cash of each year where budgets were given, else in {price}" if given else price
    what = f"in the purses of {shift.found.years[0]}" if given else "mapped spend a year"
    return (
        f"Of {pounds(total)} {what}, {pounds(float(movable))} is in services that can be {can}; "
        f"{held} is held as it is. In {price}."
    )


def who_gains(shift: Shift, named: int = _NAMED, off: Veil = NOT_VEILED) -> Answer:
    """Whose purse pays for more prevention, and whose responsive cost falls or rises; so many by name, the rest as one sum.

    off: payers that are named without an amount, as it would tell the price of one bought service.
    """
    rough, rows = shift.found.discussion_only, _of_year(shift.found.by_agency, shift.last, "part", "label", "change", "agency")
    paid = _said(rows, Part.PREVENTION, 1, rough, named, off)
    freed, dearer = (_said(rows, Part.RESPONSIVE, sign, rough, named, off) for sign in (-1, 1))
    less = _said(rows, Part.PREVENTION, -1, rough, named, off)
    fewer = f" Less on prevention by {less}." if less else ""
    more = f" More on responsive services by {dearer}." if dearer else ""
    if discussed(shift):
        return Answer(
            f"More on prevention by {paid or 'no agency'}.{fewer}",
            f"Change of a year's spend in {shift.last} against today, shared out by what each agency pays now. "
            "What responsive services would release, and to whom, is under break-even.",
        )
    return Answer(
        f"More on prevention by {paid or 'no agency'}.{fewer} Released from responsive services by {freed or 'no agency'}.{more}",
        f"Change of a year's spend in {shift.last} against today, the rises and falls of one agency set against each other. "
        "Released capacity stays with whoever pays for the service.",
    )


def _said(rows: list[tuple[Any, ...]], part: Part, sign: int, rough: bool, named: int, off: Veil) -> str:
    own = [(label, change, agency) for of, label, change, agency in rows if of == part.value and change * sign > _PENNY]
    shown = sorted((row for row in own if row[2] not in off.change), key=lambda row: row[1], reverse=sign > 0)
    hidden = sorted(row[0] for row in own if row[2] in off.change)
    if off.alone and own:
        return f"{len(own)} {'agency' if len(own) == 1 else 'agencies'}, with amounts that are not on the big screen"
    told = [f"{who} ({pounds(change, rough)})" for who, change, _ in shown]
    without = f"{listed(hidden)} (not on the big screen)" if hidden else ""
    if len(told) > named:
        rest = pounds(fsum(change for _, change, _ in shown[named - 1 :]), rough)
        told[named - 1 :] = [f"{len(shown) - named + 1} more ({rest})"]
        return f"{', '.join(told[:-1])} and {told[-1]}{f'; {without}' if without else ''}"
    return ", ".join([*told, without] if without else told)


def when_back(shift: Shift, off: Veil = NOT_VEILED) -> Answer:
    """When released capacity comes, and what the double running before it costs. off: payers named without an amount."""
    rough, found = shift.found.discussion_only, shift.found
    yearly: dict[str, list[float]] = {}
    for year, amount in zip(found.released["year"].tolist(), found.released["amount"].tolist(), strict=True):
        yearly.setdefault(year, []).append(amount)
    extra = _bridging(found)
    first = next((year for year, amounts in yearly.items() if fsum(amounts) > _PENNY), "")
    freed = (
        f"Capacity is first released in {first}, {pounds(fsum(list(yearly.values())[-1]), rough)} of it in {shift.last}"
        if first
        else "No capacity is released within the plan"
    )
    both = (
        f"; paying for both until then takes {pounds(sum(extra.values()), rough)} over the plan from outside these purses"
        if extra
        else ""
    )
    years = "; ".join(f"{pounds(v, rough)} in {y}" for y, v in extra.items())
    basis = f"Double running by year: {years}." if extra else "No money from outside the purses is used."
    if discussed(shift):
        if not extra:
            return Answer("Nothing is paid for twice.", basis)
        freed = "Nothing is counted as released: no effect is used here"
        return Answer(f"{freed}{both}.", f"{basis} It ends as capacity is released: see break-even, and when money is free.")
    return Answer(f"{freed}{both}.", f"{basis}{_cash_range(shift)}{_wrong_pocket(shift, off) if extra else ''}")


def _cash_range(shift: Shift) -> str:
    """How much of what is no longer needed is cash: as the plan has it, between nothing and all."""
    cost = {d.id: at(d.unit_cost, shift.scenario.horizon) for d in shift.scenario.acute}
    last = [r for r in shift.result.responsive if r.year == shift.scenario.horizon]
    worth = sum(max(0.0, r.reduction) * cost[r.service] for r in last)
    freed = fsum(amount for (amount,) in _of_year(shift.found.released, shift.last, "amount"))
    if worth < _PENNY:
        return ""
    rough = shift.found.discussion_only
    return (
        f" Of capacity worth {pounds(worth, rough)} that is no longer needed in {shift.last}, "
        f"{pounds(freed, rough)} is cash here. How much becomes cash is not known: it may be nothing, or all of it."
    )


def _wrong_pocket(shift: Shift, off: Veil) -> str:
    """Money that stays unspent in one purse while another needs money from outside."""
    rows = _of_year(shift.found.underspend, shift.last, "label", "amount", "agency")
    spare = [row for row in rows if row[1] > _PENNY]
    if not spare:
        return ""
    rough, hidden = shift.found.discussion_only, off.spend | off.change
    amounts = ["not on the big screen" if off.alone or agency in hidden else pounds(left, rough) for _, left, agency in spare]
    told = ", ".join(f"{who} ({amount})" for (who, _, _), amount in zip(spare, amounts, strict=True))
    pool = "" if shift.levers.allow_pool else " A joint pool (one of the levers) would let it cross."
    return f" Meanwhile money stays unspent in {shift.last}: {told}.{pool}"


def _bridging(found: Comparison) -> dict[str, float]:
    if found.bridging.empty:
        return {}
    yearly = found.bridging.groupby("year", sort=False)[["contribution", "draw"]].sum()
    net = (yearly["draw"] - yearly["contribution"]).to_dict()
    return {str(year): float(amount) for year, amount in net.items() if amount > _PENNY}


def how_sure(shift: Shift) -> Answer:
    """How much of what moves rests on guesses; at half or more, the result is for discussion only."""
    share = shift.found.guess_share
    if share is None:
        return Answer("Nothing moves, so nothing rests on guesses.")
    kind = "**Discussion only.** " if shift.found.discussion_only else ""
    return Answer(
        f"{share:.0%} of the pounds moved rest on guesses.",
        f"{kind}A guess is an estimate of the group, an assumption of this tool or what nobody knows; the workbook names each, "
        f"with its source.{' Results are in two figures.' if kind else ''}",
    )


def year_words(shift: Shift) -> str:
    """The picture by year in words, for those who cannot see it."""
    rows = shift.found.by_level[shift.found.by_level["year"] == shift.last].set_index("part")["change"]
    told = [f"{Part(p).label} {'+' if rows[p] >= 0 else '−'}{pounds(float(rows[p]))}" for p in rows.index if p != Part.HELD.value]
    return f"Lines by year against today; in {shift.last}: {', '.join(told)}."


def caveats(release: Release, shift: Shift) -> list[str]:
    """What a reader must know before using the plan."""
    money = release.frame("ledger_totals")[["unmapped", "excluded"]].astype(float).sum() if "ledger_totals" in release else None
    lines = (
        []
        if money is None
        else [f"£{money['unmapped']:,.2f} of ledger money is mapped to no service, so it is in no purse here."]
    )
    lines += [
        "Services without evidence of effect are held as they are: not tested, which is not the same as not working.",
        "Capacity that is released is not cash. When it can be cashed, and by whom, is in the workbook with its basis.",
        purses.said(release, shift.scenario.first_year, shift.scenario.horizon),
        *(f"{exact(pence)} of the mapped money is our share by {words}." for words, pence in divided(release, spend(release))),
        "Children are counted as services count them; a child known to two services is counted in both.",
    ]
    return lines + [note for note in shift.result.messages if "outcome counts" in note.lower()]


def service_changes(shift: Shift) -> pd.DataFrame:
    """Each service whose spend differs from today's in the last year, largest increase first (GBP, to the penny)."""
    rows = _of_year(shift.found.by_service, shift.last, "name", "part", "before", "after", "change")
    rows = sorted((row for row in rows if abs(row[-1]) > _PENNY), key=lambda row: -row[-1])
    labels = {part.value: part.label for part in Part}
    table = {"Service": [row[0] for row in rows], "Part": [labels[row[1]] for row in rows]}
    return pd.DataFrame(table | _money([row[2:] for row in rows]))


def _of_year(frame: pd.DataFrame, year: str, *columns: str) -> list[tuple[Any, ...]]:
    """The cells of these columns in the rows of one year."""
    cells = zip(frame["year"].tolist(), *(frame[c].tolist() for c in columns), strict=True)
    return [row[1:] for row in cells if row[0] == year]


def foremost(changes: pd.DataFrame) -> pd.DataFrame:
    """The services that change most, in their order, for a picture that can be taken in; nothing that is held."""
    moving = changes[changes["Part"] != Part.HELD.label]
    changes = (changes if moving.empty else moving).reset_index(drop=True)
    most = changes["Change (£)"].abs().nlargest(MOST_BARS).index
    return changes.loc[sorted(most)].reset_index(drop=True)


def level_changes(shift: Shift) -> pd.DataFrame:
    """Prevention, responsive and held spend before and after, every year (GBP, to the penny)."""
    rows = shift.found.by_level
    amounts = list(zip(*(rows[c].tolist() for c in ("before", "after", "change")), strict=True))
    return pd.DataFrame({"Year": rows["year"].tolist(), "Part": rows["label"].tolist()} | _money(amounts))


def agency_changes(shift: Shift) -> pd.DataFrame:
    """Each agency's spend before and after in the last year, and what its purse leaves unspent (GBP, to the penny)."""
    total: dict[tuple[str, str], list[tuple[float, ...]]] = {}
    for agency, label, *amounts in _of_year(shift.found.by_agency, shift.last, "agency", "label", "before", "after", "change"):
        total.setdefault((agency, label), []).append(tuple(amounts))
    spare = dict(_of_year(shift.found.underspend, shift.last, "agency", "amount"))
    sums = [tuple(map(fsum, zip(*own, strict=True))) for own in total.values()]
    left = np.round(np.array([spare.get(agency, 0.0) for agency, _ in total]) * THOUSAND, 2)
    return pd.DataFrame({"Agency": [label for _, label in total]} | _money(sums) | {"Unspent (£)": left})


def kept_off(table: pd.DataFrame, shift: Shift, off: Veil) -> pd.DataFrame:
    """The table of agencies with a dash for what would tell the price of one bought service."""
    ids = {label: agency for agency, label in _of_year(shift.found.by_agency, shift.last, "agency", "label")}
    spend = table["Agency"].map(lambda label: ids[label] in off.spend)
    change = table["Agency"].map(lambda label: off.alone or ids[label] in off.change)
    hidden = {"Before (£)": spend, "After (£)": spend | change, "Change (£)": change, "Unspent (£)": spend | change}
    return table.assign(**{c: table[c].mask(own) for c, own in hidden.items()}) if (spend | change).any() else table


def demand_changes(shift: Shift) -> pd.DataFrame:
    """Need for each responsive service if nothing changes and under the plan, in the last year (children or cases)."""
    rows = shift.found.demand[shift.found.demand["year"] == shift.last]
    columns = {"Need if nothing changes": rows["before"], "Need under the plan": rows["after"], "Change": rows["change"]}
    table = pd.DataFrame({"Responsive service (children or cases a year)": rows["name"]})
    return table.assign(**{name: column.round(1) for name, column in columns.items()}).reset_index(drop=True)


def _money(rows: Sequence[Sequence[float]]) -> dict[str, np.ndarray]:
    """What was before, after and the change of each row as pounds and pence."""
    # Adding 0 turns a minus nought into a nought.
    pounds = np.round(np.array(rows, dtype=float).reshape(-1, 3) * THOUSAND, 2) + 0.0
    return {f"{c} (£)": pounds[:, k] for k, c in enumerate(("Before", "After", "Change"))}
