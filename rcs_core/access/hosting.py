"""The hosting file: which partnerships a server serves, from which folder, and who may sign in, as what.

It is written by whoever hosts, lies outside the program's folder, and is read strictly: every fault at once, and with one
fault nobody gets in. Form: see docs/how-to/host.md.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rcs_core import release as waist
from rcs_core.access.person import AccessError, Person
from rcs_core.access.roles import Right, Role, limit, rights_of
from rcs_core.errors import SettingsError
from rcs_core.release import Release
from rcs_core.settings import CONTRACTS, ROOT, read_yaml
from rcs_core.vocab import Agency

_TOP = {"secrets", "partnerships", "people"}
_MAY = {"store"}
_PARTNERSHIP, _PERSON = {"releases"}, {"name", "partnership", "roles"}
_HOUR = 3600
_AHEAD = 300
"""Seconds that the clock of a provider may be ahead of ours."""


@dataclass(frozen=True, slots=True)
class Hosting:
    """What is served, and to whom. releases: a folder by area code. people: by address in small letters.

    secrets: the file with the provider's `[auth]`. store: where events are kept; blank: `RCS_STORE`, or the workspace's file.
    """

    secrets: Path
    releases: Mapping[str, Path]
    people: Mapping[str, Person]
    store: str = ""

    def person(self, claims: Mapping[str, Any], now: float | None = None) -> Person:
        """Who signed in, by what the provider says of them.

        Raises AccessError where nobody of this address is in the file, the provider has not verified it, or it is too long ago.
        """
        mail = str(claims.get("email") or "").strip()
        if not mail or len(mail) > limit("mail"):
            raise AccessError(
                "the sign-in names no address", "sign-in", "", "a provider that tells the email of whom it signs in"
            )
        if claims.get("email_verified") not in (None, True, "true"):
            raise AccessError(
                "this address is not verified", "sign-in", mail, "", "verify it with the provider, and sign in again"
            )
        _lately(claims, mail, time.time() if now is None else now)
        found = self.people.get(mail.casefold())
        if found is None:
            raise AccessError(
                "this address is in no partnership here", "sign-in", mail, "an address that whoever hosts has put in",
                "ask whoever hosts the workbench, or sign in with another address",
            )  # fmt: skip
        return found

    def folder(self, person: Person) -> Path:
        """The folder of releases of a person's partnership."""
        if person.partnership not in self.releases:
            raise AccessError(
                "nothing is served for this partnership", person.said, person.partnership, "one that is hosted here"
            )
        return self.releases[person.partnership]


def _lately(claims: Mapping[str, Any], mail: str, now: float) -> None:
    """Refuse a sign-in that is older than the contract says, that has no time, or that is of a time to come."""
    said = claims.get("iat")
    at = float(said) if isinstance(said, int | float) else 0.0
    if not now - limit("signed_in") * _HOUR < at < now + _AHEAD:
        raise AccessError("the sign-in is too long ago", "sign-in", mail, f"the last {limit('signed_in')} hours", "sign in again")


def owned(person: Person, found: Release) -> Release:
    """A release, where it is of the person's partnership; raises AccessError where it is another's."""
    if not person.local and found.manifest.area_code != person.partnership:
        raise AccessError("this release is of another partnership", person.said, "", f"a release of {person.partnership}")
    return found


def open_release(person: Person, hosting: Hosting) -> Release:
    """The current release of a person's partnership; raises AccessError where the file in its folder is another's."""
    person.need(Right.READ, "open the release")
    return owned(person, waist.load(waist.current_file(hosting.folder(person))))


