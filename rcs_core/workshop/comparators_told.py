"""What is said of our council beside others: plain sentences with their uncertainty, the table and the points of the pictures.

An order of councils is no order of merit, and another council's figure is no promise of ours: nothing here says which end
is better, why a figure differs, or what would follow from being like somebody else.
"""

import pandas as pd

from rcs_core.councils import councils
from rcs_core.workshop.comparators import Beside, Figure, Measure, Rank
from rcs_core.workshop.families import Family, policy

OURS, FAMILY, OTHER = "This area", "In the family", "Other councils"
MIDDLE = "Middle of the family"
WHOLE = "Scotland as published"
NO_INTERVAL = "No interval is published, so the rank is as it stands."
ORDER_NOTE = (
    "The order runs from the highest figure to the lowest. It says neither which end is better nor why councils differ: what is "
    "counted, who lives there and what is offered all play a part."
)
NO_PROMISE = (
    "Another council's figure shows what it published, not what would happen here: nothing on this page says what would change, "
    "or what would be paid, if this area were like another."
)
NOT_FROM_NOUGHT = "The scales of these pictures do not start at nought."
MOST_NAMED = 6


def said(value: float, unit: str) -> str:
    """A figure with its unit, as it stands in a sentence."""
    if unit == "%":
        return f"{value:.1f}%"
    if unit.startswith("GBP "):
        return f"£{value:,.0f} {unit.removeprefix('GBP ')}"
    return f"{value:,.1f}{_after(unit)}"


def _after(unit: str) -> str:
    if unit.startswith("as named"):
        return ""
    return " percentage points" if unit == "pp gap" else f" {unit}"


def headline(found: Beside) -> str:
    """Our figure, the middle of its family, and its place among all, in two or three sentences."""
    about, unit = f"{found.measure.label}, {found.year}", found.measure.shown_unit
    if found.mine is None:
        highest, lowest = found.figures[0], found.figures[-1]
        return (
            f"{about}: {len(found.figures)} councils are between {said(lowest.value, unit)} ({lowest.place}) and "
            f"{said(highest.value, unit)} ({highest.place}). No figure of {found.own} is among them."
        )
    return (
        f"{about}: {said(found.mine.value, unit)} in {found.own}. {_beside_family(found, found.mine)}{_place(found, found.mine)}"
    )


def _beside_family(found: Beside, mine: Figure) -> str:
    if found.middle is None or found.family is None:
        return ""
    many, kin = len(found.family_others), found.family.criterion.like
    low, high = mine.ends
    told = f"The middle of {many} councils {kin} is {said(found.middle, found.measure.shown_unit)}"
    if mine.has_interval:
        told += (
            f"; the interval here ({low:,.1f} to {high:,.1f}) {'holds' if low <= found.middle <= high else 'does not hold'} it"
        )
    return f"{told}. "


def _place(found: Beside, mine: Figure) -> str:
    rank = found.rank(mine)
    if rank.first == rank.last:
        return f"It is the {ordinal(rank.first, rank.of)} of {rank.of}."
    if rank.first == 1 and rank.last == rank.of:
        return f"Its interval allows any place among {rank.of}."
    if mine.has_interval:
        return f"Its interval allows places {rank.first} to {rank.last} of {rank.of}, from the highest."
    return f"It shares places {rank.first} to {rank.last} of {rank.of}, from the highest."


def ordinal(place: int, of: int) -> str:
    """A place from whichever end is nearer: highest, 2nd highest, lowest."""
    near, end = (place, "highest") if place <= (of + 1) // 2 else (of + 1 - place, "lowest")
    if near == 1:
        return end
    teen = 10 <= near % 100 <= 20
    return f"{near}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(near % 10, 'th')} {end}"


def basis(found: Beside) -> str:
    """The interval or its absence, Scotland as published, and the source."""
    parts, mine, unit = [], found.mine, found.measure.shown_unit
    if mine is not None:
        parts.append(f"95% interval {mine.low:,.1f} to {mine.high:,.1f}." if mine.has_interval else NO_INTERVAL)
    if found.whole is not None:
        parts.append(f"{WHOLE}: {said(found.whole.value, unit)}.")
    return " ".join([*parts, f"Source: {found.source}."])


