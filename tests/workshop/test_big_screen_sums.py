"""Claims about sums on the big screen: whatever a bought service costs, all that the page tells is the same."""

from pathlib import Path

import pandas as pd
import pytest

from rcs_core.release import Manifest, Release, Table, load
from rcs_core.workshop import big_screen, kept_with
from rcs_core.workshop.spend_map import Choice, by_agency, screen
from rcs_core.workshop.spend_map.money import spend
from tests.tiny_release import tiny_release
from tests.workshop.screen_cases import POUNDS, everything, mixed, twin


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return load(tiny_release(tmp_path_factory.mktemp("release")))


def test_the_page_is_the_same_word_for_word_when_every_bought_service_costs_something_else(release: Release) -> None:
    more, other = twin(release)
    assert set(more) == big_screen.bought(release)
    assert all(abs(pence) >= POUNDS for pence in more.values())
    assert everything(release, small=True) == everything(other, small=True)


@pytest.mark.parametrize("seed", range(3))
def test_no_adding_and_subtracting_of_what_is_shown_leaves_the_price_of_one_bought_service(release: Release, seed: int) -> None:
    drawn = mixed(release, seed)
    more, other = twin(drawn)
    assert set(more) == big_screen.bought(drawn) & set(spend(drawn)["service_id"])
    assert all(more.values())
    shown, every = by_agency(drawn, Choice(), True).numbers, by_agency(drawn).numbers
    assert round(shown["Spend (£)"].sum(), 2) == round(every["Spend (£)"].sum(), 2), "what stands together is lost nowhere"
    assert shown.equals(by_agency(other, Choice(), True).numbers)


def test_off_the_big_screen_every_sum_is_shown(release: Release) -> None:
    frame = spend(release)
    assert all(screen(release, False).may(own) for _, own in frame.groupby(["service_id", "agency", "level"]))


def test_a_payer_of_one_bought_service_keeps_its_total_beside_another_of_its_services() -> None:
    money = pd.DataFrame({"service_id": ["A", "B", "C", "D"], "agency": ["x", "x", "x", "y"], "amount_gbp": [5.0, 9.0, 2.0, 7.0]})
    totals = pd.DataFrame({"ledger": ["one", "two"], "mapped": [16.0, 7.0]})
    assert kept_with.beside(_release(money, totals), frozenset("A")) == {"B"}, "the least that is no smaller"
    assert kept_with.beside(_release(money, totals), frozenset("B")) == {"A"}, "the largest where all are smaller"
    assert kept_with.beside(_release(money, totals), frozenset("AB")) == set(), "two of them hide one another"
    assert kept_with.beside(_release(money, totals), frozenset("D")) == set(), "nothing else is paid for by its payer"
    assert kept_with.ledgers(_release(money, totals)) == [("x",), ("y",)]


def _release(money: pd.DataFrame, totals: pd.DataFrame) -> Release:
    manifest = Manifest("Strathmere", "999", True, "2025-26", "0", 10)
    return Release(manifest, {"spend": Table("spend", "", money), "ledger_totals": Table("ledger_totals", "", totals)}, Path())
