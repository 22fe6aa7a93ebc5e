"""What a partnership decided, by whom and when: events that are only ever added."""

from rcs_core.workshop.store.database import MIGRATIONS
from rcs_core.workshop.store.kinds import Event, EventKind, SignOff, StoreAwayError, StoreError, Withdrawal
from rcs_core.workshop.store.place import Place, store_place
from rcs_core.workshop.store.sqlite import BUSY_SECONDS
from rcs_core.workshop.store.store import ID_LENGTH, Store

__all__ = [
    "BUSY_SECONDS", "ID_LENGTH", "MIGRATIONS", "Event", "EventKind", "Place", "SignOff", "Store", "StoreAwayError", "StoreError",
    "Withdrawal", "store_place",
]  # fmt: skip
