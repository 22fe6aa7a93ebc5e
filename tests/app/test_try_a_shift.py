"""*Try a shift* starts where a partnership can, marks what rests on guesses, and asks the room what would turn the plan."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from app import shifting
from app.navigation import SHIFT
from rcs_core.release import load
from rcs_core.vocab import InputState
from rcs_core.workshop.couple import Levers
from rcs_core.workshop.couple.levers import Answered, Depth
from rcs_core.workshop.inputs import rounds, told
from rcs_core.workshop.inputs.elicit import Question
from rcs_core.workshop.shift import try_shift
from rcs_core.workshop.store import Store
from tests.app.test_room import counted
from tests.test_pages import MOST_CONTROLS, words
from tests.tiny_release import open_page, serve
from tests.workshop.test_couple import a_release

QUESTIONS = [
    "Is every child's need met?", "What moves?", "Who pays, and who gains?", "When does it pay back?", "How sure are we?",
]  # fmt: skip
"""In the order in which a board asks them."""


def asked(store: Store, release_id: str) -> rounds.Asked:
    """The questions that were put last."""
    found = rounds.latest(store, release_id)
    assert found
    return found


def test_it_starts_with_what_can_be_discussed_and_asks_the_room_what_would_turn_the_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = serve(tmp_path, monkeypatch)
    page = open_page(SHIFT.file)
    assert not page.exception
    said = words(page)
    assert page.toggle(key="big_screen").value is True
    assert not [price for price in ("486250.25", "231900") if price in said]
    assert [h.value for h in page.header][:5] == QUESTIONS
    assert said.count("more a year goes to prevention") == 1
    assert "Two points of the modelled spend move to prevention by the last year. Source: Evidence2Success" in said
    assert "100% of the pounds moved rest on guesses" in said
    assert "No plan is called best where a shift is only discussed" in said
    assert "2.0 points more" in said
    assert "placements avoided all year" in said
    assert "all the mapped money, to the penny" in said
    assert len(counted(page)) <= MOST_CONTROLS
    changes = next(t.value["Change (£)"] for t in page.dataframe if "Change (£)" in t.value.columns)
    assert all(float(f"{v:.2g}") == v for v in changes.dropna())

    release = load(file)
    question = Question(Answered("effect", "S003", "S002", 2, 5, 8), "How many fewer?", "children", InputState.GROUP_ESTIMATE)
    store = Store.open(tmp_path / "home" / "store.sqlite")
    rounds.put(store, release.id, [question])
    rounds.answer(store, release.id, asked(store, release.id), "Head teacher", {0: (1.0, 4.0, 6.0)})
    rounds.close(store, release.id, asked(store, release.id))
    next(g for g in page.get("button_group") if g.key == "shift_depth").set_value(Depth.ESTIMATE.label).run()
    next(g for g in page.get("button_group") if g.key == "shift_view").set_value("How sure").run()
    assert "Not called a best plan" in words(page)
    assert "**4** (1 to 6)" in words(page)
    assert "Head teacher" in str([table.value.to_dict() for table in page.dataframe])
    assert any(t.label == "Use the group's own numbers (1)" and t.value for t in page.toggle)
    next(t for t in page.text_input if t.label.startswith("Your role")).set_value("Police")
    for end, value in zip(("Low", "Likely", "High"), (1.0, 7.0, 9.0), strict=True):
        next(n for n in page.number_input if n.label == f"{end}, question 1").set_value(value)
    next(b for b in page.button if b.label == "Give my answer").click().run()
    assert not page.error
    assert asked(store, release.id).answers[2] == {"Police": {0: (1.0, 7.0, 9.0)}}
    assert "1 answered.** No number is shown" in words(page)


def test_what_rests_on_guesses_leaves_marked_and_is_no_decision() -> None:
    release = a_release()
    for depth, only in ((Depth.DISCUSS, True), (Depth.EVIDENCE, False)):
        chosen = Levers.of("shift_2", depth=depth)
        shift = try_shift(release, chosen)
        standing = told.standing(shift)
        assert standing.decision is not only
        assert shifting.stamp(release, standing).file_name("shift", "xlsx").endswith("_discussion-only.xlsx") is only
        assert ("DISCUSSION ONLY" in shifting.scenario_file(shift, standing)) is only
        book = openpyxl.load_workbook(BytesIO(shifting.workbook(release, chosen, shift, standing)))
        cover = {str(row[0]): str(row[1]) for row in book["Cover"].iter_rows(min_row=5, values_only=True)}
        assert ("Change, all years, in two figures" in cover) is only
        before, after = (cover.get(f"Spend {end}, all years, rounded like the change", "") for end in ("before", "after"))
        assert (before.startswith("=ROUND(") and after.startswith(f"{before}+")) is only
        assert str(book["Allocation"]["A2"].value).startswith("DISCUSSION ONLY") is only
        listed = [str(row[0]) for row in book["Assumptions"].iter_rows(min_row=5, values_only=True)]
        assert any("staff of the funder itself are redeployed" in text for text in listed)
