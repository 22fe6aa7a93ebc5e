"""Do the children who need help get it? Need against a named contact, linked child by child or bounded from two totals.

Contact is always named: social work, additional support for learning, or either. A figure that is hidden leads to a
sentence that says so. Where records are not linked, the totals of the roll still give the least and the most there can
be; where they are linked, those bounds stand beside the answer, so that a group sees what linkage added.
"""

from dataclasses import dataclass

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import CellState, Contact
from rcs_core.workshop import evidence, supplied
from rcs_core.workshop.evidence import Indicator, SurveyInfo
from rcs_core.workshop.reach_counts import (
    Bounds,
    TwoByTwo,
    bounds,
    bounds_of,
    contacts,
    interval_of,
    linked,
    needs,
    share_interval,
    surveys,
    two_by_two,
)

__all__ = [
    "Bounds",
    "Reach",
    "TwoByTwo",
    "bounds",
    "contacts",
    "linked",
    "needs",
    "reach",
    "service",
    "share_interval",
    "surveys",
]

WITH = {
    Contact.SOCIAL_WORK: "social work contact",
    Contact.ADDITIONAL_SUPPORT: "additional support for learning",
    Contact.EITHER: "social work contact or additional support for learning",
}
WITHOUT = {
    Contact.SOCIAL_WORK: "no social work contact",
    Contact.ADDITIONAL_SUPPORT: "no additional support for learning",
    Contact.EITHER: "neither social work contact nor additional support for learning",
}
SIDES = {
    Contact.SOCIAL_WORK: ("No social work contact", "Social work contact"),
    Contact.ADDITIONAL_SUPPORT: ("No additional support for learning", "Additional support for learning"),
    Contact.EITHER: ("Neither service", "Social work or additional support"),
}
"""The same in the few words a legend has room for."""
HIDDEN_NOTE = (
    "Figures marked [c] are hidden so that no child can be singled out. They are not worked out from the others here, and the "
    "release is checked so that nobody else can."
)


@dataclass(frozen=True, slots=True)
class Reach:
    """What the page shows for one need and one named contact."""

    indicator: Indicator
    contact: Contact
    table: TwoByTwo | None
    interval: tuple[float, float] | None
    bounds: Bounds | None
    headline: str
    basis: str
    beside: str
    notes: tuple[str, ...]
    left_out: tuple[str, ...]

    def frame(self) -> pd.DataFrame:
        """The 2 x 2 with its margins, or the two totals and the limits they allow, as a reader sees them."""
        if self.table is None:
            return _bounds_frame(self.bounds, self.contact)
        t = self.table
        rows = [
            ("With this need", t.need_with, t.need_without, t.need),
            ("Without this need", t.other_with, t.other_without, t.other),
        ]
        rows.append(("All who answered", t.with_contact, t.without, t.total))
        without, with_ = self.sides
        names = (with_, without, "All")
        return pd.DataFrame([{"Pupils": row, **dict(zip(names, (c.text() for c in cells), strict=True))} for row, *cells in rows])

    @property
    def drawn(self) -> bool:
        """Whether there is anything to draw: a table in which a cell is shown."""
        t = self.table
        return t is not None and any(c.value for c in (t.need_without, t.need_with, t.other_without, t.other_with))

    @property
    def sides(self) -> tuple[str, str]:
        """The two parts of a bar: without the contact, and with it."""
        return SIDES[self.contact]

    def points(self) -> pd.DataFrame:
        """The four cells as a chart draws them, without before with; a hidden one is blank and says so in its row."""
        columns = ["label", "order", "part", "place", "value", "text"]
        if self.table is None:
            return pd.DataFrame(columns=columns)
        t, rows = self.table, []
        pairs = {"With this need": (t.need_without, t.need_with), "Without this need": (t.other_without, t.other_with)}
        for order, (label, cells) in enumerate(pairs.items()):
            hidden = "" if all(c.value is not None for c in cells) else " (part hidden [c])"
            rows += [(label + hidden, order, self.sides[k], k, c.value, c.text()) for k, c in enumerate(cells)]
        return pd.DataFrame(rows, columns=columns)

    def words(self) -> str:
        """The picture in words, for those who cannot see it."""
        if self.table is None:
            return ""
        t, (without, with_) = self.table, self.sides
        return (
            f"Of {t.need.text()} pupils with this need: {without.lower()} {t.need_without.text()}, {with_.lower()} "
            f"{t.need_with.text()}. Of {t.other.text()} without it: {without.lower()} {t.other_without.text()}, {with_.lower()} "
            f"{t.other_with.text()}."
        )


