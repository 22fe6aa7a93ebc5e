"""What every question and every column means: from the contracts, the glossary and the release, each said in one place only.

In: `data_contracts/columns.yaml` (headings), the input contracts (fields), `glossary.yaml` (words), and the release's own list of
questions. Out: small frozen definitions, behind one click of where the question or the column stands.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from rcs_core.errors import SettingsError
from rcs_core.release import Release
from rcs_core.settings import CONTRACTS, fill, read_yaml
from rcs_core.vocab import Domain, Shanarri
from rcs_core.workshop import evidence, glossary
from rcs_core.workshop.evidence import listed, text

WHERE = "columns.yaml"


@dataclass(frozen=True, slots=True)
class Entry:
    """One heading as `columns.yaml` has it: one of a field of an input, a word, or its meaning in words."""

    field: str = ""
    word: str = ""
    means: str = ""
    unit: str = ""
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its heading, what it means, in which unit, and the input that it comes from."""

    heading: str
    means: str
    unit: str = ""
    source: str = ""

    @property
    def said(self) -> str:
        """The definition in a sentence or three."""
        unit = f"Unit: {self.unit}." if self.unit else ""
        source = f"From the input {self.source}." if self.source else ""
        return " ".join(filter(None, (self.means, unit, source)))


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a survey: its facts by name, in the order in which they are read."""

    code: str
    title: str
    facts: tuple[tuple[str, str], ...]


def questions(release: Release, survey: str) -> tuple[Question, ...]:
    """The definition of every question of a survey that brought answers, in the order in which they were asked."""
    rows = {str(row["indicator"]): row for row in _catalogue(release, survey)}
    return tuple(_question(rows[i.code], i) for i in evidence.indicators(release, survey) if i.code in rows)


def _catalogue(release: Release, survey: str) -> list[dict[str, object]]:
    frame = release.frame("indicators")
    return [{str(k): v for k, v in row.items()} for row in frame[frame["survey"] == survey].to_dict("records")]


def _question(row: Mapping[str, object], asked: evidence.Indicator) -> Question:
    said = {name: text(row.get(name)) for name in ("domain", "shanarri", "shanarri_also", "base", "comparable_since")}
    wellbeing = [_label(Shanarri, code) for code in (said["shanarri"], *re.split(r"[,\s]+", said["shanarri_also"])) if code]
    since = said["comparable_since"]
    facts = {
        "Asked": asked.question,
        "Of whom": said["base"] or asked.asked_of,
        "Means need": "the answer yes" if asked.need_is_yes else "the answer no",
        "Part of life": _label(Domain, said["domain"]),
        "Wellbeing indicator": listed(wellbeing),
        "Compares with": f"waves from {since} on: it was worded or made otherwise before"
        if since
        else "every wave of the same survey",
        "Shown": "for the whole council area only, as it is a sensitive topic" if asked.sensitive else "",
        "Read with care": "" if asked.verified else "its definition was not checked against its source, so it leads no page",
        "Source": asked.source,
    }
    return Question(asked.code, asked.title, tuple((name, found) for name, found in facts.items() if found))


def _label(kind: type[Domain] | type[Shanarri], code: str) -> str:
    return kind(code).label if code in set(kind) else code


def column(heading: str) -> Column | None:
    """What a heading means; None for one that says all there is to say, such as a name that somebody chose."""
    known, like = _entries()
    entry = known.get(heading) or next((e for e in like if re.fullmatch(e.pattern, heading)), None)
    return _column(heading, entry) if entry else None


def columns(headings: Iterable[str]) -> tuple[Column, ...]:
    """The definitions of these headings, as far as there are any, each once and in this order."""
    found = (column(heading) for heading in dict.fromkeys(headings))
    return tuple(one for one in found if one)


@cache
def _entries() -> tuple[Mapping[str, Entry], tuple[Entry, ...]]:
    """The headings by name, and those by pattern. Raises SettingsError for an unknown key, or an entry said in two ways."""
    content = read_yaml(CONTRACTS / WHERE)
    if unknown := sorted(set(content) - {"columns", "like", "release"}):
        raise SettingsError("unknown key", WHERE, ", ".join(unknown), "columns, like, release", "remove or rename the key")
    named = {str(k): _entry(v, str(k)) for part in ("release", "columns") for k, v in content[part].items()}
    return named, tuple(_entry(v, str(v.get("pattern"))) for v in content["like"])


def _entry(content: dict[str, Any], heading: str) -> Entry:
    entry = fill(Entry, content, f"{WHERE}, {heading}")
    if sum(map(bool, (entry.field, entry.word, entry.means))) != 1:
        raise SettingsError("a heading is said in one way", f"{WHERE}, {heading}", str(sorted(content)), "field, word or means")
    return entry


@cache
def _column(heading: str, entry: Entry) -> Column:
    if entry.field:
        table, _, name = entry.field.partition(".")
        about = _fields(table).get(name)
        if about is None:
            raise SettingsError("a heading names a field that is not there", f"{WHERE}, {heading}", entry.field, "table.column")
        return Column(heading, about[0], entry.unit or about[1], table.replace("_", " "))
    if entry.word:
        word = glossary.word(entry.word)
        return Column(heading, f"{word.term}: {word.means}", entry.unit)
    return Column(heading, entry.means, entry.unit)


@cache
def _fields(table: str) -> Mapping[str, tuple[str, str]]:
    """Description and unit of every column of one input, as its contract has them; none where there is no such input."""
    path = CONTRACTS / "tables" / f"{table}.yaml"
    if not path.exists():
        return {}
    properties = read_yaml(path)["schema"][0]["properties"]
    return {str(p["name"]): (" ".join(str(p.get("description", "")).split()), _unit(p)) for p in properties}


def _unit(about: Mapping[str, Any]) -> str:
    return next((str(c["value"]) for c in about.get("customProperties", ()) if c["property"] == "unit"), "")
