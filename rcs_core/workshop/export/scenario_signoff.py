"""The sign-off sheet: what is to be agreed, by whom, in which role and when, in cells that have names and lists."""

from rcs_core.sheets.write import FIRST_ROW, Column, Entry, Row, Sheet, cell
from rcs_core.workshop.export.scenario_about import About

SIGN_OFF = "Sign-off"
_ANSWERS = ("Agreed", "Agreed with conditions", "Not agreed")
_COLUMNS = (
    Column("What is to be agreed", 56, wrap=True),
    Column("Answer", 24),
    Column("Who", 28, wrap=True),
    Column("Role", 28, wrap=True),
    Column("Date", 14, "yyyy-mm-dd", align="center"),
    Column("Conditions or remarks", 48, wrap=True),
)
_FILLED: tuple[tuple[str, Entry], ...] = (
    ("answer", Entry("list", f"One of: {', '.join(_ANSWERS)}.", choices=_ANSWERS)),
    ("who", Entry("text", "The name of the person who agrees.")),
    ("role", Entry("text", "Their role and agency.")),
    ("date", Entry("date", "The day, as year-month-day.")),
    ("remarks", Entry("text", "Conditions, or anything that should be kept.")),
)
_DECISION = "This plan is the basis for a decision"
_DISCUSSION = "This plan is a basis for discussion. It rests on guesses: it cannot be agreed as the basis for a decision"
_NO_PLAN = "There is no plan: which promise gives way, and who takes it up"
_TOLD = (
    ("inputs", "The inputs are those that we want to plan with"),
    ("assumptions", "The assumptions and guesses are understood, and whose they are"),
    ("checks", "The sheet Checks was looked at, and every check holds"),
    ("need", "What is left unmet, and for whom, is understood"),
    ("purses", "Each agency has read its own purse"),
)


def sign_off_sheet(about: About, possible: bool) -> tuple[Sheet, dict[str, str]]:
    """The sheet, and the name of each of its cells to fill (signoff_plan_who, ...)."""
    last = _DISCUSSION if about.discussion_only else _DECISION
    lines = [*(_TOLD if possible else _TOLD[:2]), ("plan", last if possible else _NO_PLAN)]
    rows: list[Row] = [(text, "", "", "", None, "") for _, text in lines]
    entries = {(row, k): entry for row in range(len(lines)) for k, (_, entry) in enumerate(_FILLED, start=1)}
    names = {
        f"signoff_{line}_{name}": cell(SIGN_OFF, k + 1, FIRST_ROW + row)
        for row, (line, _) in enumerate(lines)
        for k, (name, _) in enumerate(_FILLED, start=1)
    }
    note = "Fill the coloured cells. This sheet is for people: nothing in the workbench reads it, and no figure depends on it."
    return Sheet(SIGN_OFF, "Sign-off: who agrees what", _COLUMNS, rows, note, kind="input", entries=entries), names
