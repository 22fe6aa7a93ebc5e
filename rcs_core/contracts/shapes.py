"""Reads the outlines of school clusters, `clusters.geojson`, and holds them to their contract.

In: the folder's files and the schools. Out: `Shapes` on a plane, or every breach with the number of its feature. Size and
positions are counted before anything is parsed; of the properties only `cluster_code` is taken up.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from rcs_core.contracts.clean import Mended
from rcs_core.contracts.files import error, note
from rcs_core.contracts.findings import MASK, Breaches
from rcs_core.contracts.identifiers import names_itself
from rcs_core.contracts.model import fold
from rcs_core.contracts.rings import Bad, Polygon, kind_of, polygons
from rcs_core.settings import CONTRACTS, fill, read_yaml
from rcs_core.vocab import Severity

STEM, ENDING = "clusters", ".geojson"
FILE = f"{STEM}{ENDING}"
CODE = "cluster_code"
GEOGRAPHIC = ("crs84", "4326", "4258", "4269")
"""What the name of a reference system in degrees ends with."""
GRID_WIDTH, GRID_SOUTH, GRID_NORTH = 700_000, 500_000, 1_300_000
"""Metres east, and metres north, between which British National Grid has Scotland."""
SCOTLAND = (49.0, 62.0, -9.5, 2.0)
"""Degrees north from and to, degrees east from and to: to tell when the two were given the wrong way round."""


class Plane(StrEnum):
    """What the coordinates are."""

    DEGREES = "degrees"
    GRID = "British National Grid"
    OTHER = "a plane of its own"


@dataclass(frozen=True, slots=True)
class ShapeRules:
    """What `data_contracts/shapes.yaml` allows; see the units there."""

    file_bytes: int
    positions: int
    features: int
    grid: int
    release_bytes: int
    squares_first: int


@dataclass(frozen=True, slots=True)
class Shape:
    """The outline of one cluster, as it was sent."""

    code: str
    polygons: tuple[Polygon, ...]


@dataclass(frozen=True, slots=True)
class Shapes:
    """The outlines of every cluster, by code, and what their coordinates are."""

    plane: Plane
    shapes: tuple[Shape, ...]


@cache
def shape_rules() -> ShapeRules:
    """The limits of `data_contracts/shapes.yaml`."""
    path = CONTRACTS / "shapes.yaml"
    return fill(ShapeRules, {key: entry["value"] for key, entry in read_yaml(path).items()}, path.name)


def shapes_file(files: Sequence[Path]) -> Path | None:
    """The file of outlines among the files of a folder."""
    return next((p for p in files if p.name.casefold() == FILE), None)


def read_shapes(files: Sequence[Path], tables: Mapping[str, Mended]) -> tuple[Shapes | None, list[Breaches]]:
    """The outlines of a folder, None where it holds none or a breach stops them, and all that is to be said of them."""
    path, strange = shapes_file(files), _strange(files)
    if path is None:
        return None, strange
    content, said = _parsed(path)
    if content is None:
        return None, [*strange, *said]
    found = _Reader(path.name, _codes(tables))
    read = found.collection(content)
    said = [*strange, *said, *found.breaches()]
    stop = any(b.severity is Severity.ERROR for b in said)
    return (None if stop else read), said


def _strange(files: Sequence[Path]) -> list[Breaches]:
    """Files that were meant to be the outlines and are of another form."""
    alike = [p for p in files if p.stem.casefold().strip() == STEM and p.name.casefold() != FILE]
    remedy = "save the outlines as GeoJSON under that name, or take the file out of the folder"
    return [error(p.name, "file_form", FILE, remedy, p.suffix) for p in alike]


def _codes(tables: Mapping[str, Mended]) -> frozenset[str]:
    schools = tables.get("schools")
    there = schools is not None and CODE in schools.frame.columns
    return frozenset(str(c) for c in schools.frame[CODE] if c) if schools is not None and there else frozenset()


def _parsed(path: Path) -> tuple[Any, list[Breaches]]:
    """The file's content; nothing is parsed that is too large."""
    most = shape_rules()
    try:
        size = path.stat().st_size
        if size > most.file_bytes:
            return None, [_large(path, f"{most.file_bytes:,} bytes or fewer", f"{size:,} bytes")]
        data = path.read_bytes()
    except OSError as problem:
        remedy = "close it in other programs and look at who may read it"
        return None, [error(path.name, "unreadable", "a file that can be opened", remedy, problem.strerror or str(problem))]
    if (brackets := data.count(b"[")) > most.positions:
        return None, [_large(path, f"{most.positions:,} positions or fewer", f"{brackets:,} opening brackets")]
    try:
        found = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
        return ([] if found is None else found), []  # a file that says null is no absent file: it is refused as any other
    except UnicodeDecodeError:
        return None, [error(path.name, "encoding", "text in UTF-8", "export it again as GeoJSON", "not text in UTF-8")]
    except RecursionError:
        return None, [error(path.name, "unreadable", "GeoJSON", "export it again as GeoJSON", "lists nested without end")]
    except ValueError as problem:
        return None, [error(path.name, "unreadable", "GeoJSON", "export it again as GeoJSON", str(problem)[:100])]


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _large(path: Path, rule: str, value: str) -> Breaches:
    return error(path.name, "too_large", rule, "generalise the borders for a small map before exporting them", value)


