"""The audit refuses a release whose comparisons speak of what its count tables hide."""

from collections.abc import Callable

import pandas as pd
import pytest

from rcs_core.audit import audit
from rcs_core.audit.derived import NARROWS, SENSITIVE, SPEAKS_OF_HIDDEN, derived_leaks, is_derived
from rcs_core.release import Table
from tests.count_tables import NO_HIERARCHY

LABELS = ("survey", "wave", "indicator")
AREAS = pd.DataFrame(
    [("999", "council"), ("C1", "cluster"), ("C2", "cluster"), ("C3", "cluster"), ("S1", "school")], columns=["area", "level"]
)


def counts(dim: str, shown: dict[str, bool], wave: str = "2025", item: str = "safe") -> Table:
    """A count table whose groups are shown or hidden."""
    rows = []
    for group, open_ in shown.items():
        for band, n in (("ALL", 60), ("yes", 40), ("no", 20)):
            council = ("999",) if dim == "simd_quintile" else ()
            pct = 67.0 if open_ and band == "yes" else None
            rows.append(
                ("kids", wave, item, *council, group, band, n if open_ else None, "shown" if open_ else "suppressed", pct)
            )
    dims = ("area", "band") if dim == "area" else ("area", dim, "band")
    frame = pd.DataFrame(rows, columns=[*LABELS, *dims, "n", "state", "pct"])
    return Table(f"kids_{dim}_{wave}", "Counts", frame.astype({"n": "Int64"}), dims, LABELS)


def difference(area: str, number: float | None, verdict: str) -> Table:
    row = ("kids", "2025", "safe", area, number, number, number, verdict, "")
    return Table(
        "comparisons", "", pd.DataFrame([row], columns=[*LABELS, "area", "difference", "low", "high", "verdict", "reason"])
    )


def change(area: str, number: float | None, verdict: str) -> Table:
    row = ("kids", "safe", area, "2023", "2025", number, number, number, verdict, "")
    names = ["survey", "indicator", "area", "wave_from", "wave_to", "change", "low", "high", "verdict", "reason"]
    return Table("changes", "", pd.DataFrame([row], columns=names))


def inequality(value: float | None, state: str) -> Table:
    row = ("kids", "2025", "safe", "gap", value, value, value, state)
    return Table("inequality", "", pd.DataFrame([row], columns=[*LABELS, "measure", "value", "low", "high", "state"]))


def funnel(area: str, answers: int) -> Table:
    row = ("kids", "2025", "safe", area, answers, 67.0, 50.0, 80.0, 40.0, 90.0, "within", 1.0)
    names = [*LABELS, "area", "answers", "pct", "low_95", "high_95", "low_998", "high_998", "verdict", "overdispersion"]
    return Table("funnel", "", pd.DataFrame([row], columns=names))


def kinds(spoken: Table, *published: Table, sensitive: bool = False) -> list[str]:
    about = pd.DataFrame([("kids", "safe", sensitive)], columns=["survey", "indicator", "sensitive"])
    return [leak.rule for leak in derived_leaks([spoken, *published, Table("areas", "", AREAS), Table("indicators", "", about)])]


OPEN = counts("area", {"999": True, "C1": True, "C2": True, "C3": True, "S1": True})
HALF = counts("area", {"999": True, "C1": True, "C2": False, "C3": False, "S1": True})
THEN_OPEN = counts("area", {"999": True, "C1": True, "C2": True, "C3": True}, "2023")
THEN_HALF = counts("area", {"999": True, "C1": True, "C2": False, "C3": False}, "2023")
FIFTHS = {str(q): True for q in range(1, 6)}


def test_what_shown_cells_say_is_no_leak() -> None:
    assert kinds(difference("C1", 4, "higher"), OPEN) == []
    assert kinds(change("C1", -4, "fall"), OPEN, THEN_OPEN) == []
    assert kinds(inequality(9, "shown"), counts("simd_quintile", FIFTHS | {"not_known": False})) == []
    assert kinds(funnel("S1", 60), OPEN) == []


def test_a_verdict_without_numbers_may_stand_beside_a_hidden_area() -> None:
    assert kinds(difference("C1", None, "higher"), HALF) == []
    assert kinds(change("C1", None, "rise"), HALF, THEN_OPEN) == []
    assert kinds(difference("C2", None, "not_shown"), HALF) == []
    assert kinds(change("C2", None, "not_comparable"), HALF, THEN_HALF) == []


