"""Two partnerships on one server: a hosting file, a release each, and people of both."""

from pathlib import Path
from typing import Any

import yaml

from rcs_core import release
from rcs_core.access import Hosting, read_hosting
from rcs_core.release import Manifest
from tests.tiny_release import YEAR, _tables

ONE, OTHER = "999", "998"
NAMES = {ONE: "Strathmere", OTHER: "Glenvale"}
ROLES = ("facilitator", "commissioner", "analyst", "finance", "participant", "viewer")
AGENCY = "nhs_board"
NOW = 1_800_000_000.0


def mail(role: str, partnership: str = ONE) -> str:
    """The address of somebody with one role."""
    return f"{role}@{NAMES[partnership].lower()}.example"


def content(folder: Path) -> dict[str, Any]:
    """A hosting file as it is written: both partnerships, and one person of each role in each."""
    (folder / "secrets.toml").write_text("[auth]\n", encoding="utf-8")
    for code in NAMES:
        (folder / code).mkdir(exist_ok=True)
    people = {
        mail(role, code): {"name": f"{role.title()} of {name}", "partnership": code, "agency": AGENCY, "roles": [role]}
        for code, name in NAMES.items()
        for role in ROLES
    }
    return {"secrets": "secrets.toml", "partnerships": {c: {"releases": c} for c in NAMES}, "people": people}


def written(folder: Path, wanted: dict[str, Any]) -> Path:
    """The file, on the disk."""
    file = folder / "hosting.yaml"
    file.write_text(yaml.safe_dump(wanted, allow_unicode=True), encoding="utf-8")
    return file


def hosting(folder: Path) -> Hosting:
    """The hosting file, read."""
    return read_hosting(written(folder, content(folder)))


def claims(address: str, **more: object) -> dict[str, object]:
    """What a provider says of somebody who signed in a minute ago."""
    return {"email": address, "email_verified": True, "iat": NOW - 60, "is_logged_in": True, **more}


def release_of(folder: Path, code: str) -> str:
    """Write a release of a partnership into a folder; returns its content hash."""
    manifest = Manifest(NAMES[code], code, True, YEAR, "0.1.0", 10, built_at="2026-05-01T09:00:00")
    file = release.save(_tables(False, (), False, False), manifest, folder)
    return release.load(file).manifest.content_hash
