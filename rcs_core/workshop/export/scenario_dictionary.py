"""The data dictionary: every column of every sheet, what it means, in which unit and format, and where it comes from."""

from collections.abc import Mapping, Sequence

from rcs_core.sheets.write import COUNT, FACTOR, MONEY, SHARE, Column, Formula, Row, Sheet
from rcs_core.workshop import definitions
from rcs_core.workshop.export.extras import descriptions
from rcs_core.workshop.export.scenario_facts import Facts

DICTIONARY = "Data dictionary"
_MEANS: Mapping[str, str] = {
    "Service": "A service by name; ids stand where no name is known.",
    "Agency": "The agency that pays.",
    "Locality": "The part of the area where the money is spent or the need arises.",
    "Level": "Preventative, responsive (acute), or held as it is.",
    "Year": "The year of the plan, from 1.",
    "Financial year": "The same year by its name.",
    "Before": "What is spent now, the same in every year of the plan.",
    "After": "What the plan spends.",
    "Change": "After less before.",
    "Change %": "The change as a share of what is spent before; [z] where nothing is.",
    "Counts as preventative": "The share of the service's spend that counts as preventative.",
    "Preventative before": "The part of before that counts as preventative.",
    "Preventative after": "The part of after that counts as preventative.",
    "Share of the year before": "This row's part of all that is spent before in the year.",
    "Share of the year after": "This row's part of all that is spent after in the year.",
    "Discount factor": "What a pound of that year is worth in the first year: 1 / (1 + discount rate) to the power (year - 1).",
    "Discounted before": "Before, multiplied by the discount factor.",
    "Discounted after": "After, multiplied by the discount factor.",
    "Discounted change": "Discounted after less discounted before.",
    "Preventative spend before": "What is spent before that counts as preventative.",
    "Preventative spend after": "What is spent after that counts as preventative.",
    "Preventative and responsive before": "What is spent before on preventative and responsive services; held ones are left out.",
    "Preventative and responsive after": "What is spent after on preventative and responsive services; held ones are left out.",
    "Share before": "The preventative share of spend before.",
    "Share after": "The preventative share of spend after.",
    "Change in share": "Share after less share before, in points.",
    "Target": "The least share that was promised; blank in a year for which none was.",
    "Budget": "What the agency has to spend; [x] where it is not modelled.",
    "Set-up and exit cost": "What growing and shrinking services costs, once.",
    "Paid into pools": "What the agency pays into a joint pool.",
    "Drawn from pools": "What the agency draws from a joint pool.",
    "Lost to the centre": "Released capacity that the agency's centre takes back.",
    "Brought forward": "Reserve from the year before.",
    "Carried forward": "Reserve kept for the next year.",
    "Underspend": "What is left of the budget.",
    "Budget not accounted for": "What comes in less what goes out and is left: nothing, where nothing is lost.",
    "Need if nothing changes": "Need as it would be without the plan.",
    "Prevented": "Need that does not arise, through prevention.",
    "Met": "Need that is met.",
    "Unmet": "Need that is left unmet.",
    "Capacity": "How much need the service could meet.",
    "Cost if nothing changes": "The need at its unit cost.",
    "Cost": "What responding costs under the plan.",
    "Change in cost": "Cost less cost if nothing changes: released capacity where it is negative.",
    "Cost worked out from the inputs": "The cost again, by formula, to check the solver's.",
    "Part": "The part of the scenario that the input belongs to.",
    "Of what": "The service, agency or rule that it is about.",
    "Input": "What the number is.",
    "Where and when": "The agency, place, group and year that it holds for.",
    "Value": "The number; change it in a yellow cell.",
    "Unit": "The unit of the value.",
    "State": "How well it is known: measured, published, a group's estimate, or assumed.",
    "Low": "The low end of its range.",
    "High": "The high end of its range.",
    "Source": "Where the number comes from.",
    "Owner": "Whose the number is.",
    "Date": "The day of the number, or of an agreement.",
    "Reason": "Why it was set so.",
    "As worked out": "The value that this plan was worked out for; a check says how many were changed since.",
    "Place in the scenario file": "Where it stands in the scenario file (a JSON pointer); the way back finds it by this.",
    "Assumption": "What is assumed, in words.",
    "From": "Who says it.",
    "Note": "What is said.",
    "Check": "What must be true.",
    "This": "The figure that is checked.",
    "Must be": "How it must stand to the other figure.",
    "That": "The figure that it is checked against.",
    "Difference": "How far apart they are, where they may not be.",
    "Tolerance": "How far apart they may be.",
    "Holds": "Whether it is true.",
    "In words": "The same in words, for programs that show TRUE as 1.",
    "Item": "What the line is about.",
    "What it is": "What there is to say of it.",
    "Subject": "What the line is about: a mark, a colour, a sheet.",
    "What it says": "Its meaning.",
    "Sheet": "A sheet of this workbook, by name.",
    "What it holds": "What stands on it.",
    "Kind": "What it is for.",
    "Rows": "Rows of its table, totals among them.",
    "Columns": "Columns of its table.",
    "Name of its table": "The defined name of the table with its headings, for formulas.",
    "What is to be agreed": "The statement to agree or not.",
    "Answer": "Agreed, agreed with conditions, or not agreed.",
    "Who": "The person who agrees.",
    "Role": "Their role and agency.",
    "Conditions or remarks": "What they ask for, or want kept.",
    "Promise": "A promise of the scenario.",
    "Smallest change that would do": "How much would have to give for the others to hold, where that is known.",
    "Id": "The promise as the scenario file has it.",
    "Text": "The content of the line.",
    "Column": "A column, by its heading.",
    "What it means": "Its meaning.",
    "Format": "How its cells show a number.",
    "Where it comes from": "Formula, the solver's figure, the scenario file, or text.",
}
_FORMATS = {MONEY: "two decimals", COUNT: "one decimal", SHARE: "per cent, one decimal", FACTOR: "six decimals",
            "0": "whole number", "#,##0": "whole number", "yyyy-mm-dd": "year-month-day"}  # fmt: skip
