"""Somebody who uses the workbench: signed in, at the machine that serves it, or a visitor on its network."""

from dataclasses import dataclass

from rcs_core.access.roles import Right, Role, rights_of
from rcs_core.errors import RcsError


class AccessError(RcsError):
    """Somebody asked for what is not theirs."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks. id: the address that they signed in with, or what tells a browser apart where nobody signs in.

    partnership: the area code of the only one of which they see anything; blank where the server serves one to all.
    agency: for whom they speak; blank where for none. local: nobody signs in here. owner: the machine is theirs.
    """

    id: str
    name: str = ""
    agency: str = ""
    partnership: str = ""
    roles: tuple[Role, ...] = ()
    local: bool = False
    owner: bool = False

    def __post_init__(self) -> None:
        if not self.local and not self.partnership:
            raise AccessError("somebody of no partnership sees nothing", "sign-in", self.id, "a partnership in the hosting file")
        if self.owner and not self.local:
            raise AccessError("nobody who signs in owns the machine", "sign-in", self.id)

    @property
    def rights(self) -> frozenset[Right]:
        """What they may do."""
        return frozenset(Right) if self.owner else rights_of(*self.roles)

    def may(self, right: Right) -> bool:
        """Whether they may do something."""
        return right in self.rights

    def need(self, right: Right, doing: str = "") -> None:
        """Raises AccessError where they may not. doing: what they were about to do, in their words."""
        if right not in self.rights:
            raise AccessError(doing or "this may not be done here", self.said, f"no right to {right.label}", _who(right), _ASK)

    @property
    def said(self) -> str:
        """Who it is, for a message to themselves."""
        if self.local:
            return "at this machine" if self.owner else "on this network"
        return f"{self.name} ({', '.join(role.label.lower() for role in self.roles)})"


_ASK = "ask the facilitator, or whoever hosts the workbench"


def at_this_machine() -> Person:
    """Whoever is at the machine that serves the workbench, or has its facilitator's key: may do everything."""
    return Person("here", local=True, owner=True)


def visitor(browser: str) -> Person:
    """Whoever comes over the network without a key: reads and takes part. browser: what tells one from another."""
    return Person(f"visitor {browser}", roles=(Role.PARTICIPANT,), local=True)


def _who(right: Right) -> str:
    """Which roles have a right."""
    found = [role.label.lower() for role in Role if right in rights_of(role)]
    return f"one of: {', '.join(found)}" if found else "whoever runs the server"
