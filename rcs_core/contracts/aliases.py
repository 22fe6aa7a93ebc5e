"""Aliases: what one council called its columns and answers in one wave, read from YAML and held against the contracts.

In: the names that partnership.yaml gives (`data_contracts/aliases/<name>.yaml`) and the folder's own `aliases.yaml`. Out: for
each table the headers, labels and skips that hold, and every breach. Nothing is guessed: an unknown key, table, column or
code is refused by name, and so is a word that the contract already reads otherwise.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rcs_core.contracts.clean import menders
from rcs_core.contracts.files import error
from rcs_core.contracts.findings import Breaches
from rcs_core.contracts.model import Column, Contract, fold
from rcs_core.errors import SettingsError
from rcs_core.settings import CONTRACTS, read_yaml
from rcs_core.vocab import AnswerState, Stage

FOLDER = CONTRACTS / "aliases"
OWN = "aliases"
"""The stem of a folder's own file."""
NAME = re.compile(r"^[a-z0-9][a-z0-9_-]*$")
FILE_KEYS = ("version", "source", "date", "tables")
TABLE_KEYS = ("headers", "labels", "labels_by_stage", "not_asked_of")
BLANK = AnswerState.MISSING.value


@dataclass(frozen=True, slots=True)
class Labels:
    """Answers of one column as the file words them, each with its code; stages: of which forms (none: of all)."""

    column: str
    stages: frozenset[str]
    codes: Mapping[str, str]
    source: str


@dataclass(frozen=True, slots=True)
class Skip:
    """Who was not asked a column: pupils of some stages, those who answered another question so, or both at once."""

    column: str
    stages: frozenset[str]
    header: str
    answers: frozenset[str]
    source: str


@dataclass(frozen=True, slots=True)
class TableAliases:
    """What holds for one table; headers: folded header to its column, the header as written, and the file that says so."""

    headers: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    labels: list[Labels] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)


type Aliases = dict[str, TableAliases]


def word(text: object) -> str:
    """A label as it is compared: letter case and runs of spaces aside. YAML takes a bare yes or no for a truth value."""
    plain = {True: "yes", False: "no"}.get(text, str(text)) if isinstance(text, bool) else str(text)
    return " ".join(plain.casefold().split())


def read_aliases(
    files: list[Path], about: Mapping[str, Any], known: Mapping[str, Contract], wave: str
) -> tuple[Aliases, list[Breaches]]:
    """The aliases of one wave of a folder: those that partnership.yaml names, and the file among its own."""
    found: Aliases = {}
    paths, said = _named(about)
    own = [p for p in files if p.name.casefold() in (f"{OWN}.yaml", f"{OWN}.yml")]
    for path in [*paths, *own]:
        source = path.name if path in own else path.stem
        try:
            content = read_yaml(path)
        except SettingsError as problem:
            said.append(
                error(path.name, "unreadable", problem.expected, "look for a missing colon or quotation mark", problem.got)
            )
            continue
        reader = _Reader(path.name, source, known, found)
        if path in own or wave in [str(w) for w in content.get("waves") or [wave]]:
            reader.read(content)
        said += reader.said
    return found, said


def _named(about: Mapping[str, Any]) -> tuple[list[Path], list[Breaches]]:
    """The files that partnership.yaml names, and a breach for each name without one."""
    told = about.get("aliases") or []
    names = [str(name) for name in told] if isinstance(told, list) else [str(told)]
    there = sorted(p.stem for p in FOLDER.glob("*.yaml"))
    rule, remedy = f"aliases that are there: {', '.join(there) or 'none'}", "correct the name, or put aliases.yaml in the folder"
    lost = [name for name in names if not NAME.match(name) or name not in there]
    said = [error("partnership.yaml", "unknown_aliases", rule, remedy, name, "aliases") for name in lost]
    return [FOLDER / f"{name}.yaml" for name in names if name not in lost], said


