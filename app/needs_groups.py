"""One question by every group at once: small pictures on one scale, two beside each other where there is room."""

import streamlit as st

from app import charts, charts_spine, show
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
    letters = max(len(line) for p in found.panels for label in charts.wrapped(p.points())["label"] for line in label.split("|"))
    for first in range(0, len(found.panels), BESIDE):
        for column, panel in zip(st.columns(BESIDE), found.panels[first : first + BESIDE], strict=False):
            with column:
                _panel(panel, charts_spine.small(found.top, letters), name)
    show.caveats(found.notes, READ)


def _panel(panel: Panel, spec: charts.Spec, name: str) -> None:
    st.subheader(panel.title, anchor=False)
    if said := panel.hidden():
        show.note(said)
    points = charts.wrapped(panel.points())
    show.chart(spec, points, panel.profile.words(), panel.profile.frame(), f"{name}, {panel.title}")
