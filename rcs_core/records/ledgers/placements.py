"""Places bought child by child: a ledger line that may be one child's placement never stands alone in what is published."""

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from rcs_core.records.ledgers.claims import MAPPED, Line, lines_of, read_claims
from rcs_core.records.ledgers.clues import Clue, Cost, Money, Paid
from rcs_core.records.ledgers.parts import MoneyRecords, rows, text

SPOT_PURCHASE = "spot_purchase"
type Lines = Mapping[Paid, frozenset[Line]]
"""The different ledger lines behind the money of one service, by payer and kinds of money."""
ONE_PLACEMENT = Clue(Fraction(1), "it is bought child by child, and one ledger line is all that a payer spends on it")


def lines_by_service(records: MoneyRecords) -> dict[str, Lines]:
    """The ledger lines behind what is published of each service."""
    claims = read_claims(records)
    found: dict[str, dict[Paid, set[Line]]] = defaultdict(lambda: defaultdict(set))
    for line in lines_of(records.ledgers, claims.keys()):
        for claim in claims[line[0], line[1]]:
            fate, service, agency, kind, recurring, sort, _, key, fund = claim.target
            if fate == MAPPED and claim.share:
                found[service][agency, kind, recurring, sort, key, fund].add(line)
    return {service: {paid: frozenset(some) for paid, some in by.items()} for service, by in found.items()}


def lone_placements(
    records: MoneyRecords, lines: Mapping[str, Lines], money: Mapping[str, Money], costs: Mapping[str, list[Cost]], least: int
) -> dict[str, frozenset[Paid]]:
    """Of services bought child by child, the payers and kinds of money with one line, unless that line pays for many children.

    Whether it does is known only by what one child costs; a count of the register says nothing of one line.
    """
    found: dict[str, frozenset[Paid]] = {}
    for _, row in rows(records.services):
        service = text(row["service_id"])
        if text(row.get("contract_type")) == SPOT_PURCHASE:
            many = {
                paid
                for paid, pence in money.get(service, {}).items()
                if service in costs and all(pence >= least * cost.pence for cost in costs[service])
            }
            lone = {paid for paid, some in lines.get(service, {}).items() if len(some) == 1}
            found[service] = frozenset(lone - many)
    return found
