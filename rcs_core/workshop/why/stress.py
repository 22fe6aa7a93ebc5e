"""What the stress tests say, in words: which moves survive, what each test would cost, what breaks the plan first.

In: a shift with the findings of `explore.stress`. Out: sentences whose numbers are the findings', and
a plain frame of the tests.
"""

import pandas as pd

from rcs_core.workshop.explore.changes import trial
from rcs_core.workshop.explore.strains import SINGLE, Strain, set_of, size
from rcs_core.workshop.explore.stress import Anew, Stressed, Tested
from rcs_core.workshop.inputs.assumed import rule
from rcs_core.workshop.scenario.model import build
from rcs_core.workshop.scenario.wording import repair_text, year_label
from rcs_core.workshop.scenario.wording import said as named
from rcs_core.workshop.sentence import Figure, Sentence, Unit, children, count, joined, say, years
from rcs_core.workshop.shift import THOUSAND, Shift
from rcs_core.workshop.why.names import Parts, listed, told
from rcs_core.workshop.why.strained import amount, label, part, together, whole

STATED = (Strain.MORE_NEED, Strain.FALLING_BUDGET)
"""What a shift that is only stated can be tried on: no effect is used, so nothing that changes effects changes it."""
_FEW = 0.05
_EVEN = 1e-6
_BOTH = 2


def survives(shift: Shift, found: Stressed) -> Sentence:
    """How many of the plan's moves survive the standing tests, each by itself."""
    strains = set_of("survival")
    if not found.moves:
        return say("Nothing moves in this plan, so there is no move for a test to undo.")
    piece, kept = together(strains), len(found.surviving(strains))
    text, parts = left(kept, len(found.moves), "survive", "survives", "does not survive")
    return told(f"{text} {piece.text}.", {**piece.parts, **parts}, _rule(shift, found))


def left(kept: int, moves: int, many: str, one: str, none: str) -> tuple[str, Parts]:
    """How many of the moves do something, as a piece of a template; where there are none, that nothing had moved."""
    if not moves:
        return "nothing moved that could be undone", {}
    if moves == 1:
        return f"the one move {one if kept else none}", {}
    parts: Parts = {"kept": count(kept), "moves": count(moves, "move")}
    if kept == moves:
        every = parts["moves"] if moves > _BOTH else Figure(moves, Unit.COUNT, "both moves")
        return f"{'all ' if moves > _BOTH else ''}{{moves}} {many}", {"moves": every}
    return ("none of {moves} " + one, {"moves": parts["moves"]}) if not kept else (
        f"{{kept}} of {{moves}} {one if kept == 1 else many}", parts
    )  # fmt: skip


def _rule(shift: Shift, found: Stressed) -> str:
    last = year_label(shift.scenario, shift.scenario.horizon)
    short = any(t.anew and not t.anew.holds for t in found.tests.values())
    money = " Where purses cannot pay, the least money that lets every promise hold is taken as found." if short else ""
    return (
        f"A move is a service that gains or loses at least {rule('material'):.0%} of its spend by {last}. It survives where the "
        f"plan worked out anew under each test, by itself, moves it the same way.{money}"
    )


def if_paid(found: Stressed) -> Sentence | None:
    """How many moves survive where all is found that the plan lacks; None where that is the same."""
    strains = set_of("survival")
    paid, kept = found.surviving(strains, paid=True), found.surviving(strains)
    if paid == kept:
        return None
    text, parts = left(len(paid), len(found.moves), "would be made again", "would be made again", "would not be made again")
    return told(f"Were all found that the plan lacks under a test, {text}.", parts)


def which(shift: Shift, found: Stressed) -> Sentence | None:
    """The moves that survive, by name; None where there is none."""
    kept = found.surviving(set_of("survival"))
    if not kept:
        return None
    more, less = ([named(s, shift.names) for s, way in kept.items() if way == side] for side in (1, -1))
    said = [f"{way} for {listed(names)}" for way, names in (("more", more), ("less", less)) if names]
    return say("They are {moves}." if len(kept) > 1 else "It is {moves}.", moves=", and ".join(said))


