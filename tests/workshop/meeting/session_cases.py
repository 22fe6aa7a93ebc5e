"""A session of five people on the small release, held through its own modules: guesses, votes, a promise, a decision, ratings."""

from dataclasses import replace
from datetime import date

from app import shift_keep
from rcs_core.release import Release
from rcs_core.workshop import promised as table
from rcs_core.workshop.couple import Levers, Preset, names_of, starting_scenario
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.decide.decision import Decisions
from rcs_core.workshop.decide.parts import Dissent, Draft, Money, Verdict
from rcs_core.workshop.kept import Kept, Shelf
from rcs_core.workshop.meeting import (
    By,
    Meeting,
    ballots,
    guesses,
    interests,
    life,
    life_open,
    parking,
    people,
    promises,
    ratings,
    remarks,
)  # fmt: skip
from rcs_core.workshop.meeting.agenda import About, agendas
from rcs_core.workshop.meeting.ballot_parts import Ballot, Kind, options
from rcs_core.workshop.meeting.ballot_parts import Draft as Vote
from rcs_core.workshop.meeting.guess_questions import questions
from rcs_core.workshop.meeting.people import Joined
from rcs_core.workshop.shift import try_shift
from rcs_core.workshop.store import Store
from tests.workshop.decision_cases import GROWTH

YEAR = 2026
CHAIR = By("Morag Ross", "council_education")
ROOM = (
    ("Ann Baird", "council_social_work"), ("Bob Cairns", "council_social_work"), ("Cath Dunn", "council_social_work"),
    ("Dev Ewing", "nhs_board"), ("Eve Fyfe", "nhs_board"), ("Fin Gall", "nhs_board"), ("Gil Hay", "police_scotland"),
)  # fmt: skip


def prepared(store: Store, release: Release, title: str = "Strathmere, first session") -> Meeting:
    """A session that was prepared and has not started."""
    agenda = next(iter(agendas().values()))
    about = About(
        title, "2026-11-24", "Town hall", "Morag Ross", agenda.id, agenda.steps, release.id, release.manifest.content_hash,
        quorum={"nhs_board": 2, "scra_chs": 1}, bodies={"nhs_board": "NHS board"}, notice="Votes with names are kept.",
    )  # fmt: skip
    return life.prepare(store, about, CHAIR)


def started(store: Store, release: Release, title: str = "Strathmere, first session") -> tuple[Meeting, list[Joined]]:
    """A session that runs, with seven people in it."""
    meeting = prepared(store, release, title)
    life.start(meeting, CHAIR, release)
    return meeting, [people.join(meeting, name, agency) for name, agency in ROOM]


def vote(meeting: Meeting, there: list[Joined], named: bool, kind: Kind = Kind.GRADIENT) -> Ballot:
    """A vote that everybody casts and that is closed: a step of agreement each, the last one against with a reason."""
    texts = ["Move money to family support"] if kind is Kind.GRADIENT else ["Trusted adults", "Bullying", "Learning"]
    draft = Vote(kind, "Do we move money upstream?", options(texts), named, dots=3)
    opened = ballots.open_ballot(meeting, draft, CHAIR)
    for k, one in enumerate(there):
        given = {"a": k + 1} if kind is Kind.GRADIENT else {"a": 2, "b": 1}
        words = {"a": "It is too fast for us"} if kind is Kind.GRADIENT and k == len(there) - 1 else None
        ballots.cast(meeting, opened.id, given, one.person.by, one.word, words)
    return ballots.close(meeting, opened.id, CHAIR)


def kept(store: Store, release: Release) -> Kept:
    """A scenario that was kept for the session."""
    shift = try_shift(release, Levers.of(Preset.SHIFT_2, depth=Depth.DISCUSS))
    return Shelf(store).keep("Two points upstream", "Morag Ross", shift_keep.draft(release, shift))


def decided(meeting: Meeting, release: Release, link: str = "", service: str = "") -> None:
    """Two decisions: one to go ahead with and dissent, one that takes money away and has no safety sheet yet."""
    last = release.frame("services")["service_id"].iloc[-1]
    base = replace(
        GROWTH, service_ids=(service or last,), scenario=link, scenario_title="Two points upstream" if link else "",
        money=(Money(service or last, "2026-27", "nhs_board", 1200.25),), release_id=release.id,
        release_hash=release.manifest.content_hash, dissent=(Dissent("police_scotland", "Gil Hay", "Too soon for us."),),
    )  # fmt: skip
    Decisions(meeting.store, meeting.id).record(base, "Morag Ross", "council_education")
    less: Draft = replace(
        base, title="Less for the last one", verdict=Verdict.GO, by=date(2027, 3, 31), dissent=(),
        money=tuple(replace(m, change_gbp=-900.0) for m in base.money),
    )  # fmt: skip
    Decisions(meeting.store, meeting.id).record(less, "Morag Ross", "council_education")


def promise(meeting: Meeting, release: Release, who: Joined, subject: str, reason: str) -> None:
    """A promise that is stated and left, so that its answer stands in the record."""
    levers = Levers.of(Preset.SHIFT_2, depth=Depth.DISCUSS)
    scenario = starting_scenario(release, levers)
    wish = table.Wish(table.Side.LEAST, subject, 250_000.0, 1, "Ann Baird", reason)
    promises.leave(meeting, promises.state(meeting, scenario, names_of(release), wish, who.person.by, YEAR), CHAIR, "Later", YEAR)


def held(store: Store, release: Release, link: str = "") -> tuple[Meeting, list[Joined]]:
    """A whole session, closed."""
    meeting, there = started(store, release)
    question = next(q for q in questions(release) if q.truth is not None)
    put = guesses.ask(meeting, question, CHAIR)
    for k, one in enumerate(there):
        guesses.guess(meeting, put, 10 * k, one.person.by, one.word)
    guesses.reveal(meeting, put, question, CHAIR, release.id)
    remarks.remark(meeting, remarks.Kind.SURPRISE, "So many without contact", there[0].person.by, YEAR)
    remarks.correct(meeting, remarks.Correction("Places at the centre", "12", "14"), "Our own count", there[1].person.by, YEAR)
    vote(meeting, there, named=True)
    vote(meeting, there, named=False, kind=Kind.DOTS)
    interests.declare(meeting, there[3].person.by, "Sits on the board of a provider")
    life_open.note(meeting, CHAIR, "Ask the board for its newer count")
    parking.park(meeting, "Transport to the centre", there[4].person.by, YEAR, "Eve Fyfe", "2026-12-15")
    decided(meeting, release, link)
    for one in there:
        ratings.rate(meeting, dict.fromkeys((i.id for i in ratings.form().items), 4), one.word)
    life.close(meeting, CHAIR)
    return meeting, there
