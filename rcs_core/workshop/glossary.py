"""The words of the workbench in plain English, by the pages on which they are met (data_contracts/glossary.yaml)."""

from dataclasses import dataclass
from functools import cache

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
    content = read_yaml(CONTRACTS / "glossary.yaml")
    found = [fill(Word, entry, f"glossary.yaml, {name}") for name, entry in content.items()]
    return tuple(sorted(found, key=lambda word: word.term.casefold()))


def of_page(address: str) -> tuple[Word, ...]:
    """The words that are met on one page of the workbench."""
    return tuple(word for word in words() if address in word.pages)


def document() -> str:
    """The glossary as a page of the docs."""
    lines = [
        "# Words of the workbench",
        "",
        "As each page offers them at its foot. Made from `data_contracts/glossary.yaml`.",
        "",
    ]
    for word in words():
        name, path = word.method.rsplit("/", 1)[-1].removesuffix(".md").replace("_", " "), word.method.removeprefix("docs/")
        lines.append(f"- **{word.term}.** {word.means} How: [{name}]({path}).")
    return "\n".join(lines) + "\n"
