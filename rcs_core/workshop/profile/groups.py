"""Girls, boys and every stage on the first questions that stand out, as small pictures of one scale.

Each table is read once for the place. A group that is hidden keeps its row and says why; a group is described, not tested.
"""

from dataclasses import dataclass

import pandas as pd

from rcs_core.vocab import AreaLevel, Label, Sex, Stage
from rcs_core.workshop import evidence, told
from rcs_core.workshop.evidence import Share
from rcs_core.workshop.profile.first import Asked, five
from rcs_core.workshop.profile.parts import Look, Picture, Section, Table
from rcs_core.workshop.small_multiples import STEP
from rcs_core.workshop.spine_verdicts import Mark

HEADING = "Is it the same for girls and boys, and at every stage?"
FOUR = 4
"""Questions that are told by sex and stage: the first of those that stand out."""
WAYS: tuple[tuple[tuple[str, ...], tuple[Label, ...]], ...] = (
    (("area_sex", "sex"), tuple(s for s in Sex if s is not Sex.NOT_KNOWN)),
    (("stage",), tuple(Stage)),
)
"""The tables of a way to group, and its groups in their order."""


@dataclass(frozen=True, slots=True)
class Groups:
    """One question by group: each label with its share, and the question's share in the whole place."""

    mark: Mark
    rows: tuple[tuple[str, Share], ...]

    def points(self) -> pd.DataFrame:
        """The rows as a chart draws them."""
        whole = self.mark.here.pct.value
        columns = ["label", "order", "pct", "low", "high", "whole", "said", "says"]
        rows = [
            (f"{label} {share.pct.state.mark}".strip(), k, *_ends(share), whole, _said(share), _says(share))
            for k, (label, share) in enumerate(self.rows)
        ]
        return pd.DataFrame(rows, columns=columns)

    def words(self) -> str:
        """The picture in words."""
        each = "; ".join(f"{label} {_said(share) or share.pct.state.said}" for label, share in self.rows)
        return f"{self.mark.indicator.need}, share with need by sex and stage: {each}; all {self.mark.here.pct.text()}%."

    def table(self) -> Table:
        """Its numbers."""
        header = ("Question", "Group", "% with need", "95% interval", "With need", "Answered")
        rows = tuple(
            (self.mark.indicator.label, label, s.pct.text(), s.interval(), s.yes.text(), s.base.text()) for label, s in self.rows
        )
        return Table("By sex and stage", header, rows, keys=2)

    def hidden(self) -> str:
        """How many of its groups are not shown, and why; blank where all are."""
        states = [state for _, share in self.rows if (state := told.unshown(share))]
        whys = evidence.listed(dict.fromkeys(evidence.why(s) for s in states))
        return f"{self.mark.indicator.label}: {len(states)} of {len(self.rows)} groups not shown, {whys}." if states else ""


def groups(asked: Asked) -> Section:
    """The section: pictures where the release has such figures of this place, and why not where it has none."""
    found = _groups(asked)
    if not found:
        return Section(HEADING, (_none(asked),))
    top = _top([share for one in found for _, share in one.rows])
    pictures = tuple(
        Picture(Look.GROUPS, one.mark.indicator.label, one.words(), one.table(), one.points(), top=top) for one in found
    )
    lead = (
        f"{'The first ' if len(found) > 1 else ''}{len(found)} of the rows above: % with need and its 95% interval, all on one "
        f"scale; dashed, all of {asked.area.name}. Described, not tested."
    )
    return Section(HEADING, (lead, *(said for one in found if (said := one.hidden()))), pictures=pictures)


def _groups(asked: Asked) -> list[Groups]:
    tables = [_shares(asked, names) for names, _ in WAYS]
    found = []
    for mark in five(asked):
        rows = [
            (label.label, shares[(mark.indicator.code, label.value)].of_need(mark.indicator))
            for shares, (_, labels) in zip(tables, WAYS, strict=True)
            for label in labels
            if (mark.indicator.code, label.value) in shares
        ]
        if rows:
            found.append(Groups(mark, tuple(rows)))
    return found[:FOUR]


def _shares(asked: Asked, names: tuple[str, ...]) -> dict[tuple[str, ...], Share]:
    table = next((t for name in names if (t := f"{asked.info.code}_{name}") in asked.release), "")
    return evidence.shares(asked.release, table, area=asked.area.code)


def _none(asked: Asked) -> str:
    if asked.area.level is AreaLevel.SCHOOL:
        return f"Girls and boys, and stages, are not told of a school in this release, {evidence.NO_CHILD}; see its cluster."
    return f"This release has no figures of {asked.info.children} in {asked.area.name} by sex or stage."


def _top(shares: list[Share]) -> int:
    """Where the shared scale ends: the next whole step above the longest interval."""
    ends = [s.high if s.high is not None else s.pct.value or 0.0 for s in shares if s.shown]
    return min(100, STEP * (int(max(ends, default=0) // STEP) + 1))


def _ends(share: Share) -> tuple[float | None, float | None, float | None]:
    return (share.pct.value, share.low, share.high) if share.shown else (None, None, None)


def _said(share: Share) -> str:
    return f"{share.pct.text()}%" if share.shown else ""


def _says(share: Share) -> str:
    if not share.shown:
        return f"not shown: {evidence.why(share.pct.state)}"
    return f"{share.pct.text()}% ({share.interval()}), {share.yes.text()} of {share.base.text()}"
