"""The workshop note is two pages whatever happened; every figure in it is one of the plan's, of a decision's or of its stamp."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest

from rcs_core import gate
from rcs_core.documents.parts import Document
from rcs_core.documents.pdf import to_pdf
from rcs_core.documents.write import docx_bytes, write_docx
from rcs_core.errors import ScenarioError
from rcs_core.release import Release, load
from rcs_core.stamp import Stamp
from rcs_core.workshop import big_screen
from rcs_core.workshop import shift as view
from rcs_core.workshop.couple import Levers, Preset, levers_kept
from rcs_core.workshop.couple.levers import Answered, Because, Depth
from rcs_core.workshop.couple.veil import veil as veiled_payers
from rcs_core.workshop.decide import Dissent, Verdict
from rcs_core.workshop.decide.parts import Decision, Draft
from rcs_core.workshop.decide.told import summary
from rcs_core.workshop.explore.stress import stress
from rcs_core.workshop.inputs import promises, told
from rcs_core.workshop.inputs.depths import ABOUT
from rcs_core.workshop.kept import Draft as KeptDraft
from rcs_core.workshop.kept import Kept
from rcs_core.workshop.papers import note_case
from rcs_core.workshop.papers.note import note
from rcs_core.workshop.papers.note_case import Case
from rcs_core.workshop.papers.pages import shortened
from rcs_core.workshop.why import stress as why
from tests import paper_cases as cases
from tests.conftest import Home
from tests.office import have_office
from tests.workshop.decision_cases import CUT, GROWTH

DAY = dt.date(2026, 11, 22)
DISSENT = "We do not agree: the evidence is thin, and £5m of ours is in it. =1+1 <b>"


@pytest.fixture(scope="module")
def release(home: Home) -> Release:
    """Strathmere's release."""
    return load(home.release)


@pytest.fixture(scope="module")
def stamp(release: Release) -> Stamp:
    """The day's stamp, without the release's word for itself."""
    return Stamp.of(release, DAY, "Morag Ross")


@pytest.fixture(scope="module")
def small(release: Release, stamp: Stamp) -> Case:
    """A shift that is only discussed, with nothing decided."""
    return note_case.of_shift(release, view.try_shift(release, Levers.of(Preset.SHIFT_2, depth=Depth.DISCUSS)), stamp)


@pytest.fixture(scope="module")
def typical(release: Release, stamp: Stamp) -> Case:
    """An estimate with levers that were moved, three decisions and dissent."""
    levers = Levers.of(
        Preset.SHIFT_5, depth=Depth.ESTIMATE, allow_pool=True,
        because=(Because("allow_pool", "Director of finance", "One pocket"),), answers=(Answered("lag", "S012", "", 1, 2, 3),),
    )  # fmt: skip
    made = [
        replace(GROWTH, dissent=(Dissent("nhs_board", "", DISSENT),)),
        CUT,
        replace(GROWTH, title="Find out who waits", verdict=Verdict.EXPLORE, dissent=()),
    ]
    return note_case.of_shift(release, view.try_shift(release, levers), stamp, decisions=decided(made))


@pytest.fixture(scope="module")
def long(typical: Case) -> Case:
    """The same with a dozen decisions that say as much as they may."""
    words = "we cannot agree to this before it is known what becomes of those who wait " * 12
    draft = replace(
        GROWTH,
        title="A long title " * 8,
        conditions=(words, words),
        dissent=tuple(Dissent("nhs_board", "", words) for _ in "123"),
    )
    return replace(typical, decisions=decided([draft] * 12))


@pytest.fixture(scope="module")
def notes(small: Case, typical: Case, long: Case) -> dict[str, Document]:
    """The notes of the three."""
    return {"small": note(small), "typical": note(typical), "long": note(long)}


def decided(drafts: list[Draft]) -> list[Decision]:
    """Drafts as the store would give them back."""
    return [
        Decision(
            **{f.name: getattr(one, f.name) for f in fields(Draft) if f.name != "id"}, id=f"D{k}", version=1, author="Ada",
            agency="", at="2026-11-01T10:00:00",
        )
        for k, one in enumerate(drafts, 1)
    ]  # fmt: skip


