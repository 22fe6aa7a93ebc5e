"""The section *Beside other councils*: one published figure, where this area stands in it, and how it went over the years."""

import streamlit as st

from app import charts_beside, controls, session, show
from rcs_core.release import Release
from rcs_core.workshop import comparators as beside
from rcs_core.workshop import comparators_told as told
from rcs_core.workshop.method import Rows, method

TITLE = "Beside other councils"
NONE = (
    "This release holds no published figures of other councils. To see this area beside them, put them in the input folder as "
    "comparators.csv and build the release again."
)


def section(release: Release) -> None:
    """Draw the whole section, or one line on how to get one."""
    st.header(TITLE, anchor=False)
    offered = session.once(release, beside.measures)
    if not offered:
        show.note(NONE)
        return
    measure = controls.one_of("Which published figure", offered, "beside_measure", lambda m: m.label)
    found = session.once(release, beside.beside, measure)
    name = f"{measure.label}, {found.year}"
    how = method("money_beside", Rows.of(beside.NAME, indicator=measure.indicator, group=measure.group))
    show.headline(told.headline(found), told.basis(found), how)
    unit = told.axis(measure)
    show.note(told.lines_in_words(found))
    there = set(told.points(found)["series"])
    spec = charts_beside.councils(tuple(s if s in there else "" for s in (told.OURS, told.FAMILY, told.OTHER)), unit)
    show.chart(spec, told.points(found), told.words(found), told.frame(found), f"{name}, councils")
    if said := told.over_the_years(found):
        show.line(said)
        series = tuple(told.years_points(found)["series"].unique())
        show.chart(
            charts_beside.years(series, unit),
            told.years_points(found),
            told.years_words(found),
            told.years_frame(found),
            f"{name}, years",
        )
    show.caveats([*told.notes(found), told.left_aside()], "How to read this beside other councils")
