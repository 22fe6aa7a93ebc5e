"""What a facilitator does with a session: prepare, change, start, go from step to step, close, open again, review.

Each deed is one event, made of those before it, so that two facilitators at once cannot both go on from the same step, and
nobody starts or closes twice. What is wrong is said in one breath.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

from rcs_core.release import Release
from rcs_core.vocab import Agency
from rcs_core.workshop.meeting.agenda import LIFE, About, Listed, Running, State, Step, about, faults, running, sessions_of
from rcs_core.workshop.meeting.life_rules import letters, limit
from rcs_core.workshop.meeting.meeting import By, Meeting, MeetingError, standing
from rcs_core.workshop.meeting.steps import LONGEST
from rcs_core.workshop.store import ID_LENGTH, Event, EventKind, Store

_ID = "abcdefghjkmnpqrstuvwxyz23456789"
_ID_LENGTH = 10
"""Signs of a session's id: a number that nobody guesses."""


def wrong(wanted: About) -> list[str]:
    """What a preparation lacks or has too much of, all at once."""
    most, words = limit("title"), limit("words")
    found = [f"it has no {what}" for what, text in _needed(wanted).items() if not text.strip()]
    texts = {"title": wanted.title, "place": wanted.place, "facilitator": wanted.facilitator}
    texts |= {f"body for {agency}": body for agency, body in wanted.bodies.items()}
    found += [f"its {what} has {len(text)} letters, of {most} at most" for what, text in texts.items() if len(text) > most]
    found += [f"its notice has {len(wanted.notice)} letters, of {words} at most"] if len(wanted.notice) > words else []
    found += [] if _is_day(wanted.day) or not wanted.day else [f"its day is no day: {wanted.day}"]
    known = {a.value for a in Agency}
    strange = sorted({*wanted.quorum, *wanted.bodies} - known)
    found += [f"there is no agency {code}" for code in strange]
    people = limit("people")
    found += [
        f"{many} people of {a} are wanted, of {people} at most" for a, many in wanted.quorum.items() if not 0 <= many <= people
    ]
    return found + faults(wanted.steps)


def _needed(wanted: About) -> dict[str, str]:
    return {
        "title": wanted.title, "day": wanted.day, "facilitator": wanted.facilitator, "notice of what is kept": wanted.notice,
        "release to work from": wanted.release_hash,
    }  # fmt: skip


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _line(text: str) -> str:
    return " ".join(text.split())


def _checked(wanted: About) -> About:
    found = replace(
        wanted, title=_line(wanted.title), place=_line(wanted.place), facilitator=_line(wanted.facilitator),
        quorum={agency: many for agency, many in wanted.quorum.items() if many},
        bodies={agency: _line(body) for agency, body in wanted.bodies.items() if body.strip()},
    )  # fmt: skip
    if faulty := wrong(found):
        raise MeetingError("the session cannot be prepared like this", "session", "; ".join(faulty), "", "put each of them right")
    return found


def _plain(found: About, keys: Sequence[str] | None = None) -> dict[str, Any]:
    """What an event keeps of a preparation."""
    names = [f.name for f in fields(About)] if keys is None else keys
    values = {name: getattr(found, name) for name in names}
    values |= {name: dict(values[name]) for name in ("quorum", "bodies") if name in values}
    return values | ({"steps": [step.plain() for step in found.steps]} if "steps" in values else {})


def prepare(store: Store, wanted: About, by: By) -> Meeting:
    """Prepare a session: its id and the code to join by are given here. Raises MeetingError with everything that is wrong."""
    full = _checked(wanted)
    id = "".join(secrets.choice(_ID) for _ in range(_ID_LENGTH))

    def made(before: list[Event]) -> Event:
        taken = {one.about.code for one in sessions_of(before) if not one.state.over}
        body = _plain(replace(full, code=_code(taken)))
        return Event(EventKind.SESSION_PREPARED, by.name, body, by.agency, full.release_hash[:ID_LENGTH], session_id=id)

    store.append_after(LIFE, made)
    return Meeting.of(store, id)


def _code(taken: set[str]) -> str:
    """A code that no open session has."""
    while True:
        code = "".join(_code_sign() for _ in range(limit("code")))
        if code not in taken:
            return code


def _code_sign() -> str:
    return secrets.choice(letters())


