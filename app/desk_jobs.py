"""The desk's errands: `rcs check`, `rcs preview`, `rcs build` and `rcs forget`, each a process of its own, and what it left.

What a check found is kept with the hashes of the files that it read, so that an unchanged folder is not checked again. A build
keeps nothing half-made: that would be a copy of children's records. Stopped, it is begun again from the files.
"""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import desk_inputs, desk_work
from app.desk_work import Job
from rcs_core.controller.sheet import write_whole
from rcs_core.desk_files import desk_home, place_of
from rcs_core.errors import RcsError, UnreadableError
from rcs_core.settings import ROOT, read_json, workspace

INPUTS = "partnership.yaml"
"""The file that tells an input folder from any other."""
LONGEST_DELETION = 600
"""Seconds after which a deletion is given up; its certificate says how far it came."""
_DEEPEST, _MOST = 2, 200


@dataclass(frozen=True, slots=True)
class Checked:
    """What the last check of a folder found, when, and whether the files are still those that it read."""

    report: dict[str, Any]
    at: str
    current: bool


def root() -> Path:
    """The folder that the desk was opened on: `rcs desk DIR`, or else the workspace."""
    return Path(os.environ.get("RCS_DESK_DIR") or workspace()).resolve()


def input_folders(top: Path) -> list[Path]:
    """Folders at or below `top` that hold a partnership's files, the nearest first."""
    found: list[Path] = []
    level = [top]
    for _ in range(_DEEPEST + 1):
        found += [folder for folder in level if (folder / INPUTS).is_file()]
        level = [child for folder in level for child in _children(folder)][:_MOST]
    return found


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
    except OSError:
        return []


def release_folder() -> Path:
    """Where a build puts its release: where the workbench looks for it."""
    served = Path(os.environ.get("RCS_RELEASE") or workspace() / "releases")
    return served.parent if served.is_file() else served


def start_check(folder: Path, annotate: bool = False) -> None:
    """Start `rcs check`; nothing while a check or a build of the folder is under way. annotate: write marked copies too."""
    words = [str(folder), "--json", "--progress", *(["--annotate"] if annotate else [])]
    desk_work.start("check", place_of(folder), folder, words, {"inputs": _signature(folder)})


def _signature(folder: Path) -> desk_inputs.Signature:
    try:
        return desk_inputs.signature(folder)
    except OSError as error:
        where = str(error.filename or folder)
        raise UnreadableError(
            "the folder or a file in it cannot be read", where, error.strerror or "", remedy="look whether it is still there"
        ) from error


def check_of(folder: Path) -> Job | None:
    """The check of a folder that is under way, or the last one."""
    return desk_work.find("check", place_of(folder))


def checked(folder: Path) -> Checked | None:
    """What the last check of a folder found; None when there was none, or it came to no report."""
    job = check_of(folder)
    report = job.result if job is not None and not job.running else {}
    if job is None or "findings" not in report:
        return None
    return Checked(report, job.started, desk_inputs.unchanged(folder, job.told.get("inputs") or {}))


def _pointer() -> Path:
    return desk_home() / "last_build.json"


def last_build() -> Job | None:
    """The build under way, or the last one done, in whichever tab and by whichever desk of this workspace."""
    try:
        return desk_work.find("build", Path(str(read_json(_pointer()).get("place", ""))))
    except UnreadableError:
        return None


def start_build(folder: Path, release: Path) -> Job | None:
    """Start `rcs build`; while one is under way, that one."""
    under_way = last_build()
    if under_way is not None and under_way.running:
        return under_way
    place = place_of(folder)
    job = desk_work.start("build", place, folder, [str(folder), str(release), "--json"], {"release": str(release)})
    if job is not None:
        write_whole(_pointer(), json.dumps({"place": str(place)}))
    return job or last_build()


def start_preview(folder: Path) -> None:
    """Start `rcs preview`; nothing while another errand of the folder is under way."""
    desk_work.start("preview", place_of(folder), folder, [str(folder), "--json"], {"inputs": _signature(folder)})


def preview_of(folder: Path) -> Job | None:
    """The preview of a folder that is under way, or the last one."""
    return desk_work.find("preview", place_of(folder))


def previewed(folder: Path) -> tuple[list[dict[str, Any]], bool]:
    """What the last preview of a folder found, a size each, and whether the files are still those that it read."""
    job = preview_of(folder)
    sizes = job.result.get("sizes") or [] if job is not None and not job.running else []
    return sizes, job is not None and desk_inputs.unchanged(folder, job.told.get("inputs") or {})


def what_went_wrong(job: Job) -> str:
    """What a check or a build that came to nothing said, in its own words."""
    ended = "It said nothing: it was ended from outside, or the machine was short of memory."
    return "\n\n".join(job.errors) or ended


def forget(folder: Path, words: list[str]) -> dict[str, Any]:
    """Run `rcs forget` and return its plan or certificate; raises RcsError with what it said when there is none."""
    command = [*desk_work.RCS, "forget", str(folder), "--json", *words]
    try:
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST_DELETION, check=False)
    except subprocess.TimeoutExpired as error:
        remedy = "read the certificate: it says how far it came"
        raise RcsError("the deletion took too long and was given up", folder.name, remedy=remedy) from error
    try:
        found: dict[str, Any] = json.loads(ran.stdout)
    except ValueError as error:
        said = " ".join(ran.stderr.split()) or "it said nothing"
        raise RcsError("nothing was deleted", folder.name, said) from error
    return found
