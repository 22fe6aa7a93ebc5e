"""The plan is made of decisions: its book, its chain with gaps, and its money counted once."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rcs_core import release as waist
from rcs_core.errors import SettingsError
from rcs_core.release import Release
from rcs_core.workshop.decide.decision import Decisions
from rcs_core.workshop.decide.parts import Decision, Draft, Money, Verdict
from rcs_core.workshop.plan import chain, contract, criteria, resources, review
from rcs_core.workshop.plan.book import Book, PlanBook, Priority, Progress, book_of
from rcs_core.workshop.plan.book import Draft as Put
from rcs_core.workshop.plan.chain import Gap, plan_of
from rcs_core.workshop.plan.contract import PlanError
from rcs_core.workshop.plan.money import counted, paid
from rcs_core.workshop.plan.pence import by_level, shared
from rcs_core.workshop.plan.waiting import to_decide, to_follow
from rcs_core.workshop.store import Event, EventKind, Store
from tests.tiny_release import tiny_release
from tests.workshop.plan_cases import WHOLE, YEARS, some_decisions

TODAY = date(2027, 1, 1)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return waist.load(tiny_release(tmp_path_factory.mktemp("plan"), waves=True))


@pytest.fixture
def book(tmp_path: Path) -> PlanBook:
    return PlanBook(Store.open(tmp_path / "store.sqlite"))


def test_a_sixth_priority_takes_a_reason_which_is_kept(book: PlanBook) -> None:
    for k in range(5):
        book.set_priority(Put(f"Priority {k}"), "Ada")
    with pytest.raises(PlanError, match="as many priorities as are advised"):
        book.set_priority(Put("One more", why="  "), "Ada")
    sixth = book.set_priority(Put("One more", why="The board asked for it"), "Ada")
    assert sixth.why == "The board asked for it"
    assert len(book.read().priorities) == 6
    book.set_priority(Put("Priority 0, said better"), "Ada", id="priority-1")
    book.drop_priority("priority-2", "Ada", "It is part of another")
    assert book.read().priorities[0].name == "Priority 0, said better"
    assert len(book.read().priorities) == 5
    assert len(book.store.events(EventKind.PRIORITY_SET)) == 7


def test_nothing_nameless_unknown_or_unsaid_is_kept(book: PlanBook) -> None:
    book.set_priority(Put("Help early"), "Ada")
    wrong = [
        (lambda: book.set_priority(Put(" "), "Ada"), "needs a name"),
        (lambda: book.set_priority(Put("Other"), " "), "whose it is"),
        (lambda: book.set_priority(Put("HELP early"), "Ada"), "has this name"),
        (lambda: book.set_priority(Put("Other"), "Ada", id="priority-9"), "no such priority"),
        (lambda: book.drop_priority("priority-1", "Ada", ""), "needs a reason"),
        (lambda: book.place("D1", "priority-9", "Ada"), "no such priority"),
        (lambda: book.report("D1", Progress.DONE, " ", "Ada"), "needs a sentence"),
        (lambda: book.check("D1", "x", "done", " "), "whose it is"),
    ]
    for deed, why in wrong:
        with pytest.raises(PlanError, match=why):
            deed()
    assert len(book.store.events()) == 1


def _events(rng: random.Random, many: int) -> list[Event]:
    found = []
    for k in range(1, many + 1):
        kind, key, decision = rng.choice(list(_KINDS)), f"priority-{rng.randint(1, 4)}", f"D{rng.randint(1, 4)}"
        body = {
            EventKind.PRIORITY_SET: {"id": key, "name": f"n{k}", "outcomes": [], "needs": [], "why": "", "release_hash": str(k)},
            EventKind.PRIORITY_DROPPED: {"id": key, "why": "w"},
            EventKind.ACTION_PLACED: {"decision": decision, "priority": rng.choice([key, ""])},
            EventKind.ACTION_REVIEWED: {"decision": decision, "state": rng.choice(list(Progress)).value, "words": f"w{k}"},
            EventKind.CONDITION_CHECKED: {"decision": decision, "condition": "c", "words": f"w{k}"},
        }[kind]
        found.append(Event(kind, "Ada", body, id=k))
    return found


_KINDS = (
    EventKind.PRIORITY_SET, EventKind.PRIORITY_DROPPED, EventKind.ACTION_PLACED, EventKind.ACTION_REVIEWED,
    EventKind.CONDITION_CHECKED,
)  # fmt: skip


def test_events_in_any_order_make_the_same_book_and_the_last_word_on_each_thing_stands() -> None:
    rng = random.Random(7)
    for _ in range(60):
        events = _events(rng, rng.randint(0, 40))
        made = book_of(events)
        assert book_of(rng.sample(events, len(events))) == made
        last: dict[str, Event] = {}
        for e in events:
            if e.kind in (EventKind.PRIORITY_SET, EventKind.PRIORITY_DROPPED):
                last[e.body["id"]] = e
        assert {p.id: p.name for p in made.priorities} == {
            i: e.body["name"] for i, e in last.items() if e.kind is EventKind.PRIORITY_SET
        }
        reports = Counter(e.body["decision"] for e in events if e.kind is EventKind.ACTION_REVIEWED)
        assert {d: len(r) for d, r in made.reports.items()} == dict(reports)


def test_the_gaps_of_a_chain_are_those_that_looking_at_each_field_finds(release: Release) -> None:
    rng = random.Random(3)
    decisions = some_decisions(rng, 300)
    priority = Priority("priority-1", "Help early", (), (), "", 1, "Ada", "", "")
    places = {d.id: rng.choice(["priority-1", "gone", ""]) for d in decisions}
    plan = plan_of(release, decisions, Book((priority,), places))
    many = 0
    for d in (a.decision for a in plan.actions):
        has_words, real = d.indicator_words != "", d.indicator == ("pupil_s1_s4", "trusted_adult")
        pays = any(abs(m.change_gbp) >= 0.005 for m in d.money)
        lacks = {
            "no priority": places[d.id] != "priority-1",
            "no outcome": d.outcome == "",
            "no indicator": d.indicator is None and not has_words,
            "no figure for its indicator": (d.indicator is not None or has_words) and not real,
            "no service named": len(d.service_ids) == 0,
            "no money named": not pays,
            "no price year": pays and d.price_year == "",
            "no owner": d.owner.strip() == "" and d.owner_agency == "",
            "no date": d.by is None,
        }
        found = next(a for a in plan.actions if a.decision is d)
        assert [g.label for g in found.gaps] == [words for words, missing in lacks.items() if missing]
        many += not (lacks["no indicator"] or lacks["no owner"] or lacks["no date"])
    assert plan.actions
    assert chain.headline(plan) == f"{many} of {len(plan.actions)} actions have an owner, a date and an indicator."
    stands = Counter(d.verdict for d in decisions)
    assert len(plan.stopped) == stands[Verdict.STOP]
    assert len(plan.questions) == stands[Verdict.EXPLORE]
    assert len(plan.actions) + len(plan.proposals) == stands[Verdict.GO]
    assert all(any(m.change_gbp < 0 for m in a.decision.money) for a in plan.proposals)


def test_a_whole_chain_says_today_the_base_the_year_the_release_and_who_pays(release: Release) -> None:
    [action] = plan_of(release, [WHOLE], Book((), {})).actions
    assert action.gaps == (Gap.PRIORITY,)
    assert action.today is not None
    assert action.money is not None
    row = release.frame("pupil_s1_s4_area").query("wave == '2025' and indicator == 'trusted_adult' and area == '999'")
    yes, every = (row[row["band"] == band].iloc[0] for band in ("yes", "ALL"))
    assert action.today.told.startswith(f"{100 - yes['pct']}% (")
    assert f"of {every['n']:,} answers, 2025, release {release.id}" in action.today.told
    assert action.money.told() == "Council: social work: £2,000 more a year by 2027-28, from 2026-27 (prices of 2025-26)"
    assert "not on the big screen" in action.money.told(frozenset({"S003"}))


def test_money_is_counted_once_and_the_decision_recorded_last_has_it() -> None:
    rng = random.Random(5)
    for _ in range(40):
        decisions = some_decisions(rng, 6)
        expected: dict[tuple[str, str, str], int] = {}
        for service in ("S001", "S002", "S003", "S004"):
            naming = [d for d in decisions if any(v for k, v in _pence(d).items() if k[0] == service)]
            if naming:
                last = max(naming, key=lambda d: (d.at, d.id))
                expected |= {k: v for k, v in _pence(last).items() if k[0] == service and v}
        assert dict(counted(rng.sample(decisions, 6)).pence) == expected


def _pence(decision: Decision) -> dict[tuple[str, str, str], int]:
    sums: dict[tuple[str, str, str], int] = {}
    for m in decision.money:
        sums[m.service_id, m.year, m.agency] = sums.get((m.service_id, m.year, m.agency), 0) + round(100 * m.change_gbp)
    return sums


def test_pence_that_are_shared_out_come_to_the_same_sum_and_are_within_a_penny() -> None:
    rng = random.Random(11)
    for _ in range(500):
        weights = {str(k): rng.choice([0, rng.random(), rng.randint(1, 10**9)]) for k in range(rng.randint(1, 6))}
        pence, whole = rng.randint(-(10**10), 10**10), sum(weights.values())
        parts = shared(pence, weights)
        if whole:
            assert sum(parts.values()) == pence
            assert all(abs(parts[k] - pence * w / whole) < 1 + 1e-5 for k, w in weights.items())
    assert shared(5, {"a": 0}) == {}
    assert by_level(5, "S1", "nhs_board", {}) == {"not_tagged": 5}


def test_a_decision_that_was_taken_back_leaves_the_plan(release: Release, book: PlanBook) -> None:
    decisions = Decisions(book.store)
    kept = decisions.record(
        Draft(title="Grow it", verdict=Verdict.GO, service_ids=("S003",), money=(Money("S003", YEARS[0], "nhs_board", 5.0),),
              outcome="safe", indicator_words="Help in time", owner="Ada", owner_agency="nhs_board", body="Board", by=TODAY),
        "Ada",
    )  # fmt: skip
    book.set_priority(Put("Help early"), "Ada")
    book.place(kept.id, "priority-1", "Ada")
    plan = plan_of(release, decisions.current(), book.read())
    assert [a.decision.id for a in plan.under(plan.priorities[0])] == [kept.id]
    book.drop_priority("priority-1", "Ada", "Said twice")
    assert [a.decision.id for a in plan_of(release, decisions.current(), book.read()).under(None)] == [kept.id]
    decisions.undo(kept.id, "Ada")
    assert plan_of(release, decisions.current(), book.read()).empty


def test_a_review_counts_states_lateness_and_open_checks(release: Release, book: PlanBook) -> None:
    done, late, new = (replace(WHOLE, id=f"D{k}", conditions=("Half effects hold",), by=date(2026, 12, k)) for k in (1, 2, 3))
    book.report("D1", Progress.BEHIND, "Later", "Ada")
    book.report("D1", Progress.DONE, "It is done", "Ada")
    book.report("D2", Progress.BEHIND, "The lease is not signed", "Ada")
    book.check("D3", "Half effects hold", "They do", "Ewan")
    plan = plan_of(release, [done, late, new], book.read())
    assert review.headline(plan, TODAY) == (
        "1 of 3 actions are on track or done; 1 behind, 1 without a report and 2 past the date."
    )
    assert list(review.frame(plan, TODAY)["State"]) == ["Done", "Behind", "Nobody has reported yet"]
    assert len(review.history(plan)) == 3
    assert review.promised_line(review.promised(plan)) == "2 of 3 checks that were promised are open."


def test_the_statement_adds_up_and_mixes_no_price_years(release: Release) -> None:
    plan = plan_of(release, [WHOLE], Book())
    found = resources.statement(release, plan)
    assert found is not None
    spend, left = release.frame("spend"), release.frame("ledger_totals")["unmapped"].sum()
    prevented = spend.loc[spend["level"].isin(["primary", "secondary", "tertiary"]), "amount_gbp"].sum()
    whole = spend["amount_gbp"].sum() + left
    before, after = 100 * prevented / whole, 100 * (prevented + 2000.20) / (whole + 2000.20)
    assert found.headline == (
        f"£2,000 more a year goes to prevention by 2027-28, from {before:.1f}% to {after:.1f}% of the money as tagged."
    )
    tables = dict(resources.tables(found))
    moves = tables["What moves by level and year"]
    assert round(moves["2027-28 (£)"].sum(), 2) == 2000.20
    assert round(tables["What moves by payer and year"]["2026-27 (£)"].sum(), 2) == 1000.10
    other = resources.statement(release, plan_of(release, [replace(WHOLE, price_year="2020-21")], Book()))
    assert other is not None
    assert "%" not in other.headline
    assert "not set against today's spend" in " ".join(resources.sentences(other))
    later = replace(WHOLE, money=tuple(replace(m, year="2025-26") for m in WHOLE.money))
    begun = resources.statement(release, plan_of(release, [later], Book()))
    assert begun is not None
    assert "%" not in begun.headline
    assert "holds some of what moves already" in " ".join(resources.sentences(begun))
    veiled = resources.statement(release, plan, veil=frozenset({"S003"}))
    assert veiled is not None
    assert "2,000" not in " ".join(resources.sentences(veiled))
    assert dict(resources.tables(veiled))["What moves by level and year"]["2027-28 (£)"].isna().all()
    assert "saving" not in " ".join(resources.sentences(found)).lower()


def test_what_moves_in_two_price_years_is_added_up_nowhere(release: Release) -> None:
    other = replace(WHOLE, id="D2", price_year="2020-21", service_ids=("S002",))
    other = replace(other, money=tuple(replace(m, service_id="S002") for m in WHOLE.money))
    found = resources.statement(release, plan_of(release, [WHOLE, other], Book()))
    assert found is not None
    assert "not added up" in found.headline
    assert not {"What moves by level and year", "What moves by payer and year"} & set(dict(resources.tables(found)))
    assert not any("prevention +" in said or "4,000" in said for said in resources.sentences(found))


def test_what_moves_of_a_service_that_is_gone_is_said_to_have_no_level(release: Release) -> None:
    gone = replace(WHOLE, service_ids=("S999",), money=tuple(replace(m, service_id="S999") for m in WHOLE.money))
    found = resources.statement(release, plan_of(release, [gone], Book()))
    assert found is not None
    assert (
        "£2,000 more by 2027-28 is of services that this release does not tag: neither prevention nor response here."
        in resources.sentences(found)
    )


def test_a_plan_that_ends_sooner_is_said_to_be_in_no_sum_of_the_last_year(release: Release) -> None:
    longer = replace(WHOLE, id="D2", service_ids=("S002",), money=(Money("S002", YEARS[2], "nhs_board", 5.0),))
    found = resources.statement(release, plan_of(release, [WHOLE, longer], Book()))
    assert found is not None
    assert any(said.startswith("1 service changes in earlier years only: by 2028-29") for said in resources.sentences(found))


def test_beside_another_move_one_bought_service_keeps_its_sum_off_the_big_screen(release: Release) -> None:
    about = release.frame("spend")
    levels = about.groupby("service_id")["level"].agg(set)
    care = next(str(s) for s, own in levels.items() if own == {"responsive"})
    money = (*WHOLE.money, *(replace(m, service_id=care, change_gbp=m.change_gbp / 2) for m in WHOLE.money))
    plan = plan_of(release, [replace(WHOLE, service_ids=("S003", care), money=money)], Book())
    shown, veiled = (resources.statement(release, plan, veil=veil) for veil in (frozenset(), frozenset({"S003"})))
    assert shown is not None
    assert veiled is not None
    assert "2,000" in shown.headline
    assert not any("2,000" in said for said in resources.sentences(veiled))
    assert all(part.by_year is None for part in veiled.parts)


def test_an_empty_plan_evidences_no_criterion_and_claims_nothing_that_it_cannot_know(release: Release) -> None:
    empty = plan_of(release, [], Book())
    found = criteria.check(release, empty, resources.statement(release, empty))
    assert [c.number for c in found] == ["1", "2", "3", "4", "5", "6a", "6b", *map(str, range(7, 16))]
    assert not [c for c in found if c.shown is criteria.Shown.YES]
    assert all(c.shown is criteria.Shown.NO for c in found if c.number in ("1", "2", "10", "11", "15"))
    priority = Priority("priority-1", "Trust", ("nurtured",), (("pupil_s1_s4", "trusted_adult"),), "", 1, "Ada", "", "")
    plan = plan_of(release, [WHOLE], Book((priority,), {"D1": "priority-1"}))
    shown = {c.number: c.shown for c in criteria.check(release, plan, resources.statement(release, plan))}
    yes = {number for number, one in shown.items() if one is criteria.Shown.YES}
    assert yes == {"5", "13", "14"}


def test_a_contract_of_another_form_is_refused(tmp_path: Path) -> None:
    bad = tmp_path / "plan.yaml"
    bad.write_text("rules: {}\ncriteria: []\n", encoding="utf-8")
    for reads in (contract.most_priorities, contract.criteria, contract.criteria_source):
        with pytest.raises(SettingsError, match=r"plan\.yaml"):
            reads(bad)


def test_a_payer_who_is_back_at_the_end_says_so() -> None:
    money = (Money("S003", "2026-27", "nhs_board", 5.0), Money("S003", "2027-28", "third_sector", -3.0))
    found = paid(replace(WHOLE, money=money))
    assert found is not None
    assert found.told().startswith("NHS board: as before by 2027-28, with changes from 2026-27; Third sector: £3 less a year")


@pytest.mark.parametrize("seed", range(6))
def test_what_waits_is_counted_and_nothing_is_said_where_nothing_does(release: Release, seed: int) -> None:
    decisions = some_decisions(random.Random(seed), 12)
    plan = plan_of(release, decisions, Book(), look_up=lambda *_: None)
    proposals = sum(d.verdict is Verdict.GO and d.standing != "agreed" and not d.undone for d in decisions)
    late = sum(d.verdict is Verdict.GO and d.standing == "agreed" and not d.undone and d.by is not None and d.by < TODAY
               for d in decisions)  # fmt: skip
    said = " ".join([*to_decide(plan, TODAY), *to_follow(plan, TODAY)])
    assert (f"{proposals} proposal" in said) is bool(proposals)
    assert (f"{late} of {len(plan.actions)} agreed" in said) is bool(late)
    nothing = plan_of(release, [], Book(), look_up=lambda *_: None)
    assert to_decide(nothing, TODAY) == to_follow(nothing, TODAY) == []
