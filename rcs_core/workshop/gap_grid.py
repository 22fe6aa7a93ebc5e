"""Gaps and overlaps: each part of a child's life, with its need, against the levels of prevention that are paid for.

A gap is a level on which nothing is spent for a part of life, an overlap one on which two agencies or more decide. Both
are questions: a gap can be met by a service for several outcomes, an overlap can be what children want.
"""

from dataclasses import dataclass

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import AreaLevel, Label, PreventionLevel
from rcs_core.workshop import big_screen, need_money
from rcs_core.workshop.coordinate import deciders
from rcs_core.workshop.evidence import Area, listed, text
from rcs_core.workshop.need_money.outcomes import Outcome, named, parts
from rcs_core.workshop.spend_map.money import Headline, View, agency_label, gbp, short, source, spend, years
from rcs_core.workshop.spend_map.screen import Screen, screen

AREAS = "areas"
"""The column of the register that says where a service is; several areas separated by semicolons."""
GRID = tuple(level for level in PreventionLevel if level is not PreventionLevel.OTHER)
WHOLE = Area("", "The whole area", AreaLevel.COUNCIL, "")


class Found(Label):
    """What stands in a cell of the grid."""

    GAP = "gap", "Gap: nothing is spent"
    ONE = "one", "One agency decides"
    OVERLAP = "overlap", "Overlap: two agencies or more decide"


@dataclass(frozen=True, slots=True)
class Square:
    """One cell: what is spent on a part of life at a level, by whom and in which services. told: whether its amount is shown."""

    outcome: str
    level: PreventionLevel
    pence: int
    services: tuple[str, ...]
    agencies: tuple[str, ...]
    told: bool = True

    @property
    def found(self) -> Found:
        """Gap, one agency, or overlap."""
        if not self.services:
            return Found.GAP
        return Found.OVERLAP if len(self.agencies) > 1 and len(self.services) > 1 else Found.ONE


@dataclass(frozen=True, slots=True)
class GapGrid:
    """The grid as a view, its cells, and what to know before reading it."""

    view: View
    squares: tuple[Square, ...]
    notes: tuple[str, ...]


def areas(release: Release) -> list[Area]:
    """The places that can be looked at: the whole area, and the clusters that the register names for a service."""
    said = {code for row in release.frame("services").to_dict("records") for code in parts(row.get(AREAS))}
    rows = release.frame("areas").to_dict("records") if said and "areas" in release else []
    found = [Area(str(r["area"]), text(r["name"]), AreaLevel(str(r["level"])), text(r["parent"])) for r in rows]
    return [WHOLE, *(a for a in found if a.code in said and a.level is AreaLevel.CLUSTER)]


def gap_grid(release: Release, by: Outcome = Outcome.DOMAIN, area: str = "", on_screen: bool = False) -> GapGrid:
    """The grid of one place or of all; `on_screen` leaves out an amount that is the price of one bought service."""
    shown = screen(release, on_screen)
    found, needs = squares(release, by, area, shown), need_words(release, by)
    view = View(
        _headline(found, needs, by, release),
        _points(found, needs, by),
        _numbers(found, needs, by, release),
        _words(found, by),
    )
    return GapGrid(view, found, _notes(release, by, area))


def squares(release: Release, by: Outcome, area: str = "", shown: Screen | None = None) -> tuple[Square, ...]:
    """Every part of life at every level but `other`, each pound once under its service's first outcome."""
    names, frame = named(release, by), deciders(release)
    if area:
        said = {sid: parts(about.get(AREAS)) for sid, about in big_screen.register(release).items()}
        frame = frame[[not said[str(sid)] or area in said[str(sid)] for sid in frame["service_id"]]]
    first = frame["service_id"].map(lambda sid: next(iter(names.get(str(sid), ())), ""))
    return tuple(
        _square(code, level, frame[(first == code) & (frame["level"] == level.value)], shown or Screen())
        for code in by.codes
        for level in GRID
    )


def _square(code: str, level: PreventionLevel, own: pd.DataFrame, shown: Screen) -> Square:
    services, agencies = (tuple(sorted(map(str, own[c].unique()))) for c in ("service_id", "decides"))
    return Square(code, level, int(own["pence"].sum()), services, agencies, shown.may(own))