class _Reader:
    """Takes a parsed file feature by feature and keeps what is wrong, with the number of the feature (1 the first)."""

    def __init__(self, file: str, known: frozenset[str]) -> None:
        self.file, self.known = file, known
        self._rows: dict[tuple[str, str, str], list[tuple[int, str]]] = {}
        self._whole: list[Breaches] = []

    def breaches(self) -> list[Breaches]:
        """All that was found, those alike together."""
        each = [
            Breaches(Severity.ERROR, self.file, code, rule, remedy, rows=[n for n, _ in hits], values=[v for _, v in hits])
            for (code, rule, remedy), hits in self._rows.items()
        ]
        return [*self._whole, *each]

    def collection(self, content: Any) -> Shapes | None:
        """The outlines of a FeatureCollection; None where none could be taken up."""
        features = content.get("features") if isinstance(content, dict) else None
        if not isinstance(content, dict) or content.get("type") != "FeatureCollection" or not isinstance(features, list):
            got = str(content.get("type", "no type")) if isinstance(content, dict) else type(content).__name__
            self._say("unreadable", "a FeatureCollection with its features", "export it again as GeoJSON", got)
            return None
        most = shape_rules().features
        if len(features) > most:
            self._say("too_large", f"{most:,} features or fewer", "send the clusters only", f"{len(features):,} features")
            return None
        found = [s for n, feature in enumerate(features, 1) if (s := self._feature(n, feature)) is not None]
        self._others(features)
        self._every_cluster([s.code for _, s in found], [n for n, _ in found])
        plane = self._plane(found, _crs(content))
        return Shapes(plane, tuple(sorted((s for _, s in found), key=lambda s: s.code))) if found and plane else None

    def _say(self, code: str, rule: str, remedy: str, got: str) -> None:
        self._whole.append(error(self.file, code, rule, remedy, got))

    def _feature(self, number: int, feature: Any) -> tuple[int, Shape] | None:
        try:
            return number, Shape(self._code(feature), polygons(feature.get("geometry")))
        except Bad as bad:
            self._hit(number, bad)
        return None

    def _hit(self, number: int, bad: Bad) -> None:
        self._rows.setdefault((bad.code, bad.rule, bad.remedy), []).append((number, bad.got))

    def _code(self, feature: Any) -> str:
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            raise Bad("feature", kind_of(feature), "a Feature", "export it again as GeoJSON")
        properties = feature.get("properties")
        told = {fold(str(k)): v for k, v in properties.items()} if isinstance(properties, dict) else {}
        code = str(told.get(CODE) or "").strip().upper()
        remedy = "give the feature the code of its cluster as in the schools table, such as C01"
        if not code:
            raise Bad("cluster_code", "none", f"a property {CODE}", remedy)
        if self.known and code not in self.known:
            raise Bad("cluster_code", MASK if names_itself(code) else code, "a cluster of the schools table", remedy)
        return code

    def _every_cluster(self, codes: list[str], numbers: list[int]) -> None:
        many, seen = Counter(codes), set[str]()
        for code, number in zip(codes, numbers, strict=True):
            if many[code] > 1 and code in seen:
                remedy = "join the parts of a cluster into one MultiPolygon"
                self._hit(number, Bad("twice", code, "each cluster once", remedy))
            seen.add(code)
        if (missing := sorted(self.known - seen)) and not self._rows:
            remedy = "add an outline for each, or send none and go without the map"
            self._say(
                "missing_cluster", "an outline of every cluster of the schools table", remedy, f"none of {', '.join(missing)}"
            )

    def _plane(self, found: Sequence[tuple[int, Shape]], crs: str) -> Plane | None:
        """What the coordinates are: degrees, British National Grid, or a plane of its own; one kind in the whole file."""
        kinds = {number: _degrees(shape) for number, shape in found}
        if len(set(kinds.values())) > 1:
            degrees = sum(kinds.values()) * 2 >= len(kinds)
            remedy = "export every feature with the same coordinates"
            for number in (n for n, k in kinds.items() if k is not degrees):
                got = "degrees" if kinds[number] else "metres"
                self._hit(number, Bad("plane", got, "the coordinates that the other features have", remedy))
            return None
        if not any(kinds.values()):
            return self._metres(found, crs)
        if found and all(_turned(shape) for _, shape in found):
            self._say("turned", "longitude before latitude", "export it again, or swap the two numbers of every position",
                      "latitude before longitude")  # fmt: skip
            return None
        return Plane.DEGREES

    def _metres(self, found: Sequence[tuple[int, Shape]], crs: str) -> Plane:
        points = [p for _, shape in found for p in _points(shape)]
        inside = points and all(0 <= x <= GRID_WIDTH and GRID_SOUTH <= y <= GRID_NORTH for x, y in points)
        plane = Plane.GRID if crs.endswith("27700") or (inside and not crs) else Plane.OTHER
        named = f" ({crs})" if crs and plane is Plane.OTHER else ""
        told = f"coordinates in degrees; these were taken as they are, as metres of {plane.value}{named}"
        self._whole.append(note(self.file, "plane", told, "nothing need be done if the map looks right"))
        return plane

    def _others(self, features: Sequence[Any]) -> None:
        """Properties beside the code: refused where one names a child, else said to be left out."""
        names: set[str] = set()
        for number, feature in enumerate(features, 1):
            properties = feature.get("properties") if isinstance(feature, dict) else None
            others = {k: v for k, v in properties.items() if fold(str(k)) != CODE} if isinstance(properties, dict) else {}
            names |= {str(k) for k in others}
            if any(isinstance(text, str) and names_itself(text) for pair in others.items() for text in pair):
                rule, remedy = "no direct identifier in a property", f"export the features with {CODE} alone"
                self._hit(number, Bad("identifier", MASK, rule, remedy))
        if names:
            told = f"only {CODE}; what else the features carry was not read"
            self._whole.append(note(self.file, "other_properties", told, "nothing need be done", f"{len(names)} more"))


def _crs(content: Mapping[str, Any]) -> str:
    """The name of the reference system that an older file may carry, as the last part of it; blank for degrees."""
    crs = content.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    return "" if name.casefold().endswith(GEOGRAPHIC) else name[:60]


def _points(shape: Shape) -> Iterator[tuple[float, float]]:
    return (point for polygon in shape.polygons for ring in polygon for point in ring)


def _degrees(shape: Shape) -> bool:
    return all(abs(x) <= 180 and abs(y) <= 90 for x, y in _points(shape))


def _turned(shape: Shape) -> bool:
    south, north, west, east = SCOTLAND
    return all(south <= x <= north and west <= y <= east for x, y in _points(shape))
