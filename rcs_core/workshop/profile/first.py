"""Page one of a profile: who it is about, the five things that stand out, and every question beside the whole area."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import AreaLevel
from rcs_core.workshop import evidence, mean_scores, told
from rcs_core.workshop.evidence import Area, Share, SurveyInfo, listed
from rcs_core.workshop.profile.parts import Look, Picture, Section, Table, table_of
from rcs_core.workshop.profile.places import with_members
from rcs_core.workshop.profiles import NO_SHARE
from rcs_core.workshop.spine import HEADING, Spine
from rcs_core.workshop.spine_verdicts import Mark
from rcs_core.workshop.told import Kind

REST = " than the rest of the area"
"""What the head of a column says once for all its rows."""
FIVE = 5
"""Things that stand out on a profile."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What page one is made of: the release, whose answers, the place, what it is set beside, and its summary."""

    release: Release
    info: SurveyInfo
    area: Area
    council: Area
    found: Spine
    cluster: Area | None
    cluster_shares: Mapping[str, Share]
    """Of a school's cluster, its share of each question."""

    @property
    def centred(self) -> bool:
        """Whether there is a place above this one to set it beside."""
        return self.area.level is not AreaLevel.COUNCIL

    def of_cluster(self, mark: Mark) -> Share:
        """The share of a school's cluster on a question."""
        return self.cluster_shares.get(mark.indicator.code, NO_SHARE).of_need(mark.indicator)


def page_one(asked: Asked) -> list[Section]:
    """The three sections of page one."""
    return [who(asked), stands_out(asked), every(asked)]


def who(asked: Asked) -> Section:
    """How many answered here, and of how many on the roll as far as the release says."""
    info, area = asked.info, asked.area
    bases = [m.here.base.value for m in asked.found.marks if m.here.base.value is not None]
    hidden = sum(m.here.base.value is None for m in asked.found.marks)
    lines = [_answered(bases, f"{info.children} in {area.name}", info.wave)]
    lines += [f"On {_questions(hidden)} the number who answered is hidden [c]."] if hidden and bases else []
    lines.append(_roll(asked))
    lines += _inside(asked)
    return Section("Who is here?", tuple(line for line in lines if line))


def _answered(bases: list[float], who_: str, wave: str) -> str:
    if not bases:
        return f"How many {who_} answered in {wave} is hidden [c], {evidence.NO_CHILD}."
    low, high = min(bases), max(bases)
    many = f"{low:,.0f}" if low == high else f"Between {low:,.0f} and {high:,.0f}"
    return f"{many} {who_} answered each question in {wave}."


def _roll(asked: Asked) -> str:
    info = asked.info
    rows = evidence.current(asked.release, "surveys")
    rolls = [evidence.number(v) for v in rows.loc[rows["survey"] == info.code, "roll"]] if "roll" in rows else []
    roll = next((r for r in rolls if r is not None), None)
    if roll is None or info.response_pct is None:
        return "" if info.of_pupils else "They are a sample; how many families were asked is not in the release."
    said = f"{roll:,.0f} were on the roll of these stages and {info.response_pct:.0f}% of them answered"
    if not asked.centred:
        return f"{said}."
    own = f"in {asked.council.name} as a whole, {info.response_pct:.0f}% of {roll:,.0f} on the roll answered"
    return f"The roll and response here are not in the release; {own}."


def _inside(asked: Asked) -> list[str]:
    """Where a school belongs, whom a group of small schools holds, and how many schools of a cluster are told alone."""
    area, info = asked.area, asked.info
    if area.members:
        return [f"Told as one: {listed(with_members(area, info.wave))}, as each has few pupils or would be left over."]
    if asked.cluster is not None:
        return [f"The school is in the {asked.cluster.name.removesuffix(' cluster')} cluster."]
    if area.level is AreaLevel.CLUSTER:
        inner = [a for a in evidence.areas(asked.release, f"{info.code}_area") if a.parent == area.code]
        alone = sum(not a.members for a in inner)
        small = [name for a in inner for name in with_members(a, info.wave)]
        more = f"; {listed(small)} are told together" if small else ""
        return [
            f"{alone} of its schools {'has' if alone == 1 else 'have'} figures of {'its' if alone == 1 else 'their'} own{more}."
        ]
    return []