class _Reader:
    """Takes up one file, telling every breach in it and leaving out only what is wrong."""

    def __init__(self, file: str, source: str, known: Mapping[str, Contract], found: Aliases) -> None:
        self.file, self.source, self.known, self.found = file, source, known, found
        self.said: list[Breaches] = []

    def wrong(self, table: str, column: str, rule: str, remedy: str, value: object = "") -> None:
        self.said.append(replace(error(self.file, "alias", rule, remedy, str(value), column), sheet=table))

    def read(self, content: Mapping[str, Any]) -> None:
        unknown = [str(key) for key in content if key not in (*FILE_KEYS, "waves")]
        for key in unknown:
            self.wrong("", key, f"keys among: {', '.join(FILE_KEYS)}, waves", "remove or rename the key", key)
        for key in FILE_KEYS:
            if not content.get(key):
                self.wrong("", key, f"the key `{key}`", "say the version, the source and the date of the aliases", "no such key")
        for stem, told in self.pairs("", "tables", content.get("tables") or {}):
            contract = self.known.get(stem)
            if contract is None or contract.form != "file":
                self.wrong("", stem, f"a table of the contracts: {', '.join(_tables(self.known))}", "correct the name", stem)
            else:
                self.table(contract, dict(self.pairs(stem, stem, told)))

    def pairs(self, table: str, key: str, told: object) -> Iterator[tuple[str, Any]]:
        if not isinstance(told, dict):
            self.wrong(table, key, "keys and values", "write each as key: value", type(told).__name__)
            return
        yield from ((word(k) if isinstance(k, bool) else str(k), value) for k, value in told.items())

    def table(self, contract: Contract, told: Mapping[str, Any]) -> None:
        stem, mine = contract.stem, self.found.setdefault(contract.stem, TableAliases())
        for key in told:
            if key not in TABLE_KEYS:
                self.wrong(stem, key, f"keys among: {', '.join(TABLE_KEYS)}", "remove or rename the key", key)
        for header, column in self.pairs(stem, "headers", told.get("headers") or {}):
            self.header(contract, mine, header, str(column))
        for column, labels in self.pairs(stem, "labels", told.get("labels") or {}):
            self.labels(contract, mine, column, frozenset(), labels)
        for column, sets in self.pairs(stem, "labels_by_stage", told.get("labels_by_stage") or {}):
            for one in self.entries(stem, column, sets, {"stages", "labels"}):
                self.labels(contract, mine, column, self.stages(stem, column, one.get("stages")), one.get("labels"))
        for column, rules in self.pairs(stem, "not_asked_of", told.get("not_asked_of") or {}):
            for one in self.entries(stem, column, rules, {"stages", "when"}):
                self.skip(contract, mine, column, one)

    def entries(self, table: str, column: str, told: object, keys: set[str]) -> Iterator[dict[str, Any]]:
        for entry in told if isinstance(told, list) else [told]:
            if isinstance(entry, dict) and entry and set(entry) <= keys:
                yield entry
            else:
                self.wrong(table, column, f"entries with the keys {', '.join(sorted(keys))}", "correct the entry", entry)

    def stages(self, table: str, column: str, told: object) -> frozenset[str]:
        names = [str(stage) for stage in told] if isinstance(told, list) else [str(told)]
        for lost in (name for name in names if name not in list(Stage)):
            self.wrong(table, column, f"stages among: {', '.join(Stage)}", "correct the stage", lost)
        return frozenset(names)

    def header(self, contract: Contract, mine: TableAliases, header: str, name: str) -> None:
        column, key = contract.column(name), fold(header)
        own = {fold(spelling): c.name for c in contract.columns for spelling in (*c.aliases, c.name)}
        before = mine.headers.get(key)
        if column is None:
            self.wrong(contract.stem, header, "a column of the contract", "correct the column's name", name)
        elif not key:
            self.wrong(contract.stem, header, "a header with letters or digits", "rename the column in the file", header)
        elif own.get(key, name) != name:
            remedy = "rename the column in the file: no alias turns one column of the contract into another"
            self.wrong(contract.stem, header, f"a header that is not already read as `{own[key]}`", remedy, name)
        elif before is not None and before[0] != name:
            self.wrong(contract.stem, header, f"one column a header; {before[2]} reads it as `{before[0]}`", "keep one", name)
        else:
            mine.headers[key] = (name, header, self.source)

    def labels(self, contract: Contract, mine: TableAliases, name: str, stages: frozenset[str], told: object) -> None:
        column = contract.column(name)
        if column is None or not column.codes:
            self.wrong(contract.stem, name, "a column of the contract that has a list of codes", "correct the name", name)
            return
        if stages and name == "stage":
            self.wrong(contract.stem, name, "one set of labels for the stage itself", "put them under labels", name)
            return
        codes: dict[str, str] = {}
        for label, code in self.pairs(contract.stem, name, told):
            if (meant := self.code(contract, column, label, word(code) if isinstance(code, bool) else str(code))) is not None:
                codes[word(label)] = meant
        for other in (o for o in mine.labels if o.column == name and _overlap(o.stages, stages)):
            for label in sorted(k for k in codes if other.codes.get(k, codes[k]) != codes[k]):
                rule = f"one code a label; {other.source} reads it as `{other.codes[label] or BLANK}`"
                self.wrong(contract.stem, name, rule, "keep one", label)
                del codes[label]
        if codes:
            mine.labels.append(Labels(name, stages, codes, self.source))

    def code(self, contract: Contract, column: Column, label: str, code: str) -> str | None:
        """What a label means, blank for missing; None when it cannot mean that."""
        allowed = dict.fromkeys([*column.codes, *column.states, *([] if column.filled else [BLANK])])
        already = menders(column)(label)
        if code not in allowed:
            self.wrong(contract.stem, column.name, f"one of: {', '.join(allowed)}", f"correct the code of {label!r}", code)
        elif already in column.codes and already != code:
            rule, remedy = f"a label that the contract does not already read as `{already}`", "rename the answer in the file"
            self.wrong(contract.stem, column.name, rule, remedy, label)
        else:
            return "" if code == BLANK else code
        return None

    def skip(self, contract: Contract, mine: TableAliases, name: str, told: Mapping[str, Any]) -> None:
        column, when = contract.column(name), told.get("when") or {}
        if column is None or not column.states:
            self.wrong(contract.stem, name, "an item of the contract that may be left out", "correct the name", name)
            return
        if "when" in told and (not isinstance(when, dict) or set(when) != {"header", "is"}):
            self.wrong(contract.stem, name, "`when` with the keys header and is", "name the question and its answers", str(when))
            return
        stages = self.stages(contract.stem, name, told["stages"]) if "stages" in told else frozenset[str]()
        answers = when.get("is", [])
        folded = frozenset(word(a) for a in (answers if isinstance(answers, list) else [answers]))
        mine.skips.append(Skip(name, stages, str(when.get("header", "")), folded, self.source))


def _overlap(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sets of labels speak of the same forms; those of named stages go before those of all."""
    return one == other or bool(one & other)


def _tables(known: Mapping[str, Contract]) -> list[str]:
    return [stem for stem, contract in known.items() if contract.form == "file" and contract.presence != "described"]
