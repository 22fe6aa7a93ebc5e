"""What the documentation says can be done, can be done: its links lead somewhere and its commands run."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from rcs_core.cli import app
from rcs_core.release import load
from rcs_core.workshop.couple import Levers, Preset, starting_scenario
from tests.conftest import ROOT, SMALL, Home, rcs_here

PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("data_contracts/*.md"),
    ]
)
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
BLOCK = re.compile(r"```(?:sh|bash)\n(.*?)```", re.DOTALL)
SERVERS = ("rcs serve", "rcs desk", "make ", ". .venv")


def commands(page: Path) -> list[str]:
    """The command lines of a page's code blocks, without their remarks."""
    lines = [
        line.split("  #")[0].strip() for block in BLOCK.findall(page.read_text(encoding="utf-8")) for line in block.splitlines()
    ]
    return [line for line in lines if line]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    targets = [t for t in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in t]
    assert [t for t in targets if not (page.parent / t).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_command_named_is_a_command_with_those_options(page: Path) -> None:
    verbs = typer.main.get_group(app).commands
    for line in re.findall(r"(?:^|`)rcs ([a-z][a-z-]*)([^`\n]*)", page.read_text(encoding="utf-8"), re.MULTILINE):
        verb, rest = line
        assert verb in verbs, f"{page.name}: rcs {verb}"
        asked = verbs[verb]
        if isinstance(asked, TyperGroup) and rest.strip():
            assert rest.split()[0] in asked.commands, f"{page.name}: rcs {verb}{rest}"
            asked = asked.commands[rest.split()[0]]
        known = {option for parameter in asked.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", rest.split("#")[0])) <= known, f"{page.name}: rcs {verb}{rest}"


def test_every_make_target_named_in_the_readme_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"^make ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert named
    assert [t for t in named if not re.search(rf"^{t}:", makefile, re.MULTILINE)] == []


def _as_typed(line: str, where: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rcs_core.cli", *line.split()[1:]]
    return subprocess.run(command, cwd=where, env=env, capture_output=True, text=True, timeout=300, check=False)


def test_the_tutorial_can_be_followed_to_its_end_and_building_again_gives_the_same_contents(home: Home, tmp_path: Path) -> None:
    env = {**os.environ, "RCS_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
    followed = [line for line in commands(ROOT / "docs" / "tutorial.md") if not line.startswith(SERVERS)]
    assert {line.split()[1] for line in followed} == {"demo", "check", "build", "audit", "tables", "solve", "workbook"}
    assert f"rcs demo tutorial/inputs --pupils {SMALL}" in followed
    for line in followed:
        if line.startswith("rcs solve"):
            scenario = starting_scenario(load(tmp_path / "tutorial" / "release"), Levers.of(Preset.SHIFT_2))
            (tmp_path / "scenario.json").write_text(json.dumps(scenario.to_dict()), encoding="utf-8")
        ran = _as_typed(line, tmp_path, env) if " build " in line else rcs_here(*line.split()[1:], env=env, where=tmp_path)
        assert ran.returncode == 0, f"{line}\n{ran.stdout}\n{ran.stderr}"
    assert (tmp_path / "scenario.xlsx").exists()
    assert load(tmp_path / "tutorial" / "release").manifest.content_hash == load(home.release).manifest.content_hash
