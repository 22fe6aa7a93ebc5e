"""What is drawn: the ranges that a scenario states for its numbers, and for need (where asked) a tenth either way.

A range is low, likely and high. What has none is not drawn: it is taken as known, and that is said.
"""

import re
from collections import Counter
from dataclasses import replace

from rcs_core.workshop.inputs.assumed import missing
from rcs_core.workshop.scenario.drawn_scenario import usable
from rcs_core.workshop.scenario.draws import Draws, from_ranges, pointer
from rcs_core.workshop.scenario.format import Provenance, Scenario
from rcs_core.workshop.scenario.redraw import free_to_draw

SEED = 2026
KINDS = {
    "effects": re.compile(r"/prevention/\d+/(?:acts_on/.+|segments/.+/\d+/[01])"),
    "when an effect comes and how long it stays": re.compile(r"/prevention/\d+/(?:lag|retention)"),
    "how fast services can grow or shrink": re.compile(r"/prevention/\d+/ramp_.+"),
    "need": re.compile(r"/acute/\d+/demand/.+"),
    "how much can be prevented": re.compile(r"/acute/\d+/preventable.*"),
    "how much of a cost is cash": re.compile(r"/acute/\d+/(?:cashable|decommission_max).*"),
    "unit costs": re.compile(r"/acute/\d+/unit_cost.*"),
    "budgets": re.compile(r"/agencies/.+"),
}
"""What the numbers of a scenario are about, in words; the first that fits."""
OTHER = "other numbers of the scenario"


def with_need(scenario: Scenario) -> Scenario:
    """The scenario with a range of its need wherever none is stated: this tool's tenth either way, the years together."""
    stated = {known.path for known in scenario.provenance if known.low is not None or known.high is not None}
    about = missing()["demand"]
    found = []
    for i, service in enumerate(scenario.acute):
        for group, locality in service.needs():
            need = service.demand[locality][group]
            steps: tuple[str | int, ...] = ("acute", i, "demand", locality, group)
            leaves = [(steps, need)] if not isinstance(need, tuple) else [((*steps, t), v) for t, v in enumerate(need)]
            for leaf, value in leaves:
                low, high = (value * (1 + float(end or 0.0)) for end in (about.low, about.high))
                if (path := pointer(*leaf)) not in stated:
                    found.append(Provenance(path, "product_default", low, high, date=about.date, source=about.source))
    return replace(scenario, provenance=(*scenario.provenance, *found))


def to_work_out(scenario: Scenario, n: int, seed: int = SEED) -> Draws:
    """Draws from which a plan can be worked out anew: every range that the scenario states."""
    return usable(free_to_draw(scenario), from_ranges(scenario, n, seed))


def kinds(paths: tuple[str, ...]) -> Counter[str]:
    """What was drawn, in words, and how many numbers of each kind."""
    return Counter(next((words for words, like in KINDS.items() if like.fullmatch(path)), OTHER) for path in paths)
