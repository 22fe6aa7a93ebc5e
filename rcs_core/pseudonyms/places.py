"""Where a run reads and writes: the files of a folder and of its earlier waves, apart from the output, all files or none.

In: the source and the output as typed. Out: the files to read, and a hidden folder to make theirs in.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rcs_core.contracts.files import READABLE, listing
from rcs_core.errors import RcsError, UnreadableError
from rcs_core.pseudonyms.keys import forbidden_places
from rcs_core.pseudonyms.receipt import Dropped

WAVE = "wave_"
"""What the name of a sub-folder begins with that holds an earlier survey wave; a test compares it with the contracts' word."""


class PseudonymError(RcsError):
    """A run cannot be made as asked, so nothing was written."""


class WishError(PseudonymError):
    """What was asked cannot be done at all (exit code 2)."""

    exit_code = 2


def sources(source: Path) -> tuple[list[Path], list[Dropped]]:
    """The files to read, those of earlier waves too, and what lies beside them that is not read."""
    if source.is_file():
        return [source], []
    if not source.is_dir():
        expected = "a csv or xlsx file, or a folder"
        raise UnreadableError("there is no such file or folder", str(source), "", expected, "look at the path")
    folders = sorted(p for p in source.iterdir() if p.is_dir() and not p.name.startswith("."))
    waves = [p for p in folders if p.name.casefold().startswith(WAVE)]
    there = [path for folder in (source, *waves) for path in listing(folder)]
    files = [p for p in there if p.suffix.casefold() in READABLE]
    counts = {"only the folder itself and folders of waves are read": (len(folders) - len(waves), "folders inside")}
    counts |= {"neither csv nor xlsx": (len(there) - len(files), "files")}
    return files, [Dropped(f"{count} {what}", why) for why, (count, what) in counts.items() if count]


def around(source: Path, key_file: Path) -> dict[str, Path]:
    """Where the key must not lie for the input's sake: anywhere in an input folder, or beside a single file."""
    beside = source.is_file() and key_file.parent.resolve() == source.parent.resolve()
    return {"the input folder": source.parent if beside else source}


def refuse_places(source: Path, out: Path) -> None:
    """Identifiers stay out of the workbench's own folders, and apart from the output."""
    here, there = source.resolve(), out.resolve()
    for name, folder in forbidden_places().items():
        if here.is_relative_to(folder.resolve()):
            remedy = "move the files to a folder that only the people in the pseudonym role can read"
            raise WishError(f"files with identifiers may not lie in {name}", str(source), "", "another folder", remedy)
    apart = there != here.parent if source.is_file() else not (there.is_relative_to(here) or here.is_relative_to(there))
    if not apart:
        expected, remedy = "an output folder apart from the input", "give another folder with --out"
        raise WishError("identifiers and pseudonyms may not lie together", str(out), "", expected, remedy)
    if out.exists() and not out.is_dir():
        raise WishError("the output is not a folder", str(out), "a file", "a folder", "give another path with --out")


@contextmanager
def workshop(out: Path) -> Iterator[Path]:
    """A hidden folder for files in the making, gone whatever happens; a new output folder that stays empty goes too."""
    fresh = not out.exists()
    out.mkdir(parents=True, exist_ok=True)
    bench = Path(tempfile.mkdtemp(prefix=".making-", dir=out))
    try:
        yield bench
    finally:
        shutil.rmtree(bench, ignore_errors=True)
        if fresh and not any(out.iterdir()):
            out.rmdir()


def move(bench: Path, out: Path, names: Sequence[str]) -> list[Path]:
    """Put the finished files in place, all or none; a file that is there already is never overwritten."""
    there = [name for name in names if (out / name).exists()]
    if there:
        remedy = "give a new folder with --out, or take the old files away"
        raise WishError("the output is there already", str(out), ", ".join(there), "a folder without these files", remedy)
    moved: list[Path] = []
    try:
        for name in names:
            (out / name).parent.mkdir(exist_ok=True)
            os.replace(bench / name, out / name)
            moved.append(out / name)
    except OSError:
        for path in moved:
            path.unlink(missing_ok=True)
        for folder in {(out / name).parent for name in names} - {out}:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        raise
    return moved
