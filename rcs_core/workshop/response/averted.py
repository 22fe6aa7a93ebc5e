"""From evidence to children kept from a responsive service for each hundred served: likely, low and high, with what it rests on.

A figure from elsewhere may not hold here: it ranges from nothing to what was published. A null is nought with its interval.
A harm is a harm: it is flagged, and never taken for help.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rcs_core.release import Release
from rcs_core.vocab import InputState
from rcs_core.workshop.evidence import number, text
from rcs_core.workshop.response.published import Published, Verdict, published

EFFECTS = "effects"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row of the release that a number comes from: its table, its place from 1, what names it, and what it says."""

    table: str
    row: int
    key: str
    says: str


@dataclass(frozen=True, slots=True)
class Averted:
    """Children kept from one responsive service for each hundred served. likely is none where the effect is missing.

    notes: what was done to the evidence, in words, each naming the service.
    """

    service: str
    acts_on: str
    likely: float | None
    low: float | None
    high: float | None
    lag: float | None
    retention: float | None
    state: InputState
    source: str
    rows: tuple[SourceRow, ...]
    notes: tuple[str, ...] = ()

    @property
    def harms(self) -> bool:
        """Whether the likely effect is harm."""
        return self.likely is not None and self.likely < 0

    @property
    def usable(self) -> bool:
        """Whether a pound spent on it likely does something."""
        return self.likely is not None and self.likely > 0


def evidence_of(release: Release) -> dict[str, tuple[Averted, ...]]:
    """The evidence for each preventative service: the partnership's own rows, and published ones where it has none of its own."""
    own = [_own(row, place) for place, row in _numbered(release)]
    known = {(one.service, one.acts_on) for one in own}
    linked = published(release)
    found = [_beside(one, linked) for one in own]
    for row in linked:
        if row.linked and (row.service, row.acts_on) not in known:
            found.append(of_published(row))
            known.add((row.service, row.acts_on))
    services = sorted({one.service for one in found})
    return {service: tuple(one for one in found if one.service == service) for service in services}


def effect_rows(release: Release) -> list[dict[str, object]]:
    """Rows of the release's table of effects, and after them published effects linked to services that have none of their own."""
    own = [dict(row) for _, row in _numbered(release)]
    known = {(row["service_id"], row["acts_on"]) for row in own}
    for one in (one for of in evidence_of(release).values() for one in of if (one.service, one.acts_on) not in known):
        own.append({
            "service_id": one.service, "acts_on": one.acts_on, "children_averted_per_100": one.likely, "low": one.low,
            "high": one.high, "unit": "", "lag_years": one.lag, "retention": one.retention, "state": one.state.value,
            "source": one.source, "note": " ".join(one.notes),
        })  # fmt: skip
    return own


def judged(
    service: str, acts_on: str, likely: float | None, low: float | None, high: float | None, state: InputState
) -> tuple[float | None, float | None, float | None, tuple[str, ...]]:
    """What may be made of an effect, by its state: likely, low, high, and what was done in words."""
    pair = f"{service} on {acts_on}"
    if likely is None or state is InputState.MISSING:
        return None, low, high, (f"{pair}: the effect is missing, so it is not tested.",)
    if likely < 0:
        return likely, low, high, (f"{pair}: the likely effect is harm ({likely:g} for each 100). It is never taken for help.",)
    if likely == 0:
        return 0.0, low, high, (f"{pair}: no effect was found{_between(low, high)}; a pound does nothing here.",)
    if state is InputState.PUBLISHED_ELSEWHERE:
        notes = () if (low, high) == (0.0, likely) else (
            f"{pair}: a figure from elsewhere ranges from nothing to what was published, {likely:g}{_instead(low, high)}.",
        )  # fmt: skip
        return likely, 0.0, likely, notes
    return likely, low, high, ()


