"""A closed vote in sentences and tables: what has most, how the votes lie, who is against, where agencies differ."""

from collections.abc import Sequence

import pandas as pd

from rcs_core.workshop.evidence import listed
from rcs_core.workshop.meeting.ballot_contract import OTHERS, rule, steps
from rcs_core.workshop.meeting.ballot_parts import Ballot, Kind, Option
from rcs_core.workshop.meeting.ballot_results import ROOM, Results, Spread, Tally
from rcs_core.workshop.sentence import Figure, Sentence, Unit, count, joined, say
from rcs_core.workshop.spend_map.money import agency_label

EVERYBODY = "All who voted"
TOGETHER = "All agencies together"


def group_label(found: Results, group: str) -> str:
    """What a group of voters is called."""
    if group == ROOM:
        return EVERYBODY
    if group == OTHERS:
        return TOGETHER if found.groups == (OTHERS,) else "Other agencies"
    return agency_label(group)


def number(value: float) -> Figure:
    """A number of votes, dots, points or a step as it is; a half where a median lies between two."""
    return Figure(value, Unit.COUNT, f"{value:g}")


def cast_so_far(ballot: Ballot, here: int) -> Sentence:
    """How many voted: all that is told of an open vote."""
    if here >= ballot.votes and here:
        return say("{votes} of {here} have voted.", votes=number(ballot.votes), here=number(here))
    return say("{votes} {word} in.", votes=number(ballot.votes), word="vote is" if ballot.votes == 1 else "votes are")


def privacy(ballot: Ballot) -> str:
    """What a vote keeps of who cast it, in one sentence."""
    if ballot.named:
        return "Your vote is kept with your name and agency."
    fewest = rule("least_together")
    return (
        f"Your vote is kept without your name, and with your agency only where at least {fewest} of it are here; a code that "
        "only your phone can make lets you change it."
    )


def headline(found: Results) -> Sentence:
    """The finding first: what has most, or how the room stands on its proposals."""
    if not found.votes:
        return say("Nobody voted.")
    if found.ballot.kind is Kind.GRADIENT:
        several = len(found.ballot.options) > 1
        return joined([stands(found, option, whole=not several) for option in found.ballot.options])
    first = found.ranks[0]
    unit = "dot" if found.ballot.kind is Kind.DOTS else "point"
    most = number(found.of(first[0]).total)
    if len(first) > 1:
        return say("{names} have the most, {most} {unit}s each, from {votes}.", names=listed(o.text for o in first), most=most,
                   unit=unit, votes=_people(found.votes))  # fmt: skip
    return say("{name} has the most: {most} {unit}, from {givers} of {votes}.", name=first[0].text, most=most,
               unit=unit if most.value == 1 else f"{unit}s", givers=count(found.of(first[0]).givers),
               votes=_people(found.votes))  # fmt: skip


def _people(votes: int) -> Figure:
    return count(votes, "person", "people")


def stands(found: Results, option: Option, whole: bool = True) -> Sentence:
    """How the room stands on one proposal: for, between and against; whole: and how the votes lie."""
    tally = found.of(option)
    if not tally.values:
        return say("{name}: nobody took a step.", name=option.text)
    between = len(tally.values) - tally.support - tally.dissent
    counted = say("{name}: {support} for it, {between} in between and {dissent} against.", name=option.text,
                  support=_many(tally.support), between=_many(between), dissent=_many(tally.dissent))  # fmt: skip
    return joined([counted, _lie(tally)]) if whole else counted


def _many(value: int) -> Figure:
    """How many, standing by itself."""
    return count(value) if value else Figure(0, Unit.COUNT, "none")


def _lie(tally: Tally, lead: str = "") -> Sentence:
    """How the votes of a proposal lie; two groups have no middle, so none is said of them."""
    low, high, middle = (number(float(value or 0)) for value in (tally.low, tally.high, tally.median))
    if tally.spread is Spread.TWO_GROUPS:
        return say("{lead}there are two groups: {support} up to step {last}, and {dissent} from step {first} on.",
                   lead=lead, support=count(tally.support), dissent=count(tally.dissent), last=number(rule("support_to")),
                   first=number(rule("dissent_from")))  # fmt: skip
    if low.value == high.value:
        return say("{lead}all took step {low}.", lead=lead, low=low)
    shape = "close together" if tally.spread is Spread.CLOSE else "spread out"
    return say("{lead}the votes are {shape}: step {low} to {high}, median {middle}.", lead=lead, shape=shape, low=low,
               high=high, middle=middle)  # fmt: skip


def _lies(found: Results) -> list[Sentence]:
    """How the votes of each of several proposals lie; of one alone the headline says it."""
    several = found.ballot.kind is Kind.GRADIENT and len(found.ballot.options) > 1
    voted = [option for option in found.ballot.options if found.of(option).values] if several else []
    return [_lie(found.of(option), f"{option.text}: ") for option in voted]


def ties(found: Results) -> list[Sentence]:
    """Options that have the same."""
    unit = "dot" if found.ballot.kind is Kind.DOTS else "point"
    return [
        say("A tie: {names} have {total} each.", names=listed(o.text for o in tied), total=_counted(found, tied[0], unit))
        for tied in found.ties
    ]  # fmt: skip


