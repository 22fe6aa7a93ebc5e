"""What the desk remembers of ledger lines: which cost centre pays for which service, who said so, when and why.

Events are only ever added, in an SQLite file of the desk's own (it may name cost centres, so it never leaves the
records room). Next year's ledgers start from what was remembered, so nothing is keyed twice.
"""

from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from threading import Lock
from typing import Any

import pandas as pd
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DatabaseError

from rcs_core.errors import ContractError, RcsError
from rcs_core.records.ledgers.parts import WHOLE, number

MIGRATIONS = Path(__file__).with_name("migrations")
BUSY_SECONDS = 30
"""How long a writer waits for another to finish before it gives up and says so."""
_UPGRADING = Lock()
"""Alembic keeps its context in a module, so two threads must not migrate at once."""


class DeskMemoryError(RcsError):
    """The desk's memory cannot be opened, or is asked for what it does not hold."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """One row of `ledger_map.csv`; `pct` is text so that it comes back as it was typed, and 0 takes the row away."""

    ledger: str
    cost_centre: str
    service_id: str = ""
    pct: str = "100"
    agency: str = ""
    excluded_because: str = ""
    money_kind: str = "existing"
    recurring: str = "yes"
    revenue_or_capital: str = "revenue"
    key_id: str = ""
    fund: str = ""


COLUMNS = [f.name for f in fields(Mapping)]
_EVENT = sa.table(
    "mapping_event",
    sa.column("id", sa.Integer),
    *(sa.column(name, sa.Text) for name in ("at", "who", "reason", *COLUMNS)),
    sa.column("undoes", sa.Integer),
)


class Mappings:
    """The desk's memory of ledger mappings. Open it once a process; its threads may share it."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, path: Path) -> "Mappings":
        """Open the file at `path`, made or brought up to date if need be; raises DeskMemoryError when it cannot be."""
        return cls(open_memory(path))

    def close(self) -> None:
        """Give up the file."""
        self._engine.dispose()

    def remember(self, mapping: Mapping, who: str, reason: str) -> int:
        """Remember one row, in place of what was known of this cost centre and service; returns the event's id.

        Raises ContractError when the rows of the cost centre would then claim more than the whole of its lines.
        """
        _check(mapping, who, reason)
        with self._writing() as connection:
            _check_whole(_current(_events(connection)), mapping)
            return _insert(connection, {**asdict(mapping), "who": who.strip(), "reason": reason.strip()})

    def keep_up(self, ledger_map: pd.DataFrame, who: str, reason: str) -> int:
        """Remember a whole `ledger_map.csv`: only rows that differ from what is known become events; returns how many.

        A row that is known of one of its cost centres and is no longer in the file is taken away; a cost centre that the
        file does not name stays as it was. All or nothing.
        """
        _need(who, reason)
        # A map that divides nothing over council areas and names no fund may lack these columns.
        told = ledger_map.assign(**{c: "" for c in ("key_id", "fund") if c not in ledger_map.columns})
        rows = told[COLUMNS].astype(str).itertuples(index=False, name=None)
        wanted = [asdict(Mapping(*row)) for row in rows]
        lines, keys = {(r["ledger"], r["cost_centre"]) for r in wanted}, {_key(r) for r in wanted}
        with self._writing() as connection:
            known = {_key(e): e for e in _current(_events(connection))}
            gone = [{**e, "pct": "0"} for k, e in known.items() if k not in keys and k[:2] in lines]
            new = [r for r in wanted if any(known.get(_key(r), {}).get(c) != r[c] for c in COLUMNS)]
            for row in [*gone, *new]:
                _insert(connection, {**{c: row[c] for c in COLUMNS}, "who": who.strip(), "reason": reason.strip()})
            _check_all_whole(_current(_events(connection)))
        return len(gone) + len(new)

    def undo(self, event: int, who: str, reason: str) -> int:
        """Take back one event by adding another (an undo can be undone); returns the new event's id.

        Raises DeskMemoryError when there is no such event or it was taken back already, ContractError as `remember` does.
        """
        _need(who, reason)
        with self._writing() as connection:
            events = _events(connection)
            standing = _standing(events)
            if event not in standing:
                raise DeskMemoryError(
                    "there is nothing to take back", "desk memory", f"event {event}", "an event that stands", "look at history()"
                )
            found = next(e for e in events if e["id"] == event)
            values = {**{c: found[c] for c in COLUMNS}, "who": who.strip(), "reason": reason.strip(), "undoes": event}
            after = _current([*events, {**values, "id": events[-1]["id"] + 1, "at": ""}])
            _check_all_whole(after)
            return _insert(connection, values)

    def current(self) -> pd.DataFrame:
        """What stands now: the columns of `ledger_map.csv`, then who, at, reason and event, by ledger and cost centre."""
        with self._engine.connect() as connection:
            events = _events(connection)
        columns = ["ledger", "cost_centre", "service_id", "agency", "pct", *COLUMNS[5:], "who", "at", "reason", "event"]
        standing = [{**e, "event": e["id"]} for e in _current(events)]
        return pd.DataFrame(standing, columns=columns)

    def history(self) -> pd.DataFrame:
        """Every event in the order it happened, with the event it takes back, if any."""
        with self._engine.connect() as connection:
            return pd.DataFrame(_events(connection), columns=["id", "at", "who", "reason", *COLUMNS, "undoes"])

    def _writing(self) -> Any:
        return self._engine.execution_options(rcs_write=True).begin()


