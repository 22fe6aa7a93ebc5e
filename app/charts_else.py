"""The pictures of *What else*: between what each service lies in plans nearly as good, and what more or less would bring.

Each template is built once; a picture is the template with its height and the data of the moment.
"""

from collections.abc import Sequence
from copy import deepcopy
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from app.charts_money import LINE, wrapped
from rcs_core.workshop.explore.choices import Choice, Kind
from rcs_core.workshop.scenario.frontier import Point

KINDS = {
    Kind.MUST_HAVE: "#009e73", Kind.REAL_CHOICE: "#0072b2", Kind.LEAVE_OUT: "#7a8486", Kind.HELD: "#7a8486",
    Kind.MUST_CUT: "#d55e00",
}  # fmt: skip
"""Okabe and Ito's colours; the kind stands in words on every bar, so colour tells nothing alone."""
STEP, BAR = 54, 14
"""Pixels: a bar with one line of label on top of it; the bar itself."""
HEIGHT = 340
HERE, THERE = "The plan now", "Other plans"


def ranges(points: pd.DataFrame) -> dict[str, Any]:
    """Bars from least to most with a dot for the plan and a tick for today (from `range_points`)."""
    extra = LINE * max((str(label).count("|") for label in points["label"]), default=0)
    spec = {**deepcopy(_ranges()), "height": {"step": STEP + extra}}
    for layer in spec["layer"]:
        layer["mark"]["yOffset"] = (STEP + extra - BAR) / 2 - 5
        layer["encoding"]["y"]["axis"]["labelOffset"] = 5 - (STEP + extra) / 2
    return spec


def range_points(rows: Sequence[tuple[str, Choice]]) -> pd.DataFrame:
    """The rows of the picture, by service name: label, order, kind, and thousands of pounds (least, most, plan, today)."""
    ends = [row.last.most for _, row in rows if row.last.most != float("inf")]
    furthest = max(ends, default=0.0)
    frame = pd.DataFrame(
        {
            "label": [f"{name}: {row.kind.label.lower()}" for name, row in rows],
            "order": range(len(rows)),
            "kind": [row.kind.label for _, row in rows],
            "least": [row.last.least for _, row in rows],
            "most": [min(row.last.most, max(furthest, 2 * row.plan)) for _, row in rows],
            "plan": [row.plan for _, row in rows],
            "today": [row.today for _, row in rows],
        }
    )
    return wrapped(frame)


def frontier(x_title: str, y_title: str) -> dict[str, Any]:
    """A line of what the plan brings, the present plan marked (from `frontier_points`)."""
    spec = {**deepcopy(_frontier()), "height": HEIGHT}
    for layer in spec["layer"]:
        layer["encoding"]["x"]["title"], layer["encoding"]["y"]["title"] = x_title, y_title
    return spec


def frontier_points(points: Sequence[Point], nothing: float, here: float) -> pd.DataFrame:
    """The rows of the picture: at, brings (more than doing nothing), and which of them is the plan now."""
    near = min(points, key=lambda point: abs(point.at - here)).at
    rows = [(point.at, point.objective - nothing, HERE if point.at == near else THERE) for point in points]
    return pd.DataFrame(rows, columns=["at", "brings", "which"])


@cache
def _ranges() -> dict[str, Any]:
    label = alt.Axis(
        labelAlign="left", labelBaseline="top", labelExpr="split(datum.label, '|')", labelLineHeight=LINE, labelPadding=0,
        labelLimit=0, labelOverlap=False, labelFontSize=15, ticks=False, domain=False, grid=False, zindex=1, orient="left",
    )  # fmt: skip
    y = alt.Y("label:N", sort=alt.EncodingSortField("order", op="min"), title=None, axis=label)
    scale = alt.Scale(domain=[kind.label for kind in KINDS], range=list(KINDS.values()))
    tips = [alt.Tooltip(f"{key}:Q", title=f"{words} (£ thousand)", format=",.0f") for key, words in _TIPS]
    base = alt.Chart().encode(y=y, tooltip=[alt.Tooltip("row:N", title="Service"), *tips])
    x = alt.X("least:Q", title="Spend in the last year (£ thousand): least to most", axis=_numbers(), scale=alt.Scale(zero=True))
    bars = base.mark_bar(height=BAR, cornerRadius=3, opacity=1).encode(
        x=x, x2="most:Q", color=alt.Color("kind:N", scale=scale, legend=None)
    )
    today = base.mark_tick(size=BAR + 12, thickness=3, color="currentColor").encode(x="today:Q")
    plan = base.mark_point(size=140, filled=True, color="#e69f00", opacity=1, stroke="black", strokeWidth=1).encode(x="plan:Q")
    return _bare(alt.layer(bars, today, plan))


_TIPS = (("least", "Least"), ("most", "Most"), ("plan", "In the plan"), ("today", "Today"))


@cache
def _frontier() -> dict[str, Any]:
    x, y = alt.X("at:Q", axis=_numbers(",.4~g")), alt.Y("brings:Q", axis=_numbers())
    base = alt.Chart().encode(x=x, y=y)
    line = base.mark_line(strokeWidth=3, color="#0072b2", interpolate="linear")
    parts = [HERE, THERE]
    colour, shape = alt.Scale(domain=parts, range=["#d55e00", "#0072b2"]), alt.Scale(domain=parts, range=["diamond", "circle"])
    dots = base.mark_point(filled=True, opacity=1).encode(
        color=alt.Color("which:N", title=None, scale=colour, legend=_legend()),
        shape=alt.Shape("which:N", title=None, scale=shape, legend=_legend()),
        size=alt.Size("which:N", scale=alt.Scale(domain=parts, range=[260, 90]), legend=None),
        tooltip=[
            alt.Tooltip("which:N", title="Plan"),
            alt.Tooltip("at:Q", title="At", format=",.4~g"),
            alt.Tooltip("brings:Q", title="More than doing nothing", format=",.0f"),
        ],
    )  # fmt: skip
    return _bare(alt.layer(line, dots))


def _numbers(form: str = ",.0f") -> alt.Axis:
    return alt.Axis(tickCount=5, format=form, labelFontSize=14, titleFontSize=14)


def _legend() -> alt.Legend:
    return alt.Legend(orient="top", direction="vertical", labelLimit=0, labelFontSize=14, symbolSize=170, rowPadding=6)


def _bare(chart: alt.LayerChart | alt.FacetChart) -> dict[str, Any]:
    spec: dict[str, Any] = chart.to_dict(validate=False)
    for part in (spec, *spec["layer"]):
        for key in ("$schema", "config", "data", "datasets"):
            part.pop(key, None)
    return spec
