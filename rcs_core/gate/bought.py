"""What a shared screen keeps back: names of providers, and prices of single services that are bought.

In: what a file says, and the release it is of. Out: what in it may not leave a screen that partners look at together.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rcs_core.gate.contents import Contents, Grid
from rcs_core.gate.refusal import Refusal
from rcs_core.gate.words import plain
from rcs_core.release import Release
from rcs_core.vocab import Agency
from rcs_core.workshop.big_screen import bought, register
from rcs_core.workshop.evidence import text

_MONEY = re.compile(r"£|_gbp$|GBP|^(pounds|thousands|millions)$")
"""Headings of amounts, those of a picture's rows among them."""
_AMOUNT = re.compile(r"-?\d[\d,]*(\.\d+)?")
_OWN_NAME = re.compile(r"[A-Z]\S* (?:\S+ )*[A-Z]\S*")
"""Two words or more that begin with a capital: a provider called by one common word is looked for in no sentence."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Names of providers, and names and ids of services whose price is somebody's contract."""

    providers: frozenset[str]
    services: frozenset[str]


def kept_back(release: Release) -> Kept:
    """What a release knows and a shared screen does not show; nothing where it knows no services."""
    if "services" not in release:
        return Kept(frozenset(), frozenset())
    known, sold = register(release), bought(release)
    common = {text(row.get(c)) for row in known.values() for c in ("service_name", "parent_group")}
    common |= {agency.label for agency in Agency}  # who pays is on the screen, also where it runs a service itself
    paid = {text(known[sid].get("provider")) for sid in sold}
    inside = {text(row.get("provider")) for sid, row in known.items() if sid not in sold}
    called = {plain(text(known[sid]["service_name"])) for sid in sold}
    names = {name for name in paid - inside - common if _OWN_NAME.fullmatch(name)}
    return Kept(frozenset(names), frozenset({*called, *map(plain, sold)}))


def on_shared_screen(found: Contents, release: Release) -> list[Refusal]:
    """Names of providers anywhere, and a sum of money in a row that is of one bought service."""
    kept = kept_back(release)
    said = set(found.said())
    named = any(name in one for name in kept.providers for one in said if len(one) >= len(name))
    out = [Refusal("the name of a provider", "in its text", "names kept back, as on the shared screen")] if named else []
    return [*out, *(one for grid in found.grids for one in _priced(grid, kept))]


def _priced(grid: Grid, kept: Kept) -> Iterator[Refusal]:
    """Rows of a bought service with an amount under a heading of money."""
    money: set[int] = set()
    for k, row in enumerate(grid.rows):
        if not any(_AMOUNT.fullmatch(cell) for cell in row):  # a row without a figure may be a header
            money = {c for c, cell in enumerate(row) if _MONEY.search(cell)} or money
        if any(_named(cell) in kept.services for cell in row) and any(_AMOUNT.fullmatch(row[c]) for c in money if c < len(row)):
            yield Refusal("the price of a bought service", f"{grid.name}, row {k + 1}", "a dash, as on the shared screen")


def _named(cell: str) -> str:
    """A cell as a name: what a picture's label says after a point in the middle is not part of it."""
    return plain(cell.partition("\u00a0·")[0])
