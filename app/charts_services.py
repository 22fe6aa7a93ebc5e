"""The pictures of *Services and money* beside its bars: costs beside published ones, contracts in time, flows, and the grid.

Templates are built once and hold no data. Colour is never the only sign: marks differ in shape, squares say what they are.
"""

from copy import deepcopy
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from app.charts_money import GAP, INK, LEVELS, LINE, OUTLINE, STEP, wrapped

type Spec = dict[str, Any]

WHEN = {
    "The end date has passed": "#d55e00",
    "The last day for notice has passed": "#e69f00",
    "Ends within 12 months": "#56b4e9",
    "Ends later": "#8b9698",
}
"""Warm where it is late, cool where there is time."""
SQUARES = {
    "Gap: nothing is spent": "#f0e442",
    "One agency decides": "#56b4e9",
    "Overlap: two agencies or more decide": "#e69f00",
}
MARK = 10
"""Pixels that a mark stands below the middle of its row, the label being above it."""
DARK = "#1b2528"
"""Text on a square, which is light in light and in dark."""


def costs(points: pd.DataFrame, series: tuple[str, str]) -> Spec:
    """A mark for each cost here and a mark or range elsewhere, by ratios: label, order, series, low, high, says."""
    return _rows(_costs(series), points)


def contracts(points: pd.DataFrame) -> Spec:
    """A bar from the last day for notice to the end of each contract, and today: label, order, when, notice, end, today, says."""
    return _rows(_contracts(), points)


def _rows(template: Spec, points: pd.DataFrame) -> Spec:
    """The template with rows as high as their labels need."""
    spec = deepcopy(template)
    lines = max((str(label).count("|") + 1 for label in wrapped(points)["label"]), default=1)
    step = STEP - 6 + LINE * (lines - 1)
    spec["height"] = {"step": step}
    for layer in spec["layer"]:
        if "y" in layer["encoding"]:
            layer["mark"]["yOffset"] = step / 2 - MARK - GAP / 2
            layer["encoding"]["y"]["axis"]["labelOffset"] = GAP - step / 2
    return spec


@cache
def _costs(series: tuple[str, str]) -> Spec:
    rows = alt.Chart(alt.NamedData("rows")).encode(y=_row(), tooltip=_tips("Service"))
    x = alt.X("low:Q", title="£ for a child, a year (each step is ten times the last)", scale=alt.Scale(type="log"), axis=_axis())
    tone = alt.Color("series:N", scale=alt.Scale(domain=list(series), range=["#0072b2", "#d55e00"]), legend=_legend())
    shape = alt.Shape("series:N", scale=alt.Scale(domain=list(series), range=["circle", "diamond"]), legend=_legend())
    reach = rows.mark_rule(strokeWidth=5, opacity=0.6).encode(x=x, x2="high:Q", color=tone)
    ends = rows.mark_point(size=150, filled=True, opacity=1).encode(x=x, color=tone, shape=shape)
    other = rows.mark_point(size=150, filled=True, opacity=1).encode(x=alt.X("high:Q", axis=_axis()), color=tone, shape=shape)
    return _bare(alt.layer(reach, ends, other))


@cache
def _contracts() -> Spec:
    rows = alt.Chart(alt.NamedData("rows")).encode(y=_row(), tooltip=_tips("Contract"))
    x = alt.X("notice:T", title="From the last day for notice to the end", axis=_axis("%b %Y"))
    tone = alt.Color("when:N", scale=alt.Scale(domain=list(WHEN), range=list(WHEN.values())), legend=_legend())
    ends = ["triangle-up", "square", "circle", "diamond"]
    shape = alt.Shape("when:N", scale=alt.Scale(domain=list(WHEN), range=ends), legend=_legend())
    bars = rows.mark_rule(strokeWidth=7).encode(x=x, x2="end:T", color=tone)
    marks = rows.mark_point(size=140, filled=True, opacity=1, stroke=OUTLINE).encode(x="end:T", color=tone, shape=shape)
    now = (
        alt.Chart(alt.NamedData("rows"))
        .mark_rule(strokeDash=[5, 4], strokeWidth=2, color=INK, opacity=0.55)
        .encode(x="max(today):T")
    )
    return _bare(alt.layer(bars, marks, now))


def flows(height: int) -> Spec:
    """Ribbons from who pays over levels to outcomes (rows of `kind` ribbon: link, x, y, y2, level; node: x, y, y2, text)."""
    return {**deepcopy(_flows()), "height": height}


def flow_rows(ribbons: pd.DataFrame, nodes: pd.DataFrame) -> pd.DataFrame:
    """Ribbons and nodes as the rows of one picture."""
    rows = pd.concat([ribbons.assign(kind="ribbon", text=""), nodes.assign(kind="node", link="", level="")], ignore_index=True)
    return rows.astype({"text": str})


