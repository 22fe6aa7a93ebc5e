"""Where the desk keeps what it makes of an input folder: one sub-folder of the workspace for each, named by a hash of its path.

Nothing in it is a record: reports with masked values, and what a check or a build said. `rcs forget` deletes it with the files.
"""

import hashlib
import importlib.util
import os
from pathlib import Path

from rcs_core.settings import workspace

# Windows has no such lock: a run of another desk is then not seen.
fcntl = importlib.import_module("fcntl") if importlib.util.find_spec("fcntl") else None

LOCK = "running.lock"
"""Held by a check or a build for as long as it lives, however it ends."""


def desk_home() -> Path:
    """The desk's own folder in the workspace."""
    return workspace() / "desk"


def place_of(folder: Path) -> Path:
    """Where the desk keeps what it made of one input folder."""
    key = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return desk_home() / "folders" / key


def certificates_home() -> Path:
    """Where deletion certificates are kept: apart from everything that is ever deleted."""
    return desk_home() / "certificates"


def take_lock(place: Path) -> int | None:
    """Hold a place for one run; a file descriptor that the run inherits, or None while another run holds it."""
    place.mkdir(parents=True, exist_ok=True)
    lock = os.open(place / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    if fcntl is None:
        return lock
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock


def busy(place: Path) -> bool:
    """Whether a check or a build of the folder is under way, in this desk or another."""
    if fcntl is None or not (place / LOCK).exists():
        return False
    lock = take_lock(place)
    if lock is None:
        return True
    os.close(lock)
    return False
