"""What policy chose about recorded decisions: limits on length and number, and which body is offered for a purse."""

from functools import cache

from rcs_core.settings import CONTRACTS, read_yaml
from rcs_core.vocab import Agency

CONTRACT = CONTRACTS / "decisions.yaml"


@cache
def limits() -> dict[str, int]:
    """The most letters and items of each kind."""
    return {name: int(entry["value"]) for name, entry in read_yaml(CONTRACT)["limits"].items()}


@cache
def bodies() -> dict[str, str]:
    """The bodies that are offered, by kind of purse."""
    return {name: str(entry["value"]) for name, entry in read_yaml(CONTRACT)["bodies"].items()}


def body_of(agency: str) -> str:
    """The body that is offered for an agency's purse; which one decides varies by area, so nothing is taken for granted."""
    kind = {Agency.NHS_BOARD.value: "nhs", Agency.HSCP.value: "hscp"}.get(agency)
    return bodies()[kind or ("council" if agency.startswith("council_") else "other")]
