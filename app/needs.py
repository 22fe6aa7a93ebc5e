"""The views of *Children's needs*: which of them a release and survey can give, and how each is drawn.

A view that has nothing to tell is not offered. Each says its sentence first, then what stands out, the picture with
its numbers, and the notes.
"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import charts, charts_needs, controls, needs_groups, needs_map, needs_profile, needs_summary, room, session, show
from app.drawn import kept
from rcs_core.release import Release
from rcs_core.vocab import AreaLevel
from rcs_core.workshop import behind, change, compare, evidence, funnel, profile, profiles, shapes_map, small_multiples, unequal
from rcs_core.workshop.change import Pair
from rcs_core.workshop.evidence import Area, Indicator, SurveyInfo
from rcs_core.workshop.method import Method
from rcs_core.workshop.told import Told

EVERY = "Every question"
EVERY_GROUP = "Every group"
NOW, DIFFERS, FAIR, FUNNEL, PROFILE = "Now", "Where it differs", "Fair shares", "Schools in a funnel", "Profile"
MAP = "On a map"
SHARE = "% of children with need"
READ = "How to read this"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the reader chose; `beside` is where a view may put one more choice of its own."""

    release: Release
    survey: SurveyInfo
    area: Area
    indicator: Indicator | None
    beside: DeltaGenerator

    @property
    def name(self) -> str:
        """The survey and the question, as the first words of a download's name."""
        return f"{self.survey.title}, {self.indicator.title if self.indicator else EVERY}"


@dataclass(frozen=True, slots=True)
class View:
    """One view: its name in the control, the questions it can tell of in an area, and how it is drawn.

    places: where it can tell of; whole: it is of every question and complete by itself, so that nothing follows it.
    """

    name: str
    asked: Callable[[Release, str, Area], list[Indicator]]
    draw: Callable[[Choice], None]
    of_place: bool = True
    places: Callable[[Release, str], list[Area]] = profiles.areas
    whole: bool = False


def views(release: Release, survey: SurveyInfo) -> list[View]:
    """The views that this release can give of a survey, *Now* first."""
    found = [View(NOW, _asked_now, _now)]
    found += [_since(pair) for pair in session.once(release, change.pairs, survey.code)]
    on_map = ((MAP, compare.asked, _map),) if shapes_map.has_map(release) else ()
    wide = ((DIFFERS, compare.asked, _differs), *on_map, (FAIR, unequal.asked, _fair), (FUNNEL, funnel.asked, _funnel))
    for name, asked, draw in wide:
        if session.once(release, asked, survey.code):
            found.append(View(name, _anywhere(asked), draw, of_place=False))
    found.append(View(PROFILE, _asked_now, _profile, places=profile.places, whole=True))
    return found


def _asked_now(release: Release, survey: str, area: Area) -> list[Indicator]:
    return session.once(release, profiles.indicators, survey, area)


def _anywhere(asked: Callable[[Release, str], list[Indicator]]) -> Callable[[Release, str, Area], list[Indicator]]:
    """The questions of a view that is of the whole area, whichever place was chosen."""
    return lambda release, survey, _: session.once(release, asked, survey)


def _since(pair: Pair) -> View:
    """The view of one pair of waves; a school is told of by its cluster."""

    def asked(release: Release, survey: str, area: Area) -> list[Indicator]:
        return session.once(release, change.asked, survey, pair, change.wider(release, survey, area))

    def draw(chosen: Choice) -> None:
        release, survey = chosen.release, chosen.survey.code
        place = change.wider(release, survey, chosen.area)
        if place != chosen.area:
            show.note(f"Changes are told for the whole area and its clusters, so {place.name} stands for {chosen.area.name}.")
        if chosen.indicator:
            found = session.once(release, change.by_place, survey, pair, chosen.indicator)
        else:
            found = session.once(release, change.by_question, survey, pair, place)
        below = chosen.indicator is None and place.level is not AreaLevel.COUNCIL
        method = behind.told("needs_change", "changes", survey, chosen.indicator, None if chosen.indicator else place)
        _told(found, f"{chosen.name}, {place.name}, {pair.label}", method, _kept(chosen) if below else "")

    return View(pair.label, asked, draw)


def _now(chosen: Choice) -> None:
    """Every question for a place by domain, or one question by every group, or by one of them in full."""
    release, survey, area, indicator = chosen.release, chosen.survey, chosen.area, chosen.indicator
    groups = session.once(release, profiles.breakdowns, survey.code, indicator.code, area) if indicator else []
    if indicator is None or not groups:
        if indicator:
            st.info(f"“{indicator.title}” is not broken down any further for {area.name}, so every question is shown.")
        needs_summary.draw(release, survey, area, f"{chosen.name}, {area.name}")
        return
    with chosen.beside, room.aside("More"):
        by = controls.one_of("Compare", [None, *groups], "needs_by", lambda b: b.label if b else EVERY_GROUP)
    if by is None:
        found = session.once(release, small_multiples.panels, survey.code, indicator, area)
        needs_groups.draw(found, f"{chosen.name}, {area.name}", behind.groups(survey.code, area, indicator))
        return
    profile = session.once(release, profiles.breakdown, survey.code, indicator.code, by, area)
    show.headline(profile.headline, profile.basis, behind.groups(survey.code, area, indicator))
    spec = charts.dots(profile.here, profile.beside, SHARE)
    points = kept(charts.wrapped, kept(profile.points))
    show.chart(spec, points, kept(profile.words), kept(profile.frame), f"{chosen.name}, {area.name}")
    show.caveats([*profile.notes, change.no_earlier_wave(release, survey)], READ)


