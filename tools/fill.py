"""A demonstration with what a room left in it: a kept scenario, decisions, priorities, a report, a session; names invented.

Made through the core, as the pages make them, on the fixed day of the pictures.
"""

import secrets
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest import mock

from app import shift_keep
from rcs_core.release import Release, current_file, load
from rcs_core.vocab import Agency, Shanarri
from rcs_core.workshop.couple import Levers, Preset
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.decide import Assessment, AssessmentKind, Decisions, Dissent, Draft, Verdict, prefill, start
from rcs_core.workshop.decide.moves import OnTable, Way, brought
from rcs_core.workshop.kept import Kept, Shelf
from rcs_core.workshop.meeting import By, Meeting, ballots, life, people
from rcs_core.workshop.meeting.agenda import About, agendas
from rcs_core.workshop.meeting.ballot_parts import Draft as Vote
from rcs_core.workshop.meeting.ballot_parts import Kind, options
from rcs_core.workshop.meeting.life_rules import notice
from rcs_core.workshop.plan import book
from rcs_core.workshop.plan.book import PlanBook, Progress
from rcs_core.workshop.shift import try_shift
from rcs_core.workshop.store import Store
from rcs_core.workshop.store import rows as store_room

WHO = "A. Example"
NAME = "Five points to prevention"
TRUSTED, FUTURE = ("pupil_p5_p7", "trusted_adult"), ("pupil_s1_s4", "positive_about_future")
BY = date(2027, 3, 31)
CHAIR = By("M. Example")
ROOM = (Agency.COUNCIL_SOCIAL_WORK, Agency.COUNCIL_EDUCATION, Agency.NHS_BOARD, Agency.POLICE_SCOTLAND, Agency.THIRD_SECTOR)


class _Steady(datetime):
    """A clock that begins at ten on the day of the pictures and goes on by a minute with every look."""

    minutes = 0

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # noqa: ARG003
        cls.minutes += 1
        return datetime(2026, 11, 22, 10, tzinfo=UTC) + timedelta(minutes=cls.minutes)


def fill(home: Path) -> None:
    """Keep, decide and plan in a workspace that holds a release; nothing where something was kept there before."""
    release = load(current_file(home / "releases"))
    with Store.open(home / "store.sqlite") as store, mock.patch.object(store_room, "datetime", _Steady):
        if Shelf(store).latest():
            return
        kept = _scenario(store, release)
        found = brought(kept, release)
        made = [_go(found, release), _proposal(found, release), _explore(found, release)]
        decisions = Decisions(store)
        ids = [decisions.record(draft, WHO, Agency.COUNCIL_SOCIAL_WORK).id for draft in made]
        _plan(PlanBook(store), ids, release)


def _scenario(store: Store, release: Release) -> Kept:
    shift = try_shift(release, Levers.of(Preset.SHIFT_5, depth=Depth.ESTIMATE))
    return Shelf(store).keep(NAME, WHO, shift_keep.draft(release, shift, "For the rehearsal of the board"))


def _of(found: OnTable, release: Release, services: list[str]) -> Draft:
    return start.of_moves(found, found.chosen(services), release)


def _owned(draft: Draft, release: Release, title: str, indicator: tuple[str, str], outcome: Shanarri) -> Draft:
    return replace(
        draft, title=title, owner="B. Example, head of service", owner_agency=Agency.COUNCIL_SOCIAL_WORK,
        body="Council or its committee", by=BY, outcome=outcome,
        indicator=indicator, indicator_words=prefill.indicator_words(release, indicator),
        conditions=("Goes ahead only if need is less than a tenth higher than taken.",),
    )  # fmt: skip


def _go(found: OnTable, release: Release) -> Draft:
    """A move that takes money away, with its whole safety sheet, beside one that grows."""
    grows, shrinks = found.of_group[Way.GROWS], found.of_group[Way.SHRINKS]
    moves = _of(found, release, [grows[0].service_id, shrinks[0].service_id])
    title = f"{grows[0].name} grow as {shrinks[0].name} are needed less"
    draft = _owned(moves, release, title, TRUSTED, Shanarri.NURTURED)
    sheet = draft.safety
    assert sheet is not None
    facts = tuple(
        replace(
            one,
            statutory_basis=one.statutory_basis or "Power, not a duty",
            caseload=one.caseload or "As the register says",
            notice=one.notice or "No contract; own staff are redeployed",
        )
        for one in sheet.services
    )
    whole = replace(
        sheet, services=facts, who_loses=sheet.who_loses or "Nobody who is served today", monitored="Waiting times, each month",
        conditions="Only as fewer children need it, looked at each quarter",
        assessments=tuple(Assessment(kind, due=date(2027, 1, 31)) for kind in AssessmentKind),
    )  # fmt: skip
    dissent = (Dissent(Agency.NHS_BOARD, "C. Example", "We would want a second winter of figures first."),)
    return replace(draft, verdict=Verdict.GO, safety=whole, dissent=dissent)


