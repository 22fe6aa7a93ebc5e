"""The programme of a scenario in PuLP: readable, with every variable and row by its name."""

from __future__ import annotations

from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING, Literal

import pulp

if TYPE_CHECKING:
    from rcs_core.workshop.scenario.model import Model


def in_pulp(model: Model) -> pulp.LpProblem:
    """Every variable and row of a model, in the same order and by the same names; no objective yet."""
    made = pulp.LpProblem("scenario", pulp.LpMinimize)
    variables = _variables(model, made)
    n = model.numbers
    for about, (start, end), low, high in zip(model.rows, pairwise(n.starts), n.row_low, n.row_high, strict=True):
        terms = zip(n.columns[start:end], n.weights[start:end], strict=True)
        row = pulp.LpAffineExpression.from_list([(variables[c], weight) for c, weight in terms])
        told = row == low if low == high else row <= high if low == -inf else row >= low
        made.addConstraint(told, about.name)
    return made


def _variables(model: Model, made: pulp.LpProblem) -> list[pulp.LpVariable]:
    n, names = model.numbers, [""] * len(model.numbers.low)
    for family, found in model.vars.items():
        for key, v in found.items():
            names[v] = f"{family}[{','.join(map(str, key))}]"
    return [
        made.add_variable(name, None if low == -inf else low, None if high == inf else high, _kind(whole))
        for name, low, high, whole in zip(names, n.low, n.high, n.whole, strict=True)
    ]


def _kind(whole: bool) -> Literal["Binary", "Continuous"]:
    return "Binary" if whole else "Continuous"
