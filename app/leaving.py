"""The one door by which a file leaves the workbench: its button, its name, its kind, and the gate it passes.

Nothing else of the workbench draws a download, so that every file is named alike and is looked at in the same way before it goes.
"""

from collections.abc import Callable
from functools import partial
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import clock, problem, refused, signed
from rcs_core import gate
from rcs_core.access import Person, Right
from rcs_core.release import Release
from rcs_core.stamp import Stamp
from rcs_core.workshop.store import EventKind

type Kind = Literal["csv", "zip", "xlsx", "docx", "pdf", "json", "png", "svg"]
type Content = bytes | str | gate.Made
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
_RELEASE = "leaving_release"


def stamp(release: Release, author: str = "", prices_hidden: bool = False) -> Stamp:
    """What a file that leaves now says of itself."""
    return Stamp.of(release, clock.today(), author, prices_hidden)


def serve(release: Release) -> None:
    """From here on, files that leave are looked at as of this release."""
    st.session_state[_RELEASE] = release


def served() -> Release | None:
    """The release whose figures leave from this page; None on the desk."""
    found: Release | None = st.session_state.get(_RELEASE)
    return found


def button(
    label: str, subject: str, kind: Kind, make: Callable[[], Content], of: Stamp | None, key: str,
    place: DeltaGenerator | None = None, primary: bool = False, wide: bool = False,
) -> None:  # fmt: skip
    """A download, made when it is pressed. subject: what it is about, in its name; of: whose it is (None: the desk's).

    make: a picture or a pdf comes as `gate.Made`, with the rows or the document that it is of, as the gate cannot read dots.
    place: where the button stands, below what was drawn last unless told. What may not leave does not, and the page says why.
    There is no button for who may take nothing away.
    """
    if not (who := signed.person()).may(Right.TAKE_AWAY):
        return
    name = of.file_name(subject, kind) if of else Stamp("", "", "", "", clock.today()).file_name(subject, kind)
    through = partial(_through, make, kind, subject, served() if of else None, bool(of and of.prices_hidden), who)
    where = place or st
    where.download_button(
        label, refused.watched(through, key), name, MIME[kind], type="primary" if primary else "secondary", icon=ICONS[kind],
        on_click="ignore", width="stretch" if wide else "content", key=key,
    )  # fmt: skip
    if found := refused.of(key):
        problem.draw(found, where)


def _through(
    make: Callable[[], Content], kind: Kind, subject: str, release: Release | None, prices_hidden: bool, who: Person
) -> bytes:  # fmt: skip
    """The file, as far as the gate lets it; who took which file is kept before it goes."""
    who.need(Right.TAKE_AWAY, "take a file away")
    content = gate.let_out(make(), kind, subject, release, prices_hidden)
    signed.keep(EventKind.TAKEN_AWAY, who, {"file": subject, "kind": kind}, release.id if release else "")
    return content