def _proposal(found: OnTable, release: Release) -> Draft:
    """A move that takes money away and whose safety sheet is not filled in yet."""
    losing = found.of_group[Way.SHRINKS][1]
    return _owned(_of(found, release, [losing.service_id]), release, f"Less {losing.name}", FUTURE, Shanarri.ACHIEVING)


def _explore(found: OnTable, release: Release) -> Draft:
    draft = _of(found, release, [found.of_group[Way.GROWS][1].service_id])
    return replace(draft, verdict=Verdict.EXPLORE, owner="D. Example, service manager", by=date(2027, 1, 31))


def _plan(plan: PlanBook, ids: list[str], release: Release) -> None:
    hash_ = release.manifest.content_hash
    for name, outcome, need, decision in (
        ("Every child has an adult to turn to", Shanarri.NURTURED, TRUSTED, ids[0]),
        ("Young people look forward", Shanarri.ACHIEVING, FUTURE, ids[1]),
    ):
        one = plan.set_priority(book.Draft(name, (outcome,), (need,)), WHO, Agency.COUNCIL_SOCIAL_WORK, release_hash=hash_)
        plan.place(decision, one.id, WHO)
    said = "Two workers are in post; the third begins in February."
    plan.report(ids[0], Progress.ON_TRACK, said, "B. Example", Agency.COUNCIL_SOCIAL_WORK, release.id)


def _first(signs: Sequence[str]) -> str:
    return signs[0]


def meet(home: Path) -> dict[str, str]:
    """A session of five people in the workspace, paused at its vote on priorities; the addresses of its three kinds of seat."""
    release = load(current_file(home / "releases"))
    steady = mock.patch.multiple(secrets, choice=_first, randbelow=lambda _: 0)
    with Store.open(home / "store.sqlite") as store, mock.patch.object(store_room, "datetime", _Steady), steady:
        agenda = next(iter(agendas().values()))
        about = About(
            "Strathmere, first session", "2026-11-22", "Town hall", CHAIR.name, agenda.id, agenda.steps, release.id,
            release.manifest.content_hash, quorum={Agency.NHS_BOARD: 1, Agency.SCRA_CHS: 1},
            bodies={Agency.NHS_BOARD: "NHS board"}, notice=notice(),
        )  # fmt: skip
        meeting = life.prepare(store, about, CHAIR)
        life.start(meeting, CHAIR, release)
        there = [people.join(meeting, f"{'ABCDE'[k]}. Example", agency) for k, agency in enumerate(ROOM)]
        life.enter(meeting, "priorities", CHAIR)
        life.timer(meeting, CHAIR, "pause")
        _voted(meeting, there)
    at = f"session={meeting.id}&seat="
    phone = f"join?{at}participant&me={there[0].word}"
    return {"session-run": f"session?{at}facilitator", "join": phone, "screen": f"screen?{at}screen"}


def _voted(meeting: Meeting, there: Sequence[people.Joined]) -> None:
    """A vote in steps of agreement that is shown: four for it, one against with a reason."""
    draft = Vote(Kind.GRADIENT, "Do we put trusted adults first?", options(["Trusted adults first"]), named=True)
    opened = ballots.open_ballot(meeting, draft, CHAIR)
    for one, step in zip(there, (1, 2, 2, 3, 7), strict=True):
        words = {"a": "Not before the figures of this winter are in."} if step == 7 else None
        ballots.cast(meeting, opened.id, {"a": step}, one.person.by, one.word, words)
    ballots.close(meeting, opened.id, CHAIR)
    ballots.show(meeting, opened.id, True, CHAIR)


if __name__ == "__main__":
    fill(Path(sys.argv[1]))
