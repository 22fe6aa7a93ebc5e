"""A whole run: read every file, refuse them all if one would leave an identifier, else write them all.

In: a file or a folder, an empty place for the output, a key file and a wish. Out: an `Outcome` with the receipt, or with
every breach and nothing written. A file is made in a hidden folder and only moved into place when all have passed.
"""

import datetime as dt
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rcs_core import __version__
from rcs_core.contracts.files import RawTable, error, read_raw
from rcs_core.contracts.findings import MASK, Breaches
from rcs_core.contracts.identifiers import names_itself
from rcs_core.pseudonyms.keys import fingerprint, read_key
from rcs_core.pseudonyms.method import Form, Key, form_of, method
from rcs_core.pseudonyms.places import WishError, around, move, refuse_places, sources, workshop
from rcs_core.pseudonyms.receipt import Dropped, FileReceipt, Receipt, write_receipt
from rcs_core.pseudonyms.table import Made, Plan, Wish, has_identifier, make, plan, said_header, spelt, unnamed_identifier
from rcs_core.sheets.read import sheet_count
from rcs_core.vocab import Severity


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to: a receipt and the files written, or the breaches that kept it from writing anything."""

    receipt: Receipt | None
    written: list[Path]
    breaches: list[Breaches]


@dataclass(slots=True)
class _Run:
    """What is carried from file to file: every pseudonym given out so far, receipts, breaches, headers met."""

    key: Key
    wish: Wish
    form: Form
    year: int
    pupils: dict[str, str] = field(default_factory=dict, repr=False)
    receipts: list[FileReceipt] = field(default_factory=list)
    left_alone: list[Dropped] = field(default_factory=list)
    breaches: list[Breaches] = field(default_factory=list)
    headers: set[str] = field(default_factory=set)


def pseudonymise(source: Path, out: Path, key_file: Path, wish: Wish) -> Outcome:
    """Turn files that carry an identifier into files that carry only pseudonyms.

    source: a csv or xlsx file, or a folder of them. Raises RcsError for what was asked wrongly; what is wrong in the
    files comes back as breaches, all at once, and then nothing has been written.
    """
    _refuse_wish(wish)
    form = form_of(wish.form)
    files, others = sources(source)
    refuse_places(source, out)
    key = read_key(key_file, around(source, key_file) | {"the output folder": out})
    run = _Run(key, wish, form, dt.date.today().year)
    run.left_alone += others
    with workshop(out) as bench:
        for number, path in enumerate(files, start=1):
            inside = path.parent.relative_to(source) if source.is_dir() else Path()
            _one_file(run, path, inside, _said_name(path, inside, number, run.year), bench)
        _refuse_nothing_found(run, source)
        run.breaches += _never_met(run)
        if run.breaches:
            return Outcome(None, [], run.breaches)
        written = move(bench, out, [r.written for r in run.receipts])
    receipt = _receipt(run)
    return Outcome(receipt, [*written, *write_receipt(receipt, out)], [])


def _refuse_wish(wish: Wish) -> None:
    """Raise for options that cannot be meant."""
    if not any(spelt(name) for name in wish.ids):
        remedy = 'give the header of the identifier column, for example --id "Candidate Number"'
        raise WishError("no identifier column was named", "--id", remedy=remedy)
    lists = {"--id": wish.ids, "--drop": wish.drop, "--keep": wish.keep}
    if any(said_header(name, 0, 0) == "column 1" for names in lists.values() for name in names if spelt(name)):
        remedy = "the file has no header row, or --header-row is wrong; write headers that are words"
        raise WishError("a header that is an identifier itself cannot be named", "", MASK, "a header in words", remedy)
    for one, other in (("--id", "--drop"), ("--id", "--keep"), ("--drop", "--keep")):
        both = {spelt(n) for n in lists[one]} & {spelt(n) for n in lists[other]}
        if both:
            raise WishError(f"a column is named under both {one} and {other}", "", ", ".join(sorted(both)), "", "name it once")
    if wish.header_row < 1:
        raise WishError("there is no such row", "--header-row", str(wish.header_row), "1 or more")


def _said_name(path: Path, inside: Path, number: int, year: int) -> str:
    """A file's name as a message and the receipt show it; by its number when the name itself names a child."""
    words = [word for part in (path.stem, inside.name) for word in (part, part.replace("_", " ").replace("-", " "))]
    named = any(names_itself(word, True, year) for word in words)
    return f"file {number} (its name is masked)" if named else (inside / path.name).as_posix()


