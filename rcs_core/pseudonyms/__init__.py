"""Pseudonyms: a role and a command apart, that turns files with identifiers into files with pseudonyms only.

Nothing else of the workbench comes in here; only the command line does. See docs/how-to/pseudonyms.md.
"""

from rcs_core.pseudonyms.keys import KeyFileError, fingerprint, new_key, read_key
from rcs_core.pseudonyms.method import Key, canonical, form_of, method, pseudonym
from rcs_core.pseudonyms.places import PseudonymError, WishError
from rcs_core.pseudonyms.receipt import Receipt
from rcs_core.pseudonyms.run import Outcome, pseudonymise
from rcs_core.pseudonyms.said import told
from rcs_core.pseudonyms.table import Wish

__all__ = [
    "Key", "KeyFileError", "Outcome", "PseudonymError", "Receipt", "Wish", "WishError", "canonical", "fingerprint", "form_of",
    "method", "new_key", "pseudonym", "pseudonymise", "read_key", "told",
]  # fmt: skip
