"""Bars on paper: what prevention and response cost against today, year by year; and what is spent today by level."""

from typing import Any

import pandas as pd

from rcs_core.documents.parts import Picture
from rcs_core.workshop.couple.compare import Part
from rcs_core.workshop.papers.pictures import BLUE, INK, PALE, ROOM, draw_png, figures, legend

_PARTS = {Part.PREVENTION.label: BLUE, Part.RESPONSIVE.label: PALE}
_FEW = 6
"""Years up to which every bar has its figure."""
_TALL, _WIDE = 118, 17.4
_THOUSAND = 1000
_UNIT = "£ thousand a year, against today"
_HALF = 0.5


def by_year(levels: pd.DataFrame, caption: str, alt: str) -> Picture | None:
    """Bars against today (columns Year, Part, Change (£)); None where nothing changes in any year."""
    rows = levels[levels["Part"].isin(list(_PARTS))]
    moving = rows.groupby("Part")["Change (£)"].transform(lambda change: change.abs().max()) >= _HALF
    rows = rows[moving]
    if rows.empty:
        return None
    years, first = list(dict.fromkeys(rows["Year"])), rows["Part"].iloc[0]
    said = [f"{'+' if v > 0 else '−' if v < 0 else ''}{abs(v) / _THOUSAND:,.{_places(rows)}f}" for v in rows["Change (£)"]]
    bare = [len(years) > _FEW and not (y == years[-1] and (p == first or v < 0))
            for y, p, v in zip(rows["Year"], rows["Part"], rows["Change (£)"], strict=True)]  # fmt: skip
    points = pd.DataFrame(
        {
            "year": rows["Year"].to_list(), "series": rows["Part"].to_list(), "value": (rows["Change (£)"] / _THOUSAND).to_list(),
            "said": ["" if none else text for text, none in zip(said, bare, strict=True)],
            "below": (rows["Change (£)"] < 0).to_list(),
        }
    )  # fmt: skip
    return Picture(
        draw_png(
            _template([p for p in _PARTS if p in set(points["series"])], points["value"].tolist(), whole=not _places(rows)),
            points,
            _WIDE,
        ),
        caption,
        alt,
        _WIDE,
    )


def by_level(spend: pd.DataFrame, caption: str, alt: str) -> Picture | None:
    """Bars of today's spend (columns Level, Spend as tagged (£)), in their order; None where nothing is spent."""
    rows = spend[spend[_SPENT].astype(float) > 0]
    if rows.empty:
        return None
    millions = rows[_SPENT].astype(float) / _MILLION
    points = pd.DataFrame(
        {
            "label": [str(level).partition(" (")[0] for level in rows["Level"]], "order": range(len(rows)),
            "value": millions.to_list(), "said": [f"£{v:,.1f}m" for v in millions],
        }
    )  # fmt: skip
    return Picture(draw_png(_levels(float(millions.max())), points, _WIDE), caption, alt, _WIDE)


_SPENT = "Spend as tagged (£)"
_MILLION = 1_000_000
_STEP = 17


def _levels(most: float) -> dict[str, Any]:
    y = {
        "field": "label", "type": "nominal", "sort": {"field": "order"}, "scale": {"paddingInner": 0.25},
        "axis": {"title": None, "labelLimit": 0, "ticks": False, "domain": False, "labelPadding": 6},
    }  # fmt: skip
    x = {"field": "value", "type": "quantitative", "axis": figures("£ million a year", format=",.0f"),
         "scale": {"domain": [0, most * ROOM]}}  # fmt: skip
    text = {"x": {"field": "value", "type": "quantitative"}, "text": {"field": "said"}}
    return {
        "height": {"step": _STEP},
        "encoding": {"y": y},
        "layer": [
            {"mark": {"type": "bar", "color": BLUE, "stroke": INK, "strokeWidth": 0.6}, "encoding": {"x": x}},
            {"mark": {"type": "text", "align": "left", "dx": 4}, "encoding": text},
        ],
    }


def _places(rows: pd.DataFrame) -> int:
    """Decimals of a thousand pounds: one where the largest is small."""
    return 0 if rows["Change (£)"].abs().max() >= 10 * _THOUSAND else 1


def _template(parts: list[str], values: list[float], whole: bool) -> dict[str, Any]:
    year = {
        "field": "year", "type": "ordinal", "scale": {"paddingInner": 0.3},
        "axis": {"title": None, "labelAngle": 0, "ticks": False, "domain": False, "labelPadding": 6},
    }  # fmt: skip
    value = {
        "field": "value", "type": "quantitative", "axis": figures(_UNIT, format=",.0f" if whole else ",.1f"),
        "scale": {"domain": [ROOM * min(*values, 0.0), ROOM * max(*values, 0.0)]},
    }  # fmt: skip
    offset = {"field": "series", "type": "nominal", "sort": parts, "scale": {"domain": parts}}
    colour = {
        "field": "series", "type": "nominal", "scale": {"domain": parts, "range": [_PARTS[p] for p in parts]}, "legend": legend(),
    }  # fmt: skip
    text = {"y": value, "text": {"field": "said"}}
    return {
        "height": _TALL,
        "encoding": {"x": year, "xOffset": offset},
        "layer": [
            {"mark": {"type": "bar", "stroke": INK, "strokeWidth": 0.6}, "encoding": {"y": value, "color": colour}},
            {"mark": {"type": "text", "dy": -6}, "transform": [{"filter": "!datum.below"}], "encoding": text},
            {"mark": {"type": "text", "dy": 7}, "transform": [{"filter": "datum.below"}], "encoding": text},
            {
                "mark": {"type": "rule", "color": INK},
                "encoding": {"y": {"datum": 0}, "x": {"value": 0}, "x2": {"value": "width"}, "xOffset": None},
            },
        ],
    }
