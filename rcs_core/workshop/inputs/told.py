"""What *Try a shift* says of its inputs: how a result stands, whom it reaches, where it breaks even, when money is free."""

from datetime import date

import pandas as pd

from rcs_core.release import Release
from rcs_core.workshop.big_screen import register
from rcs_core.workshop.couple.compare import Part
from rcs_core.workshop.couple.inputs import rows_of
from rcs_core.workshop.couple.parts import Inputs
from rcs_core.workshop.evidence import number
from rcs_core.workshop.inputs import break_even
from rcs_core.workshop.inputs.assumed import missing, rule
from rcs_core.workshop.inputs.depths import Standing, in_whole_pounds, rounded, two_figures
from rcs_core.workshop.inputs.release_dates import dates_table, duties, opens, said
from rcs_core.workshop.shift import THOUSAND, Answer, Shift, pounds


def standing(shift: Shift, holds: float | None = None) -> Standing:
    """How a result stands at its depth; `holds` is the share of draws in which the same services gain."""
    found = shift.found
    return Standing(shift.levers.depth, found.guess_share, found.discussion_only, holds)


def shown(frame: pd.DataFrame, shift: Shift) -> pd.DataFrame:
    """A table of results as it is shown and taken away: in two figures where it is for discussion only."""
    return rounded(frame, shift.found.discussion_only)


def in_pounds(frame: pd.DataFrame, shift: Shift) -> pd.DataFrame:
    """A table of a plan's money as it is shown: without pence, as no plan is known to the penny; each row adds up."""
    found = shown(frame, shift)
    return found if shift.found.discussion_only else in_whole_pounds(found)


def whom(shift: Shift) -> Answer:
    """Whom the shift reaches: more or fewer children in the services that gain or lose, at today's spend for each child."""
    more, fewer, unknown = _children(shift)
    said = [_about(count, way, shift) for count, way in ((more, "more"), (fewer, "fewer")) if count >= _HALF]
    if not said:
        return Answer("No more and no fewer children are served than today.")
    left = f" Of {unknown} services that gain or lose, the children they serve are not known." if unknown else ""
    sentence = f"{' and '.join(said)} children could be served in {shift.last}, at today's spend for each child."
    return Answer(
        sentence[:1].upper() + sentence[1:],
        "Money moved over what each service spends for a child it serves today: an average, not what one more child costs. "
        f"A child known to two services is counted in both.{left}",
    )


_HALF = 0.5
_PENNY = 0.01


def _about(count: float, way: str, shift: Shift) -> str:
    rough = shift.found.discussion_only
    return f"{'about ' if rough else ''}{two_figures(count) if rough else round(count):,.0f} {way}"


def _children(shift: Shift) -> tuple[float, float, int]:
    """More and fewer children served in the last year, and services of which it is not known."""
    last = shift.found.by_service[shift.found.by_service["year"] == shift.last].set_index("service")["change"]
    more = fewer = 0.0
    unknown = 0
    for service in shift.inputs.preventative:
        change = float(last.get(service.id, 0.0))
        if change and not service.children:
            unknown += 1
        elif change > 0:
            more += change * service.children / service.thousand
        else:
            fewer -= change * service.children / service.thousand
    return more, fewer, unknown


