"""What do we spend, on what, and how much of it prevents?"""

import streamlit as st

from app import challenge, charts_money, comparators, controls, need_money, session, show
from rcs_core.workshop import spend_map
from rcs_core.workshop.services import services
from rcs_core.workshop.spend_map import Choice

ALL_PAYERS, ALL_SERVICES = "All payers", "All services"
ALL_LEVELS, SIDED = "All spend", "Prevention and response only"

release = session.release()
show.question(
    "What do we spend, on what, and how much of it prevents?",
    "Each agency's ledger, mapped to services, prevention levels and payers. What is not mapped stays in sight.",
)
if not spend_map.has_money(release):
    show.nothing(
        "This release holds no services and ledgers.", "Add the register and the ledgers to the input folder and build it again."
    )

payers, kinds = {ALL_PAYERS: "", **spend_map.payers(release)}, {ALL_SERVICES: "", **spend_map.relations(release)}
left, middle, right = st.columns(3)
with left:
    payer = controls.one_of("Who pays", list(payers), "money_payer", str)
with middle:
    part = controls.one_of("Which spend", [ALL_LEVELS, SIDED], "money_part", str)
with right:
    kind = controls.one_of("Which services", list(kinds), "money_kind", str) if len(kinds) > 1 else ALL_SERVICES
choice = Choice(payers[payer], kinds[kind], sided=part == SIDED)
narrowed = "".join(f", {c}" for c in (payer, part, kind) if c not in (ALL_PAYERS, ALL_LEVELS, ALL_SERVICES))

total = session.once(release, spend_map.total, choice)
prevention = session.once(release, spend_map.prevention, choice)
agencies = session.once(release, spend_map.by_agency, choice)
register = session.once(release, services, choice)
accounts = session.once(release, spend_map.reconciliation)
outside = session.once(release, spend_map.left_out_headline)

show.headline(total.sentence, total.basis)

st.header("How much of it prevents?", anchor=False)
show.headline(prevention.view.headline.sentence, prevention.view.headline.basis)
show.chart(
    charts_money.certainty(prevention.view.points),
    charts_money.wrapped(prevention.view.points),
    prevention.view.words,
    prevention.view.numbers,
    f"Spend by prevention level{narrowed}",
)

if not choice.payer:
    st.header("Who pays?", anchor=False)
    show.headline(agencies.headline.sentence, agencies.headline.basis)
    show.chart(
        charts_money.levels(agencies.points),
        charts_money.wrapped(agencies.points),
        agencies.words,
        agencies.numbers,
        f"Spend by payer{narrowed}",
    )

st.header("On which services?", anchor=False)
show.headline(register.headline.sentence, register.headline.basis)
show.chart(
    charts_money.levels(register.points),
    charts_money.wrapped(register.points),
    register.words,
    register.numbers,
    f"Spend by service{narrowed}",
)

st.header("What is not in these figures?", anchor=False)
show.headline(outside.sentence, outside.basis)
show.table(spend_map.left_out(release), "Money not in the figures")

st.header("Does it add up?", anchor=False)
show.headline(accounts.headline.sentence, accounts.headline.basis)
show.table(accounts.numbers, "Ledgers against control totals", accounts.lines)

show.caveats(spend_map.caveats(release, choice, prevention), "What this page does not show")

comparators.section(release)
need_money.section(release)
challenge.section(release)
