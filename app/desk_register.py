"""What *Service register* draws: a file of the register to edit, what a change would do, pairs to decide, and the history.

The register is read and written by `rcs register`, a process of its own; a screen holds its rows only while they are shown.
"""

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from app import desk_view, desk_work, show
from app.desk_register_editor import KEY, TABLE, called, said
from rcs_core.contracts import contracts
from rcs_core.contracts.template import write_templates
from rcs_core.errors import RcsError
from rcs_core.settings import ROOT
from rcs_core.vocab import Severity

LONGEST = 120
"""Seconds after which an errand of the register is given up."""
HISTORY = "register_history"


def rcs(folder: Path, *words: str) -> dict[str, Any]:
    """Run `rcs register` and return what it found or made; raises RcsError with what it said when it made nothing."""
    command = [*desk_work.RCS, "register", str(folder), "--json", *words]
    try:
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired as error:
        raise RcsError("reading the register took too long", folder.name, remedy="try again") from error
    try:
        found: dict[str, Any] = json.loads(ran.stdout)
    except ValueError as error:
        raise RcsError("nothing was changed", folder.name, " ".join(ran.stderr.split()) or "it said nothing") from error
    return found


def state(folder: Path) -> dict[str, Any]:
    """The register as it stands; read again only when one of its files differs in size or time."""
    files = sorted([*folder.glob("s*erv*"), *folder.glob(f"{HISTORY}/*.jsonl"), *folder.glob("schools.*")])
    stamp = (str(folder), tuple((p.name, p.stat().st_size, p.stat().st_mtime_ns) for p in files if p.is_file()))
    before = st.session_state.get("register_state")
    if before is None or before[0] != stamp:
        with st.spinner("Reading the register"):
            st.session_state["register_state"] = before = (stamp, rcs(folder))
    found: dict[str, Any] = before[1]
    return found


def made(found: Mapping[str, Any]) -> dict[str, Any]:
    """The line of the history that an errand wrote; raises RcsError when a breach stopped it after all."""
    if "entry" not in found:
        raise RcsError("a breach stops the change", remedy="see again what would change")
    entry: dict[str, Any] = found["entry"]
    return entry


def sentence(found: Mapping[str, Any]) -> str:
    """The register in one sentence."""
    stops = sum(f["severity"] == Severity.ERROR.value for f in found["findings"])
    pairs, files = len(found["likely"]), len(found["files"])
    breaches = f"{stops} breach{'es' if stops != 1 else ''} to mend" if stops else "nothing to mend"
    waits = f"{pairs} pair{'s' if pairs != 1 else ''} may be one service" if pairs else "no two look like one"
    return f"{found['services']} services from {files} file{'s' if files != 1 else ''}; {breaches}; {waits}."


@cache
def template() -> bytes:
    """The empty workbook of the register, with its lists; made once."""
    with tempfile.TemporaryDirectory() as scratch:
        (path,) = write_templates(Path(scratch), [TABLE])
        return path.read_bytes()


# ---- what a change would do


def propose(folder: Path, held: Mapping[str, Any], rows: Sequence[Mapping[str, str]], *words: str) -> dict[str, Any]:
    """Ask what the edited rows would change, or with a name write them."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "rows.json"
        path.write_text(json.dumps({"before": held["sha256"], "rows": list(rows)}), encoding="utf-8")
        return rcs(folder, "--file", str(held["file"]), "--rows", str(path), *words)


def upload(folder: Path, file: str, data: bytes, *words: str) -> dict[str, Any]:
    """Ask what a filled file would change, or with a name write it."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / file
        path.write_bytes(data)
        return rcs(folder, "--file", file, "--rows", str(path), *words)


def changes(told: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    """A row a cell: the service, the field, what it said and what it would say; rows that come or go on one line each."""
    lines: list[tuple[str, str, str, str]] = []
    for change in told:
        if change["kind"] == "changed":
            before, after = said(change["column"], change["before"]), said(change["column"], change["after"])
            lines.append((change["row"], called(change["column"]), before, after))
        elif change["column"] in ("service_name", "decision"):
            come = change["kind"] == "added"
            text = change["after"] if come else change["before"]
            lines.append((change["row"], "The whole row", "" if come else text, text if come else "taken out"))
    return pd.DataFrame(lines, columns=["Service", "Field", "Before", "After"])


def verdict(proposal: Mapping[str, Any]) -> bool:
    """Show what would change and every breach; True where it may be written."""
    frame_ = changes(proposal["changes"])
    found = desk_view.breaches({"findings": proposal["findings"]})
    stops = sum(f["severity"] == Severity.ERROR.value for f in proposal["findings"])
    if not proposal["changes"]:
        st.info("Nothing would change.", icon=":material/info:")
        return False
    rows = len(set(frame_["Service"]))
    show.line(f"**{len(frame_)} change{'s' if len(frame_) != 1 else ''} in {rows} service{'s' if rows != 1 else ''}.**")
    show.table(frame_, "What would change")
    if stops:
        st.error(
            f"{stops} breach{'es stop' if stops != 1 else ' stops'} it. Nothing is written; the file stays as it is.",
            icon=":material/error:",
        )
    if len(found):
        show.table(found, "Breaches of the change")
    return not stops


# ---- pairs and history


def side_by_side(found: Mapping[str, Any], pair: Mapping[str, Any]) -> pd.DataFrame:
    """The two services of a pair, field by field, those that differ first."""
    rows = {row[KEY]: row for held in found["files"] for row in held["rows"] if row.get(KEY)}
    one, other = rows[pair["one"]], rows[pair["other"]]
    names = [c.name for c in contracts()[TABLE].columns if c.name != KEY and (one.get(c.name) or other.get(c.name))]
    cells = [(n, said(n, one.get(n, "")), said(n, other.get(n, ""))) for n in names]
    lines = [(called(n), a, b, "yes" if a == b else "no") for n, a, b in cells]
    ordered = sorted(lines, key=lambda line: line[3])
    return pd.DataFrame(ordered, columns=["Field", pair["one"], pair["other"], "Alike"])


def past(history: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The history, the last change first, a row a cell."""
    lines = [
        (e["number"], desk_view.when(e["at"]), e["by"], e["action"], e["file"], *line, e["why"])
        for e in reversed(history)
        for line in changes(e["changes"]).itertuples(index=False, name=None)
    ]
    columns = ["No.", "When", "Who", "What", "File", "Service", "Field", "Before", "After", "Why"]
    return pd.DataFrame(lines, columns=columns)


def checked(found: Mapping[str, Any]) -> None:
    """What the check says of the register as it stands."""
    listed = desk_view.breaches({"findings": found["findings"]})
    if listed.empty:
        show.line("Nothing: every file of the register keeps to its contract, and no two submissions differ.")
    else:
        show.table(listed, "What the check says of the register")


def history(found: Mapping[str, Any]) -> None:
    """The history as a table, with where the earlier versions are."""
    if found["history"]:
        show.table(past(found["history"]), "History of the register", [f"Earlier versions lie in {HISTORY}."])
    else:
        show.line("Nothing was changed here yet.")


def file_of(found: Mapping[str, Any], agency: str, name: str) -> str:
    """The file that a submission goes into: the one that is there, or a new one; raises RcsError for another form than that."""
    suffix = Path(name).suffix.lower()
    there = next((str(f["file"]) for f in found["files"] if f["agency"] == agency), "")
    if there and Path(there).suffix.lower() != suffix:
        form = Path(there).suffix
        raise RcsError("the submission is there in another form", there, suffix, form, f"save what was sent as {form}")
    return there or f"{TABLE}{f'_{agency}' if agency else ''}{suffix}"
