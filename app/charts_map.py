"""The picture of clusters on a map, drawn from outlines that are in the release: nothing is fetched.

A template as in `charts`; the outlines go into a copy of it, as a map has a geometry a cluster and not a row. Classes are told by
colour, by a sign in the words, and what is not shown by hatching.
"""

import copy
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import altair as alt

from app.charts import BLUE, GREY, VERMILLION, Spec, _finish
from rcs_core.workshop.shapes_labels import HEIGHT, LINE
from rcs_core.workshop.shapes_map import CLASSES
from rcs_core.workshop.told import Kind

COLOURS = {Kind.MORE: f"{VERMILLION}70", Kind.LESS: f"{BLUE}80", Kind.SAME: f"{GREY}28", Kind.UNTOLD: f"{GREY}00"}
"""The last two digits are how strong a colour is: words on it stay readable on a light and on a dark page."""
LEGEND_ROW = 32
"""Pixels of a class in the legend, which a page takes off the height of a picture."""
NARROW = "windowSize()[0] < 640"

_UP = alt.ExprRef(f"-(length(split(datum.label, '|')) - 1) * {LINE / 2}")
"""Words of several lines hang from their first one; this puts their middle where their place is."""

type Feature = dict[str, Any]


def feature(geometry: Mapping[str, object], **fields: object) -> Feature:
    """One outline with what is told of it: series, place, says."""
    return {"type": "Feature", "geometry": geometry, **fields}


def clusters(classes: Sequence[str], areas: Sequence[Feature], hatched: Sequence[Feature]) -> Spec:
    """The map of these outlines; the rows drawn on it are words with their place: x, y, label, screen, place, says.

    classes: those that occur, for the legend; areas: with series, place and says; hatched: the lines across what is not shown.
    """
    spec = copy.deepcopy(_clusters())
    fills, lines = spec["layer"][:2]
    fills["data"], lines["data"] = {"values": list(areas)}, {"values": list(hatched)}
    kinds = {name: kind for kind, name in CLASSES.items()}
    spec["height"] = HEIGHT + len(classes) * LEGEND_ROW
    fills["encoding"]["color"]["scale"] = {"domain": list(classes), "range": [COLOURS[kinds[c]] for c in classes]}
    if not hatched:
        spec["layer"].pop(1)
    return spec


@cache
def _clusters() -> Spec:
    plane = {"type": "identity", "reflectY": True}
    legend = alt.Legend(
        title=None, orient="top", direction="vertical", labelLimit=0, labelFontSize=14, symbolSize=260, symbolType="square",
        symbolStrokeColor=GREY, symbolStrokeWidth=2,
    )  # fmt: skip
    tips = [alt.Tooltip("place:N", title="School cluster"), alt.Tooltip("says:N", title="Says")]
    fills = (
        alt.Chart()
        .mark_geoshape(stroke=GREY, strokeWidth=2, strokeJoin="round")
        .encode(
            color=alt.Color("series:N", legend=legend),
            tooltip=tips,
        )
    )
    lines = alt.Chart().mark_geoshape(filled=False, stroke=GREY, strokeWidth=1.5, opacity=0.55)
    layers = [fills.project(**plane), lines.project(**plane)]
    for test in (f"datum.screen == 'narrow' && {NARROW}", f"datum.screen == 'wide' && !({NARROW})"):
        words = alt.Chart().mark_text(fontSize=14, fontWeight=600, lineBreak="|", lineHeight=LINE, baseline="middle", dy=_UP)
        words = words.transform_filter(test)
        words = words.encode(longitude="x:Q", latitude="y:Q", text="label:N", tooltip=tips)
        layers.append(words.project(**plane))
    return _finish(alt.layer(*layers).properties(height=HEIGHT))
