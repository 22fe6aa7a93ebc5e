"""Planned beside spent, recounted apart to the penny; and movements that are those of the build, word for word."""

import random
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from rcs_core import release as waist
from rcs_core.release import Release
from rcs_core.workshop import change, evidence
from rcs_core.workshop.couple import Levers, Preset, levers_kept
from rcs_core.workshop.kept import Draft, Shelf
from rcs_core.workshop.plan import actual, tracker
from rcs_core.workshop.plan.book import Book, Priority
from rcs_core.workshop.plan.chain import plan_of
from rcs_core.workshop.plan.planned import planned
from rcs_core.workshop.plan.then import Then, then
from rcs_core.workshop.shift import try_shift
from rcs_core.workshop.store import Store
from rcs_core.workshop.told import Kind
from tests.tiny_release import tiny_release
from tests.workshop.plan_cases import AGENCIES, LEVELS, WHOLE, a_plan, a_release, of_the_wave

PREVENTS = ("primary", "secondary", "tertiary")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return waist.load(tiny_release(tmp_path_factory.mktemp("plan"), waves=True))


def _case(rng: random.Random) -> tuple[dict, dict, list]:
    """Random pence before and planned, and random rows of the ledgers of 2026-27 and of the year before."""
    pairs = [(f"S{k}", a) for k in range(6) for a in AGENCIES if rng.random() < 0.6] or [("S0", AGENCIES[0])]
    before = {p: rng.randint(0, 10**8) for p in pairs}
    plan = {"2026-27": {p: rng.randint(0, 10**8) for p in pairs if rng.random() < 0.9}}
    rows = [
        (f"S{k}", agency, "2026-27", "2025-26", level, rng.randint(0, 10**7) / 100)
        for k in range(1, 8)
        for agency in AGENCIES
        for level in rng.sample(LEVELS, rng.randint(0, 3))
    ]
    return before, plan, [*rows, ("S1", AGENCIES[0], "2025-26", "2025-26", "primary", 7.77)]


def test_planned_and_spent_are_what_a_recount_of_the_rows_finds_to_the_penny() -> None:
    rng = random.Random(1)
    for _ in range(40):
        before, plan, rows = _case(rng)
        found = actual.against(a_plan(before, plan), a_release(rows, [f"S{k}" for k in range(1, 8)]))
        planned_for, here = {s for s, _ in [*before, *plan["2026-27"]]}, {f"S{k}" for k in range(1, 8)}
        both = planned_for & here
        spent = [(s, a, lv, round(100 * v)) for s, a, y, _, lv, v in rows if y == "2026-27"]
        for agency in AGENCIES:
            lines = [ln for ln in found.lines if ln.both and ln.agency == agency]
            assert sum(ln.planned or 0 for ln in lines) == sum(
                v for (s, a), v in plan["2026-27"].items() if a == agency and s in both
            )
            assert sum(ln.actual or 0 for ln in lines) == sum(v for s, a, _, v in spent if a == agency and s in both)
        for level in LEVELS:
            assert found.by_level("actual").get(level, 0) == sum(v for s, _, lv, v in spent if lv == level and s in both)
        _check_split(found, spent)
        assert {ln.service for ln in found.lines if ln.actual is None} == planned_for - here
        assert {ln.service for ln in found.lines if ln.planned is None} == {s for s, _, _, _ in spent} - planned_for


def _check_split(found: actual.Against, spent: list[tuple[str, str, str, int]]) -> None:
    """Planned pence by level in fractions of a penny: as the payer's rows are tagged, else as the service's are."""
    exact: dict[str, Fraction] = {}
    for line in found.lines:
        own = [(lv, v) for s, a, lv, v in spent if (s, a) == (line.service, line.agency)]
        own = own if sum(v for _, v in own) else [(lv, v) for s, _, lv, v in spent if s == line.service]
        whole = sum(v for _, v in own)
        for level, v in own if line.both and whole else ([("not_tagged", 1)] if line.both and line.planned else []):
            exact[level] = exact.get(level, Fraction(0)) + Fraction((line.planned or 0) * v, whole or 1)
    got = found.by_level("planned")
    assert sum(got.values()) == found.total("planned")
    assert all(abs(got.get(level, 0) - value) <= len(found.lines) for level, value in exact.items())


