"""From evidence to response: concave, never flipped, never money from elsewhere, and every number traced to a row."""

import csv
from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from rcs_core.errors import ScenarioError
from rcs_core.release import Release
from rcs_core.vocab import InputState
from rcs_core.workshop.couple import Levers, Preset, build, starting_scenario
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.inputs.assumed import assumed
from rcs_core.workshop.response import (
    Costed,
    Published,
    Shape,
    Verdict,
    evidence_of,
    from_points,
    judged,
    published,
    repaired,
    segments_for,
)
from rcs_core.workshop.response.averted import per_hundred
from rcs_core.workshop.response.published import read
from rcs_core.workshop.response.trace import coefficients, trace, traces
from tests.shared import shared_file
from tests.workshop.small_release import a_release

SUPPORT = Costed("S003", "Intensive family support", 486.25025, 64)
COLUMNS = [
    "topic", "indicator", "group", "value", "unit", "ci_low", "ci_high", "year", "geography", "source", "service_id", "acts_on",
    "better_when", "baseline_pct", "lag_years", "retention",
]  # fmt: skip


def a_row(value: str, unit: str, low: float | None = None, high: float | None = None, **more: object) -> Published:
    row = {"topic": "Trial", "indicator": "children in care", "year": "2023", "geography": "England", "source": "A trial"}
    return read({**row, "value": value, "unit": unit, "ci_low": low, "ci_high": high, **more}, 1)


def with_published(*rows: dict[str, object], **tables: pd.DataFrame | None) -> Release:
    base = {"topic": "Trial", "indicator": "in care", "group": "all", "year": "2023", "geography": "England", "source": "A trial"}
    return a_release(published_effects=pd.DataFrame([{**base, **row} for row in rows], columns=COLUMNS), **tables)


def effects(release: Release, service: str, acts_on: str, **changed: object) -> pd.DataFrame:
    frame = release.frame("effects")
    hit = (frame["service_id"] == service) & (frame["acts_on"] == acts_on)
    for column, value in changed.items():
        frame[column] = frame[column].astype(object)
        frame.loc[hit, column] = value
    return frame


VERDICTS = {
    "a ratio over one of a bad outcome, whose interval holds one": (a_row("1.25", "odds ratio", 0.77, 2.05), Verdict.NONE, True),
    "an interval that ends at the wrong side": (a_row("1.32", "adj OR (97.5% CI)", 1.01, 1.76), Verdict.HARM, True),
    "a ratio under one": (a_row("0.7", "odds ratio", 0.5, 0.9), Verdict.HELPS, False),
    "a difference without an interval": (a_row("-8.6", "pp (derived; CI not found)"), Verdict.HELPS, False),
    "a direction": (a_row("increase", "direction only"), Verdict.HARM, True),
    "words": (a_row("no significant change", "qualitative"), Verdict.NONE, False),
    "a standardised effect, whose sign is its author's": (a_row("-0.38", "standardised ES"), Verdict.UNSAID, False),
    "the same with its side said": (a_row("-0.38", "standardised ES", better_when="lower"), Verdict.HELPS, False),
    "a share without a comparison": (a_row("86", "%", indicator="out of care (uncontrolled)"), Verdict.CONTEXT, False),
    "a benefit-cost ratio": (a_row("8.87", "ratio (societal PV)"), Verdict.MONEY, False),
    "one that lost money": (a_row("0.34", "ratio (societal PV)"), Verdict.MONEY, True),
    "somebody else's pounds": (a_row("150", "GBP m (over)"), Verdict.MONEY, False),
}


@pytest.mark.parametrize("kind", VERDICTS)
def test_a_published_figure_is_read_for_what_it_says(kind: str) -> None:
    row, verdict, worse = VERDICTS[kind]
    assert (row.verdict, row.worse) == (verdict, worse)
    assert row.source in row.says


