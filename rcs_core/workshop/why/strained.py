"""The stress tests by name, whole and in part, as pieces of a sentence whose numbers are figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from rcs_core.workshop.explore.strains import Strain, size
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.sentence import Figure, Unit, money, other, per_cent, years
from rcs_core.workshop.why.names import listed

HALF = 0.5
_HALF_A_POUND = 5e-4


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a template, with the figures that it names."""

    text: str
    parts: dict[str, Figure | str]


def whole(strain: Strain) -> Piece:
    """A test by its size: half the effects, need a tenth higher."""
    if strain is Strain.WORST:
        return Piece("all of these at once", {})
    amount = size(strain)
    match strain:
        case Strain.HALF_EFFECTS if amount == HALF:
            return Piece("half the effects", {})
        case Strain.HALF_EFFECTS:
            return Piece("effects at {effects} of the likely", {"effects": per_cent(amount)})
        case Strain.NOTHING_CASHES if amount == 0:
            return Piece("nothing cashing", {})
        case Strain.NOTHING_CASHES:
            return Piece("at most {cash} of any cost cashing", {"cash": per_cent(amount)})
        case Strain.MORE_NEED:
            return Piece("need {need} higher", {"need": per_cent(amount)})
        case Strain.LATER_EFFECTS:
            return Piece("effects {later} later", {"later": years(amount)})
    return Piece("budgets {fall} lower each year", {"fall": per_cent(-amount)})


def part(strain: Strain, level: float) -> Piece:
    """A part of a test by its size: effects are a tenth smaller, need is a fiftieth higher."""
    if strain is Strain.WORST:
        return Piece("{all} of all of these come", {"all": exactly(level)})
    amount = size(strain)
    match strain:
        case Strain.HALF_EFFECTS:
            return Piece("effects are {effects} smaller", {"effects": exactly(level * (1 - amount))})
        case Strain.NOTHING_CASHES:
            return Piece("{cash} of what should cash does not", {"cash": exactly(level)})
        case Strain.MORE_NEED:
            return Piece("need is {need} higher", {"need": exactly(level * amount)})
        case Strain.LATER_EFFECTS:
            return Piece("effects come {later} later", {"later": years(round(level * amount))})
    return Piece("budgets are {fall} lower each year", {"fall": exactly(-level * amount)})


def exactly(share: float) -> Figure:
    """A share as a per cent with the decimals that it needs."""
    return Figure(share, Unit.PER_CENT, f"{100 * share:.3g}%")


def together(strains: Sequence[Strain]) -> Piece:
    """Several tests: half the effects, effects two years later and need a tenth higher."""
    pieces = [whole(strain) for strain in strains]
    figures = {name: figure for piece in pieces for name, figure in piece.parts.items()}
    return Piece(listed([piece.text for piece in pieces]), figures)


def label(strain: Strain) -> str:
    """A test as the heading of a row."""
    piece = whole(strain)
    said = piece.text.format(**{name: part if isinstance(part, str) else part.said for name, part in piece.parts.items()})
    return said[:1].upper() + said[1:]


def amount(scenario: Scenario, value: float, rough: bool = False) -> Figure:
    """An amount of the scenario's money: in pounds where it counts thousands of them."""
    value = value if abs(value) > _HALF_A_POUND else 0.0
    return money(value, rough and value != 0) if scenario.money.startswith("GBP thousand") else other(abs(value), scenario.money)
