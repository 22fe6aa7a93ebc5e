"""Offers where unmapped cost centres may go: where they went before, or where one with like descriptions goes.

In: a ledger's lines, what is mapped by hand (here and, where it is at hand, in last year's folder), and the desk's memory.
Out: one suggestion a cost centre with its reason, never applied by itself. Its words are told only where descriptions are.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from math import log
from typing import Any

import pandas as pd

from rcs_core.contracts.ledger_layout import words as settings
from rcs_core.contracts.ledger_rules import OUTCOME, USUAL, Part, plain
from rcs_core.records.ingest import Records

BEFORE, ALIKE = "mapped before", "like descriptions"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Where an unmapped cost centre may go, and why; words: those that the descriptions share, only_here: the others."""

    cost_centre: str
    lines: int
    pence: int
    parts: tuple[Part, ...]
    goes_to: str
    kind: str
    reason: str
    words: tuple[str, ...] = ()
    only_here: tuple[str, ...] = ()

    def to_dict(self, reveal: bool) -> dict[str, Any]:
        """As `rcs ledgers --json` prints it; the words only where descriptions are revealed."""
        shown = {"words": self.words, "only_here": self.only_here} if reveal else {"words": (), "only_here": ()}
        return {**asdict(self), **shown}


@dataclass(frozen=True, slots=True)
class Known:
    """A cost centre that is mapped: its code, of which year, its words, and where it goes."""

    cost_centre: str
    when: str
    words: frozenset[str]
    parts: tuple[Part, ...]


def suggest(
    records: Records, ledger: str, unmapped: Mapping[str, int], memory: pd.DataFrame, earlier: Records | None = None
) -> list[Suggestion]:
    """A suggestion for each unmapped cost centre (with its lines) that has one, the most money first.

    memory: what the desk remembers (`Mappings.current`). earlier: the same ledger of last year's folder.
    """
    services = set(records.services["service_id"].astype(str))
    said, pence = _words(records.ledgers[ledger]), records.ledgers[ledger].groupby("cost_centre")["amount_pence"].sum()
    known = [*_mapped(records, ledger, "this year"), *(_mapped(earlier, ledger, "last year") if earlier else ())]
    known = [k for k in known if all(not part[0] or part[0] in services for part in k.parts)]
    before = _before(memory, ledger, services)
    likeness = Likeness.of(known, _weights([*said.values(), *(k.words for k in known)]))
    found = []
    for centre, count in unmapped.items():
        hit = before.get(centre) or _nearest(said.get(centre, frozenset()), likeness)
        if hit is not None:
            parts, kind, reason, words = hit
            others = tuple(sorted(said.get(centre, frozenset()) - set(words))) if words else ()
            found.append(Suggestion(centre, count, int(pence[centre]), parts, _goes(parts), kind, reason, words, others))
    return sorted(found, key=lambda s: (-abs(s.pence), s.cost_centre))


type Hit = tuple[tuple[Part, ...], str, str, tuple[str, ...]]


def _goes(parts: tuple[Part, ...]) -> str:
    return ", ".join(f"{p[0] or f'left out: {p[3]}'}{'' if float(p[2]) == 100 else f' {float(p[2]):g}%'}" for p in parts)


def _words(lines: pd.DataFrame) -> dict[str, frozenset[str]]:
    """The words of each cost centre's descriptions, numbers aside."""
    found: dict[str, set[str]] = defaultdict(set)
    for centre, text in set(zip(lines["cost_centre"], lines["description"], strict=True)):
        found[str(centre)] |= {word for word in plain(text).split() if not word.isdigit() and len(word) > 1}
    return {centre: frozenset(words) for centre, words in found.items()}


def _rows(mapping: pd.DataFrame, ledger: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of one ledger's map by cost centre, blanks as empty text."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in mapping[mapping["ledger"] == ledger].to_dict("records") if len(mapping) else ():
        found[str(row["cost_centre"])].append({str(k): "" if v is None or v != v else v for k, v in row.items()})
    return found


def _parts(rows: list[dict[str, Any]]) -> tuple[Part, ...]:
    filled = [{name: str(row.get(name, "")) for name in OUTCOME} for row in rows]
    parts = [{**row, **{k: row[k] or usual for k, usual in USUAL.items()}, "pct": f"{float(row['pct']):.12g}"} for row in filled]
    return tuple(sorted(tuple(row[name] for name in OUTCOME) for row in parts))


def _whole(parts: tuple[Part, ...]) -> bool:
    """Whether every part goes somewhere, and they are the whole of a line."""
    return all(p[0] or p[3] for p in parts) and abs(sum(float(p[2]) for p in parts) - 100) < 1e-6


def _mapped(records: Records, ledger: str, when: str) -> Iterator[Known]:
    said = _words(records.ledgers[ledger])
    for centre, rows in sorted(_rows(records.ledger_map, ledger).items()):
        parts = _parts(rows)
        if said.get(centre) and _whole(parts):
            yield Known(centre, when, said[centre], parts)


def _before(memory: pd.DataFrame, ledger: str, services: set[str]) -> dict[str, Hit]:
    """Where the desk sent a cost centre of this ledger before, as far as the register still has the service."""
    found: dict[str, Hit] = {}
    for centre, rows in _rows(memory, ledger).items():
        parts = _parts(rows)
        if _whole(parts) and all(not p[0] or p[0] in services for p in parts):
            day = max(str(row["at"]) for row in rows)[:10]
            found[centre] = (parts, BEFORE, f"the desk remembers this cost centre so since {day}", ())
    return found


def _weights(texts: list[frozenset[str]]) -> dict[str, float]:
    """A word that few cost centres have counts more."""
    counts: dict[str, int] = defaultdict(int)
    for words in texts:
        for word in words:
            counts[word] += 1
    return {word: log(1 + len(texts) / count) for word, count in counts.items()}


@dataclass(frozen=True, slots=True)
class Likeness:
    """The mapped cost centres by their words, so that only those are compared that have a word in common."""

    known: list[Known]
    weights: Mapping[str, float]
    having: Mapping[str, list[int]]
    whole: list[float]

    @classmethod
    def of(cls, known: list[Known], weights: Mapping[str, float]) -> "Likeness":
        """Look the words up once."""
        having: dict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(known):
            for word in one.words:
                having[word].append(place)
        return cls(known, weights, having, [sum(weights[w] for w in sorted(one.words)) for one in known])

    def scores(self, words: frozenset[str]) -> list[tuple[float, Known]]:
        """How alike each is: the weight of the words in common over that of all words of both; the most alike first."""
        shared: dict[int, float] = defaultdict(float)
        for word in sorted(words):
            for place in self.having.get(word, ()):
                shared[place] += self.weights[word]
        own = sum(self.weights[word] for word in sorted(words))
        found = [(both / (own + self.whole[place] - both), self.known[place]) for place, both in shared.items()]
        return sorted(found, key=lambda one: (-one[0], one[1].cost_centre))


def _nearest(words: frozenset[str], likeness: Likeness) -> Hit | None:
    """The mapped cost centre whose descriptions are most alike, where it is alike enough and no other outcome is nearly so."""
    least, margin = float(settings()["alike"]["value"]), float(settings()["alike_margin"]["value"])
    scored = likeness.scores(words)
    if not scored or scored[0][0] < least:
        return None
    score, best = scored[0]
    rival = next((s for s, k in scored if k.parts != best.parts), 0.0)
    if score - rival < margin:
        return None
    shared = words & best.words
    reason = f"{len(shared)} of {len(words | best.words)} words as in cost centre {best.cost_centre} of {best.when}"
    return best.parts, ALIKE, reason, tuple(sorted(shared))
