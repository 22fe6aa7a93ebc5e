"""Sections of the record on what was decided: promises from the table, decisions with conditions and dissent, safety sheets."""

from dataclasses import replace

import pandas as pd

from rcs_core.workshop import big_screen
from rcs_core.workshop.decide import lists
from rcs_core.workshop.decide.parts import Decision, Standing
from rcs_core.workshop.meeting import decided
from rcs_core.workshop.meeting.on_the_table import conditions as room_conditions
from rcs_core.workshop.meeting.promises import Answer, Stated, stated
from rcs_core.workshop.meeting.record import Section, Sheet, Sitting, sheet
from rcs_core.workshop.plan.planned import service_of
from rcs_core.workshop.spend_map.money import agency_label
from rcs_core.workshop.store import EventKind

_NOBODY, _NO_DAY = "Nobody named yet", "No day named"


def decided_of(found: Sitting) -> list[Decision]:
    """The decisions of the session that stand, their words fit to leave."""
    return [_kept_back(found.fit.every(d), found.veil) for d in decided.here(found.meeting)]


def _kept_back(decision: Decision, veil: frozenset[str]) -> Decision:
    """A decision without sums in its title where it is of a service whose price the big screen keeps back."""
    if not veil & set(decision.service_ids):
        return decision
    quiet = [decided.hushed(words, decision, veil) for words in (decision.title, decision.indicator_words)]
    conditions = tuple(decided.hushed(words, decision, veil) for words in decision.conditions)
    dissent = tuple(replace(one, words=decided.hushed(one.words, decision, veil)) for one in decision.dissent)
    return replace(decision, title=quiet[0], indicator_words=quiet[1], conditions=conditions, dissent=dissent)


def promises(found: Sitting) -> Section:
    """What was promised at the table: whose promise, why, what became of it, and what it costs."""
    heading, told = "What was promised at the table", stated(found.meeting.events())
    if not told:
        return Section(heading, ("Nothing was promised.",))
    rows = [
        (_less(found, p), p.wish.owner, p.wish.reason, _became(p.answer), p.answer.cost if p.answer else "") for p in told
    ]  # fmt: skip
    columns = ("Promise", "Whose", "Because", "What became of it", "What it costs, as the room was shown")
    return Section(heading, sheets=(sheet("Promises", "promises", columns, rows, widths=(4.0, 2.6, 3.8, 2.8, 4.2)),))


def _less(found: Sitting, one: Stated) -> str:
    """A promise without its sum where it is of a service whose price is kept back."""
    return big_screen.SUM.sub("£–", one.what) if service_of(one.wish.subject) in found.veil else one.what


def _became(answer: Answer | None) -> str:
    if answer is None:
        return "Waits"
    return "Put into the scenario" if answer.put_in else f"Left: {answer.words}"


def conditions(found: Sitting) -> Section:
    """What the stress tests gave the room, and how far what counts was voted on."""
    chosen, voted = room_conditions(found.meeting.events()), found.of(EventKind.WEIGHTS_TAKEN)
    said = (f"What counts was weighed by a vote of {voted[-1].body['votes']}.",) if voted else ()
    if not chosen:
        return Section("Conditions for going ahead", (*said, "None was chosen from the stress tests."))
    return Section("Conditions for going ahead", said, tuple(("", text) for text in chosen))


def decisions(found: Sitting) -> Section:
    """Each decision as an action list has it, then the conditions and the dissent of each."""
    heading, told = "What was decided", decided_of(found)
    if not told:
        return Section(heading, ("Nothing was decided.",))
    rows = [
        (d.id, d.title, d.verdict.label.partition(":")[0], d.standing.label, d.owner or _NOBODY,
         agency_label(d.owner_agency) if d.owner_agency else "Not named", d.by.isoformat() if d.by else _NO_DAY)
        for d in told
    ]  # fmt: skip
    table = sheet("Decisions", "", ("No.", "Decision", "Verdict", "Standing", "Owner", "Agency", "By"), rows,
                  widths=(1.1, 5.6, 1.7, 1.9, 2.9, 2.4, 1.8))  # fmt: skip
    whole = Sheet("Decisions in full", lists.decided(told, found.veil), "decisions")
    points = tuple(pair for d in told for pair in _beside(d))
    open_still = sum(d.standing is Standing.PROPOSAL for d in told)
    said = f"{open_still} of {len(told)} stay a proposal until what is missing is there." if open_still else ""
    return Section(heading, (said,) if said else (), points, (table, whole))


def _beside(found: Decision) -> list[tuple[str, str]]:
    """What stands beside a decision: its figures, indicator, conditions, dissent and gaps."""
    release = f"release {found.release_id}" if found.release_id else "no release named"
    cites = f"{found.scenario_title}, {release}" if found.scenario_title else f"No scenario, {release}"
    said = [
        ("figures of", cites),
        ("indicator", found.indicator_words),
        ("who decides", found.body),
        ("goes ahead only if", "; ".join(found.conditions)),
        ("dissent", "; ".join(lists.said_against(found))),
        ("missing until it is agreed", "; ".join(found.gaps)),
    ]
    return [(f"{found.id}, {what}:", text) for what, text in said if text]


def safety(found: Sitting) -> Section:
    """The safety sheet of every reduction, line by line, a gap among them."""
    heading = "Safety sheets of what is reduced"
    told = [d for d in decided_of(found) if d.needs_sheet]
    if not told:
        return Section(heading, ("No decision takes anything away, so none needs a safety sheet.",))
    without = [d.id for d in told if d.safety is None]
    frames = [lists.sheet(d).assign(**{"No.": d.id})[["No.", "Of", "What", "Said"]] for d in told if d.safety is not None]
    said = f"Without a safety sheet, and so a proposal only: {', '.join(without)}." if without else ""
    if not frames:
        return Section(heading, (said,))
    table = Sheet(
        "Safety sheets, line by line", pd.concat(frames, ignore_index=True), "safety_sheets", widths=(1.1, 4.2, 4.0, 8.1)
    )
    return Section(heading, (said,) if said else (), sheets=(table,))
