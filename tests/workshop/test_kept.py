"""Scenarios are kept as versions of a name with all they came from; nothing that was kept is ever lost."""

import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rcs_core
from rcs_core.errors import ScenarioError
from rcs_core.workshop.couple import levers_kept
from rcs_core.workshop.couple.levers import Answered, Course, Depth, Levers, Preset
from rcs_core.workshop.kept import DECISION, Draft, Kept, Shelf, scenario_id
from rcs_core.workshop.scenario.edits import Edit
from rcs_core.workshop.store import Event, EventKind, Store, StoreError

DRAFT = Draft(
    {"horizon": 2}, {"moved": 1.5, "status": "optimal"}, {"preset": "shift_5"}, {"S003": [1.0, 2.0]}, {"S003": "Family support"},
    "608f4ae021f4", "608f4ae021f4706f", "After the first meeting.", DECISION,
)  # fmt: skip


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(Store.open(tmp_path / "store.sqlite"))


def test_what_was_kept_comes_back_with_whose_it_is_and_the_code_that_made_it(shelf: Shelf) -> None:
    kept = shelf.keep("Our  plan", " Ada ", DRAFT)
    assert shelf.of_link(kept.link) == kept
    assert (kept.name, kept.version, kept.author, kept.code, kept.parent) == ("Our plan", 1, "Ada", rcs_core.__version__, None)
    assert kept.draft == DRAFT
    assert kept.at.endswith("+00:00")


def test_a_name_kept_again_is_a_new_version_and_the_old_one_stays(shelf: Shelf) -> None:
    first = shelf.keep("Two per cent", "Ada", Draft({"x": 1}))
    second = shelf.keep("  two  PER cent ", "Ben", Draft({"x": 2}))
    assert (first.id, first.version, second.version) == (second.id, 1, 2)
    assert (first.title, second.title) == ("Two per cent", "Two per cent (version 2)")
    assert shelf.one(first.id, 1).draft.scenario == {"x": 1}
    assert shelf.one(first.id).draft.scenario == {"x": 2}
    assert [k.version for k in shelf.latest()] == [2]
    assert [(k.version, k.author) for k in shelf.versions(first.id)] == [(1, "Ada"), (2, "Ben")]


def test_what_was_kept_last_is_listed_first_and_a_list_does_not_carry_the_scenarios(shelf: Shelf) -> None:
    for name in ("One", "Two", "One"):
        shelf.keep(name, "Ada", DRAFT)
    assert [(k.name, k.version) for k in shelf.latest()] == [("One", 2), ("Two", 1)]
    assert {(str(k.draft.scenario), str(k.draft.names), k.draft.note) for k in shelf.latest()} == {("{}", "{}", DRAFT.note)}


def test_names_that_look_alike_in_a_link_are_still_two_scenarios() -> None:
    assert scenario_id("A + B") != scenario_id("A / B")
    assert scenario_id("A + B") == scenario_id("a +  b")
    assert scenario_id("£££")


def test_an_unknown_scenario_version_or_link_is_refused_with_what_there_is(shelf: Shelf) -> None:
    kept = shelf.keep("One", "Ada", Draft({}))
    with pytest.raises(StoreError, match=kept.id):
        shelf.one("nothing")
    with pytest.raises(StoreError, match="versions 1 to 1"):
        shelf.one(kept.id, 9)
    for link in ("", "one", "one.x", ".1"):
        with pytest.raises(StoreError, match="no link to a kept scenario"):
            shelf.of_link(link)


def test_a_copy_is_a_new_name_that_knows_its_parent(shelf: Shelf) -> None:
    for _ in range(2):
        kept = shelf.keep("Ours", "Ada", DRAFT)
    copy = shelf.copy(kept.id, 1, "Theirs", "Ben")
    assert (copy.parent, copy.version, copy.author, copy.draft) == ((kept.id, 1), 1, "Ben", DRAFT)
    with pytest.raises(StoreError, match="another scenario has this name"):
        shelf.copy(kept.id, 1, "  THEIRS ", "Cam")


def test_a_scenario_renamed_keeps_its_link_its_versions_and_lets_go_of_its_old_name(shelf: Shelf) -> None:
    kept = shelf.keep("First", "Ada", DRAFT)
    shelf.rename(kept.id, "Second", "Ben")
    assert shelf.of_link(kept.link).name == "Second"
    assert shelf.keep("second", "Cam", DRAFT).link == f"{kept.id}.2"
    again = shelf.keep("First", "Dee", Draft({"x": 1}))
    assert (again.id != kept.id, again.version) == (True, 1)
    assert [k.draft.scenario for k in (shelf.one(kept.id, 1), shelf.one(again.id))] == [DRAFT.scenario, {"x": 1}]
    with pytest.raises(StoreError, match="another scenario has this name"):
        shelf.rename(again.id, "SECOND", "Ada")
    shelf.rename(again.id, "FIRST", "Ada")
    assert {k.name for k in shelf.latest()} == {"FIRST", "Second"}


