"""Reads a table under its aliases: headers first, then answers, then who was not asked; every alias used is told.

In: a contract, what holds for its table, and the table as mended. Out: the table under the contract's own names and codes,
with a line for each alias that was used. A blank of somebody who was not asked becomes `not_asked_of_stage`.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from rcs_core.contracts.aliases import Labels, Skip, TableAliases, word
from rcs_core.contracts.cells import distinct
from rcs_core.contracts.clean import Mended, Told
from rcs_core.contracts.files import RawTable, error, note
from rcs_core.contracts.findings import Breaches
from rcs_core.contracts.model import Contract, fold
from rcs_core.vocab import AnswerState

Mask = npt.NDArray[np.bool_]
NOT_ASKED = AnswerState.NOT_ASKED_OF_STAGE.value


def under(contract: Contract, aliases: TableAliases) -> Contract:
    """The contract with the aliases' headers among the other headers of its columns."""
    more: dict[str, tuple[str, ...]] = {}
    for name, header, _ in aliases.headers.values():
        more[name] = (*more.get(name, ()), header)
    columns = tuple(replace(c, aliases=(*c.aliases, *more[c.name])) if c.name in more else c for c in contract.columns)
    return replace(contract, columns=columns)


def aliased(table: Mended, raw: RawTable, aliases: TableAliases) -> Mended:
    """The table with its answers under the contract's codes, and what was done told in receipts and remarks."""
    told, idle = _headers(table, raw, aliases)
    breaches = [b for b in table.breaches if not (b.code == "header" and fold("".join(b.values)) in aliases.headers)]
    frame = table.frame
    for labels in sorted(aliases.labels, key=lambda found: (found.column != "stage", not found.stages)):
        frame, more, unused = _labelled(frame, labels)
        told, idle = told + more, idle + unused
    for skip in aliases.skips:
        if skip.column in frame.columns:
            frame, more, wrong = _skipped(replace(table, frame=frame), skip)
            told, breaches = told + more, breaches + wrong
    if idle:
        said = f"aliases that this file needs; it does not hold these: {', '.join(dict.fromkeys(idle))}"
        breaches.append(note(table.file, "idle_alias", said))
    return replace(table, frame=frame, breaches=breaches, told=[*table.told, *told])


def _headers(table: Mended, raw: RawTable, aliases: TableAliases) -> tuple[list[Told], list[str]]:
    """A line for each header that an alias read, and the headers that are not in the file."""
    there = {fold(header): header.strip() for header in raw.header}
    told = [
        Told(f"alias:{name}", len(table.frame), f"{there[key]} read as {name} ({source})")
        for key, (name, _, source) in aliases.headers.items()
        if key in there and name in table.frame.columns
    ]
    return told, [header for key, (_, header, _) in aliases.headers.items() if key not in there]


def _labelled(frame: pd.DataFrame, labels: Labels) -> tuple[pd.DataFrame, list[Told], list[str]]:
    """The frame with one column's labels as codes, a line for each label read, and the labels that nobody gave."""
    if labels.column not in frame.columns:
        return frame, [], []
    codes, values = distinct(frame[labels.column])
    words = [word(value) for value in values]
    keys = [w if w in labels.codes else w.removesuffix(".0") for w in words]
    mine = _of_stages(frame, labels.stages)
    counts = np.bincount(codes[mine], minlength=len(values))
    hit = [n for n, key in enumerate(keys) if key in labels.codes and counts[n]]
    meant = np.array([labels.codes[key] if n in hit else values[n] for n, key in enumerate(keys)], dtype=object)
    cells = np.where(mine, meant[codes], frame[labels.column].to_numpy(dtype=object))
    of = f", {' '.join(sorted(labels.stages))}" if labels.stages else ""
    told = [
        Told(
            f"alias:{labels.column}",
            int(counts[n]),
            f"{counts[n]:,} cells of `{labels.column}`{of}: {values[n]!r} read as {meant[n] or 'missing'} ({labels.source})",
        )
        for n in hit
    ]
    given = {keys[n] for n in hit}
    unused = [f"{labels.column}: {label}" for label in labels.codes if label not in given]
    return frame.assign(**{labels.column: pd.Series(cells, index=frame.index, dtype="str")}), told, unused


def _of_stages(frame: pd.DataFrame, stages: frozenset[str]) -> Mask:
    if not stages:
        return np.ones(len(frame), dtype=bool)
    return frame["stage"].isin(list(stages)).to_numpy() if "stage" in frame.columns else np.zeros(len(frame), dtype=bool)


def _skipped(table: Mended, skip: Skip) -> tuple[pd.DataFrame, list[Told], list[Breaches]]:
    """Blanks of those who were not asked; an answer that is there all the same stays, with a remark."""
    frame, where = table.frame, _of_stages(table.frame, skip.stages)
    if skip.header:
        answers = _answers(table, skip.header)
        if answers is None:
            rule, remedy = f"the question `{skip.header}` that the rule of not_asked_of looks at", "send the column too"
            return frame, [], [error(table.file, "alias", rule, remedy, "no such column", skip.column)]
        where &= _standing(answers, skip.answers.__contains__)
    blank = (frame[skip.column] == "").to_numpy()
    said: list[Breaches] = []
    if odd := int((where & ~blank & (frame[skip.column] != NOT_ASKED).to_numpy()).sum()):
        rule = f"no answer of those who were not asked ({skip.source}); {odd:,} have one, and it was kept"
        said.append(note(table.file, "asked_after_all", rule, column=skip.column))
    cells = frame[skip.column].mask(pd.Series(where & blank, index=frame.index), NOT_ASKED)
    done = int((where & blank).sum())
    line = f"{done:,} blanks of `{skip.column}` were not asked ({skip.source})"
    return frame.assign(**{skip.column: cells}), [Told(f"not_asked:{skip.column}", done, line)], said


def _answers(table: Mended, header: str) -> pd.Series | None:
    """The cells of a question that a rule looks at: a column of the contract, or one that is read for this alone."""
    name = next((c for c in table.frame.columns if fold(str(c)) == fold(header)), None)
    if name is not None:
        return table.frame[name]
    return next((cells.reset_index(drop=True) for other, cells in table.extras if fold(other) == fold(header)), None)


def _standing(cells: pd.Series, known: Callable[[str], bool]) -> Mask:
    codes, values = distinct(cells)
    return np.fromiter((known(word(v)) for v in values), dtype=bool, count=len(values))[codes]
