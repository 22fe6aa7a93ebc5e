"""Who may do what is one table, complete, and the store's own door holds to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcs_core.access import AccessError, Person, Right, Role, at_this_machine, rights_of, visitor
from rcs_core.access.key import fits_key, new_key
from rcs_core.access.limits import Allowance, fits
from rcs_core.access.roles import limit
from rcs_core.workshop.allowed import BY_THE_DOOR, RIGHT, store_of, trail_of
from rcs_core.workshop.kept import Draft, Shelf
from rcs_core.workshop.meeting import By, Meeting
from rcs_core.workshop.store import Event, EventKind, Store


@pytest.fixture(name="store", scope="module")
def one_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store for every claim of this file."""
    return Store.open(tmp_path_factory.mktemp("store") / "store.sqlite")


def somebody(*roles: Role, agency: str = "nhs_board", partnership: str = "999") -> Person:
    """A person who signed in."""
    return Person("a@b.example", "Ann", agency, partnership, roles)


def test_every_kind_of_event_takes_a_right_or_is_kept_by_the_door_alone() -> None:
    assert set(RIGHT) | BY_THE_DOOR == set(EventKind)
    assert not set(RIGHT) & BY_THE_DOOR


@given(roles=st.sets(st.sampled_from(Role), min_size=1), kind=st.sampled_from(EventKind))
def test_a_person_adds_exactly_the_kinds_whose_right_one_of_the_roles_has(
    store: Store, roles: set[Role], kind: EventKind
) -> None:
    door = store_of(store, somebody(*roles, partnership="law"), Allowance())
    before = len(door.events(kind))
    wanted = kind not in BY_THE_DOOR and any(RIGHT[kind] in rights_of(role) for role in roles)
    if kind is EventKind.TAKEN_BACK and Right.LEAD not in rights_of(*roles):
        wanted = False  # there is nothing of their own to take back
    if wanted:
        door.append(Event(kind, "Ann", {"event": 1}))
    else:
        with pytest.raises(AccessError):
            door.append(Event(kind, "Ann", {"event": 1}))
    assert len(door.events(kind)) == before + wanted


def test_whoever_may_more_by_one_role_may_not_less_by_two() -> None:
    for one in Role:
        for other in Role:
            assert rights_of(one, other) == rights_of(one) | rights_of(other)
    assert rights_of(Role.VIEWER) == {Right.READ}
    assert all(Right.SIGN_OFF not in rights_of(role) for role in Role)


def test_somebody_of_one_partnership_reads_nothing_of_another_by_list_link_or_id(store: Store) -> None:
    mine, theirs = (store_of(store, somebody(Role.FACILITATOR, partnership=p)) for p in ("A", "B"))
    kept = Shelf(mine).keep("Our plan", "Ann", Draft({"secret": "A alone"}))
    Meeting.of(mine, "s1").add(EventKind.SESSION_PREPARED, {"title": "A alone"}, By("Ann"))
    assert Shelf(mine).of_link(kept.link).draft.scenario == {"secret": "A alone"}
    assert Shelf(theirs).latest() == []
    assert theirs.events() == []
    assert Meeting.of(theirs, "s1").events() == ()
    with pytest.raises(Exception, match="no such scenario") as told:
        Shelf(theirs).of_link(kept.link)
    assert "Our plan" not in str(told.value)
    assert "none kept yet" in str(told.value)

    def made(before: list[Event]) -> Event:
        return Event(EventKind.REMARK_MADE, "Ann", {"seen": len(before)})

    assert theirs.append_after((), made).body == {"seen": 0}


def test_an_event_is_always_of_the_partnership_of_whoever_adds_it(store: Store) -> None:
    door = store_of(store, somebody(Role.PARTICIPANT, partnership="C"))
    door.append(Event(EventKind.REMARK_MADE, "Ann", {"words": "x"}, partnership="D", session_id="s"))
    assert [e.partnership for e in store.events(session_id="s")] == ["C"]
    assert store_of(store, somebody(Role.PARTICIPANT, partnership="D")).events(session_id="s") == []


def test_whoever_signed_in_speaks_for_the_own_agency_and_in_the_own_name_unless_they_write_for_others(store: Store) -> None:
    door = store_of(store, somebody(Role.COMMISSIONER, agency="nhs_board"))
    with pytest.raises(AccessError, match="another agency: got police_scotland"):
        door.append(Event(EventKind.VOTE_CAST, "", {}, "police_scotland"))
    with pytest.raises(AccessError, match="in another name: got Bob"):
        door.append(Event(EventKind.DECISION_RECORDED, "Bob", {}, "nhs_board"))
    assert door.append(Event(EventKind.DECISION_RECORDED, "Ann", {}, "nhs_board"))
    facilitator = store_of(store, somebody(Role.FACILITATOR))
    assert facilitator.append(Event(EventKind.VOTE_CAST, "Bob", {}, "police_scotland"))