def _one_file(run: _Run, path: Path, inside: Path, name: str, bench: Path) -> None:
    """Read one file; write its pseudonymous form to the bench while nothing has gone wrong, else only look for more."""
    if not name.endswith(path.name):
        remedy = "give the file a name that names nobody, for example that of the input table"
        run.breaches.append(error(name, "file_name", "a file name without a direct identifier", remedy, MASK))
    raw, said = _read(path, name, run.wish)
    run.breaches += [b for b in said if b.severity is Severity.ERROR]
    if raw is None:
        return
    run.headers |= {spelt(header) for header in raw.header}
    if not has_identifier(raw, run.wish):
        _leave_alone(run, raw, name)
        return
    found, breaches = plan(raw, name, run.wish, run.year)
    if found is None:
        run.breaches += breaches
        return
    made, breaches = make(raw, name, found, run.wish, run.form, run.key, run.year)
    run.breaches += breaches or (_collisions(run, made, name) if made else [])
    if made is not None and not run.breaches:
        _write(run, made, found, name, bench, inside / f"{path.stem.strip()}.csv", _notes(path, said, run))


def _read(path: Path, name: str, wish: Wish) -> tuple[RawTable | None, list[Breaches]]:
    """The file as text; a message never carries a sheet's name, which may be a child's."""
    raw, said = read_raw(path, wish.sheet if path.suffix.casefold() == ".xlsx" else "", wish.header_row)
    if wish.sheet and raw is None:
        said = [replace(b, rule="a workbook that opens, with the sheet that --sheet gives", values=()) for b in said]
    # The output is csv, so what a sheet is called goes nowhere.
    return raw, [replace(b, file=name) for b in said if b.code != "identifier"]


def _leave_alone(run: _Run, raw: RawTable, name: str) -> None:
    if places := unnamed_identifier(raw):
        column = said_header(raw.header[places[0]], places[0], run.year)
        rule = "every column of person's numbers named with --id"
        run.breaches.append(error(name, "unnamed", rule, f'add --id "{column}", or take the file away', column, column))
        return
    named = " or ".join(f"`{n}`" for n in run.wish.ids)
    run.left_alone.append(Dropped(name, f"no column {named} in row {run.wish.header_row}"))


def _collisions(run: _Run, made: Made, name: str) -> list[Breaches]:
    """Two children under one pseudonym, in this file or with an earlier one; about one run of a million pupils in 560."""
    clash = sum(run.pupils.get(p, whole) != whole for p, whole in made.pupils.items())
    clash += made.identifiers - len(made.pupils)
    run.pupils |= made.pupils
    if not clash:
        return []
    rule, value = "a pseudonym of its own for every child", f"{clash} pseudonyms that two children share"
    return [error(name, "collision", rule, "make a new key for all files of the run (nothing links to earlier waves)", value)]


def _notes(path: Path, said: Sequence[Breaches], run: _Run) -> list[str]:
    notes = [b.rule for b in said if b.severity is not Severity.ERROR]
    if path.suffix.casefold() == ".xlsx" and not run.wish.sheet and (sheets := sheet_count(path)) > 1:
        notes.append(f"only the first of {sheets} sheets was read; give another with --sheet")
    return notes


def _write(run: _Run, made: Made, found: Plan, name: str, bench: Path, inside: Path, notes: list[str]) -> None:
    target = bench / inside
    target.parent.mkdir(exist_ok=True)
    if target.exists():
        rule, remedy = "one file for each table", f"two files would both be written as {target.name}: rename one"
        run.breaches.append(error(name, "two_files", rule, remedy, name))
        return
    made.frame.to_csv(target, index=False, header=made.header, encoding="utf-8", lineterminator="\n")
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    rows = len(made.frame)
    kept = [head for head in made.header if head != "pupil_id"]
    dropped = [Dropped(*gone) for gone in found.dropped]
    run.receipts.append(
        FileReceipt(
            name,
            inside.as_posix(),
            digest,
            made.rows_in,
            rows,
            len(made.pupils),
            made.spelt_differently,
            made.doubtful,
            kept,
            dropped,
            notes,
        )
    )


def _refuse_nothing_found(run: _Run, source: Path) -> None:
    if run.receipts or run.breaches:
        return
    named = ", ".join(run.wish.ids)
    remedy = "look at the spelling of the header and at --header-row; a misspelt --id would leave every file as it is"
    raise WishError("no file has the identifier column", str(source), "", f"a column {named}", remedy)


def _never_met(run: _Run) -> Iterator[Breaches]:
    """Columns named with --drop or --keep that no file has: a slip that would leave a column in."""
    for option, names in (("--drop", run.wish.drop), ("--keep", run.wish.keep), ("--id", run.wish.ids)):
        for name in names:
            if spelt(name) not in run.headers:
                yield error("all files", "no_such_column", f"a column that {option} names", "look at the spelling", name, name)


def _receipt(run: _Run) -> Receipt:
    how = method()
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    words = f"HMAC-SHA256, {how.label}, version {how.version}, {how.digits} hexadecimal digits"
    label = f"{run.wish.form} ({run.form.label})"
    notes = [] if os.name == "posix" else ["this system does not tell who else may read the key; look yourself"]
    print_key = fingerprint(run.key)
    return Receipt(now, f"rcs {__version__}", words, label, print_key, run.receipts, run.left_alone, len(run.pupils), notes)
