"""A scenario as a workbook that a finance officer can take apart: inputs, allocation, purses, need, assumptions, checks.

Every total, share, change, discounting and check is a live formula on the *Inputs* sheet and the solver's own figures. When the
promises cannot all hold there are no figures to show: the book then says which promises clash, beside the inputs.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from rcs_core import __version__
from rcs_core.sheets.write import FIRST_ROW, MONEY, SHARE, Column, Formula, Row, Sheet, Value, cell, write_book
from rcs_core.workshop.couple import compare
from rcs_core.workshop.export.scenario_checks import Tables, all_hold, checks_sheet, in_words
from rcs_core.workshop.export.scenario_facts import Facts, demand_sheet, facts_of, spend_sheet
from rcs_core.workshop.export.scenario_inputs import NOT_GIVEN, guessed
from rcs_core.workshop.export.scenario_purses import agency_sheet
from rcs_core.workshop.export.scenario_sheets import allocation_sheet, level_sheet, share_sheet
from rcs_core.workshop.scenario import Result, Scenario

COVER = "Cover"
DISCUSSION_ONLY = "DISCUSSION ONLY: this rests on guesses and is not the basis for a decision"
WORKING = "DISCUSSION ONLY: worked to the penny so that the checks hold; say no more than two figures, as the cover does."
_RESULTS = ("Allocation", "By agency", "By level", "Preventative share", "Demand and unmet need", "Spend by locality")
FICTIONAL = "FICTIONAL: invented data about nobody"


class HasDict(Protocol):
    """A scenario or a result, which both give their interchange form."""

    def to_dict(self) -> dict[str, Any]:
        """The interchange form."""
        ...


@dataclass(frozen=True, slots=True)
class About:
    """Whose scenario a workbook is, on which release, by whom and when, and how it is to be read.

    names: what to call an id (services, agencies, localities). assumptions: rows with id, text, value, unit, state, source.
    guess_share and discussion are worked out from the plan, as on the screen, when they are left out.
    """

    partnership: str
    release_id: str
    date: dt.date
    author: str
    fictional: bool
    depth: str = "discuss"
    units: str = "children a year"
    notes: Sequence[str] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    assumptions: Sequence[Mapping[str, Any]] = ()
    code_version: str = __version__
    guess_share: float | None = None
    discussion: bool | None = None

    @classmethod
    def of_scenario(cls, scenario: HasDict) -> "About":
        """What can be said of a scenario file alone, which names no release and no author."""
        depth = str(scenario.to_dict().get("depth") or "evidence")
        return cls(
            "Not stated in the file", "none: from a scenario file", dt.datetime.now(dt.UTC).date(), "", False, depth, "units"
        )

    @property
    def discussion_only(self) -> bool:
        """Whether the figures rest on so little that nothing may be decided on them; by depth where it was not worked out."""
        return self.depth == "discuss" if self.discussion is None else self.discussion


def write_scenario_book(scenario: HasDict, result: HasDict, about: About, path: Path) -> None:
    """Write a scenario and its answer as a workbook; raises SheetError when the place cannot be written."""
    about = _judged(scenario, result, about)
    facts = facts_of(scenario.to_dict(), result.to_dict(), about.names, about.units, getattr(result, "purses", ()))
    tables = _tables(facts) if facts.possible else None
    checks = checks_sheet(facts, tables)
    cover, names = _cover(facts, about, tables, checks)
    sheets = [cover, _how_to_read(facts), facts.inputs.sheet()]
    if tables:
        sheets += [tables.allocation, tables.agency, tables.level, tables.shares, tables.demand, tables.spend]
    else:
        sheets += [_clash(facts)]
    sheets += [_assumptions(facts, about), _notes(facts, about), checks]
    if about.discussion_only:
        sheets = [cover, *(replace(s, note=f"{WORKING} {s.note}") if s.name in _RESULTS else s for s in sheets[1:])]
    write_book(path, sheets, names, f"{about.partnership}: {facts.scenario.get('name') or 'scenario'}")


def _judged(scenario: HasDict, result: HasDict, about: About) -> About:
    """Say how much of a plan rests on guesses as the screen does."""
    if about.discussion is not None or not (isinstance(scenario, Scenario) and isinstance(result, Result)):
        return about
    found = compare(scenario, result, about.names)
    known = about.discussion_only if found.guess_share is None else found.discussion_only
    notes = [note for note in found.notes if note not in result.messages]
    return replace(about, guess_share=found.guess_share, discussion=known, notes=[*about.notes, *notes])


def _tables(facts: Facts) -> Tables:
    spend, demand = spend_sheet(facts), demand_sheet(facts)
    allocation = allocation_sheet(facts, spend, demand)
    agency = agency_sheet(facts, allocation, spend, demand)
    return Tables(spend, demand, allocation, agency, level_sheet(facts, allocation), share_sheet(facts, allocation))


_NO_PLAN = (
    "NOT POSSIBLE: {}, so there is no plan to show",
    "NO ANSWER: {}, so there is no plan to show",
)

type Line = tuple[str, Value, str, str]
"""One line of the cover: its label, its value, its number format and, for key totals, its defined name."""


def _cover(facts: Facts, about: About, tables: Tables | None, checks: Sheet) -> tuple[Sheet, dict[str, str]]:
    lines: list[Line] = [
        *_banners(facts, about),
        *[(label, value, "General", "") for label, value in _facts(facts, about)],
        *(_key_totals(facts, tables, about.discussion_only) if tables else []),
        ("Checks", in_words(checks), "General", ""),
        ("Every check holds", all_hold(checks), "General", "all_checks_hold"),
    ]
    rows = [(label, value) for label, value, _, _ in lines]
    formats = [(index, 1, form) for index, (_, _, form, _) in enumerate(lines)]
    names = {name: cell(COVER, 2, FIRST_ROW + index) for index, (_, _, _, name) in enumerate(lines) if name}
    if facts.inputs.has("discount_rate"):
        names["discount_rate"] = facts.inputs.ref("discount_rate")
    columns = (Column("Item", 44), Column("What it is", 70, wrap=True, align="left"))
    name = str(facts.scenario.get("name") or "a scenario")
    title = name if name.startswith(about.partnership) else f"{about.partnership}: {name}"
    return Sheet(COVER, title, columns, rows, "What this workbook is, and what it comes to.", formats=formats), names


def _banners(facts: Facts, about: About) -> list[Line]:
    found = [FICTIONAL] if about.fictional else []
    found += [DISCUSSION_ONLY] if about.discussion_only else []
    found += [] if facts.possible else [_NO_PLAN[facts.result["status"] == "unbounded"].format(_no_plan(facts))]
    return [("Read this first", text, "General", "") for text in found]


def _no_plan(facts: Facts) -> str:
    """Why there is no plan, in a few plain words."""
    if facts.result["status"] == "unbounded":
        return "nothing limits what is being optimised"
    return "its promises cannot all hold" if facts.result.get("conflict") else "its limits leave no room, whatever is promised"


def _facts(facts: Facts, about: About) -> list[tuple[str, Value]]:
    words, scenario = facts.words, facts.scenario
    return [
        ("Area", about.partnership),
        ("Scenario", str(scenario.get("name") or "")),
        ("What it is", str(scenario.get("description") or "")),
        ("Release", about.release_id),
        ("Date", about.date.isoformat()),
        ("Author", about.author),
        ("Code version", about.code_version),
        ("Status", "Solved: a plan that keeps every promise" if facts.possible else f"No plan: {_no_plan(facts)}"),
        ("Depth", about.depth),
        ("Pounds moved that rest on guesses", "not worked out" if about.guess_share is None else f"{about.guess_share:.0%}"),
        ("Years", f"{words.years[0]} to {words.years[-1]}"),
        ("Money", f"{words.money}, prices of {scenario.get('price_year') or 'a year that is not stated'}"),
        ("Need", words.need),
    ]


def _key_totals(facts: Facts, tables: Tables, rough: bool) -> list[Line]:
    """The totals, each live; in two figures where the result is for discussion only, so that they still add up."""

    def last(table: Sheet, column: int) -> Formula:
        return Formula(cell(table.name, column, FIRST_ROW + len(table.rows) - 1))

    shares = [Formula(cell(tables.shares.name, 8, FIRST_ROW + t)) for t in (0, facts.horizon - 1)]
    found: list[Line] = [
        ("Spend before, all years", last(tables.allocation, 6), MONEY, "total_before"),
        ("Spend after, all years", last(tables.allocation, 7), MONEY, "total_after"),
        ("Change, all years", last(tables.allocation, 8), MONEY, "total_change"),
        ("Change, all years, discounted", last(tables.level, 13), MONEY, "total_change_discounted"),
        ("Underspend, all years", last(tables.agency, 16), MONEY, "total_underspend"),
        ("Unmet need, all years", last(tables.demand, 8), "#,##0.0", "total_unmet_need"),
        (f"Preventative share, {facts.words.years[0]}", shares[0], SHARE, "preventative_share_first_year"),
        (f"Preventative share, {facts.words.years[-1]}", shares[1], SHARE, "preventative_share_last_year"),
        ("What was optimised, as solved", float(facts.result["objective"]), "#,##0.000000", "objective"),
    ]
    return [*_before_and_after(*found[:3]), *(_roughly(line) for line in found[2:])] if rough else found


def _before_and_after(before: Line, after: Line, change: Line) -> list[Line]:
    """What is spent before, to the last place of the change in two figures; what is spent after is their sum as they are read."""
    exact, whole = _text(change), f"ROUND({_text(before)},{_place(_text(change))})"
    texts = (whole, f"{whole}+{_two_figures(exact)}")
    pairs = zip((before, after), texts, strict=True)
    return [(f"{label}, rounded like the change", Formula(t), form, name) for (label, _, form, name), t in pairs]


def _roughly(line: Line) -> Line:
    """A total to two significant figures; what was optimised is no money to spend."""
    label, value, form, name = line
    return (f"{label}, in two figures", Formula(_two_figures(value.text)), form, name) if isinstance(value, Formula) else line


def _text(line: Line) -> str:
    return line[1].text if isinstance(line[1], Formula) else str(line[1])


def _place(exact: str) -> str:
    """The place of the last of two figures, as a formula; whole units for a nought."""
    return f"IF({exact}=0,0,1-INT(LOG10(ABS({exact}))))"


def _two_figures(exact: str) -> str:
    return f"IF({exact}=0,0,ROUND({exact},{_place(exact)}))"


def _how_to_read(facts: Facts) -> Sheet:
    lines = _READING if facts.possible else _READING_IMPOSSIBLE
    return Sheet("How to read this", "How to read this", (Column("Sheet", 28), Column("What it says", 110, wrap=True)), lines)


_READING: tuple[tuple[str, str], ...] = (
    ("Cover", "What this is, whose, on which data, and its key totals. Their names can be used in formulas (total_after, ...)."),
    ("Inputs", "Every number that the scenario rests on, with its unit, how well it is known, its range and its source."),
    ("Allocation", "What each agency spends on each service in each year: before, after and the change."),
    ("By agency", "Each purse: what it has, what it spends, what it pools, and the underspend that is left."),
    ("By level", "Preventative, responsive and held spend, and the same discounted to the first year."),
    ("Preventative share", "Preventative spend as a share of preventative and responsive spend, beside its target."),
    ("Demand and unmet need", "How much need there is, how much is prevented, met and left unmet, and what responding costs."),
    ("Spend by locality", "The solver's figures for preventative spend, which the sheets above add up."),
    ("Assumptions", "What is assumed or guessed rather than measured. A result is no better than these."),
    ("Notes", "What the solver and the people who made the scenario have to say."),
    ("Checks", "Proof, in live formulas, that nothing is lost between the sheets and that the promises hold."),
    (
        "Changing a number",
        "Totals, shares and checks follow a changed input; the plan itself does not: solve the scenario again for that.",
    ),
    (
        "Released capacity",
        "A fall in responsive cost is capacity released. It is cash only so far as Inputs says, and from when it says.",
    ),
)
_READING_IMPOSSIBLE: tuple[tuple[str, str], ...] = (
    ("Cover", "What this is, whose, and on which data."),
    ("Inputs", "Every number that the scenario rests on, with its unit, how well it is known, its range and its source."),
    (
        "Promises that clash",
        "The fewest promises that cannot hold together: give way on any one of them and the others can hold.",
    ),
    ("Checks", "Whether floors and held services fit in each budget, in live formulas: change an input and see."),
)
_PENCE = 5
"""The decimals of a penny in GBP thousand: what is finer is the solver's rounding."""
_PROMISES = {
    "budget": "The budget of",
    "floor": "The floor of",
    "need": "All need is met for",
    "rampup": "The fastest growth of",
    "rampdn": "The fastest reduction of",
    "capacity": "The most that can be spent on",
    "ring": "The ring-fence",
    "share": "The preventative share",
    "equity": "The fairness rule",
    "pool": "The pooled budget",
    "outcome_target": "The least outcome asked for",
}


