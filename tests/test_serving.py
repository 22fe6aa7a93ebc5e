"""The servers bind to this machine unless told otherwise, and the desk always does."""

import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rcs_core import serving


@pytest.fixture(name="started")
def what_was_started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    """The commands and environments of the servers that would have been started."""
    calls: list[tuple[list[str], dict[str, str]]] = []

    def run(command: list[str], **how: Any) -> SimpleNamespace:
        calls.append((command, how["env"]))
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(subprocess, "run", run)
    return calls


def option(command: list[str], name: str) -> str:
    """The value that stands behind an option."""
    return command[command.index(name) + 1]


def test_the_workbench_serves_the_release_it_was_given_where_it_was_told(
    started: list[tuple[list[str], dict[str, str]]], tmp_path: Path
) -> None:
    assert serving.serve_workbench(tmp_path, "127.0.0.1", 8501) == 0
    [(command, env)] = started
    assert option(command, "--server.address") == "127.0.0.1"
    assert option(command, "--server.port") == "8501"
    assert command[command.index("run") + 1].endswith("main.py")
    assert env["RCS_RELEASE"] == str(tmp_path.resolve())


def test_the_desk_answers_this_machine_only(started: list[tuple[list[str], dict[str, str]]], tmp_path: Path) -> None:
    assert serving.serve_desk(tmp_path, 8502) == 0
    [(command, env)] = started
    assert option(command, "--server.address") == "127.0.0.1"
    assert env["RCS_DESK_DIR"] == str(tmp_path.resolve())


def test_stopping_a_server_by_hand_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "run", interrupted)
    assert serving.serve_desk(tmp_path, 8502) == 0


def test_a_key_goes_to_the_server_alone_and_no_leftover_of_another_way_to_serve_does(
    started: list[tuple[list[str], dict[str, str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RCS_HOSTED", "left over")
    monkeypatch.setenv("RCS_KEY", "left over")
    serving.serve_workbench(tmp_path, "0.0.0.0", 8501, "the-key")
    serving.serve_workbench(tmp_path, "127.0.0.1", 8501)
    serving.serve_desk(tmp_path, 8502)
    [(network, one), (here, two), (_, desk)] = started
    assert one["RCS_KEY"] == "the-key"
    assert "the-key" not in " ".join(network)
    assert not {"RCS_HOSTED", "RCS_KEY"} & {*two, *desk}
    assert "--server.allowedHosts=127.0.0.1" in here
    assert not any("allowedHosts" in word for word in network)
