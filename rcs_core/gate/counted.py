"""Figures about children in what somebody takes away, each with the cell of the release that it is of.

In: the tables of a file, what the file is called, and the words of the release. Out: counts, shares and comparisons by cell; a
figure that is about no child (money, other councils, what is assumed) is left alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rcs_core.gate.contents import Grid
from rcs_core.gate.words import At, Group, Words
from rcs_core.release import ALL

COUNT, SHARE, CHANGE, DIFFERENCE = "count", "share", "change", "difference"
_NUMBER = re.compile(r"[−-]?\d[\d,]*(?:\.\d+)?")
_OF = re.compile(r"(?<![\d.,])(\d[\d,]*) of (\d[\d,]*)(?![\d.])")
_PER_CENT = re.compile(r"(?<![\d.,])(\d+(?:\.\d+)?)%(?! interval)")
_YEARLY = re.compile(r"(\d{4}(?:-\d\d)?): %.*")
_OF_PLACE = re.compile(r"(.+): %")
NEED, REST = "need", "rest"
HEADINGS: Mapping[str, tuple[str, str]] = {
    "With need": (COUNT, NEED), "Without need": (COUNT, REST), "Answered": (COUNT, ALL), "Answered this question": (COUNT, ALL),
    "answers": (COUNT, ALL), "% with need": (SHARE, NEED), "%": (SHARE, NEED), "pct": (SHARE, NEED), "low": (SHARE, NEED),
    "high": (SHARE, NEED), "95% interval": (SHARE, NEED), "95% interval, low": (SHARE, NEED),
    "95% interval, high": (SHARE, NEED), "Change (points)": (CHANGE, NEED),
    "Difference from the rest (points)": (DIFFERENCE, NEED),
}  # fmt: skip
"""What a column of a page's table holds of the question, place and group of its row."""
_FIFTHS = {"Most deprived fifth: %": "1", "Least deprived fifth: %": "5"}
_TOLD = frozenset({"says", "said", "What it says", "text", "Here: % (with need of answered; 95% interval)"})
_OF_THOSE = "In contact: % (of those with need; 95% interval)"
_CLUSTER_CONTACT, _SERVICE = "In contact", ("Reach", "Targeting")
_RAW = frozenset({"survey", "wave", "n"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure about children. band: the answer, or `ALL`; digits: to how many decimals it is told; where: its row."""

    what: str
    at: At
    band: str
    value: float
    digits: int
    where: str

    @property
    def dims(self) -> dict[str, str]:
        """Its place and group by dimension, the answer among them where a question was asked."""
        found = {"area": self.at.area, **dict(self.at.groups)}
        return {**found, "band": self.band} if self.at.indicator else found

    @property
    def labels(self) -> dict[str, str]:
        """Its survey, wave and question."""
        found = {"survey": self.at.survey, "wave": self.at.wave}
        return {**found, "indicator": self.at.indicator} if self.at.indicator else found


def facts(grids: Sequence[Grid], subject: str, words: Words) -> Iterator[Fact]:
    """Every figure about children that the tables of a file tell."""
    for grid in grids:
        head = next((k for k, row in enumerate(grid.rows) if _is_header(row)), None)
        if head is None:
            continue
        header = grid.rows[head]
        above = " ".join(cell for row in grid.rows[:head] for cell in row)
        context = words.context(f"{subject} {grid.name} {above}")
        for k, row in enumerate(grid.rows[head + 1 :], start=head + 2):
            where = f"{grid.name}, row {k}"
            cells = dict(zip(header, row, strict=False))
            if set(header) >= _RAW:
                yield from _raw(cells, header, where)
            else:
                yield from _told(cells, context, words, where, f"{subject} {above}")


def _is_header(row: Sequence[str]) -> bool:
    """Whether a row is the head of a table that can hold figures about children."""
    cells = set(row)
    if cells >= _RAW:
        return True
    known = set(HEADINGS) | set(_FIFTHS) | {_CLUSTER_CONTACT, _OF_THOSE, "Figure", "Pupils", "says"}
    parted = any(_YEARLY.fullmatch(c) or _OF_PLACE.fullmatch(c) or c.startswith(_SERVICE) for c in cells)
    return len(cells) > 1 and (bool(cells & known) or parted)


def _raw(cells: Mapping[str, str], header: Sequence[str], where: str) -> Iterator[Fact]:
    """A row of the release's own tables: codes before `n`, shares after it."""
    before = [c for c in header[: header.index("n")] if c not in ("survey", "wave", "indicator", "area", "band")]
    groups = frozenset((c, cells[c]) for c in before if cells[c] != ALL)
    asked, band = cells.get("indicator", ""), cells.get("band", ALL)
    at = At(cells["survey"], cells["wave"], asked, "yes" if asked else "", cells.get("area", ""), groups)
    for column in ("n", "pct", "pct_low", "pct_high"):
        if (found := number(cells.get(column, ""))) is not None:
            yield Fact(COUNT if column == "n" else SHARE, at, band, *found, where)


def number(text: str) -> tuple[float, int] | None:
    """A written figure and its decimals; None for a mark, a word or a blank."""
    bare = text.strip().replace("%", "").replace("−", "-").replace(",", "")
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?", bare):
        return None
    return float(bare), len(bare.partition(".")[2].rstrip("0"))


def _first(text: str) -> tuple[float, int] | None:
    """The first figure of an interval such as `74 to 77`."""
    return number(text.partition(" to ")[0])


def _told(cells: Mapping[str, str], context: At, words: Words, where: str, subject: str) -> Iterator[Fact]:
    """A row in the words of a page."""
    cells = _long(cells)
    at = _row(cells, context, words, subject)
    if not at.survey:
        return
    service, series = _contact(at, words, subject), cells.get("series", "")
    for heading, text in cells.items():
        if heading == _OF_THOSE and at.indicator:
            yield from _rate(_SERVICE[0], text, at, ("contact", "either"), where)
        elif series.startswith((*_SERVICE, _CLUSTER_CONTACT)):
            yield from _rate(series, text, at, service, where) if heading == "says" and service else ()
        elif "part" in cells and "across" in cells:
            yield from _icon(text, at, where) if heading == "says" else ()
        elif heading.startswith(_SERVICE) and service:
            yield from _rate(heading, text, at, service, where)
        elif _CLUSTER_CONTACT in cells:
            yield from _in_cluster(heading, text, at, where)
        elif at.indicator:
            yield from _figure(heading, text, at, words, where)


def _long(cells: Mapping[str, str]) -> Mapping[str, str]:
    """A row of a long table, whose heading stands in a column of its own, as the row of a wide one."""
    if not {"What", "Figure"} <= set(cells):
        return cells
    return {**{k: v for k, v in cells.items() if k not in ("Section", "What", "Figure")}, cells["What"]: cells["Figure"]}


def _icon(text: str, at: At, where: str) -> Iterator[Fact]:
    """One part of a hundred children: how many of all who answered are with or without need, and in contact or not."""
    if at.indicator and (pair := _OF.search(text)):
        band = other(at.need) if text.startswith("Without") else at.need
        yield _count(pair[1], at, band, where)
        yield _count(pair[2], replace(at, groups=frozenset[Group]()), ALL, where)


def _row(cells: Mapping[str, str], context: At, words: Words, subject: str) -> At:
    """What the row names itself goes before what its table is called."""
    at, groups = context, dict[str, str]()
    for heading, text in cells.items():
        if heading in HEADINGS or heading in _TOLD or not text or heading == "Section":
            continue
        if heading in ("Wave", "wave"):
            at = replace(at, wave=text)
        elif heading == "Which children" and (survey := words.surveys.get(text.casefold())):
            at = replace(at, survey=survey, wave=words.waves.get(survey, ""))
        under = f"{heading} {subject}" if heading == "label" else heading
        parts = [text] if _is_named(text, at, words, under) else text.split(", ")
        for part in parts:
            code, band = words.need(at.survey, part)
            if code:
                at = replace(at, indicator=code, need=band)
            elif area := words.area(part):
                at = replace(at, area=area)
            elif group := words.group(part, under):
                groups[group[0]] = group[1]
    told = cells.get("Pupils", "")
    if told.startswith(("Without", "All")):
        at = replace(at, need=ALL if told.startswith("All") else other(at.need))
    if words.area(cells.get("series", "")):
        groups = {}
    return replace(at, groups=frozenset((d, c) for d, c in groups.items() if c != ALL))


def _is_named(text: str, at: At, words: Words, heading: str) -> bool:
    """Whether a text as a whole is the name of a question, a place or a group."""
    return bool(words.need(at.survey, text)[0] or words.area(text) or words.group(text, heading))


def other(band: str) -> str:
    """The other answer."""
    return "no" if band == "yes" else "yes"


def _contact(at: At, words: Words, subject: str) -> Group | None:
    """The service whose reach a row tells: of the row, or of the table's name."""
    found = [g for g in at.groups if g[0] == "contact"]
    if found:
        return found[0]
    said = [words.group(part, "") for part in subject.split(", ")]
    return next((g for g in said if g and g[0] == "contact"), None)


def _rate(heading: str, text: str, at: At, service: Group, where: str) -> Iterator[Fact]:
    """Reach is of those with need, targeting of those in contact: each as a count of a count."""
    if not at.indicator or not (pair := _OF.search(text)):
        return
    both, alone = replace(at, groups=frozenset({service})), replace(at, groups=frozenset[Group]())
    yield _count(pair[1], both, at.need, where)
    yield _count(pair[2], alone, at.need, where) if heading.startswith("Reach") else _count(pair[2], both, ALL, where)


def _in_cluster(heading: str, text: str, at: At, where: str) -> Iterator[Fact]:
    """Those with need in a cluster, and those of them in contact with either service."""
    if heading in (_CLUSTER_CONTACT, "With need") and (found := number(text)) and at.indicator:
        groups = frozenset({("contact", "either")}) if heading == _CLUSTER_CONTACT else frozenset[Group]()
        yield Fact(COUNT, replace(at, groups=groups), at.need, *found, where)


def _count(text: str, at: At, band: str, where: str) -> Fact:
    return Fact(COUNT, at, band, float(text.replace(",", "")), 0, where)


def _figure(heading: str, text: str, at: At, words: Words, where: str) -> Iterator[Fact]:
    """One cell under its heading."""
    if heading in _TOLD:
        yield from _in_words(text, at, where)
    elif heading in HEADINGS:
        what, band = HEADINGS[heading]
        if found := _first(text):
            yield Fact(what, at, {NEED: at.need, REST: other(at.need)}.get(band, band), *found, where)
    elif heading in _FIFTHS and (found := number(text)):
        yield Fact(SHARE, replace(at, groups=frozenset({("simd_quintile", _FIFTHS[heading])})), at.need, *found, where)
    elif (year := _YEARLY.fullmatch(heading)) and (found := number(text)):
        yield Fact(SHARE, replace(at, wave=year[1]), at.need, *found, where)
    elif (place := _OF_PLACE.fullmatch(heading)) and (area := words.area(place[1])) and (found := number(text)):
        yield Fact(SHARE, replace(at, area=area), at.need, *found, where)
    elif (group := words.group(heading, "")) and group[0] == "contact" and (found := number(text)):
        yield Fact(COUNT, replace(at, groups=frozenset({group})), at.need, *found, where)


def _in_words(text: str, at: At, where: str) -> Iterator[Fact]:
    """A count of a count, and a share, inside a sentence."""
    if pair := _OF.search(text):
        yield _count(pair[1], at, at.need, where)
        yield _count(pair[2], at, ALL, where)
    if (share := _PER_CENT.match(text)) and (found := number(share[1])):
        yield Fact(SHARE, at, at.need, *found, where)
