"""The statistics of a request: means, shares, ratios, differences, and what the weights look like.

Each takes a design, the columns and its own arguments, and gives a mapping of key to number (NaN where not estimable).
"""

from collections.abc import Callable

import numpy as np

from rcs_core.errors import ContractError, SettingsError
from rcs_core.records.estimate import intervals
from rcs_core.records.estimate.columns import Columns
from rcs_core.records.estimate.design import Design, Flags, Floats, Ratio, ratio
from rcs_core.records.estimate.rules import rules

Numbers = dict[str, float | None]
Found = dict[str, float]
Domain = dict[str, str] | None


def mean(design: Design, columns: Columns, var: str, domain: Domain = None) -> Found:
    """The weighted mean of a number with its t interval, total, population variance and design effect."""
    values, inside = columns.values(var), columns.inside(domain) & columns.present(var)
    found = _ratio_of(design, values, np.ones(len(columns)), inside)
    about = {"n": float(inside.sum()), "est": found.estimate, "se": _root(found.variance), "df": float(found.df)}
    spread = _variance(design, values, inside, found.estimate)
    ends = _t_interval(found.estimate, about["se"], found.df)
    about |= _total(design, values, inside) | {"variance": spread, "deff": _deff(design, inside, found.variance, spread)}
    return about | {"ci_lo": float(ends.low[0]), "ci_hi": float(ends.high[0])}


def proportion(design: Design, columns: Columns, var: str, level: str, domain: Domain = None) -> Found:
    """The weighted share of one level with all its intervals and the NCHS rules."""
    inside = columns.inside(domain) & columns.present(var)
    events = (columns.text(var) == level).astype(float)
    found = _ratio_of(design, events, np.ones(len(columns)), inside, clamped=True)
    about = {"n": float(inside.sum()), "n_events": float(events[inside].sum())}
    about |= {"est": found.estimate, "se": _root(found.variance), "df": float(found.df)}
    return about | _total(design, events, inside) | _share_keys(found, float(inside.sum()))


def ratio_of_totals(design: Design, columns: Columns, num: str, den: str, domain: Domain = None) -> Found:
    """The ratio of two weighted totals."""
    inside = columns.inside(domain) & columns.present(num) & columns.present(den)
    found = _ratio_of(design, columns.values(num), columns.values(den), inside)
    return {"n": float(inside.sum()), "est": found.estimate, "se": _root(found.variance), "df": float(found.df)}


def domain_minus_rest(design: Design, columns: Columns, var: str, level: str, domain: Domain) -> Found:
    """The share in a domain less the share in the rest, with their covariance."""
    if not domain:
        raise SettingsError("a domain is wanted", "domain_minus_rest", "none", "{column: value}", "name the domain")
    events, present = (columns.text(var) == level).astype(float), columns.present(var)
    first, second = columns.inside(domain) & present, columns.outside(domain) & present
    difference, se, df = _difference(design, events, first, second)
    return {"diff_rest": difference, "diff_rest_se": se, "df": df}


def wave2_minus_wave1(design: Design, columns: Columns, var: str, wave: str, domain: Domain = None) -> Found:
    """The mean of the second wave less that of the first; shared units keep their covariance."""
    waves = _in_order(set(columns.text(wave)) - {""})
    if len(waves) != 2:
        raise ContractError("two waves are wanted", f"column {wave}", ", ".join(waves), "two values")
    inside = columns.inside(domain) & columns.present(var)
    first, second = (inside & (columns.text(wave) == w) for w in waves)
    difference, se, df = _difference(design, columns.values(var), second, first)
    ends = _t_interval(difference, se, df)
    return {"diff": difference, "se": se, "df": df, "ci_lo": float(ends.low[0]), "ci_hi": float(ends.high[0])}


def weights_summary(design: Design, columns: Columns) -> Found:
    """What the (calibrated) weights look like, with Kish's design effect of unequal weights."""
    w = design.weights
    kish = len(columns) * float(w @ w) / float(w.sum()) ** 2
    return {"sum": w.sum(), "min": w.min(), "max": w.max(), "sumsq": float(w @ w), "kish_deff": kish}


def _ratio_of(design: Design, top: Floats, bottom: Floats, inside: Flags, clamped: bool = False) -> Ratio:
    return ratio(design, np.nan_to_num(top), np.nan_to_num(bottom), inside, clamped)


def _root(variance: float) -> float:
    return float(np.sqrt(max(variance, 0.0))) if np.isfinite(variance) else np.nan


