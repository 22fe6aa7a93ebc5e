"""Our council beside others: order, middle and years against counts made another way, on real figures and by hand."""

import csv
import statistics

import pandas as pd
import pytest

from rcs_core.councils import councils, counts_people
from rcs_core.errors import ReleaseError, SettingsError
from rcs_core.settings import CONTRACTS
from rcs_core.workshop import comparators, families
from rcs_core.workshop import comparators_told as told
from rcs_core.workshop.comparators import Measure, beside, measures
from tests.shared import shared_file
from tests.workshop.comparator_cases import FILES, published, release, rows

POVERTY = "CHN24: Percentage of Children Living in Poverty (after Housing Costs)"
CARE = "CHN9: Balance of Care for Looked after Children: % of Children Being Looked after in the Community"
SIX = {"Falkirk": 20.0, "Fife": 30.0, "Moray": 10.0, "Highland": 20.0, "Angus": 25.0, "Stirling": 5.0}


def raw(name: str) -> list[dict[str, str]]:
    """The rows of a published file, read by nothing of ours."""
    path = shared_file(f"facts/{name}")
    if path is None:
        return []
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_thirty_two_councils_stand_in_the_order_of_their_published_figures() -> None:
    frame, lines = published(), raw(FILES[0])
    if frame is None:
        return
    of = {r["geography"]: float(r["value"]) for r in lines if r["indicator"] == CARE and r["year"] == "2019-20"}
    scotland, mine = of.pop("Scotland"), of["Falkirk"]
    found = beside(release(frame), Measure("LGBF children", CARE, "all", "%"))
    assert len(found.figures) == 32
    assert found.year == "2019-20"
    place = 1 + sum(value > mine for value in of.values())
    assert found.mine is not None
    assert (found.rank(found.mine).first, found.rank(found.mine).last) == (place, place)
    assert [f.value for f in found.figures] == sorted(of.values(), reverse=True)
    assert found.whole is not None
    assert found.whole.value == scotland
    assert told.NO_INTERVAL in told.basis(found)


def test_a_family_is_the_eight_councils_next_in_child_poverty_and_its_middle_leaves_ours_out() -> None:
    frame, lines = published(), raw(FILES[0])
    if frame is None:
        return
    poor = {r["geography"]: float(r["value"]) for r in lines if r["indicator"] == POVERTY and r["year"] == "2019-20"}
    del poor["Scotland"]
    order = sorted(poor, key=lambda name: poor[name])
    start = order.index("Falkirk") // 8 * 8
    kin = {councils().name(name) for name in order[start : start + 8]}
    found = beside(release(frame), Measure("LGBF children", CARE, "all", "%"))
    assert found.family is not None
    assert set(found.family.values) == kin
    care = {
        councils().name(r["geography"]): float(r["value"]) for r in lines if r["indicator"] == CARE and r["year"] == "2019-20"
    }
    assert found.middle == statistics.median(care[name] for name in kin - {"Falkirk"})
    note = next(n for n in told.notes(found) if n.startswith("The family"))
    assert all(name in note for name in kin)
    assert "4 families of 8" in note
    assert "2019-20" in note


def test_with_intervals_the_places_are_those_of_brute_force_over_pairs() -> None:
    frame, lines = published(), raw(FILES[2])
    if frame is None:
        return
    smoking = [r for r in lines if r["indicator"] == "smoking during pregnancy" and r["group"] == "Total"]
    ends = {councils().name(r["geography"]): (float(r["ci_low"]), float(r["ci_high"])) for r in smoking}
    del ends["Scotland"]
    found = beside(release(frame), Measure("SIMD", "smoking during pregnancy", "Total", "%"))
    for figure in found.figures:
        low, high = ends[figure.place]
        surely_above = sum(other[0] > high for other in ends.values())
        surely_below = sum(other[1] < low for other in ends.values())
        rank = found.rank(figure)
        assert (rank.first, rank.last) == (1 + surely_above, 32 - surely_below)
    assert "Its interval allows places 3 to 23 of 32" in told.headline(found)


def test_any_figures_within_the_intervals_give_a_place_that_the_range_allows() -> None:
    frame = published()
    if frame is None:
        return
    found = beside(release(frame), Measure("SIMD", "smoking during pregnancy", "Total", "%"))
    for share in (0.0, 0.3, 0.7, 1.0):
        drawn = {
            f.place: f.ends[0] + (share if k % 2 else 1 - share) * (f.ends[1] - f.ends[0]) for k, f in enumerate(found.figures)
        }
        for figure in found.figures:
            place = 1 + sum(v > drawn[figure.place] for v in drawn.values())
            assert found.rank(figure).first <= place <= found.rank(figure).last