def test_money_that_moves_is_counted_by_hand() -> None:
    rows = [
        ("S2", "nhs_board", "2026-27", "2025-26", "secondary", 150.25),
        ("S3", "nhs_board", "2026-27", "2025-26", "responsive", 90),
    ]
    plan = a_plan(
        {("S2", "nhs_board"): 10_000, ("S3", "nhs_board"): 10_000},
        {"2026-27": {("S2", "nhs_board"): 20_000, ("S3", "nhs_board"): 8_000}},
    )
    found = actual.against(plan, a_release(rows, ["S2", "S3"]))
    assert (found.moved("planned"), found.moved("actual")) == (10_000, 5_025)
    assert (
        actual.headline(found)
        == "£100 more a year was planned for prevention in 2026-27; £50 more was spent than before the plan."
    )
    assert "Prices of 2025-26" in actual.basis(found)
    assert "before the plan 50.0%, planned 71.4% and spent 62.5%" in actual.basis(found)
    table = actual.by_service(found, a_release(rows, ["S2", "S3"]))
    assert list(table[actual.APART]) == [-49.75, 10.0]


def test_price_years_are_never_mixed_and_no_newer_year_is_said_in_one_sentence() -> None:
    plan = a_plan({("S2", "nhs_board"): 100}, {"2026-27": {("S2", "nhs_board"): 200}})
    other = actual.against(plan, a_release([("S2", "nhs_board", "2026-27", "2026-27", "primary", 1.0)], ["S2"]))
    assert other.refused.startswith(
        "Not compared: the plan is in prices of 2025-26, and the ledgers of 2026-27 are in prices of 2026-27."
    )
    assert other.lines == ()
    mixed = [("S2", "nhs_board", "2026-27", p, "primary", 1.0) for p in ("2025-26", "2026-27")]
    assert "prices of 2025-26 and 2026-27" in actual.against(plan, a_release(mixed, ["S2"])).refused
    assert actual.against(replace(plan, price_year=""), a_release(mixed[:1], ["S2"])).refused.startswith("Not compared")
    early = actual.against(plan, a_release([("S2", "nhs_board", "2025-26", "2025-26", "primary", 1.0)], ["S2"]))
    assert early.refused == (
        "There is no newer year to compare yet: the ledgers of this release are of 2025-26, and the plan begins in 2026-27."
    )


def test_the_price_of_one_bought_service_is_kept_off_the_big_screen() -> None:
    rows = [(s, "nhs_board", "2026-27", "2025-26", lv, 55.55) for s, lv in (("S1", "primary"), ("S2", "responsive"))]
    plan = a_plan({("S1", "nhs_board"): 100, ("S2", "nhs_board"): 100}, {"2026-27": {("S1", "nhs_board"): 200}})
    newer = a_release(rows, ["S1", "S2"])
    found = actual.against(plan, newer)
    shown = actual.by_service(found, newer, on_screen=True).set_index("Service")
    assert pd.isna(shown.loc["Service S1", actual.ACTUAL])
    assert shown.loc["Service S2", actual.ACTUAL] == 55.55
    levels = actual.by_level_table(found, frozenset({"S1"})).set_index("Level")
    assert pd.isna(levels.loc["Primary prevention", actual.ACTUAL])
    assert levels.loc["Responsive", actual.ACTUAL] == 55.55
    veil = frozenset({"S1"})
    assert "£" not in actual.headline(found, veil)
    assert "%" not in actual.basis(found, veil)


def test_what_a_payer_without_a_ledger_spent_is_not_known_rather_than_nought() -> None:
    pair, other = ("S2", "nhs_board"), ("S3", "third_sector")
    plan = a_plan({pair: 10_000, other: 10_000}, {"2026-27": {pair: 20_000, other: 8_000}})
    newer = a_release([("S3", "third_sector", "2026-27", "2025-26", "responsive", 80.0)], ["S2", "S3"])
    found = actual.against(plan, newer)
    assert [(line.service, line.actual) for line in found.lines] == [("S2", None), ("S3", 8_000)]
    assert (found.total("planned"), found.total("actual")) == (8_000, 8_000)
    assert "This release has no money of NHS board in the year, so what they spent of £200 is not known." in found.notes
    assert actual.by_service(found, newer)["Remark"].tolist() == [actual.NO_LEDGER, ""]


def test_a_kept_scenario_plans_what_its_own_comparison_says_and_starts_from_the_mapped_money(
    release: Release, tmp_path: Path
) -> None:
    shift = try_shift(release, Levers.of(Preset.SHIFT_2))
    draft = Draft(
        shift.scenario.to_dict(), {}, levers_kept.plain(shift.levers), None, dict(shift.names), release.id,
        release.manifest.content_hash,
    )  # fmt: skip
    kept = Shelf(Store.open(tmp_path / "store.sqlite")).keep("Ours", "Ada", draft)
    found = planned(kept)
    spend = release.frame("spend").groupby(["service_id", "agency"])["amount_gbp"].sum()
    assert {pair: v for pair, v in found.before.items() if v} == {
        pair: round(100 * v) for pair, v in spend.items() if round(100 * v)
    }
    rows = shift.found.by_service.assign(id=shift.found.by_service["service"].str.split(":").str[0])
    for (year, service), own in rows.groupby(["year", "id"]):
        pence = sum(v for (s, _), v in found.spend[year].items() if s == service)
        assert abs(pence - 1e5 * own["after"].sum()) < 3
    assert (found.price_year, found.link) == (shift.scenario.price_year, kept.link)
    assert actual.against(found, release).refused.startswith("There is no newer year")