def as_it_is(shift: Shift, test: Tested) -> Sentence:
    """What becomes of the plan where nobody reacts: purses short, children without."""
    ran, rough, scenario = test.carried, shift.found.discussion_only, shift.scenario
    piece, parts = whole(test.strain), dict[str, Figure | str]()
    if ran.worst is None:
        text = f"With {piece.text}, the plan as it is can be paid in every year"
    else:
        agency, year, most = ran.worst
        parts = {
            "lacking": amount(scenario, ran.lacking, rough), "first": year_label(scenario, ran.first_short or 1),
            "most": amount(scenario, most, rough), "agency": named(agency, shift.names), "year": year_label(scenario, year),
        }  # fmt: skip
        text = (
            f"With {piece.text}, the plan as it is lacks {{lacking}} over its years, first in {{first}}; "
            "the largest part is {most} ({agency}, {year})"
        )
    if ran.worst and not test.still.short:
        text = f"{text}; with nothing moved no purse would be short"
    elif test.still.short and abs(test.still.lacking - ran.lacking) < _EVEN * (1 + ran.lacking):
        text = f"{text}; with nothing moved purses would lack as much"
    elif test.still.short:
        parts["still"] = amount(scenario, test.still.lacking, rough)
        text = f"{text}; with nothing moved purses would lack {{still}}"
    if max(ran.unmet) > _FEW:
        parts["without"] = children(max(ran.unmet), rough)
        text = f"{text}, and {{without}} children a year go without"
    return told(f"{text}.", {**piece.parts, **parts})


def anew(shift: Shift, found: Stressed, test: Tested) -> Sentence | None:
    """Whether every promise can hold in the plan worked out anew, what that takes, and how many moves remain."""
    if test.anew is None:
        return None
    again, rough, scenario = test.anew, shift.found.discussion_only, shift.scenario
    kept = sum(again.moves.get(service) == way for service, way in found.moves.items())
    remain, parts = left(kept, len(found.moves), "remain", "remains", "does not remain")
    if again.holds:
        without = _without(again)
        if without > _FEW:
            parts["without"] = children(without, rough)
            remain = f"{remain}, but up to {{without}} children a year go without"
        return told(f"Worked out anew every promise can hold, and {remain}.", parts)
    if again.missing is None:
        return _no_money(shift, again)
    (agency, year), most = max(again.missing.by_purse.items(), key=lambda item: (item[1], item[0]))
    parts |= {
        "missing": amount(scenario, again.missing.total, rough), "most": amount(scenario, most, rough),
        "agency": named(agency, shift.names), "year": year_label(scenario, year),
    }  # fmt: skip
    text = (
        "No plan keeps every promise: {missing} has to be found over its years at the least, the largest part {most} ({agency}, "
        f"{{year}}). With that, {remain}."
    )
    return told(text, parts)


def _no_money(shift: Shift, again: Anew) -> Sentence:
    """That money alone lets no plan keep every promise, and what else would settle it."""
    if again.repair is None:
        return say("No plan keeps every promise, and no money alone would let one.")
    way = repair_text(build(again.scenario), again.repair, shift.names)
    return say("No plan keeps every promise, and no money alone would let one. What would: {way}.", way=way)


def _without(again: Anew) -> float:
    """The most children who go without in one year of a plan, where need may go unmet."""
    yearly: dict[int, float] = {}
    for line in again.result.responsive:
        yearly[line.year] = yearly.get(line.year, 0.0) + line.unmet
    return max(yearly.values(), default=0.0)


def breaks_first(shift: Shift, found: Stressed) -> Sentence:
    """Which test leaves a purse short first, and at how little of it: a condition for going ahead."""
    first = found.first_to_break
    basis = (
        f"Each test in steps ({trial('levels'):.0f} to the whole of it), the plan carried out as it is; a purse is short where "
        f"it lacks more than {trial('short'):.3%} of its year's money."
    )
    if first is None or first.breaks is None:
        return say("None of the tests leaves a purse short.", basis=basis)
    piece = part(first.strain, first.breaks)
    ran, scenario = first.carried, shift.scenario
    parts: Parts = {
        **piece.parts, "year": year_label(scenario, ran.first_short or 1),
        "lacking": amount(scenario, ran.lacking, shift.found.discussion_only),
    }  # fmt: skip
    text = f"What breaks it first: once {piece.text} a purse is short, from {{year}}; the whole test leaves {{lacking}} lacking."
    also = [whole(t.strain).text for t in found.tests.values() if t.strain in SINGLE and t.still.short and not t.own]
    if first.own and also:
        parts |= {k: v for t in found.tests.values() if t.still.short and not t.own for k, v in whole(t.strain).parts.items()}
        text = f"{text} With {listed(also)}, purses are short whether or not anything moves."
    elif not first.own:
        text = f"{text} Purses are short of it with nothing moved too."
    return told(text, parts, basis)


