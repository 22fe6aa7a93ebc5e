"""Checks a whole input folder: every file, every row, and the tables against one another, all breaches at once.

In: a partnership's input folder. Out: a `CheckReport`. A file that cannot be read takes nothing else with it: the checks
that need it are left out, and everything else is still told.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from rcs_core.contracts import described, domain, sense
from rcs_core.contracts.aliases import OWN, read_aliases
from rcs_core.contracts.apportionment import check_apportionment, own_shares
from rcs_core.contracts.budgets import check_budgets
from rcs_core.contracts.clean import Mended, nearest
from rcs_core.contracts.comparators import check_comparators
from rcs_core.contracts.files import error, find, listing, marked_copies, not_files, note
from rcs_core.contracts.findings import Breaches
from rcs_core.contracts.ledger_reading import read_ledger, told_columns
from rcs_core.contracts.ledger_rules import STEM as RULES
from rcs_core.contracts.ledger_tags import check_rules
from rcs_core.contracts.model import Contract, contracts
from rcs_core.contracts.movements import check_movements
from rcs_core.contracts.opted_out import check_found
from rcs_core.contracts.published_effects import check_published_effects
from rcs_core.contracts.reading import Reading, Tell, check_across, layouts_of, left_out, read_tables, silent, taken_up
from rcs_core.contracts.register import check_register
from rcs_core.contracts.release_tables import own_tables
from rcs_core.contracts.report import CheckReport, ordered
from rcs_core.contracts.same_services import join_same
from rcs_core.contracts.shapes import read_shapes
from rcs_core.contracts.stranger import check_stranger
from rcs_core.contracts.submissions import STEM as SERVICES
from rcs_core.contracts.submissions import submission_files, with_submissions
from rcs_core.contracts.supplied import AGGREGATE, check_supplied, relaxed
from rcs_core.contracts.waves import check_waves
from rcs_core.errors import UnreadableError
from rcs_core.specification import KEY

UNLINKED = ("none", AGGREGATE)
"""The words of `linkage` by which no child's records are joined."""


def check_folder(folder: Path, tell: Tell = silent) -> CheckReport:
    """Check every file of a folder against its contract and the tables against one another.

    tell: hears how far it is. Raises UnreadableError when there is no such folder; everything else that is wrong is in
    the report.
    """
    files = _files(folder)
    known = contracts()
    about, layout, protection, said = _read_yaml_inputs(files, known)
    year = _year(about)
    aliases, unclear = read_aliases(files, about, known, str(about.get("survey_wave", "")))
    reading = read_tables(files, known, year, aliases=aliases, tell=lambda done, text: tell(0.6 * done, text))
    reading = with_submissions(reading, files, known[SERVICES], year, aliases.get(SERVICES))
    reading, same = join_same(reading, known)
    tell(0.6, "Reading the ledgers")
    ledgers, more = _read_ledgers(files, known["ledger"], layout, reading.tables.get("ledger_map"), year)
    tell(0.7, "Setting the tables against one another")
    linked = str(about.get("linkage", "linked")) not in UNLINKED
    tables = reading.tables | ({"ledger_columns": _ledger_names(layout)} if layout else {})
    for stem, table in reading.tables.items():
        if stem == SERVICES and reading.sent:
            continue  # each submission was checked by itself
        reading.breaches[stem] += check_across(known[stem], table, tables, linked, reading.breaches[stem])
    tell(0.8, "Reading earlier waves")
    earlier, strange = check_waves(folder, about, known, reading.tables)
    shapes, drawn = read_shapes(files, reading.tables)
    groups = [
        *said,
        *unclear,
        *more,
        *same,
        *check_register(reading.tables, reading.sent, about),
        *strange,
        *drawn,
        *not_files(folder),
        *marked_copies(folder),
        *check_found(reading.tables, _answered(earlier), domain.PUPIL_SURVEYS),
        *_check_whole(files, known, reading, ledgers, layout, about),
    ]
    everything = Reading(reading.tables | ledgers.tables, reading.breaches | ledgers.breaches, sent=reading.sent)
    tell(0.95, "Adding up the receipts")
    return replace(_report(folder, everything, groups, about, layout, earlier), data_protection=protection, shapes=shapes)


def _answered(earlier: tuple[CheckReport, ...]) -> set[str]:
    """The pupils who answered in earlier waves."""
    frames = [wave.tables[stem] for wave in earlier for stem in domain.PUPIL_SURVEYS if stem in wave.tables]
    return {str(pupil) for frame in frames if "pupil_id" in frame.columns for pupil in frame["pupil_id"]}


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        got = "a file" if folder.exists() else "nothing"
        raise UnreadableError("there is no such folder", str(folder), got, "a partnership's input folder", "look at the path")
    try:
        return listing(folder)
    except OSError as problem:
        raise UnreadableError(
            "the folder cannot be read",
            str(folder),
            problem.strerror or "",
            "a folder that may be read",
            "look at who may read it",
        ) from problem


def _read_yaml_inputs(
    files: list[Path], known: Mapping[str, Contract]
) -> tuple[dict[str, Any], dict[str, dict[str, Any]], dict[str, Any], list[Breaches]]:
    by_name = {p.name.casefold().replace(".yml", ".yaml"): p for p in files}
    said: list[Breaches] = []
    whole, each = described.partnership, described.ledger_columns
    found: dict[str, dict[str, Any]] = {}
    for stem, read in (("partnership", whole), ("ledger_columns", each), ("data_protection", whole)):
        found[stem] = {}
        if path := by_name.get(f"{stem}.yaml"):
            told = read(path, known[stem])
            found[stem] = told.content
            said += told.breaches
    tables, more = own_tables(files, found["partnership"])
    found["partnership"] = {**found["partnership"], **tables}
    said += more
    return found["partnership"], found["ledger_columns"], found["data_protection"], said