def by_code(store: Store, code: str) -> Listed | None:
    """The open session that somebody joins by a code, however it is typed; None where there is none."""
    said = "".join(sign for sign in code.upper() if sign.isalpha())
    return next((one for one in sessions_of(store.events(*LIFE)) if said and one.about.code == said and not one.state.over), None)


def change(meeting: Meeting, seen: About, wanted: About, by: By) -> bool:
    """Change a preparation in what differs from what was seen, so that two who change other things both count.

    Tells whether there was anything to change. Raises MeetingError with everything that is wrong, where the session has started,
    and where somebody else has changed the same thing meanwhile.
    """
    full = _checked(replace(wanted, code=seen.code))
    keys = [f.name for f in fields(About) if getattr(full, f.name) != getattr(seen, f.name)]
    if not keys:
        return False

    def made(before: list[Event]) -> tuple[EventKind, Mapping[str, Any], By]:
        now = running(before)
        if now.state is not State.PREPARED:
            raise _refused("a session that has started is not prepared anew", now.state.label, "a session that has not started")
        stands = about(before)
        if other := [key for key in keys if getattr(stands, key) not in (getattr(seen, key), getattr(full, key))]:
            what = "somebody else has changed the same thing meanwhile"
            raise _refused(what, ", ".join(other), "", "look at it as it is now; if you still want yours, save again")
        return EventKind.SESSION_CHANGED, _plain(full, keys), by

    meeting.add_after(LIFE, made)
    return True


def locked_to(found: About, release: Release) -> About:
    """A preparation locked to a release."""
    return replace(found, release_id=release.id, release_hash=release.manifest.content_hash)


def refusals(found: About, store: Store, release: Release | None) -> list[str]:
    """Why a session cannot start, all at once. release: its own, None where it cannot be opened."""
    why = [] if found.title else ["nobody has prepared it"]
    why += [] if found.steps else ["it has no agenda"]
    if not found.release_hash:
        return [*why, "no release is locked to it"]
    name = found.release_hash[:ID_LENGTH]
    if release is None or release.manifest.content_hash != found.release_hash:
        why.append(f"its release {name} is not in this workspace")
    if gone := store.withdrawn(found.release_hash):
        why.append(f"its release {name} was withdrawn by {gone.by} on {gone.at[:10]}")
    elif store.signed_off(found.release_hash) is None:
        why.append(f"nobody has signed its release {name} off")
    if found.rehearsal and release is not None and not release.manifest.fictional:
        why.append("its agenda is a rehearsal, which is for the demonstration only")
    return why


def start(meeting: Meeting, by: By, release: Release | None) -> Event:
    """Start a session, in its first step; raises MeetingError with every reason why it cannot start."""
    looked = meeting.made(about)
    why = refusals(looked, meeting.store, release)

    def made(before: list[Event]) -> tuple[EventKind, Mapping[str, Any], By]:
        now = running(before)
        if now.state is not State.PREPARED:
            raise _refused("the session has been started already", now.state.label, "a session that is prepared")
        if about(before) != looked:
            raise _refused("somebody changed the preparation just now", looked.title, "", "look at it, then start")
        if why:
            raise _refused(
                "the session cannot start", "; ".join(why), "a session with an agenda and a release that is signed off"
            )
        return EventKind.SESSION_STARTED, {}, by

    return meeting.add_after(LIFE, made)


class AlreadyOnError(MeetingError):
    """The step that was asked for is on already: somebody else, or the same press sent twice, went there."""


def enter(meeting: Meeting, step: str, by: By, seen: str = "", how: str = "chosen") -> Event:
    """Enter a step. seen: the one that was on when it was asked for, so that two who press at once do not go on twice."""

    def made(now: Running) -> tuple[EventKind, Mapping[str, Any]]:
        if step not in [s.id for s in now.steps]:
            raise _refused("there is no such step", step, ", ".join(s.id for s in now.steps))
        if seen and now.step and now.step.id != seen and now.step.id == step:
            raise AlreadyOnError("the room has moved on", "session", f"{now.step.title} is on")
        if seen and now.step and now.step.id != seen:
            raise _refused("the room has moved on", f"{now.step.title} is on", "", "look where it is, then go on from there")
        return EventKind.STEP_ENTERED, {"step": step, "how": how}

    return _while_on(meeting, by, made)


def onward(meeting: Meeting, by: By, seen: Step, skip: bool = False) -> Event:
    """Go to the next step, or to the one after it (`skip`); raises MeetingError at the end, and where the room has moved on."""
    return _beside(meeting, by, seen, 2 if skip else 1, "skip" if skip else "next")


