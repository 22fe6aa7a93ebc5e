"""What a screen works from: the signed-off release that is served, and the workshop's store.

The release is `RCS_RELEASE` (a folder of releases or one data file), else `releases/` in the workspace. It is opened
once per data file and shared by every session; a new build is picked up at the next rerun.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn

import streamlit as st

from app import show
from rcs_core import release as waist
from rcs_core.errors import ReleaseError
from rcs_core.release import Release
from rcs_core.settings import workspace
from rcs_core.workshop.store import SignOff, Store, Withdrawal, store_path

NO_RELEASE = "There is no release to look at yet"
NOT_SIGNED = "This release is waiting for a sign-off"
WITHDRAWN = "This release was withdrawn"


def today() -> date:
    """The day on which a page is looked at; `RCS_TODAY` names another one, for pictures and rehearsals."""
    named = os.environ.get("RCS_TODAY")
    return date.fromisoformat(named) if named else datetime.now(UTC).date()


def release_path() -> Path:
    """The folder or file that is served."""
    return Path(os.environ.get("RCS_RELEASE") or workspace() / "releases")


def release() -> Release:
    """The release that is served; stops the page, with the way forward, when there is none or nobody signed it off."""
    try:
        found = _open(str(waist.current_file(release_path())))
    except ReleaseError as error:
        _stop_without_release(error)
    if gone := store().withdrawn(found.manifest.content_hash):
        _stop_withdrawn(found, gone)
    if sign_off(found) is None:
        _stop_unsigned(found)
    return found


def store() -> Store:
    """The workshop's store, opened once per process."""
    return _store(str(store_path()))


def sign_off(found: Release) -> SignOff | None:
    """Who took responsibility for serving the release, or None."""
    return store().signed_off(found.manifest.content_hash)


def once[T](found: Release, make: Callable[..., T], *choices: object) -> T:
    """What is made from a release and these choices (told apart by how they print), made once for every session."""
    made: T = _once(_Making(found, make, choices))
    return made


@dataclass(frozen=True, slots=True)
class _Making:
    """One thing to make, known to the cache by `key`."""

    release: Release
    make: Callable[..., Any]
    choices: tuple[object, ...]

    @property
    def key(self) -> str:
        return f"{self.release.manifest.content_hash} {self.make.__module__}.{self.make.__qualname__} {self.choices!r}"


@st.cache_resource(max_entries=256, show_spinner=False, hash_funcs={_Making: lambda making: making.key})
def _once(making: _Making) -> Any:
    return making.make(making.release, *making.choices)


@st.cache_resource(max_entries=3, show_spinner="Opening the release")
def _open(file: str) -> Release:
    return waist.load(Path(file))


@st.cache_resource(max_entries=3, show_spinner=False)
def _store(path: str) -> Store:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return Store.open(path)


def _stop_without_release(error: ReleaseError) -> NoReturn:
    st.title(NO_RELEASE)
    st.markdown(
        "The workbench shows a **release**: protected tables that no child can be singled out from. Make one of two ways:"
    )
    st.markdown("**Look around first.** Build the fictional partnership, Strathmere, and come back to this page:")
    st.code("rcs demo .rcs/demo\nrcs build .rcs/demo .rcs/releases", language="bash")
    st.markdown("**Use your own files.** Open the desk on the machine that may hold children's records:")
    st.code("rcs desk FOLDER", language="bash")
    show.error(error)
    st.stop()


def _stop_unsigned(found: Release) -> NoReturn:
    st.title(NOT_SIGNED)
    st.markdown(
        f"Release `{found.id}` of {found.manifest.partnership} ({found.manifest.year}) is built and audited, but nobody has "
        "taken responsibility for showing it yet. Sign it off on the desk, page *Check and release*:"
    )
    st.code("rcs desk FOLDER", language="bash")
    st.caption("Then reload this page. Nothing of the release is shown until then.")
    st.stop()


def _stop_withdrawn(found: Release, gone: Withdrawal) -> NoReturn:
    st.title(WITHDRAWN)
    st.markdown(
        f"Release `{found.id}` of {found.manifest.partnership} ({found.manifest.year}) was withdrawn by {gone.by} on "
        f"{gone.at[:10]}: {gone.why} Nothing of it is shown. Build a new release, or serve a later one."
    )
    st.stop()
