"""What a workbook is refused for: every breach at once, each with its cell, what was got, what was expected and the remedy."""

from collections.abc import Sequence
from dataclasses import dataclass

from rcs_core.errors import RcsError

MOST_TOLD = 20
"""Breaches written out in one error; a book that breaks more is told how many more."""
AGAIN = "open the workbook as it was taken away, make the changes on its sheet Inputs again, and load that"


@dataclass(frozen=True, slots=True)
class Breach:
    """One thing for which a workbook is refused. where: sheet and cell, and what it is the number of."""

    what: str
    where: str
    got: str = ""
    expected: str = ""
    remedy: str = ""

    def line(self) -> str:
        """The breach in one line of a list."""
        got = f": got {self.got}" if self.got else ""
        expected = f"; expected {self.expected}" if self.expected else ""
        return f"{self.where}: {self.what}{got}{expected}" + (f". To fix: {self.remedy}" if self.remedy else "")


@dataclass(slots=True)
class BookError(RcsError):
    """A workbook that does not come back, with everything for which it is refused."""

    breaches: tuple[Breach, ...] = ()
    exit_code = 2


def refuse(book: str, breaches: Sequence[Breach]) -> None:
    """Raise what is wrong with a workbook, all of it at once; nothing is raised where nothing is wrong."""
    if not breaches:
        return
    if len(breaches) == 1:
        one = breaches[0]
        raise BookError(one.what, f"{book}, {one.where}", one.got, one.expected, one.remedy, tuple(breaches))
    lines = "".join(f"\n- {one.line()}" for one in breaches[:MOST_TOLD])
    more = f"\n- and {len(breaches) - MOST_TOLD} more" if len(breaches) > MOST_TOLD else ""
    raise BookError(
        f"{len(breaches)} cells cannot be taken{lines}{more}", book, breaches=tuple(breaches),
        remedy="mend these cells, save the workbook and load it again",
    )  # fmt: skip
