"""What people typed in a session, fit to leave in its pack: no child's number, no provider's name, no price of what is bought.

One sentence that may not leave must not hold up the record of a whole session. So the words in question are left out where they
stand, what was left out is said there in brackets, and it is counted. The store keeps what was typed as it was typed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from enum import Enum
from typing import Any

import pandas as pd

from rcs_core.gate.bought import kept_back
from rcs_core.gate.contents import Contents
from rcs_core.gate.identity import identifiers
from rcs_core.release import Release
from rcs_core.workshop import big_screen
from rcs_core.workshop.meeting.spoken import kind_of

PROVIDER, SUM = "[a provider]", "£–"
_POUNDS = re.compile(r"£ ?\d[\d,]*(?:\.\d+)?(?: ?(?:million|thousand|[mk])\b)?")
_LEAST = 6
"""Signs of the shortest text that can hold what may not leave."""


@dataclass(slots=True)
class Fit:
    """The rule for one release, and how often it was needed. providers: names that the big screen keeps back.

    bought: names of services of which it keeps the price back.
    """

    year: int
    providers: tuple[str, ...] = ()
    bought: tuple[str, ...] = ()
    numbers: int = 0
    named: int = 0
    priced: int = 0
    _known: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, release: Release) -> "Fit":
        """The rule for what leaves with the figures of a release."""
        providers = sorted(kept_back(release).providers, key=len, reverse=True)
        known = big_screen.register(release) if "services" in release else {}
        bought = sorted(str(known[id]["service_name"]) for id in big_screen.bought(release)) if known else []
        return cls(int(release.manifest.year[:4]), tuple(providers), tuple(bought))

    def text(self, said: str) -> str:
        """A text as it may leave."""
        if len(said) < _LEAST:
            return said
        if said not in self._known:
            self._known[said] = self._fitted(said)
        return self._known[said]

    def _fitted(self, said: str) -> str:
        if kind := kind_of(said, self.year):
            self.numbers += 1
            return f"[left out here: it holds {kind[:1].lower()}{kind[1:]}]"
        if identifiers(Contents(texts=[said]), self.year):
            self.numbers += 1
            return "[left out here: it holds what a child could be known by]"
        found = said
        for name in self.providers:
            found = found.replace(name, PROVIDER)
        self.named += found != said
        if any(name in said for name in self.bought) and (without := _POUNDS.sub(SUM, found)) != found:
            self.priced += 1
            return without
        return found

    def every[T](self, value: T) -> T:
        """The same value with every text in it as it may leave: dataclasses, tuples, lists and mappings are gone through."""
        found: T = self._every(value)
        return found

    def _every(self, value: Any) -> Any:
        if isinstance(value, (Enum, date)):
            return value
        if isinstance(value, str):
            return self.text(value)
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{f.name: self._every(getattr(value, f.name)) for f in fields(value)})
        if isinstance(value, Mapping):
            return {key: self._every(one) for key, one in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(self._every(one) for one in value)
        return value

    def frame(self, rows: pd.DataFrame) -> pd.DataFrame:
        """A table with every text in it as it may leave; a row that names a bought service tells no sum in any cell."""
        found = rows.map(lambda cell: self.text(cell) if isinstance(cell, str) else cell)
        told = rows.apply(lambda row: any(name in str(cell) for cell in row for name in self.bought), axis=1)
        if found.empty or not told.any():
            return found
        return found.astype(object).where(
            ~told, found.map(lambda cell: _POUNDS.sub(SUM, cell) if isinstance(cell, str) else cell)
        )

    def said(self) -> list[str]:
        """What was left out, in words; nothing where nothing was."""
        found = []
        if self.numbers:
            found.append(
                f"Left out in {self.numbers} place{'' if self.numbers == 1 else 's'}: words with a number, address or date that "
                "a child could be known by. The place says so in brackets."
            )
        if self.named:
            found.append("Names of providers are left out, as on the big screen.")
        if self.priced:
            found.append("Sums in sentences on a service that is bought are left out, as on the big screen.")
        return found
