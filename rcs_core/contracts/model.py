"""Data contracts: what each input table holds, read from `data_contracts/tables/` (Open Data Contract Standard 3).

In: one YAML file a table. Out: frozen `Contract`, `Column` and `Rule` objects. A key that the standard or this project
does not know is refused by name, since a rule that is silently ignored is a silent wrong answer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from open_data_contract_standard.model import CustomProperty, DataQuality, OpenDataContractStandard, SchemaObject, SchemaProperty
from pydantic import ValidationError

from rcs_core.errors import SettingsError
from rcs_core.settings import CONTRACTS, read_yaml
from rcs_core.vocab import AnswerState, Severity

TABLES = CONTRACTS / "tables"
TABLE_WORDS = {"presence", "aboutChildren", "sender", "blocks", "leaves", "stale"}
COLUMN_WORDS = {"remedy", "letterCase", "namesAllowed", "numbersAllowed", "column", "separator", "money", "unit"}
LINK_WORDS = {"name", "severity", "remedy", "linkedOnly"}
STALE_WORDS = {"datedBy", "against", "mostYears", "exact", "each", "source", "date"}
STATES = tuple(s.value for s in (AnswerState.PREFER_NOT_TO_SAY, AnswerState.NOT_ASKED_OF_STAGE, AnswerState.NOT_COLLECTED))
"""What may stand in an item of a survey instead of an answer, beside a blank (missing)."""
ROW_RULES = {"sumsTo", "columns", "by", "notBoth", "whenFilled", "filled", "ascending"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule on a column's values: codes, a pattern or a range, with its severity and remedy."""

    code: str
    text: str
    severity: Severity = Severity.ERROR
    remedy: str = ""
    codes: frozenset[str] = frozenset()
    pattern: str = ""
    low: float | None = None
    high: float | None = None
    above_low: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """A column whose values must stand in a column of another table."""

    code: str
    table: str
    column: str
    severity: Severity
    remedy: str
    linked_only: bool


@dataclass(frozen=True, slots=True)
class RowRule:
    """A rule over several columns of a row, or over the rows of a key: sums, order, one of two, filled together."""

    code: str
    severity: Severity
    remedy: str
    sums_to: float | None = None
    columns: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    not_both: tuple[str, ...] = ()
    when_filled: str = ""
    filled: tuple[str, ...] = ()
    ascending: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Freshness:
    """When a table is too old to rest on: what dates it, what it is set against, and by how many years it may lag.

    dated_by: file, survey_wave, financial_year or a column. against: survey_wave or year, as partnership.yaml has them.
    exact: a later year is as wrong as an earlier one. each: every row is dated by itself, not the table by its newest row.
    """

    dated_by: str
    against: str
    most_years: int
    source: str
    date: str
    exact: bool = False
    each: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column: its kind, whether it must be there and filled, its codes and rules, and who may see its values.

    kind: string, integer, number, date, boolean or array. lookup: folded spelling to code, aliases included.
    labels: what each code means, where the contract says it. seen_by: public, internal or restricted (masked in reports).
    states: of an item of a survey, what may stand there instead of an answer.
    """

    name: str
    about: str
    kind: str
    filled: bool
    present: bool
    restricted: bool
    aliases: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    lookup: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    unique: Rule | None = None
    reference: Reference | None = None
    remedy: str = ""
    letter_case: str = ""
    names_allowed: bool = False
    numbers_allowed: bool = False
    separator: str = ""
    money: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    unit: str = ""
    seen_by: str = "internal"
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contract:
    """One input table: its file stem, version, columns, keys and row rules.

    purpose: what it is for; sender: who sends it; blocks: what cannot be said without it; leaves: what of
    it a release may hold; fresh: when it is too old; usage: how it is sent; limits: what it is not; one_row: what a row is.
    """

    stem: str
    title: str
    version: str
    presence: str
    form: str
    about_children: bool
    columns: tuple[Column, ...]
    keys: tuple[tuple[tuple[str, ...], Rule], ...] = ()
    row_rules: tuple[RowRule, ...] = ()
    purpose: str = ""
    sender: str = ""
    blocks: str = ""
    leaves: str = ""
    fresh: tuple[Freshness, ...] = ()
    usage: str = ""
    limits: str = ""
    one_row: str = ""

    def column(self, name: str) -> Column | None:
        """The column of that name, or None."""
        return next((c for c in self.columns if c.name == name), None)

    @property
    def names(self) -> list[str]:
        """The columns' names in order."""
        return [c.name for c in self.columns]


