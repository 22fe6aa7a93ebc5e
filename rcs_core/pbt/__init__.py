"""The Preventative Budgeting Tool's three tables, out of a release or an input folder and back: organise, prevention, outcomes.

In: a release (what may be seen) or an input folder (desk only: it names cost centres). Out: a workbook, or from a workbook
the rows of the register, of the ledger map and of later budgets, with what is wrong in the house form. What goes out comes back.
"""

from rcs_core.pbt.book import Book, read_book, write_book
from rcs_core.pbt.from_folder import book_of_folder
from rcs_core.pbt.from_release import book_of_release
from rcs_core.pbt.take_in import Taken, take_in, write_taken

__all__ = ["Book", "Taken", "book_of_folder", "book_of_release", "read_book", "take_in", "write_book", "write_taken"]