def test_every_council_can_be_ours_and_every_measure_has_its_sentence() -> None:
    frame = published()
    if frame is None:
        return
    for name in ("Orkney Islands", "Glasgow City"):
        served = release(frame, name, "")
        for measure in measures(served)[::7]:
            found = beside(served, measure)
            said = " ".join([told.headline(found), told.basis(found), told.over_the_years(found), *told.notes(found)])
            assert name in said
            assert "would release" not in said
            assert "saving" not in said.lower()
            assert len(told.frame(found)) == len(told.points(found)) == len(found.figures)


def test_child_poverty_is_never_set_beside_a_family_of_child_poverty() -> None:
    frame = published()
    if frame is None:
        return
    for measure in (
        Measure("LGBF children", POVERTY, "all", "%"),
        Measure("CPOP", "Child Poverty (%)", "all", "as named (% unless attainment score)"),
    ):
        kin = beside(release(frame), measure).family
        assert kin is not None
        assert kin.criterion.part is not None


def test_a_council_without_people_in_the_most_deprived_fifth_has_a_share_of_nil() -> None:
    frame = published()
    if frame is None:
        return
    kin = beside(release(frame, "Orkney Islands", ""), Measure("LGBF children", POVERTY, "all", "%")).family
    assert kin is not None
    assert kin.values["Orkney Islands"] == 0


def test_amounts_and_numbers_are_not_offered_and_no_family_comes_from_memory() -> None:
    frame = published()
    if frame is None:
        return
    units = {m.unit for m in measures(release(frame))}
    assert not units & {"n", "n people", "GBP 000"}
    few = frame[frame["indicator"] == CARE]
    found = beside(release(few), Measure("LGBF children", CARE, "all", "%"))
    assert found.family is None
    assert found.middle is None
    assert any(note.startswith("No family is formed") for note in told.notes(found))


def test_equal_figures_share_their_places() -> None:
    found = beside(release(rows(SIX)), Measure("T", "Rate", "all", "%"))
    assert found.mine is not None
    rank = found.rank(found.mine)
    assert (rank.first, rank.last) == (3, 4)
    assert "shares places 3 to 4 of 6" in told.headline(found)


def test_by_hand_a_family_has_its_middle_and_the_years_keep_the_family() -> None:
    many = list(councils().names)[:16]
    poor = rows({name: float(k) for k, name in enumerate(many)}, "Child Poverty (%)", "2019/20")
    now = rows({name: 10.0 * k for k, name in enumerate(many)}, year="2020-21")
    then = rows({name: 5.0 * k for k, name in enumerate(many[:-1])}, year="2018-19")
    served = release(pd.concat([poor, now, then]), many[12], "")
    found = beside(served, Measure("T", "Rate", "all", "%"))
    assert found.family is not None
    assert found.family.others == [m for m in many[8:] if m != many[12]]
    assert found.middle == 110  # of 80, 90, 100, 110, 130, 140, 150
    assert [(y.year, y.own.value, y.middle, y.others) for y in found.years] == [
        ("2018-19", 60, 52.5, 6),
        ("2020-21", 120, 110, 7),
    ]
    assert told.over_the_years(found).startswith(
        f"From 2018-19 to 2020-21: 60.0% to 120.0% in {many[12]}; the middle of its family"
    )


def test_a_change_is_called_clear_only_where_the_two_intervals_do_not_meet() -> None:
    for high, says in ((18.0, "The two intervals do not meet"), (19.5, "meet, so no clear change")):
        then = rows({**SIX, "Falkirk": 15.0}, year="2018-19", ends={"Falkirk": (12.0, high)})
        now = rows(SIX, ends={"Falkirk": (19.0, 21.0)})
        found = beside(release(pd.concat([then, now])), Measure("T", "Rate", "all", "%"))
        assert says in told.over_the_years(found)


def test_a_figure_without_an_interval_among_those_with_one_is_taken_as_exact_and_said_to_be() -> None:
    found = beside(release(rows(SIX, ends={"Falkirk": (9.0, 26.0)})), Measure("T", "Rate", "all", "%"))
    assert found.mine is not None
    rank = found.rank(found.mine)
    assert (rank.first, rank.last) == (2, 5)
    assert any("5 have no interval and are taken as exact" in note for note in told.notes(found))


def test_where_our_council_published_nothing_the_others_are_shown_and_no_place_is_given() -> None:
    served = release(rows({k: v for k, v in SIX.items() if k != "Falkirk"} | {"Fife": 1.0, "Dundee City": 3.0}))
    (measure,) = measures(served)
    found = beside(served, measure)
    assert found.mine is None
    assert "No figure of Falkirk is among them" in told.headline(found)
    assert found.years == ()


