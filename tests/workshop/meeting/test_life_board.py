"""What each agency brought, told from the release alone; who brings what is missing; interests; what is open and owed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rcs_core import release as waist
from rcs_core.release import Release
from rcs_core.workshop.decide import Decisions
from rcs_core.workshop.meeting import By, Meeting, MeetingError, interests, life, life_open, life_review, parking, readiness
from rcs_core.workshop.meeting.inputs_promised import TOGETHER, Input, promise, promised
from rcs_core.workshop.meeting.readiness import Found, Has
from rcs_core.workshop.plan.book import PlanBook, Progress
from rcs_core.workshop.plan.chain import plan_of
from rcs_core.workshop.store import Store
from tests.tiny_release import tiny_release
from tests.workshop.decision_cases import GROWTH
from tests.workshop.meeting.session_cases import prepared

ADA = By("Ada")
TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return waist.load(tiny_release(tmp_path_factory.mktemp("release")))


@pytest.fixture
def meeting(tmp_path: Path, release: Release) -> Iterator[Meeting]:
    with Store.open(tmp_path / "store.sqlite") as store:
        store.sign_off(release.manifest.content_hash, "Cal", "lead", "", True)
        yield prepared(store, release)


def by_place(found: tuple[Found, ...]) -> dict[tuple[str, Input], Found]:
    return {(one.agency, one.input): one for one in found}


def without(release: Release, *names: str) -> Release:
    return replace(release, tables={n: t for n, t in release.tables.items() if n not in names})


def test_what_the_board_says_of_an_agency_is_what_the_register_and_the_ledgers_say(release: Release) -> None:
    found, services, spend = by_place(readiness.board(release)), release.frame("services"), release.frame("spend")
    for agency in set(services["provider_agency"]) | set(services["funder_agency"]) | set(spend["agency"]):
        own = sum(agency in (row.provider_agency, row.funder_agency) for row in services.itertuples())
        said = found.get((agency, Input.REGISTER))
        assert said is None or said.short.startswith(f"{own} service") or (own == 0 and said.has is Has.MISSING)
        paid = len({row.service_id for row in spend.itertuples() if row.agency == agency})
        if paid:
            assert found[agency, Input.LEDGER].short.startswith(f"{paid} service")
        else:
            assert found.get((agency, Input.LEDGER)) is None or found[agency, Input.LEDGER].has is Has.MISSING
    history = set(release.frame("demand")["service_id"])
    for agency in set(services["funder_agency"]):
        asked = {r.service_id for r in services.itertuples() if r.funder_agency == agency and r.pct_responsive > 50}
        if asked:
            assert found[agency, Input.DEMAND].short == f"{len(asked & history)} of {len(asked)}"
            assert (found[agency, Input.DEMAND].has is Has.THERE) is (asked <= history)


def test_what_a_release_does_not_hold_is_missing_and_nothing_is_made_up(release: Release, tmp_path: Path) -> None:
    whole = by_place(readiness.board(release))
    assert whole["council_education", Input.SURVEY].has is Has.THERE
    assert whole["council_social_work", Input.RECORDS].short == "linked"
    assert whole[TOGETHER, Input.SURVEY].words == "Parents of children aged 0 to 8: not in the release"
    assert all(one.has is Has.MISSING for one in whole.values() if one.input is Input.BUDGETS)
    bare = waist.load(tiny_release(tmp_path, linked=False, surveys=("pupil_s1_s4",), money=False))
    found = by_place(readiness.board(bare))
    assert found["council_education", Input.SURVEY].has is Has.PARTLY
    assert found["council_social_work", Input.RECORDS].has is not Has.THERE
    assert found[TOGETHER, Input.REGISTER].has is found[TOGETHER, Input.LEDGER].has is Has.MISSING
    assert Input.DEMAND not in {one for _, one in found}
    assert all(one.has is not Has.THERE for one in readiness.board(without(release, "demand")) if one.input is Input.DEMAND)


def test_what_is_missing_has_an_owner_and_a_day_and_what_is_past_its_day_is_said(meeting: Meeting, release: Release) -> None:
    found = readiness.board(release)
    with pytest.raises(MeetingError, match="nobody is named who brings it; no day is named"):
        promise(meeting, "nhs_board", Input.BUDGETS, " ", None, ADA)
    promise(meeting, TOGETHER, Input.SURVEY, "Bob", date(2026, 12, 1), ADA)
    promise(meeting, TOGETHER, Input.SURVEY, "Cal", date(2026, 11, 20), ADA)
    given = meeting.made(promised)
    row = readiness.frame(found, given, TODAY).set_index("Agency").loc["The partnership together"]
    assert row["Wellbeing survey"] == "Missing, none; Cal by 2026-11-20 (overdue)"
    lacking = sum(one.lacks for one in found)
    said = readiness.headline(found, given, TODAY)
    assert f"{len(found) - lacking} of {len(found)} inputs are in the release; {lacking} are missing" in said
    assert f"{lacking - 1} of them have no owner and 1 is overdue." in said
    assert readiness.missing(found, given, TODAY)["Who brings it"].tolist().count("Cal") == 1
    meeting.take_back(given[TOGETHER, Input.SURVEY].event, ADA)
    assert meeting.made(promised)[TOGETHER, Input.SURVEY].owner == "Bob"


def test_an_interest_stands_beside_the_services_and_purses_that_it_touches(meeting: Meeting) -> None:
    with pytest.raises(MeetingError, match="nobody is named; it does not say"):
        interests.declare(meeting, By(), " ")
    interests.declare(meeting, By("Dev", "third_sector"), "Runs it", ["S001"], hand="Ada")
    interests.declare(meeting, By("Eve", "nhs_board"), "Holds the purse", (), ["nhs_board"])
    interests.declare(meeting, By("Fin", "fire"), "A cousin works in one of them")
    found = meeting.made(interests.interests)
    assert [one.name for one in interests.touching(found, ["S001"])] == ["Dev", "Fin"]
    assert [one.name for one in interests.touching(found, ["S002"], ["nhs_board"])] == ["Eve", "Fin"]
    interests.declare(meeting, By("Dev", "third_sector"), "Ran it until June", ["S002"])
    assert next((one.text, one.services) for one in meeting.made(interests.interests)) == ("Ran it until June", ("S002",))


def test_what_is_open_is_named_at_the_close_and_what_is_owed_at_the_review(meeting: Meeting, release: Release) -> None:
    life.start(meeting, ADA, release)
    kept = Decisions(meeting.store, meeting.id)
    draft = replace(GROWTH, owner="Bob", owner_agency="nhs_board", by=date(2026, 12, 20), release_id=release.id)
    agreed = kept.record(draft, "Ada")
    Decisions(meeting.store).record(replace(GROWTH, title="Of no session"), "Ada")
    parking.park(meeting, "Buses", ADA, 2026)
    promise(meeting, "nhs_board", Input.BUDGETS, "Dev", date(2026, 12, 1), ADA)
    assert [one.id for one in life_open.decided(meeting)] == [agreed.id]
    assert "Parked without an owner and a day: Buses" in [one.line for one in life_open.left_open(meeting)]
    life.close(meeting, ADA)
    PlanBook(meeting.store).report(agreed.id, Progress.DONE, "It is done", "Bob")
    plan = plan_of(release, life_open.decided(meeting), PlanBook(meeting.store).read(), look_up=lambda *_: None)
    owed = life_review.owed(meeting, plan)
    told = life_review.frame(owed, date(2027, 1, 5))
    assert told["Who"].tolist()[0] == "Dev"
    assert told["By"].tolist()[0] == "2026-12-01 (passed)"
    assert {"Buses", f"{agreed.id}, {agreed.title}"} <= set(told["What"])
    done = next(one for one in owed if one.title.startswith(agreed.id))
    assert (done.state, done.over, done.late(date(2027, 1, 5))) == ("Done", True, False)
    assert life_review.headline(owed, date(2027, 1, 5)).endswith("1 past the day and 1 without an owner.")
    life.review(meeting, ADA, "Half of it is done", "abc")
    assert [(r.words, r.release_since) for r in meeting.made(life_review.reviews)] == [("Half of it is done", "abc")]
