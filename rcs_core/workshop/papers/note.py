"""The workshop note: two pages for those who were in the room and those who were not.

What comes in is a `Case`; what goes out is a document in the order a board asks: what was asked and on what, the five answers,
what would break it first, what was decided and by whom, what is guessed, who is not in the picture, what comes next.
"""

from rcs_core.documents.parts import Block, Document, Text
from rcs_core.stamp import DISCUSSION_ONLY
from rcs_core.workshop import clash
from rcs_core.workshop import shift as view
from rcs_core.workshop.couple.veil import Veil, veil
from rcs_core.workshop.inputs import promises, told
from rcs_core.workshop.inputs.depths import ABOUT
from rcs_core.workshop.papers import bars, note_parts, note_room
from rcs_core.workshop.papers.note_case import Case
from rcs_core.workshop.papers.pages import Section, fitted

PAGES = 2
FEW = 3
"""Agencies named in one answer, as on the board."""
TITLE = "Workshop note: what if we moved money upstream?"
_DRAWN_AFTER = 2
"""The picture stands after the answers."""
_BOLD = "**"


def note(case: Case) -> Document:
    """The note as a document of two pages; what does not fit is counted and said."""
    top, drawn = [*_warning(case), Text(headline(case), "lead")], _picture(case)
    picture: list[Block] = [drawn] if drawn else []
    end = Text(f"To cite: {case.stamp.citation(f'Workshop note, {case.called}')}", "note")
    sections = [*_first(case), *note_parts.sections(case), *note_room.sections(case)]
    whole = fitted([Text(TITLE, "lead"), Text(_subtitle(case)), *top, *picture, end], sections, PAGES)
    blocks: list[Block] = []
    for number, one in enumerate(whole, start=1):
        blocks += [*one.blocks(), *(picture if number == _DRAWN_AFTER else [])]
    return Document(TITLE, case.stamp, [*top, *blocks, end], _subtitle(case), compact=True)


def headline(case: Case) -> str:
    """Whom the shift reaches where that is known, else what moves; of promises that clash, that they do."""
    shift = case.shift
    if not shift.possible:
        return view.need_met(shift).sentence
    if off(case).alone:
        return view.what_moves(shift, off(case)).sentence
    gaining = set(shift.found.by_service.query("change > 0 and year == @shift.last")["service"])
    known = shift.inputs.preventative and not told.one_veiled(gaining, case.veil)
    return told.whom(shift).sentence if known else view.what_moves(shift).sentence


def off(case: Case) -> Veil:
    """What of the plan by payer is kept back with the prices of bought services; nothing where nothing is."""
    return veil(case.shift.scenario, case.shift.found, case.veil) if case.veil and case.shift.possible else view.NOT_VEILED


def answers(case: Case) -> list[tuple[str, view.Answer]]:
    """The five questions of the board with their answers, in its order; of promises that cannot all hold only the first."""
    shift = case.shift
    first = ("Is every child's need met?", view.need_met(shift))
    if not shift.possible:
        return [first]
    sure = view.how_sure(shift)
    only = f" {DISCUSSION_ONLY}." if case.stamp.discussion else ""
    return [
        first,
        ("What moves?", view.what_moves(shift, off(case))),
        ("Who pays, and who gains?", view.who_gains(shift, FEW, off(case))),
        ("When does it pay back?", view.when_back(shift, off(case))),
        ("How sure are we?", view.Answer(f"{sure.sentence}{only}", sure.basis)),
    ]


def _warning(case: Case) -> list[Block]:
    return [Text(text, "warning") for label, text in case.stamp.lines() if label == "Standing"]


def _subtitle(case: Case) -> str:
    stamp = case.stamp
    parts = [stamp.area, f"figures of {stamp.year}" if stamp.year else "", stamp.taken.strftime("%-d %B %Y"), case.called]
    return " · ".join(part for part in parts if part)


def _first(case: Case) -> list[Section]:
    found = answers(case)
    asked = Section("What was asked, and on what", asked_on(case), least=len(asked_on(case)))
    five = Section("The five answers" if len(found) > 1 else "The answer", [(q, plain(a.sentence)) for q, a in found], len(found))
    if not case.shift.possible:
        return [asked, five, *_clash(case)]
    bases = [(q, plain(a.basis)) for q, a in found if a.basis]
    rest = "Answers left out here: {n}. Try a shift has what they rest on."
    return [asked, five, Section("What the answers rest on", bases, least=1, rest=rest)]


def _clash(case: Case) -> list[Section]:
    """What clashes, and the smallest changes that would settle it."""
    found, ways = clash.clash(case.shift), clash.in_words(clash.ways_out(case.shift))
    told_of = [("Any one of these would settle it:" if k == 0 else "Or:", way) for k, way in enumerate(ways)]
    return [
        Section(
            "What clashes",
            [("", found.sentence), *told_of],
            least=2,
            rest="Ways out left out here: {n}. Try a shift has them all.",
        )
    ]


def asked_on(case: Case) -> list[tuple[str, str]]:
    """What was asked, on which figures, at which depth, and who asked."""
    stamp, scenario = case.stamp, case.shift.scenario
    asked = promises.told(case.levers.preset) if case.levers else (scenario.description or "A scenario from a file.")
    release = f"Release {stamp.release_id}{f', built {stamp.built}' if stamp.built else ''}"
    years = f"{case.shift.found.years[0]} to {case.shift.last}"
    prices = f"prices of {scenario.price_year}" if scenario.price_year else "prices as in the ledgers"
    kept = case.kept
    other = kept.draft.release_id if kept and kept.draft.release_id != stamp.release_id else ""
    on = f", on release {other}; worked out again on this one" if other else ""
    who = f"Kept as “{kept.name}”, version {kept.version}, by {kept.author} on {kept.at[:10]}{on}." if kept else ""
    own = note_parts.own_plan(case)
    found = [
        ("Asked:", f"{case.called}. {asked}" if case.levers and case.called != asked else asked),
        ("On:", f"{stamp.area}. {release}; a plan for {years}, in {prices}."),
        ("Depth:", f"{case.shift.levers.depth.label}. {ABOUT[case.shift.levers.depth]}"),
        ("Who:", " ".join(filter(None, (who, f"Taken away by {stamp.author}." if stamp.author else "")))),
        ("Whose plan:", own),
    ]
    return [(strong, text) for strong, text in found if text]


def _picture(case: Case) -> Block | None:
    shift = case.shift
    if not shift.possible or off(case).alone:
        return None
    levels = told.in_pounds(view.level_changes(shift), shift)
    moves = view.what_moves(shift).sentence
    return bars.by_year(
        levels,
        "What prevention and response would cost, year by year, against today",
        f"Bars by year. {moves} {year_words(case)}",
    )


def year_words(case: Case) -> str:
    """What the picture shows in words, with the figures as they are said."""
    shift = case.shift
    levels = told.in_pounds(view.level_changes(shift), shift)
    rows = levels[(levels["Year"] == shift.last) & (levels["Part"] != "Held constant")]
    said = [f"{part} {note_parts.signed(change)}" for part, change in zip(rows["Part"], rows["Change (£)"], strict=True)]
    return f"In {shift.last} against today: {', '.join(said)}."


def plain(text: str) -> str:
    """A sentence without the marks with which a screen prints in bold."""
    return text.replace(_BOLD, "")