def breaks_even(release: Release, shift: Shift, veil: frozenset[str] = frozenset()) -> tuple[Answer, pd.DataFrame]:
    """At how many fewer placements or cases what goes to prevention by the last year would pay for itself.

    veil: services whose price is not shown now; an amount beside a number of their places would tell it.
    """
    rows, inputs, rough = shift.found.by_service, shift.inputs, shift.found.discussion_only
    last = rows[(rows["year"] == shift.last) & (rows["part"] == Part.PREVENTION.value) & (rows["change"] > 0)]
    amount = float(last["change"].sum()) * THOUSAND
    found = [break_even.break_even(amount, d, inputs.names[d.id]) for d in inputs.demanded] if amount > 0 else []
    gaining = set(last["service"])
    more = None if one_veiled(gaining, veil) else _children(shift)[0]
    acted = _acted_on(release, gaining)
    in_sight = [b for b in found if b.service not in veil]
    chosen = [b for b in in_sight if b.service in acted] or in_sight
    if found and not chosen:
        return Answer(_VEILED, ""), break_even.table(found, _lacking(release, inputs), veil)
    said = break_even.headline(
        amount, two_figures(more) if rough and more is not None else more, chosen, pounds(amount / THOUSAND, rough)
    )
    basis = (
        "Were that many fewer needed all year, and all that they cost released. Whether they would be is for the group to judge. "
        "The list has every responsive service, each by itself, with the source of its cost and who would have the money."
    )
    table = break_even.table(found, _lacking(release, inputs), veil) if found else pd.DataFrame()
    basis += f" {_VEILED}" if len(in_sight) < len(found) else ""
    return Answer(said[:1].upper() + said[1:], f"{_gross(shift, amount)}{basis}" if found else ""), table


_VEILED = "At how many places a bought service breaks even is not on the big screen, as it would tell what one place costs."


def one_veiled(services: set[str], veil: frozenset[str]) -> bool:
    """Whether money goes to one service only, whose price is not shown: children beside the amount would tell it."""
    return len(services) == 1 and services <= veil


def _gross(shift: Shift, amount: float) -> str:
    """That the amount is what the services gain that gain, where others lose and the two are not the same."""
    lose = amount - shift.found.moved * THOUSAND
    if lose < _PENNY:
        return ""
    return f"What services gain; other prevention has {pounds(lose / THOUSAND, shift.found.discussion_only)} less. "


def _acted_on(release: Release, services: set[str]) -> set[str]:
    """The responsive services that some services are said to act on, whatever is known of how much."""
    return {str(r["acts_on"]) for r in rows_of(release, "effects") if str(r["service_id"]) in services}


def _lacking(release: Release, inputs: Inputs) -> list[tuple[str, str]]:
    """Responsive services for which there is no break-even: what is missing of them."""
    known, costs = {d.id for d in inputs.demanded}, {str(r["service_id"]): r for r in rows_of(release, "unit_costs")}
    needed = {str(r["service_id"]) for r in rows_of(release, "demand")}
    found = []
    for service, about in register(release).items():
        if service in known or (number(about.get("pct_responsive")) or 0.0) < rule("mostly"):
            continue
        cost = number(costs.get(service, {}).get("unit_cost_gbp"))
        lacks = [what for what, there in (("what one costs", cost), ("how many there are", service in needed)) if not there]
        why = f"Not in the release: {' and '.join(lacks)}" if lacks else "It is held at this depth"
        found.append((inputs.names.get(service, service), why))
    return found


def free_from(release: Release) -> tuple[Answer, pd.DataFrame, pd.DataFrame]:
    """When the money of each service is free at the earliest, and how many services are held by a duty."""
    rows, year = rows_of(release, "services"), release.manifest.year
    table, held = dates_table(rows, year), duties(rows)
    if table.empty:
        return Answer("The register gives no service whose money could be freed.", ""), table, held
    start = opens(year) or date.max
    at_once = int((table["All of it from"] <= start.isoformat()).sum())
    first = table["All of it from"].iloc[0] if at_once else table["Earliest release"].min()
    lead = f"{at_once} of them at once" if at_once else f"the first on {said(date.fromisoformat(first))}"
    sentence = f"The money of {len(table)} of {len(rows)} services can be freed by decision, {lead}; the rest is bound by duties."
    wait = missing()["redeployment_months"]
    basis = (
        f"From contract ends, notice and duties of the register, for a plan from {start:%B %Y}. Own staff: {wait.value} months "
        f"more ({wait.source})."
    )
    return Answer(sentence, basis), table, held
