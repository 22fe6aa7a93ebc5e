"""The door behind a number: how it was worked out in one click, and the rows of the release it rests on in two.

A door is one small button: shut, it reads no document and looks up no row, and costs a page a fifth of a millisecond (a fragment
for each door cost two); what is pressed inside an open one draws the dialog anew and leaves the page alone.
"""

from collections.abc import Callable
from typing import Any
from zlib import crc32

import streamlit as st

from app import room
from rcs_core.release import Release
from rcs_core.workshop import method as worked
from rcs_core.workshop.method import Method

type DrawTable = Callable[..., None]
"""How a table is drawn, with its csv: given its rows, its name and its notes."""

LABEL, ROWS, TELLS = "How this was worked out", "The rows behind it", "The method in full"
ICON = ":material/function:"
NO_ROWS = "This figure rests on what was chosen on the page and on no single table; the method says how."


def offer(method: Method, place: str, release: Release | None, table: DrawTable) -> None:
    """A door to a method and to its rows in the release; `place` tells it from the other doors of the page."""
    opener(LABEL, f"door-{crc32(f'{place} {method}'.encode())}", _tell, method, release, table)


def opener(label: str, key: str, tell: Callable[..., None], *about: Any, icon: str = ICON) -> None:
    """A small button that opens a dialog, which is drawn only then."""
    if st.button(label, key=key, type="tertiary", icon=icon):
        st.dialog(label, width="large")(tell)(*about)


def _tell(method: Method, release: Release | None, table: DrawTable) -> None:
    """The sum in words, behind one more click the rows, and the section of the method page."""
    st.markdown(f"**In words.** {method.formula}")
    with st.expander(ROWS, icon=":material/table_rows:", key=f"rows-{crc32(str(method).encode())}", on_change="rerun") as rows:
        if rows.open:
            _rows(method, release, table)
    st.markdown(f"**{TELLS}**" + (f": *{method.section}*" if method.section else ""))
    st.markdown(worked.section(method.doc, method.section))
    st.caption(f"From `{method.doc}` of this program, as it stands in the version that serves this page.")


def _rows(method: Method, release: Release | None, table: DrawTable) -> None:
    found = [worked.rows(release, wanted, room.on()) for wanted in method.rows] if release else []
    tables = [one for one in found if one is not None]
    if release is None or not tables:
        st.markdown(NO_ROWS)
        return
    for k, one in enumerate(tables):
        many = len(one.frame)
        st.markdown(f"**{one.title}**: table `{one.name}`, {many:,} row{'' if many == 1 else 's'} of release {release.id}")
        table(one.frame, f"rows {k + 1} of {one.name}", one.notes)
