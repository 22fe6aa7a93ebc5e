"""The words of the workbench in plain English, by the pages on which they are met (data_contracts/glossary.yaml)."""

from dataclasses import dataclass
from functools import cache

from rcs_core.errors import SettingsError
from rcs_core.settings import CONTRACTS, fill, read_yaml


@dataclass(frozen=True, slots=True)
class Word:
    """One word: what it means, the addresses of the pages on which it is met, and where its method is written down."""

    term: str
    means: str
    pages: list[str]
    method: str


@cache
def words() -> tuple[Word, ...]:
    """Every word, in the order of the alphabet. Raises SettingsError where an entry has an unknown or a missing key."""
    return tuple(sorted(_by_name().values(), key=lambda word: word.term.casefold()))


@cache
def _by_name() -> dict[str, Word]:
    content = read_yaml(CONTRACTS / "glossary.yaml")
    return {name: fill(Word, entry, f"glossary.yaml, {name}") for name, entry in content.items()}


def word(name: str) -> Word:
    """One word by its name in the file; raises SettingsError where there is none."""
    known = _by_name()
    if name not in known:
        raise SettingsError("no such word", "glossary.yaml", name, ", ".join(sorted(known)), "name one of these, or add it")
    return known[name]


def of_page(address: str) -> tuple[Word, ...]:
    """The words that are met on one page of the workbench."""
    return tuple(word for word in words() if address in word.pages)


def document() -> str:
    """The glossary as a page of the docs."""
    lines = [
        "# Words of the workbench",
        "",
        "As each page offers them under *Help with this page*. Made from `data_contracts/glossary.yaml`.",
        "",
    ]
    for word in words():
        name, path = word.method.rsplit("/", 1)[-1].removesuffix(".md").replace("_", " "), word.method.removeprefix("docs/")
        lines.append(f"- **{word.term}.** {word.means} How: [{name}]({path}).")
    return "\n".join(lines) + "\n"
