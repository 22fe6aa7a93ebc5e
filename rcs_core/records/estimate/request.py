"""Answers a request for survey estimates on any csv: designs, calibration and statistics named in one mapping.

The form and the meaning of every key are in docs/methods/estimates.md. Columns are read as text and compared as the
strings in the file; only what is computed is turned into numbers. What cannot be estimated is None.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rcs_core.errors import ContractError, SettingsError
from rcs_core.records.estimate import asked
from rcs_core.records.estimate.columns import Columns, read_columns
from rcs_core.records.estimate.design import Design
from rcs_core.records.estimate.designs import design_of
from rcs_core.records.estimate.statistics import ARGUMENTS, STATISTICS, Numbers
from rcs_core.records.estimate.strata import LonelyUnitError

_IGNORED = {"case", "csv", "expect"}
_DOMAINLESS = {"weights_summary"}


@dataclass(frozen=True, slots=True)
class Answers:
    """Every estimate by its id, a mapping of key to number or None; and what a person should be told.

    notes: one sentence each, on designs whose standard errors should not be trusted; refused: why estimates stand as
    None throughout, by id (a lonely unit under the rule `fail`).
    """

    estimates: dict[str, Numbers]
    notes: tuple[str, ...]
    refused: dict[str, ContractError]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One estimate of the request: its id, design, statistic and arguments, all known to be of the right kind."""

    id: str
    design: str
    stat: str
    args: dict[str, Any]


def run_request(data_csv: Path, request: dict[str, Any]) -> dict[str, Numbers]:
    """Every estimate of the request by its id, as `answer_request`; raises ContractError for the first one refused."""
    found = answer_request(data_csv, request)
    for error in found.refused.values():
        raise error
    return found.estimates


def answer_request(data_csv: Path, request: dict[str, Any]) -> Answers:
    """Every estimate of the request by its id; each is a mapping of key to number, or None where not estimable.

    Raises SettingsError for a key that is not honoured or a design that cannot be, UnreadableError for a file that
    cannot be read, ContractError where the data do not allow the design (margins that no weights meet).
    """
    asked.keys(request, {"designs", "estimates"} | _IGNORED, {"designs", "estimates"}, "the request")
    wanted = _checked(request["estimates"], asked.mapping(request["designs"], "designs"))
    columns = read_columns(data_csv)
    made = {str(name): design_of(columns, about, f"design {name}") for name, about in request["designs"].items()}
    notes = tuple(note for _, said in made.values() for note in said)
    estimates: dict[str, Numbers] = {}
    refused: dict[str, ContractError] = {}
    for one in wanted:
        try:
            estimates[one.id] = _answer(columns, made[one.design][0], one)
        except LonelyUnitError as error:
            error.where = f"estimate {one.id}, {error.where}"
            estimates[one.id], refused[one.id] = {"est": None}, error
    return Answers(estimates, notes, refused)


def _answer(columns: Columns, design: Design, one: _Asked) -> Numbers:
    found = STATISTICS[one.stat](design, columns, **one.args)
    return {key: float(value) if np.isfinite(value) else None for key, value in found.items()}


def _checked(estimates: Any, designs: Mapping[str, Any]) -> list[_Asked]:
    if not isinstance(estimates, list):
        raise SettingsError("a list is wanted", "estimates", type(estimates).__name__, "a list of estimates")
    found = [_one(given, designs) for given in estimates]
    ids = [one.id for one in found]
    if twice := sorted({i for i in ids if ids.count(i) > 1}) if len(set(ids)) < len(ids) else []:
        raise SettingsError("an id stands twice", "estimates", ", ".join(twice), "one estimate an id")
    return found


def _one(given: Any, designs: Mapping[str, Any]) -> _Asked:
    about = asked.keys(given, {"id", "design", "stat", "args"} | _IGNORED, {"id", "design", "stat"}, "an estimate")
    where = f"estimate {asked.word(about['id'], 'an estimate, id')}"
    design = asked.choice(about["design"], designs, "design", where)
    stat = asked.choice(about["stat"], STATISTICS, "statistic", where)
    needed = set(ARGUMENTS[stat])
    args = asked.keys(about.get("args", {}), needed | (set() if stat in _DOMAINLESS else {"domain"}), needed, where)
    return _Asked(str(about["id"]), design, stat, {key: _argument(key, value, where) for key, value in args.items()})


def _argument(key: str, given: Any, where: str) -> Any:
    """An argument of the right kind: a level, a domain (None or column: value), or the name of a column."""
    if key == "level":
        return asked.level(given, f"{where}, level")
    if key != "domain":
        return asked.word(given, f"{where}, {key}")
    if given is None:
        return None
    said = asked.mapping(given, f"{where}, domain")
    return {str(column): asked.level(value, f"{where}, domain {column}") for column, value in said.items()}
