"""Parts of a programme that one part of the scenario makes: taken over from the last programme when what made it is the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rcs_core.workshop.scenario.model import Column, Key, Model


@dataclass(slots=True)
class Part:
    """A stretch of columns and rows, from `first` up to `end` (column, row), and all that its numbers were worked out from."""

    made_from: tuple[object, ...]
    first: tuple[int, int]
    end: tuple[int, int]
    columns: dict[str, dict[Key, Column]] | None = None


def write_part(model: Model, name: tuple[str, ...], made_from: tuple[object, ...], work: Callable[[], None]) -> None:
    """Write one part, or take it over from the model before when it was made from the same.

    made_from: everything of the scenario that the part's rows and columns hang on, but for the years. A part that has
    other columns than before ends taking over: what follows would point at other columns.
    """
    made_from = (model.scenario.horizon, *made_from)
    old, first = model.before.parts.get(name) if model.before else None, model.size
    if old is not None and model.before is not None and old.first == first and old.made_from == made_from:
        _take_over(model, model.before, old)
        model.parts[name] = old
        return
    work()
    made = model.parts[name] = Part(made_from, first, model.size)
    if old is None or model.before is None or not _same_columns(model, made, model.before, old):
        model.before = None


def _same_columns(model: Model, made: Part, before: Model, old: Part) -> bool:
    now, then = model.keys[made.first[0] : made.end[0]], before.keys[old.first[0] : old.end[0]]
    return made.first[0] == old.first[0] and now == then


def _take_over(model: Model, before: Model, part: Part) -> None:
    to, of = model.numbers, before.numbers
    columns, rows = slice(part.first[0], part.end[0]), slice(part.first[1], part.end[1])
    to.low += of.low[columns]
    to.high += of.high[columns]
    to.whole += of.whole[columns]
    model.keys += before.keys[columns]
    for family, found in _columns(before, part).items():
        model.vars[family].update(found)
    start, end = of.starts[rows.start], of.starts[rows.stop]
    moved = len(to.columns) - start
    to.columns += of.columns[start:end]
    to.weights += of.weights[start:end]
    to.starts += [e + moved for e in of.starts[rows.start + 1 : rows.stop + 1]]
    to.row_low += of.row_low[rows]
    to.row_high += of.row_high[rows]
    model.rows += before.rows[rows]


def _columns(before: Model, part: Part) -> dict[str, dict[Key, Column]]:
    if part.columns is None:
        part.columns = {}
        for family, key in before.keys[part.first[0] : part.end[0]]:
            part.columns.setdefault(family, {})[key] = before.vars[family][key]
    return part.columns
