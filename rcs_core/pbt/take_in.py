"""A workbook taken in: tags into the register, lines into the ledger map and the later budgets, joined by id and never by order.

What the register already says of a service and the workbook does not hold (its children, its contract) stays as it was.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pandas as pd

from rcs_core.contracts import Finding, contracts
from rcs_core.contracts.files import error, note
from rcs_core.contracts.findings import Breaches, spelt_out
from rcs_core.errors import SettingsError
from rcs_core.pbt.book import Book
from rcs_core.pbt.layout import ORGANISE, OUTCOMES, PREVENTION, layouts
from rcs_core.pbt.tags import LISTS, TAGS, outcome_cell, parts
from rcs_core.sheets.plain import write_rows
from rcs_core.vocab import Severity

MAP = (
    "ledger", "cost_centre", "service_id", "agency", "pct", "excluded_because", "money_kind", "recurring", "revenue_or_capital",
)  # fmt: skip
OPTIONAL = ("key_id", "fund")
BUDGETS = ("service_id", "agency", "financial_year", "amount_gbp", "state", "source")
SPENT, GROUP, OTHER = "spent", "M_", "other"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a workbook becomes: the register, the ledger map and later budgets, as text; and what is wrong or left out."""

    services: pd.DataFrame
    ledger_map: pd.DataFrame
    budgets: pd.DataFrame
    breaches: tuple[Breaches, ...]

    @property
    def findings(self) -> list[Finding]:
        """Every breach by itself, errors first."""
        return spelt_out(sorted(self.breaches, key=lambda b: list(Severity).index(b.severity)))

    @property
    def errors(self) -> list[Finding]:
        """What stops the taking in."""
        return [f for f in self.findings if f.severity is Severity.ERROR]


def take_in(book: Book, file: str, register: pd.DataFrame | None = None, said: Sequence[Breaches] = ()) -> Taken:
    """The workbook's three tables as the inputs have them.

    register: the register as it stands, in text; services that it lacks are added with what the workbook tells. said: what
    reading the workbook found already.
    """
    groups = _grouped(book)
    book = Book(*(frame[~frame["service_id"].isin(groups)].reset_index(drop=True) for frame in book.tables().values()))
    lines = _rows(book.organise)
    own = [row for row in lines if row["ledger"] or row["cost_centre"]]
    free = [row for row in lines if not (row["ledger"] or row["cost_centre"])]
    services = _services(book, register)
    breaches = (
        *said,
        *_merged(groups, file),
        *_ids(book, file),
        *_wrong(book, file),
        *_left(own, free, file),
        *_new(services, register, file),
    )
    return Taken(services, _ledger_map(own), _budgets(free), breaches)


def _services(book: Book, register: pd.DataFrame | None) -> pd.DataFrame:
    """The register with the workbook's tags, in the register's order; new services after it, by id."""
    known = {row["service_id"]: row for row in _rows(register)} if register is not None else {}
    columns = contracts()["services"].names if register is None else [str(c) for c in register.columns]
    lines = {row["service_id"]: row for row in reversed(_rows(book.organise)) if row["service_id"]}
    tags = {row["service_id"]: row for row in _rows(book.prevention) if row["service_id"]}
    outcomes = _outcomes(book)
    rows = []
    for sid in [*known, *sorted((set(tags) | set(lines)) - set(known))]:
        row = dict.fromkeys(columns, "") | known.get(sid, _named(sid, lines.get(sid, {}), tags.get(sid, {})))
        row |= {name: tags[sid][name] for name in TAGS} if sid in tags else {}
        # A cell that says the same keeps the register's own spacing.
        row |= {name: cell for name, cell in outcomes.get(sid, {}).items() if parts(cell) != parts(row.get(name, ""))}
        rows.append([row.get(c, "") for c in columns])
    return pd.DataFrame(rows, columns=columns, dtype="str")


def _rows(frame: pd.DataFrame) -> list[dict[str, str]]:
    return [{str(k): str(v) for k, v in row.items()} for row in frame.to_dict("records")]


