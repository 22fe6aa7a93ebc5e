"""Which numbers would turn the plan: every gap tried at its low and high end, and the few that matter put first.

A gap is a number that is a guess or missing. The plan turns when other services gain or lose in its last year, or when no
plan is left. What turns nothing need not be asked, however little is known of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from rcs_core.release import Release
from rcs_core.vocab import InputState
from rcs_core.workshop.couple.answers import Row
from rcs_core.workshop.couple.build import scenario_of
from rcs_core.workshop.couple.inputs import read, rows_of
from rcs_core.workshop.couple.levers import Answered, Depth, Levers
from rcs_core.workshop.evidence import number, text
from rcs_core.workshop.explore.moves import moves
from rcs_core.workshop.inputs.assumed import assumed, defaults, rule
from rcs_core.workshop.scenario import Result, Scenario, solve
from rcs_core.workshop.scenario.session import Status

UNITS = {"effect": "children for each 100 served", "lag": "years", "cashable": "per cent of what one costs"}

_HARDLY = 1e-6
"""An effect of nothing is tried as hardly any, so that the service stays among those that can be moved."""


@dataclass(frozen=True, slots=True)
class Question:
    """One number that could be asked of the group: what it is now, how it is known, and whether it turns the plan.

    turns: at which ends (low, high) other services gain or lose. apart: how many pounds of the last year's plan then
    stand elsewhere, at the end where it is more.
    """

    number: Answered
    text: str
    unit: str
    state: InputState
    turns: tuple[str, ...] = ()
    apart: float = 0.0

    @property
    def why(self) -> str:
        """Why it is asked."""
        if not self.turns:
            return "The plan stays the same at either end."
        return f"The plan turns at its {' and at its '.join(self.turns)} end."


def gaps(release: Release, levers: Levers) -> list[Question]:
    """Every number of the plan that is a guess or missing, with its range."""
    inputs = read(release, _estimating(levers))
    known = {a.key for a in levers.answers}
    effects = [r for r in rows_of(release, "effects") if r["acts_on"] in {d.id for d in inputs.demanded}]
    found = [q for row in effects if (q := _effect(row, effects, inputs.names))]
    found += [_lag(s.id, inputs.names) for s in inputs.preventative if all(e.lag is None for e in s.effects)]
    for d in inputs.demanded:
        if d.cashable_state.guess:
            low, high = (100 * end for end in d.cashable_range)
            what = f"When one fewer needs {inputs.names[d.id]}, how much of its cost is cash?"
            one = Answered("cashable", d.id, "", low, 100 * (d.cashable or 0.0), high)
            found.append(Question(one, what, UNITS["cashable"], d.cashable_state))
    return [q for q in found if q.number.key not in known]


def _effect(row: Row, others: list[Row], names: Mapping[str, str]) -> Question | None:
    """The effect of one service on another; where it is missing, up to the most that is claimed of any other."""
    likely = number(row["children_averted_per_100"])
    code = text(row["state"])
    state = InputState.MISSING if likely is None or code not in set(InputState) else InputState(code)
    if not state.guess:
        return None
    low, high = number(row["low"]), number(row["high"])
    if likely is None or high is None:
        like = [r for r in others if r["acts_on"] == row["acts_on"]] or others
        high = max((number(r["high"]) or number(r["children_averted_per_100"]) or 0.0 for r in like), default=0.0)
    on, service = str(row["acts_on"]), str(row["service_id"])
    what = f"Of every 100 that {names.get(service, service)} serves, how many fewer need {names.get(on, on)}?"
    one = Answered("effect", service, on, 0.0 if low is None else low, likely or 0.0, max(high, likely or 0.0))
    return Question(one, what, UNITS["effect"], state)


def _lag(service: str, names: Mapping[str, str]) -> Question:
    one = defaults()["lag"]
    what = f"After how many years does {names[service]} show its effect?"
    answer = Answered("lag", service, "", float(one.low or 0.0), assumed("lag"), float(one.high or 0.0))
    return Question(answer, what, UNITS["lag"], InputState.PRODUCT_DEFAULT)


def ranked(release: Release, levers: Levers, told: Callable[[float], object] | None = None) -> list[Question]:
    """Every gap tried at both ends, those that turn the plan first; none where no effect is known that a plan could rest on."""
    base, found = _estimating(levers), gaps(release, levers)
    if not found or not read(release, base).preventative:
        return []
    start = _plan(release, base)
    tried = []
    for k, question in enumerate(found):
        tried.append(_tried(release, base, start, question))
        if told:
            told((k + 1) / len(found))
    return sorted(tried, key=lambda q: (not q.turns, -q.apart, q.text))


def asked(questions: list[Question]) -> list[Question]:
    """The few that are put to the group: those that turn the plan, and no more than can be talked through."""
    return [q for q in questions if q.turns][: int(rule("questions"))]


def turned_by(release: Release, levers: Levers, question: Answered, values: Mapping[str, float]) -> dict[str, bool]:
    """Whether each answer, alone, turns the plan that the middle answer gives, by who gave it."""
    base = _estimating(levers)
    start = _plan(release, _with(base, question))
    plans = {v: _plan(release, _with(base, replace(question, likely=v))) for v in set(values.values())}
    return {who: not _same(start, plans[value]) for who, value in values.items()}


type Plan = tuple[dict[str, int], dict[str, float]] | None
"""What gains and loses, and by how much in the last year (GBP); None where no plan is left."""


def _tried(release: Release, base: Levers, start: Plan, question: Question) -> Question:
    turns, apart = [], 0.0
    for end in ("low", "high"):
        value = getattr(question.number, end)
        if question.number.kind == "effect":
            value = max(value, _HARDLY)
        if value != question.number.likely:
            plan = _plan(release, _with(base, replace(question.number, likely=value)))
            turns += [] if _same(start, plan) else [end]
            apart = max(apart, _apart(start, plan))
    return replace(question, turns=tuple(turns), apart=apart)


def _estimating(levers: Levers) -> Levers:
    """The levers as deep as an estimate: where a shift is only discussed, no number could turn it."""
    return replace(levers, depth=Depth.ESTIMATE)


def _with(levers: Levers, answer: Answered) -> Levers:
    others = tuple(a for a in levers.answers if a.key != answer.key)
    low, high = min(answer.low, answer.likely), max(answer.high, answer.likely)
    return replace(levers, answers=(*others, replace(answer, low=low, high=high)))


def _plan(release: Release, levers: Levers) -> Plan:
    scenario = scenario_of(read(release, levers), levers, release)
    result = solve(scenario)
    return (moves(scenario, result), _changes(scenario, result)) if result.status is Status.OPTIMAL else None


def _changes(scenario: Scenario, result: Result) -> dict[str, float]:
    """What each service's spend changes by in the last year (GBP)."""
    found = {s.id: -1000 * sum(sum(by.values()) for by in s.agencies.values()) for s in scenario.prevention}
    for line in result.spend:
        if line.year == scenario.horizon:
            found[line.service] += 1000 * line.amount
    return found


def _same(one: Plan, other: Plan) -> bool:
    return one[0] == other[0] if one and other else one is other


def _apart(one: Plan, other: Plan) -> float:
    """Pounds that stand elsewhere; a service that only one of the plans can move stays as it is in the other."""
    if not one or not other:
        return 0.0
    return sum(abs(one[1].get(s, 0.0) - other[1].get(s, 0.0)) for s in {*one[1], *other[1]}) / 2
