"""The first tour: which stops a release can give, and at each the question and its answer in the release's own numbers.

In: `data_contracts/tour.yaml` and a release. Out: stops in order, and what is told at one. A stop whose page or data is not there
is left out; a number is never typed, so the tour holds on any release.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from rcs_core.errors import SettingsError
from rcs_core.release import Release
from rcs_core.settings import CONTRACTS, fill, read_yaml
from rcs_core.vocab import Contact
from rcs_core.workshop import contents, evidence, reach, spend_map, spine, unequal
from rcs_core.workshop.couple import Levers, Preset
from rcs_core.workshop.couple.levers import Depth
from rcs_core.workshop.evidence import Indicator, SurveyInfo
from rcs_core.workshop.sentence import THOUSAND, Figure, Sentence, Unit, count, points, say
from rcs_core.workshop.shift import lacking, pounds, try_shift
from rcs_core.workshop.spend_map.money import gbp, unmapped
from rcs_core.workshop.spend_map.money import spend as mapped

WHERE = "tour.yaml"
NOT_TOLD = "On this release the figure is hidden or not known; the page says why."
type Parts = dict[str, Figure | str]


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop as the file has it: its page, what to look at, what to ask and answer, and with which choices the page opens."""

    page: str
    look: str
    ask: str
    answer: str = ""
    figures: str = ""
    choices: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """What is told at a stop; no answer where the question is one to talk about."""

    ask: str
    answer: Sentence | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Where the numbers of a stop come from: whether the release has them, the parts of sentences, what the page opens with."""

    there: Callable[[Release], bool]
    parts: Callable[[Release], Parts]
    choices: Callable[[Release], dict[str, str]] = lambda _: {}


@cache
def stops() -> Mapping[str, Stop]:
    """Every stop by name, in order. Raises SettingsError for an unknown or missing key, or figures that nobody makes."""
    found = {name: fill(Stop, entry, f"{WHERE}, {name}") for name, entry in read_yaml(CONTRACTS / WHERE).items()}
    for name, stop in found.items():
        if stop.figures and stop.figures not in FIGURES:
            raise SettingsError("no such figures", f"{WHERE}, {name}", stop.figures, ", ".join(FIGURES), "name one of these")
    return found


def offered(release: Release, pages: Iterable[str]) -> tuple[str, ...]:
    """The names of the stops that this release and these pages can give, in order."""
    here = set(pages)
    return tuple(n for n, s in stops().items() if s.page in here and (not s.figures or FIGURES[s.figures].there(release)))


def choices(release: Release, name: str) -> dict[str, str]:
    """What the page of a stop is opened with, so that it shows the figures that the stop speaks of."""
    stop = stops()[name]
    return {**stop.choices, **(FIGURES[stop.figures].choices(release) if stop.figures else {})}


def told(release: Release, name: str) -> Told:
    """The question and the answer of one stop, with the release's numbers."""
    stop = stops()[name]
    if not stop.figures:
        return Told(stop.ask, None)
    parts = FIGURES[stop.figures].parts(release)
    asked = {k: v for k, v in parts.items() if f"{{{k}}}" in stop.ask}
    rest = {k: v for k, v in parts.items() if k not in asked}
    answer = say(stop.answer, basis="", confidence="", **rest) if rest else say(NOT_TOLD)
    return Told(say(stop.ask, basis="", confidence="", **asked).text, answer)


def _contents(release: Release) -> Parts:
    found = contents.contents(release)
    return {"surveys": count(found.surveys, "survey"), "services": count(found.services, "service")}


def _most_common(release: Release) -> Parts:
    info, council = evidence.surveys(release)[0], evidence.council(release)
    shown = [m for m in spine.spine(release, info.code, council).marks if m.here.shown and m.indicator.verified]
    if not shown:
        return {"children": info.children}
    top = max(shown, key=lambda m: m.here.pct.value or 0.0)
    parts: Parts = {"children": info.children, "need": top.indicator.need, "share": _pct(top.here.pct.value)}
    return parts | {"with_need": _many(top.here.yes.value), "answered": _many(top.here.base.value)}


