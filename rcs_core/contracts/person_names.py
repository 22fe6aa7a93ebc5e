"""Whether a text reads as a person's name: forename and surname, "Surname, Forename", a title or an initial and a surname.

Forenames that are also words or places (Skye, Mark, Summer) say nothing alone; beside a known surname they do. A word
that an organisation, a place or a subject carries (centre, primary, street, term) says that it is no person.
"""

import re
from dataclasses import dataclass

PART = r"[^\W\d_]+(?:['’][^\W\d_]+)?(?:-[^\W\d_]+)*\.?"
WORDS = re.compile(rf"{PART}(?:,? {PART}){{1,3}}")
TWO_CAPITALISED = re.compile(r"(?<![\w'’-])[A-Z][a-z'’]+(?:-[A-Z][a-z]+)?(?: [A-Z]\.?)? [A-Z][\w'’]+(?:-[A-Z][a-z]+)?")
CLAN = re.compile(r"(?:ma?c|o['’])[a-z]{3,}")


@dataclass(frozen=True, slots=True)
class Names:
    """The words by which a name is known, all in lower case.

    forenames: tell a person; also_words: forenames that are words or places too; surnames; titles; not_names: no person.
    """

    forenames: frozenset[str]
    also_words: frozenset[str]
    surnames: frozenset[str]
    titles: frozenset[str]
    not_names: frozenset[str]


def is_full_name(text: str, names: Names) -> bool:
    """Whether a whole text of two to four words is a person's name."""
    words = _words(text, names)
    if not words:
        return False
    if words[0] in names.titles:
        return True
    clear, either, surnames = (_count(words, names, kind) for kind in ("forename", "either", "surname"))
    if "," in text and clear:
        return True
    capitals = _capitalised(text)
    if capitals and clear:
        return True
    together = clear + either + surnames >= 2 and surnames + either > 0 and clear + either > 0
    initial = len(words) == 2 and min(map(len, words)) == 1 and surnames == 1
    return (together and (capitals or surnames > 0)) or (capitals and initial)


def has_the_form(text: str, names: Names) -> bool:
    """Whether a text could be a name nobody has listed: two to four capitalised words, none of which says otherwise."""
    return bool(_words(text, names)) and _capitalised(text)


def _words(text: str, names: Names) -> list[str]:
    """The words of a text that has the form of a name, in lower case; none when one of them says that it is no person."""
    if not WORDS.fullmatch(text):
        return []
    words = [word.strip(".").casefold().replace("’", "'") for word in text.replace(",", " ").split()]
    return [] if any(word in names.not_names for word in words) else words


def _capitalised(text: str) -> bool:
    """Whether no word begins in lower case; scripts without capitals count as capitalised."""
    return not any(word[0].islower() for word in text.replace(",", " ").split())


def _count(words: list[str], names: Names, kind: str) -> int:
    """How many of the words are forenames, forenames that are also words, or surnames only."""
    parts = [set(word.split("-")) | {word} for word in words]
    if kind == "forename":
        return sum(bool(part & names.forenames) for part in parts)
    if kind == "either":
        return sum(bool(part & names.also_words) and not part & names.forenames for part in parts)
    given = names.forenames | names.also_words
    return sum((bool(part & names.surnames) or any(CLAN.fullmatch(p) for p in part)) and not part & given for part in parts)


def is_forename(text: str, names: Names) -> bool:
    """Whether a single word is a forename and nothing else."""
    return text.replace("-", "").isalpha() and text[:1].isupper() and not _split(text).isdisjoint(names.forenames)


def _split(text: str) -> set[str]:
    folded = text.casefold()
    return {folded, *folded.split("-")}


def holds_full_name(text: str, names: Names) -> bool:
    """Whether two capitalised words in a longer text are a forename and a surname."""
    return any(is_full_name(hit[0], names) for hit in TWO_CAPITALISED.finditer(text))
