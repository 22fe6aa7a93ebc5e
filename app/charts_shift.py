"""The pictures of a shift: what changes by service, and prevention against response year by year.

Each template is built once; a picture is the template with its height and the data of the moment. Labels stand on top of
their bars, so that long names are whole on a narrow screen.
"""

from copy import deepcopy
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from app.charts_money import LINE, wrapped

MORE, LESS = "More than today", "Less than today"
COLOURS = {MORE: "#009e73", LESS: "#d55e00"}
"""Okabe and Ito's green and vermilion: told apart by the colour-blind, and by the side of the line they stand on."""
PARTS = {"Prevention": "#009e73", "Responsive (acute)": "#d55e00"}
STEP, BAR = 50, 18
"""Pixels: a bar with one line of label on top of it; the bar itself."""
HEIGHT = 380


def services(points: pd.DataFrame) -> dict[str, Any]:
    """Bars of change by service, more to the right and less to the left (from `service_points`)."""
    extra = LINE * max((str(label).count("|") for label in points["label"]), default=0)
    spec = {**deepcopy(_services()), "height": {"step": STEP + extra}}
    spec["mark"]["yOffset"] = (STEP + extra - BAR) / 2 - 5
    spec["encoding"]["y"]["axis"]["labelOffset"] = 5 - (STEP + extra) / 2
    return spec


def service_points(changes: pd.DataFrame) -> pd.DataFrame:
    """The rows of the picture by service: label, order, thousands of pounds, side."""
    change = changes["Change (£)"]
    label = [f"{name}: {'+' if c > 0 else '−'}£{abs(c):,.0f}" for name, c in zip(changes["Service"], change, strict=True)]
    side = [MORE if c > 0 else LESS for c in change]
    return wrapped(pd.DataFrame({"label": label, "order": range(len(changes)), "thousands": change / 1000, "side": side}))


def years() -> dict[str, Any]:
    """Lines of prevention and responsive spend against today by year (from `year_points`)."""
    return {**deepcopy(_years()), "height": HEIGHT}


def year_points(levels: pd.DataFrame) -> pd.DataFrame:
    """The rows of the picture by year: year, part, thousands of pounds against today."""
    rows = levels[levels["Part"].isin(PARTS)]
    return pd.DataFrame({"year": rows["Year"], "part": rows["Part"], "thousands": rows["Change (£)"] / 1000})


@cache
def _services() -> dict[str, Any]:
    colour = alt.Color(
        "side:N", title=None, scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=_legend()
    )
    axis = alt.Axis(
        labelAlign="left", labelBaseline="top", labelExpr="split(datum.label, '|')", labelLineHeight=LINE, labelPadding=0,
        labelLimit=0, labelOverlap=False, labelFontSize=15, ticks=False, domain=False, grid=False, zindex=1, orient="left",
    )  # fmt: skip
    bars = (
        alt.Chart(alt.NamedData("rows"))
        .mark_bar(height=BAR)
        .encode(
            x=alt.X("thousands:Q", title="Change of a year's spend (£ thousand)", axis=_numbers()),
            y=alt.Y("label:N", sort=alt.EncodingSortField("order", op="min"), title=None, axis=axis),
            color=colour,
            tooltip=[alt.Tooltip("service:N", title="Service")],
        )
        .transform_calculate(service="trim(replace(datum.label, /\\|/g, ' '))")
    )
    return _bare(bars)


@cache
def _years() -> dict[str, Any]:
    scale = alt.Scale(domain=list(PARTS), range=list(PARTS.values()))
    lines = (
        alt.Chart(alt.NamedData("rows"))
        .mark_line(point=alt.OverlayMarkDef(size=90, filled=True), strokeWidth=3)
        .encode(
            x=alt.X("year:O", title="Financial year", axis=alt.Axis(labelAngle=0, labelFontSize=14, titleFontSize=14)),
            y=alt.Y("thousands:Q", title="Against today (£ thousand)", axis=_numbers()),
            color=alt.Color("part:N", title=None, scale=scale, legend=_legend()),
            shape=alt.Shape("part:N", title=None, scale=alt.Scale(domain=list(PARTS), range=["circle", "square"]), legend=None),
            tooltip=[
                alt.Tooltip("year:O", title="Year"),
                alt.Tooltip("part:N", title="Part"),
                alt.Tooltip("thousands:Q", title="£ thousand", format=",.0f"),
            ],
        )
    )
    return _bare(lines)


def _numbers() -> alt.Axis:
    return alt.Axis(tickCount=5, format=",.0f", labelFontSize=14, titleFontSize=14)


def _legend() -> alt.Legend:
    return alt.Legend(orient="top", direction="vertical", labelLimit=0, labelFontSize=14, symbolSize=170, rowPadding=6)


def _bare(chart: alt.Chart) -> dict[str, Any]:
    spec: dict[str, Any] = chart.to_dict()
    return {key: value for key, value in spec.items() if key not in {"$schema", "data", "config", "datasets"}}
