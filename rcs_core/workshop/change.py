"""Has need risen or fallen since the wave before? The changes that the build told, for one area or for one question.

A change is between two successive waves of one survey, of the share with need, in percentage points. What is not
comparable says why; what is hidden stays hidden. Only the council area and its clusters have changes.
"""

from dataclasses import dataclass

from rcs_core.release import Release
from rcs_core.vocab import AreaLevel, CellState
from rcs_core.workshop import evidence, told
from rcs_core.workshop.evidence import Area, Indicator, Share, SurveyInfo, text
from rcs_core.workshop.profiles import NO_SHARE
from rcs_core.workshop.told import Kind, Line, Told

VERDICTS = {"rise": Kind.MORE, "fall": Kind.LESS, "no_clear_change": Kind.SAME}
WORDS = {Kind.MORE: "up", Kind.LESS: "down"}
RECURS_NOTE = (
    "A change is called only where it is more than would come and go between schools by chance, and after allowing for how many "
    "changes were looked at. The interval in brackets is the 95% interval, rounded outwards to whole points."
)
ROUNDED_NOTE = "A change is worked out before rounding, so it may differ by a point or two from the two shares beside it."


@dataclass(frozen=True, slots=True)
class Pair:
    """Two successive waves of a survey."""

    before: str
    now: str
    is_latest: bool

    @property
    def label(self) -> str:
        """The pair as a choice of the page."""
        return f"Since {self.before}" if self.is_latest else f"{self.before} to {self.now}"


def pairs(release: Release, survey: str) -> list[Pair]:
    """The pairs of waves that changes are told for, the newest first."""
    found = {(text(r["wave_to"]), text(r["wave_from"])) for r in told.rows_of(release, "changes", survey)}
    now = evidence.current_wave(release, survey)
    return [Pair(before, after, after == now) for after, before in sorted(found, reverse=True)]


def no_earlier_wave(release: Release, survey: SurveyInfo) -> str:
    """How to add an earlier wave, where the release has none of a survey of pupils; blank otherwise."""
    if not survey.of_pupils or pairs(release, survey.code):
        return ""
    return (
        "This release has no earlier wave of this survey, so it cannot say what has changed. To add one, put its files in a "
        "folder named after it, such as `wave_2023`, inside the input folder and build the release again."
    )


def asked(release: Release, survey: str, pair: Pair, area: Area) -> list[Indicator]:
    """The questions that changes are told for in an area."""
    found = told.asked_in(release, survey, "changes", wave_from=pair.before, wave_to=pair.now, area=area.code)
    return [i for i in found if area.level is AreaLevel.COUNCIL or not i.sensitive]


def wider(release: Release, survey: str, area: Area) -> Area:
    """The smallest place with changes that holds an area: a school's cluster, any other itself."""
    if area.level is not AreaLevel.SCHOOL:
        return area
    places = evidence.areas(release, f"{survey}_area")
    return next((a for a in places if a.code == area.parent), evidence.council(release))


def by_question(release: Release, survey: str, pair: Pair, area: Area) -> Told:
    """Every question for one area: what rose, what fell, then the rest in the order they were asked."""
    info = evidence.survey(release, survey)
    rows = {str(r["indicator"]): r for r in _rows(release, survey, pair, area=area.code)}
    questions = asked(release, survey, pair, area)
    pairs_ = [(i, _line(release, rows[i.code], i, pair, i.label, area.name)) for i in questions]
    order = {Kind.MORE: 0, Kind.LESS: 1, Kind.SAME: 2, Kind.UNTOLD: 3}
    pairs_.sort(key=lambda found: (order[found[1].kind], -abs(found[1].value or 0)))
    lines = tuple(line for _, line in pairs_)
    return Told(
        lines=lines,
        row_title="Question",
        measure="Change",
        names=("More need", "Less need", "No clear change"),
        headline=_headline(lines, pair, info, area),
        basis=_basis(release, info, pair),
        standing_out=tuple(f"{i.need}: {_sentence(line, pair)}" for i, line in pairs_ if line.stands_out),
        notes=tuple(_notes(lines)),
    )


def by_place(release: Release, survey: str, pair: Pair, indicator: Indicator) -> Told:
    """One question for the council area and each cluster, by name."""
    info, council = evidence.survey(release, survey), evidence.council(release)
    rows = {str(r["area"]): r for r in _rows(release, survey, pair, indicator=indicator.code)}
    inner = [] if indicator.sensitive else evidence.areas(release, f"{survey}_area")
    names = {a.code: a.name for a in [council, *inner]}
    lines = tuple(_line(release, rows[c], indicator, pair, name, name) for c, name in names.items() if c in rows)
    return Told(
        lines=lines,
        row_title="Where",
        measure="Change",
        names=("More need", "Less need", "No clear change"),
        headline=_place_headline(lines, indicator, pair, info, council),
        basis=_basis(release, info, pair),
        standing_out=tuple(f"{line.label}: {_sentence(line, pair)}" for line in lines[1:] if line.stands_out),
        notes=(*_notes(lines), "Places stand by name: the order says nothing about them."),
    )


