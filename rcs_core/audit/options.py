"""What a reader knows of strange tables: which columns lie inside one another, and which file says what adds up."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from rcs_core.errors import UnreadableError
from rcs_core.release import ALL

STEP = ">"
COLUMNS = ["dimension", "child", "parent", "partition"]


def parse_hier(options: Sequence[str]) -> dict[str, Path]:
    """Options `DIM=FILE` as dimension -> file."""
    found = {}
    for option in options:
        dim, sign, file = option.partition("=")
        if not (dim and sign and file):
            raise UnreadableError("a hierarchy is not given as DIM=FILE", "--hier", option, "for example contact=contact.csv")
        found[dim] = Path(file)
    return found


def named_hierarchy(dim: str, frame: pd.DataFrame, where: str) -> pd.DataFrame:
    """A file of child, parent[, partition] as the hierarchy of one dimension."""
    if missing := [c for c in ("child", "parent") if c not in frame.columns]:
        raise UnreadableError("a column is missing", where, ", ".join(missing), "child, parent[, partition]")
    return frame.assign(dimension=dim, partition=frame.get("partition", ""))[COLUMNS]


def join_nest(nest: str, frames: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Make one column of columns inside one another, and the hierarchy that it follows.

    A row's code is the path down to its last code that is no margin; a file that lacks the inner columns stands above them.
    """
    steps = [part.strip() for part in nest.split(STEP)]
    if len(steps) < 2 or not any(steps[0] in frame.columns for frame in frames.values()):
        wanted, remedy = 'columns, such as "cluster>school"', "name columns as the tables' headers have them"
        raise UnreadableError("a nest names no columns of the tables", "--nest", nest, wanted, remedy)
    joined = {name: _join(steps, name, frame) for name, frame in frames.items()}
    codes = {code for frame in joined.values() if nest_name(steps) in frame for code in frame[nest_name(steps)]} - {ALL}
    lines = {tuple(code.split(STEP)[: k + 1]) for code in codes for k in range(code.count(STEP) + 1)}
    rows = [(nest_name(steps), STEP.join(line), STEP.join(line[:-1]) or ALL, "nest") for line in sorted(lines)]
    return joined, pd.DataFrame(rows, columns=COLUMNS)


def nest_name(steps: Sequence[str]) -> str:
    """The name of the column that a nest becomes."""
    return STEP.join(steps)


def _join(steps: list[str], name: str, frame: pd.DataFrame) -> pd.DataFrame:
    here = [c for c in steps if c in frame.columns]
    if not here:
        return frame
    if here != steps[: len(here)]:
        raise UnreadableError("a nested column stands without those above it", f"{name}.csv", ", ".join(here), STEP.join(steps))
    paths = [_path(line, name) for line in frame[here].itertuples(index=False, name=None)]
    place = list(frame.columns).index(here[0])
    rest = frame.drop(columns=here)
    rest.insert(min(place, len(rest.columns)), nest_name(steps), paths)
    return rest


def _path(line: tuple[str, ...], name: str) -> str:
    depth = max((k + 1 for k, code in enumerate(line) if code != ALL), default=0)
    if ALL in line[:depth]:
        raise UnreadableError(
            "a nested code stands without its parent", f"{name}.csv", STEP.join(line), f"{ALL} only on the right"
        )
    return STEP.join(line[:depth]) or ALL
