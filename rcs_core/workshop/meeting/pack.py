"""The pack of a session: everything that people take home, in one zip, made when the session is closed and again on demand.

Event: PACK_EXPORTED {file, sha256, missing: [[what, why]]}. The same events and release give the same bytes. Every file passes
the gate as from the big screen; workbooks of scenarios, which cannot be solved without prices, lie in a folder of their own.
A part that cannot be made, or may not leave, is left out and said, so that one sentence never holds up a whole record.
"""

import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rcs_core import gate
from rcs_core.errors import RcsError
from rcs_core.release import Release
from rcs_core.settings import workspace
from rcs_core.stamp import slug
from rcs_core.workshop.meeting.meeting import By, Meeting, MeetingError, standing
from rcs_core.workshop.meeting.pack_parts import PARTNERS, Part, parts
from rcs_core.workshop.meeting.record import Record, Sitting, sitting
from rcs_core.workshop.meeting.record_words import record
from rcs_core.workshop.store import Event, EventKind

SUBJECT = "session pack"
_FIXED = (1980, 1, 1, 0, 0, 0)
"""The clock inside a pack, so that the same session gives the same bytes."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that was made. missing: parts that are not in it, each with why."""

    name: str
    content: bytes
    files: tuple[str, ...]
    missing: tuple[tuple[str, str], ...] = ()

    @property
    def sha256(self) -> str:
        """The hash by which a copy is known to be whole."""
        return sha256(self.content)


@dataclass(frozen=True, slots=True)
class Exported:
    """A pack that was exported: its file in the workspace's folder, its hash, when, and what is not in it."""

    file: str
    sha256: str
    at: str
    missing: tuple[tuple[str, str], ...]

    @property
    def path(self) -> Path:
        """Where it lies, if it is still there."""
        return packs_folder() / self.file


def sha256(content: bytes) -> str:
    """The hash of a file."""
    return hashlib.sha256(content).hexdigest()


def packs_folder() -> Path:
    """Where packs lie in this workspace."""
    return workspace() / "packs"


def exported(events: tuple[Event, ...]) -> tuple[Exported, ...]:
    """Every pack of a session that was exported, the first one first."""
    return tuple(
        Exported(e.body["file"], e.body["sha256"], e.at, tuple((what, why) for what, why in e.body.get("missing", ())))
        for e in standing(events)
        if e.kind is EventKind.PACK_EXPORTED
    )


def export(meeting: Meeting, release: Release, folder: Path | None = None, by: By | None = None) -> Path:
    """Make the pack, put it into a folder (that of the workspace unless told) and say so in the session; returns the file.

    Raises MeetingError where it cannot be written; nothing of the session is lost by that, and it can be made again.
    """
    made, place = build(meeting, release), folder or packs_folder()
    path = place / made.name
    try:
        _write(path, made.content)
    except OSError as error:
        raise MeetingError(
            "the pack could not be written", str(path), error.strerror or str(error), "a folder with room, that can be written",
            "everything in the session is kept: make room, and export the pack again",
        ) from error  # fmt: skip
    body = {"file": made.name, "sha256": made.sha256, "missing": [list(one) for one in made.missing]}
    meeting.add(EventKind.PACK_EXPORTED, body, by, release_id=release.id)
    return path


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: a reader never finds half a pack."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(draft, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    os.replace(name, path)


def build(meeting: Meeting, release: Release) -> Pack:
    """The pack of a session as it stands, in memory."""
    found = sitting(meeting, release)
    if not found.about.title:
        raise MeetingError("there is no such session", "session", meeting.id, "a session that was prepared", "rcs session list")
    if found.about.release_hash and found.about.release_hash != release.manifest.content_hash:
        raise MeetingError(
            "this is not the release of the session", "session pack", release.id, found.about.release_id,
            "name the release that the session was held on",
        )  # fmt: skip
    told = record(found)
    files, missing = dict[str, bytes](), list[tuple[str, str]]()
    for part in parts(found, told):
        _add(files, missing, part, release)
    files["README.txt"] = _let(_readme(told, files, missing), "README.txt", "session pack", release)
    files["manifest.json"] = _manifest(found, told, files, missing)
    name = f"{told.stamp.file_name(f'session pack {told.title}', 'zip').removesuffix('.zip')}_{slug(meeting.id)}.zip"
    return Pack(name, _zipped(files), tuple(files), tuple(missing))


