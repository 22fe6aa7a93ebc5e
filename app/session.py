"""What a screen works from: the signed-off release that is served, and the workshop's store.

The release is `RCS_RELEASE` (a folder of releases or one data file), else `releases/` in the workspace. It is opened
once per data file and shared by every session; a new build is picked up at the next rerun.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from app import no_release, signed
from app.clock import today as today
from rcs_core import release as waist
from rcs_core.access import AccessError, owned
from rcs_core.errors import ReleaseError
from rcs_core.release import Release
from rcs_core.settings import workspace
from rcs_core.workshop.allowed import store_of
from rcs_core.workshop.plan.then import file_of
from rcs_core.workshop.store import ID_LENGTH, SignOff, Store, StoreError, store_place

LOCKED, SEAT = "locked_release", "meeting_here"
"""Where this browser keeps the release that it works from, and its seat in a session."""


def release_path() -> Path:
    """The folder or file that is served to whoever is at this browser: where people sign in, their partnership's own."""
    if hosted := signed.hosting():
        return hosted.folder(signed.person())
    return Path(os.environ.get("RCS_RELEASE") or workspace() / "releases")


def release() -> Release:
    """The release that is served, or that of the session in which this browser sits, whatever was built since.

    Stops the page, with the way forward, when there is none, when it was withdrawn, or when nobody signed it off.
    """
    wanted: str = st.session_state.get(LOCKED, "")
    try:
        found = of_hash(wanted) if wanted else served()
    except ReleaseError as error:
        if wanted:
            no_release.of_session(wanted[:ID_LENGTH], f"Why: {error.what}.", unlock)
        no_release.none(error, release_path())
    except AccessError as error:
        no_release.anothers(error)
    try:
        gone, signed = store().withdrawn(found.manifest.content_hash), sign_off(found)
    except StoreError as error:
        no_release.no_store(error, ask_store)
    if wanted and (gone or signed is None):
        why = f"It was withdrawn by {gone.by} on {gone.at[:10]}: {gone.why}" if gone else "Nobody has signed it off."
        no_release.of_session(wanted[:ID_LENGTH], why, unlock)
    if gone:
        no_release.withdrawn(found, gone)
    if signed is None:
        no_release.unsigned(found)
    return found


def served() -> Release:
    """The release that is served, signed off or not; raises ReleaseError where there is none."""
    return owned(signed.person(), _open(str(waist.current_file(release_path()))))


def served_signed() -> Release | None:
    """The release that is served, where it may be shown; None where there is none, or it may not."""
    try:
        found = served()
    except ReleaseError:
        return None
    return None if store().withdrawn(found.manifest.content_hash) or sign_off(found) is None else found


def of_hash(content_hash: str) -> Release:
    """A release by its content hash, whichever is current; raises ReleaseError where it is not in the folder any more."""
    folder = release_path() if release_path().is_dir() else release_path().parent
    for file in (file_of(content_hash, folder), release_path()):
        if file.is_file() and (found := _open(str(file))).manifest.content_hash == content_hash:
            return owned(signed.person(), found)
    raise ReleaseError("the release is not here any more", str(folder), "", content_hash[:ID_LENGTH], "put its file back")


def lock(content_hash: str) -> None:
    """Work from one release in this browser, whichever is current; from the one that is served where none is named."""
    st.session_state[LOCKED] = content_hash


def unlock() -> None:
    """Work from the release that is served again, and give up the seat in a session, which its address names too."""
    for key in (LOCKED, SEAT):
        st.session_state.pop(key, None)
    for word in ("session", "seat", "me"):
        if word in st.query_params:
            del st.query_params[word]


def store() -> Store:
    """The workshop's store as whoever is at this browser sees it: their partnership's events, to which they add what they may."""
    return store_of(signed.whole_store(), signed.person())


def mark() -> str:
    """What tells whose store it is: a part of the key of whatever is kept for everybody and was made of the store."""
    return f"{store_place()} {signed.person().partnership}"


def ask_store() -> object:
    """One thing that every store can answer; raises StoreError while it does not."""
    return store().events(after=2**53)


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


@st.cache_resource(max_entries=512, show_spinner=False, hash_funcs={_Making: lambda making: making.key})
def _once(making: _Making) -> Any:
    return making.make(making.release, *making.choices)


@st.cache_resource(max_entries=8, show_spinner="Opening the release")
def _open(file: str) -> Release:
    return waist.load(Path(file))
