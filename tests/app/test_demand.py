"""The door to demand if nothing changes: it says its sentence, draws its range, and is not there without demand."""

from streamlit.testing.v1 import AppTest

from app import demand
from rcs_core.workshop.demand import Method, told
from tests.workshop.small_release import a_release


def with_demand() -> None:
    """The door on the small release."""
    from app import demand
    from tests.workshop.small_release import a_release

    demand.expander(a_release())


def without() -> None:
    """The door on a release without demand."""
    from app import demand
    from tests.workshop.small_release import a_release

    demand.expander(a_release(demand=None))


def test_the_door_says_the_outlook_with_its_range_its_back_test_and_its_source() -> None:
    page = AppTest.from_function(with_demand, default_timeout=60).run()
    assert not page.exception
    assert told.TITLE in [e.label for e in page.expander]
    first = told.outlooks(a_release())[0]
    assert first.sentence in [s.value for s in page.subheader]
    words = " ".join(m.value for m in (*page.markdown, *page.caption))
    assert "Source: demand history" in words
    assert first.chosen.backtest.text in words
    assert demand.BANDS in words


def test_without_demand_there_is_no_door() -> None:
    page = AppTest.from_function(without, default_timeout=60).run()
    assert not page.exception
    assert not page.expander


def test_the_picture_and_the_table_hold_every_year_of_every_method() -> None:
    for one in told.outlooks(a_release()):
        picture, numbers = told.picture(one), told.numbers(one)
        ahead = sum(len(each.years) for each in (one.chosen, *one.beside))
        assert len(numbers) == len(one.history) + ahead
        joined = [each for each in (one.chosen, *one.beside) if each.method is not Method.STOCK_AND_FLOW]
        assert len(picture) == len(one.history) + ahead + len(joined)
        assert picture.loc[picture["low"].notna(), "series"].unique().tolist() == [told.method_name(one.chosen)]
        spec = demand.picture(one.history.unit.label, picture["series"].unique().tolist())
        assert "data" not in spec
        assert spec["layer"][0]["encoding"]["color"]["scale"]["domain"][0] == told.COUNTED
        assert one.history.unit.label in one.sentence
        assert one.chosen.method is Method.FLAT