def promise_in_words(facts: Facts, promise: str) -> str:
    """A promise id such as floor[health_visiting,1] as a person would say it."""
    found = re.match(r"(\w+)(?:\[(.*)\])?$", promise)
    if not found:
        return promise
    parts = [p.strip() for p in (found[2] or "").split(",") if p.strip()]
    year = f", {facts.words.years[int(parts.pop()) - 1]}" if parts and parts[-1].isdecimal() else ""
    said = _PROMISES.get(found[1], found[1])
    return f"{said} {', '.join(facts.words.of(p) for p in parts)}".strip() + year


def _clash(facts: Facts) -> Sheet:
    promises = [str(p) for p in facts.result.get("conflict") or []]
    repairs: dict[str, Mapping[str, Any]] = {str(r["promise"]): r for r in facts.result.get("repairs") or []}
    rows: list[Row] = []
    for promise in promises or ["no promise"]:
        change = repairs.get(promise, {})
        amount = change.get("change")
        shown = round(float(amount), _PENCE) if isinstance(amount, int | float) else str(amount or "")
        rows.append((promise_in_words(facts, promise), shown, str(change.get("unit") or ""), promise))
    columns = (
        Column("Promise", 60, wrap=True),
        Column("Smallest change that would do", 22, "#,##0.00##"),
        Column("Unit", 24),
        Column("Id", 40),
    )
    note = (
        "These promises cannot all hold. Give way on any one of them, by the change beside it where one was found; "
        "Notes say whether that is enough for the whole scenario."
        if promises
        else f"There is no plan: {_no_plan(facts)}. No promise is to blame; Notes say what is."
    )
    return Sheet("Promises that clash", "Promises that clash", columns, rows, note)


