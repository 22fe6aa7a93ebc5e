"""The council areas of Scotland: one name for each, however a published table spells it, and which of them is ours."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from rcs_core.errors import SettingsError
from rcs_core.settings import CONTRACTS, read_yaml

FILE, RULES = "councils.yaml", "family_groups.yaml"
FICTIONAL = "(fictional)"
_KEYS = {"version", "source", "date", "whole", "councils"}
_OWN_KEYS = {"also", "code"}


@dataclass(frozen=True, slots=True)
class Councils:
    """The names of the council areas, by how they may be spelt and by pupil census code; `whole` is the country."""

    names: tuple[str, ...]
    spelt: dict[str, str]
    coded: dict[str, str]
    whole: str

    def name(self, written: str) -> str:
        """The one name of a geography: a council's however it was spelt, any other as it was written."""
        return self.spelt.get(_folded(written), written.strip())

    def holds(self, written: str) -> bool:
        """Whether a geography is one of the councils."""
        return self.name(written) in self.names

    def own(self, partnership: str, code: str, others: Collection[str] = ()) -> str:
        """Which council the partnership is: by its code, else by its exact name; blank where neither says so.

        others: geographies that may be the partnership too, such as a fictional one.
        """
        if code in self.coded:
            return self.coded[code]
        bare = partnership.replace(FICTIONAL, "").strip()
        wanted = {_folded(form) for form in (partnership, bare, bare.removesuffix(" Council"))}
        found = {
            self.name(name) for name in (*others, *self.names) if _folded(name) in wanted or _folded(self.name(name)) in wanted
        }
        return found.pop() if len(found) == 1 else ""


def _folded(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.casefold().replace("&", " and ")).strip()


@cache
def councils() -> Councils:
    """The councils of `data_contracts/councils.yaml`, read once."""
    told = read_yaml(CONTRACTS / FILE)
    _known(told, _KEYS, FILE)
    entries: dict[str, dict[str, Any]] = told["councils"]
    for name, entry in entries.items():
        _known(entry, _OWN_KEYS, f"{FILE}, {name}")
    spelt = {_folded(form): name for name, entry in entries.items() for form in (name, *entry.get("also", ()))}
    coded = {str(entry["code"]): name for name, entry in entries.items() if "code" in entry}
    return Councils(tuple(entries), spelt, coded, str(told["whole"]))


def counts_people(unit: str) -> bool:
    """Whether a published figure's unit counts people, by its first word: `n`, `n people`, `number of children`."""
    return _folded(unit).partition(" ")[0] in _counting()


@cache
def _counting() -> frozenset[str]:
    return frozenset(str(word) for word in read_yaml(CONTRACTS / RULES)["numbers_of_people"]["first_words"])


def _known(told: dict[str, Any], keys: set[str], where: str) -> None:
    if unknown := sorted(set(told) - keys):
        raise SettingsError("unknown key", where, ", ".join(unknown), ", ".join(sorted(keys)), "remove or rename the key")
