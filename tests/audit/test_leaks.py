"""Every hand-made leak is found by `rcs audit`, with the cell or the rule named, and its safe twin passes."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from rcs_core.cli import app
from rcs_core.errors import RcsError

CASES: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "leaks.yaml").read_text(encoding="utf-8"))


def audited(place: Path, case: dict[str, Any], twin: str) -> tuple[int, dict[str, Any]]:
    """Write the folders of one twin and audit them, as anybody would."""
    for name, text in {**case.get("both", {}), **case[twin]}.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text("\n".join(text.split()) + "\n", encoding="utf-8")
    folders = [str(place / folder) for folder in case.get("folders", [""])]
    told = CliRunner().invoke(app, ["audit", *folders, *case.get("options", []), "--json"])
    if isinstance(told.exception, RcsError):
        raise told.exception
    return told.exit_code, json.loads(told.stdout)


def lines(report: dict[str, Any]) -> list[str]:
    """Each finding in one line: table, cell, rule."""
    return [
        f"{o['table']}: {', '.join(f'{k} {v}' for k, v in o['where'].items())}: {o.get('rule')}: {o.get('text')}"
        for o in [*report["open"], *report["leaks"]]
    ]


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_leak_is_found_and_named_and_its_safe_twin_passes(tmp_path: Path, name: str) -> None:
    code, report = audited(tmp_path / "leaky", CASES[name], "leaky")
    assert (code, report["safe"]) == (1, False)
    assert any(all(word in line for word in CASES[name]["names"]) for line in lines(report)), lines(report)
    code, report = audited(tmp_path / "safe", CASES[name], "safe")
    assert (code, lines(report)) == (0, [])


def test_every_hidden_count_has_its_interval_and_near_misses_are_named(tmp_path: Path) -> None:
    case = {"leaky": {"t.csv": "sex,n ALL,46 F, X, M,34 Z,"}}
    code, report = audited(tmp_path, case, "leaky")
    assert code == 0
    assert [(i["where"]["sex"], i["low"], i["high"]) for i in report["intervals"]] == [("F", 0, 12), ("X", 0, 12), ("Z", 0, 12)]
    told = CliRunner().invoke(app, ["audit", str(tmp_path)])
    assert "Near misses: 3 hidden cells cannot be 15 or more; the nearest:" in told.stdout
    assert "t: sex F: between 0 and 12" in told.stdout
