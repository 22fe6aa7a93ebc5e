"""Need beside money, a view of *Services and money*: spend by outcome, and the quadrant of each survey in a tab."""

import streamlit as st

from app import charts_money, charts_quadrant, session, show
from app.drawn import kept
from rcs_core.release import Release
from rcs_core.workshop import behind, need_money
from rcs_core.workshop.evidence import SurveyInfo
from rcs_core.workshop.need_money import Beside, Outcome, Side

TITLE = "Is the money where the need is?"
ALIKE = "The same by wellbeing indicator"
DASH = "On the big screen a dash stands for the price of a single bought service, and no outcome of one such service is drawn."


def section(release: Release, on_screen: bool = False) -> None:
    """Spend by outcome, then the need of each survey beside it; where there is no survey, a line that says so."""
    st.header(TITLE, anchor=False)
    if on_screen:
        show.note(DASH)
    _spend(release, on_screen)
    st.subheader("Need beside preventative spend", anchor=False)
    surveys = need_money.surveys(release)
    if not surveys:
        show.note("This release holds no survey, so no need can stand beside the money.")
        return
    places = st.tabs([s.title for s in surveys]) if len(surveys) > 1 else [st.container()]
    for place, survey in zip(places, surveys, strict=True):
        with place:
            _survey(release, survey, on_screen)


def _spend(release: Release, on_screen: bool) -> None:
    """Spend by part of life as bars, by wellbeing indicator as a table, and by place and age as far as they are known."""
    found = session.once(release, need_money.spend_by_outcome, Outcome.DOMAIN, on_screen)
    show.headline(found.headline.sentence, found.headline.basis, behind.register("money_need"))
    spec, points = charts_money.levels(found.points), kept(charts_money.wrapped, found.points)
    show.chart(spec, points, found.words, found.numbers, "Spend by part of life")
    alike = session.once(release, need_money.spend_by_outcome, Outcome.SHANARRI, on_screen)
    show.folded(ALIKE, f"{alike.headline.sentence} {alike.headline.basis}", alike.numbers, "Spend by wellbeing indicator")
    for name, split in (("cluster", need_money.by_cluster), ("age group", need_money.by_age)):
        known = session.once(release, split, on_screen)
        if known.known:
            show.folded(f"Spend by {name}", known.sentence, known.numbers, f"Spend by {name}")
        else:
            show.note(known.sentence)


def _survey(release: Release, survey: SurveyInfo, on_screen: bool) -> None:
    """One survey: the sentence, what stands out, the quadrant with every question as a table, and the notes."""
    found, alike = (session.once(release, need_money.beside, by, survey.code, on_screen) for by in Outcome)
    show.headline(found.headline.sentence, found.headline.basis, behind.register("money_need"))
    show.points(found.standing_out)
    _drawn(found, f"Need beside money, {survey.title}")
    said = " ".join((alike.headline.sentence, *alike.standing_out))
    show.folded(ALIKE, said, kept(alike.numbers), f"Need beside money by wellbeing indicator, {survey.title}")
    show.caveats(found.notes, "How to read this")


def _drawn(found: Beside, name: str) -> None:
    """The quadrant where it can be drawn, else every question as a table."""
    points = kept(found.points)
    if found.middle_need is None or found.middle_spend is None or points.empty:
        show.table(kept(found.numbers), name)
        return
    show.note(
        "Dashed lines: the middle outcome. Bars: the 95% interval of need, and the range of spend as tags may be read. Spend "
        "is on a scale that makes room for small sums."
    )
    names = tuple(side.label for side in Side)
    spec = charts_quadrant.quadrant(names, points, found.middle_need, found.middle_spend / 1e8)
    show.chart(spec, kept(charts_quadrant.placed, points), kept(found.words), kept(found.numbers), name)
