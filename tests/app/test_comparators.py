"""The section *Beside other councils*: it says its sentence, follows the choice, and says how to get figures where none are."""

from streamlit.testing.v1 import AppTest

from tests.workshop.comparator_cases import published


def by_hand() -> None:
    """The section on six councils and two figures."""
    import pandas as pd

    from app import comparators
    from tests.workshop.comparator_cases import release, rows

    six = {"Falkirk": 20.0, "Fife": 30.0, "Moray": 10.0, "Highland": 20.0, "Angus": 25.0, "Stirling": 5.0}
    ends = {place: (value - 4, value + 4) for place, value in six.items()}
    then = rows({**six, "Falkirk": 15.0}, year="2018-19")
    both = pd.concat([then, rows(six), rows(six, "healthy weight", ends=ends)])
    comparators.section(release(both))


def without() -> None:
    """The section of a release without published figures."""
    from app import comparators
    from tests.workshop.comparator_cases import release, rows

    comparators.section(release(rows({"Falkirk": 1.0})))


def real() -> None:
    """The section on every published figure."""
    from app import comparators
    from tests.workshop.comparator_cases import published, release

    frame = published()
    if frame is not None:
        comparators.section(release(frame, "West Lothian", "400"))


def said(page: AppTest) -> str:
    """All that can be read of it."""
    assert not page.exception, page.exception[0].message
    return "\n".join(str(e.value) for found in (page.header, page.subheader, page.markdown, page.caption) for e in found)


def test_the_section_says_where_we_stand_and_follows_the_choice() -> None:
    page = AppTest.from_function(by_hand, default_timeout=60).run()
    words = said(page)
    assert "Rate, 2020-21: 20.0% in Falkirk. It shares places 3 to 4 of 6, from the highest." in words
    assert "No interval is published, so the rank is as it stands." in words
    assert "From 2018-19 to 2020-21: 15.0% to 20.0% in Falkirk" in words
    page.selectbox(key="beside_measure").select("Healthy weight").run()
    words = said(page)
    assert "Its interval allows places 2 to 4 of 6" in words
    assert "From 2018-19" not in words
    assert page.dataframe[0].value["Place from highest"].tolist() == ["1 to 2", "1 to 4", "2 to 4", "2 to 4", "5 to 6", "5 to 6"]


def test_without_figures_one_line_says_how_to_get_them() -> None:
    page = AppTest.from_function(without, default_timeout=60).run()
    assert "comparators.csv" in said(page)
    assert not page.selectbox


def test_on_all_published_figures_the_words_promise_nothing() -> None:
    if published() is None:
        return
    page = AppTest.from_function(real, default_timeout=60).run()
    words = said(page)
    assert "West Lothian" in words
    assert "what would be paid" in words
    assert "would release" not in words
    assert "saving" not in words.lower()
    assert len(page.selectbox[0].options) > 30
