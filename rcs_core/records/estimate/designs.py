"""The designs of a request, from column names to weights, strata and sampling units; calibrated weights are made here."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from rcs_core.errors import ContractError, SettingsError
from rcs_core.records.estimate import asked
from rcs_core.records.estimate import calibrate as cal
from rcs_core.records.estimate.columns import Columns, Words
from rcs_core.records.estimate.design import Design, Floats, Ints, Stage, stage_of
from rcs_core.records.estimate.strata import Lonely

_COLUMNS = ("weights", "strata", "psu", "ssu", "fpc_stage1", "fpc_stage2")
_FLAGS = ("nest", "adjust_domain_lonely")
_CALIBRATION = {"method", "bounds", "margins", "totals"}
_METHODS = ["poststratify", "raking", "linear", "logit"]
_INTERCEPT = "(Intercept)"
_MOST = 0.5
"""A margin that fixes the sums of this share of the units leaves no standard error worth the name."""


def design_of(columns: Columns, about: Any, where: str) -> tuple[Design, list[str]]:
    """A design from its column names, and what a person should know before trusting its standard errors."""
    given = asked.keys(about, {*_COLUMNS, *_FLAGS, "lonely_psu", "calibration"}, set(), where)
    named = {key: asked.column(given.get(key), f"{where}, {key}") for key in _COLUMNS}
    nest, adjust = (asked.flag(given.get(key, False), f"{where}, {key}") for key in _FLAGS)
    lonely = Lonely(asked.choice(given.get("lonely_psu", "fail"), list(Lonely), "lonely_psu", where))
    stages = _stages(columns, named, nest, where)
    design = Design(_weights(columns, named, stages), stages, lonely, adjust)
    if given.get("calibration") is None:
        return design, []
    margins = asked.mapping(asked.mapping(given["calibration"], f"{where}, calibration").get("margins") or {}, where)
    return _calibrated(design, columns, given["calibration"], where), settled(columns, margins, stages[0], named["psu"], where)


def settled(columns: Columns, margins: Mapping[str, Any], first: Stage, psu: str | None, where: str) -> list[str]:
    """A sentence for each margin that lies within the sampling units, so that it takes their spread away."""
    units, said = int(first.unit.max()) + 1, []
    for column in margins:
        levels = pd.factorize(columns.text(column))[0]
        spread = pd.DataFrame({"level": levels, "unit": first.unit}).drop_duplicates().groupby("level")["unit"].size()
        alone = pd.Series(spread.reindex(levels).to_numpy() == 1).groupby(first.unit).all()
        if units > 1 and alone.mean() >= _MOST:
            of = f"sampling unit {psu}" if psu else "rows, each its own sampling unit"
            said.append(
                f"{where}: the margin {column} lies within the {of} and fixes the sums of {int(alone.sum())} of {units} units, "
                "so their spread vanishes and the standard errors are far too small: calibrate on margins that cut across units."
            )
    return said


def _stages(columns: Columns, named: Mapping[str, str | None], nest: bool, where: str) -> tuple[Stage, ...]:
    if named["ssu"] and not named["psu"]:
        raise SettingsError("a second stage without a first", where, "ssu without psu", "both, or psu alone")
    if named["fpc_stage2"] and not (named["ssu"] and named["fpc_stage1"]):
        raise SettingsError("fpc_stage2 stands alone", where, "no ssu or no fpc_stage1", "ssu and fpc_stage1 with it")
    strata = columns.codes(named["strata"]) if named["strata"] else np.full(len(columns), "(all)")
    psu = columns.codes(named["psu"]) if named["psu"] else np.arange(len(columns)).astype(str)
    if named["psu"] and named["strata"] and not nest:
        _nested(psu, strata, where)
    units = [stage_of(psu, strata)]
    if named["ssu"]:
        ssu = columns.codes(named["ssu"])
        units += [_within(ssu, units[0].unit, psu)] if named["fpc_stage2"] else []
    names = [name for key in ("fpc_stage1", "fpc_stage2") if (name := named[key])]
    sizes = _populations(columns, names, units)
    return tuple(_with_population(stage, size, name) for stage, size, name in zip(units, sizes, names or [""], strict=True))


def _within(ssu: Words, unit: Ints, psu: Words) -> Stage:
    """The second stage: each first-stage unit is a stratum, named by its label."""
    first_row = np.unique(unit.astype(str), return_index=True)[1]
    return replace(stage_of(ssu, unit.astype(str)), names=tuple(f"of psu {psu[row]}" for row in first_row))


def _nested(psu: Words, strata: Words, where: str) -> None:
    pairs = pd.DataFrame({"psu": psu, "strata": strata}).drop_duplicates()
    if (repeated := pairs["psu"].duplicated()).any():
        label = str(pairs.loc[repeated, "psu"].iloc[0])
        remedy = "set nest to true, or rename the units"
        raise SettingsError("a psu lies in two strata", where, label, "one stratum a psu", remedy)


def _populations(columns: Columns, names: list[str], stages: list[Stage]) -> list[Floats]:
    """The population of each row's stratum, stage by stage; columns hold sizes, or sampling fractions throughout."""
    if not names:
        return [np.full(len(columns), np.inf)]
    values = [columns.numbers(name) for name in names]
    together = np.concatenate(values)
    if bool((together > 1).any()) != bool((together >= 1).all()) or bool((together <= 0).any()):
        expected = "sizes (1 or more) or fractions (up to 1)"
        raise SettingsError("an fpc mixes sizes and fractions", ", ".join(names), "both", expected)
    if (together > 1).any():
        return values
    return [stage.sampled / value for stage, value in zip(stages, values, strict=True)]


