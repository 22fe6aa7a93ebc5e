"""Claims about the pictures of money: labels stay whole, colours keep their meaning, a template is never spoilt."""

import pandas as pd

from app import charts_money


def points(*rows: tuple[str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["label", "level", "pounds"])
    return frame.assign(order=range(len(rows)), millions=frame["pounds"] / 1e6)


LONG = points(
    ("Fire service youth volunteers and fire-setter support · £39,352", "Responsive", 39_352.0),
    ("Youth work · £1.2 million", "Primary prevention", 1_200_000.0),
)


def test_a_long_label_is_broken_into_lines_and_its_amount_stays_whole() -> None:
    first, second = charts_money.wrapped(LONG)["label"]
    assert first == "Fire service youth volunteers and fire-setter|support\u00a0·\u00a0£39,352"
    assert second == "|Youth work\u00a0·\u00a0£1.2\u00a0million"


def test_bars_are_as_high_as_their_labels_need() -> None:
    assert charts_money.levels(LONG)["height"]["step"] == charts_money.STEP + charts_money.LINE
    assert charts_money.levels(LONG.iloc[1:])["height"]["step"] == charts_money.STEP


def test_a_level_has_its_colour_whatever_else_is_shown() -> None:
    for shown in (LONG, LONG.iloc[1:]):
        scale = charts_money.levels(shown)["encoding"]["color"]["scale"]
        colours = dict(zip(scale["domain"], scale["range"], strict=True))
        assert colours["Primary prevention"] == charts_money.LEVELS["Primary prevention"]
        assert set(colours) == set(shown["level"])


def test_a_drawing_never_spoils_the_template_of_the_next() -> None:
    spec = charts_money.levels(LONG)
    spec["encoding"].clear()
    assert charts_money.levels(LONG)["encoding"]["x"]["field"] == "millions"
    assert "data" not in charts_money.levels(LONG)


def test_text_follows_the_page_in_light_and_dark() -> None:
    encoding = charts_money.levels(LONG)["encoding"]
    assert {encoding[c]["axis"]["labelColor"] for c in ("x", "y")} == {"currentColor"}