def said(document: Document) -> str:
    """All that stands in a note."""
    return "\n".join(cases.texts(cases.read(document)))


@pytest.mark.office
def test_a_note_is_two_pages_small_typical_and_long_and_the_awkward_document_opens(
    notes: dict[str, Document], tmp_path: Path
) -> None:
    if not have_office():
        return
    papers = [tmp_path / f"{name}.docx" for name in (*notes, "awkward")]
    for paper, document in zip(papers, [*notes.values(), cases.awkward()], strict=True):
        write_docx(document, paper)
    counted = {path.stem: cases.pages(path.read_bytes()) for path in to_pdf(papers, tmp_path)}
    awkward = counted.pop("awkward")
    assert counted == dict.fromkeys(notes, 2)
    assert awkward > 2


def test_every_figure_of_a_note_is_one_of_its_sources(typical: Case, notes: dict[str, Document]) -> None:
    shift, levers = typical.shift, typical.levers
    assert levers is not None
    found = stress(shift.scenario, shift.result, names=shift.names)
    answers = [view.need_met, view.what_moves, lambda s: view.who_gains(s, 3), view.when_back, view.how_sure, told.whom]
    sources = [f"{one.sentence} {one.basis}" for one in (make(shift) for make in answers)]
    sources += [line.text for line in (why.breaks_first(shift, found), why.survives(shift, found), *why.conditions(found))]
    sources += [promises.told(levers.preset), *(m.sentence for m in promises.moved(levers, shift.names)), ABOUT[Depth.ESTIMATE]]
    sources += [*view.caveats(typical.release, shift), *(text for _, text in typical.stamp.lines()), typical.stamp.citation("")]
    sources += [summary(typical.decisions).text, summary(typical.decisions).basis, *(repr(d) for d in typical.decisions)]
    sources += [str(d.by) for d in typical.decisions] + ["; ".join(d.gaps) for d in typical.decisions]
    tables = [told.in_pounds(make(shift), shift) for make in (view.service_changes, view.level_changes)]
    sources += [f"{abs(v):,.0f}" for t in tables for c in t if "(£)" in c for v in t[c]]
    states = Counter(known.state for known in shift.scenario.provenance)
    own = {str(n) for n in (*states.values(), sum(states.values()), 50, 100)} | {shift.found.years[0], "22", *"12345678"}
    guessed = sum(many for state, many in states.items() if state in ("group_estimate", "product_default", "missing"))
    left = cases.numbers("\n".join(line for line in said(notes["typical"]).splitlines() if "left out here" in line))
    known = cases.numbers("\n".join(sources)) | set().union(*map(cases.numbers, own)) | {str(guessed)} | left
    names = "\n".join(shift.names.values())
    assert cases.numbers(said(notes["typical"])) - known - cases.numbers(names) == set()


def test_the_five_answers_stand_in_the_board_s_order(typical: Case, notes: dict[str, Document]) -> None:
    text, shift = said(notes["typical"]), typical.shift
    asked = [
        "Is every child's need met?",
        "What moves?",
        "Who pays, and who gains?",
        "When does it pay back?",
        "How sure are we?",
    ]
    places = [text.index(question) for question in asked]
    assert places == sorted(places)
    for answer in (view.need_met(shift), view.what_moves(shift), view.who_gains(shift, 3), view.when_back(shift)):
        assert answer.sentence in text


def test_dissent_stands_as_it_was_written_and_what_was_decided_has_an_owner(notes: dict[str, Document]) -> None:
    text = said(notes["typical"])
    assert f"Dissent on D1: NHS board: {DISSENT}" in text
    assert "Head of children's services" in text
    assert "Owner: Director of finance. Reason: One pocket." in text


def test_what_does_not_fit_is_counted_and_what_is_cut_says_so(notes: dict[str, Document]) -> None:
    text = said(notes["long"])
    lines = sum(
        line.startswith(("D", "Dissent on D")) and ":" in line for line in text.partition("What is decided")[2].splitlines()
    )
    assert "Lines on decisions left out here: " in text
    assert "[shortened here]" in text
    assert lines < 48
    assert "Services left out here: " in said(notes["small"])


