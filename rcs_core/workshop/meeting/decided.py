"""What a session decided: its decisions with what they lack, which body decides, who has an interest, and dissent from votes.

Decisions are those of the workshop (`decide.Decisions`), recorded with the session in which it happened. Dissent that was
voiced in a vote on a decision is offered to be kept with it: once it is, it stays with every later version.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from rcs_core.vocab import Agency
from rcs_core.workshop import big_screen
from rcs_core.workshop.decide import Decision, Decisions, Dissent, Verdict, start
from rcs_core.workshop.decide.lists import outcome_label
from rcs_core.workshop.decide.parts import UNNAMED
from rcs_core.workshop.evidence import listed
from rcs_core.workshop.meeting.ballot_contract import rule, steps
from rcs_core.workshop.meeting.ballot_parts import Draft, Kind, Option, options
from rcs_core.workshop.meeting.ballot_results import Results, closed
from rcs_core.workshop.meeting.meeting import Meeting, standing
from rcs_core.workshop.spend_map.money import agency_label
from rcs_core.workshop.store import Event, EventKind

QUESTION = "How far do you go along with this?"
DECISION = "decision"
"""What an option of a vote refers to."""


@dataclass(frozen=True, slots=True)
class Touched:
    """An interest that somebody declared: whose, and in what words."""

    name: str
    agency: str
    words: str


def here(meeting: Meeting) -> list[Decision]:
    """The decisions that stand and of which a version was recorded in this session."""
    ids = {str(e.body["id"]) for e in meeting.events(EventKind.DECISION_RECORDED)}
    return [d for d in Decisions(meeting.store).current() if d.id in ids] if ids else []


def lacks(found: Decision) -> str:
    """What its safety sheet, and it, lack until it is agreed; that it is whole, or that none is needed."""
    if found.gaps:
        return f"Lacks {listed(found.gaps)}"
    return "Whole" if found.needs_sheet else "None needed"


def hushed(words: str, found: Decision, veil: frozenset[str]) -> str:
    """Words about a decision without sums where a service of it is bought and partners look together."""
    return big_screen.SUM.sub("–", words) if veil & set(found.service_ids) else words


def table(found: Sequence[Decision], veil: frozenset[str] = frozenset()) -> pd.DataFrame:
    """One row a decision: verdict, owner, day, indicator, and whether its safety sheet is whole."""
    rows = [
        (d.id, hushed(d.title, d, veil), d.verdict.label.partition(":")[0], d.standing.label, owner(d), _day(d.by),
         outcome_label(d.outcome), _indicator(d, veil), d.body, lacks(d), f"{d.release_id}, version {d.version}")
        for d in found
    ]  # fmt: skip
    columns = [
        "No.", "Decision", "Verdict", "Standing", "Owner", "By", "Outcome", "Indicator", "Body that decides", "Safety sheet",
        "Figures of release",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def owner(found: Decision) -> str:
    """Whose it is, with the agency."""
    return ", ".join(filter(None, (found.owner, agency_label(found.owner_agency) if found.owner_agency else "")))


def _day(by: date | None) -> str:
    return by.isoformat() if by else ""


def _indicator(found: Decision, veil: frozenset[str]) -> str:
    return found.indicator_words if found.indicator else hushed(found.indicator_words, found, veil)


def spoken(found: Decision, veil: frozenset[str]) -> tuple[str, str]:
    """A decision for the big screen: a line of our own, and the words that were typed with it; no price of a bought service."""
    ends = {Verdict.GO: "Goes ahead", Verdict.EXPLORE: "To be explored", Verdict.STOP: "Not to be done"}
    lead = ends[found.verdict] if not found.gaps else "A proposal"
    when = f"by {_day(found.by)}" if found.by else ""
    said = [hushed(found.title, found, veil), ", ".join(filter(None, (owner(found), when)))]
    said += [f"on condition: {hushed(' '.join(found.conditions), found, veil)}".rstrip(".")] if found.conditions else []
    said += [f"lacks {listed(found.gaps)}"] if found.gaps else []
    said += [f"{len(found.dissent)} against"] if found.dissent else []
    return f"{found.id}. {lead}", "; ".join(filter(None, said))


def bodies_for(configured: Mapping[str, str], agencies: Iterable[str]) -> list[str]:
    """The bodies that were configured for these purses, in their order, then those for other purses."""
    first = [configured[agency] for agency in agencies if configured.get(agency)]
    return list(dict.fromkeys([*first, *(body for body in configured.values() if body)]))


def touched(events: Sequence[Event], services: Iterable[str] = (), purses: Iterable[str] = ()) -> list[Touched]:
    """The interests that were declared in any of these services or purses, and those that name neither; each person's last."""
    ids, agencies, found = {*services}, {*purses}, dict[tuple[str, str, str], Touched]()
    for event in standing(events):
        if event.kind is not EventKind.INTEREST_DECLARED:
            continue
        body = event.body
        name, agency = str(body.get("name") or event.author), str(body.get("agency") or event.agency)
        named, paid = {*body.get("services", ())}, {*body.get("purses", ())}
        words = str(body.get("what") or body.get("text") or "").strip()
        key = (str(body.get("person") or event.id), name, agency)
        found.pop(key, None)
        if words and (named & ids or paid & agencies or not (named or paid)):
            found[key] = Touched(name, agency, words)
    return list(found.values())


def proposal(found: Decision, named: bool, veil: frozenset[str] = frozenset()) -> Draft:
    """A vote on how far the room goes along with a decision, ready to be opened."""
    most = rule("question")
    text = f"{found.id}: {hushed(found.title, found, veil)}"
    short = text if len(text) <= most else f"{text[: most - 1]}…"
    return Draft(Kind.GRADIENT, QUESTION, options([short], [(DECISION, found.id)]), named)


def voices(meeting: Meeting, found: Decision) -> tuple[Dissent, ...]:
    """The dissent that closed votes on a decision brought and that is not kept with it yet."""
    every = [one for result in closed(meeting) for one in _against(result, found.id)]
    return tuple(one for one in dict.fromkeys(every) if one not in found.dissent)


def _against(result: Results, id: str) -> Iterable[Dissent]:
    if result.ballot.kind is not Kind.GRADIENT:
        return
    for option in result.ballot.options:
        if option.refers == (DECISION, id):
            yield from _of_option(result, option)


def _of_option(result: Results, option: Option) -> Iterable[Dissent]:
    """Everybody against an option: in their words, or by the step that they took; those who are not told apart, by how many."""
    least, says = rule("dissent_from"), {step.step: step.name for step in steps()}
    said = [one for one in result.said if one.option == option and one.step >= least]
    for one in said:
        known = one.agency if one.agency in set(Agency) else ""
        words = one.words or f"Step {one.step}, {says[one.step].lower()}: no words were given."
        yield Dissent(known, one.name if known else UNNAMED, words)
    if quiet := result.of(option).dissent - len(said):
        many = "one vote" if quiet == 1 else f"{quiet} votes"
        yield Dissent("", UNNAMED, f"{many[:1].upper()}{many[1:]} against it ({result.ballot.id}), without words.")


def keep_voices(meeting: Meeting, found: Decision, author: str, agency: str = "") -> Decision:
    """Keep the dissent of votes with a decision, as a further version. Raises DecisionError where nobody says who keeps it."""
    draft = replace(start.again(found), dissent=(*found.dissent, *voices(meeting, found)))
    return Decisions(meeting.store, meeting.id).record(draft, author, agency)
