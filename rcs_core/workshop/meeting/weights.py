"""What counts, as the room voted on it: a closed 100-point vote over responsive services becomes weights of the scenario.

Body of WEIGHTS_TAKEN: {ballot, how, votes, worth, groups, voters, mean, left_out}. `worth`: points by responsive service;
`groups`: the same of each agency that the vote tells apart. Points count for one place or case that is not needed there.

The room's weight of a service is the median over people of the points they gave it, each person one voice, made to add up to
100 again. A mean would let one person who puts all on one thing pull the room; the median is also how the group's estimates are
taken. Where more than half gave each service nothing no median is left: then it is the mean, and that is said. The mean
is kept beside it, so that it can be seen whether that choice turns the plan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import fsum
from statistics import median
from typing import Any

from rcs_core.errors import ScenarioError
from rcs_core.vocab import Label
from rcs_core.workshop.explore.weights import Sensitivity, Weighed, Weights, Whose, sensitivity, weighed
from rcs_core.workshop.meeting.ballot_contract import OTHERS
from rcs_core.workshop.meeting.ballot_parts import Kind
from rcs_core.workshop.meeting.ballot_results import ROOM, Results, results
from rcs_core.workshop.meeting.meeting import By, Meeting, MeetingError, standing
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.wording import said as named
from rcs_core.workshop.sentence import Sentence, count, say
from rcs_core.workshop.shift import Shift
from rcs_core.workshop.spend_map.money import agency_label
from rcs_core.workshop.store import Event, EventKind
from rcs_core.workshop.why.names import listed

WHERE = "Weights of outcomes"
POINTS = 100.0
THE_ROOM, THE_MEAN = "the room's weights", "the mean of the room"


class How(Label):
    """How one number is made of many."""

    MEDIAN = "median", "The median of what each person gave"
    MEAN = "mean", "The mean, as more than half gave each of these nothing"


@dataclass(frozen=True, slots=True)
class Taken:
    """The room's weights and each agency's: points by responsive service, each set adding up to 100.

    mean: the room's mean. groups and voters: of the agencies that the vote tells apart. left_out: options that are no
    responsive service of the scenario.
    """

    ballot: str
    how: How
    votes: int
    worth: Mapping[str, float]
    mean: Mapping[str, float]
    groups: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    voters: Mapping[str, int] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    by: By = field(default_factory=By)
    at: str = ""
    event: int = 0


def made(found: Results, services: Sequence[str]) -> Taken:
    """Weights from a closed vote. services: the responsive services of the scenario.

    Raises MeetingError where the vote is no 100-point vote, nobody voted, or no point was given to any of them.
    """
    asked = {o.refers[1]: o for o in found.ballot.options if o.refers[:1] == ("service",) and o.refers[1] in services}
    out = tuple(o.text for o in found.ballot.options if o not in asked.values())
    if found.ballot.kind is not Kind.POINTS or not asked:
        got = "no option is a responsive service of the scenario" if not asked else found.ballot.kind.label
        raise MeetingError("this vote gives no weights", WHERE, got, "100 points over responsive services of the scenario")
    values = {
        group: {s: found.of(o, group).values for s, o in asked.items()} for group in (ROOM, *found.groups)
    }  # fmt: skip
    if not any(sum(given) for given in values[ROOM].values()):
        raise MeetingError("this vote gives no weights", WHERE, "no points", "points for at least one responsive service")
    worth, how = of_points(values[ROOM])
    mean = _whole({s: fsum(given) / len(given) for s, given in values[ROOM].items()})
    groups = {g: of_points(values[g])[0] for g in found.groups if any(sum(given) for given in values[g].values())}
    return Taken(found.ballot.id, how, found.votes, worth, mean, groups, {g: found.voters[g] for g in groups}, out)


def of_points(values: Mapping[str, Sequence[int]]) -> tuple[dict[str, float], How]:
    """One set of weights from what each person gave: the medians, or the means where no median is left; adding up to 100."""
    medians = {s: float(median(given)) for s, given in values.items()}
    if any(medians.values()):
        return _whole(medians), How.MEDIAN
    return _whole({s: fsum(given) / len(given) for s, given in values.items()}), How.MEAN


def _whole(points: Mapping[str, float]) -> dict[str, float]:
    total = fsum(points.values())
    return {s: POINTS * value / total for s, value in points.items()}


def take(meeting: Meeting, ballot: str, services: Sequence[str], by: By) -> Event:
    """Take the weights of a closed vote. Raises MeetingError as `made` does, and while the vote is open."""
    found = made(results(meeting, ballot), services)
    body: dict[str, Any] = {
        "ballot": ballot, "how": found.how.value, "votes": found.votes, "worth": dict(found.worth), "mean": dict(found.mean),
        "groups": {g: dict(w) for g, w in found.groups.items()}, "voters": dict(found.voters), "left_out": list(found.left_out),
    }  # fmt: skip

    def add(before: list[Event]) -> tuple[EventKind, Mapping[str, Any], By]:
        now = taken(before)
        if now is not None and replace(now, by=found.by, at="", event=0) == found:
            raise MeetingError("these weights are taken already", WHERE, now.by.name or "somebody", "other weights")
        return EventKind.WEIGHTS_TAKEN, body, by

    return meeting.add_after((EventKind.WEIGHTS_TAKEN, EventKind.TAKEN_BACK), add)


def taken(events: Sequence[Event]) -> Taken | None:
    """The weights that the room took last; None where it took none."""
    last = next((e for e in reversed(standing(events)) if e.kind is EventKind.WEIGHTS_TAKEN), None)
    if last is None:
        return None
    body = last.body
    by = By(last.author, last.agency, str(body.get("by", "")))
    return Taken(
        body["ballot"], How(body["how"]), body["votes"], body["worth"], body["mean"], body["groups"], body["voters"],
        tuple(body["left_out"]), by, last.at, last.id,
    )  # fmt: skip


def sets(found: Taken) -> list[Weights]:
    """Sets of weights to try: as now, the room's, its mean, and each agency's own."""
    room = [Weights(THE_ROOM, _given(found.worth)), Weights(THE_MEAN, _given(found.mean))]
    groups = [Weights(f"the weights of {called(g)}", _given(w), of=g) for g, w in found.groups.items()]
    return [Weights(Whose.NOW.label, {}, Whose.NOW), *room, *groups]


def called(group: str) -> str:
    """A group of voters by name."""
    return group if group == OTHERS or not group else agency_label(group)


def _given(points: Mapping[str, float]) -> dict[str, float]:
    return {s: value for s, value in points.items() if value > 0}


def tried(scenario: Scenario, found: Taken) -> Sensitivity:
    """The plan under each set that can decide one. Raises ScenarioError where a shift is only discussed or has no plan."""
    return sensitivity(scenario, [w for w in sets(found) if _decides(scenario, w)])


def _decides(scenario: Scenario, weights: Weights) -> bool:
    try:
        weighed(scenario, weights)
    except ScenarioError:
        return False
    return True


def beside(shift: Shift, found: Sensitivity) -> Sentence:
    """The plan under the room's weights beside the plan as it is now."""
    now, room = found.plans[0], _of(found, THE_ROOM)
    basis = f"A move is a service with more, or with less, in {shift.last} than today."
    if room is None:
        return say("No service acts on what the room gave points to, so its weights change nothing.", basis=basis)
    more, fewer = _apart(room, now), _apart(now, room)
    if not more and not fewer:
        return say("Under the room's weights the same moves are made as now.", basis=basis)
    said = [f" It adds {_moves(shift, more)}." if more else "", f" It leaves out {_moves(shift, fewer)}." if fewer else ""]
    return say("Under the room's weights the plan is another.{how}", how="".join(said), basis=basis)