def test_the_year_is_the_newest_of_ours_and_a_newer_one_of_others_is_said() -> None:
    others = rows({k: v for k, v in SIX.items() if k != "Falkirk"}, year="2021-22")
    found = beside(release(pd.concat([others, rows(SIX)])), Measure("T", "Rate", "all", "%"))
    assert (found.year, found.newest) == ("2020-21", "2021-22")
    assert any("Others have figures up to 2021-22" in note for note in told.notes(found))


def test_money_is_said_to_be_in_the_prices_of_each_year() -> None:
    found = beside(release(rows(SIX, unit="GBP per pupil")), Measure("T", "Rate", "all", "GBP per pupil"))
    assert "£20 per pupil in Falkirk" in told.headline(found)
    assert any("nothing here restates them" in note for note in told.notes(found))
    real = beside(release(rows(SIX, unit="GBP per pupil (real)")), Measure("T", "Rate", "all", "GBP per pupil (real)"))
    assert not any("restates" in note for note in told.notes(real))


@pytest.mark.parametrize(
    ("place", "of", "said"),
    [(1, 32, "highest"), (2, 32, "2nd highest"), (11, 32, "11th highest"), (16, 32, "16th highest"), (17, 32, "16th lowest"),
     (31, 32, "2nd lowest"), (32, 32, "lowest"), (3, 5, "3rd highest")],
)  # fmt: skip
def test_a_place_is_told_from_the_nearer_end(place: int, of: int, said: str) -> None:
    assert told.ordinal(place, of) == said


def test_an_unknown_measure_is_refused_in_words() -> None:
    with pytest.raises(ReleaseError, match="cannot be compared"):
        beside(release(rows(SIX)), Measure("T", "Another", "all", "%"))


def test_years_are_in_order_of_time_however_they_are_written() -> None:
    written = ["2018/19-2020/21", "Dec 2021", "2010-11", "c.2018-19", "2023 (31 July)"]
    assert sorted(written, key=families.order_of) == ["2010-11", "2018/19-2020/21", "c.2018-19", "Dec 2021", "2023 (31 July)"]


def test_every_rule_of_the_families_names_known_criteria_and_says_why() -> None:
    policy = families.policy()
    assert policy.families[-1].words == []
    assert all(rule.why and rule.criteria for rule in policy.families)
    assert all(c.source and c.date for c in policy.criteria.values())
    with pytest.raises(SettingsError, match="sum or a part"):
        families._criterion({"title": "t", "like": "l", "unit": "%", "not_for": [], "source": "s", "date": "d"}, "here")


def test_a_partnership_is_a_council_by_code_or_exact_name_and_never_by_likeness() -> None:
    known = councils()
    assert known.own("Falkirk Community Planning Partnership", "240") == "Falkirk"
    assert known.own("Fife Council", "") == "Fife"
    assert known.own("Strathmere (fictional)", "999", {"Strathmere"}) == "Strathmere"
    assert known.own("Stirling and Clackmannanshire", "") == ""
    assert {known.name(n) for n in ("Edinburgh City", "Edinburgh, City of", "City of Edinburgh")} == {"City of Edinburgh"}
    assert {known.name(n) for n in ("Eilean Siar", "Na h-Eileanan Siar")} == {"Na h-Eileanan Siar"}


def test_the_demonstrations_real_figures_are_the_published_ones_and_its_own_say_they_are_invented() -> None:
    with (CONTRACTS / "demo" / "comparators.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    own = [r for r in lines if r["geography"] == "Strathmere"]
    assert own
    assert all(r["source"].startswith("Invented for the demonstration") for r in own)
    known = {tuple(r.values()) for name in FILES for r in raw(name)}
    if known:
        assert [r for r in lines if r not in own and tuple(r.values()) not in known] == []


def test_a_release_without_published_figures_offers_nothing() -> None:
    empty = release(rows(SIX).iloc[:0])
    assert not comparators.has_comparators(empty)
    assert measures(empty) == []


@pytest.mark.parametrize(
    ("unit", "counts"),
    [("n", True), ("n people", True), ("Number of children", True), ("pupils (derived)", True), ("No. of pupils", True),
     ("%", False), ("GBP per pupil", False), ("per 1000 pupils", False), ("% of children", False), ("pp gap", False)],
)  # fmt: skip
def test_a_unit_counts_people_by_its_first_word(unit: str, counts: bool) -> None:
    assert counts_people(unit) is counts
    assert families.compared(unit) is not counts
