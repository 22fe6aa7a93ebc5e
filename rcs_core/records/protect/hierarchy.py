"""The sums of one dimension: which codes add up to which, in one or several ways.

A dimension without a hierarchy has one sum, `ALL` = all other codes. A hierarchy names parents and children; one
parent may be split in several ways (partitions), each a sum of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from rcs_core.errors import ContractError
from rcs_core.release import ALL, Table

COLUMNS = ("dimension", "child", "parent")
REST = "(not listed)"
"""The code of what is left of a parent when its listed children do not make it up."""


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """One dimension's parents: (partition, parent) -> children; `top` is the code that means the same as ALL."""

    dim: str
    partitions: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    top: str = ALL

    def families(self, present: set[str]) -> Iterable[tuple[str, list[str], bool, str]]:
        """Each sum among the codes present: parent, children present, whether those are all, the code of the rest.

        A dimension without parents, and codes that the hierarchy does not know, are parts of ALL.
        """
        codes = {c for c in present - {ALL} if not c.startswith(REST)}
        if not codes & self._known():
            if ALL in present and codes:
                yield ALL, sorted(codes | ({REST} & present)), True, REST
            return
        for (partition, parent), children in sorted(self.partitions.items()):
            code = ALL if parent == self.top else parent
            rest = f"{REST} {partition} {code}"
            if code in present and (here := sorted({*children, rest} & present)):
                yield code, here, codes.issuperset(children), rest
        if ALL in present and self.top == ALL and not any(parent == ALL for _, parent in self.partitions):
            rest = f"{REST} {ALL}"
            if here := sorted((codes - self._children()) | ({rest} & present)):
                yield ALL, here, False, rest

    def _children(self) -> set[str]:
        return {c for children in self.partitions.values() for c in children}

    def _known(self) -> set[str]:
        return self._children() | {parent for _, parent in self.partitions}


def read_hierarchies(frame: pd.DataFrame, tables: Sequence[Table]) -> dict[str, Hierarchy]:
    """The hierarchies of a frame `dimension, child, parent[, partition]`; a sole top code is read as ALL."""
    if frame.empty:
        return {}
    if missing := [c for c in COLUMNS if c not in frame.columns]:
        raise ContractError("a column is missing", "hierarchies", ", ".join(missing), "dimension, child, parent, partition")
    text = frame.astype(str)
    partition = text["partition"] if "partition" in frame.columns else pd.Series("", index=frame.index)
    found: dict[str, dict[tuple[str, str], set[str]]] = defaultdict(lambda: defaultdict(set))
    for dim, child, parent, part in zip(text["dimension"], text["child"], text["parent"], partition, strict=True):
        found[dim][part, parent].add(child)
    return {dim: _hierarchy(dim, parts, _codes_of(dim, tables)) for dim, parts in sorted(found.items())}


def _hierarchy(dim: str, parts: dict[tuple[str, str], set[str]], used: set[str]) -> Hierarchy:
    children = {c for group in parts.values() for c in group}
    roots = ({parent for _, parent in parts} | used) - children - {ALL}
    has_all = any(parent == ALL for _, parent in parts)
    top = next(iter(roots)) if len(roots) == 1 and not has_all else ALL
    return Hierarchy(dim, {key: tuple(sorted(group)) for key, group in parts.items()}, top)


def _codes_of(dim: str, tables: Sequence[Table]) -> set[str]:
    return {str(c) for t in tables if dim in t.dims for c in t.frame[dim].unique()}
