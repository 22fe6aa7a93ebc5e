"""Vega-Lite templates, each built once with Altair and copied for every drawing; colours that hold on light and dark.

A template has no data: the page gives the rows. Labels may hold a line break as `|` (see `wrapped`), so that a long
name stays whole on a phone. Colours are Okabe and Ito's, in the shades that reach 3:1 on both backgrounds.
"""

import copy
import textwrap
from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

BLUE, VERMILLION, GREEN, PINK, GREY = "#0072b2", "#d55e00", "#009e73", "#a3457f", "#7a8486"
PALETTE = (BLUE, VERMILLION, GREEN, PINK, GREY)
WITHOUT_WITH = (VERMILLION, BLUE)
"""Children without a contact, then with it."""
LABEL_WIDTH = 24
"""Characters of a row's label before it breaks into lines."""
ROW, THICK_ROW = 54, 64
"""Height of a row in pixels: three lines of label, or a thick bar."""
TIPS = (("row", "N", "Row"), ("series", "N", "Of"), ("pct", "Q", "%"), ("low", "Q", "95% from"), ("high", "Q", "to"))

type Spec = dict[str, Any]


def wrapped(frame: pd.DataFrame, column: str = "label", width: int = LABEL_WIDTH) -> pd.DataFrame:
    """The frame with one column's text broken into lines for an axis."""
    return frame.assign(**{column: ["|".join(textwrap.wrap(str(v), width)) for v in frame[column]]})


def dots(here: str, beside: str = "", unit: str = "% of children") -> Spec:
    """Dots with 95% intervals, one row a label: columns label, order, series, pct, low, high, said."""
    spec = copy.deepcopy(_dots())
    names = [here, beside] if beside else [here]
    for layer in spec["layer"]:
        encoding = layer["encoding"]
        encoding["x"]["title"] = unit
        if "color" not in encoding:
            continue
        encoding["color"]["scale"] = {"domain": names, "range": [BLUE, VERMILLION][: len(names)]}
        if "shape" in encoding:
            encoding["shape"]["scale"] = {"domain": names, "range": ["circle", "diamond"][: len(names)]}
        if not beside:
            for channel in ("color", "shape"):
                encoding.get(channel, {})["legend"] = None
    return spec


def bars(parts: Sequence[str], unit: str, colours: Sequence[str] = PALETTE, *, form: str = ",.0f") -> Spec:
    """Stacked bars, one row a label: columns label, order, part (of `parts`), place, value, text (see `inside`)."""
    spec = copy.deepcopy(_bars())
    for layer in spec["layer"]:
        layer["encoding"]["x"].update(title=unit, axis={**layer["encoding"]["x"].get("axis", {}), "format": form})
    colour = spec["layer"][0]["encoding"]["color"]
    colour["scale"] = {"domain": list(parts), "range": list(colours)[: len(parts)]}
    return spec


def lines(unit: str, form: str = ",.0f") -> Spec:
    """Lines over years: columns year, series, value."""
    spec = copy.deepcopy(_lines())
    for layer in spec["layer"]:
        layer["encoding"]["y"].update(title=unit, axis={"format": form, "tickCount": 5})
    return spec


def _label_axis() -> alt.Y:
    axis = alt.Axis(title=None, labelExpr="split(datum.label, '|')", labelLimit=0, labelFontSize=14, labelOverlap=False)
    return alt.Y("label:N", sort=alt.SortField("order"), axis=axis)


def _legend() -> alt.Legend:
    return alt.Legend(
        title=None, orient="top", direction="vertical", labelLimit=0, labelFontSize=14, symbolSize=140, symbolOpacity=1
    )


def _finish(chart: alt.LayerChart | alt.FacetChart) -> Spec:
    spec: Spec = chart.to_dict(validate=False)
    for key in ("$schema", "config", "data", "datasets"):
        for part in (spec, *spec["layer"]):
            part.pop(key, None)
    return spec


