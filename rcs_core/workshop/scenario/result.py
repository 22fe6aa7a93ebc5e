"""The answer to a scenario: the plan line by line, its certificate, and what cannot hold when there is no plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rcs_core.workshop.scenario.session import Certificate, Status


@dataclass(frozen=True, slots=True)
class SpendLine:
    """What one agency spends on one preventative service in one locality and year."""

    service: str
    agency: str
    locality: str
    year: int
    amount: float


@dataclass(frozen=True, slots=True)
class ReachLine:
    """What of the spend on a preventative service reaches one group in one locality and year."""

    service: str
    group: str
    locality: str
    year: int
    amount: float


@dataclass(frozen=True, slots=True)
class GroupNeed:
    """Need of one group: met, unmet, and the reduction that prevention brought (negative when need rose)."""

    met: float
    unmet: float
    reduction: float


@dataclass(frozen=True, slots=True)
class ResponsiveLine:
    """One responsive service in one locality and year; need is summed over groups, with each group beside it."""

    service: str
    locality: str
    year: int
    met: float
    unmet: float
    reduction: float
    capacity: float
    cost: float
    by_group: Mapping[str, GroupNeed]


@dataclass(frozen=True, slots=True)
class PoolLine:
    """What one agency paid into a pool and drew from it in one year."""

    pool: str
    agency: str
    year: int
    contribution: float
    draw: float


@dataclass(frozen=True, slots=True)
class PurseLine:
    """One agency's purse in one year; `budget + brought + drawn` equals everything that goes out, plus `underspend`."""

    agency: str
    year: int
    budget: float
    prevention: float
    responsive: float
    held: float
    change_costs: float
    contributed: float
    drawn: float
    leaked: float
    brought: float
    carried: float
    underspend: float


@dataclass(frozen=True, slots=True)
class Repair:
    """The smallest change to one promise, alone, that makes the scenario possible: add it to the number in the file."""

    promise: str
    change: float
    unit: str


@dataclass(frozen=True, slots=True)
class Result:
    """The whole answer. `purses` (every line of each agency's money), `reach` and `settled` are not part of the file.

    settled: of an impossible scenario, whether each repair alone makes all of it possible (else: this clash only).
    """

    status: Status
    objective: float | None = None
    spend: tuple[SpendLine, ...] = ()
    responsive: tuple[ResponsiveLine, ...] = ()
    purses: tuple[PurseLine, ...] = ()
    pools: tuple[PoolLine, ...] = ()
    certificate: Certificate | None = None
    conflict: tuple[str, ...] | None = None
    repairs: tuple[Repair, ...] = ()
    messages: tuple[str, ...] = ()
    outcome: float | None = None
    stages: Mapping[str, float] = field(default_factory=dict)
    reach: tuple[ReachLine, ...] = ()
    settled: bool | None = None

    @property
    def underspend(self) -> list[dict[str, Any]]:
        """What each agency has left in each year; never hidden, even when it is nothing."""
        return [{"agency": p.agency, "year": p.year, "amount": p.underspend} for p in self.purses]

    def to_dict(self) -> dict[str, Any]:
        """The result in the interchange form, whatever the answer was."""
        proof = self.certificate
        return {
            "status": self.status.value,
            "objective": self.objective,
            "spend": [_fields(line) for line in self.spend],
            "responsive": [_responsive(line) for line in self.responsive],
            "underspend": self.underspend,
            "pools": [_fields(line) for line in self.pools],
            "certificate": {name: getattr(proof, name, None) for name in ("primal_residual", "dual_residual", "gap")},
            "conflict": None if self.conflict is None else list(self.conflict),
            "repairs": [_fields(repair) for repair in self.repairs],
            "messages": list(self.messages),
        }


def _fields(line: Any) -> dict[str, Any]:
    return {name: getattr(line, name) for name in line.__dataclass_fields__}


def _responsive(line: ResponsiveLine) -> dict[str, Any]:
    return {**_fields(line), "by_group": {g: _fields(need) for g, need in line.by_group.items()}}