def stands_out(asked: Asked) -> Section:
    """The questions that the build called, then those furthest from what the place is set beside, five in all."""
    marks = five(asked)
    lines = [_how_many(asked)]
    rest = sum(not m.stands_out for m in marks)
    if rest and asked.centred:
        these = "These rows are" if rest == len(marks) else "The last row is" if rest == 1 else f"The last {rest} rows are"
        lines.append(f"{these} the furthest from {asked.council.name}, which may be chance.")
    elif rest:
        lines.append("The other rows are the most common needs." if rest < len(marks) else "These are the most common needs.")
    table = Table("What stands out", _header(asked), tuple(_row(asked, m) for m in marks)) if marks else None
    return Section(
        f"What stands out in {asked.area.name}?", tuple(lines), table=table, notes=tuple(n for n in (asked.found.allowed,) if n)
    )


def _how_many(asked: Asked) -> str:
    """How many of how many questions the build called, and which way; what the summary says where it called none of any."""
    seen = [m for m in asked.found.marks if m.verdict.kind is not Kind.UNTOLD]
    if not seen:
        return asked.found.sentences[1]
    more, less = (sum(m.verdict.kind is kind for m in seen) for kind in (Kind.MORE, Kind.LESS))
    against = {
        AreaLevel.CLUSTER: " from the rest of the area",
        AreaLevel.SCHOOL: ", outside the limits within which schools of this area differ anyway",
        AreaLevel.COUNCIL: f" as changed since {asked.found.earlier}",
    }[asked.area.level]
    out = more + less
    if not out:
        return f"None of {_questions(len(seen))} stands out{against}."
    ways = [(many, word) for many, word in ((more, "more"), (less, "less")) if many]
    said = listed(f"{'all ' if out > 1 else ''}with {word} need" if many == out else f"{many} with {word}" for many, word in ways)
    return f"{out} of {_questions(len(seen))} {'stands' if out == 1 else 'stand'} out{against}, {said}."


def five(asked: Asked) -> list[Mark]:
    """Five questions at most, none whose share is hidden or whose definition was not checked."""
    shown = [m for m in asked.found.marks if m.here.shown and m.indicator.verified]
    return sorted(shown, key=lambda m: (not m.stands_out, -_far(asked, m), m.indicator.label))[:FIVE]


def _far(asked: Asked, mark: Mark) -> float:
    """By how many points a question is away from what it is set beside; of the whole area, how common it is."""
    here = mark.here.pct.value or 0.0
    if mark.stands_out and mark.verdict.size is not None:
        return abs(mark.verdict.size)
    if asked.centred:
        return abs(here - mark.whole.pct.value) if mark.whole.shown and mark.whole.pct.value is not None else -1.0
    return here


def _header(asked: Asked) -> tuple[str, ...]:
    own = "Here: % (with need of answered; 95% interval)"
    if asked.cluster is not None:
        return ("Need", own, f"{asked.cluster.name}: %", f"{asked.council.name}: %", "What the release says")
    if asked.centred:
        return ("Need", own, f"{asked.council.name}: %", "Against the rest of the area")
    published = ("Published",) if any(m.published for m in asked.found.marks) else ()
    earlier = (f"{asked.found.earlier}: %",) if asked.found.earlier else ()
    return ("Need", own, *earlier, *published, "What the release says")


