"""Claims about what published money gives away: no figure, and none over another, is a number of children under ten."""

from fractions import Fraction
from itertools import combinations
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.errors import DisclosureError
from rcs_core.records.ledgers import SpendMap, map_spend
from rcs_core.records.ledgers.allocate import allocate
from rcs_core.records.ledgers.gate import refuse_small
from rcs_core.records.ledgers.merge import find_homes
from rcs_core.release import Table
from tests.records.money_case import YEAR, Records, claim, cost, ledger, pence, records, service, small_world

COUNCIL = "ledger_council"
SPOT = {"contract_type": "spot_purchase"}
FIELDS = ["agency", "money_kind", "recurring"]


def world(services: list[dict], lines: list[tuple[str, int]], claims: list[dict], demand: Any = ()) -> SpendMap:
    return map_spend(records(services, {COUNCIL: ledger(*lines)}, claims, demand))


def shown(found: SpendMap) -> set[str]:
    return set(found.table("services").frame["service_id"])


# One nasty fixture of each kind, and its safe twin


def shared(nhs: int) -> SpendMap:
    """S001 costs £50,000 a child-year and has 40 children; the NHS board pays `nhs` halves of one per cent of it."""
    claims = [claim("1", "S001", 100 - nhs / 2), claim("1", "S001", nhs / 2, agency="nhs_board"), claim("2", "S002", 100)]
    lines = [("1", 2_000_000_00), ("2", 100_000_00)]
    return world(
        [service("S001"), service("S002"), service("S003", served=900)], lines, claims, [cost("S001", YEAR, 40, 50_000.0)]
    )


def test_a_payers_part_of_fewer_than_ten_places_is_not_shown() -> None:
    assert shown(shared(nhs=45)) == {"M_other", "S003"}
    assert shown(shared(nhs=50)) == {"S001", "S002", "S003"}


def test_a_merged_service_leaves_no_unit_cost_no_demand_and_no_effect_under_its_own_id() -> None:
    found = shared(nhs=45)
    assert found.table("unit_costs").frame.empty
    assert found.table("demand").frame["service_id"].tolist() == ["M_other"]
    assert found.table("spend").frame.groupby("service_id")["amount_gbp"].sum().to_dict() == {"M_other": 2_100_000.0}


def test_a_payers_part_over_the_average_of_spend_and_caseload_is_not_shown_either() -> None:
    demand = [cost("S001", YEAR, 40, None)]
    lines = [("1", 2_000_000_00)]
    for nhs, expected in ((20, {"M_other"}), (25, {"S001", "S002"})):
        claims = [claim("1", "S001", 100 - nhs), claim("1", "S001", nhs, agency="nhs_board")]
        assert shown(world([service("S001"), service("S002")], lines, claims, demand)) == expected


def test_money_of_one_kind_that_buys_fewer_than_ten_places_is_not_shown() -> None:
    demand, lines = [cost("S001", YEAR, 40, 50_000.0)], [("1", 1_600_000_00), ("2", 400_000_00)]
    for kind in ({"money_kind": "match"}, {"recurring": "no"}):
        claims = [claim("1", "S001"), claim("2", "S001", **kind)]
        assert shown(world([service("S001"), service("S002")], lines, claims, demand)) == {"M_other"}
    assert shown(world([service("S001"), service("S002")], lines, [claim("1", "S001"), claim("2", "S001")], demand)) == {
        "S001",
        "S002",
    }


def test_building_works_of_the_same_payer_are_no_children_but_those_of_another_payer_would_look_it() -> None:
    demand, lines = [cost("S001", YEAR, 40, 50_000.0)], [("1", 2_000_000_00), ("2", 90_000_00)]
    works = claim("2", "S001", revenue_or_capital="capital", recurring="no", money_kind="new")
    assert "S001" in shown(world([service("S001"), service("S002")], lines, [claim("1", "S001"), works], demand))
    others = {**works, "agency": "council_housing"}
    assert "S001" not in shown(world([service("S001"), service("S002")], lines, [claim("1", "S001"), others], demand))


