"""Answers a request for survey estimates on any csv: designs, calibration and statistics named in one mapping.

The form and the meaning of every key are in docs/methods/estimates.md. Columns are read as text and compared as the
strings in the file; only what is computed is turned into numbers. What cannot be estimated is None.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from rcs_core.errors import SettingsError, UnreadableError
from rcs_core.records.estimate import calibrate as cal
from rcs_core.records.estimate.columns import Columns
from rcs_core.records.estimate.design import Design, Floats, Stage, stage_of
from rcs_core.records.estimate.statistics import ARGUMENTS, STATISTICS, Numbers
from rcs_core.records.estimate.strata import Lonely

_IGNORED = {"case", "csv", "expect"}
_DESIGN: dict[str, Any] = {
    "weights": None, "strata": None, "psu": None, "ssu": None, "fpc_stage1": None, "fpc_stage2": None,
    "nest": False, "lonely_psu": "fail", "adjust_domain_lonely": False, "calibration": None,
}  # fmt: skip
_CALIBRATION = {"method", "bounds", "margins", "totals"}
_INTERCEPT = "(Intercept)"


def run_request(data_csv: Path, request: dict[str, Any]) -> dict[str, Numbers]:
    """Every estimate of the request by its id; each is a mapping of key to number, or None where not estimable.

    Raises SettingsError for a key that is not honoured or a design that cannot be, UnreadableError for a file that
    cannot be read, ContractError where the data do not allow the design (a lonely unit under `fail`, margins that no
    weights meet).
    """
    _refuse(request, {"designs", "estimates"} | _IGNORED, {"designs", "estimates"}, "the request")
    columns = _read(data_csv)
    designs = {str(k): design_of(columns, about, f"design {k}") for k, about in _mapping(request["designs"], "designs").items()}
    return {str(asked["id"]): _answer(columns, designs, asked) for asked in _checked(request["estimates"], designs)}


def _mapping(given: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise SettingsError("a mapping is wanted", where, repr(given), "{key: value}")
    return given


def _number(given: Any, where: str) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise SettingsError("a number is wanted", where, repr(given), "a number")
    return float(given)


def _refuse(given: Any, allowed: set[str], needed: set[str], where: str) -> None:
    _mapping(given, where)
    if unknown := sorted(set(given) - allowed):
        raise SettingsError("unknown key", where, ", ".join(unknown), ", ".join(sorted(allowed)), "remove or rename the key")
    if missing := sorted(needed - set(given)):
        raise SettingsError("a key is missing", where, ", ".join(missing), ", ".join(sorted(needed)), "add the key")


def _read(path: Path) -> Columns:
    try:
        return Columns(pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        first = str(error).splitlines()[0]
        raise UnreadableError("the data cannot be read", str(path), first, "a utf-8 csv with a header row") from error


def _checked(estimates: Any, designs: dict[str, Design]) -> list[dict[str, Any]]:
    if not isinstance(estimates, list):
        raise SettingsError("a list is wanted", "estimates", type(estimates).__name__, "a list of estimates")
    for asked in estimates:
        _refuse(asked, {"id", "design", "stat", "args"} | _IGNORED, {"id", "design", "stat"}, "an estimate")
        where = f"estimate {asked['id']}"
        if asked["design"] not in designs:
            raise SettingsError("unknown design", where, str(asked["design"]), ", ".join(designs))
        if asked["stat"] not in STATISTICS:
            raise SettingsError("unknown statistic", where, str(asked["stat"]), ", ".join(STATISTICS))
        needed = set(ARGUMENTS[asked["stat"]])
        _refuse(asked.get("args", {}), needed | {"domain"} if needed else set(), needed, where)
        _mapping(asked.get("args", {}).get("domain") or {}, f"{where}, domain")
    ids = [str(asked["id"]) for asked in estimates]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise SettingsError("an id stands twice", "estimates", ", ".join(twice), "one estimate an id")
    return estimates


def _answer(columns: Columns, designs: dict[str, Design], asked: dict[str, Any]) -> Numbers:
    found = STATISTICS[asked["stat"]](designs[asked["design"]], columns, **asked.get("args", {}))
    return {key: float(value) if np.isfinite(value) else None for key, value in found.items()}


def design_of(columns: Columns, about: dict[str, Any], where: str) -> Design:
    """A design from its column names; calibrated weights are made here, from the stated margins."""
    _refuse(about, set(_DESIGN), set(), where)
    given = {**_DESIGN, **about}
    if given["lonely_psu"] not in set(Lonely):
        raise SettingsError("unknown lonely_psu", where, str(given["lonely_psu"]), ", ".join(Lonely))
    stages = _stages(columns, given, where)
    weights = _weights(columns, given, stages)
    design = Design(weights, stages, Lonely(given["lonely_psu"]), bool(given["adjust_domain_lonely"]))
    return _calibrated(design, columns, given["calibration"], where) if given["calibration"] else design


def _stages(columns: Columns, given: dict[str, Any], where: str) -> tuple[Stage, ...]:
    if given["ssu"] and not given["psu"]:
        raise SettingsError("a second stage without a first", where, "ssu without psu", "both, or psu alone")
    if given["fpc_stage2"] and not (given["ssu"] and given["fpc_stage1"]):
        raise SettingsError("fpc_stage2 stands alone", where, "no ssu or no fpc_stage1", "ssu and fpc_stage1 with it")
    rows = np.arange(len(columns)).astype(str)
    strata = columns.codes(given["strata"]) if given["strata"] else np.full(len(columns), "")
    psu = columns.codes(given["psu"]) if given["psu"] else rows
    if given["psu"] and given["strata"] and not given["nest"]:
        _nested(psu, strata, where)
    first = stage_of(psu, strata)
    units = [first]
    if given["ssu"] and given["fpc_stage2"]:
        units.append(stage_of(columns.codes(given["ssu"]), first.unit.astype(str)))
    names = [given[key] for key in ("fpc_stage1", "fpc_stage2") if given[key]]
    sizes = _populations(columns, names, units)
    return tuple(_with_population(stage, size, name) for stage, size, name in zip(units, sizes, names or [""], strict=True))


def _nested(psu: Any, strata: Any, where: str) -> None:
    pairs = pd.DataFrame({"psu": psu, "strata": strata}).drop_duplicates()
    if (repeated := pairs["psu"].duplicated()).any():
        label = str(pairs.loc[repeated, "psu"].iloc[0])
        raise SettingsError(
            "a psu lies in two strata", where, label, "one stratum a psu", "set nest to true, or rename the units"
        )


def _populations(columns: Columns, names: list[str], stages: list[Stage]) -> list[Floats]:
    """The population of each row's stratum, stage by stage; columns hold sizes, or sampling fractions throughout."""
    if not names:
        return [np.full(len(columns), np.inf)]
    values = [columns.numbers(name) for name in names]
    together = np.concatenate(values)
    if bool((together > 1).any()) != bool((together >= 1).all()) or bool((together <= 0).any()):
        raise SettingsError(
            "an fpc mixes sizes and fractions", ", ".join(names), "both", "sizes (1 or more) or fractions (up to 1)"
        )
    if (together > 1).any():
        return values
    return [stage.sampled / value for stage, value in zip(stages, values, strict=True)]