def _counted(found: Results, option: Option, unit: str) -> Figure:
    value = found.of(option).total
    return Figure(value, Unit.COUNT, f"{value} {unit}{'' if value == 1 else 's'}")


def differ(found: Results) -> list[Sentence]:
    """Where agencies see an option differently: the highest median and the lowest, where they are far enough apart."""
    if found.ballot.kind is Kind.DOTS:
        return []
    steps_of = found.ballot.kind is Kind.GRADIENT
    enough = rule("apart_steps" if steps_of else "apart_points")
    said = []
    for option in found.order:
        middles = {g: m for g in found.groups if (m := found.of(option, g).median) is not None}
        if len(middles) < 2 or max(middles.values()) - min(middles.values()) < enough:
            continue
        top, low = max(middles, key=lambda g: middles[g]), min(middles, key=lambda g: middles[g])
        names = {"name": option.text, "first": group_label(found, top), "second": group_label(found, low)}
        form = "{name}: {first} is at step {high} and {second} at step {low} (medians)." if steps_of else (
            "{name}: {first} gave it {high} and {second} {low} (medians)."
        )  # fmt: skip
        said.append(say(form, high=number(middles[top]), low=number(middles[low]), **names))
    return said


def against(found: Results) -> list[Sentence]:
    """Of each proposal how many of which agency are against; nobody's where nobody is."""
    if found.ballot.kind is not Kind.GRADIENT:
        return []
    said = []
    for option in found.ballot.options:
        who = {group: n for group in found.groups if (n := found.of(option, group).dissent)}
        parts = [f"{count(n).said} of {group_label(found, group).replace(TOGETHER, 'all agencies')}" for group, n in who.items()]
        if parts:
            said.append(say("Against {name}: {who}.", name=option.text, who=listed(parts)))
    return said


def sentences(found: Results) -> list[Sentence]:
    """All that is said of a closed vote after its headline."""
    return [*ties(found), *_lies(found), *against(found), *differ(found)] if found.votes else []


def words(found: Results) -> list[str]:
    """The reasons as they were typed, each with its step and whose it is as far as the vote tells."""
    several = len(found.ballot.options) > 1
    return [
        f"{f'{one.option.text}, s' if several else 'S'}tep {one.step}, {_whose(found, one.name, one.agency)}: "
        f"{one.words or 'no reason given'}" for one in found.said
    ]  # fmt: skip


def _whose(found: Results, name: str, agency: str) -> str:
    return ", ".join(part for part in (name, group_label(found, agency)) if part)


def frame(found: Results, by_agency: bool = False) -> pd.DataFrame:
    """Every option with its figures, the most first; by_agency: a row for each agency that is told apart as well."""
    groups = [ROOM, *(found.groups if by_agency else ())]
    rows = [_row(found, option, group) for option in found.order for group in groups]
    table = pd.DataFrame(rows)
    return table if by_agency else table.drop(columns="Who")


def _row(found: Results, option: Option, group: str) -> dict[str, object]:
    tally = found.of(option, group)
    gradient = found.ballot.kind is Kind.GRADIENT
    row: dict[str, object] = {"Proposal" if gradient else "Option": option.text, "Who": group_label(found, group)}
    row["Votes"] = len(tally.values)
    if gradient:
        row |= {f"Step {k}": n for k, n in enumerate(tally.counts, 1)}
    else:
        row |= {found.ballot.kind.label.split()[-1].capitalize(): tally.total, "Gave it any": tally.givers}
    row |= {"Median": tally.median, "Lowest": tally.low, "Highest": tally.high}
    return row | ({"Against": tally.dissent} if gradient else {})


def points(found: Results, groups: Sequence[str] = (ROOM,)) -> pd.DataFrame:
    """The rows of the picture: how many took each step, by proposal (and agency), or what each option has."""
    several = len(groups) > 1
    rows: list[dict[str, object]] = []
    for option in found.order:
        for group in groups:
            label = f"{option.text}: {group_label(found, group)}" if several else option.text
            rows += _bars(found, found.of(option, group), label, len(rows))
    return pd.DataFrame(rows)


def _bars(found: Results, tally: Tally, label: str, order: int) -> list[dict[str, object]]:
    if found.ballot.kind is not Kind.GRADIENT:
        name = found.ballot.kind.label.split()[-1].capitalize()
        return [{"label": label, "order": order, "part": name, "place": 0, "value": tally.total, "text": f"{tally.total}"}]
    return [
        {"label": label, "order": order, "part": f"{step.step} {step.name}", "place": step.step, "value": n,
         "text": f"{n}" if n else "", "step": f"{step.step}" if n else "", "says": f"Step {step.step}, {step.name}: {n}"}
        for step, n in zip(steps(), tally.counts, strict=True)
    ]  # fmt: skip


def alt(found: Results) -> str:
    """The picture in words."""
    if found.ballot.kind is Kind.GRADIENT:
        each = [
            f"{o.text}: {listed(f'{n} at step {k}' for k, n in enumerate(found.of(o).counts, 1) if n) or 'no votes'}"
            for o in found.order
        ]  # fmt: skip
        return f"How many took each of eight steps from full support to open opposition. {'; '.join(each)}."
    each = [f"{o.text} {found.of(o).total}" for o in found.order]
    return f"{found.ballot.kind.label} by option, the most first. {'; '.join(each)}."
