"""Where the money comes from and what it is for: from the agency that pays, over the level of prevention, to the outcome.

Every mapped pound is in the picture once, under its service's first outcome; what is not mapped flows to nothing known.
The ribbons' places are worked out here, in pixels, so that a picture is only drawn from them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from rcs_core.release import Release
from rcs_core.vocab import PreventionLevel
from rcs_core.workshop.need_money.outcomes import Outcome, named
from rcs_core.workshop.spend_map.money import (
    UNMAPPED,
    Choice,
    Headline,
    View,
    exact,
    gbp,
    percent,
    short,
    source,
    spend,
    unmapped,
    years,
)
from rcs_core.workshop.spend_map.screen import APART, Screen, screen

NO_OUTCOME = "No outcome named"
NOT_YET = "Ledgers, not mapped"
BODY, LINE, GAP = 420, 16, 8
"""Pixels: of all the money, of a line of a label, and between two labels."""
WRAP = 14
"""Characters of a line of a label: three columns of labels on a phone."""
STEPS = 12
"""Parts that a ribbon's curve is drawn in."""
COLUMNS = ("Who pays", "Level of prevention", "Outcome")


@dataclass(frozen=True, slots=True)
class Flows:
    """The flows as a view (points: the ribbons), the nodes with their labels, and the height in pixels."""

    view: View
    nodes: pd.DataFrame
    height: int


@dataclass(slots=True)
class _Node:
    column: int
    name: str
    pence: int
    top: float = 0.0
    out: float = 0.0
    into: float = 0.0


def flows(release: Release, choice: Choice | None = None, by: Outcome = Outcome.DOMAIN, on_screen: bool = False) -> Flows:
    """The flows of the chosen money, each pound once in every column.

    on_screen: payers and flows whose sums would give the price of one bought service away stand together.
    """
    choice = choice or Choice()
    links = money(release, choice, by, on_screen)
    drawn = links[links["pence"] > 0]
    nodes = _nodes(drawn)
    scale = BODY / max(1, int(drawn["pence"].sum()))
    height = _place(nodes, scale)
    numbers = pd.DataFrame(
        {
            COLUMNS[0]: links["payer"],
            COLUMNS[1]: links["level"],
            by.one.capitalize(): links["outcome"],
            "Spend (£)": links["pence"] / 100,
        }
    )
    view = View(_headline(links, by, choice, release), _ribbons(drawn, nodes, scale), numbers, _words(nodes))
    return Flows(view, _labels(nodes, scale), height)


def money(release: Release, choice: Choice, by: Outcome, on_screen: bool = False) -> pd.DataFrame:
    """Pence by payer, level and first outcome, with unmapped money as a payer of its own; the most money first."""
    names, frame = named(release, by), spend(release, choice)
    outcome = frame["service_id"].map(lambda sid: by.codes.get(next(iter(names.get(str(sid), ())), ""), NO_OUTCOME))
    found = frame.assign(to=frame["level"].map(lambda code: short(PreventionLevel(code))), outcome=outcome)
    links = [
        (payer, level, name, int(part["pence"].sum()))
        for payer, own in screen(release, on_screen).agencies(found)
        for level, name, part in _apart(screen(release, on_screen), own)
    ]
    left = unmapped(release) if choice.whole else 0
    links += [(NOT_YET, UNMAPPED, NO_OUTCOME, left)] if left else []
    rows = pd.DataFrame(links, columns=["payer", "level", "outcome", "pence"])
    order = ["payer", "level", "outcome"]
    return rows.sort_values(order, ignore_index=True).sort_values("pence", ascending=False, kind="stable", ignore_index=True)


