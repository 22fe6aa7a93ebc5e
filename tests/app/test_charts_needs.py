"""The pictures of differences say more and less by shape as well as colour, and hold every number they are given."""

from typing import Any

import pandas as pd

from app import charts_needs

NAMES = ("More need", "Less need", "No clear change")


def lines(*values: tuple[float | None, float | None, float | None]) -> pd.DataFrame:
    return pd.DataFrame(values, columns=["value", "low", "high"])


def scales(spec: charts_needs.Spec, channel: str) -> list[dict[str, Any]]:
    return [layer["encoding"][channel]["scale"] for layer in spec["layer"] if channel in layer["encoding"]]


def test_more_and_less_differ_in_shape_as_well_as_in_colour() -> None:
    spec = charts_needs.steps(NAMES, lines((4, 1, 7)))
    shape = scales(spec, "shape")[0]
    assert shape == {"domain": list(NAMES), "range": ["triangle-up", "triangle-down", "circle"]}
    assert len(set(scales(spec, "color")[0]["range"])) == 3


def test_nothing_stands_in_the_middle_and_the_longest_interval_fits() -> None:
    for found, reach in ((lines((4, 1, 7)), 10), (lines((-14, -21, -7)), 25), (lines((None, None, None)), 10)):
        domains = [scale["domain"] for scale in scales(charts_needs.steps(NAMES, found), "x")]
        assert {tuple(d) for d in domains} == {(-reach, reach * 1.2)}


def test_a_template_is_not_changed_by_a_drawing() -> None:
    charts_needs.steps(NAMES, lines((40, 10, 70)))
    assert "scale" not in charts_needs._steps()["layer"][1]["encoding"]["color"]


def test_the_funnel_holds_its_outer_limits_within_0_and_100() -> None:
    columns = ["pct", "low_998", "high_998"]
    spec = charts_needs.funnel("%", pd.DataFrame([(30.0, 2.0, 63.0)], columns=columns), ("in", "above", "below"))
    assert {tuple(s["domain"]) for s in scales(spec, "y")} == {(0, 65)}
    empty = charts_needs.funnel("%", pd.DataFrame([], columns=columns), ("in", "above", "below"))
    assert {tuple(s["domain"]) for s in scales(empty, "y")} == {(0, 100)}
