"""*Decide*: a kept scenario brought to the table, and its moves in the order a board asks."""

import pandas as pd
import streamlit as st

from app import charts_shift, controls, navigation, session, shift_open, show
from app.typed_words import inside
from rcs_core.errors import RcsError
from rcs_core.release import Release
from rcs_core.workshop import big_screen
from rcs_core.workshop.decide import conditions, lists, told
from rcs_core.workshop.decide.moves import OnTable, brought
from rcs_core.workshop.kept import Kept, Shelf
from rcs_core.workshop.shift import foremost

NONE = "No scenario: decided in words"
OFF_SCREEN = "On the big screen no bought service is drawn, and a dash stands for its amounts."


def chosen(release: Release) -> OnTable | None:
    """The scenario that the room brings to the table, with its moves; None where it brings none, or none is kept."""
    offered = _offered()
    if not offered:
        st.info(
            "**No scenario has been kept yet**\n\nKeep one in *Try a shift*, and its moves, payers and dates stand here. What "
            "needs no figures can be decided in words below.",
            icon=":material/info:",
        )
        navigation.link(navigation.SHIFT)
        return None
    options: list[Kept | None] = [*offered, None]
    kept = controls.one_of("Scenario on the table", options, "decide_scenario", lambda k: k.title if k else NONE)
    if kept is None:
        return None
    try:
        return _brought(release, kept)
    except RcsError as error:
        show.error(error)
        return None


def _offered() -> list[Kept]:
    """The kept scenarios, the latest version of each: the one that this session opened last comes first."""
    opened, found = shift_open.opened(), Shelf(session.store()).latest()
    first = [k for k in found if opened and k.id == opened.id]
    linked = st.query_params.get(shift_open.LINK, "")
    if linked and linked not in {k.link for k in found}:
        try:
            first.insert(0, Shelf(session.store()).of_link(linked))
        except RcsError:
            st.query_params.pop(shift_open.LINK, None)
    elif linked:
        first = [k for k in found if k.link == linked]
    return list({k.link: k for k in [*first, *found]}.values())


@st.cache_resource(
    max_entries=16, show_spinner="Bringing the scenario to the table",
    hash_funcs={
        Release: lambda release: release.manifest.content_hash, Kept: lambda k: (session.mark(), k.link, k.title, k.at),
    },
)  # fmt: skip
def _brought(release: Release, kept: Kept) -> OnTable:
    """A kept version with its moves, worked out once for every session: a version of a store never changes."""
    return brought(Shelf(session.store()).of_link(kept.link), release)


@st.cache_resource(
    max_entries=16,
    show_spinner="Testing what must hold",
    hash_funcs={OnTable: lambda found: (session.mark(), found.kept.link, found.kept.at)},
)
def offered_conditions(found: OnTable) -> list[str]:
    """The conditions that its stress tests offer, worked out once for every session."""
    return [one.text for one in conditions.offered(found.side)]


def shown(release: Release, found: OnTable, on_screen: bool) -> None:
    """What grows, what shrinks, who pays from when, and what may be needed to read it."""
    st.header("What is on the table?", anchor=False)
    if not found.side.possible:
        show.line(
            "This scenario has no plan: its promises cannot all hold. Settle the clash in *Try a shift*, and keep it again."
        )
        return
    veil = big_screen.veiled(release, on_screen)
    headline = told.on_table(found, veil)
    basis = inside(headline.basis, found.kept.title, found.kept.author)
    show.headline(headline.text, " ".join([*(s.text for s in told.who_pays(found, veil)), basis]))
    _differs(release, found)
    if not found.moves:
        return
    _moves(release, found, on_screen)
    with st.expander("Who pays more, who less, and from which year"):
        show.table(lists.payers(found, veil), "Moves by payer")
        show.table(lists.by_year(found, veil), "Moves by year")


def _moves(release: Release, found: OnTable, on_screen: bool) -> None:
    frame = lists.moves(found)
    # By id: a scenario that was kept on another release may call a service by another name.
    own = pd.Series([m.service_id in big_screen.veiled(release, on_screen) for m in found.moves], frame.index, dtype=bool)
    points = charts_shift.service_points(foremost(frame[(frame["Change (£)"] != 0) & ~own]))
    frame = frame.assign(**{c: frame[c].mask(own) for c in frame if "(£)" in str(c)})
    name = f"Moves by {found.last}"
    if on_screen:
        show.note(OFF_SCREEN)
    elif len(points) < len(frame):
        show.note(f"The {len(points)} of {len(frame)} services that change most; the table has them all.")
    if points.empty:
        show.table(frame, name, NOTES)
    else:
        show.chart(
            charts_shift.services(points),
            points,
            told.on_table(found, big_screen.veiled(release, on_screen)).text,
            frame,
            name,
            NOTES,
        )
    if losing := sum(m.loses for m in found.moves):
        show.line(f"**{_many(losing)} a safety sheet** before a decision on it can be agreed.")


NOTES = (
    "A year's spend before the plan, and in its last year. The price of one is what care costs for a year, or a service's spend "
    "over the children that the register says it serves: an average, not what one more child costs.",
)


def _many(losing: int) -> str:
    if losing == 1:
        return "The service that loses money in any year needs"
    return f"Each of the {losing} services that lose money in any year needs"


def _differs(release: Release, found: OnTable) -> None:
    """That the scenario was kept on another release, or comes out otherwise than when it was kept."""
    draft = found.kept.draft
    if draft.release_hash and draft.release_hash != release.manifest.content_hash:
        show.line(
            f"It was kept on release {draft.release_id}; release {release.id} is served now. Its money is of its own release; "
            "children served, contracts and notice are of the register that is served."
        )
    if found.drift is not None and abs(found.drift) >= 1:
        show.line(
            f"Worked out again it moves £{abs(found.drift):,.0f} {'more' if found.drift > 0 else 'less'} than when it was kept: "
            "there is more than one plan as good, or another program kept it."
        )


def table_of(rows: pd.DataFrame, name: str) -> None:
    """A table with its csv, or nothing where it has no row."""
    if not rows.empty:
        show.table(rows, name)
