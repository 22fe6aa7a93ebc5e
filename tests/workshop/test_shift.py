"""What the page says of a shift is what the solver found, in pounds, in the order a board asks."""

import re
from pathlib import Path

import pytest

from rcs_core.release import Release, load
from rcs_core.workshop import clash
from rcs_core.workshop import shift as view
from rcs_core.workshop.couple import Levers, Preset
from rcs_core.workshop.couple.veil import Veil
from rcs_core.workshop.inputs import told
from tests.conftest import Home


@pytest.fixture(scope="module")
def release(home: Home) -> Release:
    """Strathmere's release."""
    return load(home.release)


@pytest.fixture(scope="module")
def moved(release: Release) -> view.Shift:
    """A shift of two points."""
    return view.try_shift(release, Levers.of(Preset.SHIFT_2))


def test_the_two_per_cent_shift_holds_every_promise_and_meets_every_need(moved: view.Shift) -> None:
    assert moved.possible
    assert view.need_met(moved).sentence.startswith("Yes")
    assert moved.found.moved > 0


def test_the_shift_asked_for_is_the_shift_that_is_found(moved: view.Shift) -> None:
    assert moved.found.shift_points == pytest.approx(2.0, abs=1e-6)
    assert "2.0 points more" in view.what_moves(moved).sentence


def test_changes_by_service_add_up_to_the_changes_by_level_and_by_agency(moved: view.Shift) -> None:
    services = view.service_changes(moved)["Change (£)"].sum()
    levels = view.level_changes(moved)
    agencies = view.agency_changes(moved)
    assert levels.loc[levels["Year"] == moved.last, "Change (£)"].sum() == pytest.approx(services, abs=0.1)
    assert agencies["Change (£)"].sum() == pytest.approx(services, abs=0.1)


def test_before_is_the_mapped_spend_of_the_release_to_the_pound(release: Release, moved: view.Shift) -> None:
    mapped = release.frame("spend")["amount_gbp"].sum()
    levels = view.level_changes(moved)
    assert levels.loc[levels["Year"] == moved.found.years[0], "Before (£)"].sum() == pytest.approx(mapped, abs=1.0)


def test_no_purse_spends_more_than_it_has_without_saying_that_money_came_from_outside(moved: view.Shift) -> None:
    agencies = view.agency_changes(moved)
    overspent = agencies.loc[agencies["Change (£)"] > 0.01, "Change (£)"].sum()
    said = view.when_back(moved)
    assert (overspent == 0) or "from outside these purses" in said.sentence


def test_a_sentence_that_rests_on_guesses_says_about_and_the_table_keeps_the_pence(moved: view.Shift) -> None:
    assert moved.found.discussion_only
    assert "about £" in view.what_moves(moved).sentence
    assert "Discussion only" in view.how_sure(moved).basis


def test_money_is_said_in_two_figures_when_rough_and_in_full_otherwise() -> None:
    assert view.pounds(407.687) == "£407,687"
    assert view.pounds(407.687, rough=True) == "about £410,000"
    assert view.pounds(-0.5) == "£500"


def test_who_has_less_for_prevention_is_said_as_who_has_more_is(moved: view.Shift) -> None:
    rows = moved.found.by_agency[(moved.found.by_agency["year"] == moved.last) & (moved.found.by_agency["part"] == "prevention")]
    lost = rows.loc[rows["change"] < -0.005, "label"].tolist()
    less = view.who_gains(moved).sentence.partition("Less on prevention by ")[2].partition(" Released")[0]
    assert lost
    assert all(name in less for name in lost)


def test_the_pounds_that_can_move_and_that_are_held_add_up_as_they_are_said(moved: view.Shift) -> None:
    whole, movable, held = (int(said.replace(",", "")) for said in re.findall(r"£([\d,]+)", view.what_moves(moved).basis)[:3])
    assert movable + held == whole


def test_a_break_even_says_where_it_rests_on_more_than_the_net_shift(release: Release, moved: view.Shift) -> None:
    basis = told.breaks_even(release, moved)[0].basis
    assert basis.startswith("What services gain; other prevention has about £")


def test_as_it_is_moves_nothing_and_says_so(release: Release) -> None:
    still = view.try_shift(release, Levers.of(Preset.AS_IS))
    assert view.what_moves(still).sentence.startswith("Nothing moves")
    assert view.service_changes(still).empty
    assert view.how_sure(still).sentence == "Nothing moves, so nothing rests on guesses."


