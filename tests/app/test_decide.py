"""*Decide*: a kept scenario is brought to the table by name, a decision is recorded, completed and taken back on the page."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app import session, shift_keep, typed_words
from rcs_core import release as waist
from rcs_core.workshop import big_screen
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.decide import Decisions, Dissent
from rcs_core.workshop.kept import Shelf
from rcs_core.workshop.shift import try_shift
from rcs_core.workshop.store import Store
from tests.test_pages import words
from tests.tiny_release import open_page, serve
from tests.workshop.decision_cases import CUT, GROWTH, SHEET

NASTY = "**No** <script>alert(1)</script> [x](javascript:alert(1)) $x^2$ :red[y] www.z.scot"


def field(page: AppTest, kind: str, label: str) -> Any:
    return next(one for one in page.get(kind) if one.label.startswith(label))


def opened() -> AppTest:
    page = open_page("decide.py")
    page.toggle(key="big_screen").set_value(False)
    page.run()
    assert not page.exception, page.exception[0].message
    return page


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store beside the small release."""
    serve(tmp_path, monkeypatch)
    return Store.open(tmp_path / "home" / "store.sqlite")


def test_a_move_is_decided_from_a_kept_scenario_refused_until_whole_and_taken_back(store: Store) -> None:
    found = waist.load(waist.current_file(session.release_path()))
    shift = try_shift(found, Levers.of("shift_5", depth=Depth.ESTIMATE, budget_change_pct=-1.0))
    Shelf(store).keep("Ours **x**", "Ada", shift_keep.draft(found, shift))
    page = opened()
    assert page.selectbox(key="decide_scenario").value == "Ours **x**"
    assert "need a safety sheet" in words(page).replace("lose money in any year needs", "need")
    moves = field(page, "multiselect", "Moves")
    assert moves.options[1].startswith("All ")
    moves.select(moves.options[-1])
    page.run()
    title = field(page, "text_input", "What is decided").value
    assert "loses" in title
    assert field(page, "text_input", "Caseload").value
    field(page, "text_input", "Owner").set_value("Jo")
    field(page, "button", "Record it").click()
    page.run()
    assert "This cannot be recorded yet" in page.error[0].value
    for absent in ("your name", "the day by which it is done", "the wellbeing outcome", "an indicator"):
        assert absent in page.error[0].value
    assert field(page, "text_input", "Owner").value == "Jo"
    field(page, "text_input", "Your name").set_value("Ada")
    field(page, "date_input", "By when").set_value(date(2027, 3, 31))
    field(page, "selectbox", "Wellbeing outcome").set_value("safe")
    field(page, "selectbox", "Indicator").set_value("pupil_s1_s4|sdq_raised")
    field(page, "selectbox", "Which body").select_index(0)
    field(page, "selectbox", "Dissent").set_value("nhs_board")
    field(page, "text_area", "In their own words").set_value(NASTY)
    page.run()
    field(page, "button", "Record it").click()
    page.run()
    assert page.success[0].value == "Recorded as D1, version 1: proposal."
    assert page.selectbox(key="decide_one").value == "D1"
    (one,) = Decisions(store).current()
    assert (one.title, one.owner, one.dissent[0].words) == (title, "Jo", NASTY)
    assert one.indicator_words.startswith("“Raised difficulties (SDQ)”, pupils in S1 to S4: ")
    assert "what is monitored" in one.gaps
    assert typed_words.typed(NASTY) in words(page)
    assert NASTY not in words(page)
    field(page, "button", "Take version 1 back").click()
    page.run()
    assert (page.success[0].value, Decisions(store).current()) == ("Version 1 of D1 was taken back.", [])


def test_on_the_big_screen_no_sum_that_was_typed_of_a_bought_service_stands_anywhere(store: Store) -> None:
    found = waist.load(waist.current_file(session.release_path()))
    draft = shift_keep.draft(found, try_shift(found, Levers.of("shift_5", depth=Depth.DISCUSS)))
    Shelf(store).keep("Ours", "Ada", replace(draft, names={id: f"Once {name}" for id, name in draft.names.items()}))
    bought = min(big_screen.bought(found))
    priced = replace(
        GROWTH, service_ids=(bought,), money=(), title="Title £51,111", conditions=("Below £52,222",), indicator=None,
        indicator_words="Cost £53,333", dissent=(Dissent("fire", "", "At £54,444?"),),
        safety=replace(SHEET, conditions="Under £55,555"),
    )  # fmt: skip
    Decisions(store).record(priced, "Ada")
    page = open_page("decide.py")
    said = words(page) + "".join(table.value.to_string() for table in page.dataframe)
    assert not re.search(r"5\d,\d{3}", said)
    moves = next(table.value for table in page.dataframe if "Way" in table.value)
    own = {f"Once {draft.names[id]}" for id in big_screen.bought(found)}
    assert moves["Change (£)"].isna().tolist() == moves["Service"].isin(own).tolist()
    assert moves["Change (£)"].isna().any()
    page.toggle(key="big_screen").set_value(False)
    page.run()
    said = words(page) + "".join(table.value.to_string() for table in page.dataframe)
    assert set(re.findall(r"5\d,\d{3}", said)) == {f"5{k},{3 * str(k)}" for k in range(1, 6)}


def test_what_others_decided_is_there_with_its_own_release_and_can_be_completed(store: Store) -> None:
    kept = Decisions(store)
    kept.record(GROWTH, "Ada")
    kept.record(CUT, "Ben", "nhs_board")
    page = opened()
    said = words(page)
    assert "No scenario has been kept yet" in said
    assert "Two decisions: one to go ahead with and one still a proposal." in said
    assert "what is monitored" in said
    assert "Decided on release 608f4ae021f4" in said
    assert list(page.dataframe[0].value["No."]) == ["D1", "D2"]
    field(page, "button", "Change it").click()
    page.run()
    assert "**D2**, from version 1." in words(page)
    kept.record(replace(CUT, id="D2", safety=SHEET, dissent=(Dissent("fire", "", "Not yet."),)), "Cy")
    field(page, "text_input", "Your name").set_value("Dee")
    page.run()
    assert "Meanwhile Cy recorded version 2." in words(page)
    field(page, "button", "Record it").click()
    page.run()
    assert "Recorded as D2, version 3: proposal. Somebody else recorded a version meanwhile" in page.success[0].value
    assert {one.agency for one in kept.current()[1].dissent} == {"nhs_board", "fire"}
    assert kept.history("D2")[1].standing == "agreed"
