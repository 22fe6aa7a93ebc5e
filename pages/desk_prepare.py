"""Are the files fit to build from?"""

from pathlib import Path

import streamlit as st

from app import desk_corrections, desk_jobs, desk_panel, desk_templates, desk_view, show
from app.desk_jobs import Checked
from rcs_core.errors import RcsError
from rcs_core.vocab import Severity


@st.fragment(run_every=0.5)
def follow(folder: Path) -> None:
    """How far the check is, with a way to stop it; ends when the check does."""
    job = desk_jobs.check_of(folder)
    if job is None or not job.running:
        st.rerun()
    st.progress(min(1.0, job.done), text=f"{job.text} ({job.done:.0%})")
    if st.button("Stop the check", icon=":material/stop:"):
        job.stop()
        st.rerun()


def offer(folder: Path, found: Checked | None) -> None:
    """The button that checks, and what became of the check before when it came to nothing."""
    current = found is not None and found.current
    label = "Check these files" if found is None else "Check again"
    if st.button(label, type="secondary" if current else "primary", icon=":material/rule:"):
        desk_jobs.start_check(folder)
        st.rerun()
    job = desk_jobs.check_of(folder)
    if job is not None and job.stopped:
        st.info("The check was stopped. Nothing was changed.", icon=":material/info:")
    elif job is not None and job.failed:
        show.error(RcsError("the check came to no report", folder.name, remedy="mend what it says and check again"))
        st.code(desk_jobs.what_went_wrong(job), language=None, wrap_lines=True)


def breaches(folder: Path, found: Checked) -> None:
    """What to mend, what will be left out, and the receipts."""
    st.subheader("What to mend, and what will be left out", anchor=False)
    listed = desk_view.breaches(found.report)
    if listed.empty:
        st.markdown("Nothing: every file keeps to its contract.")
    else:
        show.table(desk_view.in_short(listed), "Breaches in short")
        if desk_view.counts(found.report)[Severity.ERROR.value] and st.button(
            "Write marked copies into the folder",
            icon=":material/edit_note:",
            help="A workbook beside each file, breaches in colour",
        ):
            desk_jobs.start_check(folder, annotate=True)
            st.rerun()
        with st.expander("Every breach, row by row"):
            masked = "[masked] stands for a value that could point to a person; the file and row say where it is."
            show.table(listed, "Breaches", [masked])
    with st.expander("Receipts: what happened to every row"):
        show.table(desk_view.receipts(found.report), "Receipts")


show.question(
    "Are the files fit to build from?",
    "Every file is checked against its contract, and every breach is shown at once.",
    answered=True,
)
folder = desk_view.choose_folder()
desk_templates.offer()
desk_corrections.draw()
if folder is None:
    show.nothing("No folder is chosen", "Choose one above. `rcs demo FOLDER` writes one of a fictional partnership.")
under_way = desk_jobs.check_of(folder)
if under_way is not None and under_way.running:
    follow(folder)
    st.stop()
found = desk_jobs.checked(folder)
offer(folder, found)
if found is None:
    show.nothing("These files are not checked yet", "Press *Check these files*. They stay where they are.")

changed = "" if found.current else " Files or rules have changed since: check again before you rely on this."
show.headline(desk_view.verdict(found.report), f"Folder {folder.name}, checked {desk_view.when(found.at)}.{changed}")
desk_panel.next_step(found)
st.subheader("What is there, what is missing, and how old it is", anchor=False)
panel = desk_panel.panel(found.report)
show.line(desk_panel.in_a_sentence(panel))
show.points(desk_panel.troubles(panel))
show.table(panel, "Inputs")
breaches(folder, found)
with st.expander("Files found, with their rows and breaches"):
    show.table(desk_view.files(found.report), "Files found")
