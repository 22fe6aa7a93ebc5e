"""One question on a map of clusters: the sentence, the map or equal squares with their words, and the notes."""

import streamlit as st

from app import charts, charts_map, drawn, room, session, show
from rcs_core.release import Release
from rcs_core.workshop import behind, shapes, shapes_map
from rcs_core.workshop.evidence import Indicator, SurveyInfo
from rcs_core.workshop.shapes_map import LAND, LAND_NOTE, SQUARES_NOTE, Drawing, Mapped
from rcs_core.workshop.told import Kind

READ = "How to read this"


def draw(release: Release, survey: SurveyInfo, indicator: Indicator | None, kept: str) -> None:
    """The map of a question; without one, of that on which most clusters stand out. kept: what stays at council level."""
    asked = indicator or session.once(release, shapes_map.widest, survey.code)
    found = session.once(release, shapes_map.mapped, survey.code, asked)
    method = behind.told("needs_clusters", "comparisons", survey.code, asked)
    show.headline(found.told.headline, found.told.basis, method)
    if indicator is None:
        show.note(f"Shown is “{asked.title}”, the question on which most clusters stand out. Choose another above.")
    show.points(found.told.standing_out)
    how = _how(release)
    on = session.once(release, shapes_map.drawing, how)
    points = drawn.kept(shapes_map.label_rows, found, on)
    title = f"{survey.title}, {asked.title}, {'map' if how == LAND else 'squares'} of clusters"
    show.chart(drawn.kept(_spec, found, on), points, drawn.kept(found.words), drawn.kept(found.frame), title, method=method)
    if on.labels.numbered:
        # In a room nothing is looked up at the foot of the page.
        say = show.line if room.large() and on.labels.numbered_wide else show.note
        say(found.key())
    show.points(found.untold())
    show.note(LAND_NOTE if how == LAND else SQUARES_NOTE)
    show.caveats([*found.told.notes, kept], READ)


def _how(release: Release) -> str:
    """Land or equal squares, side by side; in room mode with the other choices behind the door of the frame."""
    ways = session.once(release, shapes_map.ways)
    with room.more():
        chosen = st.segmented_control(
            "How clusters are drawn", ways, default=ways[0], required=True, key="needs_map", bind="query-params"
        )
    return chosen if chosen in ways else ways[0]


def _spec(found: Mapped, on: Drawing) -> charts.Spec:
    """The picture: every outline once with its class, and the hatching of those that are not shown."""
    areas, hatched = [], []
    for cell in found.cells:
        outline = on.outlines[cell.code]
        told = {"place": cell.name, "says": show.spelled(cell.says)}
        areas.append(charts_map.feature(outline.geometry(), series=shapes_map.CLASSES[cell.kind], code=cell.code, **told))
        if cell.kind is Kind.UNTOLD:
            hatched.append(charts_map.feature(shapes.hatched(outline, shapes_map.HATCH)))
    return charts_map.clusters(found.classes, areas, hatched)
