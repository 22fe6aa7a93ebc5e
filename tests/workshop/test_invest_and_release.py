"""What pays for what: both sides of every purse add up to the penny, and only a pool brings money from elsewhere."""

import copy
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rcs_core.workshop.couple import Levers, Preset
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.scenario import Scenario, parse_scenario, solve
from rcs_core.workshop.scenario.explain.funding import Book, Funding, Source, Use, fund
from rcs_core.workshop.scenario.explain.pairing import Line, paired, split
from rcs_core.workshop.sentence import Sentence
from rcs_core.workshop.shift import THOUSAND, Shift, try_shift
from rcs_core.workshop.why import funding as words
from tests.workshop.scenario_cases import random_scenario
from tests.workshop.test_couple import a_release
from tests.workshop.test_scenario_format import SMALL

few = settings(max_examples=10, deadline=None, derandomize=True)


def told(content: dict[str, Any]) -> tuple[Scenario, Funding]:
    """A scenario and its books."""
    scenario = parse_scenario(content)
    return scenario, fund(scenario, solve(scenario))


def small(**changed: Any) -> dict[str, Any]:
    """The small scenario with top-level parts replaced."""
    return copy.deepcopy(SMALL) | changed


def said(funding: Funding, agency: str, year: int) -> set[tuple[str, str, float]]:
    """The pairs of one book: what is paid for, by what, and how much."""
    return {
        (p.use.kind.value, p.source.kind.value, round(funding.money(p.pence), 5))
        for book, p in funding.pairs(year)
        if book.agency == agency
    }


def of(lines: Iterable[Line], *kinds: Source | Use) -> int:
    """Pennies of some kinds of lines."""
    return sum(line.pence for line in lines if line.kind in kinds)


def test_the_plan_worked_by_hand_is_paid_by_what_it_releases_and_by_what_was_not_used_before() -> None:
    _, funding = told(small())
    assert said(funding, "council", 1) == {("invest", "unused", 20.0)}
    assert said(funding, "council", 2) == {("invest", "released", 25.0), ("invest", "unused", 5.0), ("unspent", "unused", 15.0)}
    caused = [pair.caused for book, pair in funding.pairs(2) if pair.source.kind is Source.RELEASED]
    assert caused == [True]


def test_a_cut_pays_for_care_that_becomes_dearer_and_for_a_smaller_budget() -> None:
    content = small(agencies=[{"id": "council", "budget": 115.0}])
    content["prevention"][0] |= {"agencies": {"council": {"L1": 30.0}}, "base_reach": {"G1": {"L1": 30.0}}}
    _, funding = told(content)
    assert said(funding, "council", 1) == {("budget_fall", "cut", 15.0)}
    assert said(funding, "council", 2) == {("dearer", "cut", 7.5), ("budget_fall", "cut", 15.0)}


def pooled() -> dict[str, Any]:
    """The council pays for support, the health board for homes; what the board no longer needs may cross in a pool."""
    content = small(
        agencies=[{"id": "council", "budget": 10.0}, {"id": "nhs", "budget": 100.0}],
        pools=[{"id": "joint", "contrib_max": {"nhs": 30.0}, "draw": {"council": ["support"]}, "seed": 0}],
    )
    content["acute"][0]["payer"] = {"nhs": 1.0}
    return content


def test_money_crosses_purses_only_through_a_pool_and_keeps_the_name_of_who_paid_it_in() -> None:
    _, funding = told(pooled())
    assert said(funding, "council", 2) == {("invest", "unused", 10.0), ("invest", "pool", 20.0)}
    assert said(funding, "nhs", 2) == {("pooled", "released", 20.0)}
    drawn = [pair.source for _, pair in funding.pairs(2) if pair.source.kind is Source.POOL]
    assert [(line.about, line.by) for line in drawn] == [("joint", "nhs")]


