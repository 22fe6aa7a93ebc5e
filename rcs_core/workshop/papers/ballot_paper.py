"""A ballot to print: the question, the agencies and the options with the letters and numbers by which papers are typed in.

What comes in is a vote (or a draft of one) and a stamp; what goes out is a document to print as often as it is needed.
"""

from collections.abc import Sequence

from rcs_core.documents.parts import Block, Document, Grid, Heading, Points, Text
from rcs_core.stamp import Stamp
from rcs_core.workshop.meeting.ballot_contract import rule, steps
from rcs_core.workshop.meeting.ballot_parts import Ballot, Draft, Kind, State
from rcs_core.workshop.meeting.paper_votes import codes
from rcs_core.workshop.spend_map.money import agency_label

SUBJECT = "ballot papers"
_FEW = 6
"""Options up to which two papers fit a page."""
_FEW_AGENCIES = 8
_BOX = "☐"


def of_draft(draft: Draft, letters: Sequence[str] = ()) -> Ballot:
    """A draft as the vote that it will be, to print papers ahead. letters: codes of the agencies that are asked."""
    return Ballot(
        kind=draft.kind, question=draft.question, options=draft.options, named=draft.named, dots=draft.dots or rule("dots"),
        several=draft.several, id="", state=State.OPEN, shown=False, agencies=(), letters=dict.fromkeys(letters, ""),
    )  # fmt: skip


def ballot_paper(found: Ballot, stamp: Stamp) -> Document:
    """One page with one paper, or two to cut where they are short."""
    paper = _paper(found)
    short = len(found.options) <= _FEW and len(_agencies(found)) <= _FEW_AGENCIES and found.kind is not Kind.GRADIENT
    blocks = [*paper, Text("Cut here " + "- " * 60, "note"), *paper] if short else paper
    return Document("Ballot paper", stamp, blocks, "Print as many as there are people")


def _paper(found: Ballot) -> list[Block]:
    who = "Your name: ______________________________" if found.named else "Do not write your name."
    letters = "; ".join(f"{pair} or {number}: {label}" for number, pair, label in _agencies(found))
    steps_of = found.kind is Kind.GRADIENT
    return [
        Heading(found.question, 2),
        Text(_how(found)),
        *([_steps()] if steps_of else []),
        _options(found),
        *([Text("Why, if you like: " + "_" * 62)] if steps_of else []),
        Text(f"{who} Your agency, by its letters: ________ ({letters})."),
    ]


def _how(found: Ballot) -> str:
    """What to write, in a sentence."""
    if found.kind is Kind.GRADIENT:
        last = len(steps())
        return (
            f"Write a step from 1 to {last} for each proposal: 1 is full support, {last} open opposition. A dash leaves one out."
        )
    if found.kind is Kind.POINTS:
        return f"Spread exactly {rule('points')} points in whole numbers. More points count more."
    several = "You may give one option several dots." if found.several else "One dot on each option at most."
    return f"You have {found.dots} dots: tick a box for each. {several}"


def _options(found: Ballot) -> Grid:
    heading, mark = {
        Kind.DOTS: ("Dots", " ".join([_BOX] * (found.dots if found.several else 1))), Kind.POINTS: ("Points", "______"),
        Kind.GRADIENT: ("Step", "______"),
    }[found.kind]  # fmt: skip
    what = "Proposal" if found.kind is Kind.GRADIENT else "Option"
    rows = [(option.key.upper(), option.text, mark) for option in found.options]
    return Grid("Your vote", ("", what, heading), rows, widths=(1, 11, 5))


def _agencies(found: Ballot) -> list[tuple[int, str, str]]:
    """The agencies who are here, or all where nobody is yet."""
    known = codes(found)
    here = [one for one in known if one[2] in found.letters] or known
    return [(number, pair, agency_label(agency)) for number, pair, agency in here]


def _steps() -> Points:
    return Points([step.says for step in steps()], [f"{step.step} {step.name}." for step in steps()])
