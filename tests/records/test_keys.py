"""Claims about keys that divide money over council areas: by hand on an NHS board over three councils, and as a law.

The board's case: 50,000 pupils, of whom 12,000, 20,000 and 18,000 in areas 999, 998 and 997: ours is 24%.
"""

from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.audit.money import money_leaks
from rcs_core.errors import ContractError, DisclosureError
from rcs_core.records.ledgers import SpendMap, map_spend
from rcs_core.records.ledgers.keys import read_keys
from tests.records.money_case import claim, cost, ledger, pence, published, records, service

PUPILS = {"999": 12_000, "998": 20_000, "997": 18_000}
NHS = {"ledger": "ledger_nhs", "agency": "nhs_board"}


def key(name: str = "PUPILS", basis: str = "pupils", year: str = "2025", **amounts: float) -> list[dict[str, Any]]:
    areas = amounts or PUPILS
    about = {"key_id": name, "basis": basis, "year": year, "source": "Pupil census"}
    return [{**about, "area_code": area.strip("a"), "amount": amount} for area, amount in areas.items()]


def board(claims: list[dict], *lines: tuple[str, int], keys: list[dict] | None = None, **change: Any) -> SpendMap:
    services = [service("S1", (50, 0, 0, 50, 0)), service("S2")]
    frame = pd.DataFrame(key() if keys is None else keys)
    ledgers = {"ledger_nhs": ledger(*lines)}
    return map_spend(records(services, ledgers, claims, apportionment_keys=frame, **change))


def mapped(centre: str, sid: str = "", key_id: str = "PUPILS", **other: Any) -> dict:
    return claim(centre, sid, **{"ledger": "ledger_nhs", "agency": "nhs_board" if sid else "", "key_id": key_id, **other})


def with_keys(claims: list[dict]) -> pd.DataFrame:
    return pd.DataFrame(claims).assign(key_id=lambda f: f["key_id"].fillna("") if "key_id" in f else "")


def test_a_board_over_three_councils_by_hand() -> None:
    claims = [mapped("10", "S1"), mapped("20", "S2", pct=60), mapped("30", key_id="", reason="Not for children: adult services")]
    # 10: £1,000,000.00 x 24% = £240,000.00. 20: 60% of £333.33 is £199.998, of which ours £47.9995 and others £151.9985;
    # the rest, £133.332, is not mapped. Rounded down 47.99 + 151.99 + 133.33 = 333.31: two pennies are left, to the largest
    # remainders (.95 of a penny of ours, .85 of others').
    found = board([], ("10", 100_000_000), ("20", 33_333), ("30", 500_000), ledger_map=with_keys(claims))
    totals = found.table("ledger_totals").frame.iloc[0]
    assert totals["control_total"] == 1_005_333.33
    assert (totals["mapped"], totals["other_areas"]) == (240_048.00, 760_152.00)
    assert (totals["excluded"], totals["unmapped"], totals["difference"]) == (5_000.00, 133.33, 0.0)
    spend = found.table("spend").frame
    assert spend["key_id"].tolist() == ["PUPILS"] * 3
    assert spend["amount_gbp"].tolist() == [120_000.0, 120_000.0, 48.0]
    assert found.table("apportionment").frame.to_numpy().tolist() == [
        ["PUPILS", "pupils", "2025", "Pupil census", 3, 24.0, 240_048.0, 0.0, 760_152.0]
    ]


def test_money_that_is_not_mapped_yet_is_divided_as_well_so_that_others_money_does_not_widen_the_range() -> None:
    found = board([], ("10", 100_00), ("20", 1_000_00), ledger_map=with_keys([mapped("10", "S1"), mapped("20")]))
    totals = found.table("ledger_totals").frame.iloc[0]
    assert (totals["mapped"], totals["other_areas"], totals["unmapped"]) == (24.0, 836.0, 240.0)
    assert found.table("apportionment").frame.iloc[0][["mapped_gbp", "unmapped_gbp"]].tolist() == [24.0, 240.0]


def test_without_a_key_no_table_gets_a_column_and_a_key_that_divides_nothing_is_a_note() -> None:
    found = board([], ("10", 100_00), ledger_map=with_keys([mapped("10", "S1", key_id="")]))
    assert "key_id" not in found.table("spend").frame
    assert "other_areas" not in found.table("ledger_totals").frame
    assert "apportionment" not in {t.name for t in found.tables}
    assert any("key PUPILS divides no money" in note for note in found.notes)


