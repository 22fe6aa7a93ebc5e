"""Pictures of what differs, between waves and between places: points either side of nothing, a grid of marks, a funnel.

Templates as in `charts`: built once, without data. More need points up and is vermillion, less points down and is blue;
shape and words say it too, so nothing rests on colour.
"""

import copy
from collections.abc import Sequence
from functools import cache

import altair as alt
import pandas as pd

from app.charts import BLUE, GREY, VERMILLION, Spec, _finish, _label_axis, _legend

STEP = 54
"""Height of a row in pixels: up to three lines of label."""
CELL = 40
"""Height of a row of the grid."""
SHAPES = ("triangle-up", "triangle-down", "circle")
COLOURS = (VERMILLION, BLUE, GREY)
SIDES = ["percentage points", "← less need · more need →"]
"""What the sides mean, in lines short enough for a phone."""
LEAST_REACH = 10
"""Points either side of nothing that are always in sight, so that a change of 2 does not look like one of 20."""


def steps(names: Sequence[str], points: pd.DataFrame) -> Spec:
    """Points with 95% intervals either side of nothing: columns label, order, series (of `names`), value, low, high, said."""
    spec = copy.deepcopy(_steps())
    ends = points[["value", "low", "high"]].astype(float).abs().max().max()
    reach = max(LEAST_REACH, 5 * -(-float(ends if pd.notna(ends) else 0) // 5))
    for layer in spec["layer"]:
        encoding = layer["encoding"]
        # Room at the right end for the number that follows the longest interval.
        encoding["x"]["scale"] = {"domain": [-reach, reach * 1.2], "nice": False}
        if "axis" in encoding["x"]:
            encoding["x"]["title"] = SIDES
        for channel, values in (("color", COLOURS), ("shape", SHAPES)):
            if channel in encoding:
                encoding[channel]["scale"] = {"domain": list(names), "range": list(values)}
    return spec


def grid(names: Sequence[str]) -> Spec:
    """A square a question and place, with its mark: columns label, order, place, series, mark, says."""
    spec = copy.deepcopy(_grid())
    for layer in spec["layer"]:
        layer["encoding"]["color"]["scale"] = {"domain": [*names, "Not shown"], "range": [*COLOURS, GREY]}
    return spec


def funnel(unit: str, points: pd.DataFrame, names: Sequence[str]) -> Spec:
    """Dots by answers and share, between 95% and 99.8% limits: columns of `Funnel.points`."""
    spec = copy.deepcopy(_funnel())
    spec["layer"][0]["encoding"]["y"]["title"] = unit
    ends = points[["pct", "low_998", "high_998"]].astype(float)
    low, high = (float(ends.min().min()), float(ends.max().max())) if len(points) else (0.0, 100.0)
    domain = [max(0, 5 * (low // 5)), min(100, 5 * (high // 5 + 1))]
    for layer in spec["layer"]:
        layer["encoding"]["y"]["scale"] = {"domain": domain, "nice": False}
        if "shape" in layer["encoding"]:
            within, above, below = names
            for channel, values in (("color", (GREY, VERMILLION, BLUE)), ("shape", ("circle", *SHAPES[:2]))):
                layer["encoding"][channel]["scale"] = {"domain": [within, above, below], "range": list(values)}
    return spec


@cache
def _steps() -> Spec:
    axis = alt.Axis(labelFontSize=14, titleFontSize=14, tickCount=5, format="+d", labelExpr=_SIGNED)
    x = alt.X("value:Q", axis=axis)
    colour = alt.Color("series:N", legend=_legend())
    tips = [alt.Tooltip("row:N", title="Row"), alt.Tooltip("says:N", title="Says")]
    base = alt.Chart().encode(y=_label_axis())
    zero = alt.Chart().mark_rule(strokeWidth=2, color=GREY).encode(x=alt.X("nothing:Q", axis=axis))
    zero = zero.transform_calculate(nothing="0")
    rule = base.mark_rule(strokeWidth=3, opacity=0.55).encode(
        x=alt.X("low:Q", axis=axis), x2="high:Q", color=colour, tooltip=tips
    )
    dot = base.mark_point(filled=True, size=150, opacity=1).encode(
        x=x, color=colour, shape=alt.Shape("series:N", legend=_legend()), tooltip=tips
    )
    said = base.mark_text(align="left", dx=9, fontSize=14, fontWeight=600)
    said = said.encode(x=alt.X("high:Q", axis=axis), text=alt.Text("said:N"))
    return _finish(alt.layer(zero, rule, dot, said).properties(height=alt.Step(STEP)))


_SIGNED = "datum.value > 0 ? '+' + datum.value : datum.value < 0 ? '−' + (-datum.value) : '0'"


_GAP = 0.07
"""Between two squares, as a share of one: the page shows through, light or dark."""


@cache
def _grid() -> Spec:
    across = alt.Axis(title=None, orient="top", labelAngle=-60, labelFontSize=14, labelLimit=0, labelOverlap=False, grid=False)
    x = alt.X("place:N", sort=None, axis=across, scale=alt.Scale(paddingInner=_GAP))
    tips = [alt.Tooltip("row:N", title="Question"), alt.Tooltip("place:N", title="Where"), alt.Tooltip("says:N", title="Says")]
    colour = alt.Color("series:N", legend=None)
    base = alt.Chart().encode(y=_label_axis().scale(paddingInner=_GAP), x=x, color=colour)
    square = base.mark_rect(opacity=0.12).encode(tooltip=tips)
    mark = base.mark_text(fontSize=17, fontWeight="bold").encode(text="mark:N", tooltip=tips)
    return _finish(alt.layer(square, mark).properties(height=alt.Step(CELL)))


@cache
def _funnel() -> Spec:
    x = alt.X("answers:Q", title="Children who answered", scale=alt.Scale(zero=False, padding=14), axis=_numbers())
    tips = [
        alt.Tooltip("label:N", title="School"),
        alt.Tooltip("answers:Q", title="Answered", format=","),
        alt.Tooltip("pct:Q", title="% with need"),
        alt.Tooltip("series:N", title="Says"),
    ]
    base = alt.Chart().encode(x=x)
    layers = []
    for column, dash in (("low_998", [1, 0]), ("high_998", [1, 0]), ("low_95", [5, 4]), ("high_95", [5, 4]), ("middle", [2, 3])):
        line = base.mark_line(strokeWidth=2, strokeDash=dash, color=GREY, opacity=0.9, interpolate="monotone")
        layers.append(line.encode(y=alt.Y(f"{column}:Q", axis=_numbers())))
    dot = base.mark_point(filled=True, size=120, opacity=0.95).encode(
        y=alt.Y("pct:Q", axis=_numbers()),
        color=alt.Color("series:N", legend=_legend()),
        shape=alt.Shape("series:N", legend=_legend()),
        tooltip=tips,
    )
    names = []
    for test, align, dx in (("datum.right", "right", -10), ("!datum.right", "left", 10)):
        name = base.mark_text(align=align, dx=dx, fontSize=14, fontWeight=600).transform_filter(test)
        names.append(name.encode(y=alt.Y("pct:Q", axis=_numbers()), text="named:N"))
    return _finish(alt.layer(*layers, dot, *names).properties(height=560))


def _numbers() -> alt.Axis:
    return alt.Axis(labelFontSize=14, titleFontSize=14, tickCount=6)
