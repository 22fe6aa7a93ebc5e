"""What was changed in a workbook, as a list that is read before anything is accepted: cell, input in words, was, now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rcs_core.sheets.draw import printable
from rcs_core.sheets.read import cell_text
from rcs_core.sheets.returned import address
from rcs_core.workshop.bring_back.inputs_table import OWNER, REASONS, Given, Table
from rcs_core.workshop.bring_back.layouts import PLACE
from rcs_core.workshop.bring_back.values import Plain, is_number, same
from rcs_core.workshop.export.scenario_words import BLANKS
from rcs_core.workshop.scenario import Scenario

COLUMNS = ["Cell", "Of what", "Input", "Was", "Now", "Unit", "Moved by"]
UNIT = "Unit"
_EMPTY = frozenset({"", "–", "-"})


@dataclass(frozen=True, slots=True)
class Change:
    """One input that was changed. owner and reason: as they stand in its row, where somebody wrote them there."""

    cell: str
    pointer: str
    of_what: str
    input: str
    words: str
    unit: str
    was: Plain
    now: Plain
    was_said: str
    now_said: str
    note: str = ""
    owner: str = ""
    reason: str = ""

    @property
    def moved(self) -> str:
        """How far it moved: the difference, and in per cent of what it was."""
        if not (is_number(self.was) and is_number(self.now)):
            return ""
        was, now = float(self.was or 0), float(self.now or 0)
        said = f"{now - was:+,.6g}" + (f" ({(now - was) / abs(was):+.1%})" if was else "")
        return said.replace("-", "−")


def changes_in(table: Table, content: Mapping[str, Any]) -> list[Change]:
    """The changed inputs in the order of the scenario file."""
    order = {pointer: k for k, pointer in enumerate(table.written)}
    changed = sorted((one for one in table.given if one.changed), key=lambda one: order.get(one.place.pointer, len(order)))
    return [_change(one, table, content) for one in changed]


def _change(one: Given, table: Table, content: Mapping[str, Any]) -> Change:
    place = one.place
    before = table.written.get(place.pointer, {})
    owner = _written_in(one, before, OWNER)
    reason = next(filter(None, (_written_in(one, before, title) for title in REASONS)), "")
    known: Mapping[str, Any] = next((p for p in content.get("provenance") or [] if p.get("path") == place.pointer), {})
    notes = ["a formula stands there; its value is taken"] if one.live else []
    notes += _outside(one.value, known)
    notes += _other_unit(one, before)
    now_said = _said(one.value, None, table.names, place.pointer)
    return Change(
        place.cell, place.pointer, place.labels[1], ", ".join(filter(None, place.labels[2:4])), place.words, place.unit,
        place.was, one.value, _said(place.was, place.shown, table.names), now_said, "; ".join(notes), owner, reason,
    )  # fmt: skip


def _written_in(one: Given, before: Mapping[str, object], title: str) -> str:
    """What somebody wrote in a column of text of this row; blank where it is as it was."""
    now = one.texts.get(title, "")
    return "" if now in _EMPTY or _as_read(now) == _as_read(before.get(title)) else now


def _outside(value: Plain, known: Mapping[str, Any]) -> list[str]:
    low, high = known.get("low"), known.get("high")
    if not is_number(value) or not (is_number(low) or is_number(high)):
        return []
    number = float(value or 0)
    fits = (not is_number(low) or number >= float(low or 0)) and (not is_number(high) or number <= float(high or 0))
    return [] if fits else [f"outside the range that was given for it, {low} to {high}"]


def _other_unit(one: Given, before: Mapping[str, object]) -> list[str]:
    """That somebody wrote another unit beside the number, which is taken in its own unit all the same."""
    typed = _written_in(one, before, UNIT) if UNIT in before else ""
    return [f"the column {UNIT} says {typed}; the number is taken in {one.place.unit}"] if typed and one.place.unit else []


def _said(value: Plain, shown: object, names: Mapping[str, str], pointer: str = "") -> str:
    """A value as it is read."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if is_number(value):
        return f"{float(value or 0):,.12g}"
    if isinstance(value, str):
        return names.get(value, value)
    section, *steps = pointer.removeprefix("/").split("/")
    key = next((s for s in steps if not s.isdecimal()), "")
    return str(shown or BLANKS.get((section, key), "none"))


def listed(changes: Sequence[Change], veil: frozenset[str] = frozenset()) -> pd.DataFrame:
    """The changes as a table; those of the places in `veil` without their figures."""
    rows = [
        (
            c.cell,
            c.of_what,
            c.input,
            *(("–", "–", c.unit, "–") if c.pointer in veil else (c.was_said, c.now_said, c.unit, c.moved)),
            c.note,
        )
        for c in changes
    ]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "Note"])
    return frame if frame["Note"].any() else frame.drop(columns="Note")


def veiled_in(changes: Sequence[Change], scenario: Scenario, veil: frozenset[str]) -> frozenset[str]:
    """The places among these changes that are about things in `veil`, by id: their figures are not shown now."""
    content = scenario.to_dict()
    found = set()
    for change in changes:
        section, index, *_ = [*change.pointer.removeprefix("/").split("/"), ""]
        things = content.get(section)
        if isinstance(things, list) and index.isdecimal() and int(index) < len(things):
            thing = things[int(index)]
            if isinstance(thing, dict) and str(thing.get("id", "")).split(":")[0] in veil:
                found.add(change.pointer)
    return frozenset(found)


def texts_not_taken(table: Table, changes: Sequence[Change]) -> list[str]:
    """Ranges, sources and owners that were written over beside a value that is as it was: told, not taken."""
    changed = {change.pointer for change in changes}
    found = []
    for one in table.given:
        before = table.written.get(one.place.pointer)
        if before is None or one.place.pointer in changed:
            continue
        titles = [t for t in ("State", "Low", "High", *REASONS, OWNER, "Date") if t in before and _differs(one.texts, before, t)]
        if titles:
            found.append(f"row {one.place.row} ({one.place.words}): {', '.join(titles)}")
    return found


def _differs(texts: Mapping[str, str], before: Mapping[str, object], title: str) -> bool:
    then, now = before.get(title), texts.get(title, "")
    if isinstance(then, int | float) and not isinstance(then, bool):
        try:
            return not same(float(now), float(then))
        except ValueError:
            return True
    return title in texts and _as_read(now) != _as_read(then)


def _as_read(text: object) -> str:
    """A text as a cell holds it, blanks and line ends in one way."""
    return " ".join(printable(str(text or "")).split())


def beside_inputs(table: Table) -> list[str]:
    """What was written on the sheet beside what is read: columns of one's own, rows without a place."""
    top, known = table.top, {title for row in table.written.values() for title in row}
    added = sorted((k, title) for title, k in top.columns.items() if known and title not in known)
    found = [f"the column {title} was added" for _, title in added]
    taken = set(top.columns.values())
    loose = [
        address(top.sheet.name, number, k)
        for number, row in enumerate(top.sheet.rows[top.row :], start=top.row + 1)
        for k, cell in enumerate(row, start=1)
        if k not in taken and cell not in (None, "")
    ]
    place = top.columns[PLACE]
    loose += [
        f"{top.sheet.name}, row {number}"
        for number, row in enumerate(top.sheet.rows[top.row :], start=top.row + 1)
        if any(cell not in (None, "") for cell in row) and not cell_text(top.sheet.value(number, place)).strip()
    ]
    return found + ([f"{', '.join(loose[:5])}{' and more' if len(loose) > 5 else ''} written beside the table"] if loose else [])