def test_a_participant_takes_back_a_remark_of_the_own_and_nothing_else(store: Store) -> None:
    leads = Meeting.of(store_of(store, somebody(Role.FACILITATOR)), "back")
    begun = leads.add(EventKind.SESSION_STARTED, {}, By("Fran"))
    joins = Meeting.of(store_of(store, somebody(Role.PARTICIPANT)), "back")
    mine = joins.add(EventKind.REMARK_MADE, {"words": "x"}, By("Ann", "nhs_board", "p1"))
    theirs = leads.add(EventKind.REMARK_MADE, {"words": "y"}, By("Bob", "fire", "p2"))
    for event, key in ((begun, "p1"), (theirs, "p1"), (mine, ""), (mine, "p2")):
        with pytest.raises(AccessError, match="may not be taken back"):
            joins.take_back(event, By("Ann", "nhs_board", key))
    assert joins.take_back(mine, By("Ann", "nhs_board", "p1"))


def test_a_phone_on_the_network_takes_part_and_can_neither_decide_nor_keep_nor_lead(store: Store) -> None:
    phone, machine = store_of(store, visitor("10.0.0.7")), store_of(store, at_this_machine())
    assert phone.append(Event(EventKind.PERSON_JOINED, "Bob", {}, "fire"))
    refused = [k for k in EventKind if k not in BY_THE_DOOR and RIGHT[k] is not Right.TAKE_PART]
    for kind in refused:
        with pytest.raises(AccessError, match="no right to"):
            phone.append(Event(kind, "Bob"))
    assert {EventKind.DECISION_RECORDED, EventKind.SCENARIO_SAVED, EventKind.SESSION_STARTED} <= set(refused)
    assert all(machine.append(Event(kind, "Fran")) for kind in refused)


def test_a_sign_off_by_a_command_of_the_server_holds_for_a_partnership_and_anothers_does_not(store: Store) -> None:
    store.sign_off("f" * 16, "Kay", "Controller", "", False)
    store.of("B").sign_off("e" * 16, "Kay", "Controller", "", False)
    mine = store_of(store, somebody(Role.VIEWER, partnership="A"))
    assert mine.signed_off("f" * 16) is not None
    assert mine.signed_off("e" * 16) is None


def test_the_audit_trail_is_of_the_own_partnership_and_for_who_may_see_it(store: Store) -> None:
    store_of(store, somebody(Role.FACILITATOR, partnership="T")).append(Event(EventKind.SESSION_STARTED, "Ann", {"x": "y"}))
    found = trail_of(store, somebody(Role.COMMISSIONER, partnership="T"))
    assert list(found["Partnership"]) == ["T"]
    assert "Said" not in found
    with pytest.raises(AccessError, match="look at the audit trail"):
        trail_of(store, somebody(Role.ANALYST, partnership="T"))


def test_too_much_at_once_is_refused_and_comes_back_with_time_for_each_person_apart() -> None:
    now = [0.0]
    allowance = Allowance(lambda: now[0])
    for _ in range(limit("at_once")):
        allowance.take("a")
    with pytest.raises(AccessError, match="too much was sent"):
        allowance.take("a")
    allowance.take("b")
    now[0] += 60 / limit("a_minute")
    allowance.take("a")
    with pytest.raises(AccessError, match="too much was sent"):
        allowance.take("a")


def test_what_is_too_large_is_refused_at_the_stores_door_to_everybody(store: Store) -> None:
    words = "ä" * (limit("body") // 2 + 1)
    for who in (somebody(Role.PARTICIPANT), at_this_machine()):
        with pytest.raises(AccessError, match="too large to be kept"):
            store_of(store, who).append(Event(EventKind.REMARK_MADE, "Ann", {"words": words}))
    fits(len(words.encode()), large=True)


def test_a_key_fits_itself_alone_and_none_fits_where_there_is_none() -> None:
    one = new_key()
    assert fits_key(one, one)
    assert not any(fits_key(given, one) for given in ("", one[:-1], one + "x", new_key(), "\ud800"))
    assert not fits_key("", "")