def test_the_published_file_holds_nulls_and_harm_and_no_money_of_ours() -> None:
    path = shared_file("facts/D_effects.csv")
    if path is None:
        return
    with path.open(encoding="utf-8") as lines:
        plain = [{k: v or None for k, v in row.items()} for row in csv.DictReader(lines)]
    rows = [read({**row, "service_id": "S003", "acts_on": "S001"}, k) for k, row in enumerate(plain, 1)]
    assert Counter(r.verdict.value for r in rows) == {"money": 121, "context": 21, "none": 19, "unsaid": 10, "harm": 1}
    money = [r for r in rows if r.verdict is Verdict.MONEY]
    assert {r.row for r in rows if r.unit.startswith(("ratio", "USD", "GBP"))} <= {r.row for r in money}
    assert all(per_hundred(r)[0] is None for r in money), "money elsewhere never becomes an effect"
    by = {r.indicator: r for r in rows}
    placed = by["out-of-home placement at 18 months (p=0.37; OR>1 = worse)"]
    assert (placed.verdict, placed.worse) == (Verdict.NONE, True)
    assert by["early effect: hospitalisations at age 1"].verdict is Verdict.HARM
    assert by["SDQ total difficulties at 1 and 2 years"].verdict is Verdict.NONE
    assert not [r for r in rows if r.verdict is Verdict.HELPS], "without a link nothing in it is taken for help here"


def test_an_odds_ratio_becomes_children_by_hand() -> None:
    # of 100, 20 placed without it: odds 0.25; times 1.25 is 0.3125, so 23.81 placed: 3.81 more, and none of it is help
    row = a_row("1.25", "odds ratio", 0.77, 2.05, better_when="lower", baseline_pct=20.0)
    found, why = per_hundred(row)
    assert why == ""
    assert found == pytest.approx((20 - 100 * 0.3125 / 1.3125, 20 - 100 * 0.5125 / 1.5125, 20 - 100 * 0.1925 / 1.1925))
    release = with_published(
        {"value": "1.25", "unit": "odds ratio", "ci_low": 0.77, "ci_high": 2.05, "service_id": "S009", "acts_on": "S001",
         "better_when": "lower", "baseline_pct": 20.0},
    )  # fmt: skip
    (one,) = evidence_of(release)["S009"]
    assert one.likely == 0
    assert one.low == pytest.approx(-13.88, abs=0.01)
    assert one.high == pytest.approx(3.86, abs=0.01)
    response = segments_for(Costed("S009", "Health visiting", 1287.0, 1150), [one])
    assert all(slope == 0 for _, slope in response.segments)
    assert not response.tested
    assert response.low[0] < 0 < response.high[0], "the interval is kept, harm in it"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (a_row("8.87", "ratio (societal PV)"), "never money here"),
        (a_row("0.7", "odds ratio", 0.5, 0.9), "baseline_pct"),
        (a_row("-0.38", "standardised ES", better_when="lower"), "cannot be turned into children"),
        (a_row("-8.6", "pp", indicator="a difference"), "which way is better is not said"),
    ],
)
def test_what_cannot_become_children_is_missing_and_says_why(row: Published, why: str) -> None:
    found, said = per_hundred(row)
    assert found is None
    assert why in said


def test_a_figure_from_elsewhere_ranges_from_nothing_to_what_was_published() -> None:
    assert judged("S1", "S2", 6.0, 2.0, 9.0, InputState.PUBLISHED_ELSEWHERE)[:3] == (6.0, 0.0, 6.0)
    assert judged("S1", "S2", 6.0, 2.0, 9.0, InputState.MEASURED)[:3] == (6.0, 2.0, 9.0)
    likely, low, high, notes = judged("S1", "S2", -3.0, -5.0, -1.0, InputState.PUBLISHED_ELSEWHERE)
    assert (likely, low, high) == (-3.0, -5.0, -1.0)
    assert "S1 on S2: the likely effect is harm" in notes[0]
    assert judged("S1", "S2", None, None, None, InputState.MEASURED)[0] is None


def test_harm_is_flagged_and_never_flipped() -> None:
    release = a_release()
    frame = effects(release, "S003", "S001", children_averted_per_100=-6.0, low=-9.0, high=-2.0)
    frame = frame[(frame["service_id"] == "S003") & (frame["acts_on"] == "S001")]
    response = segments_for(SUPPORT, evidence_of(a_release(effects=frame))["S003"])
    assert all(slope == 0 for _, slope in response.segments)
    assert (response.low[0], response.high[0]) == pytest.approx((-0.09 * 64 / 486.25025, -0.02 * 64 / 486.25025))
    assert "Intensive family support: S003 on S001: the likely effect is harm" in response.messages[0]
    mixed = effects(release, "S003", "S001", children_averted_per_100=-6.0, low=-9.0, high=-2.0)
    both = segments_for(SUPPORT, evidence_of(a_release(effects=mixed))["S003"])
    assert both.acts_on == {"S002": 1.0}


