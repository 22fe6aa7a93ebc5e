"""Reach, targeting, fairness and who is missing are counts over counts of the release, and never of a hidden one."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from scipy.stats import false_discovery_control, norm

from rcs_core import release as waist
from rcs_core.release import Cell, Release, Table
from rcs_core.vocab import CellState, Contact
from rcs_core.workshop import evidence, reach, reach_counts, reach_fair, reach_hundred, reach_missing, reach_rates
from rcs_core.workshop.reach_counts import TwoByTwo
from tests.tiny_release import tiny_release
from tests.workshop.test_reach import S, perth

HIDDEN = Cell(None, CellState.SUPPRESSED)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return waist.load(tiny_release(tmp_path_factory.mktemp("tiny")))


def shown(number: float) -> Cell:
    return Cell(number, CellState.SHOWN)


def by_hand(release: Release, table: str, code: str) -> pd.Series:
    """The counts of the raw table by area, contact and band."""
    frame = release.frame(table)
    return frame[frame["indicator"] == code].set_index(["area", "contact", "band"])["n"]


def changed(release: Release, name: str, frame: pd.DataFrame) -> Release:
    old = release.tables[name]
    return replace(release, tables={**release.tables, name: Table(name, old.title, frame, old.dims, old.labels)})


def test_the_published_case_is_reached_by_ten_in_a_hundred_and_a_third_of_contact_has_the_need(tmp_path: Path) -> None:
    release = perth(tmp_path)
    [row] = reach_rates.by_service(release, S, reach.needs(release, S)[0]).rows
    assert (row.reached.exact(), row.reached.pct.text(1)) == ("223 of 2,176", "10.2")
    assert (row.targeted.exact(), row.targeted.pct.text(1)) == ("223 of 649", "34.4")


def test_reach_and_targeting_are_the_raw_tables_own_counts(tiny: Release) -> None:
    for code, band in (("sdq_raised", "yes"), ("trusted_adult", "no")):
        counts, need = by_hand(tiny, f"{S}_contact", code), evidence.indicator(tiny, S, code)
        rows = reach_rates.by_service(tiny, S, need).rows
        for contact, row in zip(reach_counts.contacts(tiny, S), rows, strict=True):
            both = counts["999", contact.value, band]
            assert (row.reached.part.value, row.reached.whole.value) == (both, counts["999", "ALL", band])
            assert (row.targeted.part.value, row.targeted.whole.value) == (both, counts["999", contact.value, "ALL"])


@pytest.mark.parametrize("hidden", [("social_work",), ("no_social_work", "social_work")])
def test_a_rate_of_a_hidden_count_is_hidden_and_its_number_is_nowhere(hidden: tuple[str, ...], tmp_path: Path) -> None:
    release = perth(tmp_path, hidden=hidden)
    need = reach.needs(release, S)[0]
    found = reach_rates.by_service(release, S, need)
    table = reach_counts.two_by_two(release, S, need, Contact.SOCIAL_WORK)
    icons = reach_hundred.hundred(table, Contact.SOCIAL_WORK, 0.8, False)
    assert icons is not None
    said = " ".join([found.words(), found.frame().to_string(), found.points().to_string(), icons.words(), *icons.lines()])
    assert "[c]" in said
    assert found.rows[0].reached.pct.state is CellState.SUPPRESSED
    for leftover in ("223", "426", "10.2", "34.4"):
        assert leftover not in said, leftover


@pytest.mark.parametrize(("need", "contact", "total"), [(4, 3, 10), (9, 8, 10), (2, 9, 10), (5, 5, 5)])
def test_limits_hold_every_table_with_those_totals_and_no_less(need: int, contact: int, total: int) -> None:
    both = [b for b in range(min(need, contact) + 1) if need + contact - b <= total]
    reached, targeted = reach_rates.limits(reach.bounds(need, contact, total))
    assert reached == pytest.approx((100 * min(both) / need, 100 * max(both) / need))
    assert targeted == pytest.approx((100 * min(both) / contact, 100 * max(both) / contact))


def test_without_linkage_the_limits_are_drawn_and_no_share_is(tmp_path: Path) -> None:
    release = waist.load(tiny_release(tmp_path, linked=False))
    found = reach_rates.by_service(release, S, reach.needs(release, S)[0])
    points = found.points()
    assert found.drawn
    assert points["pct"].isna().all()
    assert points[["least", "most"]].notna().all(axis=None)
    assert "only limits are known" in found.headline
    assert found.notes[1] == reach_rates.UNLINKED_NOTE
    assert "unweighted" not in found.basis
    assert "[x]" not in found.frame().to_string()
    assert "records are not linked" in reach_fair.fair(release, S, reach.needs(release, S)[0]).headline
    missing = reach_missing.missing(release, S, reach.needs(release, S)[0], Contact.SOCIAL_WORK)
    assert not missing.rows
    assert "Nothing is linked child by child" in missing.headline


def test_too_few_answers_give_no_share() -> None:
    assert reach_rates.Rate(shown(12), shown(25), unsteady=True).pct.state is CellState.UNRELIABLE
    assert reach_rates.policy("min_effective_n") == 30


def test_every_need_stands_with_its_domain_and_domains_stay_together(tiny: Release) -> None:
    found = reach_rates.by_need(tiny, S, Contact.SOCIAL_WORK)
    labels = [row.label for row in found.rows]
    assert "Family – Has an adult they trust: no" in labels
    domains = [label.split(" – ")[0] for label in labels]
    assert domains == sorted(domains, key=domains.index)
    assert "runs from" in found.headline


def test_a_hundred_icons_are_a_hundred_and_each_is_within_one_of_its_share() -> None:
    for counts in product((0.0, 1.0, 3.0, 50.0), repeat=3):
        if sum(counts):
            icons = reach_hundred.shared_out([*counts, 7.0])
            assert sum(icons) == 100
            total = sum(counts) + 7
            assert all(abs(i - 100 * c / total) < 1 for i, c in zip(icons, [*counts, 7.0], strict=True))


def test_the_icons_tell_a_hidden_side_as_one_from_its_own_margin() -> None:
    table = TwoByTwo(HIDDEN, HIDDEN, shown(40), shown(50), shown(10), shown(60), HIDDEN, HIDDEN, shown(100))
    found = reach_hundred.hundred(table, Contact.SOCIAL_WORK, 0.0, False)
    assert found is not None
    assert [(p.kind, p.icons) for p in found.parts] == [("need_hidden", 40), ("other_with", 10), ("other_without", 50)]
    assert reach_hundred.hundred(replace(table, need=HIDDEN), Contact.SOCIAL_WORK, 0.0, False) is None


def test_clusters_add_up_to_the_council_and_each_is_set_against_the_rest(tiny: Release) -> None:
    need, counts = evidence.indicator(tiny, S, "sdq_raised"), by_hand(tiny, f"{S}_contact_cluster", "sdq_raised")
    found = reach_fair.fair(tiny, S, need)
    assert [p.name for p in found.places] == ["Carrickmuir cluster", "Kirkton cluster"]
    assert sum(p.rate.part.value or 0 for p in found.places) == counts["999", "either", "yes"]
    parts = [(counts[c, "either", "yes"], counts[c, "ALL", "yes"]) for c in ("C01", "C02")]
    (a, n), (b, m) = parts
    pooled = (a + b) / (n + m)
    z = abs(a / n - b / m) / (pooled * (1 - pooled) * (1 / n + 1 / m)) ** 0.5
    assert [p.p for p in found.places] == pytest.approx([2 * norm.sf(z)] * 2)


def test_what_stands_out_is_what_benjamini_and_hochberg_would_tell() -> None:
    chances = [0.001, 0.2, 0.012, 0.04, 0.03, 0.9, 0.013]
    cut = reach_fair.threshold(chances, 0.05)
    assert [p <= cut for p in chances] == [bool(q <= 0.05) for q in false_discovery_control(chances)]
    assert reach_fair.threshold([0.6, 0.5], 0.05) < 0
    assert reach_fair.threshold([], 0.05) < 0


def test_a_hidden_cluster_is_not_compared_and_keeps_its_row(tiny: Release) -> None:
    frame = tiny.frame(f"{S}_contact_cluster")
    hide = frame["area"].eq("C01") & frame["contact"].eq("either") & frame["band"].ne("ALL")
    frame.loc[hide, "n"], frame.loc[hide, "state"] = pd.NA, "suppressed"
    release = changed(tiny, f"{S}_contact_cluster", frame)
    found = reach_fair.fair(release, S, evidence.indicator(release, S, "sdq_raised"))
    assert (found.places[0].p, found.places[0].rate.pct.state) == (None, CellState.SUPPRESSED)
    assert not found.drawn
    assert "Fewer than two clusters" in found.headline


def test_a_sensitive_topic_is_told_of_no_cluster(tiny: Release) -> None:
    need = replace(evidence.indicator(tiny, S, "sdq_raised"), sensitive=True)
    found = reach_fair.fair(tiny, S, need)
    assert found.places == ()
    assert "sensitive" in found.headline


def test_fairness_says_by_what_contact_is_not_told(tiny: Release) -> None:
    said = reach_fair.fair(tiny, S, evidence.indicator(tiny, S, "sdq_raised")).not_told
    assert said[0].startswith("Not by sex, school stage or deprivation fifth")


def test_who_answered_is_told_by_contact_and_mends_the_reach_by_the_roll(tiny: Release) -> None:
    need, counts = evidence.indicator(tiny, S, "sdq_raised"), by_hand(tiny, f"{S}_contact", "sdq_raised")
    roll = tiny.frame(f"{S}_contact_roll").set_index("contact")["n"]
    found = reach_missing.missing(tiny, S, need, Contact.EITHER)
    (_, with_), (_, without), (_, everyone) = found.rows
    assert (with_.part.value, with_.whole.value) == (counts["999", "either", "ALL"], roll["either"])
    assert (without.part.value, without.whole.value) == (counts["999", "none", "ALL"], roll["none"])
    assert (everyone.part.value, everyone.whole.value) == (counts["999", "ALL", "ALL"], roll["ALL"])
    a = roll["either"] * counts["999", "either", "yes"] / counts["999", "either", "ALL"]
    b = roll["none"] * counts["999", "none", "yes"] / counts["999", "none", "ALL"]
    assert f"{100 * a / (a + b):.1f}% of pupils" in found.notes[0]


def test_fewer_than_ten_who_did_not_answer_are_not_told(tiny: Release) -> None:
    need, frame = evidence.indicator(tiny, S, "sdq_raised"), tiny.frame(f"{S}_contact_roll")
    answered = by_hand(tiny, f"{S}_contact", "sdq_raised")["999", "social_work", "ALL"]
    frame.loc[frame["contact"] == "social_work", "n"] = answered + 4
    release = changed(tiny, f"{S}_contact_roll", frame)
    found = reach_missing.missing(release, S, need, Contact.SOCIAL_WORK)
    assert found.rows[0][1].pct.state is CellState.SUPPRESSED
    assert "hidden [c]" in found.headline


def test_a_roll_that_is_not_told_by_contact_is_not_worked_out(tiny: Release) -> None:
    frame = tiny.frame(f"{S}_contact_roll").query("contact != 'social_work'").reset_index(drop=True)
    release = changed(tiny, f"{S}_contact_roll", frame)
    found = reach_missing.missing(release, S, evidence.indicator(release, S, "sdq_raised"), Contact.SOCIAL_WORK)
    assert (found.rows, found.headline) == ((), reach_missing.NO_ROLL)
