"""Where the words of a map go: inside the outline they belong to, clear of its borders and of each other.

In: outlines, and the words in lines. Out: for a wide screen and for a phone, what fits each cluster and where: its name, its
number, or its number and sign in one line. A name that does not fit becomes a number, which the table explains.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import wrap

import numpy as np
from numpy.typing import NDArray

from rcs_core.workshop.shapes import Outline, edges, inside

NAME_LETTERS = 14
"""Letters of a name before it breaks into lines."""
VALUE = "▲ 99%"
"""The longest figure, so that a place for words holds for every question."""
HEIGHT = 430
"""Pixels of a map without its legend, as drawn."""
WIDE_PIXELS, NARROW_PIXELS = 600, 320
"""Pixels across that a map has at the least on a wide screen, and on a phone."""
LETTER, LINE = 7.7, 18.0
"""Pixels of a letter, and from line to line."""
GRAIN = 27
"""Places tried from side to side of an outline."""


@dataclass(frozen=True, slots=True)
class Label:
    """The place of one cluster's words: named (else its number), whether in two lines or more, and where its middle is."""

    named: bool
    stacked: bool
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Labels:
    """Of every cluster by code, on a wide screen and on a narrow one."""

    wide: dict[str, Label]
    narrow: dict[str, Label]

    @property
    def numbered(self) -> bool:
        """Whether a number stands for a name anywhere."""
        return self.numbered_wide or any(not label.named for label in self.narrow.values())

    @property
    def numbered_wide(self) -> bool:
        """Whether it does so on a wide screen."""
        return any(not label.named for label in self.wide.values())


def name_lines(name: str) -> list[str]:
    """A name in lines that fit a map."""
    return wrap(name, NAME_LETTERS) or [name]


def labels(found: Mapping[str, Outline], names: Mapping[str, str]) -> Labels:
    """The places of all words; names: of each cluster as it is written on the map."""
    points = np.concatenate([ring for o in found.values() for polygon in o.polygons for ring in polygon])
    width, height = np.maximum(points.max(axis=0) - points.min(axis=0), 1)
    screens = []
    for pixels in (WIDE_PIXELS, NARROW_PIXELS):
        step = max(width / pixels, height / HEIGHT)
        screens.append(_all(found, names, LETTER * step, LINE * step, mixed=pixels == WIDE_PIXELS))
    return Labels(*screens)


def _all(found: Mapping[str, Outline], names: Mapping[str, str], letter: float, line: float, *, mixed: bool) -> dict[str, Label]:
    """On one screen: names where they fit, on a narrow one only where all do; else numbers."""
    named = {code: _place(o, [*name_lines(names[code]), VALUE], letter, line, []) for code, o in found.items()}
    if not mixed and not all(named.values()):
        named = dict.fromkeys(found)
    placed: dict[str, Label] = {}
    taken: list[tuple[float, float, float, float]] = []
    for code, at in named.items():
        if at is not None:
            placed[code] = Label(True, True, *at)
            taken.append(_box(at, [*name_lines(names[code]), VALUE], letter, line))
    for number, (code, outline) in enumerate(found.items(), 1):
        if code in placed:
            continue
        at = _place(outline, [str(number), VALUE], letter, line, taken)
        stacked = at is not None
        at = at or _place(outline, [f"{number}▲"], letter, line, taken) or _clearest(outline)
        placed[code] = Label(False, stacked, *at)
        taken.append(_box(at, [str(number), VALUE] if stacked else [f"{number}▲"], letter, line))
    return placed


def _box(at: tuple[float, float], lines: list[str], letter: float, line: float) -> tuple[float, float, float, float]:
    half, tall = max(map(len, lines)) * letter / 2, len(lines) * line / 2
    return at[0] - half, at[1] - tall, at[0] + half, at[1] + tall


def _place(
    outline: Outline, lines: list[str], letter: float, line: float, taken: list[tuple[float, float, float, float]]
) -> tuple[float, float] | None:
    """The middle of the words where they lie wholly inside, clear of other words, and farthest from any border; else None."""
    centres = _grid(outline)
    if not len(centres):
        return None
    half, tall = (max(map(len, lines)) + 1) * letter / 2, len(lines) * line / 2
    for dx in np.linspace(-1, 1, 7):
        for dy in (-1.0, 0.0, 1.0):
            centres = centres[inside(centres + np.array([dx * half, dy * tall]), outline)] if len(centres) else centres
    for left, low, right, high in taken:
        clear = (np.abs(centres[:, 0] - (left + right) / 2) > half + (right - left) / 2) | (
            np.abs(centres[:, 1] - (low + high) / 2) > tall + (high - low) / 2
        )
        centres = centres[clear]
    return _farthest(centres, outline) if len(centres) else None


def _clearest(outline: Outline) -> tuple[float, float]:
    """The point inside that is farthest from any border."""
    centres = _grid(outline)
    if not len(centres):
        x, y = outline.middle
        return float(x), float(y)
    return _farthest(centres, outline)


def _farthest(centres: NDArray[np.float64], outline: Outline) -> tuple[float, float]:
    starts, ends = edges(outline)
    along, off = ends - starts, centres[:, None, :] - starts
    share = np.clip((off * along).sum(axis=2) / np.maximum((along**2).sum(axis=1), 1e-9), 0, 1)
    near = np.sqrt(((off - share[:, :, None] * along) ** 2).sum(axis=2)).min(axis=1)
    x, y = centres[int(near.argmax())]
    return round(float(x), 1), round(float(y), 1)


def _grid(outline: Outline) -> NDArray[np.float64]:
    """Points inside, evenly spread over the outline's largest part."""
    outer = max((p[0] for p in outline.polygons), key=lambda ring: float(np.ptp(ring[:, 0]) * np.ptp(ring[:, 1])))
    low, high = outer.min(axis=0), outer.max(axis=0)
    x, y = np.meshgrid(*(np.linspace(low[k], high[k], GRAIN + 1)[:-1] + (high[k] - low[k]) / GRAIN / 2 for k in (0, 1)))
    points = np.column_stack([x.ravel(), y.ravel()])
    return points[inside(points, outline)]
