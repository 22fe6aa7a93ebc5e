"""The picture of a vote: a stacked row of eight steps of agreement for each proposal, or a bar for each option.

Blue is for, grey between, red-brown against; each part says its step and how many, so that nothing rests on colour alone.
"""

import copy
from functools import cache

import altair as alt
import pandas as pd

from app.charts import BLUE, THICK_ROW, Spec, _finish, _label_axis, _legend, bars, wrapped
from rcs_core.workshop.meeting.ballot_contract import steps

STEPS = ("#003a5c", "#0072b2", "#7cc0e8", "#d3d9da", "#8d9799", "#f5bd8c", "#e0700f", "#6e2500")
"""From full support to open opposition: the house's blue and vermillion, each in three shades, and two greys between them."""
DARK, LIGHT = "#16252d", "#ffffff"
INKS = (LIGHT, LIGHT, DARK, DARK, DARK, DARK, DARK, LIGHT)
"""What is written on each step's colour."""
FITS = 0.07
"""The share of the longest row from which a part has room for its words."""


def agreement(points: pd.DataFrame) -> tuple[Spec, pd.DataFrame]:
    """The template and its rows, from `ballot_words.points` of a vote in steps."""
    spec = copy.deepcopy(_agreement())
    names = [f"{step.step} {step.name}" for step in steps()]
    spec["layer"][0]["encoding"]["color"]["scale"] = {"domain": names, "range": list(STEPS)}
    rows = wrapped(points)
    most = rows.groupby("label")["value"].sum().max() if len(rows) else 0
    fits = (rows["value"] > 0) & (rows["value"] >= FITS * most)
    return spec, rows.assign(
        count=rows["text"].where(fits, ""), which=rows["step"].where(fits, ""), ink=[INKS[int(k) - 1] for k in rows["place"]]
    )


def given(points: pd.DataFrame, unit: str) -> tuple[Spec, pd.DataFrame]:
    """The template and its rows, from `ballot_words.points` of a vote with dots or points."""
    rows = wrapped(points)
    ends = rows["value"]
    spec = bars(list(dict.fromkeys(rows["part"])) if len(rows) else [unit], unit, [BLUE])
    for layer in spec["layer"]:
        if "color" in layer["encoding"]:
            layer["encoding"]["color"]["legend"] = None
    return spec, rows.assign(inside="", outside=rows["text"], end=ends)


PHONE = "windowSize()[0] < 640"
"""Where a part has room for its number only."""


@cache
def _agreement() -> Spec:
    axis = alt.Axis(labelFontSize=14, titleFontSize=14, tickMinStep=1, format="d")
    x = alt.X("value:Q", stack="zero", axis=axis, title="people")
    order = alt.Order("place:O")
    tips = [alt.Tooltip("row:N", title="Proposal"), alt.Tooltip("says:N", title="Says")]
    base = alt.Chart().encode(y=_label_axis(), order=order)
    legend = _legend()
    legend.columns, legend.direction, legend.orient = alt.ExprRef("width < 620 ? 1 : 2"), "horizontal", "bottom"
    bar = base.mark_bar(height={"band": 0.72}, stroke=LIGHT, strokeWidth=1)
    bar = bar.encode(x=x, color=alt.Color("part:N", legend=legend), tooltip=tips)
    middle = alt.X("value:Q", stack="zero", bandPosition=0.5, axis=axis, title="people")
    ink = alt.Color("ink:N", scale=None)
    many = base.mark_text(fontWeight="bold", fontSize=19, dy=8).encode(x=middle, text="count:N", detail="part:N", color=ink)
    which = base.mark_text(fontSize=13, dy=-13).encode(x=middle, text="which:N", detail="part:N", color=ink)
    which = which.transform_calculate(which=f"datum.which ? ({PHONE} ? '' : 'step ') + datum.which : ''")
    return _finish(alt.layer(bar, many, which).resolve_scale(color="independent").properties(height=alt.Step(THICK_ROW + 8)))
