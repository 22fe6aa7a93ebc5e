"""Coarser tables in the place of those that would be mostly hidden, each proposed with what it would hide instead.

In: the true counts of one specification, and the same tables once protected. Out: proposals in words, with numbers where they
cost little to find. Nothing here decides anything: a partnership does, in its list of tables.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from rcs_core.errors import DisclosureError
from rcs_core.records.protect import protect
from rcs_core.release import ALL, Table
from rcs_core.settings import CONTRACTS, Disclosure, read_yaml
from rcs_core.vocab import AreaLevel, CellState, SimdQuintile

_LOWER = {AreaLevel.SCHOOL: "By cluster instead of school", AreaLevel.CLUSTER: "For the council only, instead of clusters"}
_FIFTHS = {"2-5": [q.value for q in SimdQuintile if q not in (SimdQuintile.Q1, SimdQuintile.NOT_KNOWN)]}
_LEAST_STAGES = 4
"""Stages from which pairs of them are still more than one group."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A coarser table: of which (name and title), in words, how to write it, its cells, those under ten, and those hidden.

    hidden is None where it would take too long to find, or where no pattern protects the tables.
    """

    table: str
    title: str
    text: str
    write: str
    cells: int
    small: int
    hidden: int | None


@dataclass(frozen=True, slots=True)
class _Coarser:
    table: Table
    text: str
    write: str
    groups: Mapping[str, list[str]]
    dimension: str = ""


def proposals(true: list[Table], written: list[Table], sums: pd.DataFrame, rule: Disclosure) -> list[Proposal]:
    """Something coarser, and not mostly hidden itself, for every table of which more than half would be hidden.

    Levels of area are read from `sums`. Raises nothing: what cannot be protected is proposed without its hidden cells.
    """
    limits = read_yaml(CONTRACTS / "preview.yaml")
    mostly, cheap = float(limits["mostly_hidden"]["value"]), int(limits["cheap_cells"]["value"])
    found = []
    for table, masked in zip(true, written, strict=True):
        if table.is_count and _hidden(masked) > mostly * len(masked.frame):
            offers = [
                _proposal(table, coarser, true, sums, rule, cheap)
                for coarser in _coarser(table, sums)
                if _says(coarser.table, rule, mostly)
            ]
            found += [offer for offer in offers if (offer.hidden or 0) <= mostly * offer.cells]
    return found


def _says(table: Table, rule: Disclosure, mostly: float) -> bool:
    """Whether a coarser table can say more: one of which most cells are under the threshold is none to propose."""
    return int((table.frame["n"] < rule.min_cell).sum()) <= mostly * len(table.frame)


def _hidden(table: Table) -> int:
    return int((table.frame["state"] == CellState.SUPPRESSED.value).sum())


def _coarser(table: Table, sums: pd.DataFrame) -> Iterator[_Coarser]:
    """A table with its lowest areas left out, and with codes gathered in groups."""
    depth = _depth(table, sums)
    lowest = int(depth.max()) if len(depth) else 0
    if lowest > 0:
        level = list(AreaLevel)[lowest]
        levels = ", ".join(one.value for one in list(AreaLevel)[:lowest])
        yield _Coarser(replace(table, frame=table.frame[depth.to_numpy() < lowest]), _LOWER[level], f"levels: [{levels}]", {})
    if "simd_quintile" in table.dims:
        yield _gathered(table, "simd_quintile", _FIFTHS, "With fifths as the most deprived and the other four")
    stages = sorted(set(table.frame["stage"].astype(str)) - {ALL}) if "stage" in table.dims else []
    if len(stages) >= _LEAST_STAGES:
        pairs = {f"{a}-{b}": [a, b] for a, b in zip(stages[::2], stages[1::2], strict=False)}
        yield _gathered(table, "stage", pairs, "With stages in pairs")


def _depth(table: Table, sums: pd.DataFrame) -> pd.Series:
    """How far below the council each row's area lies."""
    ups = sums[sums["dimension"] == "area"].set_index("child")["parent"].to_dict()
    depth: dict[str, int] = {}
    for area in table.frame["area"].astype(str).unique():
        up, steps = area, 0
        while up in ups:
            up, steps = str(ups[up]), steps + 1
        depth[area] = steps
    return table.frame["area"].astype(str).map(depth)


def _gathered(table: Table, dimension: str, groups: dict[str, list[str]], text: str) -> _Coarser:
    into = {code: group for group, codes in groups.items() for code in codes}
    frame = table.frame.assign(**{dimension: table.frame[dimension].astype(str).replace(into)})
    keys = [*table.labels, *table.dims]
    frame = frame.groupby(keys, sort=False, as_index=False)["n"].sum().assign(state=CellState.SHOWN.value)
    listed = ", ".join(f'"{group}": [{", ".join(f'"{code}"' for code in codes)}]' for group, codes in groups.items())
    write = f"collapse: {{{dimension}: {{{listed}}}}}"
    return _Coarser(replace(table, frame=frame), text, write, groups, dimension)


def _proposal(table: Table, coarser: _Coarser, true: list[Table], sums: pd.DataFrame, rule: Disclosure, cheap: int) -> Proposal:
    frame = coarser.table.frame
    survey = set(table.frame["survey"]) if "survey" in table.labels else set()
    beside = [t for t in true if t.is_count and t.name != table.name and survey & set(t.frame.get("survey", ()))]
    hidden = None
    if sum(len(t.frame) for t in (coarser.table, *beside)) <= cheap:
        hidden = _would_hide(coarser, beside, sums, rule)
    small = int((frame["n"] < rule.min_cell).sum())
    return Proposal(table.name, table.title, coarser.text, coarser.write, len(frame), small, hidden)


def _would_hide(coarser: _Coarser, beside: list[Table], sums: pd.DataFrame, rule: Disclosure) -> int | None:
    """How many cells of the coarser table would be hidden beside the survey's other tables."""
    rows = [(coarser.dimension, code, group, "groups") for group, codes in coarser.groups.items() for code in codes]
    inside = {code for codes in coarser.groups.values() for code in codes}
    loose = set(coarser.table.frame[coarser.dimension]) - {ALL} - inside if coarser.dimension else set()
    rows += [(coarser.dimension, str(code), ALL, "groups") for code in sorted(loose)]
    grouped = pd.concat(
        [sums[sums["dimension"] != coarser.dimension] if rows else sums, pd.DataFrame(rows, columns=sums.columns)]
    )
    try:
        written = protect([coarser.table, *beside], grouped, rule).tables
    except DisclosureError:
        return None
    return int(np.sum([_hidden(t) for t in written if t.name == coarser.table.name]))
