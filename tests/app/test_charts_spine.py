"""The spine tells more, less and neither by shape as well as colour, around a line that stays in the middle."""

import pandas as pd

from app import charts_spine
from rcs_core.workshop.spine import HEADING

NAMES = ("More need", "Less need", "No clear difference", "Not compared")


def rows(*values: tuple[str, str, float | None, float | None]) -> pd.DataFrame:
    """Label, series, value and the end of the pale bar."""
    frame = pd.DataFrame(list(values), columns=["label", "series", "value", "high"]).assign(low=None, earlier=None)
    return frame.assign(
        said=["" if v is None else "1%" for v in frame["value"].astype(object).where(frame["value"].notna(), None)]
    )


def test_the_legend_tells_those_that_occur_by_shape_as_well_as_colour() -> None:
    drawn = rows((f"{HEADING}Family", "", None, None), ("a", "More need", 4, 6), ("b", "Not compared", 1, 2))
    spec = charts_spine.spine(NAMES, drawn, centred=True)
    shape = next(layer["encoding"]["shape"]["scale"] for layer in spec["layer"] if "shape" in layer["encoding"])
    assert shape == {"domain": ["More need", "Not compared"], "range": ["triangle-up", "square"]}


def test_the_whole_area_stays_in_the_middle_and_the_longest_bar_fits() -> None:
    for value, end, reach in ((4.0, 6.0, 10), (-12.0, 18.0, 20)):
        spec = charts_spine.spine(NAMES, rows(("a", "More need", value, end)), centred=True)
        assert {tuple(layer["encoding"]["x"]["scale"]["domain"]) for layer in spec["layer"]} == {(-reach, reach * 1.25)}
    alone = charts_spine.spine(NAMES, rows(("a", "More need", 40, 60)), centred=False)
    assert len(alone["layer"]) == len(spec["layer"]) - 1
    assert {layer["encoding"]["x"]["scale"]["domain"][0] for layer in alone["layer"]} == {0}


def test_small_pictures_of_a_page_are_alike() -> None:
    one, other = charts_spine.small(40, 12), charts_spine.small(40, 12)
    assert one == other
    assert {tuple(layer["encoding"]["x"]["axis"]["values"]) for layer in one["layer"]} == {(0, 10, 20, 30, 40)}
    assert "scale" not in charts_spine._small()["layer"][0]["encoding"]["x"]
