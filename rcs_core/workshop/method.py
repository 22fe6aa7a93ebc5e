"""The method behind a figure and its source rows: which section of the documents tells it, the sum in words, which rows.

In: `data_contracts/methods.yaml`, the method pages of this repository, and a release. Out: text to read in place, and the rows of
the release's own tables, with what is hidden still hidden. Nothing is worked out anew.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import pandas as pd

from rcs_core.errors import SettingsError
from rcs_core.release import Release
from rcs_core.settings import CONTRACTS, ROOT, fill, read_yaml
from rcs_core.vocab import AreaLevel, CellState
from rcs_core.workshop import evidence
from rcs_core.workshop.big_screen import HIDDEN, kept_back
from rcs_core.workshop.evidence import text

DOCS = ROOT / "docs"
PRICE, PART = "_gbp", "pct_"
"""How columns end that tell the price of a service, and so are kept off the big screen where it is bought."""
OF_YES = "pct is the share who said yes, in rows of band yes. Where no means need, a page shows the rest of the hundred."
_STATE_OF = {"n": "state", "pct": "pct_state", "pct_low": "pct_state", "pct_high": "pct_state", "mean": "state", "value": "state"}
"""Which column says why another is blank."""
_HEADING = re.compile(r"^(#{1,6}) +(.+?)\s*$")
_PICTURE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]*)\)")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table of the release: those whose columns hold a value that is named; of the current wave."""

    table: str
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def of(cls, table: str, **where: str | tuple[str, ...] | list[str]) -> "Rows":
        """The rows of a table by column: `Rows.of("spend", agency="council")`; a blank value asks nothing."""
        kept = {k: (v,) if isinstance(v, str) else tuple(v) for k, v in where.items() if v}
        return cls(table, tuple(sorted(kept.items())))


@dataclass(frozen=True, slots=True)
class Method:
    """How a figure was worked out: a page of `docs/`, its heading (blank: the whole page), the sum in words, its rows."""

    doc: str
    section: str
    formula: str
    rows: tuple[Rows, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of one table as they may be read, with the table's own name and title."""

    name: str
    title: str
    frame: pd.DataFrame
    notes: tuple[str, ...] = ()


def method(name: str, *rows: Rows) -> Method:
    """A method of `data_contracts/methods.yaml` by name, resting on these rows. Raises SettingsError where there is none."""
    known = methods()
    if name not in known:
        raise SettingsError("no such method", "methods.yaml", name, ", ".join(sorted(known)), "name one of these, or add it")
    return replace(known[name], rows=rows) if rows else known[name]


@cache
def methods() -> Mapping[str, Method]:
    """Every method by name. Raises SettingsError for an unknown or missing key, a page or a heading that is not there."""
    content = read_yaml(CONTRACTS / "methods.yaml")
    found = {name: fill(Method, {"section": "", **entry}, f"methods.yaml, {name}") for name, entry in content.items()}
    for name, one in found.items():
        if not section(one.doc, one.section):
            raise SettingsError(
                "a method leads nowhere",
                f"methods.yaml, {name}",
                f"{one.doc}, {one.section}",
                "a page of docs/ and a heading of it",
            )
    return found


@cache
def section(doc: str, heading: str = "") -> str:
    """One section of a page of `docs/` as Markdown to read in place: no pictures, no links that lead off the page.

    heading: as it stands in the page, without its signs; blank for the whole page. Blank where there is no such page or heading.
    """
    path = (ROOT / doc).resolve()
    if not path.is_relative_to(DOCS) or path.suffix != ".md" or not path.is_file():
        return ""
    return _plain(_part(path.read_text(encoding="utf-8").splitlines(), heading))


def _part(lines: list[str], heading: str) -> list[str]:
    """The lines below a heading, to the next one of its depth or above."""
    if not heading:
        return lines[1:]
    found: list[str] = []
    depth = 0
    for line in lines:
        sign = _HEADING.match(line)
        if depth and sign and len(sign[1]) <= depth:
            break
        if depth:
            found.append(line)
        elif sign and sign[2] == heading:
            depth = len(sign[1])
    return found


def _plain(lines: list[str]) -> str:
    """Markdown without headings of its own, links or pictures, and with no dollar sign that would start a formula."""
    joined = "\n".join(_HEADING.sub(r"**\2**", line) for line in lines)
    return _LINK.sub(r"\1", _PICTURE.sub(r"\1", joined)).replace("$", "\\$").strip()


def rows(release: Release, wanted: Rows, on_screen: bool = False) -> Found | None:
    """The rows as a reader may see them; None where the release has no such table.

    Hidden cells keep their mark. Sensitive topics stay at council level, and on the big screen a bought service keeps its price
    and its provider to itself.
    """
    if wanted.table not in release:
        return None
    table = release.tables[wanted.table]
    frame = evidence.of_wave(release, table.frame)
    for column, values in wanted.where:
        if column in frame:
            frame = frame[frame[column].astype(str).isin(values)]
    whole = len(frame)
    frame = _no_sensitive(release, frame)
    notes = [f"{whole - len(frame)} rows of sensitive topics below the council area are left out."] if len(frame) < whole else []
    notes += [OF_YES] if {"pct", "band"} <= set(frame.columns) else []
    if on_screen and "service_id" in frame:
        frame, said = _veiled(release, frame)
        notes += said
    return Found(table.name, table.title, _marked(frame).reset_index(drop=True), tuple(notes))


def _no_sensitive(release: Release, frame: pd.DataFrame) -> pd.DataFrame:
    if not {"survey", "indicator", "area"} <= set(frame.columns) or "indicators" not in release or "areas" not in release:
        return frame
    about = release.tables["indicators"].frame
    touchy = set(about.loc[about["sensitive"].astype(bool), "indicator"])
    places = release.tables["areas"].frame
    whole = set(places.loc[places["level"] == AreaLevel.COUNCIL.value, "area"])
    return frame[~frame["indicator"].isin(touchy) | frame["area"].isin(whole)]


def _veiled(release: Release, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The rows without the names of providers, and without the prices of services that are bought or kept back beside them.

    How their money parts between levels is not said either: with it a sum of one level would tell the whole.
    """
    own = frame["service_id"].isin(kept_back(release))
    told = frame.assign(**{str(c): frame[c].mask(own) for c in frame if str(c).endswith(PRICE) or str(c).startswith(PART)})
    if "provider" in told:
        told["provider"] = HIDDEN
    return told, ["On the big screen no provider is named, and a dash stands for what a bought service, or one beside it, costs."]


def _marked(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with, in each cell that is not shown, the mark that says why."""
    marked = {}
    for column, state in _STATE_OF.items():
        if column in frame and state in frame:
            pairs = zip(frame[column], frame[state], strict=True)
            marked[column] = [_cell(value, str(why)) for value, why in pairs]
    return frame.assign(**marked)


def _cell(value: object, state: str) -> str:
    if state in set(CellState) and state != CellState.SHOWN.value:
        return CellState(state).mark
    said = text(value)
    return said.removesuffix(".0")