@pytest.mark.parametrize(
    ("keys", "error", "said"),
    [
        (key(a998=20, a997=30), ContractError, "leaves our own area out"),
        (key(a999=20), ContractError, "a key of one area divides nothing"),
        (key(basis="fixed", a999=24, a998=40), ContractError, "does not add up to 100%: got 64"),
        (key() + key(year="2024", a996=100), ContractError, "a key is of two kinds"),
        (key() + key(a998=10), ContractError, "an area stands twice"),
        (key(a999=20, a998=0), ContractError, "nothing to divide by"),
        (key(basis="activity", a999=6, a998=14), DisclosureError, "counts fewer than 10 in an area"),
        (key("OTHER"), ContractError, "divided by a key that is not there"),
    ],
)
def test_a_key_that_cannot_be_used_stops_the_build(keys: list[dict], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        board([], ("10", 100_00), keys=keys, ledger_map=with_keys([mapped("10", "S1")]))


def test_what_is_left_out_is_left_out_whole() -> None:
    with pytest.raises(ContractError, match="leaves a line out and divides it by a key"):
        board([], ("10", 100_00), ledger_map=with_keys([mapped("10", reason="Duplicated")]))


def test_a_fixed_key_shares_by_its_per_cents_and_a_key_of_staff_may_have_fractions() -> None:
    frame = pd.DataFrame(key("AGREED", "fixed", a999=33.3, a998=66.7) + key("STAFF", "fte", a999=4.5, a998=9.0))
    found = read_keys(records([service("S1")], {}, [], apportionment_keys=frame))
    assert (found["AGREED"].own, found["STAFF"].own) == (Fraction(333, 1000), Fraction(1, 3))


def test_money_by_one_key_that_buys_fewer_than_ten_places_is_not_shown_by_itself() -> None:
    """At £50,000 a place, what the key leaves here of £900,000 is 9 places, of £1,000,000 10, however much else is paid."""
    services = [service("S1", (0, 0, 0, 100, 0)), service("S2"), service("S3", parent_group="Else")]
    halves = pd.DataFrame(key(a999=100, a998=100))
    for ours, shown in ((900_000_00, False), (1_000_000_00, True)):
        lines = {"ledger_nhs": ledger(("10", ours), ("11", 1_500_000_00), ("20", 9_000_000_00), ("30", 9_000_000_00))}
        claims = [mapped("10", "S1"), *(mapped(c, s, key_id="") for c, s in (("11", "S1"), ("20", "S2"), ("30", "S3")))]
        demand = [cost("S1", "2025-26", 40, 50_000)]
        found = map_spend(records(services, lines, [], demand, ledger_map=with_keys(claims), apportionment_keys=halves))
        assert ("S1" in published(found)) is shown
        assert money_leaks(found.tables, 10) == []


def test_the_audit_finds_a_key_that_is_not_told_and_a_column_it_does_not_know() -> None:
    found = board([], ("10", 100_00), ledger_map=with_keys([mapped("10", "S1")]))
    kept = [t for t in found.tables if t.name != "apportionment"]
    assert [leak.rule for leak in money_leaks(kept, 10)] == ["key that is not told"]
    told = found.table("apportionment")
    told.frame["amount_998"] = 20_000
    assert [leak.rule for leak in money_leaks(found.tables, 10)] == ["figure of no known kind"]


SHARES = st.lists(st.fractions(0, 1, max_denominator=97), min_size=0, max_size=4)
AMOUNTS = st.integers(-50_000_00, 50_000_000_00)
KEYS = st.lists(st.integers(10, 10**6), min_size=2, max_size=5)


@settings(max_examples=25, deadline=None)
@given(
    lines=st.lists(st.tuples(AMOUNTS, SHARES), min_size=1, max_size=5),
    divides=st.lists(KEYS, min_size=1, max_size=3),
    split=st.permutations([13, 17, 23, 19, 28]),
    draw=st.randoms(use_true_random=False),
)
def test_any_sequence_of_splits_keys_and_tags_keeps_every_total_to_the_penny(
    lines: list[tuple[int, list[Fraction]]], divides: list[list[int]], split: list[int], draw: Any
) -> None:
    services = [service(f"S{n}", tuple(split[n:] + split[:n])) for n in range(3)]
    names = [f"K{n}" for n in range(len(divides))]
    keys = [row for name, some in zip(names, divides, strict=True) for row in key(name, "fte", **_areas(some))]
    claims = [
        mapped(str(n), f"S{k % 3}" if k < 3 else "", draw.choice(["", *names]), pct=str(float(100 * part / max(1, sum(parts)))))
        for n, (_, parts) in enumerate(lines)
        for k, part in enumerate(parts)
    ]
    claims.append(mapped("none", "S0", ""))
    found = map_spend(
        records(
            services, {"ledger_nhs": ledger(*((str(n), amount) for n, (amount, _) in enumerate(lines)))}, [],
            ledger_map=with_keys(claims), apportionment_keys=pd.DataFrame(keys),
        )
    )  # fmt: skip
    totals, spend = found.table("ledger_totals").frame, found.table("spend").frame
    parts = [c for c in ("mapped", "other_areas", "excluded", "unmapped") if c in totals]
    assert sum(pence(totals, c) for c in parts) == sum(amount for amount, _ in lines) == pence(totals, "control_total")
    assert pence(spend, "amount_gbp") == pence(totals, "mapped")
    if "other_areas" in totals and "key_id" in spend:
        told = found.table("apportionment").frame
        assert pence(told, "other_areas_gbp") == pence(totals, "other_areas")
        by_key = {k: pence(rows, "amount_gbp") for k, rows in spend.groupby("key_id") if k}
        assert {k: p for k, p in by_key.items() if p} == {
            r["key_id"]: pence(pd.DataFrame([r]), "mapped_gbp") for r in told.to_dict("records") if r["mapped_gbp"]
        }


def _areas(amounts: list[int]) -> dict[str, float]:
    return {f"a{999 - n}": amount for n, amount in enumerate(amounts)}
