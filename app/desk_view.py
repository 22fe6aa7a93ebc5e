"""How the desk shows what a check found and what a build did: tables in the field's words, and the folder chooser."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from app import desk_jobs, show
from rcs_core.release import Release
from rcs_core.vocab import CellState, Severity

OTHER = "Another folder on this machine"
BREACH_COLUMNS = {
    "severity": "What it does",
    "file": "File",
    "sheet": "Sheet",
    "row": "Row",
    "column": "Column",
    "value": "Value",
    "rule": "Expected",
    "remedy": "To fix",
}
_RANK = {s.value: i for i, s in enumerate((Severity.ERROR, Severity.DROP, Severity.NOTE))}


def choose_folder() -> Path | None:
    """A folder of input files on this machine: one of those found where the desk was opened, or any other by its path."""
    top = desk_jobs.root()
    found = {_name(folder, top): folder for folder in desk_jobs.input_folders(top)}
    name = st.selectbox(
        "Folder with the partnership's files", [*found, OTHER], key="desk_folder", persist_state="session", help=f"Found in {top}"
    )
    if name in found:
        return found[name]
    typed = st.text_input("Its path", key="desk_path", persist_state="session", placeholder=str(top / "inputs"))
    folder = Path(typed).expanduser() if typed else None
    if folder is not None and not folder.is_dir():
        show.nothing(f"There is no folder {folder}", "Type the whole path of a folder on this machine.")
    return folder


def _name(folder: Path, top: Path) -> str:
    return str(folder.relative_to(top)) if folder != top else f"{top.name} (this folder)"


def breaches(report: Mapping[str, Any]) -> pd.DataFrame:
    """Every breach, what stops a build first."""
    found = sorted(report["findings"], key=lambda f: (_RANK.get(f["severity"], 9), f["file"], f["row"] or 0))
    frame = pd.DataFrame(found, columns=list(BREACH_COLUMNS))
    frame["severity"] = [Severity(s).label if s in _RANK else s for s in frame["severity"]]
    frame["row"] = frame["row"].astype("Int64")
    blank = frame.columns[~frame.notna().any() | (frame == "").all()]
    return frame.drop(columns=[c for c in blank if c in ("sheet", "value")]).rename(columns=BREACH_COLUMNS)


def counts(report: Mapping[str, Any]) -> Counter[str]:
    """How many breaches of each severity."""
    return Counter(str(f["severity"]) for f in report["findings"])


def verdict(report: Mapping[str, Any]) -> str:
    """The outcome of a check in one sentence."""
    found = counts(report)
    errors, drops = found[Severity.ERROR.value], found[Severity.DROP.value]
    head = f"{errors:,} breach{'es' if errors != 1 else ''} to mend before a build" if errors else "Nothing stops a build"
    left = f"{drops:,} row{'s' if drops != 1 else ''} will be left out, each with a receipt" if drops else "no row is left out"
    return f"{head}; {left}."


def files(report: Mapping[str, Any]) -> pd.DataFrame:
    """Each table that was found: its file, its rows and its breaches."""
    found = [(t["name"], t["file"], t["rows"]) for t in report.get("tables") or []]
    found = found or [(r["table"], r["table"], r["rows"]) for r in report["receipts"] if r["rule"] == "rows_in"]
    per = Counter((Path(f["file"]).stem, f["severity"]) for f in report["findings"])
    rows = [(name, file, rows, *[per[Path(str(file)).stem, s.value] for s in Severity]) for name, file, rows in found]
    frame = pd.DataFrame(rows, columns=["Table", "File", "Rows", "Stop a build", "Left out", "For information"])
    return frame.assign(Table=[str(t).replace("_", " ").capitalize() for t in frame["Table"]])


def receipts(report: Mapping[str, Any]) -> pd.DataFrame:
    """What happened to every row, table by table."""
    rows = [(str(r["table"]).replace("_", " ").capitalize(), r["text"], r["rows"]) for r in report["receipts"]]
    return pd.DataFrame(rows, columns=["Table", "What happened", "Rows"])


def missing(report: Mapping[str, Any]) -> list[str]:
    """Each table that is not there, with what cannot be shown without it."""
    return [f"**{str(m['table']).replace('_', ' ')}**: {m['blocks']}" for m in report.get("missing") or []]


def published(release: Release) -> pd.DataFrame:
    """Each table of counts in a release: its cells, and how many are hidden."""
    rows = []
    for table in release.count_tables():
        hidden = int((table.frame["state"] == CellState.SUPPRESSED.value).sum())
        rows.append((table.title, len(table.frame), hidden, round(100 * hidden / max(1, len(table.frame)), 1)))
    return pd.DataFrame(rows, columns=["Table", "Cells", "Hidden", "Hidden (%)"])