def _assumptions(facts: Facts, about: About) -> Sheet:
    usual = [r for r in facts.inputs.rows if r[6] == NOT_GIVEN]
    rows: list[Row] = [_assumption(r) for r in [*guessed(facts.inputs), *usual]]
    rows += [(str(a.get("text", "")), _value(a.get("value")), *_texts(a, ("unit", "state", "source"))) for a in about.assumptions]
    columns = (
        Column("Assumption", 70, wrap=True),
        Column("Value", 16, "#,##0.######"),
        Column("Unit", 26, wrap=True),
        Column("State", 24),
        Column("Source", 60, wrap=True),
    )
    note = "Guesses, usual values where the scenario gives none, and the assumptions of the release."
    return Sheet("Assumptions", "Assumptions", columns, rows, note)


def _assumption(row: Sequence[Value]) -> Row:
    _, subject, what, where, value, unit, state, _, _, source, *_ = row
    return (": ".join(str(part) for part in (subject, what, where) if part), value, unit, state, source)


def _texts(content: Mapping[str, Any], keys: Iterable[str]) -> list[str]:
    return [str(content.get(key) or "") for key in keys]


def _value(value: object) -> Value:
    return value if isinstance(value, int | float) else str(value or "")


def _notes(facts: Facts, about: About) -> Sheet:
    certificate = facts.result.get("certificate") or {}
    said: list[Row] = [("Scenario", note) for note in about.notes]
    said += [("Solver", str(message)) for message in facts.result.get("messages") or []]
    said += [
        ("Certificate", f"{key.replace('_', ' ')}: {value:.3g}") for key, value in certificate.items() if isinstance(value, float)
    ]
    return Sheet("Notes", "Notes", (Column("From", 16), Column("Note", 120, wrap=True)), said or [("", "There are no notes.")])