def test_movements_are_the_changes_that_the_build_told_for_the_same_pair(release: Release) -> None:
    before, place = Then(of_the_wave(release, "2023")), evidence.council(release)
    told = release.frame("changes").query("area == '999' and wave_from == '2023' and wave_to == '2025'")
    kinds = {"rise": Kind.MORE, "fall": Kind.LESS, "no_clear_change": Kind.SAME}
    for survey, rows in told.groupby("survey"):
        [pair] = change.pairs(release, str(survey))
        page = {line.label: line for line in change.by_question(release, str(survey), pair, place).lines}
        for row in rows.to_dict("records"):
            found = tracker.movement(release, before, (str(survey), row["indicator"]))
            assert found.then is not None
            assert found.now is not None
            assert found.line is not None
            line = page[found.now.indicator.label]
            assert (found.kind, found.then.survey.wave) == (kinds.get(row["verdict"], Kind.UNTOLD), "2023")
            assert (found.line.kind, found.line.value, found.line.low, found.line.high) == (
                line.kind,
                line.value,
                line.low,
                line.high,
            )
            if row["verdict"] not in ("rise", "fall"):
                assert found.says.startswith("no change that can be told")
            if row["verdict"] == "not_comparable":
                assert "not comparable" in found.says


def test_without_a_later_survey_or_the_earlier_release_nothing_is_called_a_change(release: Release, tmp_path: Path) -> None:
    key = ("pupil_s1_s4", "trusted_adult")
    same = tracker.movement(release, Then(release), key)
    assert same.says == "no change that can be told: both are of 2025; no later survey was made."
    store = Store.open(tmp_path / "store.sqlite")
    gone = then("a" * 64, release, release.path.parent, store)
    assert "not signed off here" in gone.why_not
    store.sign_off("a" * 64, "Ada", "controller", "", True)
    assert "not in this workspace" in then("a" * 64, release, tmp_path, store).why_not
    store.withdraw("a" * 64, "Ada", "A late opt-out")
    gone = then("a" * 64, release, release.path.parent, store)
    assert gone.release is None
    assert "was withdrawn on" in gone.why_not
    assert tracker.movement(release, gone, key).then is None
    own = then(release.manifest.content_hash, release, tmp_path, store)
    assert own.release is release
    store.sign_off(release.manifest.content_hash, "Ada", "controller", "", True)
    assert then(release.manifest.content_hash, of_the_wave(release, "2023"), release.path.parent, store).release is not None


def test_the_tracker_lists_outcomes_indicators_and_what_only_owners_can_tell(release: Release) -> None:
    hash_ = "e" * 64
    moved = replace(WHOLE, indicator=("pupil_p5_p7", "bullied_last_year"), release_hash=hash_)
    words = replace(WHOLE, id="D2", indicator=None, indicator_words="Help came in time", outcome="safe")
    priority = Priority("priority-1", "Trust", ("nurtured",), (("pupil_s1_s4", "trusted_adult"),), "", 1, "Ada", "", hash_)
    plan = plan_of(release, [moved, words], Book((priority,)))
    rows = tracker.tracked(plan, release, {hash_: Then(of_the_wave(release, "2023"))})
    assert [(r.outcome, r.asked_by) for r in rows] == [("Nurtured", 1), ("Nurtured", 0), ("Safe", 1)]
    # One that was decided on today's release, and is due first, hides no movement since the other's.
    sooner = replace(moved, id="D3", release_hash="f" * 64, by=date(2026, 12, 1))
    both = tracker.tracked(plan_of(release, [moved, sooner], Book()), release, {hash_: Then(of_the_wave(release, "2023")),
                                                                              "f" * 64: Then(release)})  # fmt: skip
    assert {r.movement.kind for r in both} == {rows[0].movement.kind, Kind.UNTOLD}
    assert tracker.headline(rows) == "Of 2 indicators, 1 show less need and 1 more need."
    view = tracker.told(rows, tracker.headline(rows))
    assert view is not None
    assert len(view.lines) == 2
    assert "Help came in time" in set(tracker.frame(rows)["Indicator"])
    assert "changes were looked at" in tracker.basis(rows)
