"""Writes one ledger's entry into `ledger_columns.yaml`, in one step, and leaves every other line of the file as it was.

In: the input folder, the ledger's name and its entry. Out: the file with the entry, read again before it stands.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from rcs_core.contracts.described import ledger_columns
from rcs_core.contracts.findings import spelt_out
from rcs_core.contracts.model import contracts
from rcs_core.errors import ContractError, UnreadableError
from rcs_core.settings import read_yaml
from rcs_core.vocab import Severity

FILE = "ledger_columns.yaml"
KEYS = (
    "agency_system", "header_row", "sheet", "columns", "amount_unit", "financial_year", "control_total_gbp",
    "control_total_source", "subtotal_words",
)  # fmt: skip


def file_of(folder: Path) -> Path:
    """The file of entries in a folder, whatever its letter case; where it would be, when there is none."""
    return next((p for p in sorted(folder.iterdir()) if p.name.casefold().replace(".yml", ".yaml") == FILE), folder / FILE)


def entries(folder: Path) -> dict[str, Any]:
    """Every entry of the file by ledger; none where there is no file."""
    path = file_of(folder)
    return (
        {str(k).casefold(): v for k, v in read_yaml(path).items()} if path.is_file() and path.read_text("utf-8").strip() else {}
    )


def write_entry(folder: Path, ledger: str, entry: Mapping[str, Any]) -> Path:
    """Put the entry of one ledger in the place of its old one, or at the end; other entries and their comments stay.

    Raises ContractError when the entry breaks the contract, UnreadableError when the file cannot be read or written.
    """
    path = file_of(folder)
    before = entries(folder)
    block = yaml.safe_dump({ledger: {k: entry[k] for k in KEYS if k in entry}}, sort_keys=False, allow_unicode=True, width=130)
    made = _with_block(path.read_text("utf-8") if path.is_file() else "", ledger, block)
    draft = path.with_name(f".{FILE}.{os.getpid()}.yaml")
    try:
        draft.write_text(block, encoding="utf-8")
        _check_entry(draft, ledger)
        draft.write_text(made, encoding="utf-8")
        _check_others(draft, ledger, before)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        remedy = "look at the right to write there and at the room on the disk"
        raise UnreadableError("the file cannot be written", str(path), error.strerror or str(error), remedy=remedy) from error
    finally:
        draft.unlink(missing_ok=True)
    return path


def _check_entry(draft: Path, ledger: str) -> None:
    """The entry keeps to the contract, looked at by itself."""
    wrong = [b for b in ledger_columns(draft, contracts()["ledger_columns"]).breaches if b.severity is Severity.ERROR]
    if wrong:
        first = spelt_out(wrong)
        got = "; ".join(f"{f.column} {f.value or 'blank'}: expected {f.rule}" for f in first)
        raise ContractError("the entry of the ledger is not complete", f"{FILE}, {ledger}", got, remedy=first[0].remedy)


def _check_others(draft: Path, ledger: str, before: Mapping[str, Any]) -> None:
    """The file says of every other ledger what it said before."""
    now = {str(k).casefold(): v for k, v in read_yaml(draft).items()}
    if {k: v for k, v in now.items() if k != ledger} != {k: v for k, v in before.items() if k != ledger}:
        remedy = "write the entry by hand"
        raise ContractError("the entry cannot be put in without changing others", f"{FILE}, {ledger}", remedy=remedy)


def _with_block(text: str, ledger: str, block: str) -> str:
    lines = text.splitlines(keepends=True)
    starts = [n for n, line in enumerate(lines) if re.match(r"[^\s#]", line)]
    mine = next((n for n in starts if re.match(rf"""["']?{re.escape(ledger)}["']?\s*:""", lines[n], re.IGNORECASE)), None)
    if mine is None:
        return text + ("" if not text or text.endswith("\n") else "\n") + block
    end = next((n for n in starts if n > mine), len(lines))
    # Comments just above the next entry belong to that one.
    while end > mine + 1 and re.match(r"\s*(#|$)", lines[end - 1]):
        end -= 1
    return "".join([*lines[:mine], block, *lines[end:]])
