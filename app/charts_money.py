"""The pictures of money: horizontal bars of millions, in parts by prevention level or by how sure the tag is.

Each template is built once; a picture is the template with its height and the data of the moment. Labels stand on
top of their bars, so that long names are whole on a narrow screen, and take the theme's text colour, light or dark.
"""

import textwrap
from copy import deepcopy
from functools import cache
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from rcs_core.workshop.spend_map.screen import APART

LEVELS = {
    "Primary prevention": "#009e73",
    "Secondary prevention": "#56b4e9",
    "Tertiary prevention": "#0072b2",
    "Responsive": "#d55e00",
    "Other": "#a3457f",
    APART: "#d0d5d7",
    "Not mapped to a service": "#8b9698",
}
"""Okabe and Ito's colours: cool for prevention, warm for response, grey for what is not known."""
CERTAINTY = {
    "Tag of high confidence": "#0072b2",
    "Tag of medium confidence": "#56b4e9",
    "Tag of low confidence": "#e69f00",
    APART: "#d0d5d7",
    "Not mapped to a service": "#8b9698",
}
STATES = {
    "In the ledgers": "#009e73",
    "Approved": "#0072b2",
    "Indicative: planned, not approved": "#56b4e9",
    "Assumed: nobody has planned it": "#e69f00",
    "No budget given: as in the ledgers": "#8b9698",
    APART: "#d0d5d7",
}
"""How firm the money of a year is, from what was spent to what nobody has said."""
AGENCIES = (
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#8b9698", "#6a3d9a", "#7f5539", "#b2df8a",
    "#a50f15", "#c5b0e6", "#3f4a4d", "#f4b6a6",
)  # fmt: skip
"""A colour for each agency of the vocabulary: Okabe and Ito's, then others that differ in lightness."""


class Measure(NamedTuple):
    """What the length of a bar stands for: a column, the title of its axis, and the column, title and form of what pops up."""

    field: str
    title: str
    tip: str
    named: str
    form: str


POUNDS = Measure("millions", "Spend in a year (£ million)", "pounds", "£", ",.0f")
SERVICES = Measure("services", "Services", "services", "Services", ",.0f")
OUTLINE = "#6b777b"
"""Reaches 3:1 on both backgrounds, which the palest parts do not by themselves."""
INK = "currentColor"
"""The text colour of the page around the chart: it follows light and dark by itself, with no rerun."""
STEP, LINE, BAR, GAP = 50, 18, 18, 5
"""Pixels: a bar with its label on top; one more line of label; the bar itself; the space around both."""
LABEL_WIDTH = 50
"""Characters of a label before it breaks into lines: what a phone has room for."""


def levels(points: pd.DataFrame) -> dict[str, Any]:
    """Bars by payer or service, in parts by prevention level (columns label, order, level, pounds, millions)."""
    return _spec("level", LEVELS, points)


def certainty(points: pd.DataFrame) -> dict[str, Any]:
    """Bars by prevention level, in parts by how sure the tag is (columns label, order, certainty, pounds, millions)."""
    return _spec("certainty", CERTAINTY, points)


def years(points: pd.DataFrame) -> dict[str, Any]:
    """Bars by year, in parts by how firm the money is (columns label, order, state, pounds, millions)."""
    return _spec("state", STATES, points)


def agencies(points: pd.DataFrame) -> dict[str, Any]:
    """Bars of how many services, in parts by agency (columns label, order, agency, services)."""
    names = list(dict.fromkeys(points["agency"]))
    colours = {name: AGENCIES[k % len(AGENCIES)] for k, name in enumerate(names)}
    return _spec("agency", colours, points, SERVICES)


def _spec(part: str, colours: dict[str, str], points: pd.DataFrame, measure: Measure = POUNDS) -> dict[str, Any]:
    present = tuple((name, colour) for name, colour in colours.items() if name in set(points[part]))
    step = STEP + LINE * (max(map(len, _lines(points)), default=1) - 1)
    spec = deepcopy(_template(part, present, measure))
    spec["height"], spec["mark"]["yOffset"] = {"step": step}, step / 2 - BAR / 2 - GAP
    spec["encoding"]["y"]["axis"]["labelOffset"] = GAP - step / 2
    return spec


def wrapped(points: pd.DataFrame) -> pd.DataFrame:
    """The rows with labels in lines (parted by `|`), filled up from above so that the last one stands on its bar."""
    lines = _lines(points)
    most = max(map(len, lines), default=1)
    return points.assign(label=["|".join([*[""] * (most - len(found)), *found]) for found in lines])


def _lines(points: pd.DataFrame) -> list[list[str]]:
    """Each label in lines; an amount stays whole, with the last word of its name."""
    whole = [str(v).replace(" · ", "\u00a0·\u00a0").replace(" million", "\u00a0million") for v in points["label"]]
    return [textwrap.wrap(label, LABEL_WIDTH) for label in whole]


@cache
def _template(part: str, colours: tuple[tuple[str, str], ...], measure: Measure) -> dict[str, Any]:
    names, tones = [name for name, _ in colours], [colour for _, colour in colours]
    colour = alt.Color(f"{part}:N", title=None, sort=names, scale=alt.Scale(domain=names, range=tones), legend=_legend())
    tips = [
        alt.Tooltip("bar:N", title="Bar"),
        alt.Tooltip(f"{part}:N", title="Part"),
        alt.Tooltip(f"{measure.tip}:Q", title=measure.named, format=measure.form),
    ]
    bars = (
        alt.Chart(alt.NamedData("rows"))
        .mark_bar(height=BAR, stroke=OUTLINE, strokeWidth=1)
        .encode(
            x=alt.X(f"{measure.field}:Q", title=measure.title, stack="zero", axis=_axis()),
            y=alt.Y("label:N", sort=alt.EncodingSortField("order", op="min"), title=None, axis=_label_axis()),
            color=colour,
            order=alt.Order("part:Q", sort="ascending"),
            tooltip=tips,
        )
        .transform_calculate(part=f"indexof({names!r}, datum[{part!r}])", bar="trim(replace(datum.label, /\\|/g, ' '))")
    )
    spec: dict[str, Any] = bars.to_dict()
    return {key: value for key, value in spec.items() if key not in {"$schema", "data", "config", "datasets"}}


def _axis() -> alt.Axis:
    return alt.Axis(tickCount=4, format=",.3~f", labelFontSize=14, titleFontSize=14, labelColor=INK, titleColor=INK)


def _label_axis() -> alt.Axis:
    return alt.Axis(
        labelAlign="left", labelBaseline="top", labelExpr="split(datum.label, '|')", labelLineHeight=LINE, labelPadding=0,
        labelLimit=0, labelOverlap=False, labelFontSize=15, labelColor=INK, ticks=False, domain=False, grid=False, zindex=1,
    )  # fmt: skip


def _legend() -> alt.Legend:
    return alt.Legend(
        orient="top", direction="vertical", labelLimit=0, labelFontSize=14, symbolType="square", symbolSize=170,
        symbolStrokeWidth=1, rowPadding=6,
        labelColor=INK,
    )  # fmt: skip
