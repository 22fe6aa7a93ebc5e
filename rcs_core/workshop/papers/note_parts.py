"""Parts of the workshop note from the plan: what changes most, what would break it, what the room set, what is guessed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from rcs_core.documents.parts import Grid
from rcs_core.vocab import InputState
from rcs_core.workshop import changes
from rcs_core.workshop import shift as view
from rcs_core.workshop.couple import starting_scenario
from rcs_core.workshop.couple.levers import Answered, Depth
from rcs_core.workshop.evidence import listed
from rcs_core.workshop.explore.strains import Strain
from rcs_core.workshop.explore.stress import Stressed, stress
from rcs_core.workshop.inputs import promises, told
from rcs_core.workshop.papers.note_case import Case
from rcs_core.workshop.papers.pages import Section
from rcs_core.workshop.plan.planned import service_of
from rcs_core.workshop.scenario.promises_kept import counted, how_many
from rcs_core.workshop.scenario.wording import said
from rcs_core.workshop.why import stress as why

_MOST = 8
"""Services in the note at most; the workbook has them all."""
_KEPT_BACK = "– stands for what is left out as on the shared screen: prices of bought services, and what would tell them."
_MONEY = ("Before (£)", "After (£)", "Change (£)")


def sections(case: Case) -> list[Section]:
    """What comes from the plan, in the order of the note."""
    plan = [_services(case), _breaks(case)] if case.shift.possible else []
    return [one for one in (*plan, _levers(case), _guesses(case)) if one and (one.many or one.before)]


def signed(amount: float) -> str:
    """A change in pounds with its sign."""
    return f"{'+' if amount > 0 else '−' if amount < 0 else ''}£{abs(amount):,.0f}"


def own_plan(case: Case) -> str:
    """That a plan is the room's own and not worked out by the tool, and how many promises it breaks; blank where it is not."""
    if case.scored is None:
        return ""
    broken = how_many(counted(case.shift.scenario, case.scored.broken))
    many = f"it breaks {broken} promise{'' if broken == 1 else 's'}" if broken else "it keeps every promise"
    return f"The room's own: nothing in it is optimised; {many}."


def _services(case: Case) -> Section | None:
    """The services that change most, more and less; a bought one without its price where that is kept back."""
    shift = case.shift
    frame = told.in_pounds(view.service_changes(shift), shift)
    if frame.empty:
        return None
    hidden = frame["Service"].isin(_kept_back(case))
    frame = frame.assign(**{c: frame[c].mask(hidden) for c in _MONEY})
    # A place among the others would tell about how much it is, so what is kept back stands last, by name.
    shown = frame["Change (£)"].abs().where(~hidden).sort_values(ascending=False, kind="stable").dropna().index
    order = [*shown, *frame[hidden].sort_values("Service").index]
    rows = [_row({str(k): v for k, v in frame.loc[place].items()}) for place in order]
    caption = f"Services that change most: a year's spend in {shift.last} against today"
    notes = (_KEPT_BACK,) if hidden.any() else ()
    head, wide = ("Service", "Part", "Before", "After", "Change"), (7.2, 3.4, 2.3, 2.3, 2.2)
    grid = Grid(caption, head, rows, frozenset({2, 3, 4}), notes, wide)
    rest = "Services left out here: {n}. The workbook has them all."
    return Section("Which services change most?", least=3, most=_MOST, rest=rest, table=grid)


def _kept_back(case: Case) -> set[str]:
    """The names of the services whose price is kept back, as the plan has them."""
    rows = case.shift.found.by_service[["service", "name"]].drop_duplicates()
    return {name for id, name in rows.itertuples(index=False) if service_of(id) in case.veil}


def _row(row: Mapping[str, object]) -> tuple[str, ...]:
    before, after, change = (None if pd.isna(float(str(row[c]))) else float(str(row[c])) for c in _MONEY)
    money = (_pounds(before), _pounds(after), "–" if change is None else signed(change))
    return (str(row["Service"]), str(row["Part"]), *money)