def test_a_text_is_cut_at_a_word_and_marked() -> None:
    assert shortened("as it is", 8) == "as it is"
    cut = shortened("word " * 100, 60)
    assert cut.endswith("word … [shortened here]")
    assert len(cut) <= 60
    assert len(shortened("x" * 500, 60)) == 60


def test_discussion_only_stands_in_words_in_a_frame_on_every_page_and_in_the_name(notes: dict[str, Document]) -> None:
    paper = cases.read(notes["small"])
    framed = [p.text for p in paper.paragraphs if p.style is not None and p.style.name == "Warning"]
    assert framed == ["Discussion only: it rests on guesses and is not the basis for a decision"]
    assert "Discussion only" in paper.sections[0].header.paragraphs[0].text
    assert notes["small"].stamp.file_name("note", "docx").endswith("discussion-only.docx")


def test_a_note_can_be_read_aloud(notes: dict[str, Document]) -> None:
    for document in notes.values():
        paper = cases.read(document)
        assert cases.in_order(cases.levels(paper))
        assert all(cases.header_rows(paper))
        assert len(cases.alts(paper)) == 1
        assert "against today: Prevention +£" in cases.alts(paper)[0]


def test_the_same_scenario_on_the_same_day_is_the_same_file(small: Case, notes: dict[str, Document]) -> None:
    assert docx_bytes(note(small)) == docx_bytes(notes["small"])


def test_on_the_big_screen_a_note_holds_no_price_of_a_bought_service(typical: Case, release: Release) -> None:
    veil = big_screen.withheld(release, True)
    stamp = replace(typical.stamp, prices_hidden=True)
    document = note(replace(typical, veil=veil, stamp=stamp, decisions=()))
    bought = {shift_name for id, shift_name in typical.shift.names.items() if id in veil}
    table = next(t for t in cases.read(document).tables)
    rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
    hidden = [row for row in rows if row[0] in bought]
    assert all(row[2:] == ["–"] * 3 for row in hidden)
    off = veiled_payers(typical.shift.scenario, typical.shift.found, veil)
    assert view.who_gains(typical.shift, 3, off).sentence in said(document)
    assert gate.let_out(docx_bytes(document), "docx", "workshop note", release, prices_hidden=True)


def test_promises_that_clash_are_told_with_ways_out_and_no_plan_is_made_up(release: Release, stamp: Stamp) -> None:
    levers = Levers.of(Preset.SHIFT_5, depth=Depth.ESTIMATE, bridging=False, budget_change_pct=-5)
    document = note(note_case.of_shift(release, view.try_shift(release, levers), stamp))
    text = said(document)
    assert "these promises cannot all hold" in text
    assert "Any one of these would settle it:" in text
    assert "What moves?" not in text
    assert not cases.read(document).inline_shapes


def test_a_kept_version_of_another_release_keeps_its_own_release(typical: Case, release: Release, stamp: Stamp) -> None:
    draft = KeptDraft(
        typical.shift.scenario.to_dict(),
        {},
        levers_kept.plain(typical.levers),
        None,
        dict(typical.shift.names),
        "earlier",
        "x" * 64,
    )
    kept = Kept("our-plan", "Our plan", 2, "Ada", "2026-10-01T10:00:00", draft)
    case = note_case.of_version(kept, release, stamp)
    assert case.stamp.release_id == "earlier"
    text = said(note(case))
    assert "Kept as “Our plan”, version 2, by Ada on 2026-10-01" in text
    assert "kept=our-plan.2" in text


def test_a_note_of_a_scenario_file_from_the_command_line_says_that_it_names_no_area(
    small: Case, rcs: Callable[..., object], tmp_path: Path
) -> None:
    file = tmp_path / "scenario.json"
    file.write_text(json.dumps(small.shift.scenario.to_dict()), encoding="utf-8")
    rcs("note", file, tmp_path)
    (written,) = tmp_path.glob("*.docx")
    assert written.name.startswith("area-not-stated_workshop-note")
    other = small.shift.scenario.to_dict() | {"money_unit": "EUR"}
    file.write_text(json.dumps(other), encoding="utf-8")
    with pytest.raises(ScenarioError, match="a note counts in pounds"):
        note_case.of_file(file, note_case.unstated(DAY))
