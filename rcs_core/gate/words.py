"""From the words of a page back to the codes of the release: surveys, questions, places and groups by what they are called.

In: a release. Out: what each name means, so that a figure in a table that somebody takes away is known for the cell it is of.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from rcs_core.release import Release
from rcs_core.vocab import Contact, Domain, Label, Sex, SimdQuintile, Stage, Survey

_MARKED = re.compile(r"\s*(\((hidden )?(\[[a-z]\]|not shown)\)|\[[a-z]\])|^# ")
_TOPS = ("all of ", "the rest of ")
_KINDS = (" (school)", ", whole area")
_CONTACTS = {
    "social work contact": Contact.SOCIAL_WORK, "no social work contact": Contact.NO_SOCIAL_WORK,
    "social work or additional support": Contact.EITHER, "either service": Contact.EITHER, "either of the two": Contact.EITHER,
    "additional support": Contact.ADDITIONAL_SUPPORT, "no additional support": Contact.NO_ADDITIONAL_SUPPORT,
}  # fmt: skip
FIFTHS = "deprivation"
type Group = tuple[str, str]
"""A dimension and its code."""


def plain(text: str) -> str:
    """A name as it is compared: one line, no marks, one space, small letters."""
    return " ".join(_MARKED.sub("", text.replace("|", " ")).split()).casefold()


@dataclass(frozen=True, slots=True)
class At:
    """What a row is about, as far as it is known; a group beside its area."""

    survey: str = ""
    wave: str = ""
    indicator: str = ""
    need: str = ""
    area: str = ""
    groups: frozenset[Group] = frozenset()


@dataclass(frozen=True, slots=True)
class Words:
    """What names mean. needs: survey -> title -> question and the answer that means need; waves: the current one of a survey."""

    surveys: Mapping[str, str]
    waves: Mapping[str, str]
    needs: Mapping[str, Mapping[str, tuple[str, str]]]
    areas: Mapping[str, str]
    top: str
    groups: Mapping[str, Group]
    sensitive: frozenset[tuple[str, str]] = frozenset()
    _known: dict[str, str] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, release: Release) -> Self:
        """The words of a release; none where it holds no survey."""
        if not {"areas", "indicators", "surveys"} <= set(release.tables):
            return cls({}, {}, {}, {}, "", {})
        told = release.rows("surveys")
        now = [row for row in told if str(row.get("current", True)) != "False"]
        surveys = {plain(str(row["title"])): str(row["survey"]) for row in told}
        surveys |= {plain(Survey(code).label): code for code in surveys.values() if code in set(Survey)}
        places = release.rows("areas")
        tops = [str(row["area"]) for row in places if row["level"] == "council"]
        touchy = {(str(r["survey"]), str(r["indicator"])) for r in release.rows("indicators") if r["sensitive"]}
        return cls(
            surveys,
            {str(row["survey"]): str(row["wave"]) for row in now},
            {code: _needs(release, code) for code in surveys.values()},
            {plain(str(row["name"])): str(row["area"]) for row in places},
            tops[0] if tops else "",
            _groups(),
            frozenset(touchy),
        )

    def area(self, text: str) -> str:
        """The code of a place, or nothing."""
        name = plain(text)
        for top in _TOPS[:1]:
            name = name.removeprefix(top)
        for kind in _KINDS:
            name = name.removesuffix(kind)
        return self.areas.get(name, "")

    def need(self, survey: str, text: str) -> tuple[str, str]:
        """The question that a text names and its answer that means need, or nothing."""
        return self.needs.get(survey, {}).get(plain(text), ("", ""))

    def group(self, text: str, heading: str) -> Group | None:
        """The group that a text names under a heading: a bare number is a fifth only where fifths are told."""
        name = plain(text)
        if name in ("2", "3", "4") or name == "not known":
            code = SimdQuintile.NOT_KNOWN.value if name == "not known" else name
            return ("simd_quintile", code) if FIFTHS in heading.casefold() else None
        return self.groups.get(name)

    def context(self, subject: str) -> At:
        """What the name of a table says of all its rows: the longest names in it, and the place that it names last."""
        said = plain(subject)
        survey = self.surveys.get(_longest(said, self.surveys), "")
        area = self.areas.get(_last(said, self.areas), "")
        code, band = self.needs.get(survey, {}).get(_longest(said, self.needs.get(survey, {})), ("", ""))
        return At(survey, self.waves.get(survey, ""), code, band, area or self.top)


def _longest(said: str, names: Iterable[str]) -> str:
    return max((name for name in names if name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said)), key=len, default="")


def _last(said: str, names: Iterable[str]) -> str:
    """The name that ends last; of those, the longest: a place is told by its cluster, so the cluster is named after it."""
    ends = {name: [m.end() for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", said)] for name in names if name}
    return max((name for name, found in ends.items() if found), key=lambda name: (max(ends[name]), len(name)), default="")


def _needs(release: Release, survey: str) -> dict[str, tuple[str, str]]:
    """Every way in which pages write a need: its title, the answer after it, its part of life before it."""
    found = {}
    for row in release.rows("indicators"):
        if row["survey"] == survey:
            band = str(row["need_band"])
            title = plain(str(row["title"]))
            names = [title, f"{title} (definition not checked)"]
            names += [f"{name}: {band}" for name in names] + [f"“{title}”", f"“{title}” answered {band}"]
            domain = str(row.get("domain", ""))
            part = plain(Domain(domain).label) if domain in set(Domain) else domain
            for name in (*names, *(f"{part} – {name}" for name in names)):
                found[name] = (str(row["indicator"]), band)
    return found


def _groups() -> dict[str, Group]:
    """The groups by their labels; the fifths in between are bare numbers and not among them."""
    kinds: dict[str, type[Label]] = {"sex": Sex, "stage": Stage, "simd_quintile": SimdQuintile, "contact": Contact}
    found = {plain(one.label): (dim, one.value) for dim, kind in kinds.items() for one in kind}
    found |= {name: ("contact", code.value) for name, code in _CONTACTS.items()}
    return {name: group for name, group in found.items() if name not in ("2", "3", "4", "not known", "all children")}
