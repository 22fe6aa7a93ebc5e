"""The data dictionary says what the contracts say, no more and no less, and never takes the place of another page."""

from pathlib import Path

import pytest

from rcs_core.contracts import contracts
from rcs_core.contracts.dictionary import index_page, page, write_dictionary
from rcs_core.contracts.rows import rules_of
from rcs_core.errors import SettingsError
from rcs_core.vocab import Severity
from tests.conftest import ROOT, rcs

PAGES = ROOT / "docs" / "data"


def test_the_pages_in_docs_are_those_that_the_contracts_give(tmp_path: Path) -> None:
    written = write_dictionary(tmp_path)
    fresh = {path.name: path.read_text(encoding="utf-8") for path in written}
    kept = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    assert sorted(kept) == sorted(fresh), "run: rcs dictionary docs/data"
    assert [name for name in fresh if fresh[name] != kept[name]] == [], "run: rcs dictionary docs/data"


@pytest.mark.parametrize("stem", contracts())
def test_a_page_holds_every_column_code_alias_and_rule(stem: str) -> None:
    contract = contracts()[stem]
    text = page(stem, contract)
    assert f"| Version | {contract.version} |" in text
    for column in contract.columns:
        assert f"| `{column.name}` | {column.about} |" in text
        assert [a for a in column.aliases if f"`{a}`" not in text] == []
        assert [c for c in column.codes if f"`{c}`" not in text and c not in text] == []
        for rule in [] if column.money else rules_of(column):
            assert f"| {rule.text.replace('|', '¦')} |" in text, (column.name, rule.code)


@pytest.mark.parametrize("stem", contracts())
def test_every_contract_says_who_sends_it_and_what_cannot_be_shown_without_it(stem: str) -> None:
    contract = contracts()[stem]
    assert contract.purpose
    assert contract.sender
    assert contract.blocks
    assert contract.sender in index_page()


@pytest.mark.parametrize("stem", contracts())
def test_a_code_without_words_has_its_meaning_told(stem: str) -> None:
    bare = [(c.name, code) for c in contracts()[stem].columns for code in c.codes if code.isdigit() and not c.labels.get(code)]
    assert bare == []


def test_rules_stand_under_what_a_breach_of_them_does() -> None:
    text = page("survey_pupil_p5_p7", contracts()["survey_pupil_p5_p7"])
    stops, _, leaves_out = text.partition(f"**{Severity.DROP.label}**")
    assert "one of: P5, P6, P7 |" in leaves_out
    assert "one of: P5, P6, P7 |" not in stops
    assert "the column is there" in stops


def test_a_restricted_column_says_who_may_see_it() -> None:
    line = next(row for row in page("pupil_census", contracts()["pupil_census"]).splitlines() if row.startswith("| `pupil_id`"))
    assert "masked in every report" in line


def test_the_command_writes_every_page_and_leaves_another_readme_alone(tmp_path: Path) -> None:
    assert rcs("dictionary", tmp_path / "new").returncode == 0
    assert len(list((tmp_path / "new").glob("*.md"))) == len(contracts()) + 1
    assert rcs("dictionary", tmp_path / "new").returncode == 0, "its own pages it writes anew"
    (tmp_path / "README.md").write_text("# Mine", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"got README\.md"):
        write_dictionary(tmp_path)
    assert [p.name for p in tmp_path.glob("*.md")] == ["README.md"]
