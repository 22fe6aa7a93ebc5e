"""The published instance comes out of the workbench three ways: from records, from counts, and as limits."""

from pathlib import Path
from typing import Any

import pytest

from rcs_core import release
from rcs_core.contracts import check_folder
from rcs_core.errors import ContractError
from rcs_core.records.build import FolderRefused, build
from rcs_core.vocab import Contact
from rcs_core.workshop import evidence, reach
from rcs_core.workshop.reach import Reach
from tests.journeys.perth_and_kinross import BOTH, CONTACT, INDICATOR, NEED, PUPILS, SURVEY, as_counts, as_records, as_totals
from tests.tiny_folder import edit


@pytest.fixture(autouse=True)
def own_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RCS_HOME", str(tmp_path / "home"))


def built(folder: Path) -> release.Release:
    return release.load(build(folder, folder.parent / "releases").path)


def page(found: release.Release) -> Reach:
    """What *Who gets help* shows of the need and social work."""
    need = evidence.indicator(found, SURVEY, INDICATOR)
    assert need in reach.needs(found, SURVEY)
    assert Contact.SOCIAL_WORK in reach.contacts(found, SURVEY)
    return reach.reach(found, SURVEY, need, Contact.SOCIAL_WORK)


def test_from_records_a_quarter_have_the_need_and_nine_in_ten_of_them_no_contact(tmp_path: Path) -> None:
    found = built(as_records(tmp_path / "inputs"))
    shown = page(found)
    assert shown.table is not None
    assert (shown.table.total.value, shown.table.need.value, shown.table.with_contact.value) == (PUPILS, NEED, CONTACT)
    assert shown.table.need_with.value == BOTH
    assert "1,953 of 2,176 pupils with this need (90%) have no social work contact" in shown.headline
    assert "at least 1,527 (70%)" in shown.beside
    share = evidence.shares(found, f"{SURVEY}_area", indicator=INDICATOR, area="999")[()]
    assert share.pct.value == 26


def test_from_counts_the_same_is_shown_and_said_to_be_the_councils(tmp_path: Path) -> None:
    found = built(as_counts(tmp_path / "inputs"))
    shown = page(found)
    assert "1,953 of 2,176 pupils with this need (90%) have no social work contact" in shown.headline
    assert "counts supplied by the council, unweighted (ages 9 to 15, 2025)" in shown.basis
    assert "at least 1,527 (70%)" in shown.beside
    assert shown.interval is None
    frame = found.frame(f"{SURVEY}_contact").query("contact == 'ALL' and band == 'yes'")
    assert frame["pct"].tolist() == [26]
    assert not any("pupil_census" in name for name in found.manifest.inputs)
    assert any("counts supplied by the council" in line for line in shown.left_out)


def test_as_two_totals_the_limits_are_given_for_the_same_children(tmp_path: Path) -> None:
    shown = page(built(as_totals(tmp_path / "inputs")))
    assert shown.table is None
    assert "At least 1,527 (70%) of 2,176 pupils with need have no social work contact" in shown.headline
    assert "not known without linkage" in shown.headline
    assert "They are the same children, ages and year" in shown.beside


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"ages": "0-17"}, "not the same ages"),
        ({"year": "2023"}, "not the same year"),
        ({"total": 9000}, "not the same children"),
    ],
)
def test_totals_of_other_children_ages_or_years_give_no_limits_but_the_reason(
    tmp_path: Path, other: dict[str, Any], why: str
) -> None:
    shown = page(built(as_totals(tmp_path / "inputs", **other)))
    assert why in shown.headline
    assert "1,527" not in f"{shown.headline} {shown.beside}"
    assert shown.bounds is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (f"ALL,yes,{NEED}", "ALL,yes,200", "contacts that add up"),
        (f"ALL,no,{PUPILS - NEED},9-15", f"ALL,no,{PUPILS - NEED},9-16", "the same ages"),
        (f"{INDICATOR},999,social_work,yes", "enjoys_learning,999,social_work,yes", "set against contact"),
        ("9-15,2025", "9-15,2024", "the year of the survey wave"),
        (f"999,social_work,no,{CONTACT - BOTH}", f"998,social_work,no,{CONTACT - BOTH}", "a cluster of schools.csv"),
    ],
)
def test_counts_that_cannot_be_are_refused_with_the_reason(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = as_counts(tmp_path / "inputs")
    edit(folder / "need_contact_counts.csv", lambda text: text.replace(old, new))
    report = check_folder(folder)
    assert any(said in e.rule for e in report.errors), report.text()
    with pytest.raises(FolderRefused):
        build(folder, tmp_path / "releases")


def test_counts_of_nearly_the_same_children_as_the_answers_are_refused(tmp_path: Path) -> None:
    folder = as_records(tmp_path / "inputs")
    (folder / "social_work.csv").unlink()
    edit(folder / "partnership.yaml", lambda text: text.replace("linkage: linked", "linkage: aggregate"))
    sent = as_counts(tmp_path / "sent") / "need_contact_counts.csv"
    (folder / sent.name).write_text(
        sent.read_text(encoding="utf-8").replace(f"ALL,no,{PUPILS - NEED}", "ALL,no,6280"), encoding="utf-8"
    )
    with pytest.raises(ContractError, match="other children than the answers"):
        build(folder, tmp_path / "releases")
    (folder / sent.name).write_text(sent.read_text(encoding="utf-8"), encoding="utf-8")
    assert "1,953 of 2,176" in page(built(folder)).headline


def test_counts_of_more_children_than_the_roll_are_refused(tmp_path: Path) -> None:
    folder = as_records(tmp_path / "inputs")
    (folder / "survey_pupil_s1_s4.csv").unlink()
    edit(folder / "partnership.yaml", lambda text: text.replace("linkage: linked", "linkage: aggregate"))
    sent = as_counts(tmp_path / "sent") / "need_contact_counts.csv"
    (folder / sent.name).write_text(sent.read_text(encoding="utf-8").replace("ALL,no,6283", "ALL,no,7283"), encoding="utf-8")
    assert any("on the roll" in e.rule for e in check_folder(folder).errors)


def test_small_counts_of_the_council_are_hidden_like_any_other(tmp_path: Path) -> None:
    folder = as_counts(tmp_path / "inputs")
    edit(folder / "need_contact_counts.csv", lambda text: text.replace(f"social_work,yes,{BOTH}", "social_work,yes,4"))
    shown = page(built(folder))
    assert "hidden [c]" in shown.headline
    assert shown.table is not None
    assert shown.table.need_with.value is None