@cache
def _dots() -> Spec:
    axis = alt.Axis(values=[0, 25, 50, 75, 100], labelFontSize=14, titleFontSize=14, grid=True)
    x = alt.X("pct:Q", scale=alt.Scale(domain=[0, 100]), axis=axis)
    colour = alt.Color("series:N", legend=_legend())
    tips = [alt.Tooltip(f"{c}:{t}", title=n) for c, t, n in TIPS]
    base = alt.Chart().encode(y=_label_axis(), yOffset=alt.YOffset("series:N", sort=None))
    rule = base.mark_rule(strokeWidth=3, opacity=0.55).encode(
        x=alt.X("low:Q", scale=alt.Scale(domain=[0, 100]), axis=axis), x2="high:Q", color=colour, tooltip=tips
    )
    dot = base.mark_point(filled=True, size=130, opacity=1).encode(
        x=x, color=colour, shape=alt.Shape("series:N", legend=_legend()), tooltip=tips
    )
    end = alt.X("reach:Q", scale=alt.Scale(domain=[0, 100]), axis=axis)
    value = base.transform_calculate(reach="isValid(datum.high) ? datum.high : datum.pct").mark_text(
        align="left", dx=9, fontSize=14, fontWeight=600
    )
    value = value.encode(x=end, text=alt.Text("said:N"))
    return _finish(alt.layer(rule, dot, value).properties(height=alt.Step(ROW, **{"for": "position"})))


@cache
def _bars() -> Spec:
    axis = alt.Axis(labelFontSize=14, titleFontSize=14, tickCount=5)
    order = alt.Order("place:O")
    base = alt.Chart().encode(y=_label_axis(), order=order)
    tips = [alt.Tooltip("row:N", title="Row"), alt.Tooltip("part:N", title="Part"), alt.Tooltip("text:N", title="Figure")]
    bar = base.mark_bar(height={"band": 0.62}).encode(
        x=alt.X("value:Q", stack="zero", axis=axis), color=alt.Color("part:N", legend=_legend()), tooltip=tips
    )
    text = base.mark_text(color="white", fontWeight="bold", fontSize=19).encode(
        x=alt.X("value:Q", stack="zero", bandPosition=0.5, axis=axis), text=alt.Text("inside:N"), detail="part:N"
    )
    after = alt.Chart().mark_text(align="left", dx=6, fontSize=16, fontWeight=600)
    after = after.encode(y=_label_axis(), x=alt.X("end:Q", axis=axis), text=alt.Text("outside:N"))
    return _finish(alt.layer(bar, text, after).properties(height=alt.Step(THICK_ROW)))


@cache
def _lines() -> Spec:
    axis = alt.Axis(labelFontSize=14, title=None, labelAngle=0)
    y = alt.Y("value:Q", scale=alt.Scale(zero=True))
    colour = alt.Color("series:N", legend=_legend(), scale=alt.Scale(range=list(PALETTE)))
    base = alt.Chart().encode(x=alt.X("year:O", axis=axis), y=y, color=colour)
    tips = [alt.Tooltip("series:N"), alt.Tooltip("year:O"), alt.Tooltip("value:Q", format=",.0f")]
    return _finish(
        alt.layer(base.mark_line(strokeWidth=3), base.mark_point(filled=True, size=90).encode(tooltip=tips)).properties(
            height=320
        )
    )


def inside(frame: pd.DataFrame, value: str = "value", share: float = 0.12) -> pd.DataFrame:
    """The frame with each part's text `inside` it where it fits (a share of the longest bar), else `outside` the bar's end."""
    ends = frame.groupby("label")[value].transform("sum") if len(frame) else frame[value]
    fits = frame[value].fillna(0) >= share * (ends.max() if len(frame) else 0)
    last = frame["place"] == frame.groupby("label")["place"].transform("max")
    outside = frame["text"].where(last & ~fits, "")
    return frame.assign(inside=frame["text"].where(fits, ""), outside=outside, end=ends)
