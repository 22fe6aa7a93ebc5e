"""Whose a file is: area, subject, day, release; said in its name and inside it, the same for every kind of file.

What comes in is a release (or what is known of a scenario file); what goes out is a name, lines for a cover, and a citation.
"""

import datetime as dt
import re
from dataclasses import dataclass, replace

from rcs_core import __version__
from rcs_core.release import Release

DISCUSSION_ONLY = "Discussion only"
FICTIONAL = "Fictional: invented data about nobody"
_LONGEST = 80
"""Letters of the subject in a file's name; some programs refuse a path of more than 255 in all."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every file that leaves says of itself.

    year: the financial year of the figures. taken: the day it left. discussion: whether nothing may be decided on it.
    prices_hidden: whether names and prices of bought services were kept back, because it left from a shared screen.
    """

    area: str
    year: str
    release_id: str
    built: str
    taken: dt.date
    fictional: bool = False
    author: str = ""
    price_year: str = ""
    discussion: bool = False
    prices_hidden: bool = False
    code_version: str = __version__

    @classmethod
    def of(cls, release: Release, taken: dt.date, author: str = "", prices_hidden: bool = False) -> "Stamp":
        """What a release says of itself on a day."""
        about = release.manifest
        return cls(about.partnership, about.year, release.id, about.built_at[:10], taken, about.fictional, author,
                   prices_hidden=prices_hidden)  # fmt: skip

    def discussed(self, only: bool) -> "Stamp":
        """The same, marked where nothing may be decided on it."""
        return replace(self, discussion=only)

    def file_name(self, subject: str, kind: str) -> str:
        """Area, subject, day and release, and that it is for discussion only where it is; kind: xlsx, docx, csv, ..."""
        parts = [slug(self.area), slug(subject)[:_LONGEST].strip("-"), self.taken.isoformat(), self.release_id]
        parts += [slug(DISCUSSION_ONLY)] if self.discussion else []
        return "_".join(part for part in parts if part) + f".{kind}"

    def lines(self) -> list[tuple[str, str]]:
        """What a cover or a notes file says: label and text; what does not apply is left out."""
        found = [
            ("Area", self.area),
            ("Figures of", self.year),
            ("Prices of", self.price_year),
            ("Taken away on", self.taken.isoformat()),
            ("By", self.author),
            ("Release", f"{self.release_id}, built {self.built}" if self.built else self.release_id),
            ("Program", f"RCS workbench {self.code_version}"),
            (
                "Standing",
                f"{DISCUSSION_ONLY}: it rests on guesses and is not the basis for a decision" if self.discussion else "",
            ),
            ("Data", FICTIONAL if self.fictional else ""),
            ("Left out", "Names and prices of bought services, as on the shared screen" if self.prices_hidden else ""),
        ]
        return [(label, text) for label, text in found if text]

    def citation(self, subject: str) -> str:
        """One line with which a paper cites the file."""
        invented = " Fictional data." if self.fictional else ""
        return (
            f"{self.area}, {self.year}. {subject}. RCS workbench {self.code_version}, release {self.release_id}"
            f"{f' of {self.built}' if self.built else ''}, taken away on {self.taken.isoformat()}.{invented}"
        )


def slug(text: str) -> str:
    """A text as part of a file's name."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
