"""What each page leaves out whatever the release, and who is not in its picture (data_contracts/pages.yaml)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from rcs_core.settings import CONTRACTS, fill, read_yaml


@dataclass(frozen=True, slots=True)
class LeavesOut:
    """Of one page: what it does not show, and who is not in its picture, each as sentences."""

    not_shown: list[str]
    not_in_picture: list[str]


@cache
def pages() -> Mapping[str, LeavesOut]:
    """By the address of the page. Raises SettingsError for an unknown or a missing key."""
    content = read_yaml(CONTRACTS / "pages.yaml")
    return {address: fill(LeavesOut, entry, f"pages.yaml, {address}") for address, entry in content.items()}


@cache
def text(address: str) -> str:
    """Both lists of one page as Markdown; blank for a page that has none."""
    found = pages().get(address)
    if found is None:
        return ""
    lists = (("It does not show", found.not_shown), ("Not in the picture", found.not_in_picture))
    return "\n\n".join(f"**{name}**\n\n" + "\n".join(f"- {line}" for line in lines) for name, lines in lists)
