"""What may be said of the comparisons once cells are hidden: a row speaks only of cells that are shown.

In: exact comparisons and the protected count tables. Out: the plain tables `comparisons`, `changes`,
`comparison_pages`, `inequality` and `funnel`, in whole points of the share with need (positive: more need).
A difference or a change is a number only where every area of its level is shown for that indicator: else what is
hidden could be narrowed by subtraction. Flags are decided among what is said, so that hidden cells decide nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rcs_core.records.estimate.by_school import FIFTHS
from rcs_core.records.estimate.compare import benjamini_hochberg
from rcs_core.records.estimate.compared import Compared
from rcs_core.records.estimate.funnel import limits, overdispersion
from rcs_core.records.estimate.shares import Floats
from rcs_core.release import Table
from rcs_core.vocab import CellState

HIDDEN = "Not shown in this area"
HIDDEN_ONCE = "Not shown in both waves"
TOO_FEW = "Too few schools to tell it from chance"
ALONE = "No other cluster to compare it with"
_SHOWN = CellState.SHOWN.value
_KEYS = ["survey", "wave", "indicator"]


@dataclass(frozen=True, slots=True)
class Shown:
    """What protected tables show: one row a group of bands, indexed by survey, wave, indicator and group.

    counts: whether all its counts are shown; share: whether its share is too; pct: per cent of yes; answers: valid ones.
    """

    frame: pd.DataFrame

    @classmethod
    def of(cls, tables: Iterable[Table], group: str) -> "Shown":
        """Read the tables whose dimensions are the area and `group` (or the area alone); fifths of the council only."""
        wanted = {"area", "band", group}
        parts = [_groups(table.frame, group) for table in tables if table.is_count and set(table.dims) == wanted]
        parts = [part for part in parts if len(part)]
        return cls(pd.concat(parts) if parts else _groups(pd.DataFrame(columns=_COLUMNS), "area"))

    def at(self, rows: pd.DataFrame, column: str, *, wave: str = "wave", group: str = "area") -> pd.Series:
        """The column for each of the rows, by their survey, wave, indicator and group; blank where there is no such cell."""
        places = pd.MultiIndex.from_frame(rows[["survey", wave, "indicator", group]].astype(str))
        return pd.Series(self.frame[column].reindex(places).to_numpy(), index=rows.index)

    def flag(self, rows: pd.DataFrame, column: str, *, wave: str = "wave", group: str = "area") -> pd.Series:
        """The same as yes or no; what has no cell is not shown."""
        return self.at(rows, column, wave=wave, group=group).eq(True)

    def every(self, rows: pd.DataFrame, column: str, codes: Iterable[str], *, wave: str = "wave") -> pd.Series:
        """Whether each listed group of these codes is shown, for the indicator of each of the rows."""
        listed = self.frame[self.frame.index.get_level_values("group").isin(list(codes))]
        found = listed.groupby(level=_KEYS)[column].all()
        places = pd.MultiIndex.from_frame(rows[["survey", wave, "indicator"]].astype(str))
        return pd.Series(found.reindex(places).to_numpy(), index=rows.index).eq(True)


_COLUMNS = [*_KEYS, "area", "band", "n", "state", "pct", "pct_state"]


def _groups(frame: pd.DataFrame, group: str) -> pd.DataFrame:
    keys = [frame[column].astype(str) for column in (*_KEYS, group)]
    shown = (frame["state"].eq(_SHOWN) & frame["n"].notna()).astype(bool)
    bands = frame.assign(
        counts=shown,
        share=frame["band"].ne("yes") | frame["pct_state"].eq(_SHOWN),
        pct=frame["pct"].where(frame["band"].eq("yes")).astype(float),
        answers=frame["n"].where(frame["band"].eq("ALL")).astype(float),
    )
    found = bands.groupby(keys).agg(
        counts=("counts", "all"), share=("share", "all"), pct=("pct", "max"), answers=("answers", "max")
    )
    return found.assign(share=found["share"] & found["counts"]).rename_axis([*_KEYS, "group"])


def tell(compared: Compared, tables: Sequence[Table]) -> list[Table]:
    """Make the tables of comparisons from exact ones and from what protected tables show; none where there is nothing to say."""
    areas = Shown.of((t for t in tables if t.name.endswith("_area")), "area")
    fifths = Shown.of((t for t in tables if t.name.endswith("_simd")), "simd_quintile")
    comparisons, first = _comparisons(compared, areas)
    changes, second = _changes(compared, areas)
    pages = pd.concat([first, second], ignore_index=True)
    made = {
        "comparisons": ("How each cluster differs from the rest of the area", comparisons),
        "changes": ("What has risen or fallen since the wave before", changes),
        "comparison_pages": ("How many tests were made, and how many chance alone would flag", pages),
        "inequality": ("How unequal need is between deprivation fifths", _inequality(compared, fifths)),
        "funnel": ("How far areas of their size lie from the council", _funnel(compared, areas)),
    }
    return [Table(name, title, frame.reset_index(drop=True)) for name, (title, frame) in made.items() if len(frame)]


def _comparisons(compared: Compared, areas: Shown) -> tuple[pd.DataFrame, pd.DataFrame]:
    exact = compared.comparisons.reset_index(drop=True)
    own, whole = areas.flag(exact, "share"), areas.every(exact, "counts", compared.clusters)
    flagged, pages = _flagged(exact, own, ["survey", "wave"], "clusters", compared)
    verdict = np.select([flagged & (exact["value"] > 0), flagged], ["higher", "lower"], "no_clear_difference")
    silent = ~own | exact["p"].isna()
    said = exact[[*_KEYS, "area"]].assign(**_points(exact, own & whole & ~silent, "difference"))
    reason = np.select([~own, exact["value"].isna(), silent], [HIDDEN, ALONE, TOO_FEW], "")
    return said.assign(verdict=np.where(silent, "not_shown", verdict), reason=reason), pages


def _changes(compared: Compared, areas: Shown) -> tuple[pd.DataFrame, pd.DataFrame]:
    exact = compared.changes.reset_index(drop=True)
    own = areas.flag(exact, "share", wave="wave_to") & areas.flag(exact, "share", wave="wave_from")
    waves = [areas.every(exact, "counts", compared.clusters, wave=wave) for wave in ("wave_to", "wave_from")]
    whole = ~exact["area"].isin(compared.clusters) | (waves[0] & waves[1])
    comparable = exact["reason"].astype(str).eq("")
    flagged, pages = _flagged(exact, own & comparable, ["survey", "wave_to"], "changes", compared)
    silent = ~own | exact["p"].isna()
    verdict = np.select(
        [~comparable, silent, flagged & (exact["value"] > 0), flagged],
        ["not_comparable", "not_shown", "rise", "fall"],
        "no_clear_change",
    )
    reason = np.select([~comparable, ~own, silent], [exact["reason"], HIDDEN_ONCE, TOO_FEW], "")
    points = _points(exact, own & whole & comparable & ~silent, "change")
    said = exact[["survey", "indicator", "area", "wave_from", "wave_to"]].assign(**points, verdict=verdict, reason=reason)
    return said, pages


def _flagged(
    exact: pd.DataFrame, said: pd.Series, page: list[str], about: str, compared: Compared
) -> tuple[pd.Series, pd.DataFrame]:
    """What Benjamini-Hochberg flags among the rows that are said, page by page, and a row a page."""
    flags, rows, rules = pd.Series(False, index=exact.index), [], compared.rules
    p = exact["p"].astype(float).where(said)
    for (survey, wave), part in p.groupby([exact[column] for column in page], sort=False):
        here = benjamini_hochberg(np.asarray(part, dtype=np.float64), rules.false_discovery)
        flags[part.index] = here
        tests = int(part.notna().sum())
        rows.append(
            (survey, wave, about, tests, int(here.sum()), round(tests * (1 - rules.confidence), 1), rules.false_discovery)
        )
    return flags, pd.DataFrame(rows, columns=["survey", "wave", "about", "tests", "flagged", "unadjusted_by_chance", "q"])


def _points(exact: pd.DataFrame, numbers: pd.Series, name: str) -> dict[str, pd.Series]:
    """The value in whole points and its interval rounded outwards, blank unless `numbers`."""
    value, low, high = (exact[column].astype(float).where(numbers) * 100 for column in ("value", "low", "high"))
    return _rounded(name, value, low, high, 1.0)


def _inequality(compared: Compared, fifths: Shown) -> pd.DataFrame:
    exact = compared.inequality.reset_index(drop=True)
    counts, share = (fifths.every(exact, column, FIFTHS) for column in ("counts", "share"))
    state = np.select(
        [~counts, ~share | exact["value"].isna()],
        [CellState.SUPPRESSED.value, CellState.UNRELIABLE.value],
        _SHOWN,
    )
    numbers = pd.Series(state == _SHOWN, index=exact.index)
    in_points = exact["measure"].isin(["gap", "slope_index"])
    points, plain = _points(exact, numbers & in_points, "value"), _plain(exact, numbers & ~in_points)
    said = {column: points[column].where(in_points, plain[column]) for column in ("value", "low", "high")}
    return exact[[*_KEYS, "measure"]].assign(**said, state=state)


def _plain(exact: pd.DataFrame, numbers: pd.Series) -> dict[str, pd.Series]:
    """Ratios and relative indices to two decimals, their intervals rounded outwards."""
    value, low, high = (exact[column].astype(float).where(numbers) * 100 for column in ("value", "low", "high"))
    return _rounded("value", value, low, high, 100.0)


def _rounded(name: str, value: pd.Series, low: pd.Series, high: pd.Series, over: float) -> dict[str, pd.Series]:
    """Whole numbers divided by `over`, the interval outwards; no minus zero."""
    ends = pd.Series(np.floor(low + 1e-9), index=low.index), pd.Series(np.ceil(high - 1e-9), index=high.index)
    return {key: part / over + 0.0 for key, part in ((name, value.round()), ("low", ends[0]), ("high", ends[1]))}


def _funnel(compared: Compared, areas: Shown) -> pd.DataFrame:
    """Areas whose share is shown, where the council's is: published share and answers, limits, and which side it is on."""
    exact = compared.funnel.reset_index(drop=True)
    top = exact.drop(columns="area").rename(columns={"top": "area"})
    exact = exact[areas.flag(exact, "share") & areas.flag(top, "share")]
    if exact.empty:
        return pd.DataFrame()
    yes, answers = areas.at(exact, "pct").astype(float), areas.at(exact, "answers").astype("int64")
    exact = exact.assign(answers=answers, pct=yes.where(exact["need_band"].eq("yes"), 100 - yes))
    number = {name: np.zeros(len(exact)) for name in (*_ENDS, "overdispersion")}
    for places in exact.groupby(_KEYS, sort=False).indices.values():
        for name, values in _limits(exact.iloc[places], compared).items():
            number[name][places] = values
    pct = exact["pct"].to_numpy(dtype=float)
    verdict = np.where(pct > number["high_998"], "above", np.where(pct < number["low_998"], "below", "within"))
    return exact[[*_KEYS, "area", "answers", "pct"]].assign(**number, verdict=verdict)[FUNNEL]


