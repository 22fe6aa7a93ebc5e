"""Papers typed in: every good line counts once, every bad one is said with its number and costs the others nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.documents.parts import Grid, Text
from rcs_core.workshop.meeting import Meeting, MeetingError, ballots, paper_votes
from rcs_core.workshop.meeting.ballot_contract import OTHERS
from rcs_core.workshop.meeting.ballot_results import results
from rcs_core.workshop.meeting.ballots import Ballot, Draft, Kind, options
from rcs_core.workshop.papers.ballot_paper import ballot_paper, of_draft
from rcs_core.workshop.store import EventKind, Store
from tests.paper_cases import STAMP
from tests.workshop.vote_cases import EDUCATION, LEAD, POLICE, arrive

FOUR = options(["A", "B", "C", "D"])
DRAFTS = {
    Kind.DOTS: Draft(Kind.DOTS, "Which?", FOUR, True, dots=4),
    Kind.POINTS: Draft(Kind.POINTS, "How much?", FOUR, True),
    Kind.GRADIENT: Draft(Kind.GRADIENT, "How far?", options(["P", "Q"]), True),
}


@pytest.fixture
def meeting(tmp_path: Path) -> Iterator[Meeting]:
    with Store.open(tmp_path / "store.sqlite") as store:
        yield Meeting.of(store, "s")


def ahead(kind: Kind) -> Ballot:
    """A vote as its papers are printed before the session."""
    return of_draft(DRAFTS[kind], (EDUCATION, POLICE))


@pytest.mark.parametrize(
    ("kind", "line", "cast"),
    [
        (Kind.DOTS, "ED a a c", {"a": 2, "c": 1}),
        (Kind.DOTS, "ed aac", {"a": 2, "c": 1}),
        (Kind.DOTS, "E, A2; c", {"a": 2, "c": 1}),
        (Kind.DOTS, "1 d4", {"d": 4}),
        (Kind.POINTS, "ED 40 30 20 10", {"a": 40, "b": 30, "c": 20, "d": 10}),
        (Kind.POINTS, "ED\t60,40", {"a": 60, "b": 40}),
        (Kind.POINTS, "1 b=70 d30", {"b": 70, "d": 30}),
        (Kind.POINTS, "ED 0 0 100 -", {"c": 100}),
        (Kind.GRADIENT, "ED 3 8: too soon", {"a": 3, "b": 8}),
        (Kind.GRADIENT, "ED - 5", {"b": 5}),
    ],
)
def test_a_paper_is_read_in_every_form_that_it_may_be_typed_in(kind: Kind, line: str, cast: dict[str, int]) -> None:
    (paper,), bad = paper_votes.read(ahead(kind), f"\n{line}\n")
    assert (paper.agency, paper.given, paper.line, bad) == (EDUCATION, cast, 2, [])
    assert paper.words == ({"b": "too soon"} if ":" in line else {})


@pytest.mark.parametrize(
    ("kind", "line", "what", "wanted"),
    [
        (Kind.DOTS, "QQ a", "QQ for the agency", "one of ED, SW"),
        (Kind.DOTS, "C a", "C for the agency", "one of CY, CO, CR, CL"),
        (Kind.DOTS, "ED a5", "5 dots", "at most 4 dots"),
        (Kind.DOTS, "ED e", "e is no option", "at most 4 dots"),
        (Kind.DOTS, "ED 3", "3 where a letter stands", "such as ED a a b"),
        (Kind.DOTS, "ED", "an agency and no vote", "such as ED a a b"),
        (Kind.POINTS, "ED 40 30 20", "90 points", "exactly 100 points"),
        (Kind.POINTS, "ED 20 20 20 20 20", "5 numbers", "4 at most"),
        (Kind.POINTS, "ED 50 5O", "5O where a number stands", "exactly 100 points"),
        (Kind.GRADIENT, "ED 3", "1 of 2 steps", "a step from 1 to 8 for each proposal, - for none"),
        (Kind.GRADIENT, "ED 3 9", "step 9", "a step from 1 to 8"),
        (Kind.GRADIENT, "ED 0 3", "step 0", "a step from 1 to 8"),
        (Kind.GRADIENT, "ED 3 4: " + "x" * 501, "a reason of 501 letters", "500 letters at most"),
    ],
)
def test_a_bad_line_is_said_with_its_number_what_was_got_and_what_was_expected(
    kind: Kind, line: str, what: str, wanted: str
) -> None:
    good, (bad,) = paper_votes.read(ahead(kind), f"\n\n{line}")
    assert not good
    assert bad.told().startswith(f"Line 3: got “{line}”")
    assert what in bad.told()
    assert wanted in bad.told()


@given(st.sampled_from(Kind), st.data())
@settings(max_examples=20)
def test_what_is_shown_of_a_kept_paper_is_typed_again_as_the_same_vote(kind: Kind, data: st.DataObject) -> None:
    found = ahead(kind)
    keys = [o.key for o in found.options]
    if kind is Kind.POINTS:
        cuts = sorted(data.draw(st.lists(st.integers(0, 100), min_size=3, max_size=3)))
        cast = {k: b - a for k, a, b in zip(keys, [0, *cuts], [*cuts, 100], strict=True) if b > a}
    else:
        most = {k: st.integers(1, 8 if kind is Kind.GRADIENT else 1) for k in keys}
        cast = data.draw(st.fixed_dictionaries({}, optional=most).filter(bool))
    code = data.draw(st.sampled_from([agency for _, _, agency in paper_votes.codes(found)]))
    (paper,), bad = paper_votes.read(found, paper_votes.line_of(found, code, cast))
    assert (paper.agency, paper.given, bad) == (code, cast, [])


def test_good_lines_are_kept_once_however_often_they_are_sent_and_bad_ones_stay(meeting: Meeting) -> None:
    ballots.open_ballot(meeting, DRAFTS[Kind.DOTS], LEAD)
    text = "ED a a c\nQQ a\nPO b\n\nED a a a a a"
    first = paper_votes.keep(meeting, "b1", text, LEAD, "one")
    assert (first.kept, first.rest) == ((1, 2), "QQ a\nED a a a a a")
    assert paper_votes.keep(meeting, "b1", text, LEAD, "one") == first
    assert paper_votes.keep(meeting, "b1", "PO b\nSW aaa", LEAD, "two").kept == (3, 4)
    assert paper_votes.papers(meeting, "b1") == {1: "ED a a c", 2: "PO b", 3: "PO b", 4: "SW a a a"}
    ballots.close(meeting, "b1", LEAD)
    found = results(meeting, "b1")
    assert (found.votes, found.papers, [found.of(o).total for o in FOUR]) == (4, 4, [5, 2, 1, 0])
    with pytest.raises(MeetingError, match="the vote is closed"):
        paper_votes.keep(meeting, "b1", "ED a", LEAD, "three")


def test_a_paper_is_put_right_and_taken_back_by_new_events(meeting: Meeting) -> None:
    ballots.open_ballot(meeting, DRAFTS[Kind.GRADIENT], LEAD)
    paper_votes.keep(meeting, "b1", "ED 3 4\nPO 8 8\nSW 1 1", LEAD, "one")
    again = paper_votes.keep(meeting, "b1", "2. PO 7 8\n9. ED 1 1\n#3) -", LEAD, "two")
    assert again.kept == (2, 3)
    assert "paper 9" in again.bad[0].told()
    paper_votes.take_back(meeting, "b1", 1, LEAD)
    with pytest.raises(MeetingError, match="no such paper"):
        paper_votes.take_back(meeting, "b1", 1, LEAD)
    assert paper_votes.papers(meeting, "b1") == {2: "PO 7 8"}
    assert len(meeting.events(EventKind.VOTE_CAST)) == 6
    ballots.close(meeting, "b1", LEAD)
    assert results(meeting, "b1").votes == 1


def test_papers_of_a_vote_without_names_hold_no_agency_that_was_too_few_here(meeting: Meeting) -> None:
    arrive(meeting, [EDUCATION] * 4 + [POLICE])
    ballots.open_ballot(meeting, Draft(Kind.DOTS, "Which?", FOUR, False, dots=1), LEAD)
    paper_votes.keep(meeting, "b1", "PO a\nED b", LEAD, "one")
    cast = meeting.events(EventKind.VOTE_CAST)
    assert [e.agency for e in cast] == [OTHERS, OTHERS], "police are one, so education hides with them"
    assert "PO" not in str([e.body for e in cast])


@pytest.mark.parametrize("kind", list(Kind))
def test_a_printed_paper_has_the_letters_and_numbers_by_which_it_is_typed_in(kind: Kind) -> None:
    paper = ballot_paper(ahead(kind), STAMP)
    text = " ".join(block.text for block in paper.blocks if isinstance(block, Text))
    for number, pair, agency in paper_votes.codes(ahead(kind))[:1]:
        assert agency == EDUCATION
        assert f"{pair} or {number}: Council: education" in text
    grid = next(block for block in paper.blocks if isinstance(block, Grid))
    assert [row[0] for row in grid.rows if row[0]] == [o.key.upper() for o in DRAFTS[kind].options]


def test_a_reason_that_a_child_could_be_known_by_is_refused_on_paper_and_phone(meeting: Meeting) -> None:
    one, *_ = arrive(meeting, [EDUCATION])
    ballots.open_ballot(meeting, DRAFTS[Kind.GRADIENT], LEAD)
    (bad,) = paper_votes.keep(meeting, "b1", "ED 7 7: born 12/03/2014", LEAD, "one").bad
    assert "date of birth" in bad.told().lower()
    with pytest.raises(MeetingError, match="the reason for A holds"):
        ballots.cast(meeting, "b1", {"a": 7}, one.by, words={"a": "born 12/03/2014"})
    assert ballots.ballot(meeting, "b1").votes == 0
