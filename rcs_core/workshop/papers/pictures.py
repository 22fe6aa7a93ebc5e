"""Pictures for paper: plain Vega-Lite templates and one function that draws them as png, black on white.

A template counts in points of paper: a letter of size 8 in it is one of 8 pt on the page. Series differ by shape and by how dark
they are as well as by colour (Okabe and Ito), so that a picture is read when it was printed in grey. A template has no data:
whoever draws gives the rows.
"""

import json
import struct
import textwrap
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import vl_convert

type Spec = dict[str, Any]
type Rows = pd.DataFrame | Sequence[Mapping[str, object]]

INK, PAPER, GRID, PALE, MIDDLE = "#16252d", "#ffffff", "#dfe4e5", "#c3cbce", "#6d787b"
BLUE, VERMILLION = "#0072b2", "#c24f00"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""The first of them comes with the program that draws."""
LETTER, SMALLEST = 8.5, 8.0
"""Size of most letters and of the smallest, in points on paper."""
LINE = 17.4
"""Centimetres of a line of an A4 page with the margins of our documents."""
SHARP = 300
"""Dots in an inch."""
POINTS_A_CM = 72 / 2.54
ROOM = 1.16
"""A scale goes on past the longest bar by a sixth, for the figure that follows it."""
_SIGNATURE, _DOTS = b"\x89PNG\r\n\x1a\n", b"IDAT"


def draw_png(spec: Spec, rows: Rows, width_cm: float = LINE) -> bytes:
    """The picture, as wide as it will stand on paper (centimetres); a template of several panels brings widths of its own."""
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    whole = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": PAPER,
        "padding": 1,
        **spec,
        "data": {"values": json.loads(frame.to_json(orient="records", force_ascii=False))},
        "config": _config(),
    }
    if "hconcat" not in spec:
        whole |= {"width": width_cm * POINTS_A_CM, "autosize": {"type": "fit-x", "contains": "padding"}}
    return _smaller(bytes(vl_convert.vegalite_to_png(whole, ppi=SHARP)))


def legend() -> Spec:
    """A legend above the picture, its entries side by side."""
    return {
        "title": None,
        "orient": "top",
        "labelLimit": 0,
        "symbolSize": 60,
        "symbolOpacity": 1,
        "columnPadding": 14,
        "offset": 4,
    }


def figures(title: str | Sequence[str] | None, **more: object) -> Spec:
    """An axis of figures, with few lines."""
    return {"title": title, "tickCount": 5, "ticks": False, "domain": False, "labelPadding": 3, "titlePadding": 4, **more}


def lines_of(texts: Iterable[str], letters: int) -> list[list[str]]:
    """Each text in lines of so many letters."""
    return [textwrap.wrap(text, letters) or [""] for text in texts]


def _smaller(png: bytes) -> bytes:
    """The same picture with its dots packed tighter: a third of the bytes, and not a dot changed."""
    parts, place = [], len(_SIGNATURE)
    while place < len(png):
        (size,) = struct.unpack(">I", png[place : place + 4])
        parts.append((png[place + 4 : place + 8], png[place + 8 : place + 8 + size]))
        place += size + 12
    dots = zlib.compress(zlib.decompress(b"".join(content for kind, content in parts if kind == _DOTS)), 9)
    before = [part for part in parts if part[0] not in (_DOTS, b"IEND")]
    return _SIGNATURE + b"".join(_part(*part) for part in (*before, (_DOTS, dots), (b"IEND", b"")))


def _part(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _config() -> Spec:
    letters = {"font": FONT, "fontSize": LETTER, "color": INK}
    axis = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": LETTER, "titleFontSize": LETTER}
    axis |= {"labelColor": INK, "titleColor": INK, "titleFontWeight": "normal", "gridColor": GRID, "gridWidth": 0.6}
    return {
        "font": FONT,
        "axis": axis,
        "axisY": {"grid": False},
        "axisQuantitative": {"grid": True},
        "legend": {"labelFont": FONT, "labelFontSize": LETTER, "labelColor": INK},
        "text": letters,
        "title": {"font": FONT, "fontSize": LETTER, "color": INK, "fontWeight": "bold", "anchor": "start", "offset": 4},
        "view": {"stroke": None},
    }
