"""What do we spend, on what, and how much of it prevents?"""

import streamlit as st

from app import controls, money, room, session, show, take_books
from rcs_core.workshop import behind, spend_map

release = session.release()
show.question(
    "What do we spend, on what, and how much of it prevents?",
    "Each agency's ledger, mapped to services, prevention levels and payers, answers the six official questions. What is not "
    "mapped stays in sight.",
)
if not spend_map.has_money(release):
    show.nothing(
        "This release holds no services and ledgers.", "Add the register and the ledgers to the input folder and build it again."
    )

on_screen = room.on()
question = controls.view(money.questions(release), "money_question", lambda q: q.name)
choice, narrowed = money.chosen(release, question, on_screen)
if question.heading:
    with st.container(key="beside-choice" if question.of_choice else None):
        st.header(question.heading, anchor=False)
question.draw(money.Asked(release, choice, narrowed, on_screen, session.today()))

st.header("What is not in these figures?", anchor=False)
outside = session.once(release, spend_map.left_out_headline)
show.headline(outside.sentence, outside.basis, behind.money("money_total", release))
show.folded(
    "Money not in the figures",
    "Each ledger's money that was left out, and that no service was found for.",
    session.once(release, spend_map.left_out),
    "Money not in the figures",
)
take_books.money(release, on_screen)
