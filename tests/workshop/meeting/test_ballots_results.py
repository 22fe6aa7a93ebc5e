"""What a vote came to, against brute force: counts, spread, ties, dissent; the same in whatever order votes were cast."""

from random import Random
from statistics import median

from hypothesis import given, settings
from hypothesis import strategies as st

from rcs_core.workshop.meeting import ballot_words
from rcs_core.workshop.meeting.ballot_contract import OTHERS, rule
from rcs_core.workshop.meeting.ballot_results import ROOM, Results, Spread, of_events
from rcs_core.workshop.meeting.ballots import Kind
from rcs_core.workshop.store import Event, EventKind
from tests.workshop.vote_cases import EDUCATION, NHS, POLICE, Made

AGENCIES = (EDUCATION, POLICE, NHS)
DOTS = st.dictionaries(st.sampled_from("abc"), st.integers(1, 2), max_size=3).filter(lambda g: sum(g.values()) <= 5)
STEPS = st.dictionaries(st.sampled_from("abc"), st.integers(1, 8), max_size=3)


def casts(votes: st.SearchStrategy[dict[str, int]]) -> st.SearchStrategy[list[tuple[int, dict[str, int]]]]:
    """Who casts what, one after the other; nothing given takes a vote back."""
    return st.lists(st.tuples(st.integers(0, 7), votes), max_size=30)


def made(kind: Kind, cast: list[tuple[int, dict[str, int]]], named: bool = True) -> Results:
    """The result of these votes, cast in this order."""
    vote = Made().opened(kind, named=named)
    for who, given_now in cast:
        vote.cast(f"p{who}", AGENCIES[who % 3], given_now)
    return of_events(vote.closed())["b1"]


def last(cast: list[tuple[int, dict[str, int]]]) -> dict[int, dict[str, int]]:
    """What counts, found the long way."""
    found = {who: [g for w, g in cast if w == who][-1] for who, _ in cast}
    return {who: g for who, g in found.items() if g}


@given(casts(DOTS))
@settings(max_examples=20)
def test_dots_are_counted_once_a_person_and_come_out_as_by_hand(cast: list[tuple[int, dict[str, int]]]) -> None:
    found, counts = made(Kind.DOTS, cast), last(cast)
    assert found.votes == len(counts)
    for option in found.ballot.options:
        for group in (ROOM, *found.groups):
            theirs = [g.get(option.key, 0) for who, g in counts.items() if group in (ROOM, AGENCIES[who % 3])]
            tally = found.of(option, group)
            assert tally.values == tuple(sorted(theirs))
            assert (tally.total, tally.givers) == (sum(theirs), sum(n > 0 for n in theirs))
            assert tally.median == (median(theirs) if theirs else None)
    assert sum(found.of(o).total for o in found.ballot.options) == sum(sum(g.values()) for g in counts.values())
    totals = [found.of(o).total for o in found.order]
    assert totals == sorted(totals, reverse=True)
    assert all(len({found.of(o).total for o in tied}) == 1 for tied in found.ranks)
    assert sum(len(tied) for tied in found.ranks) == 3


