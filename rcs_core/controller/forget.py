"""Deletes the working files of an input folder and certifies it; a plan first, and nothing that is not a working file.

In: an input folder. Out: a `Plan` of what would go and what would stay; then, on a decision, a `Certificate`.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rcs_core.contracts import contracts
from rcs_core.contracts.waves import wave_folders
from rcs_core.controller.certificate import DELETED, DELETING, NOT_DELETED, Certificate, Entry, new_path, now
from rcs_core.controller.flow import personal
from rcs_core.desk_files import LOCK, busy, desk_home, place_of
from rcs_core.errors import RcsError, UnreadableError
from rcs_core.release import POINTER
from rcs_core.settings import ROOT, read_json, workspace

PARTNERSHIP = ("partnership.yaml", "partnership.yml")
TRUTH = "demo_truth.json"
RECEIPT = "pseudonyms_receipt"
LEDGER = "ledger_"
MEMORY = "mappings.sqlite"
_CHUNK = 1 << 20


class ForgetError(RcsError):
    """A folder is not one whose files may be deleted, or nobody said who decides (exit code 2)."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Doomed:
    """One file that would go: where it is, how the certificate names it, and what it is."""

    path: Path
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a deletion would do: the files in the order in which they go, and what stays and why."""

    folder: Path
    files: tuple[Doomed, ...]
    kept: tuple[tuple[str, str], ...]

    def to_json(self) -> dict[str, Any]:
        """The plan as plain values."""
        files = [{"file": d.name, "kind": d.kind, "size": _size(d.path)} for d in self.files]
        return {"folder": str(self.folder), "files": files, "kept": [{"what": w, "why": y} for w, y in self.kept]}

    def text(self) -> str:
        """The plan as a person reads it."""
        lines = [f"would delete: {d.name} ({d.kind}, {_size(d.path):,} bytes)" for d in self.files]
        lines += [f"would keep: {what}: {why}" for what, why in self.kept]
        return "\n".join([*lines, f"Nothing was deleted. {len(self.files)} file(s) in {self.folder} would be."])


def plan_deletion(folder: Path, personal_only: bool = False, everything: bool = False) -> Plan:
    """Say what a deletion would do.

    personal_only: only tables with personal fields, and what was made of them; the register, evidence and layout stay.
    everything: also files in the folder that are no input. Raises ForgetError for anything that is not an input folder.
    """
    _refuse(folder)
    doomed: list[Doomed] = []
    kept: list[tuple[str, str]] = []
    for place in (folder, *wave_folders(folder)):
        for path in sorted(place.iterdir()):
            name = path.relative_to(folder).as_posix()
            kind, why = _fate(path, personal_only, everything)
            if kind:
                doomed.append(Doomed(path, name, kind))
            elif why:
                kept.append((name, why))
    doomed.sort(key=lambda d: (d.path.name.casefold() in PARTNERSHIP, not d.kind.startswith("about"), d.name))
    copies = [p for p in sorted(place_of(folder).glob("*")) if p.is_file() and p.name != LOCK]
    doomed = [*(Doomed(p, f"desk/{p.name}", "made by the desk of these files") for p in copies), *doomed]
    return Plan(folder, tuple(doomed), (*kept, *_kept_elsewhere()))


def _refuse(folder: Path) -> None:
    """Raise unless this is an input folder and nothing else."""
    expected = "an input folder: one with a partnership.yaml, and no release in it"
    if not folder.is_dir():
        raise ForgetError("there is no such folder", str(folder), "a file" if folder.exists() else "nothing", expected)
    there = folder.resolve()
    if any(home == there or home.is_relative_to(there) for home in (ROOT, workspace(), desk_home(), Path.home())):
        raise ForgetError("this folder holds the program, the workspace or a home", str(folder), "", expected)
    names = {path.name.casefold() for path in there.iterdir()}
    if POINTER in names or any(n.startswith("release-") and n.endswith(".duckdb") for n in names):
        raise ForgetError("this is a folder of releases, which are not working files", str(folder), "", expected)
    if not names & set(PARTNERSHIP):
        raise ForgetError("this is not an input folder", str(folder), "no partnership.yaml", expected, "look at the path")


HISTORY = "register_history"
"""What the register's changes left in the input folder: who changed what of a service, and every version before."""


