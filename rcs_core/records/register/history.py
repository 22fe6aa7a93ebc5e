"""Who changed what in the register, when and why: lines that are only ever added, and every earlier version of a file.

Both lie in `register_history` in the input folder, beside the files that they are of. A file is changed in one step, after
its earlier version is kept; undoing is a change like any other, which brings the very bytes of the earlier version back.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rcs_core.desk_files import take_lock
from rcs_core.errors import UnreadableError
from rcs_core.records.register.files import RegisterError, sha256, the_file
from rcs_core.records.register.propose import Change, Proposal

HOME = "register_history"
LINES = "history.jsonl"
EDIT, UPLOAD, DECISION, UNDO = "edit", "upload", "decision", "undo"


@dataclass(frozen=True, slots=True)
class Entry:
    """One change: its number, when (UTC), by whom and why, of which file, its hashes, where the version before is, the cells.

    kept: the file in `register_history` that holds the version before, blank where there was none. undoes: the number of the
    entry that it takes back, 0 for any other change.
    """

    number: int
    at: str
    by: str
    why: str
    action: str
    file: str
    before: str
    after: str
    kept: str
    undoes: int = 0
    changes: tuple[Change, ...] = field(default_factory=tuple)

    def to_dict(self) -> dict[str, Any]:
        """The entry as plain values."""
        return asdict(self)


def read_history(folder: Path) -> list[Entry]:
    """Every entry, the first first; raises UnreadableError when a line has been damaged."""
    path = folder / HOME / LINES
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(_entry(json.loads(line)))
        except (ValueError, TypeError, KeyError) as error:
            where = f"{HOME}/{LINES}, line {number}"
            raise UnreadableError("the history of the register is damaged", where, remedy="bring the file back") from error
    return found


def _entry(told: Mapping[str, Any]) -> Entry:
    return Entry(**{**told, "changes": tuple(Change(**c) for c in told["changes"])})


def to_undo(entries: list[Entry], file: str) -> Entry | None:
    """The last change of a file that is not taken back yet."""
    back = {entry.undoes for entry in entries}
    left = [e for e in entries if e.file == file and not e.undoes and e.number not in back]
    return left[-1] if left else None


def write(folder: Path, proposal: Proposal, by: str, why: str, action: str = EDIT) -> Entry:
    """Make a proposed change: the earlier version is kept, the file is replaced in one step, and a line is added.

    Raises RegisterError without a name, when a breach stops it, or when the file is no longer the one that was looked at.
    """
    if proposal.stops:
        first = proposal.stops[0].text()
        raise RegisterError(f"{len(proposal.stops)} breach(es) stop the change", proposal.file, first, "none", "mend each")
    if not proposal.changes:
        raise RegisterError("there is nothing to change", proposal.file, "", "at least one cell that differs")
    with _writing(folder, by):
        if sha256(folder / proposal.file) != proposal.before:
            raise _changed_since(proposal.file)
        return _replace(folder, proposal.file, proposal.draft, _About(by, why, action), proposal.changes)


def undo(folder: Path, file: str, by: str, why: str = "") -> Entry:
    """Take the last change of a file back; its values, and its very bytes, are those of the version before.

    Raises RegisterError when there is none, or when the file was changed elsewhere since.
    """
    the_file(folder, file)
    with _writing(folder, by):
        last = to_undo(read_history(folder), file)
        if last is None:
            raise RegisterError("there is nothing to undo", file, "", "a change that was made here and not taken back")
        if sha256(folder / file) != last.after:
            raise _changed_since(file)
        bytes_before = (folder / HOME / last.kept).read_bytes() if last.kept else None
        about = _About(by, why or f"takes back change {last.number}", UNDO, last.number)
        return _replace(folder, file, bytes_before, about, tuple(c.turned() for c in last.changes))


@dataclass(frozen=True, slots=True)
class _About:
    by: str
    why: str
    action: str
    undoes: int = 0


def _changed_since(file: str) -> RegisterError:
    return RegisterError(
        "the file was changed elsewhere in the meantime", file, "", "the file as it was when it was looked at", "look at it again"
    )


@contextmanager
def _writing(folder: Path, by: str) -> Iterator[None]:
    """One writer at a time, and none without a name."""
    if not by.strip():
        raise RegisterError("a change needs a name", expected="who makes it, by name or role", remedy='add --by "NAME"')
    lock = take_lock(folder / HOME)
    if lock is None:
        raise RegisterError("somebody else is writing to the register", folder.name, remedy="try again in a moment")
    try:
        yield
    finally:
        os.close(lock)


def _replace(folder: Path, file: str, data: bytes | None, about: _About, changes: tuple[Change, ...]) -> Entry:
    """Keep the version that is there, put the new one in its place (or take the file away), and add the line."""
    home, path = folder / HOME, folder / file
    number = len(read_history(folder)) + 1
    before, name = sha256(path), ""
    if before:
        name = f"{number:04d}_{file}"
        _whole(home / name, path.read_bytes())
    if data is None:
        path.unlink()
    else:
        _whole(path, data)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    entry = Entry(
        number, at, about.by.strip(), about.why.strip(), about.action, file, before, sha256(path), name, about.undoes, changes
    )
    with (home / LINES).open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(entry.to_dict()) + "\n")
        lines.flush()
        os.fsync(lines.fileno())
    return entry


def _whole(path: Path, data: bytes) -> None:
    """Write a file in one step: a reader sees the old one or the new one, never half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, draft)
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        remedy = "close the file in other programs, and look at the right to write there and at the room on the disk"
        raise UnreadableError(
            "the file cannot be written; the earlier one stays", str(path), error.strerror or "", remedy=remedy
        ) from error
