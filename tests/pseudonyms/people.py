"""Invented children with identifiers, and files that carry them as councils write them."""

from pathlib import Path

from rcs_core.contracts.person_numbers import is_scn
from tests.tiny_folder import write_lines

HEADER = ["Candidate Number", "Forename", "School", "stage", "sex"]


def scn(number: int) -> str:
    """A candidate number with a right check digit; different for every number under a million."""
    middle = f"{number * 104_729 % 1_000_000:06d}"
    found = (f"{year}{middle}{last}" for year in range(12, 26) for last in range(10))
    return next(digits for digits in found if is_scn(digits))


def rows(count: int) -> list[list[str]]:
    """Children as a register lists them."""
    return [[scn(n), "Isla", "9900101", f"P{5 + n % 3}", "female"] for n in range(count)]


def register(path: Path, count: int = 4, header: list[str] | None = None) -> Path:
    """Write a register as csv."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_lines(path, [header or HEADER, *rows(count)])
    return path
