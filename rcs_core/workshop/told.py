"""What a difference or a change is told as: a line with its number, its interval and its verdict, and a view of such lines.

The build decides what stands out and what may be told; here it becomes words. Everything is from the side of need, in
percentage points: more is more need.
"""

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import CellState
from rcs_core.workshop import evidence
from rcs_core.workshop.evidence import Indicator, Share, number, text


class Kind(StrEnum):
    """What a line says, whatever is compared."""

    MORE = "more"
    LESS = "less"
    SAME = "same"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison: of what, by how many points, and what it says; `beside` are further columns of its table row."""

    label: str
    place: str
    kind: Kind
    value: float | None
    low: float | None
    high: float | None
    says: str
    why_not: str = ""
    beside: tuple[tuple[str, str], ...] = ()

    @property
    def stands_out(self) -> bool:
        """Whether it is more than chance, after allowing for how many were looked at."""
        return self.kind in (Kind.MORE, Kind.LESS)


@dataclass(frozen=True, slots=True)
class Told:
    """A view of lines: the sentence that leads them, what it rests on, what stands out in words, and the notes.

    names: what more, less and neither are called in the picture.
    """

    lines: tuple[Line, ...]
    row_title: str
    measure: str
    names: tuple[str, str, str]
    headline: str
    basis: str
    standing_out: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def drawn(self) -> bool:
        """Whether any line has a number to draw."""
        return any(line.value is not None for line in self.lines)

    def frame(self) -> pd.DataFrame:
        """The lines as a reader sees them."""
        many = len({line.place for line in self.lines}) > 1
        rows = []
        for line in self.lines:
            named = {"School cluster": line.place} if many and line.place != line.label else {}
            figures = {f"{self.measure} (points)": line.value, "95% interval": span(line.low, line.high)}
            rows.append({**named, self.row_title: line.label, **dict(line.beside), **figures, "What it says": line.says})
        return pd.DataFrame(rows).astype({f"{self.measure} (points)": "Int64"})

    def points(self) -> pd.DataFrame:
        """The lines as a chart draws them; one without a number keeps its row and says why in its label."""
        series = dict(zip((Kind.MORE, Kind.LESS, Kind.SAME), self.names, strict=True))
        rows = []
        for order, line in enumerate(self.lines):
            label = f"{line.label} ({line.why_not})" if line.value is None and line.why_not else line.label
            name = series.get(line.kind, self.names[2])
            rows.append((label, order, name, line.value, line.low, line.high, signed(line.value), line.says))
        return pd.DataFrame(rows, columns=["label", "order", "series", "value", "low", "high", "said", "says"])

    def words(self) -> str:
        """The picture in words, for those who cannot see it."""
        many = len({line.place for line in self.lines}) > 1
        said = [f"{f'{ln.place}, ' if many and ln.place != ln.label else ''}{ln.label}: {ln.says}" for ln in self.lines]
        return f"{self.measure} in percentage points of need, with 95% intervals. {'; '.join(said)}."


def signed(value: float | None) -> str:
    """Whole points with their sign: +4, −2, 0; blank where there is no number."""
    if value is None:
        return ""
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{abs(value):.0f}"


def plain(value: float) -> str:
    """A whole number with a true minus."""
    return f"{'−' if round(value) < 0 else ''}{abs(value):.0f}"


def span(low: float | None, high: float | None) -> str:
    """An interval in words: 1 to 7; blank where there is none."""
    return "" if low is None or high is None else f"{plain(low)} to {plain(high)}"


def size(low: float | None, high: float | None, value: float) -> str:
    """An interval by its size, for a sentence that says the direction: 2 to 8 where it is down by 5 (−8 to −2)."""
    if low is None or high is None:
        return ""
    return span(low, high) if value > 0 else span(-high, -low)


def points(value: float) -> str:
    """How many points: 1 point, 4 points."""
    return f"{abs(value):.0f} point{'' if round(abs(value)) == 1 else 's'}"


def not_shown(reason: object, *shares: Share) -> tuple[str, str]:
    """Why a line is not told, in words and in fewer words for its label: a share it rests on is hidden, or the reason given."""
    state = unshown(*shares)
    if state is not None:
        return f"not shown: {evidence.why(state)}", state.said
    return f"not shown: {lowered(reason) or 'no reason is given'}", "not shown"


def unshown(*shares: Share) -> CellState | None:
    """The state of the first share that may not be read; None where all may."""
    return next((s.pct.state for s in shares if not s.shown), None)


def lowered(reason: object) -> str:
    """A reason as it stands inside a sentence."""
    found = text(reason)
    return found[:1].lower() + found[1:]


def rows_of(release: Release, table: str, survey: str, **where: str) -> list[dict[str, object]]:
    """The rows of one of the tables that are told, for a survey, in the order of the release; none where it has no such table."""
    if table not in release:
        return []
    frame = release.tables[table].frame
    for column, wanted in {"survey": survey, **where}.items():
        frame = frame[frame[column] == wanted]
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def figures(row: dict[str, object], value: str) -> tuple[float | None, float | None, float | None]:
    """The number of a row and its interval."""
    return number(row[value]), number(row["low"]), number(row["high"])


def tally(release: Release, survey: str, about: str, what: str) -> str:
    """How many comparisons were made, how many chance alone would flag, and how many stand out after allowing for it.

    what: a sentence without its stop, in which {tests} stands for how many were made.
    """
    page = tested(release, survey, about)
    if page is None:
        return ""
    tests, flagged, chance = page
    by_chance = f"about {chance:.0f}" if round(chance) >= 1 else "fewer than one"
    return (
        f"{what.format(tests=tests)}. With no true difference, a plain test would flag {by_chance} by chance; after allowing for "
        f"that, {flagged or 'none'} {'stands' if flagged == 1 else 'stand'} out."
    )


def tested(release: Release, survey: str, about: str) -> tuple[int, int, float] | None:
    """How many of these comparisons were made of the current wave, how many stand out, and how many chance would flag."""
    now = evidence.current_wave(release, survey)
    pages = rows_of(release, "comparison_pages", survey, about=about, wave=now)
    if not pages:
        return None
    tests, flagged, chance = (number(pages[0][c]) or 0.0 for c in ("tests", "flagged", "unadjusted_by_chance"))
    return round(tests), round(flagged), chance


def reasons_kept(lines: tuple[Line, ...]) -> list[str]:
    """The notes that a reader needs where an interval and its verdict seem to disagree, or a size is not given."""
    clear = [ln for ln in lines if ln.low is not None and ln.high is not None and (ln.low > 0 or ln.high < 0)]
    notes = []
    if any(not ln.stands_out for ln in clear):
        notes.append(
            "An interval may leave out 0 and the line still say that nothing is clear: one interval allows for chance in one "
            "comparison, the verdict for chance in all of those made."
        )
    if any(ln.value is None and ln.stands_out for ln in lines):
        notes.append(
            "A size is hidden [c] where that of another place is hidden and could be worked out from it; the verdict stands."
        )
    return notes


def asked_in(release: Release, survey: str, table: str, **where: str) -> list[Indicator]:
    """The questions of a survey that a table speaks of, in the order they were asked."""
    told = {str(r["indicator"]) for r in rows_of(release, table, survey, **where)}
    return [i for i in evidence.indicators(release, survey) if i.code in told]
