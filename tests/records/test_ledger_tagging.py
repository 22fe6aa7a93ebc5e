"""Rules take the lines they say and no other, the hand-made map wins, clashes are told, and no sequence loses a penny."""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from rcs_core.contracts.clean import Mended
from rcs_core.contracts.ledger_rules import COLUMNS, read_rules
from rcs_core.contracts.ledger_tags import check_rules
from rcs_core.errors import ContractError
from rcs_core.records.ledgers import map_spend
from rcs_core.records.ledgers.allocate import allocate
from rcs_core.records.tagging.apply import tagged
from rcs_core.records.tagging.suggest import suggest
from tests.records import money_case
from tests.records.money_case import claim, pence, service


@dataclass(frozen=True)
class Records(money_case.Records):
    """The money records with rules."""

    ledger_rules: pd.DataFrame | None = None


def rule(rule_id: str, words: str, sid: str = "S1", **change: Any) -> dict[str, Any]:
    row = {
        "rule_id": rule_id, "ledger": "", "look_at": "description", "match": "has_words", "words": words, "service_id": sid,
        "agency": "council_education" if sid else "", "pct": 100.0, "excluded_because": "", "accepted_by": "A Smith",
        "accepted_on": "2026-05-01", "reason": "as last year",
    }  # fmt: skip
    return {**dict.fromkeys(COLUMNS, ""), **row, **change}


def lines(*rows: tuple[str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["cost_centre", "description", "amount_pence"])


def world(frame: pd.DataFrame, claims: list[dict], rules: list[dict]) -> Records:
    made = money_case.records([service("S1"), service("S2")], {"ledger_council": frame}, claims)
    return Records(
        **{f: getattr(made, f) for f in made.__dataclass_fields__}, ledger_rules=pd.DataFrame(rules, columns=list(COLUMNS))
    )


def went(records: Records) -> dict[str, int]:
    """Pence by service, reason or fate, after the rules."""
    allocation = allocate(tagged(records).records)
    assert all(t.difference == 0 for t in allocation.totals)
    found = allocation.lines.assign(
        to=[s or r or f for s, r, f in allocation.lines[["service_id", "reason", "fate"]].itertuples(index=False)]
    )
    return {str(to): int(p) for to, p in found.groupby("to")["pence"].sum().items() if p}


LINES = lines(
    ("E1", "Youth work, north", 1000), ("E1", "Youth work - SOUTH", 200), ("E1", "Rent", 30), ("E2", "Work of youth", 4)
)


def test_words_are_whole_words_in_any_order_case_and_signs_aside() -> None:
    assert went(world(LINES, [], [rule("R1", "youth work")])) == {"S1": 1204, "unmapped": 30}
    assert went(world(LINES, [], [rule("R1", "you")])) == {"unmapped": 1234}
    assert went(world(LINES, [], [rule("R1", "Youth WORK", match="starts_with")])) == {"S1": 1200, "unmapped": 34}
    assert went(world(LINES, [], [rule("R1", "rent", match="is")])) == {"S1": 30, "unmapped": 1204}


@pytest.mark.parametrize(("match", "words", "taken"), [("is", "e1", 1230), ("starts_with", "E", 1234), ("is", "E", 0)])
def test_a_cost_centre_is_matched_by_its_code_or_its_beginning(match: str, words: str, taken: int) -> None:
    found = went(world(LINES, [], [rule("R1", words, look_at="cost_centre", match=match)]))
    assert found.get("S1", 0) == taken


def test_a_cost_centre_that_is_mapped_by_hand_is_never_touched_by_a_rule() -> None:
    found = went(world(LINES, [claim("E1", "S2", pct=50)], [rule("R1", "youth work")]))
    assert found == {"S2": 615, "S1": 4, "unmapped": 615}


def test_lines_over_which_rules_clash_stay_unmapped_and_are_told_and_rules_that_agree_do_not_clash() -> None:
    clash = world(LINES, [], [rule("R1", "youth"), rule("R2", "south", "S2")])
    assert went(clash) == {"S1": 1004, "unmapped": 230}
    assert tagged(clash).notes == (
        "ledger_rules.csv: rules R1 and R2 send 1 line(s) of ledger_council to different places, GBP 2.00 in all; "
        "these stay unmapped until one rule gives way",
    )
    assert went(world(LINES, [], [rule("R1", "youth"), rule("R2", "south")])) == {"S1": 1204, "unmapped": 30}


def test_a_rule_that_nobody_accepted_takes_nothing_and_says_so() -> None:
    waiting = world(LINES, [], [rule("R1", "youth", accepted_by="")])
    assert went(waiting) == {"unmapped": 1234}
    assert "R1 is not accepted" in tagged(waiting).notes[0]


def test_a_rule_over_several_services_shares_each_line_out_to_the_penny_and_a_rule_may_leave_out() -> None:
    split = [
        rule("R1", "youth", pct=60.0),
        rule("R1", "youth", "S2", pct=40.0),
        rule("R2", "rent", "", excluded_because="Capital charges"),
    ]
    assert went(world(LINES, [], split)) == {"S1": 722, "S2": 482, "Capital charges": 30}


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([rule("R1", "a"), rule("R1", "b", "S2")], "look for different things"),
        ([rule("R1", "--")], "looks for no word"),
        ([rule("R1", "a"), rule("R1", "a")], "same row twice"),
        ([rule("R1", "a", "S9")], "service that the register does not have"),
    ],
)
def test_a_rule_that_contradicts_itself_is_an_error_that_names_it(rules: list[dict], words: str) -> None:
    with pytest.raises(ContractError, match=words) as raised:
        tagged(world(LINES, [], rules))
    assert "R1" in str(raised.value)


