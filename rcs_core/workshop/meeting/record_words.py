"""The record of a session, and its sections on the session itself: what it was, who was there, how it went, its notice."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from rcs_core.workshop.evidence import listed
from rcs_core.workshop.meeting import record_decided, record_said, record_votes
from rcs_core.workshop.meeting.agenda import State, between, bodies
from rcs_core.workshop.meeting.interests import interests
from rcs_core.workshop.meeting.people import people
from rcs_core.workshop.meeting.record import Makes, Record, Section, Sitting, fitted, sheet
from rcs_core.workshop.spend_map.money import agency_label
from rcs_core.workshop.store import Event, EventKind

_SECONDS = 60
_LEFT_BY = (EventKind.SESSION_STARTED, EventKind.STEP_ENTERED, EventKind.SESSION_CLOSED)


def record(found: Sitting) -> Record:
    """The record of a session, every text in it fit to leave."""
    sections = tuple(fitted(make(found), found.fit) for make in SECTIONS)
    title = found.fit.text(found.about.title) or "A session"
    decided = tuple(record_decided.decided_of(found))
    left = found.fit.said()
    sections += (Section("What was left out of this record", tuple(left)),) if left else ()
    return Record(title, lead(found), tuple(warnings(found)), found.stamp, sections, decided)


def lead(found: Sitting) -> str:
    """The record in one sentence: how many came, of how many agencies, and how much was voted and decided."""
    came = people(found.meeting.events())
    agencies = len({p.agency for p in came})
    votes, decided = len(record_votes.closed(found)), len(record_decided.decided_of(found))
    who = (
        f"{_many(len(came), 'person', 'people')} of {_many(agencies, 'agency', 'agencies')} took part"
        if came
        else "Nobody joined"
    )
    return f"{who}; {_many(votes, 'vote')} {'was' if votes == 1 else 'were'} held and {_many(decided, 'decision')} recorded."


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count} {one if count == 1 else more or f'{one}s'}"


def warnings(found: Sitting) -> Iterator[str]:
    """What must be read first: that it was a rehearsal, or that the session is not closed."""
    if found.about.rehearsal:
        yield "A rehearsal on a demonstration: nobody decided anything, and nothing in it is about anybody."
    if not found.running.state.over:
        yield f"This session is {found.running.state.label.lower()}, not closed: the record is of what happened so far."


def what(found: Sitting) -> Section:
    """Which session this is, on which figures, and which body decides each purse."""
    about, release = found.about, found.release
    place = f", {about.place}" if about.place else ""
    on = (
        f"Release {release.id} of {release.manifest.partnership}, figures of {release.manifest.year}. It was locked for the "
        "session: no figure changed while the room looked at it."
    )
    decide = sheet(
        "Which body decides each purse", "", ("Agency", "Body that decides"),
        [(agency_label(agency), body) for agency, body in bodies(about).items()],
    )  # fmt: skip
    nobody = "" if not decide.rows.empty else "Which body decides each purse was not set down."
    points = (
        ("When and where:", f"{about.day}{place}."),
        ("Facilitator:", f"{about.facilitator or 'not named'}."),
        ("Figures:", on),
    )
    return Section("The session", (nobody,) if nobody else (), points, () if decide.rows.empty else (decide,))


def who(found: Sitting) -> Section:
    """Who was there by agency, against the people that were wanted."""
    came = people(found.meeting.events())
    heading = "Who was there"
    if not came:
        return Section(heading, ("Nobody joined by name.",))
    rows = sorted((agency_label(p.agency), p.name, _time(p.joined_at)) for p in came)
    there = Counter(p.agency for p in came)
    agencies = dict.fromkeys([*there, *found.about.quorum])
    counted = [(agency_label(a), there[a], found.about.quorum.get(a, "")) for a in sorted(agencies, key=agency_label)]
    lacking = [agency_label(a) for a, wanted in found.about.quorum.items() if there[a] < wanted]
    said = f"Fewer came than were wanted of {listed(lacking)}." if lacking else "As many came of every agency as were wanted."
    return Section(
        heading, (said,) if found.about.quorum else ("How many people were wanted of each agency was not set.",),
        sheets=(
            sheet("People by agency", "attendance_by_agency", ("Agency", "People there", "People wanted"), counted),
            sheet("Who was there", "attendance", ("Agency", "Name", "Joined at (UTC)"), rows),
        ),
    )  # fmt: skip


def _time(at: str) -> str:
    return at[11:16]


def declared(found: Sitting) -> Section:
    """The register of interests."""
    rows = [(agency_label(i.agency), i.name, i.text) for i in interests(found.meeting.events())]
    if not rows:
        return Section("Interests", ("Nobody declared an interest.",))
    return Section(
        "Interests", sheets=(sheet("Interests as they were declared", "interests", ("Agency", "Name", "Interest"), rows),)
    )


def agenda(found: Sitting) -> Section:
    """The agenda with the minutes that were meant and those that were taken."""
    now = found.running
    if not now.steps:
        return Section("The agenda", ("No agenda was prepared.",))
    first = {step: at for step, at, _ in reversed(visits(found.events))}
    taken: Counter[str] = Counter()
    for step, _, seconds in visits(found.events):
        taken[step] += round(seconds)
    rows = [
        (s.title, s.minutes, _time(first[s.id]) if s.id in first else "Not reached", _minutes(taken.get(s.id)), s.captured)
        for s in now.steps
    ]  # fmt: skip
    missed = [s.title for s in now.steps if s.id not in first]
    told = f"Not reached: {'; '.join(missed)}." if missed else "Every step was reached."
    said = told if now.state is not State.PREPARED else "The session was not started."
    table = sheet("The agenda, as it was meant and as it went", "agenda",
                  ("Step", "Minutes meant", "Began at (UTC)", "Minutes taken", "What it was for"), rows,
                  widths=(5.2, 2.0, 2.4, 2.0, 5.8))  # fmt: skip
    return Section("The agenda", (said,), sheets=(table,))


def _minutes(seconds: int | None) -> object:
    return "" if seconds is None else round(seconds / _SECONDS)


def visits(events: tuple[Event, ...]) -> list[tuple[str, str, float]]:
    """Each visit of a step: which, when it began, and how many seconds until the next (pauses are part of it)."""
    steps, found, open_since = _steps(events), list[tuple[str, str, float]](), ("", "")
    for event in [e for e in events if e.kind in _LEFT_BY]:
        if open_since[0]:
            found.append((*open_since, between(open_since[1], event.at)))
        step = steps[0] if event.kind is EventKind.SESSION_STARTED and steps else str(event.body.get("step", ""))
        open_since = (step, event.at) if event.kind is not EventKind.SESSION_CLOSED else ("", "")
    if open_since[0]:
        found.append((*open_since, between(open_since[1], events[-1].at)))
    return found


def _steps(events: tuple[Event, ...]) -> list[str]:
    """The ids of the steps as they were prepared last."""
    found: list[str] = []
    for event in events:
        if event.kind in (EventKind.SESSION_PREPARED, EventKind.SESSION_CHANGED) and "steps" in event.body:
            found = [str(step["id"]) for step in event.body["steps"]]
    return found


def notice(found: Sitting) -> Section:
    """What people were told of what is kept."""
    text = found.about.notice
    return Section("What everybody was told is kept", tuple(text.splitlines()) if text else ("No notice was given.",))


def day_of(at: str) -> str:
    """A day as people read it."""
    return datetime.fromisoformat(at).strftime("%-d %B %Y")


SECTIONS: tuple[Makes, ...] = (
    what, who, declared, agenda,
    record_votes.guesses, record_votes.votes, record_votes.priorities, record_votes.estimates,
    record_decided.promises, record_decided.conditions, record_decided.decisions, record_decided.safety,
    record_said.remarks, record_said.corrections, record_said.parking, record_said.inputs, record_votes.ratings,
    record_said.notes, notice,
)  # fmt: skip
"""The record in the order it is read."""
