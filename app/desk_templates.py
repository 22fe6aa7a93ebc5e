"""The empty files that a partnership fills in, offered where its files are looked for: one at a time, or all in one zip."""

import tempfile
import zipfile
from functools import partial
from io import BytesIO
from pathlib import Path

import streamlit as st

from app import show
from rcs_core.contracts.model import contracts
from rcs_core.contracts.template import offered, write_templates

ALL = "rcs-empty-files.zip"
TOLD = (
    "A workbook for each table with its headings, lists and what may stand in a cell; a commented file where there is no table. "
    "A ledger is sent as the finance system writes it, and outlines of clusters as the map service writes them: neither has an "
    "empty file. A scenario has none either: the workbook of today's spend, from *Try a shift*, is the one to fill in."
)


def offer() -> None:
    """Each empty file under the name that it is read by, and all of them together."""
    with st.expander("Empty files to fill in", icon=":material/note_add:"):
        show.line(TOLD)
        titles = {stem: contracts()[stem].title for stem in offered()}
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        stem = left.selectbox("Which file", list(titles), format_func=lambda s: f"{titles[s]} ({s})", key="desk_template")
        name = _name(stem)
        right.download_button(
            "Download it",
            partial(one, stem),
            name,
            icon=":material/download:",
            on_click="ignore",
            width="stretch",
            key="template-one",
        )
        st.download_button(
            f"Download all {len(titles)} in one zip",
            every,
            ALL,
            icon=":material/folder_zip:",
            on_click="ignore",
            key="template-all",
        )


def _name(stem: str) -> str:
    return f"{stem}.{'yaml' if contracts()[stem].form == 'yaml' else 'xlsx'}"


def one(stem: str) -> bytes:
    """The empty file of one table."""
    with tempfile.TemporaryDirectory() as scratch:
        (path,) = write_templates(Path(scratch), [stem])
        return path.read_bytes()


def every() -> bytes:
    """Every empty file in one zip, each under the name that it is read by."""
    whole = BytesIO()
    with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in write_templates(Path(scratch)):
            packed.write(path, path.name)
    return whole.getvalue()
