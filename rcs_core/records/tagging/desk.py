"""What the desk asks about ledgers, and what it decides: one answer or one decision at a time, as plain values.

In: an input folder and, where something is decided, who and why. Out: dicts for `rcs ledgers --json`. Descriptions are in an
answer only where they were asked for; no answer is ever kept in a file.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from rcs_core.contracts.findings import MASK
from rcs_core.contracts.ledger_entry import write_entry
from rcs_core.contracts.ledger_layout import suggest as suggest_layout
from rcs_core.contracts.ledger_preview import Preview, preview
from rcs_core.contracts.ledger_rules import read_rules
from rcs_core.errors import ContractError, RcsError
from rcs_core.records.ingest import Records
from rcs_core.records.ledgers.layouts import remember_layout, remembered_layout
from rcs_core.records.mappings import Mappings
from rcs_core.records.tagging.accept import accept_rules, accept_suggestions, add_rule, remove_rules, write_rules
from rcs_core.records.tagging.folder import MoneyFolder, lines_of, open_money, records_of
from rcs_core.records.tagging.preview import Reconciled, reconcile, take
from rcs_core.records.tagging.suggest import Suggestion, suggest

type Answer = dict[str, Any]


def overview(folder: Path) -> Answer:
    """Every ledger of a folder: whether it is described, and mapped, other areas, left out and unmapped to the penny."""
    money = open_money(folder)
    found = []
    for ledger in money.ledgers:
        row: Answer = {"ledger": ledger, "described": ledger in money.entries, "reconciled": None, "problem": ""}
        try:
            if row["described"]:
                row["reconciled"] = reconcile(records_of(money, ledger, lines_of(money, ledger)), ledger).to_dict()
        except RcsError as problem:
            row["problem"] = str(problem)
        found.append(row)
    return {"folder": folder.name, "year": money.year, "ledgers": found, "errors": [f.text() for f in money.errors]}


def look(folder: Path, ledger: str, memory: Path, reveal: bool = False, earlier: Path | None = None) -> Answer:
    """One ledger: its columns, as they are, as they were last year or as they seem; its preview, rules and suggestions.

    memory: the desk's memory file. earlier: last year's input folder, whose descriptions may help. Raises RcsError where the
    ledger cannot be read at all.
    """
    money = open_money(folder)
    path, entry = money.path(ledger), money.entries.get(ledger)
    answer: Answer = {
        "ledger": ledger, "file": path.name, "year": money.year, "described": entry is not None, "entry": entry,
        "remembered": _remembered(memory, ledger), "suggestion": suggest_layout(path).to_dict() if entry is None else None,
        "services": _services(money), "errors": [f.text() for f in money.errors], "problem": "",
    }  # fmt: skip
    if entry is None:
        return answer
    answer["preview"] = _preview(money, ledger, entry, reveal).to_dict()
    if not answer["preview"]["readable"]:
        return answer | {"suggestion": suggest_layout(path).to_dict(), "problem": "The ledger cannot be read by its columns."}
    try:
        return answer | _mapped(money, ledger, memory, reveal, earlier)
    except RcsError as problem:
        return answer | {"problem": str(problem)}


def _remembered(memory: Path, ledger: str) -> Answer | None:
    found = remembered_layout(memory, ledger)
    return None if found is None else asdict(found)


def _services(money: MoneyFolder) -> list[Answer]:
    frame = money.tables.get("services", pd.DataFrame())
    wanted = ["service_id", "service_name", "funder_agency"]
    if not set(wanted) <= set(frame.columns):
        return []
    return [dict(zip(wanted, row, strict=True)) for row in frame[wanted].itertuples(index=False, name=None)]


def _preview(money: MoneyFolder, ledger: str, entry: Mapping[str, Any], reveal: bool) -> Preview:
    year = money.year[:4]
    return preview(money.path(ledger), entry, money.by_hand(ledger), int(year) if year.isdigit() else 0, reveal)


def _mapped(money: MoneyFolder, ledger: str, memory: Path, reveal: bool, earlier: Path | None) -> Answer:
    """Rules, clashes, the ledger against its control total, and suggestions for what nothing maps."""
    records = records_of(money, ledger, lines_of(money, ledger))
    takes, clashes = take(records, ledger)
    found = reconcile(records, ledger)
    offered = _offered(records, found, ledger, memory, earlier)
    texts = _texts(records, ledger, found, reveal)
    return {
        "rules": [asdict(t) for t in takes],
        "clashes": [asdict(c) for c in clashes],
        "reconciled": found.to_dict(),
        "unmapped": [{"cost_centre": c, "lines": n, "pence": p, "description": texts(c)} for c, n, p in found.unmapped_centres],
        "suggestions": [s.to_dict(reveal) | {"description": texts(s.cost_centre)} for s in offered],
    }


def _texts(records: Records, ledger: str, found: Reconciled, reveal: bool) -> Any:
    """The descriptions of a cost centre, or the mask."""
    if not reveal:
        return lambda _: MASK
    wanted = {centre for centre, _, _ in found.unmapped_centres}
    lines = records.ledgers[ledger]
    lines = lines[lines["cost_centre"].isin(list(wanted))]
    said = {str(c): "; ".join(dict.fromkeys(map(str, g))) for c, g in lines.groupby("cost_centre")["description"]}
    return lambda centre: said.get(centre, "")


def _offered(records: Records, found: Reconciled, ledger: str, memory: Path, earlier: Path | None) -> list[Suggestion]:
    unmapped = {centre: lines for centre, lines, _ in found.unmapped_centres}
    before = pd.DataFrame(columns=["ledger"])
    if memory.is_file():
        with closing(Mappings.open(memory)) as known:
            before = known.current()
    last = None
    if earlier is not None:
        then = open_money(earlier)
        last = records_of(then, ledger, lines_of(then, ledger)) if ledger in then.entries else None
    return suggest(records, ledger, unmapped, before, last)


def try_columns(folder: Path, ledger: str, entry: Mapping[str, Any], reveal: bool = False) -> Answer:
    """What a ledger would look like by an entry that nobody has accepted yet; nothing is written."""
    money = open_money(folder)
    return {"ledger": ledger, "preview": _preview(money, ledger, entry, reveal).to_dict()}


def accept_columns(folder: Path, ledger: str, entry: dict[str, Any], memory: Path, who: str, reason: str) -> Answer:
    """Write an entry that a person accepted into `ledger_columns.yaml`, and remember it for next year.

    Raises ContractError without who and why, or when the entry breaks the contract; nothing is written then.
    """
    if not (who.strip() and reason.strip()):
        raise ContractError("the columns of a ledger are not accepted without who accepts them and a reason", ledger)
    open_money(folder).path(ledger)
    path = write_entry(folder, ledger, entry)
    remember_layout(memory, ledger, entry, who, reason)
    return {"ledger": ledger, "written": path.name}


def decide(folder: Path, ledger: str, told: Mapping[str, Any], memory: Path, earlier: Path | None = None) -> Answer:
    """Add, accept or remove rules, or accept suggestions; told: `add` (rows), `accept`, `remove`, `suggestions`, `by`, `reason`.

    Raises ContractError when it cannot be done; the rules are then as they were.
    """
    money = open_money(folder)
    rules, by, reason = read_rules(money.tables.get("ledger_rules")), str(told.get("by", "")), str(told.get("reason", ""))
    if told.get("add"):
        rules = add_rule(rules, told["add"])
    if told.get("accept"):
        rules = accept_rules(rules, told["accept"], by, reason)
    if told.get("remove"):
        rules = remove_rules(rules, told["remove"])
    if told.get("suggestions"):
        records = records_of(money, ledger, lines_of(money, ledger))
        offered = _offered(records, reconcile(records, ledger), ledger, memory, earlier)
        rules = accept_suggestions(rules, ledger, offered, told["suggestions"], by, reason)
    path = write_rules(folder, rules)
    return {"ledger": ledger, "written": path.name, "rules": len(rules)}
