"""The `rcs` command says what the system will not do in the house form, and never answers "no" when it could not look."""

import json
from pathlib import Path

import pytest

from rcs_core import cli
from tests.conftest import rcs


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


def test_a_survey_request_and_a_table_to_protect_are_answered_from_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("w,x\n2,1\n2,0\n2,1\n2,1\n", encoding="utf-8")
    asked = {"id": "share", "design": "d", "stat": "proportion", "args": {"var": "x", "level": "1", "domain": None}}
    request = {"designs": {"d": {"weights": "w"}}, "estimates": [asked]}
    (tmp_path / "request.json").write_text(json.dumps(request), encoding="utf-8")
    said = rcs("estimate", tmp_path / "data.csv", "--request", tmp_path / "request.json", "--out", tmp_path / "answer.json")
    assert said.returncode == 0, said.stderr
    assert json.loads((tmp_path / "answer.json").read_text(encoding="utf-8"))["share"]["est"] == 0.75
    (tmp_path / "counts.csv").write_text("sex,n\nALL,60\nF,4\nM,56\n", encoding="utf-8")
    said = rcs("protect", tmp_path / "counts.csv", "--out", tmp_path / "safe")
    assert said.returncode == 0, said.stderr
    assert (tmp_path / "safe" / "counts.csv").read_text(encoding="utf-8").split() == [
        "sex,n,state",
        "ALL,60,shown",
        "F,,suppressed",
        "M,,suppressed",
    ]
    assert rcs("audit", tmp_path / "safe").returncode == 0
