"""How an error in the house form is drawn: what, where, got, expected, what to do."""

from collections.abc import Iterator
from typing import Any

import streamlit as st

from rcs_core.errors import RcsError


def lines(problem: RcsError) -> Iterator[str]:
    """The error in markdown, a line a part."""
    got = f" (got {problem.got})" if problem.got else ""
    yield f"**{problem.what[:1].upper()}{problem.what[1:]}**{got}"
    yield from (f"Where: {problem.where}",) if problem.where else ()
    yield from (f"Expected: {problem.expected}",) if problem.expected else ()
    yield from (f"To fix: {problem.remedy}",) if problem.remedy else ()


def draw(problem: RcsError, place: Any = st) -> None:
    """The error where it happened."""
    place.error("\n\n".join(line.replace("$", "\\$") for line in lines(problem)), icon=":material/error:")
