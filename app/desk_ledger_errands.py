"""Asks `rcs` about ledgers and gives it decisions: a process of its own each time, whose answer is held in this session alone.

What `rcs` says may hold cost centres and, where a person revealed them, descriptions; so it is written to no file, and only the
last answer is kept until the files change.
"""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from app import desk_work
from rcs_core.errors import RcsError
from rcs_core.settings import ROOT

LONGEST = 120
"""Seconds after which a question about a ledger is given up."""
MONEY = ("ledger", "services", "apportionment_keys", "partnership")
_KEPT = "ledger_answers"


def overview(folder: Path) -> dict[str, Any]:
    """Every ledger of the folder against its control total."""
    return _kept("overview", folder, ["ledgers", str(folder), "--json"], fails=True)


def look(folder: Path, ledger: str, reveal: bool, earlier: Path | None) -> dict[str, Any]:
    """One ledger: its columns, where its money goes, rules and suggestions."""
    words = ["ledgers", str(folder), "--ledger", ledger, "--json"]
    words += ["--reveal"] if reveal else []
    words += ["--earlier", str(earlier)] if earlier else []
    return _kept("look", folder, words)


def try_columns(folder: Path, ledger: str, entry: dict[str, Any], reveal: bool) -> dict[str, Any]:
    """What the ledger would look like by an entry; nothing is written."""
    words = ["layout", str(folder), ledger, *(["--reveal"] if reveal else [])]
    return ask(words, {"entry": entry})


def accept_columns(folder: Path, ledger: str, entry: dict[str, Any], by: str, reason: str) -> dict[str, Any]:
    """Write the entry into `ledger_columns.yaml` and remember it."""
    return ask(["layout", str(folder), ledger, "--accept"], {"entry": entry, "by": by, "reason": reason})


def decide(folder: Path, ledger: str, told: dict[str, Any], earlier: Path | None = None) -> dict[str, Any]:
    """Add, accept or remove rules, or accept suggestions."""
    return ask(["tag", str(folder), ledger, *(["--earlier", str(earlier)] if earlier else [])], told)


def _kept(kind: str, folder: Path, words: Sequence[str], fails: bool = False) -> dict[str, Any]:
    """The last answer of a kind while question and files are the same, else a new one in its place."""
    kept = st.session_state.setdefault(_KEPT, {})
    key = (tuple(words), _stamp(folder))
    if kept.get(kind, (None,))[0] != key:
        with st.spinner("Reading the ledgers"):
            kept[kind] = (key, ask(words, None, fails))
    found: dict[str, Any] = kept[kind][1]
    return found


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of every file that an answer rests on."""
    files = sorted(p for p in folder.iterdir() if p.is_file() and p.name.casefold().startswith(MONEY))
    return tuple((p.name, p.stat().st_size, p.stat().st_mtime_ns) for p in files)


def ask(words: Sequence[str], told: dict[str, Any] | None, fails: bool = False) -> dict[str, Any]:
    """Run `rcs` and return what it answered; raises RcsError with what it said when it answered nothing.

    told: what is decided, on its standard input, so that it stands in no list of processes. fails: an answer of *no* is one too.
    """
    command = [*desk_work.RCS, *words]
    sent = json.dumps(told) if told is not None else None
    try:
        ran = subprocess.run(command, cwd=ROOT, input=sent, capture_output=True, text=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired as error:
        raise RcsError(
            "reading the ledgers took too long and was given up", remedy="try again, or with a smaller file"
        ) from error
    try:
        if ran.returncode and not fails:
            raise ValueError
        found: dict[str, Any] = json.loads(ran.stdout)
    except ValueError as error:
        said = " ".join(ran.stderr.split()) or "it said nothing"
        raise RcsError(said.partition(": ")[2] or said) from error
    return found
