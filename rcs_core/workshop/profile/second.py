"""Page two of a profile: what changed, girls and boys and stages, who is reached, what cannot be said, and how to read it.

What the release does not hold for the level of the place is said where it would stand.
"""

from dataclasses import replace

from rcs_core.release import Release
from rcs_core.vocab import AreaLevel, CellState, Contact
from rcs_core.workshop import change, evidence, profiles, reach_counts, reach_fair, reach_rates
from rcs_core.workshop.evidence import Area, Indicator, SurveyInfo, listed, text
from rcs_core.workshop.profile.first import FIVE, Asked, compared, hidden_of
from rcs_core.workshop.profile.groups import groups
from rcs_core.workshop.profile.parts import Section, Table, table_of
from rcs_core.workshop.reach_rates import Rate
from rcs_core.workshop.told import Told

CHANGED, REACHED, UNSAID, READ = (
    "What has changed?",
    "Do children with need get help?",
    "What can this not say, and who is not in it?",
    "How is this read?",
)
OF_PUPILS, OF_SAMPLE = "all children of these stages", "all families"
INTERVAL = "95% interval: how far a share may lie from that of everyone asked."
CALLED = (
    "More, less and changed: only what is more than chance, allowing for how much was compared. It is a reason to ask people who "
    "know the place; no ranking, no cause."
)
OTHER_AGES = "Other ages answered a survey of their own: never added, never compared."
NOT_COMPARED = "Nothing of this place was compared by the build: its figures are described, not tested."
MEANINGS = {
    CellState.SUPPRESSED: f"hidden, {evidence.NO_CHILD}",
    CellState.UNRELIABLE: "too few answers to be reliable",
    CellState.NOT_ASKED: "not asked, or cannot occur",
    CellState.NOT_COLLECTED: "not collected",
}
SAID_ELSEWHERE = frozenset({"weights", "contact"})
"""Topics of who is in the picture that other sentences of a profile say."""


def page_two(asked: Asked, first: list[Section]) -> list[Section]:
    """The five sections of page two; first: those of page one, whose marks are explained too."""
    found = [changed(asked), groups(asked), reached(asked), unsaid(asked)]
    return [replace(section, page=2) for section in (*found, read(asked, [*first, *found]))]


def changed(asked: Asked) -> Section:
    """What rose and fell since the wave before; a school is told of by its cluster."""
    release, info = asked.release, asked.info
    pair = next((p for p in change.pairs(release, info.code) if p.is_latest), None)
    if pair is None:
        return Section(CHANGED, ("This release has no earlier wave of this survey, so it cannot say what has changed.",))
    place = change.wider(release, info.code, asked.area)
    found = change.by_question(release, info.code, pair, place)
    wider = f"Changes are told of the whole area and its clusters only: this is {place.name}."
    unlike = [line for line in found.lines if line.says.startswith("not comparable")]
    reasons = listed(dict.fromkeys(line.says.removeprefix("not comparable: ") for line in unlike))
    said = [wider if place != asked.area else "", found.headline]
    said += [f"Not comparable ({reasons}): {listed(line.label for line in unlike)}."] if unlike else []
    told = tuple(line for line in found.lines if line not in unlike)
    of = "" if place == asked.area else f", {place.name}"
    if len(told) > FIVE:
        said.append(f"The largest changes are below; the csv has all {len(found.lines)} questions.")
    return Section(
        f"What has changed since {pair.before}?",
        tuple(s for s in said if s),
        table=_changes(replace(found, lines=told[: max(FIVE, sum(line.stands_out for line in told))]), of) if told else None,
        numbers=table_of(f"Every question since {pair.before}{of}", found.frame()),
        notes=tuple(n for n in (found.basis.partition("Source:")[0].strip(),) if n),
    )


