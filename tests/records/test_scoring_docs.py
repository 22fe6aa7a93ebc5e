"""The method page says what the contract holds: every rule, column, cut and number, and what is not verified."""

import re

from rcs_core.records.catalogue import catalogue
from rcs_core.records.scoring import scoring
from rcs_core.records.scoring.kinds import AtLeast, HoursBetween, Recode
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "methods" / "scoring.md").read_text(encoding="utf-8")
RULES = scoring()


def row(first: str) -> str:
    """The row of a table on the page that begins with a cell."""
    found = [line for line in PAGE.splitlines() if line.startswith(f"| {first}")]
    assert len(found) == 1, first
    return found[0]


def test_every_scale_is_told_with_its_items_and_its_cut() -> None:
    cut = RULES.sdq_self_report.raised
    for name, items in RULES.sdq_self_report.scales.items():
        told = row(name)
        assert " ".join(map(str, items)) in told
        assert (f"from {cut.at_least[name]} " if name in cut.at_least else f"{cut.at_most[name]} or fewer") in told
    assert f"from {cut.at_least['total']} |" in row("**total difficulties**")
    turned = ", ".join(map(str, RULES.sdq_self_report.reversed[:-1]))
    assert f"Items {turned} and {RULES.sdq_self_report.reversed[-1]} are turned round" in PAGE


def test_every_cut_is_told_with_its_rater_its_bands_and_whether_it_is_verified() -> None:
    named = {f"`{name}`": cut for name, cut in RULES.sdq_self_report.cuts.items()}
    named |= {f"`sdq_parent.{name}`": cut for name, cut in RULES.sdq_parent.items()}
    for name, cut in named.items():
        told = [cell.strip() for cell in row(name).split("|")]
        assert told[2:4] == [cut.rater, str(cut.bands)]
        assert told[4].split(" (")[0] == f"from {cut.at_least['total']}"
        assert told[5].startswith("yes" if cut.verified else "**no**")


def test_every_derived_answer_is_told_with_its_columns_and_codes() -> None:
    for name, derived in RULES.derived.items():
        told = row(f"`{name}`")
        assert ", ".join(f"`{column}`" for column in derived.rule.columns) in told
        assert (" | yes | yes |" if derived.sensitive else " | no | yes |") in told or not derived.verified
        assert "**no**" in told or derived.verified
        if isinstance(derived.rule, AtLeast):
            assert f"{derived.rule.least} {derived.rule.unit}" in told
        if isinstance(derived.rule, HoursBetween):
            assert f"under {derived.rule.least} or over {derived.rule.most}" in told
        if isinstance(derived.rule, Recode) and len(derived.rule.yes) < len(derived.rule.no):
            assert all(re.search(rf"\b{code}\b", told) for code in derived.rule.yes)


def test_the_wellbeing_scales_are_told_as_the_contract_has_them() -> None:
    table = RULES.swemwbs.conversion
    assert f"from {table[7]:.2f} by {table[21]:.2f} (a sum of 21) to {table[35]:.2f}" in PAGE
    assert f"agree on all {len(table)} values" in PAGE
    assert f"the four say {table[29]:.2f}" in PAGE
    mean = RULES.means["wemwbs_score"]
    assert f"A mean has {mean.decimals} decimal and\nneeds at least {mean.least_forms} scored forms" in PAGE
    assert {(m.decimals, m.least_forms) for m in RULES.means.values()} == {(mean.decimals, mean.least_forms)}


def test_the_assumptions_behind_multiple_risks_are_told_as_such() -> None:
    needs = RULES.needs
    primary, secondary = needs.least_answered["pupil_p5_p7"], needs.least_answered["pupil_s1_s4"]
    assert f"with **{needs.multiple_from} or more**, half of the questions, has multiple risks" in PAGE
    assert f"answered {primary} of the questions of P5 to P7 and {secondary} of those of S1 to S4" in PAGE
    assert f"{needs.multiple_from}, {primary} and {secondary} are **assumptions of this workbench**" in PAGE
    assert needs.source.startswith("Assumption of this workbench")
    about = catalogue().indicators["multiple_risks"]
    assert about.title == f"{needs.multiple_from} or more needs at once"
    assert f"{needs.multiple_from} or more of the needs" in about.question
    assert about.source.startswith("Assumption of this workbench")


def test_the_page_stands_in_the_list_of_methods() -> None:
    assert "docs/methods/scoring.md" in (ROOT / "README.md").read_text(encoding="utf-8")
