"""What a partnership decided, by whom and when: events that are only ever added, in SQLite or in PostgreSQL.

Scenarios are kept as versions of a name (none is overwritten; see `kept`) and releases are signed off before they are served.
A write is acknowledged only when it is on the disk. The table refuses change and removal by itself (see `migrations/`).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from rcs_core.workshop.store import rows
from rcs_core.workshop.store.database import Database
from rcs_core.workshop.store.kinds import Event, EventKind, SignOff, StoreError, Withdrawal
from rcs_core.workshop.store.place import Place

ID_LENGTH = 12
"""A release id is the first characters of its content hash (see `Release.id`)."""
_LARGE = ("scenario", "names")
"""Keys of a body that are large."""

type Allow = Callable[[Event], None]
"""Raises where an event may not be added."""


class Store:
    """The workshop's memory. Open it once a process; its threads may share it.

    partnership: whose events alone are read and written; blank where the store serves one partnership.
    """

    def __init__(self, database: Database, partnership: str = "", allow: Allow | None = None) -> None:
        self.database = database
        self.partnership = partnership
        self._allow = allow

    def of(self, partnership: str, allow: Allow | None = None) -> "Store":
        """The same store as one partnership (and one person, by what `allow` refuses) sees it."""
        return Store(self.database, partnership, allow)

    @classmethod
    def open(cls, url_or_path: str | Path) -> "Store":
        """Open the store at a path or URL (see `Place`), made or brought up to date if need be.

        Raises StoreError when the place cannot be written, the file is not a store, or a newer version wrote it, and
        StoreAwayError when the server does not answer.
        """
        database = Database(Place.of(url_or_path))
        try:
            database.upgrade()
        except BaseException:
            database.engine.dispose()
            raise
        return cls(database)

    @property
    def where(self) -> str:
        """The place of the store as a person may read it."""
        return self.database.place.said

    def close(self) -> None:
        """Give up the file, or the connections."""
        self.database.engine.dispose()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, event: Event) -> int:
        """Add one event, on the disk when this returns; returns its id."""
        wanted = self._mine(event)
        return self.database.write(lambda connection: rows.insert(connection, wanted)).id

    def append_after(self, kinds: Sequence[EventKind], make: Callable[[list[Event]], Event], session_id: str = "") -> Event:
        """Add the event that is made of those of some kinds before it; nobody adds another between. Returns it as it is kept.

        session_id: whose events alone `make` is given. They have no scenario in their bodies: no event is made of one.
        """
        query, values = self._asked(kinds, _LARGE, session_id=session_id)

        def add(connection: sa.Connection) -> Event:
            before = [rows.event_of(row) for row in connection.execute(query, values)]
            return rows.insert(connection, self._mine(make(before)))

        return self.database.write(add)

    def events(
        self, *kinds: EventKind, release_id: str = "", scenario_id: str = "", after: int = 0, without: Sequence[str] = (),
        session_id: str = "",
    ) -> list[Event]:  # fmt: skip
        """The events in the order they happened, narrowed by what is given; `after` is the last id already known.

        without: keys that are left out of the bodies. An event is never seen before one with a smaller id.
        """
        narrowed = {"release_id": release_id, "scenario_id": scenario_id, "session_id": session_id}
        query, values = self._asked(kinds, without, after, **narrowed)
        with self.database.reading() as connection:
            return [rows.event_of(row) for row in connection.execute(query, values)]

    def sign_off(self, release_hash: str, by: str, role: str, note: str, fictional: bool, specification: str = "") -> SignOff:
        """Record that a person takes responsibility for serving a release; raises StoreError when who or what is blank."""
        _need("a sign-off needs the release's content hash", release_hash if len(release_hash) >= ID_LENGTH else "")
        _need("a sign-off needs a name", by.strip())
        _need("a sign-off needs a role", role.strip())
        if gone := self.withdrawn(release_hash):
            said = f"withdrawn by {gone.by} on {gone.at[:10]}: {gone.why}"
            raise StoreError("a withdrawn release is not signed off again", release_hash[:ID_LENGTH], said, "", "build a new one")
        body = {"release_hash": release_hash, "role": role.strip(), "note": note.strip(), "fictional": fictional}
        body |= {"specification": specification} if specification else {}
        self.append(Event(EventKind.RELEASE_SIGNED_OFF, by.strip(), body, release_id=release_hash[:ID_LENGTH]))
        found = self.signed_off(release_hash)
        assert found is not None
        return found

    def signed_off(self, release_hash: str) -> SignOff | None:
        """The latest sign-off of a release (by content hash, or by its id), or None when nobody has signed."""
        found = [_sign_off(e) for e in self._of_release(EventKind.RELEASE_SIGNED_OFF, release_hash)]
        return found[-1] if found else None

    def withdraw(self, release_hash: str, by: str, why: str) -> Withdrawal:
        """Record that a release is no longer to be served; raises StoreError when who or why is blank, or when it is done."""
        _need("a withdrawal needs the release's content hash", release_hash if len(release_hash) >= ID_LENGTH else "")
        _need("a withdrawal needs a name", by.strip())
        _need("a withdrawal needs a reason", why.strip())
        if gone := self.withdrawn(release_hash):
            raise StoreError("the release is withdrawn already", release_hash[:ID_LENGTH], f"by {gone.by} on {gone.at[:10]}")
        body = {"release_hash": release_hash, "why": why.strip()}
        self.append(Event(EventKind.RELEASE_WITHDRAWN, by.strip(), body, release_id=release_hash[:ID_LENGTH]))
        found = self.withdrawn(release_hash)
        assert found is not None
        return found

    def withdrawn(self, release_hash: str) -> Withdrawal | None:
        """The withdrawal of a release (by content hash, or by its id), or None; it is for good."""
        found = self._of_release(EventKind.RELEASE_WITHDRAWN, release_hash)
        return Withdrawal(found[0].body["release_hash"], found[0].author, found[0].body["why"], found[0].at) if found else None

    def _of_release(self, kind: EventKind, release_hash: str) -> list[Event]:
        """What was said of a release: by this partnership, or by a command on the server, which is of none."""
        events = Store(self.database).events(kind, release_id=release_hash[:ID_LENGTH] or "-")
        mine = [e for e in events if not self.partnership or e.partnership in ("", self.partnership)]
        return [e for e in mine if str(e.body["release_hash"]).startswith(release_hash)]

    def _mine(self, event: Event) -> Event:
        """The event as this partnership's, where it may be added."""
        found = replace(event, partnership=self.partnership)
        if self._allow:
            self._allow(found)
        return found

    def _asked(
        self, kinds: Sequence[EventKind], without: Sequence[str], after: int = 0, **narrowed: str
    ) -> tuple[sa.Select[Any], dict[str, Any]]:
        """A query and its parameters, narrowed by what is not blank, and to this partnership."""
        given = {name: value for name, value in {**narrowed, "partnership": self.partnership}.items() if value}
        query = rows.query(tuple(kinds), tuple(without), tuple(given), self.database.dialect)
        return query, {"after": after, **given}


def _need(what: str, value: str) -> None:
    if not value:
        raise StoreError(what, "store", "nothing", "some text", "fill it in")


def _sign_off(event: Event) -> SignOff:
    body = event.body
    return SignOff(
        body["release_hash"], event.author, body["role"], body["note"], body["fictional"], event.at, body.get("specification", "")
    )