def conditions(found: Stressed) -> list[Sentence]:
    """How far each test may go before the plan as it is cannot be paid: conditions for going ahead."""
    lines = []
    for strain in SINGLE:
        test = found.tests.get(strain)
        if test is None:
            continue
        if test.breaks is None:
            piece = whole(strain)
            lines.append(told(f"As it is it can be paid even with {piece.text}.", piece.parts))
        else:
            piece = part(strain, test.breaks)
            lines.append(told(f"As it is it cannot be paid once {piece.text}.", piece.parts))
    return lines


def later(shift: Shift) -> Sentence:
    """What a delay costs where a shift is stated: more years of paying for both."""
    moved = shift.found.moved
    parts: Parts = {
        "each": amount(shift.scenario, moved, shift.found.discussion_only), "delay": years(size(Strain.LATER_EFFECTS)),
        "both": amount(shift.scenario, moved * size(Strain.LATER_EFFECTS), shift.found.discussion_only), "last": shift.last,
    }  # fmt: skip
    return told(
        "Each year by which money elsewhere comes free later than hoped costs {each} more of paying for both, "
        "at the pace of {last}: {both} for {delay}.",
        parts,
        "When it comes free is not known here, since no effect is used.",
    )


def untested() -> Sentence:
    """What cannot be tried where a shift is stated."""
    return say(
        "Whether effects are smaller or come later, and whether anything cashes, cannot be tried here: no effect is used, and "
        "nothing is worked out anew."
    )


def tests_table(shift: Shift, found: Stressed) -> pd.DataFrame:
    """One row a test: the plan as it is, and the plan worked out anew (GBP, children or cases a year)."""
    rows = []
    for strain, test in found.tests.items():
        ran, again = test.carried, test.anew
        first = year_label(shift.scenario, ran.first_short) if ran.first_short else ""
        row: dict[str, object] = {"Test": label(strain)}
        if again:
            kept = sum(again.moves.get(s) == way for s, way in found.moves.items())
            row |= {
                "Every promise can hold": "Yes" if again.holds else "No",
                "Moves that remain": f"{kept} of {len(found.moves)}",
                "Has to be found (£)": None if again.missing is None else in_pounds(again.missing.total),
            }
        row |= {
            "Plan as it is lacks (£)": in_pounds(ran.lacking), "With nothing moved (£)": in_pounds(test.still.lacking),
            "First short": first, "Children without, worst year": round(max(ran.unmet), 1),
        }  # fmt: skip
        if again:  # a stated shift uses no effect, so nothing of it may be said to be released or not
            row["Released over the plan (£)"] = in_pounds(sum(ran.released))
        rows.append(row)
    return pd.DataFrame(rows)


def moves_table(shift: Shift, found: Stressed) -> pd.DataFrame:
    """Each move and the tests that it survives."""
    rows = []
    for service, way in found.moves.items():
        row: dict[str, object] = {"Service": named(service, shift.names), "In the plan": "Gains" if way > 0 else "Loses"}
        for strain, test in found.tests.items():
            if test.anew:
                row[label(strain)] = {1: "Gains", -1: "Loses"}.get(test.anew.moves.get(service, 0), "Stays")
        rows.append(row)
    return pd.DataFrame(rows)


def in_pounds(thousands: float) -> float:
    """An amount in GBP thousand as a table has it: pounds, to the penny."""
    return round(thousands * THOUSAND, 2) + 0.0


def lines(shift: Shift, found: Stressed) -> list[Sentence]:
    """Each test as one sentence: the plan as it is, and worked out anew."""
    every = []
    for test in found.tests.values():
        again = anew(shift, found, test)
        every.append(joined([as_it_is(shift, test), *([again] if again else [])]))
    return every