def reach(release: Release, survey: str, indicator: Indicator, contact: Contact) -> Reach:
    """Need against one named contact in the council area: the linked answer where there is one, and the bounds."""
    info, table = evidence.survey(release, survey), two_by_two(release, survey, indicator, contact)
    found, interval = bounds_of(release, survey, indicator, contact, table), interval_of(release, survey, table)
    counted = supplied.source(release, survey, indicator.code)
    refused = supplied.not_the_same(release, survey, indicator, contact) if table is None else ""
    return Reach(
        indicator=indicator,
        contact=contact,
        table=table,
        interval=None if counted else interval,
        bounds=found,
        headline=f"Need: {indicator.need}. {sentence(_headline(contact, table, found, refused, counted))}",
        basis=_counted_basis(counted, table, evidence.council(release).name)
        if counted
        else _basis(info, table, interval, evidence.council(release).name),
        beside=_beside(info, contact, table, found, refused, counted),
        notes=tuple(_notes(info, contact, table, indicator, counted)),
        left_out=tuple(evidence.not_in_picture(release, survey)),
    )


def service(contact: Contact) -> str:
    """The service's name as a choice of the page."""
    return SIDES[contact][1]


def sentence(phrase: str) -> str:
    """A phrase with its first letter as at the start of a sentence."""
    return phrase[:1].upper() + phrase[1:]


def _headline(contact: Contact, table: TwoByTwo | None, found: Bounds | None, refused: str, counted: str) -> str:
    lack = WITHOUT[contact]
    if table is not None:
        if table.pct_without is not None:
            count = f"{table.need_without.text()} of {table.need.text()} pupils with this need"
            return f"{count} ({table.pct_without:.0f}%) have {lack}."
        return f"how many pupils with need have {lack} is {evidence.why(CellState.SUPPRESSED)}."
    if refused:
        return f"no limits can be given for pupils with need and {lack}: {refused}."
    if found is None:
        return f"without linkage, and with a total missing or hidden, nothing can be said about pupils with need and {lack}."
    if found.at_least == 0:
        have = f"{found.contact:,} pupils have {WITH[contact]}, as many as have the need or more"
        return f"without linkage it is not known how many pupils with need have {lack}: {have}."
    about = "" if counted else "about "
    return (
        f"at least {found.at_least:,} ({found.at_least_pct:.0f}%) of {about}{found.need:,} pupils with need have {lack}. "
        "How many more is not known without linkage."
    )


def _basis(info: SurveyInfo, table: TwoByTwo | None, interval: tuple[float, float] | None, council: str) -> str:
    if table is None:
        return f"All {info.children} in {council}; records not linked. Source: {info.source}, and the services' own totals."
    within = f"; 95% interval {interval[0]:.0f} to {interval[1]:.0f}%, for these pupils this year" if interval else ""
    return (
        f"{sentence(info.children)} in {council} who answered ({table.total.text()}){within}. "
        f"Source: {info.source}, linked to the services' records."
    )


def _counted_basis(counted: str, table: TwoByTwo | None, council: str) -> str:
    """Whose children a council's counts are of; they are no sample, so they have no interval."""
    children = (
        f"{table.total.text()} children in {council}" if table is not None else f"Children in {council}, records not linked"
    )
    return f"{children}. Source: {counted}."