def placements(*lines: tuple[str, int], **about: Any) -> SpendMap:
    """S001 is bought child by child; S002 has lines of the same payer."""
    claims = [claim(centre, "S001") for centre in dict(lines)] + [claim("9", "S002")]
    services = [service("S001", **SPOT), service("S002"), service("S003")]
    return world(services, [*lines, ("9", 300_000_00)], claims, **about)


def test_a_spot_purchase_with_one_line_is_not_shown() -> None:
    assert "S001" not in shown(placements(("1", 180_000_00)))
    assert "S001" in shown(placements(("1", 180_000_00), ("2", 170_000_00)))


def test_the_months_of_one_placement_are_one_line_and_a_line_that_was_taken_back_is_none() -> None:
    assert "S001" not in shown(placements(("1", 15_000_00), ("1", 15_000_00)))
    assert "S001" not in shown(placements(("1", 180_000_00), ("2", 50_00), ("2", -50_00)))


def test_one_line_for_many_children_is_known_by_what_one_costs() -> None:
    assert "S001" in shown(placements(("1", 1_800_000_00), demand=[cost("S001", YEAR, 12, 150_000.0)]))
    assert "S001" not in shown(placements(("1", 1_350_000_00), demand=[cost("S001", YEAR, 12, 150_000.0)]))


def test_a_line_for_one_placement_does_not_stand_alone_in_a_merged_group_either() -> None:
    """The group of S001 and S002 would show one line of the NHS board, which is the placement: S003 is taken along."""
    services = [
        service("S001", served=6, **SPOT),
        service("S002", served=7),
        service("S003", served=40, parent_group="Health", funder_agency="nhs_board"),
        service("S004", served=30, parent_group="Health"),
    ]
    lines = [("1", 210_000_00), ("2", 90_000_00), ("3", 500_000_00), ("4", 80_000_00)]
    claims = [
        claim("1", "S001", agency="nhs_board"),
        claim("2", "S002"),
        claim("3", "S003", agency="nhs_board"),
        claim("4", "S004"),
    ]
    found = world(services, lines, claims)
    assert shown(found) == {"M_other", "S004"}
    by_payer = found.table("spend").frame.query("service_id == 'M_other'").groupby("agency")["amount_gbp"].sum()
    assert by_payer.to_dict() == {"council_social_work": 90_000.0, "nhs_board": 710_000.0}


def test_a_placement_that_no_other_line_can_be_shown_with_is_refused_with_its_service() -> None:
    lines, claims = [("1", 210_000_00), ("2", 90_000_00)], [claim("1", "S001", agency="police_scotland"), claim("2", "S002")]
    with pytest.raises(DisclosureError, match=r"(?s)one child's placement would stand alone.*S001.*Police Scotland.*To fix"):
        world([service("S001", **SPOT), service("S002")], lines, claims)


def test_an_excluded_line_that_may_be_one_childs_placement_keeps_its_reason_at_the_desk() -> None:
    reason = "Paid on behalf of another partnership"
    lines = [("1", 90_000_00), ("2", 200_000_00), ("3", 150_000_00)]
    one = world([service("S001")], lines, [claim("1", "S001"), claim("2", reason=reason), claim("3", reason="Capital charges")])
    reasons = one.table("ledger_excluded").frame.set_index("reason")["amount"].to_dict()
    assert reasons == {"Capital charges": 150_000.0, "Reason kept at the desk": 200_000.0}
    assert sum("one line may be one child's placement" in note for note in one.notes) == 1
    two = world([service("S001")], lines, [claim("1", "S001"), claim("2", reason=reason), claim("3", reason=reason)])
    assert two.table("ledger_excluded").frame["reason"].tolist() == [reason]


# Confidential prices


