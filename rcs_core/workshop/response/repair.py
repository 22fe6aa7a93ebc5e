"""A response that a plan can use: every further pound does no more than the one before, and none does harm.

A curve that breaks this is repaired, and the repair is said with the service's name and the curve before and after. Where a
later pound would do more than an earlier one, both do their average (the least concave curve that is nowhere below it);
where a pound would do harm, it does nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rcs_core.errors import ScenarioError

type Segment = tuple[float | None, float]
"""Width in money (none: without end) and effect for each pound of it."""
_NOISE = 1e-12


@dataclass(frozen=True, slots=True)
class Repaired:
    """The segments that a plan can use, and what was done to them in words."""

    segments: tuple[Segment, ...]
    messages: tuple[str, ...] = ()


def repaired(service: str, segments: Sequence[Segment]) -> Repaired:
    """Make a response concave and never harmful; raises ScenarioError where a width is no width."""
    _check(service, segments)
    concave = _pooled(segments)
    messages = []
    if len(concave) != len(segments) or any(abs(a[1] - b[1]) > _NOISE for a, b in zip(concave, segments, strict=False)):
        messages.append(
            f"{service}: a later pound would do more than an earlier one ({_said(segments)}); a plan cannot spend it first, so "
            f"both do their average ({_said(concave)})."
        )
    safe = tuple((width, max(slope, 0.0)) for width, slope in concave)
    if any(slope < -_NOISE for _, slope in concave):
        messages.append(
            f"{service}: a pound would do harm ({_said(concave)}); it is taken to do nothing ({_said(safe)}) and not to help."
        )
    return Repaired(safe, tuple(messages))


def from_points(service: str, points: Sequence[tuple[float, float]]) -> tuple[Segment, ...]:
    """Segments of a response that was measured at several spends: (spend, effect a year), from (0, 0) on."""
    ordered = sorted({(0.0, 0.0), *points})
    if len({spend for spend, _ in ordered}) != len(ordered) or ordered[0] != (0.0, 0.0):
        raise ScenarioError("a response has two effects for one spend", service, str(points), "one effect for each spend")
    return tuple((more - less, (after - before) / (more - less)) for (less, before), (more, after) in pairwise(ordered))


def _pooled(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """Neighbours that rise are pooled into their average, until slopes fall (pool adjacent violators).

    A last segment without end cannot be averaged in: it does no more than the one before it.
    """
    finite = [(width, slope) for width, slope in segments if width is not None]
    found: list[Segment] = []
    stack: list[tuple[float, float]] = []
    for width, slope in finite:
        stack.append((width, slope))
        while len(stack) > 1 and stack[-1][1] > stack[-2][1] + _NOISE:
            (w2, s2), (w1, s1) = stack.pop(), stack.pop()
            stack.append((w1 + w2, (w1 * s1 + w2 * s2) / (w1 + w2)))
    found += stack
    if len(finite) < len(segments):
        endless = segments[-1][1]
        found.append((None, min(endless, stack[-1][1]) if stack else endless))
    return tuple(found)


def _check(service: str, segments: Sequence[Segment]) -> None:
    widths = [width for width, _ in segments]
    if not segments or any(w is None for w in widths[:-1]) or any(w is not None and not w > 0 for w in widths):
        raise ScenarioError(
            "a response is no list of segments", service, str(list(segments)), "widths over 0, only the last endless"
        )


def _said(segments: Sequence[Segment]) -> str:
    return ", then ".join(f"{slope:g} each for {'all' if width is None else f'{width:g}'} more" for width, slope in segments)