def _apart(shown: Screen, own: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """A payer's money by level and outcome; outcomes that may not be shown apart stand together, then levels."""
    rest = []
    for level, of_level in own.groupby("to"):
        parts = shown.parts(of_level, "outcome")
        yield from ((str(level), name, part) for name, part in parts)
        told = {name for name, _ in parts}
        if APART not in told:
            rest.append(of_level[~of_level["outcome"].isin(told)])
    together = pd.concat(rest) if rest else own.iloc[:0]
    if len(together):
        yield APART, APART, together


def _nodes(links: pd.DataFrame) -> list[_Node]:
    """Payers and outcomes from the most money, levels in their own order; what is not known stands last."""
    levels = [*(short(level) for level in PreventionLevel), APART, UNMAPPED]
    found = []
    for column, field in enumerate(("payer", "level", "outcome")):
        sums = {str(name): int(pence) for name, pence in links.groupby(field)["pence"].sum().items()}
        last = (APART, NOT_YET, NO_OUTCOME)

        def order(name: str, sums: dict[str, int] = sums, last: tuple[str, ...] = last) -> tuple[int, int, str]:
            return (levels.index(name), 0, name) if name in levels else (int(name in last), -sums[name], name)

        found += [_Node(column, name, sums[name]) for name in sorted(sums, key=order)]
    return found


def _place(nodes: list[_Node], scale: float) -> int:
    """Stack each column so that every label has room; the shorter columns are spread over the height of the longest."""
    slots = {column: sum(_slot(n, scale) for n in nodes if n.column == column) for column in range(3)}
    height = max(slots.values(), default=0.0)
    for column in range(3):
        own = [n for n in nodes if n.column == column]
        spare = (height - slots[column]) / max(1, len(own))
        y = 0.0
        for node in own:
            slot = _slot(node, scale) + spare
            node.top = y + (slot - node.pence * scale) / 2
            node.out = node.into = node.top
            y += slot
    return round(height)


def _slot(node: _Node, scale: float) -> float:
    return max(node.pence * scale, len(_wrapped(node)) * LINE) + GAP


def _wrapped(node: _Node) -> list[str]:
    """A label in short lines, the amount last."""
    lines: list[str] = []
    for word in node.name.replace(" prevention", "").replace("Not mapped to a service", "Not mapped").split():
        if lines and len(lines[-1]) + 1 + len(word) <= WRAP:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return [*lines, gbp(node.pence).replace(" million", "m")]


def _ribbons(links: pd.DataFrame, nodes: list[_Node], scale: float) -> pd.DataFrame:
    """The ribbons' edges: columns link, x (0 to 2), y, y2 (pixels from the top), level and what pops up."""
    at = {(n.column, n.name): n for n in nodes}
    rows: list[tuple[str, float, float, float, str, str]] = []
    for column, (left, right) in enumerate((("payer", "level"), ("level", "outcome"))):
        sums = links.groupby([left, right])["pence"].sum()
        order = {(n.column, n.name): k for k, n in enumerate(nodes)}
        keys = sorted(sums.index, key=lambda key: (order[column, key[0]], order[column + 1, key[1]]))
        for start, end in keys:
            pence = int(sums[start, end])
            a, b, thick = at[column, start], at[column + 1, end], pence * scale
            says = f"{start} to {end}: {gbp(pence)}"
            rows += _curve(f"{column} {start} {end}", column, a.out, b.into, thick, start if column else end, says)
            a.out, b.into = a.out + thick, b.into + thick
    return pd.DataFrame(rows, columns=["link", "x", "y", "y2", "level", "says"])


def _curve(
    link: str, x: int, start: float, end: float, thick: float, level: str, says: str
) -> Iterable[tuple[str, float, float, float, str, str]]:
    for step in range(STEPS + 1):
        t = step / STEPS
        y = start + (end - start) * t * t * (3 - 2 * t)
        yield link, x + t, round(y, 2), round(y + thick, 2), level, says


def _labels(nodes: list[_Node], scale: float) -> pd.DataFrame:
    rows = [
        (
            n.column,
            n.column,
            round(n.top, 2),
            round(n.top + n.pence * scale, 2),
            "|".join(_wrapped(n)),
            f"{n.name}: {exact(n.pence)}",
        )
        for n in nodes
    ]
    frame = pd.DataFrame(rows, columns=["column", "x", "y", "y2", "text", "says"])
    return frame.assign(middle=(frame["y"] + frame["y2"]) / 2)


def _headline(links: pd.DataFrame, by: Outcome, choice: Choice, release: Release) -> Headline:
    frame = spend(release, choice)
    whole = int(links["pence"].sum())
    if whole <= 0:
        return Headline("No money is mapped to these services.", source(release, frame))
    told = links[(links["level"] != APART) & (links["outcome"] != APART)]
    first = (links if told.empty else told).iloc[0]
    widest = "The widest flow" if len(told) == len(links) else "The widest flow that is shown apart,"
    sentence = (
        f"{widest} of {gbp(whole)} in {years(frame)} is from {first['payer']} to *{first['outcome']}*, tagged "
        f"{str(first['level']).lower()}: {gbp(int(first['pence']))}, {percent(int(first['pence']), whole):.0f}%."
    )
    lost = int(links.loc[links["outcome"] == NO_OUTCOME, "pence"].sum())
    known = f"{exact(lost)} reaches no {by.one} that is named. " if lost else ""
    once = f"Each pound is in every column once, under the {by.one} that the register names first. "
    return Headline(
        sentence, f"{once}{known}Income that is more than a flow's spend is in the table only. {source(release, frame)}"
    )


def _words(nodes: list[_Node]) -> str:
    said = [f"{COLUMNS[c]}: " + ", ".join(f"{n.name} {gbp(n.pence)}" for n in nodes if n.column == c) for c in range(3)]
    return f"Flows of money in three columns. {'; '.join(said)}."
