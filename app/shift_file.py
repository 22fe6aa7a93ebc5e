"""A scenario of which only the file is known, on the screen: from a workbook that came back, or kept from one.

It has no levers, so those of the page do not apply to it and are not drawn; the page says so, and leads back to them.
"""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from app import clock, leaving, navigation, session, shift_compare, shift_keep, shift_open, show, typed_words
from app.typed_words import typed
from rcs_core.errors import RcsError
from rcs_core.release import Release
from rcs_core.stamp import Stamp
from rcs_core.workshop import big_screen, bring_back, versus
from rcs_core.workshop.bring_back import Change, Loaded
from rcs_core.workshop.export.scenario_book import About, write_scenario_book
from rcs_core.workshop.export.scenario_whole import content_hash
from rcs_core.workshop.inputs.depths import ONLY
from rcs_core.workshop.kept import Draft, Kept, Shelf
from rcs_core.workshop.scenario import Scenario, parse_scenario
from rcs_core.workshop.versus import Side

CAME_FROM = "As it was taken away"


@dataclass(frozen=True, slots=True)
class FromFile:
    """A scenario from a file. base: the one that it came from, where it is known. kept: the version that was opened, if any."""

    title: str
    scenario: Scenario
    names: Mapping[str, str]
    area: str
    release_id: str
    units: str = ""
    base: Scenario | None = None
    changes: tuple[Change, ...] = ()
    owner: str = ""
    reason: str = ""
    filled: tuple[str, ...] = ()
    kept: Kept | None = None

    @property
    def mark(self) -> str:
        """What its answer hangs on."""
        return f"{content_hash(self.scenario.to_dict())} {content_hash(dict(self.names))} {self.release_id}"

    @classmethod
    def of_workbook(cls, loaded: Loaded, scenario: Scenario, owner: str, reason: str, title: str) -> "FromFile":
        """What a workbook brought back."""
        came = loaded.came
        return cls(
            title, scenario, dict(came.names), came.area, came.release_id, came.units, loaded.base, loaded.changes, owner.strip(),
            reason.strip(), loaded.filled,
        )  # fmt: skip

    @classmethod
    def of_kept(cls, kept: Kept, area: str) -> "FromFile":
        """A kept version that came from a file. Raises ScenarioError where this program no longer reads it."""
        draft = kept.draft
        scenario = parse_scenario(dict(draft.scenario), f"the kept scenario {kept.title}")
        return cls(
            kept.title, scenario, dict(draft.names), area, draft.release_id, owner=kept.author, reason=draft.note, kept=kept
        )


def put(found: FromFile) -> None:
    """Put a scenario from a file on the screen, in the place of the levers."""
    st.session_state[shift_open.FILE] = found


def opened(release: Release) -> FromFile | None:
    """The scenario from a file that is on the screen; a link to a kept one is followed before."""
    shift_open.follow(release)
    found: FromFile | Kept | None = st.session_state.get(shift_open.FILE)
    if isinstance(found, Kept):
        try:
            found = FromFile.of_kept(found, release.manifest.partnership)
        except RcsError as error:
            shift_open.shut()
            typed_words.error(error)
            return None
        put(found)
    return found


def draw(release: Release, found: FromFile, on_screen: bool) -> None:
    """The scenario, beside the one that it came from, and what can be done with it."""
    sides = _sides(found)
    _banner(release, found, on_screen)
    st.header("What does it come to?", anchor=False)
    if len(sides) > 1:
        shift_compare.beside(release, sides, on_screen)
    else:
        table, _ = versus.results(sides)
        show.table(table, "What it comes to")
    st.header("Take it away", anchor=False)
    _take_away(release, found, sides[-1])


def _sides(found: FromFile) -> list[Side]:
    """What it came from, if that is known and another, and itself; worked out once."""
    mine = _solved(found.title, found)
    if found.base is None:
        return [mine]
    return versus.told_apart([_solved(CAME_FROM, replace(found, scenario=found.base)), mine])


@st.cache_resource(max_entries=32, show_spinner="Solving", hash_funcs={FromFile: lambda found: found.mark})
def _solved(title: str, found: FromFile) -> Side:
    return versus.of_scenario(title, found.scenario, dict(found.names), found.release_id)


