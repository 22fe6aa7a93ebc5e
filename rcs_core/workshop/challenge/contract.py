"""The questions of `data_contracts/challenges.yaml`, checked at birth: known rules, words a rule can give, sourced thresholds."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from rcs_core.errors import SettingsError
from rcs_core.settings import CONTRACTS, fill, read_yaml
from rcs_core.workshop.challenge.found import Rule
from rcs_core.workshop.challenge.money_rules import MONEY_RULES
from rcs_core.workshop.challenge.register_rules import REGISTER_RULES

RULES: dict[str, Rule] = {**MONEY_RULES, **REGISTER_RULES}
PATH = CONTRACTS / "challenges.yaml"
LIMIT = "limit"
"""The word that stands for the threshold in a question or a rule."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """The figure above which a question is raised, its unit, and who set it when."""

    value: float
    unit: str
    source: str
    date: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """One question: what is looked for (`name`), the rule that raises it, and that rule in words."""

    id: str
    name: str
    rule: str
    question: str
    in_words: str
    threshold: Threshold


@cache
def challenges(path: Path = PATH) -> tuple[Challenge, ...]:
    """Every question of the contract, in its order; raises SettingsError naming the entry that is wrong."""
    content = read_yaml(path)
    if set(content) != {"challenges"} or not isinstance(content["challenges"], list):
        raise SettingsError(
            "the contract has another form", path.name, ", ".join(map(str, content)), "the key `challenges`, a list"
        )
    found = tuple(_challenge(entry, f"{path.name}, entry {k}") for k, entry in enumerate(content["challenges"], 1))
    ids = [c.id for c in found]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise SettingsError("a question stands twice", path.name, ", ".join(twice), "each id once", "rename or remove one")
    return found


def _challenge(entry: Any, where: str) -> Challenge:
    if not isinstance(entry, dict) or not isinstance(entry.get("threshold"), dict):
        raise SettingsError("an entry is incomplete", where, str(entry), "id, name, rule, question, in_words and a threshold")
    where = f"{where}, {entry.get('id', '')}"
    found = fill(Challenge, {**entry, "threshold": fill(Threshold, entry["threshold"], f"{where}, threshold")}, where)
    if found.rule not in RULES:
        raise SettingsError("there is no such rule", where, found.rule, f"one of: {', '.join(sorted(RULES))}", "name one of them")
    if not isinstance(found.threshold.value, int | float) or isinstance(found.threshold.value, bool):
        raise SettingsError("the threshold is no number", where, str(found.threshold.value), "a number")
    if blank := [name for name in ("unit", "source", "date") if not getattr(found.threshold, name)]:
        raise SettingsError("the threshold is not sourced", where, f"no {', '.join(blank)}", "a unit, a source and a date")
    _check_words(found, where)
    return found


def _check_words(found: Challenge, where: str) -> None:
    known = {*RULES[found.rule].words, LIMIT}
    for name, text, allowed in (("question", found.question, known), ("in_words", found.in_words, {LIMIT})):
        try:
            used = {word for _, word, _, _ in Formatter().parse(text) if word is not None}
        except ValueError as error:
            raise SettingsError("the braces do not match", f"{where}, {name}", text, "a word in braces, {share}") from error
        if unknown := sorted(used - allowed):
            raise SettingsError(
                "the rule does not give such a word",
                f"{where}, {name}",
                ", ".join(unknown),
                f"one of: {', '.join(sorted(allowed))}",
                "change or remove the word in braces",
            )
