"""Every palette of a chart stays told apart by readers who see no red or no green; what is not is told in words as well."""

import re
from collections.abc import Iterator
from importlib import import_module
from itertools import combinations

import numpy as np
import pytest

from rcs_core.settings import ROOT

SEEN_WITH = {
    "without green (deuteranopia)": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
    ],
    "without red (protanopia)": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
}
"""What linear red, green and blue become: Machado, Oliveira and Fernandes 2009, at full severity."""
APART = 9.0
"""Least distance in CIE Lab 1976; about 2.3 is the least that an eye tells."""
IN_WORDS = {("charts_money", "AGENCIES"): "fifteen are more than any palette tells apart: pop-ups and the table name each"}
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def linear(colour: str) -> np.ndarray:
    """Linear red, green and blue of a colour."""
    value = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    """CIE Lab under D65 of linear red, green and blue."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x = to_xyz @ np.clip(light, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(x > 0.008856, np.cbrt(x), 7.787 * x + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def palettes() -> Iterator[tuple[str, str, list[str]]]:
    """Every tuple or dictionary of colours in the modules of charts, with its different colours."""
    for file in sorted((ROOT / "app").glob("charts*.py")):
        for name, value in vars(import_module(f"app.{file.stem}")).items():
            held = value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else ()
            colours = [str(v) for v in held if isinstance(v, str) and COLOUR.fullmatch(v)]
            if len(colours) > 1 and not name.startswith("__") and (file.stem, name) not in IN_WORDS:
                yield file.stem, name, list(dict.fromkeys(colours))


def test_the_simulation_knows_red_from_green_only_for_who_sees_both() -> None:
    red, green = linear("#a03030"), linear("#5a6a1e")
    plain = np.linalg.norm(lab(red) - lab(green))
    for seen in SEEN_WITH.values():
        assert np.linalg.norm(lab(np.array(seen) @ red) - lab(np.array(seen) @ green)) < plain / 2
    assert lab(linear("#ffffff")) == pytest.approx([100, 0, 0], abs=0.1)


def test_no_two_colours_of_a_palette_look_alike_without_red_or_green() -> None:
    found = list(palettes())
    assert len(found) > 10
    alike = [
        (module, name, one, other, who)
        for module, name, colours in found
        for who, seen in SEEN_WITH.items()
        for one, other in combinations(colours, 2)
        if np.linalg.norm(lab(np.array(seen) @ linear(one)) - lab(np.array(seen) @ linear(other))) < APART
    ]
    assert not alike