@cache
def _flows() -> Spec:
    data = alt.Chart(alt.NamedData("rows"))
    ribbons, nodes = (data.transform_filter(f"datum.kind == '{kind}'") for kind in ("ribbon", "node"))
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, 2], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(reverse=True, zero=True, nice=False))
    tone = alt.Color("level:N", scale=alt.Scale(domain=list(LEVELS), range=list(LEVELS.values())), legend=None)
    tip = [alt.Tooltip("says:N", title="Flow")]
    areas = ribbons.mark_area(opacity=0.4, interpolate="monotone").encode(
        x=x, y=y, y2="y2:Q", detail="link:N", color=tone, tooltip=tip
    )
    bars = nodes.mark_bar(size=8, color=OUTLINE).encode(x=x, y=y, y2="y2:Q", tooltip=tip)
    return _bare(alt.layer(areas, bars, *(_flow_label(nodes, x, column) for column in range(3))))


def _flow_label(nodes: alt.Chart, x: alt.X, column: int) -> alt.Chart:
    """The labels of one column: to the right of their nodes, in the last column to the left."""
    last = column == 2
    style = {"align": "right" if last else "left", "dx": -9 if last else 9, "baseline": "middle", "fontSize": 13}
    text = nodes.transform_filter(f"datum.column == {column}").transform_calculate(
        lines="split(datum.text, '|')", at=f"datum.middle - (length(split(datum.text, '|')) - 1) * {LINE / 2 - 1}"
    )
    shown = alt.Text("lines:N")
    return text.mark_text(lineHeight=LINE - 1, color=INK, **style).encode(x=x, y=alt.Y("at:Q", axis=None), text=shown)


def grid() -> Spec:
    """A square for each part of life and level: row_label, order, column, at, found, text, says."""
    return deepcopy(_grid())


@cache
def _grid() -> Spec:
    rows = alt.Chart(alt.NamedData("rows")).transform_calculate(lines="split(datum.text, '|')")
    x = alt.X("column:N", sort=alt.EncodingSortField("at", op="min"), title="Level of prevention", axis=_top())
    y = alt.Y("row_label:N", sort=alt.EncodingSortField("order", op="min"), title=None, axis=_side())
    tone = alt.Color("found:N", scale=alt.Scale(domain=list(SQUARES), range=list(SQUARES.values())), legend=_legend())
    squares = rows.mark_rect(stroke=OUTLINE, strokeWidth=1).encode(x=x, y=y, color=tone, tooltip=_tips("Square"))
    text = rows.mark_text(color=DARK, fontSize=13, lineHeight=LINE, baseline="middle", dy=-LINE / 2 + 1)
    spec = _bare(alt.layer(squares, text.encode(x=x, y=y, text="lines:N")))
    return {**spec, "height": {"step": 52}}


def _top() -> alt.Axis:
    return alt.Axis(
        orient="top", labelAngle=0, labelAlign="center", labelFlush=False, labelLimit=0, labelFontSize=13, titleFontSize=13,
        labelOverlap=False, ticks=False, domain=False, labelColor=INK, titleColor=INK,
    )  # fmt: skip


def _side() -> alt.Axis:
    words = "split(replace(datum.label, ' ', '|'), '|')"
    return alt.Axis(
        labelExpr=words, labelLimit=0, labelFontSize=13, labelOverlap=False, ticks=False, domain=False, labelLineHeight=LINE,
        labelColor=INK, labelOffset=-LINE / 2,
    )  # fmt: skip


def _row() -> alt.Y:
    axis = alt.Axis(
        labelAlign="left", labelBaseline="top", labelExpr="split(datum.label, '|')", labelLineHeight=LINE, labelPadding=0,
        labelLimit=0, labelOverlap=False, labelFontSize=15, labelColor=INK, ticks=False, domain=False, grid=False, zindex=1,
    )  # fmt: skip
    return alt.Y("label:N", sort=alt.EncodingSortField("order", op="min"), title=None, axis=axis)


def _tips(title: str) -> list[alt.Tooltip]:
    return [alt.Tooltip("row:N" if title != "Square" else "row_label:N", title=title), alt.Tooltip("says:N", title="What")]


def _axis(form: str = ",.0f") -> alt.Axis:
    return alt.Axis(
        tickCount=4, format=form, labelFontSize=14, titleFontSize=14, labelColor=INK, titleColor=INK, labelOverlap=True
    )


def _legend() -> alt.Legend:
    return alt.Legend(
        title=None,
        orient="top",
        direction="vertical",
        labelLimit=0,
        labelFontSize=14,
        symbolSize=150,
        symbolOpacity=1,
        rowPadding=6,
    )


def _bare(chart: alt.LayerChart) -> Spec:
    spec: Spec = chart.to_dict(validate=False)
    for part in (spec, *spec["layer"]):
        for key in ("$schema", "config", "data", "datasets"):
            part.pop(key, None)
    return spec
