"""Services under two ids that are likely one: offered with the reason, and never joined by themselves.

In: the rows of the register, and the decisions so far. Out: pairs, the most alike first. Two rows are set against each other
where their names are the same but for common words, or nearly so, or where what they are agrees in so much else.
"""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from itertools import combinations
from typing import Any

from rcs_core.contracts.same_services import Decided
from rcs_core.settings import CONTRACTS, read_yaml

SAME_NAME = "the same name but for common words"
NEAR_NAME = "nearly the same name"
PROVIDER_AND_GROUP = "the same provider and group"
END_AND_SERVED = "the same end of contract and children served"
WEIGHTS = {SAME_NAME: 4, NEAR_NAME: 3, PROVIDER_AND_GROUP: 2, END_AND_SERVED: 2}
ENOUGH = 3
"""A name alone is enough to offer a pair; of the other reasons both are wanted."""


@dataclass(frozen=True, slots=True)
class Rules:
    """When names count as nearly the same, how many pairs are offered, and words that tell no service from another.

    word_tells: services that a word may be in and still tell which names to set against each other.
    """

    name_alike: float
    most_offered: int
    word_tells: int
    common_words: frozenset[str]
    legal_words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Likely:
    """Two ids that may be one service: their names, the agencies that sent or fund them, and each reason."""

    one: str
    other: str
    names: tuple[str, str]
    agencies: tuple[str, str]
    reasons: tuple[str, ...]

    @property
    def weight(self) -> int:
        """How much speaks for it."""
        return sum(WEIGHTS[reason] for reason in self.reasons)

    def to_dict(self) -> dict[str, Any]:
        """The pair as plain values."""
        return asdict(self)


@cache
def rules() -> Rules:
    """The rules of `data_contracts/register.yaml`."""
    told = read_yaml(CONTRACTS / "register.yaml")
    words = (frozenset(map(str, told[name])) for name in ("common_words", "legal_words"))
    return Rules(float(told["name_alike"]["value"]), int(told["most_offered"]["value"]), int(told["word_tells"]["value"]), *words)


def likely(rows: Sequence[Mapping[str, str]], decisions: Iterable[Decided] = ()) -> list[Likely]:
    """Pairs that may be one service and are not decided; the same whatever the order of the rows.

    Pairs of one id (one service, told twice) are none: the merging of submissions tells of those.
    """
    settled = {one.pair for one in decisions}
    by_id = {row["service_id"]: row for row in sorted(rows, key=_said) if row.get("service_id")}
    found = []
    for one, other in sorted(_candidates(by_id)):
        if frozenset((one, other)) not in settled:
            a, b = by_id[one], by_id[other]
            reasons = tuple(_reasons(a, b))
            pair = Likely(one, other, (_cell(a, "service_name"), _cell(b, "service_name")), (_agency(a), _agency(b)), reasons)
            found += [pair] if pair.weight >= ENOUGH else []
    return sorted(found, key=lambda p: (-p.weight, p.one, p.other))[: rules().most_offered]


def _said(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{k}={v}" for k, v in sorted(row.items()) if not k.startswith("_"))


def _candidates(by_id: Mapping[str, Mapping[str, str]]) -> set[tuple[str, str]]:
    """Pairs worth a look: of one name, of names that share a word, or of one provider and group."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for service, row in by_id.items():
        groups["name", _name(row)].append(service)
        for word in _name(row).split():
            groups["word", word].append(service)
        if provider := _provider(row):
            groups["provider", provider, _cell(row, "parent_group").casefold()].append(service)
    telling = [ids for (kind, *_), ids in groups.items() if kind != "word" or len(ids) <= rules().word_tells]
    return {pair for ids in telling for pair in combinations(sorted(set(ids)), 2)}


def _reasons(a: Mapping[str, str], b: Mapping[str, str]) -> Iterable[str]:
    one, other = _name(a), _name(b)
    if one and one == other:
        yield SAME_NAME
    elif one and other and _near(one, other):
        yield NEAR_NAME
    if _provider(a) and _provider(a) == _provider(b) and _alike(a, b, "parent_group"):
        yield PROVIDER_AND_GROUP
    if _alike(a, b, "contract_end") and _alike(a, b, "children_served"):
        yield END_AND_SERVED


def _near(one: str, other: str) -> bool:
    """Whether two names are nearly the same; the quick bounds spare most pairs the slow look."""
    match, least = difflib.SequenceMatcher(None, one, other), rules().name_alike
    return match.real_quick_ratio() >= least and match.quick_ratio() >= least and match.ratio() >= least


def _alike(a: Mapping[str, str], b: Mapping[str, str], column: str) -> bool:
    return bool(_cell(a, column)) and _cell(a, column).casefold() == _cell(b, column).casefold()


def _cell(row: Mapping[str, str], column: str) -> str:
    return str(row.get(column) or "").strip()


@lru_cache(maxsize=20_000)
def _words(text: str, leave: frozenset[str]) -> str:
    """The words that tell one from another, each in the singular, in the order of the alphabet."""
    words = re.findall(r"[a-z0-9]+", text.casefold().replace("'", ""))
    plain = {word.removesuffix("s") if len(word) > 3 else word for word in words if word not in leave}
    return " ".join(sorted(plain))


def _name(row: Mapping[str, str]) -> str:
    return _words(_cell(row, "service_name"), rules().common_words)


def _provider(row: Mapping[str, str]) -> str:
    return _words(_cell(row, "provider"), rules().legal_words | rules().common_words)


def _agency(row: Mapping[str, str]) -> str:
    return _cell(row, "funder_agency")
