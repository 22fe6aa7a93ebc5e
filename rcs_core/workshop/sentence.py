"""Sentences whose every number is a figure of the model: said once, kept with its value, so that it can be held to it.

A sentence is made by `say` from a template that holds no digit. Each number enters as a `Figure` that keeps the value it
was made from, its unit, and how it was said; each name enters as a label. So a test can ask a sentence what it claims.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from string import Formatter

from rcs_core.vocab import Label
from rcs_core.workshop.inputs.depths import two_figures

THOUSAND = 1000
_DIGIT = re.compile(r"\d")
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Unit(Label):
    """What a figure counts."""

    POUNDS = "pounds", "GBP"
    PER_CENT = "per_cent", "Per cent"
    POINTS = "points", "Percentage points"
    CHILDREN = "children", "Children or cases a year"
    COUNT = "count", "How many"
    YEARS = "years", "Years"
    RATIO = "ratio", "Times"
    OTHER = "other", "In the scenario's own unit"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the model: its exact value, its unit, and how a sentence says it."""

    value: float
    unit: Unit
    said: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, the figures that it holds by their names in the template, what it rests on, and how sure it is.

    basis: of what, when, in which prices, from which source. confidence: guess, estimate or evidence, in words.
    """

    text: str
    figures: Mapping[str, Figure] = field(default_factory=dict)
    basis: str = ""
    confidence: str = ""

    @property
    def under(self) -> str:
        """What stands under the sentence in small print: basis and confidence."""
        return " ".join(part for part in (self.basis, self.confidence) if part)

    def value(self, name: str) -> float:
        """The exact value of one of its figures."""
        return self.figures[name].value


def say(template: str, *, basis: str = "", confidence: str = "", **parts: Figure | str) -> Sentence:
    """A sentence from a template: figures and labels (text) by name.

    Raises ValueError when the template holds a digit, or a part that is not given or not used: a number in a sentence is
    the model's, or it is not said.
    """
    wanted = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    if _DIGIT.search("".join(text for text, *_ in Formatter().parse(template))):
        raise ValueError(f"a number is typed in the sentence: {template!r}")
    if wanted != set(parts):
        raise ValueError(f"parts of the sentence {template!r}: wanted {sorted(wanted)}, given {sorted(parts)}")
    text = template.format(**{name: part if isinstance(part, str) else part.said for name, part in parts.items()})
    figures = {name: part for name, part in parts.items() if isinstance(part, Figure)}
    return Sentence(text[:1].upper() + text[1:], figures, basis, confidence)


def joined(sentences: list[Sentence], basis: str = "", confidence: str = "") -> Sentence:
    """Several sentences as one; figures are known by the place of their sentence and their name (`0.amount`)."""
    figures = {f"{k}.{name}": figure for k, one in enumerate(sentences) for name, figure in one.figures.items()}
    return Sentence(" ".join(one.text for one in sentences), figures, basis, confidence)


def money(thousands: float, rough: bool = False) -> Figure:
    """An amount given in GBP thousand, without its sign: whole pounds, or about two figures where it rests on guesses.

    Amounts of a million and more are said in millions where two figures are all there is.
    """
    pounds = THOUSAND * thousands
    amount = abs(pounds)
    if not rough:
        return Figure(pounds, Unit.POUNDS, f"£{amount:,.0f}")
    amount = two_figures(amount)
    millions = f"£{amount / 1e6:.2g}m" if amount >= 1e6 and amount < 1e8 else f"£{amount:,.0f}"
    return Figure(pounds, Unit.POUNDS, f"about {millions}")


def children(value: float, rough: bool = False) -> Figure:
    """A number of children, cases or places, without its sign: to the nearest one, to one decimal below ten."""
    count = two_figures(abs(value)) if rough else abs(value)
    said = f"{count:,.0f}" if count >= 10 or count == round(count) else f"{count:,.1f}"
    return Figure(value, Unit.CHILDREN, f"about {said}" if rough else said)


def per_cent(share: float) -> Figure:
    """A share from 0 to 1, said as a whole per cent; what is not nothing and not all is never said to be."""
    whole = round(100 * share)
    said = "under 1%" if whole == 0 and share > 0 else "over 99%" if whole == 100 and share < 1 else f"{whole}%"
    return Figure(share, Unit.PER_CENT, said)


def points(value: float) -> Figure:
    """Percentage points (1 is one point), without their sign."""
    return Figure(value, Unit.POINTS, f"{abs(value):.1f} point{'' if f'{abs(value):.1f}' == '1.0' else 's'}")


def count(value: int, one: str = "", many: str = "") -> Figure:
    """How many, in words up to ten, with what is counted where it is given: two services."""
    said = _SMALL[value] if 0 <= value < len(_SMALL) else f"{value:,}"
    named = f"{said} {one if value == 1 else many or one + 's'}" if one else said
    return Figure(value, Unit.COUNT, named)


def years(value: float) -> Figure:
    """A span of years."""
    return Figure(value, Unit.YEARS, f"{value:g} year{'' if value == 1 else 's'}")


def ratio(value: float) -> Figure:
    """How many times, to two figures: a benefit-cost ratio."""
    return Figure(value, Unit.RATIO, f"{two_figures(value):g}")


def other(value: float, unit: str = "", form: Callable[[float], str] = "{:,.3g}".format) -> Figure:
    """A number in the scenario's own unit."""
    return Figure(value, Unit.OTHER, f"{form(value)} {unit}".strip())
