"""Reads the rules that tag ledger lines, and says which line each of them takes.

In: the rows of `ledger_rules` and a ledger's lines. Out: for every line the rule that has it, that rules clash over it, or none.
A cost centre that the map names is mapped by hand and never touched. No rule wins by its place in the file.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from rcs_core.errors import ContractError

FILE, STEM = "ledger_rules.csv", "ledger_rules"
OUTCOME = (
    "service_id", "agency", "pct", "excluded_because", "key_id", "fund", "money_kind", "recurring", "revenue_or_capital",
)  # fmt: skip
LOOKS = ("ledger", "look_at", "match", "words")
ACCEPTED = ("accepted_by", "accepted_on", "reason")
COLUMNS = ("rule_id", *LOOKS, *OUTCOME, *ACCEPTED)
USUAL = {"money_kind": "existing", "recurring": "yes", "revenue_or_capital": "revenue"}
"""What a blank stands for."""
NOBODY, CLASH, BY_HAND = -1, -2, -3
_WORD = re.compile(r"[^\W_]+")
type Part = tuple[str, ...]
"""Where one share of a line goes: the values of `OUTCOME`."""
type Places = npt.NDArray[np.int64]


def plain(text: str) -> str:
    """A text as rules see it: its words in lower case, one space between them."""
    return " ".join(_WORD.findall(str(text).casefold()))


@dataclass(frozen=True, slots=True)
class TagRule:
    """One rule: what it looks at, for what, and where the lines go that it takes; accepted: whether it takes any yet."""

    id: str
    ledger: str
    look_at: str
    match: str
    words: str
    parts: tuple[Part, ...]
    accepted: bool
    accepted_by: str = ""
    accepted_on: str = ""
    reason: str = ""

    @property
    def outcome(self) -> frozenset[Part]:
        """Where its lines go, whatever the order of its rows."""
        return frozenset(self.parts)

    def takes(self, centre: str, description: str) -> bool:
        """Whether a line is one of its own, by its plain cost centre and description."""
        text, wanted = (centre if self.look_at == "cost_centre" else description), plain(self.words)
        if self.match == "has_words":
            return set(wanted.split()) <= set(text.split())
        if self.match == "starts_with":
            # A code is begun by its first signs, a description by its first words.
            return text.startswith(wanted) if self.look_at == "cost_centre" else f"{text} ".startswith(f"{wanted} ")
        return text == wanted

    def said(self) -> str:
        """The rule in words."""
        how = {"is": "is", "starts_with": "begins with", "has_words": "has the words"}[self.match]
        return f"{self.look_at.replace('_', ' ')} {how} “{self.words}”"


def read_rules(frame: pd.DataFrame | None) -> tuple[TagRule, ...]:
    """Every rule, by id; raises ContractError where the rows of one rule look for different things or share out badly."""
    if frame is None or frame.empty:
        return ()
    grouped: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in frame.to_dict("records"):
        cells = {name: _text(row.get(name)) for name in COLUMNS}
        grouped[cells["rule_id"]].append({**cells, **{k: cells[k] or usual for k, usual in USUAL.items()}})
    return tuple(_rule(rule, rows) for rule, rows in sorted(grouped.items()))


def _text(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    return f"{value:.12g}" if isinstance(value, float) else str(value).strip()


def _rule(rule: str, rows: Sequence[Mapping[str, str]]) -> TagRule:
    told = {tuple(row[name] for name in (*LOOKS, "accepted_by", "accepted_on")) for row in rows}
    if len(told) > 1:
        raise ContractError(
            "the rows of one rule look for different things, or not all are accepted",
            f"{FILE}, rule {rule}",
            expected="the same ledger, look_at, match, words, accepted_by and accepted_on in each",
            remedy="give the second one a rule_id of its own",
        )
    first = rows[0]
    if not plain(first["words"]):
        raise ContractError("a rule looks for no word", f"{FILE}, rule {rule}", repr(first["words"]), "letters or digits")
    parts = tuple(sorted(tuple(row[name] for name in OUTCOME) for row in rows))
    if len(set(parts)) < len(parts):
        raise ContractError("a rule has the same row twice", f"{FILE}, rule {rule}", remedy="add the two shares into one row")
    ledger, look_at, how, words = (first[name] for name in LOOKS)
    by, on, why = (first[name] for name in ACCEPTED)
    return TagRule(rule, ledger, look_at, how, words, parts, bool(by and on), by, on, why)


@dataclass(frozen=True, slots=True)
class Matches:
    """Which of the rules match each line of one ledger: by line, the places of the rules; and the lines mapped by hand."""

    found: tuple[tuple[int, ...], ...]
    by_hand: npt.NDArray[np.bool_]

    def winners(self, rules: Sequence[TagRule], only: Collection[int] | None = None) -> Places:
        """For each line the place of the rule that has it, or NOBODY, CLASH, BY_HAND; only: rules that may take lines."""
        verdicts: dict[tuple[int, ...], int] = {}
        for places in set(self.found):
            mine = [p for p in places if only is None or p in only]
            outcomes = {rules[p].outcome for p in mine}
            verdicts[places] = NOBODY if not mine else mine[0] if len(outcomes) == 1 else CLASH
        won = np.array([verdicts[places] for places in self.found], dtype=np.int64)
        return np.where(self.by_hand & np.array([bool(f) for f in self.found], dtype=bool), BY_HAND, won)


def match(lines: pd.DataFrame, stem: str, rules: Sequence[TagRule], by_hand: Collection[str]) -> Matches:
    """Ask every rule about every line of a ledger; lines that read alike are asked about once."""
    mine = [(place, rule) for place, rule in enumerate(rules) if rule.ledger in ("", stem)]
    centres, texts = lines["cost_centre"].tolist(), lines["description"].tolist()
    asked: dict[tuple[str, str], tuple[int, ...]] = {}
    found = []
    for centre, text in zip(centres, texts, strict=True):
        key = (str(centre), str(text))
        if key not in asked:
            code, words = plain(key[0]), plain(key[1])
            asked[key] = tuple(place for place, rule in mine if rule.takes(code, words))
        found.append(asked[key])
    return Matches(tuple(found), np.array([str(c) in by_hand for c in centres], dtype=bool))


def accepted(rules: Sequence[TagRule]) -> set[int]:
    """The places of the rules that somebody accepted."""
    return {place for place, rule in enumerate(rules) if rule.accepted}


def hand_made(ledger_map: pd.DataFrame | None, stem: str) -> set[str]:
    """The cost centres of a ledger that the map names."""
    if ledger_map is None or not {"ledger", "cost_centre"} <= set(ledger_map.columns):
        return set()
    return set(ledger_map.loc[ledger_map["ledger"] == stem, "cost_centre"].astype(str))


def rows_of(rules: Iterable[TagRule]) -> list[dict[str, Any]]:
    """The rules as rows of their file."""
    return [
        {
            "rule_id": rule.id,
            **{name: getattr(rule, name) for name in LOOKS},
            **dict(zip(OUTCOME, part, strict=True)),
            **{name: getattr(rule, name) for name in ACCEPTED},
        }
        for rule in rules
        for part in rule.parts
    ]