def in_both(shift: Shift, found: Sensitivity) -> Sentence:
    """The moves that are in the plan under every set of weights that somebody gave."""
    sure = found.no_regret
    if not found.present:
        return say("No service gains in the plan as it is now.")
    tried_with = f"Tried: as now, {listed([p.weights.name for p in found.asked if p.weights.whose is Whose.GIVEN])}."
    if not sure:
        return say("No move of the present plan is in every one of them: each depends on whose weights decide.", basis=tried_with)
    who = listed([named(s, shift.names) for s in sure])
    many = count(len(sure), "move is", "moves are")
    return say("{many} in the plan whosever weights decide: {who}.", many=many, who=who, basis=tried_with)


def turned(shift: Shift, found: Sensitivity) -> list[Sentence]:
    """Whose weights would turn the plan of the room, and how; the mean too, where it would."""
    room = _of(found, THE_ROOM) or found.plans[0]
    said = []
    for plan in found.plans:
        if plan.weights.whose is not Whose.GIVEN or plan is room:
            continue
        more, fewer = _apart(plan, room), _apart(room, plan)
        if more or fewer:
            how = listed(
                [*([f"with {_moves(shift, more)}"] if more else []), *([f"without {_moves(shift, fewer)}"] if fewer else [])]
            )
            said.append(say("{whose} would turn it: {how}.", whose=plan.weights.name, how=how))
    if not said:
        return [
            say("Nobody's weights would turn the plan of the room: every agency told apart, and the mean, give the same moves.")
        ]
    return said


def _of(found: Sensitivity, name: str) -> Weighed | None:
    return next((p for p in found.plans if p.weights.name == name), None)


def _apart(one: Weighed, other: Weighed) -> dict[str, int]:
    """Moves that one plan makes and the other does not, or the other way round."""
    return {s: way for s, way in one.moves.items() if way and other.moves.get(s, 0) != way}


def _moves(shift: Shift, found: Mapping[str, int]) -> str:
    more, less = ([named(s, shift.names) for s, way in found.items() if way == side] for side in (1, -1))
    return ", and ".join(f"{word} for {listed(who)}" for word, who in (("more", more), ("less", less)) if who)


def how_made(found: Taken, names: Mapping[str, str]) -> Sentence:
    """The room's weights, from how many votes, and how they were made."""
    order = sorted(found.worth, key=lambda s: -found.worth[s])
    points = listed([f"{named(s, names)} {found.worth[s]:.0f}" for s in order if found.worth[s] > 0])
    out = f" Left out, as no responsive service of this scenario: {listed(found.left_out)}." if found.left_out else ""
    votes = count(found.votes, "vote").said
    made_of = f"{found.how.label}, made to add up to 100; {votes}, each person one voice."
    per = " Points count for one place or case that is not needed there."
    return say("Of a hundred points, the room gives {points}.", points=points, basis=f"{made_of}{per}{out}")
