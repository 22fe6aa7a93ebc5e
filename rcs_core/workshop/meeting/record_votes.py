"""Sections of the record on what the room guessed, voted and set, as far as the rules of each allow anybody to be told apart."""

from rcs_core.workshop.inputs.rounds import middle
from rcs_core.workshop.meeting import ballot_results, ballot_words
from rcs_core.workshop.meeting.agenda import State
from rcs_core.workshop.meeting.ballot_contract import steps
from rcs_core.workshop.meeting.ballot_parts import Kind
from rcs_core.workshop.meeting.ballot_results import Results
from rcs_core.workshop.meeting.ballots import ballots
from rcs_core.workshop.meeting.elicited import elicited
from rcs_core.workshop.meeting.guesses import Asked, asked, spread
from rcs_core.workshop.meeting.priorities import taken
from rcs_core.workshop.meeting.ratings import form, rated
from rcs_core.workshop.meeting.record import Section, Sheet, Sitting, sheet
from rcs_core.workshop.plan.planned import service_of


def guesses(found: Sitting) -> Section:
    """What was guessed beside what the figures say: the spread, never whose guess."""
    heading, put = "What the room guessed, and what the figures say", asked(found.meeting.events())
    if not put:
        return Section(heading, ("Nothing was guessed.",))
    points = tuple((one.text, _told(one)) for one in put)
    rows = [
        (one.title, g.Guess, g.Guesses)
        for one in put if one.truth and one.given for g in spread(one).frame().itertuples(index=False)
    ]  # fmt: skip
    table = sheet("Each guess, and how many made it", "guesses", ("Question", "Guess", "Made by"), rows)
    return Section(heading, points=points, sheets=(table,) if rows else ())


def _told(one: Asked) -> str:
    if one.truth is None:
        return f"{one.count} guessed; the figure was not revealed, so the guesses are not told."
    return f"{spread(one).words} The figures: {one.truth.sentence}"


def closed(found: Sitting) -> tuple[Results, ...]:
    """What every vote that was closed came to."""
    return ballot_results.closed(found.meeting)


def votes(found: Sitting) -> Section:
    """Every vote with its counts and spread, by agency where agencies can be told apart, and every dissent in its own words."""
    heading, done = "What the room voted", closed(found)
    still_open = len(ballots(found.meeting.events())) - len(done)
    told = (f"{still_open} left open, of which nothing is told.",) if still_open else ()
    if not done:
        return Section(heading, told or ("Nothing was voted.",))
    points, sheets = list[tuple[str, str]](), list[Sheet]()
    for k, one in enumerate(done, start=1):
        points += _told_of(one, k)
        sheets += _tables(one, k)
    return Section(heading, told, tuple(points), tuple(sheets))


def _told_of(one: Results, number: int) -> list[tuple[str, str]]:
    """A vote in sentences, and the reasons as they were typed."""
    ballot = one.ballot
    names = "with names" if ballot.named else "without names"
    paper = f", {one.papers} on paper" if one.papers else ""
    how = f"{ballot.kind.label}, {names}; {one.votes} voted{paper}."
    said = " ".join(sentence.text for sentence in (ballot_words.headline(one), *ballot_words.sentences(one)))
    return [
        (f"Vote {number}: {ballot.question}", f"{how} {said}"),
        *((f"Vote {number}, a reason:", text) for text in ballot_words.words(one)),
    ]


def _tables(one: Results, number: int) -> list[Sheet]:
    """The counts of one vote, and the same by agency where more than one can be told."""
    note = "; ".join(f"{step.step} {step.name}" for step in steps()) if one.ballot.kind is Kind.GRADIENT else ""
    notes = (f"Steps: {note}.",) if note else ()
    frame, caption = ballot_words.frame(one), f"Vote {number}: {one.ballot.question}"
    found = [Sheet(caption, frame, f"vote_{number}", notes)]
    if notes:  # all eight steps on a page: how many took each, and how many are against
        few = frame[["Proposal", *(f"Step {step.step}" for step in steps()), "Against"]]
        found.insert(0, Sheet(caption, few.rename(columns=lambda name: name.removeprefix("Step ")), "", notes))
    if len(one.groups) > 1:
        together = () if one.ballot.named else ("Agencies with few votes stand together, so that nobody's vote can be told.",)
        apart = ballot_words.frame(one, by_agency=True)
        found.append(Sheet(f"Vote {number} by agency", apart, f"vote_{number}_by_agency", (*notes, *together)))
    return found


def priorities(found: Sitting) -> Section:
    """The priorities that were taken from a vote, and for what reason the vote was not followed where it was not."""
    heading, told = "The priorities", taken(found.meeting.events())
    if not told:
        return Section(heading, ("No priorities were taken from a vote.",))
    questions = {one.ballot.id: one.ballot.question for one in closed(found)}
    rows = [(text, questions.get(one.ballot, ""), one.author) for one in told for _, _, text in one.priorities]
    why = [f"One more than is advised, because: {one.why}" for one in told if one.why]
    table = sheet("Taken into the plan", "priorities", ("Priority", "From the vote", "Taken by"), rows)
    return Section(heading, tuple(why), sheets=(table,))


def estimates(found: Sitting) -> Section:
    """The numbers that would turn the plan, as the room estimated them in two silent rounds: by role, never by name."""
    heading, told = "What the room estimated", elicited(found.meeting.events())
    if told is None or not any(told.asked.settled(k) for k in range(len(told.asked.texts))):
        return Section(heading, ("Nothing was estimated.",) if told is None else ("Questions were put; no round was closed.",))
    rows = []
    for k, text in enumerate(told.asked.texts):
        if answers := told.asked.settled(k):
            number = told.asked.numbers[k]
            priced = number.kind == "unit_cost" and service_of(number.service) in found.veil
            three = ("–", "–", "–") if priced else middle(answers)
            rows.append((text, len(answers), *three, told.asked.units[k]))
    columns = ("Question", "Roles that answered", "Low", "Likely", "High", "Unit")
    note = "The middle answer of all roles. It is an estimate of the group, and the plan names it as one."
    return Section(heading, sheets=(sheet("Estimates of the room", "estimates", columns, rows, note),))


def ratings(found: Sitting) -> Section:
    """How the room rated itself: counts of each step, never a mean."""
    heading, told = "How the room rated itself", rated(found.meeting.events())
    if not told.count:
        return Section(heading, ("Nobody rated the session.",))
    if not told.steps:
        few = f"fewer than {form().fewest}" if told.count < form().fewest else f"{told.count}"
        open_still = "" if found.running.state.over or told.closed else ", and it is not closed"
        return Section(heading, (f"{few.capitalize()} answered{open_still}, so no answers are told.",))
    rows = told.frame()
    table = Sheet("Five items, and how many chose each answer", rows, "ratings", ("Without names, and never as a mean.",))
    return Section(heading, (told.words,) if found.running.state is not State.PREPARED else (), sheets=(table,))