def _profile(chosen: Choice) -> None:
    """The two pages of a place."""
    needs_profile.draw(chosen.release, chosen.survey, chosen.area)


def _told(found: Told, name: str, method: Method, *more: str) -> None:
    """The sentence, what stands out, the picture of points, and the notes, with any more of them."""
    show.headline(found.headline, found.basis, method)
    show.points(found.standing_out)
    if found.drawn:
        spec = charts_needs.steps(found.names, found.points())
        show.chart(spec, kept(charts.wrapped, kept(found.points)), kept(found.words), kept(found.frame), name)
    else:
        show.table(kept(found.frame), name)
    show.caveats([*found.notes, *more], READ)


def _differs(chosen: Choice) -> None:
    """Clusters against the rest of the area: all questions as a grid, or one as points."""
    method = behind.told("needs_clusters", "comparisons", chosen.survey.code, chosen.indicator)
    if chosen.indicator:
        found_one = session.once(chosen.release, compare.one, chosen.survey.code, chosen.indicator)
        _told(found_one, f"{chosen.name}, clusters", method)
        return
    found = session.once(chosen.release, compare.every, chosen.survey.code)
    show.headline(found.headline, found.basis, method)
    show.points(found.standing_out)
    show.note("▲ more need than the rest of the area · ▼ less need · a dot: no clear difference")
    spec = charts_needs.grid(found.names)
    points = kept(charts.wrapped, kept(compare.grid, found))
    show.chart(spec, points, kept(found.words), kept(found.frame), f"{chosen.name}, clusters")
    show.caveats([*found.notes, _kept(chosen)], READ)


def _map(chosen: Choice) -> None:
    """Clusters on a map, one question at a time."""
    needs_map.draw(chosen.release, chosen.survey, chosen.indicator, _kept(chosen))


def _kept(chosen: Choice) -> str:
    """Which topics a view below the council leaves out, and why."""
    return session.once(chosen.release, profiles.kept_to_council, chosen.survey.code)


def _fair(chosen: Choice) -> None:
    """The most and the least deprived fifth on every question, or all five fifths and the measures of one."""
    release, survey, indicator = chosen.release, chosen.survey.code, chosen.indicator
    method = behind.told("needs_unequal", "inequality", survey, indicator)
    if indicator is None:
        found = session.once(release, unequal.every, survey)
        spec, points = charts.dots(unequal.MOST, unequal.LEAST, SHARE), kept(charts.wrapped, kept(found.points))
        show.headline(found.headline, found.basis, method)
        show.points(found.clear)
        show.chart(spec, points, kept(found.words), kept(found.frame), f"{chosen.name}, fair shares")
    else:
        found = session.once(release, unequal.one, survey, indicator)
        place = evidence.council(release)
        fifths = session.once(release, profiles.breakdown, survey, indicator.code, profiles.By.SIMD, place)
        spec, points = charts.dots(fifths.here, fifths.beside, SHARE), kept(charts.wrapped, kept(fifths.points))
        show.headline(found.headline, found.basis, method)
        show.chart(spec, points, kept(fifths.words), kept(fifths.frame), f"{chosen.name}, deprivation fifths")
        st.subheader("How large is the gap?", anchor=False)
        show.table(found.measures(), f"{chosen.name}, fair shares")
    show.caveats([*found.notes, unequal.HELP], READ)


def _funnel(chosen: Choice) -> None:
    """The schools of one question between their limits, or how many are outside on each."""
    release, survey = chosen.release, chosen.survey.code
    if chosen.indicator is None:
        show.headline(
            *session.once(release, funnel.overview_headline, survey), behind.told("needs_funnel", "funnel", survey, None)
        )
        show.line("Choose a question above to see its funnel.")
        show.table(session.once(release, funnel.overview, survey), f"{chosen.name}, funnels")
        show.caveats([funnel.ASK_NOTE, _kept(chosen)], READ)
        return
    found = session.once(release, funnel.funnel, survey, chosen.indicator)
    show.headline(found.headline, found.basis, behind.told("needs_funnel", "funnel", survey, chosen.indicator))
    show.note("Solid lines: 99.8% limits. Dashed: 95% limits. Dotted: the whole area.")
    spec = charts_needs.funnel(SHARE, found.points(), tuple(funnel.SERIES.values()))
    show.chart(spec, found.points(), found.words(), found.frame(), f"{chosen.name}, funnel")
    show.note(found.caption)
    show.caveats(found.notes, READ)
