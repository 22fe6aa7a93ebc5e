"""Scenarios that a partnership keeps: versions of a name, never overwritten, each with all that is needed to open it again.

What comes in is the workshop's store; a scenario that is saved, renamed or retired is a new event, so that who kept what,
when, on which release and with which code can always be told. A copy is a new name whose first version names its parent.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import rcs_core
from rcs_core.workshop.store import Event, EventKind, Store, StoreError

_KINDS = (EventKind.SCENARIO_SAVED, EventKind.SCENARIO_RENAMED, EventKind.SCENARIO_RETIRED)
DECISION, DISCUSSION = "A decision", "Discussion"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be kept. figures: what the room saw. names: what ids were called. purpose: what it is kept for.

    levers: those it came from, edits of the room among them, in plain form (None: it came from a file). plan: spend by
    service and year where it is a plan of one's own.
    """

    scenario: Mapping[str, Any]
    figures: Mapping[str, Any] = field(default_factory=dict)
    levers: Mapping[str, Any] | None = None
    plan: Mapping[str, Sequence[float]] | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    release_id: str = ""
    release_hash: str = ""
    note: str = ""
    purpose: str = DISCUSSION


@dataclass(frozen=True, slots=True)
class Kept:
    """One version of a kept scenario. code: the version of this program. parent: what it was copied from (id, version).

    A list of scenarios leaves `scenario` and `names` empty; one that is opened has them.
    """

    id: str
    name: str
    version: int
    author: str
    at: str
    draft: Draft
    code: str = ""
    parent: tuple[str, int] | None = None
    retired: bool = False

    @property
    def title(self) -> str:
        """Its name, with its version where there were others before."""
        return self.name if self.version == 1 else f"{self.name} (version {self.version})"

    @property
    def link(self) -> str:
        """What stands in a link to it."""
        return f"{self.id}.{self.version}"


def scenario_id(name: str) -> str:
    """The id that all versions of a name share: legible in a link, the same for any case or spacing."""
    plain = _plain(name)
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
    return f"{slug}-{hashlib.sha256(plain.encode()).hexdigest()[:6]}".strip("-")


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