def test_a_number_beside_a_hidden_area_of_its_level_narrows_it() -> None:
    assert kinds(difference("C1", 4, "higher"), HALF) == [NARROWS]
    assert kinds(change("C1", 4, "rise"), OPEN, THEN_HALF) == [NARROWS]
    assert kinds(change("999", 4, "rise"), OPEN, THEN_HALF) == []


def test_nothing_is_told_of_a_hidden_area_itself() -> None:
    assert SPEAKS_OF_HIDDEN in kinds(difference("C2", 4, "higher"), HALF)
    assert kinds(difference("C2", None, "lower"), HALF) == [SPEAKS_OF_HIDDEN]
    assert kinds(change("C2", None, "no_clear_change"), OPEN, THEN_HALF) == [SPEAKS_OF_HIDDEN]
    assert kinds(funnel("C2", 60), HALF) == [SPEAKS_OF_HIDDEN]


def test_nothing_is_told_of_an_area_or_a_wave_that_no_table_holds() -> None:
    assert kinds(difference("C9", 4, "higher"), OPEN) == [SPEAKS_OF_HIDDEN]
    assert kinds(change("C1", 4, "rise"), OPEN) == [SPEAKS_OF_HIDDEN]
    assert kinds(inequality(9, "shown")) == [SPEAKS_OF_HIDDEN]


@pytest.mark.parametrize("fifth", list("12345"))
def test_an_inequality_with_a_hidden_fifth_is_refused(fifth: str) -> None:
    assert kinds(inequality(9, "shown"), counts("simd_quintile", FIFTHS | {fifth: False})) == [SPEAKS_OF_HIDDEN]
    assert kinds(inequality(None, "suppressed"), counts("simd_quintile", FIFTHS | {fifth: False})) == []


def test_a_funnel_holds_the_published_answers_and_no_others() -> None:
    assert kinds(funnel("S1", 61), OPEN) == [SPEAKS_OF_HIDDEN]


@pytest.mark.parametrize("spoken", [difference("C1", 4, "higher"), change("C1", 4, "rise"), funnel("S1", 60)])
def test_a_sensitive_topic_below_the_council_is_refused(spoken: Table) -> None:
    assert kinds(spoken, OPEN, THEN_OPEN, sensitive=True) == [SENSITIVE]


def test_a_share_that_is_not_shown_is_not_spoken_of() -> None:
    unsteady = Table("kids_area", "", OPEN.frame.assign(pct=None), OPEN.dims, OPEN.labels)
    assert kinds(funnel("S1", 60), unsteady) == [SPEAKS_OF_HIDDEN]


@pytest.mark.parametrize(
    "make", [lambda: difference("C2", 4, "higher"), lambda: change("C2", 4, "rise"), lambda: funnel("C2", 60)]
)
def test_the_audit_itself_is_not_safe_with_such_a_row(make: Callable[[], Table]) -> None:
    tables = [make(), HALF, THEN_HALF, Table("areas", "", AREAS)]
    assert not audit(tables, NO_HIERARCHY, 10).safe


def test_a_stranger_s_table_of_the_same_name_is_read_as_any_other() -> None:
    assert not is_derived("inequality", ["area", "value"])
    assert derived_leaks([Table("comparisons", "", pd.DataFrame({"a": [1]}))]) == []


def scores(**means: float | None) -> Table:
    rows = [("kids", "2025", "wellbeing", area, m, m, m, "suppressed" if m is None else "shown") for area, m in means.items()]
    return Table("scores", "", pd.DataFrame(rows, columns=[*LABELS, "area", "mean", "low", "high", "state"]))


def test_means_of_every_cluster_or_of_none_are_no_leak() -> None:
    council = {"999": 48.0}
    assert kinds(scores(**council, C1=47.0, C2=48.5, C3=49.0), OPEN) == []
    assert kinds(scores(**council, C1=None, C2=None, C3=None), HALF) == []


def test_a_mean_beside_one_that_is_not_told_narrows_it() -> None:
    assert kinds(scores(**{"999": 48.0}, C1=47.0, C2=None, C3=None), OPEN) == [NARROWS]


def test_a_mean_of_an_area_whose_answers_are_hidden_is_a_leak() -> None:
    assert kinds(scores(**{"999": 48.0}, C1=47.0, C2=48.0, C3=49.0), HALF) == [SPEAKS_OF_HIDDEN, SPEAKS_OF_HIDDEN]