def test_a_reason_that_is_not_listed_names_the_rule_that_gives_it_once_and_no_row_of_the_map() -> None:
    told = map_spend(tagged(world(LINES, [], [rule("R2", "youth", "", excluded_because="Moved in May")])).records).notes
    reasons = [note for note in told if "not a listed reason" in note]
    assert len(reasons) == 1
    assert reasons[0].startswith("ledger_rules.csv rule R2 (excluded 100%): excluded_because is not a listed reason")


def test_one_placement_stays_one_line_whichever_rule_has_it() -> None:
    rows = lines(("E1", "Placement A", 50), ("E1", "placement  A", 60), ("E1", "Rent", 7))
    found = tagged(world(rows, [], [rule("R1", "placement")])).records.ledgers["ledger_council"]
    assert found["cost_centre"].nunique() == 2
    assert found["cost_centre"][0] == found["cost_centre"][1]


EXAMPLES = 8
"""Each maps ledgers twice; a run of 400 is made by hand when the mapping changes."""
WORDS = ["youth", "work", "rent", "foster", "north"]
AMOUNT = st.integers(-(10**9), 10**9)
LINE = st.tuples(st.sampled_from(["E1", "E2", "E3", "N1"]), st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join), AMOUNT)
SHARES = st.sampled_from([(100.0,), (50.0, 50.0), (33.3333, 66.6667), (0.01, 99.99)])


@st.composite
def some_rule(draw: st.DrawFn) -> list[dict]:
    name, look = f"R{draw(st.integers(1, 9))}", draw(st.sampled_from(["cost_centre", "description"]))
    words = draw(st.sampled_from(WORDS if look == "description" else ["E", "E1", "N1"]))
    how = draw(st.sampled_from(["is", "starts_with", "has_words"]))
    by = draw(st.sampled_from(["", "A Smith"]))
    if draw(st.booleans()):
        return [rule(name, words, "", look_at=look, match=how, excluded_because="Capital charges", accepted_by=by)]
    shares, key = draw(SHARES), draw(st.sampled_from(["", "K1"]))
    some = ["S1", "S2"][: len(shares)]
    return [
        rule(name, words, s, look_at=look, match=how, pct=p, key_id=key, accepted_by=by)
        for s, p in zip(some, shares, strict=True)
    ]


@st.composite
def some_claims(draw: st.DrawFn) -> list[dict]:
    rows = []
    for centre in draw(st.lists(st.sampled_from(["E1", "E2", "N1"]), unique=True)):
        shares, key = draw(SHARES), draw(st.sampled_from(["", "K1"]))
        rows += [claim(centre, s, pct=p, key_id=key) for s, p in zip(["S1", "S2"], shares, strict=False)]
    return rows


