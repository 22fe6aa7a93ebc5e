"""What the small release tells between waves, places and groups: numbers set by hand, funnel limits from its own counts."""

from dataclasses import replace

import numpy as np
import pandas as pd

from rcs_core.release import Table

WAVE, EARLIER = "2025", "2023"
# indicator: for the council, then each cluster: change, low, high, verdict, reason. Blank numbers: told, not figured.
CHANGES: dict[str, list[tuple[int | None, int | None, int | None, str, str]]] = {
    "trusted_adult": [(4, 1, 7, "rise", ""), (6, 2, 10, "rise", ""), (2, -2, 6, "no_clear_change", "")],
    "bullied_last_year": [
        (-5, -8, -2, "fall", ""),
        (None, None, None, "fall", ""),
        (None, None, None, "not_shown", "Too few schools to tell it from chance"),
    ],
    "enjoys_learning": [(None, None, None, "not_comparable", "The wording changed in 2025")] * 3,
    "active_hour_yesterday": [(1, -2, 3, "no_clear_change", "")] * 3,
    "feels_safe_in_area": [(0, -3, 3, "no_clear_change", "")] * 3,
    "sdq_raised": [(3, 0, 6, "no_clear_change", ""), (7, 2, 12, "rise", ""), (-1, -6, 4, "no_clear_change", "")],
    "drank_alcohol_last_week": [(-2, -4, 1, "no_clear_change", "")],
}
# indicator: for each cluster: difference from the rest of the area, low, high, verdict.
DIFFERENCES: dict[str, list[tuple[int | None, int | None, int | None, str]]] = {
    "trusted_adult": [(6, 2, 10, "higher"), (-6, -10, -2, "lower")],
    "bullied_last_year": [(None, None, None, "no_clear_difference"), (None, None, None, "not_shown")],
    "enjoys_learning": [(2, -3, 7, "no_clear_difference"), (-2, -7, 3, "no_clear_difference")],
    "active_hour_yesterday": [(4, 0, 8, "no_clear_difference"), (-4, -8, 0, "no_clear_difference")],
    "feels_safe_in_area": [(1, -3, 5, "no_clear_difference"), (-1, -5, 3, "no_clear_difference")],
    "sdq_raised": [(0, -4, 4, "no_clear_difference"), (0, -4, 4, "no_clear_difference")],
}
MEASURES = {
    "gap": (12, 8, 16),
    "ratio": (1.4, 1.2, 1.7),
    "slope_index": (15, 10, 20),
    "relative_index": (0.4, 0.3, 0.6),
}
# The questions whose inequality is not told, and why.
UNTOLD = {"bullied_last_year": "suppressed", "feels_safe_in_area": "unreliable"}


def told_tables(tables: list[Table], asked: dict[str, list[str]], areas: list[str]) -> list[Table]:
    """The five tables, and the mark of the question that was reworded, for the surveys that were asked."""
    found = {t.name: t.frame for t in tables}
    since = found["indicators"]["indicator"].map({"enjoys_learning": WAVE}).fillna("")
    indicators = next(t for t in tables if t.name == "indicators")
    indicators.frame["comparable_since"] = since
    return [
        _changes(asked, areas),
        _and_earlier(_comparisons(asked, areas), {"verdict": "lower"}),
        _and_earlier(_pages(asked), {"flagged": 77}),
        _and_earlier(_inequality(asked), {"state": "unreliable"}),
        _and_earlier(
            _funnel({s: found[f"{s}_area"] for s in asked}, indicators.frame.set_index("indicator")["need_band"].to_dict()),
            {"verdict": "above"},
        ),
    ]


def _and_earlier(table: Table, otherwise: dict[str, object]) -> Table:
    """The table with the rows of the earlier wave below, which say something else: a page must not read them."""
    earlier = table.frame.assign(wave=EARLIER, **otherwise)
    return replace(table, frame=pd.concat([table.frame, earlier], ignore_index=True))


