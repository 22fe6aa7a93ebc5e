"""The pictures of *Beside other councils*: a point a council from the highest, and our figure over the years.

Templates are built once and hold no data. Our council differs from the others in colour, shape and size, so that it is
found without seeing colour.
"""

import copy
from functools import cache
from typing import Any

import altair as alt

from app.charts import BLUE, GREEN, GREY, VERMILLION

ROW = 24
"""Pixels a council."""
SHAPES = ("diamond", "circle", "circle")
COLOURS = (VERMILLION, BLUE, GREY)
SIZES = (230, 120, 60)
LINE_COLOURS = (VERMILLION, BLUE, GREEN)
LINE_SHAPES = ("diamond", "circle", "square")

type Spec = dict[str, Any]


def councils(series: tuple[str, ...], unit: str) -> Spec:
    """A point a council with its interval, and a dashed line for Scotland.

    Columns: label, order, series, value, low, high, says, whole. series: what ours, the family's and the
    others are called, in that order; one that no council is of is blank.
    """
    spec, there = copy.deepcopy(_councils()), [place for place, name in enumerate(series) if name]
    for layer in spec["layer"]:
        encoding = layer["encoding"]
        encoding["x"]["title"] = unit
        for channel, scale in (("color", COLOURS), ("shape", SHAPES), ("size", SIZES)):
            if channel in encoding:
                encoding[channel]["scale"] = {"domain": [series[k] for k in there], "range": [scale[k] for k in there]}
    return spec


def years(series: tuple[str, ...], unit: str) -> Spec:
    """Lines over the years: columns year, series, value; the first series is ours."""
    spec = copy.deepcopy(_years())
    for layer in spec["layer"]:
        encoding = layer["encoding"]
        encoding["y"]["title"] = unit
        encoding["color"]["scale"] = {"domain": list(series), "range": list(LINE_COLOURS[: len(series)])}
        if "shape" in encoding:
            encoding["shape"]["scale"] = {"domain": list(series), "range": list(LINE_SHAPES[: len(series)])}
    return spec


def _legend() -> alt.Legend:
    return alt.Legend(title=None, orient="top", direction="vertical", labelLimit=0, labelFontSize=14, symbolOpacity=1)


def _bare(chart: alt.LayerChart) -> Spec:
    spec: Spec = chart.to_dict(validate=False)
    for part in (spec, *spec["layer"]):
        for key in ("$schema", "config", "data", "datasets"):
            part.pop(key, None)
    return spec


@cache
def _councils() -> Spec:
    axis = alt.Axis(labelFontSize=14, titleFontSize=14, tickCount=5, grid=True)
    names = alt.Axis(title=None, labelLimit=0, labelFontSize=14, labelOverlap=False, labelFlush=False)
    y = alt.Y("label:N", sort=alt.SortField("order"), axis=names)
    scale = alt.Scale(zero=False, nice=True)
    colour = alt.Color("series:N", legend=_legend())
    tips = [alt.Tooltip("label:N", title="Council area"), alt.Tooltip("says:N", title="Figure")]
    ends = alt.Chart().mark_rule(strokeWidth=2, opacity=0.6)
    ends = ends.encode(y=y, x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", color=colour, tooltip=tips)
    dots = alt.Chart().mark_point(filled=True, opacity=1)
    dots = dots.encode(
        y=y, x=alt.X("value:Q", scale=scale, axis=axis), color=colour, shape=alt.Shape("series:N", legend=_legend()),
        size=alt.Size("series:N", legend=None), tooltip=tips,
    )  # fmt: skip
    whole = alt.Chart().transform_filter("isValid(datum.whole)").mark_rule(strokeDash=[5, 4], strokeWidth=2, color=GREY)
    whole = whole.encode(x=alt.X("min(whole):Q", scale=scale, axis=axis))
    return _bare(alt.layer(whole, ends, dots).properties(height=alt.Step(ROW)))


@cache
def _years() -> Spec:
    axis = alt.Axis(labelFontSize=14, title=None, labelAngle=-45)
    y = alt.Y("value:Q", scale=alt.Scale(zero=False, nice=True), axis=alt.Axis(labelFontSize=14, titleFontSize=14, tickCount=5))
    colour = alt.Color("series:N", legend=_legend())
    base = alt.Chart().encode(x=alt.X("year:O", axis=axis, sort=None), y=y, color=colour)
    tips = [alt.Tooltip("series:N", title="Of"), alt.Tooltip("year:O", title="Year"), alt.Tooltip("value:Q", format=",.1f")]
    dots = base.mark_point(filled=True, size=110, opacity=1).encode(shape=alt.Shape("series:N", legend=_legend()), tooltip=tips)
    return _bare(alt.layer(base.mark_line(strokeWidth=3), dots).properties(height=400))
