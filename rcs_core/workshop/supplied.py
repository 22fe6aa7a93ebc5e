"""Counts that a council supplied: what a page says of them, and whether two totals are of the same children.

In: the release's table `supplied` (ages and year of each). Out: words. Limits from two unlinked totals hold only for the
same children, ages and year; where that is not so, or cannot be known, the reason is given instead.
"""

from dataclasses import dataclass

from rcs_core.release import Release
from rcs_core.vocab import CellState, Contact
from rcs_core.workshop import evidence
from rcs_core.workshop.evidence import Indicator

TABLE = "supplied"


@dataclass(frozen=True, slots=True)
class Population:
    """The children of one count: their ages and the year, as the council states them."""

    ages: str
    year: str

    def words(self) -> str:
        """As a reader sees it."""
        return f"ages {self.ages.replace('-', ' to ')}, {self.year}"


def of_need(release: Release, survey: str, indicator: str) -> Population | None:
    """Of whom the council counted a need; None where it did not."""
    return _population(release, survey, "need", "indicator", indicator)


def of_contact(release: Release, survey: str, contact: Contact) -> Population | None:
    """Of whom the council counted a contact by itself, or that contact's other side; None where it did not."""
    found = _population(release, survey, "contact", "contact", contact.value)
    return found or _population(release, survey, "contact", "contact", f"no_{contact.value}")


def _population(release: Release, survey: str, what: str, column: str, code: str) -> Population | None:
    if TABLE not in release:
        return None
    rows = evidence.current(release, TABLE)
    rows = rows[(rows["survey"] == survey) & (rows["what"] == what) & (rows[column] == code)]
    return Population(str(rows["ages"].iloc[0]), str(rows["year"].iloc[0])) if len(rows) else None


def source(release: Release, survey: str, indicator: str) -> str:
    """The counts as a source, where the council supplied them; blank otherwise."""
    found = of_need(release, survey, indicator)
    return f"counts supplied by the council, unweighted ({found.words()})" if found else ""


def not_the_same(release: Release, survey: str, indicator: Indicator, contact: Contact) -> str:
    """Why a need and a contact cannot be limited by one another; blank where they are of the same children, ages and year."""
    need, with_ = of_need(release, survey, indicator.code), of_contact(release, survey, contact)
    if need is None and with_ is None:
        return ""
    if need is None or with_ is None:
        counted, other = ("need", "contact") if need else ("contact", "need")
        about = (need or with_ or Population("", "")).words()
        return f"the {counted} was counted by the council ({about}) and the {other} comes from records here"
    if need.ages != with_.ages:
        return f"the need is of {need.words()}, the contact of {with_.words()}: not the same ages"
    if need.year[:4] != with_.year[:4]:
        return f"the need is of {need.words()}, the contact of {with_.words()}: not the same year"
    totals = [need_total(release, survey, indicator), contact_total(release, survey)]
    known = {total for total in totals if total}
    return "" if len(known) < 2 else f"the need is of {totals[0]:,} children, the contact of {totals[1]:,}: not the same children"


def need_total(release: Release, survey: str, indicator: Indicator) -> int:
    """The children among whom the council counted a need; 0 where that is hidden or not known."""
    found = evidence.shares(release, f"{survey}_need", indicator=indicator.code, area=evidence.council(release).code)
    base = found[()].base if found else None
    return round(base.value) if base is not None and base.state is CellState.SHOWN and base.value else 0


def contact_total(release: Release, survey: str) -> int:
    """The children among whom the council counted a contact; 0 where that is hidden or was not sent."""
    if f"{survey}_contact_roll" not in release:
        return 0
    rows = evidence.current(release, f"{survey}_contact_roll")
    rows = rows[(rows["contact"] == Contact.ALL.value) & (rows["state"] == CellState.SHOWN.value)]
    return int(rows["n"].iloc[0]) if len(rows) else 0


def why_not(release: Release) -> str:
    """What the release itself says of records that are not linked, for a page that has nothing to set need against."""
    if "coverage" not in release:
        return ""
    rows = evidence.current(release, "coverage")
    said = rows.loc[rows["topic"] == "contact", "text"].astype(str)
    return " ".join(dict.fromkeys(said))
