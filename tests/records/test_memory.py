"""The desk remembers where cost centres went, says so when a later folder forgets one, and applies nothing by itself."""

from pathlib import Path

import pytest

from rcs_core.contracts import check_folder
from rcs_core.errors import ContractError
from rcs_core.records.ingest import Records, ingest
from rcs_core.records.mappings import Mappings
from rcs_core.records.memory import remind_and_remember
from tests.tiny_folder import edit, write_tiny


@pytest.fixture(name="folder")
def input_folder(tmp_path: Path) -> Path:
    """A small sound input folder."""
    return write_tiny(tmp_path / "inputs")


def read(folder: Path) -> Records:
    """What a build would work from."""
    return ingest(check_folder(folder))


def test_the_first_build_has_nothing_to_remind_of_and_remembers_every_mapped_row(folder: Path, tmp_path: Path) -> None:
    records, store = read(folder), tmp_path / "desk" / "mappings.sqlite"
    assert remind_and_remember(records, store) == ()
    mapped = records.ledger_map[(records.ledger_map["service_id"] != "") | (records.ledger_map["excluded_because"] != "")]
    assert len(Mappings.open(store).current()) == len(mapped)


def test_building_the_same_folder_again_adds_no_event(folder: Path, tmp_path: Path) -> None:
    records, store = read(folder), tmp_path / "mappings.sqlite"
    remind_and_remember(records, store)
    before = len(Mappings.open(store).history())
    remind_and_remember(records, store)
    assert len(Mappings.open(store).history()) == before


def test_a_cost_centre_that_is_forgotten_is_a_note_and_stays_unmapped(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "mappings.sqlite"
    first = read(folder)
    remind_and_remember(first, store)
    lost = first.ledger_map[first.ledger_map["service_id"] != ""].iloc[0]
    edit(
        folder / "ledger_map.csv",
        lambda text: (
            "\n".join(line for line in text.splitlines() if f"{lost['ledger']},{lost['cost_centre']}," not in line) + "\n"
        ),
    )
    later = read(folder)
    [note] = remind_and_remember(later, store)
    assert f"cost centre {lost['cost_centre']} is not mapped; before it went to {lost['service_id']}" in note
    assert lost["cost_centre"] not in set(later.ledger_map.loc[later.ledger_map["service_id"] != "", "cost_centre"])


def test_a_row_that_moves_to_another_service_takes_the_place_of_the_old_one(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "mappings.sqlite"
    rows = read(folder).ledger_map
    whole = rows[(rows["service_id"] != "") & (rows["pct"] == 100)].iloc[[0]]
    with_memory = Mappings.open(store)
    assert with_memory.keep_up(whole, "a", "first") == 1
    other = whole.assign(service_id="S999")
    assert with_memory.keep_up(other, "a", "moved") == 2
    assert with_memory.current()["service_id"].tolist() == ["S999"]


def test_a_map_that_claims_a_line_twice_is_refused_whole(folder: Path, tmp_path: Path) -> None:
    rows = read(folder).ledger_map
    whole = rows[(rows["service_id"] != "") & (rows["pct"] == 100)].iloc[[0]]
    memory = Mappings.open(tmp_path / "mappings.sqlite")
    twice = whole.loc[whole.index.repeat(2)].assign(service_id=["S001", "S002"])
    with pytest.raises(ContractError, match="200% of it"):
        memory.keep_up(twice, "a", "both")
    assert memory.current().empty


def test_a_memory_that_cannot_be_opened_is_a_note_and_never_a_failed_build(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "mappings.sqlite"
    store.write_text("not a database, and long enough to be read as one" * 50)
    [note] = remind_and_remember(read(folder), store)
    assert "was not brought up to date" in note
