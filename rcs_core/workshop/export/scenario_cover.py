"""The cover of the scenario workbook: what it is, whose, how far it may be trusted, and its key totals, live and by name."""

from collections.abc import Iterator
from dataclasses import dataclass

from rcs_core.sheets.write import FIRST_ROW, MONEY, SHARE, Column, Formula, Sheet, Value, cell
from rcs_core.workshop.export.scenario_about import DISCUSSION_ONLY, FICTIONAL, About
from rcs_core.workshop.export.scenario_checks import Tables, all_hold, in_words, inputs_in_words
from rcs_core.workshop.export.scenario_facts import Facts
from rcs_core.workshop.export.scenario_whole import LAYOUT

COVER = "Cover"
_NO_PLAN = (
    "NOT POSSIBLE: {}, so there is no plan to show",
    "NO ANSWER: {}, so there is no plan to show",
)
_PRICED = "HOLDS PRICES of bought services ({}), without which it could not be solved again: not for a screen that providers see"
_COLUMNS = (Column("Item", 48), Column("What it is", 84, wrap=True, align="left"))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the cover: its label, its value, its number format and, for key totals, its defined name."""

    label: str
    value: Value
    form: str = "General"
    name: str = ""


def cover_sheet(facts: Facts, about: About, tables: Tables | None, checks: Sheet) -> tuple[Sheet, dict[str, str]]:
    """The cover, and the defined names of its figures."""
    lines = [
        *_banners(facts, about),
        *_facts(facts, about),
        *(_key_totals(facts, tables, about.discussion_only) if tables else []),
        *([Line("Inputs", inputs_in_words(facts))] if tables else []),
        Line("Checks", in_words(checks)),
        Line("Every check holds", all_hold(checks), name="all_checks_hold"),
    ]
    names = {line.name: cell(COVER, 2, FIRST_ROW + k) for k, line in enumerate(lines) if line.name}
    if facts.inputs.has("discount_rate"):
        names["discount_rate"] = facts.inputs.ref("discount_rate")
    formats = [(k, 1, line.form) for k, line in enumerate(lines)]
    note = "What this workbook is, and what it comes to."
    rows = [(line.label, line.value) for line in lines]
    return Sheet(COVER, title_of(facts, about), _COLUMNS, rows, note, formats=formats, kind="front"), names


def title_of(facts: Facts, about: About) -> str:
    """The partnership and the scenario, the partnership once."""
    name = str(facts.scenario.get("name") or "a scenario")
    return name if name.startswith(about.partnership) else f"{about.partnership}: {name}"


def _banners(facts: Facts, about: About) -> list[Line]:
    found = [FICTIONAL] if about.fictional else []
    found += [DISCUSSION_ONLY] if about.discussion_only else []
    found += [] if facts.possible else [_NO_PLAN[facts.result["status"] == "unbounded"].format(no_plan(facts))]
    found += [_PRICED.format(about.bought)] if about.bought else []
    return [Line("Read this first", text) for text in found]


def no_plan(facts: Facts) -> str:
    """Why there is no plan, in a few plain words."""
    if facts.result["status"] == "unbounded":
        return "nothing limits what is being optimised"
    return "its promises cannot all hold" if facts.result.get("conflict") else "its limits leave no room, whatever is promised"


def _facts(facts: Facts, about: About) -> Iterator[Line]:
    words, scenario = facts.words, facts.scenario
    prices = str(scenario.get("price_year") or "a year that is not stated")
    years = f"{words.years[0]} to {words.years[-1]}"
    guesses = "not worked out" if about.guess_share is None else f"{about.guess_share:.0%}"
    said = {
        "Area": about.partnership,
        "Scenario": str(scenario.get("name") or ""),
        "What it is": str(scenario.get("description") or ""),
        "Release": f"{about.release_id}, built {about.built}" if about.built else about.release_id,
        "Date": about.date.isoformat(),
        "Author": about.author or "not given",
        "Code version": about.code_version,
        "Layout of this workbook": f"version {LAYOUT}",
        "Status": "Solved: a plan that keeps every promise" if facts.possible else f"No plan: {no_plan(facts)}",
        "Depth": about.depth,
        "Pounds moved that rest on guesses": guesses,
        "Years": years,
        "Money": f"{words.money}, prices of {prices}",
        "Need": words.need,
        "To cite it": about.stamp(years, prices).citation(f"Scenario {scenario.get('name') or 'without a name'}"),
    }
    return (Line(label, text) for label, text in said.items())


def _key_totals(facts: Facts, tables: Tables, rough: bool) -> list[Line]:
    """The totals, each live; in two figures where the result is for discussion only, so that they still add up."""

    def last(table: Sheet, column: int) -> Formula:
        return Formula(cell(table.name, column, FIRST_ROW + len(table.rows) - 1))

    shares = [Formula(cell(tables.shares.name, 8, FIRST_ROW + t)) for t in (0, facts.horizon - 1)]
    found = [
        Line("Spend before, all years", last(tables.allocation, 6), MONEY, "total_before"),
        Line("Spend after, all years", last(tables.allocation, 7), MONEY, "total_after"),
        Line("Change, all years", last(tables.allocation, 8), MONEY, "total_change"),
        Line("Change, all years, discounted", last(tables.level, 13), MONEY, "total_change_discounted"),
        Line("Underspend, all years", last(tables.agency, 16), MONEY, "total_underspend"),
        Line("Unmet need, all years", last(tables.demand, 8), "#,##0.0", "total_unmet_need"),
        Line(f"Preventative share, {facts.words.years[0]}", shares[0], SHARE, "preventative_share_first_year"),
        Line(f"Preventative share, {facts.words.years[-1]}", shares[1], SHARE, "preventative_share_last_year"),
        Line("What was optimised, as solved", float(facts.result["objective"]), "#,##0.000000", "objective"),
    ]
    return [*_before_and_after(*found[:3]), *(_roughly(line) for line in found[2:])] if rough else found


def _before_and_after(before: Line, after: Line, change: Line) -> list[Line]:
    """What is spent before, to the last place of the change in two figures; what is spent after is their sum as they are read."""
    exact, whole = _text(change), f"ROUND({_text(before)},{_place(_text(change))})"
    texts = (whole, f"{whole}+{_two_figures(exact)}")
    pairs = zip((before, after), texts, strict=True)
    return [Line(f"{line.label}, rounded like the change", Formula(text), line.form, line.name) for line, text in pairs]


def _roughly(line: Line) -> Line:
    """A total to two significant figures; what was optimised is no money to spend."""
    if not isinstance(line.value, Formula):
        return line
    return Line(f"{line.label}, in two figures", Formula(_two_figures(line.value.text)), line.form, line.name)


def _text(line: Line) -> str:
    return line.value.text if isinstance(line.value, Formula) else str(line.value)


def _place(exact: str) -> str:
    """The place of the last of two figures, as a formula; whole units for a nought."""
    return f"IF({exact}=0,0,1-INT(LOG10(ABS({exact}))))"


def _two_figures(exact: str) -> str:
    return f"IF({exact}=0,0,ROUND({exact},{_place(exact)}))"
