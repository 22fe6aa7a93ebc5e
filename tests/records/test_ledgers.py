"""Claims about money: every penny arrives once, joined by code, and no small service can be worked out."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.contracts import check_folder
from rcs_core.demo import write_demo
from rcs_core.errors import ContractError
from rcs_core.records.ingest import ingest
from rcs_core.records.ledgers import SpendMap, map_spend
from rcs_core.records.ledgers.parts import split
from rcs_core.release import Manifest, load, save
from tests.records.money_case import LEVELS, YEAR, Records, claim, cost, ledger, pence, records, service, small_world, spend_of

# Splitting


def test_a_pound_in_three_is_shared_to_the_penny() -> None:
    third = {("a",): Fraction(1), ("b",): Fraction(1), ("c",): Fraction(1)}
    assert split(100, third) == {("a",): 34, ("b",): 33, ("c",): 33}
    assert split(-100, third) == {("a",): -34, ("b",): -33, ("c",): -33}


def test_the_largest_remainder_gets_the_odd_penny() -> None:
    assert split(10, {("a",): Fraction(105), ("b",): Fraction(895)}) == {("a",): 1, ("b",): 9}
    assert split(1, {("a",): Fraction(1), ("b",): Fraction(99)}) == {("a",): 0, ("b",): 1}


@given(st.integers(-(10**13), 10**13), st.lists(st.integers(0, 10_000), min_size=1, max_size=8).filter(any))
def test_parts_always_add_up_and_none_is_a_penny_from_its_share(amount: int, weights: list[int]) -> None:
    shares = {(str(k),): Fraction(w) for k, w in enumerate(weights)}
    parts = split(amount, shares)
    assert sum(parts.values()) == amount
    assert all(abs(parts[k] - amount * w / sum(weights)) < 1 for k, w in shares.items())


# Mapping, by hand


def test_a_line_split_over_services_and_levels_agrees_with_hand_arithmetic() -> None:
    found = map_spend(
        records(
            [service("S001", (50, 50, 0, 0, 0)), service("S002", (0, 0, 0, 100, 0))],
            {"ledger_council": ledger(("100", 10_001), ("200", 5_000), ("300", 777), ("400", 99))},
            [
                claim("100", "S001", 60),
                claim("100", "S002", 40),
                claim("200", reason="Not for children: adult social care"),
                claim("300", "S002", 50),
            ],
        )
    )
    # 100.01 at 60% is 60.006 and at 40% 40.004, so S001 gets the odd penny; 7.77 in half is 3.885, and a tie goes to the first.
    assert spend_of(found) == {("S001", "primary"): 3_001, ("S001", "secondary"): 3_000, ("S002", "responsive"): 4_389}
    assert found.table("ledger_totals").frame.iloc[0].tolist() == ["ledger_council", YEAR, 158.77, 103.90, 50.0, 4.87, 0.0]
    assert found.table("ledger_excluded").frame.iloc[0].tolist() == [
        "ledger_council",
        "Not for children: adult social care",
        50.0,
    ]


def test_lines_are_joined_by_code_and_never_by_order() -> None:
    services = [service("S001", (33.3, 33.3, 33.4, 0, 0)), service("S002", (0, 10, 0, 90, 0)), service("S003")]
    lines = ledger(("100", 10_001), ("200", -2_033), ("300", 777), ("100", 19))
    claims = [claim("300", "S003"), claim("100", "S002", 33.3), claim("100", "S001", 66.7), claim("200", "S001", 12.5)]
    plain = map_spend(records(services, {"ledger_council": lines}, claims))
    mixed = map_spend(records(services[::-1], {"ledger_council": lines[::-1]}, claims[::-1]))
    for one, other in zip(plain.tables, mixed.tables, strict=True):
        pd.testing.assert_frame_equal(one.frame, other.frame)


def test_the_payer_comes_from_the_map_and_kinds_of_money_stay_apart() -> None:
    claims = [
        claim("100", "S001", 50, agency="nhs_board", money_kind="match"),
        claim("100", "S001", 50, recurring="no", revenue_or_capital="capital"),
    ]
    frame = map_spend(records([service("S001")], {"ledger_council": ledger(("100", 1_000))}, claims)).table("spend").frame
    kinds = ["agency", "money_kind", "recurring", "revenue_or_capital", "amount_gbp", "price_year", "confidence"]
    assert sorted(frame[kinds].itertuples(index=False, name=None)) == [
        ("council_social_work", "existing", "no", "capital", 5.0, YEAR, "high"),
        ("nhs_board", "match", "yes", "revenue", 5.0, YEAR, "high"),
    ]


def test_a_map_row_without_a_line_is_a_note_and_not_money() -> None:
    found = map_spend(
        records([service("S001")], {"ledger_council": ledger(("100", 500))}, [claim("100", "S001"), claim("999", "S001")])
    )
    assert found.notes == ("ledger_map.csv row 3 (S001 100%): ledger_council has no cost centre 999, so the row maps nothing",)
    assert spend_of(found) == {("S001", "primary"): 500}


def test_a_map_row_of_nothing_takes_nothing() -> None:
    found = map_spend(records([service("S001")], {"ledger_council": ledger(("100", 500))}, [claim("100", "S001", 0)]))
    assert found.table("spend").frame.empty
    assert pence(found.table("ledger_totals").frame, "unmapped") == 500


def test_without_services_and_ledgers_there_are_no_money_tables() -> None:
    empty = records([], {}, [])
    assert map_spend(Records(**{**vars(empty), "services": pd.DataFrame()})).tables == []


# Refusals


def test_a_ledger_off_its_control_total_is_named_with_the_difference() -> None:
    short = records([service("S001")], {"ledger_council": ledger(("100", 500))}, [])
    short.ledger_columns["ledger_council"]["control_total_gbp"] = "5.01"
    with pytest.raises(ContractError, match=r"ledger_council.*GBP 5\.00, GBP 0\.01 less than its control total of GBP 5\.01"):
        map_spend(short)


def test_every_ledger_that_is_off_is_named_at_once() -> None:
    short = records([service("S001")], {"ledger_a": ledger(("1", 500)), "ledger_b": ledger(("1", 900))}, [])
    for about, total in zip(short.ledger_columns.values(), ("4.00", "10.00"), strict=True):
        about["control_total_gbp"] = total
    with pytest.raises(ContractError, match=r"(?s)ledger_a.*1\.00 more than.*ledger_b.*1\.00 less than"):
        map_spend(short)


def test_two_rows_that_both_claim_a_line_are_both_shown() -> None:
    claims = [claim("100", "S001", 60), claim("200", "S001"), claim("100", "S002", 60)]
    with pytest.raises(ContractError, match=r"(?s)120% of ledger_council 100.*row 2 \(S001 60%\); row 4 \(S002 60%\)"):
        map_spend(records([service("S001"), service("S002")], {"ledger_council": ledger(("100", 1), ("200", 1))}, claims))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (claim("100", "S404"), "a service that the register does not have: got row 2"),
        (claim("100", "S001", -1), "a share of a line is out of range: got row 2"),
        (claim("100", "S001", 101), "a share of a line is out of range: got row 2"),
        (claim("100", "S001", reason="Adults"), "both maps a line and excludes it: got row 2"),
        (claim("100", "S001", agency=""), "a mapped line has no payer: got row 2"),
        (claim("100", "S001", "half"), "row 2: pct is not a number: got 'half'"),
    ],
)
def test_a_contradiction_in_the_map_is_refused_by_row(row: dict, message: str) -> None:
    with pytest.raises(ContractError) as refusal:
        map_spend(records([service("S001")], {"ledger_council": ledger(("100", 1))}, [row]))
    assert message in str(refusal.value)


def test_a_prevention_split_that_does_not_add_up_is_refused_by_row() -> None:
    with pytest.raises(ContractError, match=r"services\.xlsx, row 2 \(S001 adds up to 99\)"):
        map_spend(records([service("S001", (99, 0, 0, 0, 0))], {"ledger_council": ledger(("100", 1))}, []))


def test_thirds_as_a_workbook_writes_them_are_the_whole() -> None:
    third, lines = 100 / 3, {"ledger_council": ledger(("100", 300))}
    shared = [claim("100", sid, 33.3333334) for sid in ("S001", "S002", "S003")]
    services = [service(sid, (third, third, third, 0, 0)) for sid in ("S001", "S002", "S003")]
    found = map_spend(records(services, lines, shared))
    assert spend_of(found)["S001", "primary"] == 34
    assert pence(found.table("spend").frame, "amount_gbp") == 300
    assert pence(found.table("ledger_totals").frame, "unmapped") == 0


def test_pounds_of_different_years_are_not_added() -> None:
    mixed = records([service("S001")], {"ledger_council": ledger(("100", 1))}, [])
    mixed.ledger_columns["ledger_council"]["financial_year"] = "2023-24"
    with pytest.raises(ContractError, match=r"not in the prices.*ledger_council 2023-24"):
        map_spend(mixed)


@pytest.mark.parametrize("total", ["", "12.345", "about 5"])
def test_a_control_total_is_pounds_and_pence(total: str) -> None:
    odd = records([service("S001")], {"ledger_council": ledger(("100", 500))}, [])
    odd.ledger_columns["ledger_council"]["control_total_gbp"] = total
    with pytest.raises(ContractError, match="control_total_gbp is not a"):
        map_spend(odd)


# The whole of a fictional partnership


def test_strathmeres_ledgers_come_to_their_known_truth_and_give_no_small_caseload_away(tmp_path: Path) -> None:
    truth = write_demo(tmp_path / "inputs", pupils=5_000)
    found = map_spend(ingest(check_folder(tmp_path / "inputs")))
    totals = found.table("ledger_totals").frame.set_index("ledger")
    for ledger_name, known in truth.ledgers.items():
        for column in ("control_total", "mapped", "excluded", "unmapped"):
            assert f"{totals.loc[ledger_name, column]:.2f}" == known[column]
    spend = found.table("spend").frame.groupby("service_id")["amount_gbp"].sum()
    costs = found.table("unit_costs").frame.set_index("service_id")["unit_cost_gbp"]
    assert (spend[costs.index] / costs >= 10).all()
    assert (found.table("demand").frame["children"] >= 10).all()
    assert (found.table("services").frame["children_served"] >= 10).all()


# What leaves the desk


def test_no_text_of_a_ledger_and_no_cost_centre_leaves_the_desk() -> None:
    found = map_spend(
        records(
            [service("S001"), service("S002")],
            {"ledger_council": ledger(("CC-77", 260_000_00), ("CC-78", 5), text="Placement J Bloggs")},
            [claim("CC-77", "S001"), claim("CC-78", reason="Not for children: adult social care")],
        )
    )
    for table in found.tables:
        cells = table.frame.astype(str).to_csv()
        assert "Bloggs" not in cells
        assert "CC-7" not in cells
        assert not {"description", "cost_centre"} & set(table.frame.columns)


def test_a_reason_in_free_text_is_kept_at_the_desk_and_a_listed_one_is_published() -> None:
    claims = [
        claim("100", reason="Placement of one boy, 14, moved in May"),
        claim("200", reason="Not for children: adult social care"),
    ]
    found = map_spend(records([service("S001")], {"ledger_council": ledger(("100", 500), ("200", 700))}, claims))
    assert found.table("ledger_excluded").frame.to_numpy().tolist() == [
        ["ledger_council", "Not for children: adult social care", 7.0],
        ["ledger_council", "Reason kept at the desk", 5.0],
    ]
    assert "row 2 (excluded 100%): excluded_because is not a listed reason" in found.notes[0]


def test_the_tables_pass_the_waist_and_come_back_as_they_went(tmp_path: Any) -> None:
    found = small_world(
        service("S001"), service("S002", served=4), service("S003", served=7), demand=[cost("S001", YEAR, 40, 99.0)]
    )
    path = save(found.tables, Manifest("Strathmere", "999", True, YEAR, "0", 10), tmp_path)
    back = load(path)
    assert sorted(back.tables) == [
        "demand", "effects", "ledger_excluded", "ledger_totals", "services", "spend", "unit_costs",
    ]  # fmt: skip
    assert pence(back.frame("spend"), "amount_gbp") == pence(found.table("spend").frame, "amount_gbp")


# Conservation, whatever the register, the map and the lines


@st.composite
def worlds(draw: st.DrawFn) -> Records:
    ids = [f"S{k:03d}" for k in range(draw(st.integers(1, 6)))]
    cuts = st.lists(st.integers(0, 100_00), min_size=4, max_size=4).map(sorted)
    services = []
    for sid in ids:
        ends = [0, *draw(cuts), 100_00]
        shares = tuple((b - a) / 100 for a, b in pairwise(ends))
        group, tag = draw(st.sampled_from(["A", "B", ""])), draw(st.sampled_from(["high", "medium", "low"]))
        served = draw(st.one_of(st.none(), st.integers(0, 60)))
        services.append(service(sid, shares, served, parent_group=group, tag_confidence=tag))
    services.append(service("S900", served=500))
    ledgers, claims = {}, []
    for stem in draw(st.lists(st.sampled_from(["ledger_a", "ledger_b", "ledger_c"]), min_size=1, unique=True)):
        centres = [str(k) for k in range(draw(st.integers(1, 6)))]
        amounts = st.integers(-(10**9), 10**10)
        ledgers[stem] = ledger(*((c, draw(amounts)) for c in [*centres, *draw(st.lists(st.sampled_from(centres), max_size=3))]))
        for centre in centres:
            left = 100_00
            for sid in draw(st.lists(st.sampled_from([*ids, "", "excluded"]), max_size=4)):
                part = draw(st.integers(1, left)) if left else 0
                left -= part
                reason = "Not for children" if sid == "excluded" else ""
                payer = draw(st.sampled_from(["nhs_board", "council_education"]))
                if part:
                    claims.append(claim(centre, "" if reason else sid, part / 100, reason, stem, agency=payer))
    return records(services, ledgers, draw(st.permutations(claims)))


@settings(max_examples=50, deadline=None)
@given(worlds())
def test_every_penny_arrives_once_and_no_small_service_is_shown_whatever_the_splits(world: Records) -> None:
    found = map_spend(world)
    totals, spend = found.table("ledger_totals").frame, found.table("spend").frame
    lines = {stem: int(frame["amount_pence"].sum()) for stem, frame in world.ledgers.items()}
    for row in totals.to_dict("records"):
        parts = [round(Decimal(repr(row[c])) * 100) for c in ("mapped", "excluded", "unmapped")]
        assert sum(parts) == lines[row["ledger"]] == round(Decimal(repr(row["control_total"])) * 100)
        assert row["difference"] == 0
    assert pence(spend, "amount_gbp") == pence(totals, "mapped")
    assert pence(found.table("ledger_excluded").frame, "amount") == pence(totals, "excluded")
    _no_published_service_is_small(world, found)


def _no_published_service_is_small(world: Records, found: SpendMap) -> None:
    frame = found.table("services").frame
    assert set(found.table("spend").frame["service_id"]) <= set(frame["service_id"])
    assert (frame["children_served"].dropna() >= 10).all()
    assert (frame[[f"pct_{level}" for level in LEVELS]].sum(axis=1).round(6) == 100).all()
    assert int(frame["services_merged"].sum()) == len(world.services)
