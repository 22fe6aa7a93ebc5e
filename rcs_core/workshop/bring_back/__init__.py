"""A scenario workbook comes back: the scenario that it was made of, with the inputs that somebody changed in it.

What comes in is a workbook that was edited in any spreadsheet program; what goes out is the list of changes, to be read
before anything is accepted, and then the scenario with them. Anything else that was changed is told and not taken.
"""

from rcs_core.workshop.bring_back.changes import Change, listed, veiled_in
from rcs_core.workshop.bring_back.errors import BookError, Breach
from rcs_core.workshop.bring_back.layouts import LAYOUTS, Came
from rcs_core.workshop.bring_back.load import Loaded, accept, load_book, load_workbook, needs_scenario, open_book

__all__ = [
    "LAYOUTS", "BookError", "Breach", "Came", "Change", "Loaded", "accept", "listed", "load_book", "load_workbook",
    "needs_scenario", "open_book", "veiled_in",
]  # fmt: skip
