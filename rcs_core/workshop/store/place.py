"""Where the store is: a SQLite file, or a PostgreSQL database by its URL; how it is told without its password.

In: the environment (`RCS_STORE`, `RCS_HOME`) or what somebody named. Out: a place that a database is opened at.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from rcs_core import settings
from rcs_core.workshop.store.kinds import StoreError

NAMED_BY = "RCS_STORE"
FILE_NAME = "store.sqlite"
DRIVER = "postgresql+psycopg"
_POSTGRES = frozenset({"postgresql", "postgres", DRIVER})
_SECRETS = ("password", "sslpassword")
_FORM = "a path, sqlite:///path, or postgresql://user:password@host:port/database"
_REMEDY = "write @ : / ? # and % in a name or password as %40 %3A %2F %3F %23 %25, or leave the password to PGPASSFILE"


def store_place() -> str:
    """The store that is used: `RCS_STORE` (a URL or a path), else `store.sqlite` in the workspace.

    It may hold a password: open it, compare it, and never show it (see `Place.said`).
    """
    return os.environ.get(NAMED_BY) or str(settings.workspace() / FILE_NAME)


@dataclass(frozen=True, slots=True)
class Place:
    """One store: a file, or a database of a PostgreSQL server."""

    path: Path | None = None
    url: sa.URL = field(default_factory=lambda: sa.URL.create("sqlite"))

    @classmethod
    def of(cls, named: str | Path) -> "Place":
        """The place that a path or URL names; raises StoreError, without its password, where it is neither."""
        text = str(named)
        scheme, parted, rest = text.partition("://")
        if not parted:
            return _file(Path(text))
        if scheme == "sqlite" and rest.startswith("/"):
            return _file(Path(rest[1:]))
        if scheme not in _POSTGRES:
            raise StoreError("this kind of database is not supported", NAMED_BY, scheme, _FORM, "name a file or PostgreSQL")
        return _database(text)

    @property
    def said(self) -> str:
        """The place as a person may read it."""
        if self.path is not None:
            return str(self.path)
        of = {"host": "", "port": "", "user": "", "dbname": self.url.database or ""}
        of |= {key: str(value) for key, value in self.url.query.items() if key in of}
        user, host, port = self.url.username or of["user"], self.url.host or of["host"], self.url.port or of["port"]
        return f"postgresql://{user}{'@' if user else ''}{host}{f':{port}' if port else ''}/{of['dbname'].lstrip('/')}"

    def plain(self, text: str) -> str:
        """What a driver said on one line, without a password of the URL in it."""
        said = text
        for secret in filter(None, [self.url.password, *(self.url.query.get(key) for key in _SECRETS)]):
            said = said.replace(str(secret), "***")
        return " ".join(said.split())


def _file(path: Path) -> Place:
    return Place(path, sa.URL.create("sqlite", database=str(path)))


def _database(text: str) -> Place:
    # A second @, or one behind the question mark, would make a part of a password the host or the database, which are told.
    before, _, after = text.partition("?")
    if before.count("@") > 1 or "@" in after:
        raise StoreError("the address of the database cannot be read", NAMED_BY, "more than one @", _FORM, _REMEDY)
    # What the parser says may quote the URL, so none of it is passed on.
    try:
        found = sa.make_url(text).set(drivername=DRIVER)
    except (ArgumentError, ValueError):
        raise StoreError("the address of the database cannot be read", NAMED_BY, "", _FORM, _REMEDY) from None
    if not (found.database or found.query.get("dbname")):
        raise StoreError("the address names no database", Place(url=found).said, "", _FORM, "put /database at its end")
    return Place(url=found)