def test_money_of_a_pool_that_nobody_paid_in_is_bridging_money() -> None:
    content = small(
        agencies=[{"id": "council", "budget": 100.0}],
        pools=[{"id": "bridge", "contrib_max": {}, "draw": {"council": ["support"]}, "seed": [12.0, 0.0]}],
    )
    _, funding = told(content)
    assert said(funding, "council", 1) == {("invest", "bridging", 12.0)}


def test_an_agency_whose_budget_is_not_modelled_has_an_open_purse() -> None:
    content = pooled()
    content["agencies"][0] = {"id": "council", "budget": None}
    content["prevention"][0]["capacity"] = 20.0
    _, funding = told(content)
    assert {pair.source.kind for book, pair in funding.pairs() if book.agency == "council"} <= {Source.OPEN, Source.POOL}


def conserves(book: Book) -> None:
    """Both sides of a book and its pairs are the same money, line by line."""
    assert book.total == sum(line.pence for line in book.sources) == sum(pair.pence for pair in book.pairs)
    assert all(pair.pence > 0 for pair in book.pairs)
    for lines, side in ((book.sources, "source"), (book.uses, "use")):
        for line in lines:
            assert sum(pair.pence for pair in book.pairs if getattr(pair, side) == line) == line.pence > 0


@few
@given(st.integers(0, 100_000))
def test_pairs_uses_and_sources_are_the_same_money_as_the_solved_purses_whatever_the_order_in_the_file(seed: int) -> None:
    scenario = parse_scenario(random_scenario(seed))
    result = solve(scenario)
    assume(result.status == "optimal")
    funding = fund(scenario, result)
    books = {(book.agency, book.year): book for book in funding.books}
    for book in funding.books:
        conserves(book)
    for purse in result.purses:
        book, leeway = books[purse.agency, purse.year], 30
        base = sum(v for s in scenario.prevention for v in s.agencies.get(purse.agency, {}).values())
        want = {
            purse.prevention - base: of(book.uses, Use.INVEST) - of(book.sources, Source.CUT),
            purse.change_costs: of(book.uses, Use.SETUP, Use.EXIT),
            purse.contributed: of(book.uses, Use.POOLED),
            purse.drawn: of(book.sources, Source.POOL, Source.BRIDGING),
            purse.brought: of(book.sources, Source.RESERVES),
            purse.underspend + purse.carried + purse.leaked: of(book.uses, Use.UNSPENT, Use.CARRIED, Use.LOST),
        }
        assert all(abs(amount / funding.one - pence) <= leeway for amount, pence in want.items())
    for year in scenario.years if scenario.pools else ():
        paid = sum(of(book.uses, Use.POOLED) for book in funding.books if book.year == year)
        assert sum(of(book.sources, Source.POOL) for book in funding.books if book.year == year) <= paid
    turned = replace(
        scenario, prevention=scenario.prevention[::-1], acute=scenario.acute[::-1], agencies=scenario.agencies[::-1]
    )  # fmt: skip
    assert {(b.agency, b.year): set(b.pairs) for b in fund(turned, result).books} == {
        key: set(b.pairs) for key, b in books.items()
    }


def test_an_increase_is_paid_first_by_a_release_that_it_can_have_caused_then_by_others_then_by_cuts_then_from_outside() -> None:
    use = [Line(Use.INVEST, "support", "", 100), Line(Use.UNSPENT, "", "", 5)]
    sources = [
        Line(Source.BRIDGING, "bridge", "", 20), Line(Source.CUT, "clubs", "", 15), Line(Source.RELEASED, "homes", "", 40),
        Line(Source.RELEASED, "foster", "", 10), Line(Source.POOL, "joint", "nhs", 12), Line(Source.UNUSED, "", "", 8),
    ]  # fmt: skip
    made = paired(sources, use, frozenset({("support", "foster")}), frozenset({("joint", "support"), ("bridge", "support")}))
    order = [(pair.source.about, pair.pence) for pair in made if pair.use.kind is Use.INVEST]
    assert order == [("foster", 10), ("homes", 40), ("clubs", 15), ("joint", 12), ("bridge", 20), ("", 3)]
    with pytest.raises(ValueError, match="do not add up"):
        paired(sources, use[:1], frozenset(), frozenset())


