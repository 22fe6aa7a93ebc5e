"""Pictures of who gets help: a hundred children as icons, and shares with their intervals inside what totals would allow.

Templates as in `charts`: built once, without data. In the icons colour tells need, and a plus on the shoulder tells contact,
so that nothing rests on colour; in the ranges shape and words say what colour does.
"""

import copy
from collections.abc import Sequence
from functools import cache

import altair as alt

from app.charts import BLUE, GREEN, GREY, VERMILLION, Spec, _finish, _label_axis, _legend

ICON_STEP, ICON_SIZE, RATE_ROW = 36, 640, 74
_PERSON = (
    "M0,-1A0.3,0.3,0,1,1,0,-0.4A0.3,0.3,0,1,1,0,-1ZM-0.42,-0.25L0.42,-0.25L0.42,0.4L0.22,0.4L0.22,1L-0.22,1L-0.22,0.4L-0.42,0.4Z"
)
_PLUS = "M0.6,-0.95L0.8,-0.95L0.8,-0.7L1,-0.7L1,-0.5L0.8,-0.5L0.8,-0.25L0.6,-0.25L0.6,-0.5L0.4,-0.5L0.4,-0.7L0.6,-0.7Z"
"""Head and body in one outline, and the plus at the shoulder; both between -1 and 1."""
LOOKS = {
    "need_without": (VERMILLION, _PERSON), "need_with": (BLUE, _PERSON + _PLUS), "need_hidden": (VERMILLION, "diamond"),
    "other_with": (GREEN, _PERSON + _PLUS), "other_without": (GREY, _PERSON), "other_hidden": (GREY, "diamond"),
}  # fmt: skip
"""Colour and shape of each part of the hundred."""


def icons(parts: Sequence[tuple[str, str]], larger: float = 1) -> Spec:
    """A hundred icons: columns across, down, part, says; parts: (name, kind of `LOOKS`) in their order; `larger` in length."""
    spec = copy.deepcopy(_icons())
    spec["mark"]["size"] = ICON_SIZE * larger**2
    names, looks = [name for name, _ in parts], [LOOKS[kind] for _, kind in parts]
    encoding = spec["encoding"]
    encoding["color"]["scale"] = {"domain": names, "range": [colour for colour, _ in looks]}
    encoding["shape"]["scale"] = {"domain": names, "range": [shape for _, shape in looks]}
    return spec


def ranges(names: Sequence[str]) -> Spec:
    """Shares with intervals and limits: columns label, order, series (of `names`), pct, low, high, least, most, said, says."""
    spec = copy.deepcopy(_ranges())
    for layer in spec["layer"]:
        for channel, values in (("color", (BLUE, VERMILLION)), ("shape", ("circle", "diamond"))):
            if channel in layer["encoding"]:
                layer["encoding"][channel]["scale"] = {"domain": list(names), "range": list(values)}
    return spec


@cache
def _icons() -> Spec:
    mark = alt.Chart().mark_point(filled=True, size=ICON_SIZE, opacity=1)
    chart = mark.encode(
        x=alt.X("across:O", axis=None),
        y=alt.Y("down:O", axis=None),
        color=alt.Color("part:N", legend=_legend()),
        shape=alt.Shape("part:N", legend=_legend()),
        tooltip=[alt.Tooltip("part:N", title="Part"), alt.Tooltip("says:N", title="Exactly")],
    ).properties(height=alt.Step(ICON_STEP))
    spec: Spec = chart.to_dict(validate=False)
    for key in ("$schema", "config", "data", "datasets"):
        spec.pop(key, None)
    return spec


@cache
def _ranges() -> Spec:
    axis = alt.Axis(values=[0, 25, 50, 75, 100], labelFontSize=14, titleFontSize=14, grid=True, title="% of pupils")
    scale = alt.Scale(domain=[0, 100])
    colour = alt.Color("series:N", legend=_legend())
    tips = [alt.Tooltip("row:N", title="Row"), alt.Tooltip("series:N", title="Of"), alt.Tooltip("says:N", title="Says")]
    base = alt.Chart().encode(y=_label_axis(), yOffset=alt.YOffset("series:N", sort=None))
    band = base.mark_rule(strokeWidth=14, opacity=0.22).encode(
        x=alt.X("least:Q", scale=scale, axis=axis), x2="most:Q", color=colour, tooltip=tips
    )
    rule = base.mark_rule(strokeWidth=3, opacity=0.7).encode(
        x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", color=colour, tooltip=tips
    )
    dot = base.mark_point(filled=True, size=130, opacity=1).encode(
        x=alt.X("pct:Q", scale=scale, axis=axis), color=colour, shape=alt.Shape("series:N", legend=_legend()), tooltip=tips
    )
    value = base.transform_calculate(
        end="isValid(datum.high) ? datum.high : isValid(datum.pct) ? datum.pct : isValid(datum.most) ? datum.most : 0",
        left="(isValid(datum.high) ? datum.high : isValid(datum.pct) ? datum.pct : isValid(datum.most) ? datum.most : 0) > 80",
    )
    layers = [band, rule, dot]
    for test, align, dx, end in (("!datum.left", "left", 9, "end"), ("datum.left", "right", -9, "start")):
        placed = value.transform_calculate(start="isValid(datum.low) ? datum.low : isValid(datum.pct) ? datum.pct : datum.most")
        text = placed.transform_filter(test).mark_text(align=align, dx=dx, fontSize=14, fontWeight=600)
        layers.append(text.encode(x=alt.X(f"{end}:Q", scale=scale, axis=axis), text=alt.Text("said:N")))
    return _finish(alt.layer(*layers).properties(height=alt.Step(RATE_ROW, **{"for": "position"})))
