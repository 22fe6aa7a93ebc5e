"""The chain of a plan, made of decisions: priority, outcome, indicator, activity, money, owner, date; and what it lacks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rcs_core.release import Release
from rcs_core.vocab import Label, Shanarri
from rcs_core.workshop.decide.parts import Decision, Standing, Verdict
from rcs_core.workshop.evidence import listed
from rcs_core.workshop.plan.book import Book, Priority, Report
from rcs_core.workshop.plan.figures import Figure, Key, figure
from rcs_core.workshop.plan.money import Paid, paid
from rcs_core.workshop.plan.planned import Planned


class Gap(Label):
    """What a link of the chain lacks."""

    PRIORITY = "priority", "no priority"
    OUTCOME = "outcome", "no outcome"
    INDICATOR = "indicator", "no indicator"
    FIGURE = "figure", "no figure for its indicator"
    ACTIVITY = "activity", "no service named"
    MONEY = "money", "no money named"
    PRICES = "prices", "no price year"
    OWNER = "owner", "no owner"
    DATE = "date", "no date"


FOLLOWED = (Gap.OWNER, Gap.DATE, Gap.INDICATOR)
"""Without these an action cannot be followed."""


@dataclass(frozen=True, slots=True)
class Action:
    """One decision that stands in the plan, with what it hangs under, where its indicator is today, and how it goes."""

    decision: Decision
    priority: Priority | None
    today: Figure | None
    money: Paid | None
    report: Report | None
    gaps: tuple[Gap, ...]

    @property
    def followed(self) -> bool:
        """Whether it has an owner, a date and an indicator."""
        return not set(self.gaps) & set(FOLLOWED)

    def late(self, today: date) -> bool:
        """Whether its day has passed and nobody has said that it is over."""
        over = self.report is not None and self.report.state.over
        return self.decision.by is not None and self.decision.by < today and not over


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan as it stands. actions: go and agreed. proposals: go, but not agreed. questions: explore. stopped: stop."""

    actions: tuple[Action, ...]
    proposals: tuple[Action, ...]
    questions: tuple[Action, ...]
    stopped: tuple[Action, ...]
    priorities: tuple[Priority, ...]
    book: Book
    release_id: str

    @property
    def every(self) -> tuple[Action, ...]:
        """All that was decided, whatever the verdict."""
        return (*self.actions, *self.proposals, *self.questions, *self.stopped)

    @property
    def empty(self) -> bool:
        """Whether nothing was decided yet."""
        return not self.every

    def under(self, priority: Priority | None) -> tuple[Action, ...]:
        """The actions under a priority; under none of them where none is named."""
        wanted = priority.id if priority else None
        return tuple(a for a in self.actions if (a.priority.id if a.priority else None) == wanted)

    @property
    def followed(self) -> int:
        """How many actions have an owner, a date and an indicator."""
        return sum(a.followed for a in self.actions)


def plan_of(
    release: Release,
    decisions: Iterable[Decision],
    book: Book,
    planned: Mapping[str, Planned] | None = None,
    look_up: Callable[[Release, Key], Figure | None] = figure,
) -> Plan:
    """The plan that these decisions make. planned: kept scenarios by link. look_up: what knows the figure of an indicator."""
    known, standing = planned or {}, [one for one in decisions if not one.undone]
    today = {key: look_up(release, key) for key in {one.indicator for one in standing} if key}
    every = [_action(one, book, known.get(one.scenario), today) for one in standing]

    def chosen(test: Callable[[Decision], bool]) -> tuple[Action, ...]:
        return tuple(sorted((a for a in every if test(a.decision)), key=lambda a: (a.decision.by or date.max, a.decision.at)))

    return Plan(
        actions=chosen(lambda d: d.verdict is Verdict.GO and d.standing == Standing.AGREED),
        proposals=chosen(lambda d: d.verdict is Verdict.GO and d.standing != Standing.AGREED),
        questions=chosen(lambda d: d.verdict is Verdict.EXPLORE),
        stopped=chosen(lambda d: d.verdict is Verdict.STOP),
        priorities=book.priorities,
        book=book,
        release_id=release.id,
    )


def _action(decision: Decision, book: Book, planned: Planned | None, figures: Mapping[Key, Figure | None]) -> Action:
    today = figures[decision.indicator] if decision.indicator else None
    money, priority = paid(decision, planned), book.priority_of(decision.id)
    return Action(decision, priority, today, money, book.latest(decision.id), gaps(decision, priority, today))


def gaps(decision: Decision, priority: Priority | None, today: Figure | None) -> tuple[Gap, ...]:
    """Every link that the chain of a decision lacks, in the order of the chain."""
    indicator = decision.indicator is not None or bool(decision.indicator_words.strip())
    money = any(round(line.change_gbp * 100) for line in decision.money)
    missing = {
        Gap.PRIORITY: priority is None,
        Gap.OUTCOME: not decision.outcome.strip(),
        Gap.INDICATOR: not indicator,
        Gap.FIGURE: indicator and not (today and today.shown),
        Gap.ACTIVITY: not decision.service_ids,
        Gap.MONEY: not money,
        Gap.PRICES: money and not decision.price_year.strip(),
        Gap.OWNER: not (decision.owner.strip() or decision.owner_agency.strip()),
        Gap.DATE: decision.by is None,
    }
    return tuple(gap for gap, lacks in missing.items() if lacks)


def headline(plan: Plan) -> str:
    """How many actions can be followed, in a sentence with its number first."""
    if plan.empty:
        return "Nothing has been decided yet."
    if not plan.actions:
        return f"0 actions are agreed yet; {_others(plan)}."
    many = len(plan.actions)
    if many == 1:
        return "The 1 action has an owner, a date and an indicator." if plan.followed else f"1 action, {_lacking(plan)}."
    return f"{plan.followed} of {many} actions have an owner, a date and an indicator."


def _lacking(plan: Plan) -> str:
    return f"with {listed(g.label for g in plan.actions[0].gaps if g in FOLLOWED)}"


def basis(plan: Plan) -> str:
    """What is missing, link by link, and what else was decided."""
    counts = [(gap, sum(gap in a.gaps for a in plan.actions)) for gap in Gap]
    missing = [f"{many} with {gap.label}" for gap, many in counts if many]
    said = f"Missing in the chain: {listed(missing)}." if missing else "Nothing is missing in the chain."
    priorities = f"{len(plan.priorities)} {'priority' if len(plan.priorities) == 1 else 'priorities'}."
    others = _others(plan)
    return f"{said if plan.actions else ''} {priorities} {f'Beside them: {others}.' if others and plan.actions else ''}".strip()


def _others(plan: Plan) -> str:
    found = [
        (len(plan.proposals), "proposal that is not agreed", "proposals that are not agreed"),
        (len(plan.questions), "question to answer first", "questions to answer first"),
        (len(plan.stopped), "move that is not made", "moves that are not made"),
    ]
    return listed(f"{many} {one if many == 1 else several}" for many, one, several in found if many)


def outcome_label(words: str) -> str:
    """An outcome as it is said: a wellbeing indicator of GIRFEC by its name, else as it was typed."""
    code = words.strip().casefold()
    return Shanarri(code).label if code in set(Shanarri) else words.strip()
