"""The list of every number that the demonstration is made from, as `docs/assumptions.md` shows it.

The page is made from `data_contracts/demo/` and never typed, so that no number can be used without being listed.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rcs_core.demo.parameters import Book, Parameter, Parameters, parameters
from rcs_core.settings import CONTRACTS, ROOT, read_yaml

PAGE = ROOT / "docs" / "assumptions.md"
TITLES = {
    "schools": "Schools, rolls and who the pupils are",
    "wellbeing": "What pupils would answer",
    "further": "Further questions (`rcs demo --every-question`)",
    "contact": "Who is in contact with which service",
    "fieldwork": "Who answers, and what goes wrong",
    "parents": "The parent survey",
    "services": "The service register",
    "ledgers": "The ledgers",
    "effects": "Evidence of effect",
    "demand": "Demand and unit costs",
    "more_money": "Keys, funds and later budgets (`rcs demo --all-money`)",
}
HEAD = """# Assumptions

Every number that Strathmere, the fictional demonstration partnership, is made from. Nothing here describes a real place:
levels are taken from published figures where there are any, and are marked **assumption** where there are none.
A real partnership brings its own files; none of these numbers enters its results.

- **Quality**: green = published for Scotland on the same definition; amber = published elsewhere, older, or derived by
  arithmetic on published figures; red = nobody published it, so it is assumed.
- **Impact**: how much the demonstration's picture depends on it.
- What a scenario assumes where a partnership's own files say nothing is the last table: that one does enter its results, each
  number marked as an assumption of this tool.
- Other numbers that policy or method chose (the disclosure rule, scoring, protection, limits) stand in the other files of
  `data_contracts/`, each beside its own unit, source and date.
- Prices: published unit costs are used in the prices of their year. They are not restated, because no deflator was among
  the figures found; the ledgers are all of one year (2025-26), so nothing is added across price years.
- Schooling (S001) is one held line of level *other*: it makes the map add up to what a council spends on children, and no
  scenario moves it.
- The level of raised SDQ totals follows the Health and Wellbeing Census (47% at 15 or more, S2-S6: the cut that this
  workbench uses). SALSUS 2018 gave 37 to 38% borderline or abnormal, a higher cut (16 or more); the spread of totals is
  set so that both nearly hold, and the lean by deprivation (42% against 34%) is that of SALSUS.
- Pupils of special schools are on the roll but are not asked, so they are not in the survey picture. They have answers
  in the known truth (`demo_truth.json`).
- Two survey waves, 2025 and 2023: the same schools but one that has closed since and one that had not opened, other pupils.
  Pupils are not followed: the waves share no pseudonym, so a change is one between two sets of children. The changes in
  answers are stated below and are all **assumptions**; three are nought. The two waves' true prevalences are in
  `demo_truth.json`. `choice_in_learning` is marked as worded anew in 2025, so that a change that may not be read is met.
- With `rcs demo --every-question` twelve topics in words of our own are asked beside, and the five scales of the SDQ are told one
  by one. Their levels are **fictional**, sleep's in part excepted, and describe no children; nothing else in the folder changes.
  The scales follow from the items, which spread each total evenly over its twenty items: too many are raised on behaviour and on
  getting on with others, too few on attention. Only their total is set by published figures.
- Response depends on stage, deprivation and school only, so weighting to the pupil census can mend it. A real survey
  cannot be relied on to be so kind.

This page is written by `rcs_core.demo.log.write_log()` from `data_contracts/demo/*.yaml` and `data_contracts/scenario.yaml`;
a test fails when they differ.
"""
SCENARIO = """## What a scenario assumes, whoever's it is

File `data_contracts/scenario.yaml`: defaults, what is done where something is missing, and rules of thumb. The workbook of a
scenario lists them too.

| Number | Value | Range | Unit | Source | Date | What it is for |
| --- | --- | --- | --- | --- | --- | --- |"""


def assumptions_page(numbers: Parameters) -> str:
    """The whole page, as Markdown."""
    parts = [HEAD, _tally(numbers)]
    for name, book in numbers.books.items():
        parts.append(f"## {TITLES[name]}\n\nFile `data_contracts/demo/{name}.yaml`.\n")
        parts.append(_table(book))
        if book.rows:
            parts.append(_rows(book))
    return "\n".join([*parts, _scenario()])


def _scenario() -> str:
    """What a scenario assumes, one line a number."""
    lines, content = [SCENARIO], read_yaml(CONTRACTS / "scenario.yaml")
    for section in ("defaults", "missing", "rules"):
        for name, entry in content[section].items():
            spread = f"{entry['low']} to {entry['high']}" if "low" in entry else ""
            cells = (in_words(entry["value"]), spread, *(str(entry[key]) for key in ("unit", "source", "date", "note")))
            lines.append(f"| `{section}.{name}` | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def write_log(path: Path = PAGE) -> None:
    """Write the page."""
    path.write_text(assumptions_page(parameters()), encoding="utf-8")


def in_words(value: Any) -> str:
    """A value as the page shows it: families of numbers on one line."""
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {in_words(part)}" for key, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(in_words(part) for part in value)
    return f"{value:,}" if isinstance(value, int) and abs(value) >= 10_000 else str(value)


def _tally(numbers: Parameters) -> str:
    found = [parameter for _, _, parameter in numbers.entries()]
    lines = ["| Quality | High impact | Medium | Low |", "| --- | --- | --- | --- |"]
    for quality in ("green", "amber", "red"):
        counts = [sum(p.quality == quality and p.impact == impact for p in found) for impact in ("high", "medium", "low")]
        lines.append(f"| {quality} | {counts[0]} | {counts[1]} | {counts[2]} |")
    return "\n".join([*lines, ""])


def _table(book: Book) -> str:
    lines = ["| Number | Value | Unit | Source | Date | Quality | Impact |", "| --- | --- | --- | --- | --- | --- | --- |"]
    lines += [_line(f"{book.name}.{name}", parameter) for name, parameter in book.parameters.items()]
    return "\n".join([*lines, ""])


def _line(name: str, parameter: Parameter) -> str:
    value = "see the rows" if parameter.value is None else in_words(parameter.value)
    source = parameter.source.replace("Assumption", "**Assumption**", 1) if parameter.assumed else parameter.source
    cells = (f"`{name}`", value, parameter.unit, source, parameter.date, parameter.quality, parameter.impact)
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _rows(book: Book) -> str:
    """One line a row: its numbers by column, and the sources of the row's own."""
    lines = ["| Row | Numbers | Source of the row |", "| --- | --- | --- |"]
    for row in book.rows:
        key = "-".join(str(row[part]) for part in ("id", "service", "acts_on") if part in row)
        numbers = {k: v for k, v in row.items() if _numeric(v)}
        sources = [
            f"{k.removesuffix('_source')}: {v}"
            for k, v in row.items()
            if k in ("spend_source", "children_source", "source") and v
        ]
        name = f" {row['name']}" if "name" in row else ""
        lines.append(f"| `{book.name}.{key}`{name} | {in_words(numbers)} | {'; '.join(sources) or 'as its columns say'} |")
    return "\n".join([*lines, ""])


def _numeric(value: Any) -> bool:
    if isinstance(value, list):
        return any(_numeric(part) for part in value)
    return isinstance(value, int | float) and not isinstance(value, bool)
