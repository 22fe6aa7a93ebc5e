"""Where a session is, in words: the time that is left, whether the room is late, the agenda as a table."""

from collections.abc import Iterable
from datetime import date, datetime

import pandas as pd

from rcs_core.workshop.meeting.agenda import About, Listed, Running, State, Step
from rcs_core.workshop.meeting.life import due, review_day
from rcs_core.workshop.meeting.life_rules import limit


def minutes(seconds: float) -> str:
    """Seconds as whole minutes; what has begun counts as one."""
    whole = -int(-abs(seconds) // 60)
    return f"{whole} minute{'' if whole == 1 else 's'}"


def step_time(now: Running, at: datetime | None = None) -> str:
    """What is left of the step that is on."""
    if now.step is None:
        return ""
    left, of = now.left(at), now.allowed(now.step)
    added = f", {now.added[now.step.id]} of them added" if now.added.get(now.step.id) else ""
    stands = " The timer stands still." if now.paused_at else ""
    if left < 0:
        return f"{minutes(left)} over the {of} of this step{added}.{stands}"
    return f"{minutes(left)} left of the {of} of this step{added}.{stands}"


def whole_time(now: Running, at: datetime | None = None) -> str:
    """What is left of the whole agenda, and how late the room is where it is."""
    if now.step is None:
        return ""
    left = now.all_left(at)
    rest = f"{minutes(left)} left in all." if left >= 0 else f"{minutes(left)} over the time in all."
    late = now.behind(at)
    if late < 60 * limit("late"):
        return rest
    after = [s for s in now.steps[now.number + 1 :] if s.minutes > 1]
    advice = f" Shorten or skip one of the {len(after)} steps that follow." if len(after) > 1 else ""
    return f"{rest} The room is {minutes(late)} behind the agenda.{advice}"


def agenda(found: About, now: Running) -> pd.DataFrame:
    """The agenda: from which to which minute, what it is, how long it took, and where the room is."""
    rows, start = [], 0
    for step in found.steps:
        rows.append((f"{start} to {start + step.minutes}", step.title, step.minutes, _took(step, now), _where(step, now)))
        start += step.minutes
    frame = pd.DataFrame(rows, columns=["Minutes", "Step", "Planned", "Took", "State"])
    return frame.drop(columns=["Took", "State"]) if now.state is State.PREPARED else frame


def _took(step: Step, now: Running) -> str:
    if step.id not in now.been:
        return ""
    seconds = now.seconds() if now.step is not None and now.step.id == step.id else now.spent.get(step.id, 0.0)
    return minutes(seconds)


def _where(step: Step, now: Running) -> str:
    if now.step is not None and step.id == now.step.id:
        return "Now"
    if step.id in now.been:
        return "Done"
    passed = now.state.over or step.id in [s.id for s in now.steps[: now.number]]
    return "Left out" if passed else "To come"


def line(one: Listed, today: date) -> str:
    """One session in a sentence, for the first page; blank where nothing waits."""
    title, day = one.about.title, one.about.day
    if one.state is State.RUNNING:
        step = one.running.step
        return f"The session {title} is running{f': {step.title}' if step else ''}."
    if one.state is State.PREPARED:
        past = " The day has passed." if day and day < today.isoformat() else ""
        return f"The session {title} is prepared for {day}.{past}"
    if due(one, today):
        return f"The session {title} of {day} waits for its review, due since {review_day(one.running)}."
    return ""


def frame(found: Iterable[Listed]) -> pd.DataFrame:
    """The sessions of a partnership as a list."""
    rows = [
        (s.about.title, s.about.day, s.about.place, s.about.facilitator, s.state.label, s.about.release_hash[:12]) for s in found
    ]
    return pd.DataFrame(rows, columns=["Session", "Day", "Place", "Facilitator", "State", "Release"])