def _pounds(value: float | None) -> str:
    return "–" if value is None else f"£{value:,.0f}"


def _breaks(case: Case) -> Section:
    """What would break the plan first, and which moves survive the standing tests."""
    shift, stated = case.shift, case.shift.levers.depth is Depth.DISCUSS
    found: Stressed = (
        stress(shift.scenario, shift.result, why.STATED, anew=False)
        if stated
        else stress(shift.scenario, shift.result, tuple(Strain), anew=case.scored is None, names=shift.names)
    )
    more = [why.later(shift), why.untested()] if stated else [] if case.scored else [why.survives(shift, found)]
    lines = [why.breaks_first(shift, found), *more, *why.conditions(found)]
    items = [("", line.text) for line in lines]
    return Section("What would break it first?", items, least=1, rest="Tests left out here: {n}. The workbook has them all.")


def _levers(case: Case) -> Section | None:
    """What the room set otherwise than its starting point, whose wish that is and why."""
    if case.levers is None:
        return None
    moved = [(one.what, promises.whose(one.owner, one.reason)) for one in promises.moved(case.levers, case.shift.names)]
    items = [*moved, *_edits(case)]
    before = "" if items else "Nothing: every lever is as its starting point has it."
    return Section(
        "What did the room set itself?", items, least=1, rest="Left out here: {n}. The workbook has them all.", before=before
    )


def _edits(case: Case) -> list[tuple[str, str]]:
    """The changes that the room made in the scenario itself."""
    levers, names = case.levers, case.shift.names
    if not levers or not levers.edits:
        return []
    if case.release is None:
        return [("", f"{len(levers.edits)} changes in the scenario itself, each in the workbook.")]
    found = changes.fitted(starting_scenario(case.release, replace(levers, edits=())), levers.edits, names)
    return [
        (f"{one.what}{f' in {one.year}' if one.year else ''}: from {one.before} to {one.after}.",
         promises.whose(one.edit.owner, one.edit.reason))
        for one in found.changes
    ]  # fmt: skip


def _guesses(case: Case) -> Section:
    """How many of the numbers are known, published, or guessed; and what the group said itself."""
    states = Counter(InputState(known.state) for known in case.shift.scenario.provenance)
    counts = [f"{states[state]} are {_KINDS[state]}" for state in InputState if states[state]]
    guessed = sum(many for state, many in states.items() if state.guess)
    before = (
        f"Of {sum(states.values())} groups of numbers in the scenario {listed(counts)}: {guessed} are guesses."
        if states
        else "The scenario does not say how well its numbers are known."
    )
    answers = case.levers.answers if case.levers else ()
    items = [(f"Estimate of the group: {_what(one, case)}", _range(one)) for one in answers]
    return Section(
        "What is guessed?", items, rest="Estimates of the group left out here: {n}. The workbook has them all.", before=before
    )


_KINDS = {
    InputState.MEASURED: "measured here",
    InputState.PUBLISHED_ELSEWHERE: "published elsewhere",
    InputState.GROUP_ESTIMATE: "estimates of the group",
    InputState.PRODUCT_DEFAULT: "assumptions of this tool",
    InputState.MISSING: "not known",
}
_ASKED = {
    "effect": "children for each 100 served", "lag": "years until it acts", "cashable": "per cent of its cost that is cash",
    "unit_cost": "cost of one (£)",
}  # fmt: skip


def _what(one: Answered, case: Case) -> str:
    on = f" on {said(one.on, case.shift.names)}" if one.on else ""
    return f"{said(one.service, case.shift.names)}{on}, {_ASKED.get(one.kind, one.kind)}:"


def _range(one: Answered) -> str:
    dated = f", {one.date}" if one.date else ""
    return f"{one.likely:,g}, from {one.low:,g} to {one.high:,g} ({one.source}{dated})."
