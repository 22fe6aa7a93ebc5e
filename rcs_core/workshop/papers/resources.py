"""The resources statement as a document: prose and tables that a council officer can put into a children's services plan.

What comes in is the statement worked out from a release and a plan (`plan.resources`); what goes out is a document. What figures
and decisions do not say is named as a gap, for the partnership to fill in its own words.
"""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from rcs_core.documents.parts import Block, Document, Grid, Heading, Points, Text
from rcs_core.stamp import Stamp
from rcs_core.workshop import big_screen
from rcs_core.workshop.decide.parts import Decision
from rcs_core.workshop.evidence import listed
from rcs_core.workshop.papers import bars
from rcs_core.workshop.plan.chain import Plan
from rcs_core.workshop.plan.contract import criteria, criteria_source
from rcs_core.workshop.plan.criteria import Checked
from rcs_core.workshop.plan.resources import Part, ResourcesStatement
from rcs_core.workshop.spend_map.money import agency_label

CRITERION = "12"
SUBJECT = "statement of resources"
MOST_YEARS = 6
"""Years in one table on paper; those between stand on the page."""
_POUNDS, _SHARE, _NOTHING = "(£)", "(%)", "–"
_GAPS = "What this does not say"
_BLANK = "– stands for what is not known, or not shown here."


def resources_paper(
    found: ResourcesStatement, plan: Plan, checked: Sequence[Checked], stamp: Stamp, veil: frozenset[str] = frozenset()
) -> Document:
    """The statement as a document. checked: the check of the criteria. veil: services whose price is kept off the screen."""
    rough = _rough(plan)
    stamp = replace(stamped(stamp, plan), price_year=found.price_year)
    blocks: list[Block] = [Text(found.headline, "lead"), *_warning(rough, plan), Text(_about(found))]
    for number, part in enumerate(found.parts):
        blocks += _part(part, found, first=number == 0)
        blocks += _together(plan) if number == 1 else []
    blocks += [*_to_add(plan, checked), *_decisions(plan, veil), *_sources(found, plan, stamp)]
    subtitle = f"Statement of resources · {found.area} · {stamp.taken.strftime('%-d %B %Y')}"
    return Document(found.title, stamp, blocks, subtitle)


def stamped(stamp: Stamp, plan: Plan) -> Stamp:
    """The stamp of a statement: for discussion only where a decision that moves money rests on guesses."""
    return stamp.discussed(bool(_rough(plan)))


def _rough(plan: Plan) -> list[Decision]:
    """The agreed decisions whose money rests on guesses to half or more."""
    return [a.decision for a in plan.actions if a.decision.rough and a.decision.money]


def _warning(rough: Sequence[Decision], plan: Plan) -> list[Block]:
    if not rough:
        return []
    some = f"{len(rough)} of {len(plan.actions)} agreed decisions {'rests' if len(rough) == 1 else 'rest'}"
    many = f"{some if len(plan.actions) > 1 else 'the one agreed decision rests'} on guesses to half or more"
    return [Text(f"Discussion only: what moves is no basis for a decision by itself, as {many}.", "warning")]


def _about(found: ResourcesStatement) -> str:
    """What the statement is, before its first part."""
    invented = " The data are fictional: invented, about nobody." if found.fictional else ""
    return (
        f"This statement says how {found.area} spends money on children and how that is to shift to prevention: criterion "
        f"{CRITERION} ({_title()}) of the {criteria_source()}. It rests on {found.basis[:1].lower()}{found.basis[1:]}{invented}"
    )


def _title() -> str:
    return next(one.title for one in criteria() if one.number == CRITERION)


def _part(part: Part, found: ResourcesStatement, first: bool) -> list[Block]:
    """One part: its sentences as prose, its picture where it has the statement's one, its table."""
    blocks: list[Block] = [Heading(part.heading)]
    said = [text for text in part.sentences if text]
    blocks += [Points(said)] if part.heading == _GAPS else [Text(" ".join(said))] if said else []
    drawn = None
    if part.by_year is not None:
        drawn = bars.by_year(part.by_year, "What moves, year by year, against today", " ".join(said))
    elif first and part.table is not None and not any(p.by_year is not None for p in found.parts):
        drawn = bars.by_level(part.table.iloc[1:], f"Spend by level, {found.year}, as tagged", " ".join(said))
    blocks += [drawn] if drawn else []
    return [*blocks, *([grid(part.table, part.name or part.heading)] if part.table is not None and not part.table.empty else [])]


def grid(frame: pd.DataFrame, caption: str) -> Grid:
    """A table of the statement as texts: whole pounds, shares to one place, a dash for what is blank."""
    table, left = _few_years(frame)
    names = [str(c) for c in table.columns]
    figures = frozenset(k for k, c in enumerate(names) if pd.api.types.is_numeric_dtype(table[c]) or _POUNDS in c)
    known = table.astype(object).where(table.notna(), None)
    rows = [[_cell(value, name) for name, value in zip(names, row, strict=True)] for row in known.itertuples(index=False)]
    blank = any(cell == _NOTHING for row in rows for cell in row)
    pounds = any(_POUNDS in name for name in names)
    notes = ["Amounts in whole pounds." if pounds else "", _BLANK if blank else "", left]
    return Grid(caption, names, rows, figures, [" ".join(filter(None, notes))] if any(notes) else [])


