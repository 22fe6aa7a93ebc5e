"""The key: made once, kept by one role, never in a folder that the workbench reads or writes.

A key file is four lines of text. Its own fingerprint stands in it, so that a damaged copy is refused instead of giving
other pseudonyms in silence. Nothing that is raised here shows a line of the file.
"""

import hashlib
import hmac
import os
import re
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from rcs_core.errors import RcsError
from rcs_core.pseudonyms.method import Key, method
from rcs_core.settings import ROOT, workspace

FINGERPRINT_LABEL = b"rcs-workbench/key fingerprint"
FINGERPRINT_DIGITS = 8
TITLE = "RCS pseudonym key: keep it secret, keep a second copy apart, never change a sign"
FORM = re.compile(r"version: (\d{1,4})\nkey: ([0-9a-f]+)\nfingerprint: ([0-9a-f]+)\s*")
LARGEST = 4096
RELEASE_POINTER = "current.json"
"""The file that every release folder holds; a test compares it with the release's own word."""


class KeyFileError(RcsError):
    """The key file is missing, damaged, open to others, or lies where it must not (exit code 2)."""

    exit_code = 2


def fingerprint(key: Key) -> str:
    """Eight hexadecimal digits by which two people can see that they hold the same key; they give nothing of it away."""
    return hashlib.sha256(hmac.digest(key.secret, FINGERPRINT_LABEL, "sha256")).hexdigest()[:FINGERPRINT_DIGITS]


def forbidden_places() -> dict[str, Path]:
    """The folders of the workbench itself, by what a person calls them; neither a key nor identifiers may lie there."""
    return {"the project folder": ROOT, "the workspace (RCS_HOME)": workspace()}


def new_key(path: Path) -> Key:
    """Make a key and write it to a new file that only its owner can read; never overwrites one."""
    refuse_place(path, forbidden_places())
    how = method()
    key = Key(secrets.token_bytes(how.key_bytes))
    text = f"{TITLE}\nversion: {how.version}\nkey: {key.secret.hex()}\nfingerprint: {fingerprint(key)}\n"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        remedy = "choose another name; a key that is overwritten can never be had back, and nothing made with it links any more"
        raise KeyFileError("there is a file already", str(path), "", "a new file", remedy) from error
    except OSError as error:
        raise _unusable(path, error, "a folder that is there and may be written to") from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return key


def read_key(path: Path, places: Mapping[str, Path] | None = None) -> Key:
    """Read a key file, after looking at where it lies and who can read it.

    places: more folders where it must not lie (input, output), by what a person calls them.
    Raises KeyFileError in the house form; the key never stands in it.
    """
    refuse_place(path, forbidden_places() | dict(places or {}))
    try:
        _refuse_open_to_others(path)
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise _unusable(path, error, "a key file made with rcs pseudonymise --new-key") from error
    return _parse(path, content)


def refuse_place(path: Path, places: Mapping[str, Path]) -> None:
    """Raise when a key lies in one of the folders, or in a release, through whatever links."""
    for place in (path.resolve(), path.parent.resolve() / path.name, Path(os.path.abspath(path))):
        for name, folder in places.items():
            if place.is_relative_to(folder.resolve()):
                raise _misplaced(path, f"a key in {name}")
        if any((above / RELEASE_POINTER).exists() for above in place.parents):
            raise _misplaced(path, "a key in a release")


def _misplaced(path: Path, got: str) -> KeyFileError:
    expected = "a key outside the project, the workspace, every release, and the input and output folders"
    remedy = "keep the key where only the people in the pseudonym role can read it, and give that path"
    return KeyFileError("the key may not lie here", str(path), got, expected, remedy)


def _refuse_open_to_others(path: Path) -> None:
    """Where the system has modes (not on Windows), nobody but the owner may read or write the key."""
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        raise KeyFileError("the key is not a file", str(path), "a folder or device", "a key file", "look at the path")
    if os.name == "posix" and mode & 0o077:
        remedy = f"take the rights of others away (chmod 600 {path.name}); if others may have read it, treat it as lost"
        got = f"a file that others can use (mode {stat.S_IMODE(mode):03o})"
        raise KeyFileError("the key is open to others", str(path), got, "a file for its owner only (mode 600)", remedy)


def _parse(path: Path, content: bytes) -> Key:
    """The key of a key file's bytes; the file's own fingerprint must fit."""
    text = content.decode("ascii", errors="replace").replace("\r\n", "\n")
    title, _, rest = text.partition("\n")
    found = FORM.fullmatch(rest)
    how = method()
    if not title.startswith("RCS pseudonym key") or found is None or len(found[2]) != 2 * how.key_bytes:
        expected, remedy = "a key file made with rcs pseudonymise --new-key", "use the file as it was made, or its second copy"
        raise KeyFileError("this is not a key file, or it is damaged", str(path), "", expected, remedy)
    if int(found[1]) != how.version:
        remedy = "use the version of the workbench that the key was made with, or make a new key (nothing links to earlier waves)"
        got, expected = f"version {found[1]}", f"version {how.version}"
        raise KeyFileError("the key is of another version of the method", str(path), got, expected, remedy)
    key = Key(bytes.fromhex(found[2]))
    if not hmac.compare_digest(fingerprint(key), found[3]):
        remedy = "use the second copy of the key; if there is none, the key is lost (see docs/how-to/pseudonyms.md)"
        raise KeyFileError(
            "the key is damaged", str(path), "a fingerprint that does not fit it", "the key as it was made", remedy
        )
    return key


def _unusable(path: Path, error: OSError, expected: str) -> KeyFileError:
    why = error.strerror or "the system said no"
    return KeyFileError("the key file cannot be used", str(path), why, expected, "look at the path and at who may use it")
