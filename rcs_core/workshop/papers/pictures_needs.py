"""The pictures of a profile for paper: every question by domain around what it is set beside, and small ones by group in a row.

Both take a profile's pictures as they are; a row that is not shown keeps its label, with its mark, and has no dot.
"""

import json
from collections.abc import Sequence

import pandas as pd

from rcs_core.workshop.papers.pictures import (
    BLUE,
    GRID,
    INK,
    LETTER,
    LINE,
    MIDDLE,
    PALE,
    POINTS_A_CM,
    ROOM,
    SMALLEST,
    VERMILLION,
    Spec,
    draw_png,
    figures,
    legend,
    lines_of,
)
from rcs_core.workshop.profile.parts import Picture
from rcs_core.workshop.spine import HEADING

POINTS, SHARE = "Points from the whole area: ← less need · more need →", "% of children with need"
LOOKS = ((VERMILLION, "triangle-up"), (BLUE, "triangle-down"), (MIDDLE, "circle"), (INK, "square"))
"""More, less, neither, not compared: colour and shape."""
LEAST_REACH, FEW = 10, 50
"""Points either side that are always in sight; per cent up to which a small picture has a line at every ten."""
_LABEL, _LETTER = 52, 0.5
"""Letters of a line of a row's label; a letter's width as part of its size."""
_ROW, _LINE = 12.2, 8.8
"""Points of a row, and of each further line of its label."""
_LEAST_ROW, _TALL = 10.0, 300.0
"""Points of a row where there are many, and of all rows before they come closer."""
_GAP, _PANELS = 12.0, 3
"""Points between small pictures; how many at least share a line."""
_SIGNED = "datum.value > 0 ? '+' + datum.value : datum.value < 0 ? '−' + (-datum.value) : '0'"


