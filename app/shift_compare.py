"""*Compare*: up to four scenarios side by side, presets and kept ones and the one on the screen: what differs, and in what."""

import pandas as pd
import streamlit as st

import rcs_core
from app import charts_compare, room, session, shift_keep, shift_own, shifting, show, take_books, typed_words
from app.typed_words import inside, typed
from rcs_core.errors import RcsError
from rcs_core.release import Release
from rcs_core.workshop import big_screen, versus
from rcs_core.workshop.couple import Levers, Preset, levers_kept
from rcs_core.workshop.kept import Kept, Shelf
from rcs_core.workshop.shift import Shift
from rcs_core.workshop.versus import MOST, Side

ON_SCREEN, OWN = "screen", "own"
_KEY = "shift_compare_with"
_KEPT_SIDES = "shift_compare_kept"


def section(release: Release, shift: Shift, on_screen: bool) -> None:
    """Choose what stands side by side; the headline, the board's questions, the picture, who pays, and what was put in."""
    st.header("How do they compare?", anchor=False)
    sides = _chosen(release, shift)
    if len(sides) < 2:
        show.note("Choose two or more. The first that has a plan is what the others are set against.")
        return
    beside(release, sides, on_screen)


def beside(release: Release, sides: list[Side], on_screen: bool) -> None:
    """Two or more scenarios side by side: the headline, the board's questions, the picture, who pays, what was put in."""
    _headlines(release, sides)
    table, _ = versus.results(sides)
    show.table(table, "Scenarios side by side", _notes(sides))
    _picture(sides)
    _money(release, sides, on_screen)
    _inputs(release, sides, on_screen)
    take_books.comparison(release, sides, on_screen)


def _chosen(release: Release, shift: Shift) -> list[Side]:
    """The scenarios that the room chose, in its order."""
    options = {ON_SCREEN: "On the screen"}
    own = shift_own.side(release, shift)
    if own is not None:
        options[OWN] = shift_own.TITLE
    presets = shifting.presets(release, shift.levers.depth)
    options |= {f"preset:{p.value}": p.label for p in presets}
    kept = {f"kept:{k.link}": k for k in Shelf(session.store()).latest()}
    options |= {key: f"Kept: {k.title}" for key, k in kept.items()}
    mine = [OWN] if own is not None and own.scored is not None and own.scored.plan is not shift_own.solved(shift) else []
    st.session_state.setdefault(_KEY, [*_beside(shift, presets), *mine][:MOST])
    st.session_state[_KEY] = [key for key in st.session_state[_KEY] if key in options]
    with room.aside("Choose what stands side by side"):
        chosen = st.multiselect(
            "Side by side, up to four", list(options), format_func=options.__getitem__, max_selections=MOST, key=_KEY
        )  # fmt: skip
    found = []
    for key in chosen[:MOST]:
        try:
            found.append(own if key == OWN and own is not None else _side(release, shift, key, kept))
        except RcsError as error:
            typed_words.error(error)
    return versus.told_apart(found)


def _beside(shift: Shift, presets: list[Preset]) -> list[str]:
    """Today's spend, the plan on the screen and one more preset, so that there is something to compare before any is kept."""
    others = [p for p in presets if p is not Preset.AS_IS and _preset(shift, p) != shift.levers]
    today = [] if _preset(shift, Preset.AS_IS) == shift.levers else [f"preset:{Preset.AS_IS.value}"]
    return [*today, ON_SCREEN, *(f"preset:{p.value}" for p in others[:1])]


def _preset(shift: Shift, preset: Preset) -> Levers:
    return Levers.of(preset, depth=shift.levers.depth)


def _side(release: Release, shift: Shift, key: str, kept: dict[str, Kept]) -> Side:
    """One scenario with its plan; presets are solved at the depth that is on the screen, and kept for every session."""
    if key == ON_SCREEN:
        return versus.of_shift("On the screen", shift, release.id)
    kind, _, name = key.partition(":")
    if kind == "preset":
        preset = Preset(name)
        return versus.of_shift(preset.label, shifting.solved(release, _preset(shift, preset), hot=False), release.id)
    return _kept_side(release, kept[key].link)