def _fate(path: Path, personal_only: bool, everything: bool) -> tuple[str, str]:
    """What a file is when it goes, or why it stays; both blank for a wave's folder, which is looked into."""
    if path.is_dir() and not path.is_symlink() and path.name == HISTORY:
        return "", "who changed what in the register, and when: it names no child, but it names who changed it"
    if path.is_dir() and not path.is_symlink():
        return "", "" if path.name.casefold().startswith(
            "wave_"
        ) else "a sub-folder that is no earlier wave: look into it yourself"
    name = path.name.casefold().strip()
    if name.startswith(RECEIPT):
        return "", "the receipt of the pseudonyms: it names nobody and is the proof of how they were made"
    stem = _table(name)
    if not stem and name != TRUTH:
        return ("not an input", "") if everything else ("", "not an input: look at it yourself, or delete it with --everything")
    child = stem in contracts() and bool(personal(contracts()[stem]))
    if personal_only and not child:
        return "", "without personal fields"
    return ("about children, or a ledger" if child else "without personal fields"), ""


def _table(name: str) -> str:
    """The contract that a file's name belongs to: the table itself, a copy or an annotated one; blank when none."""
    bare = name.removeprefix("~$").removeprefix(".~lock.")
    stems = sorted((s for s in contracts() if s != "ledger"), key=len, reverse=True)
    found = next((s for s in stems if bare.startswith(s) and not bare[len(s) : len(s) + 1].isalnum()), "")
    return found or ("ledger" if bare.startswith(LEDGER) else "")


def _kept_elsewhere() -> list[tuple[str, str]]:
    kept = [
        (f"release {name[:12]}", "protected tables; no record, no pseudonym and no ledger line is in it") for name in _releases()
    ]
    if (desk_home() / MEMORY).is_file():
        kept.append(
            (f"desk/{MEMORY}", "which cost centre pays for which service, for next year; no child and no ledger text is in it")
        )
    return kept


def _releases() -> dict[str, dict[str, str]]:
    """The workspace's releases by content hash, with the hashes of the files that each was made from."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted((workspace() / "releases").glob("release-*.json")):
        try:
            about = read_json(path)
        except UnreadableError:
            continue
        found[str(about.get("content_hash", ""))] = dict(about.get("inputs") or {})
    return found


def forget(plan: Plan, by: str, role: str, reason: str = "") -> Certificate:
    """Do what the plan says, and return the certificate that was written on the way.

    Raises ForgetError without a name and a role, or while a check or a build of the folder is under way. A file that
    cannot be deleted is told in the certificate, and partnership.yaml then stays, so that the folder can be tried again.
    """
    if not by.strip() or not role.strip():
        raise ForgetError(
            "a deletion needs a name and a role", "", "", "who decides, and in which role", 'add --by "NAME" --role "ROLE"'
        )
    if busy(place_of(plan.folder)):
        remedy = "wait for it to end, or stop it on the desk"
        raise ForgetError("a check or a build of this folder is under way", str(plan.folder), remedy=remedy)
    entries = [Entry(d.name, d.kind, _size(d.path)) for d in plan.files]
    path = new_path(plan.folder)
    made = Certificate(str(plan.folder), by.strip(), role.strip(), reason.strip(), now(), entries, list(plan.kept), [], path)
    made.save()
    for doomed, entry in zip(plan.files, entries, strict=True):
        last = doomed.path.name.casefold() in PARTNERSHIP
        if last and any(e.state == NOT_DELETED for e in entries):
            entry.state, entry.why = NOT_DELETED, "kept while other files could not be deleted"
        else:
            _delete(doomed.path, entry, made)
    gone = {e.sha256 for e in entries if e.state == DELETED}
    made.releases = [name for name, inputs in _releases().items() if gone & set(inputs.values())]
    _clear_waves(plan.folder)
    made.close()
    return made


def _delete(path: Path, entry: Entry, certificate: Certificate) -> None:
    link = path.is_symlink()
    try:
        entry.sha256 = "" if link else _sha256(path)
        entry.state = DELETING
        certificate.save()
        path.unlink()
        entry.state = DELETED
        entry.why = "a link: what it led to is still there" if link else ""
    except OSError as error:
        entry.state, entry.why = NOT_DELETED, error.strerror or str(error)
    entry.at = now()
    certificate.save()


def _clear_waves(folder: Path) -> None:
    for wave in wave_folders(folder):
        if not any(wave.iterdir()):
            wave.rmdir()


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0