class Shelf:
    """The kept scenarios of a store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def keep(self, name: str, author: str, draft: Draft, parent: tuple[str, int] | None = None) -> Kept:
        """Keep a scenario as the next version of its name; earlier versions stay.

        Two people who keep one name at the same time make two versions. A retired name comes back with its next version.
        Raises StoreError when the name or the author is blank.
        """
        title = _said("a scenario needs a name", name)
        who = _said("a kept scenario needs to say whose it is", author)

        def made(before: list[Event]) -> Event:
            known = _names(before)
            key = next((i for i, n in known.items() if _plain(n) == _plain(title)), "") or _new_id(title, set(known))
            version = 1 + sum(e.kind is EventKind.SCENARIO_SAVED and e.scenario_id == key for e in before)
            body = {
                "name": title, "version": version, "scenario": draft.scenario, "result": draft.figures, "levers": draft.levers,
                "plan": draft.plan, "names": draft.names, "release_hash": draft.release_hash, "note": draft.note.strip(),
                "for": draft.purpose, "code": rcs_core.__version__, "parent": list(parent) if parent else None,
            }  # fmt: skip
            return Event(EventKind.SCENARIO_SAVED, who, body, release_id=draft.release_id, scenario_id=key)

        saved = self.store.append_after(_KINDS, made)
        return self.one(saved.scenario_id, saved.body["version"])

    def copy(self, id: str, version: int, name: str, author: str) -> Kept:
        """Keep a version under a new name. Raises StoreError when another scenario has that name already."""
        _free(self._events(), "", name)
        return self.keep(name, author, self.one(id, version).draft, (id, version))

    def rename(self, id: str, name: str, author: str) -> None:
        """Give all versions of a scenario another name; links to it stay good.

        Raises StoreError when there is no such scenario, or another has that name.
        """
        title, who = _said("a scenario needs a name", name), _said("a new name needs to say whose it is", author)
        self.one(id)

        def made(before: list[Event]) -> Event:
            _free(before, id, title)
            return Event(EventKind.SCENARIO_RENAMED, who, {"name": title}, scenario_id=id)

        self.store.append_after(_KINDS, made)

    def retire(self, id: str, author: str, why: str) -> None:
        """Take a scenario out of the list; its versions and links stay. Raises StoreError when who or why is blank."""
        who = _said("retiring a scenario needs a name", author)
        body = {"why": _said("retiring a scenario needs a reason", why)}
        self.one(id)
        self.store.append(Event(EventKind.SCENARIO_RETIRED, who, body, scenario_id=id))

    def latest(self, retired: bool = False) -> list[Kept]:
        """The latest version of every scenario (of those that are retired, if asked), the most recently kept first."""
        found: dict[str, Kept] = {}
        for kept in self._all():
            found.pop(kept.id, None)
            found[kept.id] = kept
        return [kept for kept in reversed(found.values()) if retired or not kept.retired]

    def versions(self, id: str) -> list[Kept]:
        """Every version of a scenario, the first one first."""
        return [kept for kept in self._all() if kept.id == id]

    def one(self, id: str, version: int | None = None) -> Kept:
        """One version with all that was kept, the latest unless one is asked for. Raises StoreError when there is none."""
        chosen = [kept for kept in self._all(id) if version is None or kept.version == version]
        if chosen:
            return chosen[-1]
        known = [kept.version for kept in self.versions(id)]
        expected = f"versions 1 to {known[-1]}" if known else ", ".join(k.id for k in self.latest()) or "none kept yet"
        raise StoreError("there is no such scenario", id, "" if version is None else f"version {version}", expected)

    def of_link(self, link: str) -> Kept:
        """The version that a link names. Raises StoreError when there is none."""
        id, _, version = link.rpartition(".")
        if not id or not version.isdecimal():
            raise StoreError(
                "this is no link to a kept scenario", "kept", link, "a name and a version, such as our-plan-1a2b3c.2"
            )
        return self.one(id, int(version))

    def _events(self) -> list[Event]:
        """All that happened to scenarios, without what is large."""
        return self.store.events(*_KINDS, without=("scenario", "names"))

    def _all(self, whole: str = "") -> list[Kept]:
        """Every version in the order they were kept; whole: the scenario of which everything is wanted, and no other."""
        events = self.store.events(*_KINDS, scenario_id=whole) if whole else self._events()
        names, retired = _names(events), _retired(events)
        saved = [e for e in events if e.kind is EventKind.SCENARIO_SAVED]
        return [_kept(e, names[e.scenario_id], e.scenario_id in retired) for e in saved]


def _said(what: str, text: str) -> str:
    title = " ".join(text.split())
    if not title:
        raise StoreError(what, "store", "nothing", "some text", "fill it in")
    return title


def _names(events: list[Event]) -> dict[str, str]:
    """What each scenario is called now."""
    found: dict[str, str] = {}
    for event in events:
        if event.kind is EventKind.SCENARIO_RENAMED or event.scenario_id not in found:
            found[event.scenario_id] = event.body.get("name", event.scenario_id)
    return found


def _retired(events: list[Event]) -> set[str]:
    """What was retired and not kept again since."""
    found: set[str] = set()
    for event in events:
        if event.kind is EventKind.SCENARIO_RETIRED:
            found.add(event.scenario_id)
        elif event.kind is EventKind.SCENARIO_SAVED:
            found.discard(event.scenario_id)
    return found


def _free(events: list[Event], id: str, name: str) -> None:
    taken = [i for i, n in _names(events).items() if i != id and _plain(n) == _plain(name)]
    if taken:
        raise StoreError("another scenario has this name", "store", name, "a name of its own", "choose another name")


def _new_id(title: str, taken: set[str]) -> str:
    """The id of a new name: one that was given before the other was renamed is not given twice."""
    key, k = scenario_id(title), 2
    while key in taken:
        key, k = f"{scenario_id(title)}-{k}", k + 1
    return key


def _kept(event: Event, name: str, retired: bool) -> Kept:
    """A version as it was kept; what earlier programs did not keep is blank."""
    body = event.body
    draft = Draft(
        body.get("scenario", {}), body["result"], body.get("levers"), body.get("plan"), body.get("names", {}), event.release_id,
        body.get("release_hash", ""), body.get("note", ""), body.get("for") or body["result"].get("for", DISCUSSION),
    )  # fmt: skip
    parent = body.get("parent")
    return Kept(
        event.scenario_id, name, body["version"], event.author, event.at, draft, body.get("code", ""),
        (parent[0], parent[1]) if parent else None, retired,
    )  # fmt: skip
