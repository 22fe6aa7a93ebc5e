"""A session's pack holds what happened, is the same for the same events, and tells nothing that may not leave the room."""

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import docx
import pandas as pd
import pytest

from rcs_core.gate.bought import kept_back
from rcs_core.release import Release, load
from rcs_core.workshop import big_screen
from rcs_core.workshop.meeting import Meeting, MeetingError, life, pack, pack_events, parking, ratings
from rcs_core.workshop.meeting.ballot_parts import Kind
from rcs_core.workshop.meeting.people import Joined
from rcs_core.workshop.store import EventKind, Store
from tests.tiny_release import tiny_release
from tests.workshop.meeting import session_cases as cases


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The small release."""
    return load(tiny_release(tmp_path_factory.mktemp("release")))


def signed(folder: Path, release: Release) -> Store:
    """A store in which the release is signed off."""
    made = Store.open(folder / "store.sqlite")
    made.sign_off(release.manifest.content_hash, "rcs build", "build", "fictional", True)
    return made


@pytest.fixture
def store(tmp_path: Path, release: Release) -> Store:
    """A store of one test."""
    return signed(tmp_path, release)


@dataclass(frozen=True)
class Whole:
    """A whole session that was closed, and its pack in a folder."""

    meeting: Meeting
    there: list[Joined]
    path: Path

    @property
    def files(self) -> dict[str, bytes]:
        """What is in the pack."""
        with zipfile.ZipFile(self.path) as pack:
            return {name: pack.read(name) for name in pack.namelist()}


@pytest.fixture(scope="module")
def whole(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """One session for all tests that only look at it."""
    folder = tmp_path_factory.mktemp("whole")
    store = signed(folder, release)
    meeting, there = cases.held(store, release, cases.kept(store, release).link)
    return Whole(meeting, there, pack.export(meeting, release, folder / "packs", cases.CHAIR))


def files(made: pack.Pack) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made.content)) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def words(raw: bytes) -> str:
    paper = docx.Document(io.BytesIO(raw))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in paper.paragraphs] + cells)


def the_record(found: dict[str, bytes]) -> str:
    return words(next(raw for name, raw in found.items() if "session-record" in name))


def events_of(found: dict[str, bytes]) -> list[dict[str, object]]:
    return [json.loads(line) for line in found["events.jsonl"].decode().splitlines()]


def test_the_pack_of_a_whole_session_tells_what_happened_in_it(whole: Whole, release: Release) -> None:
    found = whole.files
    assert pack.check(whole.path) == []
    told = the_record(found)
    for said in (
        "7 people of 3 agencies took part", "Fewer came than were wanted of", "Gil Hay", "Dev Ewing",
        "Sits on the board of a provider", "It is too fast for us", "So many without contact", "Our own count", "Eve Fyfe",
        "Ask the board for its newer count",
        "2026-12-15", "Too soon for us.", "Less for the last one", "Without a safety sheet", "caseload now", "NHS board",
    ):  # fmt: skip
        assert said in told, said
    assert [name for name in found if name.startswith("partners_only/")]
    assert [name for name in found if "workshop-note" in name]
    assert [name for name in found if "statement-of-resources" in name]
    foot = docx.Document(io.BytesIO(next(raw for name, raw in found.items() if "session-record" in name))).sections[0].footer
    assert f"release {release.id}" in foot.paragraphs[0].text
    votes = pd.read_csv(io.BytesIO(found["tables/vote_1.csv"]))
    assert votes.loc[0, [f"Step {k}" for k in range(1, 9)]].tolist() == [1, 1, 1, 1, 1, 1, 1, 0]
    (event,) = whole.meeting.events(EventKind.PACK_EXPORTED)
    assert event.body["file"] == whole.path.name
    assert event.body["missing"] == []


def test_the_same_events_and_release_give_the_same_bytes(whole: Whole, release: Release) -> None:
    again = pack.build(Meeting.of(whole.meeting.store, whole.meeting.id), release)
    assert (again.name, again.content) == (whole.path.name, whole.path.read_bytes())


def test_a_session_in_which_nothing_happened_has_a_pack_that_says_so(store: Store, release: Release) -> None:
    meeting = cases.prepared(store, release)
    found = files(pack.build(meeting, release))
    told = the_record(found)
    for said in ("Nobody joined", "Nothing was voted", "Nothing was guessed", "Nothing was decided", "not closed"):
        assert said in told, said


def test_who_gave_what_without_a_name_stands_nowhere_in_the_pack(whole: Whole) -> None:
    found = whole.files
    told = events_of(found)
    unnamed = [e for e in told if e["kind"] in ("vote_cast", "guess_given", "rating_given") and "number" not in e]
    assert {e["kind"] for e in unnamed} == {"vote_cast", "guess_given", "rating_given"}
    assert not any({"who", "at", "agency"} & set(e) for e in unnamed)
    named = [e for e in told if e["kind"] == "vote_cast" and "number" in e]
    assert {e["who"] for e in named} == {name for name, _ in cases.ROOM}
    assert [e["number"] for e in told if "number" in e] == list(range(1, 1 + sum("number" in e for e in told)))
    everything = found["events.jsonl"].decode()
    for event in whole.meeting.events():
        for secret in (event.body.get("token"), event.body.get("word"), *(event.body.get("number") or ())):
            assert not secret or str(secret) not in everything
    assert all(one.word not in everything for one in whole.there)


@pytest.mark.parametrize("swap", [0, 3])
def test_the_order_in_which_unnamed_votes_were_cast_cannot_be_read_from_the_pack(
    store: Store, release: Release, swap: int
) -> None:
    def told(order: list[int], title: str) -> list[dict[str, object]]:
        meeting, there = cases.started(store, release, title)
        moved: list[Joined] = [there[k] for k in order]
        cases.vote(meeting, moved, named=False, kind=Kind.DOTS)
        lines = pack_events.lines(meeting, pack.sitting(meeting, release).fit).decode().splitlines()
        return [e for line in lines if "number" not in (e := json.loads(line))]

    straight = list(range(len(cases.ROOM)))
    moved = straight[swap:] + straight[:swap]
    assert told(straight, "One") == told(moved[::-1], "Two")


def test_a_rating_of_too_few_and_an_open_vote_are_not_told(store: Store, release: Release) -> None:
    meeting, there = cases.started(store, release)
    ratings.rate(meeting, {ratings.form().items[0].id: 1}, there[0].word)
    life.close(meeting, cases.CHAIR)
    rated = [e for e in events_of(files(pack.build(meeting, release))) if e["kind"] == "rating_given"]
    assert [e["steps"] for e in rated] == [{}]


def test_a_sentence_that_may_not_leave_is_left_out_and_the_rest_leaves(store: Store, release: Release) -> None:
    meeting, there = cases.started(store, release)
    provider = sorted(kept_back(release).providers)[0]
    bought = big_screen.register(release)[sorted(big_screen.bought(release))[0]]["service_name"]
    meeting.add(EventKind.PARKED, {"does": "parked", "text": "Ask about 0101101234", "who": "", "day": ""}, there[0].person.by)
    parking.park(meeting, f"{provider} has asked", there[0].person.by, cases.YEAR)
    parking.park(meeting, f"£120,000 for {bought} is too little", there[1].person.by, cases.YEAR)
    life.close(meeting, cases.CHAIR)
    made = pack.build(meeting, release)
    found = files(made)
    assert made.missing == ()
    everything = the_record(found) + found["events.jsonl"].decode() + found["tables/parking_lot.csv"].decode()
    assert "0101101234" not in everything
    assert provider not in everything
    assert "£120,000" not in everything
    assert "[a provider] has asked" in everything
    assert "left out here" in everything
    assert "What was left out of this record" in everything


def test_a_pack_that_cannot_be_written_is_said_and_nothing_is_lost(store: Store, release: Release, tmp_path: Path) -> None:
    meeting, _ = cases.started(store, release)
    (tmp_path / "packs").write_text("a file in its place")
    with pytest.raises(MeetingError, match="could not be written"):
        pack.export(meeting, release, tmp_path / "packs")
    assert meeting.events(EventKind.PACK_EXPORTED) == ()
    assert pack.export(meeting, release, tmp_path / "others").exists()


def test_a_pack_that_was_changed_says_so(store: Store, release: Release, tmp_path: Path) -> None:
    path = pack.export(cases.prepared(store, release), release, tmp_path)
    with zipfile.ZipFile(path) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    with zipfile.ZipFile(path, "w") as whole:
        for name, raw in parts.items():
            whole.writestr(name, raw + b"\n" if name == "README.txt" else raw)
    assert pack.check(path) == ["README.txt: changed since it was made"]


def test_a_pack_is_made_on_no_other_release_than_the_session_was_held_on(store: Store, release: Release, tmp_path: Path) -> None:
    meeting = cases.prepared(store, release)
    with pytest.raises(MeetingError, match="not the release of the session"):
        pack.build(meeting, load(tiny_release(tmp_path, money=False)))