def over_the_years(found: Beside) -> str:
    """Our figure and the family's middle, first and last year; blank where there is one year only."""
    if len(found.years) < 2:
        return ""
    first, last, unit = found.years[0], found.years[-1], found.measure.shown_unit
    told = f"From {first.year} to {last.year}: {said(first.own.value, unit)} to {said(last.own.value, unit)} in {found.own}"
    if first.middle is not None and last.middle is not None:
        told += f"; the middle of its family went from {said(first.middle, unit)} to {said(last.middle, unit)}"
    return f"{told}.{_change(first.own, last.own)}"


def _change(first: Figure, last: Figure) -> str:
    if not (first.has_interval and last.has_interval):
        return " No interval is published, so how much of this came and went by chance is not known."
    apart = first.ends[1] < last.ends[0] or last.ends[1] < first.ends[0]
    return " The two intervals do not meet." if apart else " The two intervals meet, so no clear change."


def notes(found: Beside) -> list[str]:
    """What a reader must know before using the comparison."""
    told = [
        _family_note(found),
        _rank_note(found),
        ORDER_NOTE,
        _prices(found.measure.shown_unit),
        _years_note(found),
        _absent(found),
    ]
    own = f"{found.own}'s own figures here are invented; those of the other councils are as published." if found.fictional else ""
    return [note for note in (own if found.mine else "", *told, NO_PROMISE) if note]


def _family_note(found: Beside) -> str:
    kin = found.family
    if found.mine is None:
        return f"Add the published figures of {found.own} to see its family and its place."
    if kin is None:
        return "No family is formed: no figure that fits (child poverty, deprivation or pupils) is here for enough councils."
    unit = kin.criterion.unit
    ours, low, high = (_plain(v, unit) for v in (kin.values[kin.own], min(kin.values.values()), max(kin.values.values())))
    return (
        f"The family: {kin.of} councils in order of {kin.criterion.title} ({kin.year}), cut into {_families(kin)}. "
        f"{found.own}, at {ours}, is in the one from {low} to {high}: {', '.join(kin.others)}. {kin.why}. "
        f"Where the line is cut is this tool's choice, and the families that others publish may differ. "
        f"Criterion: {kin.criterion.source}."
    )


def _families(kin: Family) -> str:
    about = "" if kin.of % kin.families == 0 else " or so"
    return "one family" if kin.families == 1 else f"{kin.families} families of {kin.of // kin.families}{about}"


def _plain(value: float, unit: str) -> str:
    return f"{value:.1f}%" if unit == "%" else f"{value:,.0f} {unit}"


def _rank_note(found: Beside) -> str:
    without = sum(not f.has_interval for f in found.figures)
    if found.mine is None or not found.mine.has_interval:
        return NO_INTERVAL if found.mine else ""
    told = "A council counts as higher or lower only where the two 95% intervals do not meet."
    return told + (f" {without} have no interval and are taken as exact." if without else "")


def _prices(unit: str) -> str:
    if not unit.startswith("GBP") or "real" in unit:
        return ""
    return "Amounts are in the prices of each year, as published; nothing here restates them, so part of any rise is prices."


def _years_note(found: Beside) -> str:
    if found.newest == found.year or found.mine is None:
        return ""
    return (
        f"Others have figures up to {found.newest}; {found.year} is the newest year that {found.own} shares with enough of them."
    )


def _absent(found: Beside) -> str:
    here = {f.place for f in found.figures}
    gone = [name for name in councils().names if name not in here]
    if not gone:
        return ""
    named = f": {', '.join(gone)}" if len(gone) <= MOST_NAMED else ""
    return f"{len(gone)} of {len(councils().names)} councils have no figure for {found.year} here{named}."


def left_aside() -> str:
    """Which published figures are not offered, and why."""
    return f"Amounts and numbers of people are not compared: {policy().not_compared_why}."


