"""Sections of the record on what was said: remarks, corrections that wait, the parking lot, inputs promised, notes."""

from rcs_core.workshop.meeting import life_open
from rcs_core.workshop.meeting.inputs_promised import called, promised
from rcs_core.workshop.meeting.meeting import By
from rcs_core.workshop.meeting.parking import items
from rcs_core.workshop.meeting.record import Section, Sitting, sheet
from rcs_core.workshop.meeting.remarks import Remark
from rcs_core.workshop.meeting.remarks import remarks as made
from rcs_core.workshop.spend_map.money import agency_label

NOBODY = "Nobody yet"


def _whose(by: By) -> str:
    return ", ".join(part for part in (by.name, agency_label(by.agency) if by.agency else "") if part) or "The room"


def remarks(found: Sitting) -> Section:
    """What surprised the room, what it doubts, what may lie behind it; with the answers."""
    heading = "What the room said of the figures"
    told = [r for r in made(found.meeting.events()) if r.correction is None]
    if not told:
        return Section(heading, ("Nothing was written down.",))
    rows = [(r.kind.label, r.text, _whose(r.by), r.answer or "") for r in told]
    columns = ("What", "In their words", "Whose", "Answer")
    table = sheet("Surprises, challenges and hypotheses", "remarks", columns, rows, widths=(2.4, 7.6, 3.6, 3.8))
    return Section(heading, sheets=(table,))


def corrections(found: Sitting) -> Section:
    """What is said to be wrong in the figures, to be checked before the next release."""
    heading = "Corrections that wait"
    told = [r for r in made(found.meeting.events()) if r.correction is not None]
    if not told:
        return Section(heading, ("No correction was queued.",))
    rows = [_correction(r) for r in told]
    columns = ("About", "It says", "It should say", "How it is known", "Whose", "Answer")
    said = "None of them changes a figure of this release: each is checked before the next one is built."
    return Section(heading, (said,), sheets=(sheet("Corrections, as they were queued", "corrections", columns, rows),))


def _correction(found: Remark) -> tuple[str, ...]:
    one = found.correction
    assert one is not None
    return one.about, one.was, one.should_be, found.text, _whose(found.by), found.answer or "Waits"


def parking(found: Sitting) -> Section:
    """What was put aside, who takes it and by when."""
    told = items(found.meeting.events())
    if not told:
        return Section("Parking lot", ("Nothing was parked.",))
    rows = [(i.text, i.who or NOBODY, i.day or "No day named", _whose(i.by)) for i in told]
    open_still = sum(i.is_open for i in told)
    said = (
        f"{open_still} of {len(told)} {'has' if open_still == 1 else 'have'} nobody, or no day."
        if open_still
        else "Each has somebody and a day."
    )
    return Section(
        "Parking lot", (said,), sheets=(sheet("Parked", "parking_lot", ("What", "Who takes it", "By", "Whose"), rows),)
    )


def inputs(found: Sitting) -> Section:
    """Inputs that were missing, each with the owner and the day that were promised."""
    given = promised(found.meeting.events()).values()
    rows = [(called(one.agency), one.input.label, one.owner, one.day, one.words) for one in given]
    if not rows:
        return Section("Inputs that were promised", ("None was promised.",))
    table = sheet("Inputs that were promised", "inputs_promised", ("Agency", "Input", "Owner", "By", "In their words"), rows)
    return Section("Inputs that were promised", sheets=(table,))


def notes(found: Sitting) -> Section:
    """What the facilitator wrote down on the way, with the step that was on."""
    told = life_open.notes(found.meeting.events())
    titles = {step.id: step.title for step in found.about.steps}
    rows = [(titles.get(one.step, ""), one.words, one.author or found.about.facilitator) for one in told]
    if not rows:
        return Section("Notes of the facilitator", ("None was written.",))
    table = sheet("Notes of the facilitator", "notes", ("Step", "In their words", "Whose"), rows, widths=(3.6, 10.0, 3.8))
    return Section("Notes of the facilitator", sheets=(table,))
