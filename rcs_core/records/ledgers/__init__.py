"""From ledgers as the agencies send them to money by service, payer and prevention level, reconciled to the penny.

In: the desk's records (register, ledgers in pence, ledger map, evidence of effect, demand history).
Out: plain tables that may pass the waist. No ledger line or ledger text is among them, and no service of fewer
than ten children. See `docs/methods/money.md`.
"""

from rcs_core.records.ledgers.allocate import allocate
from rcs_core.records.ledgers.budgets import budgets_table
from rcs_core.records.ledgers.gate import refuse_small
from rcs_core.records.ledgers.keys import apportionment_table, read_keys, unused
from rcs_core.records.ledgers.merge import find_homes
from rcs_core.records.ledgers.movements import movements_table
from rcs_core.records.ledgers.parts import MoneyRecords, SpendMap
from rcs_core.records.ledgers.prices import confidential, notes_of
from rcs_core.records.ledgers.tables import (
    Context,
    demand_table,
    effects_table,
    excluded_table,
    services_table,
    spend_table,
    totals_table,
    unit_costs_table,
)
from rcs_core.settings import disclosure

__all__ = ["MoneyRecords", "SpendMap", "map_spend"]


def map_spend(records: MoneyRecords, min_cell: int | None = None) -> SpendMap:
    """Map every ledger to services, payers and prevention levels, and merge the services that are too small to show.

    records: as ingested; `ledgers[stem]` has cost_centre, description, amount_pence (integer pence, income negative).
    min_cell: fewest children a published service may serve; the disclosure rule's by default.
    Returns the tables services, spend, ledger_totals, ledger_excluded, demand, unit_costs and effects, `apportionment` where
    money was divided by a key, `budgets` where later years were sent, `movements` where they were, and `notes` for the desk
    (what mapped nothing, what was left out). For each ledger mapped + other areas + excluded + unmapped = control total.
    Raises ContractError when a ledger does not add up to its control total, when map rows claim more than the whole of
    a line, or when a row contradicts the register; DisclosureError when no merging can hide the small services, or when
    a published figure would still give a number of children under `min_cell`.
    """
    if records.services.empty and not records.ledgers:
        return SpendMap([], ("no services and no ledgers: the release has no money tables",))
    least = disclosure().min_cell if min_cell is None else min_cell
    allocation = allocate(records)
    homes = find_homes(records, allocation.lines, least)
    context = Context(records, allocation.lines, homes, least, confidential(records))
    demand, small = demand_table(context)
    effects, dropped = effects_table(context)
    tables = [services_table(context), spend_table(context), totals_table(allocation), excluded_table(allocation)]
    keys = read_keys(records)
    budgets, left = budgets_table(context)
    movements, unmoved = movements_table(context)
    tables += [demand, unit_costs_table(context), effects, *apportionment_table(keys, allocation.lines), *budgets]
    tables += movements
    refuse_small(tables, least)
    notes = (
        *allocation.notes,
        *unused(keys, allocation.lines),
        *homes.notes,
        *notes_of(records),
        *small,
        *dropped,
        *left,
        *unmoved,
    )
    return SpendMap(tables, notes)
