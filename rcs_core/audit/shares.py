"""Counts that follow from a published share: base x share, and what is left of the base."""

from collections.abc import Mapping

from rcs_core.release import ALL

WHOLE = 100.0
_WORDS = ("pct", "percent", "share", "%", "rate")
_NOT = ("low", "high", "state", "lower", "upper", "cv", "margin")


def is_share(column: str) -> bool:
    """Whether a column's name says that it holds a share in per cent (not the end of an interval)."""
    name = column.lower()
    return any(word in name for word in _WORDS) and not any(part in _NOT for part in name.replace(" ", "_").split("_"))


def from_share(
    share: float, digits: int, group: Mapping[str, int | None], band: str, own: int | None, min_cell: int
) -> str | None:
    """What a share gives away of its group, in words; None when it gives nothing that is not published and large enough.

    share: per cent, told to `digits` decimals; group: the published counts of the group by answer; band: the answer that the
    share stands beside; own: the count beside it. Counts that are published speak for themselves.
    """
    if not 0 <= share <= WHOLE:
        return None
    half = 0.5 * 10.0**-digits
    low, high = max(share - half, 0.0) / WHOLE, min(share + half, WHOLE) / WHOLE
    base = group.get(ALL, own if band == ALL else None)
    answers = [n for name, n in group.items() if name != ALL]
    if base is not None and not answers:
        return _told(base * high, base * (1 - low), base, min_cell)
    if base is None and band != ALL and own is not None and len(answers) == 1 and low > 0:
        return _told(float(own), own * (1 - low) / low, None, min_cell)
    return None


def _told(count: float, rest: float, base: int | None, min_cell: int) -> str | None:
    of = "" if base is None else f" of {base}"
    if count < min_cell:
        return f"with its base it gives fewer than {min_cell} children{of}"
    if rest < min_cell:
        return f"with its base it leaves fewer than {min_cell} children{of} who are not in it"
    return None