def _gap(release: Release) -> Parts:
    every = unequal.every(release, evidence.surveys(release)[0].code).rows
    rows = [r for r in every if r.figure("gap").is_clear and r.most.shown and r.least.shown]
    if not rows:
        return {}
    row = max(rows, key=lambda r: abs(r.figure("gap").value or 0.0))
    size = row.figure("gap").value or 0.0
    gap = Figure(size, Unit.POINTS, f"{abs(size):.0f} point{'' if round(abs(size)) == 1 else 's'}")
    return {"need": row.indicator.need, "gap": gap, "most": _pct(row.most.pct.value), "least": _pct(row.least.pct.value)}


def _survey_choice(release: Release) -> dict[str, str]:
    return {"needs_survey": evidence.surveys(release)[0].title}


def _reach_asked(release: Release) -> tuple[SurveyInfo, Indicator, Contact]:
    info = reach.surveys(release)[0]
    contacts = reach.contacts(release, info.code)
    contact = Contact.SOCIAL_WORK if Contact.SOCIAL_WORK in contacts else contacts[0]
    return info, reach.needs(release, info.code)[0], contact


def _reached(release: Release) -> Parts:
    info, need, contact = _reach_asked(release)
    table = reach.reach(release, info.code, need, contact).table
    parts: Parts = {"service": reach.WITH[contact], "need": need.need}
    if table is None or table.pct_without is None:
        return parts
    return parts | {
        "without": _many(table.need_without.value),
        "whole": _many(table.need.value),
        "share": _pct(table.pct_without),
    }


def _reach_choice(release: Release) -> dict[str, str]:
    info, need, contact = _reach_asked(release)
    return {"reach_survey": info.title, "reach_need": need.label, "reach_service": reach.service(contact)}


def _invested(release: Release) -> Parts:
    return {"total": _gbp(int(mapped(release)["pence"].sum())), "unmapped": _gbp(unmapped(release))}


def _prevention(release: Release) -> Parts:
    found = spend_map.prevention(release)
    return {"low": _pct(found.low), "high": _pct(found.high), "tagged": _pct(found.tagged)}


def _moved(release: Release) -> Parts:
    shift = try_shift(release, Levers.of(Preset.SHIFT_2, depth=Depth.DISCUSS))
    if not shift.possible:
        return {}
    moved = shift.found.moved
    amount = Figure(moved * THOUSAND, Unit.POUNDS, pounds(moved, shift.found.discussion_only))
    return {"amount": amount, "year": shift.last, "points": points(shift.found.shift_points)}


def _shift_choice(_: Release) -> dict[str, str]:
    return {"shift_preset": Preset.SHIFT_2.label, "shift_depth": Depth.DISCUSS.label}


def _pct(value: float | None) -> Figure:
    return Figure((value or 0.0) / 100, Unit.PER_CENT, f"{value or 0:.0f}%")


def _many(value: float | None) -> Figure:
    return Figure(value or 0.0, Unit.CHILDREN, f"{value or 0:,.0f}")


def _gbp(pence: int) -> Figure:
    return Figure(pence / 100, Unit.POUNDS, gbp(pence))


def _has_survey(release: Release) -> bool:
    return bool(evidence.surveys(release))


def _has_gaps(release: Release) -> bool:
    return _has_survey(release) and bool(unequal.asked(release, evidence.surveys(release)[0].code))


def _has_reach(release: Release) -> bool:
    found = reach.surveys(release)
    return bool(found) and bool(reach.contacts(release, found[0].code)) and bool(reach.needs(release, found[0].code))


FIGURES: Mapping[str, Figures] = {
    "contents": Figures(lambda _: True, _contents),
    "most_common": Figures(_has_survey, _most_common, _survey_choice),
    "gap": Figures(_has_gaps, _gap, _survey_choice),
    "reached": Figures(_has_reach, _reached, _reach_choice),
    "invested": Figures(spend_map.has_money, _invested),
    "prevention": Figures(spend_map.has_money, _prevention),
    "moved": Figures(lambda release: not lacking(release, Depth.DISCUSS), _moved, _shift_choice),
}
"""Who works out the parts of a stop's sentences, by the name in the file."""