def of_published(row: Published) -> Averted:
    """A published row that is linked to two services; one that cannot be turned into children is missing, and says why."""
    per_100, why = per_hundred(row)
    pair = f"{row.service} on {row.acts_on}"
    state = InputState.PUBLISHED_ELSEWHERE if per_100 else InputState.MISSING
    likely, low, high = per_100 or (None, None, None)
    if row.verdict is Verdict.NONE and likely is not None:
        likely = 0.0
    likely, low, high, notes = judged(row.service, row.acts_on, likely, low, high, state)
    said = (f"{pair}: {why}.",) if why else notes
    rows = (SourceRow("published_effects", row.row, row.topic, row.says),)
    source = f"{row.topic}: {row.indicator}, {row.geography}, {row.year} ({row.source})"
    return Averted(row.service, row.acts_on, likely, low, high, row.lag, row.retention, state, source, rows, said)


def per_hundred(row: Published) -> tuple[tuple[float, float | None, float | None] | None, str]:
    """Children averted for each hundred (point, low, high), or none and why a figure cannot say so."""
    point, measure = row.figure, row.measure
    if row.verdict is Verdict.MONEY:
        return None, "money published elsewhere is context and never money here, so the effect is missing"
    if row.verdict is Verdict.NONE and (measure is None or not measure.convert):
        return (0.0, None, None), ""
    if point is None or measure is None or not measure.convert:
        return None, f"{row.value} {row.unit} cannot be turned into children, so the effect is missing"
    if not row.better:
        return None, "which way is better is not said, so the effect is missing"
    if measure.convert != "points" and row.baseline_pct is None:
        return None, f"{measure.label} needs the per cent without the service (baseline_pct), so the effect is missing"
    side = 1.0 if row.better == "lower" else -1.0

    def averted(figure: float) -> float:
        return side * -_change(figure, measure.convert, row.baseline_pct or 0.0)

    ends = sorted(averted(end) for end in (row.low, row.high) if end is not None)
    low, high = (ends[0], ends[1]) if len(ends) == 2 else (None, None)
    return (averted(point), low, high), ""


def _change(figure: float, convert: str, baseline_pct: float) -> float:
    """Per cent points that a figure changes an outcome by."""
    if convert == "points":
        return figure
    p = baseline_pct / 100
    after = figure * p if convert == "risk" else figure * p / (1 - p + figure * p)
    return 100 * (min(after, 1.0) - p)


def _numbered(release: Release) -> Iterable[tuple[int, Mapping[str, object]]]:
    return list(enumerate(release.rows(EFFECTS) if EFFECTS in release else [], start=1))


def _own(row: Mapping[str, object], place: int) -> Averted:
    service, acts_on = text(row["service_id"]), text(row["acts_on"])
    given = text(row["state"])
    state = InputState(given) if given in set(InputState) else InputState.MISSING
    told, least, most = (number(row[c]) for c in ("children_averted_per_100", "low", "high"))
    likely, low, high, notes = judged(service, acts_on, told, least, most, state)
    says = f"{_said(told)} children for each 100 served{_between(least, most)}, {state.label.lower()}. {text(row['source'])}"
    rows = (SourceRow(EFFECTS, place, f"{service} on {acts_on}", says),)
    lag, retention = number(row["lag_years"]), number(row["retention"])
    return Averted(service, acts_on, likely, low, high, lag, retention, state, text(row["source"]), rows, notes)


def _beside(one: Averted, linked: Iterable[Published]) -> Averted:
    """The partnership's own row with the published rows that it names itself as resting on."""
    mine = [r for r in linked if (r.service, r.acts_on) == (one.service, one.acts_on)]
    if not mine:
        return one
    rows = (*one.rows, *(SourceRow("published_effects", r.row, r.topic, r.says) for r in mine))
    harm = [r for r in mine if r.verdict is Verdict.HARM]
    notes = tuple(f"{one.service} on {one.acts_on}: published evidence of harm is beside it: {r.says}" for r in harm)
    return Averted(
        one.service, one.acts_on, one.likely, one.low, one.high, one.lag, one.retention, one.state, one.source, rows,
        (*one.notes, *notes),
    )  # fmt: skip


def _said(likely: float | None) -> str:
    return "unknown" if likely is None else f"{likely:g}"


def _between(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f" ({low:g} to {high:g})"


def _instead(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f", and not from {low:g} to {high:g}"
