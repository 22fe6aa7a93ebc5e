"""Every page of the workbench runs through its entry, answers a changed control, and stops with a way forward when it must."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import navigation
from app.navigation import MONEY, NEEDS, REACH, SHIFT, TODAY
from rcs_core import release as waist
from rcs_core.settings import ROOT
from tests.tiny_release import open_page, serve, tiny_release

MOST_CONTROLS = 4
"""In sight at once (`Try a shift` counts its own)."""


def words(page: AppTest) -> str:
    """All that a reader can read of headings, sentences, notes and small print."""
    parts = [page.title, page.header, page.subheader, page.markdown, page.caption, page.info, page.error]
    return "\n".join(str(element.value) for found in parts for element in found)


def test_the_navigation_is_flat_and_names_the_eight_pages_by_address() -> None:
    assert [(s.title, s.address) for s in navigation.SCREENS] == [
        ("Today", "today"),
        ("Session", "session"),
        ("Children's needs", "needs"),
        ("Who gets help", "reach"),
        ("Services and money", "money"),
        ("Try a shift", "shift"),
        ("Decide", "decide"),
        ("Plan and review", "plan"),
    ]
    assert navigation.present() == list(navigation.SCREENS)


@pytest.mark.parametrize("screen", navigation.present(), ids=lambda s: s.address)
def test_every_page_opens_on_a_signed_off_release(
    screen: navigation.Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(tmp_path, monkeypatch)
    page = open_page(screen.file)
    assert not page.exception, page.exception[0].message
    assert page.title[0].value.endswith("?")
    assert "Fictional data" in page.markdown[0].value
    assert "saving" not in words(page).lower()
    assert "code 0.1.0" in page.caption[-1].value


@pytest.mark.parametrize("screen", [s for s in navigation.present() if s is not SHIFT], ids=lambda s: s.address)
def test_every_page_bears_a_release_with_little_in_it(
    screen: navigation.Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(tmp_path, monkeypatch, linked=False, money=False, surveys=("pupil_s1_s4",))
    page = open_page(screen.file)
    assert not page.exception, page.exception[0].message
    if screen is MONEY:
        assert "holds no services and ledgers" in words(page)
    if screen is REACH:
        assert "not known without linkage" in words(page)
    if screen is TODAY:
        assert "no shift can be tried" in words(page)


def test_without_a_release_the_page_says_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RCS_HOME", str(tmp_path))
    monkeypatch.delenv("RCS_RELEASE", raising=False)
    page = open_page(TODAY.file)
    assert not page.exception
    assert page.title[0].value == "There is no release to look at yet"
    assert any("rcs build" in block.value for block in page.code)


def test_an_unsigned_release_shows_nothing_but_who_must_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RCS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RCS_RELEASE", str(tiny_release(tmp_path / "releases")))
    page = open_page(NEEDS.file)
    assert not page.exception
    assert page.title[0].value == "This release is waiting for a sign-off"
    assert "pupils" not in words(page)


def test_a_damaged_release_is_said_in_the_house_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = serve(tmp_path, monkeypatch)
    file.write_bytes(b"not a release")
    page = open_page(TODAY.file)
    assert not page.exception
    assert "To fix" in page.error[0].value


def test_needs_follow_the_controls_and_never_show_more_than_four(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(tmp_path, monkeypatch)
    page = open_page(NEEDS.file)
    page.selectbox(key="needs_area").select("Kirkton cluster").run()
    assert "The most common need among pupils in P5 to P7 in Kirkton cluster is" in words(page)
    assert "Domain by domain" in words(page)
    assert "Sensitive topics" not in words(page)
    page.selectbox(key="needs_question").select("Enjoys learning").run()
    assert {"School", "Sex"} <= {str(found.value) for found in page.subheader}
    assert "told for the whole council area only, so that no child can be singled out" in words(page)
    page.selectbox(key="needs_by").select("School").run()
    assert not page.exception
    assert len(page.selectbox) <= MOST_CONTROLS
    assert "School" in page.dataframe[0].value.columns
    assert "All of Kirkton cluster" in page.dataframe[0].value["School"].tolist()


def test_reach_names_the_contact_that_is_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = serve(tmp_path, monkeypatch)
    page = open_page(REACH.file)
    page.selectbox(key="reach_survey").select("Pupils in S1 to S4").run()
    page.selectbox(key="reach_need").select("Raised difficulties (SDQ)").run()
    page.selectbox(key="reach_service").select("Additional support for learning").run()
    assert not page.exception
    table = waist.load(file).frame("pupil_s1_s4_contact")
    table = table[(table["indicator"] == "sdq_raised") & (table["band"] == "yes")].set_index("contact")["n"]
    share = f"{table['no_additional_support']} of {table['ALL']}"
    assert share in page.header[0].value
    assert "no additional support for learning" in page.header[0].value


def test_pages_stay_short_and_ask_nothing_of_the_records_room() -> None:
    for screen in navigation.present():
        source = (ROOT / "pages" / screen.file).read_text(encoding="utf-8")
        assert len(source.splitlines()) < 120, screen.file
        assert source.startswith('"""'), screen.file
        assert source.splitlines()[0].rstrip('"').endswith("?"), screen.file
        assert "rcs_core.records" not in source