def _arrays(*numbers: float) -> tuple[Floats, ...]:
    return tuple(np.array([number], dtype=float) for number in numbers)


def _t_interval(estimate: float, se: float, df: float) -> intervals.Interval:
    centre, error, degrees = _arrays(estimate, se, df)
    return intervals.wald(centre, error, degrees, rules().confidence)


def _total(design: Design, values: Floats, inside: Flags) -> Found:
    scores = np.where(inside, np.nan_to_num(values), 0.0)
    if not design.active(inside).any():
        return {"total": np.nan, "total_se": np.nan}
    return {"total": float(design.weights @ scores), "total_se": _root(design.variance(scores, inside))}


def _variance(design: Design, values: Floats, inside: Flags, centre: float) -> float:
    """The variance of the variable in the population, estimated with weights and n/(n-1)."""
    rows = design.active(inside)
    n, w = int(rows.sum()), design.weights[rows]
    return float(w @ (values[rows] - centre) ** 2 / w.sum() * n / (n - 1)) if n > 1 else np.nan


def _deff(design: Design, inside: Flags, variance: float, spread: float) -> float:
    """The variance over that of as many simple random rows drawn without replacement."""
    rows = design.active(inside)
    n, whole = float(rows.sum()), float(design.weights[rows].sum())
    simple = spread * (whole - n) / (whole * n) if n else np.nan
    return variance / simple if simple > 0 else np.nan


def _share_keys(found: Ratio, n: float) -> Found:
    """Every interval of a share and what the NCHS rules say of it."""
    p, v, df, rows = _arrays(found.estimate, found.variance, found.df, n)
    level, edge = rules().confidence, bool(intervals.is_edge(p)[0])
    n_eff = rows if edge else intervals.effective_n(p, v)
    adjusted = intervals.t_adjusted(n_eff, rows, df, level)
    # NCHS: without an event, or with nothing else, n itself is the effective n (no allowance for the degrees of freedom).
    whole = np.where(df > 0, rows, np.nan) if edge else np.minimum(adjusted, rows)
    nchs = intervals.korn_graubard(p, whole, level)
    ends = {
        "xlogit": intervals.logit(p, v, df, level),
        "beta": intervals.korn_graubard(np.where(edge, np.nan, p), adjusted, level),
        "kg_nchs": nchs,
        "wilson": intervals.wilson(np.where(edge, np.nan, p), n_eff, df, level),
        "mean": intervals.wald(p, np.sqrt(v), df, level),
    }
    keys = {
        f"ci_{name}_{side}": float(end[0]) for name, pair in ends.items() for side, end in zip(("lo", "hi"), pair, strict=True)
    }
    trunc = np.minimum(n_eff, rows)
    return keys | {"neff": float(n_eff[0]), "neff_trunc": float(trunc[0])} | _flags(p, trunc, nchs.high - nchs.low, df)


def _flags(p: Floats, n_eff: Floats, width: Floats, df: Floats) -> Found:
    flags = intervals.flag(p, n_eff, width, df, rules())
    known = {"nchs_suppress": flags.suppress, "nchs_complement": flags.complement, "nchs_review": flags.review}
    unsure = not np.isfinite(p[0]) or (df[0] <= 0 and not flags.suppress[0])
    return {key: np.nan if unsure else float(value[0]) for key, value in known.items()}


def _difference(design: Design, values: Floats, first: Flags, second: Flags) -> tuple[float, float, float]:
    one = np.ones(len(values))
    both = first | second
    here, there = _ratio_of(design, values, one, first), _ratio_of(design, values, one, second)
    difference = here.estimate - there.estimate
    if not np.isfinite(difference):
        return np.nan, np.nan, float(design.df(both))
    return difference, _root(design.variance(here.scores - there.scores, both)), float(design.df(both))


def _in_order(values: set[str]) -> list[str]:
    try:
        return sorted(values, key=float)
    except ValueError:
        return sorted(values)


STATISTICS: dict[str, Callable[..., Found]] = {
    "mean": mean,
    "proportion": proportion,
    "ratio": ratio_of_totals,
    "domain_minus_rest": domain_minus_rest,
    "wave2_minus_wave1": wave2_minus_wave1,
    "weights_summary": weights_summary,
}
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "mean": ("var",),
    "proportion": ("var", "level"),
    "ratio": ("num", "den"),
    "domain_minus_rest": ("var", "level", "domain"),
    "wave2_minus_wave1": ("var", "wave"),
    "weights_summary": (),
}
