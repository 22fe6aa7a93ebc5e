"""The small release with outlines: two clusters, the first around the second, so that a hole and an island are drawn."""

import json
from pathlib import Path

import pandas as pd
import pytest

from rcs_core import release
from rcs_core.release import Release, Table
from rcs_core.workshop.store import Store
from tests.tiny_release import serve, tiny_release

HOLE = [[400, 300], [400, 600], [700, 600], [700, 300], [400, 300]]
AROUND = [[[[0, 0], [1000, 0], [1000, 800], [0, 800], [0, 0]], HOLE]]
INSIDE = [[HOLE[::-1]]]


def table() -> Table:
    """The outlines of the two clusters."""
    rows = [(c, json.dumps({"type": "MultiPolygon", "coordinates": g})) for c, g in (("C01", AROUND), ("C02", INSIDE))]
    return Table("shapes", "Outlines of school clusters, for a map", pd.DataFrame(rows, columns=["area", "geometry"]))


def with_shapes(made: Release) -> Release:
    """The release with the outlines beside its tables."""
    return Release(made.manifest, {**made.tables, "shapes": table()}, made.path)


def mapped_release(folder: Path) -> Release:
    """The small release of two waves, with outlines."""
    return with_shapes(release.load(tiny_release(folder, waves=True)))


def serve_mapped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Release:
    """Serve it as `serve` does the one without outlines."""
    made = release.load(serve(folder, monkeypatch, waves=True))
    file = release.save([*made.tables.values(), table()], made.manifest, folder / "releases")
    found = release.load(file)
    monkeypatch.setenv("RCS_RELEASE", str(file))
    signed = found.manifest.content_hash
    Store.open(folder / "home" / "store.sqlite").sign_off(signed, "rcs build", "build", "fictional", True)
    return found
