"""Claims about money: every penny arrives once, joined by code, and no small service can be worked out."""

from dataclasses import dataclass, field
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
from rcs_core.errors import ContractError, DisclosureError
from rcs_core.records.ingest import ingest
from rcs_core.records.ledgers import SpendMap, map_spend
from rcs_core.records.ledgers.parts import split
from rcs_core.release import Manifest, load, save

LEVELS = ("primary", "secondary", "tertiary", "responsive", "other")
YEAR = "2025-26"


@dataclass(frozen=True)
class Records:
    """Only what the mapping of money reads."""

    services: pd.DataFrame
    ledgers: dict[str, pd.DataFrame]
    ledger_columns: dict[str, dict[str, Any]]
    ledger_map: pd.DataFrame
    effects: pd.DataFrame
    demand: pd.DataFrame
    partnership: dict[str, Any] = field(default_factory=lambda: {"price_year": YEAR})


def service(sid: str, split: tuple[float, ...] = (100, 0, 0, 0, 0), served: int | None = 50, **other: Any) -> dict[str, Any]:
    row = {
        "service_id": sid, "service_name": f"Service {sid}", "parent_group": "Family support", "provider": "Council",
        "provider_agency": "council_social_work", "funder_agency": "council_social_work",
        "commissioner_agency": "council_social_work", "childrens_or_related": "childrens", "reach": "selective",
        "intensity": "additional", "tag_confidence": "high", "tagged_by": "planning officer", "tagged_on": "2026-04-20",
        "children_served": served, "capacity": served, "unit_of_activity": "child", "statutory_basis": "discretionary",
        "act_and_section": "", "contract_type": "in_house", "contract_end": "", "notice_months": 3, "staff_share_pct": 70.0,
        "evidence_rating": "none", "evidence_source": "", "shanarri": "safe", "domain": "family",
    }  # fmt: skip
    return {**row, **{f"pct_{level}": part for level, part in zip(LEVELS, split, strict=True)}, **other}


def claim(centre: str, sid: str = "", pct: float = 100, reason: str = "", ledger: str = "ledger_council", **other: Any) -> dict:
    row = {"ledger": ledger, "cost_centre": centre, "service_id": sid, "agency": "council_social_work" if sid else "", "pct": pct}
    kinds = {"money_kind": "existing", "recurring": "yes", "revenue_or_capital": "revenue"}
    return {**row, "excluded_because": reason, **kinds, **other}


def ledger(*lines: tuple[str, int], text: str = "Placement A") -> pd.DataFrame:
    return pd.DataFrame([(c, f"{text} {c}", p) for c, p in lines], columns=["cost_centre", "description", "amount_pence"])


DEMAND = ["service_id", "year", "children", "unit", "unit_cost_gbp", "unit_cost_source", "cashable_pct", "cashable_state"]
EFFECTS = [
    "service_id", "acts_on", "children_averted_per_100", "low", "high", "unit", "lag_years", "retention", "state", "source",
    "note",
]  # fmt: skip


def records(
    services: list[dict], ledgers: dict[str, pd.DataFrame], claims: list[dict], demand: Any = (), effects: Any = (), **change: Any
) -> Records:
    columns = {
        stem: {"control_total_gbp": str(Decimal(int(frame["amount_pence"].sum())) / 100), "financial_year": YEAR}
        for stem, frame in ledgers.items()
    }
    made = {
        "services": pd.DataFrame(services), "ledgers": ledgers, "ledger_columns": columns,
        "ledger_map": pd.DataFrame(claims, columns=list(claim("1"))), "effects": pd.DataFrame(effects, columns=EFFECTS),
        "demand": pd.DataFrame(demand, columns=DEMAND),
    }  # fmt: skip
    return Records(**{**made, **change})


def pence(frame: pd.DataFrame, column: str) -> int:
    return sum(round(Decimal(repr(float(v))) * 100) for v in frame[column])


def spend_of(found: SpendMap) -> dict[tuple[str, str], int]:
    frame = found.table("spend").frame
    return {(s, level): pence(rows, "amount_gbp") for (s, level), rows in frame.groupby(["service_id", "level"]) if len(rows)}


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


# Small services


def small_world(*services: dict, demand: Any = (), effects: Any = (), amount: int = 100_000_00) -> SpendMap:
    lines = [(s["service_id"], amount) for s in services]
    claims = [claim(s["service_id"], s["service_id"]) for s in services]
    return map_spend(records(list(services), {"ledger_council": ledger(*lines)}, claims, demand, effects))


def published(found: SpendMap) -> dict[str, int]:
    frame = found.table("services").frame
    return {str(s): int(n) for s, n in zip(frame["service_id"], frame["children_served"], strict=True)}


def test_small_services_are_merged_within_their_parent_group() -> None:
    found = small_world(service("S001", served=40), service("S002", served=4), service("S003", served=7))
    assert published(found) == {"S001": 40, "M_family_support": 11}
    assert spend_of(found) == {("S001", "primary"): 100_000_00, ("M_family_support", "primary"): 200_000_00}


def test_a_group_that_stays_small_goes_to_the_other_services_of_its_agency() -> None:
    found = small_world(
        service("S001", served=40),
        service("S002", served=4, parent_group="Respite"),
        service("S003", served=7, parent_group="Secure care"),
    )
    assert published(found) == {"S001": 40, "M_other_council_social_work": 11}
    names = found.table("services").frame.set_index("service_id")["service_name"]
    assert names["M_other_council_social_work"] == "Other services: Council: social work (2)"