def _named(sid: str, line: Mapping[str, str], tags: Mapping[str, str]) -> dict[str, str]:
    """What the workbook tells of a service that the register does not have yet."""
    name = tags.get("service_name") or line.get("service_name", "")
    return {"service_id": sid, "service_name": name, "parent_group": line.get("parent_group", "")}


def _outcomes(book: Book) -> dict[str, dict[str, str]]:
    """The cells of the register's two lists, by service; a list of which a service has no row is blank."""
    rows = _rows(book.outcomes)
    found: dict[str, dict[str, str]] = {}
    for sid in dict.fromkeys([*book.prevention["service_id"], *(row["service_id"] for row in rows)]):
        if sid:
            own = [row for row in rows if row["service_id"] == sid]
            found[sid] = {name: outcome_cell([row for row in own if row["outcome_list"] == name]) for name in LISTS}
    return found


def _ledger_map(own: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    """Lines of a ledger that map something; the optional columns only where one of them is filled."""
    rows = [row for row in own if row["service_id"] or row["excluded_because"] or row["key_id"]]
    columns = [*MAP, *(c for c in OPTIONAL if any(row[c] for row in rows))]
    return pd.DataFrame([[row[c] for c in columns] for row in rows], columns=columns, dtype="str")


def _budgets(free: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    rows = [row for row in free if row["status"] != SPENT and row["service_id"]]
    found = [[{**row, "state": row["status"]}[c] for c in BUDGETS] for row in rows]
    return pd.DataFrame(found, columns=list(BUDGETS), dtype="str")


def _grouped(book: Book) -> set[str]:
    """Ids of groups in which a release shows small services together: nobody can part them again."""
    return {sid for frame in book.tables().values() for sid in frame["service_id"] if sid.startswith(GROUP)}


def _merged(groups: set[str], file: str) -> Iterator[Breaches]:
    if groups:
        rule = f"services by themselves; {len(groups)} group(s) of small services that a release shows together are left out"
        yield _on(ORGANISE, note(file, "group", rule, "tag their services one by one", ", ".join(sorted(groups)), "service_id"))


def _ids(book: Book, file: str) -> Iterator[Breaches]:
    """Ids that the register could not have."""
    column = contracts()["services"].column("service_id")
    form = re.compile(next((rule.pattern for rule in column.rules if rule.pattern), "") if column else "")
    for name, frame in book.tables().items():
        wrong = sorted({sid for sid in frame["service_id"] if sid and not form.match(sid)})
        if wrong:
            remedy = "write the register's id, such as S001, or a new one of that form"
            yield _on(name, error(file, "id", "an id as the register has them", remedy, ", ".join(wrong), "service_id"))


def _wrong(book: Book, file: str) -> Iterator[Breaches]:
    """What one table alone cannot tell: tags of no service, outcomes of no list, later money of no service."""
    tagged = set(book.prevention["service_id"]) - {""}
    used = {s for s in book.organise["service_id"] if s}
    if untagged := sorted(used - tagged):
        rule, remedy = "prevention tags for every service with money", "add a row for each; until then the register keeps its own"
        yield _on(PREVENTION, note(file, "untagged", rule, remedy, ", ".join(untagged), "service_id"))
    for name in LISTS:
        column = contracts()["services"].column(name)
        rows = book.outcomes[book.outcomes["outcome_list"] == name]
        strange = sorted(set(rows["outcome"]) - set(column.codes if column else ()))
        if strange:
            remedy = "choose one of the list, or give it the list `other`"
            rule = f"an outcome of the list {name}: {', '.join(column.codes if column else ())}"
            yield _on(OUTCOMES, error(file, "outcome", rule, remedy, ", ".join(strange), "outcome"))
    if foreign := int((book.outcomes["outcome_list"] == OTHER).sum()):
        rule = f"an outcome of a list that the register holds: {', '.join(LISTS)}; {foreign} tag(s) of another list are left out"
        yield _on(
            OUTCOMES,
            note(file, "other_list", rule, "keep them in the workbook; the register has no place for them", "", "outcome_list"),
        )
    lost = book.organise[(book.organise["status"] != SPENT) & (book.organise["service_id"] == "")]
    if len(lost):
        rule, remedy = "a service for every budget of a later year", "fill in service_id"
        yield _on(ORGANISE, error(file, "no_service", rule, remedy, ", ".join(lost["line"]), "service_id"))
    half = book.organise[(book.organise["ledger"] == "") != (book.organise["cost_centre"] == "")]
    if len(half):
        rule = "a ledger and a cost centre together, or neither"
        yield _on(
            ORGANISE, error(file, "half_a_line", rule, "fill in both, or blank both", ", ".join(half["line"]), "cost_centre")
        )


def _left(own: Sequence[Mapping[str, str]], free: Sequence[Mapping[str, str]], file: str) -> Iterator[Breaches]:
    """What is left out of the inputs, and why."""
    spent = [row["line"] for row in free if row["status"] == SPENT]
    if spent:
        rule = f"a ledger and a cost centre for what was spent; {len(spent)} line(s) give their tags and no money"
        yield _on(ORGANISE, note(file, "no_ledger", rule, "money enters by the ledgers", "", "ledger"))
    nothing = [row["line"] for row in own if not (row["service_id"] or row["excluded_because"] or row["key_id"])]
    if nothing:
        rule = f"a service or a reason; {len(nothing)} line(s) map nothing and stay not mapped"
        yield _on(ORGANISE, note(file, "maps_nothing", rule, "", "", "service_id"))


def _new(services: pd.DataFrame, register: pd.DataFrame | None, file: str) -> Iterator[Breaches]:
    known = set() if register is None else set(register["service_id"])
    new = [str(s) for s in services["service_id"] if s not in known]
    if new:
        rule = f"services of the register; {len(new)} new one(s) hold only what the workbook tells"
        yield _on(
            ORGANISE, note(file, "new_service", rule, "complete their rows, then check the folder", ", ".join(new), "service_id")
        )


def _on(table: str, breach: Breaches) -> Breaches:
    return replace(breach, sheet=layouts()[table].sheet)


def write_taken(taken: Taken, folder: Path) -> list[Path]:
    """Write services.xlsx, ledger_map.csv and budgets.csv, those that hold rows; never over a file that is there.

    Raises SettingsError when one of them is there already.
    """
    wanted = {"services.xlsx": taken.services, "ledger_map.csv": taken.ledger_map, "budgets.csv": taken.budgets}
    wanted = {name: frame for name, frame in wanted.items() if len(frame)}
    there = [name for name in wanted if (folder / name).exists()]
    if there:
        raise SettingsError(
            "a file would be written over", str(folder), ", ".join(there), "a new folder", "choose another, and compare the two"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in wanted.items():
        if name.endswith(".xlsx"):
            write_rows(folder / name, {"Services": _sheet(frame)})
        else:
            safe = frame.map(_harmless)
            (folder / name).write_text(safe.to_csv(index=False, lineterminator="\n"), encoding="utf-8", newline="")
    return [folder / name for name in wanted]


def _sheet(frame: pd.DataFrame) -> list[list[object]]:
    """The register as cells: numbers as numbers, everything else as text that no program takes for a formula."""
    kinds = [column.kind if (column := contracts()["services"].column(str(c))) else "string" for c in frame.columns]
    cells = [[_typed(str(v), kind) for v, kind in zip(row, kinds, strict=True)] for row in frame.to_numpy().tolist()]
    return [list(frame.columns), *cells]


def _typed(value: str, kind: str) -> object:
    if not value:
        return None
    if kind not in ("number", "integer"):
        return _harmless(value)
    number = Decimal(value)
    return int(number) if number == number.to_integral_value() else float(number)


def _harmless(value: str) -> str:
    """Text that a spreadsheet program would take for a formula gets the apostrophe that marks text; a number stays."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t") and not _is_number(value) else value


def _is_number(value: str) -> bool:
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False