def _check(mapping: Mapping, who: str, reason: str) -> None:
    _need(who, reason)
    where = f"{mapping.ledger or 'ledger'}, {mapping.cost_centre or 'cost centre'}"
    if not (mapping.ledger.strip() and mapping.cost_centre.strip()):
        raise ContractError("a mapping needs a ledger and a cost centre", where, "a blank", "both filled in")
    if mapping.key_id and mapping.excluded_because:
        raise ContractError("a mapping leaves a line out and divides it by a key", where, mapping.key_id, "a key or a reason")
    if mapping.service_id and mapping.excluded_because:
        raise ContractError("a mapping both maps a line and excludes it", where, mapping.service_id, "a service or a reason")
    share = number(mapping.pct, where, "pct")
    if share is None or not 0 <= share <= WHOLE:
        raise ContractError("a share of a line is out of range", where, repr(mapping.pct), "0 to 100 per cent")


def _need(who: str, reason: str) -> None:
    for what, value in (("who decided it", who), ("a reason", reason)):
        if not value.strip():
            raise ContractError(f"the desk does not remember a mapping without {what}", "desk memory", "a blank", what)


def _key(event: dict[str, Any]) -> tuple[str, str, str, str]:
    """A later event about the same cost centre and destination stands in place of an earlier one."""
    return event["ledger"], event["cost_centre"], event["service_id"], event["excluded_because"]


def _standing(events: list[dict[str, Any]]) -> set[int]:
    """The events that nothing standing has taken back, read from the last to the first."""
    taken: set[int] = set()
    for event in reversed(events):
        if event["id"] not in taken and event["undoes"] is not None:
            taken.add(event["undoes"])
    return {e["id"] for e in events} - taken


def _current(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    standing = _standing(events)
    latest = {_key(e): e for e in events if e["id"] in standing and e["undoes"] is None}
    return [latest[key] for key in sorted(latest) if Fraction(latest[key]["pct"])]


def _check_whole(current: list[dict[str, Any]], new: Mapping) -> None:
    row = {**asdict(new), "id": 0}
    _check_all_whole([*(e for e in current if _key(e) != _key(row)), row])


def _check_all_whole(current: list[dict[str, Any]]) -> None:
    by_line: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for event in current:
        by_line.setdefault((event["ledger"], event["cost_centre"]), []).append(event)
    for (ledger, cost_centre), rows in by_line.items():
        whole = sum(Fraction(e["pct"]) for e in rows)
        if whole > WHOLE:
            raise ContractError(
                f"the rows of a line would claim {float(whole):g}% of it",
                f"{ledger}, {cost_centre}",
                "; ".join(f"{e['service_id'] or e['excluded_because'] or 'unmapped'} {e['pct']}%" for e in rows),
                "shares that add up to 100 or less",
                "lower the share of one row first (0 takes it away)",
            )


def _events(connection: sa.Connection) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(sa.select(_EVENT).order_by(_EVENT.c.id)).mappings()]


def _insert(connection: sa.Connection, values: dict[str, Any]) -> int:
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    try:
        return int(connection.execute(sa.insert(_EVENT).values({**values, "at": at})).lastrowid)
    except DatabaseError as error:
        raise DeskMemoryError(
            "the desk's memory did not take the event", "desk memory", str(error.orig), remedy="try again"
        ) from error


def open_memory(path: Path) -> sa.Engine:
    """The desk's memory at `path`, made or brought up to date if need be; raises DeskMemoryError when it cannot be."""
    engine = _engine(path)
    try:
        _upgrade(engine, path)
    except DatabaseError as error:
        engine.dispose()
        raise DeskMemoryError(
            "what the desk remembers cannot be opened",
            str(path),
            str(error.orig),
            "a file that this program made, in a folder that can be written",
            "choose another workspace with RCS_HOME, or put back a copy of the file",
        ) from error
    return engine


def _engine(path: Path) -> sa.Engine:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DeskMemoryError("the folder of the desk's memory cannot be made", str(path.parent), error.strerror or "") from error
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_SECONDS})
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    """Leave transactions to us, and wait for the disk at each commit."""
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA recursive_triggers=ON")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin(connection: sa.Connection) -> None:
    """A writer takes the lock at once, so that what it reads still holds when it writes."""
    write = connection.get_execution_options().get("rcs_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _upgrade(engine: sa.Engine, path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    head = scripts.get_current_head()
    with _UPGRADING, engine.execution_options(rcs_write=True).begin() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        if current is not None and current not in {s.revision for s in scripts.walk_revisions()}:
            raise DeskMemoryError(
                "a newer version of the program wrote this file", str(path), current, f"{head} or earlier", "upgrade"
            )
        if current != head:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