_SOLVER = frozenset({"Spend by locality", "Demand and unmet need", "By agency"})
_COLUMNS = (
    Column("Sheet", 26),
    Column("Column", 34, wrap=True),
    Column("What it means", 76, wrap=True),
    Column("Unit", 24, wrap=True),
    Column("Format", 22, wrap=True),
    Column("Where it comes from", 40, wrap=True),
)


def dictionary_sheet(facts: Facts, before: Sequence[Sheet], after: Sequence[Sheet] = ()) -> Sheet:
    """Every column of the sheets before it, of its own and of those after it, in their order."""
    empty = Sheet(
        DICTIONARY, "Data dictionary: every column of every sheet", _COLUMNS, [], "In the order of the sheets.", kind="front"
    )
    rows: list[Row] = [
        (sheet.name, column.title, *_told(facts, sheet.name, column), _format(column), _origin(sheet, k))
        for sheet in [*before, empty, *after]
        for k, column in enumerate(sheet.columns)
    ]
    return Sheet(empty.name, empty.title, empty.columns, rows, empty.note, kind="front")


def _told(facts: Facts, sheet: str, column: Column) -> tuple[str, str]:
    """What a column means, and its unit: as its sheet says, or as the heading does everywhere."""
    if own := descriptions().get(sheet, {}).get(column.title):
        means, unit = (text.format(money=facts.words.money, need=facts.words.need) for text in own)
        return means, unit or "[z]"
    return meaning(column.title), _unit(facts, column)


def meaning(heading: str) -> str:
    """What a heading of the workbook means; what the screens say where it is no word of the workbook's own."""
    if heading in _MEANS:
        return _MEANS[heading]
    known = definitions.column(heading)
    return known.means if known else ""


def _unit(facts: Facts, column: Column) -> str:
    known = None if column.title in _MEANS else definitions.column(column.title)
    if known and known.unit:
        return known.unit
    by_format = {MONEY: facts.words.money, COUNT: facts.words.need, SHARE: "per cent"}
    return by_format.get(column.format, "as its row says" if column.title in ("Value", "Low", "High", "This", "That") else "[z]")


def _format(column: Column) -> str:
    return _FORMATS.get(column.format, "text" if column.format == "General" else "number")


def _origin(sheet: Sheet, position: int) -> str:
    """Where a column comes from, told from what stands in it."""
    values = [row[position] for row in sheet.rows[: len(sheet.rows) - sheet.totals]]
    if any(column == position for _, column in sheet.entries):
        return "To fill here" if sheet.name != "Inputs" else "The scenario file; may be changed"
    live = any(isinstance(value, Formula) for value in values)
    given = any(isinstance(value, float) for value in values)
    if live:
        return "Formula, live" + (", and the answer" if given and sheet.name in _SOLVER else "")
    if given and sheet.name in _SOLVER:
        return "The solver's answer"
    if any(isinstance(value, int | float) for value in values):
        return "The scenario and its answer"
    return "Text"
