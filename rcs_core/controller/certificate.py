"""The certificate of a deletion: rewritten at every file, so that a run that is cut short has still told what is gone.

A file is *being deleted* in the certificate before it goes and *deleted* after: at most one is ever in doubt.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rcs_core import __version__
from rcs_core.controller.sheet import Section, to_markdown, write_whole
from rcs_core.desk_files import certificates_home
from rcs_core.errors import UnreadableError
from rcs_core.settings import read_json

TO_DELETE, DELETING, DELETED, NOT_DELETED = "to be deleted", "being deleted", "deleted", "not deleted"
UNDER_WAY, COMPLETE, NOT_COMPLETE = "under way, or cut short", "complete", "not complete"
SAYS = (
    "The files above were removed from this machine's folders by name. What the disk still holds of them until it is written "
    "over, and every backup, snapshot, synchronised copy, e-mail and download, is the council's to delete: this software cannot "
    "see them.",
    "Size and SHA-256 tell whether a copy that turns up later is one of these files.",
    "From now on a late opt-out cannot be taken out of a release: a release without one child needs the working files.",
    "Which cells of a release were hidden, and for which reason, was never written to a disk: there is no such list to delete.",
)


@dataclass(slots=True)
class Entry:
    """One file of a deletion: what it was, its size and hash just before, and what became of it."""

    file: str
    kind: str
    size: int
    sha256: str = ""
    state: str = TO_DELETE
    at: str = ""
    why: str = ""


@dataclass(slots=True)
class Certificate:
    """One deletion: whose decision, when, file by file, and what was kept and why."""

    folder: str
    by: str
    role: str
    reason: str
    started: str
    files: list[Entry]
    kept: list[tuple[str, str]]
    releases: list[str]
    path: Path
    status: str = UNDER_WAY
    ended: str = ""
    program: str = f"rcs {__version__}"
    says: tuple[str, ...] = field(default=SAYS)

    @property
    def deleted(self) -> int:
        """How many files are gone."""
        return sum(entry.state == DELETED for entry in self.files)

    def save(self) -> None:
        """Write the certificate as JSON and as text, each in one step."""
        write_whole(self.path, json.dumps(self.to_json(), indent=1) + "\n")
        write_whole(self.path.with_suffix(".md"), self.text())

    def close(self) -> None:
        """Say that the deletion is over, and whether it was complete."""
        self.status = COMPLETE if all(entry.state == DELETED for entry in self.files) else NOT_COMPLETE
        self.ended = now()
        self.save()

    def to_json(self) -> dict[str, Any]:
        """The certificate as plain values."""
        return {k: v for k, v in asdict(self).items() if k != "path"} | {"certificate": self.path.name}

    def text(self) -> str:
        """The certificate as a person reads it."""
        about = (
            ("Folder", self.folder), ("Decided by", self.by), ("Role", self.role), ("Reason", self.reason or "not said"),
            ("Begun", self.started), ("Ended", self.ended or "not yet"), ("Status", self.status), ("Program", self.program),
        )  # fmt: skip
        files = tuple((e.file, e.kind, e.size, e.sha256, " ".join(filter(None, (e.state, e.at, e.why)))) for e in self.files)
        sections = (
            Section("About", "What, who and when", ("", ""), about),
            Section("Files", "Files", ("File", "What it was", "Bytes", "SHA-256", "What became of it"), files),
            Section("Kept", "What was kept", ("What", "Why"), tuple(self.kept)),
        )
        lines = "\n".join(f"- {line}" for line in self.says)
        return f"{to_markdown(sections, 'Certificate of deletion')}\n## What this certificate does not say\n\n{lines}\n"


def now() -> str:
    """The present time, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def new_path(folder: Path) -> Path:
    """A file name that no certificate has yet."""
    stamp = now().replace(":", "").replace("+0000", "Z")
    number = 1
    while True:
        end = "" if number == 1 else f"-{number}"
        path = certificates_home() / f"deletion-{stamp}-{folder.name}{end}.json"
        if not path.exists():
            return path
        number += 1


def certificates() -> list[Mapping[str, Any]]:
    """Every certificate in the workspace, the newest first; one that cannot be read is told as such."""
    found: list[Mapping[str, Any]] = []
    for path in sorted(certificates_home().glob("deletion-*.json"), reverse=True):
        try:
            found.append(read_json(path) | {"certificate": path.name})
        except UnreadableError:
            found.append({"certificate": path.name, "status": "cannot be read", "files": []})
    return found