def need_words(release: Release, by: Outcome) -> dict[str, str]:
    """The need of each part of life: of every survey the question with the most children in need, with its interval."""
    found: dict[str, list[str]] = {}
    for survey in need_money.surveys(release):
        for row in need_money.beside(release, by, survey.code).rows:
            if lead := row.lead:
                said = f"{lead.pct:.0f}% ({lead.share.interval()}) {lead.indicator.need}, {survey.children}"
                found.setdefault(row.spend.code, []).append(said)
    return {code: "; ".join(said) for code, said in found.items()}


def _headline(found: tuple[Square, ...], needs: dict[str, str], by: Outcome, release: Release) -> Headline:
    frame = spend(release)
    gaps, overlaps = ([s for s in found if s.found is kind] for kind in (Found.GAP, Found.OVERLAP))
    with_need = [s for s in gaps if s.outcome in needs and s.level.preventative]
    have = "has" if len(gaps) == 1 else "have"
    sentence = (
        f"Of {len(found)} squares of {by.one} and level, {len(gaps)} {have} no money and in {len(overlaps)} two agencies or more "
        f"decide, {f'{gbp(sum(s.pence for s in overlaps))} ' if all(s.told for s in overlaps) else ''}in {years(frame)}."
    )
    named_gaps = listed(f"{short(s.level).lower()} of *{by.codes[s.outcome]}*" for s in with_need)
    told = f"Measured need and no preventative money: {named_gaps}. " if with_need else ""
    return Headline(sentence, f"{told}Questions to ask, not findings. {source(release, frame)}")


def _points(found: tuple[Square, ...], needs: dict[str, str], by: Outcome) -> pd.DataFrame:
    """A square a row: what stands at its sides, where, what was found, its text and what pops up."""
    order = {code: k for k, code in enumerate(by.codes)}
    rows = [
        (
            by.codes[s.outcome],
            order[s.outcome],
            _column(s.level),
            GRID.index(s.level),
            s.found.label,
            _text(s),
            _says(s, needs, by),
        )
        for s in found
    ]
    return pd.DataFrame(rows, columns=["row_label", "order", "column", "at", "found", "text", "says"])


def _column(level: PreventionLevel) -> str:
    return short(level).replace(" prevention", "")


def _text(square: Square) -> str:
    """The amount and the number of services, as a square has room for."""
    if not square.services:
        return "none"
    count = len(square.services)
    return f"{_brief(square.pence) + '|' if square.told else ''}{count} service{'s' if count > 1 else ''}"


def _brief(pence: int) -> str:
    said = gbp(pence).replace(" million", "m")
    return said if said.endswith("m") or abs(pence) < 1_000_000 else f"£{round(pence / 100_000):,}k"


def _says(square: Square, needs: dict[str, str], by: Outcome) -> str:
    who = listed(agency_label(agency) for agency in square.agencies) or "nobody"
    need = needs.get(square.outcome, "not measured")
    return f"{by.codes[square.outcome]}, {short(square.level).lower()}: {who}. Need: {need}."


def _numbers(found: tuple[Square, ...], needs: dict[str, str], by: Outcome, release: Release) -> pd.DataFrame:
    register = big_screen.register(release)
    rows = [
        {
            by.one.capitalize(): by.codes[s.outcome],
            "Level": short(s.level),
            "What stands there": s.found.label,
            "Spend (£)": s.pence / 100 if s.told else None,
            "Who decides": "; ".join(agency_label(agency) for agency in s.agencies),
            "Services": "; ".join(text(register[sid]["service_name"]) for sid in s.services),
            "Need": needs.get(s.outcome, "Not measured"),
        }
        for s in found
    ]
    return pd.DataFrame(rows)


def _words(found: tuple[Square, ...], by: Outcome) -> str:
    said = [f"{by.codes[s.outcome]}, {short(s.level).lower()}: {s.found.label.lower()}" for s in found]
    return f"Grid of need and level. {'; '.join(said)}."


def _notes(release: Release, by: Outcome, area: str) -> tuple[str, ...]:
    told = any(parts(row.get(AREAS)) for row in release.frame("services").to_dict("records"))
    where = "Where a service is, the register does not say, so the grid is of the whole area." if not told else ""
    if area:
        where = "Services that name no area count everywhere, with all their money: parts for one area are not known."
    return (
        where,
        f"Each pound is counted once, under the {by.one} that its service names first; the register's later ones fill no square.",
        "Money tagged *other*, such as most of schooling, is in no square. Nothing spent is not nothing done: schools, families "
        "and services for several outcomes help too.",
    )
