"""The pictures of who pays and what it is worth: each agency's money so far by year, and cost beside benefit by service.

Each template is built once; agencies and services differ in colour and in the shape of their points. Labels of services
stand on top of their points, so that long names are whole on a narrow screen.
"""

from copy import deepcopy
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from app.charts_money import LINE, wrapped

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#a3457f", "#e69f00", "#56b4e9", "#8b9698")
"""Okabe and Ito's colours; the last, grey, is of all agencies together."""
SHAPES = ("circle", "square", "diamond", "triangle-up", "cross", "triangle-down", "stroke")
WORTH = {"Cost": "#d55e00", "Released capacity at unit cost": "#009e73", "Of it cashable": "#0072b2"}
WORTH_SHAPES = ("circle", "square", "diamond")
STEP = 58
HEIGHT = 520


def so_far(rows: pd.DataFrame) -> dict[str, Any]:
    """Lines of how much better off each agency is by the end of each year (from `so_far_points`)."""
    spec = {**deepcopy(_so_far()), "height": HEIGHT}
    names = list(dict.fromkeys(rows["agency"]))
    rest = len(names) - 1
    encoding = spec["layer"][1]["encoding"]
    encoding["color"]["scale"] = {"domain": names, "range": [*COLOURS[:rest], COLOURS[-1]]}
    encoding["shape"]["scale"] = {"domain": names, "range": [*SHAPES[:rest], SHAPES[-1]]}
    return spec


def so_far_points(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the picture: year, agency, thousands of pounds; all agencies together stand last."""
    return pd.DataFrame({"year": rows["Year"], "agency": rows["Agency"], "thousands": rows["Better off so far (£)"] / 1000})


def worth(points: pd.DataFrame) -> dict[str, Any]:
    """Cost beside released capacity, a row a service (from `worth_points`)."""
    extra = LINE * max((str(label).count("|") for label in points["label"]), default=0)
    spec = {**deepcopy(_worth()), "height": {"step": STEP + extra}}
    spec["mark"]["yOffset"] = (STEP + extra) / 2 - 14
    spec["encoding"]["y"]["axis"]["labelOffset"] = 6 - (STEP + extra) / 2
    return spec


def worth_points(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """The rows of the picture: the services that cost most, what they cost, release and cash in thousands of pounds."""
    chosen = table[table["Cost (£)"] > 0].head(most)
    rows = [
        (name, order, kind, row[f"{kind} (£)"] / 1000)
        for order, (name, row) in enumerate(zip(chosen["Service"], chosen.to_dict("records"), strict=True))
        for kind in WORTH
    ]
    return wrapped(pd.DataFrame(rows, columns=["label", "order", "kind", "thousands"]))


@cache
def _so_far() -> dict[str, Any]:
    zero = alt.Chart().mark_rule(strokeDash=[4, 4], color="#6b777b").encode(y=alt.datum(0))
    lines = (
        alt.Chart()
        .mark_line(point=alt.OverlayMarkDef(size=90, filled=True), strokeWidth=3)
        .encode(
            x=alt.X("year:O", title="Financial year", axis=alt.Axis(labelAngle=0, labelFontSize=14, titleFontSize=14)),
            y=alt.Y("thousands:Q", title="Better off so far (£ thousand)", axis=_numbers()),
            color=alt.Color("agency:N", title=None, sort=None, legend=_legend()),
            shape=alt.Shape("agency:N", title=None, sort=None, legend=_legend()),
            tooltip=[
                alt.Tooltip("year:O", title="Year"),
                alt.Tooltip("agency:N", title="Agency"),
                alt.Tooltip("thousands:Q", title="£ thousand", format=",.0f"),
            ],
        )
    )
    return _bare(alt.layer(zero, lines, data=alt.NamedData("rows")))


@cache
def _worth() -> dict[str, Any]:
    axis = alt.Axis(
        labelAlign="left", labelBaseline="top", labelExpr="split(datum.label, '|')", labelLineHeight=LINE, labelPadding=0,
        labelLimit=0, labelOverlap=False, labelFontSize=15, ticks=False, domain=False, grid=False, zindex=1, orient="left",
    )  # fmt: skip
    names = list(WORTH)
    dots = (
        alt.Chart(alt.NamedData("rows"))
        .mark_point(filled=True, size=170, opacity=0.9)
        .encode(
            x=alt.X("thousands:Q", title="Present value (£ thousand)", axis=_numbers()),
            y=alt.Y("label:N", sort=alt.EncodingSortField("order", op="min"), title=None, axis=axis),
            color=alt.Color("kind:N", title=None, scale=alt.Scale(domain=names, range=list(WORTH.values())), legend=_legend()),
            shape=alt.Shape("kind:N", title=None, scale=alt.Scale(domain=names, range=WORTH_SHAPES), legend=_legend()),
            tooltip=[
                alt.Tooltip("row:N", title="Service"),
                alt.Tooltip("kind:N", title="What"),
                alt.Tooltip("thousands:Q", title="£ thousand", format=",.0f"),
            ],
        )
    )
    return _bare(dots)


def _numbers() -> alt.Axis:
    return alt.Axis(tickCount=5, format=",.0f", labelFontSize=14, titleFontSize=14)


def _legend() -> alt.Legend:
    return alt.Legend(orient="top", direction="vertical", labelLimit=0, labelFontSize=14, symbolSize=170, rowPadding=6)


def _bare(chart: alt.TopLevelMixin) -> dict[str, Any]:
    spec: dict[str, Any] = chart.to_dict()
    return {key: value for key, value in spec.items() if key not in {"$schema", "data", "config", "datasets"}}