def _changes(found: Told, of: str) -> Table:
    """The changes to print: shares then and now, and what is said of them. of: whose they are, where they are another place's."""
    frame = found.frame()
    return table_of(f"Changes{of}", frame[[c for c in frame.columns if c not in ("Change (points)", "95% interval")]])


def reached(asked: Asked) -> Section:
    """Of those with need, how many are in contact with either service: of the whole area and its clusters."""
    release, info, area = asked.release, asked.info, asked.area
    if area.level is AreaLevel.SCHOOL:
        return Section(REACHED, (f"Contact with services is not told of a school, {evidence.NO_CHILD}; see its cluster.",))
    if not reach_counts.linked(release, info.code):
        return Section(REACHED, ("Answers of this survey are not linked to service contact in this release.",))
    rows = [row for need in reach_counts.needs(release, info.code) if (row := _reach(release, info, area, need))]
    if not rows:
        return Section(REACHED, (f"This release does not count contact in {area.name}.",))
    header = ("Need", "In contact: % (of those with need; 95% interval)", *(["Against the rest"] if asked.centred else []))
    line = (
        "Of pupils with a need who answered, these are in contact with social work or additional support for learning. Much "
        "need is met elsewhere: 100% is no target."
    )
    note = "Linked answers, unweighted."
    note += (
        " A comparison allows for how many clusters there are, not for pupils of a school being alike." if asked.centred else ""
    )
    return Section(REACHED, (line,), table=Table("Need and contact", header, tuple(rows)), notes=(note,))


def _reach(release: Release, info: SurveyInfo, area: Area, need: Indicator) -> tuple[str, ...] | None:
    if area.level is AreaLevel.COUNCIL:
        if Contact.EITHER not in reach_counts.contacts(release, info.code):
            return None
        return (need.label, _rate(reach_rates.pair(release, info.code, need, Contact.EITHER, "").reached))
    if need.sensitive:
        return None
    found = next((p for p in reach_fair.fair(release, info.code, need).places if p.name == area.name), None)
    return (need.label, _rate(found.rate), found.says) if found else None


def _rate(rate: Rate) -> str:
    if rate.pct.value is None:
        return rate.pct.state.said
    ends = f"; {rate.ends()}" if rate.ends() else ""
    return f"{rate.pct.text()}% ({rate.exact()}{ends})"


def unsaid(asked: Asked) -> Section:
    """What is hidden, kept to the council or not compared, and who is in no figure."""
    release, info = asked.release, asked.info
    points = [hidden_of(asked)]
    if asked.centred:
        points += [
            profiles.kept_to_council(release, info.code),
            f"Deprivation, care status and additional support: of the whole area only, {evidence.NO_CHILD}.",
        ]
    points += [] if compared(asked) else [NOT_COMPARED]
    points += [*_not_in_it(asked), OTHER_AGES]
    return Section(UNSAID, (), points=tuple(p for p in points if p))


def _not_in_it(asked: Asked) -> list[str]:
    """Who a survey leaves out, in the release's own words, without what other sentences say."""
    lines = evidence.not_in_picture(asked.release, asked.info.code)
    frame = evidence.of_wave(asked.release, asked.release.frame("coverage"))
    said = {text(r["text"]) for r in frame.to_dict("records") if r["topic"] in SAID_ELSEWHERE}
    return [line for line in lines if line not in said]


def read(asked: Asked, others: list[Section]) -> Section:
    """How a share, an interval and a call are read, and the marks that occur."""
    all_ = OF_PUPILS if asked.info.of_pupils else OF_SAMPLE
    higher = f"Higher is always more need. Shares are weighted to {all_}; counts in brackets are as answered."
    cells = " ".join(cell for section in others for table in section.tables() for row in table.rows for cell in row)
    marks = "; ".join(f"{state.mark} {said}" for state, said in MEANINGS.items() if state.mark in cells)
    return Section(READ, (), points=tuple(p for p in (higher, INTERVAL, CALLED, f"{marks}." if marks else "") if p))