def _few_years(table: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """A table with years for columns as paper can hold it: the first, the last, and some between; and which are left out."""
    years = [c for c in table.columns if str(c)[:4].isdecimal() and _POUNDS in str(c)]
    if len(years) <= MOST_YEARS:
        return table, ""
    step = (len(years) - 1) / (MOST_YEARS - 1)
    chosen = {years[round(k * step)] for k in range(MOST_YEARS)}
    gone = [c for c in years if c not in chosen]
    said = listed(str(c).removesuffix(f" {_POUNDS}") for c in gone)
    return table.drop(columns=gone), f"Left out for room: {said}; the page Plan and review has them."


def _cell(value: object, column: str) -> str:
    if value is None:
        return _NOTHING
    if isinstance(value, str):
        return value
    number = float(str(value))
    text = f"{number:,.0f}" if _POUNDS in column else f"{number:,.1f}" if _SHARE in column else f"{number:,g}"
    return ("0" if text == "-0" else text).replace("-", "−")


def _together(plan: Plan) -> list[Block]:
    """How partners plan resources together, as far as decisions show it."""
    moving = [a.decision for a in plan.actions if any(line.change_gbp for line in a.decision.money)]
    heading = Heading("How partners plan resources together")
    if not moving:
        return [heading, Text("No agreed decision moves money yet, so nothing here shows how partners plan resources together.")]
    payers = sorted({agency_label(line.agency) for d in moving for line in d.money})
    shared = sum(len({line.agency for line in d.money}) > 1 for d in moving)
    bodies = list(dict.fromkeys(d.body for d in moving if d.body))
    owners = sum(bool(d.owner or d.owner_agency) for d in moving)
    disagree = sum(bool(d.dissent) for d in moving)
    every = f"{len(moving)} agreed decision{' moves' if len(moving) == 1 else 's move'} money"
    said = [
        f"{every} of {len(payers)} payer{'' if len(payers) == 1 else 's'}: {listed(payers)}.",
        f"Paid for by more than one: {shared} of {len(moving)}.",
        f"Who decides: {listed(bodies)}." if bodies else "No decision names the body that decides its purse.",
        f"With an owner: {owners} of {len(moving)}; with dissent that is recorded: {disagree}.",
    ]
    return [heading, Text(" ".join(said))]


def _to_add(plan: Plan, checked: Sequence[Checked]) -> list[Block]:
    """What the check of oneself finds for this criterion, and what only the partnership can say."""
    own = next((one for one in checked if one.number == CRITERION), None)
    said = f"A check of oneself, from figures and decisions alone, finds: {own.shown.label.lower()}. {own.says}" if own else ""
    asked = [
        own.beyond if own else "",
        "How budgets are agreed between partners, and which body decides each purse, in the partnership's own words."
        if any(not a.decision.body for a in plan.actions) or not plan.actions else "",
        "What is given up for what is added: no reduction is agreed."
        if not any(a.decision.reduced for a in plan.actions) else "",
        "What each proposal that is not agreed would change, once it is." if plan.proposals else "",
    ]  # fmt: skip
    points = [text for text in asked if text]
    blocks: list[Block] = [Heading("What the partnership has to add")]
    return [*blocks, *([Text(said)] if said else []), *([Points(points)] if points else [])]


def _decisions(plan: Plan, veil: frozenset[str]) -> list[Block]:
    """The agreed decisions that the statement counts, each with its owner and day."""
    if not plan.actions:
        return []
    rows = [
        (d.id, big_screen.SUM.sub("–", d.title) if veil & set(d.service_ids) else d.title, d.owner or "Nobody named yet",
         agency_label(d.owner_agency) if d.owner_agency else "Not named", d.by.isoformat() if d.by else "No day named")
        for d in (a.decision for a in plan.actions)
    ]  # fmt: skip
    table = Grid("Agreed decisions", ("No.", "Decision", "Owner", "Agency", "By"), rows, widths=(1.2, 6.8, 4.2, 3.1, 2.1))
    return [Heading("The decisions that are counted"), table]


def _sources(found: ResourcesStatement, plan: Plan, stamp: Stamp) -> list[Block]:
    said = [f"{label}: {text}." for label, text in stamp.lines() if label in _TOLD]
    priced = sorted({d.price_year for d in (a.decision for a in plan.actions) if d.price_year})
    said += [f"Prices of the decisions: {listed(priced)}."] if priced else []
    return [
        Heading("Where these figures come from"),
        Text(
            "Spend is of the partners' ledgers, mapped to services and tagged by level; what moves is of agreed decisions. "
            f"{' '.join(said)} To cite: {stamp.citation(found.title)}"
        ),
    ]


_TOLD = ("Prices of", "By", "Standing", "Left out")
"""What of the stamp is not said by the citation."""
