"""Checks a partnership's own list of release tables, `release_tables.yaml`, by the rules of the contract `release.yaml`.

In: the folder's files and what partnership.yaml says. Out: the list, where nothing is wrong with it, and every breach in it.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rcs_core.contracts.files import error
from rcs_core.contracts.findings import MASK, Breaches
from rcs_core.contracts.identifiers import names_itself
from rcs_core.errors import SettingsError
from rcs_core.settings import read_yaml
from rcs_core.specification import KEY, faults

FILE = f"{KEY}.yaml"


def own_tables(files: list[Path], about: Mapping[str, Any]) -> tuple[dict[str, Any], list[Breaches]]:
    """What partnership.yaml is taken to say of release tables: the folder's own list, where it holds one."""
    path = next((p for p in files if p.name.casefold().replace(".yml", ".yaml") == FILE), None)
    if path is None:
        return {}, []
    try:
        content = read_yaml(path)
    except SettingsError as problem:
        remedy = problem.remedy or "look for a missing colon, space or quotation mark"
        return {}, [error(path.name, "unreadable", problem.expected, remedy, problem.got or problem.what)]
    said = [_breach(path, fault) for fault in faults(content)]
    said += [error(path.name, "identifier", "no direct identifier in words to be published", "take it out", MASK, where)
             for where, text in _texts(content) if names_itself(text)]  # fmt: skip
    if about.get(KEY):
        rule, remedy = f"either {FILE} or the key {KEY}", f"take {KEY} out of partnership.yaml, or the file out of the folder"
        said.append(error(path.name, "two_choices", rule, remedy, str(about[KEY]), KEY))
    return ({} if said else {KEY: content}), said


def _breach(path: Path, fault: SettingsError) -> Breaches:
    where = fault.where.removeprefix(FILE).strip(", ")
    rule = f"{fault.expected} ({fault.what})" if fault.expected else fault.what
    return error(path.name, "release_tables", rule, fault.remedy or "correct the list", fault.got, where)


def _texts(content: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a list and where it stands."""
    if isinstance(content, Mapping):
        for key, value in content.items():
            yield where, str(key)
            yield from _texts(value, f"{where}, {key}".strip(", "))
    elif isinstance(content, list):
        for value in content:
            yield from _texts(value, where)
    elif isinstance(content, str):
        yield where, content