@given(casts(STEPS), st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_results_do_not_depend_on_the_order_in_which_people_vote(cast: list[tuple[int, dict[str, int]]], chance: Random) -> None:
    order = sorted({who for who, _ in cast})
    chance.shuffle(order)
    regrouped = [(who, g) for who in order for w, g in cast if w == who]
    one, other = made(Kind.GRADIENT, cast), made(Kind.GRADIENT, regrouped)
    assert (one.tallies, one.ranks, one.said, one.groups) == (other.tallies, other.ranks, other.said, other.groups)


@given(casts(STEPS), st.booleans())
@settings(max_examples=20)
def test_steps_are_counted_as_by_hand_and_a_small_agency_is_never_alone(
    cast: list[tuple[int, dict[str, int]]], named: bool
) -> None:
    found, counts = made(Kind.GRADIENT, cast, named), last(cast)
    for option in found.ballot.options:
        values = [g[option.key] for g in counts.values() if option.key in g]
        tally = found.of(option)
        assert tally.counts == tuple(values.count(step) for step in range(1, 9))
        assert (tally.support, tally.dissent) == (sum(v < 4 for v in values), sum(v > 5 for v in values))
        assert sum(sum(found.of(option, group).counts) for group in found.groups) == len(values)
    if not named and len(found.groups) > 1:
        assert min(found.voters[group] for group in found.groups) >= rule("least_together")
    assert named or all(one.name == "" for one in found.said)
    for table in (ballot_words.frame(found), ballot_words.frame(found, by_agency=True)):
        assert "Mean" not in table.columns


def room(*values: int, named: bool = True) -> Results:
    vote = Made().opened(Kind.GRADIENT, ["Youth work grows"], named)
    for k, value in enumerate(values):
        vote.cast(f"p{k}", EDUCATION if k % 2 else POLICE, {"a": value}, {"a": f"Reason {k}"} if value > 5 else None)
    return of_events(vote.closed())["b1"]


def test_two_groups_are_told_as_two_groups_and_never_by_their_middle() -> None:
    found = room(1, 7, 2, 8, 1, 7)
    assert found.of(found.order[0]).spread is Spread.TWO_GROUPS
    said = ballot_words.headline(found).text
    assert said == "Youth work grows: three for it, none in between and three against. " + (
        "There are two groups: three up to step 3, and three from step 6 on."
    )
    assert [one.text for one in ballot_words.against(found)] == ["Against Youth work grows: three of Council: education."]
    assert [one.text for one in ballot_words.differ(found)] == [
        "Youth work grows: Council: education is at step 7 and Police Scotland at step 1 (medians)."
    ]
    assert ballot_words.words(found)[0] == "Step 8, Name of p3, Council: education: Reason 3"


def test_close_and_spread_out_votes_are_told_with_their_range_and_median() -> None:
    assert ballot_words.headline(room(2, 3, 3, 2)).text.endswith("The votes are close together: step 2 to 3, median 2.5.")
    assert ballot_words.headline(room(1, 4, 5, 4, 6)).text.endswith("The votes are spread out: step 1 to 6, median 4.")
    assert ballot_words.headline(room(4, 4)).text.endswith("All took step 4.")
    assert ballot_words.headline(room()).text == "Nobody voted."


def test_dissent_without_names_is_told_in_its_words_and_with_no_name_or_small_agency() -> None:
    found = room(8, 1, 2, 2, 1, named=False)
    assert found.groups == (OTHERS,), "two of education are too few, and three of police would leave them alone"
    assert ballot_words.words(found) == ["Step 8, All agencies together: Reason 0"]


def test_ties_and_agencies_that_differ_on_points_are_said() -> None:
    vote = Made().opened(Kind.POINTS)
    for k, (agency, points) in enumerate([(EDUCATION, 40), (EDUCATION, 40), (POLICE, 5), (POLICE, 5)]):
        vote.cast(f"p{k}", agency, {"a": points, "b": 50 - points // 2, "c": 50 - points + points // 2})
    found = of_events(vote.closed())["b1"]
    assert "A: Council: education gave it 40 and Police Scotland 5 (medians)." in [s.text for s in ballot_words.differ(found)]
    even = made(Kind.DOTS, [(0, {"a": 2, "b": 1}), (1, {"b": 1, "c": 1})])
    assert [s.text for s in ballot_words.ties(even)] == ["A tie: A and B have 2 dots each."]
    assert ballot_words.headline(even).text == "A and B have the most, 2 dots each, from two people."


def test_votes_of_nobody_and_votes_after_the_end_count_nowhere() -> None:
    vote = Made().opened(Kind.DOTS)
    vote.add(EventKind.VOTE_CAST, {"ballot": "b1", "given": {"a": 1}})
    vote.cast("p1", POLICE, {"a": 1})
    vote.closed()
    vote.cast("p2", POLICE, {"a": 1})
    stray = Event(EventKind.VOTE_CAST, "", {"ballot": "b9", "given": {"a": 1}, "by": "p3"}, id=99)
    assert of_events([*vote.events, stray])["b1"].votes == 1
