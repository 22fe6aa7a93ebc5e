"""What stands before the tables of a workbook: its contents with links, and how to read it."""

import re
from collections.abc import Mapping, Sequence

from rcs_core.sheets.write import Column, Kind, Row, Sheet
from rcs_core.workshop.export.extras import READING as BESIDE

CONTENTS, READING, NOTES = "Contents", "How to read this", "Notes"
KINDS: Mapping[Kind, str] = {
    "front": "To read first", "input": "To change or fill", "result": "Result", "chart": "Result, with a chart",
    "proof": "Proof", "source": "The file itself",
}  # fmt: skip
_HELD = {
    "Cover": "What this is, whose, on which data, and its key totals. Their names can be used in formulas (total_after, ...).",
    "Contents": "Every sheet, what it holds, its size, and a link to it.",
    "How to read this": "Marks, colours, what is live and what is not, what may be changed.",
    "Inputs": "Every number that the scenario rests on, with its unit, how well it is known, its range and its source.",
    "Allocation": "What each agency spends on each service in each year: before, after and the change.",
    "By agency": "Each purse: what it has, what it spends, what it pools, and the underspend that is left.",
    "By level": "Preventative, responsive and held spend, and the same discounted to the first year.",
    "Preventative share": "Preventative spend as a share of preventative and responsive spend, beside its target, with a chart.",
    "Demand and unmet need": "How much need there is, how much is prevented, met and left unmet, and what responding costs.",
    "Spend by locality": "The solver's figures for preventative spend, which the sheets above add up.",
    "Before and after": "Spend by prevention level, all years together, with a chart.",
    "Need by year": "Need that is prevented, met and left unmet, year by year, with a chart.",
    "Purses": "Each agency's budget, spend and underspend, all years together, with a chart.",
    "Promises that clash": (
        "The fewest promises that cannot hold together: give way on any one of them and the others can hold."
    ),
    "Assumptions": "What is assumed or guessed rather than measured. A result is no better than these.",
    "Notes": "Caveats, and what the solver and the people who made the scenario have to say.",
    "Checks": "Proof, in live formulas, that nothing is lost between the sheets and that the promises hold.",
    "Data dictionary": "Every column of every sheet: what it means, its unit, its format and where it comes from.",
    "Sign-off": "Who agrees what, in which role and when: cells to fill.",
    "Scenario file": "The scenario itself, from which the workbench reads this workbook back.",
}
_LIVE = (
    ("Numbers that are live", "Totals, shares, changes, discounting and checks are formulas: they follow a changed input."),
    (
        "Numbers that are not live",
        "The plan itself: what is spent after, what is met, unmet and prevented. The solver worked them out from the inputs as "
        "they were; change an input and load the workbook in the workbench (or rcs load-workbook) to solve it again. Until then "
        "a check may say that it does not hold.",
    ),
)
_ALWAYS = (
    ("Cells to change", "Yellow cells with a thin border: values of Inputs and the sign-off. Each says what belongs in it."),
    (
        "Protection",
        "All other cells are locked against a slip of the hand. There is no password: Review, Unprotect Sheet takes it off. "
        "Filters and the sizes of rows and columns stay free.",
    ),
    ("Colours of tabs", "Dark blue to read first, amber to change or fill, blue results, light blue charts, green proofs, grey "
                        "the file itself. What a sheet is for also stands on Contents in words."),
    ("[z]", "Not applicable: there is nothing to work out, such as a change in per cent from nothing."),
    ("[x]", "Not available: not given, or not modelled, such as the budget of an agency that is not held to one."),
    ("[c]", "Confidential: hidden so that no child can be recognised. What a release hides stays hidden here."),
    ("[u]", "Low reliability: too few answers for a figure that can be relied on."),
    ("Names", "Every table has a name (table_allocation, ...), and so have key figures and cells to sign: use them in formulas."),
    ("Charts", "Each stands under the table it is drawn from, with a text for screen readers; colours are told apart by most "
               "people who confuse red and green, and every series has its name."),
    ("Rounding", "Cells hold full figures and show fewer. A total may differ in the last figure from the sum of what is shown."),
    (
        "Changing a number",
        "Totals, shares and checks follow a changed input; the plan itself does not: solve the scenario again for that.",
    ),
    (
        "Released capacity",
        "A fall in responsive cost is capacity released. It is cash only so far as Inputs says, and from when it says.",
    ),
)  # fmt: skip


def how_to_read(sheets: Sequence[Sheet], possible: bool) -> Sheet:
    """Marks, colours and limits, then every sheet of the book in a line."""
    columns = (Column("Subject", 28), Column("What it says", 110, wrap=True))
    rows: list[Row] = [*(_LIVE if possible else ()), *_ALWAYS, *((sheet.name, held(sheet)) for sheet in sheets)]
    note = "The meaning of every column is on the sheet Data dictionary."
    return Sheet(READING, "How to read this", columns, rows, note, kind="front")


def held(sheet: Sheet) -> str:
    """What a sheet holds, in a sentence."""
    return _HELD.get(sheet.name) or BESIDE.get(sheet.name) or sheet.title


def contents_sheet(sheets: Sequence[Sheet]) -> Sheet:
    """Every sheet by name, with a link, what it holds and its size; the sheet itself is among them."""
    columns = (
        Column("Sheet", 26),
        Column("What it holds", 84, wrap=True),
        Column("Kind", 22),
        Column("Rows", 9, "#,##0", align="center"),
        Column("Columns", 11, "#,##0", align="center"),
        Column("Name of its table", 32),
    )
    rows: list[Row] = [(s.name, held(s), KINDS[s.kind], len(s.rows), len(s.columns), table_name(s.name)) for s in sheets]
    links = {(k, 0): s.name for k, s in enumerate(sheets)}
    note = "One table a sheet, in this order. Every sheet has a link back to here above its headings."
    return Sheet(CONTENTS, "Contents", columns, rows, note, kind="front", links=links)


def table_name(sheet: str) -> str:
    """The defined name of a sheet's table."""
    return "table_" + re.sub(r"[^a-z0-9]+", "_", sheet.casefold()).strip("_")
