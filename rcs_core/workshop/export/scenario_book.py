"""A scenario as a workbook that a finance officer can take apart: inputs, allocation, purses, need, assumptions, checks.

Every total, share, change, discounting and check is a live formula on the *Inputs* sheet and the solver's own figures. When the
promises cannot all hold there are no figures to show: the book then says which promises clash, beside the inputs.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rcs_core.sheets.write import MONEY, Sheet, write_book
from rcs_core.workshop.couple import compare
from rcs_core.workshop.export.extras import LEVERS, MOVES, PAIRS, extra_checks, extra_sheets, extras_of
from rcs_core.workshop.export.scenario_about import DISCUSSION_ONLY, FICTIONAL, About, HasDict
from rcs_core.workshop.export.scenario_charts import BEFORE_AFTER, NEED, PURSES, chart_sheets, with_share_chart
from rcs_core.workshop.export.scenario_checks import Tables, checks_sheet
from rcs_core.workshop.export.scenario_contents import CONTENTS, contents_sheet, how_to_read, table_name
from rcs_core.workshop.export.scenario_cover import cover_sheet, title_of
from rcs_core.workshop.export.scenario_dictionary import dictionary_sheet
from rcs_core.workshop.export.scenario_entry import with_entries
from rcs_core.workshop.export.scenario_facts import Facts, demand_sheet, facts_of, spend_sheet
from rcs_core.workshop.export.scenario_purses import agency_sheet
from rcs_core.workshop.export.scenario_said import assumptions_sheet, clash_sheet, notes_sheet, promise_in_words
from rcs_core.workshop.export.scenario_sheets import allocation_sheet, level_sheet, share_sheet
from rcs_core.workshop.export.scenario_signoff import sign_off_sheet
from rcs_core.workshop.export.scenario_whole import Origin, whole_sheet
from rcs_core.workshop.scenario import Result, Scenario

__all__ = ["DISCUSSION_ONLY", "FICTIONAL", "About", "judged", "promise_in_words", "write_scenario_book"]

WORKING = "DISCUSSION ONLY: worked to the penny so that the checks hold; say no more than two figures, as the cover does."
_RESULTS = (
    "Allocation", "By agency", "By level", "Preventative share", "Demand and unmet need", "Spend by locality", BEFORE_AFTER, NEED,
    PURSES, MOVES, PAIRS,
)  # fmt: skip


def write_scenario_book(scenario: HasDict, result: HasDict, about: About, path: Path) -> None:
    """Write a scenario and its answer as a workbook; raises SheetError when the place cannot be written."""
    about = _with_extras(scenario, result, judged(scenario, result, about))
    facts = facts_of(scenario.to_dict(), result.to_dict(), about.names, about.units, getattr(result, "purses", ()))
    sheets, names = _book(facts, about)
    names |= {table_name(sheet.name): sheet.whole for sheet in sheets}
    write_book(path, sheets, names, title_of(facts, about), about.footer, CONTENTS, locked=True)


def judged(scenario: HasDict, result: HasDict, about: About) -> About:
    """Say how much of a plan rests on guesses as the screen does."""
    if about.discussion is not None or not (isinstance(scenario, Scenario) and isinstance(result, Result)):
        return about
    found = compare(scenario, result, about.names)
    known = about.discussion_only if found.guess_share is None else found.discussion_only
    notes = [note for note in found.notes if note not in result.messages]
    return replace(about, guess_share=found.guess_share, discussion=known, notes=[*about.notes, *notes])


def _with_extras(scenario: HasDict, result: HasDict, about: About) -> About:
    """Work out what stands beside the plan, where that was not done before and there is something to do it with."""
    if about.extras is not None or not (isinstance(scenario, Scenario) and isinstance(result, Result)):
        return about
    return replace(about, extras=extras_of(scenario, result, about.names, assumed=about.assumptions or None))


def _book(facts: Facts, about: About) -> tuple[list[Sheet], dict[str, str]]:
    """Every sheet in its order, and the names of its figures: first what is read first, last the scenario file."""
    tables = _tables(facts) if facts.possible else None
    levers, beside = _beside(facts, about, tables)
    more = extra_checks(facts, about.extras, tables.allocation if tables else None, beside) if about.extras else []
    checks = replace(checks_sheet(facts, tables, more), kind="proof")
    cover, names = cover_sheet(facts, about, tables, checks)
    sign_off, cells = sign_off_sheet(about, facts.possible)
    body = [notes_sheet(facts, about), with_entries(facts.inputs.sheet()), *levers]
    body += _results(facts, tables) if tables else [clash_sheet(facts)]
    body += [*beside, checks, sign_off]
    wide = len(f"{-_most(facts):,.2f}") + 2
    return _bound(facts, about, cover, [_marked(sheet, about, wide) for sheet in body]), names | cells


def _beside(facts: Facts, about: About, tables: Tables | None) -> tuple[list[Sheet], list[Sheet]]:
    """The levers, which stand beside the inputs, and the other sheets that the plan has beside it."""
    if about.extras is None:
        return [], [assumptions_sheet(facts, about)]
    sheets = extra_sheets(facts, about.extras, tables.allocation if tables else None)
    return [s for s in sheets if s.name == LEVERS], [s for s in sheets if s.name != LEVERS]


def _bound(facts: Facts, about: About, cover: Sheet, body: Sequence[Sheet]) -> list[Sheet]:
    """The sheets between their front (cover, contents, how to read) and their end (data dictionary, the file itself).

    Contents gives the rows of every sheet, its own and the file's among them; the file tells what every other sheet held.
    So the first round only counts.
    """
    reading = how_to_read([cover, *body], facts.possible)
    dictionary, file = dictionary_sheet(facts, ()), replace(whole_sheet(facts.scenario), kind="source")
    contents = contents_sheet([cover, *body])
    for _ in range(3):
        reading = how_to_read([cover, contents, reading, *body, dictionary, file], facts.possible)
        dictionary = dictionary_sheet(facts, [cover, contents, reading, *body], [file])
        contents = contents_sheet([cover, contents, reading, *body, dictionary, file])
    file = _whole(facts, about, [cover, contents, reading, *body, dictionary])
    contents = contents_sheet([cover, contents, reading, *body, dictionary, file])
    told = _whole(facts, about, [cover, contents, reading, *body, dictionary])
    return [cover, contents, reading, *body, dictionary, told]


def _results(facts: Facts, tables: Tables) -> list[Sheet]:
    shares = with_share_chart(facts, tables.shares)
    return [
        tables.allocation, tables.agency, tables.level, shares, tables.demand, tables.spend, *chart_sheets(facts, tables)
    ]  # fmt: skip


def _tables(facts: Facts) -> Tables:
    spend, demand = spend_sheet(facts), demand_sheet(facts)
    allocation = allocation_sheet(facts, spend, demand)
    agency = agency_sheet(facts, allocation, spend, demand)
    return Tables(spend, demand, allocation, agency, level_sheet(facts, allocation), share_sheet(facts, allocation))


def _whole(facts: Facts, about: About, sheets: Sequence[Sheet]) -> Sheet:
    origin = Origin(about.partnership, about.release_id, about.units, about.code_version, about.names)
    return replace(whole_sheet(facts.scenario, origin=origin, sheets=sheets), kind="source")


def _marked(sheet: Sheet, about: About, wide: int) -> Sheet:
    """A sheet with room for the largest sum, and told to be for discussion only where it is."""
    columns = [replace(c, width=max(c.width, wide)) if c.format == MONEY else c for c in sheet.columns]
    note = f"{WORKING} {sheet.note}" if about.discussion_only and sheet.name in _RESULTS else sheet.note
    return replace(sheet, columns=columns, note=note)


def _most(facts: Facts) -> float:
    """More than any sum of the workbook comes to."""
    held = [row[4] for row in facts.inputs.rows]
    given = sum(abs(v) for v in held if isinstance(v, int | float) and math.isfinite(v))
    spent = sum(float(r["amount"]) for r in facts.result["spend"]) + sum(float(r["cost"]) for r in facts.result["responsive"])
    return (given + spent) * facts.horizon