def _changes(asked: dict[str, list[str]], areas: list[str]) -> Table:
    rows = [
        (s, i, area, EARLIER, WAVE, *found)
        for s, items in asked.items()
        for i in items
        for area, found in zip(areas, CHANGES[i], strict=False)
    ]
    columns = "survey indicator area wave_from wave_to change low high verdict reason"
    return _table("changes", "Changes between waves", rows, columns)


def _comparisons(asked: dict[str, list[str]], areas: list[str]) -> Table:
    rows = [
        (s, WAVE, i, area, *found, "Too few schools to tell it from chance" if found[3] == "not_shown" else "")
        for s, items in asked.items()
        for i in items
        for area, found in zip(areas[1:], DIFFERENCES.get(i, []), strict=False)
    ]
    columns = "survey wave indicator area difference low high verdict reason"
    return _table("comparisons", "Clusters against the rest of the area", rows, columns)


def _pages(asked: dict[str, list[str]]) -> Table:
    rows = []
    for s, items in asked.items():
        clusters = [v for i in items for v in DIFFERENCES.get(i, []) if v[3] != "not_shown"]
        changes = [v for i in items for v in CHANGES[i] if v[3] not in ("not_comparable", "not_shown")]
        for about, tests, flags in (("clusters", clusters, {"higher", "lower"}), ("changes", changes, {"rise", "fall"})):
            rows.append((s, WAVE, about, len(tests), sum(v[3] in flags for v in tests), round(len(tests) * 0.05, 1), 0.05))
    columns = "survey wave about tests flagged unadjusted_by_chance q"
    return _table("comparison_pages", "How many comparisons were made", rows, columns)


def _inequality(asked: dict[str, list[str]]) -> Table:
    rows = [
        (s, WAVE, i, measure, *((None, None, None, UNTOLD[i]) if i in UNTOLD else (*values, "shown")))
        for s, items in asked.items()
        for i in items
        for measure, values in MEASURES.items()
    ]
    return _table("inequality", "Deprivation", rows, "survey wave indicator measure value low high state")


def _funnel(areas: dict[str, pd.DataFrame], need: dict[str, str]) -> Table:
    """Limits of two and three standard errors about the council's own share with need: near enough for a screen."""
    parts = []
    for frame in areas.values():
        rows = frame[(frame["wave"] == WAVE) & (frame["band"] == "yes") & (frame["pct_state"] == "shown")]
        base = frame[frame["band"] == "ALL"].set_index(["indicator", "area", "wave"])["n"]
        pct = rows["pct"].astype(float).where(rows["indicator"].map(need) == "yes", 100 - rows["pct"].astype(float))
        rows = rows.assign(pct=pct, answers=[base[(r.indicator, r.area, WAVE)] for r in rows.itertuples()])
        centre = rows["indicator"].map(rows[rows["area"] == "999"].set_index("indicator")["pct"])
        error = np.sqrt(centre * (100 - centre) / rows["answers"].astype(float))
        for level, z in (("95", 2), ("998", 3)):
            rows[f"low_{level}"], rows[f"high_{level}"] = (centre - z * error).clip(lower=0), (centre + z * error).clip(upper=100)
        above, below = rows["pct"] > rows["high_998"], rows["pct"] < rows["low_998"]
        rows = rows.assign(verdict=np.where(above, "above", np.where(below, "below", "within")), overdispersion=1.3)
        parts.append(rows[rows["area"] != "999"])
    columns = ["survey", "wave", "indicator", "area", "answers", "pct", "low_95", "high_95", "low_998", "high_998"]
    frame = pd.concat(parts, ignore_index=True)[[*columns, "verdict", "overdispersion"]]
    return Table("funnel", "Schools and clusters in a funnel", frame)


def _table(name: str, title: str, rows: list[tuple], columns: str) -> Table:
    frame = pd.DataFrame(rows, columns=columns.split())
    for column in frame.columns.intersection(["change", "difference"]):
        for number in (column, "low", "high"):
            frame[number] = frame[number].astype("Int64")
    return Table(name, title, frame)
