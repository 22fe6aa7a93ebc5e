"""Two pictures of the needs page: every question by domain around what it is set beside, and one question in small by group.

Templates as in `charts`. A row whose label starts with the mark of a heading is a domain's name, in bold and without a dot.
"""

import copy
from collections.abc import Sequence
from functools import cache

import altair as alt
import pandas as pd

from app.charts import BLUE, GREEN, GREY, Spec, _finish, _label_axis, _legend
from app.charts_needs import COLOURS, SHAPES
from rcs_core.workshop.spine import HEADING

ROW, LINE = 25, 12
"""Height of a row, and of a line of its label where a phone breaks it into two, in pixels."""
PHONE = "windowSize()[0] < 640"
"""Where labels break into lines and get smaller."""
CLOSER = -12
"""Pixels by which the lines of the legend stand closer than they would, so that more of the picture is on the screen."""
POINTS, SHARE = ["points from the whole area", "← less need · more need →"], "% of children with need"
SMALL_ROW = 34
LETTER = 8
"""Pixels of a letter of a label, on the wide side."""
FEW = 50
"""Per cent up to which a small picture has a line at every ten."""
LEAST_REACH = 10
"""Points either side of the whole area that are always in sight, so that 2 points do not look like 20."""
ROOM = 1.25
"""The scale goes on past the longest bar by a quarter, for the figure that follows it."""


def spine(names: Sequence[str], points: pd.DataFrame, centred: bool) -> Spec:
    """Columns label, order, series (of `names`; the legend tells those that occur), and the places and words of `Spine.points`.

    centred: whether places are points from the whole area, drawn around a line, else per cent.
    """
    spec = copy.deepcopy(_spine())
    if not centred:
        spec["layer"].pop(0)
    scale = {"domain": _around(points) if centred else [0, 100 * ROOM - 12], "nice": False}
    for layer in spec["layer"]:
        encoding = layer["encoding"]
        encoding["x"]["scale"] = scale
        encoding["x"]["title"] = POINTS if centred else SHARE
        if not centred:
            encoding["x"]["axis"] |= {"values": [0, 25, 50, 75, 100], "format": "d", "labelExpr": "datum.label"}
        for channel, values in (("color", (*COLOURS, GREY)), ("shape", (*SHAPES, "square"))):
            if channel in encoding:
                there = {n: v for n, v in zip(names, values, strict=True) if n in set(points.loc[points["said"] != "", "series"])}
                encoding[channel]["scale"] = {"domain": list(there), "range": list(there.values())}
    return spec


def small(top: int, letters: int) -> Spec:
    """Columns label, order, pct, low, high, whole, said, says.

    The pictures of a page all end at `top` per cent and leave room for labels of as many `letters`, so that they are alike.
    """
    spec = copy.deepcopy(_small())
    for layer in spec["layer"]:
        encoding = layer["encoding"]
        encoding["x"]["scale"] = {"domain": [0, top * ROOM], "nice": False}
        encoding["x"]["axis"] |= {"values": list(range(0, top + 1, 10 if top <= FEW else 20))}
        if "y" in encoding:
            encoding["y"]["axis"] |= {"minExtent": letters * LETTER, "maxExtent": letters * LETTER, "labelFlush": False}
    return spec


