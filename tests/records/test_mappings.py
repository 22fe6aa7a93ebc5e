"""Claims about what the desk remembers: nothing is lost, nothing is claimed twice, everything can be taken back."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from rcs_core.errors import ContractError, RcsError
from rcs_core.records.mappings import COLUMNS, Mapping, Mappings

LINE = Mapping("ledger_council", "100", "S001", "60", "council_social_work")


@pytest.fixture
def desk(tmp_path: Path) -> Mappings:
    return Mappings.open(tmp_path / "desk" / "mappings.sqlite")


def shares(desk: Mappings) -> dict[str, str]:
    frame = desk.current()
    return dict(zip(frame["service_id"], frame["pct"], strict=True))


def test_what_is_remembered_comes_back_as_a_ledger_map_with_who_when_and_why(desk: Mappings) -> None:
    event = desk.remember(LINE, "A. Officer", "agreed with finance")
    row = desk.current().iloc[0]
    assert {c: row[c] for c in COLUMNS} == {c: getattr(LINE, c) for c in COLUMNS}
    assert (row["who"], row["reason"], row["event"]) == ("A. Officer", "agreed with finance", event)
    assert row["at"].endswith("+00:00")


def test_the_latest_word_stands_and_the_earlier_stays_in_the_history(desk: Mappings) -> None:
    desk.remember(LINE, "A", "first guess")
    desk.remember(replace(LINE, pct="45.5"), "B", "counted")
    assert shares(desk) == {"S001": "45.5"}
    assert desk.history()["pct"].tolist() == ["60", "45.5"]


def test_zero_takes_a_row_away(desk: Mappings) -> None:
    desk.remember(LINE, "A", "first guess")
    desk.remember(replace(LINE, pct="0"), "A", "wrong service")
    assert desk.current().empty


def test_an_undo_is_a_new_event_and_can_be_undone(desk: Mappings) -> None:
    desk.remember(LINE, "A", "first guess")
    second = desk.remember(replace(LINE, pct="45.5"), "B", "counted")
    undone = desk.undo(second, "A", "miscounted")
    assert shares(desk) == {"S001": "60"}
    desk.undo(undone, "B", "no, it was right")
    assert shares(desk) == {"S001": "45.5"}
    assert len(desk.history()) == 4


def test_an_event_cannot_be_taken_back_twice(desk: Mappings) -> None:
    event = desk.remember(LINE, "A", "first guess")
    desk.undo(event, "A", "wrong")
    with pytest.raises(RcsError, match=f"nothing to take back: got event {event}"):
        desk.undo(event, "A", "wrong again")


def test_no_line_can_be_claimed_over_its_whole(desk: Mappings) -> None:
    desk.remember(LINE, "A", "shared")
    with pytest.raises(ContractError, match=r"claim 101% of it: got S001 60%; S002 41%"):
        desk.remember(replace(LINE, service_id="S002", pct="41"), "A", "shared")
    desk.remember(replace(LINE, service_id="S002", pct="40"), "A", "shared")
    assert shares(desk) == {"S001": "60", "S002": "40"}


def test_an_undo_that_would_claim_a_line_twice_is_refused(desk: Mappings) -> None:
    desk.remember(LINE, "A", "shared")
    away = desk.remember(replace(LINE, pct="0"), "A", "moved")
    desk.remember(replace(LINE, service_id="S002", pct="100"), "A", "moved")
    with pytest.raises(ContractError, match="claim 160% of it"):
        desk.undo(away, "A", "moved back")
    assert shares(desk) == {"S002": "100"}


@pytest.mark.parametrize(
    ("mapping", "who", "reason", "message"),
    [
        (LINE, " ", "why", "without who decided it"),
        (LINE, "A", "", "without a reason"),
        (replace(LINE, cost_centre=""), "A", "why", "needs a ledger and a cost centre"),
        (replace(LINE, excluded_because="Adults"), "A", "why", "both maps a line and excludes it"),
        (replace(LINE, pct="101"), "A", "why", "out of range"),
        (replace(LINE, pct="some"), "A", "why", "pct is not a number"),
    ],
)
def test_what_cannot_be_right_is_not_remembered(desk: Mappings, mapping: Mapping, who: str, reason: str, message: str) -> None:
    with pytest.raises(ContractError, match=message):
        desk.remember(mapping, who, reason)
    assert desk.history().empty


def test_the_file_itself_refuses_change_and_removal(desk: Mappings, tmp_path: Path) -> None:
    desk.remember(LINE, "A", "why")
    raw = sa.create_engine(f"sqlite:///{tmp_path / 'desk' / 'mappings.sqlite'}")
    for statement in (
        "UPDATE mapping_event SET pct = '1'",
        "DELETE FROM mapping_event",
        "REPLACE INTO mapping_event (id) VALUES (1)",
    ):
        with pytest.raises(sa.exc.DatabaseError, match="append-only"), raw.begin() as connection:
            connection.exec_driver_sql(statement)
    assert shares(desk) == {"S001": "60"}


def test_what_was_remembered_survives_closing(tmp_path: Path) -> None:
    first = Mappings.open(tmp_path / "m.sqlite")
    first.remember(LINE, "A", "why")
    first.close()
    assert shares(Mappings.open(tmp_path / "m.sqlite")) == {"S001": "60"}


def test_threads_may_open_and_write_at_once_and_nothing_is_lost_or_claimed_twice(tmp_path: Path) -> None:
    def write(k: int) -> bool:
        desk = Mappings.open(tmp_path / "m.sqlite")
        desk.remember(replace(LINE, cost_centre=str(k)), "A", "why")
        try:
            desk.remember(replace(LINE, cost_centre="shared", service_id=f"S{k:03d}", pct="30"), "A", "why")
        except ContractError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        took = list(pool.map(write, range(16)))
    frame = Mappings.open(tmp_path / "m.sqlite").current()
    assert sum(took) == 3
    assert len(frame) == 16 + 3


def test_a_file_that_is_no_memory_is_refused_with_a_way_forward(tmp_path: Path) -> None:
    path = tmp_path / "m.sqlite"
    path.write_text("this is not a database, however long it may be " * 40)
    with pytest.raises(RcsError, match="cannot be opened"):
        Mappings.open(path)


def test_a_file_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    Mappings.open(tmp_path / "m.sqlite").close()
    with sa.create_engine(f"sqlite:///{tmp_path / 'm.sqlite'}").begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(RcsError, match="newer version of the program wrote this file: got 0099"):
        Mappings.open(tmp_path / "m.sqlite")


def test_the_key_that_divides_a_line_is_remembered_and_a_map_without_keys_has_none(desk: Mappings) -> None:
    kept = replace(LINE, key_id="BOARD-PUPILS")
    desk.remember(kept, "A", "the board serves three areas")
    assert desk.current().loc[0, "key_id"] == "BOARD-PUPILS"
    bare = desk.current()[COLUMNS].drop(columns="key_id")
    assert desk.keep_up(bare, "B", "all of it is ours") == 1
    assert desk.current().loc[0, "key_id"] == ""
