"""Checks the two YAML inputs, partnership.yaml and ledger_columns.yaml, by the same contracts and rules as the tables.

In: the folder's files. Out: what the YAML says, unchanged, and every breach in it. A YAML entry is looked at as a row, its
keys as columns (a key inside a key as `outer.inner`), so that an unknown key or a bad value is said as in any table.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from rcs_core.contracts.clean import Mended, mend
from rcs_core.contracts.files import RawTable, error
from rcs_core.contracts.findings import Breaches
from rcs_core.contracts.model import Contract
from rcs_core.contracts.rows import check_rows
from rcs_core.errors import SettingsError
from rcs_core.settings import read_yaml


@dataclass(frozen=True, slots=True)
class Described:
    """What a YAML input says, and the breaches in it; `sound` when nothing in it stops a build."""

    content: dict[str, Any]
    breaches: list[Breaches]


def partnership(path: Path, contract: Contract) -> Described:
    """Read partnership.yaml; its one entry is the whole file."""
    content, breaches = _content(path)
    if content is None:
        return Described({}, breaches)
    return Described(content, [*breaches, *_check(path.name, "", contract, content)])


def ledger_columns(path: Path, contract: Contract) -> Described:
    """Read ledger_columns.yaml: one entry a ledger file; an entry that is no mapping is an error."""
    content, breaches = _content(path)
    sound: dict[str, Any] = {}
    for stem, entry in (content or {}).items():
        if isinstance(entry, dict):
            sound[str(stem).casefold()] = entry
            breaches += _check(path.name, str(stem), contract, entry)
        else:
            remedy = "write the ledger's sheet, header row and columns under its name"
            breaches.append(error(path.name, "entry", "keys and values", remedy, type(entry).__name__, str(stem)))
    return Described(sound, breaches)


def _content(path: Path) -> tuple[dict[str, Any] | None, list[Breaches]]:
    try:
        return read_yaml(path), []
    except SettingsError as problem:
        remedy = problem.remedy or "look for a missing colon, space or quotation mark"
        return None, [error(path.name, "unreadable", problem.expected, remedy, problem.got or problem.what)]


def _flat(entry: Mapping[str, Any], before: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in entry.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{before}{key}.")
        else:
            flat[f"{before}{key}"] = _text(value)
    return flat


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "; ".join(_text(v) for v in value)
    return value.isoformat() if isinstance(value, dt.date) else "" if value is None else str(value)


def _check(file: str, sheet: str, contract: Contract, entry: Mapping[str, Any]) -> list[Breaches]:
    flat = _flat(entry)
    frame = pd.DataFrame([list(flat.values())], dtype="str")
    frame["_row"] = 1
    table = _with_a_row(mend(contract, RawTable(file, sheet, tuple(flat), frame)))
    breaches = [*table.breaches, *check_rows(contract, table, dt.date.today().year)]
    return [_of_key(b) for b in breaches if b.code not in {"not_collected", "extra_column"}] + _unknown(table)


def _with_a_row(table: Mended) -> Mended:
    """An entry of blank values alone is still an entry: each of its keys has to be filled."""
    return table if len(table.frame) else replace(table, frame=pd.DataFrame([dict.fromkeys(table.places, "") | {"_row": 1}]))


def _of_key(breach: Breaches) -> Breaches:
    """A breach as a YAML file has it: by key, without a row."""
    return replace(breach, rows=(), rule=breach.rule.replace("a column", "a key"), remedy=breach.remedy.replace("column", "key"))


GONE = {"apportionment": "remove it; keys stand in apportionment_keys.csv, and ledger_map.csv names them in key_id"}
"""Keys that earlier contracts knew, and where what they meant stands now."""


def _unknown(table: Mended) -> list[Breaches]:
    remedy = "remove or rename the key"
    return [
        error(table.file, "unknown_key", "only keys of the contract", GONE.get(name, remedy), "an unknown key", name)
        for name, _ in table.extras
    ]
