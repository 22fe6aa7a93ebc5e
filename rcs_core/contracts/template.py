"""Makes the empty files that a partnership fills in: a workbook for each table, a commented YAML file for the other two.

In: the contracts. Out: a folder of files whose headers, lists, ranges and forms are the contracts' own, so that what is
filled in passes `rcs check`. A file that is there already is never written over: it may hold somebody's work.
"""

from collections.abc import Sequence
from pathlib import Path

from rcs_core.contracts import words
from rcs_core.contracts.clean import nearest
from rcs_core.contracts.model import Column, Contract, contracts
from rcs_core.contracts.workbooks import workbooks
from rcs_core.errors import SettingsError
from rcs_core.sheets.form import Field, Form, Kind, write_form
from rcs_core.sheets.write import Column as Heading
from rcs_core.sheets.write import Sheet, Value

READ_ME = "Read me"
CELLS: dict[str, Kind] = {"integer": "whole", "number": "number", "date": "date"}
ENTRY = "ledger_AGENCY"


def write_templates(folder: Path, stems: Sequence[str] = ()) -> list[Path]:
    """Write the templates of the named tables, or of all, and return their paths.

    Raises SettingsError for a table that there is no template of, and for a file that is there already; then none is written.
    """
    wanted = {folder / _file_name(contract): contract for contract in _wanted(stems)}
    if there := [path.name for path in wanted if path.exists()]:
        raise SettingsError(
            "a template never takes the place of a file", str(folder), ", ".join(there), "a folder without them",
            "name another folder, or move these away",
        )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    for path, contract in wanted.items():
        if contract.form == "yaml":
            path.write_text(yaml_text(contract), encoding="utf-8")
        else:
            write_form(path, table_form(contract))
    return list(wanted)


def offered() -> list[str]:
    """The tables that there is a template of; a ledger and outlines are sent as other programs write them."""
    return [stem for stem, contract in contracts().items() if contract.presence != "described" and contract.form != "geojson"]


def _wanted(stems: Sequence[str]) -> list[Contract]:
    known = offered()
    if unknown := [stem for stem in stems if stem not in known]:
        like = nearest(unknown[0], known)
        own = "a ledger is sent as the finance system writes it; ledger_columns.yaml tells how it is laid out"
        remedy = own if unknown[0].startswith("ledger") else f"did you mean {like}?" if like else "name one of these"
        raise SettingsError("there is no template of that table", "--table", unknown[0], ", ".join(known), remedy)
    return [contracts()[stem] for stem in stems or known]


def _file_name(contract: Contract) -> str:
    return f"{contract.stem}.{'yaml' if contract.form == 'yaml' else 'xlsx'}"


def table_form(contract: Contract) -> Form:
    """The workbook of one table: its columns in order, and what to read before filling them."""
    rows = workbooks().template_rows
    fields = [_field(column) for column in contract.columns]
    return Form(contract.stem, f"{contract.title} (template, version {contract.version})", fields, rows, _read_me(contract, rows))


def _field(column: Column) -> Field:
    ranges = [rule for rule in column.rules if rule.low is not None or rule.high is not None]
    several = bool(column.separator)
    return Field(
        header=column.name,
        kind="text" if column.money else CELLS.get(column.kind, "text"),
        must=column.filled,
        said=_said(column),
        choices=() if several else words.choices(column),
        low=ranges[0].low if ranges else None,
        high=ranges[0].high if ranges else None,
        above_low=bool(ranges and ranges[0].above_low),
        expected=_plain("one of the list" if column.codes and not several else words.form(column)),
    )


def _said(column: Column) -> str:
    """What a cell says when it is entered: the meaning, then what belongs in it, then whether it must be filled."""
    codes = f" Codes: {', '.join(column.codes)}." if column.codes and column.separator else ""
    inside = " Choose from the list." if column.codes and not column.separator else f" {_sentence(words.form(column))}"
    return _plain(f"{column.about}{inside}{_unit(column)} {_sentence(words.must(column))}{codes}")