def _with_population(stage: Stage, population: Floats, name: str) -> Stage:
    if bool((population < stage.sampled * (1 - 1e-9)).any()):
        raise SettingsError("an fpc is smaller than its sample", name, "more units sampled than there are", "the stratum's size")
    low = pd.Series(population).groupby(stage.stratum).transform("min").to_numpy()
    if bool((population > low * (1 + 1e-9)).any()):
        raise SettingsError("an fpc varies within a stratum", name, "several sizes", "one size a stratum")
    return replace(stage, population=population)


def _weights(columns: Columns, named: Mapping[str, str | None], stages: tuple[Stage, ...]) -> Floats:
    """The stated weights; without any, what the finite populations imply, or 1."""
    if named["weights"]:
        stated = columns.numbers(named["weights"])
        if (stated < 0).any():
            row = int(np.flatnonzero(stated < 0)[0])
            where = f"row {row + 2}, column {named['weights']}"
            raise ContractError("a weight is negative", where, f"{stated[row]:g}", "0 or more", "correct the weight")
        if not stated.any():
            raise ContractError("no row carries a weight", f"column {named['weights']}", "0 throughout", "weights over 0")
        return stated
    implied = np.ones(len(columns))
    for stage in stages:
        if np.isfinite(stage.population).all():
            implied = implied * stage.population / stage.sampled
    return implied


def _calibrated(design: Design, columns: Columns, given: Any, where: str) -> Design:
    where = f"{where}, calibration"
    about = asked.keys(given, _CALIBRATION, {"method"}, where)
    margins, totals = (asked.mapping(about.get(key) or {}, f"{where}, {key}") for key in ("margins", "totals"))
    distance = _distance(about, len(margins), bool(totals), where)
    found = cal.calibrate(design.weights, _margins(columns, margins, totals, where), distance)
    return replace(design, weights=design.weights * found.factor, projection=found.projection)


def _distance(about: Mapping[str, Any], margins: int, totals: bool, where: str) -> cal.Distance:
    method = asked.choice(about["method"], _METHODS, "method", where)
    low, high = _bounds(about.get("bounds"), where)
    bounded = np.isfinite(low) and np.isfinite(high)
    if method == "logit" and bounded:
        return cal.logit(low, high)
    if method == "linear":
        return cal.linear(low, high)
    if method == "raking":
        return cal.raking(max(low, 0.0), high)
    if method == "poststratify" and about.get("bounds") is None and margins == 1 and not totals:
        return cal.linear()
    expected = "logit with bounds, or poststratify on one margin without bounds and totals"
    raise SettingsError("the method cannot be done so", where, f"{method}, bounds {about.get('bounds')}", expected)


def _bounds(given: Any, where: str) -> tuple[float, float]:
    """The smallest and largest factor by which a weight may move."""
    if given is None:
        return -np.inf, np.inf
    right = isinstance(given, list | tuple) and len(given) == 2
    right = right and all(isinstance(b, int | float) and not isinstance(b, bool) for b in given)
    if not right or not given[0] < 1 < given[1]:
        raise SettingsError("bounds do not enclose 1", where, str(given), "[low, high] with low < 1 < high")
    return float(given[0]), float(given[1])


def _margins(columns: Columns, margins: Mapping[str, Any], totals: Mapping[str, Any], where: str) -> cal.Margins:
    if not margins and _INTERCEPT not in totals:
        raise SettingsError("nothing says how many there are", where, "no margin", f"a margin, or {_INTERCEPT} among the totals")
    known = {
        column: {
            str(level): asked.number(n, f"{where}, {column} {level}")
            for level, n in asked.mapping(levels, f"{where}, {column}").items()
        }
        for column, levels in margins.items()
    }
    blocks, goals, names = [], [], []
    if known:
        found = cal.indicators({column: columns.codes(column) for column in known}, known)
        blocks, goals, names = [found.x], list(found.totals), list(found.names)
    for column, total in totals.items():
        values = np.ones(len(columns)) if column == _INTERCEPT else columns.numbers(column)
        blocks.append(sparse.csr_array(values[:, None]))
        goals.append(asked.number(total, f"{where}, {column}"))
        names.append(column)
    return cal.Margins(sparse.csr_array(sparse.hstack(blocks, format="csr")), np.array(goals), tuple(names))
