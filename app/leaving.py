"""The one door by which a file leaves the workbench: its button, its name, its kind.

Nothing else of the workbench draws a download, so that every file is named alike and passes the same gate.
"""

from collections.abc import Callable
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import clock
from rcs_core.release import Release
from rcs_core.stamp import Stamp

type Kind = Literal["csv", "zip", "xlsx", "docx", "pdf", "json", "png", "svg"]
type Content = bytes | str
_WORD = "application/vnd.openxmlformats-officedocument"
MIME: dict[Kind, str] = {
    "csv": "text/csv", "zip": "application/zip", "xlsx": f"{_WORD}.spreadsheetml.sheet", "pdf": "application/pdf",
    "docx": f"{_WORD}.wordprocessingml.document", "json": "application/json", "png": "image/png", "svg": "image/svg+xml",
}  # fmt: skip
ICONS: dict[Kind, str] = {
    "csv": ":material/download:", "zip": ":material/download:", "xlsx": ":material/table_view:",
    "pdf": ":material/picture_as_pdf:",
    "docx": ":material/description:", "json": ":material/data_object:", "png": ":material/image:", "svg": ":material/image:",
}  # fmt: skip


def stamp(release: Release, author: str = "", prices_hidden: bool = False) -> Stamp:
    """What a file that leaves now says of itself."""
    return Stamp.of(release, clock.today(), author, prices_hidden)


def button(
    label: str, subject: str, kind: Kind, make: Callable[[], Content], of: Stamp | None, key: str,
    place: DeltaGenerator | None = None, primary: bool = False, wide: bool = False,
) -> None:  # fmt: skip
    """A download, made when it is pressed. subject: what it is about, in its name; of: whose it is (None: the desk's).

    place: where the button stands, below what was drawn last unless told.
    """
    name = of.file_name(subject, kind) if of else Stamp("", "", "", "", clock.today()).file_name(subject, kind)
    (place or st).download_button(
        label, make, name, MIME[kind], type="primary" if primary else "secondary", icon=ICONS[kind], on_click="ignore",
        width="stretch" if wide else "content", key=key,
    )  # fmt: skip
