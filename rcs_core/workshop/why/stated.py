"""Why a shift that is only discussed looks as it does: it was stated, and nothing was chosen; what binds each service's money.

No promise has a price here, since nothing is worked out that could be better or worse.
"""

import pandas as pd

from rcs_core.workshop.couple.parts import Preventative
from rcs_core.workshop.couple.stated import DEMAND_LED, grows
from rcs_core.workshop.inputs.release_dates import DISCRETIONARY, freed, opens, said
from rcs_core.workshop.scenario.wording import said as named
from rcs_core.workshop.scenario.wording import year_label
from rcs_core.workshop.sentence import Sentence, count, money, say
from rcs_core.workshop.shift import THOUSAND, Shift
from rcs_core.workshop.why.names import floor_reason, payers

_PENNY = 1e-5


def headline(shift: Shift) -> Sentence:
    """That nothing is optimised, and how many of the services that are discussed grow."""
    grown, whole = _grown(shift), shift.inputs.preventative
    basis = (
        "Services whose spend is mostly prevention. The levers say which grow and by how much in all; each grows in proportion "
        "to what is spent on it today. No effect is used, so no promise has a price and no service was chosen over another."
    )
    if not grown:
        return say(
            "Nothing is chosen here: {whole} stay as they are, as was stated.", basis=basis, whole=count(len(whole), "service")
        )
    start, whole_said = "Nothing is chosen here: the shift is the one that was stated. ", count(len(whole), "service")
    if len(grown) == len(whole):
        return say(start + "All of the {whole} of prevention grow by it.", basis=basis, whole=whole_said)
    text = start + "Of {whole} of prevention, {some} {verb} by it."
    return say(text, basis=basis, whole=whole_said, some=count(len(grown)), verb="grows" if len(grown) == 1 else "grow")


def bound_by(shift: Shift) -> list[Sentence]:
    """Which promises bind the money of the services discussed: duties, contracts and notice."""
    services, start = shift.inputs.preventative, opens(shift.inputs.year)
    duty = [s for s in services if s.terms.basis != DISCRETIONARY]
    dated = [s for s in services if s not in duty]
    last = max((end for s in dated if start and (end := freed(s.terms, start).last)), default=None)
    found = []
    if duty:
        found.append(
            say(
                "{n} cannot be cut by decision: there is a duty, or nobody says that there is none.",
                n=count(len(duty), "service"),
            )
        )
    if dated and last is not None:
        text = "The money of {n} is free once contracts, notice and the redeployment of staff allow, all of it by {last}."
        found.append(say(text, n=count(len(dated), "service"), last=said(last)))
    return found


def chain(shift: Shift, service: Preventative) -> list[Sentence]:
    """Why one service grows or stays, and what binds its money."""
    what, who, last = (
        named(service.id, shift.names),
        payers(shift, service.id),
        year_label(shift.scenario, shift.scenario.horizon),
    )
    change, rough = _change(shift, service.id), shift.found.discussion_only
    if abs(change) > _PENNY:
        way = "more" if change > 0 else "less"
        first = say(
            "{what} ({who}) has {much} a year {way} by {last}.", what=what, who=who, much=money(change, rough), way=way, last=last
        )
    else:
        first = say("{what} ({who}): no change in any year to {last}.", what=what, who=who, last=last)
    return [first, say("{why}.", why=_why(shift, service)), say("No cut: {reason}.", reason=floor_reason(shift, service.id))]


def table(shift: Shift) -> pd.DataFrame:
    """Every service that is discussed as prevention: what happens to it, why, and what binds its money (GBP)."""
    last = year_label(shift.scenario, shift.scenario.horizon)
    rows = []
    for s in shift.inputs.preventative:
        change = _change(shift, s.id)
        happened = "No change" if abs(change) <= _PENNY else "Grows" if change > 0 else "Falls"
        rows.append(
            (
                named(s.id, shift.names),
                happened,
                change * THOUSAND,
                _why(shift, s),
                floor_reason(shift, s.id),
                payers(shift, s.id),
            )
        )
    columns = ["Service", "What happens", f"Change in {last} (£)", "Why", "What binds its money", "Who pays"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(**{columns[2]: frame[columns[2]].round(2) + 0.0})


def _grown(shift: Shift) -> list[Preventative]:
    return [s for s in shift.inputs.preventative if abs(_change(shift, s.id)) > _PENNY]


def _change(shift: Shift, service: str) -> float:
    rows = shift.found.by_service
    found = rows[(rows["service"] == service) & (rows["year"] == shift.last)]
    return float(found["change"].iloc[0]) if len(found) else 0.0


def _why(shift: Shift, service: Preventative) -> str:
    """Why it grows or stays, in the words of the levers."""
    if shift.levers.still:
        return "Nothing is to move"
    if service.id in {s.id for s in grows(shift.inputs, shift.levers)}:
        return "Named by the room" if shift.levers.grow else "All prevention grows alike, in proportion to today's spend"
    if shift.levers.grow:
        return "Not named by the room"
    return "A duty sets its level: it grows with need alone" if service.terms.basis == DEMAND_LED else "Stays as it is"
