"""Promises that cannot all hold, as a room can read them: one sentence, the smallest changes in pounds, the whole list.

What comes in is a shift with no plan; what goes out is a sentence and frames. A change that would leave need unmet is
never put to a room as a way out; the workbook has it, with its size.
"""

from collections.abc import Mapping

import pandas as pd

from rcs_core.workshop.scenario.model import Model, build
from rcs_core.workshop.scenario.result import Repair
from rcs_core.workshop.scenario.wording import SHARE, promise_text, said, year_label
from rcs_core.workshop.shift import Answer, Shift, pounds

FEW = 4
"""Changes that a room is told at once; the rest are in the list."""
_WAYS = {
    "budget": "Raise the budget of {what}",
    "floor": "Lower the least spend on {what}",
    "rampup": "Let {payer} raise its spend on {what} faster",
    "rampdn": "Let {payer} cut its spend on {what} faster",
    "capacity": "Raise the limit of {what}",
    "ring": "Lower the ring-fence {what}",
    "share": "Lower the preventative share asked for",
    "pool": "Put more into {what}",
}
"""Ways to give way; need left unmet is not among them."""


def clash(shift: Shift) -> Answer:
    """How many promises clash, when, and whose budget is among them."""
    count = len(shift.result.conflict or ())
    if not count:
        return Answer("No promise is to blame: what cannot be changed leaves no plan.", " ".join(shift.result.messages))
    model = build(shift.scenario)
    years = sorted({year for p in shift.result.conflict or () if (year := _year(model, p))})
    when = [year_label(shift.scenario, y) for y in years]
    over = f" over {when[0]} to {when[-1]}" if len(when) > 1 else f" in {when[0]}" if when else ""
    purses = dict.fromkeys(_what(model, p, shift.names) for p in shift.result.conflict or () if _family(model, p) == "budget")
    small = f": the budget of {' and of '.join(purses)} is too small for what is promised from it" if purses else ""
    head = f"{count} promises clash{over}" if count > 1 else f"One promise cannot hold{over}"
    return Answer(
        f"{head}{small}.", "Giving way on any one of them settles this clash. Change one, look again, and see what it meets next."
    )


def ways_out(shift: Shift) -> pd.DataFrame:
    """The changes that settle the clash, each alone, money first and the smallest first (What, Year, By)."""
    model = build(shift.scenario)
    found = [r for r in shift.result.repairs if _family(model, r.promise) in _WAYS]
    found.sort(key=lambda r: (r.unit != shift.scenario.money, round(abs(r.change), 2), _family(model, r.promise) != "budget"))
    rows = [(_way(model, r, shift.names), _when(shift, model, r.promise), _by(r, shift.scenario.money)) for r in found]
    return pd.DataFrame(rows, columns=["What to change", "Year", "By"])


def in_words(ways: pd.DataFrame) -> list[str]:
    """The smallest changes as sentences, each way once, in the year in which it takes least."""
    short = ways.drop_duplicates("What to change").head(FEW)
    return [f"{what} by {much}{f' in {year}' if year else ''}." for what, year, much in short.itertuples(index=False)]


def promises(shift: Shift) -> pd.DataFrame:
    """Every promise of the clash, with its year."""
    model = build(shift.scenario)
    texts = [(promise_text(model, p, shift.names, brief=True), _when(shift, model, p)) for p in shift.result.conflict or ()]
    rows = [(f"{text[:1].upper()}{text[1:]}", year) for text, year in texts]
    return pd.DataFrame(rows, columns=["Promise (money in £ thousand)", "Year"])


def _family(model: Model, promise: str) -> str:
    return model.promises[promise].family


def _year(model: Model, promise: str) -> int:
    parts = model.promises[promise].parts
    return int(parts[-1]) if parts else 0


def _when(shift: Shift, model: Model, promise: str) -> str:
    year = _year(model, promise)
    return year_label(shift.scenario, year) if year else ""


def _what(model: Model, promise: str, names: Mapping[str, str]) -> str:
    return said(model.promises[promise].parts[0], names)


def _way(model: Model, repair: Repair, names: Mapping[str, str]) -> str:
    family, parts = model.promises[repair.promise].family, model.promises[repair.promise].parts
    payer = said(parts[1], names) if family.startswith("ramp") else ""
    return _WAYS[family].format(what=_what(model, repair.promise, names), payer=payer)


def _by(repair: Repair, money: str) -> str:
    if repair.unit == money:
        return pounds(repair.change)
    return f"{100 * abs(repair.change):.1f} percentage points" if repair.unit == SHARE else f"{abs(repair.change):,.1f}"