def test_a_pool_pays_out_its_contributors_in_proportion_and_to_the_penny() -> None:
    found = split({"a": 100, "b": 50, "c": 1}, {"x": 100, "y": 61})
    assert found["x"] == {"a": 62, "b": 31, "c": 1, "": 6}
    assert {by: sum(f.get(by, 0) for f in found.values()) for by in ("a", "b", "c", "")} == {"a": 100, "b": 50, "c": 1, "": 10}
    assert split({"a": 10}, {}) == {}


@pytest.fixture(scope="module")
def shift() -> Shift:
    """The small release's shift with a joint pool."""
    return try_shift(a_release(), Levers.of(Preset.SHIFT_2, depth=Depth.ESTIMATE, allow_pool=True))


def spoken(text: str) -> float:
    """An amount as it is said, in pounds."""
    number = float(re.sub(r"[^\d.]", "", text))
    return number * 1e6 if text.endswith("m") else number


def lines(shift: Shift, funding: Funding) -> list[Sentence]:
    """Every sentence of every list."""
    lists = (words.invest_list, words.release_list)
    return [one for year in shift.scenario.years for make in lists for one in make(shift, funding, year)]


def test_every_sentence_holds_the_books_own_figures_and_its_parts_add_up_as_they_are_read(shift: Shift) -> None:
    funding = fund(shift.scenario, shift.result)
    whole = {round(funding.money(line.pence) * THOUSAND, 2) for b in funding.books for line in (*b.uses, *b.sources)}
    found = lines(shift, funding)
    assert found
    over_all = [make(shift, funding, year) for make in (words.headline, words.released) for year in shift.scenario.years]
    for year in shift.scenario.years:
        sources = [one for b in funding.books if b.year == year for one in b.sources if one.kind is Source.RELEASED]
        told = words.released(shift, funding, year).figures.get("whole")
        assert (told.value if told else 0) == pytest.approx(sum(funding.money(one.pence) * THOUSAND for one in sources), abs=1)
    for sentence in [*found, *over_all]:
        parts = [figure for name, figure in sentence.figures.items() if name.startswith("amount_")]
        if parts:
            assert sum(spoken(p.said) for p in parts) == pytest.approx(spoken(sentence.figures["whole"].said))
    for sentence in found:
        assert round(sentence.value("whole"), 2) in whole
        assert "saving" not in sentence.text


def test_the_pair_is_said_with_agency_year_and_what_pays(shift: Shift) -> None:
    funding = fund(shift.scenario, shift.result)
    first = words.invest_list(shift, funding, 3)[0].text
    assert re.match(r"About £[\d,]+ more for Intensive family support \(Council: social work, 2028-29\) is paid by £", first)
    assert first.index("released from Children's houses") < first.index("bridging money")
    table = words.table(shift, funding)
    assert table["Amount (£)"].sum() == pytest.approx(sum(b.total for b in funding.books) / 100)
    service = next(s.id for s in shift.scenario.prevention if "Intensive" in shift.names[s.id])
    hidden = words.table(shift, funding, frozenset({service}))
    assert hidden.loc[hidden["Service"] == "Intensive family support", "Amount (£)"].isna().all()


def test_parts_are_said_in_the_last_place_of_their_sum() -> None:
    whole, parts = words.adding(61.1, [46.4, 14.7], rough=True)
    assert (whole.said, [p.said for p in parts]) == ("about £61,000", ["£46,000", "£15,000"])
    whole, parts = words.adding(0.0014, [0.0007, 0.0007])
    assert (whole.said, sorted(p.said for p in parts)) == ("£1", ["£0", "£1"])
    _, parts = words.adding(1234.0, [1200.0, 34.0], rough=True)
    assert [p.said for p in parts] == ["£1.2m", "£0"]
