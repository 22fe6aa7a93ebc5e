"""*Session*, what people take home: the pack is made when the session is closed, can be made again, and is taken away here."""

import streamlit as st

from app import leaving, show, typed_words
from app.meeting import Here
from app.typed_words import typed
from rcs_core.errors import RcsError, UnreadableError
from rcs_core.release import Release
from rcs_core.workshop.meeting import By, Meeting, pack
from rcs_core.workshop.meeting.agenda import about, running

SUBJECT = "session pack"
_FAILED = "meeting_pack_failed"
WHAT = (
    "One file with the record of the session, its tables, the note and the workbook of each scenario that a decision cites, the "
    "statement of resources, and every event. The folder *partners_only* holds prices of bought services."
)


def at_close(meeting: Meeting, release: Release, by: By) -> None:
    """Make the pack of a session that was closed just now; what goes wrong is kept and said, and nothing else stops by it."""
    st.session_state.pop(_FAILED, None)
    try:
        with st.spinner("Making the pack of the session"):
            pack.export(meeting, release, by=by)
    except RcsError as error:
        st.session_state[_FAILED] = error


def facilitator(here: Here, release: Release) -> None:
    """What the session's pack is, how to have it, and how to make it again."""
    found = pack.exported(here.meeting.events())
    st.subheader("Take the session away", anchor=False)
    if failed := st.session_state.get(_FAILED):
        typed_words.error(failed)
    if found:
        _made(here.meeting, found[-1], release)
    elif here.meeting.made(running).state.over:
        show.line("There is no pack yet.")
    else:
        show.line("The pack is made when the session is closed. You can have one of what happened so far.")
    label = "Make the pack again" if found else "Make the pack"
    if st.button(label, key="meeting_pack_make", icon=":material/inventory_2:"):
        at_close(here.meeting, release, here.by)
        st.rerun()
    show.note(WHAT)


def _made(meeting: Meeting, last: pack.Exported, release: Release) -> None:
    """The last pack, as it was made: when, what is not in it, and the file."""
    show.line(f"The pack was made on {last.at[:10]} at {last.at[11:16]} (UTC) and lies in the folder *packs* of the workspace.")
    for what, why in last.missing:
        st.warning(f"Not in it: {typed(what)}, because {typed(why)}", icon=":material/rule:")
    if not last.path.is_file():
        st.warning("The file is no longer there. Make it again.", icon=":material/rule:")
        return
    stamp = leaving.stamp(release)
    subject = f"{SUBJECT} {meeting.made(about).title}"
    leaving.button("Download the pack (zip)", subject, "zip", lambda: _read(last), stamp, "meeting_pack_zip", primary=True)


def _read(last: pack.Exported) -> bytes:
    """The pack as it lies in the folder, if nobody has changed it since."""
    content = last.path.read_bytes()
    if pack.sha256(content) != last.sha256:
        raise UnreadableError("the pack was changed since it was made", last.file, "", "the pack as it was made", "make it again")
    return content
