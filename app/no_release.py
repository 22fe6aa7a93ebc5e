"""What a reader sees where there is nothing to look at: what is missing, why, and what to do next.

Seven states: no release yet, one that cannot be read, one of another partnership, one that waits for a sign-off, one that was
withdrawn, one that a session is locked to and that is gone, and a store that does not answer. Each ends the page; a press of
*Look again* asks anew.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import streamlit as st

from app import method_door, show, store_away
from rcs_core.errors import RcsError
from rcs_core.release import Release
from rcs_core.workshop import method
from rcs_core.workshop.store import Withdrawal

NONE = "There is no release to look at yet"
UNREADABLE = "The release cannot be read"
ANOTHERS = "There is no release of your partnership here"
NOT_SIGNED = "This release is waiting for a sign-off"
WITHDRAWN = "This release was withdrawn"
OF_SESSION = "The release of this session cannot be shown"
STORE = "The workshop's store does not answer"
HOW, MAKING = "How a release is made, step by step", "docs/tutorial.md"
SIGNING = "docs/how-to/release.md"
EARLIER = 3
"""Earlier releases that are named where the current one cannot be read."""


def none(error: RcsError, folder: Path) -> NoReturn:
    """Nothing was ever built here, or what was built cannot be read: the two are told apart by what lies in the folder."""
    files = sorted(folder.glob("release-*.duckdb"), key=lambda f: f.stat().st_mtime, reverse=True) if folder.is_dir() else []
    if files or folder.is_file():
        _unreadable(error, files)
    st.title(NONE, anchor=False)
    st.markdown(
        "The workbench shows a **release**: protected tables that no child can be singled out from. Make one of two ways:"
    )
    st.markdown("**Look around first.** Build the fictional partnership, Strathmere:")
    st.code("rcs demo .rcs/demo\nrcs build .rcs/demo .rcs/releases", language="bash")
    st.markdown("**Use your own files.** Open the desk on the machine that may hold children's records:")
    st.code("rcs desk FOLDER", language="bash")
    with st.expander("Where this server looked"):
        show.error(error)
    _end("Once it is built, press", MAKING)


def _unreadable(error: RcsError, files: list[Path]) -> NoReturn:
    st.title(UNREADABLE, anchor=False)
    st.markdown(
        "There is a release, but its file is damaged or was not written by this program, so nothing of it is shown. The inputs "
        "are not harmed: building again from the same inputs gives the same release."
    )
    st.code("rcs build INPUTS RELEASES", language="bash")
    if others := [f.name for f in files if str(f) != error.where][:EARLIER]:
        st.markdown("**Or serve an earlier one** while that is done, by its file:")
        st.code("\n".join(f"rcs serve --release {name}" for name in others), language="bash")
    show.error(error)
    _end("Once it is mended, press", MAKING)


def anothers(error: RcsError) -> NoReturn:
    """What lies in the folder of a partnership is another's: nothing of it is shown, not even its name."""
    st.title(ANOTHERS, anchor=False)
    st.markdown("What lies in its folder on the server is of another partnership, so nothing of it is shown.")
    show.error(error)
    _end("Whoever hosts the workbench has to put the right release there. Then press", "")


def unsigned(found: Release) -> NoReturn:
    """Built and audited, and nobody answers for it yet."""
    st.title(NOT_SIGNED, anchor=False)
    st.markdown(
        f"Release `{found.id}` of {found.manifest.partnership} ({found.manifest.year}) is built and audited, but nobody has "
        "taken responsibility for showing it yet. Sign it off on the desk, page *Check and release*:"
    )
    st.code("rcs desk FOLDER", language="bash")
    _end("Nothing of the release is shown until then. Once it is signed, press", SIGNING)


def withdrawn(found: Release, gone: Withdrawal) -> NoReturn:
    """Somebody took it back, and said why."""
    st.title(WITHDRAWN, anchor=False)
    st.markdown(
        f"Release `{found.id}` of {found.manifest.partnership} ({found.manifest.year}) was withdrawn by {gone.by} on "
        f"{gone.at[:10]}: {gone.why} Nothing of it is shown. Build a new release, or serve a later one."
    )
    st.markdown("What was taken from it before, on paper or as files, should not be used. A new release is made on the desk:")
    st.code("rcs desk FOLDER", language="bash")
    _end("Once there is another, press", SIGNING)


def of_session(name: str, why: str, leave: Callable[[], None]) -> NoReturn:
    """The release that a session is locked to cannot be shown; it does not go on with another by itself."""
    st.title(OF_SESSION, anchor=False)
    st.markdown(
        f"This session is locked to release `{name}`, so that what was said and decided rests on one version of the data. "
        "The session does not go on with another release by itself."
    )
    st.text(why)
    st.markdown("Put the file back or sign it off, then look again. Or leave the session: what is kept of it stays.")
    st.button("Leave the session", icon=":material/logout:", key="leave_session", on_click=leave)
    _end("Once it is there, press", SIGNING)


def no_store(error: RcsError, ask: Callable[[], object]) -> NoReturn:
    """What holds sign-offs, scenarios and decisions does not answer to `ask`, so nobody can tell what may be shown."""
    st.title(STORE, anchor=False)
    st.markdown(
        "The store holds who signed a release off, the kept scenarios and the decisions. Without it nobody can tell whether the "
        "release may be shown, so nothing is. What was kept is safe. Where it is only away for a moment, this page comes back "
        "by itself."
    )
    show.error(error)
    store_away.come_back(ask)
    _end("Wait a moment, then press", "")


def _end(when: str, doc: str) -> NoReturn:
    st.markdown(f"{when} *Look again*.")
    with st.container(horizontal=True):
        st.button("Look again", icon=":material/refresh:", key="look_again")
        if doc:
            method_door.opener(HOW, "how-release", _tell, doc, icon=":material/menu_book:")
    st.stop()


def _tell(doc: str) -> None:
    st.markdown(method.section(doc))
