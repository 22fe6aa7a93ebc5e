"""Writes docs/traps.md: every trap of real data and tools, what the workbench does about it, what it says, and its receipt.

Run it after adding a trap: python -m tests.trap_page
"""

import tempfile
from functools import cache
from pathlib import Path

from rcs_core.contracts import CheckReport, Finding, check_folder
from tests.tiny_folder import write_tiny
from tests.traps import TOOLS, TRAPS, Trap

PAGE = Path(__file__).resolve().parents[1] / "docs" / "traps.md"
HEAD = """# Traps, and what is done about each

What councils really send, and where tools for such data have gone wrong. Each trap below is set in a sound folder of a
few dozen pupils (`tests/traps.py`); `tests/test_traps.py` claims that it is found where it stands, that it is said, that a
receipt counts it, and that the rows of the file are the rows kept and the rows left out for each reason. An error stops a
build; with `drop` a row is left out; a note is for information. This page is written by `python -m tests.trap_page`, and a
test fails when it is not up to date.

## In data

| trap | what is done | severity | what `rcs check` says | receipt |
|---|---|---|---|---|
"""
MIDDLE = """
## In tools

| trap | what is done | claimed by |
|---|---|---|
"""


def told(report: CheckReport, trap: Trap) -> Finding | None:
    """The finding that a trap brings: the first of its place that says what it must; None where its receipt says it."""
    if not trap.says:
        return None
    parts = trap.says.split(" | ")
    mine = [f for f in report.findings if f.file == trap.file and f.severity is trap.severity and trap.row in (None, f.row)]
    found = next((f for f in mine if all(part in f.text() for part in parts) and trap.column in ("", f.column)), None)
    assert found is not None, "\n".join(f.text() for f in mine or report.findings)
    return found


@cache
def checked(trap: Trap) -> CheckReport:
    """What the check says of a sound folder with the trap set in it."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = write_tiny(Path(scratch) / "in")
        trap.spoil(folder)
        return check_folder(folder)


def written() -> str:
    """The page as it should be."""
    lines = [_line(trap, checked(trap)) for trap in TRAPS]
    tools = [f"| {t.name} | {t.rule} | `{t.claimed.partition('::')[0]}` |" for t in TOOLS]
    return HEAD + "\n".join(lines) + "\n" + MIDDLE + "\n".join(tools) + "\n"


def _line(trap: Trap, report: CheckReport) -> str:
    table, rule, _ = trap.receipt or ("", "", 0)
    receipts = " · ".join(f"{r.table}: {r.text}" for r in report.receipts if r.table == table and r.rule == rule)
    found = told(report, trap)
    cells = [trap.name, trap.rule, trap.severity.value, found.text() if found else "(the receipt says it)", receipts]
    return "| " + " | ".join(cell.replace("|", "¦") for cell in cells) + " |"


def main() -> None:
    """Write the page."""
    PAGE.write_text(written(), encoding="utf-8")


if __name__ == "__main__":
    main()
