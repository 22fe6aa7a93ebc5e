"""What does the data controller need to know, and to decide?"""

import streamlit as st

from app import desk_jobs, desk_protection, desk_view, show
from rcs_core.controller import FILE
from rcs_core.controller.retention import OVER
from rcs_core.controller.statement import NONE_TOLD, NOT_FILLED

show.question(
    "What does the data controller need to know, and to decide?",
    "Which data are here, on what basis, who may do what with them, how long they stay, and how they go.",
    answered=True,
)
desk_protection.deleted()
folder = desk_view.choose_folder()
if folder is None:
    desk_protection.past()
    show.nothing("No folder is chosen", "Choose one above.")
found = desk_jobs.checked(folder)
if found is None:
    st.markdown(
        ":material/arrow_forward: **Next:** check this folder on *Prepare data*; the sheet is made from what the check found."
    )
    st.page_link(desk_view.pages()[0], label="Prepare data", icon=":material/arrow_back:")
else:
    sheet = desk_protection.sections(found.report, folder)
    basis, ages = desk_protection.frame(sheet["Lawful basis"]), desk_protection.frame(sheet["Retention"])
    blank, over = int((basis["Answer"] == NOT_FILLED).sum()), int((ages["Verdict"] == OVER).sum())
    asked = int((basis["Answer"] != NONE_TOLD).sum())
    told = f"{asked - blank} of {asked} answers on data protection are filled in"
    aged = f"{over} of {len(ages)} working files are past their retention"
    if (ages["Keep until"] == NOT_FILLED).all():
        aged = "no retention is stated"
    changed = "" if found.current else "; its files have changed since"
    show.headline(f"{told}; {aged}.", f"Folder {folder.name}, checked {desk_view.when(found.at)}{changed}")
    if blank:
        st.markdown(f":material/arrow_forward: **Next:** put {FILE} into the folder; `rcs template` writes an empty one.")
    elif over:
        st.markdown(":material/arrow_forward: **Next:** delete the files that are past their retention, below.")
    st.subheader("The data-flow sheet for the impact assessment", anchor=False)
    desk_protection.take_away(sheet, f"Data flow of {folder.name}")
    for name in ("Lawful basis", "Inputs", "Personal fields", "Steps", "What leaves", "Roles", "Retention"):
        with st.expander(sheet[name].title, expanded=name in ("Lawful basis", "Roles")):
            desk_protection.draw(sheet[name])
st.subheader("Delete the working files", anchor=False)
st.markdown("A list first; then a typed confirmation; then a certificate. Releases stay.")
desk_protection.plan(folder)
desk_protection.past()
