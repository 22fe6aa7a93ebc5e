"""Claims about the optional files of money: what they add, and that what is there without them stays as it was."""

import numpy as np
import pandas as pd

from rcs_core.demo.ledgers import make_ledgers
from rcs_core.demo.more_money import KEY, more_money
from rcs_core.demo.parameters import parameters
from rcs_core.demo.people import make_people
from rcs_core.settings import CONTRACTS, read_yaml


def test_keys_funds_and_budgets_stand_beside_a_map_that_is_the_same_but_for_two_columns() -> None:
    numbers = parameters()
    people = make_people(numbers["schools"], 1_000, np.random.default_rng(3))
    ledgers = make_ledgers(numbers, people.schools, 1_000, np.random.default_rng(3))
    more = more_money(numbers["more_money"], ledgers, 1_000, "999", "2025-26")
    pd.testing.assert_frame_equal(more.ledger_map.drop(columns=["key_id", "fund"]), ledgers.ledger_map)
    assert set(more.ledger_map["fund"]) - {""} <= {fund["code"] for fund in read_yaml(CONTRACTS / "funds.yaml")["funds"]}
    keyed = more.ledger_map[more.ledger_map["key_id"] == KEY]
    assert set(keyed["service_id"]) == {"S055", "S058"}
    assert set(keyed["ledger"]) == {"ledger_nhs"}
    assert more.keys["amount"].tolist() == [1_000, 1_700, 1_300]
    assert sorted(set(more.budgets["state"])) == ["approved", "indicative"]
    assert set(more.budgets["financial_year"]) == {"2026-27", "2027-28"}
    assert not more.budgets.duplicated(["service_id", "agency", "financial_year"]).any()
