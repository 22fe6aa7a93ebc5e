"""Claims about the spend map: what is said agrees with arithmetic done apart, and nothing is quietly left out."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pandas as pd
import pytest

from rcs_core.release import Release, Table, load
from rcs_core.workshop import spend_map
from rcs_core.workshop.spend_map import Choice
from rcs_core.workshop.spend_map.money import exact, gbp, percent
from tests.conftest import Home
from tests.tiny_money import SERVICES, UNMAPPED
from tests.tiny_release import tiny_release

MAPPED = sum(Decimal(str(s[-1])) for s in SERVICES)
LEFT = sum(Decimal(str(v)) for v in UNMAPPED.values())


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return load(tiny_release(tmp_path_factory.mktemp("release")))


def changed(release: Release, **frames: pd.DataFrame) -> Release:
    tables = {name: replace(release.tables[name], frame=frame) for name, frame in frames.items() if name in release.tables}
    new = {name: Table(name, name, frame) for name, frame in frames.items() if name not in release.tables}
    return replace(release, tables=MappingProxyType({**release.tables, **tables, **new}))


def prevents(rows: list[tuple]) -> Decimal:
    return sum((Decimal(str(s[-1])) * sum(s[7][:3]) / 100 for s in rows), Decimal(0))


def share(part: Decimal, whole: Decimal) -> float:
    return float(100 * part / whole)


def test_the_total_names_its_number_year_base_prices_and_source(release: Release) -> None:
    total = spend_map.total(release)
    assert total.sentence == "The agencies of Strathmere invest £14.8 million in services for children in 2025-26."
    assert f"11 services, £{MAPPED:,.2f}: all of it existing money" in total.basis
    assert f"Not in it: £{LEFT:,.2f} not mapped to any service yet and £1,470,000.00 left out with a reason" in total.basis
    assert "Prices of 2025-26. Source: council, NHS, police and third sector ledgers" in total.basis


def test_spend_per_pupil_is_said_only_where_the_whole_roll_is_known(release: Release) -> None:
    assert any(
        "does not hold the number of pupils" in c for c in spend_map.caveats(release, Choice(), spend_map.prevention(release))
    )
    row = pd.DataFrame(
        [{"id": "pupils_on_roll", "text": "", "value": 20_000.0, "unit": "pupils", "state": "measured", "source": "x"}]
    )
    known = changed(release, assumptions=pd.concat([release.frame("assumptions"), row], ignore_index=True))
    assert "£739 for each of 20,000 pupils on the roll" in spend_map.total(known).sentence
    assert "roll" not in spend_map.total(known, Choice("nhs_board")).sentence


def test_kinds_of_money_are_never_silently_mixed(release: Release) -> None:
    frame = release.frame("spend")
    frame.loc[frame["service_id"] == "S010", "money_kind"] = "in_kind"
    basis = spend_map.total(changed(release, spend=frame)).basis
    assert "£14,675,751.25 existing money and £94,300.75 contributions in kind" in basis


def test_the_prevention_share_is_the_range_that_tags_and_mapping_allow(release: Release) -> None:
    found = spend_map.prevention(release)
    base = MAPPED + LEFT
    high_tags = [s for s in SERVICES if s[8] == "high"]
    unsure = [s for s in SERVICES if s[8] != "high"]
    assert found.base == int(base * 100)
    assert found.low == pytest.approx(share(prevents(high_tags), base), abs=0.051)
    assert found.tagged == pytest.approx(share(prevents(SERVICES), base), abs=0.051)
    assert found.high == pytest.approx(share(prevents(SERVICES) + LEFT, base), abs=0.051)
    every_unsure = sum(Decimal(str(s[-1])) for s in unsure)
    assert found.widest_high == pytest.approx(share(prevents(high_tags) + every_unsure + LEFT, base), abs=0.051)
    assert found.low <= found.tagged <= found.high <= found.widest_high
    assert found.view.headline.sentence == "Between 6% and 53% of the money is prevention in 2025-26; as tagged it is 49%."
    assert (
        f"Unmapped money (£{LEFT:,.2f}) counts as not prevention in the low figure and as prevention" in found.view.headline.basis
    )


def with_schooling(release: Release) -> Release:
    """A tenth service group as in a real register: a million pounds of teaching, tagged neither way."""
    row = release.frame("spend").iloc[[0]].assign(service_id="S006", level="other", amount_gbp=1_000_000.0, confidence="high")
    return changed(release, spend=pd.concat([release.frame("spend"), row], ignore_index=True))


def test_spend_tagged_neither_way_can_be_set_aside_and_its_amount_is_said(release: Release) -> None:
    more, choice = with_schooling(release), Choice(sided=True)
    assert "£1,000,000.00 tagged neither prevention nor responsive" in spend_map.total(more, choice).basis
    assert spend_map.spend(more, choice)["pence"].sum() == int(MAPPED * 100)
    apart, plain = spend_map.prevention(more, choice), spend_map.prevention(release)
    assert (apart.low, apart.high, apart.base) == (plain.low, plain.high, plain.base)
    assert "of what is tagged prevention or responsive is prevention" in apart.view.headline.sentence


def test_the_share_that_a_shift_is_measured_by_stands_beside_the_share_of_all_spend(release: Release) -> None:
    basis = spend_map.prevention(with_schooling(release)).view.headline.basis
    assert (
        f"Of the £14.8 million tagged prevention or responsive, {share(prevents(SERVICES), MAPPED):.0f}% is prevention" in basis
    )


def test_money_tagged_for_certain_and_all_mapped_has_a_share_and_no_range(release: Release) -> None:
    totals = release.frame("ledger_totals").assign(unmapped=0.0)
    sure = changed(release, spend=release.frame("spend").assign(confidence="high"), ledger_totals=totals)
    found = spend_map.prevention(sure)
    assert found.low == found.tagged == found.high == found.widest_high
    assert found.view.headline.sentence == "51% of the money is prevention in 2025-26."
    assert not any("both ways" in line for line in spend_map.caveats(sure, Choice(), found))


def test_levels_and_unmapped_money_add_up_to_the_base(release: Release) -> None:
    numbers = spend_map.prevention(release).view.numbers
    parts = numbers[numbers["Level"] != "All three levels of prevention"]
    assert round(parts["Spend as tagged (£)"].sum(), 2) == float(MAPPED + LEFT)
    assert parts["As tagged (%)"].sum() == pytest.approx(100, abs=0.3)
    assert round(spend_map.prevention(release).view.points["pounds"].sum(), 2) == float(MAPPED + LEFT)


def test_payers_add_up_to_what_is_mapped_and_unmapped_money_is_a_bar_of_its_own(release: Release) -> None:
    view = spend_map.by_agency(release)
    numbers = view.numbers.set_index("Payer")["Spend (£)"]
    assert numbers["NHS board"] == 2_891_000.00
    assert numbers["Not mapped to a service"] == float(LEFT)
    assert round(numbers.sum(), 2) == float(MAPPED + LEFT) == round(view.points["pounds"].sum(), 2)
    assert view.headline.sentence.startswith("The largest of 6 payers is Council: social work, with £6.0 million in 2025-26: 41%")
    assert view.points["label"].iloc[-1] == "Not mapped to a service · £570,630"


def test_one_payer_is_looked_at_without_money_that_belongs_to_nobody_yet(release: Release) -> None:
    choice = Choice(spend_map.payers(release)["Third sector"])
    assert spend_map.total(release, choice).sentence == "Third sector pays £61,500 in services for children in 2025-26."
    found = spend_map.prevention(release, choice)
    assert (found.low, found.high, found.base) == (0.0, 100.0, 6_150_040)
    assert "Not mapped to a service" not in set(spend_map.by_agency(release, choice).points["label"])
    assert any("belongs to no payer" in line for line in spend_map.caveats(release, choice, found))


def test_childrens_and_related_services_can_be_told_apart_where_the_register_has_both(release: Release) -> None:
    assert spend_map.relations(release) == {}
    services = release.frame("services")
    services.loc[services["service_id"] == "S006", "childrens_or_related"] = "related"
    both = changed(release, services=services)
    assert spend_map.relations(both) == {"Children's services": "childrens", "Related services": "related"}
    amounts = [spend_map.spend(both, Choice("", kind))["pence"].sum() for kind in ("childrens", "related")]
    assert amounts == [int(MAPPED * 100) - 39_800_000, 39_800_000]


def test_a_choice_without_money_says_so_and_draws_nothing(release: Release) -> None:
    choice = Choice("nhs_board", "related")
    assert spend_map.prevention(release, choice).view.headline.sentence.startswith("No share can be given")
    assert spend_map.by_agency(release, choice).headline.sentence == "No money is mapped to these services."
    assert spend_map.by_agency(release, choice).points.empty


def test_the_ledgers_are_reconciled_in_pounds_and_pence(release: Release) -> None:
    found = spend_map.reconciliation(release)
    whole = MAPPED + LEFT + Decimal("1470000")
    assert (
        f"All 4 ledgers agree with their control totals to the penny: £{whole:,.2f} = £{MAPPED:,.2f} mapped"
        in found.headline.sentence
    )
    assert found.lines[1] == (
        "NHS ledger: control total £3,261,000.00 = mapped £2,891,000.00 + left out £220,000.00 + not mapped £150,000.00; "
        "difference £0.00."
    )
    assert found.numbers["Ledger"].tolist() == ["Council", "NHS", "Police", "Third sector"]


def test_a_ledger_that_does_not_agree_is_said_and_not_smoothed_over(release: Release) -> None:
    totals = release.frame("ledger_totals")
    totals.loc[0, ["control_total", "difference"]] = [13_385_631.06, 0.01]
    found = spend_map.reconciliation(changed(release, ledger_totals=totals))
    assert found.headline.sentence.startswith("1 of 4 ledgers does not agree with its control total")
    assert found.lines[0].endswith("difference £0.01.")


def test_all_money_out_of_the_figures_is_listed_with_its_reason(release: Release) -> None:
    frame = spend_map.left_out(release)
    assert round(frame["Amount (£)"].sum(), 2) == float(LEFT + Decimal("1470000"))
    assert spend_map.left_out_headline(release).sentence == (
        "£570,630 is not mapped to any service yet, and £1.5 million was left out with a reason."
    )


def test_merged_services_are_counted_in_what_the_page_does_not_show(release: Release) -> None:
    services = release.frame("services").assign(services_merged=1)
    services.loc[0, "services_merged"] = 4
    lines = spend_map.caveats(changed(release, services=services), Choice(), spend_map.prevention(release))
    assert any(line.startswith("4 services with fewer than 10 children") and "1 merged group" in line for line in lines)


def test_a_confidential_price_is_the_reason_why_children_served_are_blank(release: Release) -> None:
    services = release.frame("services").assign(price_confidential="no")
    plain = spend_map.caveats(changed(release, services=services), Choice(), spend_map.prevention(release))
    services.loc[0, "price_confidential"] = "yes"
    lines = spend_map.caveats(changed(release, services=services), Choice(), spend_map.prevention(release))
    assert [line for line in lines if line not in plain] == [
        "Children served are not shown for 1 service of a confidential price: over the spend they are the price."
    ]


def test_a_release_without_money_is_known_for_one(tmp_path: Path, release: Release) -> None:
    assert spend_map.has_money(release)
    assert not spend_map.has_money(load(tiny_release(tmp_path, money=False)))


def test_nothing_is_called_a_saving(release: Release) -> None:
    found = spend_map.prevention(release)
    said = [spend_map.total(release).basis, found.view.headline.basis, *spend_map.caveats(release, Choice(), found)]
    assert not any("saving" in line.lower() for line in said)


@pytest.mark.parametrize(
    ("pence", "said", "whole"),
    [
        (0, "£0", "£0.00"),
        (99_949, "£999", "£999.49"),
        (100_000_000, "£1.0 million", "£1,000,000.00"),
        (-12_345, "-£123", "-£123.45"),
    ],
)
def test_amounts_are_said_one_way(pence: int, said: str, whole: str) -> None:
    assert (gbp(pence), exact(pence)) == (said, whole)


def test_a_share_of_nothing_is_nothing() -> None:
    assert percent(1, 0) == 0.0


def test_the_example_of_the_method_page_holds(release: Release) -> None:
    row = release.frame("spend").iloc[0]
    parts = [("primary", "high", 20.0), ("secondary", "low", 30.0), ("responsive", "low", 25.0), ("other", "high", 15.0)]
    rows = [{**row, "level": level, "confidence": tag, "amount_gbp": amount} for level, tag, amount in parts]
    totals = release.frame("ledger_totals").iloc[:1].assign(control_total=100.0, mapped=90.0, excluded=0.0, unmapped=10.0)
    found = spend_map.prevention(changed(release, spend=pd.DataFrame(rows), ledger_totals=totals))
    assert (found.low, found.tagged, found.high, found.widest_high) == (20.0, 50.0, 60.0, 85.0)


def test_the_kinds_of_service_and_what_is_in_neither_add_up_to_all_spend(home: Home) -> None:
    release = load(home.release)
    kinds = [Choice(relation=code) for code in spend_map.relations(release).values()]
    chosen = sum(int(spend_map.spend(release, kind)["pence"].sum()) for kind in kinds)
    [said] = [line for line in spend_map.caveats(release, kinds[0], spend_map.prevention(release, kinds[0])) if "Merged" in line]
    neither = int(re.sub(r"\D", "", said.split("£")[1].split(")")[0]))
    assert len(kinds) == 2
    assert chosen + neither == int(spend_map.spend(release)["pence"].sum())
