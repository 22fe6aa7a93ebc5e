"""Keeping a scenario by name, opening, copying, renaming and retiring it; and the files that take it away."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pandas as pd
import streamlit as st

import rcs_core
from app import leaving, left_out, navigation, room, session, shift_open, shifting, show, signed, take_papers, typed_words
from app.typed_words import typed
from rcs_core.access import Right
from rcs_core.errors import RcsError
from rcs_core.release import Release
from rcs_core.workshop import big_screen, versus
from rcs_core.workshop.couple import Levers, levers_kept
from rcs_core.workshop.inputs.depths import ONLY, Standing, decide
from rcs_core.workshop.kept import DECISION, DISCUSSION, Draft, Kept, Shelf
from rcs_core.workshop.shift import Shift
from rcs_core.workshop.versus import Side

_WORDS = {
    "preset": "the preset", "shift_pct": "points moved", "budget_change_pct": "budgets", "horizon": "years",
    "ramp_up_pct": "growth", "protect": "services not to cut", "grow": "where it goes", "cashable_override_pct": "what cashes",
    "effect_scale": "effects",
    "allow_pool": "the pool", "bridging": "money from outside", "depth": "the depth", "course": "need",
    "answers": "the group's numbers", "edits": "changes of the room", "because": "whose the levers are, and why",
}  # fmt: skip


PRICED = (
    "These two hold the prices of bought services, without which a scenario could not be solved again: open them where providers "
    "do not look on."
)


def banner(release: Release, levers: Levers, shift: Shift) -> None:
    """Which kept scenario is open, what has changed since, and on another release its kept figures beside today's."""
    kept = shift_open.opened()
    if kept is None:
        return
    changed = [_WORDS.get(name, name) for name in shift_open.unlike(levers, kept)]
    when = f"{kept.at[:10]}, release {kept.draft.release_id or 'not named'}, program {kept.code or 'not named'}"
    note = f" “{typed(kept.draft.note)}”" if kept.draft.note else ""
    with st.container(border=True, key="shift-opened"):
        show.line(f"**Open: {typed(kept.title)}**, kept by {typed(kept.author)} ({when}).{note}")
        if changed:
            show.line(f"Changed since it was kept: {', '.join(changed)}.")
        if kept.draft.release_hash and kept.draft.release_hash != release.manifest.content_hash:
            show.line(
                "It was kept on another release. What is below is worked out anew on today's; the figures that were kept stand "
                "beside it."
            )
            show.table(beside(kept, versus.of_shift("Now", shift, release.id)), f"{kept.title}, then and now")


def beside(kept: Kept, now: Side) -> pd.DataFrame:
    """The answers as they were kept, beside today's."""
    then: Mapping[str, str] = kept.draft.figures.get("answers", {})
    today = dict(zip(*(versus.results([now])[0][c] for c in ("Question", now.title)), strict=True))
    rows = [(question, then.get(question, "–"), today.get(question, "–")) for question in {**then, **today}]
    return pd.DataFrame(rows, columns=["Question", f"As kept ({kept.draft.release_id})", f"Now ({now.release_id})"])


def take_away(release: Release, chosen: Levers, shift: Shift, standing: Standing) -> None:
    """The workbook, the scenario file, and a name to find it again by; marked where it is for discussion only."""
    stamp, subject = shifting.stamp(release, standing), chosen.preset.replace("_", " ")
    if standing.discussion_only:
        show.note(f"**{ONLY}.** Everything taken away says so, gives results in two figures, and cannot be kept as a decision.")
    left, right = st.columns(2)
    book = partial(shifting.workbook, release, chosen, shift, standing)
    leaving.button("Download the workbook (xlsx)", subject, "xlsx", book, stamp, "shift-xlsx", left, primary=True, wide=True)
    file = partial(shifting.scenario_file, shift, standing)
    leaving.button("Download the scenario file (json)", subject, "json", file, stamp, "shift-json", right, wide=True)
    if room.on() and big_screen.bought(release):
        show.note(PRICED)
    take_papers.note(release, chosen, shift, standing, room.on())
    if left_out.unless(Right.KEEP):
        _form(release, shift, standing)
    shelf(release)


def _form(release: Release, shift: Shift, standing: Standing) -> None:
    opened = shift_open.opened()
    with st.form("shift_keep", border=False):
        left, middle, right = st.columns([3, 2, 1], vertical_alignment="bottom")
        name = left.text_input("Keep this scenario as", opened.name if opened else shift.levers.preset.label)
        author = middle.text_input("Your name", signed.name())
        pressed = right.form_submit_button("Keep", width="stretch")
        note = st.text_input("A note, if you like", placeholder="What it is for, what was said")
        decided = standing.decision and st.checkbox("It is the basis of a decision")
    if pressed:
        keep(release, shift, name, author, note, DECISION if decided else DISCUSSION, standing)