def test_a_scenario_retired_leaves_the_list_stays_behind_its_link_and_comes_back_when_kept_again(shelf: Shelf) -> None:
    kept = shelf.keep("Ours", "Ada", DRAFT)
    shelf.retire(kept.id, "Ben", "Overtaken.")
    assert shelf.latest() == []
    assert [k.retired for k in shelf.latest(retired=True)] == [True]
    assert shelf.of_link(kept.link).draft == DRAFT
    assert shelf.keep("ours", "Cam", DRAFT).version == 2
    assert [k.retired for k in shelf.latest()] == [False]


@pytest.mark.parametrize("blank", ["", "  "])
def test_nothing_is_kept_renamed_or_retired_without_a_name_and_whose_wish_it_is(shelf: Shelf, blank: str) -> None:
    kept = shelf.keep("One", "Ada", DRAFT)
    for deed in (
        lambda: shelf.keep(blank, "Ada", DRAFT), lambda: shelf.keep("Two", blank, DRAFT),
        lambda: shelf.rename(kept.id, blank, "Ada"), lambda: shelf.rename(kept.id, "Two", blank),
        lambda: shelf.retire(kept.id, blank, "why"), lambda: shelf.retire(kept.id, "Ada", blank),
    ):  # fmt: skip
        with pytest.raises(StoreError, match="needs"):
            deed()
    assert len(shelf.store.events()) == 1


def test_two_who_keep_one_name_at_once_both_find_theirs(shelf: Shelf) -> None:
    def work(who: str) -> None:
        for i in range(5):
            shelf.keep("Shared", who, Draft({"by": who, "i": i}))

    threads = [threading.Thread(target=work, args=(who,)) for who in ("Ada", "Ben")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [shelf.one(scenario_id("Shared"), v).draft.scenario for v in range(1, 11)]
    assert sorted((s["by"], s["i"]) for s in found) == [(who, i) for who in ("Ada", "Ben") for i in range(5)]


def test_what_an_earlier_program_kept_is_still_read(shelf: Shelf) -> None:
    body = {"name": "Old", "version": 1, "scenario": {"horizon": 1}, "result": {"status": "optimal", "for": DECISION}}
    shelf.store.append(Event(EventKind.SCENARIO_SAVED, "Ada", body, release_id="r", scenario_id="old-1"))
    (old,) = shelf.latest()
    expected = Draft({}, body["result"], release_id="r", purpose=DECISION)
    assert old == Kept("old-1", "Old", 1, "Ada", old.at, expected)
    assert shelf.one("old-1").draft.scenario == {"horizon": 1}


numbers = st.floats(0, 100, allow_nan=False)
answers = st.builds(
    Answered, st.sampled_from(["effect", "lag"]), st.text(max_size=4), st.text(max_size=4), numbers, numbers, numbers
)
edits = st.builds(Edit, st.text(max_size=8), st.one_of(numbers, st.none(), st.lists(numbers, max_size=2)), st.text(max_size=4))


@settings(max_examples=15)
@given(
    st.builds(
        Levers, preset=st.sampled_from(Preset), shift_pct=numbers, horizon=st.integers(1, 10),
        protect=st.tuples(st.text(max_size=4)), cashable_override_pct=st.one_of(st.none(), numbers),
        depth=st.sampled_from(Depth), course=st.sampled_from(Course),
        answers=st.tuples(answers), edits=st.tuples(edits), allow_pool=st.booleans(),
    )
)  # fmt: skip
def test_levers_come_back_as_they_were_kept(levers: Levers) -> None:
    assert levers_kept.read(levers_kept.plain(levers)) == levers
    assert repr(levers_kept.read(levers_kept.plain(levers))) == repr(levers)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ({"speed": 1}, "not known here"),
        ({"preset": "shift_9"}, "cannot be read"),
        ({"edits": [{"where": "/x"}]}, "cannot be read"),
    ],
)
def test_levers_of_another_program_are_refused(content: dict[str, object], what: str) -> None:
    with pytest.raises(ScenarioError, match=what):
        levers_kept.read(content)
