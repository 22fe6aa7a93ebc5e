"""Whose a scenario workbook is, and how far it may be trusted: what its cover, notes and footers say."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from rcs_core import __version__
from rcs_core.stamp import Stamp
from rcs_core.workshop.export.extras_found import Extras

DISCUSSION_ONLY = "DISCUSSION ONLY: this rests on guesses and is not the basis for a decision"
FICTIONAL = "FICTIONAL: invented data about nobody"
NO_RELEASE = "none: from a scenario file"


class HasDict(Protocol):
    """A scenario or a result, which both give their interchange form."""

    def to_dict(self) -> dict[str, Any]:
        """The interchange form."""
        ...


@dataclass(frozen=True, slots=True)
class About:
    """Whose scenario a workbook is, on which release, by whom and when, and how it is to be read.

    names: what to call an id (services, agencies, localities). assumptions: rows with id, text, value, unit, state, source.
    guess_share and discussion are worked out from the plan, as on the screen, when they are left out. built: the day of the
    release. bought: how many bought services have their price in it. extras: what the workbook says beside the plan; worked
    out from the scenario and its answer where it is left out.
    """

    partnership: str
    release_id: str
    date: dt.date
    author: str
    fictional: bool
    depth: str = "discuss"
    units: str = "children a year"
    notes: Sequence[str] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    assumptions: Sequence[Mapping[str, Any]] = ()
    code_version: str = __version__
    guess_share: float | None = None
    discussion: bool | None = None
    built: str = ""
    bought: int = 0
    extras: Extras | None = None

    @classmethod
    def of_scenario(cls, scenario: HasDict) -> "About":
        """What can be said of a scenario file alone, which names no release and no author."""
        depth = str(scenario.to_dict().get("depth") or "evidence")
        return cls("Not stated in the file", NO_RELEASE, dt.datetime.now(dt.UTC).date(), "", False, depth, "units")

    @property
    def discussion_only(self) -> bool:
        """Whether the figures rest on so little that nothing may be decided on them; by depth where it was not worked out."""
        return self.depth == "discuss" if self.discussion is None else self.discussion

    @property
    def footer(self) -> str:
        """What stands at the foot of every page: area, release, day, and how far it may be used."""
        marks = [*(["DISCUSSION ONLY"] if self.discussion_only else []), *(["FICTIONAL"] if self.fictional else [])]
        return ", ".join([self.partnership, f"release {self.release_id}", self.date.isoformat(), *marks])

    def stamp(self, years: str, price_year: str) -> Stamp:
        """The stamp of the file, for its name and to cite it."""
        of_release = "" if self.release_id == NO_RELEASE else self.release_id
        return Stamp(self.partnership, years, of_release, self.built, self.date, self.fictional, self.author, price_year,
                     self.discussion_only, code_version=self.code_version)  # fmt: skip

    def file_name(self, subject: str) -> str:
        """What the workbook's file is called; a file alone names no area and no release."""
        stamp = self.stamp("", "")
        return (replace(stamp, area="") if self.release_id == NO_RELEASE else stamp).file_name(subject, "xlsx")
