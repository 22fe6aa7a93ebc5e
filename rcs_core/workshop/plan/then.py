"""The release that a decision was made on, opened again beside today's: only where it is still there and was not withdrawn."""

from dataclasses import dataclass
from pathlib import Path

from rcs_core import release as waist
from rcs_core.errors import UnreadableReleaseError
from rcs_core.release import Release
from rcs_core.workshop.store import ID_LENGTH, Store

_NAMED = 16
"""Characters of the content hash in the name of a release's file."""


@dataclass(frozen=True, slots=True)
class Then:
    """An earlier release, or why it cannot be looked at."""

    release: Release | None
    why_not: str = ""


def file_of(content_hash: str, folder: Path) -> Path:
    """Where the file of a release lies in a folder of releases."""
    return folder / f"release-{content_hash[:_NAMED]}.duckdb"


def refused(content_hash: str, store: Store) -> str:
    """Why a release may not be shown; blank where it may: a withdrawn one is not, nor one that nobody signed off."""
    if len(content_hash) < _NAMED:
        return "The decision does not name its release."
    named = content_hash[:ID_LENGTH]
    if gone := store.withdrawn(content_hash):
        return f"The release of the decision ({named}) was withdrawn on {gone.at[:10]}, so nothing of it is shown."
    if store.signed_off(content_hash) is None:
        return f"The release of the decision ({named}) was not signed off here, so nothing of it is shown."
    return ""


def then(content_hash: str, now: Release, folder: Path, store: Store) -> Then:
    """The release of a decision: today's where it is the same, else its file in the folder of releases."""
    if content_hash and content_hash == now.manifest.content_hash:
        return Then(now)
    if why := refused(content_hash, store):
        return Then(None, why)
    try:
        found = waist.load(file_of(content_hash, folder))
    except UnreadableReleaseError:
        return Then(None, f"The release of the decision ({content_hash[:ID_LENGTH]}) is not in this workspace any more.")
    if found.manifest.content_hash != content_hash or found.manifest.area_code != now.manifest.area_code:
        return Then(None, "The file of the decision's release holds another release.")
    return Then(found)
