"""Settings are frozen, sourced, and refuse what they do not know."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from rcs_core import settings
from rcs_core.errors import ContractError, RcsError, SettingsError, UnreadableError


@dataclass(frozen=True, slots=True)
class Small:
    """A settings object of one required and one optional key."""

    rate: float
    name: str = "x"


def test_the_disclosure_rule_is_ten_children_with_a_source() -> None:
    rule = settings.disclosure()
    assert rule.min_cell == 10
    assert rule.source


def test_an_unknown_key_is_refused_and_the_allowed_ones_named() -> None:
    with pytest.raises(SettingsError, match=r"got rte[\s\S]*one of: name, rate"):
        settings.fill(Small, {"rte": 1.0, "rate": 2.0}, "small.yaml")


def test_a_missing_key_is_named() -> None:
    with pytest.raises(SettingsError, match="got rate"):
        settings.fill(Small, {"name": "y"}, "small.yaml")


def test_a_threshold_that_protects_nobody_is_refused() -> None:
    with pytest.raises(SettingsError, match="too low"):
        settings.Disclosure(2, "x", "2026")


@pytest.mark.parametrize("content", ["- a\n- b\n", "a: [1\n"])
def test_a_yaml_that_is_no_mapping_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.yaml").write_text(content)
    with pytest.raises(SettingsError, match=r"x\.yaml"):
        settings.read_yaml(tmp_path / "x.yaml")


def test_an_error_says_what_where_got_expected_and_how_to_fix() -> None:
    error = ContractError(
        "not one of the tiers", "spend.xlsx, row 41, column `tier`", '"early help"', "one of: a, b", "change the cell"
    )
    assert str(error).splitlines() == [
        'ContractError: spend.xlsx, row 41, column `tier`: not one of the tiers: got "early help".',
        "Expected one of: a, b.",
        "To fix: change the cell.",
    ]


def test_exit_codes_tell_no_from_unreadable() -> None:
    assert (RcsError.exit_code, ContractError.exit_code, UnreadableError.exit_code, SettingsError.exit_code) == (1, 1, 2, 2)


def test_the_workspace_follows_rcs_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RCS_HOME", str(tmp_path))
    assert settings.workspace() == tmp_path.resolve()
    monkeypatch.delenv("RCS_HOME")
    assert settings.workspace() == settings.ROOT / ".rcs"


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text("linkage: linked\nlinkage: none\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="the key linkage twice"):
        settings.read_yaml(tmp_path / "two.yaml")
