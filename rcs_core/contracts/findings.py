"""What a check finds: breaches of a rule, one by one or many alike, and receipts for what was done about them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from rcs_core.vocab import Severity

MASK = "[masked]"
LONGEST = 120
"""Characters of a value that a message shows."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach: which file, sheet, row (as the file counts, None for the whole file), column; rule and remedy."""

    severity: Severity
    file: str
    sheet: str
    row: int | None
    column: str
    value: str
    rule: str
    remedy: str

    @property
    def kind(self) -> str:
        """What a number of the file counts: rows of a table, features of a map."""
        return "feature" if self.file.casefold().endswith(".geojson") else "row"

    def text(self) -> str:
        """The breach in the house form, one line."""
        where = ", ".join(
            part
            for part in (
                self.file,
                f"sheet {self.sheet}" if self.sheet else "",
                f"{self.kind} {self.row}" if self.row is not None else "",
                f"column `{self.column}`" if self.column else "",
            )
            if part
        )
        got = f"got {quote(self.value)}. Expected" if self.value else "expected"
        remedy = self.remedy.rstrip(".")
        if remedy:
            remedy = f" To fix: {remedy}." if self.severity is Severity.ERROR else f" {remedy[0].upper()}{remedy[1:]}."
        return f"{self.severity.value}: {where}: {got} {self.rule.rstrip('.')}.{remedy}"


def quote(value: str) -> str:
    """A value as a message shows it: in quotation marks and never endless."""
    short = value if len(value) <= LONGEST else f"{value[: LONGEST - 3]}..."
    return short if short.startswith((MASK, "(")) else f'"{short}"'


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was done to how many rows (or cells) of a table, so that rows in = rows kept + rows dropped."""

    table: str
    rule: str
    rows: int
    text: str


@dataclass(frozen=True, slots=True)
class Breaches:
    """All breaches of one kind in one column: the same rule and remedy, each with its row and value.

    code: a short word for the rule, which receipts count by. Without rows it is one breach of the whole file.
    A million alike cost a few arrays; `findings` spells them out.
    """

    severity: Severity
    file: str
    code: str
    rule: str
    remedy: str
    sheet: str = ""
    column: str = ""
    rows: Sequence[int] = field(default_factory=tuple)
    values: Sequence[str] = field(default_factory=tuple)

    @property
    def count(self) -> int:
        """How many breaches these are."""
        return len(self.rows) or 1

    def keeping(self, rows: Sequence[int], values: Sequence[str]) -> "Breaches":
        """The same breach in fewer rows."""
        return replace(self, rows=rows, values=values)

    def within(self, folder: str) -> "Breaches":
        """The same breach in a file of a sub-folder (`wave_2023/`)."""
        return replace(self, file=f"{folder}{self.file}") if folder else self

    def findings(self, most: int | None = None) -> Iterator[Finding]:
        """Each breach by itself, at most `most` of them."""
        if not len(self.rows):
            value = self.values[0] if self.values else ""
            yield Finding(self.severity, self.file, self.sheet, None, self.column, value, self.rule, self.remedy)
            return
        for row, value in zip(self.rows[:most], self.values[:most], strict=True):
            yield Finding(self.severity, self.file, self.sheet, int(row), self.column, value, self.rule, self.remedy)


def spelt_out(groups: Iterable[Breaches]) -> list[Finding]:
    """Every breach of every group, in order."""
    return [finding for group in groups for finding in group.findings()]