def back(meeting: Meeting, by: By, seen: Step) -> Event:
    """Go back to the step before; raises MeetingError at the start, and where the room has moved on."""
    return _beside(meeting, by, seen, -1, "back")


def _beside(meeting: Meeting, by: By, seen: Step, away: int, how: str) -> Event:
    steps = meeting.made(running).steps
    place = [s.id for s in steps].index(seen.id) + away
    if not 0 <= place < len(steps):
        raise _refused(
            "there is no further step this way", seen.title, "a step of the agenda", "close the session after the last"
        )
    return enter(meeting, steps[place].id, by, seen.id, how)


def timer(meeting: Meeting, by: By, do: str, minutes: int = 0) -> Event:
    """Let the timer stand still (pause) or go on (resume), or add minutes to the step that is on (add)."""
    if do not in ("pause", "resume", "add"):
        raise _refused("the timer does no such thing", do, "pause, resume or add")

    def made(now: Running) -> tuple[EventKind, Mapping[str, Any]]:
        if do == "add" and not 0 <= now.added.get(now.step.id if now.step else "", 0) + minutes <= LONGEST:
            raise _refused("so many minutes cannot be added", str(minutes), "minutes that leave a working day")
        return EventKind.TIMER_CHANGED, {"do": do, "minutes": minutes} if do == "add" else {"do": do}

    return _while_on(meeting, by, made)


def show(meeting: Meeting, by: By, address: str, choices: Mapping[str, str] | None = None) -> Event:
    """Put a page on the big screen, until the next step."""
    return _while_on(meeting, by, lambda _: (EventKind.SCREEN_SHOWN, {"address": address, "choices": dict(choices or {})}))


def _while_on(meeting: Meeting, by: By, make: Callable[[Running], tuple[EventKind, Mapping[str, Any]]]) -> Event:
    def made(before: list[Event]) -> tuple[EventKind, Mapping[str, Any], By]:
        now = running(before)
        if not now.on:
            raise _refused("the session is not running", now.state.label, "a session that has started and is not closed")
        kind, body = make(now)
        return kind, body, by

    return meeting.add_after(LIFE, made)


def close(meeting: Meeting, by: By, left_open: Sequence[str] = ()) -> Event:
    """Close a session: it takes no more votes or remarks. left_open: what was not settled, which is kept with it."""
    return _while_on(meeting, by, lambda _: (EventKind.SESSION_CLOSED, {"open": list(left_open)}))


def reopen(meeting: Meeting, by: By, why: str) -> int:
    """Open a session that was closed too early; raises MeetingError where it is not closed, or for no reason."""
    if meeting.made(running).state is not State.CLOSED or not why.strip():
        raise _refused("the session is not opened again", why.strip() or "no reason", "one that is closed, and a reason")
    last = [e for e in standing(meeting.events()) if e.kind is EventKind.SESSION_CLOSED][-1]
    return meeting.take_back(last.id, by, _line(why))


def review(meeting: Meeting, by: By, words: str, release_since: str = "") -> Event:
    """Keep that a session was looked at again, in what words; release_since: the one that has come since, which was not used."""
    said = words.strip()
    if not said or not by.name.strip() or len(said) > limit("words"):
        got = "nothing" if not said or not by.name.strip() else f"{len(said)} letters"
        raise _refused("a review needs a name and some words", got, f"a name, and up to {limit('words')} letters")

    def made(before: list[Event]) -> tuple[EventKind, Mapping[str, Any], By]:
        now = running(before)
        if not now.state.over:
            raise _refused("a session is reviewed after it was closed", now.state.label, "a closed session")
        return EventKind.SESSION_REVIEWED, {"words": said, "release_since": release_since}, by

    return meeting.add_after(LIFE, made)


def review_day(now: Running) -> date | None:
    """The day on which a closed session is looked at again; None while it is not closed."""
    return date.fromisoformat(now.closed_at[:10]) + timedelta(days=limit("review")) if now.closed_at else None


def due(one: Listed, today: date) -> bool:
    """Whether a closed session waits for its review."""
    day = review_day(one.running)
    return one.state is State.CLOSED and day is not None and day <= today


def _refused(what: str, got: str, expected: str, remedy: str = "") -> MeetingError:
    return MeetingError(what, "session", got, expected, remedy)
