"""Whether an input folder is still as it was when it was checked: names, sizes, times, and hashes where times differ."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from rcs_core import __version__
from rcs_core.contracts.files import is_marked_copy
from rcs_core.contracts.waves import wave_folders
from rcs_core.settings import CONTRACTS

type Signature = dict[str, list[Any]]


def signature(folder: Path) -> Signature:
    """Size, time and SHA-256 of every file that a check reads, and one hash for the rules themselves."""
    found: Signature = {name: [*_stamp(path), _sha256(path)] for name, path in _files(folder).items()}
    return found | {"": [rules()]}


def unchanged(folder: Path, before: Mapping[str, Any]) -> bool:
    """Whether the files are those of a signature; False for a folder that has gone, and where rules have changed."""
    try:
        files = _files(folder)
        if before.get("") != [rules()] or set(files) != set(before) - {""}:
            return False
        return all(_same(path, before[name]) for name, path in files.items())
    except OSError:
        return False


def _files(folder: Path) -> dict[str, Path]:
    files = [p for place in (folder, *wave_folders(folder)) for p in place.iterdir()]
    read = [p for p in files if p.is_file() and not p.name.startswith((".", "~")) and not is_marked_copy(p)]
    return {p.relative_to(folder).as_posix(): p for p in sorted(read)}


def _same(path: Path, before: list[Any]) -> bool:
    size, changed = _stamp(path)
    return size == before[0] and (changed == before[1] or _sha256(path) == str(before[2]))


def _stamp(path: Path) -> tuple[int, int]:
    about = path.stat()
    return about.st_size, about.st_mtime_ns


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def rules() -> str:
    """One hash of the program's version and of every contract: a check by other rules is another check."""
    digest = hashlib.sha256(__version__.encode())
    for path in sorted(CONTRACTS.rglob("*.yaml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
