"""What is worked out of a release once and kept with it, as a release never changes."""

from collections.abc import Callable
from functools import wraps

from rcs_core.release import Release

MOST = 8
"""Releases of which it is kept; the oldest goes first."""


def of_release[T](make: Callable[[Release], T]) -> Callable[[Release], T]:
    """A function of a release that works its answer out once for each; nobody may change what comes back."""
    kept: list[tuple[Release, T]] = []

    @wraps(make)
    def found(release: Release) -> T:
        for held, made in kept:
            if held is release:
                return made
        kept.append((release, made := make(release)))
        del kept[:-MOST]
        return made

    return found
