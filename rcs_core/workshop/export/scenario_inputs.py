"""Every lever and coefficient of a scenario as one row of a sheet, with its unit, state, range and source.

What comes in is a scenario as a mapping (see the scenario file format); what goes out is the *Inputs* sheet and, for each
input, the address that formulas on the other sheets point to, so that nothing is keyed twice.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rcs_core.sheets.write import FIRST_ROW, Column, Row, Sheet, Value, cell, span
from rcs_core.vocab import Agency, InputState
from rcs_core.workshop.export.scenario_words import BLANKS, DEFAULTS, SECTIONS, unit_of, words_of

SHEET = "Inputs"
NOT_STATED = "not stated"
NOT_GIVEN = "not given: usual value"
USUAL = "what the solver takes where a file says nothing"
_VALUE_COLUMN, _STATE_COLUMN = 5, 7
_SOURCE_COLUMN, _DATE_COLUMN = 10, 13
_CHANGED = re.compile(r"Changed in [^:]+: (.*)", re.DOTALL)
"""How the source of a number that people changed begins; what follows is their reason."""
_SKIPPED = frozenset({"provenance", "name", "description", "localities", "money_unit", "price_year", "first_year"})
COLUMNS = (
    Column("Part", 18),
    Column("Of what", 30, wrap=True),
    Column("Input", 34, wrap=True),
    Column("Where and when", 30, wrap=True),
    Column("Value", 16, "#,##0.######"),
    Column("Unit", 26, wrap=True),
    Column("State", 24),
    Column("Low", 12, "#,##0.######"),
    Column("High", 12, "#,##0.######"),
    Column("Source", 40, wrap=True),
    Column("Owner", 18, wrap=True),
    Column("Reason", 30, wrap=True),
    Column("Date", 12),
    Column("Place in the scenario file", 44),
)
_WORKED_OUT = Column("As worked out", 16, "#,##0.######")

type Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """How ids are said: names of services and agencies, labels of years, and the units of money and need."""

    names: Mapping[str, str]
    years: Sequence[str]
    money: str
    need: str

    def of(self, identity: object) -> str:
        """The name of an id, or the id itself."""
        text = str(identity)
        if text in self.names:
            return self.names[text]
        return Agency(text).label if text in set(Agency) else text


@dataclass(frozen=True, slots=True)
class Inputs:
    """The rows of the *Inputs* sheet and the row number of each place in the scenario file."""

    rows: list[list[Value]]
    at: Mapping[str, int]
    guesses: list[int] = field(default_factory=list)

    def ref(self, *steps: str | int, year: int | None = None, default: float = 0.0) -> str:
        """The formula text for one input: its address (of that year where it varies by year), or the default as a number."""
        places = [steps] if year is None else [(*steps, year - 1), steps]
        for row in (self.at[pointer(p)] for p in places if pointer(p) in self.at):
            if _is_number(self.rows[row - FIRST_ROW][_VALUE_COLUMN - 1]):
                return cell(SHEET, _VALUE_COLUMN, row)
        return repr(default)

    def has(self, *steps: str | int, year: int | None = None) -> bool:
        """Whether the scenario gives a number there."""
        return "!" in self.ref(*steps, year=year)

    def sheet(self) -> Sheet:
        """The *Inputs* sheet."""
        note = "Each number that the scenario rests on. Other sheets point here: change a value and their totals follow."
        rows = [[*row, row[_VALUE_COLUMN - 1]] for row in self.rows]
        return Sheet(SHEET, "Inputs: every lever and coefficient", (*COLUMNS, _WORKED_OUT), rows, note)

    def changed(self) -> str:
        """The formula text for how many values differ from those that the plan was worked out for."""
        now, then = (
            span(SHEET, column, FIRST_ROW, FIRST_ROW + len(self.rows) - 1) for column in (_VALUE_COLUMN, len(COLUMNS) + 1)
        )
        return f"SUMPRODUCT(({now}<>{then})*1)" if self.rows else "0"


def pointer(steps: Steps) -> str:
    """The JSON pointer of a place in the scenario file."""
    return "".join("/" + str(s).replace("~", "~0").replace("/", "~1") for s in steps)


def gather(scenario: Mapping[str, Any], words: Words) -> Inputs:
    """List every input of a scenario, with what is known of how well it is known."""
    known = {str(p["path"]): p for p in scenario.get("provenance") or []}
    stated, scenario = scenario, _completed(scenario)
    rows: list[list[Value]] = []
    at: dict[str, int] = {}
    guesses: list[int] = []
    for steps, value in _leaves(scenario):
        at[pointer(steps)] = FIRST_ROW + len(rows)
        about, exact = _provenance(known, steps)
        if _guess(about):
            guesses.append(len(rows))
        rows.append(_row(scenario, steps, value, about, exact, words))
        if not _stands(stated, steps):
            rows[-1][_STATE_COLUMN - 1] = NOT_GIVEN
            rows[-1][_SOURCE_COLUMN - 1 : _DATE_COLUMN] = [USUAL, "", "", ""]
    return Inputs(rows, at, guesses)


def _completed(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """The scenario with the values that the engine takes where the file says nothing, so that none is out of sight."""
    full = dict(scenario)
    for section, defaults in DEFAULTS.items():
        if section in full:
            full[section] = [{**item, **{k: v for k, v in defaults.items() if k not in item}} for item in full[section]]
    return full


def _stands(content: Any, steps: Steps) -> bool:
    for step in steps:
        if isinstance(content, Mapping) and step not in content:
            return False
        content = content[step]
    return True


def _leaves(scenario: Mapping[str, Any]) -> Iterator[tuple[Steps, Any]]:
    for section, content in scenario.items():
        if section not in _SKIPPED:
            yield from _walk((section,), content)


def _walk(steps: Steps, content: Any) -> Iterator[tuple[Steps, Any]]:
    if isinstance(content, Mapping):
        for key, inner in content.items():
            if key not in ("id", "name"):
                yield from _walk((*steps, key), inner)
    elif isinstance(content, list | tuple):
        for index, inner in enumerate(content):
            yield from _walk((*steps, index), inner)
    else:
        yield steps, content


def _provenance(known: Mapping[str, Any], steps: Steps) -> tuple[Mapping[str, Any], bool]:
    """What is recorded about a place, or else about the nearest place that holds it."""
    for length in range(len(steps), 0, -1):
        if found := known.get(pointer(steps[:length])):
            return found, length == len(steps)
    return {}, False


def _guess(about: Mapping[str, Any]) -> bool:
    state = str(about.get("state") or "")
    return state in set(InputState) and InputState(state).guess


def _row(
    scenario: Mapping[str, Any], steps: Steps, value: Any, about: Mapping[str, Any], exact: bool, words: Words
) -> list[Value]:
    section, subject, rest = _subject(scenario, steps, words)
    key = next((s for s in rest if isinstance(s, str)), str(steps[0]))
    state = str(about.get("state") or "")
    shown: Value = value if _is_number(value) or isinstance(value, bool) else BLANKS.get((str(steps[0]), key), "none")
    if isinstance(value, str):
        shown = words.of(value)
    return [
        SECTIONS.get(section, section),
        subject,
        words_of(section, key, rest),
        _where(section, key, rest, words),
        shown,
        unit_of(section, key, rest, words.money, words.need) if _is_number(value) else "",
        InputState(state).label if state in set(InputState) else state or NOT_STATED,
        _number(about.get("low")) if exact else None,
        _number(about.get("high")) if exact else None,
        str(about.get("source") or ""),
        str(about.get("owner") or ""),
        _reason(str(about.get("source") or "")),
        str(about.get("date") or ""),
        pointer(steps),
    ]


def _reason(source: str) -> str:
    """Why people changed a number, where its source says that they did."""
    found = _CHANGED.match(source)
    return found[1] if found else ""


def _subject(scenario: Mapping[str, Any], steps: Steps, words: Words) -> tuple[str, str, Steps]:
    """The part of the scenario, the thing in it that the input belongs to, and the steps below that."""
    section = str(steps[0])
    content = scenario[section]
    if len(steps) > 1 and isinstance(steps[1], int) and isinstance(content[steps[1]], Mapping):
        item = content[steps[1]]
        return section, str(item.get("name") or words.of(item.get("id", steps[1]))), steps[2:]
    return section, "The whole scenario", steps[1:]


def _where(section: str, key: str, rest: Steps, words: Words) -> str:
    parts = [words.of(s) for s in rest if isinstance(s, str) and s != key]
    numbers = [s for s in rest if isinstance(s, int)]
    if key == "segments" and numbers:
        parts.append(f"segment {numbers[0] + 1}")
    elif numbers and key in ("services", "groups", "members"):
        parts.append(f"item {numbers[-1] + 1}")
    elif numbers:
        parts.append(words.years[numbers[-1]] if numbers[-1] < len(words.years) else f"item {numbers[-1] + 1}")
    return ", ".join(parts) or ("every year" if section not in ("objective", "horizon", "terminal_credit_years") else "")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: object) -> float | int | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def guessed(inputs: Inputs) -> list[Row]:
    """The rows of the inputs whose state says that they are guesses."""
    return [inputs.rows[index] for index in inputs.guesses]
