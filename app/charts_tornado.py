"""The tornado: how far one figure of a plan moves between the low and the high end of each input, widest first.

The template is built once; a picture is the template with its height and the data of the moment. Labels stand on top of
their bars, so that long names are whole on a narrow screen.
"""

from copy import deepcopy
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from app.charts_money import LINE, wrapped

LOW, HIGH = "Input at its low end", "Input at its high end"
COLOURS = {LOW: "#d55e00", HIGH: "#0072b2"}
"""Okabe and Ito's vermilion and blue: told apart by the colour-blind, and by the pattern of which end is named first."""
STEP, BAR = 50, 18
"""Pixels: a bar with one line of label on top of it; the bar itself."""
MOST = 10
"""Inputs in one picture; the table under it has them all."""


def tornado(points: pd.DataFrame, title: str) -> dict[str, Any]:
    """Bars to both sides of the plan's own figure (from `points`)."""
    extra = LINE * max((str(label).count("|") for label in points["label"]), default=0)
    spec = {**deepcopy(_template()), "height": {"step": STEP + extra}}
    spec["mark"]["yOffset"] = (STEP + extra - BAR) / 2 - 5
    spec["encoding"]["x"]["title"] = title
    spec["encoding"]["y"]["axis"]["labelOffset"] = 5 - (STEP + extra) / 2
    return spec


def points(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of the picture, two an input: label, order, end, thousands of pounds against the plan."""
    low, high = table["At its low end (£)"].astype(float), table["At its high end (£)"].astype(float)
    moving = table[(low.abs() > 0) | (high.abs() > 0)].head(MOST).reset_index(drop=True)
    rows = []
    for order, row in enumerate(moving.to_dict("records")):
        turns = " (turns the plan)" if row["Turns the plan"] else ""
        for end, column in ((LOW, "At its low end (£)"), (HIGH, "At its high end (£)")):
            rows.append((f"{row['Input']}{turns}", order, end, float(row[column]) / 1000))
    return wrapped(pd.DataFrame(rows, columns=["label", "order", "end", "thousands"]))


@cache
def _template() -> dict[str, Any]:
    legend = alt.Legend(orient="top", direction="vertical", labelLimit=0, labelFontSize=14, symbolSize=170, rowPadding=6)
    scale = alt.Scale(domain=list(COLOURS), range=list(COLOURS.values()))
    axis = alt.Axis(
        labelAlign="left", labelBaseline="top", labelExpr="split(datum.label, '|')", labelLineHeight=LINE, labelPadding=0,
        labelLimit=0, labelOverlap=False, labelFontSize=15, ticks=False, domain=False, grid=False, zindex=1, orient="left",
    )  # fmt: skip
    numbers = alt.Axis(tickCount=5, format=",.0f", labelFontSize=14, titleFontSize=14)
    bars = (
        alt.Chart(alt.NamedData("rows"))
        .mark_bar(height=BAR)
        .encode(
            x=alt.X("thousands:Q", title="", axis=numbers, stack=None),
            y=alt.Y("label:N", sort=alt.EncodingSortField("order", op="min"), title=None, axis=axis),
            color=alt.Color("end:N", title=None, scale=scale, legend=legend),
            tooltip=[
                alt.Tooltip("input:N", title="Input"), alt.Tooltip("end:N", title="End"),
                alt.Tooltip("thousands:Q", title="£ thousand against the plan", format="+,.0f"),
            ],
        )
        .transform_calculate(input="trim(replace(datum.label, /\\|/g, ' '))")
    )  # fmt: skip
    spec: dict[str, Any] = bars.to_dict()
    return {key: value for key, value in spec.items() if key not in {"$schema", "data", "config", "datasets"}}
