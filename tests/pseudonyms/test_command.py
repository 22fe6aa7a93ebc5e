"""`rcs pseudonymise` as a data officer types it: exit codes, the house form, and nothing of a child on the screen."""

import json
from pathlib import Path

import pytest

from rcs_core import cli
from rcs_core.pseudonyms import run as running
from tests.pseudonyms.people import register, scn
from tests.tiny_folder import edit


def rcs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """The exit code of one `rcs` command, and what it said on both channels."""
    monkeypatch.setattr("sys.argv", ["rcs", *map(str, words)])
    code = 0
    try:
        cli.main()
    except SystemExit as ended:
        code = int(str(ended.code or 0))
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """The command over `in`, into `out`, with the key `k`."""
    register(tmp_path / "in" / "a.csv", 6)

    def typed(*more: object) -> tuple[int, str, str]:
        words = [tmp_path / "in", "--out", tmp_path / "out", "--key", tmp_path / "k", "--id", "Candidate Number", *more]
        return rcs(monkeypatch, capsys, "pseudonymise", *words)

    assert rcs(monkeypatch, capsys, "pseudonymise", "--new-key", tmp_path / "k")[0] == 0
    return typed


def test_a_sound_folder_is_written_and_the_screen_shows_the_receipt(command, tmp_path: Path) -> None:
    code, out, err = command()
    assert (code, err) == (0, "")
    assert "6 rows in, 6 rows out, 6 pupils" in out
    assert f"Next: rcs check {tmp_path / 'out'}" in out
    assert scn(0) not in out


def test_a_breach_is_the_answer_no_and_json_has_every_row(command, tmp_path: Path) -> None:
    edit(tmp_path / "in" / "a.csv", lambda t: t.replace(scn(1), "").replace(scn(4), "x"))
    code, out, _ = command()
    assert code == 1
    assert out.strip().endswith("Nothing was written.")
    code, out, _ = command("--json")
    said = json.loads(out)
    assert code == 1
    assert said["written"] == []
    assert [(f["row"], f["value"]) for f in said["findings"]] == [(3, "(blank)"), (6, "[masked]")]


def test_json_of_a_sound_run_is_the_receipt(command) -> None:
    code, out, _ = command("--json")
    said = json.loads(out)
    assert code == 0
    assert said["receipt"]["pupils"] == 6
    assert said["written"] == ["a.csv", "pseudonyms_receipt.json", "pseudonyms_receipt.txt"]


def test_wrong_usage_is_exit_code_2_in_the_house_form(command, monkeypatch, capsys, tmp_path: Path) -> None:
    for words in (["--form", "upn"], ["--header-row", "0"]):
        code, _, err = command(*words)
        assert code == 2
        assert "Error: " in err
        assert "Expected " in err
    code, _, err = rcs(monkeypatch, capsys, "pseudonymise", tmp_path / "in")
    assert code == 2
    assert "--out, --key" in err
    code, _, err = rcs(monkeypatch, capsys, "pseudonymise", "--new-key", tmp_path / "k")
    assert code == 2
    assert "never be had back" in err


def test_a_defect_of_ours_is_told_by_its_place_and_never_by_a_cell(command, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError(f"could not convert {scn(0)} of Isla Campbell")

    monkeypatch.setattr(running, "make", broken)
    monkeypatch.setenv("RCS_DEBUG", "1")
    code, out, err = command()
    assert code == 1
    assert "ValueError at test_command.py" in err
    assert [s for s in (scn(0), "Isla") if s in out + err] == []


def test_a_key_made_on_the_command_line_is_said_by_its_fingerprint_only(monkeypatch, capsys, tmp_path: Path) -> None:
    code, out, _ = rcs(monkeypatch, capsys, "pseudonymise", "--new-key", tmp_path / "k", "--json")
    text = (tmp_path / "k").read_text(encoding="ascii")
    assert code == 0
    assert json.loads(out)["key_fingerprint"] in text
    assert text.split("\nkey: ")[1][:8] not in out