def _year(about: Mapping[str, Any]) -> int:
    start = str(about.get("year", ""))[:4]
    return int(start) if start.isdigit() and len(start) == 4 else dt.date.today().year


def _ledger_names(layout: Mapping[str, Any]) -> Mended:
    frame = pd.DataFrame({"ledger": pd.Series(list(layout), dtype="str"), "_row": range(len(layout))})
    return Mended("ledger_columns.yaml", "", frame, [], {}, [])


def _read_ledgers(
    files: list[Path], contract: Contract, layout: Mapping[str, dict[str, Any]], mapping: Mended | None, year: int
) -> tuple[Reading, list[Breaches]]:
    """Every ledger that is described; a ledger file that nothing describes would be money left out unseen, so an error."""
    reading = Reading()
    said: list[Breaches] = []
    for stem, told in layout.items():
        path, problems = find(files, stem)
        if path is None:
            said += problems or [error(f"{stem}.csv", "missing_file", f"a file {stem}", "put it in the folder", "no such file")]
        elif (columns := told_columns(told)) is not None:
            table, reading.breaches[stem] = read_ledger(contract, path, told, columns, _mapped(mapping, stem), year)
            if table is not None:
                reading.tables[stem] = table
    for path in files:
        if path.stem.casefold().startswith("ledger_") and path.suffix.casefold() in (".csv", ".xlsx"):
            stem = path.stem.casefold()
            if stem not in layout and stem not in ("ledger_map", RULES):
                remedy = f"describe it under {stem} in ledger_columns.yaml, or take it out of the folder"
                said.append(error(path.name, "undescribed", "a ledger that ledger_columns.yaml describes", remedy, stem))
    return reading, said


def _mapped(mapping: Mended | None, stem: str) -> set[str]:
    if mapping is None or not {"ledger", "cost_centre"} <= set(mapping.frame.columns):
        return set()
    return set(mapping.frame.loc[mapping.frame["ledger"] == stem, "cost_centre"])


def _check_whole(
    files: list[Path],
    known: Mapping[str, Contract],
    reading: Reading,
    ledgers: Reading,
    layout: Mapping[str, Any],
    about: Mapping[str, Any],
) -> list[Breaches]:
    tables = reading.tables
    names = {p.name.casefold().replace(".yml", ".yaml") for p in files}
    found = set(tables) | {stem for stem in ("partnership", "ledger_columns") if f"{stem}.yaml" in names}
    money = bool(layout or ledgers.tables or {"services", "ledger_map", "ledger_columns"} & (found | reading.unreadable))
    gone = {stem: left_out(breaches) for stem, breaches in ledgers.breaches.items()}
    return [
        *domain.check_presence(relaxed(known, about, found, domain.PUPIL_SURVEYS), found, reading.unreadable, money),
        *domain.check_simd_edition(tables, str(about.get("simd_edition", ""))),
        *domain.check_forms(tables),
        *domain.check_clusters(tables),
        *check_supplied(tables, about, reading.unreadable),
        *check_comparators(tables, about),
        *check_published_effects(tables),
        *check_movements(tables),
        *check_apportionment(tables, about),
        *check_budgets(tables, about),
        *domain.check_price_year(layout, about),
        *sense.check_same_name(layout),
        *sense.check_claims(tables),
        *sense.check_unit_costs(tables, ledgers.tables, own_shares(tables, about)),
        *domain.check_mapping(ledgers.tables, gone, tables.get("ledger_map"), tables.get(RULES)),
        *check_rules(tables.get(RULES), layout),
        *_strange_files(files, known, layout, _year(about)),
    ]


def _strange_files(files: list[Path], known: Mapping[str, Contract], layout: Mapping[str, Any], year: int) -> list[Breaches]:
    stems = {stem for stem, c in known.items() if c.presence != "described"} | set(layout) | {OWN, KEY}
    strange = [
        p
        for p in files
        if p.stem.casefold().strip() not in stems
        and not p.name.startswith(domain.KNOWN_FILES)
        and not p.stem.casefold().startswith("ledger_")
        and p not in submission_files(files)[0].values()
    ]
    said: list[Breaches] = []
    for path in strange:
        like = nearest(path.stem, sorted(stems))
        remedy = f"rename it if it is meant to be `{like}`" if like else "nothing need be done"
        named = check_stranger(path, year)
        said += named or [note(path.name, "strange_file", "only the input files; this one was not read", remedy)]
    return said


def _report(
    folder: Path,
    reading: Reading,
    groups: list[Breaches],
    about: dict[str, Any],
    layout: dict[str, dict[str, Any]],
    earlier: tuple[CheckReport, ...],
) -> CheckReport:
    tables, receipts = taken_up(reading, groups)
    breaches = [*(b for found in reading.breaches.values() for b in found), *groups]
    breaches += [b for wave in earlier for b in wave.groups]
    receipts += [r for wave in earlier for r in wave.receipts]
    layouts = layouts_of(reading) | {file: place for wave in earlier for file, place in wave.layouts.items()}
    sent = {stem: table.frame for stem, table in reading.sent.items()}
    return CheckReport(folder.name, ordered(breaches), tables, about, layout, receipts, earlier, layouts=layouts, sent=sent)