def axis(measure: Measure) -> str:
    """The unit as the title of an axis."""
    unit = measure.shown_unit
    return "As published" if unit.startswith("as named") else unit.replace("GBP", "£")


def lines_in_words(found: Beside) -> str:
    """What the lines of the picture of councils are."""
    bars = "Bars: 95% intervals as published." if any(f.has_interval for f in found.figures) else ""
    whole = "Dashed line: Scotland as published." if found.whole else ""
    return " ".join(part for part in (bars, whole, NOT_FROM_NOUGHT) if part)


def frame(found: Beside) -> pd.DataFrame:
    """Every council from the highest: figure, interval, the places it may hold, and whether it is in the family."""
    values = found.family.values if found.family else {}
    unit = _column(found.measure.shown_unit)
    rows = []
    for figure in found.figures:
        kind = OURS if figure.place == found.own else FAMILY if figure.place in values else ""
        row = (figure.place, round(figure.value, 1), *_ends(figure), _places(found.rank(figure)), kind, values.get(figure.place))
        rows.append(row)
    kin = f"{found.family.criterion.title.capitalize()}, {found.family.year}" if found.family else "Criterion"
    columns = ["Council area", f"Figure{unit}", "95% from", "to", "Place from highest", "Family", kin]
    table = pd.DataFrame(rows, columns=columns)
    return table.drop(columns=[c for c in ("95% from", "to", "Family", kin) if table[c].isna().all() or (table[c] == "").all()])


def _column(unit: str) -> str:
    return "" if unit.startswith("as named") else f" ({unit.replace('GBP', '£')})"


def _ends(figure: Figure) -> tuple[float | None, float | None]:
    return (round(figure.low, 1), round(figure.high, 1)) if figure.low is not None and figure.high is not None else (None, None)


def _places(rank: Rank) -> str:
    return str(rank.first) if rank.first == rank.last else f"{rank.first} to {rank.last}"


def points(found: Beside) -> pd.DataFrame:
    """A point a council: label, order, series, value, low, high, says; and Scotland's value in every row (blank if none)."""
    kin = set(found.family.others) if found.family else set()
    rows = []
    for order, figure in enumerate(found.figures):
        series = OURS if figure.place == found.own else FAMILY if figure.place in kin else OTHER
        low, high = figure.ends
        says = f"{said(figure.value, found.measure.shown_unit)}, place {_places(found.rank(figure))} of {len(found.figures)}"
        rows.append((figure.place, order, series, figure.value, low, high, says, found.whole.value if found.whole else None))
    return pd.DataFrame(rows, columns=["label", "order", "series", "value", "low", "high", "says", "whole"])


def years_frame(found: Beside) -> pd.DataFrame:
    """A row a year: our figure, the middle of the family and of how many, Scotland."""
    rows = [
        (y.year, round(y.own.value, 1), _round(y.middle), y.others, _round(y.whole.value if y.whole else None))
        for y in found.years
    ]
    return pd.DataFrame(rows, columns=["Year", found.own, MIDDLE, "Councils in that middle", WHOLE])


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def years_points(found: Beside) -> pd.DataFrame:
    """A point a year and series: ours, the family's middle, Scotland."""
    rows = []
    for y in found.years:
        series = ((found.own, y.own.value), (MIDDLE, y.middle), (WHOLE, y.whole.value if y.whole else None))
        rows += [(y.year, name, value) for name, value in series if value is not None]
    return pd.DataFrame(rows, columns=["year", "series", "value"])


def words(found: Beside) -> str:
    """The picture of councils for those who cannot see it."""
    listed = "; ".join(f"{f.place} {said(f.value, found.measure.shown_unit)}" for f in found.figures)
    return f"{found.measure.label}, {found.year}, councils from the highest: {listed}."


def years_words(found: Beside) -> str:
    """The picture of the years for those who cannot see it."""
    listed = "; ".join(f"{y.year} {said(y.own.value, found.measure.shown_unit)}" for y in found.years)
    return f"{found.measure.label} in {found.own} by year: {listed}."