def test_what_fits_nowhere_takes_the_smallest_service_along() -> None:
    found = small_world(service("S001", served=40), service("S002", served=4), service("S003", served=12))
    assert published(found) == {"S001": 40, "M_other": 16}


def test_what_fits_nowhere_joins_a_merged_group_before_it_takes_a_service_along() -> None:
    found = small_world(
        service("S001", served=40),
        service("S002", served=5),
        service("S003", served=6),
        service("S004", served=2, parent_group="Respite", funder_agency="nhs_board"),
    )
    assert published(found) == {"S001": 40, "M_other": 13}


def test_a_register_too_small_to_show_is_refused() -> None:
    with pytest.raises(DisclosureError, match="too few children"):
        small_world(service("S001", served=3), service("S002", served=2))


def test_not_known_is_not_enough_unless_the_service_is_for_every_child() -> None:
    found = small_world(
        service("S001", served=40),
        service("S002", served=None),
        service("S003", served=11),
        service("S004", served=None, reach="universal"),
    )
    frame = found.table("services").frame.set_index("service_id")["children_served"]
    assert frame["M_other"] is pd.NA
    assert frame["S004"] is pd.NA
    assert frame["S001"] == 40
    assert "S003" not in frame.index


def cost(sid: str, year: str, children: float, unit_cost: float | None) -> tuple:
    return sid, year, children, "child_years", unit_cost, "spend over child-years", 40.0, "group_estimate"


def test_a_caseload_that_spend_over_unit_cost_gives_away_is_merged() -> None:
    demand = [cost("S001", YEAR, 40, 2_500.0), cost("S002", YEAR, 30, 12_500.0)]
    found = small_world(service("S001"), service("S002"), service("S003", served=2), demand=demand)
    # S002: 100,000 over 12,500 is 8 children, although its register says 50; with the 2 of S003 it makes 10.
    assert set(published(found)) == {"S001", "M_family_support"}
    assert found.table("unit_costs").frame["service_id"].tolist() == ["S001"]
    assert "S002" not in set(found.table("demand").frame["service_id"])


def test_a_small_year_of_demand_merges_the_service_and_is_never_published() -> None:
    demand = [cost("S001", "2024-25", 6, 3_000.0), cost("S001", YEAR, 14, 3_000.0), cost("S002", YEAR, 5, None)]
    found = small_world(service("S001", served=14), service("S002", served=5), service("S003"), demand=demand)
    assert published(found) == {"M_family_support": 19, "S003": 50}
    assert found.table("demand").frame.to_dict("records") == [
        {"service_id": "M_family_support", "year": YEAR, "children": 19.0, "unit": "child_years"}
    ]
    assert found.table("unit_costs").frame.empty


def test_the_latest_unit_cost_is_kept_with_its_main_payer() -> None:
    demand = [cost("S001", YEAR, 40, None), cost("S001", "2024-25", 41, 2_400.0), cost("S001", "2023-24", 41, 2_300.0)]
    found = map_spend(
        records(
            [service("S001")],
            {"ledger_council": ledger(("1", 100_000_00))},
            [claim("1", "S001", 40), claim("1", "S001", 60, agency="nhs_board")],
            demand,
        )
    )
    assert found.table("unit_costs").frame.iloc[0].tolist() == [
        "S001", 2_400.0, "spend over child-years", 40.0, "group_estimate", "nhs_board",
    ]  # fmt: skip


def test_effects_of_and_on_merged_services_are_left_out_with_a_note() -> None:
    def effect(one: str, other: str) -> tuple:
        return one, other, 5.0, 2.0, 8.0, "child_years", 1, 0.5, "published_elsewhere", "a study", ""

    found = small_world(
        service("S001"),
        service("S002"),
        service("S003", served=5),
        service("S004", served=5),
        effects=[effect("S002", "S001"), effect("S002", "S003"), effect("S004", "S001")],
    )
    assert found.table("effects").frame[["service_id", "acts_on"]].to_numpy().tolist() == [["S002", "S001"]]
    assert sum("evidence_of_effect.csv" in note for note in found.notes) == 2


def test_a_merged_service_keeps_only_what_its_members_share_and_the_lowest_confidence() -> None:
    found = small_world(
        service("S001"),
        service("S002", (100, 0, 0, 0, 0), 5, provider="Aberlea Trust", tag_confidence="low"),
        service("S003", (0, 0, 0, 100, 0), 6, contract_end="2027-03-31", notice_months=6),
    )
    merged = found.table("services").frame.set_index("service_id").loc["M_family_support"]
    assert [merged[c] for c in ("provider", "contract_end", "statutory_basis", "tag_confidence")] == [
        "",
        "",
        "discretionary",
        "low",
    ]
    assert merged["notice_months"] is pd.NA
    assert [merged[f"pct_{level}"] for level in LEVELS] == [50, 0, 0, 50, 0]
    assert set(found.table("spend").frame.query("service_id == 'M_family_support'")["confidence"]) == {"low"}


def test_a_seven_place_unit_keeps_its_places_to_itself() -> None:
    frame = small_world(service("S001", served=30, capacity=7), service("S002", capacity=10)).table("services").frame
    assert frame["capacity"].tolist() == [pd.NA, 10]


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
