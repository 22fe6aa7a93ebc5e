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

from app import no_release
from app.clock import today as today
from rcs_core import release as waist
from rcs_core.errors import ReleaseError
from rcs_core.release import Release
from rcs_core.settings import workspace
from rcs_core.workshop.store import SignOff, Store, StoreError, store_path


def release_path() -> Path:
    """The folder or file that is served."""
    return Path(os.environ.get("RCS_RELEASE") or workspace() / "releases")


def release() -> Release:
    """The release that is served; stops the page, with the way forward, when there is none or nobody signed it off."""
    try:
        found = _open(str(waist.current_file(release_path())))
    except ReleaseError as error:
        no_release.none(error, release_path())
    try:
        gone, signed = store().withdrawn(found.manifest.content_hash), sign_off(found)
    except StoreError as error:
        no_release.no_store(error)
    if gone:
        no_release.withdrawn(found, gone)
    if signed is None:
        no_release.unsigned(found)
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


@st.cache_resource(max_entries=512, show_spinner=False, hash_funcs={_Making: lambda making: making.key})
def _once(making: _Making) -> Any:
    return making.make(making.release, *making.choices)


@st.cache_resource(max_entries=3, show_spinner="Opening the release")
def _open(file: str) -> Release:
    return waist.load(Path(file))


@st.cache_resource(max_entries=3, show_spinner=False)
def _store(path: str) -> Store:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return Store.open(path)