def test_a_confidential_price_is_shown_in_a_band_and_nothing_beside_it_gives_it_back() -> None:
    demand = [cost("S001", "2024-25", 41, 177_000.0), cost("S001", YEAR, 40, 182_345.67), cost("S002", YEAR, 50, 2_000.0)]
    services = [service("S001", price_confidential="yes"), service("S002", price_confidential="no")]
    found = small_world(*services, demand=demand, amount=7_293_826_80)
    costs = found.table("unit_costs").frame.set_index("service_id")
    assert pd.isna(costs.loc["S001", "unit_cost_gbp"])
    assert costs.loc["S001", ["unit_cost_from_gbp", "unit_cost_below_gbp"]].tolist() == [150_000, 200_000]
    assert costs.loc["S002", "unit_cost_gbp"] == 2_000
    assert found.table("demand").frame["service_id"].tolist() == ["S002"]
    about = found.table("services").frame.set_index("service_id")
    assert about.loc["S001", ["children_served", "capacity"]].isna().all()
    assert about["price_confidential"].to_dict() == {"S001": "yes", "S002": "no"}
    assert about.loc["S002", "children_served"] == 50
    assert not any("182" in table.frame.to_csv() or "spend over" in str(costs.loc["S001", "source"]) for table in found.tables)
    assert any(note.startswith("S001 Service S001: its price is confidential") for note in found.notes)


def test_a_confidential_price_stays_one_inside_a_merged_group() -> None:
    services = [service("S001", served=6, price_confidential="yes"), service("S002", served=8, price_confidential="")]
    found = small_world(*services, service("S003"), demand=[cost("S001", YEAR, 6, 9_000.0)])
    group = found.table("services").frame.set_index("service_id").loc["M_family_support"]
    assert pd.isna(group["children_served"])
    assert group["price_confidential"] == "yes"
    assert found.table("unit_costs").frame.empty
    assert found.table("demand").frame.empty


def test_a_register_that_says_nothing_of_confidential_prices_gives_the_tables_it_always_gave() -> None:
    found = small_world(service("S001"), demand=[cost("S001", YEAR, 40, 2_000.0)])
    assert "price_confidential" not in found.table("services").frame
    assert found.table("unit_costs").frame.columns[-1] == "payer_agency"


# The last look


def test_the_last_look_refuses_each_kind_of_table_that_slipped_through() -> None:
    good = {t.name: t for t in shared(nhs=50).tables}
    refuse_small(list(good.values()), 10)

    def slipped(name: str, **columns: Any) -> list[Table]:
        frame = good[name].frame.assign(**columns)
        return [Table(t.name, t.title, frame if t.name == name else t.frame) for t in good.values()]

    for name, column, value, said in (
        ("services", "children_served", 9, "children_served of S001 is too small"),
        ("services", "capacity", 7, "capacity of S001 is too small"),
        ("demand", "children", 9.5, "children of S001 is too small"),
        ("unit_costs", "unit_cost_gbp", 60_000.0, "what NHS board pays, over its unit cost"),
        ("unit_costs", "service_id", "S404", "unit_costs has S404, which is not published by itself"),
        ("services", "services_merged", 2, "unit_costs has S001, which is not published by itself"),
    ):
        with pytest.raises(DisclosureError, match=said):
            refuse_small(slipped(name, **{column: value}), 10)


# Whatever the register, the payers, the kinds and the caseloads: brute force over the published tables


def _service(draw: st.DrawFn, sid: str) -> dict:
    about = {
        "served": draw(st.sampled_from([300, 80, 90, 60, 70, 65, 9, None])),
        "parent_group": draw(st.sampled_from(["A", "B"])),
        "contract_type": draw(st.sampled_from(["contract", "grant", "spot_purchase"])),
        "price_confidential": draw(st.sampled_from(["no", "", "yes"])),
    }
    return {**service(sid, **about), "capacity": draw(st.sampled_from([None, 40, 50, 60, 10, 7]))}


KINDS = [
    {"agency": agency, "money_kind": kind, "revenue_or_capital": sort}
    for agency in ("nhs_board", "council_social_work")
    for kind in ("existing", "match")
    for sort in ("revenue", "capital")
]


