"""What *Data protection* draws: the sheet to take away, the tables of the sheet, and a deletion from plan to certificate."""

import datetime as dt
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from app import desk_jobs, show
from rcs_core import release as waist
from rcs_core.controller import Section, certificates, data_flow, to_markdown, write_sheet
from rcs_core.desk_files import certificates_home
from rcs_core.errors import ReleaseError
from rcs_core.release import Release
from rcs_core.stamp import slug

WHICH = {
    "All inputs": [],
    "Only records and ledgers": ["--personal-only"],
    "All inputs, and every other file in the folder": ["--everything"],
}
"""What may be deleted, and how `rcs forget` is told."""


def release() -> Release | None:
    """The release that was built last, signed or not."""
    try:
        return waist.load(waist.current_file(desk_jobs.release_folder()))
    except ReleaseError:
        return None


def sections(report: Mapping[str, Any], folder: Path) -> dict[str, Section]:
    """The data-flow sheet of a checked folder, by the sections' short names."""
    return {s.name: s for s in data_flow(report, str(folder.resolve()), release(), dt.date.today())}


def frame(section: Section) -> pd.DataFrame:
    """A section as a table."""
    return pd.DataFrame(list(section.rows), columns=list(section.columns))


def draw(section: Section) -> None:
    """A section with its note and its table."""
    if section.note:
        show.note(section.note)
    show.table(frame(section), section.title)


def take_away(found: Mapping[str, Section], title: str) -> None:
    """The whole sheet as a workbook and as text."""
    left, right, _ = st.columns([1, 1, 1])
    name = slug(title)
    left.download_button(
        "Download as workbook", _book(found, title), f"{name}.xlsx", icon=":material/download:", on_click="ignore"
    )
    text = to_markdown(list(found.values()), title)
    right.download_button("Download as text", text, f"{name}.md", icon=":material/download:", on_click="ignore")


def _book(found: Mapping[str, Section], title: str) -> bytes:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "sheet.xlsx"
        write_sheet(list(found.values()), path, title)
        return path.read_bytes()


def plan(folder: Path) -> None:
    """What would go and what would stay; nothing is deleted by looking."""
    which = st.radio("What to delete", list(WHICH), key="desk_which")
    if st.button("See what would go", icon=":material/visibility:"):
        st.session_state["desk_plan"] = (folder, which, desk_jobs.forget(folder, WHICH[which]))
    for_folder, for_which, told = st.session_state.get("desk_plan", (None, "", {}))
    if (for_folder, for_which) == (folder, which):
        _decide(folder, which, told)


def _decide(folder: Path, which: str, told: Mapping[str, Any]) -> None:
    st.markdown(f"**{len(told['files'])} files would go** from `{told['folder']}`. This cannot be undone.")
    goes = pd.DataFrame(told["files"], columns=["file", "kind", "size"])
    show.table(goes.set_axis(["File", "What it is", "Bytes"], axis=1), "What would be deleted")
    show.table(pd.DataFrame(told["kept"], columns=["what", "why"]).set_axis(["Stays", "Why"], axis=1), "What would be kept")
    with st.form("desk_forget", border=True):
        by, role = st.text_input("Who decides, by name"), st.text_input("In which role, for example data controller")
        reason = st.text_input("Why, for example the end of retention")
        typed = st.text_input(f"Type the folder's name, {folder.name}, to confirm")
        pressed = st.form_submit_button(f"Delete {len(told['files'])} files", type="primary")
    if pressed and typed.strip() != folder.name:
        st.error(f"Nothing was deleted: type {folder.name} to confirm.", icon=":material/error:")
    elif pressed:
        words = ["--yes", "--by", by, "--role", role, "--reason", reason, *WHICH[which]]
        st.session_state["desk_deleted"] = desk_jobs.forget(folder, words)
        st.session_state.pop("desk_plan", None)
        st.rerun()


def deleted() -> None:
    """What the last deletion of this tab came to."""
    made = st.session_state.get("desk_deleted")
    if made is None:
        return
    gone = sum(entry["state"] == "deleted" for entry in made["files"])
    said = f"{gone} of {len(made['files'])} files of {made['folder']} were deleted. {made['says'][0]}"
    (st.success if gone == len(made["files"]) else st.warning)(said, icon=":material/delete:")
    path = certificates_home() / str(made["certificate"])
    if (text := path.with_suffix(".md")).is_file():
        st.download_button(
            "Download the certificate", text.read_bytes(), text.name, icon=":material/download:", on_click="ignore"
        )


def past() -> None:
    """Every certificate of the workspace."""
    rows = [
        (c["certificate"], c.get("folder", ""), c.get("by", ""), c.get("role", ""), str(c.get("started", ""))[:10], c["status"])
        for c in certificates()
    ]
    if rows:
        st.markdown("**Certificates of deletion**")
        columns = ["Certificate", "Folder", "Decided by", "Role", "Day", "Status"]
        show.table(pd.DataFrame(rows, columns=columns), "Certificates", [f"They lie in {certificates_home()}."])
