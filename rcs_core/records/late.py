"""Late opt-outs: what is told when a folder is built again without pupils who were in its last release.

Whoever holds both releases can take one from the other. So each new release is set against the last one of the same
folder by the audit: a count of the old is the same count of the new and those who left. What is kept between builds are
salted marks of the opt-outs, in the desk's own folder; no pseudonym, and nothing of it in any release.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from rcs_core import release
from rcs_core.audit import audit
from rcs_core.errors import RcsError, UnreadableError
from rcs_core.release import ALL, Release, Table

SINCE, STAYED = "since", "stayed"
"""The dimension that parts the pupils of the old release: those still in the new one, and (not listed) those who left."""
FILE = "last_release.json"


@dataclass(frozen=True, slots=True)
class Memory:
    """What is kept of a folder's last release: its data file and hash, and salted marks of its opt-outs."""

    salt: str
    release: str = ""
    content_hash: str = ""
    marks: tuple[str, ...] = ()

    def marks_of(self, opt_outs: pd.DataFrame | None) -> tuple[str, ...]:
        """One mark for each pupil and scope, from which neither can be read off."""
        if opt_outs is None or opt_outs.empty:
            return ()
        pairs = opt_outs[["pupil_id", "scope"]].drop_duplicates().itertuples(index=False, name=None)
        key = bytes.fromhex(self.salt)
        return tuple(sorted(hashlib.blake2b("|".join(pair).encode(), key=key, digest_size=16).hexdigest() for pair in pairs))


def recall(place: Path) -> Memory:
    """What is kept in the desk's folder of an input folder; a new salt where nothing is, or where it cannot be read."""
    try:
        told = json.loads((place / FILE).read_text(encoding="utf-8"))
        return Memory(told["salt"], told["release"], told["content_hash"], tuple(told["marks"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Memory(secrets.token_hex(32))


def late_notes(opt_outs: pd.DataFrame | None, new: Path, place: Path) -> tuple[str, ...]:
    """Sentences on opt-outs added since the folder's last release, for the desk only; then the new release is remembered."""
    before, made = recall(place), release.load(new)
    marks = before.marks_of(opt_outs)
    added = len(set(marks) - set(before.marks))
    notes: tuple[str, ...] = ()
    if before.content_hash and added:
        notes = _notes(added, before, made)
    after = replace(before, release=str(new.resolve()), content_hash=made.manifest.content_hash, marks=marks)
    try:
        place.mkdir(parents=True, exist_ok=True)
        content = {"salt": after.salt, "release": after.release, "content_hash": after.content_hash, "marks": list(after.marks)}
        (place / FILE).write_text(json.dumps(content, indent=1), encoding="utf-8")
    except OSError as error:
        return (*notes, f"the desk could not keep which opt-outs this release honours: {error.strerror}")
    return notes


def _notes(added: int, before: Memory, made: Release) -> tuple[str, ...]:
    """What a late opt-out means for the release that was made before it."""
    old = before.content_hash[:12]
    if before.content_hash == made.manifest.content_hash:
        return (f"{added:,} opt-out(s) added since the last release; they change no figure, so nothing can be told from it",)
    said = (
        f"{added:,} opt-out(s) added since release {old}. This release is without them. Whoever holds both releases could take "
        "one from the other and single them out"
    )
    path = Path(before.release)
    try:
        return (said, compared(release.load(path), made), _way_out(path))
    except RcsError as error:
        return (said, f"release {old} cannot be set against this one here: {error.what}", _way_out(path))


def _way_out(path: Path) -> str:
    return f'to withdraw the earlier release: rcs withdraw {path} --by "NAME" --why "late opt-outs"'


def compared(old: Release, new: Release) -> str:
    """What the audit can work out from both releases together, in one sentence."""
    try:
        verdict = audit(together(old, new), _sums(old, new), new.manifest.min_cell)
    except UnreadableError as error:
        return (
            f"releases {old.id} and {new.id} differ by more than pupils who left ({error.got}), so no audit of both can be made: "
            "treat them as giving away who left"
        )
    found, limit = len(verdict.open), new.manifest.min_cell
    if not found:
        return f"the audit of releases {old.id} and {new.id} together works out no group under {limit}"
    first = verdict.open[0]
    where = ", ".join(f"{column} {code}" for column, code in first.where.items() if column != SINCE)
    return (
        f"the audit of releases {old.id} and {new.id} together works out {found:,} group(s) under {limit}, such as who left in "
        f"{first.table.rpartition('/')[2]} ({where}): withdraw the earlier release"
    )


def together(old: Release, new: Release) -> list[Table]:
    """The count tables of both, the new ones as those who stayed of the old."""
    return [
        replace(t, name=f"{name}/{t.name}", frame=t.frame.assign(**{SINCE: code}), dims=(*t.dims, SINCE))
        for name, found, code in (("old", old, ALL), ("new", new, STAYED))
        for t in found.count_tables()
    ]


def _sums(old: Release, new: Release) -> pd.DataFrame:
    frames = [found.frame("hierarchies") for found in (old, new) if "hierarchies" in found]
    return pd.concat(frames, ignore_index=True).drop_duplicates()
