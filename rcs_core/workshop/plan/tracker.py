"""Outcome, indicator, movement: what an indicator was when it was decided on, what it is now, and whether that can be told.

A movement is only ever the change that the build told between two successive waves, with its interval, its reasons for not
being comparable, and its allowance for how many changes were looked at. Anything else is *no change that can be told*.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from rcs_core.release import Release
from rcs_core.workshop import change, evidence
from rcs_core.workshop.change import Pair
from rcs_core.workshop.evidence import listed
from rcs_core.workshop.plan.chain import Plan, outcome_label
from rcs_core.workshop.plan.figures import Figure, Key, figure, named
from rcs_core.workshop.plan.then import Then
from rcs_core.workshop.told import Kind, Line, Told, span

NONE_TOLD = "no change that can be told"
NAMES = ("More need", "Less need", "No change that can be told")
SINCE_NOTE = (
    "A movement says that an indicator changed, not that the plan changed it: other things change too, and a survey that was "
    "asked before an action began says nothing about it."
)


@dataclass(frozen=True, slots=True)
class Movement:
    """One indicator then and now. line: the change as the build told it; None where there is none to tell, and `says` why."""

    key: Key
    name: str
    then: Figure | None
    now: Figure | None
    line: Line | None
    says: str
    basis: str = ""
    notes: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """Up, down, neither, or not told."""
        return self.line.kind if self.line else Kind.UNTOLD


@dataclass(frozen=True, slots=True)
class Tracked:
    """One row of the tracker: an outcome, one of its indicators, and what became of it. asked_by: how many actions name it."""

    outcome: str
    movement: Movement
    asked_by: int
    in_words: str = ""


def movement(now: Release, then: Then, key: Key) -> Movement:
    """What became of an indicator since the release of a decision."""
    today = figure(now, key)
    before = figure(then.release, key) if then.release else None
    name = named(now, key) if today else named(then.release, key) if then.release else named(now, key)

    def untold(says: str) -> Movement:
        return Movement(key, name, before, today, None, says)

    if then.release is None:
        return untold(f"{NONE_TOLD}: {_lowered(then.why_not)}")
    if before is None:
        return untold(f"{NONE_TOLD}: the release of the decision does not have it.")
    if today is None:
        return untold(f"{NONE_TOLD}: this release does not have it.")
    waves = before.survey.wave, today.survey.wave
    if waves[0] == waves[1]:
        return untold(f"{NONE_TOLD}: both are of {waves[1] or 'the same survey'}; no later survey was made.")
    pair = next((p for p in change.pairs(now, key[0]) if (p.before, p.now) == waves), None)
    if pair is None:
        return untold(
            f"{NONE_TOLD}: the release tells of successive surveys only, and {waves[0]} and {waves[1]} are not among them."
        )
    return _told(now, pair, key, name, before, today)


def _told(now: Release, pair: Pair, key: Key, name: str, before: Figure, today: Figure) -> Movement:
    found = change.by_place(now, key[0], pair, today.indicator)
    place = evidence.council(now).name
    line = next((ln for ln in found.lines if ln.place == place), None)
    if line is None:
        return Movement(key, name, before, today, None, f"{NONE_TOLD}: the release has no change of it for the whole area.")
    says = line.says
    if line.kind is Kind.SAME:
        between = f" ({span(line.low, line.high)} points)" if line.low is not None else ""
        says = f"{NONE_TOLD}{between}"
    elif line.kind is Kind.UNTOLD:
        says = f"{NONE_TOLD}: {line.says}"
    return Movement(key, name, before, today, line, says, found.basis, found.notes[:-1])


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def tracked(
    plan: Plan, now: Release, thens: Mapping[str, Then], move: Callable[[Release, Then, Key], Movement] = movement
) -> list[Tracked]:
    """Every indicator of the plan under its outcome, once for each release that it was decided on.

    thens: the releases of decisions and priorities by hash.
    """
    rows: dict[tuple[str, Key, str], tuple[Then, int]] = {}
    for action in plan.actions:
        decision = action.decision
        if decision.indicator:
            at = (outcome_label(decision.outcome), decision.indicator, decision.release_hash)
            then, many = rows.get(
                at, (thens.get(decision.release_hash, Then(None, "The decision does not name its release.")), 0)
            )
            rows[at] = (then, many + 1)
    for priority in plan.priorities:
        first = thens.get(priority.release_hash)
        for key in priority.needs:
            at = (listed(outcome_label(o) for o in priority.outcomes), key, priority.release_hash)
            if not any(known == key for _, known, _ in rows):
                rows[at] = (first or Then(None, "The release that the priority was set on is not in this workspace."), 0)
    found = [Tracked(outcome, move(now, then, key), many) for (outcome, key, _), (then, many) in rows.items()]
    return sorted([*found, *_in_words(plan)], key=lambda row: (row.outcome == "", row.outcome))


def _in_words(plan: Plan) -> Iterable[Tracked]:
    for action in plan.actions:
        decision = action.decision
        if decision.indicator is None and decision.indicator_words.strip():
            none = Movement(("", ""), "", None, None, None, "Not measured in a release: to be told by its owner.")
            yield Tracked(outcome_label(decision.outcome), none, 1, decision.indicator_words)


def headline(rows: Sequence[Tracked]) -> str:
    """How many indicators moved which way, in a sentence with its number first."""
    measured = once_each(rows)
    if not rows:
        return "0 indicators are followed yet."
    if not measured:
        return f"0 of {_many(len(rows))} of the plan are measured in a release."
    up, down = (sum(m.kind is kind for m in measured) for kind in (Kind.MORE, Kind.LESS))
    rest = len(measured) - up - down
    if not up and not down:
        return f"0 of {_many(len(measured))} changed in a way that can be told."
    parts = [f"{down} show less need" if down else "", f"{up} more need" if up else "", f"{rest} {NONE_TOLD}" if rest else ""]
    return f"Of {_many(len(measured))}, {listed(p for p in parts if p)}."


def once_each(rows: Sequence[Tracked]) -> list[Movement]:
    """Each measured indicator once, whatever outcomes it stands under; one decided on two releases is two movements."""
    found = {(row.movement.key, row.movement.says, row.movement.then): row.movement for row in rows if not row.in_words}
    return list(found.values())


def _many(many: int) -> str:
    return f"{many} indicator{'' if many == 1 else 's'}"


def basis(rows: Sequence[Tracked]) -> str:
    """What the verdicts rest on: how many changes were looked at, and the surveys."""
    said = " ".join(dict.fromkeys(row.movement.basis for row in rows if row.movement.basis))
    return said or "Each indicator as the release of its decision has it, beside the release that is served."


def told(rows: Sequence[Tracked], headline_: str) -> Told | None:
    """The movements as a picture of points; None where no movement has a number."""
    lines = tuple(
        Line(m.name, m.line.place, m.line.kind, m.line.value, m.line.low, m.line.high, m.says, m.line.why_not)
        for m in once_each(rows)
        if m.line is not None
    )  # fmt: skip
    view = Told(lines, "Indicator", "Change", NAMES, headline_, basis(rows), (), ())
    return view if view.drawn else None


def frame(rows: Sequence[Tracked]) -> pd.DataFrame:
    """Outcome, indicator, then, now, movement: as the page shows it and takes it away."""
    return pd.DataFrame(
        [
            {
                "Outcome": row.outcome or "None named",
                "Indicator": row.in_words or row.movement.name,
                "Movement": row.movement.says,
                "Then": row.movement.then.told if row.movement.then else "–",
                "Now": row.movement.now.told if row.movement.now else "–",
                "Actions": row.asked_by,
            }
            for row in rows
        ]
    )


def notes(rows: Sequence[Tracked]) -> list[str]:
    """What a reader must know of these movements."""
    found = [note for row in rows for note in row.movement.notes]
    return list(dict.fromkeys([*found, SINCE_NOTE]))
