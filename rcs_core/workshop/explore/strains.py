"""The standing stress tests as changes of a scenario: half effects, nothing cashes, more need, later effects, less money.

Each can be made in part (a level from nothing, 0, to the whole of it, 1); a delay in whole years.
"""

from collections.abc import Callable, Sequence

from rcs_core.vocab import Label
from rcs_core.workshop.explore.changes import Change, need, slopes, standing, together
from rcs_core.workshop.scenario.draws import pointer
from rcs_core.workshop.scenario.format import Scenario
from rcs_core.workshop.scenario.reading import Yearly

LONGEST_LAG = 50
"""The most years that an effect may take in the file."""


class Strain(Label):
    """What may go otherwise than planned."""

    HALF_EFFECTS = "half_effects", "Smaller effects"
    NOTHING_CASHES = "nothing_cashes", "Less cashes"
    MORE_NEED = "more_need", "More need"
    LATER_EFFECTS = "later_effects", "Later effects"
    FALLING_BUDGET = "falling_budget", "Falling budgets"
    WORST = "worst", "All of these at once"

    @property
    def whole(self) -> bool:
        """Whether it comes in whole years, so that there is no part of it in between."""
        return self is Strain.LATER_EFFECTS

    @property
    def on_effects(self) -> bool:
        """Whether it changes nothing but what prevention does, and when."""
        return self in (Strain.HALF_EFFECTS, Strain.LATER_EFFECTS)


SINGLE = tuple(strain for strain in Strain if strain is not Strain.WORST)


def size(strain: Strain) -> float:
    """How strong the whole of a test is, in the unit of its contract."""
    return float(standing().tests[strain.value].value)


def set_of(name: str) -> tuple[Strain, ...]:
    """A set of tests that is asked about together: survival, worst."""
    return tuple(Strain(one) for one in standing().together[name].value)


def change_of(scenario: Scenario, strain: Strain, level: float = 1.0) -> Change:
    """What a test, or a part of it, changes in a scenario (which says what places it starts from: `grounded`)."""
    if strain is Strain.WORST:
        return together([_MADE[one](scenario, level) for one in set_of("worst")])
    return _MADE[strain](scenario, level)


def change_of_all(scenario: Scenario, strains: Sequence[Strain]) -> Change:
    """Several tests at once."""
    return together([change_of(scenario, strain) for strain in strains])


def _effects(scenario: Scenario, level: float) -> Change:
    factor = 1 + level * (size(Strain.HALF_EFFECTS) - 1)
    return together([slopes(scenario, index, factor) for index in range(len(scenario.prevention))])


def _cash(scenario: Scenario, level: float) -> Change:
    left, found = size(Strain.NOTHING_CASHES), dict[str, Yearly]()
    for index, service in enumerate(scenario.acute):
        found[pointer("acute", index, "cashable")] = _less(service.cashable, left, level)
        found[pointer("acute", index, "decommission_max")] = _less(service.decommission_max, left, level)
    return found


def _less(value: Yearly, most: float, level: float) -> Yearly:
    """A number brought down to no more than `most`, as far as the level goes."""
    down = [v - level * max(0.0, v - most) for v in (value if isinstance(value, tuple) else (value,))]
    return tuple(down) if isinstance(value, tuple) else down[0]


def _need(scenario: Scenario, level: float) -> Change:
    factor = 1 + level * size(Strain.MORE_NEED)
    return together([need(scenario, index, factor) for index in range(len(scenario.acute))])


def _later(scenario: Scenario, level: float) -> Change:
    years = round(level * size(Strain.LATER_EFFECTS))
    return {pointer("prevention", i, "lag"): float(min(LONGEST_LAG, s.lag + years)) for i, s in enumerate(scenario.prevention)}


def _budgets(scenario: Scenario, level: float) -> Change:
    fall = tuple((1 + level * size(Strain.FALLING_BUDGET)) ** (year - 1) for year in scenario.years)
    found: dict[str, Yearly] = {}
    for index, agency in enumerate(scenario.agencies):
        if agency.budget is not None:
            found[pointer("agencies", index, "budget")] = _fallen(agency.budget, fall)
    for index, held in enumerate(scenario.held):
        found[pointer("held", index, "amount")] = _fallen(held.amount, fall)
    return found


def _fallen(value: Yearly, fall: tuple[float, ...]) -> Yearly:
    years = value if isinstance(value, tuple) else (value,) * len(fall)
    return tuple(amount * share for amount, share in zip(years, fall, strict=True))


_MADE: dict[Strain, Callable[[Scenario, float], Change]] = {
    Strain.HALF_EFFECTS: _effects,
    Strain.NOTHING_CASHES: _cash,
    Strain.MORE_NEED: _need,
    Strain.LATER_EFFECTS: _later,
    Strain.FALLING_BUDGET: _budgets,
}
