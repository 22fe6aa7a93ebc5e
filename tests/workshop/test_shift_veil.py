"""Claims about a plan by payer on the big screen: a payer of one bought service keeps its amounts back, and never alone."""

from types import SimpleNamespace
from typing import cast

import pandas as pd

from rcs_core.workshop.couple.compare import Comparison
from rcs_core.workshop.couple.veil import Veil, veil
from rcs_core.workshop.scenario.format import Scenario

PAID = {"A": ("x",), "B": ("x", "y"), "C": ("y",), "D": ("z",)}
"""Services by who pays for them."""


def plan(**changes: float) -> tuple[Scenario, Comparison]:
    """A plan of four services and three payers, as far as a veil looks at it."""
    prevention = [SimpleNamespace(id=s, agencies={a: {"all": 10.0} for a in payers}) for s, payers in PAID.items()]
    agencies = [SimpleNamespace(id=a) for a in "xyz"]
    scenario = SimpleNamespace(agencies=agencies, prevention=prevention, acute=[], held=[])
    services = pd.DataFrame([(s, "prevention", "2030-31", changes.get(s, 0.0)) for s in PAID], columns=_SERVICE)
    rows = [(a, "2030-31", 10.0 * k, sum(changes.get(s, 0.0) for s in PAID if a in PAID[s])) for k, a in enumerate("xyz", 1)]
    found = SimpleNamespace(years=("2030-31",), by_service=services, by_agency=pd.DataFrame(rows, columns=_AGENCY))
    return cast(Scenario, scenario), cast(Comparison, found)


_SERVICE, _AGENCY = ["service", "part", "year", "change"], ["agency", "year", "before", "change"]


def test_a_payer_of_one_bought_service_has_no_amount_and_another_keeps_its_own_back_too() -> None:
    found = veil(*plan(), frozenset("C"))
    assert found.spend == {"y", "x"}, "y pays for C, and x is the least of the others"
    assert not found.change, "nothing moves, so no change tells anything"
    assert not found.alone


def test_a_payer_of_two_bought_services_keeps_its_amount() -> None:
    assert veil(*plan(), frozenset("ABC")).spend == set()


def test_a_bought_service_that_moves_by_itself_is_known_as_such() -> None:
    assert veil(*plan(A=2.0, D=-2.0), frozenset("AC")).alone
    assert not veil(*plan(A=2.0, C=1.0, D=-3.0), frozenset("AC")).alone
    assert veil(*plan(A=2.0, D=-2.0), frozenset("AC")).change == {"x", "z"}


def test_where_no_price_is_kept_back_everything_is_shown() -> None:
    assert veil(*plan(A=2.0), frozenset()) == Veil()
