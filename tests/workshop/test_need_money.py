"""Claims about need beside money: each pound once, ranges that hold, children only from a published roll, no claim of cause."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from statistics import median
from types import MappingProxyType

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.release import Cell, Release, Table, load
from rcs_core.vocab import CellState, Domain
from rcs_core.workshop import need_money
from rcs_core.workshop.evidence import Share
from rcs_core.workshop.need_money import Outcome, Range, Side
from rcs_core.workshop.need_money.outcomes import NO_OUTCOME
from rcs_core.workshop.need_money.per_child import children_in_need
from tests.tiny_money import SERVICES
from tests.tiny_release import INDICATORS, tiny_release

S1 = "pupil_s1_s4"
DOMAIN_OF = {s[0]: s[-2] for s in SERVICES}
AMOUNT = {s[0]: Decimal(str(s[-1])) for s in SERVICES}
MAPPED = sum(AMOUNT.values())


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return load(tiny_release(tmp_path_factory.mktemp("release")))


def changed(release: Release, **frames: pd.DataFrame) -> Release:
    tables = {name: replace(release.tables[name], frame=frame) for name, frame in frames.items() if name in release.tables}
    new = {name: Table(name, name, frame) for name, frame in frames.items() if name not in release.tables}
    return replace(release, tables=MappingProxyType({**release.tables, **tables, **new}))


def with_domains(release: Release, **domains: str) -> Release:
    services = release.frame("services")
    services["domain"] = [
        domains.get(str(sid), domain) for sid, domain in zip(services["service_id"], services["domain"], strict=True)
    ]
    return changed(release, services=services)


def spent(release: Release, code: str, by: Outcome = Outcome.DOMAIN) -> need_money.OutcomeSpend:
    return next(o for o in need_money.outcomes(release, by) if o.code == code)


def pence(*services: str) -> int:
    return int(sum(AMOUNT[s] for s in services) * 100)


def test_every_outcome_has_its_services_money_worked_out_apart(release: Release) -> None:
    by_hand: dict[str, Decimal] = defaultdict(Decimal)
    for sid, amount in AMOUNT.items():
        by_hand[DOMAIN_OF[sid]] += amount
    found = {o.code: o.whole.main for o in need_money.outcomes(release, Outcome.DOMAIN)}
    assert found == {**{d.value: int(by_hand[d.value] * 100) for d in Domain}, "": 0}


def test_a_service_of_several_outcomes_is_counted_once_and_its_doubt_is_the_range(release: Release) -> None:
    several = with_domains(release, S003="family;peers")
    family, peers = (spent(several, code).whole for code in ("family", "peers"))
    assert family == Range(
        pence("S001", "S002", "S004"), pence("S001", "S002", "S003", "S004"), pence("S001", "S002", "S003", "S004")
    )
    assert peers == Range(pence("S006", "S011"), pence("S006", "S011"), pence("S003", "S006", "S011"))
    assert (
        "£486,250.25 is of services that name more than one part of life"
        in need_money.spend_by_outcome(several, Outcome.DOMAIN).headline.basis
    )


def test_the_low_end_of_prevention_has_only_sure_tags_of_services_for_this_outcome_alone(release: Release) -> None:
    learning, wellbeing = (spent(release, code).preventative for code in ("learning", "mental_wellbeing"))
    assert (learning.low, learning.main) == (0, round(pence("S005") * 0.8))
    assert (wellbeing.low, wellbeing.main) == (pence("S007"), pence("S007") + round(pence("S008") * 0.4))
    both = spent(with_domains(release, S007="mental_wellbeing;learning"), "mental_wellbeing")
    assert both.preventative.low == 0


def test_a_service_without_an_outcome_is_a_row_of_its_own_and_said(release: Release) -> None:
    none = with_domains(release, S009="")
    assert spent(none, "").label == NO_OUTCOME
    assert spent(none, "").whole.main == pence("S009")
    view = need_money.spend_by_outcome(none, Outcome.DOMAIN)
    assert view.numbers["Part of life"].iloc[-1] == NO_OUTCOME
    assert "£1,287,000.00 is of services with no part of life in the register" in view.headline.basis
    assert "£570,630.20 is not mapped to a service, and so to none" in view.headline.basis


@settings(max_examples=25)
@given(st.lists(st.lists(st.sampled_from([*Domain]), max_size=3), min_size=len(SERVICES), max_size=len(SERVICES)))
def test_whatever_the_register_names_each_pound_is_counted_once(release: Release, names: list[list[Domain]]) -> None:
    services = {s[0]: ";".join(found) for s, found in zip(SERVICES, names, strict=True)}
    found = need_money.outcomes(with_domains(release, **services), Outcome.DOMAIN)
    assert sum(o.whole.main for o in found) == int(MAPPED * 100)
    assert all(r.low <= r.main <= r.high for o in found for r in (o.whole, o.preventative))
    assert sum(o.whole.low for o in found) <= int(MAPPED * 100) <= sum(o.whole.high for o in found)


def test_the_bars_the_table_and_the_money_agree(release: Release) -> None:
    for by in Outcome:
        view = need_money.spend_by_outcome(release, by)
        assert round(view.points["pounds"].sum(), 2) == float(MAPPED) == round(view.numbers["Spend (£)"].sum(), 2)


def needs_by_hand(release: Release, survey: str) -> dict[str, float]:
    """The highest share with need by part of life, read from the published table by other means."""
    frame, found = release.frame(f"{survey}_area"), defaultdict(float)
    rows = frame[(frame["area"] == "999") & (frame["band"] == "yes") & (frame["pct_state"] == "shown")]
    for code, pct in zip(rows["indicator"], rows["pct"], strict=True):
        _, _, _, need, domain, *_ = INDICATORS[code]
        found[domain] = max(found[domain], float(pct) if need == "yes" else 100 - float(pct))
    return dict(found)


def test_an_outcome_stands_where_its_need_and_prevention_are_against_the_middle(release: Release) -> None:
    found = need_money.beside(release, Outcome.DOMAIN, S1)
    needs = needs_by_hand(release, S1)
    assert {r.spend.code: r.lead.pct for r in found.drawn if r.lead} == needs
    money = {o.code: o.preventative.main for o in need_money.outcomes(release, Outcome.DOMAIN)}
    middle_need, middle_money = median(needs.values()), median(money[code] for code in needs)
    assert (found.middle_need, found.middle_spend) == (middle_need, middle_money)
    for row in found.drawn:
        more, much = needs[row.spend.code] > middle_need, money[row.spend.code] > middle_money
        assert (
            row.side
            is {(1, 0): Side.MORE_LESS, (1, 1): Side.MORE_MORE, (0, 0): Side.LESS_LESS, (0, 1): Side.LESS_MORE}[more, much]
        )


def test_more_need_and_less_prevention_is_said_with_the_intervals_of_both(release: Release) -> None:
    found = need_money.beside(release, Outcome.DOMAIN, S1)
    out = [r for r in found.rows if r.side is Side.MORE_LESS]
    assert out
    assert len(found.standing_out) == len(out)
    for row, sentence in zip(out, found.standing_out, strict=True):
        assert row.lead is not None
        assert f"(95% interval {row.lead.share.interval()})" in sentence
        assert "of preventative spend" in sentence
        assert row.sure == ("Both ranges lie on that side" in sentence)
    assert all(f"*{r.spend.label}*" in found.headline.sentence for r in out)


def test_a_range_that_reaches_over_the_middle_leaves_it_open(release: Release) -> None:
    found = need_money.beside(release, Outcome.DOMAIN, S1)
    assert found.middle_spend is not None
    assert found.middle_need is not None
    for row in found.drawn:
        assert row.lead
        assert row.lead.share.low is not None
        assert row.lead.share.high is not None
        over = row.spend.preventative.low <= found.middle_spend <= row.spend.preventative.high
        over |= row.lead.share.low <= found.middle_need <= row.lead.share.high
        assert row.sure is not over


def test_a_question_that_was_not_checked_never_leads(release: Release) -> None:
    frame = release.frame("indicators").assign(verified=True)
    frame.loc[frame["indicator"] == "enjoys_learning", "verified"] = False
    found = need_money.beside(changed(release, indicators=frame), Outcome.DOMAIN, S1)
    learning = next(r for r in found.rows if r.spend.code == "learning")
    assert (len(learning.needs), learning.lead, learning.side) == (1, None, None)


def test_with_fewer_than_three_outcomes_nothing_is_placed(release: Release) -> None:
    frame = release.frame("indicators")
    few = changed(release, indicators=frame[frame["domain"].isin(["family", "learning"]) | (frame["survey"] != S1)])
    found = need_money.beside(few, Outcome.DOMAIN, S1)
    assert found.drawn == ()
    assert found.headline.sentence.startswith("Need and money cannot be set side by side: fewer than 3 parts of life")
    assert found.points().empty
    assert len(found.numbers()) == 2


def share(pct: float, low: float, high: float, state: CellState = CellState.SHOWN) -> Share:
    cell = Cell(None, state)
    return Share(Cell(pct, state), low, high, cell, cell, cell)


def test_spend_per_child_in_need_carries_the_interval_through() -> None:
    found = children_in_need(share(34, 32, 36), 1260, 10)
    assert found is not None  # 34% of 1,260 is 428.4; 32% 403.2; 36% 453.6: to the nearest ten, the range outwards
    assert (found.said, found.interval) == ("430", "400 to 460")
    spent = Range(2_908_818, 41_105_418, 41_105_418)
    assert found.pounds(spent.main) == "956"  # 411,054.18 / 430
    assert found.pounds_range(spent) == "63 to 1,028"  # 29,088.18 / 460 and 411,054.18 / 400


def test_children_are_known_only_from_a_shown_share_and_a_published_roll() -> None:
    assert children_in_need(share(34, 32, 36), None, 10) is None
    assert children_in_need(share(34, 32, 36, CellState.SUPPRESSED), 1260, 10) is None
    assert children_in_need(replace(share(34, 32, 36), low=None), 1260, 10) is None


def test_fewer_than_ten_children_are_never_said() -> None:
    few = children_in_need(share(1, 0, 2), 300, 10)
    assert few is not None
    assert (few.said, few.interval, few.pounds(1_000_000), few.pounds_range(Range(1, 2, 3))) == (
        "fewer than 10",
        "up to 10",
        "",
        "",
    )
    some = children_in_need(share(4, 0, 9), 300, 10)
    assert some is not None
    assert (some.said, some.interval) == ("10", "up to 30")
    assert some.pounds_range(Range(300_000, 600_000, 900_000)) == "100 or more"  # 3,000 over 30; there is no fewest child


@given(st.integers(10, 60_000), st.integers(0, 100), st.integers(0, 20), st.integers(0, 20))
def test_the_range_of_children_holds_the_share_of_the_roll(roll: int, pct: int, down: int, up: int) -> None:
    low, high = max(0, pct - down), min(100, pct + up)
    found = children_in_need(share(pct, low, high), roll, 10)
    assert found is not None
    assert found.fewest <= low * roll / 100
    assert high * roll / 100 <= found.most <= roll
    assert abs(found.children - pct * roll / 100) <= 5


def test_parents_have_no_roll_and_no_children_are_made_up(release: Release) -> None:
    frame = release.frame("surveys").assign(roll=None)
    found = need_money.beside(changed(release, surveys=frame), Outcome.DOMAIN, S1)
    assert set(found.numbers()["Children in need, about"]) == {"[x]"}
    assert any("no roll is published" in note for note in found.notes)


def test_place_and_age_are_not_known_unless_the_register_says(release: Release) -> None:
    for split, what in ((need_money.by_cluster(release), "school cluster"), (need_money.by_age(release), "age group")):
        assert not split.known
        assert (
            split.sentence
            == f"What is spent on each {what} is not known: the register does not say which {what} a service is for."
        )


def test_spend_by_cluster_adds_up_where_the_register_says_where(release: Release) -> None:
    areas = {"S003": "C01", "S004": "C01;C02", "S005": "999"}
    services = release.frame("services")
    found = need_money.by_cluster(changed(release, services=services.assign(areas=services["service_id"].map(areas))))
    spend = dict(zip(found.numbers["School cluster"], found.numbers["Spend (£)"], strict=True))
    assert spend["Carrickmuir cluster"] == float(AMOUNT["S003"])
    assert spend["Several of them"] == float(AMOUNT["S004"])
    assert spend["The whole area"] == float(AMOUNT["S005"])
    assert round(sum(spend.values()), 2) == float(MAPPED)
    assert found.sentence.startswith("£486,250, 3% of what is mapped, is of services for one school cluster")


def test_age_groups_stand_from_the_youngest_on(release: Release) -> None:
    services = release.frame("services")
    ages = services["service_id"].map({"S003": "11-18", "S004": "5-11", "S005": "0-2", "S006": "16-18"})
    found = need_money.by_age(changed(release, services=services.assign(ages=ages)))
    assert list(found.numbers["Age group"]) == ["0-2", "5-11", "11-18", "16-18", "The register does not say"]


def test_on_the_big_screen_a_cluster_or_age_of_one_bought_service_has_no_amount(release: Release) -> None:
    services = release.frame("services")
    areas = services["service_id"].map({"S003": "C01", "S004": "999"})  # S003 is bought, S004 is not
    one = changed(release, services=services.assign(areas=areas, ages=areas.map({"C01": "5-11", "999": "0-4"})))
    for split, named in ((need_money.by_cluster, "Carrickmuir cluster"), (need_money.by_age, "5-11")):
        kept = split(one, True)
        row = kept.numbers[kept.numbers.iloc[:, 0] == named]
        assert row.filter(like="(£)").isna().all(axis=None)
        others = kept.numbers[kept.numbers.iloc[:, 0].isin(["The whole area", "0-4"])]
        assert others.filter(like="(£)").notna().all(axis=None)
        # What is not said would give it away as well: the total less the rest.
        assert kept.numbers.filter(like="(£)").notna().sum().sum() == 2
    assert "486,250" not in need_money.by_cluster(one, True).sentence
    assert need_money.by_cluster(one).numbers.filter(like="(£)").notna().all(axis=None)


def test_on_the_big_screen_an_outcome_of_one_bought_service_has_no_amount(release: Release) -> None:
    one = with_domains(release, S006="family")  # befriending, bought by a grant, is then the only service on peers
    shown, kept = (need_money.spend_by_outcome(one, Outcome.DOMAIN, screen) for screen in (False, True))
    at = shown.numbers["Part of life"].tolist().index("Friends and peers")
    assert shown.numbers["Spend (£)"].iloc[at] == 61_500.40
    assert kept.numbers.iloc[at].filter(like="(£)").dropna().tolist() == [0.0]  # nothing of it is sure, which tells no price
    assert "61,500" not in f"{kept.points.to_csv()}{kept.words}{kept.headline}"
    found = need_money.beside(one, Outcome.DOMAIN, S1, True)
    assert "Friends and peers" not in found.points()["label"].tolist()
    row = found.numbers().set_index("Part of life").loc["Friends and peers"]
    assert row.filter(like="spend (£)").isna().all()
    assert "61,500" not in f"{found.numbers().to_csv()}{found.headline}{found.standing_out}"


def test_nothing_is_called_a_saving_or_a_cause(release: Release) -> None:
    for by in Outcome:
        found = need_money.beside(release, by, S1)
        said = [found.headline.sentence, found.headline.basis, *found.standing_out, *found.notes, found.words()]
        assert not any(word in line.lower() for line in said for word in ("saving", "because", "caused", "leads to", "wasted"))
