"""How the room rates itself at the end: five items without names on the phone or on paper; spreads, never a mean."""

from functools import partial

import streamlit as st

from app import charts, meeting_said, show, store_away
from app.charts import wrapped
from app.meeting import Here
from app.typed_words import typed
from rcs_core.release import Release
from rcs_core.workshop.meeting import ratings
from rcs_core.workshop.meeting.ratings import Rated

PAPER = "Sheets of paper: on each line the five numbers in order, such as 3 4 2 5 4, a dash for no answer"
NO_TREND = "Other people may have been in the room, so this shows what each room said, and no trend."


def participant(here: Here, _release: Release) -> None:
    """Five items on one scale; what was given stays on this screen until the room's is closed."""
    meeting_said.watch(partial(_closed, here), _closed(here))
    meeting_said.told("rating")
    if _closed(here):
        st.markdown("The answers are closed. Thank you.")
        return
    asked, private = ratings.form(), meeting_said.private()
    if not private:
        return
    steps = {word: k for k, word in enumerate(asked.words, start=1)}
    with st.form("rating_form"):
        st.markdown("**How did we work today?** No name is kept with your answers; leave out what you cannot say.")
        chosen = {
            item.id: st.radio(item.says, list(steps), index=None, key=f"rating_{item.id}", horizontal=True)
            for item in asked.items
        }
        sent = st.form_submit_button("Give my answers", type="primary")
    if sent:
        answers = {item: steps[str(word)] for item, word in chosen.items() if word in steps}
        told = "Kept, without your name. You can change them until they are closed."
        meeting_said.send(partial(ratings.rate, here.meeting, answers, private), "rating", told=told)


def _closed(here: Here) -> bool:
    return here.meeting.made(ratings.rated).closed


def facilitator(here: Here, _release: Release) -> None:
    """How many answered, paper, closing; then the spread, beside those of earlier sessions."""
    st.subheader("How did we work today?", anchor=False)
    meeting_said.told("rating")
    found = here.meeting.made(ratings.rated)
    meeting_said.watch(partial(_closed, here), found.closed)
    if found.closed:
        _spread(found, "How the room rates itself")
        _earlier(here)
        return
    _count(here)
    with st.popover("Type in paper", icon=":material/edit_note:"):
        for k, item in enumerate(ratings.form().items, start=1):
            st.caption(f"{k}. {item.title}")
        text = meeting_said.words(PAPER, "rating_paper")
        if st.button("Keep these sheets", key="rating_paper_keep"):
            act = partial(ratings.from_paper, here.meeting, text, here.by)
            meeting_said.send(act, "rating", "rating_paper")
    if st.button("Close the answers and show the spread", key="rating_close", type="primary"):
        meeting_said.send(partial(ratings.close, here.meeting, here.by), "rating", told="Closed. No more answers are taken.")


@st.fragment(run_every=meeting_said.EVERY)
@store_away.told
def _count(here: Here) -> None:
    """How many answered, and nothing else."""
    found = here.meeting.made(ratings.rated)
    show.line(f"**{found.count} answered.** The spread is seen once the answers are closed.")


def _spread(found: Rated, name: str) -> None:
    """How many chose each step of each item; only how many answered where they are few."""
    show.line(f"**{found.count} answered.**")
    few = [item.title for item in ratings.form().items if item.id not in found.steps]
    if found.steps:
        points = found.points()
        rows = points.assign(
            order=points["label"].map({label: k for k, label in enumerate(points["label"].unique())}),
            part=points["word"], place=points["step"], value=points["people"],
            text=[str(n) if n else "" for n in points["people"]],
        )  # fmt: skip
        spec = charts.bars(ratings.form().words, "People")
        for layer in spec["layer"]:
            layer["encoding"]["x"]["axis"]["tickMinStep"] = 1
        show.chart(spec, charts.inside(wrapped(rows)), found.words, found.frame(), name)
    if few and found.count:
        show.note(f"Fewer than {ratings.form().fewest} answered, so no spread is told: {', '.join(few)}.")


def _earlier(here: Here) -> None:
    """What earlier rooms of the partnership said of themselves."""
    found = ratings.earlier(here.meeting.store, here.meeting.id)
    if found:
        with st.expander(f"What {len(found)} earlier session{'s' if len(found) > 1 else ''} said"):
            show.note(NO_TREND)
            for one in found:
                st.markdown(f"**{typed(one.listed.about.title)}**, {one.listed.about.day}: {one.rated.count} answered")
                show.table(one.rated.frame(), f"Ratings of the session of {one.listed.about.day}, {one.listed.id}")


def screen(here: Here, _release: Release) -> None:
    """How many answered; once closed, the spread."""
    found = here.meeting.made(ratings.rated)
    st.header("How did we work today?", anchor=False)
    meeting_said.watch(partial(_closed, here), found.closed)
    if found.closed:
        _spread(found, "How the room rates itself")
    else:
        _count(here)