def _unit(column: Column) -> str:
    return f" Unit: {column.unit}." if column.unit else ""


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _plain(text: str) -> str:
    """Without the marks that code is set in."""
    return text.replace("`", "")


def _read_me(contract: Contract, rows: int) -> Sheet:
    headings = (
        Heading("Column", 26), Heading("What it means", 46, wrap=True), Heading("Filled", 16, wrap=True),
        Heading("What may stand in a cell", 44, wrap=True), Heading("Codes and their meaning", 60, wrap=True),
        Heading("Other headers that are read", 28, wrap=True), Heading("Who may see it", 24, wrap=True),
    )  # fmt: skip
    lines = [_line(column) for column in contract.columns]
    told = [("Over several columns", f"{_plain(t.column)}: {_plain(t.expected)}.", "", t.severity.label, "", "", "")
            for t in words.table_rules(contract)]  # fmt: skip
    return Sheet(READ_ME, contract.title, headings, [*lines, *told], _note(contract, rows))


def _note(contract: Contract, rows: int) -> str:
    """What to know before filling it in, in one paragraph."""
    said = [
        contract.purpose, f"One row is {contract.one_row.removeprefix('one row ')}." if contract.one_row else "", contract.limits,
        f"Sent by {contract.sender}." if contract.sender else "", f"Without it, {contract.blocks}." if contract.blocks else "",
        f"Fill in the first sheet and save it as {contract.stem}.xlsx; leave its headers as they are.",
        f"Dark headers must be filled in every row. Lists and messages reach down to row {rows + 1:,}; more rows may follow.",
    ]  # fmt: skip
    return " ".join(part for part in said if part)


def _line(column: Column) -> tuple[Value, ...]:
    told = [f"{code}: {words.meaning(column, code)}" for code in words.choices(column)]
    return (
        column.name, column.about, _sentence(words.must(column)).rstrip("."), _plain(words.form(column)) + _plain(_unit(column)),
        "; ".join(told), ", ".join(column.aliases), words.SEEN_BY[column.seen_by],
    )  # fmt: skip


def yaml_text(contract: Contract) -> str:
    """A YAML input to fill in: each key with what it means, what may stand there and an example, its value still blank."""
    each = contract.one_row.startswith("one entry")
    head = [
        contract.title + ".",
        contract.purpose,
        contract.usage,
        "Fill in each value after its colon; `rcs check` says what is left.",
    ]
    if each:
        head.append(f"Copy the whole entry for each further ledger, and put the file's name without its ending for {ENTRY}.")
    lines = [f"# {line}" for line in head if line]
    before = "  " if each else ""
    if each:
        lines += ["", f"{ENTRY}:"]
    needed = {c.name.rpartition(".")[0] for c in contract.columns if c.filled}
    outer = ""
    for column in contract.columns:
        parent, _, key = column.name.rpartition(".")
        if parent not in ("", outer):
            lines.append(f"{before}{'' if parent in needed else '# '}{parent}:")
        outer = parent
        lines += [
            f"{before}{'  ' if parent and parent in needed else ''}# {_about_key(column)}",
            _key_line(before, key, parent, column),
        ]
    return "\n".join(lines) + "\n"


def _about_key(column: Column) -> str:
    codes = f" One of: {', '.join(column.codes)}." if column.codes else ""
    example = f" For example {column.examples[0]}." if column.examples else ""
    return f"{column.about}{codes}{example}{'' if column.filled else ' May be left out.'}"


def _key_line(before: str, key: str, parent: str, column: Column) -> str:
    """A key without its value; one that may be left out is a remark, so that it says nothing until it is meant.

    Text stands between quotation marks: without them YAML would read a code such as 012 as a number.
    """
    blank = ' ""' if column.kind == "string" and not column.codes else ""
    deeper = "  " if parent else ""
    return f"{before}{deeper}{key}:{blank}" if column.filled else f"{before}# {deeper}{key}:{blank}"