def _around(points: pd.DataFrame) -> list[float]:
    """As far to the left as to the right, in whole fives, with room for the figure at the right end."""
    ends = points[["value", "low", "high", "earlier"]].astype(float).abs().max().max()
    reach = max(LEAST_REACH, 5 * -(-float(ends if pd.notna(ends) else 0) // 5))
    return [-reach, reach * ROOM]


@cache
def _spine() -> Spec:
    axis = alt.Axis(orient="top", labelFontSize=14, titleFontSize=14, tickCount=5, format="+d", labelExpr=_SIGNED)
    tips = [alt.Tooltip("row:N", title="Question"), alt.Tooltip("says:N", title="Says")]
    legend = _legend()
    legend.rowPadding = CLOSER
    colour, shape = alt.Color("series:N", legend=legend), alt.Shape("series:N", legend=legend)
    base = alt.Chart().encode(y=_label_axis())
    middle = alt.Chart().mark_rule(strokeWidth=2, color=GREY).encode(x=alt.X("nothing:Q", axis=axis))
    middle = middle.transform_calculate(nothing="0")
    band = base.mark_rule(strokeWidth=12, opacity=0.3, color=GREY).encode(x=alt.X("low:Q", axis=axis), x2="high:Q", tooltip=tips)
    before = base.mark_tick(thickness=3, size=17, color=GREY, opacity=1).encode(x=alt.X("earlier:Q", axis=axis), tooltip=tips)
    theirs = base.mark_point(shape="diamond", size=130, strokeWidth=3, color=GREEN, opacity=1)
    theirs = theirs.encode(x=alt.X("beside:Q", axis=axis), tooltip=tips)
    dot = base.mark_point(filled=True, size=150, opacity=1)
    dot = dot.encode(x=alt.X("value:Q", axis=axis), color=colour, shape=shape, tooltip=tips)
    said = base.mark_text(align="left", dx=10, fontSize=14, fontWeight=600)
    said = said.encode(x=alt.X("end:Q", axis=axis), text=alt.Text("said:N"))
    spec = _finish(alt.layer(middle, band, before, theirs, dot, said).properties(height=alt.Step(ROW)))
    return _headed(spec)


def _headed(spec: Spec) -> Spec:
    """The spec with its domains' rows as headings: bold, and without the mark that tells them apart."""
    text = f"slice(datum.label, 0, {len(HEADING)}) == '{HEADING}' ? slice(datum.label, {len(HEADING)}) : datum.label"
    bold = {"test": f"slice(datum.value, 0, {len(HEADING)}) == '{HEADING}'", "value": "bold"}
    for layer in spec["layer"]:
        if axis := layer["encoding"].get("y", {}).get("axis"):
            whole = f"replace({text}, regexp('[|]', 'g'), ' ')"
            axis |= {"labelExpr": f"{PHONE} ? split({text}, '|') : {whole}", "labelFlush": False}
            axis |= {"labelFontSize": {"expr": f"{PHONE} ? 12.5 : 14"}}
            axis |= {"labelFontWeight": {"condition": bold, "value": "normal"}, "labelLineHeight": LINE}
            broken = {"test": f"{PHONE} && indexof(datum.value, '|') > 0", "value": -LINE / 2}
            axis |= {"ticks": False, "domain": False, "labelOffset": {"condition": broken, "value": 0}}
    return spec


_SIGNED = "datum.value > 0 ? '+' + datum.value : datum.value < 0 ? '−' + (-datum.value) : '0'"


@cache
def _small() -> Spec:
    axis = alt.Axis(labelFontSize=14, title=None, tickCount=4, format="d")
    tips = [alt.Tooltip("row:N", title="Group"), alt.Tooltip("says:N", title="Says")]
    base = alt.Chart().encode(y=_label_axis())
    whole = alt.Chart().mark_rule(strokeWidth=2, strokeDash=[5, 4], color=GREY)
    whole = whole.encode(x=alt.X("whole:Q", aggregate="max", axis=axis))
    rule = base.mark_rule(strokeWidth=3, opacity=0.8, color=BLUE).encode(x=alt.X("low:Q", axis=axis), x2="high:Q", tooltip=tips)
    dot = base.mark_point(filled=True, size=120, opacity=1, color=BLUE).encode(x=alt.X("pct:Q", axis=axis), tooltip=tips)
    said = base.transform_calculate(reach="isValid(datum.high) ? datum.high : datum.pct")
    said = said.mark_text(align="left", dx=9, fontSize=14, fontWeight=600)
    said = said.encode(x=alt.X("reach:Q", axis=axis), text=alt.Text("said:N"))
    return _finish(alt.layer(whole, rule, dot, said).properties(height=alt.Step(SMALL_ROW)))
