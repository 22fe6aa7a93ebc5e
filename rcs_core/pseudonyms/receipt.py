"""The receipt of a run: what was read, dropped and written, and with which key by its fingerprint; no identifier in it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

NAME = "pseudonyms_receipt"
"""The stem of the receipt's two files; `rcs check` knows it."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A column that was left out, and why."""

    column: str
    why: str


@dataclass(frozen=True, slots=True)
class FileReceipt:
    """One file: rows in and out, distinct pupils, identifiers spelt in more than one way or with a wrong check digit, columns."""

    file: str
    written: str
    sha256: str
    rows_in: int
    rows_out: int
    pupils: int
    spelt_differently: int
    wrong_check_digit: int
    kept: list[str]
    dropped: list[Dropped]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Receipt:
    """One run; method, form, and the key's fingerprint, never the key."""

    made: str
    program: str
    method: str
    form: str
    key_fingerprint: str
    files: list[FileReceipt]
    left_alone: list[Dropped]
    pupils: int
    notes: list[str]

    def to_json(self) -> dict[str, Any]:
        """The receipt as plain values."""
        return asdict(self)

    def text(self) -> str:
        """The receipt as a person reads it."""
        files = f"{len(self.files)} file{'s' if len(self.files) != 1 else ''}"
        lines = [
            f"Pseudonyms made {self.made} with {self.program}: {self.method}, form {self.form}.",
            f"Key fingerprint {self.key_fingerprint}. The key itself is not here and must never be.",
            f"{self.pupils:,} distinct pupils over {files}; no two share a pseudonym.",
            "The rows of every file are in the order of the pseudonyms, so their order tells nothing.",
            *(f"note: {note}" for note in self.notes),
        ]
        for file in self.files:
            lines += ["", *_file_lines(file)]
        if self.left_alone:
            lines += ["", "Not read into anything, and not copied:"]
            lines += [f"  {left.column}: {left.why}" for left in self.left_alone]
        return "\n".join(lines)


def _file_lines(file: FileReceipt) -> list[str]:
    lines = [
        f"{file.file} -> {file.written}: {file.rows_in:,} rows in, {file.rows_out:,} rows out, {file.pupils:,} pupils",
        f"  kept: pupil_id{''.join(f', {name}' for name in file.kept)}",
        *(f"  dropped: {gone.column} ({gone.why})" for gone in file.dropped),
    ]
    if file.spelt_differently:
        lines.append(f"  {file.spelt_differently:,} identifiers were spelt in a second way and were read as the same child")
    if file.wrong_check_digit:
        lines.append(f"  {file.wrong_check_digit:,} identifiers have a wrong check digit: most likely slips, which will not link")
    lines += [f"  note: {note}" for note in file.notes]
    return [*lines, f"  sha256 {file.sha256}"]


def write_receipt(receipt: Receipt, folder: Path) -> list[Path]:
    """Write the receipt as JSON and as text beside the output, under a number of its own when there is one already."""
    number = 1
    while any((folder / f"{_stem(number)}.{form}").exists() for form in ("json", "txt")):
        number += 1
    texts: Sequence[tuple[str, str]] = (("json", json.dumps(receipt.to_json(), indent=1)), ("txt", receipt.text()))
    written = []
    for form, text in texts:
        path = folder / f"{_stem(number)}.{form}"
        path.write_text(text + "\n", encoding="utf-8")
        written.append(path)
    return written


def _stem(number: int) -> str:
    return NAME if number == 1 else f"{NAME}_{number}"
