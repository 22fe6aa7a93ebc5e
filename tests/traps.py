"""The traps of real data and real tools: how each looks in a tiny folder, what the check says of it, and its receipt."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rcs_core.vocab import Severity
from tests.bad_cases import CENSUS, MAP, PRIMARY, Spoil, swap
from tests.tiny_folder import edit, pupil

SECONDARY, DEMAND, EFFECT = "survey_pupil_s1_s4.csv", "demand_history.csv", "evidence_of_effect.csv"
HEAD = {"version": "1.0.0", "source": "A questionnaire", "date": "2025-01-31"}


@dataclass(frozen=True)
class Trap:
    """says: what the finding's one line must hold, parts separated by ` | `; blank where the receipt itself says it.

    receipt: its table, its rule, and how many rows or cells.
    rule: what the workbench does about it, in words. dropped: how many rows of the receipt's table are left out.
    """

    name: str
    spoil: Spoil
    severity: Severity
    file: str
    says: str
    rule: str
    row: int | None = None
    column: str = ""
    receipt: tuple[str, str, int] | None = None
    dropped: int = 0


@dataclass(frozen=True)
class ToolTrap:
    """A trap of tools rather than data: what the workbench does instead, and the test that claims it (file::name)."""

    name: str
    rule: str
    claimed: str


def aliased(table: str, told: dict[str, Any], spoil: Spoil) -> Spoil:
    """Spoil the folder, and say in its own aliases how it is to be read."""

    def change(folder: Path) -> None:
        spoil(folder)
        text = yaml.safe_dump({**HEAD, "tables": {table: told}}, allow_unicode=True)
        (folder / "aliases.yaml").write_text(text, encoding="utf-8")

    return change


def answers(file: str, column: str, by_stage: dict[str, str]) -> Spoil:
    """Give every form of a stage this answer in one column."""

    def change(text: str) -> str:
        head, *rows = [line.split(",") for line in text.splitlines()]
        for row in rows:
            row[head.index(column)] = by_stage.get(row[2], row[head.index(column)])
        return "\n".join(",".join(row) for row in [head, *rows]) + "\n"

    return lambda folder: edit(folder / file, change)


def every(file: str, old: str, new: str) -> Spoil:
    """Replace a text wherever it stands."""
    return lambda folder: edit(folder / file, lambda text: text.replace(old, new))


def again(file: str) -> Spoil:
    """Put the first form at the end once more."""
    return lambda folder: edit(folder / file, lambda text: text + text.splitlines()[1] + "\n")


def both(*spoils: Callable[[Path], object]) -> Spoil:
    """One after the other."""
    return lambda folder: [spoil(folder) for spoil in spoils]


E, D, N = Severity.ERROR, Severity.DROP, Severity.NOTE
P, S = PRIMARY.removesuffix(".csv"), SECONDARY.removesuffix(".csv")
LABELS = {"P5": "It happened", "P6": "Never", "P7": "Never"}
TRAPS = [
    Trap(
        "a header that this council words otherwise",
        aliased(P, {"headers": {"Q12a": "bullied_last_year"}}, swap(PRIMARY, "bullied_last_year", "Q12a")),
        N,
        PRIMARY,
        "",
        "aliases per council and wave; each use is told",
        receipt=(P, "alias:bullied_last_year", 18),
    ),
    Trap(
        "a header nobody listed",
        swap(PRIMARY, "bullied_last_year", "bulied_last_yr"),
        E,
        PRIMARY,
        "a column `bullied_last_year` | rename the column",
        "never guessed: an error that names the likeliest column",
        column="bullied_last_year",
        receipt=(P, "rows_kept", 18),
    ),
    Trap(
        "response labels of another wave",
        aliased(
            P,
            {"labels": {"bullied_last_year": {"It happened": "yes", "Never": "no"}}},
            answers(PRIMARY, "bullied_last_year", LABELS),
        ),
        N,
        PRIMARY,
        "",
        "labels per council and wave; each label read is counted",
        receipt=(P, "alias:bullied_last_year", 18),
    ),
    Trap(
        "a response label nobody listed",
        answers(PRIMARY, "bullied_last_year", {"P5": "Sometimes"}),
        E,
        PRIMARY,
        "[masked] | one of: yes, no",
        "never guessed: an error in each row",
        2,
        "bullied_last_year",
        (P, "code", 6),
    ),
    Trap(
        "skip routing that differs",
        aliased(
            S,
            {"not_asked_of": {"drank_alcohol_last_week": {"when": {"header": "Q30", "is": ["never"]}}}},
            both(
                answers(SECONDARY, "drank_alcohol_last_week", {"S2": ""}),
                lambda folder: edit(
                    folder / SECONDARY,
                    lambda t: "\n".join(f"{line},{'Q30' if n == 0 else 'never'}" for n, line in enumerate(t.splitlines())) + "\n",
                ),
            ),
        ),
        N,
        SECONDARY,
        "drank_alcohol_last_week",
        "blanks of those routed past the question are not asked, never missing",
        receipt=(S, "not_asked:drank_alcohol_last_week", 6),
    ),
    Trap(
        "a question not asked of a stage",
        aliased(S, {"not_asked_of": {"regular_smoker": [{"stages": ["S1"]}]}}, answers(SECONDARY, "regular_smoker", {"S1": ""})),
        N,
        SECONDARY,
        "",
        "the blanks are not asked of the stage, and not in any base",
        receipt=(S, "not_asked:regular_smoker", 6),
    ),
    Trap(
        "option sets of their own for two groups of stages",
        aliased(
            S,
            {
                "labels_by_stage": {
                    "enjoys_learning": [
                        {"stages": ["S1", "S2"], "labels": {"A lot": "yes"}},
                        {"stages": ["S3", "S4"], "labels": {"Agree": "yes"}},
                    ]
                }
            },
            answers(SECONDARY, "enjoys_learning", {"S1": "A lot", "S2": "A lot", "S3": "Agree", "S4": "Agree"}),
        ),
        N,
        SECONDARY,
        "",
        "each set is read for its own stages only; primary and secondary are never one table",
        receipt=(S, "alias:enjoys_learning", 21),
    ),
    Trap(
        "a form of the wrong stage",
        swap(PRIMARY, "9900101,P5", "9900101,S1"),
        D,
        PRIMARY,
        '"S1" | one of: P5, P6, P7',
        "the form is left out and counted",
        2,
        "stage",
        (P, "wrong_stage", 1),
        1,
    ),
    Trap(
        "answered twice",
        again(PRIMARY),
        D,
        PRIMARY,
        "also in row 2",
        "the first form is kept, the later one left out and counted",
        20,
        "pupil_id",
        (P, "answered_twice", 1),
        1,
    ),
    Trap(
        "a pupil who is not in the census",
        swap(PRIMARY, pupil(4), pupil(900)),
        D,
        PRIMARY,
        "[masked] | pupil_census.csv",
        "the form is left out, counted, and part of coverage",
        2,
        "pupil_id",
        (P, "not_in_census", 1),
        1,
    ),
    Trap(
        "quintiles of another SIMD edition",
        swap(CENSUS, "2020v2", "2016"),
        E,
        CENSUS,
        '"2016" | 2020v2',
        "one edition for all pupils; an error in each row",
        2,
        "simd_edition",
        ("pupil_census", "simd_edition", 1),
    ),
    Trap(
        "stray spaces in names",
        swap("schools.csv", "Isla Primary", "  Isla  Primary\u00a0"),
        N,
        "schools.csv",
        "1 had stray spaces",
        "mended and counted",
        column="school_name",
        receipt=("schools", "mended:school_name", 1),
    ),
    Trap(
        "the name of a council and of a board for an agency",
        swap(MAP, "nhs_board,100", "Fife,100"),
        E,
        MAP,
        '"Fife" | nhs_board',
        "a payer is a code of its kind; a name that two bodies share is refused",
        5,
        "agency",
        ("ledger_map", "code", 1),
    ),
    Trap(
        "two ledgers under one name",
        every("ledger_columns.yaml", "Board ledger", "Council ledger"),
        N,
        "ledger_columns.yaml",
        '"Council ledger" | a name for each agency',
        "ledgers are told apart by file and code; the shared name is said",
        column="agency_system",
        receipt=("ledger_nhs", "rows_kept", 2),
    ),
    Trap(
        "one board over several councils, a part of its money lost",
        swap(MAP, "nhs_board,100,", "nhs_board,60,"),
        E,
        MAP,
        "a sum of 60 | add up to 100",
        "the shares of a line come to the whole: another council's part is a row of its own, excluded",
        5,
        "pct",
        ("ledger_map", "line_shares", 1),
    ),
    Trap(
        "price years mixed",
        swap("ledger_columns.yaml", "financial_year: 2025-26", "financial_year: 2024-25"),
        E,
        "ledger_columns.yaml",
        '"2024-25" | price_year',
        "pounds of two years are never added",
        column="financial_year",
        receipt=("ledger_council", "rows_kept", 3),
    ),
    Trap(
        "a monthly number for a year's",
        every(DEMAND, "52000.50", "6.15"),
        N,
        DEMAND,
        "spend mapped GBP 3,100.00, by unit cost GBP 258.30",
        "unit cost by children is set beside the money mapped to the service",
        3,
        "unit_cost_gbp",
        ("demand_history", "rows_kept", 2),
    ),
    Trap(
        "two services that claim the same need",
        swap(EFFECT, "S001,S002,4,1,7", "S001,S002,40,10,70"),
        N,
        EFFECT,
        "48 averted in all of 42",
        "what services avert together is set beside the need itself",
        2,
        "children_averted_per_100",
        ("evidence_of_effect", "rows_kept", 1),
    ),
]
SHUFFLED = "test_rows_in_any_order_are_the_same_records_since_they_are_joined_by_id"
TOOLS = [
    ToolTrap("rows matched by order, not by id", "every join is by id or code", f"tests/test_traps.py::{SHUFFLED}"),
    ToolTrap(
        "money lines matched by order",
        "a ledger line finds its service by cost centre",
        "tests/records/test_ledgers.py::test_lines_are_joined_by_code_and_never_by_order",
    ),
    ToolTrap(
        "floors above the budget",
        "named as the smallest set of promises that cannot hold together",
        "tests/workshop/test_scenario_conflicts.py::test_two_floors_and_a_budget_clash_and_nothing_else",
    ),
    ToolTrap(
        "infeasible, and no word why",
        "each clash has its reason and its smallest repair, in words",
        "tests/workshop/test_scenario_conflicts.py::test_a_clash_and_its_repair_are_said_in_plain_words",
    ),
    ToolTrap(
        "optimised equals current, unexplained",
        "a plan that moves nothing says so",
        "tests/workshop/test_shift.py::test_as_it_is_moves_nothing_and_says_so",
    ),
    ToolTrap(
        "the download differs from the screen",
        "both are the same numbers, to the penny",
        "tests/workshop/test_scenario_book.py::test_the_screen_and_the_book_say_the_same_before_and_after_by_agency_and_level",
    ),
]
