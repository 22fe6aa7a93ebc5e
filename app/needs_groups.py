"""One question by every group at once: small pictures on one scale, two beside each other where there is room."""

import pandas as pd
import streamlit as st

from app import charts, charts_spine, show
from app.drawn import kept
from rcs_core.workshop.method import Method
from rcs_core.workshop.small_multiples import Panel, Panels

BESIDE = 2
"""Small pictures in a row of a wide screen; a narrow one stacks them."""
READ = "How to read this"


def draw(found: Panels, name: str, method: Method | None = None) -> None:
    """The sentence, what is called, every small picture with its numbers, and the notes."""
    show.headline(found.headline, found.basis, method)
    show.points(found.called)
    show.note(
        f"Every picture has the same scale: per cent of children with need, from 0 to {found.top}. "
        "Groups stand in their own order, places by name."
    )
    letters = kept(_letters, found)
    for first in range(0, len(found.panels), BESIDE):
        for column, panel in zip(st.columns(BESIDE), found.panels[first : first + BESIDE], strict=False):
            with column:
                _panel(panel, charts_spine.small(found.top, letters), name)
    show.caveats(found.notes, READ)


def _letters(found: Panels) -> int:
    """The letters of the longest line of a label, which every picture makes room for."""
    return max(len(line) for p in found.panels for label in _points(p)["label"] for line in label.split("|"))


def _points(panel: Panel) -> pd.DataFrame:
    points: pd.DataFrame = kept(charts.wrapped, kept(panel.points))
    return points


def _panel(panel: Panel, spec: charts.Spec, name: str) -> None:
    st.subheader(panel.title, anchor=False)
    if said := panel.hidden():
        show.note(said)
    profile = panel.profile
    show.chart(spec, _points(panel), kept(profile.words), kept(profile.frame), f"{name}, {panel.title}")
