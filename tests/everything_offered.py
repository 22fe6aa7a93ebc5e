"""Every file that the workbench offers on every page: found by walking the pages, made, and read for what it says of children.

The walk replaces the one door by which files leave (`app.leaving.button`), so whatever is offered is met, and nothing else has to
be known of a page but which controls it has.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app import leaving, method_door, navigation
from rcs_core.audit import AuditReport, audit_sources
from rcs_core.audit.sources import Source
from rcs_core.gate import Made
from rcs_core.gate.contents import Contents, contents
from rcs_core.gate.counted import COUNT, SHARE, Fact, facts
from rcs_core.gate.hidden import published, words
from rcs_core.release import Release, Table
from rcs_core.settings import ROOT
from rcs_core.stamp import Stamp

type Content = bytes | str | Made


@dataclass(frozen=True)
class Offer:
    """One file that a page offers: where, under which name, of which kind, and how it is made."""

    page: str
    subject: str
    kind: str
    make: Callable[[], Content]
    of: Stamp | None
    big_screen: bool

    @property
    def name(self) -> str:
        """The file's name."""
        assert self.of is not None
        return self.of.file_name(self.subject, self.kind)


@dataclass
class Walk:
    """What was met on the way. runs: how many times a page was drawn."""

    offers: dict[tuple[str, str, str, bool], Offer] = field(default_factory=dict)
    runs: int = 0
    where: str = ""
    big_screen: bool = True

    def take(
        self, _label: str, subject: str, kind: str, make: Callable[[], Content], of: Stamp | None, *_: Any, **__: Any
    ) -> None:
        """In the place of the button."""
        page = self.where.split(" | ")[0]
        self.offers.setdefault((page, subject, kind, self.big_screen), Offer(page, subject, kind, make, of, self.big_screen))


def walk(
    monkeypatch: pytest.MonkeyPatch, screens: Sequence[navigation.Screen], most: int, big_screens: Iterable[bool] = (True, False),
    every: bool = True,
) -> Walk:  # fmt: skip
    """Every view of every page, with the first `most` options of each of its boxes, on the big screen and off it.

    every: whether the boxes are tried in every view, or in the first only, with the last of their options in the others.
    """
    found = Walk()
    monkeypatch.setattr(leaving, "button", found.take)
    monkeypatch.setattr(method_door, "offer", lambda method, _place, release, table: method_door._rows(method, release, table))
    for big in big_screens:
        found.big_screen = big
        for screen in screens:
            _page(found, screen, most, big, every)
    return found


def _page(found: Walk, screen: navigation.Screen, most: int, big: bool, every: bool) -> None:
    app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=120)
    app.session_state["big_screen"] = big
    found.where = screen.address
    app.run()
    if screen is not navigation.TODAY:
        app.switch_page(str(ROOT / "pages" / screen.file))
        _drawn(found, app)
    views = app.get("button_group")
    for k, view in enumerate(views[0].options if views else [""]):
        if view:
            found.where = f"{screen.address} | {view}"
            app.get("button_group")[0].set_value(view)
            _drawn(found, app)
        for key in [box.key for box in app.selectbox] if every or not k else []:
            _box(found, app, str(key), most)


def _box(found: Walk, app: AppTest, key: str, most: int) -> None:
    for k in range(most):
        boxes = [box for box in app.selectbox if box.key == key]
        if boxes and k < len(boxes[0].options) and boxes[0].options[k] != boxes[0].value:
            boxes[0].select(boxes[0].options[k])
            _drawn(found, app)


def _drawn(found: Walk, app: AppTest) -> None:
    app.run()
    found.runs += 1
    assert not app.exception, f"{found.where}: {app.exception[0].message}"


def read(offer: Offer) -> Contents:
    """What a file says, made now."""
    return contents(offer.kind, offer.make(), offer.subject)


def told(offers: Iterable[tuple[Offer, Contents]], release: Release) -> list[Fact]:
    """Every figure about children of every file."""
    return [fact for offer, found in offers for fact in facts(found.grids, offer.subject, words(release))]


def taken(found: Sequence[Fact], release: Release) -> list[Table]:
    """Figures as tables that an outsider would make of all that was taken away."""
    tables: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    seen = published(release)
    for fact in found:
        if fact.what not in (COUNT, SHARE):
            continue
        count = fact.what == COUNT
        key = (tuple(fact.labels), tuple(sorted(fact.dims)), fact.what, 0 if count else fact.digits)
        shown = seen.numbers.get((frozenset(fact.labels.items()), seen.place(fact.dims)))
        row = {**fact.labels, **fact.dims, "n": int(fact.value) if count else shown, "state": "shown"}
        tables.setdefault(key, []).append(row if count else {**row, "pct": f"{fact.value:.{fact.digits}f}"})
    return [_table(k, key, rows) for k, (key, rows) in enumerate(tables.items())]


def _table(number: int, key: tuple[Any, ...], rows: list[dict[str, Any]]) -> Table:
    labels, dims = key[0], key[1]
    frame = pd.DataFrame(rows).drop_duplicates([*labels, *dims], keep="first")
    if "band" not in frame:
        frame = frame.assign(pct=None) if "pct" not in frame else frame
    return Table(f"taken_{number}", "", frame.astype({"n": "Int64"}), tuple(dims), tuple(labels))


def conflicts(found: Iterable[Fact], release: Release) -> Iterator[Fact]:
    """Counts that are not the count that the release publishes for their cell: of a hidden cell, or of another group."""
    seen = published(release)
    for fact in found:
        if fact.what == COUNT and seen.numbers.get((frozenset(fact.labels.items()), seen.place(fact.dims))) != fact.value:
            yield fact


def audited(release: Release, more: Sequence[Table] = (), *, intervals: bool = False) -> AuditReport:
    """What an outsider can work out of a release, with what was taken away of it beside."""
    tables = (*release.tables.values(), *more)
    source = Source("", tables, release.frame("hierarchies"))
    return audit_sources([source], release.manifest.min_cell, intervals=intervals)


def recovered(release: Release, found: Sequence[Fact], alone: AuditReport) -> tuple[int, set[str], set[str]]:
    """What the files add to the release: hidden cells that they give, cells that can be worked out, figures that leak."""
    union = audited(release, taken(found, release))
    opened = {str((cell.table, sorted(cell.where.items()))) for cell in union.open}
    before = {str((cell.table, sorted(cell.where.items()))) for cell in alone.open}
    leaks = {f"{leak.rule}: {sorted(leak.where.items())}: {leak.text}" for leak in union.leaks}
    known = {f"{leak.rule}: {sorted(leak.where.items())}: {leak.text}" for leak in alone.leaks}
    return alone.hidden - union.hidden, opened - before, leaks - known
