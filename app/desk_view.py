"""How the desk shows what a check found and what a build did: tables in the field's words, and the folder chooser."""

import posixpath
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.navigation.page import StreamlitPage

from app import desk_jobs, show
from rcs_core.contracts import MASK, contracts
from rcs_core.settings import ROOT
from rcs_core.vocab import Severity

PAGES = (
    ("desk_prepare.py", "Prepare data", "prepare"),
    ("desk_register.py", "Service register", "register"),
    ("desk_ledgers.py", "Ledgers", "ledgers"),
    ("desk_release.py", "Check and release", "release"),
    ("desk_protection.py", "Data protection", "protection"),
)
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


def pages() -> list[StreamlitPage]:
    """The desk's pages, in the order of the work."""
    return [st.Page(ROOT / "pages" / f, title=title, url_path=path, default=not i) for i, (f, title, path) in enumerate(PAGES)]


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
    frame["value"] = [_shown(f) for f in found]
    for column in ("rule", "remedy"):
        frame[column] = frame[column].astype(str).str.replace("`", "")
    blank = frame.columns[~frame.notna().any() | (frame == "").all()]
    return frame.drop(columns=[c for c in blank if c in ("sheet", "value")]).rename(columns=BREACH_COLUMNS)


def in_short(found: pd.DataFrame) -> pd.DataFrame:
    """Breaches that are alike on one line: how many there are, where the first ones stand, and what to do."""
    alike = ["What it does", "File", "Column", "Expected", "To fix"]
    groups = found.groupby(alike, sort=False, dropna=False)["Row"]
    lines = [(*key, len(rows), _first(rows)) for key, rows in groups]
    frame = pd.DataFrame(lines, columns=[*alike, "How many", "In rows"])
    return frame[["What it does", "How many", "File", "Column", "Expected", "To fix", "In rows"]]


def _shown(finding: Mapping[str, Any]) -> str:
    """A value as the screen shows it: masked in a personal field, whatever the report says, and in all of a ledger's text."""
    stem = _stem(str(finding["file"])).rpartition("/")[2].casefold()
    ledger = stem.startswith("ledger_") and stem not in contracts()
    contract = contracts().get("ledger" if ledger else stem)
    column = contract.column(str(finding["column"])) if contract is not None else None
    value = str(finding["value"] or "")
    return MASK if value and not value.startswith("(") and column is not None and column.restricted else value


def _first(rows: pd.Series) -> str:
    known = [str(int(r)) for r in rows if pd.notna(r)]
    return ", ".join(known[:5]) + (" ..." if len(known) > 5 else "")


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


def when(at: str) -> str:
    """A time (UTC, ISO) as people read it."""
    return f"{at[:10]} at {at[11:16]} UTC" if at else "some time ago"


def called(table: str) -> str:
    """A table as people say it: *Survey pupil P5 to P7*, *Ledger NHS*, *Wave 2023: Pupil census*."""
    wave, _, table = table.rpartition("/")
    if wave:
        return f"{called(wave)}: {called(table)}"
    text = re.sub(r"([ps]?\d)_([ps]?\d)$", lambda ages: f"{ages[1].upper()} to {ages[2].upper()}", table).replace("_", " ")
    return f"{text[:1].upper()}{text[1:]}".replace(" nhs", " NHS")


def files(report: Mapping[str, Any]) -> pd.DataFrame:
    """Each table that was found: its file, its rows and its breaches."""
    per = Counter((_stem(f["file"]), f["severity"]) for f in report["findings"])
    rows = [
        (called(str(t["name"])), t["file"], t["rows"], *[per[_stem(str(t["file"])), s.value] for s in Severity])
        for t in report.get("tables") or []
    ]
    frame = pd.DataFrame(rows, columns=["Table", "File", "Rows", "Stop a build", "Left out", "For information"])
    return frame.astype({"Rows": "Int64"})


def _stem(file: str) -> str:
    """A file without its ending, an earlier wave's with its sub-folder."""
    return posixpath.splitext(file)[0]


def receipts(report: Mapping[str, Any]) -> pd.DataFrame:
    """What happened to every row, table by table."""
    rows = [(called(str(r["table"])), r["text"], r["rows"]) for r in report["receipts"]]
    return pd.DataFrame(rows, columns=["Table", "What happened", "Rows"])