def spine(picture: Picture) -> bytes:
    """Every question by domain, as wide as the page."""
    points = picture.points.assign(
        **{c: picture.points[c].astype(float) for c in ("value", "low", "high", "beside", "earlier", "end")}
    )
    labels = [str(label).removeprefix(HEADING) for label in points["label"]]
    broken = lines_of(labels, _LABEL)
    bold = [k for k, label in enumerate(points["label"]) if str(label).startswith(HEADING)]
    there = [
        (n, *look) for n, look in zip(picture.names, LOOKS, strict=True)
        if n in set(points.loc[points["said"] != "", "series"])
    ]  # fmt: skip
    scale = {"domain": _around(points) if picture.centred else [0, 100 * ROOM - 4], "nice": False}
    axis = figures(POINTS if picture.centred else SHARE, orient="top")
    axis |= {"labelExpr": _SIGNED} if picture.centred else {"values": [0, 25, 50, 75, 100]}
    x = {"type": "quantitative", "scale": scale, "axis": axis}
    names = [name for name, _, _ in there]
    colour = {"field": "series", "type": "nominal", "scale": {"domain": names, "range": [c for _, c, _ in there]}}
    shape = {"field": "series", "type": "nominal", "scale": {"domain": names, "range": [s for _, _, s in there]}}
    layer: list[Spec] = [
        {"mark": {"type": "rule", "strokeWidth": 6, "color": PALE},
         "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}}},
        {"mark": {"type": "tick", "thickness": 1.6, "size": 9, "color": INK}, "encoding": {"x": {**x, "field": "earlier"}}},
        {"mark": {"type": "point", "shape": "diamond", "size": 55, "strokeWidth": 1.3, "color": INK},
         "encoding": {"x": {**x, "field": "beside"}}},
        {"transform": [{"filter": "datum.said != ''"}], "mark": {"type": "point", "filled": True, "size": 52, "opacity": 1},
         "encoding": {"x": {**x, "field": "value"}, "color": {**colour, "legend": legend()},
                      "shape": {**shape, "legend": legend()}}},
        {"mark": {"type": "text", "align": "left", "dx": 6, "fontWeight": "bold"},
         "encoding": {"x": {**x, "field": "end"}, "text": {"field": "said"}}},
    ]  # fmt: skip
    if picture.centred:
        middle = {"mark": {"type": "rule", "strokeWidth": 1, "color": INK}, "encoding": {"x": {**x, "datum": 0}}}
        layer.insert(0, {"data": {"values": [{}]}, **middle})
    for one in layer[1 if picture.centred else 0 :]:
        one["encoding"]["y"] = _rows(broken, bold, len(points))
    row = max(_LEAST_ROW, min(_ROW, _TALL / max(len(points), 1)))
    most = max((len(lines) for lines in broken), default=1)
    step = row if most == 1 else _LINE * most
    return draw_png({"height": {"step": step}, "layer": layer}, points.drop(columns=["says"]), LINE)


def groups(pictures: Sequence[Picture]) -> bytes:
    """One question a panel by group, side by side, all on one scale."""
    each = (LINE * POINTS_A_CM - _GAP * (max(len(pictures), _PANELS) - 1)) / max(len(pictures), _PANELS) - 2
    longest = max(len(str(label)) for picture in pictures for label in picture.points["label"])
    room = min(longest * LETTER * _LETTER + 9, each * 0.55)
    titles = lines_of([picture.title for picture in pictures], int(each / (LETTER * (_LETTER + 0.06))))
    tall = max(len(lines) for lines in titles)
    panels = [
        _panel(picture, [*lines, *[""] * (tall - len(lines))], room, each - room)
        for picture, lines in zip(pictures, titles, strict=True)
    ]
    return draw_png({"hconcat": panels, "spacing": _GAP}, pd.DataFrame())


def _panel(picture: Picture, title: list[str], room: float, width: float) -> Spec:
    """One question: its groups as dots with their intervals, the whole place as a dashed line."""
    points = picture.points
    top = picture.top
    axis = figures(None, values=list(range(0, top + 1, 10 if top <= FEW else 20)), labelFontSize=SMALLEST)
    x = {"type": "quantitative", "scale": {"domain": [0, top * (ROOM + 0.14)], "nice": False}, "axis": axis}
    letters = max(int(room / (LETTER * _LETTER)), 8)
    broken = lines_of([str(label) for label in points["label"]], letters)
    y = _rows(broken, [], len(points))
    y["axis"] |= {"minExtent": room, "maxExtent": room}
    layer: list[Spec] = [
        {"mark": {"type": "rule", "strokeDash": [3, 2.5], "strokeWidth": 1, "color": MIDDLE},
         "encoding": {"x": {**x, "field": "whole", "aggregate": "max"}}},
        {"mark": {"type": "rule", "strokeWidth": 2, "color": BLUE},
         "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y}},
        {"mark": {"type": "point", "filled": True, "size": 40, "opacity": 1, "color": BLUE},
         "encoding": {"x": {**x, "field": "pct"}, "y": y}},
        {"transform": [{"calculate": "isValid(datum.high) ? datum.high : datum.pct", "as": "reach"}],
         "mark": {"type": "text", "align": "left", "dx": 4, "fontWeight": "bold"},
         "encoding": {"x": {**x, "field": "reach"}, "y": y, "text": {"field": "said"}}},
    ]  # fmt: skip
    step = _ROW + 1 + _LINE * (max((len(lines) for lines in broken), default=1) - 1)
    rows = points.drop(columns=["says"]).astype(dict.fromkeys(("pct", "low", "high", "whole"), float))
    return {
        "title": {"text": title, "anchor": "start", "frame": "bounds"},
        "width": width,
        "height": {"step": step},
        "data": {"values": json.loads(rows.to_json(orient="records", force_ascii=False))},
        "layer": layer,
    }


def _rows(labels: list[list[str]], bold: list[int], many: int) -> Spec:
    """The rows of a picture by their order, each under its own label, however long and even where two are alike."""
    weight = {"condition": {"test": f"indexof({bold}, datum.value) >= 0", "value": "bold"}, "value": "normal"}
    up = [
        {"test": f"length({json.dumps(labels, ensure_ascii=False)}[datum.value]) == {lines}", "value": -_LINE / 2 * (lines - 1)}
        for lines in sorted({len(label) for label in labels} - {1})
    ]
    axis = {
        "title": None, "ticks": False, "domain": False, "labelLimit": 0, "labelOverlap": False, "labelPadding": 5,
        "labelExpr": f"{json.dumps(labels, ensure_ascii=False)}[datum.value]",
        "labelFontWeight": weight, "labelOffset": {"condition": up, "value": 0} if up else 0, "labelLineHeight": _LINE,
        "labelBaseline": "middle", "grid": bool(many), "gridColor": GRID, "gridWidth": 0.4,
    }  # fmt: skip
    return {"field": "order", "type": "ordinal", "scale": {"domain": list(range(many))}, "axis": axis}


def _around(points: pd.DataFrame) -> list[float]:
    """As far to the left as to the right, in whole fives, with room for the figure at the right end."""
    ends = points[["value", "low", "high", "beside", "earlier"]].abs().max().max()
    reach = max(LEAST_REACH, 5 * -(-float(ends if pd.notna(ends) else 0) // 5))
    return [-reach, reach * ROOM]