def test_nothing_cashes_releases_nothing(release: Release) -> None:
    shift = view.try_shift(release, Levers.of(Preset.NOTHING_CASHES))
    assert "Released from responsive services by no agency" in view.who_gains(shift).sentence
    assert "No capacity is released" in view.when_back(shift).sentence


def test_promises_that_cannot_hold_are_named_with_services_not_codes(release: Release) -> None:
    shift = view.try_shift(release, Levers.of(Preset.FALLING_BUDGET, budget_change_pct=-10.0))
    assert not shift.possible
    said = " ".join(shift.result.messages)
    assert "cannot" in said
    assert not re.search(r"\bS\d{3}\b", said)
    assert not re.search(r"infeasible", said, re.IGNORECASE)


def test_a_clash_is_one_sentence_and_its_smallest_ways_out_are_in_pounds(release: Release) -> None:
    shift = view.try_shift(release, Levers.of(Preset.FALLING_BUDGET, budget_change_pct=-5.0))
    said, ways = clash.clash(shift), clash.ways_out(shift)
    assert said.sentence.startswith(f"{len(shift.result.conflict or ())} promises clash ")
    assert "the budget of Council: social work is too small" in said.sentence
    assert len(said.sentence) < 200
    assert len(clash.promises(shift)) == len(shift.result.conflict or ())
    told = clash.in_words(ways)
    assert 0 < len(told) <= clash.FEW
    assert all(re.search(r" by £[\d,]+ in \d{4}-\d\d\.$", text) for text in told)


def test_leaving_need_unmet_is_never_offered_to_a_room_as_a_way_out(release: Release) -> None:
    shift = view.try_shift(release, Levers.of(Preset.FALLING_BUDGET, budget_change_pct=-5.0))
    assert any(repair.promise.startswith("need[") for repair in shift.result.repairs)
    assert not any("need" in way.lower() for way in clash.ways_out(shift)["What to change"])


def test_a_plan_that_moves_less_than_was_asked_for_says_so(release: Release) -> None:
    shift = view.try_shift(release, Levers.of(Preset.SHIFT_2, bridging=False))
    assert round(shift.found.shift_points, 1) < 2.0
    assert "Asked for were 2.0 points more" in view.what_moves(shift).sentence
    assert "Asked for" not in view.what_moves(view.try_shift(release, Levers.of(Preset.SHIFT_2))).sentence


def test_what_a_payer_leaves_unspent_is_not_told_of_one_who_keeps_its_amounts_back(release: Release) -> None:
    shift = view.try_shift(release, Levers.of(Preset.SHIFT_2))
    spare = shift.found.underspend
    spare = spare[(spare["year"] == shift.last) & (spare["amount"] > 0.005)]
    off = Veil(change=frozenset(spare["agency"]))
    assert "£" in view.when_back(shift).basis.split("Meanwhile")[1]
    assert "£" not in view.when_back(shift, off).basis.split("Meanwhile")[1]


def test_a_joint_pool_is_not_advised_when_there_is_one(release: Release) -> None:
    assert "joint pool" in view.when_back(view.try_shift(release, Levers.of(Preset.SHIFT_2))).basis
    assert "joint pool" not in view.when_back(view.try_shift(release, Levers.of(Preset.SHIFT_2, allow_pool=True))).basis


def test_a_service_that_is_not_to_be_cut_is_not_cut(release: Release) -> None:
    free = view.service_changes(view.try_shift(release, Levers.of(Preset.SHIFT_2)))
    cut = free[(free["Part"] == "Prevention") & (free["Change (£)"] < 0)]
    names = {name: code for code, name in view.movable(release).items()}
    kept = tuple(names[s] for s in cut["Service"])
    after = view.service_changes(view.try_shift(release, Levers.of(Preset.SHIFT_2, protect=kept)))
    assert after[(after["Part"] == "Prevention") & (after["Change (£)"] < -0.01)].empty


def test_the_word_saving_is_never_said(moved: view.Shift, release: Release) -> None:
    answers = [view.need_met, view.what_moves, view.who_gains, view.when_back, view.how_sure]
    said = " ".join(a(moved).sentence + a(moved).basis for a in answers) + " ".join(view.caveats(release, moved))
    assert "saving" not in said.lower()


def test_a_release_without_money_says_what_is_lacking(release: Release, tmp_path: Path) -> None:
    bare = Release(release.manifest, {k: t for k, t in release.tables.items() if k != "effects"}, tmp_path)
    assert "evidence of effect" in view.lacking(bare)
    assert view.lacking(release) == ""
