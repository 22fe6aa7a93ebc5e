"""Sentences: no number but the model's, and every figure kept with its value."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcs_core.workshop.sentence import Figure, Unit, children, count, joined, money, per_cent, points, ratio, say, years


def test_a_sentence_says_its_figures_and_keeps_their_values() -> None:
    found = say(
        "{amount} for {families} families", amount=money(1200.4), families=children(200), basis="A year.", confidence="A guess."
    )
    assert found.text == "£1,200,400 for 200 families"
    assert found.value("amount") == pytest.approx(1_200_400)
    assert found.figures["amount"].unit is Unit.POUNDS
    assert found.under == "A year. A guess."


@pytest.mark.parametrize(
    ("template", "parts"), [("costs 12 places", {}), ("costs {n}", {}), ("costs nothing", {"n": "x"}), ("costs {0}", {"n": "x"})]
)
def test_a_number_typed_in_a_sentence_or_a_part_that_is_not_given_is_refused(template: str, parts: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"sentence"):
        say(template, **parts)


@given(st.floats(0.001, 5e4))
def test_an_amount_that_is_said_roughly_is_within_a_twentieth_of_itself(thousands: float) -> None:
    said = money(thousands, rough=True).said
    number = float(re.sub(r"[^\d.]", "", said)) * (1e6 if said.endswith("m") else 1)
    assert number == pytest.approx(1000 * thousands, rel=0.051)


@given(st.floats(-1e6, 1e6))
def test_an_exact_amount_is_said_to_the_pound_without_its_sign(thousands: float) -> None:
    figure = money(thousands)
    assert abs(float(figure.said.strip("£").replace(",", "")) - abs(figure.value)) <= 0.5


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (per_cent(0.784), "78%"), (per_cent(0.001), "under 1%"), (per_cent(0.999), "over 99%"), (per_cent(1), "100%"),
        (per_cent(0), "0%"), (points(-1), "1.0 point"), (points(1.44), "1.4 points"), (count(2, "service"), "two services"),
        (count(1, "service"), "one service"), (count(0, "move"), "no moves"), (count(12, "place"), "12 places"),
        (years(1), "1 year"), (years(2.5), "2.5 years"), (ratio(1.234), "1.2"), (children(6.04), "6.0"), (children(6), "6"),
        (children(38.4), "38"), (money(1234.5, rough=True), "about £1.2m"),
    ],
)  # fmt: skip
def test_figures_are_said_in_the_words_of_the_room(figure: Figure, expected: str) -> None:
    assert figure.said == expected


def test_joined_sentences_keep_every_figure() -> None:
    found = joined([say("{n} of them", n=count(3)), say("{n} more", n=count(4))])
    assert found.text == "Three of them Four more"
    assert (found.value("0.n"), found.value("1.n")) == (3, 4)
