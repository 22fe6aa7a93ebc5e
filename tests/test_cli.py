"""The `rcs` command says what the system will not do in the house form, and never answers "no" when it could not look."""

from pathlib import Path

import pytest

from rcs_core import cli


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """The exit code of one `rcs` command."""
    monkeypatch.setattr("sys.argv", ["rcs", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(str(ended.value.code))


def test_a_path_that_cannot_be_written_is_one_clear_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("")
    code = run(monkeypatch, "demo", str(tmp_path / "taken" / "demo"), "--pupils", "1000")
    said = capsys.readouterr().err
    assert code == 2
    assert said.startswith("UnreadableError: ")
    assert "taken" in said
    assert "Defect" not in said


def test_a_full_disk_is_no_defect_of_ours() -> None:
    said = str(cli._unusable(OSError(28, "No space left on device", "release.duckdb")))
    assert said.startswith("UnreadableError: release.duckdb: the file or folder cannot be used: got No space left on device.")


@pytest.mark.parametrize("words", [("audit", "{}"), ("tables", "{}", "{}/out"), ("signoff", "{}", "--by", "A", "--role", "B")])
def test_no_release_to_look_at_is_not_the_answer_no(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    nowhere = str(tmp_path / "nowhere")
    assert run(monkeypatch, *(word.format(nowhere) for word in words)) == 2
