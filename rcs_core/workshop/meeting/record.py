"""The record of a session as it is read afterwards: sections of sentences and tables, from its events and its release.

What comes in is a session that was closed (or is not yet); what goes out is the same for the same events and release, so that a
record made again can be laid beside the first. A part of which nothing happened says so in one sentence.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from rcs_core.release import Release
from rcs_core.stamp import Stamp
from rcs_core.workshop import big_screen
from rcs_core.workshop.decide.parts import Decision
from rcs_core.workshop.meeting.agenda import About, Running, about, running
from rcs_core.workshop.meeting.fit_to_leave import Fit
from rcs_core.workshop.meeting.meeting import Meeting, standing
from rcs_core.workshop.store import Event, EventKind

SUBJECT = "session record"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of the record: its caption, its rows, and the csv in the pack (blank: it stands in the document alone)."""

    caption: str
    rows: pd.DataFrame
    file: str = ""
    notes: tuple[str, ...] = ()
    widths: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the record. said: paragraphs; points: sentences as a list, each with what stands in bold before it."""

    heading: str
    said: tuple[str, ...] = ()
    points: tuple[tuple[str, str], ...] = ()
    sheets: tuple[Sheet, ...] = ()


@dataclass(frozen=True, slots=True)
class Sitting:
    """What a record is made from. veil: services whose price the big screen keeps back."""

    meeting: Meeting
    release: Release
    events: tuple[Event, ...]
    about: About
    running: Running
    veil: frozenset[str] = frozenset()
    fit: Fit = field(default_factory=lambda: Fit(0))

    @property
    def day(self) -> dt.date:
        """The day of the record: when the session was closed, else of its last event, else as it was prepared."""
        at = self.running.closed_at or (self.events[-1].at if self.events else "") or self.about.day
        return dt.date.fromisoformat(at[:10])

    @property
    def stamp(self) -> Stamp:
        """Whose the record is; prices of bought services are kept back, as in the room."""
        return Stamp.of(self.release, self.day, self.about.facilitator, prices_hidden=True)

    def of(self, *kinds: EventKind) -> list[Event]:
        """The events of some kinds that stand."""
        return [e for e in self.events if e.kind in kinds]


@dataclass(frozen=True, slots=True)
class Record:
    """The whole record, in the order it is read."""

    title: str
    lead: str
    warnings: tuple[str, ...]
    stamp: Stamp
    sections: tuple[Section, ...]
    decisions: tuple[Decision, ...] = ()

    @property
    def sheets(self) -> list[Sheet]:
        """The tables that the pack has as csv."""
        return [sheet for section in self.sections for sheet in section.sheets if sheet.file]


type Makes = Callable[[Sitting], Section]


def sitting(meeting: Meeting, release: Release) -> Sitting:
    """What the record of a session is made from."""
    events = meeting.events()
    veil = big_screen.veiled(release, True) if "services" in release else frozenset()
    told = tuple(e for e in standing(events) if e.kind is not EventKind.PACK_EXPORTED)  # made again, a pack is the same
    return Sitting(meeting, release, told, about(events), running(events), veil, Fit.of(release))


def fitted(section: Section, fit: Fit) -> Section:
    """A section as it may leave."""
    return replace(
        section,
        said=tuple(map(fit.text, section.said)),
        points=tuple((fit.text(strong), fit.text(said)) for strong, said in section.points),
        sheets=tuple(replace(sheet, rows=fit.frame(sheet.rows)) for sheet in section.sheets),
    )


def sheet(caption: str, file: str, columns: Sequence[str], rows: Sequence[Sequence[object]], *notes: str,
          widths: Sequence[float] = ()) -> Sheet:  # fmt: skip
    """A table of the record from its rows."""
    return Sheet(caption, pd.DataFrame(list(rows), columns=list(columns)), file, notes, tuple(widths))
