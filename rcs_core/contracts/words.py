"""What a contract says, in plain words: for the data dictionary, the templates and what a cell's input message says.

In: a contract or one of its columns. Out: short texts in the field's words. Nothing here knows Markdown or spreadsheets.
"""

from dataclasses import dataclass

from rcs_core.contracts.model import Column, Contract, RowRule, Rule
from rcs_core.contracts.rows import rules_of
from rcs_core.vocab import Severity

KINDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "date": "date, yyyy-mm-dd",
    "boolean": "true or false",
    "array": "list",
}
NEEDED = {
    "required": "always",
    "optional": "if it is held; without it a build goes on",
    "with_money": "as soon as any file about services or money is there",
    "apart": "a build does not need it",
    "described": "for each agency that spends; `ledger_columns.yaml` lists them",
}
SEEN_BY = {
    "public": "may be published",
    "internal": "the partnership; never in a release as it stands",
    "restricted": "the data controller; masked in every report",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One rule as a person reads it: what is expected, what a breach does, and how to mend it."""

    column: str
    expected: str
    severity: Severity
    remedy: str


def files(contract: Contract) -> str:
    """The file names under which the table is looked for."""
    if contract.form == "yaml":
        return f"`{contract.stem}.yaml`"
    if contract.form == "geojson":
        return f"`{contract.stem}.geojson`"
    stem = contract.stem.replace("*", "AGENCY")
    return f"`{stem}.csv` or `{stem}.xlsx`"


def must(column: Column) -> str:
    """Whether the column must be there and its cells filled."""
    if column.filled:
        return "in every row" if column.present else "in every row, where the column is there"
    return "may be blank" if column.present else "may be left out"


def choices(column: Column) -> tuple[str, ...]:
    """The codes that no rule of the column refuses: what a drop-down list offers."""
    sets = [rule.codes for rule in column.rules if rule.codes]
    listed = ("true", "false") if column.kind == "boolean" else column.codes
    return tuple(code for code in listed if all(code in codes for codes in sets))


def meaning(column: Column, code: str) -> str:
    """What a code means: as the contract says, or the code itself where its words say it."""
    return column.labels.get(code) or code.replace("_", " ")


def form(column: Column) -> str:
    """What a cell looks like, apart from codes: an example of the form, the range, the unit."""
    kind = "one of the codes" if choices(column) else KINDS[column.kind]
    parts = ["amount, as the finance system writes it" if column.money else kind]
    parts += [rule.text for rule in column.rules if rule.pattern or rule.low is not None or rule.high is not None]
    if column.separator:
        parts[0] = f"{parts[0]}, or several with `{column.separator}` between them".replace("one of the codes", "a code")
    return "; ".join(parts)


def rules(contract: Contract, column: Column) -> list[Told]:
    """Every rule of a column: its own, each value once, and the table its values must stand in."""
    told = [Told(column.name, rule.text, rule.severity, _remedy(rule)) for rule in rules_of(column)] if not column.money else []
    if column.unique is not None:
        told.append(Told(column.name, column.unique.text, column.unique.severity, column.unique.remedy))
    if column.reference is not None:
        link = column.reference
        linked = ", where the records are linked" if link.linked_only else ""
        told.append(Told(column.name, f"a value that stands in `{link.table}.{link.column}`{linked}", link.severity, link.remedy))
    if column.present:
        told.insert(0, Told(column.name, "the column is there", Severity.ERROR, "add the column"))
    return told if contract.form == "file" else [rule for rule in told if rule.expected != "the column is there"]


def _remedy(rule: Rule) -> str:
    """The rule's own remedy, or what a check says where it has none."""
    if rule.remedy:
        return rule.remedy
    if rule.codes:
        return "write one of the codes, or add the word under `alsoCalled`"
    return {"number": "write digits only", "date": "write it as yyyy-mm-dd"}.get(rule.code, "change the cell")


def table_rules(contract: Contract) -> list[Told]:
    """The rules over several columns of a row, or over several rows."""
    keys = [Told(", ".join(names), rule.text, rule.severity, rule.remedy) for names, rule in contract.keys]
    return [*keys, *(Told(_columns(rule), _row_rule(rule), rule.severity, rule.remedy) for rule in contract.row_rules)]


def _columns(rule: RowRule) -> str:
    return ", ".join([*rule.columns, *rule.not_both, *rule.filled, *rule.ascending])


def _row_rule(rule: RowRule) -> str:
    if rule.sums_to is not None:
        over = f" over all rows of the same {' and '.join(rule.by)}" if rule.by else ""
        return f"they add up to {rule.sums_to:g}{over}"
    if rule.not_both:
        return "only one of them is filled"
    return f"filled where `{rule.when_filled}` is filled" if rule.when_filled else "each at least as large as the one before"