def _banner(release: Release, found: FromFile, on_screen: bool) -> None:
    """That it is from a file, whose it is and what was changed; and the way back to the levers."""
    whose = f" Changed by {typed(found.owner)}: {typed(found.reason)}." if found.owner and found.changes else ""
    if found.kept:
        note = f" “{typed(found.kept.draft.note)}”" if found.kept.draft.note else ""
        whose = f" Kept by {typed(found.kept.author)} ({found.kept.at[:10]}, program {found.kept.code or 'not named'}).{note}"
    same = found.release_id == release.id
    of = "this release" if same else f"release {typed(found.release_id) or 'not named'}, not this one"
    with st.container(border=True, key="shift-file"):
        show.line(f"**From a file: {typed(found.title)}.** It is of {of}, and solved as it stands in its file.{whose}")
        show.line("It has no levers: those of this page, and what the room changed with them, do not apply to it.")
        st.button("Back to the levers", key="shift_file_close", on_click=shift_open.shut, icon=":material/arrow_back:")
        if found.changes:
            with st.expander(f"What was changed in the workbook ({len(found.changes)})"):
                veil = bring_back.veiled_in(found.changes, found.scenario, big_screen.veiled(release, on_screen))
                show.table(bring_back.listed(found.changes, veil), "Changed in the workbook")


def _take_away(release: Release, found: FromFile, side: Side) -> None:
    stamp = _stamp(release, found, side)
    if side.rough:
        show.note(f"**{ONLY}.** Everything taken away says so, gives results in two figures, and cannot be kept as a decision.")
    left, right = st.columns(2)
    leaving.button("Download the workbook (xlsx)", found.title, "xlsx", lambda: _workbook(stamp, found, side), stamp,
                   "shift-file-xlsx", left, primary=True, wide=True)  # fmt: skip
    leaving.button("Download the scenario file (json)", found.title, "json", lambda: _file(side), stamp,
                   "shift-file-json", right, wide=True)  # fmt: skip
    _keep_form(release, found, side)
    shift_keep.shelf(release)


def _stamp(release: Release, found: FromFile, side: Side) -> Stamp:
    """Whose the files are: of this release where it is the scenario's own, else of the one that the file names."""
    stamp = leaving.stamp(release, found.owner).discussed(side.rough)
    if found.release_id == release.id:
        return stamp
    named = found.release_id if found.release_id.isalnum() else ""
    return replace(stamp, area=found.area or stamp.area, release_id=named, built="")


def _file(side: Side) -> str:
    content = side.scenario.to_dict()
    if side.rough:
        said = str(content.get("description", ""))
        content["description"] = said if said.startswith(ONLY.upper()) else f"{ONLY.upper()}. {said}"
    return json.dumps(content, indent=1)


def _workbook(stamp: Stamp, found: FromFile, side: Side) -> bytes:
    notes = [f"{c.cell} of the workbook that came back: {c.words}: was {c.was_said}, now {c.now_said}." for c in found.changes]
    about = About(
        stamp.area, stamp.release_id or found.release_id, clock.today(), found.owner, stamp.fictional, side.scenario.depth,
        found.units or "children or cases a year", notes, found.names, built=stamp.built,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "scenario.xlsx"
        write_scenario_book(side.scenario, side.result, about, path)
        return path.read_bytes()


def _keep_form(release: Release, found: FromFile, side: Side) -> None:
    with st.form("shift_file_keep", border=False):
        left, middle, right = st.columns([3, 2, 1], vertical_alignment="bottom")
        name = left.text_input("Keep this scenario as", found.kept.name if found.kept else found.title)
        author = middle.text_input("Your name", found.owner if found.kept is None else "")
        pressed = right.form_submit_button("Keep", width="stretch")
        note = st.text_input("A note, if you like", "; ".join(filter(None, (found.reason, *found.filled))))
    if not pressed:
        return
    if not name.strip() or not author.strip():
        st.warning("A kept scenario needs a name and yours, so that the room knows whose it is.", icon=":material/edit:")
        return
    try:
        kept = Shelf(session.store()).keep(name, author, _draft(release, found, side, note))
    except RcsError as error:
        typed_words.error(error)
        return
    shift_open.stay(kept)
    link = f"Its address ends in `{shift_open.LINK}={kept.link}`: send it to a colleague."
    st.success(f"Kept as {typed(kept.name)}, version {kept.version}. {link}", icon=":material/check:")
    if navigation.DECIDE in navigation.present():
        navigation.link(navigation.DECIDE, **{shift_open.LINK: kept.link})


def _draft(release: Release, found: FromFile, side: Side, note: str) -> Draft:
    """All that is kept of it; without levers, since it has none."""
    own = found.release_id == release.id
    figures = shift_keep.figures(side)
    return Draft(
        side.scenario.to_dict(), figures, None, None, dict(found.names), found.release_id if found.release_id.isalnum() else "",
        release.manifest.content_hash if own else "", note,
    )  # fmt: skip