def _add(files: dict[str, bytes], missing: list[tuple[str, str]], part: Part, release: Release) -> None:
    """Make a part, as far as it can be made and may leave; else say why it is missing."""
    try:
        for name, content in part.make().items():
            files[name] = _let(content, name, part.what, release, prices_hidden=not name.startswith(PARTNERS))
    except RcsError as error:
        missing.append((part.what, f"{error.what}{f' ({error.got})' if error.got else ''}"))


def _let(content: bytes, name: str, subject: str, release: Release, prices_hidden: bool = True) -> bytes:
    """The content as the gate lets it out."""
    return gate.let_out(content, name.rpartition(".")[2], subject, release, prices_hidden)


def _readme(told: Record, files: Mapping[str, bytes], missing: list[tuple[str, str]]) -> bytes:
    """What is in the pack, for somebody who was not there."""
    lines = [told.title, "=" * min(len(told.title), 80), "", told.lead, *told.warnings, ""]
    lines += [f"{label}: {text}" for label, text in told.stamp.lines()]
    lines += ["", "What is in this pack", "--------------------", *_said(files), ""]
    if any(name.startswith(PARTNERS) for name in files):
        lines += [
            f"Keep {PARTNERS} from providers: a scenario workbook holds the prices of bought services, without which it could",
            "not be solved again. Everything else in the pack is as the big screen had it, without them.", "",
        ]  # fmt: skip
    if missing:
        lines += ["What is not in it, and why", "--------------------------", *(f"- {what}: {why}" for what, why in missing), ""]
    lines += [
        "To check that a copy is whole: manifest.json has the hash of every file (SHA-256).",
        "To look at the same figures again: open the workbench on the release that is named above. It does not change.",
        "", told.stamp.citation(f"Session pack, {told.title}"),
    ]  # fmt: skip
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")


_ABOUT: Mapping[str, str] = {
    "session-record": "the record: who was there, what was guessed, voted, promised and decided; read this first",
    "tables/": "the tables of the record as csv, each with its notes",
    "workshop-note": "the workshop note of a scenario that a decision cites, on two pages",
    "statement-of-resources": "the statement of resources for the children's services plan, as the plan stands",
    PARTNERS: "the workbook of a scenario that a decision cites, with live formulas",
    "events.jsonl": "everything that happened, one line each; what was given without a name is told together, without time",
}


def _said(files: Mapping[str, bytes]) -> Iterator[str]:
    for key, about in _ABOUT.items():
        if names := [name for name in files if key in name]:
            few = names if key != "tables/" else [f"tables/ ({sum(n.endswith('.csv') for n in names)} tables)"]
            yield from (f"- {name}: {about}" for name in few)


def _manifest(found: Sitting, told: Record, files: Mapping[str, bytes], missing: list[tuple[str, str]]) -> bytes:
    """What a program checks: of which session and release the pack is, and the hash of every file."""
    about: dict[str, Any] = {
        "session": told.title, "day": found.about.day, "closed_at": found.running.closed_at, "area": told.stamp.area,
        "release_id": found.release.id, "release_hash": found.release.manifest.content_hash,
        "program": told.stamp.code_version, "fictional": told.stamp.fictional, "rehearsal": found.about.rehearsal,
        "files": {name: sha256(content) for name, content in sorted(files.items())},
        "missing": dict(missing),
    }  # fmt: skip
    return (json.dumps(about, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode("utf-8")


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            whole.writestr(entry, content)
    return out.getvalue()


def check(path: Path) -> list[str]:
    """What is wrong with a pack: files that are missing, strange or changed since it was made; nothing where it is whole."""
    with zipfile.ZipFile(path) as whole:
        about = json.loads(whole.read("manifest.json"))
        names = set(whole.namelist()) - {"manifest.json"}
        wrong = [f"{name}: not in the pack" for name in sorted(set(about["files"]) - names)]
        wrong += [f"{name}: not in the manifest" for name in sorted(names - set(about["files"]))]
        same = {n for n in names if sha256(whole.read(n)) == about["files"].get(n)}
        return wrong + [f"{name}: changed since it was made" for name in sorted(names & set(about["files"]) - same)]
