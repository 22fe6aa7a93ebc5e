"""One question on a map of clusters: the verdict of each, its share, and the words of the map.

The verdicts are those of `compare`, read from the release; nothing is tested here. Every cluster with an outline is drawn, once;
one that is hidden or was not compared is hatched and says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import AreaLevel
from rcs_core.workshop import compare, evidence, shapes
from rcs_core.workshop.evidence import Indicator, text
from rcs_core.workshop.shapes_labels import Labels, labels, name_lines
from rcs_core.workshop.told import Kind, Line, Told

LAND, SQUARES = "As the land lies", "Equal squares"
CLASSES: dict[Kind, str] = {
    Kind.MORE: "▲ More need than the rest",
    Kind.LESS: "▼ Less need than the rest",
    Kind.SAME: "No clear difference",
    Kind.UNTOLD: "Hidden or not compared (hatched)",
}
SIGNS = {Kind.MORE: "▲", Kind.LESS: "▼"}
LAND_NOTE = (
    "How much land a cluster covers says nothing of how many children live there: equal squares give each cluster the same "
    "weight."
)
SQUARES_NOTE = (
    "One square a cluster, all of one size and near where the cluster lies; neighbours here need not be neighbours there."
)
NOT_COMPARED = "not shown: no answers of this cluster are told"
HATCH = 26.0
"""Steps between the lines of a hatched cluster."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cluster on the map: its code, its number in the table, its name, its class, its share in words, and what is told."""

    code: str
    number: int
    name: str
    kind: Kind
    pct: str
    line: Line | None

    @property
    def says(self) -> str:
        """What pops up on it."""
        told = self.line.says if self.line else NOT_COMPARED
        if not self.pct.endswith("%"):
            return told
        return f"{self.pct} with need{'; the comparison is' if self.kind is Kind.UNTOLD else ':'} {told}"

    @property
    def figure(self) -> str:
        """Its sign and share, as they stand on the map."""
        return f"{SIGNS.get(self.kind, '')} {self.pct}".strip()


@dataclass(frozen=True, slots=True)
class Mapped:
    """One question on a map: what `compare` tells of it, and its clusters by name."""

    told: Told
    cells: tuple[Cell, ...]

    @property
    def classes(self) -> list[str]:
        """The classes that occur, for the legend."""
        return [name for kind, name in CLASSES.items() if any(c.kind is kind for c in self.cells)]

    def frame(self) -> pd.DataFrame:
        """The clusters as a reader sees them, numbered as on the map."""
        known = {line.place: row for line, (_, row) in zip(self.told.lines, self.told.frame().iterrows(), strict=True)}
        rows = []
        for cell in self.cells:
            row = known.get(cell.line.place) if cell.line else None
            told = {} if row is None else {str(k): v for k, v in row.items() if k != self.told.row_title}
            rows.append({"No.": cell.number, self.told.row_title: cell.name, **told})
        found = pd.DataFrame(rows)
        says = "What it says"
        return found.assign(**{says: found[says].fillna(NOT_COMPARED) if says in found else NOT_COMPARED})

    def words(self) -> str:
        """The finding for those who cannot see the map: how many clusters differ, and which; then the others."""
        parts = [f"Map of {len(self.cells)} school clusters. {self.told.headline}"]
        for kind, name in CLASSES.items():
            found = [c for c in self.cells if c.kind is kind]
            share = [f"{c.name} ({c.pct if c.pct.endswith('%') else c.says})" for c in found]
            if found:
                parts.append(f"{name.strip('▲▼ ').removesuffix(' (hatched)')}: {evidence.listed(share)}.")
        return " ".join(parts)

    def untold(self) -> list[str]:
        """Why clusters are hatched, those alike together."""
        reasons: dict[str, list[str]] = {}
        for cell in self.cells:
            if cell.kind is Kind.UNTOLD:
                reasons.setdefault(cell.line.says if cell.line else NOT_COMPARED, []).append(short(cell.name))
        return [f"Hatched, {evidence.listed(names)}: {why}." for why, names in reasons.items()]

    def key(self) -> str:
        """Which number stands for which cluster."""
        return "Numbers on the map: " + " · ".join(f"{c.number} {short(c.name)}" for c in self.cells)


@dataclass(frozen=True, slots=True)
class Drawing:
    """How the clusters are drawn, whatever is asked: outlines or squares, and the places of words."""

    outlines: Mapping[str, shapes.Outline]
    labels: Labels
    names: Mapping[str, str]


def short(name: str) -> str:
    """A cluster's name as it stands on a map of clusters."""
    return name.removesuffix(" cluster")


def has_map(release: Release) -> bool:
    """Whether the release holds outlines."""
    return shapes.TABLE in release


def drawing(release: Release, how: str) -> Drawing:
    """The outlines as the land lies, or equal squares, in the order of the clusters' names."""
    found = shapes.squares(release) if how == SQUARES else shapes.outlines(release)
    names = {code: short(name) for code, name in _names(release).items()}
    ordered = {code: found[code] for code in names if code in found}
    return Drawing(ordered, labels(ordered, names), names)


def ways(release: Release) -> list[str]:
    """How the map may be drawn, the better first look first."""
    return [SQUARES, LAND] if shapes.squares_first(release) else [LAND, SQUARES]


def mapped(release: Release, survey: str, indicator: Indicator) -> Mapped:
    """The clusters of the release's outlines on one question."""
    lines = compare.by_cluster(release, survey, indicator)
    cells: list[Cell] = []
    for code, name in _names(release).items():
        if code in shapes.outlines(release):
            line = lines.get(code)
            pct = dict(line.beside)["% with need"] if line else ""
            figure = f"{pct}%" if pct.replace(",", "").isdigit() else pct
            cells.append(Cell(code, len(cells) + 1, name, line.kind if line else Kind.UNTOLD, figure, line))
    return Mapped(compare.one(release, survey, indicator), tuple(cells))


def widest(release: Release, survey: str) -> Indicator:
    """The question on which most clusters stand out; the first asked of those."""
    asked = compare.asked(release, survey)
    many = [sum(line.stands_out for line in compare.by_cluster(release, survey, i).values()) for i in asked]
    return asked[many.index(max(many))]


def _names(release: Release) -> dict[str, str]:
    """The clusters by code, in the order of their names."""
    frame = release.frame("areas")
    found = frame[frame["level"] == AreaLevel.CLUSTER.value]
    return {str(c): text(n) for n, c in sorted(zip(found["name"], found["area"], strict=True))}


def label_rows(found: Mapped, drawn: Drawing) -> pd.DataFrame:
    """The words on the map: columns x, y, label (lines parted by |), screen (wide or narrow), row, says."""
    rows = []
    for screen, places in (("wide", drawn.labels.wide), ("narrow", drawn.labels.narrow)):
        for cell in found.cells:
            at = places[cell.code]
            lead = "|".join(name_lines(drawn.names[cell.code])) if at.named else str(cell.number)
            words = f"{lead}|{cell.figure}" if at.stacked else f"{lead}{SIGNS.get(cell.kind, '')}"
            rows.append((at.x, at.y, words.rstrip("|"), screen, cell.name, cell.says))
    return pd.DataFrame(rows, columns=["x", "y", "label", "screen", "place", "says"])
