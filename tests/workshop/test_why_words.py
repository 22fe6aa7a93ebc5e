"""Why, in words: every number is the engine's, names are the model's labels, and what was only stated has no price."""

import re
from dataclasses import replace

import pytest

from rcs_core.workshop import shift as view
from rcs_core.workshop.couple import Levers, Preset
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.scenario.edits import Edit
from rcs_core.workshop.scenario.explain.bounds import Bound, Kind, Move, NextPound
from rcs_core.workshop.scenario.explain.promise_price import Bundle
from rcs_core.workshop.sentence import Sentence
from rcs_core.workshop.why import care, found, moves, promises, stated
from rcs_core.workshop.why.names import floor_reason, promise_name, span, told
from tests.workshop.small_release import a_release

_NUMBER = re.compile(r"£[\d,.]*\d(?:m\b)?|[\d,.]*\d%")


@pytest.fixture(scope="module")
def shift() -> view.Shift:
    """Two points moved in the small release."""
    return view.try_shift(a_release(), Levers.of(Preset.SHIFT_2))


@pytest.fixture(scope="module")
def why(shift: view.Shift) -> found.Found:
    """What the engine finds of it."""
    return found.find(shift)


def every(shift: view.Shift, why: found.Found) -> list[Sentence]:
    """Every sentence that is said of a plan."""
    said = [promises.headline(shift, why.prices, why.together), *promises.sentences(shift, why.prices)]
    said += promises.purses(shift, why.prices)
    said += [s for m in why.moves for s in moves.why_it_moved(shift, m)]
    return said + [s for c in why.care for s in care.why_care_moved(shift, c)]


def test_no_amount_and_no_share_is_said_that_is_not_a_figure_of_the_model(shift: view.Shift, why: found.Found) -> None:
    reasons = " ".join(floor_reason(shift, s.id) for s in shift.scenario.prevention)
    for sentence in every(shift, why):
        said = " ".join(figure.said for figure in sentence.figures.values()) + reasons
        assert [n for n in _NUMBER.findall(sentence.text) if n not in said] == [], sentence.text


def test_a_price_is_said_with_what_the_plan_gains_and_the_care_that_would_not_be_needed(
    shift: view.Shift, why: found.Found
) -> None:
    costly = [p for p in why.prices if p.costs]
    assert costly
    for price, sentence in zip(costly, promises.sentences(shift, why.prices), strict=True):
        assert sentence.value("gain") == pytest.approx(1000 * price.gain)
        best = max(price.kept, key=lambda d: sum(price.kept[d]) * _unit_cost(shift, d))
        if "n" not in sentence.figures:  # too little to be said
            assert sum(price.kept[best]) < 0.1
            continue
        assert sentence.value("n") == pytest.approx(sum(price.kept[best]))
        assert sentence.value("pounds") == pytest.approx(1000 * sum(price.kept[best]) * _unit_cost(shift, best))
        assert shift.names[best] in sentence.text


def _unit_cost(shift: view.Shift, service: str) -> float:
    cost = next(d.unit_cost for d in shift.scenario.acute if d.id == service)
    assert isinstance(cost, float)
    return cost


def test_the_headline_is_the_dearest_promise_and_says_what_it_rests_on(shift: view.Shift, why: found.Found) -> None:
    head = promises.headline(shift, why.prices)
    assert head.value("gain") == pytest.approx(1000 * max(p.gain for p in why.prices))
    assert "The dearest promise is ‘The pace of the shift’" in head.text
    assert "rest on guesses: discussion only" in head.under
    assert "It is not cash" in head.under
    short = promises.headline(shift, why.prices, brief=True)
    assert set(short.figures) == {"gain"}
    assert promises.table(shift, why.prices)["Care it costs (£)"].is_monotonic_decreasing


def test_a_purse_by_which_nothing_is_lost_says_what_is_unspent_of_it(shift: view.Shift, why: found.Found) -> None:
    (said,) = promises.purses(shift, why.prices)
    left = max(p.underspend for p in shift.result.purses if p.agency == "council_education")
    assert said.value("left") == pytest.approx(1000 * left)
    assert said.text.startswith("Nothing is lost by the purse of Council: education")


def test_every_service_is_told_and_what_it_changes_by_is_the_plans(shift: view.Shift, why: found.Found) -> None:
    table = moves.table(shift, why).set_index("Service")
    rows = shift.found.by_service[(shift.found.by_service["year"] == shift.last) & (shift.found.by_service["part"] != "held")]
    assert set(rows["name"]) == set(table.index)
    change = f"Change in {shift.last} (£)"
    for name, expected in zip(rows["name"], rows["change"], strict=True):
        assert table.loc[name, change] == pytest.approx(1000 * expected, abs=0.02)
    assert (table["Why"] != "").all()


def test_a_service_that_grows_is_told_by_what_stops_it_in_the_order_of_the_years(shift: view.Shift, why: found.Found) -> None:
    move = next(m for m in why.moves if m.change > 0)
    text = moves.as_one(moves.why_it_moved(shift, move)).text
    assert text.startswith("Intensive family support (Council: social work) grows by about £190,000 a year by 2030-31 (39%).")
    assert text.index("bridging money is left for it in 2026-27") < text.index("the pace of the shift from 2027-28 to 2030-31")


