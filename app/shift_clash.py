"""The part of *Try a shift* for promises that cannot all hold: the sum that does not come out, and what settles it.

Each smallest change has one button, which puts it into the room's changes; the whole list stands behind a door.
"""

from dataclasses import replace

import pandas as pd
import streamlit as st

from app import shift_edits, show
from rcs_core.errors import RcsError
from rcs_core.release import Release
from rcs_core.workshop import big_screen, clash, clash_words
from rcs_core.workshop.clash import Way, Worked
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.scenario.wording import said
from rcs_core.workshop.sentence import Sentence
from rcs_core.workshop.shift import Shift


@st.cache_resource(
    max_entries=32, show_spinner="Looking for what would settle it",
    hash_funcs={Release: lambda release: release.manifest.content_hash, Shift: lambda shift: repr(shift.levers)},
)  # fmt: skip
def _worked(release: Release, shift: Shift) -> tuple[Worked, float | None]:
    """What is worked out of a clash; kept, as a plan is."""
    return clash.worked(shift), clash.most_shift(release, shift) if _shifts(shift) else None


def _shifts(shift: Shift) -> bool:
    """Whether a shift is stated, so that less of it can be asked for."""
    return shift.levers.depth is Depth.DISCUSS and shift.levers.shift_pct > 0


def section(release: Release, shift: Shift, on_screen: bool) -> None:
    """What clashes in one sentence, arithmetic first; the smallest changes; the best that can be had; the whole list."""
    st.header("What clashes, and what would settle it?", anchor=False)
    found = clash.clash(shift)
    try:
        worked, most = _worked(release, shift)
    except RcsError as error:  # what clashes is known all the same
        show.headline(found.sentence, found.basis)
        show.error(error)
        return
    if worked.sums:
        first = clash_words.sum_sentence(worked.sums[0], shift.scenario, shift.names, worked.rough)
        more = (clash_words.made_of(worked.sums[0], worked.rough), clash_words.all_sums(worked))
        basis = " ".join([*(s.text for s in more if s), first.basis])
        show.headline(_veiled(first.text, release, on_screen), _veiled(basis, release, on_screen))
    else:
        show.headline(found.sentence, " ".join((clash_words.NOT_SHOWN, found.basis)))
    _ways(release, shift, worked)
    _best(release, shift, worked, most)
    _list(release, shift, worked, on_screen)


def _veiled(text: str, release: Release, on_screen: bool) -> str:
    """A sentence without the sums of a bought service, while the big screen is on."""
    found = big_screen.without_sums(_frame(text), release, on_screen)
    return str(found.iloc[0, 0])


def _frame(text: str) -> pd.DataFrame:
    return pd.DataFrame({"": [text]})


def _ways(release: Release, shift: Shift, worked: Worked) -> None:
    if not worked.ways:
        return
    st.subheader("The smallest changes", anchor=False)
    if worked.rough:
        show.note("In two figures, rounded up so that each is enough: what is short rests on estimated effects.")
    for k, way in enumerate(worked.ways):
        left, right = st.columns([5, 1], vertical_alignment="center")
        with left:
            show.line(f"{way.sentence.text} {_settles(way)}")
        right.button(
            "Apply", key=f"clash_apply_{k}", on_click=shift_edits.add, args=(release, way.edits, shift.scenario), width="stretch",
            help=way.sentence.text,
        )  # fmt: skip


def _settles(way: Way) -> str:
    if way.whole:
        return "Then every promise holds."
    return "It settles one clash; others remain." if way.clash else "This sum comes out then; others remain."


def _best(release: Release, shift: Shift, worked: Worked, most: float | None) -> None:
    """The least money that makes everything hold, with one button, and the most of what was asked for."""
    st.subheader("What is the least that makes everything hold?", anchor=False)
    told = clash_words.extra_sentence(worked, shift.scenario, shift.names)
    left, right = st.columns([5, 1], vertical_alignment="center")
    with left:
        show.line(f"**{told.text}** {told.basis}")
    if worked.extra is not None:
        edits = tuple(
            replace(edit, owner=said(agency, shift.names), reason=told.text)
            for edit, (agency, *_) in zip(worked.extra.edits, worked.extra.by, strict=True)
        )
        right.button(
            "Apply", key="clash_apply_extra", on_click=shift_edits.add, args=(release, edits, shift.scenario), width="stretch",
            help=told.text,
        )  # fmt: skip
        with st.expander("By purse and year"):
            show.table(clash_words.extra_table(worked.extra, shift.scenario, shift.names), "Least extra money")
    for sentence in _targets(shift, worked, most):
        show.line(sentence.text)


def _targets(shift: Shift, worked: Worked, most: float | None) -> list[Sentence]:
    found = [clash_words.target_sentence(t, shift.scenario) for t in worked.targets]
    return [*found, clash_words.shift_sentence(most, shift.levers.shift_pct)] if _shifts(shift) else found


def _list(release: Release, shift: Shift, worked: Worked, on_screen: bool) -> None:
    promises = big_screen.without_sums(clash.promises(shift), release, on_screen)
    if promises.empty and not worked.sums:
        return
    with st.expander("Every sum, every promise of the clash, and every change that would settle it"):
        if worked.sums:
            sums = clash_words.sums_table(worked, shift.scenario, shift.names)
            show.table(big_screen.without_row_sums(sums, release, on_screen), "Sums that do not come out")
        show.table(promises, "Promises that clash")
        note = "Leaving need unmet is not offered as a way out."
        show.table(clash.ways_out(shift), "Changes that would settle the clash", [note])
