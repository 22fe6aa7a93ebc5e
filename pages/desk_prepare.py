"""Are the files fit to build from?"""

import streamlit as st

from app import desk_jobs, desk_view, show
from rcs_core.vocab import Severity

show.question(
    "Are the files fit to build from?", "Every file is checked against its contract, and every breach is shown at once."
)
folder = desk_view.choose_folder()
if folder is None:
    show.nothing("No folder is chosen", "Choose one above. `rcs demo FOLDER` writes one of a fictional partnership.")

if st.button("Check these files", type="primary", icon=":material/rule:"):
    with st.spinner(f"Checking every file in {folder.name}"):
        st.session_state["desk_report"] = (folder, desk_jobs.check(folder))
checked, report = st.session_state.get("desk_report", (None, None))
if checked != folder or report is None:
    show.nothing("These files are not checked yet", "Press *Check these files*. They stay where they are.")

show.headline(desk_view.verdict(report), f"Folder {folder.name}")
st.subheader("What is there", anchor=False)
show.table(desk_view.files(report, folder), "Files found")
if lines := desk_view.missing(report, folder):
    show.caveats(lines, "What is not there, and what it blocks")
st.subheader("What to mend, and what will be left out", anchor=False)
breaches = desk_view.breaches(report)
if breaches.empty:
    st.markdown("Nothing: every file keeps to its contract.")
else:
    show.table(desk_view.in_short(breaches), "Breaches in short")
    with st.expander("Every breach, row by row"):
        masked = "[masked] stands for a value that could point to a person; the file and row say where it is."
        show.table(breaches, "Breaches", [masked])
with st.expander("Receipts: what happened to every row"):
    show.table(desk_view.receipts(report), "Receipts")
if not desk_view.counts(report)[Severity.ERROR.value]:
    st.page_link(desk_view.pages()[1], label="Next: check and release", icon=":material/arrow_forward:", icon_position="right")