def in_view(view: str, question: str = "Every question") -> AppTest:
    """The needs page as a link to one of its views opens it."""
    page = open_page(NEEDS.file)
    page.session_state["needs_view"], page.session_state["needs_question"] = view, question
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def test_needs_offer_only_the_views_that_the_release_can_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(tmp_path, monkeypatch)
    page = open_page(NEEDS.file)
    assert page.get("button_group")[0].options == ["Now", "Profile"]
    assert "has no earlier wave of this survey" in words(page)


def test_needs_with_an_earlier_wave_offer_six_views(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(tmp_path, monkeypatch, waves=True)
    page = open_page(NEEDS.file)
    assert page.get("button_group")[0].options == [
        "Now", "Since 2023", "Where it differs", "Fair shares", "Schools in a funnel", "Profile",
    ]  # fmt: skip
    assert "has no earlier wave" not in words(page)


@pytest.mark.parametrize(
    ("view", "question", "sentence"),
    [
        ("Since 2023", "Every question", "need among pupils in P5 to P7 in Strathmere is up on 1 and down on 1 since 2023"),
        ("Since 2023", "Enjoys learning", "not comparable: the wording changed in 2025"),
        ("Where it differs", "Every question", "With no true difference, a plain test would flag fewer than one by chance"),
        ("Where it differs", "Has an adult they trust", "2 of 2 clusters differ clearly from the rest of the area"),
        ("Fair shares", "Every question", "a gap of 12 points (8 to 16)"),
        ("Fair shares", "Active for an hour yesterday", "in the most deprived fifth"),
        ("Schools in a funnel", "Every question", "Choose a question above to see its funnel"),
        ("Schools in a funnel", "Active for an hour yesterday", "a reason to ask, not a ranking"),
    ],
)
def test_each_view_of_needs_says_its_sentence(
    view: str, question: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(tmp_path, monkeypatch, waves=True)
    page = in_view(view, question)
    assert sentence in words(page)
    assert "saving" not in words(page).lower()
    assert page.dataframe


def test_a_view_keeps_the_place_and_the_question_when_another_was_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(tmp_path, monkeypatch, waves=True)
    page = open_page(NEEDS.file)
    page.selectbox(key="needs_area").select("Burnside Primary (school)").run()
    page.selectbox(key="needs_question").select("Enjoys learning").run()
    page.get("button_group")[0].set_value("Since 2023").run()
    assert "so Carrickmuir cluster stands for Burnside Primary" in words(page)
    page.get("button_group")[0].set_value("Fair shares").run()
    assert page.selectbox(key="needs_question").value == "Enjoys learning"
    page.get("button_group")[0].set_value("Now").run()
    assert not page.exception
    assert page.selectbox(key="needs_area").value == "Burnside Primary (school)"
    assert page.selectbox(key="needs_question").value == "Enjoys learning"
