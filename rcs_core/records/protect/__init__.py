"""Disclosure control: hide small counts, and the counts that would give them away by subtraction.

`protect` takes every count table of a release at once and gives the same tables back, fit to leave the room.
"""

from rcs_core.records.protect.effort import Effort, read_effort
from rcs_core.records.protect.run import Protected, protect
from rcs_core.records.protect.system import ContradictionError

__all__ = ["ContradictionError", "Effort", "Protected", "protect", "read_effort"]