def test_the_response_is_unit_cost_reach_and_effect_by_hand() -> None:
    response = segments_for(SUPPORT, evidence_of(a_release())["S003"])
    # GBP 7.5977 thousand a child; 6 + 5 kept from care of each hundred; half as much beyond, up to half as much again
    assert SUPPORT.unit_cost == pytest.approx(486.25025 / 64)
    assert SUPPORT.reach(486.25025) == pytest.approx(64)
    (width, slope), (further, less) = response.segments
    assert (width, slope) == pytest.approx((486.25025, 0.11 / (486.25025 / 64)))
    assert (further, less) == pytest.approx((243.125125, slope / 2))
    assert response.acts_on == pytest.approx({"S001": 6 / 11, "S002": 5 / 11})
    assert (response.lag, response.retention) == (1, 0.5)
    half = segments_for(SUPPORT, evidence_of(a_release())["S003"], scale=0.5)
    assert [s for _, s in half.segments] == pytest.approx([slope / 2, less / 2])


def test_the_starting_scenario_has_the_same_segments() -> None:
    release = a_release()
    scenario, evidence = starting_scenario(release, Levers.of(Preset.SHIFT_2)), evidence_of(release)
    register = release.frame("services").set_index("service_id")
    for service in scenario.prevention:
        spent = sum(sum(by.values()) for by in service.agencies.values())
        made = segments_for(
            Costed(service.id, service.id, spent, register.loc[service.id, "children_served"]), evidence[service.id]
        )
        told = next(iter(next(iter(service.segments.values())).values()))
        assert [tuple(pair) for pair in told] == [pytest.approx(pair) for pair in made.segments]
        assert dict(service.acts_on) == pytest.approx(made.acts_on)
        assert (service.lag, service.retention) == (made.lag, made.retention)


def test_a_published_row_counts_where_there_is_no_evidence_of_ones_own() -> None:
    linked = {"value": "-8", "unit": "pp", "acts_on": "S001", "better_when": "lower", "lag_years": 2.0, "retention": 0.4}
    release = with_published({**linked, "service_id": "S009"}, {**linked, "service_id": "S003"})
    (one,) = evidence_of(release)["S009"]
    assert (one.likely, one.low, one.high, one.lag, one.retention) == (8.0, 0.0, 8.0, 2.0, 0.4)
    assert one.state is InputState.PUBLISHED_ELSEWHERE
    own = evidence_of(release)["S003"][0]
    assert own.likely == evidence_of(a_release())["S003"][0].likely
    assert [row.table for row in own.rows] == ["effects", "published_effects"]
    assert len(published(release)) == 2


def test_a_linked_published_effect_moves_a_service_in_the_scenario_and_is_traced() -> None:
    linked = {"value": "-8", "unit": "pp", "service_id": "S009", "acts_on": "S001", "better_when": "lower"}
    release = with_published({**linked, "lag_years": 2.0, "retention": 0.4})
    scenario = starting_scenario(release, Levers.of(Preset.SHIFT_2))
    place = next(i for i, s in enumerate(scenario.prevention) if s.id == "S009")
    (_, slope), _ = next(iter(next(iter(scenario.prevention[place].segments.values())).values()))
    assert slope == pytest.approx(0.08 * 1150 / 1287)
    found = trace(release, scenario, f"/prevention/{place}/segments/all_children/whole_area/0/1")
    assert ("published_effects", 1) in {(row.table, row.row) for row in found.rows}
    money = with_published({**linked, "value": "8.87", "unit": "ratio (societal PV)"})
    assert "S009" not in {s.id for s in starting_scenario(money, Levers.of(Preset.SHIFT_2)).prevention}


def test_a_response_that_would_rise_is_repaired_in_the_scenario_and_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "assumed", lambda name: 1.5 if name == "diminishing" else assumed(name))
    scenario = starting_scenario(a_release(), Levers.of(Preset.SHIFT_2))
    assert "a later pound would do more than an earlier one" in scenario.description
    assert all(len(parts) == 1 for s in scenario.prevention for by in s.segments.values() for parts in by.values())
    assert "a later pound" not in starting_scenario(a_release(), Levers.of(Preset.SHIFT_2, depth=Depth.DISCUSS)).description


SEGMENTS = st.lists(st.tuples(st.floats(0.5, 50), st.integers(-20, 50).map(lambda n: n / 10)), min_size=1, max_size=6)


