"""Demand if nothing changes, behind one door: which service, the sentence, the picture with its range, and the back-test."""

import copy
from functools import cache

import altair as alt
import streamlit as st

from app import charts, controls, show
from app.drawn import kept
from rcs_core.release import Release
from rcs_core.workshop.demand import told

HEIGHT = 460
BANDS = "The dark band is the 80% range of the method that was chosen, the light one its 95% range."
KEY = "demand_of"
COLOURS = dict(zip((told.COUNTED, *told.METHODS), (charts.GREY, charts.BLUE, charts.VERMILLION, charts.GREEN), strict=True))
DASHES = ([1, 0], [1, 0], [6, 4], [2, 3])


def expander(release: Release) -> None:
    """Each responsive service's history carried on; nothing where the release holds no demand."""
    found = outlooks(release)
    if not found:
        return
    with st.expander(told.TITLE, icon=":material/trending_flat:"):
        one = controls.one_of("Which service", found, KEY, lambda outlook: outlook.title)
        show.headline(one.sentence, one.basis)
        points = kept(told.picture, one)
        spec = picture(one.history.unit.label, points["series"].unique().tolist())
        show.chart(spec, points, one.sentence, kept(told.numbers, one), f"Demand of {one.name} if nothing changes")
        show.note(BANDS)
        show.points(one.notes)


def outlooks(release: Release) -> tuple[told.Outlook, ...]:
    """The outlooks of a release, worked out once."""
    found: tuple[told.Outlook, ...] = kept(told.outlooks, release)
    return found


def picture(unit: str, series: list[str]) -> charts.Spec:
    """Lines over years with the 95% and 80% range of the method chosen (from `told.picture`); only the series named."""
    spec = copy.deepcopy(_picture())
    for layer in spec["layer"]:
        layer["encoding"]["y"]["title"] = unit
        shown = [name for name in COLOURS if name in series]
        layer["encoding"]["color"]["scale"] = {"domain": shown, "range": [COLOURS[name] for name in shown]}
    return spec


@cache
def _picture() -> charts.Spec:
    x = alt.X("year:O", axis=alt.Axis(labelFontSize=14, title=None, labelAngle=-45))
    axis = alt.Axis(tickCount=5, format=",.0f", labelFontSize=14, titleFontSize=14)
    legend = alt.Legend(
        title=None, orient="top", direction="horizontal", columns=2, labelLimit=0, labelFontSize=14, symbolSize=140,
        symbolStrokeWidth=0, symbolOpacity=1,
    )  # fmt: skip
    colour = alt.Color("series:N", legend=legend)
    base = alt.Chart().encode(x=x, color=colour)
    bands = [
        base.transform_filter(f"isValid(datum.{low})")
        .mark_area(opacity=opacity, line=False)
        .encode(y=alt.Y(f"{low}:Q", axis=axis, scale=alt.Scale(zero=True)), y2=f"{high}:Q")
        for low, high, opacity in (("low", "high", 0.16), ("low_80", "high_80", 0.22))
    ]
    y = alt.Y("value:Q", axis=axis, scale=alt.Scale(zero=True))
    tips = [alt.Tooltip("series:N", title="Of"), alt.Tooltip("year:O", title="Year"), alt.Tooltip("value:Q", format=",.1f")]
    tips += [alt.Tooltip("low:Q", title="95% from", format=",.1f"), alt.Tooltip("high:Q", title="to", format=",.1f")]
    dash = alt.StrokeDash("series:N", scale=alt.Scale(domain=list(COLOURS), range=list(DASHES)), legend=None)
    line = base.mark_line(strokeWidth=3).encode(y=y, strokeDash=dash)
    point = base.mark_point(filled=True, size=80, opacity=1).encode(y=y, tooltip=tips)
    return charts._finish(alt.layer(*bands, line, point).properties(height=HEIGHT))
