"""The picture of scenarios side by side: what prevention gets against today, year by year, one line each.

Lines differ in colour and in the shape of their points, so that up to four are told apart without colour.
"""

from collections.abc import Sequence
from copy import deepcopy
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#b65f94")
"""Okabe and Ito's blue, vermilion and green, and a purple of theirs that keeps its contrast on both backgrounds."""
SHAPES = ("circle", "square", "triangle-up", "diamond")
HEIGHT = 380


def years(titles: Sequence[str]) -> dict[str, Any]:
    """Lines by scenario (from `year_points`), in the order of their titles."""
    spec = {**deepcopy(_years()), "height": HEIGHT}
    for channel, values in (("color", COLOURS), ("shape", SHAPES)):
        spec["encoding"][channel]["scale"] = {"domain": list(titles), "range": list(values[: len(titles)])}
    return spec


def year_points(changes: pd.DataFrame) -> pd.DataFrame:
    """The rows of the picture: year, scenario, thousands of pounds against today."""
    return pd.DataFrame({"year": changes["Year"], "scenario": changes["Scenario"], "thousands": changes["Change (£)"] / 1000})


@cache
def _years() -> dict[str, Any]:
    legend = alt.Legend(orient="top", direction="vertical", labelLimit=0, labelFontSize=14, symbolSize=170, rowPadding=6)
    lines = (
        alt.Chart(alt.NamedData("rows"))
        .mark_line(point=alt.OverlayMarkDef(size=90, filled=True), strokeWidth=3)
        .encode(
            x=alt.X("year:O", title="Financial year", axis=alt.Axis(labelAngle=0, labelFontSize=14, titleFontSize=14)),
            y=alt.Y(
                "thousands:Q", title="Prevention against today (£ thousand)",
                axis=alt.Axis(tickCount=5, format=",.0f", labelFontSize=14, titleFontSize=14),
            ),
            color=alt.Color("scenario:N", title=None, legend=legend),
            shape=alt.Shape("scenario:N", title=None, legend=legend),
            tooltip=[
                alt.Tooltip("year:O", title="Year"), alt.Tooltip("scenario:N", title="Scenario"),
                alt.Tooltip("thousands:Q", title="£ thousand", format=",.0f"),
            ],
        )
    )  # fmt: skip
    spec: dict[str, Any] = lines.to_dict()
    return {key: value for key, value in spec.items() if key not in {"$schema", "data", "config", "datasets"}}
