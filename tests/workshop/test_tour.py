"""The tour: its numbers are those of the page, a stop without its data is left out, and nonsense in the address asks for none."""

from pathlib import Path

import pytest

from app import navigation
from rcs_core import release as waist
from rcs_core.release import Release
from rcs_core.settings import CONTRACTS, read_yaml
from rcs_core.workshop import evidence, reach, spend_map, spine, tour
from rcs_core.workshop.couple import Levers, Preset
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.shift import try_shift, what_moves
from tests.tiny_release import open_page, serve, tiny_release

EVERY = tuple(screen.address for screen in navigation.SCREENS)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return waist.load(tiny_release(tmp_path_factory.mktemp("release"), waves=True))


def test_every_stop_is_of_a_page_of_the_workbench_and_holds_no_typed_number() -> None:
    for name, stop in tour.stops().items():
        assert stop.page in EVERY, name
        assert not any(sign.isdigit() for sign in f"{stop.look}{stop.ask}{stop.answer}"), name
        assert stop.look.endswith("."), name
        assert stop.ask.endswith("?"), name


def test_a_release_with_everything_has_every_stop_and_its_answers_are_what_the_pages_say(release: Release) -> None:
    assert tour.offered(release, EVERY) == tuple(read_yaml(CONTRACTS / "tour.yaml"))
    told = {name: tour.told(release, name).answer for name in tour.offered(release, EVERY)}
    info, council = evidence.surveys(release)[0], evidence.council(release)
    survey, need, contact = tour._reach_asked(release)
    pages = {
        "needs": spine.spine(release, info.code, council).sentences[0],
        "reach": reach.reach(release, survey.code, need, contact).headline,
        "prevention": spend_map.prevention(release).view.headline.sentence,
        "shift": what_moves(try_shift(release, Levers.of(Preset.SHIFT_2, depth=Depth.DISCUSS))).sentence,
    }
    for name, page in pages.items():
        answer = told[name]
        assert answer is not None, name
        assert answer.figures, name
        assert all(figure.said in page for figure in answer.figures.values()), (name, answer.text, page)
    total = told["money"]
    assert total is not None
    assert total.figures["total"].said in spend_map.total(release).sentence


def test_a_stop_whose_data_or_page_is_not_there_is_left_out(tmp_path: Path) -> None:
    bare = waist.load(tiny_release(tmp_path, linked=False, money=False, surveys=("pupil_s1_s4",)))
    assert set(tour.offered(bare, EVERY)) <= {"today", "needs", "reach", "decide", "plan"}
    assert tour.offered(bare, ["today"]) == ("today",)
    for name in tour.offered(bare, EVERY):
        assert tour.told(bare, name).ask


def test_nonsense_in_the_address_opens_no_tour_and_a_stop_in_it_opens_that_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(tmp_path, monkeypatch)
    page = open_page("today.py")
    for said, shown in (("99", 0), ("two", 0), ("-1", 0), ("1", 1)):
        page.query_params["tour"] = said
        page.run()
        assert not page.exception
        assert sum("Tour, stop" in str(text.value) for text in page.markdown) == shown, said