def _rows(release: Release, survey: str, pair: Pair, **where: str) -> list[dict[str, object]]:
    return told.rows_of(release, "changes", survey, wave_from=pair.before, wave_to=pair.now, **where)


def _line(release: Release, row: dict[str, object], asked: Indicator, pair: Pair, label: str, place: str) -> Line:
    then, now = (_share(release, asked, wave, text(row["area"])) for wave in (pair.before, pair.now))
    value, low, high = told.figures(row, "change")
    kind = VERDICTS.get(text(row["verdict"]), Kind.UNTOLD)
    says, why_not = _says(row, kind, then, now)
    beside = tuple((f"{wave}: % with need", share.pct.text()) for wave, share in ((pair.before, then), (pair.now, now)))
    return Line(label, place, kind, value, low, high, says, why_not, beside)


def _share(release: Release, asked: Indicator, wave: str, area: str) -> Share:
    found = evidence.shares(release, f"{asked.survey}_area", wave=wave, indicator=asked.code, area=area)
    return found.get((), NO_SHARE).of_need(asked)


def _says(row: dict[str, object], kind: Kind, then: Share, now: Share) -> tuple[str, str]:
    """What a row says, and in a few words why it has no number."""
    value, low, high = told.figures(row, "change")
    if kind is Kind.UNTOLD:
        if text(row["verdict"]) == "not_comparable":
            return f"not comparable: {told.lowered(row['reason'])}", "not comparable"
        return told.not_shown(row["reason"], then, now)
    if value is None:
        verdict = WORDS.get(kind, "no clear change")
        return f"{verdict}; by how much is {evidence.why(CellState.SUPPRESSED)}", f"{verdict}, size [c]"
    if kind is Kind.SAME:
        return f"no clear change ({told.span(low, high)})", ""
    return f"{WORDS[kind]} {told.points(value)} ({told.size(low, high, value)})", ""


def _sentence(line: Line, pair: Pair) -> str:
    """A line that stands out, with the two shares: up 4 points since 2023 (1 to 7), from 23% to 27%."""
    when = f"since {pair.before}" if pair.is_latest else f"from {pair.before} to {pair.now}"
    shares = [value for _, value in line.beside]
    ends = f", from {shares[0]}% to {shares[1]}%" if all(s.isdigit() for s in shares) else ""
    if line.value is None:
        return f"{line.says}, {when}{ends}"
    return f"{WORDS[line.kind]} {told.points(line.value)} {when} ({told.size(line.low, line.high, line.value)}){ends}"


def _headline(lines: tuple[Line, ...], pair: Pair, info: SurveyInfo, area: Area) -> str:
    when = f"since {pair.before}" if pair.is_latest else f"from {pair.before} to {pair.now}"
    many = {kind: sum(line.kind is kind for line in lines) for kind in Kind}
    told_of = len(lines) - many[Kind.UNTOLD]
    if not told_of:
        return f"No question can be compared between {pair.before} and {pair.now} for {info.children} in {area.name}."
    parts = [
        f"need among {info.children} in {area.name} is up on {many[Kind.MORE]}" if many[Kind.MORE] else "",
        f"down on {many[Kind.LESS]}" if many[Kind.LESS] else "",
    ]
    moved = " and ".join(p for p in parts if p)
    if moved and not many[Kind.MORE]:
        moved = f"need among {info.children} in {area.name} is {moved}"
    if not moved:
        return f"There is no clear change {when} on any of {_questions(told_of)}, for {info.children} in {area.name}."
    rest = f"; there is no clear change on {many[Kind.SAME]}" if many[Kind.SAME] else ""
    return f"Of {_questions(told_of)}, {moved} {when}{rest}."


def _questions(many: int) -> str:
    return f"{many} question{'' if many == 1 else 's'} that can be compared"


def _place_headline(lines: tuple[Line, ...], asked: Indicator, pair: Pair, info: SurveyInfo, council: Area) -> str:
    whole = next((line for line in lines if line.place == council.name), None)
    of = f"{asked.need}, {info.children} in {council.name}"
    if whole is None or whole.kind is Kind.UNTOLD:
        return f"{of}: {whole.says if whole else f'nothing is told between {pair.before} and {pair.now}'}."
    if whole.stands_out:
        return f"{of}: {_sentence(whole, pair)}."
    shares = [value for _, value in whole.beside]
    ends = f", {shares[0]}% then and {shares[1]}% now" if all(s.isdigit() for s in shares) else ""
    return f"{of}: {whole.says} between {pair.before} and {pair.now}{ends}."


def _basis(release: Release, info: SurveyInfo, pair: Pair) -> str:
    what = "{tests} changes were looked at, over every question in the whole area and its clusters"
    said = told.tally(release, info.code, "changes", what) if pair.is_latest else ""
    return f"{said} Source: wellbeing surveys of {info.children}, {pair.before} and {pair.now}.".strip()


def _notes(lines: tuple[Line, ...]) -> list[str]:
    return [RECURS_NOTE, ROUNDED_NOTE, *told.reasons_kept(lines)]