def fold(text: str) -> str:
    """A word as it is compared: lower case, with one underscore for any run of other signs."""
    return re.sub(r"[^a-z0-9.]+", "_", text.casefold()).strip("_")


@cache
def contracts() -> dict[str, Contract]:
    """Every contract by file stem, in the order of their names; read once."""
    found = [read_contract(path) for path in sorted(TABLES.glob("*.yaml"))]
    return {c.stem.removesuffix("_*"): c for c in found}


def read_contract(path: Path) -> Contract:
    """Read one contract; raises SettingsError for an unknown key or a form that is not the standard's."""
    content = read_yaml(path)
    try:
        document = OpenDataContractStandard(**content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            "the contract is not in the standard's form", path.name, f"{where}: {first['msg']}", "Open Data Contract Standard 3"
        ) from error
    _refuse_unknown(content, document.model_dump(by_alias=True, exclude_unset=True), path.name)
    if not document.version or not document.schema_ or len(document.schema_) != 1:
        raise SettingsError("a contract has a version and one table", path.name, "", "version and one entry under schema")
    return _contract(document, document.schema_[0], path.name)


def _refuse_unknown(given: Any, known: Any, where: str) -> None:
    """Raise for a key that was written but that the standard's model did not take up."""
    if isinstance(given, dict) and isinstance(known, dict):
        unknown = sorted(str(key) for key in given if key not in known)
        if unknown:
            raise SettingsError("unknown key in a contract", where, ", ".join(unknown), remedy="remove or rename the key")
        for key in given:
            _refuse_unknown(given[key], known[key], f"{where}, {key}")
    elif isinstance(given, list) and isinstance(known, list):
        for number, (one, other) in enumerate(zip(given, known, strict=True), start=1):
            _refuse_unknown(one, other, f"{where} {number}")


def _words(properties: list[CustomProperty] | None, allowed: set[str], where: str) -> dict[str, Any]:
    words = {str(p.property): p.value for p in properties or []}
    if unknown := sorted(set(words) - allowed):
        raise SettingsError("unknown custom property", where, ", ".join(unknown), f"one of: {', '.join(sorted(allowed))}")
    return words


def _contract(document: OpenDataContractStandard, table: SchemaObject, where: str) -> Contract:
    words = _words(table.customProperties, TABLE_WORDS, where)
    keys: list[tuple[tuple[str, ...], Rule]] = []
    row_rules: list[RowRule] = []
    for quality in table.quality or []:
        if quality.metric == "duplicateValues":
            names = tuple((quality.arguments or {})["properties"])
            keys.append((names, Rule("duplicate", f"{' and '.join(names)} together only once", *_verdict(quality))))
        else:
            row_rules.append(_row_rule(quality, where))
    return Contract(
        stem=str(table.physicalName),
        title=str(document.name),
        version=str(document.version),
        presence=str(words.get("presence", "optional")),
        form=str(table.physicalType),
        about_children=bool(words.get("aboutChildren", False)),
        columns=tuple(_column(p, f"{where}, {p.name}") for p in table.properties or []),
        keys=tuple(keys),
        row_rules=tuple(row_rules),
        purpose=str((document.description.purpose if document.description else "") or ""),
        sender=str(words.get("sender", "")),
        blocks=str(words.get("blocks", "")),
        leaves=str(words.get("leaves", "")),
        fresh=tuple(_freshness(told, where) for told in words.get("stale", ())),
        usage=(document.description and document.description.usage) or "",
        limits=(document.description and document.description.limitations) or "",
        one_row=table.dataGranularityDescription or "",
    )


def _freshness(told: Mapping[str, Any], where: str) -> Freshness:
    if unknown := sorted(set(told) - STALE_WORDS):
        raise SettingsError(
            "unknown word in a rule of age", where, ", ".join(unknown), f"one of: {', '.join(sorted(STALE_WORDS))}"
        )
    return Freshness(
        dated_by=str(told["datedBy"]),
        against=str(told["against"]),
        most_years=int(told["mostYears"]),
        source=str(told["source"]),
        date=str(told["date"]),
        exact=bool(told.get("exact", False)),
        each=bool(told.get("each", False)),
    )


def _verdict(quality: DataQuality) -> tuple[Severity, str]:
    return Severity(quality.severity or "error"), quality.description or ""


