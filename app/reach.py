"""The page *Who gets help*, part by part: the hundred children, reach and targeting, fairness, and who is missing."""

from dataclasses import dataclass

import streamlit as st

from app import charts, charts_reach, navigation, room, session, show
from app.drawn import kept
from rcs_core.release import Release
from rcs_core.vocab import Contact
from rcs_core.workshop import behind, reach, reach_counts, reach_fair, reach_hundred, reach_missing, reach_rates, supplied
from rcs_core.workshop.evidence import Indicator, SurveyInfo
from rcs_core.workshop.method import Method
from rcs_core.workshop.reach_rates import Rates

LETTERS = 22
"""Letters of a line of a row's label."""
FIFTHS = "Who has the need, by deprivation fifth"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reader chose: whose answers, which need and which service."""

    release: Release
    survey: SurveyInfo
    need: Indicator
    contact: Contact

    @property
    def name(self) -> str:
        """The choice as the name of a table or a picture."""
        return f"{self.survey.title}, {self.need.title}, {reach.service(self.contact)}"


def answer(chosen: Choice) -> reach.Reach:
    """The headline, then a hundred children as icons with the exact numbers beside; or the table, where that is all there is."""
    found = session.once(chosen.release, reach.reach, chosen.survey.code, chosen.need, chosen.contact)
    show.headline(found.headline, found.basis, behind.contact("reach_contact", chosen.survey.code, chosen.need))
    icons = session.once(chosen.release, _hundred, chosen.survey.code, chosen.need, chosen.contact)
    if icons is not None:
        drawn, said = st.columns([5, 4], gap="large")
        with drawn:
            spec = charts_reach.icons([(p.name, p.kind) for p in icons.parts], room.SCALE if room.large() else 1)
            show.chart(spec, kept(icons.points), kept(icons.words), kept(found.frame), chosen.name)
        with said:
            show.line(
                "Each icon is one of a hundred pupils who answered, rounded so that they make a hundred; a plus means in contact."
            )
            show.points(icons.lines())
    elif found.drawn:
        points = charts.inside(found.points())
        spec = charts.bars(found.sides, "Pupils who answered", charts.WITHOUT_WITH)
        show.chart(spec, points, kept(found.words), kept(found.frame), chosen.name)
    elif len(found.frame()):
        show.table(found.frame(), chosen.name)
    show.note(found.beside)
    return found


def _hundred(release: Release, survey: str, need: Indicator, contact: Contact) -> reach_hundred.Hundred | None:
    """The hundred icons of one need and contact."""
    table = reach_counts.two_by_two(release, survey, need, contact)
    sampled = reach_counts.answered(release, survey, table.total) if table else 0.0
    return reach_hundred.hundred(table, contact, sampled, bool(supplied.source(release, survey, need.code)))


def meets(chosen: Choice) -> None:
    """Reach and targeting of the need by every service, then of every need by the service that was chosen."""
    st.subheader("Does it reach those who need it?", anchor=False)
    one = session.once(chosen.release, reach_rates.by_service, chosen.survey.code, chosen.need)
    method = behind.contact("reach_rates", chosen.survey.code, chosen.need)
    _rates(one, f"{chosen.survey.title}, {chosen.need.title}, reach and targeting", method)
    show.points(one.notes)
    every = session.once(chosen.release, reach_rates.by_need, chosen.survey.code, chosen.contact)
    if len(every.rows) > 1:
        st.subheader("How does it differ between needs?", anchor=False)
        method = behind.contact("reach_rates", chosen.survey.code, None)
        _rates(every, f"{chosen.survey.title}, every need, {reach.service(chosen.contact)}", method)


def _rates(found: Rates, name: str, method: Method) -> None:
    show.line(found.headline)
    if found.drawn:
        points = kept(charts.wrapped, kept(found.points), "label", LETTERS)
        spec = charts_reach.ranges(reach_rates.SERIES)
        show.chart(spec, points, kept(found.words), kept(found.frame), name, method=method)
    show.note(found.basis)


def fair(chosen: Choice) -> None:
    """Clusters against the rest of the area, and by what else the release cannot tell reach."""
    st.subheader("Is it fair?", anchor=False)
    found = session.once(chosen.release, reach_fair.fair, chosen.survey.code, chosen.need)
    show.line(found.headline)
    if found.drawn:
        points = charts.wrapped(found.points())
        spec = charts.dots(reach_fair.SERIES, unit="% of pupils with need")
        name = f"{chosen.survey.title}, {chosen.need.title}, clusters, either service"
        show.chart(spec, points, kept(found.words), kept(found.frame), name, method=behind.fair(chosen.survey.code, chosen.need))
        show.note("▲ or ▼: clearly more or less than the rest of the area.")
    elif found.places:
        show.table(found.frame(), f"{chosen.survey.title}, {chosen.need.title}, clusters, either service")
    if found.basis:
        show.note(found.basis)
    show.points([*found.not_told, *((reach_fair.TEST_NOTE, reach_fair.ORDER_NOTE) if found.drawn else ())])
    if f"{chosen.survey.code}_simd" in chosen.release and not room.large():
        asked = {"needs_view": "Fair shares", "needs_survey": chosen.survey.title}
        st.page_link(navigation.page(navigation.NEEDS), label=FIFTHS, icon=":material/arrow_forward:", query_params=asked)


def missing(chosen: Choice) -> None:
    """Who answered, of those in contact and of the others, and what that does to the answer."""
    st.subheader("Who is missing from the linkage?", anchor=False)
    found = session.once(chosen.release, reach_missing.missing, chosen.survey.code, chosen.need, chosen.contact)
    show.line(found.headline)
    if found.rows:
        show.table(
            found.frame(), f"{chosen.name}, who answered", method=behind.contact("reach_missing", chosen.survey.code, chosen.need)
        )
    show.points(found.notes)