def _with_population(stage: Stage, population: Floats, name: str) -> Stage:
    if bool((population < stage.sampled * (1 - 1e-9)).any()):
        raise SettingsError("an fpc is smaller than its sample", name, "more units sampled than there are", "the stratum's size")
    low = pd.Series(population).groupby(stage.stratum).transform("min").to_numpy()
    if bool((population > low * (1 + 1e-9)).any()):
        raise SettingsError("an fpc varies within a stratum", name, "several sizes", "one size a stratum")
    return Stage(stage.unit, stage.stratum, stage.sampled, population, stage.names)


def _weights(columns: Columns, given: dict[str, Any], stages: tuple[Stage, ...]) -> Floats:
    """The stated weights; without any, what the finite populations imply, or 1."""
    if given["weights"]:
        return columns.numbers(given["weights"])
    implied = np.ones(len(columns))
    for stage in stages:
        if np.isfinite(stage.population).all():
            implied = implied * stage.population / stage.sampled
    return implied


def _calibrated(design: Design, columns: Columns, about: dict[str, Any], where: str) -> Design:
    where = f"{where}, calibration"
    _refuse(about, _CALIBRATION, {"method"}, where)
    distance = _distance(about, where)
    margins, totals = (_mapping(about.get(key) or {}, f"{where}, {key}") for key in ("margins", "totals"))
    known = _margins(columns, margins, totals, where)
    found = cal.calibrate(design.weights, known, distance)
    weights = design.weights * found.factor
    return Design(weights, design.stages, design.lonely, design.adjust_domain_lonely, found.projection)


def _distance(about: dict[str, Any], where: str) -> cal.Distance:
    method, bounds = about["method"], about.get("bounds")
    if bounds is not None and not _encloses_one(bounds):
        raise SettingsError("bounds do not enclose 1", where, str(bounds), "[low, high] with 0 <= low < 1 < high")
    if method == "logit" and bounds is not None:
        return cal.logit(float(bounds[0]), float(bounds[1]))
    low, high = bounds or (-np.inf, np.inf)
    if method == "linear":
        return cal.linear(float(low), float(high))
    if method == "raking":
        return cal.raking(max(float(low), 0.0), float(high))
    if method == "poststratify" and bounds is None and len(about.get("margins") or {}) == 1 and not about.get("totals"):
        return cal.linear()
    expected = "raking, linear, logit with bounds, or poststratify on one margin without bounds and totals"
    raise SettingsError("the method cannot be done so", where, f"{method}, bounds {bounds}", expected)


def _encloses_one(bounds: Any) -> bool:
    numbers = isinstance(bounds, list | tuple) and len(bounds) == 2 and all(isinstance(b, int | float) for b in bounds)
    return numbers and 0 <= bounds[0] < 1 < bounds[1]


def _margins(columns: Columns, margins: Mapping[str, Any], totals: Mapping[str, Any], where: str) -> cal.Margins:
    if not margins and _INTERCEPT not in totals:
        raise SettingsError("nothing says how many there are", where, "no margin", f"a margin, or {_INTERCEPT} among the totals")
    known = {
        column: {
            str(level): _number(n, f"{where}, {column} {level}") for level, n in _mapping(levels, f"{where}, {column}").items()
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
        goals.append(_number(total, f"{where}, {column}"))
        names.append(column)
    return cal.Margins(sparse.csr_array(sparse.hstack(blocks, format="csr")), np.array(goals), tuple(names))