_LEAST = 0.005
"""The share that a published 0% stands for in a funnel, and its mirror for 100%."""
_ENDS = ("low_95", "high_95", "low_998", "high_998")
FUNNEL = [*_KEYS, "area", "answers", "pct", *_ENDS, "verdict", "overdispersion"]


def _limits(part: pd.DataFrame, compared: Compared) -> dict[str, Floats | float]:
    """The limits of one indicator's areas, in per cent to one decimal; a share on a limit is within it.

    Clusters are sums of schools, so the overdispersion of the schools serves both; clusters' own where no school is shown.
    The limits stand around the council's share as it is published, in whole per cent: around the exact one, fifty limits
    would tell it to a hundredth of a point.
    """
    rules = compared.rules
    council = float(np.clip(np.round(100 * float(part["council"].iloc[0])) / 100, _LEAST, 1 - _LEAST))
    answers, shares = part["answers"].to_numpy(dtype=float), part["share"].to_numpy(dtype=float)
    of = part["level"].eq("school").to_numpy(dtype=bool)
    of = of if of.any() else ~of
    phi = overdispersion(shares[of], answers[of], council, rules)
    ends = [*limits(council, answers, phi, rules.funnel_inner), *limits(council, answers, phi, rules.funnel_outer)]
    return {name: np.round(100 * end, 1) for name, end in zip(_ENDS, ends, strict=True)} | {"overdispersion": round(phi, 1)}
