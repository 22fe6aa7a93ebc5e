"""Is every pound of the ledgers accounted for?"""

from pathlib import Path

import streamlit as st

from app import desk_jobs, desk_ledger_columns, desk_ledger_errands, desk_ledgers, desk_rules, desk_view, show

WHERE, COLUMNS, RULES, OFFERS = "Where the money goes", "How it is read", "Rules", "Suggestions"


def last_year(folder: Path) -> Path | None:
    """Last year's input folder, whose descriptions may help; none by default."""
    others = {str(f): f for f in desk_jobs.input_folders(desk_jobs.root()) if f != folder}
    if not others:
        return None
    name = st.selectbox("Last year's folder, to compare descriptions with", ["none", *others], key="ledgers_earlier")
    return others.get(name)


show.question(
    "Is every pound of the ledgers accounted for?",
    "Each agency's ledger, from its columns to its control total: mapped to services, left out with a reason, or not mapped.",
    answered=True,
)
folder = desk_view.choose_folder()
if folder is None:
    show.nothing("No folder is chosen", "Choose one above. `rcs demo FOLDER` writes one of a fictional partnership.")
everything = desk_ledger_errands.overview(folder)
if not everything["ledgers"]:
    show.nothing(
        "There are no ledgers in this folder", "Put each agency's ledger in it: ledger_council.xlsx, ledger_nhs.csv, ..."
    )
desk_ledgers.headline(everything)
show.points(everything["errors"])

left, right = st.columns([2, 1], vertical_alignment="bottom")
names = {row["ledger"]: desk_view.called(row["ledger"]) for row in everything["ledgers"]}
ledger = left.selectbox("Ledger", list(names), format_func=names.__getitem__, key="ledgers_one", persist_state="session")
reveal = right.toggle(
    "Show descriptions here", key="ledgers_reveal", help="A description can tell of one child: on this screen only"
)
described = next(row["described"] for row in everything["ledgers"] if row["ledger"] == ledger)
steps = [WHERE, COLUMNS, RULES, OFFERS] if described else [COLUMNS]
step = steps[0]
if described:
    step = st.segmented_control("Step", steps, default=step, key="ledgers_step", required=True, label_visibility="collapsed")
earlier = last_year(folder) if step == OFFERS else None
found = desk_ledger_errands.look(folder, ledger, reveal, earlier)

st.subheader(f"{names[ledger]}: {step.lower()}", anchor=False)
if step == RULES:
    desk_rules.rules(folder, found)
elif step == OFFERS:
    desk_rules.suggestions(folder, found, reveal, earlier)
elif step == COLUMNS:
    desk_ledger_columns.columns(folder, found, reveal)
else:
    desk_ledgers.where(found, reveal)