def test_equally_good_is_said_so_and_nearly_so_is_not_said_to_be_less(shift: view.Shift, why: found.Found) -> None:
    move = replace(why.moves[0], bounds=())
    other = why.moves[1].service

    def said(lost: float, rivals: dict[str, float]) -> str:
        return moves.why_it_moved(shift, replace(move, next_pound=NextPound((5,), lost, rivals)))[-1].text

    assert "equally good elsewhere" in said(0.0, {other: 1.0})
    assert "there is little between them" in said(0.004, {other: 1.0})
    assert "does less here than in Parenting programmes" in said(0.4, {other: 1.0})
    assert "would change nothing that the plan counts" in said(0.0, {})
    stuck = moves.why_it_moved(shift, replace(move, next_pound=None))[-1].text
    assert stuck == "No more of it is possible in any year under these promises."


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_limit_has_its_sentence_and_its_few_words(shift: view.Shift, why: found.Found, kind: Kind) -> None:
    move: Move = why.moves[0]
    subject = {Kind.PREVENTABLE: "S004", Kind.NEED: "S004"}.get(kind, move.service)
    subject = next(iter(shift.scenario.acute)).id if kind in (Kind.PREVENTABLE, Kind.NEED) else subject
    downs = (Kind.FLOOR, Kind.RAMP_DOWN, Kind.SCALE)
    bound = Bound(kind, subject, (1, 2), 1.0, (), up=kind not in downs)
    texts = [s.text for s in moves.why_it_moved(shift, replace(move, bounds=(bound,), next_pound=None))]
    assert "in 2026-27 and 2027-28" in texts[1]
    assert moves.short(shift, bound)
    if kind in (Kind.RING, Kind.FAIRNESS, Kind.SHARE, Kind.TARGET):
        held_up = moves.why_it_moved(shift, replace(move, bounds=(replace(bound, up=False),), next_pound=None))
        assert "keeps it up" in held_up[1].text


def test_a_floor_says_whose_wish_it_is() -> None:
    release = a_release()
    service = next(
        s.id for s in view.try_shift(release, Levers.of(Preset.SHIFT_2)).inputs.preventative if s.terms.basis == "discretionary"
    )
    path = f"/prevention/{service}/floor"
    kept = view.try_shift(release, Levers.of(Preset.SHIFT_2, protect=(service,)))
    assert floor_reason(kept, service) == "the room protects it"
    bundle = Bundle("floor", service, (), (), 1.0)
    assert told(*promise_name(kept, bundle)).text == f"Protect {kept.names[service]}"
    edited = view.try_shift(release, Levers.of(Preset.SHIFT_2, edits=(Edit(path, 1.0, "the health board", ""),)))
    assert floor_reason(edited, service) == "so decided by the health board"


def test_years_are_said_as_a_room_says_them(shift: view.Shift) -> None:
    assert span(shift, (1, 2, 3, 4, 5)) == "in every year"
    assert span(shift, (2, 3, 4)) == "from 2027-28 to 2029-30"
    assert span(shift, (1, 3)) == "in 2026-27 and 2028-29"


def test_where_a_shift_is_discussed_nothing_is_optimised_and_no_promise_has_a_price() -> None:
    named = next(iter(view.movable(a_release(), Depth.DISCUSS)))
    shift = view.try_shift(a_release(), Levers.of(Preset.SHIFT_2, depth=Depth.DISCUSS, grow=(named,)))
    head = stated.headline(shift)
    assert "Nothing is chosen here: the shift is the one that was stated" in head.text
    assert head.value("some") == sum(stated.table(shift)["What happens"] == "Grows") == 1
    table = stated.table(shift).set_index("Service")
    assert set(table["Why"]) == {"Named by the room", "Not named by the room"}
    assert table["What binds its money"].str.contains("duty|not free before").all()
    bound = stated.bound_by(shift)
    assert sum(s.value("n") for s in bound) == len(shift.inputs.preventative)
    said = " ".join(s.text for one in shift.inputs.preventative for s in stated.chain(shift, one)) + head.text
    assert "worth" not in said
    assert "best" not in said


def test_where_no_promise_costs_anything_alone_they_are_told_together() -> None:
    still = view.try_shift(a_release(), Levers.of(Preset.AS_IS))
    why = found.find(still)
    assert not any(p.costs for p in why.prices)
    head = promises.headline(still, why.prices, why.together)
    assert head.value("gain") == pytest.approx(1000 * why.together.gain)
    assert "without all of them, the purses too" in head.text
    assert promises.headline(still, why.prices).text.startswith("No promise costs the plan anything")
    assert "together: easing one of them alone changes nothing" in moves.as_one(moves.why_it_moved(still, why.moves[0])).text


def test_the_word_that_is_never_said_is_never_said(shift: view.Shift, why: found.Found) -> None:
    said = " ".join(f"{s.text} {s.under}" for s in every(shift, why)).lower()
    assert "saving" not in said
    assert not re.search(r"\bbest\b", said)