@given(st.lists(LINE, min_size=1, max_size=12), some_claims(), st.lists(some_rule(), max_size=4))
@example_settings(max_examples=EXAMPLES)
def test_any_sequence_of_splits_rules_and_keys_keeps_every_total_to_the_penny(
    rows: list[tuple[str, str, int]], claims: list[dict], rules: list[list[dict]]
) -> None:
    distinct = {r[0]["rule_id"]: r for r in rules}
    keys = [("K1", "pupils", area, n, "2025-26", "census") for area, n in (("999", "100"), ("998", "233"))]
    made = world(lines(*rows), [], [row for r in distinct.values() for row in r])
    mapping = pd.DataFrame(claims, columns=[*claim("1"), *(["key_id"] if "key_id" not in claim("1") else [])]).fillna("")
    made = replace(
        made,
        ledger_map=mapping,
        apportionment_keys=pd.DataFrame(keys, columns=["key_id", "basis", "area_code", "amount", "year", "source"]),
    )
    done = tagged(made)
    (total,) = allocate(done.records).totals
    assert total.difference == 0
    assert total.control == sum(p for _, _, p in rows)
    kept = done.records.ledgers["ledger_council"]
    assert kept["amount_pence"].tolist() == [p for _, _, p in rows]
    by_hand = {c["cost_centre"] for c in claims}
    assert all(
        after == before for before, after in zip([r[0] for r in rows], kept["cost_centre"], strict=True) if before in by_hand
    )
    tables = map_spend(done.records)
    assert pence(tables.table("ledger_totals").frame, "mapped") == total.mapped
    assert pence(tables.table("spend").frame, "amount_gbp") == total.mapped


def test_rules_come_back_from_their_rows() -> None:
    (found,) = read_rules(pd.DataFrame([rule("R1", "youth", pct=60.0), rule("R1", "youth", "S2", pct=40.0)]))
    assert found.said() == "description has the words “youth”"
    assert [part[0:3:2] for part in found.parts] == [("S1", "60"), ("S2", "40")]


def test_a_cost_centre_is_offered_where_the_desk_sent_it_before_or_where_a_like_one_goes_and_else_nowhere() -> None:
    rows = lines(
        ("E1", "Detached youth work north", 1),
        ("E2", "Foster rent", 1),
        ("E3", "North detached youth work team", 5),
        ("E4", "Vans", 7),
        ("E5", "Pay", 2),
    )
    made = world(rows, [claim("E1", "S1"), claim("E2", "S2")], [])
    before = pd.DataFrame(
        [{**claim("E4", "S2", pct="100"), "at": "2025-06-01T09:00:00"}, {**claim("E5", "S9", pct="100"), "at": "2025"}]
    )
    found = suggest(made, "ledger_council", dict.fromkeys(["E3", "E4", "E5"], 1), before)
    assert [(s.cost_centre, s.goes_to, s.kind) for s in found] == [
        ("E4", "S2", "mapped before"),
        ("E3", "S1", "like descriptions"),
    ]
    assert [s.reason for s in found] == [
        "the desk remembers this cost centre so since 2025-06-01",
        "4 of 5 words as in cost centre E1 of this year",
    ]
    assert (found[1].words, found[1].only_here) == (("detached", "north", "work", "youth"), ("team",))


def test_the_check_tells_a_rule_that_waits_and_stops_on_one_that_contradicts_itself_or_names_no_ledger() -> None:
    made = [rule("R1", "a", accepted_by=""), rule("R2", "a"), rule("R2", "b", "S2"), rule("R3", "a", ledger="ledger_nhs")]
    frame = pd.DataFrame(made).assign(_row=range(2, 6))
    found = check_rules(Mended("ledger_rules.csv", "", frame, [], {}, []), {"ledger_council": {}})
    assert [(b.severity.value, b.code) for b in found] == [("note", "rule_waits"), ("error", "rule"), ("error", "rule_ledger")]