def keep(
    release: Release, shift: Shift, name: str, author: str, note: str = "", purpose: str = DISCUSSION,
    standing: Standing | None = None, side: Side | None = None, plan: Mapping[str, Sequence[float]] | None = None,
) -> None:  # fmt: skip
    """Keep a scenario (or a plan of one's own made in it: `side` and `plan`) as the next version of its name, and say so."""
    if not name.strip() or not author.strip():
        st.warning("A kept scenario needs a name and yours, so that the room knows whose it is.", icon=":material/edit:")
        return
    try:
        if purpose == DECISION and standing is not None:
            decide(standing)
        kept = Shelf(session.store()).keep(name, author, draft(release, shift, note, purpose, side, plan))
    except RcsError as error:
        typed_words.error(error)
        return
    link = f"Its address ends in `{shift_open.LINK}={kept.link}`: send it to a colleague."
    st.success(f"Kept as {typed(kept.name)}, version {kept.version}. {link}", icon=":material/check:")
    if navigation.DECIDE in navigation.present():
        show.line("Bring it to the table, move by move:")
        navigation.link(navigation.DECIDE, **{shift_open.LINK: kept.link})


def draft(
    release: Release, shift: Shift, note: str = "", purpose: str = DISCUSSION, side: Side | None = None,
    plan: Mapping[str, Sequence[float]] | None = None,
) -> Draft:  # fmt: skip
    """All that is kept of what is on the screen: the file, its levers and edits, the answers, and on what they rest."""
    shown = side or versus.of_shift("Now", shift, release.id)
    return Draft(
        shift.scenario.to_dict(), figures(shown), levers_kept.plain(shift.levers), plan, dict(shift.names), release.id,
        release.manifest.content_hash, note, purpose,
    )  # fmt: skip


def figures(side: Side) -> dict[str, object]:
    """What the room saw of a scenario, as it is kept with it."""
    table, numbers = versus.results([side])
    return {
        "answers": dict(zip(table["Question"], table[side.title], strict=True)),
        "numbers": {q: v for q, v in zip(numbers["question"], numbers["value"], strict=True) if v == v},
        "status": str(side.result.status), "moved": side.found.moved, "guess_share": side.found.guess_share,
        "depth": side.scenario.depth,
    }  # fmt: skip


def shelf(release: Release) -> None:
    """The kept scenarios: who kept what, when, on which release; and what can be done with one."""
    found = Shelf(session.store())
    if not (kept := found.latest()):
        return
    with st.expander(f"Kept scenarios ({len(kept)})"):
        show.table(listed(kept, release), "Kept scenarios")
        chosen = st.selectbox("Which one", [k.id for k in kept], format_func={k.id: k.name for k in kept}.__getitem__,
                              key="shift_kept_chosen")  # fmt: skip
        one = next(k for k in kept if k.id == chosen)
        _versions(release, found, one)
        if signed.may(Right.KEEP):
            _change(found, one)


def listed(kept: Sequence[Kept], release: Release) -> pd.DataFrame:
    """One line a scenario."""
    rows = [
        (k.name, k.version, k.author, k.at[:16].replace("T", " "), _release(k, release), k.code, k.draft.purpose,
         "Own plan" if k.draft.plan else "" if k.draft.levers else "From a file", k.draft.note)
        for k in kept
    ]  # fmt: skip
    columns = ["Name", "Version", "By", "At (UTC)", "Release", "Program", "Kept for", "Kind", "Note"]
    return pd.DataFrame(rows, columns=columns)


def _release(kept: Kept, release: Release) -> str:
    same = kept.draft.release_hash == release.manifest.content_hash or kept.draft.release_id == release.id
    return kept.draft.release_id if same else f"{kept.draft.release_id} (not this one)"


def _versions(release: Release, found: Shelf, one: Kept) -> None:
    """Open a version: any of them, the latest first."""
    versions = list(reversed(found.versions(one.id)))
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    told = {v.link: f"Version {v.version}, {v.author}, {v.at[:16].replace('T', ' ')}" for v in versions}
    link = left.selectbox("Which version", list(told), format_func=told.__getitem__, key=f"shift_kept_version_{one.id}")
    right.button("Open it", key="shift_kept_open", width="stretch", on_click=shift_open.open_it, args=(release, link))
    show.note(f"The address of the page then ends in `{shift_open.LINK}={link}`: send it to a colleague.")


def _change(found: Shelf, one: Kept) -> None:
    """Copy it under another name, rename it, or take it out of the list; nothing that was kept is lost."""
    with st.form("shift_kept_change", border=False, clear_on_submit=True):
        deeds: dict[str, Callable[[str, str], object]] = {
            "Copy it under another name": lambda text, who: found.copy(one.id, one.version, text, who),
            "Give it another name": lambda text, who: found.rename(one.id, text, who),
            "Take it out of this list": lambda text, who: found.retire(one.id, who, text),
        }
        deed = st.radio("Or", list(deeds), key="shift_kept_deed")
        left, right, last = st.columns([3, 2, 1], vertical_alignment="bottom")
        text = left.text_input("The new name, or why it is taken out")
        who = right.text_input("Whose wish it is")
        pressed = last.form_submit_button("Do it", width="stretch")
    if not pressed:
        return
    try:
        deeds[str(deed)](text, who)
    except RcsError as error:
        typed_words.error(error)
        return
    st.rerun()


def same_program(kept: Kept, release: Release) -> bool:
    """Whether a version was kept on this release by this program, so that what is on the screen answers for it."""
    return kept.draft.release_hash == release.manifest.content_hash and kept.code == rcs_core.__version__
