"""Which services are there, who said so, and what has been changed?"""

from pathlib import Path
from typing import Any

import streamlit as st

from app import desk_register as register
from app import desk_register_editor as grid
from app import desk_view, show
from rcs_core.errors import RcsError
from rcs_core.vocab import Agency

NAME, WHY = "register_by", "register_why"


def signed() -> list[str]:
    """Who makes the change and why, as the words of a command."""
    if not (by := st.session_state.get(NAME, "").strip()):
        raise RcsError("a change needs a name", remedy="write your name or role above")
    return ["--by", by, "--why", st.session_state.get(WHY, "")]


def done(said: str) -> None:
    """Say what was written, once the page is drawn anew."""
    for key in ("register_seen", "register_sent"):
        st.session_state.pop(key, None)
    st.session_state["register_done"] = said
    st.rerun()


def edit(folder: Path, found: dict[str, Any]) -> None:
    """One file to edit; what would change is seen before it is written."""
    files = {f["file"]: f for f in found["files"] if not f["problem"]}
    if not files:
        show.line("There is no file of the register that can be edited. Upload one, or start from the empty workbook.")
        return
    name = st.selectbox("File", list(files), format_func=lambda n: f"{n}: {grid.agency_name(files[n]['agency'])}")
    rows = grid.editor(files[name])
    if st.button("See what would change", icon=":material/visibility:"):
        st.session_state["register_seen"] = (rows, register.propose(folder, files[name], rows, "--preview")["proposal"])
    of_rows, proposal = st.session_state.get("register_seen", (None, {}))
    if of_rows == rows and register.verdict(proposal) and st.button("Write it into the file", type="primary"):
        entry = register.made(register.propose(folder, files[name], rows, *signed()))
        done(f"{name} is changed (no. {entry['number']} of the history). The earlier version is kept.")


def submit(folder: Path, found: dict[str, Any]) -> None:
    """The empty workbook, and a filled one with what it would change."""
    empty = register.template()
    st.download_button("Download the empty workbook", empty, "services.xlsx", icon=":material/download:", on_click="ignore")
    agency = st.selectbox("Who sent it", ["", *(a.value for a in Agency)], format_func=grid.agency_name)
    sent = st.file_uploader("A filled workbook or csv", type=["xlsx", "csv"])
    stay = st.checkbox("Services that it does not have stay in the file", value=True)
    if sent is None:
        return
    file, data = register.file_of(found, agency, sent.name), sent.getvalue()
    words = ["--keep-others"] if stay else []
    if st.button(f"See what it would change in {file}", icon=":material/visibility:"):
        told = register.upload(folder, file, data, "--preview", *words)["proposal"]
        st.session_state["register_sent"] = ((file, data, stay), told)
    of_sent, proposal = st.session_state.get("register_sent", (None, {}))
    if of_sent == (file, data, stay) and register.verdict(proposal) and st.button(f"Write it into {file}", type="primary"):
        entry = register.made(register.upload(folder, file, data, *words, *signed()))
        done(f"{file} is written (no. {entry['number']} of the history).")


def pairs(folder: Path, found: dict[str, Any]) -> None:
    """Two ids that may be one service, with the reason; nothing is joined without a decision."""
    if not found["likely"]:
        show.line("No two services look like one, or all that do are decided.")
        return
    pair = st.selectbox(
        "Pair", found["likely"], format_func=lambda p: f"{p['one']} {p['names'][0]} / {p['other']} {p['names'][1]}"
    )
    show.line(f"Offered because they have {' and '.join(pair['reasons'])}.")
    show.table(register.side_by_side(found, pair), f"{pair['one']} and {pair['other']}")
    one, other = pair["one"], pair["other"]
    choices = {f"One service: keep {one}": ("--same", other, one), f"One service: keep {other}": ("--same", one, other)}
    choices["Two services"] = ("--different", one, other)
    for column, (label, words) in zip(st.columns(3), choices.items(), strict=True):
        if column.button(label, width="stretch"):
            register.made(register.rcs(folder, *words, *signed()))
            done(f"Decided of {one} and {other}. {label}.")


def history(folder: Path, found: dict[str, Any]) -> None:
    """What was changed, and a way back for the last change of each file."""
    for file, number in sorted(found["undo"].items()):
        if st.button(f"Undo no. {number}, the last change of {file}", icon=":material/undo:"):
            register.made(register.rcs(folder, "--undo", file, *signed()))
            done(f"{file} is as it was before no. {number}.")
    register.history(found)


show.question("Which services are there, and who said so?", "As each agency sent them. The files stay the source.", answered=True)
folder = desk_view.choose_folder()
if folder is None:
    show.nothing("No folder is chosen", "Choose one above.")
found = register.state(folder)
rule = f" Where two files differ: {found['whose']}." if len(found["files"]) > 1 else ""
show.headline(register.sentence(found), f"Folder {folder.name}.{rule}")
if said := st.session_state.pop("register_done", ""):
    st.success(said, icon=":material/check:")
left, right = st.columns([1, 2])
left.text_input("Your name or role, for the history", key=NAME, persist_state="session")
right.text_input("Why, in a few words", key=WHY, persist_state="session")
first, second, third, fourth, fifth = st.tabs(
    ["Edit", "Submissions", f"One or two? ({len(found['likely'])})", f"What the check says ({len(found['findings'])})", "History"]
)
for tab, draw in ((first, edit), (second, submit), (third, pairs), (fifth, history)):
    with tab:
        try:
            draw(folder, found)
        except RcsError as error:
            show.error(error)
with fourth:
    register.checked(found)
