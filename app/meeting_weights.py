"""Weights from a 100-point vote on the three screens: taken by the facilitator; the plan under them beside the plan as now."""

from functools import partial

import pandas as pd
import streamlit as st

from app import background, meeting_said, meeting_table, session, show
from app.meeting import Here
from rcs_core.release import Release
from rcs_core.workshop.couple import names_of
from rcs_core.workshop.explore.draws_run import Stopped
from rcs_core.workshop.explore.weights import Sensitivity
from rcs_core.workshop.meeting import ballot_results, weights
from rcs_core.workshop.meeting.ballot_parts import Kind
from rcs_core.workshop.meeting.ballot_results import Results
from rcs_core.workshop.meeting.weights import Taken
from rcs_core.workshop.scenario.wording import said as named
from rcs_core.workshop.shift import Shift, discussed
from rcs_core.workshop.why import weights as why

DISCUSSED = (
    "The scenario on the table is only discussed: nothing is optimised in it, so no weights decide it. Put one on the table "
    "that goes as deep as *Estimate*."
)


def facilitator(here: Here, release: Release) -> None:
    """The last closed 100-point vote taken as weights, and what they do to the plan; nothing where there was no such vote."""
    vote, found = _vote(here), here.meeting.made(weights.taken)
    if vote is None and found is None:
        return
    st.subheader("What counts, as the room voted", anchor=False)
    meeting_said.watch(partial(_state, here), _state(here))
    meeting_said.told("weights")
    if vote is not None and (found is None or found.ballot != vote.ballot.id):
        show.line("The last 100-point vote can weigh the outcomes of the scenario on the table.")
        if st.button("Take these weights", key=f"weights_take_{vote.ballot.id}", type="primary"):
            ids = [d.id for d in meeting_table.solved(here, release).scenario.acute]
            act = partial(weights.take, here.meeting, vote.ballot.id, ids, here.by)
            meeting_said.send(act, "weights", told="Taken. The vote stays as it was.")
    if found is not None:
        _taken(here, release, found, start=True)
        if st.button("Take these weights back", key=f"weights_back_{found.event}", type="tertiary", icon=":material/undo:"):
            meeting_said.send(partial(here.meeting.take_back, found.event, here.by), "weights", told="Taken back.")


def participant(here: Here, release: Release) -> None:
    """What the room's weights are and do, once they are taken."""
    screen(here, release)


def screen(here: Here, release: Release) -> None:
    """The room's weights, and the plan under them beside the plan as it is now; nothing before they are taken."""
    meeting_said.watch(partial(_state, here), _state(here))
    if (found := here.meeting.made(weights.taken)) is not None:
        st.header("What counts, as the room voted", anchor=False)
        _taken(here, release, found, start=False)


def _vote(here: Here) -> Results | None:
    """The last 100-point vote that is closed."""
    found = [r for r in ballot_results.closed(here.meeting) if r.ballot.kind is Kind.POINTS and r.votes]
    return found[-1] if found else None


def _state(here: Here) -> tuple[object, ...]:
    vote, found = _vote(here), here.meeting.made(weights.taken)
    return vote.ballot.id if vote else "", found.event if found else 0, meeting_table.state(here)


def _taken(here: Here, release: Release, found: Taken, start: bool) -> None:
    told = weights.how_made(found, session.once(release, names_of))
    show.headline(told.text, told.under)
    shift = meeting_table.solved(here, release)
    if discussed(shift) or not shift.possible:
        show.note(DISCUSSED if discussed(shift) else "The promises on the table cannot all hold, so there is no plan to weigh.")
    else:
        _tried(release, shift, found, start)
    with st.expander("Points by agency"):
        show.table(table(found, shift), "Weights of the room and of each agency", [_COLUMNS])


_COLUMNS = "Each column adds up to 100. Agencies stand here only where the vote tells them apart."


def table(found: Taken, shift: Shift) -> pd.DataFrame:
    """Points by responsive service: of the room, its mean, and of each agency that the vote tells apart."""
    columns = {"The room": found.worth, "Its mean": found.mean} | {weights.called(g): w for g, w in found.groups.items()}
    services = sorted(found.worth, key=lambda s: -found.worth[s])
    rows = {"Responsive service": [named(s, shift.names) for s in services]}
    return pd.DataFrame(rows | {c: [round(w.get(s, 0.0), 1) for s in services] for c, w in columns.items()})


def _tried(release: Release, shift: Shift, found: Taken, start: bool) -> None:
    """The plan under each set of weights, worked out once for every seat; the facilitator's page has it done."""
    key = f"weights {found.event} {release.manifest.content_hash} {shift.levers!r}"
    answer: Sensitivity | None = background.answer(key)
    if answer is None:
        if not start:
            show.note("The plan under these weights is being worked out.")
            meeting_said.watch(partial(_done, key), False)
            return
        if background.under_way(key) is None:
            background.start(key, lambda tell, stop: _work(shift, found, tell, stop))
        background.watch(key, "The plan under these weights")
        if background.answer(key) is not None:
            st.rerun()
        return
    head = weights.beside(shift, answer)
    show.headline(head.text, head.under)
    show.points([weights.in_both(shift, answer).text, *(one.text for one in weights.turned(shift, answer))])
    if not (moves := why.table(shift, answer)).empty:
        with st.expander("Every move under each set of weights"):
            show.table(moves, f"Moves by weights, {shift.last}")


def _done(key: str) -> bool:
    return background.answer(key) is not None


def _work(shift: Shift, found: Taken, tell: background.Told, stop: background.Stop) -> Sensitivity:
    if stop():
        raise Stopped
    answer = weights.tried(shift.scenario, found)
    tell(1.0)
    return answer
