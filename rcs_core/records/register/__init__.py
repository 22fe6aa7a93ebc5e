"""The service register at the desk: what each agency sent, what would change, who changed what, and which services are one.

In: an input folder. Out: the same folder with one file of the register changed, its earlier version and the history kept
beside it. Validation is the contract's own; likely pairs are offered, and joined only by a decision. See
`docs/how-to/register.md`.
"""

from rcs_core.records.register.files import Kept, RegisterError, read_rows, the_file
from rcs_core.records.register.history import EDIT, UPLOAD, Entry, read_history, undo, write
from rcs_core.records.register.likely import Likely, likely
from rcs_core.records.register.propose import Change, Proposal, propose
from rcs_core.records.register.state import State, decide, state

__all__ = [
    "EDIT",
    "UPLOAD",
    "Change",
    "Entry",
    "Kept",
    "Likely",
    "Proposal",
    "RegisterError",
    "State",
    "decide",
    "likely",
    "propose",
    "read_history",
    "read_rows",
    "state",
    "the_file",
    "undo",
    "write",
]