@st.composite
def worlds(draw: st.DrawFn) -> Records:
    """A few services whose places are paid by a few lines each, and a large service with a line of every payer and kind."""
    ids = [f"S{k:03d}" for k in range(draw(st.integers(1, 4)))]
    services, lines, claims, demand = [_service(draw, sid) for sid in ids], [], [], []
    for sid in ids:
        price = draw(st.sampled_from([999.99, 10_000.0, 33_333.33, None]))
        parts = draw(st.lists(st.sampled_from([25.0, 60.0, 120.0, 10.0, 9.9, 6.0, -0.5]), min_size=1, max_size=3))
        for k, places in enumerate(parts):
            lines.append((f"{sid}-{k}", round(places * (price or 5_000) * 100)))
            claims.append(claim(f"{sid}-{k}", sid, draw(st.sampled_from([100, 100, 40])), **draw(st.sampled_from(KINDS))))
        for year, count in ((YEAR, sum(parts)), ("2024-25", draw(st.sampled_from([35.0, 30.0, 10.0, 4.0])))):
            if draw(st.booleans()):
                demand.append(cost(sid, year, max(count, 0.0), price))
    for k, kind in enumerate(KINDS):
        lines.append((f"large-{k}", 700_000_00))
        claims.append(claim(f"large-{k}", "S900", **kind))
    services.append(service("S900", served=500, parent_group="A", price_confidential="no"))
    return records(services, {COUNCIL: ledger(*lines)}, claims, demand)


@settings(max_examples=50, deadline=None)
@given(worlds())
def test_no_figure_and_no_pair_of_figures_gives_a_number_under_ten(made: Records) -> None:
    found = map_spend(made)
    totals, spend = found.table("ledger_totals").frame, found.table("spend").frame
    assert pence(spend, "amount_gbp") == pence(totals, "mapped")
    assert pence(totals, "control_total") == int(made.ledgers[COUNCIL]["amount_pence"].sum())
    about = found.table("services").frame
    assert all(n >= 10 for column in ("children_served", "capacity") for n in about[column].dropna())
    assert all(n >= 10 for n in found.table("demand").frame["children"])
    parts = every_part(spend)
    for row in found.table("unit_costs").frame.to_dict("records"):
        price = row["unit_cost_gbp"] if pd.notna(row["unit_cost_gbp"]) else row["unit_cost_from_gbp"]
        for part in parts.get(row["service_id"], []):
            assert part <= 0 or Fraction(part, 100) >= 10 * Fraction(repr(price)), row


def every_part(spend: pd.DataFrame) -> dict[str, list[int]]:
    """Pence, by service, of every sum of published rows that one could ask for: all money by payer, revenue by any columns."""
    rows = spend.to_dict("records")
    parts: dict[tuple, int] = {}
    for size in range(len(FIELDS) + 1):
        for some in combinations(FIELDS, size):
            for row in rows:
                amount, cell = round(row["amount_gbp"] * 100), (some, *(row[c] for c in some))
                for sort in ("all", "revenue"):
                    if sort == row["revenue_or_capital"] or (sort == "all" and some in ((), ("agency",))):
                        key = (row["service_id"], sort, cell)
                        parts[key] = parts.get(key, 0) + amount
    return {sid: [part for (owner, *_), part in parts.items() if owner == sid] for sid in set(spend["service_id"])}


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_no_published_money_rests_on_one_line_of_a_service_bought_child_by_child(made: Records) -> None:
    homes = find_homes(made, allocate(made).lines, 10).home_of()
    spot = set(made.services.loc[made.services["contract_type"] == "spot_purchase", "service_id"])
    lines = made.ledgers[COUNCIL].query("amount_pence != 0").set_index("cost_centre")["amount_pence"]
    claims = made.ledger_map[made.ledger_map["cost_centre"].isin(lines.index)]
    behind = claims.assign(home=[homes[s].id for s in claims["service_id"]])
    costs = made.demand.groupby("service_id")["unit_cost_gbp"].max()
    for _, cell in behind.groupby(["home", *FIELDS, "revenue_or_capital"]):
        if len(cell) == 1 and (sid := cell["service_id"].iloc[0]) in spot:
            paid = lines[cell["cost_centre"].iloc[0]] * cell["pct"].iloc[0] / 100
            assert paid / 100 / costs.get(sid, float("nan")) >= 9.99
