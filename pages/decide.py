"""What do we agree to do, on what conditions, and who disagrees?"""

import streamlit as st

from app import decide_form, decide_list, decide_table, navigation, room, session, show, take_papers

release = session.release()
show.question(
    "What do we agree to do, on what conditions, and who disagrees?",
    "A kept scenario is brought to the table. For each move the room says go, explore or stop; what takes money from a service "
    "needs a safety sheet, or it stays a proposal.",
)
on_screen = room.on()
found = decide_table.chosen(release)
if found is not None:
    decide_table.shown(release, found, on_screen)
st.header("What do we decide?", anchor=False)
decide_form.section(release, found, on_screen)
decide_list.section(release, on_screen)
if found is not None:
    take_papers.note_of_kept(release, found.kept, found.rough, on_screen)
if navigation.PLAN in navigation.present():
    show.line("What is agreed to go ahead stands in the plan, with its money, owner and day:")
    navigation.link(navigation.PLAN)
show.caveats(
    [
        "Nothing here is decided by the tool: a body with the purse decides, and its minutes are the record in law.",
        "A change of spend is not an effect. What services may do for children, and how sure that is, stands in *Try a shift*.",
        "What is recorded is kept with names, is never erased, and may have to be disclosed under freedom of information.",
    ],
    "What to know before recording",
)