def _kept_side(release: Release, link: str) -> Side:
    """A kept version: of this release from its levers, as the screen would show it; of another from the file that was kept."""
    sides: dict[tuple[str, str], Side] = st.session_state.setdefault(_KEPT_SIDES, {})
    key = (release.id, link)
    if key not in sides:
        kept = Shelf(session.store()).of_link(link)
        levers = levers_kept.read(kept.draft.levers) if kept.draft.levers else None
        if levers and not kept.draft.plan and shift_keep.same_program(kept, release):
            sides[key] = versus.of_shift(kept.title, shifting.solved(release, levers, hot=False), release.id)
        else:
            with st.spinner(f"Working out {typed(kept.title)}"):
                sides[key] = versus.of_kept(kept, levers)
    return sides[key]


def _headlines(release: Release, sides: list[Side]) -> None:
    """The first difference large, the others under it; then what is not alike."""
    (first, *more), *others = versus.headlines(sides)
    names = [side.title for side in sides]
    show.headline(inside(first.text, *names), " ".join([*(inside(sentence.text, *names) for sentence in more), _basis(sides)]))
    show.points(" ".join(inside(sentence.text, *names) for sentence in told) for told in others)
    if lines := [inside(line, *names) for line in versus.marks(sides, release.id, rcs_core.__version__)]:
        st.warning("\n\n".join(["**Not alike, so not set against each other:**", *lines]), icon=":material/rule:")


def _basis(sides: list[Side]) -> str:
    base = next((side for side in sides if side.possible), sides[0])
    rough = " In two figures: what moves rests on guesses." if any(side.rough for side in sides) else ""
    return f"A year's spend in {base.last} against today, set against ‘{typed(base.title)}’.{rough}"


def _notes(sides: list[Side]) -> list[str]:
    if any(side.scored for side in sides):
        return ["A plan of the room's own is carried out as it is; nothing in it is optimised."]
    return []


def _picture(sides: list[Side]) -> None:
    changes = versus.years(sides)
    if changes.empty:
        return
    last = changes.groupby("Scenario", sort=False).last()
    told = "; ".join(f"{title} {'+' if c >= 0 else '−'}£{abs(c):,.0f}" for title, c in last["Change (£)"].items())
    titles = list(last.index)
    words = f"Lines of prevention by year against today, one a scenario; in the last year: {told}."
    show.chart(charts_compare.years(titles), charts_compare.year_points(changes), words, changes, "Prevention by year")


def _money(release: Release, sides: list[Side], on_screen: bool) -> None:
    """Changes in the last year by part of the money, by agency and by service."""
    with st.expander("Who pays more, who less: by agency, by service, by part of the money"):
        for frame, name in (
            (versus.levels(sides), "By part of the money"), (versus.agencies(sides), "By agency"),
            (big_screen.without_prices(versus.services(sides), release, on_screen), "By service"),
        ):  # fmt: skip
            show.line(f"**{name}**, change of a year's spend in the last year")
            show.table(frame, f"Compared {name.lower()}")


def _inputs(release: Release, sides: list[Side], on_screen: bool) -> None:
    """What was put in differently, the levers first."""
    found = versus.inputs(sides, big_screen.veiled(release, on_screen))
    st.subheader("What was put in differently?", anchor=False)
    if not found.different:
        show.line(f"Nothing: all {found.same:,} levers and numbers are the same.")
        return
    groups = found.differing["Group"].value_counts(sort=False)
    told = ", ".join(f"{count} of {str(name)[:1].lower()}{str(name)[1:]}" for name, count in groups.items())
    show.line(f"**{found.different:,} levers and numbers differ** ({told}); {found.same:,} are the same in all.")
    levers = found.differing[found.differing["Group"] == "Levers"]
    if not levers.empty:
        show.table(_short(levers), "Levers that differ")
    rest = found.differing[found.differing["Group"] != "Levers"]
    if not rest.empty:
        with st.expander("Every number of the scenarios that differs"):
            show.table(rest, "Numbers that differ")


def _short(levers: pd.DataFrame) -> pd.DataFrame:
    return levers.drop(columns=["Group", "Unit"]).rename(columns={"What": "Lever"})
