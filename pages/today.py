"""Where are we, and what is on the table?"""

from itertools import batched

import streamlit as st

from app import navigation, on_table, room, session, show, tour
from app.navigation import MONEY, NEEDS, REACH, SHIFT, Screen
from rcs_core.workshop import challenge, contents

release = session.release()
about, signed = release.manifest, session.sign_off(release)
signature = f" Signed off by {signed.by} ({signed.role}) on {signed.at[:10]}." if signed else ""
show.question(
    "Where are we, and what is on the table?",
    f"**{about.partnership}, {about.year}.** This workbench follows the money and the need: who needs help, who gets it, what is "
    "spent, and what would happen if some of it moved upstream, from crisis to prevention.",
)
tour.offer(release)
show.note(f"Release {release.id}, built {about.built_at[:10]}.{signature}")
found = session.once(release, contents.contents)
said: dict[Screen, list[str]] = {
    NEEDS: session.once(release, contents.need_sentences),
    REACH: session.once(release, contents.reach_sentences),
    MONEY: session.once(release, contents.money_sentences),
    SHIFT: ["Move money between services, year by year, within the promises each partner sets, and see what gives."],
}
without = {
    NEEDS: "This release holds no survey.",
    REACH: "This release cannot set need against service contact.",
    MONEY: "This release holds no services and ledgers.",
}

st.header("What we can answer", anchor=False)
for row in batched((s for s in navigation.present() if s in said), 2):
    for place, screen in zip(st.columns(2), row, strict=False):
        with place, st.container(border=True, height="stretch", key=f"card-{screen.address}"):
            st.subheader(screen.answers, anchor=False)
            for sentence in said[screen][:2] or [without[screen]]:
                show.line(sentence)
            navigation.link(screen)

on_table.draw(release)
left, right = st.columns(2)
with left:
    st.header("What is in this release", anchor=False)
    show.points(found.holds)
with right:
    st.header("What is missing", anchor=False)
    show.points(found.missing or ["Nothing that this workbench knows to ask for."])

st.header("Next step", anchor=False)
if found.missing:
    show.line("Agree who can bring what is missing, and by when; the rest can be used today.")
start = NEEDS if said[NEEDS] else MONEY
if asked := session.once(release, challenge.line, session.today(), room.on()):
    show.line(f"{asked} They stand in *{MONEY.title}*, under *Challenge*.")
show.line(f"Begin with *{start.title}*: agree what surprises the group before anyone talks about money.")
