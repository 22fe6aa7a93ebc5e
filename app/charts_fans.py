"""The picture of what is not known: by year, where nine tenths and half of the draws lie, their middle, and the plan itself.

The template is built once; a picture is the template with the data of the moment and its title.
"""

from copy import deepcopy
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from rcs_core.workshop.explore.fans import Band

WIDE, HALF, MIDDLE, PLAN = "9 in 10 draws", "Half of draws", "Middle of draws", "The plan"
COLOURS = {WIDE: "#b3daf2", HALF: "#56b4e9", MIDDLE: "#0072b2", PLAN: "#d55e00"}
"""Okabe and Ito's blues (the sky blue also at half strength) and vermilion; the lines are told apart by dashes too."""
HEIGHT = 360
_PARTS = list(COLOURS)


def fan(title: str, form: str = ",.0f") -> dict[str, Any]:
    """Bands and lines by year (from `points`); title: what stands up the side. form: how its numbers are written."""
    spec = {**deepcopy(_fan()), "height": HEIGHT}
    for layer in spec["layer"]:
        layer["encoding"]["y"] |= {"title": title}
        layer["encoding"]["y"]["axis"]["format"] = form
        for tip in layer["encoding"]["tooltip"]:
            if tip["field"] in {"low", "high", "value"}:
                tip["format"] = form
    return spec


def points(band: Band, years: list[str], scale: float = 1.0) -> pd.DataFrame:
    """The rows of the picture: each part of it by year, a band from low to high, a line at its value."""
    quantiles, rows = scale * band.quantiles, []
    last = len(quantiles) - 1
    for t, year in enumerate(years):
        rows.append((year, WIDE, quantiles[0, t], quantiles[last, t], None))
        rows.append((year, HALF, quantiles[1, t], quantiles[last - 1, t], None))
        rows.append((year, MIDDLE, None, None, quantiles[last // 2, t]))
        rows.append((year, PLAN, None, None, scale * band.likely[t]))
    found = pd.DataFrame(rows, columns=["year", "part", "low", "high", "value"])
    return found.astype({"low": float, "high": float, "value": float})


@cache
def _fan() -> dict[str, Any]:
    colour = alt.Color("part:N", title=None, scale=alt.Scale(domain=_PARTS, range=list(COLOURS.values())), legend=_legend())
    return _bare(alt.layer(_band(WIDE, colour), _band(HALF, colour), _line(MIDDLE, colour), _line(PLAN, colour)))


def _band(part: str, colour: alt.Color) -> alt.Chart:
    return (
        alt.Chart()
        .transform_filter(f"datum.part == '{part}'")
        .mark_area(opacity=1, line=False)
        .encode(
            x=_years(), y=_numbers("low:Q"), y2=alt.Y2("high"), color=colour,
            tooltip=[
                alt.Tooltip("year:O", title="Year"), alt.Tooltip("part:N", title="Part"),
                alt.Tooltip("low:Q", title="From", format=",.0f"), alt.Tooltip("high:Q", title="To", format=",.0f"),
            ],
        )
    )  # fmt: skip


def _line(part: str, colour: alt.Color) -> alt.Chart:
    dash = [6, 4] if part == PLAN else [1, 0]
    point = alt.OverlayMarkDef(size=70, filled=True, shape="square" if part == PLAN else "circle")
    return (
        alt.Chart()
        .transform_filter(f"datum.part == '{part}'")
        .mark_line(point=point, strokeWidth=3, strokeDash=dash)
        .encode(
            x=_years(), y=_numbers("value:Q"), color=colour,
            tooltip=[
                alt.Tooltip("year:O", title="Year"), alt.Tooltip("part:N", title="Part"),
                alt.Tooltip("value:Q", title="Value", format=",.0f"),
            ],
        )
    )  # fmt: skip


def _years() -> alt.X:
    return alt.X("year:O", title="Financial year", axis=alt.Axis(labelAngle=0, labelFontSize=14, titleFontSize=14))


def _numbers(field: str) -> alt.Y:
    axis = alt.Axis(tickCount=5, format=",.0f", labelFontSize=14, titleFontSize=14)
    return alt.Y(field, title="", axis=axis, scale=alt.Scale(zero=False, nice=True))


def _legend() -> alt.Legend:
    return alt.Legend(
        orient="top", direction="horizontal", columns=2, labelLimit=0, labelFontSize=14, symbolSize=170, rowPadding=6,
        columnPadding=14, symbolOpacity=1,
    )  # fmt: skip


def _bare(chart: alt.LayerChart) -> dict[str, Any]:
    spec: dict[str, Any] = chart.to_dict()
    apart = {"$schema", "data", "config", "datasets"}
    layers = [{key: value for key, value in layer.items() if key not in apart} for layer in spec["layer"]]
    return {key: value for key, value in spec.items() if key not in apart} | {"layer": layers}
