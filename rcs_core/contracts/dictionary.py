"""Prints the contracts as a data dictionary: a Markdown page for each input and an index, for those who send the data.

In: the contracts. Out: a folder of pages. Nothing is written by hand, so the pages cannot say what the check does not do.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from rcs_core.contracts import words
from rcs_core.contracts.model import Column, Contract, contracts
from rcs_core.contracts.words import Told
from rcs_core.errors import SettingsError
from rcs_core.vocab import Severity

SIGN = "This page is written by `rcs dictionary` from `data_contracts/tables/"
INDEX = "README.md"
HEAD = ("column", "what it means", "filled", "what may stand in it", "other headers read", "who may see it")
ORDER = (Severity.ERROR, Severity.DROP, Severity.NOTE)
INTRODUCTION = """Every file that a partnership may put in its input folder, what it is for, and what cannot be shown without it.
Send what you hold: only files needed *always* stop a build when they are missing. `rcs template DIR` writes each table
as an empty workbook with its lists; `rcs check DIR` says what is wrong, and `rcs check DIR --annotate` marks it in a copy.

No file may hold a name, Scottish Candidate Number, CHI number, postcode, date of birth, address, e-mail or telephone
number."""


def write_dictionary(folder: Path) -> list[Path]:
    """Write the index and a page for each contract; raises SettingsError before it would replace a page it did not write."""
    pages = {folder / INDEX: index_page()} | {folder / f"{stem}.md": page(stem, c) for stem, c in contracts().items()}
    foreign = [path.name for path in pages if path.exists() and not _ours(path)]
    if foreign:
        raise SettingsError(
            "the dictionary never takes the place of another page", str(folder), ", ".join(foreign), "a folder without them",
            "name another folder, or move these away",
        )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in pages.items():
        path.write_text(text, encoding="utf-8")
    return list(pages)


def _ours(path: Path) -> bool:
    return path.is_file() and SIGN in path.read_text(encoding="utf-8", errors="replace")


def index_page() -> str:
    """All inputs in one table: file, what it is for, who sends it, when it is needed, and what is lost without it."""
    head = ("input", "file", "what it is for", "sent by", "needed", "without it")
    rows = [
        (f"[{c.title}]({stem}.md)", words.files(c), c.purpose, c.sender, words.NEEDED[c.presence], c.blocks)
        for stem, c in sorted(contracts().items(), key=lambda known: list(words.NEEDED).index(known[1].presence))
    ]
    return _page(["# Data dictionary", INTRODUCTION, _table(head, rows), f"{SIGN}*.yaml`."])


def page(stem: str, contract: Contract) -> str:
    """The page of one contract: what it is, its columns, its codes, and what is checked."""
    about = [
        ("Files", words.files(contract)),
        ("One row", contract.one_row.removeprefix("one row ")),
        ("Sent by", contract.sender),
        ("Needed", words.NEEDED[contract.presence]),
        ("Without it", contract.blocks),
        ("What a release may hold of it", contract.leaves),
        ("How", contract.usage),
        ("Limits", contract.limits),
        ("Version", contract.version),
    ]
    parts = [f"# {contract.title}", contract.purpose, _table(("", ""), [row for row in about if row[1]])]
    parts += ["## Columns", _table(HEAD, [_column(column) for column in contract.columns])]
    if codes := _codes(contract.columns):
        parts += ["## Codes", *codes]
    told = [rule for column in contract.columns for rule in words.rules(contract, column)] + words.table_rules(contract)
    parts += ["## What is checked", *_checked(told)]
    return _page([*parts, f"{SIGN}{stem}.yaml`; all inputs are in the [index]({INDEX})."])


def _page(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def _column(column: Column) -> tuple[str, ...]:
    unit = f"; {column.unit}" if column.unit else ""
    aliases = ", ".join(f"`{a}`" for a in column.aliases)
    form = f"{words.form(column)}{unit}"
    return (f"`{column.name}`", column.about, words.must(column), form, aliases, words.SEEN_BY[column.seen_by])


def _codes(columns: Sequence[Column]) -> list[str]:
    """One table of codes for all columns that share it."""
    shared: dict[tuple[tuple[str, str, str], ...], list[str]] = {}
    for column in columns:
        if rows := tuple((f"`{code}`", words.meaning(column, code), _also(column, code)) for code in words.choices(column)):
            shared.setdefault(rows, []).append(f"`{column.name}`")
    return [f"{_names(names)}\n\n{_table(('code', 'meaning', 'also read as'), rows)}" for rows, names in shared.items()]


def _names(names: Sequence[str]) -> str:
    """The columns' names as a heading; a long run of them by its first and last."""
    return (
        f"**{', '.join(names)}**"
        if len(names) <= 12
        else f"**{', '.join(names[:11])} and {len(names) - 11} more, to {names[-1]}**"
    )


def _also(column: Column, code: str) -> str:
    return ", ".join(f"`{word}`" for word, meant in column.lookup.items() if meant == code and word != code.casefold())


def _checked(told: Sequence[Told]) -> list[str]:
    """The rules by what a breach does, those that stop a build first; columns with the same rule share a line."""
    parts: list[str] = []
    for severity in ORDER:
        alike: dict[tuple[str, str], list[str]] = {}
        for rule in told:
            if rule.severity is severity:
                alike.setdefault((rule.expected, rule.remedy), []).append(rule.column)
        rows = [(", ".join(dict.fromkeys(columns)), expected, remedy) for (expected, remedy), columns in alike.items()]
        if rows:
            parts.append(f"**{severity.label}**\n\n{_table(('column', 'expected', 'to fix'), rows)}")
    return parts


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows)])


def _cell(text: str) -> str:
    return text.replace("|", "¦").replace("\n", " ")