def _row(asked: Asked, mark: Mark) -> tuple[str, ...]:
    share = mark.here
    own = f"{share.pct.text()}% ({share.yes.text()} of {share.base.text()}; {share.interval()})"
    if asked.cluster is not None:
        return (mark.indicator.label, own, asked.of_cluster(mark).pct.text(), mark.whole.pct.text(), mark.verdict.says)
    if asked.centred:
        return (mark.indicator.label, own, mark.whole.pct.text(), mark.verdict.says.replace(REST, ""))
    published = (mark.published.said() if mark.published else "",) if any(m.published for m in asked.found.marks) else ()
    earlier = (mark.before.pct.text() if mark.before.shown else "–",) if asked.found.earlier else ()
    return (mark.indicator.label, own, *earlier, *published, mark.verdict.says)


def every(asked: Asked) -> Section:
    """Every question by domain as one picture, with what is most common."""
    found, beside = asked.found, asked.council.name
    heading = f"How does every question compare with {beside}?" if asked.centred else "How common is every need?"
    scores = mean_scores.lines(asked.release, asked.info.code, asked.area)
    picture = Picture(
        look=Look.SPINE,
        title="Every question, by domain",
        words=found.words(),
        numbers=_numbers(asked),
        points=_with_cluster(asked),
        names=found.names,
        centred=found.centred,
        key=_key(asked),
    )
    return Section(heading, (_most_common(asked), *scores), pictures=(picture,))


def _most_common(asked: Asked) -> str:
    """The need that most children have, of those whose definition was checked."""
    shown = [m for m in asked.found.marks if m.here.shown and m.indicator.verified]
    if not shown:
        return asked.found.sentences[0]
    top = max(shown, key=lambda m: m.here.pct.value or 0.0)
    beside = f"; {asked.council.name} {top.whole.pct.text()}%" if asked.centred and top.whole.shown else ""
    share = f"{top.here.pct.text()}% ({top.here.yes.text()} of {top.here.base.text()}{beside})"
    return f"The most common need is {top.indicator.need}: {share}."


def _key(asked: Asked) -> str:
    own = f" Diamond: its cluster, {asked.cluster.name}." if asked.cluster is not None else ""
    return f"{asked.found.key()}{own}".strip()


def _numbers(asked: Asked) -> Table:
    frame = asked.found.frame()
    if asked.cluster is not None and len(frame):
        place = list(frame.columns).index("Answered") + 1
        shares = [asked.of_cluster(m).pct.text() for m in asked.found.marks]
        frame.insert(place, f"{asked.cluster.name}: %", shares)
    ordered = frame[["Question", *(c for c in frame.columns if c != "Question")]] if len(frame) else frame
    return table_of("Every question", ordered)


def _with_cluster(asked: Asked) -> pd.DataFrame:
    """The points of the picture, with the share of a school's cluster as the diamond beside it."""
    points = asked.found.points()
    if asked.cluster is None:
        return points
    marks = iter(asked.found.marks)
    beside = [None if str(label).startswith(HEADING) else _diamond(asked, next(marks)) for label in points["label"]]
    return points.assign(beside=pd.Series(beside, index=points.index, dtype="object"))


def _diamond(asked: Asked, mark: Mark) -> float | None:
    """How far a school's cluster is from the whole area, where all three shares are shown."""
    theirs, whole = asked.of_cluster(mark), mark.whole
    if not (mark.here.shown and whole.shown and theirs.shown) or theirs.pct.value is None or whole.pct.value is None:
        return None
    return theirs.pct.value - whole.pct.value


def hidden_of(asked: Asked) -> str:
    """How many questions are not shown here, and why."""
    states = [state for m in asked.found.marks if (state := told.unshown(m.here))]
    if not states:
        return ""
    whys = listed(dict.fromkeys(evidence.why(s) for s in states))
    return f"{len(states)} of {_questions(len(asked.found.marks))} not shown here: {whys}."


def compared(asked: Asked) -> bool:
    """Whether the build compared any question of this place."""
    return any(m.verdict.kind is not Kind.UNTOLD for m in asked.found.marks)


def _questions(many: int) -> str:
    return f"{many} question{'' if many == 1 else 's'}"
