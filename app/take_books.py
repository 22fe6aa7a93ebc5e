"""Workbooks to take away: every table of need, services and spend, and scenarios side by side; each made when it is asked for."""

import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from app import leaving, show
from rcs_core.release import Release
from rcs_core.stamp import Stamp
from rcs_core.workshop import big_screen
from rcs_core.workshop.export import comparison_book, money_book, needs_book
from rcs_core.workshop.spend_map import has_money
from rcs_core.workshop.versus import Side

NEEDS = "Every survey's published tables in one workbook: one table a sheet, hidden figures still hidden, with what was asked."
MONEY = "The register, every line of mapped spend and its sums as live formulas, with checks against the ledgers."
BESIDE = "The same figures as above in one workbook, differences as live formulas, and every number that was put in differently."


def needs(release: Release, key: str = "take-needs") -> None:
    """All tables of need as one workbook; nothing where the release holds no survey."""
    if needs_book.has_needs(release):
        stamp = leaving.stamp(release)
        make = partial(_content, partial(needs_book.write_needs_book, release, stamp))
        _offer("Download all tables of need (xlsx)", needs_book.SUBJECT, make, stamp, key, NEEDS)


def money(release: Release, on_screen: bool) -> None:
    """Services and spend as one workbook, as the screen is: without prices of bought services while partners look together."""
    if has_money(release):
        stamp = leaving.stamp(release, prices_hidden=on_screen)
        make = partial(_content, partial(money_book.write_money_book, release, stamp))
        _offer("Download services and spend (xlsx)", money_book.SUBJECT, make, stamp, "take-money", MONEY)


def comparison(release: Release, sides: Sequence[Side], on_screen: bool) -> None:
    """The scenarios that stand side by side as one workbook."""
    stamp = leaving.stamp(release, prices_hidden=on_screen).discussed(any(side.rough for side in sides))
    veil = big_screen.withheld(release, on_screen)
    make = partial(_content, lambda path: comparison_book.write_comparison_book(sides, stamp, path, veil))
    _offer("Download the comparison (xlsx)", comparison_book.SUBJECT, make, stamp, "take-comparison", BESIDE)


def _offer(label: str, subject: str, make: Callable[[], bytes], stamp: Stamp, key: str, about: str) -> None:
    with st.container(key=f"{key}-box"):
        leaving.button(label, subject, "xlsx", make, stamp, key)
        show.note(about)


def _content(write: Callable[[Path], object]) -> bytes:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "book.xlsx"
        write(path)
        return path.read_bytes()
