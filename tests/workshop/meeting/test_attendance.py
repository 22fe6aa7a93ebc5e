"""Who is in the room without a phone, typed in by one person."""

from pathlib import Path

from rcs_core.workshop.meeting import Meeting, attendance, people
from rcs_core.workshop.store import Store

LIST = "ED Ann Baird\ned  Bob   Cairns\nSW Cath Dunn\n\nQQ Dev Ewing\nED"


def test_every_line_that_can_be_read_is_a_person_and_the_others_stay_with_what_is_wrong(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.sqlite") as store:
        meeting = Meeting.of(store, "m1")
        came = attendance.come(meeting, LIST)
        assert came.joined == ("Ann Baird", "Bob Cairns", "Cath Dunn")
        assert came.rest == ("QQ Dev Ewing", "ED")
        assert [fault.partition(":")[0] for fault in came.faults] == ["Line 5, QQ Dev Ewing", "Line 6, ED"]
        assert people.here(meeting.made(people.people)) == {"council_education": 2, "council_social_work": 1}
        assert {p.key for p in meeting.made(people.people)} == {"p1", "p2", "p3"}


def test_a_list_that_is_sent_twice_puts_nobody_down_twice(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.sqlite") as store:
        meeting = Meeting.of(store, "m1")
        attendance.come(meeting, LIST)
        again = attendance.come(meeting, f"{LIST}\nED ann baird\nNH Eve Fyfe")
        assert again.joined == ("Eve Fyfe",)
        assert len(again.known) == 4
        assert len(meeting.made(people.people)) == 4
