"""Pictures of what a room guessed and how it rated itself: templates built once, the rows given with each drawing."""

import copy
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from app.charts import BLUE, GREY, VERMILLION
from rcs_core.workshop.meeting.guess_questions import Truth, Unit
from rcs_core.workshop.meeting.guesses import Spread

NEAR, FAR = "Near the figure", "Further away"
DOT, ROOM = 22, 160
"""Pixels: from one dot to the one above it, and what axis and legend take."""


def strip(spread: Spread, unit: Unit) -> dict[str, Any]:
    """A dot a guess, above its number; a line for the figure, a band for its range (rows from `strip_points`)."""
    spec = copy.deepcopy(_strip())
    most = int(spread.points["place"].max()) if len(spread.points) else 1
    spec["height"] = ROOM + DOT * most
    for layer in spec["layer"]:
        x = layer["encoding"]["x"]
        x["title"] = "Guesses, of every 100" if unit is Unit.PER_CENT else "Guesses, £"
        x["scale"] = {"domain": [0, 100]} if unit is Unit.PER_CENT else {"zero": True, "nice": True}
        if "y" in layer["encoding"]:
            layer["encoding"]["y"]["scale"] = {"domain": [0, most + 1]}
    return spec


def strip_points(spread: Spread, truth: Truth) -> pd.DataFrame:
    """The rows of the strip: a guess each, and the figure with its range."""
    guesses = [("guess", g, p, NEAR if near else FAR, None, None) for g, p, near in spread.points.itertuples(index=False)]
    figure = [("figure", truth.value, None, "", truth.low, truth.high)]
    return pd.DataFrame([*guesses, *figure], columns=["kind", "guess", "place", "series", "low", "high"])


@cache
def _strip() -> dict[str, Any]:
    axis = alt.Axis(labelFontSize=14, titleFontSize=14, tickCount=6, format=",.0f")
    legend = alt.Legend(title=None, orient="top", direction="vertical", labelLimit=0, labelFontSize=14, symbolSize=140)
    base = alt.Chart()
    figure = base.transform_filter("datum.kind == 'figure'")
    band = figure.mark_rect(color=GREY, opacity=0.25).encode(x=alt.X("low:Q", axis=axis), x2="high:Q")
    line = figure.mark_rule(color=GREY, strokeWidth=4).encode(x=alt.X("guess:Q", axis=axis))
    colour = alt.Color("series:N", legend=legend, scale=alt.Scale(domain=[NEAR, FAR], range=[BLUE, VERMILLION]))
    shape = alt.Shape("series:N", legend=legend, scale=alt.Scale(domain=[NEAR, FAR], range=["circle", "diamond"]))
    dots = (
        base.transform_filter("datum.kind == 'guess'")
        .mark_point(filled=True, size=150, opacity=1)
        .encode(x=alt.X("guess:Q", axis=axis), y=alt.Y("place:Q", axis=None), color=colour, shape=shape)
    )
    spec: dict[str, Any] = alt.layer(band, line, dots).to_dict(validate=False)
    for key in ("$schema", "config", "data", "datasets"):
        for part in (spec, *spec["layer"]):
            part.pop(key, None)
    return spec