@settings(max_examples=25)
@given(SEGMENTS)
def test_a_repaired_response_is_concave_and_the_least_that_is_nowhere_below(segments: list[tuple[float, float]]) -> None:
    found = repaired("Youth work", segments)
    slopes = [slope for _, slope in found.segments]
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(slopes))
    assert min(slopes) >= 0
    assert sum(width or 0 for width, _ in found.segments) == pytest.approx(sum(width for width, _ in segments))
    # the slopes of the least concave curve above are the falling isotonic regression of the slopes, weighted by width
    widths = np.array([width for width, _ in segments])
    fit = optimize.isotonic_regression([slope for _, slope in segments], weights=widths, increasing=False).x
    ends = np.cumsum([width for width, _ in found.segments])
    mine = [slopes[min(int(np.searchsorted(ends, at)), len(slopes) - 1)] for at in np.cumsum(widths) - widths / 2]
    assert mine == pytest.approx(np.maximum(fit, 0), abs=1e-9)
    assert bool(found.messages) == (not np.allclose(mine, [s for _, s in segments], atol=1e-12))
    assert repaired("Youth work", found.segments).messages == ()


def test_a_repair_names_the_service_and_the_curve_before_and_after() -> None:
    found = repaired("Youth work", [(100.0, 1.0), (100.0, 3.0), (50.0, -1.0)])
    assert found.segments == ((200.0, 2.0), (50.0, 0.0))
    assert found.messages[0] == (
        "Youth work: a later pound would do more than an earlier one (1 each for 100 more, then 3 each for 100 more, then -1 "
        "each for 50 more); a plan cannot spend it first, so both do their average (2 each for 200 more, then -1 each for 50 "
        "more)."
    )
    assert "Youth work: a pound would do harm" in found.messages[1]
    assert repaired("Youth work", [(100.0, 2.0), (None, 5.0)]).segments == ((100.0, 2.0), (None, 2.0))


def test_measured_points_become_segments() -> None:
    assert from_points("Youth work", [(100, 20), (300, 40)]) == ((100.0, 0.2), (200.0, 0.1))
    bent = Shape(((1.0, 0.5), (1.0, 1.0)), "two cohorts")
    response = segments_for(SUPPORT, evidence_of(a_release())["S003"], bent)
    assert len(response.segments) == 1
    assert "both do their average" in response.messages[-1]


@pytest.mark.parametrize("wrong", [[], [(None, 1.0), (5.0, 1.0)], [(0.0, 1.0)], [(-5.0, 1.0)]])
def test_what_is_no_response_is_refused(wrong: list[tuple[float | None, float]]) -> None:
    with pytest.raises(ScenarioError, match="no list of segments"):
        repaired("Youth work", wrong)
    with pytest.raises(ScenarioError, match="needs spend and children"):
        segments_for(Costed("S1", "S1", 0.0, 10), [])


def test_every_coefficient_of_a_starting_scenario_is_traced() -> None:
    release = a_release()
    for preset in Preset:
        scenario = starting_scenario(release, Levers.of(preset, allow_pool=preset is Preset.SHIFT_5))
        found = traces(release, scenario)
        assert len(found) == len(list(coefficients(scenario))) > 80
        assert [path for path, one in found.items() if not one.found] == [], preset


def test_a_trace_leads_to_the_rows_themselves() -> None:
    release = a_release()
    scenario = starting_scenario(release, Levers.of(Preset.SHIFT_2))
    place = next(i for i, s in enumerate(scenario.prevention) if s.id == "S003")
    found = trace(release, scenario, f"/prevention/{place}/segments/all_children/whole_area/1/1")
    rows = {(row.table, row.row) for row in found.rows}
    frame = release.frame("effects")
    assert rows >= {("effects", k + 1) for k in np.flatnonzero(frame["service_id"] == "S003")}
    assert {one.name for one in found.assumptions} == {"diminishing", "lever effect_scale"}
    need = next(i for i, s in enumerate(scenario.acute) if s.id == "S001")
    for row in trace(release, scenario, f"/acute/{need}/demand/whole_area/all_children").rows:
        assert row.table == "demand"
        assert release.frame("demand").iloc[row.row - 1]["service_id"] == "S001"
    with pytest.raises(ScenarioError, match="no such coefficient"):
        trace(release, scenario, "/acute/99/unit_cost")
