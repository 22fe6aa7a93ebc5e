"""The quadrant of need and preventative spend: a dot an outcome, the ranges of both, and a dashed line at the middle of each.

A template as in `charts`: built once, without data. Spend runs on a square-root scale, so that a small sum can be told from
nothing beside a large one; colour and shape both say the quarter, and each dot has its name.
"""

import copy
from functools import cache
from typing import Literal

import altair as alt
import pandas as pd

from app.charts import BLUE, GREEN, GREY, VERMILLION, Spec, _finish, _legend

SHAPES = ("diamond", "triangle-up", "circle", "square")
COLOURS = (VERMILLION, BLUE, GREY, GREEN)
HEIGHT = 640
"""Pixels with legend and axes: on a phone the names of outcomes that are near each other need the height."""
ROOM = 8
"""Percentage points kept free above and below the dots, for their names."""
FAR = 0.45
"""From this share of the width on, a name stands to the left of its dot."""
NEAR = 10
"""Percentage points under another dot at which a name stands below its own instead of above it."""
SIDES: tuple[tuple[Literal["left", "right"], int], ...] = (("right", -4), ("left", 4))
"""How a name is aligned, and by how many pixels it is off its dot."""


def quadrant(names: tuple[str, ...], points: pd.DataFrame, need: float, spend: float) -> Spec:
    """Columns label, series (of `names`), pct, low, high, millions, millions_low, millions_high, says; the two middles."""
    spec = copy.deepcopy(_quadrant())
    low, high = float(points["low"].min()), float(points["high"].max())
    most = float(points["millions_high"].max()) or 1.0
    for layer in spec["layer"]:
        encoding = layer["encoding"]
        for channel in ("x", "y"):
            if channel in encoding:
                scale = {"domain": [max(0, low - ROOM), min(100, high + ROOM)]} if channel == "y" else _roots(most)
                encoding[channel]["scale"] = {**scale, "nice": False}
        for channel, values in (("color", COLOURS), ("shape", SHAPES)):
            if channel in encoding:
                encoding[channel]["scale"] = {"domain": list(names), "range": list(values)}
    for layer, column, middle in zip(spec["layer"], ("pct", "millions"), (need, spend), strict=False):
        layer["transform"] = [{"calculate": str(middle), "as": column}]
    return spec


def _roots(most: float) -> dict[str, object]:
    return {"type": "sqrt", "domain": [0, most * 1.05]}


def placed(points: pd.DataFrame) -> pd.DataFrame:
    """The points with where a name stands: to the left of its dot (`right`: the dot is far right), and `below` it."""
    most = float(points["millions_high"].max()) if len(points) else 0.0
    above = points["pct"].map(lambda own: bool(((points["pct"] > own) & (points["pct"] - own < NEAR)).any()))
    return points.assign(right=(points["millions"] / (most or 1.0)) ** 0.5 > FAR, below=above)


@cache
def _quadrant() -> Spec:
    x = alt.X("millions:Q", title="Preventative spend in a year (£ million)", axis=_numbers(",.3~f"))
    y = alt.Y("pct:Q", title="% of children with need", axis=_numbers(",.0f"))
    base, tips = alt.Chart(), [alt.Tooltip("label:N", title="Outcome"), alt.Tooltip("says:N", title="Says")]
    colour = alt.Color("series:N", legend=_legend())
    middle = base.mark_rule(strokeDash=[6, 5], strokeWidth=2, color=GREY)
    across, down = middle.encode(y=y), middle.encode(x=x)
    wide = base.mark_rule(strokeWidth=3, opacity=0.45).encode(
        x=alt.X("millions_low:Q", axis=_numbers(",.3~f")), x2="millions_high:Q", y=y, color=colour, tooltip=tips
    )
    tall = base.mark_rule(strokeWidth=3, opacity=0.45).encode(
        x=x, y=alt.Y("low:Q", axis=_numbers(",.0f")), y2="high:Q", color=colour, tooltip=tips
    )
    dot = base.mark_point(filled=True, size=170, opacity=1).encode(
        x=x, y=y, color=colour, shape=alt.Shape("series:N", legend=_legend()), tooltip=tips
    )
    names = [_name(align, dx, below).encode(x=x, y=y, text="label:N") for align, dx in SIDES for below in (False, True)]
    return _finish(alt.layer(across, down, wide, tall, dot, *names).properties(height=HEIGHT))


def _name(align: Literal["left", "right"], dx: int, below: bool) -> alt.Chart:
    """The names on one side of their dots, above or below them."""
    test = f"datum.right == {str(align == 'right').lower()} && datum.below == {str(below).lower()}"
    named = alt.Chart().mark_text(align=align, dx=dx, dy=17 if below else -14, fontSize=14, fontWeight=600)
    found: alt.Chart = named.transform_filter(test)
    return found


def _numbers(form: str) -> alt.Axis:
    return alt.Axis(labelFontSize=14, titleFontSize=14, tickCount=5, format=form, grid=False)
