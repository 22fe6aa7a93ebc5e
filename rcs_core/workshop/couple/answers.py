"""Numbers of the group in place of a release's: rows of its tables with the group's answers written over them."""

from collections.abc import Iterable

from rcs_core.vocab import InputState
from rcs_core.workshop.couple.levers import Answered

type Row = dict[str, object]

_ESTIMATE = InputState.GROUP_ESTIMATE.value


def answered(table: str, rows: list[Row], answers: Iterable[Answered]) -> list[Row]:
    """The rows of *effects* or *unit_costs* with the group's numbers, which are its estimates and say so."""
    found = {a.key: a for a in answers}
    return [_over(table, row, found) for row in rows] if found else rows


def _over(table: str, row: Row, found: dict[tuple[str, str, str], Answered]) -> Row:
    service = str(row["service_id"])
    if table == "effects":
        effect, lag = found.get(("effect", service, str(row["acts_on"]))), found.get(("lag", service, ""))
        return row | (_effect(effect) if effect else {}) | ({"lag_years": lag.likely} if lag else {})
    cash, cost = found.get(("cashable", service, "")), found.get(("unit_cost", service, ""))
    return row | (_cashable(cash) if cash else {}) | (_cost(cost) if cost else {})


def _effect(answer: Answered) -> Row:
    return {
        "children_averted_per_100": answer.likely, "low": answer.low, "high": answer.high, "state": _ESTIMATE,
        "source": answer.source,
    }  # fmt: skip


def _cashable(answer: Answered) -> Row:
    return {
        "cashable_pct": answer.likely, "cashable_low": answer.low, "cashable_high": answer.high, "cashable_state": _ESTIMATE,
        "cashable_source": answer.source,
    }  # fmt: skip


def _cost(answer: Answered) -> Row:
    return {"unit_cost_gbp": answer.likely, "source": answer.source, "cost_state": _ESTIMATE}