def _beside(info: SurveyInfo, contact: Contact, table: TwoByTwo | None, found: Bounds | None, refused: str, counted: str) -> str:
    if refused:
        return "Two totals limit one another only where they are of the same children, ages and year."
    if found is not None and table is None and counted:
        return _beside_counted(contact, found, counted)
    if found is None:
        return "The totals that would give limits without linkage are hidden or missing, so no limits are given."
    return _beside_unlinked(info, contact, found) if table is None else _beside_linked(contact, table, found)


def _beside_unlinked(info: SurveyInfo, contact: Contact, found: Bounds) -> str:
    spread = found.spread
    range_ = f" ({spread[0]:,} to {spread[1]:,} over the interval of the need)" if spread and spread[0] < spread[1] else ""
    return (
        f"How this is known without linkage: of {found.total:,} {info.children} on the roll, about {found.need:,} have the need "
        f"(the weighted share of those who answered) and {found.contact:,} have {WITH[contact]}. They are the same children, "
        f"ages and year. If every one of the {found.contact:,} had the need, {found.at_least:,}{range_} of those with need would "
        f"be without; if as few as possible had it, {found.at_most:,}."
    )


def _beside_counted(contact: Contact, found: Bounds, counted: str) -> str:
    return (
        f"How this is known without linkage: of {found.total:,} children {found.need:,} have the need and {found.contact:,} have "
        f"{WITH[contact]} ({counted}). They are the same children, ages and year. If every one of the {found.contact:,} had the "
        f"need, {found.at_least:,} of those with need would be without; if as few as possible had it, {found.at_most:,}."
    )


def _beside_linked(contact: Contact, table: TwoByTwo, found: Bounds) -> str:
    said = f" Linkage says {table.need_without.text()} ({table.pct_without:.0f}%)." if table.pct_without is not None else ""
    return (
        f"What two unlinked totals alone would say: {found.need:,} of {found.total:,} pupils have the need and {found.contact:,} "
        f"have {WITH[contact]}. They are the same children, ages and year, so at least {found.at_least:,} "
        f"({found.at_least_pct:.0f}%) and at most {found.at_most:,} ({found.at_most_pct:.0f}%) of those with need are "
        f"without.{said}"
    )


def _notes(info: SurveyInfo, contact: Contact, table: TwoByTwo | None, need: Indicator, counted: str) -> list[str]:
    lines = [
        f"{sentence(WITH[contact])} means a record of it for the year: not how much, nor whether it is the right help. Help from "
        "family, class teachers, health and the third sector is not counted, so “without” is not “without any help”."
    ]
    if table is not None:
        some = f"The {table.other_with.text()} pupils" if table.other_with.value is not None else "Pupils"
        lines.append(
            f"{some} with {WITH[contact]} and without this need are not spare capacity: support may be why their need looks low, "
            "and there are other reasons for support."
        )
        whose = f"These are {counted}" if counted else "Counts are of pupils who answered, unweighted"
        lines.append(f"{whose}; pupils who did not answer are in neither row.")
        cells = (table.need_without, table.need_with, table.other_without, table.other_with)
        lines += [HIDDEN_NOTE] if any(c.state is CellState.SUPPRESSED for c in cells) else []
    lines.append(f"Asked of {info.children} only; other ages are not added or compared.")
    if table is None and counted:
        lines.append(f"These are {counted}; nobody here has seen the records behind them.")
    if need.source:
        lines.append(f"The need: {need.question.rstrip('.')}{'' if need.question.endswith('?') else '.'} From: {need.source}.")
    return lines


def _bounds_frame(found: Bounds | None, contact: Contact) -> pd.DataFrame:
    if found is None:
        return pd.DataFrame()
    rows = [
        ("Pupils on the roll", f"{found.total:,}"),
        ("With need (estimated)", f"{found.need:,}"),
        (f"With {WITH[contact]}", f"{found.contact:,}"),
        (f"With need and {WITHOUT[contact]}: at least", f"{found.at_least:,}"),
        (f"With need and {WITHOUT[contact]}: at most", f"{found.at_most:,}"),
    ]
    return pd.DataFrame(rows, columns=["Total", "Pupils"])
