"""The coverage board of a session, who brings what is missing, and the register of interests."""

from datetime import date
from functools import partial

import streamlit as st

from app import meeting_deed, navigation, room, session, show
from app.meeting import Here
from app.typed_words import typed
from rcs_core.release import Release
from rcs_core.workshop import big_screen, challenge
from rcs_core.workshop.decide.lists import agencies
from rcs_core.workshop.meeting import By, inputs_promised, readiness
from rcs_core.workshop.meeting import interests as register
from rcs_core.workshop.meeting.life_rules import limit
from rcs_core.workshop.meeting.people import people

_TIMES = "board_times"
BASIS = (
    "Read from the release of this session. It says who runs and pays services, whose spend is in it and which services have a "
    "history; surveys and extracts stand with the agency that usually holds them, which is an assumption of this tool."
)


def _key(name: str) -> str:
    return f"board_{name}_{st.session_state.get(_TIMES, 0)}"


def coverage(here: Here, release: Release) -> None:
    """By agency and input: what is there, what is missing, and who brings it by when."""
    found = session.once(release, readiness.board)
    given, today = here.meeting.made(inputs_promised.promised), session.today()
    st.header("What has each agency brought?", anchor=False)
    show.headline(readiness.headline(found, given, today), BASIS)
    show.table(readiness.frame(found, given, today), "Coverage board")
    if asked := session.once(release, challenge.line, today, room.on()):
        show.line(f"{asked} They stand in *{navigation.MONEY.title}*, under *Challenge*.")
    lacking = [one for one in found if one.lacks]
    if lacking:
        with st.expander(f"What is missing, and who brings it ({len(lacking)})", icon=":material/assignment_late:"):
            show.table(readiness.missing(found, given, today), "Missing inputs", session.once(release, readiness.ledgers))
            _promise(here, lacking)


def _promise(here: Here, lacking: list[readiness.Found]) -> None:
    """Who brings one of them, and by when."""
    names = {(one.agency, one.input): f"{readiness.called(one.agency)}: {one.input.label}" for one in lacking}
    left, middle, right = st.columns([4, 3, 2], vertical_alignment="bottom")
    chosen = left.selectbox("What", list(names), format_func=names.__getitem__, key=_key("what")) or next(iter(names))
    owner = middle.text_input("Who brings it", max_chars=limit("title"), key=_key("owner"), placeholder="A person or a post")
    day: date | None = right.date_input("By", None, format="DD/MM/YYYY", key=_key("day"))
    if st.button("Keep it", key=_key("promise")):
        _kept(partial(inputs_promised.promise, here.meeting, chosen[0], chosen[1], owner, day, here.by))


def _kept(deed: partial[int]) -> None:
    if meeting_deed.run(deed):
        st.session_state[_TIMES] = st.session_state.get(_TIMES, 0) + 1
    st.rerun()


def interests(here: Here, release: Release) -> None:
    """Every interest that was declared, and the form for one that is said aloud."""
    found, known = here.meeting.made(register.interests), agencies()
    st.header("Who has an interest in what is decided?", anchor=False)
    names = services(release)
    show.points(
        typed(register.line(one, known.get(one.agency, one.agency))) + _touches(one, names, known) for one in found
    )  # fmt: skip
    if not found:
        show.line("Nobody has declared an interest.")
    with st.expander("Write an interest down", icon=":material/edit_note:"):
        _declare(here, names, known)


def services(release: Release) -> dict[str, str]:
    """The services of the release by id, as they may be called on a screen."""
    rows = big_screen.register(release) if "services" in release else {}
    return {id: str(row.get("service_name") or id) for id, row in rows.items()}


def _touches(one: register.Interest, names: dict[str, str], known: dict[str, str]) -> str:
    """The services and purses of an interest."""
    said = [names.get(s, s) for s in one.services] + [f"the purse of {known.get(p, p)}" for p in one.purses]
    return f" ({typed(', '.join(said))})" if said else ""


def _declare(here: Here, names: dict[str, str], known: dict[str, str]) -> None:
    """Whose it is, in what words, and what it touches."""
    there = {p.key: p for p in here.meeting.made(people)}
    left, right = st.columns(2, vertical_alignment="bottom")
    options = [*there, ""]
    key = left.selectbox("Whose", options, format_func=lambda k: there[k].name if k else "Somebody else", key=_key("whose")) or ""
    name, agency = (there[key].name, there[key].agency) if key else _somebody(left, right, known)
    text = st.text_input("What the interest is", max_chars=limit("words"), key=_key("interest"))
    touched = st.multiselect("Services it touches", list(names), format_func=names.__getitem__, key=_key("services"))
    purses = st.multiselect("Purses it touches", list(known), format_func=known.__getitem__, key=_key("purses"))
    if st.button("Keep it", key=_key("declare")):
        of = By(name, agency, key)
        _kept(partial(register.declare, here.meeting, of, text, touched, purses, here.by.name))


def _somebody(
    left: st.delta_generator.DeltaGenerator, right: st.delta_generator.DeltaGenerator, known: dict[str, str]
) -> tuple[str, str]:
    name = left.text_input("Name", max_chars=limit("title"), key=_key("name"))
    agency = right.selectbox("Agency", list(known), format_func=known.__getitem__, key=_key("agency"))
    return name, agency or ""