def _row_rule(quality: DataQuality, where: str) -> RowRule:
    told = quality.implementation
    if not isinstance(told, dict) or set(told) - ROW_RULES:
        raise SettingsError("unknown row rule", where, str(told), f"keys among: {', '.join(sorted(ROW_RULES))}")
    severity, remedy = _verdict(quality)
    return RowRule(
        code=str(quality.name),
        severity=severity,
        remedy=remedy,
        sums_to=told.get("sumsTo"),
        columns=tuple(told.get("columns", ())),
        by=tuple(told.get("by", ())),
        not_both=tuple(told.get("notBoth", ())),
        when_filled=str(told.get("whenFilled", "")),
        filled=tuple(told.get("filled", ())),
        ascending=tuple(told.get("ascending", ())),
    )


def _column(told: SchemaProperty, where: str) -> Column:
    words = _words(told.customProperties, COLUMN_WORDS, where)
    remedy = str(words.get("remedy", ""))
    codes = tuple(str(e.value) for e in told.enum or [])
    item = bool(codes) and told.classification == "restricted" and words.get("column") == "optional"
    states = STATES if item else ()
    return Column(
        name=str(told.name),
        about=told.description or "",
        kind=str(told.logicalType),
        filled=bool(told.required),
        present=words.get("column") != "optional",
        restricted=told.classification == "restricted",
        aliases=tuple(str(s.synonym) for s in told.synonyms or []),
        codes=codes,
        lookup=_lookup(told, where),
        rules=_rules(told, codes, remedy, states),
        unique=_unique(told, remedy),
        reference=_reference(told, where),
        remedy=remedy,
        letter_case=str(words.get("letterCase", "")),
        names_allowed=bool(words.get("namesAllowed", False)),
        numbers_allowed=bool(words.get("numbersAllowed", False)),
        separator=str(words.get("separator", "")),
        money=bool(words.get("money", False)),
        labels={str(e.value): e.description or e.label or "" for e in told.enum or []},
        examples=tuple(str(e) for e in told.examples or []),
        unit=str(words.get("unit", "")),
        seen_by=told.classification or "internal",
        states=states,
    )


def _lookup(told: SchemaProperty, where: str) -> dict[str, str]:
    lookup: dict[str, str] = {}
    for entry in told.enum or []:
        called = _words(entry.customProperties, {"alsoCalled"}, where).get("alsoCalled", [])
        lookup |= {fold(str(word)): str(entry.value) for word in [entry.value, *called]}
    return lookup


def _rules(told: SchemaProperty, codes: tuple[str, ...], remedy: str, states: tuple[str, ...]) -> tuple[Rule, ...]:
    options = told.logicalTypeOptions or {}
    rules: list[Rule] = []
    if codes:
        rules.append(Rule("code", f"one of: {', '.join(codes)}", codes=frozenset((*codes, *states))))
    if pattern := options.get("pattern"):
        example = f"a code such as {told.examples[0]}" if told.examples else f"the form {pattern}"
        rules.append(Rule("form", example, remedy=remedy, pattern=str(pattern)))
    low, high = options.get("minimum", options.get("exclusiveMinimum")), options.get("maximum")
    if low is not None or high is not None:
        above = "exclusiveMinimum" in options
        rules.append(Rule("range", _range_text(low, high, above), remedy=remedy, low=low, high=high, above_low=above))
    for quality in told.quality or []:
        if quality.metric == "invalidValues":
            valid = [str(v) for v in (quality.arguments or {})["validValues"]]
            text = f"one of: {', '.join(valid)}"
            rules.append(Rule(str(quality.name), text, *_verdict(quality), codes=frozenset(valid)))
    return tuple(rules)


def _range_text(low: float | None, high: float | None, above: bool) -> str:
    if high is None:
        return f"more than {low:g}" if above else f"{low:g} or more"
    return f"at most {high:g}" if low is None else f"between {low:g} and {high:g}"


def _unique(told: SchemaProperty, remedy: str) -> Rule | None:
    if not told.unique:
        return None
    for quality in told.quality or []:
        if quality.metric == "duplicateValues":
            return Rule(quality.name or "duplicate", f"each {told.name} only once", *_verdict(quality))
    return Rule("duplicate", f"each {told.name} only once", Severity.ERROR, remedy or "remove the row that is wrong")


def _reference(told: SchemaProperty, where: str) -> Reference | None:
    for link in told.relationships or []:
        words = _words(link.customProperties, LINK_WORDS, where)
        table, _, column = str(link.to).partition(".")
        severity = Severity(words.get("severity", "error"))
        code = str(words.get("name", f"not_in_{table}"))
        return Reference(code, table, column, severity, str(words.get("remedy", "")), bool(words.get("linkedOnly", False)))
    return None
