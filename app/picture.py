"""A chart as a picture to take away: the same template and the same rows as on the page, with its title and its source.

Drawn when somebody asks, in this process and with nothing fetched; black on white, so that it is read on paper whatever the
reader's screen shows.
"""

import json
from collections.abc import Mapping
from typing import Any, Literal

import pandas as pd
import vl_convert

type Kind = Literal["png", "svg"]

KINDS: tuple[Kind, ...] = ("png", "svg")
INK, PAPER, GRID = "#16252d", "#ffffff", "#d7dfe0"
WIDTH = 760
"""Pixels of a picture whose template fills the page it stands on."""
_SHARPER = 2
_LETTERS = 78
"""Letters of a line of the title."""


def draw(kind: Kind, spec: Mapping[str, Any], data: pd.DataFrame, title: str, source: str) -> bytes:
    """The picture: what it shows above it, whose figures they are and from which release below the title."""
    content = json.dumps(_whole(spec, data, title, source))
    if kind == "png":
        return bytes(vl_convert.vegalite_to_png(content, scale=_SHARPER))
    return str(vl_convert.vegalite_to_svg(content)).encode("utf-8")


def _whole(spec: Mapping[str, Any], data: pd.DataFrame, title: str, source: str) -> dict[str, Any]:
    rows = json.loads(data.to_json(orient="records", force_ascii=False))
    heading = {"text": _lines(title), "subtitle": _lines(source), "anchor": "start", "offset": 14, "fontSize": 16}
    text = {"labelColor": INK, "titleColor": INK}
    config = {
        "axis": {**text, "gridColor": GRID, "labelFontSize": 12, "titleFontSize": 12}, "legend": text, "header": text,
        "text": {"color": INK}, "title": {"color": INK, "subtitleColor": INK}, "view": {"stroke": None},
    }  # fmt: skip
    found = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json", "width": WIDTH, "background": PAPER, "padding": 16,
        **spec, "title": heading, "data": {"values": rows},
    }  # fmt: skip
    return found | {"config": _deeper(config, spec.get("config", {}))}


def _lines(text: str) -> list[str]:
    """A text in lines that fit above the picture."""
    found = [""]
    for word in text.split():
        if found[-1] and len(found[-1]) + 1 + len(word) > _LETTERS:
            found.append(word)
        else:
            found[-1] = f"{found[-1]} {word}".strip()
    return found


def _deeper(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """One configuration over another, part by part."""
    found = dict(below)
    for key, value in above.items():
        under = found.get(key)
        found[key] = _deeper(under, value) if isinstance(under, Mapping) and isinstance(value, Mapping) else value
    return found
