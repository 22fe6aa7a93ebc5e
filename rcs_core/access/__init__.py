"""Who somebody is, what they may do, and of which partnership they may see anything."""

from rcs_core.access.hosting import Hosting, open_release, owned, read_hosting
from rcs_core.access.person import AccessError, Person, at_this_machine, visitor
from rcs_core.access.roles import Right, Role, rights_of

__all__ = [
    "AccessError", "Hosting", "Person", "Right", "Role", "at_this_machine", "open_release", "owned", "read_hosting", "rights_of",
    "visitor",
]  # fmt: skip
