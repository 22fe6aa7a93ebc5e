"""Comparisons that speak of a hidden cell: differences, changes, inequalities and funnels, held against the count tables.

In: published tables only. Out: a leak for every row that says more than its cells allow. Written apart from what makes
these rows, from the rule alone: a row speaks only of cells that are shown; a difference or a change is a number only
where every area of its level is shown for that indicator; an inequality only where every known fifth is; mean scores of
clusters all or none; sensitive topics are told of the council only.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rcs_core.audit.report import Leak
from rcs_core.audit.seen import Row, figure, rows
from rcs_core.release import ALL, Table
from rcs_core.vocab import CellState, SimdQuintile

COLUMNS: dict[str, frozenset[str]] = {
    "comparisons": frozenset({"survey", "wave", "indicator", "area", "difference", "low", "high", "verdict"}),
    "changes": frozenset({"survey", "indicator", "area", "wave_from", "wave_to", "change", "low", "high", "verdict"}),
    "inequality": frozenset({"survey", "wave", "indicator", "measure", "value", "low", "high", "state"}),
    "funnel": frozenset({"survey", "wave", "indicator", "area", "answers", "pct", "low_95", "high_95", "low_998", "high_998"}),
    "comparison_pages": frozenset({"survey", "wave", "about", "tests", "flagged"}),
    "scores": frozenset({"survey", "wave", "indicator", "area", "mean", "low", "high", "state"}),
}
"""The tables that speak of count tables, and the columns by which they are known."""
SPEAKS_OF_HIDDEN = "speaks of a hidden cell"
NARROWS = "narrows a hidden cell"
SENSITIVE = "sensitive topic below the council"
NOT_PUBLISHED = "figure that no count table has"
BY_SCHOOL = "mean of a school"
_WHERE: tuple[str, ...] = ("survey", "wave", "wave_from", "wave_to", "indicator", "area", "measure")
_WIDE = frozenset({"council", "cluster"})
_SILENT = frozenset({"", "not_shown", "not_comparable"})
_FIFTHS = frozenset(q.value for q in SimdQuintile if q is not SimdQuintile.NOT_KNOWN)

Key = tuple[str, str, str]
"""Survey, wave and indicator."""


def is_derived(name: str, columns: Sequence[str]) -> bool:
    """Whether a table is one of those that speak of count tables, whatever else its name is used for elsewhere."""
    return name in COLUMNS and set(columns) >= COLUMNS[name]


@dataclass(frozen=True, slots=True)
class _Published:
    """What the count tables show. counts: whether every band of an area (or fifth) is; share: whether its share is too; pct:
    that share; answers: the number of answers; levels: the level of an area."""

    counts: dict[tuple[Key, str], bool] = field(default_factory=dict)
    share: dict[tuple[Key, str], bool] = field(default_factory=dict)
    pct: dict[tuple[Key, str], str] = field(default_factory=dict)
    answers: dict[tuple[Key, str], str] = field(default_factory=dict)
    areas: dict[Key, set[str]] = field(default_factory=lambda: defaultdict(set))
    fifths: dict[Key, set[str]] = field(default_factory=lambda: defaultdict(set))

    def read(self, table: Table, column: str, groups: dict[Key, set[str]]) -> None:
        """Take in a table with one dimension beside `band` (`column`): what one table shows is shown."""
        counts: dict[tuple[Key, str], bool] = defaultdict(lambda: True)
        for row in rows(table.frame):
            place = ((row["survey"], row["wave"], row["indicator"]), row[column])
            groups[place[0]].add(place[1])
            counts[place] &= row["n"] != "" and row.get("state", "") in ("", CellState.SHOWN.value)
            if row["band"] == "yes":
                self.share[place] = self.share.get(place, False) or row.get("pct", "") != ""
                self.pct[place] = row.get("pct", "") or self.pct.get(place, "")
            if row["band"] == ALL:
                self.answers[place] = row["n"] or self.answers.get(place, "")
        for place, shown in counts.items():
            self.counts[place] = self.counts.get(place, False) or shown


def derived_leaks(tables: Sequence[Table]) -> list[Leak]:
    """Every row of a comparison, change, inequality or funnel that speaks of a cell that is not shown."""
    spoken = [(t.name.rpartition("/")[2], t) for t in tables if not t.is_count]
    spoken = [(name, t) for name, t in spoken if is_derived(name, [str(c) for c in t.frame.columns])]
    if not spoken:
        return []
    seen, level, sensitive = _published(tables), _levels(tables), _sensitive(tables)
    silent = {_level_of(row, level) for name, t in spoken if name == "scores" for row in rows(t.frame) if row["mean"] == ""}
    rules: dict[str, Callable[[Row], Iterator[tuple[str, str]]]] = {
        "comparisons": lambda row: _difference(row, ["wave"], "difference", seen, level),
        "changes": lambda row: _difference(row, ["wave_from", "wave_to"], "change", seen, level),
        "inequality": lambda row: _unequal(row, seen),
        "funnel": lambda row: _in_funnel(row, seen),
        "scores": lambda row: _mean(row, seen, level, silent),
    }
    found: list[Leak] = []
    for name, table in sorted(spoken, key=lambda pair: pair[0]):
        for row in rows(table.frame) if name in rules else ():
            where = {c: row[c] for c in _WHERE if c in row}
            found += [Leak(table.name, where, kind, text) for kind, text in rules[name](row)]
            if (row["survey"], row["indicator"]) in sensitive and level.get(row.get("area", ""), "council") != "council":
                found.append(Leak(table.name, where, SENSITIVE, "a sensitive topic is told of an area below the council"))
    return found


def _published(tables: Sequence[Table]) -> _Published:
    seen = _Published()
    for table in tables:
        dims = set(table.dims)
        if table.is_count and {"survey", "wave", "indicator", "band", "n"} <= set(table.frame.columns):
            if dims == {"area", "band"}:
                seen.read(table, "area", seen.areas)
            elif dims == {"area", "simd_quintile", "band"}:
                seen.read(table, "simd_quintile", seen.fifths)
    return seen


def _levels(tables: Sequence[Table]) -> dict[str, str]:
    frames = [t.frame for t in tables if t.name == "areas" and {"area", "level"} <= set(t.frame.columns)]
    return {row["area"]: row["level"] for frame in frames for row in rows(frame)}


def _sensitive(tables: Sequence[Table]) -> set[tuple[str, str]]:
    frames = [t.frame for t in tables if t.name == "indicators" and {"survey", "sensitive"} <= set(t.frame.columns)]
    return {(r["survey"], r["indicator"]) for frame in frames for r in rows(frame) if r["sensitive"].lower() == "true"}


def _difference(row: Row, waves: list[str], number: str, seen: _Published, level: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    keys = [(row["survey"], row[wave], row["indicator"]) for wave in waves]
    numbers = any(row[column] != "" for column in (number, "low", "high"))
    speaks = numbers or row["verdict"] not in _SILENT
    if speaks and not all(seen.counts.get((key, row["area"])) and seen.share.get((key, row["area"])) for key in keys):
        yield SPEAKS_OF_HIDDEN, f"{number} is told of an area whose share is not shown"
    if numbers:
        mine = level.get(row["area"])
        peers = ((key, area) for key in keys for area in seen.areas[key] if level.get(area) == mine)
        if hidden := sorted({area for key, area in peers if not seen.counts[key, area]}):
            yield NARROWS, f"{number} is a number, and {hidden[0]} of the same level is hidden"


def _unequal(row: Row, seen: _Published) -> Iterator[tuple[str, str]]:
    key = (row["survey"], row["wave"], row["indicator"])
    if any(row[column] != "" for column in ("value", "low", "high")):
        hidden = sorted(f for f in _FIFTHS if not (seen.counts.get((key, f)) and seen.share.get((key, f))))
        if hidden:
            yield SPEAKS_OF_HIDDEN, f"{row['measure']} is told, and fifth {hidden[0]} is not shown"


def _in_funnel(row: Row, seen: _Published) -> Iterator[tuple[str, str]]:
    place = ((row["survey"], row["wave"], row["indicator"]), row["area"])
    if not (seen.counts.get(place) and seen.share.get(place)):
        yield SPEAKS_OF_HIDDEN, "an area whose share is not shown is in the funnel"
    elif row["answers"] != seen.answers.get(place):
        yield SPEAKS_OF_HIDDEN, f"answers are {row['answers']}, and {seen.answers.get(place)} in the count table"
    elif figure(row["pct"]) not in _shares(figure(seen.pct[place])):
        yield NOT_PUBLISHED, f"pct is {row['pct']}, and {seen.pct[place]} of the answers are yes in the count table"


def _shares(pct: float | None) -> tuple[float, ...]:
    """The share of yes and that of no, in per cent."""
    return () if pct is None else (pct, round(100 - pct, 6))


def _level_of(row: Row, level: Mapping[str, str]) -> tuple[Key, str]:
    """The score of a row and the level of its area."""
    return (row["survey"], row["wave"], row["indicator"]), level.get(row["area"], "")


def _mean(row: Row, seen: _Published, level: Mapping[str, str], silent: set[tuple[Key, str]]) -> Iterator[tuple[str, str]]:
    """A mean is told only of an area whose numbers of answers are shown, and below the council of all areas or none."""
    if all(row[column] == "" for column in ("mean", "low", "high")):
        return
    place = _level_of(row, level)
    if place[1] not in _WIDE:
        yield BY_SCHOOL, f"a mean is told of {place[1] or 'an area of no known level'}; the rule is council and clusters"
    hidden = [key for (key, area), n in seen.answers.items() if key[:2] == place[0][:2] and area == row["area"] and n == ""]
    if hidden:
        yield SPEAKS_OF_HIDDEN, f"a mean is told of an area whose number of answers to {min(hidden)[2]} is hidden"
    if place[1] != "council" and place in silent:
        yield NARROWS, "a mean is told, and that of another area of the same level is not"