def read_hosting(path: Path) -> Hosting:
    """Read a hosting file. Raises SettingsError with every fault of it."""
    where = path.resolve()
    content = read_yaml(where)
    wrong = [f"unknown: {key}" for key in sorted(map(str, set(content) - _TOP - _MAY))]
    wrong += [f"missing: {key}" for key in sorted(_TOP - set(content))]
    if where.is_relative_to(ROOT):
        wrong.append("the file lies in the program's folder")
    releases, faults = _partnerships(content.get("partnerships"), where.parent)
    people, more = _people(content.get("people"), set(releases))
    secrets = where.parent / str(content.get("secrets") or ".")
    wrong += [*faults, *more, *([] if "secrets" not in content or secrets.is_file() else [f"secrets: there is no {secrets}"])]
    if secrets.resolve().is_relative_to(ROOT):
        wrong.append("secrets: the file lies in the program's folder")
    store = content.get("store") or ""
    wrong += [] if isinstance(store, str) else ["store: no path or URL"]
    if wrong:
        remedy = "mend every one of them: until then nobody gets in (docs/how-to/host.md)"
        raise SettingsError("the hosting file cannot be used", str(path), "; ".join(wrong), "the form of the guide", remedy)
    return Hosting(secrets, releases, people, store)


def _partnerships(content: object, base: Path) -> tuple[dict[str, Path], list[str]]:
    if not isinstance(content, dict) or not content:
        return {}, ["partnerships: none"]
    found: dict[str, Path] = {}
    wrong = []
    for code, about in content.items():
        if not isinstance(code, str) or not code.strip() or not isinstance(about, dict) or set(about) != _PARTNERSHIP:
            wrong.append(f"partnerships, {code!r}: an area code in quotation marks with releases: FOLDER")
            continue
        folder = (base / str(about["releases"])).resolve()
        if not folder.is_dir():
            wrong.append(f"partnerships, {code}: there is no folder {folder}")
        if shared := next((c for c, f in found.items() if folder.is_relative_to(f) or f.is_relative_to(folder)), ""):
            wrong.append(f"partnerships, {code}: its folder is that of {shared}, or one lies in the other")
        found[code] = folder
    return found, wrong


def _people(content: object, known: set[str]) -> tuple[dict[str, Person], list[str]]:
    if not isinstance(content, dict) or not content:
        return {}, ["people: nobody"]
    found: dict[str, Person] = {}
    wrong: list[str] = []
    for mail, about in content.items():
        faults = _faults(mail, about, known)
        key = str(mail).strip().casefold()
        if key in found:
            faults.append("stands twice")
        wrong += [f"people, {mail}: {fault}" for fault in faults]
        if not faults:
            roles = tuple(Role(role) for role in about["roles"])
            found[key] = Person(key, about["name"].strip(), about.get("agency") or "", about["partnership"], roles)
    return found, wrong


def _faults(mail: object, about: object, known: set[str]) -> list[str]:
    """What is wrong with one person of the file."""
    if not isinstance(about, dict) or not _PERSON <= set(about) <= _PERSON | {"agency"}:
        return ["name, partnership, roles, and agency where they speak for one; nothing else"]
    name, sign, host = str(mail).strip().partition("@")
    wrong = [] if name and sign and "." in host and len(str(mail)) <= limit("mail") else ["no address"]
    if not isinstance(about["name"], str) or not about["name"].strip():
        wrong.append("no name")
    if about["partnership"] not in known:
        wrong.append(f"a partnership that is not above: {about['partnership']}")
    roles = about["roles"] if isinstance(about["roles"], list) and about["roles"] else [""]
    strange = [str(role) for role in roles if role not in set(Role)]
    wrong += [f"no such role: {role or 'none'} (one of: {', '.join(Role)})" for role in strange]
    agency = about.get("agency") or ""
    if agency and agency not in agencies():
        wrong.append(f"no such agency: {agency} (one of: {', '.join(agencies())})")
    if not agency and not strange and _speaks(rights_of(*map(Role, roles))):
        wrong.append("takes part, and speaks for no agency")
    return wrong


def _speaks(rights: frozenset[Right]) -> bool:
    """Whether somebody takes part for an agency, as who only reads, or only writes down what others say, does not."""
    return Right.TAKE_PART in rights and Right.FOR_OTHERS not in rights


def agencies() -> tuple[str, ...]:
    """For whom somebody may speak: the agencies, and those beyond the list who may join a session."""
    return (*Agency, *map(str, read_yaml(CONTRACTS / "joining.yaml")["beyond"]["value"]))
